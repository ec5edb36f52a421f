"""Whether a record is still what was written: the engine's file, the chains of decisions and looks, texts, originals.

Each check goes through the record in pages of bounded size and names the first row that does not fit.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from marsad.errors import MarsadError
from marsad.record.chain import verify_chain
from marsad.record.keeping import sha256_of
from marsad.record.looks import verify_looks
from marsad.record.schema import capture, report
from marsad.record.store import Record

# Rows fetched at a time, and bytes of originals, as they came, that are asked for together: a few megabytes packed.
_PAGE = 200
_TOGETHER = 16_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Verified:
    """How many rows of each kind fit, the head of the chain of decisions, and the first fault of each check."""

    head: str
    decisions: int
    reports: int
    originals: int
    elsewhere: int
    looks: int
    faults: tuple[str, ...]


class _FaultError(MarsadError):
    """A row is not what was written."""


def verify(record: Record, head: str | None = None) -> Verified:
    """Return what fits and what does not; `head` is a hash of the chain that was noted earlier."""
    with record.asking() as connection:
        return verify_on(connection, head)


def verify_on(connection: Connection, head: str | None = None) -> Verified:
    """Return the same of the record as a connection sees it, also before what it wrote is kept."""
    faults: list[str] = []
    if connection.dialect.name == "sqlite":
        faults += _faults_of_file(connection)
    chain = verify_chain(connection, head)
    if chain.fault:
        at = f"decision row {chain.fault.n}" if chain.fault.n else "the chain of decisions"
        faults.append(f"{at}{f' ({chain.fault.id})' if chain.fault.id else ''}: {chain.fault.what}")
    log = verify_looks(connection)
    if log.fault:
        faults.append(f"log row {log.fault.n}: {log.fault.what}")
    reports = _counted(_reports(connection), faults)
    kept = _counted(_originals(connection), faults)
    elsewhere = _counted(_elsewhere(connection), faults)
    return Verified(chain.head, chain.rows, reports, kept, elsewhere, log.rows, tuple(faults))


def _faults_of_file(connection: Connection) -> list[str]:
    """Return the first thing that SQLite finds wrong with its file, nothing where it is whole."""
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(1)")]
    return [] if found == ["ok"] else [f"the file is damaged: {' '.join(found[0].split())[:200]}"]


def _counted(checked: Iterator[int], faults: list[str]) -> int:
    """Return how many rows fit, up to the first that does not, which is added to the faults."""
    count = 0
    try:
        for some in checked:
            count += some
    except _FaultError as fault:
        faults.append(str(fault))
    return count


def _reports(connection: Connection) -> Iterator[int]:
    """Yield 1 for each version of a report whose text has the hash that was written with it."""
    asked = select(report.c.n, report.c.id, report.c.version, report.c.text, report.c.sha256)
    for row in paged(connection, asked, report):
        if sha256_of(row.text) != row.sha256:
            raise _FaultError(f"report row {row.n} ({row.id}, version {row.version}): its text was changed")
        yield 1


def _originals(connection: Connection) -> Iterator[int]:
    """Yield 1 for each capture whose kept bytes have the hash and the size of what came in."""
    asked = select(capture.c.n, capture.c.address, capture.c.sha256, capture.c.size, capture.c.original)
    for run in _runs(connection):
        for row in connection.execute(asked.where(capture.c.n.in_(run)).order_by(capture.c.n)):
            found = _unpacked(row.original)
            if found != (row.sha256, row.size):
                what = "its original cannot be unpacked" if found is None else "its original was changed"
                raise _FaultError(f"capture row {row.n} ({row.address}): {what}")
            yield 1


def _elsewhere(connection: Connection) -> Iterator[int]:
    """Yield 1 for each capture whose bytes were left where they lay: of these only the hash is kept."""
    for _ in paged(connection, select(capture.c.n).where(capture.c.original.is_(None)), capture):
        yield 1


def _runs(connection: Connection) -> Iterator[Sequence[int]]:
    """Yield the numbers of captures with an original, so many at a time as can be held in memory together."""
    run, size = list[int](), 0
    for row in paged(connection, select(capture.c.n, capture.c.size).where(capture.c.original.is_not(None)), capture):
        if run and (size + row.size > _TOGETHER or len(run) == _PAGE):
            yield run
            run, size = [], 0
        run.append(row.n)
        size += row.size
    if run:
        yield run


def paged(connection: Connection, asked: Any, table: Any) -> Iterator[Any]:
    """Yield the rows in the order of their numbers, fetched a page at a time."""
    asked = asked.order_by(table.c.n).limit(_PAGE)
    page = connection.execute(asked).all()
    while page:
        yield from page
        page = connection.execute(asked.where(table.c.n > page[-1].n)).all()


def _unpacked(packed: bytes) -> tuple[str, int] | None:
    """Return hash and size of what was packed, never held whole; None where it cannot be unpacked."""
    unpacking, digest, size = zlib.decompressobj(), hashlib.sha256(), 0
    try:
        while packed and not unpacking.eof:
            part = unpacking.decompress(packed, _CHUNK)
            packed = unpacking.unconsumed_tail
            digest.update(part)
            size += len(part)
        rest = unpacking.flush()
    except zlib.error:
        return None
    digest.update(rest)
    return (digest.hexdigest(), size + len(rest)) if unpacking.eof and not unpacking.unused_data else None
