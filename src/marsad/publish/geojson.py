"""GeoJSON (RFC 7946): one feature a row with a point; rows without one keep their data with a null geometry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marsad.publish.characters import all_writable


def collection_of(
    rows: Iterable[Mapping[str, Any]], cells: Mapping[str, Any] | None = None, about: Mapping[str, Any] | None = None
) -> Iterator[str]:
    """Yield the lines of a feature collection; a cell stands for a point, marked as drawn and not surveyed.

    `about` are members of the collection beside its features, on the first line.
    """
    head = json.dumps({"type": "FeatureCollection", **all_writable(about or {})}, ensure_ascii=False)
    yield f'{head[:-1]}, "features": ['
    before = ""
    for row in rows:
        yield before + json.dumps(_feature(row, (cells or {}).get(row["place"])), ensure_ascii=False)
        before = ","
    yield "]}"


def _feature(row: Mapping[str, Any], cell: Any) -> dict[str, Any]:
    fields = {key: all_writable(value) for key, value in row.items() if key not in ("lat", "lon")}
    if cell is not None:
        note = "a drawing aid: the ground nearer to this place than to any other; no surveyed boundary"
        return {"type": "Feature", "geometry": cell, "properties": {**fields, "drawing_aid": True, "note": note}}
    point = None if row["lat"] is None else {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
    return {"type": "Feature", "geometry": point, "properties": fields}
