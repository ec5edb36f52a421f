"""Texts by key on disk, for what an export must look up again and may not hold in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from types import TracebackType


class Spool:
    """A table of texts by key in a temporary file, which is gone when the spool is closed."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")  # SQLite's name for a temporary file
        self._file.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, text TEXT)")

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def put(self, key: str, text: str) -> None:
        """Keep a text under a key in place of an earlier one."""
        self._file.execute("REPLACE INTO kept VALUES (?, ?)", (key, text))

    def get(self, key: str) -> str | None:
        """Return the text of a key, None where there is none."""
        found = self._file.execute("SELECT text FROM kept WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else None

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield each key with its text, by key."""
        yield from self._file.execute("SELECT key, text FROM kept ORDER BY key")
