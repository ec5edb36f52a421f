"""Tables in the columns of another house: the file as that house has it, and beside it what it is and what it lacks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from marsad.loading.mappings import EventColumn
from marsad.publish.characters import all_writable
from marsad.publish.csv_rows import csv_of
from marsad.publish.outgoing import Outgoing

Row = Mapping[str, Any]
_TYPES = {"text": "string", "day": "date", "number": "number", "whole": "integer"}


def write_events(
    out: Outgoing, path: Path, columns: Sequence[EventColumn], rows: Iterable[Row], left_out: Mapping[str, int],
    standard: str,
) -> None:  # fmt: skip
    """Write the rows as CSV in UTF-8 without a mark, as the house's tools read it, and PATH-metadata.json (CSVW).

    `left_out` is read when all rows are written: how many incidents are no event, by the reason.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in csv_of(rows, [column.name for column in columns]):
            file.write(line.removeprefix("\ufeff"))
    write_about(out, path, [_described(column) for column in columns], standard, left_out)


def write_about(out: Outgoing, path: Path, columns: Sequence[Row], standard: str, left_out: Mapping[str, int]) -> None:
    """Write PATH-metadata.json: what the file beside it is, its columns where it has some, and what was left out."""
    about = out.about
    table = {"tableSchema": {"columns": list(columns)}} if columns else {}
    metadata = {
        "@context": "http://www.w3.org/ns/csvw", "url": path.name, "dc:title": about.title,
        "dc:conformsTo": standard, "dc:rights": about.licence, "dc:creator": about.version,
        "dc:modified": about.as_known, "dc:provenance": about.method, "dc:source": list(about.credits),
        "dc:coverage": dict(about.filters), **table, "left_out": dict(sorted(left_out.items())),
    }  # fmt: skip
    written = json.dumps(all_writable(metadata), ensure_ascii=False, indent=1)
    path.with_name(f"{path.name}-metadata.json").write_text(written + "\n", "utf-8")


def _described(column: EventColumn) -> dict[str, str]:
    return {"name": column.name, "datatype": _TYPES[column.kind], "dc:description": column.meaning}
