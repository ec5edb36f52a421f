"""The formats of `marsad export`, one module each: it is handed what may leave and writes it, row by row.

A module has `write(out, path)`; one of a format with a file for each table has `write(out, table, path)`. What it
writes beside the file lies in the same folder and begins with the file's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from marsad.publish.outgoing import Outgoing

TABLES = ("claims", "incidents", "control", "changes", "reports")
_PLACED = ("claims", "incidents", "control", "changes")
_EVENTS = ("incidents",)


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
        Format("hxl", "hxl", ".csv", "CSV with the hashtags of the Humanitarian Exchange Language", whole=False),
        Format("xlsx", "xlsx", ".xlsx", "an Excel workbook, a sheet a table"),
        Format("geojson", "geojson", ".geojson", "maps on the web (RFC 7946)", _PLACED, whole=False),
        Format("geopackage", "geopackage", ".gpkg", "QGIS and ArcGIS (OGC GeoPackage)", _PLACED),
        Format("kml", "kml", ".kml", "Google Earth (OGC KML 2.2)", _PLACED),
        Format("acled", "acled", ".csv", "the 31 columns of ACLED", _EVENTS),
        Format("ucdp", "ucdp", ".csv", "the 49 columns of UCDP's Georeferenced Event Dataset", _EVENTS),
        Format("plover", "plover", ".jsonl", "PLOVER events, JSON Lines", _EVENTS),
        Format("timemap", "timemap", ".json", "the data of a TimeMap platform", _EVENTS),
        Format("ftm", "ftm", ".csv", "FollowTheMoney statements, for Aleph and OpenAleph", _EVENTS),
        Format("atom", "atom", ".xml", "a feed of new incidents (RFC 4287)", _EVENTS),
    )
}


def write_tables(format: Format, out: Outgoing, tables: tuple[str, ...], folder: Path, name: str) -> list[Path]:
    """Write the tables into the folder, and return the files; a format of one file is called `name`."""
    module = import_module(f"marsad.publish.formats.{format.module}")
    if format.whole:
        module.write(replace(out, tables={id: out.tables[id] for id in (*tables, "told")}), folder / name)
    else:
        single = len(tables) == 1 and name
        for table in tables:
            module.write(out, table, folder / (name if single else f"{table}{format.suffix}"))
    return sorted(folder.iterdir())
