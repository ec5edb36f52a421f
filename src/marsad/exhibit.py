"""What a page shows of a record: its claims and their reports, who holds which place on each day, and what is drawn.

Everything is numbered and packed into columns, so that some thousands of claims fit into one file. What goes in is
named here field by field: a new field of the record stays out until somebody adds it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from marsad.charting import ledger_of
from marsad.control.timeline import NOBODY_KNOWS, State
from marsad.errors import UsageError
from marsad.grounding.gazetteer import all_places
from marsad.grounding.tessellation import cells_of
from marsad.holding import Ledger, is_under, place_fields
from marsad.loading.borders import borders
from marsad.loading.control import control_rules
from marsad.loading.theatre import theatre, theatre_codes
from marsad.publish import labels
from marsad.record.view import View, check_day
from marsad.text.letters import fold

Row = Mapping[str, Any]
_SURE = ("accepted", "corrected")
# Points are whole numbers of this part of a degree, about 100 m: cells are a drawing aid, borders are no finer.
_GRID = 1000
# The first reports tell of the days before them. What they recall of years ago makes no slider of years.
_BEFORE = timedelta(7)
# A country with fewer of the places than this share is not drawn: one town abroad would bring a whole land along.
_LEAST_SHARE = 0.05
# What `fold` may change: Arabic letters and marks, and the signs that only steer direction.
_FOLDED = (range(0x00AD, 0x00AE), range(0x0600, 0x0700), range(0x200B, 0x206B), range(0xFEFF, 0xFF00))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked to show: days are ISO, `under` is an area's id or a country's two letters."""

    first: str | None = None
    last: str | None = None
    on: str | None = None
    under: str | None = None
    certainty: float | None = None
    title: str | None = None

    def __post_init__(self) -> None:
        for day in (self.first, self.last, self.on):
            check_day(day)


class _Numbers:
    """Gives each thing a number, in the order in which it is first asked for."""

    def __init__(self) -> None:
        self.of_key: dict[str, int] = {}

    def of(self, key: str) -> int:
        return self.of_key.setdefault(key, len(self.of_key))

    @property
    def keys(self) -> list[str]:
        return list(self.of_key)


def exhibit_of(view: View, asked: Asked = Asked()) -> dict[str, Any]:
    """Return what a page shows of a record, ready for JSON; the same record and question give the same."""
    reach, last = _reach(view, asked)
    ledger = ledger_of(view)
    # A report may tell of a fight in a place that is meant by several words; each is asked for once.
    timelines = dict(_timelines(ledger, asked.under, last))
    cited = {claim for states in timelines.values() for state in states for claim in (*state.claims, *state.against)}
    listed, behind = _claims(view, asked, reach, last, cited)
    first = asked.first or min((day for claim in listed if (day := _days_of(claim)[0]) >= reach), default=last)
    if not first <= (asked.on or first) <= last:
        raise UsageError(f"the page goes from {first} to {last}; choose --from, --to and --on so that they fit")
    return _Packing(first, last).packed(view, asked, timelines, listed, behind)


def _reach(view: View, asked: Asked) -> tuple[str, str]:
    """Return the days between which claims are listed: to the newest report, from shortly before the first one."""
    days = sorted(report["published"] for report in view.reports() if report["published"])
    if not days:
        raise UsageError("the record has no report with a day yet; `marsad add FILE` brings some")
    first = asked.first or (date.fromisoformat(min(days[0], asked.last or days[0])) - _BEFORE).isoformat()
    return first, asked.last or max(days[-1], first)


def _timelines(ledger: Ledger, under: str | None, last: str) -> Iterator[tuple[str, list[State]]]:
    """Yield the states of each place until the last day, equal neighbours as one."""
    for place in ledger.atlas.places:
        if is_under(place, under):
            states = [state for state in ledger.atlas.timeline(place) if state.start <= last]
            if any(state.status != NOBODY_KNOWS for state in states):
                yield place, states


def _claims(
    view: View, asked: Asked, first: str, last: str, cited: set[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the claims that the question is about, and those that only stand behind a state, each in order of days."""
    listed, behind = list[dict[str, Any]](), list[dict[str, Any]]()
    for claim in view.claims():
        if _is_asked(claim, asked, first, last):
            listed.append(claim)
        elif claim["id"] in cited:
            behind.append(claim)
    return sorted(listed, key=_by_day), sorted(behind, key=_by_day)


def _is_asked(claim: Row, asked: Asked, first: str, last: str) -> bool:
    begin, end = _days_of(claim)
    sure = asked.certainty is None or claim["certainty"] >= asked.certainty or claim["verdict"] in _SURE
    ids = (place["id"] for place in claim["places"] if place["id"])
    inside = asked.under is None or any(is_under(id, asked.under) for id in ids)
    return bool(begin) and begin <= last and end >= first and sure and inside


def _days_of(claim: Row) -> tuple[str, str]:
    """Return the first and the last day of a claim; of one without days, that of publication."""
    start, _, until = (claim["date"] or "").partition("/")
    start, until = _whole(start), _whole(until)
    day = start or until or claim["published"] or ""
    return day, until or day


def _whole(written: str) -> str:
    """Return an ISO day, "" where it is none."""
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return ""


def _by_day(claim: Row) -> tuple[str, str, list[int], str]:
    return _days_of(claim)[0], claim["report"], list(claim["span"]), claim["id"]


class _Packing:
    """Packs claims, reports, places and states into columns that name each other by number."""

    def __init__(self, first: str, last: str) -> None:
        self.first, self.last = first, last
        self.day0 = date.fromisoformat(first).toordinal()
        self.claims: dict[str, int] = {}
        self.reports, self.places, self.actors, self.names = _Numbers(), _Numbers(), _Numbers(), _Numbers()
        self.types, self.statuses, self.incidents, self.parties = _Numbers(), _Numbers(), _Numbers(), _Numbers()
        self.told_places: dict[str, Row] = {}

    def packed(
        self,
        view: View,
        asked: Asked,
        timelines: Mapping[str, Sequence[State]],
        listed: Sequence[Row],
        behind: Sequence[Row],
    ) -> dict[str, Any]:
        """Return the whole exhibit."""
        rows = [*listed, *behind]
        self.claims = {claim["id"]: number for number, claim in enumerate(rows)}
        told = {claim["report"] for claim in rows}
        # Not asked for by id: that of a hidden source's report is another one here than in the record.
        texts = {report["id"]: report for report in view.reports(text=True) if report["id"] in told}
        states = {self.places.of(place): self._states(states) for place, states in timelines.items()}
        columns = self._columns(rows, texts)
        rules = control_rules().limit
        codes = _drawn_countries(timelines or self.places.of_key)
        return {
            "v": 1, "title": asked.title, "first": self.first, "last": self.last,
            "on": (asked.on and self._day(asked.on)) or self._day(self.last), "day0": self.first,
            "knownBy": view.known_by is not None, "listed": len(listed),
            "halfLife": rules["half-life-days"], "asserted": rules["asserted-days"],
            "claims": columns, "reports": [self._report(texts[id]) for id in self.reports.keys],
            "states": states, "places": [self._place(key) for key in self.places.keys],
            "cells": self._cells(codes, timelines.keys()), "borders": list(_borders(codes)),
            "countries": [code.upper() for code in codes],
            "actors": self._named_actors(), "parties": self._pairs(),
            "types": [[id, *labels.of_type(id)] for id in self.types.keys],
            "statuses": [[id, *labels.STATUS.get(id, (id, id))] for id in self.statuses.keys],
            "names": self.names.keys, "numbers": {key: list(said) for key, said in labels.NUMBERS.items()},
            "fold": _folds(),
            "credits": _credits(codes),
        }  # fmt: skip

    def _day(self, day: str | None) -> int | None:
        """Return a day as the number of days since the first one of the page."""
        whole = _whole(day or "")
        return date.fromisoformat(whole).toordinal() - self.day0 if whole else None

    def _columns(self, rows: Sequence[Row], texts: Mapping[str, Row]) -> dict[str, list[Any]]:
        packed = [self._claim(claim, texts.get(claim["report"])) for claim in rows]
        return {name: [claim[name] for claim in packed] for name in (packed[0] if packed else ())}

    def _claim(self, claim: Row, report: Row | None) -> dict[str, Any]:
        begin, end = _days_of(claim)
        text = (report or {}).get("text") or ""
        return {
            "id": claim["id"], "report": self.reports.of(claim["report"]) if report else -1,
            "type": self.types.of(claim["type"]), "status": self.statuses.of(claim["status"]),
            "day": self._day(begin), "long": (self._day(end) or 0) - (self._day(begin) or 0),
            "dated": int(bool(claim["date"])),
            "span": [*_units(text, claim["span"]), *_units(text, claim["trigger_span"])],
            "actors": [self._party(party) for party in claim["actors"]],
            "targets": [self._party(party) for party in claim["targets"]],
            "places": list(dict.fromkeys(map(self._where, claim["places"]))),
            "sources": [self.names.of(name) for name in claim["sources"]],
            "sure": round(100 * claim["certainty"]), "seen": int(claim["verdict"] in _SURE),
            "numbers": claim["numbers"] or 0,
            "incident": self.incidents.of(claim["incident"]) if claim["incident"] else -1,
        }  # fmt: skip

    def _party(self, party: Row) -> int:
        return self.parties.of(f"{party['id'] or ''}\n{party['text']}")

    def _where(self, place: Row) -> int:
        """Return the number of a claim's place; one that the gazetteer lacks is known by its words."""
        key = place["id"] or f"\n{place['name'] or place['text']}"
        self.told_places.setdefault(key, place)
        return self.places.of(key)

    def _states(self, states: Sequence[State]) -> list[list[Any]]:
        """Return the states as rows; one that differs from that before in nothing that is shown is left out."""
        rows = [self._state(state) for state in states]
        return [row for at, row in enumerate(rows) if not at or row[1:] != rows[at - 1][1:]]

    def _state(self, state: State) -> list[Any]:
        sides = [self.actors.of(side) for side in state.sides]
        actor = self.actors.of(state.actor) if state.actor else -1
        known = [[self.claims[id] for id in ids if id in self.claims] for ids in (state.claims, state.against)]
        return [
            self._day(state.start), state.status, self._day(state.since), int(state.is_act), actor, sides,
            round(100 * state.chance), self._day(state.newest), self._day(state.outright), state.voices, *known,
        ]  # fmt: skip

    def _report(self, report: Row) -> list[Any]:
        outlet = self.names.of(report["outlet"]) if report["outlet"] else -1
        return [report["id"], outlet, self._day(report["published"]), report["title"], report["url"], report["text"]]

    def _place(self, key: str) -> list[Any]:
        """Return id, names in English and Arabic, kind, governorate in both, country, point and weight."""
        if key not in all_places().rows and key.partition("/")[0] not in all_places().rows:
            told = self.told_places.get(key, {})
            name = told.get("name") or told.get("text") or key.strip()
            point = _point(told.get("lon"), told.get("lat"))
            return [
                key.strip(),
                name,
                told.get("text") or name,
                "",
                told.get("admin1") or "",
                "",
                told.get("country"),
                point,
            ]
        fields = place_fields(key)
        row = all_places().rows[key.partition("/")[0]]
        area = all_places().rows.get(row.admin1)
        return [
            key, row.name, row.name_ar or row.name, fields["kind"], fields["admin1"] or "",
            (area.name_ar if area else "") or fields["admin1"] or "", fields["country"], _point(row.lon, row.lat),
            row.weight,
        ]  # fmt: skip

    def _cells(self, codes: Iterable[str], wanted: Collection[str]) -> dict[int, list[list[list[int]]]]:
        """Return the cells of the wanted places by number, each a list of polygons of rings."""
        cells = {place: cell for code in codes for place, cell in cells_of(code).items() if place in wanted}
        return {self.places.of(place): _polygons(cell) for place, cell in cells.items()}

    def _named_actors(self) -> list[list[str]]:
        """Return every actor that stands in a claim or holds a place, in Arabic and English."""
        for party in self.parties.keys:
            if id := party.partition("\n")[0]:
                self.actors.of(id)
        return [[id, *map(_short, labels.of_actor(id))] for id in self.actors.keys]

    def _pairs(self) -> list[list[Any]]:
        """Return the parties of claims: the number of the actor, -1 where the registry knows none, and the words."""
        split = [key.partition("\n") for key in self.parties.keys]
        return [[self.actors.of(id) if id else -1, words] for id, _, words in split]


def _units(text: str, span: Sequence[int]) -> list[int]:
    """Return a span in the units in which browsers count: a letter beyond the first plane is two."""
    start, end = (max(0, min(at, len(text))) for at in span)
    if text.isascii() or max(text, default="") <= "\uffff":
        return [start, end]
    return [at + sum(letter > "\uffff" for letter in text[:at]) for at in (start, end)]


def _short(name: str) -> str:
    """Return an actor's name without what stands in brackets behind it."""
    return name.split(" (")[0]


def _point(lon: float | None, lat: float | None) -> list[int] | None:
    return None if lon is None or lat is None else [round(lon * _GRID), round(lat * _GRID)]


def _drawn_countries(places: Collection[str]) -> list[str]:
    """Return the theatres that have a fair share of the places, by code."""
    rows = (all_places().rows.get(place.partition("/")[0]) for place in places)
    counts = Counter(row.country.lower() for row in rows if row is not None)
    return sorted(c for c in counts.keys() & set(theatre_codes()) if counts[c] >= _LEAST_SHARE * counts.total())


def _borders(codes: Iterable[str]) -> Iterator[list[Any]]:
    """Yield each governorate: its names, whether nobody disputes that it is one, its polygons."""
    for code in codes:
        for feature in borders(code)["features"]:
            told = feature["properties"]
            row = all_places().rows.get(told["id"])
            names = [row.name, row.name_ar or row.name] if row else [told["name"], told["name"]]
            is_settled = row is not None and not told.get("disputed")
            yield [told["id"], *names, int(is_settled), _polygons(feature["geometry"])]


def _credits(codes: Iterable[str]) -> list[str]:
    """Return whose data the places and the borders are, as their licences want it said."""
    told = (theatre(code).about for code in codes)
    sources = [source for about in told if about for source in about.sources]
    own = bool(os.environ.get("MARSAD_BORDERS"))
    return list(dict.fromkeys(s.credit for s in sources if not (own and "borders.json" in s.name)))


def _polygons(geometry: Row) -> list[list[list[int]]]:
    """Return polygons as rings of whole numbers: the first point, then the steps from one point to the next."""
    drawn = geometry["coordinates"]
    polygons = [drawn] if geometry["type"] == "Polygon" else drawn
    return [[_steps(ring) for ring in polygon] for polygon in polygons]


def _steps(ring: Sequence[Sequence[float]]) -> list[int]:
    points = [(round(x * _GRID), round(y * _GRID)) for x, y, *_ in ring]
    steps = list(points[0])
    for (x, y), (next_x, next_y) in pairwise(points):
        if (x, y) != (next_x, next_y):
            steps += [next_x - x, next_y - y]
    return steps


def _folds() -> list[str]:
    """Return the letters that readers take for another one, and in the same order that one; "\u0020" drops a letter."""
    changed = [(chr(code), fold(chr(code))) for some in _FOLDED for code in some if fold(chr(code)) != chr(code)]
    return ["".join(letter for letter, _ in changed), "".join(known or " " for _, known in changed)]
