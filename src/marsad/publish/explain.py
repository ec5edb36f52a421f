"""Why a reading says what it says: entry, roles, refused places, and what was seen but not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marsad.model import Claim, PlaceRef, Report, Unread
from marsad.publish.cells import cut, isolate, one_line
from marsad.publish.table import WIDTH


def explanation_of(report: Report, claims: Sequence[Claim], unread: Sequence[Unread]) -> Iterator[str]:
    """Yield the lines that lead every claim back to its words, then the sentences without a claim."""
    outlet = isolate(one_line(report.outlet or "no outlet"))
    yield f"report {isolate(report.id)}  {report.published or 'no date'}  {outlet}"
    for claim in claims:
        yield ""
        yield from _claim_lines(claim)
    if unread:
        yield ""
        yield "seen but not read:"
        for span, reason in unread:
            yield f"  {span.start}-{span.end}  {reason}: {_quoted(report.text[span.start : span.end], 60)}"
    yield ""


def _claim_lines(claim: Claim) -> Iterator[str]:
    yield f"{claim.id}  {claim.type}, {claim.status}, certainty {claim.certainty:.2f}"
    yield f"  evidence {claim.span.start}-{claim.span.end}  {_quoted(claim.evidence, WIDTH - 30)}"
    yield f"  trigger  {claim.trigger_span.start}-{claim.trigger_span.end}  {_quoted(claim.trigger, 40)}"
    for reason in claim.why:
        yield f"  because  {one_line(reason)}"
    for place in claim.places:
        yield from _place_lines(place)
    for link in claim.links:
        yield f"  {link.kind:8} {link.claim}"


def _place_lines(place: PlaceRef) -> Iterator[str]:
    where = "no coordinates" if place.lat is None else f"{place.lat:.4f}, {place.lon:.4f}"
    radius = "" if place.radius_km is None else f" ± {place.radius_km:g} km"
    area = place.admin1 or place.country or "?"
    yield f"  place    {_quoted(place.text, 30)} is {isolate(place.name)}, {area} ({where}{radius})"
    for candidate in place.candidates:
        if candidate.id != place.id:
            name = f"{candidate.id} {isolate(candidate.name)} ({candidate.score:.2f})"
            yield f"    refused  {name}: {one_line(candidate.reason)}"


def _quoted(text: str, width: int) -> str:
    return isolate(f"«{cut(one_line(text), width)}»")
