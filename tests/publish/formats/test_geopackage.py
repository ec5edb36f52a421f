"""The GeoPackage: GDAL reads every layer without a warning, and the file keeps what the standard asks of it."""

from __future__ import annotations

import json
import sqlite3
import struct
import warnings
from contextlib import closing
from datetime import date, datetime

import pandas
import pyogrio
import pytest
import shapely

from marsad.loading.published import published
from marsad.publish.flat import columns_of
from marsad.publish.formats.geopackage import LAYERS, write
from marsad.publish.outgoing import Outgoing
from publish.formats.back import in_one, soundly


@pytest.fixture
def file(given, tmp_path):
    write(given, tmp_path / "out.gpkg")
    return tmp_path / "out.gpkg"


@pytest.fixture(autouse=True)
def no_word_of_gdal():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def asked(file, question):
    with closing(sqlite3.connect(file)) as opened:
        return opened.execute(question).fetchall()


def as_read(row, table):
    """Return a flat row as a layer has it: lists in one, times to the millisecond."""
    made = {}
    for column in columns_of(table):
        value = soundly(in_one(row[column.name]))
        if value is not None and column.kind == "day":
            value = date.fromisoformat(value)
        elif value is not None and column.kind == "time":
            whole = datetime.fromisoformat(value)
            value = whole.replace(microsecond=whole.microsecond // 1000 * 1000)
        made[column.name] = value
    return made


def value_of(value, kind):
    if value is None or pandas.isna(value):
        return None
    return value.date() if kind == "day" else value.to_pydatetime() if kind == "time" else value


@pytest.mark.parametrize("table", LAYERS)
def test_gdal_reads_every_column_of_every_row(file, given, table):
    frame = pyogrio.read_dataframe(file, layer=table)
    rows = [as_read(row, table) for row in given.flat(table)]
    assert len(frame) == len(rows) and list(frame.columns[:-1]) == [column.name for column in columns_of(table)]
    for column in columns_of(table):
        got = [value_of(value, column.kind) for value in frame[column.name]]
        assert got == [row[column.name] for row in rows], column.name


@pytest.mark.parametrize("table", LAYERS)
def test_a_layer_has_the_points_of_its_rows_and_their_box(file, given, table):
    rows = [row for row in given.flat(table) if row["lat"] is not None]
    frame = pyogrio.read_dataframe(file, layer=table)
    assert [(point.x, point.y) for point in frame.geometry if point] == [(row["lon"], row["lat"]) for row in rows]
    told = pyogrio.read_info(file, layer=table)
    assert told["crs"] == "EPSG:4326" and told["geometry_type"] == "Point"
    if rows:
        assert told["total_bounds"] == tuple(shapely.total_bounds(frame.geometry.array))


def test_the_layers_are_those_of_the_tables_with_places(file):
    assert [name for name, kind in pyogrio.list_layers(file)] == list(LAYERS)


def test_gdal_shows_what_the_export_states_of_itself_and_what_each_table_is(file, given):
    told = pyogrio.read_info(file, layer="claims")
    core = json.loads(told["dataset_metadata"]["GPKG_METADATA_ITEM_1"])
    assert core["title"] == soundly(given.about.title) and core["modified"] == given.about.as_known
    assert core["coverage"] == dict(given.about.filters) and core["source"] == list(given.about.credits)
    assert told["layer_metadata"]["DESCRIPTION"] == published()["claims"].meaning


def test_the_file_says_that_it_is_a_geopackage_of_version_1_3(file):
    assert asked(file, "PRAGMA application_id") == [(int.from_bytes(b"GPKG", "big"),)]
    assert asked(file, "PRAGMA user_version") == [(10300,)]


def test_the_file_is_whole_and_every_row_of_its_tables_leads_somewhere(file):
    assert asked(file, "PRAGMA integrity_check") == [("ok",)] and asked(file, "PRAGMA foreign_key_check") == []
    systems = {row[0] for row in asked(file, "SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert systems == {-1, 0, 4326}
    extended = asked(file, "SELECT table_name, extension_name, scope FROM gpkg_extensions")
    present = {row[0] for row in asked(file, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {name for name, _, _ in extended} <= present
    assert {(name, scope) for _, name, scope in extended} == {
        ("gpkg_metadata", "read-write"), ("gpkg_schema", "read-write"),
    }  # fmt: skip


def test_no_time_in_it_is_that_of_the_clock(file, given):
    known = datetime.fromisoformat(given.about.as_known).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    assert {row[0] for row in asked(file, "SELECT last_change FROM gpkg_contents")} == {known}
    assert asked(file, "SELECT timestamp FROM gpkg_metadata_reference") == [(known,)]


def test_every_column_says_what_it_means(file):
    told = asked(file, "SELECT table_name, column_name, description FROM gpkg_data_columns")
    assert told == [(table, column.name, column.meaning) for table in LAYERS for column in columns_of(table)]


def test_a_point_is_its_header_and_well_known_binary(outgoing, tmp_path):
    write(outgoing, tmp_path / "out.gpkg")
    [(blob, lon, lat)] = asked(
        tmp_path / "out.gpkg", "SELECT geom, lon, lat FROM incidents WHERE geom IS NOT NULL LIMIT 1"
    )
    assert blob[:4] == b"GP\x00\x01" and struct.unpack("<I", blob[4:8]) == (4326,)
    point = shapely.from_wkb(blob[8:])
    assert (point.x, point.y) == (lon, lat)


def test_only_the_tables_that_are_asked_for_are_layers_and_nothing_lies_beside(outgoing, tmp_path):
    write(Outgoing(outgoing.about, {"control": outgoing.tables["control"]}), tmp_path / "out.gpkg")
    assert [name for name, _ in pyogrio.list_layers(tmp_path / "out.gpkg")] == ["control"]
    assert [file.name for file in tmp_path.iterdir()] == ["out.gpkg"]
