"""Web archives: each page is a report with a capture of its own, the crawler's time and a digest that fits."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from marsad.intake import Defaults, Failure, archives, arrivals_of, read_inputs, take_in
from marsad.model import Arrival

TEXT = "انفجرت عبوة ناسفة قرب حاجز عند مدخل بلدة بليون صباحاً"
NOW = datetime(2024, 12, 8, tzinfo=UTC)
URL = "https://e.org/news/5"
DAY = '<meta property="article:published_time" content="2024-12-05T10:00:00Z">'


def page_of(head: str = "") -> bytes:
    body = f"<article><p>{TEXT}</p><p>{TEXT} ونقل الجرحى إلى مشفى المدينة القريبة.</p></article>"
    return f"<!DOCTYPE html><html lang='ar'><head><title>عبوة</title>{head}</head><body>{body}</body></html>".encode()


def record_of(
    payload: bytes, url: str = URL, status: str = "200 OK", type: str = "text/html; charset=utf-8", **headers: str
) -> Callable[[WARCWriter], None]:
    """Return what writes one answer of a server."""
    own = {"WARC-Date": headers.pop("time", "2024-12-06T21:30:00.5Z")}
    sent = [("Content-Type", type), *((name.replace("_", "-"), value) for name, value in headers.items())]

    def write(writer: WARCWriter) -> None:
        http = StatusAndHeaders(status, sent, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url, "response", io.BytesIO(payload), http_headers=http, warc_headers_dict=own
        )
        writer.write_record(record)

    return write


def other(kind: str) -> Callable[[WARCWriter], None]:
    def write(writer: WARCWriter) -> None:
        if kind == "warcinfo":
            writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "x"}))
            return
        http = StatusAndHeaders("GET / HTTP/1.1" if kind == "request" else "200 OK", [("Host", "e.org")])
        http.protocol = "" if kind == "request" else "HTTP/1.1"
        if kind == "revisit":
            writer.write_record(
                writer.create_revisit_record(URL, "sha1:AAAA", URL, "2024-01-01T00:00:00Z", http_headers=http)
            )
            return
        writer.write_record(writer.create_warc_record(URL, kind, io.BytesIO(b""), http_headers=http))

    return write


def archive_of(*writes: Callable[[WARCWriter], None], packed: bool = False) -> bytes:
    sink = io.BytesIO()
    writer = WARCWriter(sink, gzip=packed)
    for write in writes:
        write(writer)
    return sink.getvalue()


@pytest.fixture
def taken(write):
    return lambda data, **said: list(take_in([write("crawl", data)], Defaults(**said), now=lambda: NOW))


@pytest.mark.parametrize("packed", [False, True])
def test_each_page_is_a_report_with_a_capture_of_its_own(taken, packed):
    page = page_of(DAY)
    data = archive_of(other("warcinfo"), record_of(page), record_of(page, URL + "/2"), packed=packed)
    first, second = taken(data)
    assert TEXT in first.report.text
    assert (first.report.url, first.report.published, first.report.title) == (URL, date(2024, 12, 5), "عبوة")
    assert (first.row, second.row, second.report.url) == (2, 3, URL + "/2")
    capture = first.capture
    assert (capture.kind, capture.original) == ("warc", None)
    assert capture.captured_at == datetime(2024, 12, 6, 21, 30, 0, 500_000, tzinfo=UTC)
    assert (capture.sha256, capture.size) == (hashlib.sha256(page).hexdigest(), len(page))
    headers = dict(capture.headers)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["WARC-Target-URI"] == URL and headers["WARC-Record-ID"].startswith("<urn:uuid:")
    assert ", warcio " in capture.tool and ", trafilatura " in capture.tool
    assert second.capture is not capture


def test_the_day_of_a_page_is_never_that_of_the_crawl(taken):
    [item] = taken(archive_of(record_of(page_of())))
    assert item.report.published is None
    [item] = taken(archive_of(record_of(page_of())), published=date(2024, 12, 1))
    assert item.report.published == date(2024, 12, 1)


def test_a_plain_text_is_a_report_too(taken):
    [item] = taken(archive_of(record_of(TEXT.encode(), type="text/plain")))
    assert (item.report.text, item.report.url, item.capture.kind) == (TEXT, URL, "warc")


def test_a_preview_of_a_channel_gives_its_messages(taken):
    page = (
        f'<html><body><div class="tgme_widget_message" data-post="rif/3"><div class="tgme_widget_message_text">{TEXT}'
        '</div><a class="tgme_widget_message_date"><time datetime="2024-12-05T10:00:00+00:00"></time></a></div></body>'
    )
    [item] = taken(archive_of(record_of(page.encode(), "https://t.me/s/rif")))
    assert (item.report.id, item.report.url, item.row) == ("telegram/rif/3", "https://t.me/rif/3", 1)
    assert item.capture.kind == "warc"


def test_records_that_are_no_answer_with_a_page_are_passed_over(taken):
    [item] = taken(
        archive_of(
            other("warcinfo"),
            other("request"),
            record_of(page_of()),
            other("revisit"),
            record_of(page_of(), status="404 Not Found"),
            record_of(page_of(), status="301 Moved", Location="https://e.org/x"),
            record_of(b"\x89PNG", type="image/png"),
            record_of(b"User-agent: *", "https://e.org/robots.txt", type="text/plain"),
        )
    )
    assert item.row == 3


def chunked(data: bytes) -> bytes:
    half = len(data) // 2
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in (data[:half], data[half:], b""))


def deflated_bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("stored", "headers"),
    [
        (gzip.compress(page_of()), {"Content_Encoding": "gzip"}),
        (zlib.compress(page_of()), {"Content_Encoding": "deflate"}),
        (deflated_bare(page_of()), {"Content_Encoding": "deflate"}),
        (chunked(page_of()), {"Transfer_Encoding": "chunked"}),
        (chunked(gzip.compress(page_of())), {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"}),
        (page_of(), {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"}),
        (page_of(), {"Content_Encoding": "br"}),
    ],
    ids=["gzip", "deflate", "bare deflate", "chunks", "packed chunks", "both taken out", "brotli taken out"],
)
def test_a_page_is_read_however_it_was_sent_and_hashed_as_it_is_stored(taken, stored, headers):
    [item] = taken(archive_of(record_of(stored, **headers)))
    assert TEXT in item.report.text
    assert item.capture.sha256 == hashlib.sha256(stored).hexdigest()


def written_by_hand(payload: bytes, digest: str, headers: str = "") -> bytes:
    """Return an archive of one answer with the digest as it is said, which the library would count itself."""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + payload
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <{URL}>\r\nWARC-Date: 2024-12-06T21:30:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nWARC-Payload-Digest: {digest}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def digest(data: bytes, name: str = "sha1") -> str:
    return f"{name}:{hashlib.new(name, data).hexdigest()}"


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (page_of(), digest(page_of())),
        (page_of(), digest(page_of(), "sha256").replace("sha256", "SHA-256")),
        (chunked(page_of()), digest(page_of())),
        (chunked(page_of()), digest(chunked(page_of()))),
        (page_of(), "crc32:1234"),
    ],
    ids=["hex", "named otherwise", "without chunks", "with chunks", "one that cannot be counted"],
)
def test_a_digest_that_fits_or_cannot_be_counted_is_no_failure(taken, stored, said):
    headers = "Transfer-Encoding: chunked\r\n" if stored != page_of() else ""
    [item] = taken(written_by_hand(stored, said, headers))
    assert isinstance(item, Arrival) and item.report.url == URL
    assert ("WARC-Payload-Digest", said) in item.capture.headers


def test_a_digest_that_does_not_fit_is_a_failure_that_names_the_record(taken):
    [bad] = taken(written_by_hand(page_of(), digest(b"")))
    assert isinstance(bad, Failure) and bad.row == 1
    assert "record <urn:uuid:1> does not fit its digest" in bad.reason and bad.remedy


def test_a_changed_payload_is_a_failure_and_the_next_is_read(taken):
    data = archive_of(record_of(page_of()), record_of(page_of(), URL + "/2"))
    assert len(taken(data)) == 2
    bad, good = taken(data.replace("عبوة".encode(), "قذيفة".encode()[: len("عبوة".encode())], 1))
    assert isinstance(bad, Failure) and good.report.url == URL + "/2"
    assert bad.row == 1 and "does not fit its digest" in bad.reason


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (record_of(page_of(), time="yesterday"), "'yesterday' is no time"),
        (record_of(gzip.compress(page_of())[:-30], Content_Encoding="gzip"), "breaks off in the middle"),
        (record_of(b"\x1f\x8b" + page_of(), Content_Encoding="gzip"), "is broken"),
        (record_of(b"\x8b\x05", Content_Encoding="br"), "packed with 'br', which is not read"),
        (record_of(b"<html><body></body></html>"), "no main text"),
        (record_of(b"plain words", type="text/plain"), "no Arabic letter"),
    ],
)
def test_a_broken_record_is_a_failure_with_its_number_and_the_next_is_read(taken, broken, reason):
    first, bad, after = taken(archive_of(record_of(page_of()), broken, record_of(page_of(), URL + "/2")))
    assert isinstance(first, Arrival) and isinstance(after, Arrival)
    assert bad.row == 2 and reason in bad.reason and bad.remedy


@pytest.mark.parametrize(
    "stored", [{"payload": b" " * 2_000, "type": "text/plain"}, {"payload": gzip.compress(b" " * 9_999)}]
)
def test_a_record_that_is_or_becomes_too_large_is_refused(taken, monkeypatch, stored):
    monkeypatch.setattr(archives, "_MAX_PAYLOAD", 1_000)
    headers = {} if "type" in stored else {"Content_Encoding": "gzip"}
    [item] = taken(archive_of(record_of(**stored, **headers)))
    assert "20 MB" in item.reason


def test_an_archive_without_a_page_or_broken_off_says_so(taken):
    assert "without a page" in taken(archive_of(other("warcinfo")))[0].reason
    whole = archive_of(record_of(page_of()), record_of(page_of()))
    first, broken = taken(whole[:-400])
    assert isinstance(first, Arrival) and "breaks off" in broken.reason and broken.row == 2
    [broken] = taken(gzip.compress(whole)[:-40])
    assert "breaks off" in broken.reason
    first, broken = taken(archive_of(record_of(page_of())) + b"something else\r\n\r\n")
    assert isinstance(first, Arrival) and "broken WARC record" in broken.reason and broken.row == 2


def test_an_archive_from_elsewhere_is_kept_record_by_record():
    data = archive_of(record_of(page_of()), packed=True)
    [item] = arrivals_of(data, "https://e.org/a.warc.gz", captured_at=NOW, defaults=Defaults())
    assert item.capture.original == page_of()
    assert item.capture.captured_at.day == 6


def test_an_archive_can_be_read_without_a_record(write):
    [report] = read_inputs([write("crawl.warc.gz", archive_of(record_of(page_of()), packed=True))])
    assert report.url == URL
