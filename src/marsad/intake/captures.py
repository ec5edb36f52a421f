"""Captures: the bytes as they came, hashed before anything is read of them, and the tool that took them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import BinaryIO, cast

from marsad.intake.sources import Source, open_bytes, source_of
from marsad.model import Capture

# An original of one report is kept up to this size; what is larger stays where it is, known by its hash.
KEPT = 20_000_000
_CHUNK = 1 << 20
# Kinds that are one report, or one page of them; files of other kinds are too large to keep a second time.
_KEPT_KINDS = frozenset(("text", "page", "telegram-page", "docx", "pdf"))


def utc_now() -> datetime:
    """Return the time of the machine's clock in UTC."""
    return datetime.now(UTC)


@cache
def tool_of(extractors: tuple[str, ...]) -> str:
    """Return our name and version and those of the distributions that took the text out."""
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in ("marsad", *extractors))


class Taken:
    """What was taken in from one address: where, when, and the hash, size and bytes of it as it came."""

    def __init__(self, address: str, digest: str, size: int, at: datetime, original: bytes | None) -> None:
        self.address = address
        self.headers: tuple[tuple[str, str], ...] = ()
        self.keeps_all = False  # nobody else has the bytes
        self._sealed = (digest, size, at.astimezone(UTC))
        self._original = original
        self._captures: dict[tuple[str, tuple[str, ...]], Capture] = {}

    def capture(self, kind: str, extractors: tuple[str, ...]) -> Capture:
        """Return the one capture that all reports of this kind from here share."""
        key = (kind, extractors)
        if key not in self._captures:
            kept = self._original if self.keeps_all or kind in _KEPT_KINDS else None
            tool = tool_of(extractors)
            self._captures[key] = Capture(self.address, kind, *self._sealed, kept, self.headers, tool)
        return self._captures[key]


def taken_bytes(data: bytes, address: str, at: datetime, headers: Sequence[tuple[str, str]]) -> tuple[Source, Taken]:
    """Return bytes from elsewhere as a source and what vouches for them; they are kept whatever they are."""
    taken = Taken(address, hashlib.sha256(data).hexdigest(), len(data), at, data)
    taken.headers = tuple(headers)
    taken.keeps_all = True
    return source_of(address, io.BytesIO(data)), taken


@contextmanager
def open_taken(where: str, now: Callable[[], datetime]) -> Iterator[tuple[Source, Taken]]:
    """Open a file or `-`, hash it whole, and give it from the start with what vouches for it."""
    from tempfile import SpooledTemporaryFile  # `marsad read`, which starts fast, has no use for it

    with open_bytes(where) as (name, stream), SpooledTemporaryFile(max_size=1) as spool:
        at = now()
        head = stream.read(KEPT + 1)
        if len(head) <= KEPT:
            taken = Taken(name, hashlib.sha256(head).hexdigest(), len(head), at, head)
            yield source_of(name, io.BytesIO(head)), taken
            return
        whole, digest, size = _hashed(head, stream, cast(BinaryIO, spool), is_file=where != "-")
        yield source_of(name, whole), Taken(name, digest, size, at, None)


def _hashed(head: bytes, rest: BinaryIO, spool: BinaryIO, is_file: bool) -> tuple[BinaryIO, str, int]:
    """Return the content from its start again, its hash and its size; a pipe goes through the spool on disk."""
    spooled = not (is_file and rest.seekable())
    digest, size, chunk = hashlib.sha256(), 0, head
    while chunk:
        digest.update(chunk)
        size += len(chunk)
        if spooled:
            spool.write(chunk)
        chunk = rest.read(_CHUNK)
    whole = spool if spooled else rest
    whole.seek(0)
    return whole, digest.hexdigest(), size
