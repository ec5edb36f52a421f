"""Which reader reads which kind, and what stops a file turned into a failure that names it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from marsad.intake.archives import read_warc
from marsad.intake.documents import read_docx, read_pdf
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.kinds import kind_of
from marsad.intake.rows import read_csv, read_json, read_jsonl, read_parquet
from marsad.intake.sources import Source
from marsad.intake.terms import Found, Terms
from marsad.intake.texts import read_page, read_text

_READERS: dict[str, Callable[[Source, Terms], Iterator[Found | Failure]]] = {
    "text": read_text,
    "page": read_page,
    "json": read_json,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "parquet": read_parquet,
    "warc": read_warc,
    "docx": read_docx,
    "pdf": read_pdf,
}


def found_in(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield every report of a source, its kind told by its content, and every failure of a part of it."""
    yield from _READERS[kind_of(source.head, source.name, terms.names_text)](source, terms)


def failure_of(error: Exception, where: str) -> Failure:
    """Return the failure of a whole file, or of the rest of it, that an error is."""
    if isinstance(error, UnreadableError):
        return error.at(where)
    return Failure(where, None, f"it ends or breaks off in the middle ({error})", "fetch or pack it again")


# What a file that is damaged or cannot be opened makes its reader raise.
STOPS = (UnreadableError, EOFError, zlib.error, OSError)
