"""Plain text and web pages: one file, one report."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from marsad.intake.encoding import decode, encoding_of
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.previews import found_in_preview, is_preview
from marsad.intake.records import MAX_TEXT
from marsad.intake.sources import Source
from marsad.intake.terms import Found, Terms

# Four bytes are the most that one character takes in any encoding that we read.
_MAX_TEXT_BYTES = 4 * (MAX_TEXT + 1)
# The largest saved pages of news sites, pictures inlined, have some ten megabytes.
_MAX_PAGE_BYTES = 20_000_000
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_text(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield the one report that a text file is; of a longer file only the first part is ever loaded."""
    yield from terms.found({"text": decode(source.read(_MAX_TEXT_BYTES))}, "text", source.name)


def read_page(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield the report of a web page, or of each message of a Telegram channel's preview."""
    data = source.read(_MAX_PAGE_BYTES + 1)
    if len(data) > _MAX_PAGE_BYTES:
        raise UnreadableError("the page is larger than 20 MB", "save the article alone, without pictures")
    yield from found_on_page(data, source.name, terms)


def found_on_page(data: bytes, where: str, terms: Terms, url: str | None = None) -> Iterator[Found | Failure]:
    """Yield the report of a page: main text, title, date, outlet and its address, which `url` says better."""
    page = _DECLARATION.sub("", decode(data, _encoding_of(data)))
    if is_preview(data):
        yield from found_in_preview(page, where, terms.for_rows())
        return
    record = _record_of(page)
    yield from terms.found({**record, "url": url or record["url"]}, "page", where, None, ("trafilatura",))


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
        page, with_metadata=True, include_comments=False, include_tables=True,
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
