"""A table of reports becomes a table of claims of the same kind."""

from __future__ import annotations

import json
from datetime import date

import pytest

from make import TEXT, FakeReader
from marsad.errors import UsageError
from marsad.frame import COLUMNS, read_frame

RECORDS = {"id": ["a", "b"], "body": [TEXT, "no letter of it"], "published": ["2018-07-06", None], "n": [1, 2]}


def framed(kind, records=RECORDS):
    library = pytest.importorskip(kind)
    return library.table(records) if kind == "pyarrow" else library.DataFrame(records)


def rows_of(table):
    return table.to_pylist() if hasattr(table, "to_pylist") else table.to_dict("records")


@pytest.mark.parametrize("kind", ["pandas", "pyarrow"])
def test_one_row_a_claim_in_a_table_of_the_same_kind(kind, capsys):
    frame = framed(kind)
    got = read_frame(frame, text="body", reader=FakeReader())
    assert type(got) is type(frame)
    first, second = rows_of(got)
    assert tuple(first) == COLUMNS
    assert (first["report"], first["row"], first["published"]) == ("a", 0, date(2018, 7, 6))
    assert (first["type"], first["actor"], first["place"], first["lat"]) == (
        "takeover",
        "assad-gov",
        "Nassib crossing",
        32.5,
    )
    assert json.loads(second["sources"]) == ["قائد محلي"] and second["source"] == "قائد محلي"
    assert TEXT[first["start"] : first["end"]] == first["evidence"]
    assert "table, row 1: its text has no Arabic letter" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["pandas", "pyarrow"])
def test_no_report_gives_a_table_of_no_claims_with_the_same_columns(kind):
    got = read_frame(framed(kind, {"text": []}), reader=FakeReader())
    names = got.column_names if kind == "pyarrow" else list(got.columns)
    assert tuple(names) == COLUMNS and not rows_of(got)


def test_what_is_missing_in_pandas_is_missing():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"text": [TEXT], "published": [pandas.NaT], "outlet": [float("nan")]})
    [row, _] = rows_of(read_frame(frame, published="2018-07-01", outlet="وكالة", reader=FakeReader()))
    assert (row["published"], row["outlet"]) == (date(2018, 7, 1), "وكالة")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"text": "words"}, "no column 'words'; it has text"),
        ({"author": "text"}, "no field 'author'"),
        ({"published": "soon"}, "YYYY-MM-DD"),
    ],
)
def test_a_wrong_question_says_what_there_is(asked, told):
    with pytest.raises(UsageError, match=told):
        read_frame(framed("pandas", {"text": [TEXT]}), reader=FakeReader(), **asked)


def test_what_is_no_table_is_refused():
    with pytest.raises(UsageError, match="pandas DataFrame or a pyarrow Table"):
        read_frame([TEXT])
