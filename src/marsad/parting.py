"""An incident told apart where its claims tell of places, of acts or of doers apart, as a digest tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from marsad.grounding.gazetteer import all_places
from marsad.grounding.surroundings import around, is_area
from marsad.record.summing import Member, summary_of
from marsad.record.telling import TOWN_KM, Spot, distance_km
from marsad.record.view import View

Row = Mapping[str, Any]
# Types of claim that tell of fighting.
FIGHTING = ("clash", "attack", "shelling", "airstrike", "bombing", "siege", "advance", "deployment", "destruction")
# Statuses of what is said to be so.
FIRM = ("happened", "ongoing")
# Types of claim that tell one kind of act; any other is a kind of its own.
_KINDS = (
    tuple(type for type in FIGHTING if type != "destruction"), ("takeover", "control", "withdrawal", "handover"),
    ("arrest", "abduction"), ("release", "exchange"), ("displacement", "evacuation"), ("negotiation", "agreement"),
)  # fmt: skip


def parts_of(incident: Row, claims: Sequence[Row], view: View) -> list[Row]:
    """Return an incident as it is told: apart where its claims tell of places or acts apart, without stale plans.

    The record brings claims together that are likely one; where they do not say so, only a person may.
    """
    told = [claim for claim in claims if not _is_ahead(claim)]
    if len(claims) < 2 or not told:
        return [incident] if told else []
    groups = [some for kind in _by_kind(told) for place in _by_place(kind) for some in _by_doer_denied(place)]
    if len(groups) > 1 and any(why["by"] == "person" for why in view.incident(incident["id"])["why"].values()):
        groups = [told]
    firm = [_firm(group) for group in groups]
    return [incident] if len(firm) == 1 and len(firm[0]) == len(claims) else [_summed(incident, some) for some in firm]


def _is_ahead(claim: Row) -> bool:
    """Tell whether a claim says that something happened more than a day after its report came out: a misread date."""
    start, published = (claim["date"] or "").partition("/")[0], claim["published"]
    return claim["status"] in FIRM and bool(start and published) and days_between(published, start) > 1


def _firm(claims: Sequence[Row]) -> list[Row]:
    """Return claims without those that only plan or suppose it, where others say that it happened."""
    if not any(claim["status"] in FIRM for claim in claims):
        return list(claims)
    return [claim for claim in claims if claim["status"] in (*FIRM, "denied")]


class _Group:
    """Claims of one incident that may be of one place, with what they name."""

    def __init__(self, claims: Iterable[Row]) -> None:
        self.claims = list(claims)
        self.spots = [spot for claim in self.claims for spot in _spots(claim)]
        self.areas = {id for claim in self.claims for id in _areas_of(claim)}
        self.reports = {claim["report"] for claim in self.claims}

    def meets(self, spots: Iterable[Spot]) -> bool:
        """Tell whether one of the spots is one of these, or lies in it."""
        return any(_is_one(a, b) for a in spots for b in self.spots)

    def may_be_of(self, claim: Row) -> bool:
        """Tell whether a claim without a spot fits: what is told here lies in its area; else by its report."""
        areas = _areas_of(claim)
        inside = {id for place in (*(spot.key for spot in self.spots), *self.areas) for id in (place, *around(place))}
        if inside & areas:
            return True
        is_wide = all(kind_of_area(area) == "country" for area in areas)
        return is_wide and claim["report"] in self.reports


def _by_place(claims: Sequence[Row]) -> list[list[Row]]:
    """Return claims by the places that they name; one that names none, or an area, is with the most that it fits."""
    groups: list[_Group] = []
    for claim in sorted(claims, key=_width_of):
        spots = _spots(claim)
        fit = [group for group in groups if group.meets(spots)] if spots else _most(groups, claim)
        joined = _Group([*(c for group in fit for c in group.claims), claim])
        groups = [group for group in groups if group not in fit] + [joined]
    order = {claim["id"]: n for n, claim in enumerate(claims)}
    found = [sorted(group.claims, key=lambda claim: order[claim["id"]]) for group in groups]
    return sorted(found, key=lambda some: order[some[0]["id"]])


def _by_kind(claims: Sequence[Row]) -> list[list[Row]]:
    """Return claims by the kind of act; those that name no doer, or repeat the dead of the most, stay with the most."""
    main = Counter(_kind_of_act(claim) for claim in claims).most_common(1)[0][0]
    dead = {_dead_of(claim) for claim in claims if _kind_of_act(claim) == main} - {""}
    groups: dict[str, list[Row]] = {main: []}
    for claim in claims:
        is_told = not claim["actors"] or _dead_of(claim) in dead
        groups.setdefault(main if is_told else _kind_of_act(claim), []).append(claim)
    return list(groups.values())


def _dead_of(claim: Row) -> str:
    """Return the number of dead that a claim tells, "" where it tells none or has words for it."""
    told = str(claim["numbers"].get("killed", ""))
    return "" if told[:1].isalpha() else told


def _by_doer_denied(claims: Sequence[Row]) -> list[list[Row]]:
    """Return apart the claims that deny it of somebody of whom the others do not say it: they deny another act."""
    said = {party["id"] for claim in claims if claim["status"] != "denied" for party in claim["actors"]} - {None}
    apart = [c for c in claims if c["status"] == "denied" and said.isdisjoint(_doers(c)) and said and _doers(c)]
    kept = [claim for claim in claims if claim not in apart]
    return [group for group in (kept, apart) if group]


def _doers(claim: Row) -> set[str]:
    return {party["id"] for party in claim["actors"] if party["id"]}


def _kind_of_act(claim: Row) -> str:
    return next((kind[0] for kind in _KINDS if claim["type"] in kind), str(claim["type"]))


def _most(groups: Iterable[_Group], claim: Row) -> list[_Group]:
    fit = sorted((group for group in groups if group.may_be_of(claim)), key=lambda group: -len(group.claims))
    return fit[:1]


# From the exact to the wide: what is told of a district is with what is told of a place in it.
_WIDTHS = ("admin3", "admin2", "admin1", "region", "country")


def _width_of(claim: Row) -> int:
    """Return how wide the places of a claim are: 0 for a spot, most for none."""
    if _spots(claim):
        return 0
    kinds = [kind_of_area(area) for area in _areas_of(claim)]
    return 1 + min((_WIDTHS.index(kind) for kind in kinds), default=len(_WIDTHS))


def _areas_of(claim: Row) -> set[str]:
    """Return the areas of a claim; the north of a country is another one than the country."""
    areas = [place for place in claim["places"] if place["id"] and is_area(place["id"])]
    return {place["id"] if _is_whole(place) else f"{place['id']} {place['name']}" for place in areas}


def _is_whole(place: Row) -> bool:
    row = all_places().rows.get(place["id"])
    return row is None or row.kind != "country" or place["name"].startswith(row.name)


def _spots(claim: Row) -> list[Spot]:
    """Return the places of a claim that are no areas."""
    return [
        Spot(place["id"] or place["name"], place["name"], place["admin1"], place["country"], place["lat"],
             place["lon"], place.get("radius_km") or TOWN_KM)
        for place in claim["places"] if not is_area(place["id"] or "")
    ]  # fmt: skip


def _is_one(a: Spot, b: Spot) -> bool:
    apart = distance_km(a, b)
    return a.key == b.key or (apart is not None and apart <= max(a.radius_km, b.radius_km))


def kind_of_area(area: str) -> str:
    """Return the kind of an area as `_areas_of` names it."""
    row = all_places().rows.get(area.partition(" ")[0])
    return row.kind if row else "country"


def _summed(incident: Row, claims: Sequence[Row]) -> Row:
    """Return an incident as some of its claims tell it; whose voice each is stays as the record knows it."""
    heard = {claim: str(n) for n, voice in enumerate(incident["voices"]) for claim in voice["claims"]}
    members = [Member(n, c, heard[c["id"]], c["outlet"], c["published"], None) for n, c in enumerate(claims)]
    found = summary_of(incident["id"], members, lambda a, b: a == b)
    return {**incident, **found, "reports": list(dict.fromkeys(claim["report"] for claim in claims))}


def days_between(first: str, last: str) -> int:
    """Return how many days an ISO day comes after another."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
