from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

import make
from marsad.model import Arrival, Capture
from marsad.record.bases import shown_of
from marsad.record.decisions import decisions_of
from marsad.record.keeping import Read, identify, keep, keep_readings
from marsad.record.regrounding import moved, reground, survivors
from marsad.record.schema import act, claim, decision
from record.desk import TAKEOVER, WITHDRAWAL, bodies, decide, read_again, take_in


@pytest.fixture
def read(record):
    take_in(record)
    return record


def shown(record, id=TAKEOVER):
    with record.asking() as connection:
        return shown_of(connection, [id])[id]


def lost(record, known_by=None):
    with record.asking() as connection:
        return [(m.claim_id, m.decision.kind, m.changed) for m in moved(connection, known_by)]


def reopened(record):
    with record.asking() as connection:
        return connection.execute(select(func.count()).where(decision.c.kind == "reopen")).scalar()


def without(id):
    return {other: body for other, body in bodies().items() if other != id}


def test_a_correction_is_applied_to_what_a_new_reader_reads(read):
    decide(read, "correct", fields={"date": "2018-07-04"})
    read_again(read, bodies(certainty=0.9, status="ongoing", reader="newer"))
    assert shown(read).body == bodies(certainty=0.9, status="ongoing", reader="newer", date="2018-07-04")[TAKEOVER]
    assert (shown(read).verdict, lost(read)) == ("corrected", [])


def test_an_acceptance_stands_where_only_the_certainty_changed(read):
    decide(read, "accept")
    read_again(read, bodies(certainty=0.2))
    assert (shown(read).verdict, shown(read).body["certainty"], lost(read)) == ("accepted", 0.2, [])


def test_an_acceptance_loses_its_ground_with_any_field_and_the_claim_is_open_again(read):
    decide(read, "accept")
    read_again(read, bodies(status="ongoing"))
    assert (shown(read).verdict, shown(read).body["status"]) == ("", "ongoing")
    assert lost(read) == [(TAKEOVER, "accept", ("status",))]


def test_a_correction_whose_field_is_read_otherwise_still_counts_and_is_put_back(read):
    decide(read, "correct", fields={"date": "2018-07-04"})
    read_again(read, bodies(date="2018-07-01"))
    assert shown(read).body["date"] == "2018-07-04"
    assert lost(read) == [(TAKEOVER, "correct", ("date",))]


def test_a_reader_that_learned_the_correction_moves_nothing(read):
    decide(read, "correct", fields={"date": "2018-07-04"})
    read_again(read, bodies(date="2018-07-04"))
    assert (lost(read), reopened(read)) == ([], 0)


@pytest.mark.parametrize(("kind", "fields"), [("accept", None), ("correct", {"date": "2018-07-04"})])
def test_what_a_person_vouches_for_stays_where_the_reader_loses_it(read, kind, fields):
    decide(read, kind, fields=fields)
    before = shown(read)
    read_again(read, without(TAKEOVER))
    assert shown(read) == before
    assert lost(read) == [(TAKEOVER, kind, ("claim",))]


def test_what_nobody_vouches_for_goes_with_the_reader(read):
    decide(read, "unsure", WITHDRAWAL)
    read_again(read, {})
    assert shown(read).gone and shown(read, WITHDRAWAL).gone
    assert lost(read) == [(WITHDRAWAL, "unsure", ("claim",))]


def test_a_reader_that_comes_to_reject_what_was_rejected_moves_nothing(read):
    decide(read, "reject")
    read_again(read, without(TAKEOVER))
    assert (shown(read).gone, lost(read)) == (True, [])
    read_again(read, bodies())
    assert (shown(read).gone, shown(read).verdict) == (False, "rejected")


def test_a_claim_that_stayed_goes_when_its_acceptance_is_undone(read):
    decide(read, "accept")
    read_again(read, without(TAKEOVER))
    decide(read, "undo")
    assert shown(read).gone


def test_a_decision_on_the_new_ground_settles_what_moved(read):
    decide(read, "accept")
    read_again(read, bodies(date="2018-07-01"))
    decide(read, "accept", person="نور")
    assert (lost(read), shown(read).verdict) == ([], "accepted")


def test_a_claim_that_was_confirmed_after_it_vanished_has_not_moved(read):
    decide(read, "accept")
    read_again(read, without(TAKEOVER))
    decide(read, "accept")
    assert lost(read) == []
    read_again(read, without(TAKEOVER))
    assert (lost(read), reopened(read)) == ([], 1)


def test_the_same_loss_is_written_once_however_often_it_is_read(read):
    decide(read, "accept")
    for _ in range(3):
        read_again(read, bodies(date="2018-07-01"))
    assert reopened(read) == 1
    read_again(read, bodies(date="2018-07-02", status="ongoing"))
    assert reopened(read) == 2


def test_reading_the_same_again_writes_nothing(read):
    decide(read, "correct", fields={"date": "2018-07-04"})
    with read.writing("reread") as writing:
        assert reground(writing, {"r1": bodies()}) == []


def test_what_moved_is_told_as_known_by_an_instant(read):
    decide(read, "accept")
    with read.asking() as connection:
        before = connection.execute(select(func.max(act.c.recorded_at))).scalar()
    read_again(read, bodies(date="2018-07-01"))
    assert (lost(read, before), len(lost(read))) == ([], 1)


def test_survivors_are_the_claims_that_must_not_go(read):
    decide(read, "accept")
    decide(read, "reject", WITHDRAWAL)
    with read.asking() as connection:
        assert survivors(connection, "r1", {}) == [TAKEOVER]
        assert survivors(connection, "r1", bodies()) == []


def test_decisions_on_other_reports_are_not_touched(read):
    other = make.claim("killing", "مقتل", "مقتل راعٍ", text="مقتل راعٍ قرب التل", report_id="r2")
    take_in(read, "r2", "مقتل راعٍ قرب التل", {other.id: other.as_dict()})
    decide(read, "accept", other.id)
    read_again(read, {})
    assert shown(read, other.id).verdict == "accepted"


def test_a_judgement_is_not_touched_when_its_claim_is_reopened(read):
    row = decide(read, "accept")
    read_again(read, bodies(date="2018-07-01"))
    with read.asking() as connection:
        made = decisions_of(connection, "claim", [TAKEOVER])[TAKEOVER]
        rows = connection.execute(select(claim.c.by).where(claim.c.id == TAKEOVER).order_by(claim.c.n)).scalars().all()
    assert [(each.kind, each.person) for each in made] == [("accept", "سلمى"), ("reopen", "marsad")]
    assert made[0].id == row["id"] and made[1].body == {"of": [row["id"]], "changed": ["date"]}
    assert rows == ["reader", "review", "reader"]


def test_an_added_claim_stays_when_everything_is_read_again(read):
    from marsad.record.deciding import add_claim
    from record.desk import GUIDE

    body = {"type": "negotiation", "trigger": "نفى", "evidence": "ونفى قائد محلي",
            "trigger_span": list(make.span_of(make.TEXT, "نفى")),
            "span": list(make.span_of(make.TEXT, "ونفى قائد محلي"))}  # fmt: skip
    with read.writing("add") as writing:
        id = add_claim(writing, "r1", body, "سلمى", guide=GUIDE)["ref"]
    read_again(read, bodies())
    assert (shown(read, id).gone, shown(read, id).verdict) == (False, "accepted")
    found = {id: shown(read, id).body | {"status": "possible", "certainty": 0.4}}
    read_again(read, bodies() | found)
    assert (shown(read, id).body["status"], shown(read, id).verdict) == ("happened", "accepted")
    assert lost(read) == [(id, "add", ("status",))]


def test_a_second_reading_by_the_writing_path_keeps_what_was_decided(record):
    def read_by(reader, **changed):
        arrival = Arrival(make.report(), Capture("r1.txt", "text", "r1", 1, datetime(2018, 7, 6, tzinfo=UTC)))
        claims = [body for body in bodies(**changed).values() if body["id"] != changed.get("lost")]
        with record.writing("read") as writing:
            read = Read(arrival, claims, 0, reader)
            found = identify(writing.connection, arrival)
            if found.known is None:
                keep(writing, [(read, found)])
            else:
                keep_readings(writing, [("r1", found.known, read)])

    read_by("first")
    decide(record, "correct", fields={"date": "2018-07-04"})
    decide(record, "accept", WITHDRAWAL)
    read_by("second", date="2018-07-03", lost=WITHDRAWAL)
    assert (shown(record).body["date"], shown(record).body["reader"]) == ("2018-07-04", "test")
    assert (shown(record, WITHDRAWAL).gone, shown(record, WITHDRAWAL).verdict) == (False, "accepted")
    assert sorted(lost(record)) == sorted([(TAKEOVER, "correct", ("date",)), (WITHDRAWAL, "accept", ("claim",))])
