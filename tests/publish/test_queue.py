"""The reviewer's desk for people: what waits, and how a claim came to be what it is."""

from __future__ import annotations

import json

import make
from marsad.publish.cells import width_of
from marsad.publish.queue import history_lines, queue_lines
from marsad.publish.table import WIDTH


def claim(**given):
    return {**json.loads(json.dumps(make.takeover().as_dict())), **given}


def waiting(**given):
    more = {"score": 9.75, "stage": "second review", "reasons": ["second review", "control at stake: takeover"]}
    return claim(**{**more, **given})


def state(recorded, by="reader", **given):
    return {"kind": "state", "gone": False, "by": by, "verdict": "", "recorded": recorded, **claim(), **given}


def decision(at, said, **given):
    made = {"kind": "decision", "id": "d1", "said": said, "person": "سلمى", "reason": "", "body": {}, "at": at}
    return {**made, **given}


def plain(lines):
    return [line.replace("\u2068", "").replace("\u2069", "") for line in lines]


def test_a_claim_that_waits_says_what_it_is_its_words_and_why():
    id = make.takeover().id
    assert plain(queue_lines([waiting()])) == [
        "SCORE   ID               STAGE         TYPE                     DATE        PLACE",
        f"9.75    {id} second review takeover                 2018-07-05  Nassib crossing",
        "        «سيطرت قوات النظام على معبر نصيب يوم أمس»",
        "        second review; control at stake: takeover",
    ]


def test_an_empty_queue_has_no_head():
    assert list(queue_lines([])) == []


def test_long_words_are_cut_around_the_trigger_and_no_line_is_wider_than_the_page():
    before = "قالت مصادر محلية في ريف درعا الشرقي " * 6
    start = len(before)
    row = waiting(evidence=before + "سيطرت القوات " + "على المعبر " * 30, span=[100, 900],
                  trigger_span=[100 + start, 105 + start], reasons=["سبب طويل جدا " * 20], places=[])  # fmt: skip
    lines = list(queue_lines([row]))
    assert max(map(width_of, lines)) <= WIDTH
    assert "سيطرت" in lines[2]
    assert sum(line.count("طويل") for line in lines[3:]) == 20, "reasons are wrapped, not cut"


def test_a_trigger_outside_of_the_evidence_leaves_the_evidence_whole():
    assert "يوم أمس" in list(queue_lines([waiting(trigger_span=[900, 905])]))[2]


def test_history_tells_states_and_decisions_in_the_order_of_time_with_what_each_changed():
    corrected = {"fields": {"date": "2018-07-04"}}
    rows = [
        state("2018-07-07T10:00:00.000001+00:00", reader="marsad 1"),
        state("2018-07-09T10:00:00+00:00", by="review", verdict="corrected", date="2018-07-04"),
        state("2018-07-11T10:00:00+00:00", gone=True, date="2018-07-04"),
        decision("2018-07-09T10:00:00+00:00", "correct", body=corrected, reason="اليوم غير صحيح"),
        decision("2018-07-10T10:00:00+00:00", "take"),
    ]
    lines = plain(history_lines(rows))
    assert lines[0] == "2018-07-07 10:00:00  read by marsad 1"
    assert "        actors: قوات النظام [assad-gov]" in lines[1:8]
    assert lines[-6:] == [
        "2018-07-09 10:00:00  correct by سلمى (d1): اليوم غير صحيح",
        "        date: 2018-07-04",
        "2018-07-09 10:00:00  as decided, corrected",
        "        date: 2018-07-05 → 2018-07-04",
        "2018-07-10 10:00:00  take by سلمى (d1)",
        "2018-07-11 10:00:00  gone",
    ]
