"""Whether a record is as it was written: each check names the first row that does not fit."""

from __future__ import annotations

import hashlib
import zlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

import make
from marsad.model import Arrival, Capture
from marsad.record import schema, verifying
from marsad.record.chain import head_of
from marsad.record.keeping import Read, identify, keep
from marsad.record.store import open_record
from marsad.record.verifying import verify
from record.desk import bodies, decide


def take_in(record, id, original=b"", text=make.TEXT):
    """Keep a report and the bytes that it came in; None: they stay where they lie."""
    data = original or b""
    day, digest = datetime(2018, 7, 7, tzinfo=UTC), hashlib.sha256(data).hexdigest()
    arrival = Arrival(make.report(text=text, id=id), Capture(f"{id}.txt", "text", digest, len(data), day, original))
    claims = list(bodies().values()) if id == "r1" else []
    with record.writing("add") as writing:
        keep(writing, [(Read(arrival, claims, 0, "1"), identify(writing.connection, arrival))])


def tamper(record, table, n, **values):
    with record.engine.begin() as connection:
        connection.execute(update(table).where(table.c.n == n).values(**values))


@pytest.fixture
def kept(record):
    take_in(record, "r1", "نص كما جاء".encode())
    take_in(record, "r2", None)
    take_in(record, "r3", b"x" * 300_000)
    decide(record, "accept")
    decide(record, "unsure", person="هدى")
    return record


def test_a_record_as_it_was_written_is_whole(kept):
    found = verify(kept)
    assert not found.faults
    assert (found.decisions, found.reports, found.originals, found.elsewhere) == (2, 3, 2, 1)
    with kept.asking() as connection:
        assert found.head == head_of(connection)
    assert not verify(kept, found.head).faults


def test_an_empty_record_is_whole(record):
    assert verify(record) == verifying.Verified("", 0, 0, 0, 0, 0, ())


def test_a_changed_text_is_named_by_its_report(kept):
    tamper(kept, schema.report, 2, text="نص آخر لم يكتبه أحد")
    found = verify(kept)
    assert found.faults == ("report row 2 (r2, version 1): its text was changed",)
    assert found.reports == 1


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"original": zlib.compress(b"forged")}, "its original was changed"),
        ({"original": b"no zlib"}, "its original cannot be unpacked"),
        ({"original": zlib.compress("نص كما جاء".encode())[:-4]}, "its original cannot be unpacked"),
        ({"original": zlib.compress("نص كما جاء".encode()) + b"more"}, "its original cannot be unpacked"),
        ({"size": 5}, "its original was changed"),
        ({"sha256": "0" * 64}, "its original was changed"),
    ],
)
def test_a_changed_original_is_named_by_its_address(kept, values, what):
    tamper(kept, schema.capture, 1, **values)
    found = verify(kept)
    assert found.faults == (f"capture row 1 (r1.txt): {what}",)


def test_a_changed_decision_is_named_and_the_other_checks_are_made_all_the_same(kept):
    tamper(kept, schema.decision, 1, reason="لم يقل أحد هذا")
    tamper(kept, schema.report, 3, text="")
    found = verify(kept)
    assert [fault.split(" (")[0] for fault in found.faults] == ["decision row 1", "report row 3"]


def test_the_log_of_looks_is_checked_and_a_changed_row_is_named(kept):
    from marsad.record.looks import log

    with kept.writing("look") as writing:
        log(writing, "هدى", "look", "/claims", {"seen": ["claim c1"]})
        log(writing, "سلمى", "sign-in")
    assert (verify(kept).looks, verify(kept).faults) == (2, ())
    tamper(kept, schema.look, 1, person="غيرها")
    assert verify(kept).faults == ("log row 1: it does not follow the row before, or was changed",)


def test_a_head_that_was_noted_and_is_not_there_shows_that_the_end_was_cut_off(kept):
    head = verify(kept).head
    with kept.engine.begin() as connection:
        connection.execute(schema.decision.delete().where(schema.decision.c.n == 2))
    assert not verify(kept).faults, "what remains fits: only the noted head tells"
    [fault] = verify(kept, head).faults
    assert head in fault and fault.startswith("the chain of decisions: ")


def test_rows_are_found_beyond_a_page_and_originals_beyond_what_is_held_together(kept, monkeypatch):
    monkeypatch.setattr(verifying, "_PAGE", 1)
    monkeypatch.setattr(verifying, "_TOGETHER", 100)
    assert (verify(kept).reports, verify(kept).originals) == (3, 2)
    tamper(kept, schema.capture, 3, original=zlib.compress(b"y" * 300_000))
    assert verify(kept).faults == ("capture row 3 (r3.txt): its original was changed",)


def test_an_original_larger_than_a_piece_is_unpacked_piece_by_piece(record, monkeypatch):
    monkeypatch.setattr(verifying, "_CHUNK", 7)
    take_in(record, "r1", bytes(range(256)) * 40)
    assert (verify(record).originals, verify(record).faults) == (1, ())


def test_a_damaged_file_is_said_to_be_one(tmp_path):
    file = tmp_path / "observatory.marsad"
    record = open_record(str(file))
    for n in range(200):
        take_in(record, f"r{n + 2}", None)
    record.close()
    data = bytearray(file.read_bytes())
    index = data.rfind(b"r150")
    data[index : index + 4] = b"r9zz"
    file.write_bytes(data)
    record = open_record(str(file))
    [fault] = verify(record).faults
    record.close()
    assert fault.startswith("the file is damaged: ")
