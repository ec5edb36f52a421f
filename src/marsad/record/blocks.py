"""Where to look for the incident of a claim: by day and by place or words, so that not every incident is compared.

What is not found here has nothing in common with the claim by which it could be one: no place near it or around it and
none of its most telling words.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from marsad.record.telling import Spot, Telling
from marsad.record.wording import telling_power

Key = tuple[object, ...]
# Degrees: a cell is 20 to 28 km wide in the countries of the theatres, so that places within reach of each other (15 km
# and their own uncertainty) lie in the same cell or in the next.
_CELL = 0.25
# Two passages of which three tenths are the same share one of their most telling words, but for one in hundreds.
_WORDS = 5
# Longer intervals are compared only with each other: a month holds too many days to be one of them.
_LONGEST = 10
_NOWHERE: Key = ("nowhere",)


class Blocks:
    """Ids of incidents by the days, places and words of their claims."""

    def __init__(self) -> None:
        self._days: dict[int, dict[Key, dict[str, None]]] = defaultdict(dict)

    def put(self, telling: Telling, incident: str) -> None:
        """Have the incident found by what this claim of it tells."""
        keys = set(_kept_keys(telling))
        for day in days_of(telling):
            block = self._days[day]
            for key in keys:
                block.setdefault(key, {})[incident] = None

    def near(self, telling: Telling, slack: int) -> dict[str, None]:
        """Return the incidents that have a claim within so many days and near in place or words, in a fixed order."""
        found: dict[str, None] = {}
        days, keys = days_of(telling), list(dict.fromkeys(_asked_keys(telling)))
        for day in range(days[0] - slack, days[-1] + slack + 1):
            block = self._days.get(day, {})
            for key in keys:
                found.update(block.get(key, {}))
        return found


def days_of(telling: Telling) -> range:
    """Return the days under which a claim is looked for; an undated one stands under its day of publication."""
    start, until = telling.start, telling.until
    if start is None or until is None:
        day = telling.published or 0
        return range(day, day + 1)
    return range(start, until + 1) if until - start <= _LONGEST else range(start, start + 1)


def _kept_keys(telling: Telling) -> Iterator[Key]:
    yield from _word_keys(telling)
    for spot in telling.spots:
        yield ("country", spot.country)
        yield ("admin1", spot.country, spot.admin1)
        if spot.is_area:
            yield ("area", spot.country)
        if (cell := _cell_of(spot)) is not None:
            yield ("cell", *cell)
    if not telling.spots:
        yield _NOWHERE


def _asked_keys(telling: Telling) -> Iterator[Key]:
    yield _NOWHERE
    yield from _word_keys(telling)
    for spot in telling.spots:
        yield ("area", spot.country)
        if spot.is_area:
            yield ("admin1", spot.country, spot.admin1) if spot.admin1 else ("country", spot.country)
        if (cell := _cell_of(spot)) is not None:
            yield from (("cell", cell[0] + x, cell[1] + y) for x in (-1, 0, 1) for y in (-1, 0, 1))


def _word_keys(telling: Telling) -> Iterator[Key]:
    words = sorted(telling.evidence, key=lambda word: (-telling_power(word), word))[:_WORDS]
    yield from (("word", word) for word in words)


def _cell_of(spot: Spot) -> tuple[int, int] | None:
    if spot.lat is None or spot.lon is None:
        return None
    return math.floor(spot.lat / _CELL), math.floor(spot.lon / _CELL)
