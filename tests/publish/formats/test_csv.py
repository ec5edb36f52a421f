"""CSV and its metadata: pandas and DuckDB read the same values, and the metadata alone are enough to read them back."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime

import duckdb
import jsonschema
import pandas
import pytest

from marsad.publish.flat import columns_of
from marsad.publish.formats import TABLES
from marsad.publish.formats.csv import write
from publish.formats.back import soundly

# What the Recommendation "Metadata Vocabulary for Tabular Data" (W3C, 17 December 2015) asks of such a file: its
# context, the names it allows beside those with a prefix, dialects (5.9) and the built-in types (5.11.1).
_PREFIXED = {"^(dc|rdfs):": {}}
_TEXTS = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
CSVW = {
    "type": "object",
    "required": ["@context", "url", "tableSchema"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/csvw"},
        "url": {"type": "string"},
        "dialect": {
            "type": "object",
            "properties": {
                "encoding": {"type": "string"},
                "lineTerminators": _TEXTS,
                "headerRowCount": {"type": "integer", "minimum": 0},
            },
            "additionalProperties": False,
        },
        "tableSchema": {
            "type": "object",
            "required": ["columns"],
            "properties": {"columns": {"type": "array", "items": {"$ref": "#/$defs/column"}, "minItems": 1}},
            "additionalProperties": False,
        },
    },
    "patternProperties": _PREFIXED,
    "additionalProperties": False,
    "$defs": {
        "column": {
            "type": "object",
            "required": ["name", "titles"],
            "properties": {
                "name": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.]*$"},
                "titles": _TEXTS,
                "datatype": {"enum": ["string", "date", "dateTimeStamp", "number", "integer", "boolean"]},
                "separator": {"type": "string", "minLength": 1},
            },
            "patternProperties": _PREFIXED,
            "additionalProperties": False,
        }
    },
}
READ = {
    "string": str, "number": float, "integer": int, "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat, "dateTimeStamp": datetime.fromisoformat,
}  # fmt: skip


def metadata_of(path):
    return json.loads(path.with_name(f"{path.name}-metadata.json").read_text("utf-8"))


def read_by_metadata(path):
    """Return the rows as a reader of CSV on the Web makes them, which knows nothing but the two files."""
    told = metadata_of(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[told["dialect"]["headerRowCount"] :]
    columns = told["tableSchema"]["columns"]
    return [
        {c["name"]: value_of(cell, c) for c, cell in zip(columns, line, strict=True)} for line in lines
    ]  # fmt: skip


def value_of(cell, column):
    read = READ[column["datatype"]]
    if "separator" in column:
        return [read(part) for part in cell.split(column["separator"])] if cell else []
    return read(cell) if cell else None


def parts_of(listed):
    """Return the parts of a list as they are in one cell, where a semicolon keeps them apart."""
    return [part.replace("; ", ", ") for part in listed]


def as_read(row, table):
    """Return a flat row as the standard has it: days and times are no text, empty text is null."""
    types = {"day": date.fromisoformat, "time": datetime.fromisoformat, "texts": parts_of}
    return {
        c.name: types.get(c.kind, lambda v: v)(row[c.name]) if row[c.name] not in (None, "") else None
        for c in columns_of(table)
    }  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_the_metadata_are_those_of_the_standard_and_name_the_file(given, table, tmp_path):
    write(given, table, tmp_path / "out.csv")
    told = metadata_of(tmp_path / "out.csv")
    jsonschema.validate(told, CSVW)
    assert told["url"] == "out.csv" and told["dc:modified"] == given.about.as_known
    assert told["dc:source"] == list(given.about.credits) and "role public" in told["dc:coverage"]
    assert [c["name"] for c in told["tableSchema"]["columns"]] == [c.name for c in columns_of(table)]


@pytest.mark.parametrize("table", TABLES)
def test_who_reads_by_the_metadata_gets_the_rows_of_the_sample(outgoing, table, tmp_path):
    write(outgoing, table, tmp_path / "out.csv")
    assert read_by_metadata(tmp_path / "out.csv") == [as_read(row, table) for row in outgoing.flat(table)]


def test_pandas_and_duckdb_read_odd_letters_as_they_are_but_for_the_apostrophe(odd, tmp_path):
    write(odd(), "claims", path := tmp_path / "out.csv")
    rows = list(odd().flat("claims"))
    meant = [harmless(soundly(row["evidence"])) for row in rows]
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    assert frame["evidence"].tolist() == meant and frame["id"].tolist() == [row["id"] for row in rows]
    how = "all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"'"
    got = duckdb.sql(f"select evidence from read_csv('{path}', {how})").fetchall()
    assert [row[0] or "" for row in got] == meant


def harmless(text):
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and text else text


@pytest.mark.parametrize("table", TABLES)
def test_no_cell_is_a_formula_and_the_metadata_say_how_it_was_made_harmless(odd, table, tmp_path):
    write(odd(), table, path := tmp_path / "out.csv")
    numbers = {c.name for c in columns_of(table) if c.kind in ("number", "whole")}
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [c for row in csv.DictReader(file) for name, c in row.items() if name not in numbers]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "apostrophe" in metadata_of(path)["rdfs:comment"]


def test_a_table_without_rows_is_its_heading(empty, tmp_path):
    write(empty, "claims", tmp_path / "out.csv")
    assert pandas.read_csv(tmp_path / "out.csv").columns.tolist() == [c.name for c in columns_of("claims")]
