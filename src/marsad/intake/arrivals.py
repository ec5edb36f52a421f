"""Bytes and what vouches for them become arrivals, whether they came from a file or from the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from marsad.intake.captures import Taken, taken_bytes
from marsad.intake.failures import Failure
from marsad.intake.readers import STOPS, failure_of, found_in
from marsad.intake.records import Defaults
from marsad.intake.sources import Source
from marsad.intake.terms import Terms
from marsad.model import Arrival


def arrivals_of(
    data: bytes,
    address: str,
    *,
    headers: Sequence[tuple[str, str]] = (),
    captured_at: datetime,
    defaults: Defaults,
    published: date | None = None,
    title: str | None = None,
    outlet: str | None = None,
) -> Iterator[Arrival | Failure]:
    """Yield every report of bytes that came from an address, its kind told by content, and every failure.

    What the content does not say of itself, `published`, `title` and `outlet` say (a feed does), then `defaults`;
    a page that names no address of its own has that of the capture.
    """
    try:
        source, taken = taken_bytes(data, address, captured_at, headers)
        terms = Terms(
            defaults=_filled(defaults, address, published, title, outlet),
            latest=latest_day(captured_at),
            leads=True,
            keeps_all=True,
        )
        yield from arrivals_from(source, taken, terms)
    except STOPS as error:
        yield failure_of(error, address)


def _filled(
    defaults: Defaults, address: str, published: date | None, title: str | None, outlet: str | None
) -> Defaults:
    return replace(
        defaults,
        published=published or defaults.published,
        title=title or defaults.title,
        outlet=outlet or defaults.outlet,
        url=address if address.startswith(("http://", "https://")) else defaults.url,
    )


def arrivals_from(source: Source, taken: Taken, terms: Terms) -> Iterator[Arrival | Failure]:
    """Yield every report of a source with its capture, and every failure."""
    for item in found_in(source, terms):
        if isinstance(item, Failure):
            yield item
            continue
        capture = item.capture or taken.capture(item.kind, item.extractors)
        yield Arrival(item.report, capture, item.row, item.lead)


def latest_day(now: datetime) -> date:
    """Return the last day that something taken in now can be published: clocks and zones differ by two days."""
    return (now.astimezone(UTC) + timedelta(days=2)).date()
