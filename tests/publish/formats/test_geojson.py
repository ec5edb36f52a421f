"""GeoJSON files: GDAL reads the same rows, and the collection is that of RFC 7946."""

from __future__ import annotations

import json
import warnings

import geopandas
import jsonschema
import pandas
import pytest

from marsad.publish.flat import columns_of
from marsad.publish.formats import FORMATS
from marsad.publish.formats.geojson import write
from publish.formats.back import soundly

PLACED = FORMATS["geojson"].tables
# RFC 7946 (August 2016), sections 3.1.2 (Point), 3.2 (Feature), 3.3 (FeatureCollection) and 7 (members that are not).
RFC = {
    "type": "object",
    "required": ["type", "features"],
    "not": {"anyOf": [{"required": [name]} for name in ("coordinates", "geometries", "geometry", "properties", "crs")]},
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "geometry", "properties"],
                "not": {"anyOf": [{"required": [name]} for name in ("coordinates", "geometries", "features")]},
                "properties": {
                    "type": {"const": "Feature"},
                    "properties": {"type": ["object", "null"]},
                    "geometry": {
                        "oneOf": [
                            {"type": "null"},
                            {
                                "type": "object",
                                "required": ["type", "coordinates"],
                                "properties": {
                                    "type": {"const": "Point"},
                                    "coordinates": {
                                        "type": "array",
                                        "prefixItems": [
                                            {"type": "number", "minimum": -180, "maximum": 180},
                                            {"type": "number", "minimum": -90, "maximum": 90},
                                        ],
                                        "minItems": 2,
                                        "maxItems": 2,
                                    },
                                },
                            },
                        ]
                    },
                },
            },
        },
    },
}


def written(out, table, tmp_path):
    write(out, table, tmp_path / "out.geojson")
    return tmp_path / "out.geojson"


def loaded(path):
    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    return json.loads(path.read_bytes().decode("utf-8"), parse_constant=refuse)


@pytest.mark.parametrize("table", PLACED)
def test_a_file_is_a_collection_of_the_standard_a_feature_a_row(given, table, tmp_path):
    got = loaded(written(given, table, tmp_path))
    jsonschema.validate(got, RFC)
    rows = list(given.flat(table))
    properties = [feature["properties"] for feature in got["features"]]
    assert properties == [{k: soundly(v) for k, v in row.items() if k not in ("lat", "lon")} for row in rows]
    points = [f["geometry"] and f["geometry"]["coordinates"] for f in got["features"]]
    assert points == [None if row["lat"] is None else [row["lon"], row["lat"]] for row in rows]


@pytest.mark.parametrize("table", PLACED)
def test_gdal_reads_the_same_rows_without_a_word(outgoing, table, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = geopandas.read_file(written(outgoing, table, tmp_path))
    rows = list(outgoing.flat(table))
    assert frame.crs.to_epsg() == 4326 and len(frame) == len(rows)
    for column in columns_of(table):
        if column.kind in ("text", "number", "whole", "flag") and column.name not in ("lat", "lon", "numbers"):
            got = [None if pandas.isna(value) else value for value in frame[column.name]]
            assert got == [row[column.name] for row in rows], column.name
    points = [None if point is None else (point.x, point.y) for point in frame.geometry]
    assert points == [None if row["lat"] is None else (row["lon"], row["lat"]) for row in rows]


@pytest.mark.parametrize("table", PLACED)
def test_gdal_reads_odd_letters(odd, table, tmp_path):
    frame = geopandas.read_file(written(odd(), table, tmp_path))
    assert frame["place"].fillna("").tolist() == [soundly(row["place"]) or "" for row in odd().flat(table)]


def test_lists_stay_lists_and_a_point_has_its_radius(outgoing, tmp_path):
    features = loaded(written(outgoing, "incidents", tmp_path))["features"]
    assert any(len(f["properties"]["sources"]) > 1 for f in features)
    assert all(f["properties"]["radius_km"] > 0 for f in features if f["geometry"])


def test_the_first_line_says_what_the_export_is_before_the_first_feature(given, tmp_path):
    path = written(given, "claims", tmp_path)
    with path.open(encoding="utf-8") as file:
        head = json.loads(file.readline() + "]}")
    assert head["features"] == [] and head["metadata"]["licence"] == soundly(given.about.licence)
    assert head["metadata"]["credits"] == list(given.about.credits)
    assert head["metadata"]["columns"]["evidence"] == "the words of the report that carry it"
    assert path.read_text("utf-8").count("\n") == len(list(given.flat("claims"))) + 2
