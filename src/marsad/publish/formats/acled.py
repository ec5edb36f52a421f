"""Incidents as events in the 31 columns of ACLED (docs/formats/acled.md says what that loses)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from marsad.loading.acled import AcledActor, SubEvent, acled
from marsad.loading.countries import Country
from marsad.loading.theatre import theatre, theatre_codes
from marsad.publish.cells import one_line
from marsad.publish.event_tables import write_events
from marsad.publish.events import Event, bounds_of, is_unarmed, joined, step_of, told_rows
from marsad.publish.formats.sentences import sentence_of
from marsad.publish.labels import of_actor, of_country
from marsad.publish.outgoing import Outgoing

Row = Mapping[str, Any]
STANDARD = "ACLED, columns of the export since March 2023"
_BATTLES, _EXPLOSIONS, _CIVILIANS = "Battles", "Explosions/Remote violence", "Violence against civilians"
_CROWDS = {"Protests": ("Protesters", 6), "Riots": ("Rioters", 5)}
_UNIDENTIFIED, _PEOPLE = ("Unidentified Armed Group", 3), ("Civilians", 7)


def write(out: Outgoing, path: Path) -> None:
    """Write the incidents that ACLED would call events, one row each, and PATH-metadata.json."""
    left_out: Counter[str] = Counter()
    rows = (row for _, row in events_of(out, left_out))
    write_events(out, path, acled().columns, rows, left_out, STANDARD)


def events_of(out: Outgoing, left_out: Counter[str] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each event with its incident's id; what is none is counted in `left_out` by the reason."""
    for event in told_rows(out.rows("told")):
        reason = event.why_not(acled().days[-1])
        rule = None if reason else event.rule(acled().rules)
        if rule is not None and rule.event:
            yield str(event.row["id"]), _row(event, acled().sub_events[rule.event])
        elif left_out is not None:
            left_out[reason or f"{event.type}: {rule.why if rule else ''}"] += 1


def _row(event: Event, sub: SubEvent) -> dict[str, Any]:
    place, country, first = event.place, event.country, event.first
    assert place is not None and country is not None and first is not None  # why_not has asked for them
    one, other = _sides(event, sub, country)
    cells = {
        "event_id_cnty": f"{country.alpha3}{event.number}", "event_date": first, "year": int(first[:4]),
        "time_precision": step_of(event.days, acled().days),
        "disorder_type": sub.disorder, "event_type": sub.event_type, "sub_event_type": sub.name,
        "actor1": one.name, "assoc_actor_1": one.others, "inter1": one.inter,
        "actor2": other.name, "assoc_actor_2": other.others, "inter2": other.inter,
        "interaction": _interaction(one.inter, other.inter),
        "civilian_targeting": "Civilian targeting" if _is_civilian_targeting(event, sub) else "",
        "iso": country.numeric, "region": country.acled_region, "country": of_country(country.id),
        "admin1": place["admin1"], "admin2": "", "admin3": "", "location": place["name"],
        "latitude": place["lat"], "longitude": place["lon"], "geo_precision": _geo_precision(event),
        "source": joined(event.row["sources"]), "source_scale": _scale(event.row["sources"], country.id.lower()),
        "notes": sentence_of(event.row, "en"), "fatalities": _fatalities(event),
        "tags": "crowd size=no report" if sub.event_type in _CROWDS else "",
        "timestamp": int(datetime.fromisoformat(event.row["recorded"]).timestamp()),
    }  # fmt: skip
    return {name: one_line(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}


@dataclass(frozen=True, slots=True)
class _Side:
    """A side of an event: the name and kind of who stands first, and the names of the others."""

    name: str = ""
    inter: int = 0
    others: str = ""


def _sides(event: Event, sub: SubEvent, country: Country) -> tuple[_Side, _Side]:
    """Return both sides; where a kind of event has two, or a doer, whom nobody names is unidentified."""
    doers, targets = event.parties
    if sub.event_type in _CROWDS:
        return _crowd(event, *_CROWDS[sub.event_type], doers, country), _Side()
    if sub.event_type == _BATTLES:
        doers, targets = _armed(doers), _armed(targets)
    first = sub.event_type != _CIVILIANS
    one, other = _side(event, _ordered(doers, True), country), _side(event, _ordered(targets, first), country)
    if sub.event_type in (_BATTLES, _EXPLOSIONS, _CIVILIANS):
        one = one if one.inter else _generic(*_UNIDENTIFIED, country)
    if sub.event_type in (_BATTLES, _CIVILIANS):
        other = other if other.inter else _generic(*(_UNIDENTIFIED if first else _PEOPLE), country)
    return (one, other) if one.inter else (other, one)


def _armed(parties: Sequence[Row]) -> list[Row]:
    """Return parties without unarmed people: in a battle ACLED has none."""
    return [party for party in parties if not is_unarmed(party)]


def _ordered(parties: Sequence[Row], armed_first: bool) -> list[Row]:
    return sorted(parties, key=lambda party: is_unarmed(party) is armed_first)


def _crowd(event: Event, name: str, inter: int, doers: Sequence[Row], country: Country) -> _Side:
    """Return people in the street; who they are told to be is associated with them."""
    named = [_named(event, party, country) for party in doers]
    others = [name for label, kind, extra in named for name in (extra, "" if kind == _PEOPLE[1] else label)]
    return _Side(_in(name, country), inter, joined(others))


def _side(event: Event, parties: Sequence[Row], country: Country) -> _Side:
    named = [_named(event, party, country) for party in parties]
    if not named:
        return _Side()
    (first, inter, _), *_ = named
    others = [name for label, _, extra in named for name in (label, extra) if name != first]
    return _Side(first, inter, joined(others))


def _named(event: Event, party: Row, country: Country) -> tuple[str, int, str]:
    """Return a party's name and kind, and the name that goes with it."""
    if not party["id"]:
        suffers = event.type in acled().suffer and any(party is one for one in event.row["targets"])
        return party["text"], acled().suffering if suffers else acled().unknown, ""
    known = acled().actors.get(party["id"], AcledActor(0))
    name = _in(known.name, country) if known.name else of_actor(party["id"])[1]
    return name, acled().inter_of(party["id"], country.id), _in(known.associated, country) if known.associated else ""


def _generic(name: str, inter: int, country: Country) -> _Side:
    return _Side(_in(name, country), inter)


def _in(name: str, country: Country) -> str:
    return f"{name} ({of_country(country.id)})"


def _interaction(one: int, other: int) -> int | None:
    """Return both kinds as two digits, the smaller first; of one actor its kind and 0; None of nobody."""
    if not one and not other:
        return None
    low, high = sorted((one, other))
    return 10 * low + high if low else 10 * high


def _is_civilian_targeting(event: Event, sub: SubEvent) -> bool:
    if sub.event_type == _EXPLOSIONS:
        targets = event.parties[1]
        return bool(targets) and all(map(is_unarmed, targets))
    return sub.event_type == _CIVILIANS or sub.name == "Excessive force against protesters"


def _geo_precision(event: Event) -> int:
    """Return 1 for the place itself, 2 for what is near it or small, 3 for a region."""
    if event.spot.level or event.spot.kind in ("country", "region"):
        return 3
    radius = event.place["radius_km"] if event.place else None
    step = step_of(radius, acled().radius_km) if radius is not None else 2
    return max(step, 2) if event.is_near else step


def _fatalities(event: Event) -> int:
    """Return the lowest number killed that a source tells; vague words have ACLED's numbers."""
    said = [_least(value) for value in event.said("killed")]
    return min(said, default=acled().uncounted if event.type == "killing" else 0)


def _least(value: Any) -> int:
    bounds = bounds_of(value)
    return acled().vague.get(value, bounds[0] if bounds else 0)


def _scale(sources: Sequence[str], code: str) -> str:
    """Return how far the sources speak: National, Other or both; outlets are known by the country's pack."""
    scales = {"National" if name in _national(code) else "Other" for name in sources}
    return "-".join(sorted(scales, reverse=True))


@cache
def _national(code: str) -> frozenset[str]:
    """Return the names of a country's outlets that speak to all of it."""
    known = theatre(code).outlets if code in theatre_codes() else ()
    return frozenset(name for outlet in known if outlet.kind in acled().national for name in outlet.names)
