"""A desk with a person of every role, over a record of a few reports, asked as a browser or a program asks it."""

from __future__ import annotations

from contextlib import closing

import pytest
from starlette.testclient import TestClient

from marsad.desk.access import SECOND, now
from marsad.desk.app import make_app
from marsad.desk.rights import SCOPES
from marsad.desk.signing import new_password
from marsad.record.accounts import ROLES, Account, Credential, put_account, put_credential
from marsad.record.permits import SESSION, TOKEN, grant
from marsad.record.store import open_record
from newsroom import add, arrival, said

SITE = "http://desk.test"
PASSWORD = "جملة طويلة أحفظها وحدي"
HASH = new_password(PASSWORD)


@pytest.fixture
def record(tmp_path):
    with closing(open_record(str(tmp_path / "observatory.marsad"))) as record:
        taken = said("سيطرت الفصائل على نصيب في 2018-07-06")
        add(
            record,
            arrival(f"{taken}. {said(killed=3)}", "r1", outlet="مرصد الجنوب", published="2018-07-06"),
            arrival(said(by="مصدر طبي", killed=5), "r2", outlet="وكالة النهر", published="2018-07-06"),
        )
        with record.writing("people") as writing:
            for role in ROLES:
                put_account(writing, Account(role, role), "test")
                put_credential(writing.connection, Credential(role, HASH))
        yield record


@pytest.fixture
def app(record):
    made = make_app(record, secure=False)
    made.state.stream_s = 0.0  # an answer that goes on for minutes is for browsers
    return made


@pytest.fixture
def browser(app, record):
    """Give what opens the browser of a person of a role (None: of nobody), signed in."""

    def opened(role=None):
        client = TestClient(app, base_url=SITE, follow_redirects=False, headers={"origin": SITE})
        if role:
            with record.restoring() as connection:
                client.cookies.set("marsad_session", grant(connection, role, SESSION, now(), 600 * SECOND))
        return client

    return opened


@pytest.fixture
def program(app, record):
    """Give what opens a program with a token of a person of a role, good for these scopes (all if none are given)."""

    def opened(role, *scopes):
        with record.restoring() as connection:
            secret = grant(connection, role, TOKEN, now(), 600 * SECOND, "test", scopes or SCOPES)
        return TestClient(app, base_url=SITE, headers={"authorization": f"Bearer {secret}"}, follow_redirects=False)

    return opened


@pytest.fixture
def claim(record):
    from newsroom import view

    return next(row["id"] for row in view(record).claims() if row["type"] == "takeover")
