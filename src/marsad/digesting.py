"""What a digest tells, before it is put into words: by governorate, the weightiest first, from incidents and control.

Every item names the claims that it stands on and carries only what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from marsad.charting import ledger_of
from marsad.control.sides import side_of
from marsad.control.testimony import Testimony
from marsad.control.timeline import argument_of
from marsad.grounding.gazetteer import all_places
from marsad.holding import Ledger, atlas_of, is_under
from marsad.itemizing import item_of, unnamed_source
from marsad.loading.prose import prose
from marsad.parting import FIGHTING, FIRM, days_between, kind_of_area, parts_of
from marsad.publish.voicing import manner_of
from marsad.record.asof import micros_of
from marsad.record.decisions import JUDGEMENTS
from marsad.record.view import Filters, View

Row = Mapping[str, Any]
# Types of claim by the part of a digest that tells them, beside FIGHTING; what changes hands is told from control.
PEOPLE = (
    "killing", "arrest", "abduction", "release", "exchange", "displacement", "evacuation", "surrender", "defection",
    "abuse", "protest", "aid",
)  # fmt: skip
TALKS = ("negotiation", "agreement", "demand")
_TOLD = (*FIGHTING, *PEOPLE, *TALKS)
# Talks of so many days before the period are open still, unless an agreement of the place came after them.
_OPEN_DAYS = 21
# What is dated to so many days more than the period is background and no news of it: "last week" is the vaguest time
# that reports give for news; what goes on may have done so for a month.
_VAGUE_DAYS, _LONG_DAYS = 7, 31
# How much an item moves its governorate up: a change of hands as much as ten dead. Who was found to hold a place of
# which nothing was known has changed nothing.
_TURN, _FOUND, _DEAD, _INCIDENT = 10.0, 2.0, 1.0, 0.5
_MOST_DEAD = 200
# So many claims of how a place stood before it changed hands are named.
_NEWEST = 3


@dataclass(frozen=True, slots=True)
class Period:
    """The ISO days of a digest, first and last."""

    first: str
    last: str

    @property
    def eve(self) -> str:
        """Return the day before the first."""
        return _before(self.first)

    @property
    def days(self) -> int:
        """Return how many days lie between the first and the last."""
        return days_between(self.first, self.last)


def digest_of(
    view: View, period: Period, under: str | None = None, certainty: float | None = None, reviewed: bool = False
) -> dict[str, Any]:
    """Return what happened in the period by governorate, and who holds what at its end; `under` is a gazetteer's id.

    Where it is `reviewed`, everything rests on claims that a person accepted, corrected or added. `left_out` counts
    the incidents of which too little is known to tell them.
    """
    ledger, areas = _ledger(view, reviewed), _Areas()
    for row in ledger.changes(period.first, period.last, under):
        if turn := _turn(row, ledger, view):
            areas.at(row["admin1"], row["country"]).turns.append(turn)
    found = _items(view, _of_period(view, period, certainty), reviewed, under)
    sure = [item for item in found if item["certainty"] >= (certainty or 0.0)]
    told = [item for item in sure if _says_enough(item) and _is_news(item, period)]
    for item in told:
        _sort_in(areas, item)
    left_out = sum(item["type"] in _TOLD for item in sure if item not in told)
    for talk in _open_talks(view, period, reviewed, under):
        areas.of(talk).talks.append(talk)
    _add_standing(areas, ledger, period, under)
    days = {"first": period.first, "last": period.last}
    return {**days, "areas": [area.as_dict() for area in areas.in_order()], "left_out": left_out}


def _ledger(view: View, reviewed: bool) -> Ledger:
    """Return who holds what by all claims, or by the reviewed ones alone."""
    return Ledger(atlas_of(view.claims(Filters(reviewed=True)), view.originals())) if reviewed else ledger_of(view)


class _Area:
    """What a digest tells of one governorate, "" for what names none."""

    def __init__(self, name: str, country: str) -> None:
        self.name, self.country = name, country
        self.turns, self.fighting, self.people = list[Row](), list[Row](), list[Row]()
        self.talks, self.disputes, self.standing = list[Row](), list[Row](), dict[str, Any]()

    @property
    def told(self) -> bool:
        """Tell whether anything is told but who holds what."""
        return any((self.turns, self.fighting, self.people, self.talks, self.disputes))

    @property
    def weight(self) -> float:
        """Return how weighty the governorate is in this digest."""
        events = [*self.fighting, *self.people]
        dead = sum(min(_MOST_DEAD, _low(e["numbers"].get("killed"))) for e in events)
        turns = sum(_FOUND if turn["status_before"] == "unknown" else _TURN for turn in self.turns)
        return turns + _DEAD * dead + _INCIDENT * len(events)

    def as_dict(self) -> dict[str, Any]:
        """Return the parts in the order in which they are told."""
        by_weight = sorted(self.fighting, key=_weight_of), sorted(self.people, key=_weight_of)
        return {
            "admin1": self.name, "admin1_ar": _arabic_name(self.name, self.country), "country": self.country,
            "weight": round(self.weight, 1), "turns": self.turns, "fighting": by_weight[0], "people": by_weight[1],
            "talks": self.talks, "disputes": self.disputes, "standing": self.standing,
        }  # fmt: skip


class _Areas:
    """The governorates of a digest by name."""

    def __init__(self) -> None:
        self._areas: dict[tuple[str, str], _Area] = {}

    def at(self, name: str | None, country: str | None) -> _Area:
        """Return a governorate, made where it is new."""
        key = name or "", country or ""
        return self._areas.setdefault(key, _Area(*key))

    def of(self, incident: Row) -> _Area:
        """Return the governorate of an incident: that of the first of its places that lies in one."""
        placed = sorted(incident["places"], key=lambda place: not place["admin1"])
        place: Row = next(iter(placed), {})
        return self.at(place.get("admin1"), place.get("country"))

    def in_order(self) -> list[_Area]:
        """Return those of which anything is told, by country, the weightiest first; those without a name last."""
        told = [area for area in self._areas.values() if area.told]
        weights: dict[str, float] = {}
        for area in told:
            weights[area.country] = weights.get(area.country, 0.0) + area.weight
        return sorted(
            told, key=lambda a: (not a.country, -weights[a.country], a.country, not a.name, -a.weight, a.name)
        )


def _of_period(view: View, period: Period, certainty: float | None) -> list[dict[str, Any]]:
    """Return the incidents of the period that happened then, the first one first; undated ones are no news."""
    filters = Filters(first=period.first, last=period.last, certainty=certainty)
    found = [i for i in view.incidents(filters) if i["date"] and i["date"][-10:] >= period.first]
    return sorted(found, key=lambda i: (i["date"], i["id"]))


def _items(view: View, incidents: Sequence[Row], reviewed: bool, under: str | None) -> Iterator[dict[str, Any]]:
    """Yield what is told of incidents; of `reviewed` ones, where a person accepted all claims."""
    told = view.told(claim for incident in incidents for claim in incident["claims"])
    for incident in incidents:
        claims = [told[id] for id in incident["claims"] if id in told]
        if reviewed and not (len(claims) == len(incident["claims"]) and all(map(_is_reviewed, claims))):
            continue
        for part in parts_of(incident, claims, view):
            if under is None or any(place["id"] and is_under(place["id"], under) for place in part["places"]):
                yield item_of(part, [told[id] for id in part["claims"] if id in told])


def _is_reviewed(claim: Row) -> bool:
    return claim["verdict"] in ("accepted", "corrected") or claim["by"] == "person"


def _says_enough(item: Row) -> bool:
    """Tell whether an item says when, and where or who to whom; of talks between whom, of demands of whom or what."""
    if item["type"] == "demand":
        return _roles_of(item) > 1
    if item["status"] not in (*FIRM, "denied") and not (item["actors"] or item["targets"]):
        return False
    if item["type"] in TALKS:
        return bool(item["date"] and (item["actors"] or item["targets"]))
    parties = bool(item["actors"]) + bool(item["targets"])
    is_placed = any(kind_of_area(place["id"]) != "country" if place["id"] else True for place in item["places"])
    return bool(item["date"] and (is_placed or (item["places"] and parties) or parties > 1))


def _roles_of(demand: Row) -> int:
    """Return how much of a demand is told: who makes it, of whom, and what place it is about."""
    about = any(place["role"] in ("to", "from") for place in demand["places"])
    return bool(demand["actors"]) + bool(demand["targets"]) + about if demand["date"] else 0


def _is_news(item: Row, period: Period) -> bool:
    """Tell whether an item is dated to the period, more or less, and not to years of which the period is the end."""
    first, _, last = item["date"].partition("/")
    limit = _LONG_DAYS if item["status"] == "ongoing" else _VAGUE_DAYS
    return days_between(first, last or first) <= limit + period.days


def _sort_in(areas: _Areas, item: Row) -> None:
    """Put an incident into the part that tells it; what is disputed of it is told as well."""
    area = areas.of(item)
    if item["type"] in FIGHTING:
        area.fighting.append(item)
    elif item["type"] in PEOPLE:
        area.people.append(item)
    elif item["type"] in TALKS:
        area.talks.append({**item, "open_days": None})
    if item["contradictions"]:
        area.disputes.append(item)


def _arabic_name(area: str, country: str) -> str | None:
    rows = all_places().rows
    return next((r.name_ar for r in map(rows.get, _admin1_ids(country)) if r and r.name == area), None)


@cache
def _admin1_ids(country: str) -> tuple[str, ...]:
    return tuple(r.id for r in all_places().rows.values() if r.kind == "admin1" and r.country == country)


def _turn(row: Row, ledger: Ledger, view: View) -> dict[str, Any] | None:
    """Return a change of hands with those who say so; `is_told` where one says outright of this place who holds it.

    What says how it stood before is in `claims_before`: the newest of it. None where nothing but weapons or bodies
    was handed over, which are no place.
    """
    known = view.told(row["evidence"])
    told = [t for t in ledger.atlas.testimonies(row["place"]) if t.claim in known and not _is_of_things(known[t.claim])]
    saying, is_told = _saying(row, told)
    claims = [known[id] for id in dict.fromkeys(t.claim for t in saying)]
    if not claims:
        return None
    before = next(ledger.on(_before(row["day"]), [row["place"]]), None) if row["holder_before"] else None
    return {
        **row, "status": "held" if row["holder"] else row["status"], "claims": [claim["id"] for claim in claims],
        "is_told": is_told, "voices": _voices_of(row, claims),
        "claims_before": before["evidence"][-_NEWEST:] if before else [],
        "unnamed": {claim["id"]: words for claim in claims if (words := unnamed_source(claim))},
    }  # fmt: skip


def _is_of_things(claim: Row) -> bool:
    """Tell whether a claim is of what is handed over in a place, weapons or bodies, and not of the place."""
    words = prose("ar").types[claim["type"]]
    return claim["type"] == "handover" and bool(words.told_by(claim["evidence"]).name)


def _saying(row: Row, said: Sequence[Testimony]) -> tuple[list[Testimony], bool]:
    """Return what says outright that a place is held so, of this place; where nothing does, what suggests it."""
    side = side_of(row["holder"], (row["country"] or "").lower(), row["day"]) if row["holder"] else ""
    if not side:
        return [t for t in said if t.does == "gives"], True
    outright = [t for t in said if t.does in ("takes", "holds") and t.side == side and not t.area]
    return outright or argument_of(said, side)[0], bool(outright)


def _voices_of(row: Row, claims: Iterable[Row]) -> list[dict[str, Any]]:
    """Return those who say that a place changed hands, each with its claims."""
    theatre, day = (row["country"] or "").lower(), date.fromisoformat(row["day"])
    parties = {row["holder"], row["holder_before"]} - {None}
    named: dict[str, list[str]] = {}
    for claim in claims:
        named.setdefault(claim["origin"] or claim["outlet"] or "", []).append(claim["id"])
    return [
        {"name": name, "claims": ids, "manner": manner_of(name, theatre, day, parties)}
        for name, ids in named.items() if name
    ]  # fmt: skip


def _open_talks(view: View, period: Period, reviewed: bool, under: str | None) -> Iterator[dict[str, Any]]:
    """Yield talks and demands of the weeks before after which no agreement of their place is told, with their age."""
    first = (date.fromisoformat(period.first) - timedelta(_OPEN_DAYS)).isoformat()
    before = [i for i in view.incidents(Filters(type=TALKS, first=first, last=period.last)) if i["date"]]
    agreed = [(p["id"], i["date"][:10]) for i in before if i["type"] == "agreement" for p in i["places"]]
    asked = [i for i in before if i["type"] != "agreement" and i["date"][-10:] < period.first]
    for item in _items(view, sorted(asked, key=lambda i: (i["date"], i["id"])), reviewed, under):
        day = item["date"][-10:] if _says_enough(item) else ""
        places = {place["id"] for place in item["places"]}
        is_over = any(place in places and when >= day for place, when in agreed)
        if day and not is_over and _awaits_answer(item):
            yield {**item, "open_days": days_between(day, period.last)}


def _awaits_answer(talk: Row) -> bool:
    """Tell whether talks can be open still: a demand that names who makes it of whom, and no mere warning."""
    if talk["type"] != "demand":
        return True
    is_warning = prose("ar").types["demand"].told_by(talk["evidence"]).name == "warning"
    return bool(talk["actors"] and talk["targets"]) and not is_warning


def _add_standing(areas: _Areas, ledger: Ledger, period: Period, under: str | None) -> None:
    """Add who holds how many places of each governorate at the end, the day before the period, and newly known."""
    known = set[str]()
    for key, day in (("before", period.eve), ("end", period.last)):
        for row in ledger.on(day, under=under):
            if row["kind"] not in _COUNTED or row["status"] == "unknown":
                continue
            standing = areas.at(row["admin1"], row["country"]).standing
            side = row["holders"][-1] if row["status"] in ("held", "besieged") and row["holders"] else row["status"]
            for count in (key, *(["new"] if key == "end" and row["place"] not in known else [])):
                held = standing.setdefault(count, {})
                held[side] = held.get(side, 0) + 1
            known.add(row["place"])


_COUNTED = frozenset(("city", "town", "village", "neighbourhood", "camp"))


def _weight_of(item: Row) -> tuple[float, str, str]:
    return -_low(item["numbers"].get("killed")) - 0.1 * item["independent_sources"], item["date"], item["id"]


def _low(count: Row | None) -> float:
    """Return the least that is told of a count, 0 where it is in words or absent."""
    low = count["low"] if count else 0
    return float(low) if isinstance(low, (int, float)) else 0.0


def _before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(1)).isoformat()


class Reasons:
    """What a person decided on a claim after an instant, and why."""

    def __init__(self, view: View, since: int) -> None:
        self._view, self._since = view, since

    def __call__(self, claim: str) -> tuple[str, str] | None:
        """Return the last judgement on a claim and its reason; None where nobody judged it since."""
        rows = [row for row in self._view.history(claim) if row["kind"] == "decision" and row["said"] in JUDGEMENTS]
        made = [row for row in rows if micros_of(datetime.fromisoformat(row["at"])) > self._since]
        return (made[-1]["said"], made[-1]["reason"] or "") if made else None
