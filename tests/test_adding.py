"""What arrives comes into a record in an order: told from what is known, read, kept, fused; each step counted."""

from __future__ import annotations

from contextlib import closing

import pytest

from marsad.adding import BATCH, Adding, read_of
from marsad.intake import Failure
from marsad.record.store import open_record
from newsroom import PlainReader, add, arrival, ids, said, view


@pytest.fixture
def record(tmp_path):
    with closing(open_record(str(tmp_path / "observatory.marsad"))) as opened:
        yield opened


def reports(count):
    return [arrival(said(killed=n + 1), f"r{n}", "a.csv", n + 1) for n in range(count)]


def test_what_was_added_is_counted_and_told_after_each_batch(record):
    seen = []
    failures = [Failure("a.csv", 900, "it is empty", "give it a text")]
    adding = Adding(record, PlainReader(), failures.append)
    adding.add([*reports(BATCH + 5), failures[0]], lambda done: seen.append((done.reports, done.failed)))
    done = adding.done
    assert seen == [(BATCH, 0), (BATCH + 5, 1)]
    assert (done.new, done.changed, done.known, done.claims, done.failed) == (BATCH + 5, 0, 0, BATCH + 5, 1)


def test_each_failure_is_told_as_it_happens_and_kept(record):
    told = []
    add(record, Failure("a.csv", 3, "it is empty", "give it a text"), told=told)
    assert [str(failure) for failure in told] == ["a.csv, row 3: it is empty; give it a text"]
    [row] = view(record).failures()
    assert (row["address"], row["row"], row["reason"], row["remedy"]) == ("a.csv", 3, "it is empty", "give it a text")


def test_only_what_is_new_is_read(record):
    add(record, *reports(3))
    reader = PlainReader()
    add(record, *reports(5), reader=reader)
    assert reader.read_ids == ["r3", "r4"]


def test_a_second_adding_goes_on_where_the_first_was_cut_off(record):
    def cut_off():
        yield from reports(BATCH + 10)
        raise KeyboardInterrupt

    adding = Adding(record, PlainReader(), print)
    with pytest.raises(KeyboardInterrupt):
        adding.add(cut_off())
    assert len(list(view(record).reports())) == BATCH, "whole batches are kept"
    done = add(record, *reports(BATCH + 10))
    assert (done.known, done.new) == (BATCH, 10)


def test_what_another_process_added_meanwhile_is_known(record):
    class Slow(PlainReader):
        def read(self, report):
            if not self.read_ids:
                with closing(open_record(record.address)) as other:
                    add(other, *reports(2))
            return super().read(report)

    done = add(record, *reports(3), reader=Slow())
    assert (done.new, done.known) == (1, 2)
    assert sorted(ids(view(record).reports())) == ["r0", "r1", "r2"]


def test_a_version_that_another_process_added_meanwhile_comes_before_ours(record):
    url = "https://example.org/1"

    class Slow(PlainReader):
        def read(self, report):
            if not self.read_ids:
                with closing(open_record(record.address)) as other:
                    add(other, arrival(said(killed=1), url=url))
            return super().read(report)

    add(record, arrival(said(killed=2), url=url), reader=Slow())
    [row] = view(record).reports(text=True)
    assert (row["version"], row["text"]) == (2, said(killed=2))
    assert {claim["report"] for claim in view(record).claims()} == {row["id"]}
    [claim] = view(record).claims()
    assert claim["numbers"] == {"killed": 2}


def test_a_reading_is_kept_with_its_reasons_and_its_version(record):
    item = arrival(said(), "r1")
    reader = PlainReader("plain 7")
    read = read_of(item, reader.read(item.report), reader.version)
    assert (read.reader, read.unread, read.claims[0]["why"]) == ("plain 7", 0, ["trigger قصفت"])


def test_what_was_added_is_in_incidents_after_fusing(record):
    adding = Adding(record, PlainReader(), print)
    adding.add(reports(2))
    assert not list(view(record).incidents())
    adding.fuse()
    assert all(claim["incident"] for claim in view(record).claims())
