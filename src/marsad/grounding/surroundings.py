"""Which areas lie around a place, and what kind of thing a place is."""

from __future__ import annotations

from functools import lru_cache

from marsad.grounding.gazetteer import all_places

AREAS = frozenset(("admin3", "admin2", "admin1", "country", "region"))
SETTLEMENTS = frozenset(("city", "town", "village", "neighbourhood", "camp", "settlement"))


@lru_cache(maxsize=65536)
def around(place: str) -> tuple[str, ...]:
    """Return the ids of the areas around a place, the nearest first: subdistrict, district, governorate.

    A country is none of them: who is said to hold "Syria" holds no one town of it for that.
    """
    row = all_places().rows.get(place.partition("/")[0])
    if row is None:
        return ()
    ids = [*([row.id] if "/" in place else []), row.admin3, row.admin2, row.admin1]
    return tuple(dict.fromkeys(id for id in ids if id and id != place))


def is_area(place: str) -> bool:
    """Tell whether a place is an area with others in it."""
    row = all_places().rows.get(place)
    return row is not None and row.kind in AREAS


def governorate_of(place: str) -> str:
    """Return the id of the governorate in which a place lies or which it is, "" where none is known."""
    row = all_places().rows.get(place)
    return "" if row is None else row.id if row.kind == "admin1" else row.admin1
