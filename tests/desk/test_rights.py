"""Every route, as everybody: what the table of rights allows is let through, everything else is refused."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from marsad.desk.rights import RIGHTS, SCOPES
from marsad.record.accounts import ROLES

OUTSIDERS = (None, *ROLES)
REFUSED = (401, 403)


def routes_of(app):
    found = [context.route for context in iter_route_contexts(app.routes)]
    assert all(isinstance(route, APIRoute) for route in found)
    return found


def sent(client, route, claim):
    """Send a request that says nothing but where: whoever is let through is told what is missing."""
    path = route.path
    for name in ("{id:path}", "{id}"):
        path = path.replace(name, claim if "claims" in route.path.split("/{")[0] else "r1")
    path = path.replace("{name}", "desk.css" if "static" in path else "reader").replace("{digest}", "0" * 64)
    [method] = route.methods
    return client.request(method, path, headers={"accept": "text/html"})


def test_every_route_stands_in_the_table_and_nothing_else_does(app):
    assert {route.name for route in routes_of(app)} == set(RIGHTS)


def test_every_route_has_one_method(app):
    assert [route.path for route in routes_of(app) if len(route.methods) != 1] == []


def test_what_writes_is_never_asked_for_by_get(app):
    assert [r.name for r in routes_of(app) if RIGHTS[r.name].writes is not (r.methods == {"POST"})] == []


@pytest.mark.parametrize("role", OUTSIDERS, ids=str)
def test_who_may_is_let_through_and_who_may_not_is_refused(app, browser, claim, role):
    for route in routes_of(app):
        right = RIGHTS[route.name]
        status = sent(browser(role), route, claim).status_code
        # Signing in is refused for what it lacks, not for who asks.
        is_refused = status in REFUSED or (role is None and status == 303 and right.role)
        assert bool(is_refused) is not right.allows(role or ""), f"{role} at {route.name}: {status}"


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_is_good_for_its_scopes_alone(app, program, claim, scope):
    for route in routes_of(app):
        right = RIGHTS[route.name]
        if not right.role:
            continue
        status = sent(program("admin", scope), route, claim).status_code
        assert (status in REFUSED) is (right.scope != scope), f"{scope} at {route.name}: {status}"


def test_a_token_does_no_more_than_its_person_may(app, program, claim):
    for route in routes_of(app):
        right = RIGHTS[route.name]
        if right.role and right.scope and not right.allows("reader"):
            assert sent(program("reader"), route, claim).status_code == 403, route.name


def test_a_route_that_the_table_lacks_is_refused_to_all(app, browser):
    app.add_api_route("/api/backdoor", lambda: "open", name="backdoor")
    assert browser("admin").get("/api/backdoor").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.test"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}, {"origin": ""}],
    ids=str,
)
def test_what_another_site_sends_in_a_persons_name_is_refused(browser, record, claim, headers):
    answer = browser("admin").post(f"/claims/{claim}/decide", data={"kind": "accept"}, headers=headers)
    assert answer.status_code == 403


def test_a_closed_account_is_nobody_at_once(browser, record):
    from marsad.record.accounts import Account, put_account

    reader = browser("reader")
    assert reader.get("/claims").status_code == 200
    with record.writing("close") as writing:
        put_account(writing, Account("reader", "reader", gone=True), "test")
    assert reader.get("/claims").status_code == 303


def test_a_demoted_person_loses_what_they_might(browser, record, claim):
    from marsad.record.accounts import Account, put_account

    coder = browser("coder")
    with record.writing("demote") as writing:
        put_account(writing, Account("coder", "reader"), "test")
    assert coder.post(f"/claims/{claim}/decide", data={"kind": "accept"}).status_code == 403
