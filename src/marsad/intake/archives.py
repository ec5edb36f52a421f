"""Web archives (WARC): each page that a server answered with is a report, captured when the crawler took it."""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from marsad.intake.captures import tool_of
from marsad.intake.encoding import decode
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.sources import Source
from marsad.intake.terms import Found, Terms
from marsad.intake.texts import found_on_page
from marsad.model import Capture

# As a page of its own: the largest have some ten megabytes.
_MAX_PAYLOAD = 20_000_000
_PAGES = ("text/html", "application/xhtml+xml")
# What of a record's own headers vouches for it beside those of the answer.
_VOUCHING = ("WARC-Target-URI", "WARC-Record-ID", "WARC-Date", "WARC-Payload-Digest")
_AGAIN = "fetch the page again"


def read_warc(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield the report of each answer with a page or plain text; the row is the record's number.

    Requests, metadata, revisits, pictures, `robots.txt`, errors and redirections hold no report.
    """
    nothing = True
    for row, record in enumerate(_records_of(source), 1):
        if not _is_page(record):
            continue
        nothing = False
        try:
            yield from _found_in_record(record, source.name, row, terms.for_rows())
        except UnreadableError as error:
            yield error.at(source.name, row)
    if nothing:
        raise UnreadableError("it is a web archive without a page", "give one that has answers of text/html")


def _records_of(source: Source) -> Iterator[Any]:
    from warcio.archiveiterator import ArchiveIterator

    row = 0
    records = ArchiveIterator(source.stream(), verify_http=False)
    while True:
        row += 1
        try:
            record = next(records, None)
        except (EOFError, zlib.error, OSError):
            raise
        except Exception as error:  # a damaged record makes the library raise anything
            reason = f"broken WARC record ({str(error)[:80]}); what comes after it was not read"
            raise UnreadableError(reason, "make the archive again, or cut the record out", row) from None
        if record is None:
            return
        yield record


def _is_page(record: Any) -> bool:
    http = record.http_headers
    if record.rec_type != "response" or not http or not (http.get_statuscode() or "").startswith("2"):
        return False
    if (record.rec_headers.get_header("WARC-Target-URI") or "").endswith("/robots.txt"):
        return False  # every crawler asks for it, and it speaks to crawlers only
    return _type_of(record) in (*_PAGES, "text/plain")


def _type_of(record: Any) -> str:
    written: str = record.http_headers.get_header("Content-Type") or ""
    return written.partition(";")[0].strip().lower()


def _found_in_record(record: Any, where: str, row: int, terms: Terms) -> Iterator[Found | Failure]:
    stored = record.raw_stream.read(_MAX_PAYLOAD + 1)
    if len(stored) > _MAX_PAYLOAD:
        raise UnreadableError("the record is larger than 20 MB", "save the article alone")
    if record.payload_length > len(stored):
        raise UnreadableError("the record breaks off in the middle", _AGAIN)
    body = _dechunked(stored, record)
    _refuse_wrong_digest(record, stored, body)
    data = _unpacked(body, (record.http_headers.get_header("Content-Encoding") or "").strip().lower())
    url = record.rec_headers.get_header("WARC-Target-URI")
    capture = _capture_of(record, stored, where, terms)
    for item in _found_in(data, _type_of(record), url, where, terms):
        if isinstance(item, Failure):
            yield replace(item, row=row)
            continue
        yield replace(item, kind="warc", row=row, capture=replace(capture, tool=tool_of(("warcio", *item.extractors))))


def _found_in(data: bytes, type: str, url: str, where: str, terms: Terms) -> Iterator[Found | Failure]:
    if type in _PAGES:
        return found_on_page(data, where, terms, url)
    return terms.found({"text": decode(data), "url": url}, "text", where)


def _capture_of(record: Any, stored: bytes, where: str, terms: Terms) -> Capture:
    """Return the capture of one answer: its own time, headers and hash; the bytes only if the archive is not kept."""
    own = [(name, record.rec_headers.get_header(name)) for name in _VOUCHING]
    headers = (*record.http_headers.headers, *((name, value) for name, value in own if value))
    return Capture(
        address=where,
        kind="warc",
        sha256=hashlib.sha256(stored).hexdigest(),
        size=len(stored),
        captured_at=_time_of(record.rec_headers.get_header("WARC-Date")),
        original=stored if terms.keeps_all else None,
        headers=headers,
    )


def _time_of(written: str | None) -> datetime:
    try:
        time = datetime.fromisoformat(written or "")
    except ValueError:
        raise UnreadableError(f"its WARC-Date {written!r} is no time", _AGAIN) from None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)


def _refuse_wrong_digest(record: Any, *bodies: bytes) -> None:
    """Refuse a payload that its digest does not fit, counted over it as sent or without the marks of chunks."""
    said = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    name, _, value = said.partition(":")
    algorithm = name.strip().lower().replace("-", "")
    if not value or algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
        return
    digests = [hashlib.new(algorithm, body, usedforsecurity=False).digest() for body in bodies]
    written = value.strip().rstrip("=").upper()
    if not any(written in (b32encode(d).decode().rstrip("="), d.hex().upper()) for d in digests):
        id = record.rec_headers.get_header("WARC-Record-ID")
        raise UnreadableError(f"the payload of record {id} does not fit its digest: it was changed", _AGAIN)


_CHUNK = re.compile(rb"([0-9A-Fa-f]+)[^\r\n]*\r?\n")


def _dechunked(stored: bytes, record: Any) -> bytes:
    """Return the body without the marks of chunks; as it is where the crawler took them out already."""
    if (record.http_headers.get_header("Transfer-Encoding") or "").strip().lower() != "chunked":
        return stored
    parts: list[bytes] = []
    at = 0
    while found := _CHUNK.match(stored, at):
        size = int(found[1], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(stored[found.end() : found.end() + size])
        at = found.end() + size
        at += 2 if stored.startswith(b"\r\n", at) else 0
    return stored


def _unpacked(body: bytes, encoding: str) -> bytes:
    """Return the page that was sent packed; refuse one that unpacks to more than a page can be."""
    if encoding in ("", "identity") or body.lstrip()[:1] == b"<":  # crawlers that unpack often leave the header
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise UnreadableError(f"it is packed with {encoding!r}, which is not read", "crawl it without, or with gzip")
    wrapped = body[:2] == b"\x1f\x8b" or body[:1] == b"\x78"
    if not wrapped and encoding != "deflate":
        return body
    unpacker = zlib.decompressobj(47 if wrapped else -zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(body, _MAX_PAYLOAD + 1)
    except zlib.error:
        raise UnreadableError(f"it is said to be packed with {encoding} and is broken", _AGAIN) from None
    if len(data) > _MAX_PAYLOAD:
        raise UnreadableError("the page unpacks to more than 20 MB", "save the article alone")
    if not unpacker.eof:
        raise UnreadableError("the page breaks off in the middle", _AGAIN)
    return data
