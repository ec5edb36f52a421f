"""Every theatre has its borders; a user's own stand before them, and what is no map is refused with a sentence."""

from __future__ import annotations

import json

import pytest
import shapely
from shapely.geometry import shape

from marsad.errors import PackError, UsageError
from marsad.grounding.gazetteer import all_places
from marsad.loading.borders import borders
from marsad.loading.theatre import theatre_codes

# Governorates that the packaged figures, which are older, still have within another's.
WITHOUT = {
    "iq": {"iq-halabja"},
    "lb": {"lb-akkar", "lb-baalbek-hermel"},
    "sd": {"sd-west-kordofan"},
}
CAPITALS = {
    "SY01": "C1001", "SY02": "C1007", "SY03": "C2338", "SY04": "C2528", "SY05": "C2987", "SY06": "C3480",
    "SY07": "C3871", "SY08": "C4360", "SY09": "C5086", "SY10": "C5221", "SY11": "C5710", "SY12": "C5993",
    "SY13": "C6147", "SY14": "C6268",
}  # fmt: skip
SQUARE = [[35.0, 33.0], [36.0, 33.0], [36.0, 34.0], [35.0, 34.0], [35.0, 33.0]]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MARSAD_BORDERS", str(tmp_path))
    return tmp_path


@pytest.fixture
def own(folder):
    def write(content: object, code: str = "sy") -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{code}.json").write_text(text, "utf-8")

    return write


def features(*geometries: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": g} for g in geometries]}


def areas(code: str) -> dict[str, shapely.Geometry]:
    return {f["properties"]["id"]: shape(f["geometry"]) for f in borders(code)["features"]}


@pytest.mark.parametrize("code", theatre_codes())
def test_every_governorate_has_one_figure_but_those_that_are_younger(code):
    ids = [f["properties"]["id"] for f in borders(code)["features"]]
    governorates = {r.id for r in all_places().rows.values() if r.kind == "admin1" and r.country == code.upper()}
    named = [id for id in ids if id]
    assert ids == sorted(ids) and len(set(named)) == len(named) and set(named) <= governorates
    assert governorates - set(named) == (governorates if code == "ps" else WITHOUT.get(code, set()))


@pytest.mark.parametrize(("governorate", "capital"), CAPITALS.items())
def test_a_syrian_capital_lies_in_the_figure_of_its_own_governorate(governorate, capital):
    row = all_places().rows[capital]
    assert [id for id, area in areas("sy").items() if area.contains(shapely.Point(row.lon, row.lat))] == [governorate]


@pytest.mark.parametrize("code", theatre_codes())
def test_figures_are_whole_and_neither_overlap_nor_leave_gaps(code):
    shapes = [shape(f["geometry"]) for f in borders(code)["features"]]
    land = shapely.union_all(shapes)
    assert all(s.is_valid for s in shapes)
    assert sum(s.area for s in shapes) == pytest.approx(land.area, rel=1e-9)
    assert max(shapely.get_num_interior_rings(shapely.get_parts(land))) == 0


@pytest.mark.parametrize("code", theatre_codes())
def test_figures_are_rfc_7946_with_three_decimals(code):
    shapes = [shape(f["geometry"]) for f in borders(code)["features"]]
    assert all(round(n, 3) == n for n in shapely.get_coordinates(shapes).flat)
    for part in shapely.get_parts(shapes):
        assert part.exterior.is_ccw and not any(hole.is_ccw for hole in part.interiors)


def test_a_users_own_file_stands_before_the_packs_for_its_theatre_alone(own):
    own(features({"type": "Polygon", "coordinates": [SQUARE]}))
    [feature] = borders("sy")["features"]
    assert feature["properties"] == {"id": "", "name": ""} and shape(feature["geometry"]).area == 1.0
    assert len(borders("lb")["features"]) == 6


def test_an_own_file_keeps_the_properties_that_it_has(own):
    table = features({"type": "MultiPolygon", "coordinates": [[SQUARE]]})
    table["features"][0]["properties"] = {"id": "SY12", "name": "Daraa", "year": 2020}
    own("\ufeff" + json.dumps(table))
    assert borders("sy")["features"][0]["properties"] == {"id": "SY12", "name": "Daraa", "year": 2020}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "cannot be read as JSON"),
        ([], "is no GeoJSON FeatureCollection"),
        ({"type": "Topology"}, "is no GeoJSON FeatureCollection"),
        (features(), "has no features"),
        ({"type": "FeatureCollection", "features": [7]}, "feature 1 is nothing that is drawn"),
        (features({"type": "Point", "coordinates": [36, 33]}), "feature 1 is Point, not a Polygon"),
        (features({"type": "Polygon", "coordinates": [SQUARE]}, None), "feature 2 is nothing that is drawn"),
        (features({"type": "Polygon", "coordinates": [SQUARE[:4]]}), "a ring that is not closed"),
        (features({"type": "Polygon", "coordinates": [[[4e6, 3e6]] * 4]}), "not in degrees, longitude first"),
        (features({"type": "Polygon", "coordinates": SQUARE}), "feature 1 has a ring"),
        (features({"type": "Polygon", "coordinates": []}), "feature 1 has a ring"),
        (features({"type": "MultiPolygon", "coordinates": "north"}), "feature 1 has a ring"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_map_is_refused_with_its_name_and_the_remedy(own, content, why):
    own(content)
    with pytest.raises(PackError, match=rf"sy\.json: .*{why}.*; mend the file; without a file in \$MARSAD_BORDERS"):
        borders("sy")


def test_an_unknown_theatre_and_a_folder_that_is_not_there_are_wrong_questions(monkeypatch, folder):
    with pytest.raises(UsageError, match="unknown theatre 'xx'; known: iq"):
        borders("xx")
    monkeypatch.setenv("MARSAD_BORDERS", str(folder / "none"))
    with pytest.raises(UsageError, match="which is no folder; name one"):
        borders("sy")
