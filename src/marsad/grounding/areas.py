"""What a place is blurred to for publication: its sub-district, else its district, else its governorate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.grounding.gazetteer import all_places
from marsad.loading.theatre import PlaceRow, aliases, cells, theatre_codes

# How far an area of a level reaches from its middle in kilometres, about: what a reader is told of its exactness.
_REACH = {"admin3": 12.0, "admin2": 30.0, "admin1": 70.0}


@dataclass(frozen=True, slots=True)
class BlurredTo:
    """An area that stands for a place, and every name by which the place itself is written."""

    id: str | None
    name: str
    lat: float | None
    lon: float | None
    radius_km: float | None
    hidden: Sequence[str]


def area_of(place_id: str) -> BlurredTo | None:
    """Return the smallest area around a place that the gazetteer knows; None where it knows none."""
    rows = all_places().rows
    row = rows.get(place_id)
    if row is None:
        return None
    hidden = tuple(dict.fromkeys([row.name, row.name_ar, *_aliases_of(row)]))
    for level, reach in _REACH.items():
        area = rows.get(getattr(row, level))
        if area is not None and area.id != row.id and area.name != row.name:
            return BlurredTo(area.id, area.name, area.lat, area.lon, reach, hidden)
    return None


def _aliases_of(row: PlaceRow) -> list[str]:
    code = row.country.lower()
    packs = (code, "world") if code in theatre_codes() else ("world",)
    return [alias for pack in packs for id, alias, _ in map(cells, aliases(pack)) if id == row.id]
