"""Reading the record again with the reader as it is now: what it gains, loses and alters, and which decisions stand.

A dry run does all of it, a batch at a time, and takes it back: what it tells is what a run would do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from marsad.errors import UsageError
from marsad.model import Arrival, Capture, Report
from marsad.pipeline import release
from marsad.reading_result import Reading
from marsad.record import schema
from marsad.record.asof import moment_of, standing
from marsad.record.bases import shown_of
from marsad.record.decisions import decisions_of, in_parts
from marsad.record.grounds import FIELDS
from marsad.record.incidents import fuse
from marsad.record.keeping import Changes, Read, differs, keep_readings
from marsad.record.regrounding import moved_of
from marsad.record.store import Record, Writing
from marsad.record.verdicts import judgements

GAINED, LOST, ALTERED = KINDS = ("gained", "lost", "altered")
# Reports kept in one transaction, as in adding. Reading is done before it opens, so that nobody waits for that.
BATCH = 50
_REPORT, _READING, _CAPTURE = schema.report, schema.reading, schema.capture
Body = dict[str, Any]


class Versioned(Protocol):
    """A reader that knows its version."""

    @property
    def version(self) -> str:
        """Return what changes whenever another reader would read otherwise."""
        ...

    def read(self, report: Report) -> Reading:
        """Return the claims of the report."""
        ...


@dataclass(frozen=True, slots=True)
class Sample:
    """One claim that a reading changed: as it was read and as it is, None for neither; `report` is what was read."""

    kind: str
    before: Body | None
    now: Body | None
    report: Report

    @property
    def type(self) -> str:
        """Return the type of the claim, which is the same before and now."""
        return str((self.now or self.before or {})["type"])


@dataclass(slots=True)
class Reread:
    """What a re-reading came to.

    `claims` counts the claims that changed by kind of change and type, `fields` the altered ones by type and field;
    `kept` is how many lost claims stay because a person vouches for them. Of the decisions on claims of these reports
    `stand` still have their ground, from under `moved` it went now, from under `unsettled` it had gone before.
    """

    reports: int = 0
    claims: Counter[tuple[str, str]] = field(default_factory=Counter)
    fields: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: int = 0
    stand: int = 0
    moved: int = 0
    unsettled: int = 0
    samples: list[Sample] = field(default_factory=list)


class _TakenBackError(Exception):
    """Ends a writing of which nothing is to be kept."""


class Rereading:
    """Reads reports of a record again."""

    def __init__(self, record: Record, reader: Versioned) -> None:
        self.record, self.reader = record, reader
        self.tool = f"marsad {release()}"

    def run(
        self, reports: Sequence[str] = (), *, all: bool = False, dry_run: bool = False, samples: int = 3,
        progress: Callable[[Reread], None] | None = None,
    ) -> Reread:  # fmt: skip
        """Read again the newest version of every report that another reader read last, then fuse what changed.

        `reports` are the only ones to look at, `all` takes also those that this reader read, `samples` is how many
        changes of each kind and type are kept to be shown. Raise UsageError where a report is not in the record.
        """
        self._check_known(reports)
        done = Reread()
        for batch in self._batches(reports, all):
            self._reread(batch, all, dry_run, done, samples)
            if progress:
                progress(done)
        if not dry_run:
            self.fuse()
        return done

    def fuse(self) -> None:
        """Bring what was read into incidents."""
        fuse(self.record, self.tool)

    def _check_known(self, reports: Sequence[str]) -> None:
        with self.record.asking() as connection:
            for some in in_parts(reports):
                known = set(connection.execute(select(_REPORT.c.id).where(_REPORT.c.id.in_(some))).scalars())
                for id in some:
                    if id not in known:
                        raise UsageError(f"there is no report {id!r}; `marsad reports` lists them")

    def _batches(self, reports: Sequence[str], all: bool) -> Iterator[Sequence[Any]]:
        """Yield the reports to read, so many at a time as are written in one transaction."""
        for some in in_parts(reports) if reports else [()]:
            last = 0
            while batch := self._next(some, all, last):
                yield batch
                last = batch[-1].n

    def _next(self, reports: Sequence[str], all: bool, last: int) -> Sequence[Any]:
        asked = _pending(self.reader.version, all).where(_REPORT.c.n > last).order_by(_REPORT.c.n).limit(BATCH)
        asked = asked.where(_REPORT.c.id.in_(reports)) if reports else asked
        with self.record.asking() as connection:
            return connection.execute(asked).all()

    def _reread(self, batch: Sequence[Any], all: bool, dry_run: bool, done: Reread, samples: int) -> None:
        read = {row.n: self._read(row) for row in batch}
        try:
            with self.record.writing("reread", self.tool) as writing:
                # Asked again: another process may have read the same between the two, or taken in a newer version.
                asked = _pending(self.reader.version, all).where(_REPORT.c.n.in_(read)).order_by(_REPORT.c.n)
                sure = [row.n for row in writing.connection.execute(asked)]
                self._keep(writing, [read[n] for n in sure], sure, done, samples)
                if dry_run:
                    raise _TakenBackError
        except _TakenBackError:
            pass

    def _read(self, row: Any) -> Read:
        arrival = _arrival_of(row)
        reading = self.reader.read(arrival.report)
        bodies = [{**claim.as_dict(), "why": list(claim.why)} for claim in reading.claims]
        return Read(arrival, bodies, len(reading.unread), self.reader.version)

    def _keep(self, writing: Writing, read: Sequence[Read], rows: Sequence[int], done: Reread, samples: int) -> None:
        connection = writing.connection
        reports = {each.arrival.report.id: each.arrival.report for each in read}
        lost_before = {made.decision.id for made in moved_of(connection, _decided(connection, reports))}
        named = [(each.arrival.report.id, n, each) for each, n in zip(read, rows, strict=True)]
        changes = keep_readings(writing, named)
        done.reports += len(read)
        _count_changes(changes, done, _reports_of(connection, changes, reports), samples)
        _count_decisions(connection, reports, lost_before, done)
        lost = shown_of(connection, [body["id"] for body in changes.lost])
        done.kept += sum(not shown.gone for shown in lost.values())


def _pending(version: str, all: bool) -> Select[Any]:
    """Return the question for the newest versions of reports, but for those that this reader was the last to read."""
    captured = (_CAPTURE.c.address, _CAPTURE.c.kind, _CAPTURE.c.sha256.label("capture_sha256"), _CAPTURE.c.size,
                _CAPTURE.c.captured_at, _CAPTURE.c.tool)  # fmt: skip
    asked = select(_REPORT, *captured).join(_CAPTURE, _CAPTURE.c.n == _REPORT.c.capture_n)
    asked = asked.where(standing(_REPORT, ("id",), None))
    return asked if all else asked.where(_read_by_another(version))


def _read_by_another(version: str) -> ColumnElement[bool]:
    latest = select(_READING.c.reader).where(_READING.c.report_n == _REPORT.c.n).order_by(_READING.c.n.desc()).limit(1)
    last = latest.scalar_subquery()
    return or_(last.is_(None), last != version)


def _arrival_of(row: Any) -> Arrival:
    """Return a report of the record as it arrived, without the bytes that it came in."""
    published = date.fromisoformat(row.published) if row.published else None
    report = Report(row.id, row.text, row.title, row.outlet, published, row.url, row.theatre)
    moment = moment_of(row.captured_at)
    capture = Capture(row.address, row.kind, row.capture_sha256, row.size, moment, tool=row.tool)
    return Arrival(report, capture, row.row, bool(row.lead))


def _decided(connection: Connection, reports: Collection[str]) -> list[str]:
    """Return the claims of these reports that any decision was made on."""
    claim, decision = schema.claim.c, schema.decision.c
    found: list[str] = []
    for some in in_parts(reports):
        decided = select(decision.n).where(decision.subject == "claim", decision.ref == claim.id).exists()
        asked = select(claim.id).where(claim.report_id.in_(some), decided).distinct().order_by(claim.id)
        found += connection.execute(asked).scalars()
    return found


def _count_decisions(connection: Connection, reports: Collection[str], lost_before: set[str], done: Reread) -> None:
    ids = _decided(connection, reports)
    made = decisions_of(connection, "claim", ids).values()
    lost = {each.decision.id for each in moved_of(connection, ids)}
    done.stand += sum(each.id not in lost for decisions in made for each in judgements(decisions))
    done.moved += len(lost - lost_before)
    done.unsettled += len(lost & lost_before)


def _reports_of(connection: Connection, changes: Changes, reports: Mapping[str, Report]) -> dict[str, Report]:
    """Return the report of each claim that changed."""
    ids = [body["id"] for body in (*changes.gained, *changes.lost, *(now for _, now in changes.altered))]
    found: dict[str, Report] = {}
    for some in in_parts(ids):
        asked = select(schema.claim.c.id, schema.claim.c.report_id).where(schema.claim.c.id.in_(some)).distinct()
        found.update((row.id, reports[row.report_id]) for row in connection.execute(asked))
    return found


def _count_changes(changes: Changes, done: Reread, report_of: Mapping[str, Report], samples: int) -> None:
    """Count every change by kind and type, and keep the first of each."""
    for kind, before, now in _each(changes):
        body: Body = now or before or {}
        sample = Sample(kind, before, now, report_of[body["id"]])
        done.claims[kind, sample.type] += 1
        if done.claims[kind, sample.type] <= samples:
            done.samples.append(sample)
        if before and now:
            done.fields.update((sample.type, name) for name in changed_fields(before, now))


def _each(changes: Changes) -> Iterator[tuple[str, Body | None, Body | None]]:
    yield from ((GAINED, None, now) for now in changes.gained)
    yield from ((LOST, before, None) for before in changes.lost)
    yield from ((ALTERED, before, now) for before, now in changes.altered)


def changed_fields(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return which fields of a claim two readings read otherwise, those of the coding guide first."""
    names = [*FIELDS, *sorted((before.keys() | now.keys()) - set(FIELDS))]
    return [name for name in names if differs({name: before.get(name)}, {name: now.get(name)})]
