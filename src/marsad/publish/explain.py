"""Why a reading says what it says: entry, roles, refused places, and what was seen but not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marsad.model import Claim, Link, PlaceRef, Report, Span, Unread
from marsad.publish.cells import around, cut, isolate, isolate_runs, one_line
from marsad.publish.labels import LINKS, of_country
from marsad.publish.table import WIDTH


def explanation_of(report: Report, claims: Sequence[Claim], unread: Sequence[Unread]) -> Iterator[str]:
    """Yield the lines that lead every claim back to its words, then the sentences without a claim.

    Why a place was taken and others refused is said where it comes up first.
    """
    outlet = isolate(one_line(report.outlet or "no outlet"))
    yield f"report {isolate(report.id)}  {report.published or 'no date'}  {outlet}"
    told: set[tuple[str, str | None]] = set()
    for claim in claims:
        yield ""
        yield from _claim_lines(claim)
        for place in _each_once(claim.places):
            yield from _place_lines(place, told)
        for link in claim.links:
            yield f"  linked   {_linked(link, claims)}"
    if unread:
        yield ""
        yield f"seen but not read: {len(unread)} sentence{'s' * (len(unread) != 1)}"
        for span, reason in unread:
            yield f"  {_at(span)}  {_quoted(report.text[span.start : span.end], WIDTH - 17)}"
            yield f"             {isolate_runs(one_line(reason))}"
    yield ""


def _claim_lines(claim: Claim) -> Iterator[str]:
    yield f"{claim.id}  {claim.type}, {claim.status}, certainty {claim.certainty:.2f}"
    start, end = (at - claim.span.start for at in claim.trigger_span)
    evidence = around(claim.evidence, start, end, WIDTH - 25)
    yield f"  evidence {_at(claim.span)}  {isolate(f'«{evidence}»')}"
    yield f"  trigger  {_at(claim.trigger_span)}  {_quoted(claim.trigger, 40)}"
    for reason in claim.why:
        yield f"  because  {isolate_runs(one_line(reason))}"


def _at(span: Span) -> str:
    return f"{span.start}-{span.end}".ljust(9)


def _each_once(places: Sequence[PlaceRef]) -> Iterator[PlaceRef]:
    """Yield the places; of those that the same words mean twice, one."""
    yield from {(p.text, p.id): p for p in places}.values()


def _place_lines(place: PlaceRef, told: set[tuple[str, str | None]]) -> Iterator[str]:
    where = "no coordinates" if place.lat is None else f"{place.lat:.4f}, {place.lon:.4f}"
    radius = "" if place.radius_km is None else f" ± {place.radius_km:g} km"
    area = place.admin1 or (of_country(place.country) if place.country else "country unknown")
    yield f"  place    {_quoted(place.text, 30)} is {isolate(place.name)}, {area} ({where}{radius})"
    key = (place.text, place.id)
    if key in told or all(candidate.id == place.id for candidate in place.candidates):
        return
    told.add(key)
    for candidate in reversed({c.id: c for c in reversed(place.candidates)}.values()):
        verdict = "chosen " if candidate.id == place.id else "refused"
        name = f"{candidate.id} {isolate(candidate.name)} ({candidate.score:.2f})"
        yield f"    {verdict}  {name}: {isolate_runs(one_line(candidate.reason))}"


def _linked(link: Link, claims: Sequence[Claim]) -> str:
    other = next((claim for claim in claims if claim.id == link.claim), None)
    what = f" {other.type} {_quoted(other.trigger, 40)}" if other else ""
    return f"{LINKS.get(link.kind, ('', link.kind))[1]}{what} {link.claim}"


def _quoted(text: str, width: int) -> str:
    return isolate(f"«{cut(one_line(text), width)}»")
