"""Incidents with deaths as events in the 49 columns of UCDP's Georeferenced Event Dataset (docs/formats/ucdp.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any

from marsad.loading.countries import countries, governments
from marsad.loading.ucdp import TARGETS, ucdp
from marsad.publish.cells import one_line
from marsad.publish.characters import writable
from marsad.publish.event_tables import write_events
from marsad.publish.events import Event, bounds_of, joined, step_of, told_rows
from marsad.publish.labels import of_actor, of_country
from marsad.publish.outgoing import Outgoing
from marsad.publish.spool import Spool

Row = Mapping[str, Any]
STANDARD = "UCDP Georeferenced Event Dataset, 49 columns"
_STATE, _NON_STATE, _ONE_SIDED = 1, 2, 3
# Codes of `where_prec`.
_PLACE, _NEAR, _DISTRICT, _GOVERNORATE, _PART, _COUNTRY = range(1, 7)


def write(out: Outgoing, path: Path) -> None:
    """Write the incidents that fit UCDP's definition, one row each, and PATH-metadata.json."""
    left_out: Counter[str] = Counter()
    with Spool() as titles:
        for report in out.rows("reports"):
            titles.put(writable(report["id"]), writable(report["title"] or ""))
        write_events(out, path, ucdp().columns, _events_of(out, titles, left_out), left_out, STANDARD)


def _events_of(out: Outgoing, titles: Spool, left_out: Counter[str]) -> Iterator[dict[str, Any]]:
    for event in told_rows(out.rows("told")):
        reason, dead, dyad = _asked(event)
        if dead is None or dyad is None:
            left_out[reason] += 1
        else:
            yield _row(event, dyad, dead, titles)


@dataclass(frozen=True, slots=True)
class _Dead:
    """How many died: the lowest, the best supported and the highest number, and whose they are."""

    low: int
    best: int
    high: int
    whose: str


@dataclass(frozen=True, slots=True)
class _Dyad:
    """Who acts against whom: `b` is None where violence is one-sided; `turned` where `a` is whom it was done to."""

    violence: int
    a: Row
    b: Row | None
    turned: bool = False


def _asked(event: Event) -> tuple[str, _Dead | None, _Dyad | None]:
    """Return the deaths and the sides of an incident, or why it does not fit."""
    if reason := event.why_not(ucdp().days[-1]):
        return reason, None, None
    rule = event.rule(ucdp().rules)
    if not rule.event:
        return f"{event.type}: {rule.why}", None, None
    dead = _dead(event, rule.event)
    if dead.high < 1:
        return "nobody is told to have died", None, None
    dyad = _dyad(event)
    return ("" if dyad else "no two sides of which one is organised are told"), dead, dyad


def _dead(event: Event, whose: str) -> _Dead:
    bounds = [found for value in event.said("killed") if (found := bounds_of(value))]
    if not bounds:
        least = ucdp().uncounted if event.type == "killing" else 0
        return _Dead(least, least, least, whose)
    # Of "fewer than five" the most is what it tells.
    times = Counter(least or most for least, most in bounds)
    best = max(times, key=lambda number: (times[number], -number))
    return _Dead(min(least for least, _ in bounds), best, max(most for _, most in bounds), whose)


def _dyad(event: Event) -> _Dyad | None:
    """Return the sides, a government first; None where no organised side, or nobody on the other, is told."""
    one, other = event.parties
    a, b = _organised(one), _organised(other)
    if a is None or (b is None and not any(party["id"] in ucdp().civilians for party in other)):
        return None
    if b is None:
        return _Dyad(_ONE_SIDED, a, None)
    states = _is_state(a), _is_state(b)
    violence = _STATE if any(states) else _NON_STATE
    return _Dyad(violence, b, a, turned=True) if states == (False, True) else _Dyad(violence, a, b)


def _organised(parties: Sequence[Row]) -> Row | None:
    """Return the first party that is an organised side with a name."""
    no_side = ucdp().civilians | ucdp().unorganised
    return next((party for party in parties if party["id"] and party["id"] not in no_side), None)


def _is_state(party: Row) -> bool:
    return party["id"] in governments() or party["id"] in ucdp().coalitions


def _row(event: Event, dyad: _Dyad, dead: _Dead, titles: Spool) -> dict[str, Any]:
    a, b = _name(dyad.a), _name(dyad.b) if dyad.b else "Civilians"
    names = {"side_a": a, "side_b": b, "dyad_name": f"{a} - {b}"}
    conflict = "" if dyad.violence == _STATE else names["dyad_name"]
    cells = {
        **dict.fromkeys((column.name for column in ucdp().columns), ""),
        "id": event.number, "relid": f"marsad-{event.row['id']}", "year": int((event.last or "")[:4]),
        "code_status": "Check", "type_of_violence": dyad.violence, "conflict_name": conflict, **names,
        **_sources(event, titles), **_where(event),
        "event_clarity": 2 if event.days > ucdp().days[2] or _has_several_places(event) else 1,
        "date_prec": step_of(event.days, ucdp().days), "date_start": event.first, "date_end": event.last,
        **_deaths(event, dyad, dead), "best": dead.best, "high": dead.high, "low": dead.low,
        "gwnoa": _state_number(dyad.a), "gwnob": _state_number(dyad.b),
    }  # fmt: skip
    return {name: one_line(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}


def _name(party: Row) -> str:
    home = governments().get(party["id"])
    return f"Government of {of_country(home)}" if home else of_actor(party["id"])[1]


def _state_number(party: Row | None) -> int | None:
    home = governments().get(party["id"]) if party else None
    return countries()[home].gw if home else None


def _deaths(event: Event, dyad: _Dyad, dead: _Dead) -> dict[str, int]:
    """Return whose the dead are, as far as told: those to whom it was done, else unknown."""
    found = dict.fromkeys(("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"), 0)
    civilian = [party["id"] in ucdp().civilians for party in event.parties[1]]
    if dead.whose != TARGETS or len(set(civilian)) > 1:
        column = "deaths_unknown"
    elif dyad.b is None or all(civilian):
        column = "deaths_civilians"
    else:
        column = "deaths_a" if dyad.turned else "deaths_b"
    return {**found, column: dead.best}


def _has_several_places(event: Event) -> bool:
    return len([place for place in event.row["places"] if place["role"] == "at"]) > 1


def _sources(event: Event, titles: Spool) -> dict[str, Any]:
    """Return what the reports are that tell it, by day of publication, and who said it."""
    first = {claim["report"]: claim for claim in reversed(event.row["told"])}
    reports = sorted(first.values(), key=lambda claim: (claim["published"] or "9999", claim["report"]))
    headlines = [titles.get(writable(claim["report"])) or "" for claim in reports]
    articles = [
        ",".join((claim["outlet"] or "", claim["published"] or "", headline or claim["url"] or ""))
        for claim, headline in zip(reports, headlines, strict=True)
    ]
    return {
        "number_of_sources": len(reports), "source_article": ";".join(f'"{_plain(text)}"' for text in articles),
        "source_office": ";".join(_plain(claim["outlet"] or "") for claim in reports),
        "source_date": ";".join(claim["published"] or "" for claim in reports),
        "source_headline": ";".join(map(_plain, headlines)),
        "source_original": joined((claim["origin"] for claim in event.row["told"]), ";"),
    }  # fmt: skip


def _plain(text: str) -> str:
    """Return a text without the signs that keep such texts apart."""
    return text.replace(";", ",").replace('"', "'")


def _where(event: Event) -> dict[str, Any]:
    place, country = event.place, event.country
    assert place is not None and country is not None  # why_not has asked for them
    lat, lon = place["lat"], place["lon"]
    words = [word for one in event.row["places"] for word in event.words_of_place(one)]
    return {
        "where_prec": _where_prec(event, place), "where_coordinates": place["name"],
        "where_description": joined([*words, *(site["kind"] for site in event.row["sites"])]),
        "adm_1": place["admin1"], "latitude": lat, "longitude": lon, "geom_wkt": f"POINT ({lon:.6f} {lat:.6f})",
        "priogrid_gid": priogrid_of(lat, lon), "country": of_country(country.id), "country_id": country.gw,
        "region": country.ucdp_region,
    }  # fmt: skip


def _where_prec(event: Event, place: Row) -> int:
    kind, level = event.spot.kind, event.spot.level
    if kind in ("country", "region") or (level and event.spot.direction):
        return _COUNTRY if kind == "country" and not event.spot.direction else _PART
    if level:
        return _GOVERNORATE if level == 1 else _DISTRICT
    radius = place["radius_km"]
    step = step_of(radius, ucdp().radius_km) if radius is not None else _NEAR
    return _PART if step > _NEAR else max(step, _NEAR if event.is_near else _PLACE)


def priogrid_of(lat: float, lon: float) -> int:
    """Return the cell of PRIO-GRID: half degrees from the south pole and the date line, 720 a row, counted from 1."""
    row, column = min(floor((lat + 90) * 2), 359), min(floor((lon + 180) * 2), 719)
    return row * 720 + column + 1
