"""Cells share the land among the places: none overlap, none is missing, each place lies in its own."""

from __future__ import annotations

import json
import math
import sys

import pytest
import shapely
from shapely.geometry import shape

from marsad.errors import UsageError
from marsad.grounding.gazetteer import all_places
from marsad.grounding.tessellation import POPULATED, cells_of
from marsad.loading.borders import borders

# A cell's corners are rounded to a ten-thousandth of a degree: so far may an edge have moved.
ROUNDED = 1e-4
ALEPPO, DAMASCUS, SUWAYDA, KOBANI, HASAKAH = "C1007", "C1001", "C6147", "C1946", "C4360"
GOLAN_HAMLET = "wof-1243371245"


@pytest.fixture(autouse=True)
def packaged(monkeypatch):
    monkeypatch.delenv("MARSAD_BORDERS", raising=False)


def land_of(code: str) -> shapely.Geometry:
    return shapely.union_all([shape(f["geometry"]) for f in borders(code)["features"]])


def point_of(id: str) -> shapely.Point:
    row = all_places().rows[id]
    return shapely.Point(row.lon, row.lat)


@pytest.fixture(params=["sy", "ye", "ps"], scope="module")
def drawn(request) -> tuple[str, dict[str, shapely.Geometry], shapely.Geometry]:
    code = request.param
    return code, {id: shape(cell) for id, cell in cells_of(code).items()}, land_of(code)


def test_cells_cover_the_country_and_do_not_overlap(drawn):
    _, cells, land = drawn
    together = shapely.union_all(list(cells.values()))
    assert sum(cell.area for cell in cells.values()) == pytest.approx(together.area, rel=1e-6)
    assert land.difference(together).area < ROUNDED * land.length
    assert together.difference(land).area < ROUNDED * land.length
    assert all(cell.is_valid and cell.area > 0 for cell in cells.values())


def test_each_populated_place_within_the_borders_lies_in_its_own_cell(drawn):
    code, cells, land = drawn
    rows = [r for r in all_places().rows.values() if r.country == code.upper() and r.kind in POPULATED]
    shapely.prepare(land)
    within = {r.id: point_of(r.id) for r in rows if r.lat is not None and land.contains(point_of(r.id))}
    alone = {point.wkt: id for id, point in within.items()}
    assert len(alone) == len([id for id in cells if id in within]) and set(cells) <= {r.id for r in rows}
    assert [id for id, cell in cells.items() if id in within and cell.distance(within[id]) > ROUNDED] == []


def test_the_same_places_give_the_same_bytes_in_whatever_order_they_are_named():
    cells = cells_of("ye")
    assert json.dumps(cells) == json.dumps(cells_of("ye")) == json.dumps(cells_of("ye", list(cells)[::-1]))


def test_only_the_named_populated_places_share_the_land():
    cells = cells_of("sy", [ALEPPO, DAMASCUS, "SY12", "lb-beirut-city", "nowhere"])
    assert list(cells) == [DAMASCUS, ALEPPO]
    assert shape(cells[ALEPPO]).contains(point_of("C5710")) and shape(cells[DAMASCUS]).contains(point_of(SUWAYDA))


def test_one_place_has_all_the_land_and_no_place_none():
    [cell] = cells_of("sy", [DAMASCUS]).values()
    assert shape(cell).symmetric_difference(land_of("sy")).area < 1e-3
    assert cells_of("sy", []) == cells_of("sy", ["nowhere"]) == {}


def test_a_place_by_the_border_keeps_its_cell_and_one_far_outside_has_none():
    assert not land_of("sy").contains(point_of(KOBANI))
    assert set(cells_of("sy", [KOBANI, ALEPPO, GOLAN_HAMLET])) == {KOBANI, ALEPPO}
    assert cells_of("sy", [GOLAN_HAMLET]) == {}


def test_of_two_places_at_one_point_the_heavier_has_the_cell():
    rows = [r for r in all_places().rows.values() if r.country == "SY" and r.kind in POPULATED and r.lat is not None]
    at: dict[tuple[float, float], list[tuple[int, str]]] = {}
    for row in rows:
        at.setdefault((row.lon, row.lat), []).append((-row.weight, row.id))
    shared = next(sorted(both) for both in at.values() if len({weight for weight, _ in both}) > 1)
    assert list(cells_of("sy", [id for _, id in shared])) == [shared[0][1]]


def test_between_two_places_the_line_runs_where_both_are_as_far_on_the_ground():
    # A degree to the east is cos 34.8° of one to the north in the middle of Syria.
    first, second = (shape(cell) for cell in cells_of("sy", [ALEPPO, HASAKAH]).values())
    line = first.intersection(second)
    for share in (0.1, 0.5, 0.9):
        here = line.interpolate(share, normalized=True)
        one, other = (math.hypot((p.x - here.x) * 0.821, p.y - here.y) for p in map(point_of, (ALEPPO, HASAKAH)))
        assert one == pytest.approx(other, rel=1e-3)


def test_geometry_is_geojson_with_four_decimals_and_rings_against_the_clock():
    for cell in cells_of("ps").values():
        assert cell["type"] in ("Polygon", "MultiPolygon") and shape(cell).exterior.is_ccw
        assert all(round(degrees, 4) == degrees for point in cell["coordinates"][0] for degrees in point)


def test_cells_follow_a_users_own_borders(tmp_path, monkeypatch):
    ring = [[36.0, 33.0], [37.0, 33.0], [37.0, 34.0], [36.0, 34.0], [36.0, 33.0]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (tmp_path / "sy.json").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    monkeypatch.setenv("MARSAD_BORDERS", str(tmp_path))
    cells = cells_of("sy", [DAMASCUS, ALEPPO])
    assert list(cells) == [DAMASCUS] and shape(cells[DAMASCUS]).area == pytest.approx(1.0)


def test_without_shapely_one_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "shapely", None)
    with pytest.raises(UsageError, match=r"pip install 'marsad\[maps\]'"):
        cells_of("ps")


def test_an_unknown_theatre_is_a_wrong_question():
    with pytest.raises(UsageError, match="unknown theatre 'xx'"):
        cells_of("xx")
