"""OGC GeoPackage 1.3: one SQLite file for QGIS and ArcGIS, a layer of points a table, written without GDAL.

The names of tables, columns and codes below are those of the standard (OGC 12-128r18, www.geopackage.org/spec130).
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from marsad.loading.published import Column, published
from marsad.publish.characters import all_writable, writable
from marsad.publish.csv_rows import joined
from marsad.publish.flat import columns_of
from marsad.publish.outgoing import Outgoing

LAYERS = ("incidents", "claims", "control", "changes")
WGS_84 = 4326
# "GPKG", and version 1.3.0.
_APPLICATION, _VERSION = 0x47504B47, 10300
_TYPES = {
    "text": "TEXT", "texts": "TEXT", "day": "DATE", "time": "DATETIME", "number": "DOUBLE", "whole": "INTEGER",
    "flag": "BOOLEAN",
}  # fmt: skip
_SPEC = "http://www.geopackage.org/spec130/#extension_"
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
  definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT,
  row_id_value INTEGER, timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
  description TEXT, mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
  min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""
_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SYSTEMS = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
    ("WGS 84 geodetic", WGS_84, "EPSG", WGS_84, _WKT, "longitude and latitude in decimal degrees on WGS 84"),
)
_EXTENSIONS = (
    ("gpkg_metadata", None, "gpkg_metadata", "metadata"),
    ("gpkg_metadata_reference", None, "gpkg_metadata", "metadata"),
    ("gpkg_data_columns", None, "gpkg_schema", "schema"),
    ("gpkg_data_column_constraints", None, "gpkg_schema", "schema"),
)


def write(out: Outgoing, path: Path) -> None:
    """Write a layer for each table with places; a row without a point is in it with no geometry, lists are joined."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        # Nobody else sees the file before it is whole: neither a journal nor waiting for the disk is needed.
        file.execute("PRAGMA journal_mode = OFF")
        file.execute("PRAGMA synchronous = OFF")
        file.execute(f"PRAGMA application_id = {_APPLICATION}")
        file.execute(f"PRAGMA user_version = {_VERSION}")
        file.executescript(f"BEGIN; {_TABLES}")
        _describe(file, out)
        for table in LAYERS:
            if table in out.tables:
                _write_layer(file, out, table)
        file.execute("COMMIT")


def _describe(file: sqlite3.Connection, out: Outgoing) -> None:
    """Write the reference systems, the extensions in use, and what the export states of itself in Dublin Core."""
    about = out.about
    core = {
        "@context": {"@vocab": "http://purl.org/dc/terms/"}, "title": about.title, "rights": about.licence,
        "creator": about.version, "modified": about.as_known, "coverage": dict(about.filters),
        "provenance": about.method, "source": list(about.credits),
    }  # fmt: skip
    text = json.dumps(all_writable(core), ensure_ascii=False)
    _insert(file, "gpkg_spatial_ref_sys", _SYSTEMS)
    _insert(file, "gpkg_extensions", ((*where, name, _SPEC + page, "read-write") for *where, name, page in _EXTENSIONS))
    _insert(file, "gpkg_metadata", [(1, "dataset", "http://purl.org/dc/terms/", "application/ld+json", text)])
    reference = ("geopackage", None, None, None, _instant(about.as_known), 1, None)
    _insert(file, "gpkg_metadata_reference", [reference])


def _write_layer(file: sqlite3.Connection, out: Outgoing, table: str) -> None:
    columns = columns_of(table)
    listed = ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in columns)
    file.execute(f'CREATE TABLE "{table}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, {listed})')
    given = published()[table]
    changed = _instant(out.about.as_known)
    content = (table, "features", given.en, given.meaning, changed, None, None, None, None, WGS_84)
    _insert(file, "gpkg_contents", [content])
    _insert(file, "gpkg_geometry_columns", [(table, "geom", "POINT", WGS_84, 0, 0)])
    told = ((table, column.name, column.name, column.name, column.meaning, None, None) for column in columns)
    _insert(file, "gpkg_data_columns", told)
    _insert(file, table, ((n, *_cells(row, columns)) for n, row in enumerate(out.flat(table), 1)))
    box = file.execute(f'SELECT min(lon), min(lat), max(lon), max(lat) FROM "{table}"').fetchone()
    file.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?", (*box, table)
    )


def _insert(file: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write the rows as they come."""
    width = len(file.execute(f'SELECT * FROM "{table}" LIMIT 0').description)
    file.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * width)})', rows)


def _cells(row: Mapping[str, Any], columns: tuple[Column, ...]) -> tuple[Any, ...]:
    return _point(row["lon"], row["lat"]), *(_cell(row[column.name], column.kind) for column in columns)


def _cell(value: Any, kind: str) -> Any:
    if kind == "time" and value is not None:
        return _instant(value)
    value = joined(value)
    return writable(value) if isinstance(value, str) else value


def _point(lon: float | None, lat: float | None) -> bytes | None:
    """Return a point as GeoPackage has it: its header (little-endian, no envelope) and well-known binary."""
    if lon is None or lat is None:
        return None
    return struct.pack("<2sBBiBIdd", b"GP", 0, 1, WGS_84, 1, 1, lon, lat)


def _instant(written: str) -> str:
    """Return an instant (ISO, UTC) as GeoPackage has it, to the millisecond."""
    return f"{datetime.fromisoformat(written).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
