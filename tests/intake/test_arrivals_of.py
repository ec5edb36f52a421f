"""Bytes that came from elsewhere: kept whole, and filled in where they do not speak for themselves."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, date, datetime

from marsad.intake import Defaults, Failure, arrivals_of
from marsad.model import Arrival

TEXT = "أعلنت الفصائل سيطرتها على قرية خربة الناقوس بعد اشتباكات استمرت ساعات."
NOW = datetime(2024, 12, 8, tzinfo=UTC)
URL = "https://e.org/news/5?page=1"
HEADERS = (("Content-Type", "text/html"), ("Set-Cookie", "a"), ("Set-Cookie", "b"))


def page_of(head: str = "", title: str = "<title>الفصائل في القرية</title><meta name='x'>") -> bytes:
    body = f"<article><p>{TEXT}</p><p>{TEXT} ونزحت عائلات كثيرة نحو المدينة القريبة.</p></article>"
    return f"<!DOCTYPE html><html lang='ar'><head>{title}{head}</head><body>{body}</body></html>".encode()


def taken(data: bytes, address: str = URL, **said: object) -> Arrival:
    [item] = arrivals_of(data, address, **{"captured_at": NOW, "defaults": Defaults(), **said})
    assert isinstance(item, Arrival), item
    return item


def test_the_bytes_their_headers_and_their_time_are_kept():
    data = gzip.compress(page_of())
    capture = taken(data, headers=HEADERS).capture
    assert (capture.address, capture.kind, capture.headers, capture.captured_at) == (URL, "page", HEADERS, NOW)
    assert (capture.original, capture.size, capture.sha256) == (data, len(data), hashlib.sha256(data).hexdigest())


def test_a_page_has_the_address_it_came_from_unless_it_names_its_own():
    own = '<link rel="canonical" href="https://e.org/news/5">'
    assert taken(page_of()).report.url == URL
    assert taken(page_of(own)).report.url == "https://e.org/news/5"


def test_what_a_feed_says_fills_what_the_page_does_not_and_then_the_defaults():
    said = {"published": date(2024, 12, 6), "title": "من الخلاصة", "outlet": "موجز"}
    defaults = Defaults(date(2024, 1, 1), "عام", "sy")
    report = taken(page_of(), defaults=defaults, **said).report
    assert (report.published, report.outlet, report.theatre) == (date(2024, 12, 6), "موجز", "sy")
    assert report.title == "الفصائل في القرية"
    bare = taken(TEXT.encode(), defaults=defaults).report
    assert (bare.published, bare.outlet, bare.title, bare.url) == (date(2024, 1, 1), "عام", None, URL)
    assert taken(TEXT.encode(), **said).report.title == "من الخلاصة"


def test_what_the_page_says_of_itself_stands():
    head = (
        '<meta property="article:published_time" content="2024-12-05T10:00:00Z">'
        '<meta property="og:site_name" content="صحيفة">'
    )
    report = taken(page_of(head), published=date(2024, 12, 6), outlet="موجز").report
    assert (report.published, report.outlet) == (date(2024, 12, 5), "صحيفة")


def test_rows_have_neither_the_address_nor_the_title_of_the_whole_but_its_bytes_are_kept():
    data = "".join(json.dumps({"text": TEXT, "n": n}) + "\n" for n in range(2)).encode()
    first, second = arrivals_of(data, URL, captured_at=NOW, defaults=Defaults(), title="قائمة")
    assert (first.report.url, first.report.title, first.row, second.row) == (None, None, 1, 2)
    assert first.capture is second.capture and first.capture.original == data


def test_what_cannot_be_read_is_a_failure_that_names_the_address():
    for data in (b"", b"\x89PNG\r\n\x1a\n", gzip.compress(page_of())[:-20]):
        [item] = arrivals_of(data, URL, captured_at=NOW, defaults=Defaults())
        assert isinstance(item, Failure) and item.where == URL and item.remedy


def test_a_day_far_after_the_capture_is_refused():
    [item] = arrivals_of(TEXT.encode(), URL, captured_at=NOW, defaults=Defaults(), published=date(2024, 12, 11))
    assert "2024-12-11 lies in the future" in item.reason
