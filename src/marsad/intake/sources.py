"""Where bytes come from: files, folders, standard input, and what lies inside gzip."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from marsad.intake.failures import UnreadableError

# Enough to tell the kind and, for all but very long titles, to hold the first row.
HEAD = 65_536
STDIN = "standard input"


class Source:
    """A named stream of bytes whose head can be looked at before it is read."""

    def __init__(self, name: str, stream: BinaryIO, whole: str | BinaryIO | None = None) -> None:
        self.name = name
        self.whole = whole  # what can be sought in: a file by its name, or a stream
        self.head = stream.read(HEAD)
        self._rest = stream

    def stream(self) -> io.BufferedReader:
        """Return the whole content, head included, as one stream."""
        return io.BufferedReader(_Joined(self.head, self._rest), 1 << 16)

    def read(self, limit: int) -> bytes:
        """Return at most `limit` bytes from the start."""
        return self.stream().read(limit)


class _Joined(io.RawIOBase):
    """The head that was already read, then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer)
        chunk = self._head[:size]
        if chunk:
            self._head = self._head[size:]
        else:
            chunk = self._rest.read(size)
        buffer[: len(chunk)] = chunk
        return len(chunk)


def files_of(where: str) -> Iterator[str]:
    """Yield the file itself, or the files of a folder and its folders in order of their names."""
    path = Path(where)
    if where == "-" or not path.is_dir():
        yield where
        return
    found = sorted(p for p in path.rglob("*") if p.is_file() and not _is_hidden(p.relative_to(path)))
    if not found:
        raise UnreadableError("the folder holds no file", "name one that does")
    yield from map(str, found)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


@contextmanager
def open_bytes(where: str) -> Iterator[tuple[str, BinaryIO]]:
    """Open a file or `-` as it is, give its name and bytes, and close it afterwards."""
    if where == "-":
        yield STDIN, sys.stdin.buffer
        return
    with _open(where) as stream:
        yield where, stream


@contextmanager
def open_source(where: str) -> Iterator[Source]:
    """Open a file or `-`, look through gzip, and close it afterwards."""
    with open_bytes(where) as (name, stream):
        yield _through_gzip(Source(name, stream, None if where == "-" else where))


def source_of(name: str, stream: BinaryIO) -> Source:
    """Return a stream that can be sought in as a source, looked at through gzip."""
    return _through_gzip(Source(name, stream, stream))


def _open(where: str) -> BinaryIO:
    try:
        return Path(where).open("rb")
    except FileNotFoundError:
        raise UnreadableError("there is no such file or folder", "check the name") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableError(f"cannot be opened ({reason})", "check its permissions") from None


def _through_gzip(source: Source) -> Source:
    if not source.head.startswith(b"\x1f\x8b"):
        return source
    return Source(source.name, cast(BinaryIO, gzip.GzipFile(fileobj=source.stream())))
