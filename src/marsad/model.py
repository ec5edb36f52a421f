"""The nouns of the field: Report, Claim and what a claim is made of. Imports nothing of ours."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple


class Span(NamedTuple):
    """Half-open range of character offsets into the text as published."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Report:
    """One text as an outlet published it; `published` is None where nobody said when."""

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    published: date | None = None
    url: str | None = None
    theatre: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """What was taken in, as it came: the bytes or a reference to them, and what vouches for them.

    `address` is the file or the address on the web; `original` is None where the bytes stay there and only
    `sha256` and `size` are kept; `captured_at` is in UTC; `tool` names the program and version that took it.
    """

    address: str
    kind: str
    sha256: str
    size: int
    captured_at: datetime
    original: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report and the capture it came in; `row` is its place there (from 1), None where it is the whole.

    `lead` marks a text that is not to be trusted to the letter, as that of a PDF, whose digits may be reversed.
    """

    report: Report
    capture: Capture
    row: int | None = None
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who does or suffers; `id` is None where the registry does not know the words."""

    text: str
    id: str | None
    span: Span

    def as_dict(self) -> dict[str, Any]:
        """Return the guide's fields and the span."""
        return {"text": self.text, "id": self.id, "span": list(self.span)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a name could mean, its score and why it was kept or refused."""

    id: str
    name: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A place as a claim names it: never more exact than the text; `radius_km` says how exact.

    `extent` says how much of it is meant: "" (it), "all", "most" or "part" of it, "around" (its countryside), "site"
    (something in it), "except" (all around but it), "only" (nothing around but it).
    """

    text: str
    name: str
    admin1: str | None
    country: str | None
    lat: float | None
    lon: float | None
    role: str
    span: Span
    id: str | None = None
    radius_km: float | None = None
    candidates: tuple[Candidate, ...] = ()
    extent: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the guide's fields, then id, radius and span."""
        return {
            "text": self.text, "name": self.name, "admin1": self.admin1, "country": self.country,
            "lat": self.lat, "lon": self.lon, "role": self.role,
            "id": self.id, "radius_km": self.radius_km, "extent": self.extent,
            "span": list(self.span),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """A named or typed object inside a place: prison, checkpoint, hill."""

    text: str
    kind: str
    span: Span

    def as_dict(self) -> dict[str, Any]:
        """Return the guide's fields and the span."""
        return {"text": self.text, "kind": self.kind, "span": list(self.span)}


class Link(NamedTuple):
    """How one claim stands to another of its report: `after`, `because` or `during` it."""

    kind: str
    claim: str


@dataclass(slots=True)
class Claim:
    """One statement of a report, tied to the characters that carry it (see the coding guide)."""

    type: str
    trigger: str
    trigger_span: Span
    evidence: str
    span: Span
    status: str = "happened"
    actors: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    places: tuple[PlaceRef, ...] = ()
    sites: tuple[Site, ...] = ()
    date: str | None = None
    numbers: dict[str, int | float | str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    source_spans: tuple[Span, ...] = ()
    quoted: bool = False
    certainty: float = 0.0
    links: tuple[Link, ...] = ()
    id: str = ""
    reader: str = ""
    why: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return every field of the coding guide under its name there, then ours."""
        return {
            "id": self.id, "type": self.type, "trigger": self.trigger, "evidence": self.evidence,
            "status": self.status,
            "actors": [p.as_dict() for p in self.actors],
            "targets": [p.as_dict() for p in self.targets],
            "places": [p.as_dict() for p in self.places],
            "sites": [s.as_dict() for s in self.sites],
            "date": self.date, "numbers": dict(self.numbers), "sources": list(self.sources),
            "quoted": self.quoted, "certainty": self.certainty,
            "span": list(self.span), "trigger_span": list(self.trigger_span),
            "source_spans": [list(s) for s in self.source_spans],
            "links": [{"kind": link.kind, "claim": link.claim} for link in self.links],
            "reader": self.reader,
        }  # fmt: skip


class Unread(NamedTuple):
    """A sentence that was seen and gave no claim, with the reason."""

    span: Span
    reason: str


def claim_id(report_id: str, span: Span, type: str) -> str:
    """Return the same 16 hexadecimal digits for the same report, trigger span and type, always."""
    key = f"{report_id}\x1f{span.start}\x1f{span.end}\x1f{type}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]
