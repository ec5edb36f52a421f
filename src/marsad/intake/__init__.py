"""What the world sends (page, file, feed, table) becomes reports; what could not be read, failures.

Knows outlets and markup, not Arabic and not war. Drops nothing silently.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.kinds import kind_of
from marsad.intake.records import Defaults, asked_day, reports_of
from marsad.intake.rows import read_csv, read_json, read_jsonl, read_parquet
from marsad.intake.sources import Source, files_of, open_source
from marsad.intake.texts import read_page, read_text
from marsad.model import Report

__all__ = ["Defaults", "Failure", "asked_day", "read_inputs", "reports_of"]

_READERS: dict[str, Callable[[Source, Defaults], Iterator[Report | Failure]]] = {
    "text": read_text,
    "page": read_page,
    "json": read_json,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "parquet": read_parquet,
}


def read_inputs(inputs: Iterable[str], defaults: Defaults | None = None) -> Iterator[Report | Failure]:
    """Yield every report of the files, folders and `-` (standard input) in order, and every failure."""
    for where in inputs:
        try:
            for file in files_of(where):
                yield from _read_file(file, defaults or Defaults())
        except UnreadableError as error:
            yield error.at(where)


def _read_file(where: str, defaults: Defaults) -> Iterator[Report | Failure]:
    try:
        with open_source(where) as source:
            where = source.name
            yield from _READERS[kind_of(source.head, where)](source, defaults)
    except UnreadableError as error:
        yield error.at(where)
    except (EOFError, zlib.error, OSError) as error:
        yield Failure(where, None, f"it ends or breaks off in the middle ({error})", "fetch or pack it again")
