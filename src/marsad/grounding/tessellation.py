"""Cells of populated places, to colour a map of control with: a drawing aid.

A cell holds the points that lie nearer to its place than to any other. Nobody surveyed it, and nothing happened at its
edge: whoever draws or passes on cells says so.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from marsad.errors import UsageError
from marsad.grounding.gazetteer import all_places
from marsad.loading.borders import borders
from marsad.loading.theatre import PlaceRow

POPULATED = frozenset(("city", "town", "village", "camp"))
DECIMALS = 4  # of a degree: about 10 m
# How far outside the border a place may lie and still have its cell, in km. The packaged figures (1:10 million) are
# right to a kilometre or two: by them Kobani and Kfar Kila lie abroad, and Yemen's harbours in the sea.
_ASTRAY = 2.0
_KM_OF_A_DEGREE = 111.2


def cells_of(code: str, ids: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
    """Return the cell of each populated place of a theatre by id, as GeoJSON geometry clipped to its borders.

    With `ids`, only these have cells and share the whole land among them. Of places at one point the heaviest has the
    cell; places clearly outside the borders have none. The same places and borders give the same bytes.
    """
    land, wide = _land(code)
    rows = _one_a_point(_populated(code, ids))
    if not rows:
        return {}
    points = _stretched(_shapely().points([(row.lon, row.lat) for row in rows]), wide)
    near = _shapely().dwithin(land, points, _ASTRAY / _KM_OF_A_DEGREE)
    cells = _stretched(_clipped(_voronoi(points[near], land), land), 1 / wide)
    placed = [row.id for row, is_near in zip(rows, near, strict=True) if is_near]
    return {id: geometry for id, geometry in zip(placed, _geometries(cells), strict=True) if geometry}


def _shapely() -> Any:
    """Return the library, or say how one gets it; it is imported only where cells are drawn."""
    try:
        import shapely
    except ImportError:
        raise UsageError("cells are drawn with shapely; install it: pip install 'marsad[maps]'") from None
    return shapely


def _populated(code: str, ids: Collection[str] | None) -> list[PlaceRow]:
    """Return the theatre's populated places that have a point, all or those of the ids."""
    rows = all_places().rows
    asked = rows.values() if ids is None else [rows[id] for id in set(ids) if id in rows]
    return [row for row in asked if row.country == code.upper() and row.kind in POPULATED and row.lat is not None]


def _one_a_point(rows: Iterable[PlaceRow]) -> list[PlaceRow]:
    """Return the heaviest row of each point, by id: two places at one point would have no line between them."""
    heaviest: dict[tuple[float | None, float | None], PlaceRow] = {}
    for row in sorted(rows, key=lambda row: (-row.weight, row.id)):
        heaviest.setdefault((row.lon, row.lat), row)
    return sorted(heaviest.values(), key=lambda row: row.id)


def _land(code: str) -> tuple[Any, float]:
    """Return all that lies within the theatre's borders, stretched, and by what."""
    shapely = _shapely()
    land = shapely.union_all([_drawn(feature["geometry"]) for feature in borders(code)["features"]])
    wide = math.cos(math.radians((land.bounds[1] + land.bounds[3]) / 2))
    land = _stretched(land, wide)
    shapely.prepare(land)
    return land, wide


def _drawn(geometry: dict[str, Any]) -> Any:
    """Return a checked GeoJSON geometry as a shape that crosses itself nowhere."""
    shapely = _shapely()
    return shapely.make_valid(shapely.geometry.shape(geometry))


def _stretched(shapes: Any, factor: float) -> Any:
    """Return the shapes with their longitudes times the factor: so a degree is as long to the east as to the north."""
    return _shapely().transform(shapes, lambda points: points * (factor, 1.0))


def _voronoi(points: Any, land: Any) -> Any:
    """Return the cell of each point, in their order; a single point has all the land."""
    shapely = _shapely()
    if len(points) < 2:
        return shapely.get_parts([shapely.box(*land.bounds)] * len(points))
    return shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=land, ordered=True))


def _clipped(cells: Any, land: Any) -> Any:
    """Return what of each cell lies on the land; most lie on it whole and need no cutting."""
    shapely = _shapely()
    cut = ~shapely.contains_properly(land, cells)
    cells[cut] = shapely.intersection(cells[cut], land)
    return cells


def _geometries(cells: Any) -> list[dict[str, Any]]:
    """Return the cells as rounded GeoJSON, {} for one that has no area on the land."""
    whole = _shapely().set_precision(cells, 10**-DECIMALS)
    return [geojson_of(cell, DECIMALS) if cell.area else {} for cell in map(_areas_only, whole)]


def _areas_only(shape: Any) -> Any:
    """Return the polygons of a shape: where a cell only touches the border, a point or a line is left of it too."""
    if shape.geom_type != "GeometryCollection":
        return shape
    return _shapely().union_all([part for part in shape.geoms if "Polygon" in part.geom_type])


def geojson_of(shape: Any, decimals: int) -> dict[str, Any]:
    """Return polygons as RFC 7946 has them: outer rings against the clock, each ring from a fixed point on."""
    shapely = _shapely()
    found = shapely.geometry.mapping(shapely.orient_polygons(shapely.normalize(shape)))
    return {"type": found["type"], "coordinates": _rounded(found["coordinates"], decimals)}


def _rounded(value: float | Sequence[Any], decimals: int) -> Any:
    return round(value, decimals) if isinstance(value, float) else [_rounded(each, decimals) for each in value]
