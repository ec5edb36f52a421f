"""Parquet: DuckDB and pandas read every column as it is, and the file says what it is."""

from __future__ import annotations

import json
from datetime import date, datetime

import duckdb
import pandas
import pyarrow.parquet
import pytest

from marsad.publish.flat import columns_of
from marsad.publish.formats import TABLES, parquet
from marsad.publish.formats.parquet import schema_of, table_of, write
from publish.formats.back import soundly


def typed(row, table):
    """Return a flat row with its days and times as such."""
    types = {"day": date.fromisoformat, "time": datetime.fromisoformat}
    return {
        c.name: types[c.kind](row[c.name]) if c.kind in types and row[c.name] else soundly(row[c.name])
        for c in columns_of(table)
    }


def written(out, table, tmp_path):
    write(out, table, tmp_path / "out.parquet")
    return tmp_path / "out.parquet"


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_reads_every_column_of_every_row(given, table, tmp_path):
    asked = duckdb.sql(f"set timezone = 'UTC'; select * from '{written(given, table, tmp_path)}'")
    got = [dict(zip(asked.columns, row, strict=True)) for row in asked.fetchall()]
    assert got == [typed(row, table) for row in given.flat(table)]


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_the_same_rows(outgoing, table, tmp_path):
    frame = pandas.read_parquet(written(outgoing, table, tmp_path), dtype_backend="pyarrow")
    rows = list(outgoing.flat(table))
    for column in columns_of(table):
        if column.kind not in ("day", "time", "texts"):
            assert [None if pandas.isna(v) else v for v in frame[column.name]] == [row[column.name] for row in rows]
    assert len(frame) == len(rows)


@pytest.mark.parametrize("table", TABLES)
def test_each_column_has_one_type_with_or_without_rows_and_says_what_it_means(outgoing, empty, table, tmp_path):
    schemas = [pyarrow.parquet.read_schema(written(out, table, tmp_path)) for out in (outgoing, empty)]
    assert schemas[0].equals(schemas[1]) and schemas[0].equals(schema_of(table))
    told = {field.name: field.metadata[b"meaning"].decode() for field in schemas[0]}
    assert told == {column.name: column.meaning for column in columns_of(table)}


def test_the_metadata_hold_what_the_export_states_of_itself(given, tmp_path):
    got = pyarrow.parquet.read_schema(written(given, "claims", tmp_path)).metadata
    about = given.about
    assert soundly(about.title).encode() == got[b"marsad.title"] and got[b"marsad.version"] == about.version.encode()
    assert json.loads(got[b"marsad.filters"]) == dict(about.filters)
    assert json.loads(got[b"marsad.credits"]) == list(about.credits)


def test_parts_are_written_one_after_another(outgoing, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_PART", 100)
    path = written(outgoing, "claims", tmp_path)
    assert pyarrow.parquet.ParquetFile(path).num_row_groups == 4
    assert pyarrow.parquet.read_table(path)["id"].to_pylist() == [row["id"] for row in outgoing.flat("claims")]


def test_an_arrow_table_in_python_is_the_same_as_that_of_the_file(outgoing, tmp_path):
    table = table_of("control", outgoing.flat("control"))
    assert table.equals(pyarrow.parquet.read_table(written(outgoing, "control", tmp_path)))
