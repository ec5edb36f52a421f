"""Borders of a theatre's first-level areas: the pack's, or a user's own in their place."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from marsad.errors import PackError, UsageError
from marsad.loading.codebook import PACKS
from marsad.loading.theatre import theatre_codes

_LON, _LAT = 180.0, 90.0
_CORNERS = 4  # of the smallest ring: a triangle, closed


def borders(code: str) -> dict[str, Any]:
    """Return a theatre's first-level areas as a GeoJSON FeatureCollection: from $MARSAD_BORDERS, else from the pack.

    Each feature's properties hold at least `id`, the area's in the gazetteer or "" where it is none, and `name`. What
    is returned is kept and shared: copy it before you change it.
    """
    if code not in theatre_codes():
        raise UsageError(f"unknown theatre {code!r}; known: {', '.join(theatre_codes())}")
    own = _own_file(code)
    return _collection(own or Path(str(PACKS)) / "theatres" / code / "borders.json")


def _own_file(code: str) -> Path | None:
    """Return the user's file of borders; None where there is none for this theatre."""
    given = os.environ.get("MARSAD_BORDERS")
    if not given:
        return None
    folder = Path(given).expanduser()
    if not folder.is_dir():
        raise UsageError(
            f"MARSAD_BORDERS is {given!r}, which is no folder; name one that holds {code}.json, or unset it"
        )
    return folder / f"{code}.json" if (folder / f"{code}.json").is_file() else None


@cache
def _collection(path: Path) -> dict[str, Any]:
    """Return the checked collection of a file; raise PackError that names the file, what is wrong and the remedy."""
    try:
        table = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise _refusal(path, f"cannot be read as JSON ({error})") from error
    if not isinstance(table, dict) or table.get("type") != "FeatureCollection":
        raise _refusal(path, "is no GeoJSON FeatureCollection")
    features = table.get("features")
    if not isinstance(features, list) or not features:
        raise _refusal(path, "has no features")
    for number, feature in enumerate(features, 1):
        _check(path, number, feature)
    return {"type": "FeatureCollection", "features": [_named(feature) for feature in features]}


def _check(path: Path, number: int, feature: Any) -> None:
    """Raise PackError where the feature is no polygon on the globe."""
    geometry = (feature.get("geometry") if isinstance(feature, dict) else None) or {}
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _refusal(path, f"feature {number} is {kind or 'nothing that is drawn'}, not a Polygon or MultiPolygon")
    if not _is_drawn(kind, geometry.get("coordinates")):
        raise _refusal(path, f"feature {number} has a ring that is not closed or not in degrees, longitude first")


def _is_drawn(kind: str, coordinates: Any) -> bool:
    """Tell whether there are polygons, each with its rings."""
    polygons = [coordinates] if kind == "Polygon" else coordinates
    try:
        return bool(polygons) and all(len(polygon) and all(map(_is_ring, polygon)) for polygon in polygons)
    except (TypeError, IndexError, KeyError):  # a number or a word where a list should stand
        return False


def _is_ring(ring: Any) -> bool:
    """Tell whether the points are on the globe and come back to the first."""
    on_globe = all(-_LON <= point[0] <= _LON and -_LAT <= point[1] <= _LAT for point in ring)
    return on_globe and len(ring) >= _CORNERS and ring[0] == ring[-1]


def _named(feature: dict[str, Any]) -> dict[str, Any]:
    """Return the feature with an `id` and a `name`, empty where the file gives none."""
    return {**feature, "properties": {"id": "", "name": "", **(feature.get("properties") or {})}}


def _refusal(path: Path, found: str) -> PackError:
    remedy = "mend the file; without a file in $MARSAD_BORDERS the pack's borders are drawn"
    return PackError(f"{path}: {found}; {remedy}")
