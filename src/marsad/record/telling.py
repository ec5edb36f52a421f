"""A claim as fusion sees it: what can be compared with another claim, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from marsad.record.names import name_key
from marsad.record.wording import words_of
from marsad.text.tokens import Token, tokenise

_EARTH_KM = 6371.0
# A place without a radius of its own is taken as a town.
TOWN_KM = 3.0
# From here on a place is an area: a district, a governorate, a country.
AREA_KM = 12.0
# So many characters before and after its evidence still speak of what a claim tells: a sentence, about.
_AROUND = 150


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a claim: how far it lies from another, how exact it is, and the telling words that the text has."""

    key: str
    name: str
    admin1: str | None
    country: str | None
    lat: float | None
    lon: float | None
    radius_km: float
    words: frozenset[str] = frozenset()

    @property
    def is_area(self) -> bool:
        """Tell whether the place is an area rather than a town or a part of one."""
        return self.radius_km >= AREA_KM or self.lat is None


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a report that tell something, and its tokens, shared by all its claims."""

    id: str
    published: int | None
    tokens: tuple[Token, ...]
    words: frozenset[str]


def wording_of(id: str, text: str, published: str | None) -> Wording:
    """Return the wording of a report."""
    tokens = tuple(tokenise(text))
    return Wording(id, date.fromisoformat(published).toordinal() if published else None, tokens, words_of(tokens))


@dataclass(frozen=True, slots=True)
class Telling:
    """One claim in comparable form; `start` and `until` are day numbers, None where no day is known.

    `presumed` marks a day that no word of the text gave: it is the day of publication. `sentence` is the number of the
    sentence that its trigger stands in, `near` are the telling words of the evidence and around it, `all` those of the
    whole report.
    """

    claim: str
    report: str
    n: int
    type: str
    status: str
    start: int | None
    until: int | None
    presumed: bool
    published: int | None
    spots: tuple[Spot, ...]
    actors: frozenset[str]
    targets: frozenset[str]
    sites: frozenset[str]
    numbers: Mapping[str, Any]
    sentence: int
    evidence: frozenset[str]
    near: frozenset[str]
    all: frozenset[str]


def telling_of(body: Mapping[str, Any], n: int, wording: Wording) -> Telling:
    """Return the claim of a body (Claim.as_dict and `why`), which the record keeps as number `n`."""
    start, until = days_of(body["date"])
    first, last = body["span"]
    tokens = [t for t in wording.tokens if first - _AROUND < t.end and t.start < last + _AROUND]
    trigger = body["trigger_span"][0]
    return Telling(
        body["id"], wording.id, n, body["type"], body["status"], start, until,
        any(line.startswith("day of publication") for line in body.get("why", ())), wording.published,
        tuple(map(_spot, body["places"])),
        frozenset(map(party_key, body["actors"])), frozenset(map(party_key, body["targets"])),
        frozenset(s["kind"] for s in body["sites"]), body["numbers"],
        next((t.sentence for t in tokens if t.end > trigger), -1),
        words_of(t for t in tokens if first <= t.start and t.end <= last), words_of(tokens), wording.words,
    )  # fmt: skip


def days_of(written: str | None) -> tuple[int | None, int | None]:
    """Return the first and last day number of an ISO day or interval; None and None for no date."""
    if not written:
        return None, None
    first, *last = sorted(date.fromisoformat(day).toordinal() for day in written.split("/"))
    return first, last[-1] if last else first


def party_key(party: Mapping[str, Any]) -> str:
    """Return the registry's id of a party, else its folded words with a sign that they are words."""
    return party["id"] or "~" + name_key(party["text"])


def _spot(place: Mapping[str, Any]) -> Spot:
    radius = place.get("radius_km") or TOWN_KM
    key = place.get("id") or f"{place.get('country')}/{place['name']}"
    return Spot(
        key,
        place["name"],
        place["admin1"],
        place["country"],
        place["lat"],
        place["lon"],
        radius,
        _words_in(place["text"]),
    )


@lru_cache(maxsize=20_000)
def _words_in(text: str) -> frozenset[str]:
    return words_of(tokenise(text))


def distance_km(a: Spot, b: Spot) -> float | None:
    """Return the distance of two places over ground in kilometres; None where one has no point."""
    if a.lat is None or b.lat is None or a.lon is None or b.lon is None:
        return None
    p, q = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(half))
