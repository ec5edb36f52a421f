"""A record as one file that others can check and take in: its rows, its originals, their hashes and the decisions.

The same record gives the same bytes: entries come in one order and have no time of their own. What is read and
written passes through memory a few rows at a time.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection, LargeBinary, Table, Text, collate, func, select

from marsad.errors import RecordError, UsageError
from marsad.record import manifest as form
from marsad.record.chain import canonical
from marsad.record.exchange import export_decisions
from marsad.record.manifest import Extent, Manifest
from marsad.record.migrating import HEAD
from marsad.record.schema import capture
from marsad.record.sensitive import record_id
from marsad.record.sight import Sight
from marsad.record.verifying import verify_on

Progress = Callable[[int], object]  # is told how many rows more were gone through
# Rows fetched at a time: reports of a few kilobytes make a megabyte or two of them.
_PART = 500
_CHUNK = 1 << 20
# The first moment that a ZIP can name: the time of writing would make two bundles of one record differ.
_NEVER = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o100644 << 16

README = """\
A record of Marsad · سجل من «مرصد»

This is a whole record: what reports said, who said it, where the words stand, and what reviewers decided on it.

  record/        one file a table, one line of JSON a row, in the order in which they were recorded
  originals/     what came in, byte for byte, each file named by its SHA-256; record/capture.jsonl says from where
  decisions.jsonl  every decision of a reviewer; each carries the hash of the one before it
  manifest.json  which version wrote it, how much there is of everything, under which terms
  SHA256SUMS     the SHA-256 of every other file

Is it as it was written? Ask whoever gave it to you for the SHA-256 of SHA256SUMS, then, where you unpacked it:

  sha256sum SHA256SUMS          (macOS: shasum -a 256 SHA256SUMS)
  sha256sum -c SHA256SUMS       (macOS: shasum -a 256 -c SHA256SUMS)

To ask it, install Marsad and take it into a new record:

  marsad --record NEW.marsad import BUNDLE.zip
  marsad --record NEW.marsad verify

It holds names and places that were marked as sensitive: keep it as you would keep the record. The key of the
pseudonyms is not in it. The texts are their outlets'.

هذا سجل كامل: ما قالته التقارير، ومن قاله، وأين وردت الكلمات، وما قرره المراجعون بشأنه.

المجلد record فيه ملف لكل جدول، وكل سطر قيد. والمجلد originals فيه ما ورد كما ورد، واسم كل ملف بصمته SHA-256.
والملف decisions.jsonl فيه قرارات المراجعين، وكل قرار يحمل بصمة ما قبله. والملف SHA256SUMS فيه بصمات الملفات كلها.

للتحقق من أنه لم يتغير: اطلب ممن أعطاك إياه بصمة الملف SHA256SUMS، ثم فك الحزمة ونفذ في مجلدها الأمرين:

  sha256sum SHA256SUMS
  sha256sum -c SHA256SUMS

ولسؤاله ثبت «مرصد» ثم أدخله في سجل جديد:

  marsad --record NEW.marsad import BUNDLE.zip

فيه أسماء وأماكن حساسة، فاحفظه كما تحفظ السجل نفسه. مفتاح الأسماء المستعارة ليس فيه. والنصوص ملك لأصحابها.
"""


@dataclass(frozen=True, slots=True)
class Bundled:
    """What went into a bundle, or came out of it: rows of each table, and how many originals.

    `record` tells the record from others, `head` is the hash of its last decision, `sums` that of SHA256SUMS: who has
    noted it elsewhere knows the whole bundle by it.
    """

    record: str
    head: str
    rows: Mapping[str, int]
    originals: int
    sums: str


def write_bundle(
    connection: Connection,
    sight: Sight,
    target: str | Path | BinaryIO,
    tool: str = "marsad",
    progress: Progress | None = None,
) -> Bundled:
    """Write the whole record, as the connection sees it, and return what went in.

    A file has its name only once it is whole. Raise UsageError where the viewer does not see everything or the file is
    there already, RecordError where the record is not as it was written.
    """
    if not sight.is_clear:
        raise UsageError(
            "a bundle holds the whole record, and things in it are marked as sensitive; export it with --role reviewer"
        )
    if not isinstance(target, str | Path):
        return _write(connection, target, tool, progress)
    with _placed(Path(target)) as stream:
        return _write(connection, stream, tool, progress)


@contextmanager
def _placed(file: Path) -> Iterator[BinaryIO]:
    """Open a file for its owner alone that takes its name when all is written, and vanishes where it is not."""
    _check_free(file)
    try:
        descriptor, name = tempfile.mkstemp(".part", f"{file.name}.", file.parent)
    except OSError as error:
        reason = f"{file}: cannot be written ({error.strerror})"
        raise UsageError(f"{reason}; name a file in a folder that is there") from error
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(descriptor)
        _check_free(file)
        Path(name).rename(file)
    except OSError as error:
        raise RecordError(f"{file}: cannot be written ({error.strerror}); make room there and try again") from error
    finally:
        Path(name).unlink(missing_ok=True)


def _check_free(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise UsageError(f"{file}: is there already; name another file, or move this one away")


def _write(connection: Connection, stream: BinaryIO, tool: str, progress: Progress | None) -> Bundled:
    found = verify_on(connection)
    if found.faults:
        raise RecordError(f"the record is not as it was written: {found.faults[0]}; bring it back from a copy")
    with tempfile.TemporaryFile() as sums, ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        packing = _Packing(archive, sums, progress or (lambda _: None))
        packing.put(form.README, [README.encode()])
        manifest = _put_record(packing, connection, tool, found.head)
        packing.put(form.MANIFEST, [manifest.as_json().encode()])
        of_sums = packing.close()
    rows = {name: extent.rows for name, extent in manifest.tables.items()}
    return Bundled(manifest.record, found.head, rows, manifest.originals.rows, of_sums)


class _Packing:
    """A bundle under way; what is put in is hashed on its way."""

    def __init__(self, archive: ZipFile, sums: BinaryIO, progress: Progress) -> None:
        self._archive, self._sums, self.progress = archive, sums, progress

    def put_rows(self, name: str, parts: Iterable[bytes]) -> Extent:
        """Write an entry of lines and return how many lines and bytes it has."""
        rows = 0

        def counted() -> Iterator[bytes]:
            nonlocal rows
            for part in parts:
                rows += (more := part.count(b"\n"))
                self.progress(more)
                yield part

        size = self.put(name, counted())
        return Extent(rows, size)

    def put(self, name: str, chunks: Iterable[bytes]) -> int:
        """Write an entry and return how many bytes it has."""
        digest, size = hashlib.sha256(), 0
        # How large it will be is not known before, and 4 GB is not much for the claims of a large record.
        with self._archive.open(_info(name), "w", force_zip64=True) as entry:
            for chunk in chunks:
                entry.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._sums.write(f"{digest.hexdigest()}  {name}\n".encode())
        return size

    def close(self) -> str:
        """Write the hashes of all that was put in and return the hash of these."""
        digest = hashlib.sha256()
        self._sums.seek(0)
        with self._archive.open(_info(form.SUMS), "w", force_zip64=True) as entry:
            while chunk := self._sums.read(_CHUNK):
                entry.write(chunk)
                digest.update(chunk)
        return digest.hexdigest()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _NEVER)
    info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, _UNIX, _READABLE
    return info


def _put_record(packing: _Packing, connection: Connection, tool: str, head: str) -> Manifest:
    """Write all that the record holds and return what the manifest is to say of it."""
    tables = form.carried()
    extents = {
        table.name: packing.put_rows(form.entry_of(table.name), _lines_of(connection, table)) for table in tables
    }
    decisions = packing.put_rows(form.DECISIONS, (line.encode() for line in export_decisions(connection)))
    originals = _put_originals(packing, connection)
    columns = {table.name: tuple(table.c.keys()) for table in tables}
    return Manifest(HEAD, tool, record_id(connection), head, columns, extents, decisions, originals)


def _lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield the rows of a table by their key, a line of JSON each, some at a time; no bytes of originals are read."""
    columns = [c.is_not(None).label(c.name) if isinstance(c.type, LargeBinary) else c for c in table.c]
    asked = select(*columns).order_by(*(_as_bytes(connection, c) for c in table.primary_key))
    for part in connection.execute(asked.execution_options(yield_per=_PART)).mappings().partitions():
        yield b"".join([_line_of(table, dict(row)) for row in part])


def _as_bytes(connection: Connection, column: Any) -> Any:
    """Return a column to order by, which a server would else sort by the rules of some language."""
    is_word = isinstance(column.type, Text) and connection.dialect.name != "sqlite"
    return collate(column, "C") if is_word else column


def _line_of(table: Table, row: dict[str, Any]) -> bytes:
    if table is capture:
        row["original"] = form.original_of(row["sha256"]) if row["original"] else None
    line = canonical(row).encode() + b"\n"
    if len(line) > form.LONGEST:
        most = f"the {form.LONGEST:,} bytes that a row of a bundle may have"
        raise RecordError(
            f"{table.name} row {row.get('n')}: is longer than {most}; keep the file of the record instead"
        )
    return line


def _put_originals(packing: _Packing, connection: Connection) -> Extent:
    """Write what came in, each once, and return how many files and bytes it is."""
    kept, sha256 = capture.c.original, capture.c.sha256
    asked = select(sha256, func.min(capture.c.n).label("n")).where(kept.is_not(None)).group_by(sha256)
    asked = asked.order_by(_as_bytes(connection, sha256)).execution_options(yield_per=_PART)
    files = size = 0
    for row in connection.execute(asked):
        packed = connection.execute(select(kept).where(capture.c.n == row.n)).scalar_one()
        files, size = files + 1, size + packing.put(form.original_of(row.sha256), _unpacked(packed))
        packing.progress(1)
    return Extent(files, size)


def _unpacked(packed: bytes) -> Iterator[bytes]:
    unpacking = zlib.decompressobj()
    while packed:
        yield unpacking.decompress(packed, _CHUNK)
        packed = unpacking.unconsumed_tail
    yield unpacking.flush()
