"""Reading a record again: what is gained, lost, altered, what decisions become; and a dry run leaves no trace."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

import make
from marsad.adding import Adding
from marsad.errors import UsageError
from marsad.model import Arrival, Capture
from marsad.reading_result import Reading
from marsad.record import schema
from marsad.record.deciding import decide_claim
from marsad.record.linkage import incidents_of
from marsad.rereading import ALTERED, GAINED, LOST, Rereading, changed_fields
from record import conftest as engines
from record.desk import GUIDE

# The empty record on each engine is that of the tests of the record.
server, empty_file, address, record = engines.server, engines.empty_file, engines.address, engines.record


class Reader:
    """Reads in each report what it is told to; `version` names it."""

    def __init__(self, version, *claims):
        self.version, self.claims = version, claims
        self.read_reports = []

    def read(self, report):
        self.read_reports.append(report)
        return Reading(report, [kind(report_id=report.id, **fields) for kind, fields in self.claims], [])


FIRST = ((make.takeover, {}), (make.withdrawal, {}))


def talks(**fields):
    return make.claim("negotiation", "نفى", "ونفى قائد محلي", **fields)


def add(record, *ids, reader=None, text=make.TEXT):
    capture = Capture("تقارير.txt", "text", "0" * 64, 1, datetime(2018, 7, 7, tzinfo=UTC))
    adding = Adding(record, reader or Reader("1", *FIRST), lambda failure: pytest.fail(str(failure)))
    adding.add([Arrival(make.report(text=text, id=id), capture) for id in ids])
    adding.fuse()


def decide(record, kind, id, **more):
    with record.writing("review") as writing:
        return decide_claim(writing, id, kind, "سلمى", more.pop("reason", ""), guide=GUIDE, **more)


def counts_of(record):
    with record.asking() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar()
            for name, table in schema.metadata.tables.items()
        }


def standing_claims(record):
    with record.asking() as connection:
        asked = select(schema.claim.c.id, schema.claim.c.gone).order_by(schema.claim.c.n)
        states = dict(connection.execute(asked).all())
    return {id for id, gone in states.items() if not gone}


def id_of(kind, report="r1"):
    return kind(report_id=report).id


def test_a_newer_reader_gains_loses_and_alters_claims_and_each_is_counted_by_type(record):
    add(record, "r1", "r2")
    newer = Reader("2", (make.takeover, {"date": "2018-07-04"}), (talks, {}))
    done = Rereading(record, newer).run()
    assert done.reports == 2
    expected = {(GAINED, "negotiation"): 2, (LOST, "withdrawal"): 2, (ALTERED, "takeover"): 2}
    assert done.claims == Counter(expected)
    assert done.fields == Counter({("takeover", "date"): 2})
    assert standing_claims(record) == {
        id_of(kind, report) for kind in (make.takeover, talks) for report in ("r1", "r2")
    }


def test_samples_show_the_claim_before_and_now_so_many_of_each_kind_and_type(record):
    add(record, "r1", "r2", "r3")
    done = Rereading(record, Reader("2", (make.takeover, {"date": "2018-07-04"}))).run(samples=2)
    assert Counter((sample.kind, sample.type) for sample in done.samples) == {
        (ALTERED, "takeover"): 2,
        (LOST, "withdrawal"): 2,
    }
    assert [sample.report.id for sample in done.samples if sample.kind == ALTERED] == ["r1", "r2"]
    altered = next(sample for sample in done.samples if sample.kind == ALTERED)
    assert (altered.before["date"], altered.now["date"], altered.report.id) == ("2018-07-05", "2018-07-04", "r1")


def test_the_reports_are_read_as_they_were_taken_in(record):
    add(record, "r1")
    newer = Reader("2")
    Rereading(record, newer).run()
    assert newer.read_reports == [make.report()]


def test_what_this_reader_read_last_is_left_alone_unless_all_is_asked_for(record):
    add(record, "r1")
    again = Reader("1", (make.takeover, {}))
    assert Rereading(record, again).run().reports == 0
    assert Rereading(record, again).run(all=True).claims == {(LOST, "withdrawal"): 1}
    assert Rereading(record, again).run().reports == 0, "a second reading by the same version counts as its own"


def test_a_reader_that_comes_back_may_read_again(record):
    add(record, "r1")
    Rereading(record, Reader("2")).run()
    done = Rereading(record, Reader("1", *FIRST)).run()
    assert done.claims == {(GAINED, "takeover"): 1, (GAINED, "withdrawal"): 1}
    assert Rereading(record, Reader("1", *FIRST)).run().reports == 0


def test_a_version_that_begins_like_another_is_another(record):
    add(record, "r1", reader=Reader("1.10", *FIRST))
    assert Rereading(record, Reader("1.1", *FIRST)).run().reports == 1


def test_only_the_newest_version_of_a_report_is_read(record):
    add(record, "r1")
    changed = make.TEXT + " وعاد الهدوء مساء."
    add(record, "r1", text=changed)
    newer = Reader("2")
    assert Rereading(record, newer).run().reports == 1
    assert [report.text for report in newer.read_reports] == [changed]


def test_only_the_named_reports_are_read_and_an_unknown_one_is_refused(record):
    add(record, "r1", "r2")
    newer = Reader("2", *FIRST)
    assert Rereading(record, newer).run(["r2"]).reports == 1
    assert [report.id for report in newer.read_reports] == ["r2"]
    with pytest.raises(UsageError, match="no report 'r9'"):
        Rereading(record, newer).run(["r9"])


def test_more_than_a_batch_is_read_and_told_of_batch_by_batch(record, monkeypatch):
    monkeypatch.setattr("marsad.rereading.BATCH", 2)
    add(record, *(f"r{n}" for n in range(5)))
    told = []
    done = Rereading(record, Reader("2", *FIRST)).run(progress=lambda done: told.append(done.reports))
    assert (done.reports, told, done.claims) == (5, [2, 4, 5], {})


def test_a_dry_run_tells_what_a_run_does_and_writes_nothing(record, monkeypatch):
    monkeypatch.setattr("marsad.rereading.BATCH", 1)
    add(record, "r1", "r2")
    decide(record, "accept", id_of(make.takeover))
    before = counts_of(record)
    newer = Reader("2", (make.takeover, {"date": "2018-07-04"}))
    dry = Rereading(record, newer).run(dry_run=True)
    assert counts_of(record) == before
    assert (dry.reports, dry.moved) == (2, 1)
    assert Rereading(record, newer).run() == dry


def test_incidents_follow_what_was_read(record):
    add(record, "r1")
    Rereading(record, Reader("2", (make.takeover, {}), (talks, {}))).run()
    with record.asking() as connection:
        told = incidents_of(connection, [id_of(talks), id_of(make.withdrawal)])
    assert set(told) == {id_of(talks)}


def test_decisions_that_stand_and_those_whose_ground_moved_are_told_apart(record):
    add(record, "r1", "r2")
    decide(record, "accept", id_of(make.takeover))
    decide(record, "accept", id_of(make.withdrawal))
    decide(record, "accept", id_of(make.withdrawal, "r2"))
    newer = Reader("2", (make.takeover, {}), (make.withdrawal, {"status": "possible"}))
    done = Rereading(record, newer).run(["r1"])
    assert (done.stand, done.moved, done.unsettled) == (1, 1, 0)
    done = Rereading(record, Reader("3", *newer.claims)).run()
    assert (done.stand, done.moved, done.unsettled) == (1, 1, 1), "what moved before is not said to have moved now"


def test_a_lost_claim_that_a_person_vouches_for_stays_and_is_counted(record):
    add(record, "r1")
    decide(record, "accept", id_of(make.takeover))
    done = Rereading(record, Reader("2")).run()
    assert (done.claims[LOST, "takeover"], done.claims[LOST, "withdrawal"], done.kept) == (1, 1, 1)
    assert standing_claims(record) == {id_of(make.takeover)}


def test_a_report_read_by_another_process_meanwhile_is_not_read_twice(record):
    add(record, "r1")

    class Slow(Reader):
        def read(self, report):
            if not self.read_reports:
                Rereading(record, Reader("2", *FIRST)).run()
            return super().read(report)

    done = Rereading(record, Slow("2", *FIRST)).run()
    assert done.reports == 0
    assert counts_of(record)["reading"] == 2


def test_fields_of_the_guide_come_first_and_what_no_text_says_is_left_out():
    before = {"date": "2018-07-05", "certainty": 0.4, "reader": "1", "span": [0, 4], "why": ["أ"]}
    now = {"date": None, "certainty": 0.9, "reader": "2", "span": [0, 5], "why": ["ب"]}
    assert changed_fields(before, now) == ["date", "span"]
