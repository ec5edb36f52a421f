"""A bundle opened for reading: what of it is not as its manifest and its hashes say, by entry and with a remedy.

Whoever made it is not trusted: nothing is unpacked to the disk, no entry is held whole, and none may be larger than the
manifest says or have a name that no bundle has.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sqlalchemy import Table

from marsad.errors import RecordError
from marsad.record import manifest as form
from marsad.record.manifest import Extent, Manifest

_AGAIN = "get the bundle again from whoever made it"
_CHUNK = 1 << 20
# What a manifest and a README are at most, and a line of SHA256SUMS: hash, two blanks, the name of an original.
_SMALL, _LINE = 1_000_000, 150
_ENCRYPTED = 0x1
_SUM = re.compile("([0-9a-f]{64}) [ *](.+)")
_FIXED = (form.README, form.MANIFEST, form.DECISIONS, form.SUMS)
_FOLDERS = ("record/", "originals/")
# What `zipfile` raises where a ZIP is damaged; NotImplementedError is its word for a packing that it does not know.
_BROKEN = (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


@contextmanager
def open_bundle(path: str | Path) -> Iterator[Bundle]:
    """Open a bundle; raise RecordError where it is none, or where its entries are not those that it should have."""
    try:
        archive = ZipFile(path)
    except OSError as error:
        raise RecordError(
            f"{path}: cannot be read ({error.strerror}); name a file that `marsad export --as bundle` wrote"
        ) from error
    except _BROKEN as error:
        raise RecordError(f"{path}: is no bundle, or its end is cut off; {_AGAIN}") from error
    with archive:
        yield Bundle(str(path), archive)


def verify_bundle(path: str | Path, progress: Callable[[int], object] | None = None) -> list[str]:
    """Return what of a bundle is not as it was written, each with entry and remedy; [] where all of it is."""
    try:
        with open_bundle(path) as bundle:
            return list(bundle.faults(progress))
    except RecordError as error:
        return [str(error)]


class Bundle:
    """A bundle whose entries are those that its manifest and SHA256SUMS name; what is in them is checked as it is read.

    `sums` is the hash of SHA256SUMS.
    """

    def __init__(self, path: str, archive: ZipFile) -> None:
        self._path, self._archive = path, archive
        self._entries = self._named_entries()
        self._hashes: dict[str, str] = {}
        self._hashes, self.sums = self._read_hashes()
        self.manifest = self._read_manifest()
        self._check_entries(self.manifest)
        if self.manifest.is_of_today:
            self.check_tables(form.carried())

    def wrong(self, entry: str, what: str, remedy: str = _AGAIN) -> RecordError:
        """Return the error that an entry is not as it should be."""
        return RecordError(f"{self._path}: {entry}: {what}; {remedy}")

    def has(self, entry: str) -> bool:
        """Tell whether the entry is there."""
        return entry in self._entries

    def hash_of(self, entry: str) -> str:
        """Return the SHA-256 that the entry should have."""
        return self._hashes[entry]

    def chunks(self, entry: str) -> Iterator[bytes]:
        """Yield what an entry holds; raise RecordError at its end where that is not what its hash says."""
        digest = hashlib.sha256()
        try:
            with self._archive.open(self._entries[entry]) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    yield chunk
        except _BROKEN as error:
            raise self.wrong(entry, f"cannot be unpacked ({error})") from error
        if entry in self._hashes and digest.hexdigest() != self._hashes[entry]:
            raise self.wrong(entry, "was changed: it has not the hash that SHA256SUMS names")

    def lines(self, entry: str) -> Iterator[bytes]:
        """Yield the lines of an entry, without their ends, and raise as `chunks` does."""
        rest = b""
        for chunk in self.chunks(entry):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > form.LONGEST:
                raise self.wrong(entry, f"has a line of more than {form.LONGEST:,} bytes")
        if rest:
            raise self.wrong(entry, "ends within a line")

    def faults(self, progress: Callable[[int], object] | None = None) -> Iterator[str]:
        """Yield what is wrong with each entry that is not as it was written."""
        rows_of = {form.entry_of(name): extent.rows for name, extent in self.manifest.tables.items()}
        rows_of[form.DECISIONS] = self.manifest.decisions.rows
        for entry in self._hashes:
            try:
                rows = self._checked(entry, rows_of.get(entry))
            except RecordError as error:
                yield str(error)
                continue
            if progress:
                progress(rows)

    def check_tables(self, tables: Sequence[Table]) -> None:
        """Raise RecordError where the bundle has not these tables with these columns."""
        expected = {table.name: tuple(table.c.keys()) for table in tables}
        for name in expected.keys() | self.manifest.columns.keys():
            if expected.get(name) != self.manifest.columns.get(name):
                what = f"its table {name} is not one of schema {self.manifest.schema}"
                raise self.wrong(form.MANIFEST, what, "export the bundle again")

    def _checked(self, entry: str, expected: int | None) -> int:
        """Return how many rows an entry has, 1 where it is no table."""
        rows = sum(chunk.count(b"\n") for chunk in self.chunks(entry))
        if expected is not None and rows != expected:
            raise self.wrong(entry, f"has {rows:,} rows, and the manifest says {expected:,}")
        if form.is_original(entry) and entry != form.original_of(self._hashes[entry]):
            raise self.wrong(entry, "was changed: it has not the hash that is its name")
        return 1 if expected is None else rows

    def _named_entries(self) -> dict[str, ZipInfo]:
        """Return the entries by name; raise where one has a name or a form that no bundle has."""
        # Folders say nothing: who packs a bundle again with another program has some.
        infos = [info for info in self._archive.infolist() if info.filename not in _FOLDERS or info.file_size]
        names = Counter(info.filename for info in infos)
        for info in infos:
            if not _is_ours(info):
                raise self.wrong(ascii(info.filename), "has no place in a bundle")
            if names[info.filename] > 1:
                raise self.wrong(info.filename, "is there more than once")
        for name in _FIXED:
            if name not in names:
                raise self.wrong(name, "is missing")
        return {info.filename: info for info in infos}

    def _read_hashes(self) -> tuple[dict[str, str], str]:
        """Return the hash of each entry but SHA256SUMS, and that of SHA256SUMS itself."""
        hashes, digest = dict[str, str](), hashlib.sha256()
        self._check_size(form.SUMS, _LINE * len(self._entries))
        for line in self.lines(form.SUMS):
            digest.update(line + b"\n")
            found = _SUM.fullmatch(line.decode("utf-8", "replace"))
            if not found or found[2] in hashes or not self.has(found[2]):
                raise self.wrong(form.SUMS, f"names what is not there, or twice: {line.decode('latin-1')!a}")
            hashes[found[2]] = found[1]
        for name in self._entries:
            if name != form.SUMS and name not in hashes:
                raise self.wrong(name, "is not named in SHA256SUMS")
        return hashes, digest.hexdigest()

    def _read_manifest(self) -> Manifest:
        self._check_size(form.MANIFEST, _SMALL)
        try:
            return form.manifest_of(b"".join(self.chunks(form.MANIFEST)))
        except form.NoManifestError as error:
            what, _, remedy = str(error).partition("; ")
            raise self.wrong(form.MANIFEST, what, remedy) from None

    def _check_size(self, entry: str, most: int) -> None:
        size = self._entries[entry].file_size
        if size > most:
            raise self.wrong(entry, f"has {size:,} bytes, and should have no more than {most:,}")

    def _check_entries(self, manifest: Manifest) -> None:
        """Raise where an entry of the manifest is missing, another is there, or one unpacks to another size."""
        self._check_size(form.README, _SMALL)
        extents = {form.entry_of(name): extent for name, extent in manifest.tables.items()}
        extents[form.DECISIONS] = manifest.decisions
        originals = [name for name in self._entries if form.is_original(name)]
        for name in self._entries.keys() - extents.keys() - set(originals) - set(_FIXED):
            raise self.wrong(name, "is not named in the manifest")
        for name, extent in extents.items():
            if name not in self._entries:
                raise self.wrong(name, "is missing")
            self._check_extent(name, Extent(extent.rows, self._entries[name].file_size), extent)
        found = Extent(len(originals), sum(self._entries[name].file_size for name in originals))
        self._check_extent("originals", found, manifest.originals)

    def _check_extent(self, name: str, found: Extent, told: Extent) -> None:
        if found != told:
            both = " and ".join(f"{e.bytes:,} bytes (rows or files: {e.rows:,})" for e in (found, told))
            raise self.wrong(name, f"is not as large as the manifest says: {both}")


def _is_ours(info: ZipInfo) -> bool:
    """Tell whether an entry has the name of one of a bundle, is packed as one, and is not locked."""
    name = info.filename
    named = name in _FIXED or form.is_original(name) or form.is_table(name)
    return named and info.compress_type in (ZIP_STORED, ZIP_DEFLATED) and not info.flag_bits & _ENCRYPTED
