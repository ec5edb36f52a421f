"""`marsad.open`: a record in Python, whose answers are Arrow tables that say what the command says."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date

import pytest

import marsad
from marsad.errors import RecordError, UsageError
from marsad.faces.cli import main
from marsad.record.store import open_record
from newsroom import add, arrival, said


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Give a record in which Nasib is taken on 6 July 2018."""
    address = str(tmp_path_factory.mktemp("open") / "observatory.marsad")
    with closing(open_record(address)) as record:
        taken = said("سيطرت الفصائل على نصيب في 2018-07-06")
        add(record, arrival(taken, "خبر-1", outlet="مرصد الجنوب", published="2018-07-06"))
        add(record, arrival(f"{taken} فجراً", "خبر-2", outlet="وكالة النهر", published="2018-07-07"))
    return address


def test_control_is_a_table_of_the_rows_that_the_command_prints(address, capsys):
    with marsad.open(address) as record:
        table = record.control(on="2018-07-08")
    assert main(["--record", address, "control", "--on", "2018-07-08", "--as", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert table.num_rows == len(rows) > 0
    for got, row in zip(table.to_pylist(), rows, strict=True):
        assert {key: got[key] for key in ("place", "status", "holder", "holders", "since", "evidence")} == {
            key: row[key] for key in ("place", "status", "holder", "holders", "since", "evidence")
        }


def test_a_table_has_the_same_columns_whether_there_are_rows_or_none(address):
    with marsad.open(address) as record:
        full, empty = record.control(on=date(2018, 7, 8)), record.control(on=date(2018, 1, 1))
    assert empty.num_rows == 0 and full.schema == empty.schema


def test_changes_tell_what_was_taken(address):
    with marsad.open(address) as record:
        rows = record.changes("2018-07-01", "2018-07-31").to_pylist()
    assert [(row["day"], row["holder"]) for row in rows] == [("2018-07-06", "opposition")]


def test_what_was_not_known_yet_is_not_told(address):
    with marsad.open(address) as record:
        assert record.control(on="2018-07-08", known_by="2010-01-01").num_rows == 0


def test_no_record_and_no_governorate_are_refused_with_a_remedy(address, tmp_path):
    with pytest.raises(RecordError, match="there is no such record"):
        marsad.open(str(tmp_path / "absent.marsad"))
    with marsad.open(address) as record, pytest.raises(UsageError, match="no governorate is called"):
        record.control(under="بلاد الواق واق")
