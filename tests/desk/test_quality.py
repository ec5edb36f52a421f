"""How good the reader is by what people decided, and decisions as gold that `marsad score` reads."""

from __future__ import annotations

import html
import json

import pytest

from marsad.judging import guide
from marsad.record.deciding import add_claim, decide_claim
from marsad.record.quality import fields_corrected, tallies
from marsad.scoring import load_coded, score
from newsroom import add, arrival, said, view


def decide(record, claim, kind, person="سلمى", reason="", fields=None):
    with record.writing(kind) as writing:
        decide_claim(writing, claim, kind, person, reason, fields, guide=guide())


def claims_of(record, report):
    return [row["id"] for row in sorted(view(record).claims(), key=lambda row: row["span"]) if row["report"] == report]


@pytest.fixture
def decided(record):
    """Give a record of which r1 is wholly decided on (one right, one corrected), and r2 rejected."""
    first, second = claims_of(record, "r1")
    decide(record, first, "accept")
    decide(record, second, "correct", fields={"date": "2018-07-04", "status": "possible"})
    decide(record, claims_of(record, "r2")[0], "reject", reason="لا يقول ذلك")
    return record


def gold(browser, role="reviewer"):
    answer = browser(role).get("/quality/gold.jsonl")
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def test_shares_are_by_type_with_their_counts(decided):
    claims = [*view(decided).claims(), *view(decided).claims(filters(rejected=True))]
    found = {row["of"]: row for row in tallies(claims, lambda claim: claim["type"])}
    assert (found["takeover"]["accepted"], found["takeover"]["read"], found["takeover"]["right"]) == (1, 1, 1.0)
    shelling = found["shelling"]
    assert (shelling["corrected"], shelling["rejected"], shelling["read"], shelling["right"]) == (1, 1, 2, 0.0)


def filters(**said):
    from marsad.record.view import Filters

    return Filters(**said)


def test_what_nobody_decided_on_counts_nowhere(record):
    assert tallies(view(record).claims(), lambda claim: claim["type"]) == []


def test_a_claim_that_the_reader_missed_is_counted_apart():
    rows = tallies([{"by": "person", "verdict": "accepted"}], lambda claim: "x")
    assert rows == [{"of": "x", "accepted": 0, "corrected": 0, "rejected": 0, "added": 1, "read": 0, "right": None}]


def test_the_fields_that_are_corrected_are_counted_without_what_was_undone(decided):
    first, second = claims_of(decided, "r1")
    with decided.asking() as connection:
        assert fields_corrected(connection, [first, second]) == [("date", 1), ("status", 1)]
    decide(decided, second, "undo")
    with decided.asking() as connection:
        assert fields_corrected(connection, [first, second]) == []


def test_the_page_shows_types_sources_and_fields(browser, decided):
    page = html.unescape(browser("reviewer").get("/quality", headers={"accept-language": "en"}).text)
    assert "By type" in page
    assert "وكالة النهر" in page.partition("By source")[2]
    by_type = page.partition("By source")[0].partition("By type")[2]
    assert (by_type.count("50 %"), by_type.count("100 %")) == (2, 1)  # one shelling corrected, one rejected
    assert "status</th>" in page.partition("What the reader gets wrong")[2]


def test_two_reviewers_of_one_claim_are_compared(browser, decided):
    decide(decided, claims_of(decided, "r1")[0], "accept", person="كريم")
    page = html.unescape(browser("reviewer").get("/quality", headers={"accept-language": "en"}).text)
    agreement = page.partition("How far reviewers agree")[2]
    assert "سلمى" in agreement
    assert "كريم" in agreement
    assert "100 %" in agreement


def test_the_page_of_an_empty_desk_says_so(browser, record):
    assert "لا شيء هنا" in browser("reviewer").get("/quality").text


def test_gold_has_the_reports_whose_every_claim_was_decided_on(browser, decided):
    found = {report["id"]: report for report in gold(browser)}
    assert set(found) == {"r1", "r2"}
    assert found["r2"]["claims"] == []
    [takeover, shelling] = found["r1"]["claims"]
    assert (takeover["type"], shelling["date"], shelling["status"]) == ("takeover", "2018-07-04", "possible")
    assert set(takeover) == {"type", "trigger", "evidence", "status", "actors", "targets", "places", "sites", "date",
                             "numbers", "sources", "quoted"}  # fmt: skip
    assert set(takeover["places"][0]) == {"text", "name", "admin1", "country", "lat", "lon", "role"}
    assert takeover["evidence"] in found["r1"]["text"]


def test_a_report_with_a_claim_that_nobody_looked_at_is_no_gold(browser, record):
    decide(record, claims_of(record, "r1")[0], "accept")
    assert gold(browser) == []


def test_a_claim_that_was_added_by_hand_is_gold(browser, decided):
    text = next(view(decided).reports(filters(ids=["r1"]), text=True))["text"]
    at = text.index("نصيب")
    body = {
        "type": "advance",
        "trigger": "نصيب",
        "trigger_span": [at, at + 4],
        "evidence": "نصيب",
        "span": [at, at + 4],
    }
    with decided.writing("add") as writing:
        add_claim(writing, "r1", body, "سلمى", guide=guide())
    assert [claim["type"] for claim in gold(browser)[0]["claims"]].count("advance") == 1


def test_gold_is_read_by_the_scorer_and_differs_from_the_reader_where_people_did(browser, decided, tmp_path):
    file = tmp_path / "gold.jsonl"
    file.write_text(browser("reviewer").get("/quality/gold.jsonl").text, "utf-8")
    coded = load_coded(str(file))
    assert score(coded, coded).rows()["claims"] == (1.0, 1.0, 1.0)
    undone = json.loads(json.dumps(coded))
    undone["r1"]["claims"][1]["date"] = "2018-07-05"
    assert score(coded, undone).rates()["date"] == 0.5


def test_the_download_is_in_the_log(browser, decided):
    from marsad.record.looks import looks

    gold(browser)
    with decided.asking() as connection:
        assert [row.person for row in looks(connection, what="export gold")] == ["reviewer"]


def test_undecided_reports_that_come_later_change_nothing(browser, decided):
    add(decided, arrival(said("قصفت الفصائل عندان في 2018-07-06"), "r3", published="2018-07-06"))
    assert {report["id"] for report in gold(browser)} == {"r1", "r2"}
