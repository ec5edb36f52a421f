"""CSV for spreadsheets: UTF-8 with a mark, one row a thing, lists joined by semicolons, formulas made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from marsad.publish.characters import writable

# What parts of a list are kept apart by in a cell.
BETWEEN = "; "
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], tags: Sequence[str] | None = None
) -> Iterator[str]:
    """Yield the heading and the rows of a CSV file, the first with the mark by which spreadsheets know UTF-8.

    `tags` are a second row of the heading; readers of HXL take the mark for a letter, so then there is none.
    """
    yield _line(columns) if tags else f"\ufeff{_line(columns)}"
    if tags:
        yield _line(tags)
    for row in rows:
        yield _line([_cell(row[column]) for column in columns])


def joined(value: Any) -> Any:
    """Return a list as one text, its parts kept apart by BETWEEN, which in a part is ", "; anything else as it is."""
    return BETWEEN.join(str(p).replace(BETWEEN, ", ") for p in value) if isinstance(value, list | tuple) else value


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _cell(value: Any) -> str:
    """Return a value as a cell; what a spreadsheet would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = writable(str(joined(value)))
    return f"'{text}" if text.startswith(_FORMULA) else text
