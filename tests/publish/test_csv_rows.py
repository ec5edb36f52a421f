"""CSV for spreadsheets: the same cells come back, and nothing in them is run."""

from __future__ import annotations

import csv
import io

import pytest

from marsad.publish.csv_rows import csv_of

COLUMNS = ("name", "lat", "holders")


def text(*rows, columns=COLUMNS):
    return "".join(csv_of(rows, columns))


def cells(*rows, columns=COLUMNS):
    return list(csv.reader(io.StringIO(text(*rows, columns=columns).removeprefix("\ufeff"), newline="")))


def row(**fields):
    return {"name": "طفس", "lat": 32.7, "holders": ["hts", "opposition"], "other": "left out"} | fields


def test_a_file_begins_with_the_mark_of_utf_8_and_its_heading():
    assert text().startswith("\ufeffname,lat,holders\r\n") and text().encode().startswith(b"\xef\xbb\xbf")


def test_one_row_a_thing_with_the_columns_that_are_asked_for():
    assert cells(row(), row(name="نوى"))[1:] == [
        ["طفس", "32.7", "hts; opposition"], ["نوى", "32.7", "hts; opposition"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""), (0, "0"), (-36.2, "-36.2"), ([], ""), ((), ""), (["a"], "a"), (["a", "b"], "a; b"), ("", ""),
        (True, "true"), ([1, 2], "1; 2"),
    ],
    ids=str,
)  # fmt: skip
def test_numbers_lists_and_what_is_missing_are_cells(value, cell):
    assert cells(row(name=value))[1][0] == cell


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")'])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(value):
    assert cells(row(name=value))[1][0] == f"'{value}"
    assert cells(row(name=[value, "b"]))[1][0] == f"'{value}; b"


@pytest.mark.parametrize("value", ['say "so"', "a, b", "two\nlines", "semi; colon", "عربي، وفاصلة", "it's"])
def test_what_needs_quotes_comes_back_as_it_was(value):
    assert cells(row(name=value))[1][0] == value


def test_every_line_ends_as_the_standard_says_and_no_rows_are_a_heading_alone():
    assert text(row()).count("\r\n") == 2 and cells() == [list(COLUMNS)]


def test_a_column_that_a_row_lacks_is_told():
    with pytest.raises(KeyError):
        text({"name": "طفس"})
