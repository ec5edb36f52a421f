"""Reviewing: the claim that waits is decided on, the next is there, and what was decided is taken back."""

from __future__ import annotations

import re

import pytest

from newsroom import ids, view


@pytest.fixture
def reviewer(browser):
    return browser("reviewer")


def shown(page):
    """Return the claim that a page of the review is about."""
    return re.search(r'action="/claims/(\w+)/decide"', page)[1]


def verdicts(record):
    rows = [*view(record).claims(), *view(record).claims(_rejected())]
    return {row["id"]: row["verdict"] for row in rows}


def _rejected():
    from marsad.record.view import Filters

    return Filters(rejected=True)


def decide(client, id, kind, **more):
    return client.post(f"/claims/{id}/decide", data={"kind": kind, **more})


def test_after_a_decision_the_next_claim_is_shown_with_what_was_decided(reviewer, record):
    first = shown(reviewer.get("/review").text)
    answer = decide(reviewer, first, "accept")
    page = reviewer.get(answer.headers["location"]).text
    assert verdicts(record)[first] == "accepted"
    assert shown(page) != first
    assert f'action="/claims/{first}/undo"' in page
    assert "قُبل" in page


def test_what_was_decided_is_taken_back_from_the_line_and_shown_again(reviewer, record):
    first = shown(reviewer.get("/review").text)
    page = reviewer.get(decide(reviewer, first, "reject", reason="ليس في النص").headers["location"]).text
    assert verdicts(record)[first] == "rejected"
    of = re.search(r'name="of" value="(\w+)"', page)[1]
    answer = reviewer.post(f"/claims/{first}/undo", data={"of": of, "next": "review"})
    assert verdicts(record)[first] == ""
    page = reviewer.get(answer.headers["location"]).text
    assert shown(page) == first
    assert 'name="next" value="review"' in page


def test_a_rejection_without_a_reason_is_refused_and_says_so(reviewer, record, claim):
    assert decide(reviewer, claim, "reject").status_code == 400
    assert verdicts(record)[claim] == ""


def test_a_claim_is_left_for_later_and_stays_so_while_others_are_decided(reviewer, record):
    first = shown(reviewer.get("/review").text)
    second = shown(reviewer.get(f"/review?past={first}").text)
    assert second != first
    page = reviewer.get(decide(reviewer, second, "accept", past=first).headers["location"]).text
    assert shown(page) not in (first, second)


def test_behind_the_last_that_waits_one_can_begin_anew(reviewer, record):
    seen, past = [], ""
    while 'action="/claims/' in (page := reviewer.get(f"/review?past={past}").text):
        seen.append(past := shown(page))
    assert sorted(seen) == sorted(ids(view(record).claims()))
    assert 'href="/review"' in page


def test_where_nothing_waits_the_last_decision_can_still_be_taken_back(reviewer, record):
    for id in ids(view(record).claims()):
        last = decide(reviewer, id, "accept")
    page = reviewer.get(last.headers["location"]).text
    assert "لا ينتظر المراجعة شيء" in page
    assert 'name="of"' in page


def test_a_claim_that_changed_meanwhile_is_not_decided_on_unseen(reviewer, browser, record, claim):
    seen = re.search(r'name="seen" value="([^"]+)"', reviewer.get(f"/claims/{claim}").text)[1]
    decide(browser("editor"), claim, "unsure")
    answer = decide(reviewer, claim, "accept", seen=seen)
    assert answer.status_code == 409
    assert verdicts(record)[claim] == "unsure"


def test_why_a_claim_waits_is_told_in_the_language_of_the_page(reviewer):
    assert "الثقة في القراءة 0.80" in reviewer.get("/review").text
    reviewer.cookies.set("marsad_language", "en")
    assert "certainty of the reading 0.80" in reviewer.get("/review").text


def test_a_reader_is_shown_no_form(browser, claim):
    page = browser("reader").get(f"/claims/{claim}").text
    assert "/decide" not in page
    assert "/correct" not in page
