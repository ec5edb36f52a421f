"""Adding to a record: what arrives is told from what is known, read, kept, fused. Knows the order, decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from marsad.intake import Failure
from marsad.model import Arrival, Report
from marsad.pipeline import release
from marsad.reading_result import Reading
from marsad.record.incidents import fuse
from marsad.record.keeping import Identity, Read, identify, keep, keep_failure
from marsad.record.store import Record

# Reports kept in one transaction. Reading is done before it opens, so that nobody waits for that.
BATCH = 50
Progress = Callable[["Added"], None]


class Versioned(Protocol):
    """A reader that knows its version."""

    @property
    def version(self) -> str:
        """Return what changes whenever another reader would read otherwise."""
        ...

    def read(self, report: Report) -> Reading:
        """Return the claims of the report."""
        ...


@dataclass(slots=True)
class Added:
    """What an adding came to: reports new, known already, changed; claims; inputs that could not be read."""

    new: int = 0
    known: int = 0
    changed: int = 0
    claims: int = 0
    failed: int = 0

    @property
    def reports(self) -> int:
        """Return how many reports were looked at."""
        return self.new + self.known + self.changed


class Adding:
    """Adds arrivals to a record; `failed` is told of each failure as it happens."""

    def __init__(self, record: Record, reader: Versioned, failed: Callable[[Failure], None]) -> None:
        self.record, self.reader, self._told = record, reader, failed
        self.tool = f"marsad {release()}"
        self.done = Added()

    def add(self, arrivals: Iterable[Arrival | Failure], progress: Progress | None = None) -> Added:
        """Keep every arrival once, with its claims; what could not be read is kept as a failure."""
        stream, waiting = iter(arrivals), list[Arrival]()
        while batch := [*waiting, *islice(stream, BATCH - len(waiting))]:
            waiting = self._keep(batch)
            if progress:
                progress(self.done)
        return self.done

    def fuse(self, progress: Callable[[int], None] | None = None) -> None:
        """Bring what was added into incidents."""
        fuse(self.record, self.tool, progress)

    def _keep(self, batch: list[Arrival | Failure]) -> list[Arrival]:
        """Keep what is new of a batch; return what can be told from the rest only when that is kept."""
        failures = [item for item in batch if isinstance(item, Failure)]
        arrivals, waiting = _told_apart(item for item in batch if isinstance(item, Arrival))
        with self.record.asking() as connection:
            met = [(arrival, identify(connection, arrival)) for arrival in arrivals]
        read = [self._read(a, identity) if _is_new(identity) else None for a, identity in met]
        with self.record.writing("add", self.tool) as writing:
            # Asked again: another process may have added the same between the two.
            sure = [identify(writing.connection, arrival) for arrival in arrivals]
            waiting = [a for (a, first), now in zip(met, sure, strict=True) if now != first] + waiting
            settled = [(r, now) for (_, first), r, now in zip(met, read, sure, strict=True) if now == first]
            parcel = [(r, identity) for r, identity in settled if r is not None]
            keep(writing, parcel)
            failures += [
                _clash_of(a, now) for (a, first), now in zip(met, sure, strict=True) if now == first and now.clash
            ]
            for failure in failures:
                keep_failure(writing, failure.where, failure.row, failure.reason, failure.remedy)
        self._count(parcel, [identity for _, identity in settled], failures)
        return waiting

    def _read(self, arrival: Arrival, identity: Identity) -> Read:
        report = identity.report
        return read_of(replace(arrival, report=report), self.reader.read(report), self.reader.version)

    def _count(self, parcel: list[tuple[Read, Identity]], met: list[Identity], failures: list[Failure]) -> None:
        self.done.new += sum(identity.version == 1 for _, identity in parcel)
        self.done.changed += sum(identity.version > 1 for _, identity in parcel)
        self.done.claims += sum(len(read.claims) for read, _ in parcel)
        self.done.known += sum(identity.known is not None for identity in met)
        self.done.failed += len(failures)
        for failure in failures:
            self._told(failure)


def _told_apart(arrivals: Iterable[Arrival]) -> tuple[list[Arrival], list[Arrival]]:
    """Return those that no earlier one of them can be another version of, and the others."""
    apart, others, ids, at = list[Arrival](), list[Arrival](), set[str](), dict[str, tuple[str, str]]()
    for arrival in arrivals:
        report, capture = arrival.report, (arrival.capture.address, arrival.capture.sha256)
        # Rows of one table that share an address have that of their site.
        is_met = report.id in ids or (report.url is not None and at.get(report.url, capture) != capture)
        (others if is_met else apart).append(arrival)
        ids.add(report.id)
        if report.url is not None:
            at.setdefault(report.url, capture)
    return apart, others


def _is_new(identity: Identity) -> bool:
    return identity.known is None and not identity.clash


def _clash_of(arrival: Arrival, identity: Identity) -> Failure:
    remedy = "give the ids of its table another beginning (--id-prefix NAME), then add it again"
    return Failure(arrival.capture.address, arrival.row, identity.clash, remedy)


def read_of(arrival: Arrival, reading: Reading, reader: str) -> Read:
    """Return a reading in the form in which the record keeps it."""
    bodies = [{**claim.as_dict(), "why": list(claim.why)} for claim in reading.claims]
    return Read(arrival, bodies, len(reading.unread), reader)
