"""CSV, one file a table, each with its metadata beside it as CSV on the Web (W3C, 2015) has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from marsad.loading.published import Column, published
from marsad.publish.csv_rows import csv_of
from marsad.publish.flat import columns_of
from marsad.publish.outgoing import Outgoing

_TYPES = {
    "text": "string", "texts": "string", "day": "date", "time": "dateTimeStamp", "number": "number",
    "whole": "integer", "flag": "boolean",
}  # fmt: skip


def write(out: Outgoing, table: str, path: Path) -> None:
    """Write a table: UTF-8 with a mark, lists joined by "; ", formulas made harmless; and PATH-metadata.json."""
    columns = columns_of(table)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_of(out.flat(table), [column.name for column in columns]))
    metadata = json.dumps(_metadata(out, table, path.name), ensure_ascii=False, indent=1)
    path.with_name(f"{path.name}-metadata.json").write_text(metadata + "\n", "utf-8")


def _metadata(out: Outgoing, table: str, name: str) -> dict[str, Any]:
    about = out.about
    return {
        "@context": "http://www.w3.org/ns/csvw", "url": name,
        "dc:title": f"{about.title}: {published()[table].en}", "dc:description": published()[table].meaning,
        "dc:rights": about.licence, "dc:creator": about.version, "dc:modified": about.as_known,
        "dc:provenance": about.method, "dc:source": list(about.credits), "dc:coverage": dict(about.filters),
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": {"columns": [_column(column) for column in columns_of(table)]},
    }  # fmt: skip


def _column(column: Column) -> dict[str, Any]:
    """Return a column's description; a list says by what its parts are kept apart."""
    described = {"name": column.name, "titles": column.name, "dc:description": column.meaning}
    apart = {"separator": "; "} if column.kind == "texts" else {}
    return {**described, "datatype": _TYPES[column.kind], **apart}
