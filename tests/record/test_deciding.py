import json

import pytest
from sqlalchemy import select

import make
from marsad.errors import UsageError
from marsad.record import chain
from marsad.record.bases import bases_of, shown_of
from marsad.record.deciding import add_claim, decide_claim
from marsad.record.decisions import decisions_of
from marsad.record.schema import act, claim, decision
from record.desk import GUIDE, TAKEOVER, WITHDRAWAL, bodies, decide, take_in


@pytest.fixture
def read(record):
    take_in(record)
    return record


def shown(record, id=TAKEOVER, known_by=None):
    with record.asking() as connection:
        return shown_of(connection, [id], known_by).get(id)


def add(record, trigger="نفى", type="negotiation", evidence="ونفى قائد محلي", person="سلمى", **fields):
    spans = {"trigger_span": list(make.span_of(make.TEXT, trigger)), "span": list(make.span_of(make.TEXT, evidence))}
    body = {"type": type, "trigger": trigger, "evidence": evidence, **spans, **fields}
    with record.writing("add") as writing:
        return add_claim(writing, "r1", body, person, "غاب عن القارئ", guide=GUIDE)


def test_an_accepted_claim_is_shown_as_accepted(read):
    row = decide(read, "accept")
    assert (shown(read).verdict, shown(read).body) == ("accepted", bodies()[TAKEOVER])
    assert (row["person"], row["ref"], row["kind"]) == ("سلمى", TAKEOVER, "accept")


def test_a_decision_is_tied_to_report_span_and_type(read):
    ground = json.loads(decide(read, "accept")["ground"])
    body = bodies()[TAKEOVER]
    assert (ground["report"], ground["version"], ground["type"]) == ("r1", 1, "takeover")
    assert (ground["span"], ground["evidence"]) == (body["trigger_span"], body["evidence"])


def test_a_correction_changes_its_fields_and_nothing_of_the_reader_is_lost(read):
    decide(read, "correct", fields={"date": "2018-07-04", "numbers": {"killed": ">3"}})
    assert shown(read).body == bodies(date="2018-07-04", numbers={"killed": ">3"})[TAKEOVER]
    with read.asking() as connection:
        rows = connection.execute(select(claim.c.by, claim.c.body).where(claim.c.id == TAKEOVER).order_by(claim.c.n))
        states = [(row.by, json.loads(row.body)["date"]) for row in rows]
    assert states == [("reader", "2018-07-05"), ("review", "2018-07-04")]


def test_every_field_of_the_guide_can_be_corrected(read):
    fields = {
        "type": "advance", "status": "ongoing", "actors": [], "targets": [{"text": "الفصائل", "id": "opposition"}],
        "places": [{"text": "معبر نصيب", "name": "Nasib", "role": "to"}], "sites": [], "date": None,
        "numbers": {"positions": 2}, "sources": ["قائد محلي"], "quoted": True, "trigger": "انسحاب",
        "evidence": "انسحاب الفصائل من بلدة الطيبة",
    }  # fmt: skip
    decide(read, "correct", fields=fields)
    body = shown(read).body
    assert {name: body[name] for name in ("type", "status", "date", "quoted", "numbers", "sources", "trigger")} == {
        name: fields[name] for name in ("type", "status", "date", "quoted", "numbers", "sources", "trigger")
    }
    assert make.TEXT[slice(*body["trigger_span"])] == "انسحاب"
    assert make.TEXT[slice(*body["targets"][0]["span"])] == "الفصائل"
    assert body["id"] == TAKEOVER


def test_a_correction_that_says_nothing_new_is_refused(read):
    with pytest.raises(UsageError, match="accept it instead"):
        decide(read, "correct", fields={"date": "2018-07-05"})


def test_a_correction_against_the_guide_writes_nothing(read):
    with pytest.raises(UsageError, match="status"):
        decide(read, "correct", fields={"status": "maybe"})
    with read.asking() as connection:
        assert connection.execute(select(decision.c.n)).first() is None


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_rejection_needs_a_reason(read, reason):
    with pytest.raises(UsageError, match="the reason to reject"), read.writing("review") as writing:
        decide_claim(writing, TAKEOVER, "reject", "سلمى", reason, guide=GUIDE)


def test_a_decision_needs_a_person_and_a_known_kind_and_claim(read):
    for error, given in (
        ("person", {"kind": "accept", "person": " "}),
        ("no decision on a claim", {"kind": "approve"}),
        ("no claim 'c9'", {"kind": "accept", "claim_id": "c9"}),
        ("fields are for a correction", {"kind": "accept", "fields": {"date": None}}),
    ):
        with pytest.raises(UsageError, match=error):
            decide(read, **given)


def test_an_undo_takes_out_the_last_decision_and_can_be_undone(read):
    decide(read, "correct", fields={"date": "2018-07-04"})
    decide(read, "reject")
    undo = decide(read, "undo")
    assert (shown(read).verdict, shown(read).body["date"]) == ("corrected", "2018-07-04")
    decide(read, "undo")
    assert (shown(read).verdict, shown(read).body) == ("", bodies()[TAKEOVER])
    decide(read, "undo", of=undo["id"])
    assert shown(read).verdict == "rejected"


def test_only_what_stands_can_be_undone(read):
    with pytest.raises(UsageError, match="nothing to undo"):
        decide(read, "undo")
    accepted = decide(read, "accept")
    decide(read, "undo")
    other = decide(read, "accept", WITHDRAWAL)
    for id in (accepted["id"], other["id"], "nothing"):
        with pytest.raises(UsageError, match="no decision"):
            decide(read, "undo", of=id)


def test_of_two_reviewers_the_later_counts_and_both_rows_stay(read):
    decide(read, "correct", person="سلمى", fields={"date": "2018-07-04"})
    decide(read, "correct", person="نور", fields={"date": "2018-07-03"})
    assert shown(read).body["date"] == "2018-07-03"
    with read.asking() as connection:
        kept = decisions_of(connection, "claim", [TAKEOVER])[TAKEOVER]
    assert [(each.kind, each.person) for each in kept[:2]] == [("correct", "سلمى"), ("correct", "نور")]
    assert kept[2].kind == "pass" and kept[2].body["to"] == "second review"


def test_a_claim_is_what_was_decided_as_known_by_an_instant(read):
    decide(read, "accept")
    with read.asking() as connection:
        between = connection.execute(select(act.c.recorded_at).order_by(act.c.n.desc())).scalars().first()
    decide(read, "reject")
    assert (shown(read, known_by=between).verdict, shown(read).verdict) == ("accepted", "rejected")


def test_what_a_person_decided_is_chained(read):
    decide(read, "accept")
    decide(read, "undo")
    add(read)
    with read.asking() as connection:
        assert chain.verify_chain(connection).rows == 3


def test_a_claim_added_by_hand_is_whole_and_stands_by_its_person(read):
    row = add(read, actors=[{"text": "قائد محلي", "id": None}], date="2018-07-06")
    kept = shown(read, row["ref"])
    assert (kept.verdict, kept.gone, kept.body["date"]) == ("accepted", False, "2018-07-06")
    assert kept.body["id"] == make.claim("negotiation", "نفى", "ونفى قائد محلي").id
    assert make.TEXT[slice(*kept.body["actors"][0]["span"])] == "قائد محلي"
    assert set(kept.body) >= set(bodies()[TAKEOVER]) - {"why"}
    with read.asking() as connection:
        assert bases_of(connection, [row["ref"]])[row["ref"]].by == "person"


def test_an_added_claim_goes_when_its_adding_is_undone_and_may_be_added_again(read):
    row = add(read)
    decide(read, "undo", row["ref"])
    assert shown(read, row["ref"]).gone
    add(read, status="planned")
    assert (shown(read, row["ref"]).gone, shown(read, row["ref"]).body["status"]) == (False, "planned")


def test_an_added_claim_can_be_corrected_and_rejected_by_another(read):
    row = add(read)
    decide(read, "correct", row["ref"], "نور", fields={"status": "denied"})
    assert shown(read, row["ref"]).body["status"] == "denied"
    decide(read, "reject", row["ref"], "نور")
    assert (shown(read, row["ref"]).verdict, shown(read, row["ref"]).gone) == ("rejected", False)


def test_words_of_an_added_claim_must_stand_at_their_spans(read):
    body = {"type": "advance", "trigger": "سيطرت", "trigger_span": [1, 6], "evidence": "سيطرت قوات", "span": [0, 10]}
    for changed, told in (
        ({}, "the report says"), ({"trigger_span": [0, 999]}, "no range"), ({"trigger_span": ["0", 5]}, "no range"),
        ({"trigger_span": [0, 5], "span": [3, 10]}, "evidence"), ({"trigger_span": [0, 5], "type": "raid"}, "type"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=told), read.writing("add") as writing:
            add_claim(writing, "r1", body | changed, "سلمى", guide=GUIDE)


def test_what_the_reader_found_already_cannot_be_added(read):
    with pytest.raises(UsageError, match="correct it instead"):
        add(read, trigger="سيطرت", type="takeover", evidence="سيطرت قوات النظام")


def test_a_claim_cannot_be_added_to_a_report_that_is_not_there(read):
    body = {"type": "advance", "trigger": "x", "trigger_span": [0, 1], "evidence": "x", "span": [0, 1]}
    with pytest.raises(UsageError, match="no report 'r9'"), read.writing("add") as writing:
        add_claim(writing, "r9", body, "سلمى", guide=GUIDE)


def test_nothing_is_changed_or_removed(read, append_only):
    decide(read, "correct", fields={"quoted": True})
    decide(read, "undo")
    add(read)
    assert any("INSERT INTO decision" in statement for statement in append_only)
