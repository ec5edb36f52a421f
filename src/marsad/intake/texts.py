"""Plain text and web pages: one file, one report."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from marsad.intake.encoding import decode, encoding_of
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.records import MAX_TEXT, Defaults, reports_of
from marsad.intake.sources import Source
from marsad.model import Report

# Four bytes are the most that one character takes in any encoding that we read.
_MAX_TEXT_BYTES = 4 * (MAX_TEXT + 1)
# The largest saved pages of news sites, pictures inlined, have some ten megabytes.
_MAX_PAGE_BYTES = 20_000_000
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_text(source: Source, defaults: Defaults) -> Iterator[Report | Failure]:
    """Yield the one report that a text file is; of a longer file only the first part is ever loaded."""
    yield from reports_of({"text": decode(source.read(_MAX_TEXT_BYTES))}, source.name, None, defaults)


def read_page(source: Source, defaults: Defaults) -> Iterator[Report | Failure]:
    """Yield the report of a web page: its main text, title, date, outlet and address."""
    data = source.read(_MAX_PAGE_BYTES + 1)
    if len(data) > _MAX_PAGE_BYTES:
        raise UnreadableError("the page is larger than 20 MB", "save the article alone, without pictures")
    yield from reports_of(_record_of(decode(data, _encoding_of(data))), source.name, None, defaults)


def _encoding_of(data: bytes) -> str:
    """Return the encoding that the page declares if its bytes agree, else the likeliest."""
    declared = _CHARSET.search(data[:4096])
    likely = encoding_of(data)
    if not declared or likely.startswith("utf"):
        return likely
    try:
        name = codecs.lookup(declared.group(1).decode()).name
        data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return likely
    return name


def _record_of(page: str) -> dict[str, Any]:
    import trafilatura

    found = trafilatura.bare_extraction(
        _DECLARATION.sub("", page), with_metadata=True, include_comments=False, include_tables=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )  # fmt: skip
    if found is None or not found.text:
        raise UnreadableError(
            "the page has no main text that could be told from its frame", "save the article's text as .txt"
        )
    return {
        "text": found.text,
        "title": found.title,
        "outlet": found.sitename,
        "published": found.date,
        "url": found.url,
    }
