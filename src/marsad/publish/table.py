"""The table for people: claims grouped by governorate and place, right-to-left safe in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from marsad.model import Claim, Party, PlaceRef, Report
from marsad.publish.cells import around, cell, cut, isolate, one_line, width_of
from marsad.publish.labels import of_country, of_place

WIDTH = 100
NOWHERE = "No place told"
_DATE, _TYPE, _WHO, _WHOM = 11, 23, 30, 28  # with three gaps and the indent of 4 this makes 99
_ARROW = "→"

Row = tuple[Report, Claim]
Groups = dict[str, dict[str, list[Row]]]


def table_of(coded: Iterable[tuple[Report, Sequence[Claim]]]) -> Iterator[str]:
    """Yield the lines of the table: governorate, place, and under it two lines a claim."""
    rows = [(report, claims) for report, claims in coded]
    groups = _grouped((report, claim) for report, claims in rows for claim in claims)
    for governorate in sorted(groups, key=lambda name: (name == NOWHERE, name)):
        yield from _governorate_lines(governorate, groups[governorate])
    total = sum(len(claims) for _, claims in rows)
    silent = sum(not claims for _, claims in rows)
    yield f"{_many(total, 'claim')} in {_many(len(rows), 'report')}" + (
        f", {silent} of them without any" if silent else ""
    )


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _grouped(rows: Iterable[Row]) -> Groups:
    groups: Groups = {}
    for report, claim in rows:
        place = main_place(claim)
        governorate = _governorate(place) if place else NOWHERE
        groups.setdefault(governorate, {}).setdefault(place.name if place else "", []).append((report, claim))
    return groups


def _governorate(place: PlaceRef) -> str:
    """Return the governorate; of a country or a place without one, the country."""
    return place.admin1 or (of_country(place.country) if place.country else place.name)


def main_place(claim: Claim) -> PlaceRef | None:
    """Return the place that the claim is listed under: where it happened, else where it led, else whence."""
    order = ("at", "to", "near", "from")
    return min(claim.places, key=lambda p: order.index(p.role) if p.role in order else 9, default=None)


def _governorate_lines(governorate: str, places: dict[str, list[Row]]) -> Iterator[str]:
    count = sum(map(len, places.values()))
    title = f"{cut(one_line(governorate), 60)}  ({_many(count, 'claim')})"
    yield isolate(title)
    yield "─" * WIDTH
    for name in sorted(places):
        if name:
            yield "  " + _place_title(name, places[name])
        for report, claim in sorted(places[name], key=_day_first):
            yield from _claim_lines(report, claim)
    yield ""


def _day_first(row: Row) -> tuple[str, str, int]:
    report, claim = row
    return claim.date or "9999", str(report.published), claim.span.start


def _place_title(name: str, rows: Sequence[Row]) -> str:
    """Return the standard name and the Arabic one; the commonest that the reports write where no pack has it."""
    meant = [p for _, claim in rows for p in claim.places if p.name == name]
    written = Counter(of_place(p) or p.text for p in meant)
    arabic = min(written, key=lambda text: (-written[text], text), default="")
    name = cut(one_line(name), 50)
    return name if not arabic or arabic == name else f"{isolate(name)} · {isolate(cut(one_line(arabic), 40))}"


def _claim_lines(report: Report, claim: Claim) -> Iterator[str]:
    kind = claim.type if claim.status == "happened" else f"{claim.type} ({claim.status.replace('_', ' ')})"
    whom = _names(claim.targets)
    cells = (
        cell(short_date(claim.date), _DATE), cell(kind, _TYPE), cell(_names(claim.actors), _WHO),
        cell(f"{_ARROW} {whom}" if whom else "", _WHOM),
    )  # fmt: skip
    yield ("    " + " ".join(cells)).rstrip()
    yield from _evidence_line(report, claim)


def _evidence_line(report: Report, claim: Claim) -> Iterator[str]:
    """Yield the evidence, then the numbers and who says so, which leave it at least twenty columns."""
    counts = cut(", ".join(f"{key} {value}" for key, value in claim.numbers.items()), 32)
    said = cut(one_line(" < ".join(claim.sources) or report.outlet or ""), 52 - max(16, width_of(counts)))
    tail = "  ".join(isolate(part) for part in (counts, said and f"— {said}") if part)
    start, end = (at - claim.span.start for at in claim.trigger_span)
    evidence = around(claim.evidence, start, end, WIDTH - 20 - width_of(tail))
    yield (" " * 16 + isolate(f"«{evidence}»") + "  " + tail).rstrip()


def short_date(date: str | None) -> str:
    """Return the day, or an interval in eleven columns: `06-25…07-01` where the year is one."""
    if not date or "/" not in date:
        return date or "no date"
    start, end = date.split("/", 1)
    return f"{start[5:]}…{end[5:]}" if start[:4] == end[:4] else f"{start[:4]}…{end[:4]}"


def _names(parties: Sequence[Party]) -> str:
    return "، ".join(p.text for p in parties)
