"""GeoJSON: one feature a row, longitude first, every field kept, nothing drawn that is not marked as drawn."""

from __future__ import annotations

import json

from marsad.publish.geojson import collection_of

TAFAS = {
    "place": "C6034",
    "name": "Tafas",
    "name_ar": "طفس",
    "lat": 32.7,
    "lon": 36.0,
    "holders": ["hts", "opposition"],
}
UNPLACED = {"place": "mine-1", "name": "x", "lat": None, "lon": None, "holders": []}
CELL = {"type": "Polygon", "coordinates": [[[36, 32], [37, 32], [37, 33], [36, 32]]]}


def collection(*rows, cells=None):
    return json.loads("\n".join(collection_of(rows, cells)))


def test_rows_are_features_of_one_collection_in_their_order():
    got = collection(TAFAS, UNPLACED)
    assert got["type"] == "FeatureCollection"
    assert [(f["type"], f["properties"]["place"]) for f in got["features"]] == [
        ("Feature", "C6034"), ("Feature", "mine-1"),
    ]  # fmt: skip


def test_a_point_has_its_longitude_first():
    [feature] = collection(TAFAS)["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [36.0, 32.7]}


def test_a_row_without_a_point_keeps_its_fields_and_has_no_geometry():
    [feature] = collection(UNPLACED)["features"]
    assert feature["geometry"] is None and feature["properties"]["name"] == "x"


def test_every_field_but_the_point_is_a_property_as_it_is():
    [feature] = collection(TAFAS)["features"]
    assert feature["properties"] == {key: TAFAS[key] for key in TAFAS if key not in ("lat", "lon")}


def test_no_rows_are_an_empty_collection():
    assert collection() == {"type": "FeatureCollection", "features": []}


def test_arabic_letters_stand_as_they_are():
    assert "طفس" in "".join(collection_of([TAFAS]))


def test_a_cell_stands_for_the_point_and_is_marked_as_drawn():
    drawn, point = collection(TAFAS, UNPLACED, cells={"C6034": CELL})["features"]
    assert drawn["geometry"] == CELL and drawn["properties"]["drawing_aid"] is True
    assert "no surveyed boundary" in drawn["properties"]["note"]
    assert point["geometry"] is None and "drawing_aid" not in point["properties"]


def test_each_feature_stands_on_a_line_of_its_own():
    assert len(list(collection_of([TAFAS, UNPLACED]))) == 4


def test_the_same_rows_give_the_same_bytes():
    assert list(collection_of([TAFAS])) == list(collection_of([TAFAS]))
