"""What is a group's is shown at no route to anybody else, and whoever sees what is sensitive is in the log."""

from __future__ import annotations

import json

import pytest
from fastapi.routing import iter_route_contexts

from marsad.desk.rights import RIGHTS
from marsad.record.accounts import Account, put_account
from marsad.record.looks import looks
from marsad.record.sensitive import mark
from newsroom import add, arrival, said, view

WORDS = ("مستشفى الزيتون", "شبكة الوادي", "wadi-9")
DAY = "2018-07-09"


@pytest.fixture
def closed(record):
    """Put a report of a group into the record, and give the ids of its claims and incidents."""
    taken = "سيطرت الفصائل على عندان في 2018-07-08"
    text = f"{said(killed=9, beside=1)} قرب مستشفى الزيتون. {taken} ودخلت مستشفى الزيتون"
    add(record, arrival(text, "wadi-9", outlet="شبكة الوادي", published=DAY, title="مستشفى الزيتون"))
    with record.writing("mark") as writing:
        mark(writing, "source", "شبكة الوادي", "group:south", None, "هدى", "لأهلها وحدهم")
    return [claim for claim in view(record).claims() if claim["report"] == "wadi-9"]


def put_into(record, role, *groups):
    with record.writing("people") as writing:
        put_account(writing, Account(role, role, groups), "test")


def addresses(app, claims):
    """Yield every address that can be asked for, with everything in it that is a group's."""
    for route in (context.route for context in iter_route_contexts(app.routes)):
        if route.methods != {"GET"} or route.name in ("static", "health"):
            continue
        if "{id" not in route.path:
            yield from (route.path, *(f"{route.path}?{asked}" for asked in QUESTIONS.get(route.name, ())))
            continue
        before = route.path.partition("{id")[0]
        ids = {
            "claims": [c["id"] for c in claims],
            "incidents": [c["incident"] for c in claims] + [c["id"] for c in claims],
            "reports": ["wadi-9"],
            # What was published is everybody's at the desk; there is none yet, and no work waits.
            "issues": ["1"],
            "jobs": ["1"],
            "sources": ["1"],
            "hooks": ["1"],
            "control": ["C6030"],
        }
        yield from (before + id + route.path.rpartition("}")[2] for id in ids[before.strip("/").split("/")[-1]])


QUESTIONS = {
    "claims": ["source=شبكة الوادي", "report=wadi-9", "rejected=true"],
    "api_claims": ["source=شبكة الوادي", "report=wadi-9", "limit=1000"],
    "reports": ["source=شبكة الوادي"], "api_reports": ["source=شبكة الوادي"],
    "search": ["q=الزيتون", "q=الوادي"], "api_search": ["q=الزيتون", "q=مستشفى"],
    "digest": [f"on={DAY}", "on=2018-07-08"],
    "map": ["first=2018-07-01&last=2018-07-20"],
    "api_control": ["on=2018-07-20"], "api_changes": ["first=2018-01-01&last=2018-12-31"],
}  # fmt: skip


def told(app, client, claims):
    """Return by address what of the group's is said there."""
    secrets = (*WORDS, *(claim["id"] for claim in claims))
    found = {}
    for address in addresses(app, claims):
        answer = client.get(address, headers={"accept-language": "ar"})
        assert answer.status_code in (200, 303, 400, 401, 403, 404, 422), (address, answer.status_code)
        asked = answer.request.url.path
        found[address] = [s for s in secrets if s in answer.text and s not in asked and s not in address]
    return found


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_no_route_tells_anybody_else_of_what_is_a_groups(app, browser, record, closed, role):
    put_into(record, role, "north")
    assert {address: found for address, found in told(app, browser(role), closed).items() if found} == {}


def test_every_room_tells_members_and_admins(app, browser, record, closed):
    put_into(record, "editor", "south")
    for role in ("editor", "admin"):
        found = told(app, browser(role), closed)
        for address in ("/claims", "/incidents", "/reports", f"/claims/{closed[0]['id']}", "/reports/wadi-9"):
            assert found[address], f"{role} at {address}"


def test_no_token_tells_what_its_person_may_not_see(app, program, record, closed):
    assert not any(told(app, program("reviewer"), closed).values())


def test_who_may_not_see_may_not_decide(browser, record, closed):
    id = closed[0]["id"]
    reviewer = browser("reviewer")
    assert reviewer.post(f"/claims/{id}/decide", data={"kind": "accept"}).status_code == 404
    assert reviewer.post("/incidents/link", data={"kind": "different", "refs": [id]}).status_code == 400
    assert reviewer.post("/reports/wadi-9/claims", data={"claim": "{}"}).status_code == 404
    put_into(record, "reviewer", "south")
    assert reviewer.post(f"/claims/{id}/decide", data={"kind": "accept"}).status_code == 303


def test_what_leaves_a_group_is_gone_at_once(browser, record, closed):
    put_into(record, "reviewer", "south")
    reviewer = browser("reviewer")
    assert "مستشفى الزيتون" in reviewer.get("/reports").text
    put_into(record, "reviewer")
    assert "مستشفى الزيتون" not in reviewer.get("/reports").text


# --- the log of looks ---


def logged(record, what="look"):
    with record.asking() as connection:
        return [(row.person, row.ref, json.loads(row.body)) for row in reversed(looks(connection, what=what))]


def test_a_page_that_shows_what_is_a_groups_is_one_row_of_the_log(browser, record, closed):
    admin = browser("admin")
    admin.get(f"/claims/{closed[0]['id']}")
    [(person, path, body)] = logged(record)
    assert (person, path) == ("admin", f"/claims/{closed[0]['id']}")
    assert f"claim {closed[0]['id']}" in body["seen"] and "report wadi-9" in body["seen"]


def test_a_program_that_is_given_it_is_in_the_log_too(program, record, closed):
    program("admin").get("/api/claims")
    [(person, path, body)] = logged(record)
    assert (person, path, len(body["seen"])) == ("admin", "/api/claims", len(closed))


def test_a_page_that_shows_nothing_sensitive_is_not_logged(browser, record, closed):
    browser("reviewer").get("/claims")
    assert logged(record) == []
    browser("admin").get("/claims?report=r1")
    assert logged(record) == []


def test_a_marked_name_that_a_reviewer_sees_is_logged_and_a_reader_who_sees_a_pseudonym_is_not(
    browser, record, claim, tmp_path, monkeypatch
):
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    with record.writing("mark") as writing:
        mark(writing, "source", "مرصد الجنوب", "pseudonym", None, "هدى", "طلب المصدر")
    assert "مرصد الجنوب" not in browser("reader").get("/claims").text
    assert logged(record) == []
    assert "مرصد الجنوب" in browser("reviewer").get("/claims").text
    [(person, path, _)] = logged(record)
    assert (person, path) == ("reviewer", "/claims")


def test_an_answer_is_not_given_where_it_cannot_be_logged(app, browser, record, closed, monkeypatch):
    def full(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(app.state.desk, "log_looks", full)
    with pytest.raises(OSError, match="disk is full"):
        browser("admin").get("/claims")


def test_every_export_is_in_the_log(app, browser, record, monkeypatch):
    from marsad.desk.rights import EXPORT, Right

    monkeypatch.setitem(RIGHTS, "leaves", Right("editor", EXPORT))
    app.add_api_route("/leaves.csv", lambda: "a,b", name="leaves")
    browser("reader").get("/leaves.csv")
    browser("editor").get("/leaves.csv?first=2018-07-01")
    assert logged(record, "export") == [("editor", "/leaves.csv", {"asked": "first=2018-07-01"})]


def test_a_decision_is_in_the_chain_of_decisions_under_its_person(browser, record, claim):
    from marsad.record.chain import verify_chain
    from marsad.record.schema import decision

    browser("coder").post(f"/claims/{claim}/decide", data={"kind": "accept"})
    with record.asking() as connection:
        [row] = connection.execute(decision.select()).all()
        assert (row.person, row.ref, row.kind) == ("coder", claim, "accept")
        assert verify_chain(connection).fault is None
