"""Incidents as the events of other houses: what is told of one that their codes ask for, and which of their rules fits.

Only what has happened or goes on is an event; of what is planned, called for, denied or merely possible none is made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from marsad.loading.acled import STATE_FORCES, acled
from marsad.loading.codebook import actors, camps, sides, types
from marsad.loading.countries import Country, countries
from marsad.loading.framings import manners_of
from marsad.loading.mappings import Rule
from marsad.loading.means import means_in
from marsad.publish.amounts import amount_of
from marsad.publish.flat import first_day, last_day
from marsad.publish.spots import Spot, spot_of

Row = Mapping[str, Any]
REAL = ("happened", "ongoing")
# Where an act is that is told with several places: where it happened, then where a move leads, or whence it leads.
_ROLES = ("at", "near", "to", "from")
_LEAVING = {"withdrawal", "displacement", "evacuation", "surrender", "defection", "handover"}
_ID = re.compile("i([0-9a-f]{11})")
_LARGE = {"": 1, "thousands": 1000, "millions": 1_000_000}
# No civilians though they are people to the registry.
_GUNMEN = "unknown-gunmen"


@dataclass(frozen=True)
class Event:
    """An incident with its claims under `told`, asked for what other houses code."""

    row: Row

    @property
    def type(self) -> str:
        """Return the type by the codebook."""
        return str(self.row["type"])

    @cached_property
    def number(self) -> int:
        """Return the incident's id as a number of at most 44 bits, the same as long as the incident has the id."""
        written = _ID.fullmatch(self.row["id"])
        return int(written[1] if written else hashlib.sha256(self.row["id"].encode()).hexdigest()[:11], 16)

    @cached_property
    def first(self) -> str | None:
        """Return the first day meant, None where none is told."""
        return first_day(self.row)

    @cached_property
    def last(self) -> str | None:
        """Return the last day meant."""
        return last_day(self.row)

    @property
    def days(self) -> int:
        """Return how many days are meant, both ends counted; 0 where none is told."""
        if self.first is None or self.last is None:
            return 0
        return abs((date.fromisoformat(self.last) - date.fromisoformat(self.first)).days) + 1

    @cached_property
    def place(self) -> Row | None:
        """Return the place with a point where it happened, the best supported of its role; None where none has one."""
        order = ("at", "near", "from", "to") if self.type in _LEAVING else _ROLES
        points = [p for p in self.row["places"] if p["lat"] is not None and p["lon"] is not None]
        return min(points, key=lambda p: order.index(p["role"]) if p["role"] in order else len(order), default=None)

    @cached_property
    def where(self) -> Row | None:
        """Return that place, else the first of those without a point, as "northern Iraq"."""
        return self.place or next(iter(self.row["places"]), None)

    @cached_property
    def spot(self) -> Spot:
        """Return what kind of place that is."""
        return spot_of(self.where or {"name": ""})

    @cached_property
    def country(self) -> Country | None:
        """Return the country of that place, None where it is not told."""
        return countries().get((self.where or {}).get("country") or "")

    def words_of_place(self, place: Row) -> list[str]:
        """Return the reports' words for a place of the incident, each once."""
        named = (p for claim in self.row.get("told", ()) if claim["id"] in place["claims"] for p in claim["places"])
        return list(dict.fromkeys(p["text"] for p in named if (p["id"], p["name"]) == (place["id"], place["name"])))

    @property
    def is_near(self) -> bool:
        """Tell whether it happened beside the place and not in it."""
        return bool(self.where and (self.where["role"] == "near" or self.spot.direction))

    def means(self) -> frozenset[str]:
        """Return by what means and in what manner it is told to have been done."""
        texts = [c["evidence"] for c in self.row.get("told", ()) if c["type"] == self.type and c["status"] in REAL]
        texts = texts or [self.row["evidence"]]
        manners = (framing.manner for text in texts for framing in manners_of(self.type, text))
        return means_in(self.type, texts) | frozenset(manners)

    @cached_property
    def parties(self) -> tuple[list[Row], list[Row]]:
        """Return the two sides: who does it and to whom; of an act whose actors are all sides alike, one and the other.

        Where sources name different sides as the doers, those of the best supported word alone.
        """
        targets = list(self.row["targets"])
        doers = _without(_believed(self.row), targets)
        if not types()[self.type].sided:
            return doers, targets
        return _parted([*doers, *targets], camps().get(self._theatre, {}))

    @property
    def _theatre(self) -> str:
        return self.country.id.lower() if self.country else ""

    def is_state(self, party: Row) -> bool:
        """Tell whether a party is state forces in the country, or fights for them on that day."""
        leads = [side.lead for side in sides().get(self._theatre, ()) if party["id"] in side.members and self._in(side)]
        country = self.country.id if self.country else None
        return any(acled().inter_of(id, country) == STATE_FORCES for id in (party["id"], *leads) if id)

    def _in(self, side: Any) -> bool:
        day = date.fromisoformat(self.first) if self.first else None
        return day is None or ((side.since is None or day >= side.since) and (side.until is None or day < side.until))

    def rule(self, rules: Mapping[str, Sequence[Rule]]) -> Rule:
        """Return the first rule of its type whose conditions are met."""
        means = self.means() if any(rule.means for rule in rules[self.type]) else frozenset()
        return next(rule for rule in rules[self.type] if self._meets(rule, means))

    def _meets(self, rule: Rule, means: frozenset[str]) -> bool:
        doers, targets = self.parties
        told = not rule.means or not means.isdisjoint(rule.means)
        return told and self._is(doers, rule.actor) and self._is(targets, rule.target) and (not rule.harm or self.harm)

    def _is(self, parties: Sequence[Row], what: str) -> bool:
        if what == "people":
            return bool(parties) and all(map(is_unarmed, parties))
        if what == "state":
            return any(map(self.is_state, parties))
        return not what or any(party["id"] and not is_unarmed(party) for party in parties)

    @property
    def harm(self) -> bool:
        """Tell whether somebody is told to have been killed or hurt."""
        return any(amount_of(v).low > 0 for key in ("killed", "wounded", "casualties") for v in self.said(key))

    def said(self, key: str) -> list[Any]:
        """Return what each voice that gives a number says last, as told."""
        count = self.row["numbers"].get(key)
        return [told["value"] for told in count["by"]] if count else []

    def why_not(self, longest: int, placed: bool = True) -> str:
        """Return why it can be no event of `longest` days at most and, if `placed`, with a point; "" where it can."""
        if self.row["status"] not in REAL:
            return f"it is {self.row['status']}, not told to have happened"
        if self.type not in types():
            return f"the codebook has no type {self.type}"
        if self.first is None:
            return "no day is told"
        if placed and (self.place is None or self.country is None):
            return "no place with a point in a country is told"
        return f"the time that is told has more than {longest} days" if self.days > longest else ""


def is_unarmed(party: Row) -> bool:
    """Tell whether the registry knows a party as unarmed people."""
    known = actors().get(party["id"] or "")
    return known is not None and known.kind == "people" and known.id != _GUNMEN


def bounds_of(value: Any) -> tuple[int, int] | None:
    """Return the least and the most that a count says; of an open one both are the least, of what is none None."""
    amount = amount_of(value)
    low = int(amount.low * _LARGE[amount.large])
    if amount.sign == "unknown":
        return None
    return (0, low) if amount.sign in ("less", "most") else (low, max(low, int(amount.high)))


def step_of(value: float, ends: Iterable[float]) -> int:
    """Return the code, from 1, whose upper end is the first that the value does not pass; one more behind the last."""
    bounds = list(ends)
    return next((n for n, end in enumerate(bounds, 1) if value <= end), len(bounds) + 1)


def joined(names: Iterable[str | None], by: str = "; ") -> str:
    """Return names as one cell, each once; a semicolon in a name becomes a comma, so that they come apart again."""
    return by.join(dict.fromkeys(name.replace(";", ",").strip() for name in names if name and name.strip()))


def _believed(row: Row) -> list[Row]:
    """Return the actors, without those whom other sources name in place of the best supported."""
    named = list(row["actors"])
    for dispute in row["contradictions"]:
        if dispute["kind"] == "who" and dispute["field"] == "actors" and named:
            values = [set(str(value["value"]).split()) for value in dispute["values"]]
            best = next((value for value in values if named[0]["id"] in value), None)
            others = set().union(*values) - best if best is not None else set()
            named = [party for party in named if party["id"] not in others]
    return named


def _without(parties: list[Row], others: Sequence[Row]) -> list[Row]:
    """Return parties without those who are among the others too, unless all are: who is on both sides is misread."""
    known = {party["id"] for party in others if party["id"]}
    return [party for party in parties if party["id"] not in known] or parties


def _parted(parties: Sequence[Row], camp: Mapping[str, int]) -> tuple[list[Row], list[Row]]:
    """Return parties as two sides: those of the first one's camp, and the others."""
    if not parties:
        return [], []
    first, *rest = parties
    one = [first, *(party for party in rest if _are_allies(first, party, camp))]
    return one, [party for party in rest if party not in one and party["id"] not in {p["id"] for p in one if p["id"]}]


def _are_allies(a: Row, b: Row, camp: Mapping[str, int]) -> bool:
    return a["id"] in camp and b["id"] in camp and camp[a["id"]] == camp[b["id"]]


def told_rows(rows: Iterable[Row]) -> Iterator[Event]:
    """Yield incidents as events, one at a time."""
    yield from (Event(row) for row in rows)
