"""What a place is blurred to for publication: its sub-district, else its district, else its governorate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.errors import UsageError
from marsad.grounding.gazetteer import all_places, find, latin_key
from marsad.loading.theatre import PlaceRow, aliases, cells, theatre_codes

_GOVERNORATES = ("admin1", "region", "governorate")
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


def governorate_named(name: str) -> str | None:
    """Return the standard name of the governorate that is called so in any spelling; None where there is none."""
    row = _governorate(name)
    return row.name if row else None


def governorate_id(name: str) -> str | None:
    """Return the id of the governorate that is called so in any spelling, or has this id; None where there is none."""
    if name in all_places().rows:
        return name
    row = _governorate(name)
    return row.id if row else None


def area_named(name: str | None) -> str | None:
    """Return the id of a governorate that is named in any spelling, or a country's two letters; raise UsageError."""
    if name is None or (len(name) == 2 and name.isascii()):
        return name and name.upper()
    id = governorate_id(name)
    if id is None:
        raise UsageError(f"no governorate is called {name!r}; `marsad gazetteer find {name}` shows what is")
    return id


def _governorate(name: str) -> PlaceRow | None:
    found = [place for place in find(name) if place.kind in _GOVERNORATES] or list(_governorates_in_latin(name))
    return max(found, key=lambda place: place.weight, default=None)


def _governorates_in_latin(name: str) -> Iterator[PlaceRow]:
    """Yield the governorates whose name begins with these words: "Daraa" names Daraa Governorate."""
    wanted = latin_key(name)
    for row in all_places().rows.values():
        words = row.name.split() if wanted and row.kind in _GOVERNORATES else []
        if any(latin_key(" ".join(words[:end])) == wanted for end in range(1, len(words) + 1)):
            yield row
