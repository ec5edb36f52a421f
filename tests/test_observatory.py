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
        shared = ("status", "holder", "holders", "confidence", "evidence")
        assert {key: got[key] for key in shared} == {key: row[key] for key in shared}
        assert (got["place_id"], got["place"], got["since"].isoformat()) == (row["place"], row["name"], row["since"])


def test_a_table_has_the_same_columns_whether_there_are_rows_or_none(address):
    with marsad.open(address) as record:
        full, empty = record.control(on=date(2018, 7, 8)), record.control(on=date(2018, 1, 1))
    assert empty.num_rows == 0 and full.schema == empty.schema


def test_changes_tell_what_was_taken(address):
    with marsad.open(address) as record:
        rows = record.changes("2018-07-01", "2018-07-31").to_pylist()
    assert [(row["day"], row["holder"]) for row in rows] == [(date(2018, 7, 6), "opposition")]


def test_claims_and_incidents_are_tables_that_join(address):
    with marsad.open(address) as record:
        claims, incidents = record.claims(type="takeover").to_pandas(), record.incidents(under="درعا").to_pandas()
    assert set(claims["report"]) == {"خبر-1", "خبر-2"} and set(claims["type"]) == {"takeover"}
    told = incidents.set_index("id").loc[claims["incident"].unique()[0]]
    assert set(told["claims"]) == set(claims["id"]) and told["date_start"] == date(2018, 7, 6)


def test_claims_are_asked_for_as_the_command_asks(address, capsys):
    with marsad.open(address) as record:
        found = record.claims(place="نصيب", first=date(2018, 7, 6), source="وكالة النهر")["id"].to_pylist()
        nobody = record.claims(actor="isis")
    asked = ["claims", "--place", "نصيب", "--from", "2018-07-06", "--source", "وكالة النهر", "--as", "jsonl"]
    assert main(["--record", address, *asked]) == 0
    assert found == [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] and len(found) == 1
    assert nobody.num_rows == 0 and nobody.schema.names[0] == "id"


def test_reviewed_tables_are_empty_until_a_person_has_decided(address):
    with marsad.open(address) as record:
        assert [record.claims(reviewed=True).num_rows, record.incidents(reviewed=True).num_rows] == [0, 0]
        assert record.control(on="2018-07-08", reviewed=True).num_rows == 0


def test_reports_are_a_table_without_texts(address):
    with marsad.open(address) as record:
        reports = record.reports()
    assert reports["id"].to_pylist() == ["خبر-2", "خبر-1"] and "text" not in reports.schema.names


def test_what_cannot_be_asked_is_named(address):
    with marsad.open(address) as record, pytest.raises(UsageError, match="'colour' cannot be asked for; there are"):
        record.claims(colour="red")


def test_what_was_not_known_yet_is_not_told(address):
    with marsad.open(address) as record:
        assert record.control(on="2018-07-08", known_by="2010-01-01").num_rows == 0


def test_no_record_and_no_governorate_are_refused_with_a_remedy(address, tmp_path):
    with pytest.raises(RecordError, match="there is no such record"):
        marsad.open(str(tmp_path / "absent.marsad"))
    with marsad.open(address) as record, pytest.raises(UsageError, match="no governorate is called"):
        record.control(under="بلاد الواق واق")
