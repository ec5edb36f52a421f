"""A copy that is made while others write is whole, holds what was kept before it, and replaces nothing."""

from __future__ import annotations

import stat
import threading
from contextlib import closing, suppress

import pytest
from sqlalchemy import func, select

from marsad.errors import RecordError, UsageError
from marsad.record import schema
from marsad.record.copying import back_up, check, restore
from marsad.record.looks import log
from marsad.record.store import open_record
from newsroom import add, arrival, said


@pytest.fixture
def filled(tmp_path):
    with closing(open_record(str(tmp_path / "observatory.marsad"))) as record:
        add(record, *(arrival(said(killed=3, beside=n), f"r{n}", "wire.jsonl", n + 1) for n in range(2)))
        yield record


def count_of(record):
    with record.asking() as connection:
        return connection.execute(select(func.count()).select_from(schema.look)).scalar_one()


def test_a_copy_made_while_others_write_is_whole_and_holds_all_that_was_kept_before(filled, tmp_path):
    ended, kept = threading.Event(), [0]

    def write():
        while not ended.is_set():
            with filled.writing("look") as writing:
                log(writing, "سلمى", "look", f"/claims/{kept[0]}")
            kept[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            before = kept[0]
            back_up(filled, tmp_path / f"copy-{n}")
            found = check(tmp_path / f"copy-{n}")
            assert not found.verified.faults and before <= found.rows["look"] <= kept[0] + 1
            assert (found.rows["report"], found.verified.looks) == (2, found.rows["look"])
    finally:
        ended.set()
        writer.join()
    assert kept[0] > 0 and count_of(filled) == kept[0]


def test_a_copy_is_for_its_owner_alone_and_leaves_nothing_beside_it(filled, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    assert back_up(filled, folder / "copy") == (folder / "copy").stat().st_size > 10_000
    check(folder / "copy")
    assert [path.name for path in folder.iterdir()] == ["copy"]
    assert stat.S_IMODE((folder / "copy").stat().st_mode) == 0o600


def test_nothing_is_replaced(filled, tmp_path):
    (tmp_path / "there").write_text("mine")
    with pytest.raises(UsageError, match="name another"):
        back_up(filled, tmp_path / "there")
    back_up(filled, tmp_path / "copy")
    with pytest.raises(UsageError, match="move it away first"):
        restore(tmp_path / "copy", filled.address)
    assert (tmp_path / "there").read_text() == "mine"


def test_a_record_made_of_a_copy_is_the_record(filled, tmp_path):
    with filled.writing("look") as writing:
        log(writing, "سلمى", "sign-in")
    back_up(filled, tmp_path / "copy")
    restore(tmp_path / "copy", str(tmp_path / "again.marsad"))
    with closing(open_record(str(tmp_path / "again.marsad"), create=False)) as again:
        assert count_of(again) == 1
        for table in schema.metadata.sorted_tables:
            with filled.asking() as one, again.asking() as other:
                assert one.execute(table.select()).all() == other.execute(table.select()).all(), table.name


def test_a_copy_that_was_changed_is_named_for_what_it_is(filled, tmp_path):
    with filled.writing("look") as writing:
        log(writing, "سلمى", "sign-in")
    back_up(filled, tmp_path / "copy")
    with closing(open_record(str(tmp_path / "copy"))) as record, record.engine.begin() as connection:
        connection.execute(schema.look.update().values(person="غيرها"))
    assert check(tmp_path / "copy").verified.faults == ("log row 1: it does not follow the row before, or was changed",)


@pytest.mark.parametrize("cut", [0, 100, 20_000])
def test_a_copy_that_was_cut_is_no_record_or_damaged(filled, tmp_path, cut):
    back_up(filled, tmp_path / "copy")
    (tmp_path / "cut").write_bytes((tmp_path / "copy").read_bytes()[:cut])
    with suppress(RecordError):
        assert check(tmp_path / "cut").verified.faults


def test_a_copy_that_is_not_there_and_a_server_are_refused_with_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="marsad backup FILE"):
        check(tmp_path / "none")
    (tmp_path / "copy").write_bytes(b"x")
    with pytest.raises(UsageError, match="pg_restore"):
        restore(tmp_path / "copy", "postgresql://u@h/d")


def test_a_copy_is_not_written_where_it_cannot_be(filled, tmp_path):
    with pytest.raises(RecordError, match="check its folder"):
        back_up(filled, tmp_path / "nowhere" / "copy")
