"""Who holds what in a record: its claims are told to the atlas, which knows no record and no gazetteer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from marsad.control.atlas import Atlas
from marsad.control.told import Spot, Told
from marsad.grounding.gazetteer import all_places
from marsad.grounding.surroundings import around, governorate_of, is_area
from marsad.loading.theatre import theatre_codes
from marsad.loading.speakers import partisan_of
from marsad.record.names import name_key

Row = Mapping[str, Any]
_UNSURE, _SURE = "unsure", ("accepted", "corrected")


def atlas_of(claims: Iterable[Row]) -> Atlas:
    """Return the atlas of a record's claims, as a view yields them."""
    return Atlas(map(told_of, claims), around)


def told_of(claim: Row) -> Told:
    """Return a claim of a record as control is told it."""
    start, _, until = (claim["date"] or "").partition("/")
    spots = tuple(_spots(claim))
    voice = claim["origin"] or claim["outlet"] or ""
    share = claim["numbers"].get("share")
    return Told(
        claim["id"], claim["type"], claim["status"], _ids(claim["actors"]), _ids(claim["targets"]), spots,
        start, until or start, claim["published"] or "", _sureness(claim), name_key(voice),
        _partisan(voice, spots, start or claim["published"]), share if isinstance(share, (int, float)) else None,
        tuple(link["claim"] for link in claim["links"] if link["kind"] == "after"),
    )  # fmt: skip


def _ids(parties: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p["id"] for p in parties if p["id"]))


def _sureness(claim: Row) -> float:
    """Return how sure a claim is: a reviewer's yes is 1, "unsure" halves the reader's certainty."""
    if claim["verdict"] in _SURE or claim["by"] == "person":
        return 1.0
    return float(claim["certainty"]) * (0.5 if claim["verdict"] == _UNSURE else 1.0)


def _spots(claim: Row) -> Iterator[Spot]:
    for place in claim["places"]:
        if not place["id"]:
            continue
        country, extent = place["country"] or "", place.get("extent") or ""
        role = "near" if _is_beside(place) else place["role"]
        within = governorate_of(place["id"]) if extent == "only" else ""
        yield Spot(place["id"], role, extent, country, is_area(place["id"]), within)
        for site in claim["sites"] if extent == "site" else ():
            yield Spot(f"{place['id']}/{site['kind']}", "at", "", country)


def _is_beside(place: Row) -> bool:
    """Tell whether the words mean what lies beside a place, as "south of Daraa": its name then is not the gazetteer's."""
    row = all_places().rows.get(place["id"])
    return row is not None and row.kind != "country" and not place["name"].startswith(row.name)


def _partisan(voice: str, spots: Iterable[Spot], day: str | None) -> str:
    theatre = next((code for spot in spots if (code := spot.country.lower()) in theatre_codes()), None)
    return partisan_of(voice, theatre, date.fromisoformat(day) if day else None) if voice else ""
