"""The formats of `marsad export`, one module each: it is handed what may leave and writes it, row by row.

A module has `write(out, path)`; one of a format with a file for each table has `write(out, table, path)`. What it
writes beside the file lies in the same folder and begins with the file's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from marsad.publish.outgoing import Outgoing

TABLES = ("claims", "incidents", "control", "changes", "reports")


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the module that writes it, the end of its files' names, and for whom it is.

    `tables` are those that it can hold: of several each is a file of its own unless `whole`.
    """

    id: str
    module: str
    suffix: str
    meaning: str
    tables: tuple[str, ...] = TABLES
    whole: bool = True


FORMATS: Mapping[str, Format] = {
    format.id: format
    for format in (
        Format("parquet", "parquet", ".parquet", "Arrow tables for DuckDB, pandas, R", whole=False),
        Format("csv", "csv", ".csv", "for spreadsheets and everything else", whole=False),
    )
}


def write_tables(format: Format, out: Outgoing, tables: tuple[str, ...], folder: Path, name: str) -> list[Path]:
    """Write the tables into the folder, and return the files; a format of one file is called `name`."""
    module = import_module(f"marsad.publish.formats.{format.module}")
    if format.whole:
        module.write(out, folder / name)
    else:
        single = len(tables) == 1 and name
        for table in tables:
            module.write(out, table, folder / (name if single else f"{table}{format.suffix}"))
    return sorted(folder.iterdir())
