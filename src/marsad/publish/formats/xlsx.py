"""An Excel workbook (Office Open XML): a sheet a table, and a first one that says what the export is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from marsad.errors import UsageError
from marsad.loading.published import Column, published
from marsad.publish.characters import writable_xml
from marsad.publish.csv_rows import joined
from marsad.publish.flat import columns_of
from marsad.publish.outgoing import Outgoing

Flat = Mapping[str, Any]
# What Excel holds: rows of a sheet, and UTF-16 units of a cell.
ROWS = 1_048_576
LONGEST = 32_767
_ORDER = ("incidents", "claims", "control", "changes", "reports")
_FIRST_YEAR = 1900
_WIDTHS = {"text": 22, "texts": 30, "day": 12, "time": 34, "number": 11, "whole": 11, "flag": 8}
_WIDE = {"evidence": 70, "contradictions": 50, "numbers": 40}
_CUT = {"ar": "… [بقيته محذوفة]", "en": "… [the rest is cut]"}
# What the first sheet says, in Arabic and English.
_SAID = {
    "about": ("عن هذا الملف", "about"),
    "title": ("العنوان", "title"),
    "licence": ("الترخيص", "licence"),
    "version": ("البرنامج", "version"),
    "as_known": ("كما عُرف حتى", "as known"),
    "filters": ("المطلوب", "asked for"),
    "method": ("الطريقة", "method"),
    "credits": ("مصادر الأماكن", "credits"),
    "sheet": ("الورقة", "sheet"),
    "rows": ("الأسطر", "rows"),
    "cut": ("خلايا اقتُطعت", "cells cut"),
    "holds": ("ما فيها", "holds"),
    "column": ("العمود", "column"),
    "meaning": ("معناه", "meaning"),
}


class _Written(NamedTuple):
    table: str
    rows: int
    cut: int


class _Book:
    """A workbook that is being written, a row in memory at a time."""

    def __init__(self, out: Outgoing, path: Path) -> None:
        self.out = out
        # The rows wait in files beside the target; of Zip64 nothing is seen unless a sheet is above 2 GiB.
        self.book = _xlsxwriter().Workbook(
            str(path),
            {
                "constant_memory": True, "tmpdir": str(path.parent), "use_zip64": True,
                "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            },
        )  # fmt: skip
        made = datetime.fromisoformat(out.about.as_known).replace(tzinfo=None)
        self.book.set_properties(
            {
                "title": writable_xml(out.about.title), "author": out.about.version, "created": made,
                "comments": writable_xml(out.about.licence),
            }
        )  # fmt: skip
        self.bold = self.book.add_format({"bold": True, "bg_color": "#E8E8E8", "border": 1})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})

    def said(self, name: str) -> str:
        return _SAID[name][self.out.lang != "ar"]

    def sheet_name(self, table: str, part: int) -> str:
        given = published()[table]
        name = given.ar if self.out.lang == "ar" else given.en
        return name if part == 1 else f"{name} ({part})"

    def new_sheet(self, name: str, heading: Sequence[str] = ()) -> Any:
        sheet = self.book.add_worksheet(name)
        if self.out.lang == "ar":
            sheet.right_to_left()
        for n, words in enumerate(heading):
            sheet.write_string(0, n, words, self.bold)
        if heading:
            sheet.freeze_panes(1, 0)
        return sheet

    def text_of(self, value: Any) -> tuple[str, bool]:
        """Return a value as the text of a cell, and whether it had to be cut; lines end as Excel's do."""
        text = writable_xml(str(value)).replace("\r\n", "\n").replace("\r", "\n")
        if len(text) <= LONGEST // 2 or len(text.encode("utf-16-le")) <= 2 * LONGEST:
            return text, False
        mark = _CUT[self.out.lang]
        kept = text.encode("utf-16-le")[: 2 * (LONGEST - len(mark))].decode("utf-16-le", "ignore")
        return kept + mark, True


def write(out: Outgoing, path: Path) -> None:
    """Write the tables, each its sheet and where it has more rows than Excel holds a further one.

    No cell is a formula or a link; a text too long for a cell is cut and marked, and the first sheet says how many are.
    Raise UsageError where XlsxWriter is not installed.
    """
    made = _Book(out, path)
    with made.book:
        about = made.new_sheet(made.said("about"))
        written = [_write_table(made, table) for table in _ORDER if table in out.tables]
        _write_about(made, about, written)


def _write_table(made: _Book, table: str) -> _Written:
    columns = columns_of(table)
    rows, cut = 0, 0
    for part, some in enumerate(_parts(made.out.flat(table)), 1):
        sheet = made.new_sheet(made.sheet_name(table, part), [column.name for column in columns])
        for n, column in enumerate(columns):
            sheet.set_column(n, n, _WIDE.get(column.name, _WIDTHS[column.kind]))
        at = 0
        for at, row in enumerate(some, 1):
            cut += _write_row(made, sheet, at, row, columns)
        sheet.autofilter(0, 0, at, len(columns) - 1)
        rows += at
    return _Written(table, rows, cut)


def _parts(rows: Iterator[Flat]) -> Iterator[Iterator[Flat]]:
    """Yield the rows in streams of as many as a sheet holds below its heading, the first even where there are none."""
    yield islice(rows, ROWS - 1)
    for first in rows:
        yield chain([first], islice(rows, ROWS - 2))


def _write_row(made: _Book, sheet: Any, at: int, row: Flat, columns: Sequence[Column]) -> int:
    """Write a row and return how many of its cells were cut; what is null, empty or no list stays empty."""
    cut = 0
    for n, column in enumerate(columns):
        value = joined(row[column.name])
        if value is None or value == "":
            continue
        if column.kind == "flag":
            sheet.write_boolean(at, n, value)
        elif column.kind in ("number", "whole"):
            sheet.write_number(at, n, value)
        elif column.kind == "day" and int(value[:4]) >= _FIRST_YEAR:
            sheet.write_datetime(at, n, date.fromisoformat(value), made.day)
        else:
            text, short = made.text_of(value)
            sheet.write_string(at, n, text)
            cut += short
    return cut


def _write_about(made: _Book, sheet: Any, written: Sequence[_Written]) -> None:
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 4, 60)
    for at, (strong, *cells) in enumerate(_about_rows(made, written)):
        for n, value in enumerate(cells):
            if isinstance(value, int):
                sheet.write_number(at, n, value)
            else:
                sheet.write_string(at, n, made.text_of(value)[0], made.bold if strong or n == 0 else None)


def _about_rows(made: _Book, written: Sequence[_Written]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the first sheet, each with whether it is a heading."""
    for name, value in made.out.about.as_dict().items():
        parts = [f"{key} {part}" for key, part in value.items()] if isinstance(value, dict) else value
        for part in parts if isinstance(parts, list) else [parts]:
            yield False, made.said(name), part
    yield (False, "")
    yield (True, *map(made.said, ("sheet", "rows", "holds", "cut")))
    for table, rows, cut in written:
        yield False, made.sheet_name(table, 1), rows, published()[table].meaning, cut
    yield (False, "")
    yield (True, *map(made.said, ("sheet", "column", "meaning")))
    for table, _, _ in written:
        for column in columns_of(table):
            yield False, made.sheet_name(table, 1), column.name, column.meaning


def _xlsxwriter() -> Any:
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError("a workbook needs XlsxWriter: pip install 'marsad[sheets]'") from None
    return xlsxwriter
