"""What leaves a record: its tables as a viewer may see them, with nothing but the fields of the allow-list.

Rows are asked for as they are written, so that a million claims take no more memory than a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from marsad.charting import ledger_of
from marsad.holding import Ledger
from marsad.loading.published import published
from marsad.loading.theatre import theatre, theatre_codes
from marsad.pipeline import release
from marsad.publish.leaving import leaving
from marsad.publish.outgoing import About, Outgoing
from marsad.record.view import Filters, View, check_day

Row = Mapping[str, Any]
METHOD = (
    "Claims are read from reports by rules, fused into incidents by docs/concepts/fusion.md, and who holds what is "
    "derived from them by docs/concepts/control.md of Marsad; nothing is drawn by hand."
)
# A licence is the publisher's to give: of the reports' words none is Marsad's.
NO_LICENCE = "none stated: ask whoever gave you this file; the words of reports are their publishers'"
# Incidents whose claims are looked up at once.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to leave: days are ISO, `area` a governorate's standard name or a country, `under` its gazetteer's id."""

    first: str | None = None
    last: str | None = None
    on: str | None = None
    area: str | None = None
    under: str | None = None
    certainty: float | None = None
    reviewed: bool = False
    lang: str = "en"
    title: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        for day in (self.first, self.last, self.on):
            check_day(day)

    def filters(self) -> Filters:
        """Return the filters for claims and incidents."""
        return Filters(
            first=self.first, last=self.last, under=self.area, certainty=self.certainty, reviewed=self.reviewed
        )

    def told(self, view: View) -> dict[str, str]:
        """Return what was asked for and as whom, for the metadata."""
        named = {"from": self.first, "to": self.last, "on": self.on, "under": self.area, "certainty": self.certainty}
        given = {name: str(value) for name, value in named.items() if value is not None}
        return {**given, **({"reviewed": "only"} if self.reviewed else {}), "role": view.viewer.role}


def outgoing_of(view: View, asked: Asked = Asked()) -> Outgoing:
    """Return the tables that leave, each a stream that is asked for anew; the same record and question give the same.

    Beside those of codebook/published.toml, `told` is the incidents, each with its claims.
    """
    on = asked.on or view.newest_day()
    ledger = _Once(view, asked.reviewed)
    tables = {
        "claims": lambda: leaving("claims", view.claims(asked.filters())),
        "incidents": lambda: leaving("incidents", view.incidents(asked.filters())),
        "control": lambda: leaving("control", _control(ledger, on, asked.under)),
        "changes": lambda: leaving("changes", _changes(ledger, asked, on)),
        "reports": lambda: leaving("reports", view.reports(Filters(first=asked.first, last=asked.last))),
        "told": lambda: _told(view, asked.filters()),
    }
    return Outgoing(about_of(view, replace(asked, on=on)), tables, asked.lang)


def about_of(view: View, asked: Asked) -> About:
    """Return what an export states of itself."""
    credits = tuple(_credits(view.countries()))
    return About(
        asked.title or "Marsad: claims, incidents and who holds what", asked.licence or NO_LICENCE,
        f"marsad {release()}", view.as_known(), asked.told(view), METHOD, credits,
    )  # fmt: skip


class _Once:
    """The ledger of a view, made when it is first asked for."""

    def __init__(self, view: View, reviewed: bool) -> None:
        self._view, self._reviewed = view, reviewed
        self._ledger: Ledger | None = None

    def __call__(self) -> Ledger:
        if self._ledger is None:
            self._ledger = ledger_of(self._view, reviewed=self._reviewed)
        return self._ledger


def _control(ledger: _Once, on: str | None, under: str | None) -> Iterator[Row]:
    if on is not None:
        yield from ({"on": on, **row} for row in ledger().on(on, under=under))


def _changes(ledger: _Once, asked: Asked, on: str | None) -> Iterator[Row]:
    if on is not None:
        yield from ledger().changes(asked.first or "", asked.last or on, asked.under)


def _told(view: View, filters: Filters) -> Iterator[Row]:
    """Yield the incidents that may leave, each with its claims that may, in the incident's order."""
    for some in _parts(view.incidents(filters)):
        found = view.told(id for incident in some for id in incident["claims"])
        for incident, kept in zip(some, leaving("incidents", some), strict=True):
            claims = [found[id] for id in incident["claims"] if id in found]
            yield {**kept, "told": list(leaving("claims", claims))}


def _parts(things: Iterable[Any]) -> Iterator[list[Any]]:
    stream = iter(things)
    while some := list(islice(stream, _AT_ONCE)):
        yield some


def _credits(countries: Iterable[str]) -> Iterator[str]:
    """Yield whose gazetteers the places of these countries come from, as their licences want it said."""
    codes = [code for code in theatre_codes() if code.upper() in countries or code == "world"]
    told = (theatre(code).about for code in codes if code)
    sources = (source for about in told if about for source in about.sources)
    yield from dict.fromkeys(source.credit for source in sources if "borders" not in source.name)


@dataclass(frozen=True, slots=True)
class Leaving:
    """One thing that is about to leave: a person or party by name, an exact point, or a source, and where it stands."""

    kind: str
    name: str
    tables: tuple[str, ...]
    times: int

    def as_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {"kind": self.kind, "name": self.name, "tables": list(self.tables), "times": self.times}


def review_of(outgoing: Outgoing, tables: Iterable[str] = ()) -> list[Leaving]:
    """Return every person, every exact point and every source that is about to leave, by kind and name.

    A party whom the registry knows is a public actor and is not listed; of a point, the place and how exact it is.
    """
    found: dict[tuple[str, str], dict[str, int]] = {}
    for table in tables or published():
        for row in outgoing.rows(table):
            for thing in _named_in(table, row):
                times = found.setdefault(thing, {})
                times[table] = times.get(table, 0) + 1
    named = sorted(found.items())
    return [Leaving(kind, name, tuple(times), sum(times.values())) for (kind, name), times in named]


def _named_in(table: str, row: Row) -> Iterator[tuple[str, str]]:
    for role in ("actors", "targets"):
        yield from (("person", p["text"]) for p in row.get(role, ()) if not p["id"])
    if table in ("control", "changes"):
        yield from _points([{**row, "id": row["place"]}])
    else:
        yield from _points(row.get("places", ()))
    named = [row.get("outlet"), row.get("origin")]
    listed = row.get("sources") if isinstance(row.get("sources"), list) else []
    yield from (("source", name) for name in dict.fromkeys([*named, *(listed or [])]) if name)


def _points(places: Iterable[Row]) -> Iterator[tuple[str, str]]:
    for place in places:
        if place["lat"] is not None:
            exact = f" ± {place['radius_km']:g} km" if place.get("radius_km") else ""
            yield "point", f"{place['name']} {place['lat']:.4f}, {place['lon']:.4f}{exact}"
