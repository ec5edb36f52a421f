"""Places in dispute: what speaks for and against, and who settles it by deciding on a claim with a reason."""

from __future__ import annotations

import html

import pytest

from marsad.charting import ledger_of
from marsad.desk.duties import work_off
from newsroom import add, arrival, said, view

DAY = "2018-07-08"
TIBA = "C5992"


@pytest.fixture
def disputed(record):
    """Give a record in which one voice says that a place was taken, and two say it of another side."""
    add(
        record,
        arrival(
            said("سيطرت الفصائل على الطيبة في 2018-07-07", by="ناشط محلي"),
            "c1",
            outlet="وكالة السهل",
            published="2018-07-07",
        ),
        arrival(said("سيطرت قوات النظام على الطيبة في 2018-07-07"), "c2", outlet="وكالة النهر", published="2018-07-07"),
        arrival(
            said("سيطرت قوات النظام على الطيبة في 2018-07-07", beside=2), "c3", outlet="مرصد الجنوب", published=DAY
        ),
    )
    return record


def row_of(record, place=TIBA):
    return next((row for row in ledger_of(view(record)).on(DAY) if row["place"] == place), None)


def claims(record, report):
    return next(row["id"] for row in view(record).claims() if row["report"] == report)


def settle(client, claim, kind="reject", reason="لم يكن المصدر هناك", place=TIBA):
    return client.post(f"/control/{place}", data={"claim": claim, "kind": kind, "reason": reason})


def test_the_list_has_the_places_on_which_claims_differ_and_no_others(browser, disputed):
    page = browser("reader").get(f"/control?on={DAY}").text
    assert f"/control/{TIBA}?" in page
    assert "/control/C5999" not in page


def test_a_place_shows_what_speaks_for_it_and_against_it_with_its_words(browser, disputed):
    page = html.unescape(browser("reader").get(f"/control/{TIBA}?on={DAY}").text)
    agreeing, _, against = page.partition("ما يعارضه")
    assert "سيطرت قوات النظام على الطيبة" in agreeing
    assert "سيطرت الفصائل على الطيبة" in against
    assert "ناشط محلي" in against


def test_who_settles_it_rejects_a_claim_and_the_dispute_is_over(browser, disputed):
    assert row_of(disputed)["against"]
    answer = settle(browser("reviewer"), claims(disputed, "c1"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/control/{TIBA}")
    work_off(disputed)
    row = row_of(disputed)
    assert (row["against"], row["holder"]) == ([], "assad-gov")
    assert f"/control/{TIBA}?" not in browser("reader").get(f"/control?on={DAY}").text


def test_settling_is_a_decision_of_the_person_with_the_reason(browser, disputed):
    claim = claims(disputed, "c1")
    settle(browser("reviewer"), claim)
    made = [row for row in view(disputed).history(claim) if row["kind"] == "decision"]
    assert [(row["said"], row["person"], row["reason"]) for row in made] == [
        ("reject", "reviewer", "لم يكن المصدر هناك")
    ]


def test_accepting_the_other_side_changes_who_holds_the_place(browser, disputed):
    for report in ("c2", "c3"):
        settle(browser("reviewer"), claims(disputed, report))
    settle(browser("reviewer"), claims(disputed, "c1"), "accept", "صورة من المكان")
    work_off(disputed)
    assert row_of(disputed)["holder"] == "opposition"


@pytest.mark.parametrize("bad", [{"reason": " "}, {"kind": "paint"}])
def test_without_a_reason_or_with_a_brush_nothing_is_settled(browser, disputed, bad):
    before = row_of(disputed)
    assert settle(browser("reviewer"), claims(disputed, "c1"), **bad).status_code == 400
    assert row_of(disputed) == before


def test_a_reader_and_a_coder_look_and_settle_nothing(browser, disputed):
    for role in ("reader", "coder"):
        assert settle(browser(role), claims(disputed, "c1")).status_code == 403
        assert "<textarea" not in browser(role).get(f"/control/{TIBA}?on={DAY}").text
        assert 'name="reason"' not in browser(role).get(f"/control/{TIBA}?on={DAY}").text


def test_a_claim_that_there_is_not_settles_nothing(browser, disputed):
    assert settle(browser("reviewer"), "0" * 16).status_code == 404


@pytest.mark.parametrize("place", ["C9999999", "//evil.example", "nowhere/crossing"])
def test_a_place_of_which_nothing_is_known_is_not_there(browser, disputed, place):
    assert browser("reader").get(f"/control/{place}").status_code == 404


def test_on_a_day_of_which_nothing_is_known_nothing_is_disputed(browser, record):
    page = browser("reader").get("/control?on=2010-01-01")
    assert page.status_code == 200
    assert "/control/C" not in page.text
