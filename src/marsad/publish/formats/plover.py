"""Incidents as events of PLOVER, draft 2.0, one JSON object a line (docs/formats/plover.md says what that loses)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marsad.loading.codebook import types
from marsad.loading.countries import countries
from marsad.loading.mappings import Rule
from marsad.loading.plover import HERE, PloverEvent, plover
from marsad.publish.characters import all_writable
from marsad.publish.event_tables import write_about
from marsad.publish.events import Event, bounds_of, step_of, told_rows
from marsad.publish.labels import of_actor, of_country
from marsad.publish.outgoing import About, Outgoing

Row = Mapping[str, Any]
STANDARD = "PLOVER draft 2.0"
# Days of the longest time that is told: a year says no more when something was.
_LONGEST = 366
# `resolution`: the country, an area of the first level, of the second or third, a town, what lies in one.
_COUNTRY, _PROVINCE, _DISTRICT, _CITY, _BELOW = 1, 2, 3, 4, 5
_TOWNS = ("city", "town", "village")
# Kilometres round a place of which nothing tells what it is: within the first a town, within the second a district.
_RADIUS_KM = (6, 20)


def write(out: Outgoing, path: Path) -> None:
    """Write the incidents that PLOVER has a type for, and PATH-metadata.json."""
    left_out: Counter[str] = Counter()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in _records(out, left_out):
            file.write(json.dumps(all_writable(record), ensure_ascii=False) + "\n")
    write_about(out, path, (), STANDARD, left_out)


def _records(out: Outgoing, left_out: Counter[str]) -> Iterator[dict[str, Any]]:
    for event in told_rows(out.rows("told")):
        reason = event.why_not(_LONGEST, placed=False)
        rule = None if reason else event.rule(plover().rules)
        if rule is None or not rule.event:
            left_out[reason or f"{event.type}: {rule.why if rule else ''}"] += 1
            continue
        record = _record(event, plover().events[rule.event], rule, out.about)
        if record["event"][0] in plover().recipient_needed and not record["recipient"]:
            left_out[f"{event.type}: {rule.event} needs somebody to whom it is done, and nobody is told"] += 1
        else:
            yield record


def _record(event: Event, kind: PloverEvent, rule: Rule, about: About) -> dict[str, Any]:
    """Return the record of an event; a field of which nothing is told is left out."""
    row, coded = event.row, _coded(event)
    actors, recipients = _parties(event, rule)
    recorded = datetime.fromisoformat(row["recorded"]).astimezone(UTC)
    fields = {
        "id": row["id"], "has_event": True, "date": event.first,
        "enddate": event.last if event.last != event.first else None,
        "actor": [_entity(event, party, kind.name) for party in actors],
        "recipient": [_entity(event, party, kind.name) for party in recipients],
        "event": [kind.name], "mode": _modes(event, kind, rule), "context": _contexts(event, rule),
        "event_loc": _location(event), "event_text": list(dict.fromkeys(claim["evidence"] for claim in row["told"])),
        "quad_code": kind.quad, "event_scale": kind.score, "size": _size(event), "link": row["id"],
        "text_info": _text(coded), "cite_info": _citation(coded, about) if coded else None,
        "coder": about.version, "coded_date": recorded.date().isoformat(),
        "coded_time": recorded.time().isoformat("seconds"), "comment": _comment(row),
    }  # fmt: skip
    kept = {"actor", "recipient", "mode", "context"}
    return {name: value for name, value in fields.items() if name in kept or value not in (None, "", [], {})}


def _coded(event: Event) -> Row | None:
    """Return the claim whose words stand for the event: the one whose evidence the incident has, else the first."""
    told: Sequence[Row] = event.row["told"]
    return next((claim for claim in told if claim["evidence"] == event.row["evidence"]), told[0] if told else None)


def _parties(event: Event, rule: Rule) -> tuple[list[Row], list[Row]]:
    """Return who does it and to whom; of an act whose actors are all sides alike, all sides do it."""
    one, other = event.parties
    if types()[event.type].sided:
        return [*one, *other], []
    return (other, one) if rule.swap else (one, other)


def _entity(event: Event, party: Row, name: str) -> dict[str, str]:
    if not party["id"]:
        return {"sector": "UNK", "entity_text": party["text"]}
    known = plover().party_of(party["id"], name)
    here = event.country.id if event.country else ""
    country = countries().get(here if known.country == HERE else known.country)
    fields = {
        "code": country.alpha3 if country else "", "sector": known.sector, "entity_text": party["text"],
        "identifier_text": of_actor(party["id"])[1],
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value}


def _modes(event: Event, kind: PloverEvent, rule: Rule) -> list[str]:
    """Return the modes that the means tell, in the manual's order; those of the rule where they tell none."""
    by_means = plover().modes.get(kind.name, {})
    told = {by_means[means] for means in event.means() if means in by_means}
    return [mode for mode in kind.modes if mode in (told or rule.modes)]


def _contexts(event: Event, rule: Rule) -> list[str]:
    return [*rule.contexts, *(["cbrn"] if "chemical" in event.means() else [])]


def _location(event: Event) -> dict[str, Any]:
    place, country = event.where, event.country
    if place is None:
        return {}
    fields = {
        "extracted_place": next(iter(event.words_of_place(place)), ""), "resolved_place": place["name"],
        "lat": place["lat"], "lon": place["lon"], "province": place["admin1"],
        "country": of_country(country.id) if country else "", "country_code": country.alpha3 if country else "",
        "resolution": _resolution(event, place),
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _resolution(event: Event, place: Row) -> int:
    kind, level = event.spot.kind, event.spot.level
    if kind == "country":
        return _PROVINCE if event.spot.direction else _COUNTRY
    if level or kind == "region":
        return _DISTRICT if level > 1 else _PROVINCE
    if event.is_near:
        return _DISTRICT
    if kind:
        return _CITY if kind in _TOWNS else _BELOW
    radius = place["radius_km"]
    return _PROVINCE if radius is None else (_CITY, _DISTRICT, _PROVINCE)[step_of(radius, _RADIUS_KM) - 1]


def _size(event: Event) -> dict[str, int]:
    """Return the lowest numbers of dead, injured and arrested that are told."""
    names = {"dead": "killed", "injured": "wounded", "arrested": "arrested"}
    return {name: least for name, key in names.items() if (least := _least(event.said(key))) is not None}


def _least(said: Sequence[Any]) -> int | None:
    return min((bounds[0] for value in said if (bounds := bounds_of(value))), default=None)


def _text(coded: Row | None) -> dict[str, Any] | None:
    """Return where in its report's text the claim's words stand, in characters, the end exclusive."""
    if coded is None:
        return None
    start, end = coded["span"]
    return {"start": start, "end": end}


def _citation(coded: Row, about: About) -> dict[str, str]:
    outlet, day = coded["outlet"] or "", coded["published"] or ""
    fields = {
        "corpus": about.title, "citation": ", ".join(part for part in (outlet, day, coded["report"]) if part),
        "url": coded["url"] or "", "language": "ar", "publication": outlet, "license": about.licence,
        "coder": about.version, "codebook": plover().codebook, "version": coded["reader"] or "",
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value}


def _comment(row: Row) -> str:
    """Return who else tells it and where sources differ, for which PLOVER has no field."""
    said = [f"told by {'; '.join(row['sources'])}"] if row["sources"] else []
    fields = list(dict.fromkeys(dispute["field"] for dispute in row["contradictions"]))
    return ". ".join([*said, *([f"sources differ on {', '.join(fields)}"] if fields else [])])
