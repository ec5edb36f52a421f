"""CSV, one file a table, each with its metadata beside it as CSV on the Web (W3C, 2015) has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from marsad.loading.published import Column, published
from marsad.publish.characters import all_writable
from marsad.publish.csv_rows import BETWEEN, csv_of
from marsad.publish.flat import columns_of
from marsad.publish.outgoing import Outgoing

_TYPES = {
    "text": "string", "texts": "string", "day": "date", "time": "dateTimeStamp", "number": "number",
    "whole": "integer", "flag": "boolean",
}  # fmt: skip
_APOSTROPHE = (
    "A cell that a spreadsheet would run as a formula (it begins with =, +, -, @, a tab or a line end) "
    "has an apostrophe before it, which is none of the value's."
)


def write(out: Outgoing, table: str, path: Path) -> None:
    """Write a table: UTF-8 with a mark, lists joined by "; ", formulas made harmless; and PATH-metadata.json."""
    write_csv(out, table, path, tagged=False)


def write_csv(out: Outgoing, table: str, path: Path, tagged: bool) -> None:
    """Write a table and its metadata; `tagged` puts a row of HXL hashtags below the names, and no mark of UTF-8."""
    columns = columns_of(table)
    tags = [column.hxl for column in columns] if tagged else None
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_of(out.flat(table), [column.name for column in columns], tags))
    metadata = json.dumps(all_writable(_metadata(out, table, path.name, tagged)), ensure_ascii=False, indent=1)
    path.with_name(f"{path.name}-metadata.json").write_text(metadata + "\n", "utf-8", newline="\n")


def _metadata(out: Outgoing, table: str, name: str, tagged: bool) -> dict[str, Any]:
    about = out.about
    return {
        "@context": "http://www.w3.org/ns/csvw", "url": name,
        "dc:title": f"{about.title}: {published()[table].en}", "dc:description": published()[table].meaning,
        "dc:rights": about.licence, "dc:creator": about.version, "dc:modified": about.as_known,
        "dc:provenance": about.method, "dc:source": list(about.credits),
        "dc:coverage": BETWEEN.join(f"{name} {value}" for name, value in about.filters.items()),
        "rdfs:comment": _APOSTROPHE,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "headerRowCount": 2 if tagged else 1},
        "tableSchema": {"columns": [_column(column, tagged) for column in columns_of(table)]},
    }  # fmt: skip


def _column(column: Column, tagged: bool) -> dict[str, Any]:
    """Return a column's description; a list says by what its parts are kept apart."""
    titles = [column.name, column.hxl] if tagged else column.name
    described = {"name": column.name, "titles": titles, "dc:description": column.meaning}
    apart = {"separator": BETWEEN} if column.kind == "texts" else {}
    return {**described, "datatype": _TYPES[column.kind], **apart}
