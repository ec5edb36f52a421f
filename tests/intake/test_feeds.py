"""A feed becomes its entries; what is none says what it is and where the feed may be."""

from __future__ import annotations

import http.server
import threading
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from marsad.intake.failures import UnreadableError
from marsad.intake.feeds import MAX_FEED, day_written, entries_of, is_feed, read_feed, text_of
from marsad.intake.fetching import Fetched

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>صحيفة الوادي</title>
<link>https://paper.example/</link>
<item><title>رتل جديد يدخل &amp;quot;المنصورة&amp;quot;</title><link>https://paper.example/1</link><guid>tag:paper.example,2024:1</guid>
<pubDate>Fri, 06 Dec 2024 00:30:00 +0300</pubDate><description>موجز</description>
<content:encoded><![CDATA[<p>دخل الرتل البلدة <b>فجراً</b>.</p><script>alert(1)</script>]]></content:encoded></item>
<item><title>خبر بلا تاريخ</title><link>/2</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>مدونة</title><entry><title>قصف ليلي</title>
<id>tag:blog.example,2024:9</id><link rel="alternate" href="https://blog.example/9"/>
<updated>2024-12-05T23:10:00-02:00</updated><summary>سقطت القذائف على أطراف البلدة</summary></entry></feed>"""


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>ص</title>{"".join(items)}</channel></rss>'.encode()


def fetched(data: bytes, address: str = "https://paper.example/rss", content_type: str = "text/xml") -> Fetched:
    headers = (("Content-Type", content_type),)
    return Fetched(data, address, address, 200, headers, datetime(2024, 12, 8, tzinfo=UTC))


def test_an_rss_entry_has_its_address_title_day_and_the_longer_of_its_texts():
    first, second = entries_of(fetched(RSS.encode()))
    assert (first.url, first.title, first.id) == (
        "https://paper.example/1",
        'رتل جديد يدخل "المنصورة"',
        "tag:paper.example,2024:1",
    )
    assert text_of(first.summary_html) == "دخل الرتل البلدة فجراً."
    assert "script" not in first.summary_html
    assert (second.url, second.published) == ("https://paper.example/2", None)
    assert second.id


def test_the_day_is_the_one_written_there_not_that_of_greenwich():
    assert entries_of(RSS.encode(), "")[0].published == date(2024, 12, 6)
    assert entries_of(ATOM.encode(), "")[0].published == date(2024, 12, 5)


def test_an_atom_entry_is_read_too():
    [entry] = entries_of(ATOM.encode(), "https://blog.example/atom")
    assert (entry.url, entry.id) == ("https://blog.example/9", "tag:blog.example,2024:9")
    assert read_feed(ATOM.encode()).title == "مدونة"


def test_a_feed_without_entries_is_a_feed():
    assert entries_of(rss(), "https://paper.example/rss") == []


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "tg://resolve?domain=x"])
def test_an_entry_that_leads_to_no_web_address_has_none(link):
    [entry] = entries_of(rss(f"<item><title>خبر</title><link>{link}</link></item>"), "https://paper.example/rss")
    assert entry.url == ""


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (RSS.replace("UTF-8", "windows-1256").encode("cp1256"), "text/xml"),
        (RSS.replace(' encoding="UTF-8"', "").encode("cp1256"), "text/xml; charset=windows-1256"),
        (RSS.replace(' encoding="UTF-8"', "").encode("cp1256"), "text/xml; charset=no-such-code"),
        (RSS.encode("utf-16"), "text/xml"),
        (RSS.encode("utf-8-sig"), "text/xml; charset=iso-8859-1"),
        (RSS.replace("UTF-8", "windows-1256").encode(), "text/xml"),
        (b"\n\n Warning: something in /srv/x.php\n" + RSS.encode(), "text/html"),
    ],
)
def test_the_letters_are_right_whatever_the_declaration_says(data, content_type):
    assert entries_of(fetched(data, content_type=content_type))[1].title == "خبر بلا تاريخ"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("الجمعة، 06 ديسمبر 2024", date(2024, 12, 6)),
        ("06 كانون الأول 2024", date(2024, 12, 6)),
        ("6 كانون الثاني 2024 14:30", date(2024, 1, 6)),
        ("٦ تشرين الأول ٢٠٢٤", date(2024, 10, 6)),
        ("16 تشرين  الثاني، 2024", date(2024, 11, 16)),
        ("الأحد 8 كانون الأول/ديسمبر 2024 - 09:15", date(2024, 12, 8)),
        ("8 ديسمبر / كانون الأول 2024", date(2024, 12, 8)),
        ("Fri, 06 ديسمبر 2024 12:00:00 +0300", date(2024, 12, 6)),
        ("شباط 11, 2025", date(2025, 2, 11)),
        ("11 آذار 2025", date(2025, 3, 11)),
        ("11 اذار 2025", date(2025, 3, 11)),
        ("1 نيسان 2025", date(2025, 4, 1)),
        ("1 أيار 2025", date(2025, 5, 1)),
        ("1-حزيران-2025", date(2025, 6, 1)),
        ("1 تموز 2025", date(2025, 7, 1)),
        ("1 آب 2025", date(2025, 8, 1)),
        ("1 أيلول 2025", date(2025, 9, 1)),
        ("25 يناير 2011", date(2011, 1, 25)),
        ("30 يونيو 2013", date(2013, 6, 30)),
        ("3 يوليو 2013", date(2013, 7, 3)),
        ("14 أغسطس 2013", date(2013, 8, 14)),
        ("14 جانفي 2011", date(2011, 1, 14)),
        ("20 فيفري 2011", date(2011, 2, 20)),
        ("9 أفريل 2012", date(2012, 4, 9)),
        ("2 ماي 2012", date(2012, 5, 2)),
        ("5 جوان 2012", date(2012, 6, 5)),
        ("25 جويلية 2013", date(2013, 7, 25)),
        ("13 أوت 2013", date(2013, 8, 13)),
        ("20 غشت 2013", date(2013, 8, 20)),
        ("6 من ديسمبر 2024", date(2024, 12, 6)),
        ("Fri, 6 Dec 2024 23:59:00 -0800", date(2024, 12, 6)),
        ("2024-12-06T00:10:00+03:00", date(2024, 12, 6)),
        ("31 شباط 2024", None),
        ("06 ديسمبر", None),
        ("106 ديسمبر 2024", None),
        ("قبل ساعتين", None),
        ("2024-13-45", None),
        ("", None),
    ],
)
def test_a_date_in_arabic_months_of_any_country_is_read(written, day):
    assert day_written(written) == day


def test_a_feed_with_arabic_dates_has_them():
    item = (
        "<item><title>خبر</title><link>https://e.example/1</link><pubDate>الجمعة، 06 كانون الأول 2024</pubDate></item>"
    )
    assert entries_of(rss(item), "")[0].published == date(2024, 12, 6)


# --- what is no feed ---

PAGE = "<!DOCTYPE html><html><head><title>ص</title>{}</head><body><article>خبر</article></body></html>"


@pytest.mark.parametrize("start", ["", "<!-- <rss> --> ", '<?xml version="1.0"?>\n', "\ufeff  "])
def test_a_web_page_is_called_one(start):
    with pytest.raises(UnreadableError, match=r"https://p\.example/n is a web page, not a feed") as caught:
        entries_of((start + PAGE.format("")).encode(), "https://p.example/n")
    assert "marsad add URL" in caught.value.remedy


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_web_page_that_names_its_feed_is_quoted(kind):
    links = f"""<link rel="stylesheet" href="/s.css"><link rel='alternate' type="text/html" hreflang=en href="/en">
    <LINK href="/news/{kind}.xml?a=1&amp;b=2" type="application/{kind}+xml" rel="alternate">
    <link rel="alternate" type="application/rss+xml" href="/comments">"""
    with pytest.raises(UnreadableError) as caught:
        entries_of(PAGE.format(links).encode(), "https://p.example/n/")
    assert f"https://p.example/news/{kind}.xml?a=1&b=2" in caught.value.remedy


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", "XML, but neither RSS nor Atom"),
        (b'{"items": []}', "neither RSS nor Atom"),
        ("نص عادي بلا وسوم".encode(), "neither RSS nor Atom"),
        (b"<rss", "neither RSS nor Atom|none that can be read"),
        (b"<feed><a></b>", "none that can be read"),
        (b"<rss>" + bytes(MAX_FEED), "larger than any feed"),
    ],
)
def test_what_is_neither_says_what_it_is_and_where(data, reason):
    with pytest.raises(UnreadableError, match=reason) as caught:
        entries_of(data, "https://p.example/rss")
    assert "https://p.example/rss" in caught.value.reason
    assert caught.value.remedy


def test_a_feed_that_breaks_off_gives_what_came_and_says_where():
    broken = RSS[: RSS.index("خبر بلا")].encode()
    feed = read_feed(broken, "")
    assert [entry.id for entry in feed.entries][:1] == ["tag:paper.example,2024:1"]
    assert feed.flaw
    assert "line" in feed.flaw
    assert read_feed(RSS.encode(), "").flaw is None


def test_the_bytes_are_never_taken_for_the_name_of_a_file_or_an_address(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = '<rss version="2.0">'
    Path(name).write_text(ATOM, "utf-8")
    with pytest.raises(UnreadableError):
        entries_of(name.encode(), "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "entities",
    [
        "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "لا" * 10}">' for n in range(10)),
        f'<!ENTITY e9 "{"x" * 100_000}">',
        '<!ENTITY e9 SYSTEM "file:///etc/passwd">',
    ],
    ids=["laughs", "quadratic", "external"],
)
def test_entities_that_unfold_do_no_harm(entities, encoding):
    item = f"<item><title>{'&e9;' * 1000}</title></item>"
    bomb = f"<?xml version='1.0'?><!DOCTYPE rss [{entities}]><rss version='2.0'><channel>{item}</channel></rss>"
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableError, match="entities"):
            entries_of(bomb.encode(encoding), "https://p.example/rss")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_no_document_that_a_feed_names_is_fetched():
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        text = f'<?xml-stylesheet href="{base}/s"?><!DOCTYPE rss SYSTEM "{base}/dtd">' + RSS.partition("?>")[2]
        entries = entries_of(text.encode(), f"{base}/rss")
        server.shutdown()
    assert len(entries) == 2
    assert asked == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RSS.encode(), True),
        (ATOM.encode("utf-16"), True),
        (b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">', True),
        (PAGE.format("").encode(), False),
        (b"<html><body><pre>&lt;rss></pre> <rss>", False),
        (b"%PDF-1.7", False),
        (b"", False),
    ],
)
def test_a_feed_is_known_by_how_it_begins(data, expected):
    assert is_feed(data) is expected


def test_the_text_of_a_piece_of_html_keeps_its_lines_and_drops_what_nobody_sees():
    html = "<p>دخل الرتل</p><style>p{}</style><div>ثم\n خرج&nbsp;&amp; عاد<br>مساءً</div><script>x</script>"
    assert text_of(html) == "دخل الرتل\nثم خرج & عاد\nمساءً"
