"""A bundle into an empty record: all of it in one transaction, after every hash was seen to fit, or nothing.

What the bundle does not carry is made again from what it does. Before anything is kept, the record is verified as
`marsad verify` does it.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, MetaData, Table, and_, func, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from marsad.errors import RecordError
from marsad.record import manifest as form
from marsad.record import schema
from marsad.record.bundle import Bundle, open_bundle
from marsad.record.bundling import Bundled, Progress
from marsad.record.copies import runs_of, sketch_of
from marsad.record.exchange import export_decisions
from marsad.record.keeping import words_of, words_of_report
from marsad.record.migrating import make_again, run_revisions
from marsad.record.searching import index_documents
from marsad.record.sensitive import record_id
from marsad.record.store import insertion, open_record, shown
from marsad.record.verifying import paged, verify_on

# Rows and bytes that are written together.
_ROWS, _BYTES = 1_000, 8_000_000
# What a server says of a row that it cannot take: a wrong value, a broken rule.
_OF_THE_ROW = ("22", "23")
_MADE_UP = "it was not written by `marsad export`; ask whoever made it for one that was"


class _Row(NamedTuple):
    """A row to be written, its number in its entry, and how many bytes it takes."""

    number: int
    cells: dict[str, Any]
    size: int


def import_bundle(address: str, path: str | Path, progress: Progress | None = None) -> Bundled:
    """Take a bundle into an empty or new record and return what came in.

    Raise RecordError where the bundle is not as it was written, or the record holds something: then nothing of it is
    kept. A bundle of an older schema is brought to today's as a record would be.
    """
    tell = progress or (lambda _: None)
    with open_bundle(path) as bundle:
        _check(bundle, tell)
        with closing(open_record(address)) as record, record.restoring() as connection:
            _check_empty(connection, shown(address))
            _restore(connection, bundle, tell)
            return _checked(connection, bundle)


def _check(bundle: Bundle, progress: Progress) -> None:
    faults = list(bundle.faults(progress))
    if faults:
        more = f" (and {len(faults) - 1} faults more)" if len(faults) > 1 else ""
        raise RecordError(f"{faults[0]}{more}")


def _check_empty(connection: Connection, address: str) -> None:
    for name, table in schema.metadata.tables.items():
        if connection.execute(select(*table.primary_key).limit(1)).first() is not None:
            raise RecordError(
                f"{address}: holds something already ({name}), and a bundle is a record of its own; "
                "name a new one with --record"
            )


def _restore(connection: Connection, bundle: Bundle, progress: Progress) -> None:
    """Write all rows, in tables of the bundle's schema, bring these to today's, and make again what is not carried."""
    metadata = schema.metadata
    if not bundle.manifest.is_of_today:
        make_again(connection, bundle.manifest.schema)
        metadata = MetaData()
        metadata.reflect(connection, only=lambda name, _: name in schema.metadata.tables)
    tables = form.carried(metadata)
    bundle.check_tables(tables)
    for table in tables:
        _put_table(connection, bundle, table, progress)
    if not bundle.manifest.is_of_today:
        run_revisions(connection)
    _make_sketches(connection)
    _make_index(connection, bundle, progress)


def _put_table(connection: Connection, bundle: Bundle, table: Table, progress: Progress) -> None:
    insert = insertion(connection, table)
    for some in _together(_rows_of(bundle, table, connection.dialect.name != "sqlite")):
        try:
            connection.execute(insert, [row.cells for row in some])
        except (DBAPIError, ValueError, OverflowError) as error:
            if not _is_of_the_row(error):
                raise
            where = f"rows {some[0].number} to {some[-1].number}"
            reason = str(getattr(error, "orig", error)).splitlines()[0][:200]
            raise bundle.wrong(
                form.entry_of(table.name), f"{where} are none of a record ({reason})", _MADE_UP
            ) from error
        progress(len(some))


def _is_of_the_row(error: Exception) -> bool:
    """Tell whether an engine refuses a row, not the writing of any."""
    if not isinstance(error, DBAPIError) or isinstance(error, DataError | IntegrityError):
        return True
    said = error.orig.args[0] if error.orig and error.orig.args else None
    return isinstance(said, dict) and str(said.get("C", "")).startswith(_OF_THE_ROW)


def _together(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """Yield the rows so many at a time as can be held in memory together."""
    some, size = list[_Row](), 0
    for row in rows:
        some.append(row)
        size += row.size
        if size > _BYTES or len(some) == _ROWS:
            yield some
            some, size = [], 0
    if some:
        yield some


def _rows_of(bundle: Bundle, table: Table, on_server: bool) -> Iterator[_Row]:
    """Yield the rows of a table as they are to be written; raise RecordError for one that is none."""
    entry, cells = form.entry_of(table.name), form.cells_of(table.c)
    for number, line in enumerate(bundle.lines(entry), 1):
        row = _cells_of(line, cells)
        if row is None:
            raise bundle.wrong(entry, f"row {number} is none of a record", _MADE_UP)
        if on_server and b"\\u0000" in line and any("\0" in cell for cell in row.values() if isinstance(cell, str)):
            what = f"row {number} holds the character U+0000, which PostgreSQL does not keep"
            raise bundle.wrong(entry, what, "import the bundle into a file")
        size = len(line)
        if table.name == schema.capture.name and row["original"] is not None:
            row["original"] = _original(bundle, row)
            size += len(row["original"])
        yield _Row(number, row, size)


def _finite(written: str) -> float:
    """Return a number; what is none, or has no end, is in no record."""
    if not math.isfinite(found := float(written)):
        raise ValueError(written)
    return found


_JSON = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)


def _cells_of(line: bytes, cells: Mapping[str, tuple[type, bool]]) -> dict[str, Any] | None:
    """Return the cells of a line, None where they are not those of the table."""
    try:
        row = _JSON.decode(line.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or row.keys() != cells.keys():
        return None
    fits = (type(row[name]) is cell or (row[name] is None and may_lack) for name, (cell, may_lack) in cells.items())
    return row if all(fits) else None


def _original(bundle: Bundle, row: Mapping[str, Any]) -> bytes:
    """Return the bytes of a capture packed as a record keeps them; they are never held unpacked."""
    entry = form.original_of(row["sha256"])
    if row["original"] != entry or not bundle.has(entry):
        raise bundle.wrong(form.entry_of("capture"), f"row {row['n']} names an original that is not there", _MADE_UP)
    packing = zlib.compressobj()
    return b"".join([*map(packing.compress, bundle.chunks(entry)), packing.flush()])


def _make_sketches(connection: Connection) -> None:
    """Write the marks of every report's wording, by which copies of it are found."""
    report, insert, rows = schema.report, insertion(connection, schema.sketch), list[dict[str, int]]()
    for row in paged(connection, select(report.c.n, report.c.text), report):
        rows += [{"mark": mark, "report_n": row.n} for mark in sketch_of(runs_of(row.text))]
        if len(rows) >= _ROWS:
            connection.execute(insert, rows)
            rows = []
    if rows:
        connection.execute(insert, rows)


def _make_index(connection: Connection, bundle: Bundle, progress: Progress) -> None:
    """Make the words of all that can be searched findable."""
    document, report, claim = schema.document.c, schema.report, schema.claim
    joined = schema.document.outerjoin(report, and_(document.kind == "report", report.c.n == document.row_n))
    joined = joined.outerjoin(claim, and_(document.kind == "claim", claim.c.n == document.row_n))
    asked = select(document.n, report.c.title, report.c.text, claim.c.body).select_from(joined)
    rows: list[tuple[int, str]] = []
    for row in paged(connection, asked, schema.document):
        rows.append((row.n, _words_of(bundle, row)))
        if len(rows) == _ROWS:
            index_documents(connection, rows)
            progress(len(rows))
            rows = []
    index_documents(connection, rows)
    progress(len(rows))


def _words_of(bundle: Bundle, row: Any) -> str:
    """Return what a document is searched by."""
    if row.text is not None:
        return words_of_report(row.title, row.text)
    try:
        return words_of(json.loads(row.body))
    except (ValueError, TypeError, KeyError):
        what = f"document {row.n} is no report and no claim that is there"
        raise bundle.wrong(form.entry_of("document"), what, _MADE_UP) from None


def _checked(connection: Connection, bundle: Bundle) -> Bundled:
    """Return what came in; raise RecordError where the record is not what the bundle says of it."""
    manifest = bundle.manifest
    found = verify_on(connection, manifest.head)
    faults = [*found.faults, *_differences(connection, bundle, found.head)]
    if faults:
        raise bundle.wrong("the record in it", faults[0], _MADE_UP)
    rows = {name: extent.rows for name, extent in manifest.tables.items()}
    return Bundled(manifest.record, found.head, rows, manifest.originals.rows, bundle.sums)


def _differences(connection: Connection, bundle: Bundle, head: str) -> Sequence[str]:
    """Return in what the record differs from what the bundle says beside its rows."""
    digest = hashlib.sha256()
    for line in export_decisions(connection):
        digest.update(line.encode())
    capture = schema.capture.c
    used = select(func.count(capture.sha256.distinct())).where(capture.original.is_not(None))
    first = record_id(connection)
    told = {
        "its chain of decisions does not end as the manifest says": head == bundle.manifest.head,
        "its first act is not that of the record that the manifest names": first == bundle.manifest.record,
        "its decisions are not those of decisions.jsonl": digest.hexdigest() == bundle.hash_of(form.DECISIONS),
        "an original is of no capture": connection.execute(used).scalar() == bundle.manifest.originals.rows,
    }
    return [what for what, fits in told.items() if not fits]
