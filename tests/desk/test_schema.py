"""Programs are answered as the OpenAPI document says: whatever is asked, with nothing that it does not list."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from marsad.desk.access import SECOND, now
from marsad.desk.rights import SCOPES
from marsad.record.permits import TOKEN, grant

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
_FEW = settings(
    max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def operations(app, record):
    """Give every operation of the document, and the headers of a program that may do everything."""
    with record.restoring() as connection:
        secret = grant(connection, "admin", TOKEN, now(), 600 * SECOND, "test", SCOPES)
    headers = {"authorization": f"Bearer {secret}", "accept": "application/json"}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=headers)
    return [found.ok() for found in schema.get_all_operations()], headers


def test_what_is_answered_is_what_the_document_says(operations):
    found, headers = operations
    assert len(found) >= 8
    for operation in found:

        @given(case=operation.as_strategy())
        @_FEW
        def asked(case):
            case.call_and_validate(headers=headers, checks=_CHECKS)

        asked()


def test_the_document_lists_every_route_for_programs(app):
    from fastapi.routing import iter_route_contexts

    paths = {
        c.route.path.replace(":path", "") for c in iter_route_contexts(app.routes) if c.route.path.startswith("/api/")
    }
    assert paths - {"/api/openapi.json"} == set(app.openapi()["paths"])
