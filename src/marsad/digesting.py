"""What a digest tells, before it is put into words: by governorate, the weightiest first, from incidents and control.

Every item names the claims that it stands on and carries only what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from marsad.charting import ledger_of
from marsad.grounding.gazetteer import all_places
from marsad.holding import Ledger, is_under
from marsad.loading.speakers import partisan_of
from marsad.loading.theatre import theatre_codes
from marsad.record.view import Filters, View

Row = Mapping[str, Any]
# Types of claim by the part of a digest that tells them; what changes hands is told from control, not from claims.
FIGHTING = ("clash", "attack", "shelling", "airstrike", "bombing", "siege", "advance", "deployment", "destruction")
PEOPLE = (
    "killing", "arrest", "abduction", "release", "exchange", "displacement", "evacuation", "surrender", "defection",
    "abuse", "protest", "aid",
)  # fmt: skip
TALKS = ("negotiation", "agreement", "demand")
# Talks of so many days before the period are open still, unless an agreement of the place came after them.
_OPEN_DAYS = 21
# How much an item moves its governorate up: a change of hands as much as ten dead.
_TURN, _DEAD, _INCIDENT = 10.0, 1.0, 0.5
_MOST_DEAD = 200


@dataclass(frozen=True, slots=True)
class Period:
    """The ISO days of a digest, first and last."""

    first: str
    last: str

    @property
    def eve(self) -> str:
        """Return the day before the first."""
        return (date.fromisoformat(self.first) - timedelta(1)).isoformat()


def digest_of(
    view: View, period: Period, under: str | None = None, certainty: float | None = None, reviewed: bool = False
) -> dict[str, Any]:
    """Return what happened in the period by governorate, and who holds what at its end; `under` is a gazetteer's id."""
    ledger = ledger_of(view)
    incidents = [i for i in _incidents(view, period, certainty, reviewed) if _is_in(i, under)]
    areas = _Areas()
    for row in ledger.changes(period.first, period.last, under):
        areas.at(row["admin1"], row["country"]).turns.append(_turn(row, view))
    for incident in incidents:
        _sort_in(areas, incident, view)
    for talk in _open_talks(view, period, under):
        areas.of(talk).talks.append(talk)
    _add_standing(areas, ledger, period, under)
    found = sorted((a for a in areas.all() if a.told), key=lambda a: (-a.weight, a.country, a.name))
    return {"first": period.first, "last": period.last, "areas": [area.as_dict() for area in found]}


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
        return _TURN * len(self.turns) + _DEAD * dead + _INCIDENT * len(events)

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
        """Return the governorate of an incident: that of its first place."""
        place: Row = next(iter(incident["places"]), {})
        return self.at(place.get("admin1"), place.get("country"))

    def all(self) -> list[_Area]:
        """Return all of them."""
        return list(self._areas.values())


def _incidents(view: View, period: Period, certainty: float | None, reviewed: bool) -> Iterator[dict[str, Any]]:
    """Yield the incidents of the period that happened then, the first one first; undated ones are no news."""
    filters = Filters(first=period.first, last=period.last, certainty=certainty)
    found = [i for i in view.incidents(filters) if i["date"] and i["date"][-10:] >= period.first]
    sure = _reviewed_ids(view, found) if reviewed else None
    for incident in sorted(found, key=lambda i: (i["date"], i["id"])):
        if sure is None or sure.issuperset(incident["claims"]):
            yield incident


def _reviewed_ids(view: View, incidents: Iterable[Row]) -> set[str]:
    ids = [claim for incident in incidents for claim in incident["claims"]]
    found: set[str] = set()
    for at in range(0, len(ids), 200):
        rows = view.claims(Filters(ids=ids[at : at + 200]))
        found.update(row["id"] for row in rows if row["verdict"] in ("accepted", "corrected"))
    return found


def _is_in(incident: Row, under: str | None) -> bool:
    return under is None or any(place["id"] and is_under(place["id"], under) for place in incident["places"])


def _sort_in(areas: _Areas, incident: Row, view: View) -> None:
    """Put an incident into the part that tells it; what is disputed of it is told as well."""
    area, item = areas.of(incident), _item(incident)
    if incident["type"] in FIGHTING:
        area.fighting.append(item)
    elif incident["type"] in PEOPLE:
        area.people.append(item)
    elif incident["type"] in TALKS:
        area.talks.append({**item, "open_days": None})
    if incident["contradictions"]:
        area.disputes.append(item)


def _item(incident: Row) -> dict[str, Any]:
    """Return an incident with the manner of each of its voices, by which the digest says who says so."""
    theatre = next((p["country"].lower() for p in incident["places"] if p["country"]), None)
    day = date.fromisoformat(incident["date"][:10]) if incident["date"] else None
    parties = {party["id"] for party in (*incident["actors"], *incident["targets"]) if party["id"]}
    kept = ("id", "type", "status", "date", "places", "sites", "actors", "targets", "numbers", "claims", "reports",
            "independent_sources", "contradictions", "certainty", "evidence")  # fmt: skip
    return {
        **{key: incident[key] for key in kept},
        "places": [{**place, "name_ar": _arabic_of(place)} for place in incident["places"]],
        "voices": [
            {"name": v["name"], "claims": v["claims"], "manner": _manner(v["name"], theatre, day, parties)}
            for v in incident["voices"]
        ],
    }


def _manner(name: str, theatre: str | None, day: date | None, parties: set[str]) -> str:
    """Return how a voice speaks of it: "party" where it is one of those who did or suffered it, else "told"."""
    side = partisan_of(name, theatre if theatre in theatre_codes() else None, day)
    return "party" if side and side in parties else "told"


def _arabic_of(place: Row) -> str | None:
    row = all_places().rows.get(place["id"] or "")
    return row.name_ar if row and place["name"].startswith(row.name) and row.name_ar else None


def _arabic_name(area: str, country: str) -> str | None:
    rows = all_places().rows
    return next((r.name_ar for r in map(rows.get, _admin1_ids(country)) if r and r.name == area), None)


@cache
def _admin1_ids(country: str) -> tuple[str, ...]:
    return tuple(r.id for r in all_places().rows.values() if r.kind == "admin1" and r.country == country)


def _turn(row: Row, view: View) -> dict[str, Any]:
    """Return a change of hands with the sources of the claims that made it."""
    claims = (
        [c for c in view.claims(Filters(ids=row["evidence"][:20])) if c["id"] in row["evidence"]]
        if row["evidence"]
        else []
    )
    theatre = (row["country"] or "").lower()
    day = date.fromisoformat(row["day"])
    names = dict.fromkeys(c["origin"] or c["outlet"] or "" for c in claims)
    parties = {row["holder"], row["holder_before"]} - {None}
    voices = [{"name": name, "manner": _manner(name, theatre, day, parties)} for name in names if name]
    return {**row, "claims": list(row["evidence"]), "voices": voices}


def _open_talks(view: View, period: Period, under: str | None) -> Iterator[dict[str, Any]]:
    """Yield talks and demands of the weeks before after which no agreement of their place is told, with their age."""
    first = (date.fromisoformat(period.first) - timedelta(_OPEN_DAYS)).isoformat()
    before = [i for i in view.incidents(Filters(type=TALKS, first=first, last=period.last)) if i["date"]]
    agreed = [(p["id"], i["date"][:10]) for i in before if i["type"] == "agreement" for p in i["places"]]
    for incident in sorted(before, key=lambda i: (i["date"], i["id"])):
        day = incident["date"][-10:]
        places = {place["id"] for place in incident["places"]}
        is_over = any(place in places and when >= day for place, when in agreed)
        if incident["type"] != "agreement" and day < period.first and not is_over and _is_in(incident, under):
            age = (date.fromisoformat(period.last) - date.fromisoformat(day)).days
            yield {**_item(incident), "open_days": age}


def _add_standing(areas: _Areas, ledger: Ledger, period: Period, under: str | None) -> None:
    """Add who holds how many places of each governorate at the end, and at the end of the day before the period."""
    for key, day in (("end", period.last), ("before", period.eve)):
        for row in ledger.on(day, under=under):
            if row["kind"] not in _COUNTED or row["status"] == "unknown":
                continue
            held = areas.at(row["admin1"], row["country"]).standing.setdefault(key, {})
            side = row["holders"][-1] if row["status"] in ("held", "besieged") and row["holders"] else row["status"]
            held[side] = held.get(side, 0) + 1


_COUNTED = frozenset(("city", "town", "village", "neighbourhood", "camp"))


def _weight_of(item: Row) -> tuple[float, str, str]:
    return -_low(item["numbers"].get("killed")) - 0.1 * item["independent_sources"], item["date"], item["id"]


def _low(count: Row | None) -> float:
    """Return the least that is told of a count, 0 where it is in words or absent."""
    low = count["low"] if count else 0
    return float(low) if isinstance(low, (int, float)) else 0.0
