import json

import pytest
from sqlalchemy import func, select

import make
from marsad.record import reviewing
from marsad.record.keeping import put_claims
from marsad.record.regrounding import reground
from marsad.record.reviewing import queue
from marsad.record.schema import act, claim, incident, membership
from marsad.record.stages import pass_on, take
from record.desk import TAKEOVER, WITHDRAWAL, bodies, decide, read_again, reader_state, take_in

STAKES = {"takeover", "withdrawal"}.__contains__


@pytest.fixture
def read(record):
    take_in(record)
    return record


def waiting(record, **more):
    with record.asking() as connection:
        return queue(connection, **{"stakes": STAKES, **more})


def ids(record, **more):
    return [row.claim_id for row in waiting(record, **more)]


def reasons(record, id=TAKEOVER, **more):
    return next(row.reasons for row in waiting(record, **more) if row.claim_id == id)


def tell(record, id, claims, contradictions=0, independent=1, count=None):
    facts = {"id": id, "gone": False, "type": "clash", "status": "happened", "certainty": 0.5, "body": "{}"}
    facts |= {"claims": count or len(claims), "independent": independent, "contradictions": contradictions}
    with record.writing("fuse") as writing:
        writing.add(incident, [facts])
        writing.add(
            membership,
            [{"claim_id": c, "incident_id": id, "gone": False, "by": "fusion", "why": "[]"} for c in claims],
        )


def many(record, count, type="protest", report_id="r2", **fields):
    """Take in a report with so many claims of a type, the first the least certain, and return their ids."""
    text = " ".join(f"خرج{'ت' * k} مظاهرة" for k in range(1, count + 1))
    found = {}
    for k in range(1, count + 1):
        trigger = f"خرج{'ت' * k} "
        c = make.claim(type, trigger, trigger, text=text, report_id=report_id, certainty=k / (count + 1), **fields)
        found[c.id] = json.loads(json.dumps(c.as_dict()))
    take_in(record, report_id, text, found)
    return list(found)


def test_the_less_certain_claim_comes_first(read):
    assert ids(read) == [WITHDRAWAL, TAKEOVER]
    assert reasons(read)[0].startswith("control at stake: takeover") and "certainty 0.80" in reasons(read)


def test_control_at_stake_counts_and_is_named(read):
    assert ids(read, stakes={"takeover"}.__contains__) == [WITHDRAWAL, TAKEOVER]
    decide(read, "accept", WITHDRAWAL)
    found = many(read, 3)
    assert ids(read) == [TAKEOVER, *found]
    assert ids(read, stakes=lambda type: False) == [*found, TAKEOVER]
    assert "control at stake" not in " ".join(reasons(read, found[0]))


def test_contradictions_of_its_incident_count_and_are_named(read):
    tell(read, "i1", [TAKEOVER], contradictions=2)
    assert ids(read) == [TAKEOVER, WITHDRAWAL]
    assert reasons(read)[0] == "2 contradictions in incident i1"


def test_many_that_tell_it_count_and_are_named(read):
    tell(read, "i1", [TAKEOVER], count=64, independent=9)
    assert ids(read)[0] == TAKEOVER
    assert "told 64 times, by 9 independent sources" in reasons(read)


def test_what_was_reviewed_waits_no_more(read):
    decide(read, "accept")
    decide(read, "reject", WITHDRAWAL)
    assert ids(read) == []
    decide(read, "undo")
    assert ids(read) == [TAKEOVER]


def test_what_was_marked_as_unsure_waits_on(read):
    decide(read, "unsure")
    assert "a reviewer was unsure" in reasons(read)


def test_ground_that_moved_comes_first_with_what_changed(read):
    decide(read, "accept")
    read_again(read, bodies(date="2018-07-01"))
    assert ids(read)[0] == TAKEOVER
    assert reasons(read)[0] == "ground moved: the reader now reads otherwise: date"
    decide(read, "accept")
    assert ids(read) == [WITHDRAWAL]


def test_a_claim_that_was_accepted_and_is_read_no_more_is_put_back(read):
    decide(read, "accept")
    read_again(read, {WITHDRAWAL: bodies()[WITHDRAWAL]})
    assert reasons(read)[0] == "ground moved: the reader does not find the claim any more"


def test_a_claim_that_is_gone_and_was_not_decided_on_does_not_wait(read):
    read_again(read, {WITHDRAWAL: bodies()[WITHDRAWAL]})
    assert ids(read) == [WITHDRAWAL]


def test_a_dispute_waits_for_second_review_but_not_by_the_first_reviewer(read):
    decide(read, "accept")
    decide(read, "reject", person="نور")
    assert reasons(read)[0] == "second review: two differ in verdict"
    assert TAKEOVER in ids(read, person="نور") and TAKEOVER not in ids(read, person="سلمى")


def test_what_was_passed_to_second_review_waits_until_it_is_final(read):
    decide(read, "accept")
    with read.writing("review") as writing:
        pass_on(writing, TAKEOVER, "سلمى")
    assert reasons(read)[0] == "second review"
    decide(read, "accept", person="نور")
    with read.writing("review") as writing:
        pass_on(writing, TAKEOVER, "نور")
    assert TAKEOVER not in ids(read)


def test_what_one_holds_is_on_top_for_its_owner_and_hidden_from_others(read):
    with read.writing("review") as writing:
        take(writing, TAKEOVER, "سلمى")
    row = waiting(read, person="سلمى")[0]
    assert (row.claim_id, row.stage, row.reasons[0]) == (TAKEOVER, "in review", "held by سلمى")
    assert ids(read, person="نور") == ids(read) == [WITHDRAWAL]
    assert TAKEOVER in ids(read, lock=0)


def test_the_queue_is_told_as_known_by_an_instant(read):
    with read.asking() as connection:
        then = connection.execute(select(func.max(act.c.recorded_at))).scalar()
    decide(read, "accept")
    many(read, 2)
    assert ids(read, known_by=then) == [WITHDRAWAL, TAKEOVER]
    assert len(ids(read)) == 3


def test_of_many_claims_the_least_certain_are_found(record):
    found = many(record, 90)
    assert ids(record, limit=5) == found[:5]


def test_what_is_told_most_is_found_among_many_that_are_less_certain(record):
    found = many(record, 90)
    tell(record, "i1", [found[-1]], contradictions=5, count=64)
    assert ids(record, limit=5)[0] == found[-1]


def test_a_score_is_the_sum_of_its_named_parts_and_equal_ones_keep_one_order(read):
    first = waiting(read)
    assert first == waiting(read)
    assert first[1].score == pytest.approx(2 * (1 - 0.8) + 1.5)
    assert len(first[1].reasons) == 2


def test_the_reader_writes_again_and_the_claim_waits_once(read):
    read_again(read, bodies(certainty=0.3))
    assert sorted(ids(read)) == sorted([TAKEOVER, WITHDRAWAL])
    assert "certainty 0.30" in reasons(read)


def test_an_empty_record_has_nothing_that_waits(record):
    assert ids(record) == []


def test_a_claim_that_was_reopened_long_ago_is_found_behind_many_that_were_settled(record, monkeypatch):
    monkeypatch.setattr(reviewing, "_SPARE", 0)
    found = many(record, 8, date="2018-07-01")
    for id in found:
        decide(record, "correct", id, fields={"date": "2018-07-03"})
        read_on(record, id, date="2018-07-02")
    for id in found[1:]:
        decide(record, "accept", id)
    assert ids(record, limit=1) == found[:1]


def test_a_claim_in_second_review_is_found_behind_many_that_are_final(record, monkeypatch):
    monkeypatch.setattr(reviewing, "_SPARE", 0)
    found = many(record, 8)
    for id in found:
        decide(record, "accept", id)
        decide(record, "reject", id, "نور")
    for id in found[1:]:
        with record.writing("review") as writing:
            pass_on(writing, id, "نور")
    assert ids(record, limit=1) == found[:1]


def test_a_claim_whose_second_decision_was_undone_waits_again(read):
    decide(read, "correct", fields={"date": "2018-07-04"})
    read_again(read, bodies(date="2018-07-01"))
    decide(read, "accept")
    decide(read, "undo")
    assert reasons(read)[0].startswith("ground moved")


def read_on(record, id, report_id="r2", **changed):
    """Read all claims of the report again as they are, and one of them otherwise."""
    with record.asking() as connection:
        found = {
            row.id: json.loads(row.body)
            for row in connection.execute(select(claim).where(claim.c.by == "reader").order_by(claim.c.n))
        }
    found[id] |= changed
    with record.writing("reread") as writing:
        put_claims(writing, [reader_state(report_id, 1, id, found[id])])
        put_claims(writing, reground(writing, {report_id: found}))
