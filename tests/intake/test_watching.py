"""Sources that are asked again and again: what is new once, what fails seldom, and never one for the other."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from marsad.errors import UsageError
from marsad.intake.addresses import FetchError
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.fetching import Fetched, NotModified
from marsad.intake.watching import (
    MIN_SUMMARY,
    Pace,
    PollState,
    WatchedSource,
    load_sources,
    poll,
    waiting_time,
    watch,
)
from marsad.model import Arrival, Capture, Report

NOW = datetime(2024, 12, 8, 6, 0, tzinfo=UTC)
FEED = "https://paper.example/rss"
LONG = "انسحبت المجموعة من الحاجز الغربي بعد اتصالات مع الوجهاء. " * 5
SHORT = "موجز قصير"
SOURCE = WatchedSource("الوادي", FEED, theatre="sy")


class Memory:
    """Remembers as long as the test runs."""

    def __init__(self) -> None:
        self.states: dict[str, PollState] = {}
        self.keys: set[tuple[str, str]] = set()

    def state(self, name: str) -> PollState:
        return self.states.get(name, PollState())

    def remember(self, name: str, state: PollState) -> None:
        self.states[name] = state

    def seen(self, name: str, key: str) -> bool:
        return (name, key) in self.keys

    def mark(self, name: str, key: str) -> None:
        self.keys.add((name, key))


@dataclass
class Web:
    """Addresses and what each gives: bytes, an error, or bytes under an ETag; keeps what it was asked."""

    pages: dict[str, Any] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, url: str, /, *, etag: str | None = None, **said: Any) -> Fetched | NotModified:
        self.asked.append(url)
        self.said.append(said)
        page = self.pages.get(url, FetchError("the server answers 404", "check the address"))
        if isinstance(page, Exception):
            raise page
        if etag and etag == self.etags.get(url):
            return NotModified(url, url, NOW)
        headers = (("ETag", self.etags[url]),) if url in self.etags else ()
        return Fetched(page, url, url, 200, headers, NOW)


def texts_of(
    data: bytes,
    address: str,
    /,
    *,
    headers: Sequence[tuple[str, str]] = (),
    captured_at: datetime,
    defaults: Any,
    published: date | None = None,
    title: str | None = None,
    outlet: str | None = None,
) -> Iterator[Arrival | Failure]:
    """Each line one report; `!` a line that cannot be read, `!!` a mistake of ours."""
    capture = Capture(address, "text", "0" * 64, len(data), captured_at, data, tuple(headers))
    for row, line in enumerate(data.decode().splitlines(), start=1):
        if line == "!!":
            raise RuntimeError("boom")
        if line == "!":
            yield Failure(address, row, "no text", "write one")
        else:
            report = Report("x", line, title, outlet, published, f"{address}#{row}", defaults.theatre)
            yield Arrival(report, capture, row)


def item(n: int, summary: str = SHORT, link: str | None = None) -> str:
    where = f"https://paper.example/{n}" if link is None else link
    return (
        f"<item><title>عنوان {n}</title><link>{where}</link><guid isPermaLink='false'>n{n}</guid>"
        f"<pubDate>الجمعة، 06 ديسمبر 2024</pubDate><description>{summary}</description></item>"
    )


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>صحيفة الوادي</title>{''.join(items)}</channel></rss>".encode()


def still(seconds: float) -> None:
    """Wait for nothing."""


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def web() -> Web:
    pages = {f"https://paper.example/{n}": f"نص {n}".encode() for n in range(1, 10)}
    return Web({FEED: rss(item(1), item(2)), **pages})


@pytest.fixture
def ask(web, memory) -> Callable[..., list[Arrival | Failure]]:
    def ask(source: WatchedSource = SOURCE, at: datetime = NOW) -> list[Arrival | Failure]:
        return list(poll(source, memory, web, texts_of, lambda: at, Pace(sleep=still)))

    return ask


def told(items: Sequence[Arrival | Failure]) -> list[str]:
    return [i.report.text if isinstance(i, Arrival) else f"! {i.reason}" for i in items]


# --- feeds ---


def test_each_entry_gives_its_article_once(ask, web):
    assert told(ask()) == ["نص 1", "نص 2"]
    web.pages[FEED] = rss(item(3), item(1), item(2))
    assert told(ask()) == ["نص 3"]
    assert web.asked.count("https://paper.example/1") == 1


def test_the_feed_says_what_the_article_does_not(ask):
    [first, _] = ask()
    report = first.report
    assert (report.title, report.published, report.outlet) == ("عنوان 1", date(2024, 12, 6), "صحيفة الوادي")
    assert report.theatre == "sy"
    [named, _] = ask(replace(SOURCE, name="b", outlet="الوادي اليوم"))
    assert named.report.outlet == "الوادي اليوم"


def test_an_entry_with_a_new_id_or_a_new_address_is_not_fetched_again(ask, web):
    ask()
    web.pages[FEED] = rss(item(1).replace("n1<", "n1-again<"), item(2, link="https://paper.example/2?from=rss"))
    assert ask() == []


def test_what_did_not_change_is_not_read(ask, web, memory):
    web.etags[FEED] = '"7"'
    ask()
    assert memory.state(SOURCE.name).etag == '"7"'
    web.asked.clear()
    assert ask(at=NOW + timedelta(hours=1)) == []
    assert web.asked == [FEED]
    assert memory.state(SOURCE.name) == PollState('"7"', None, NOW + timedelta(hours=1, minutes=15))


def test_one_bad_article_does_not_stop_the_others(ask, web):
    web.pages["https://paper.example/1"] = UnreadableError("it is a picture", "write its text out")
    assert told(ask()) == ["! it is a picture", "نص 2"]


@pytest.mark.parametrize("line", ["!!", "!"])
def test_an_article_that_cannot_be_read_does_not_stop_the_others(ask, web, line):
    web.pages["https://paper.example/1"] = line.encode()
    failure, second = ask()
    assert isinstance(failure, Failure)
    assert failure.where == "https://paper.example/1"
    assert second.report.text == "نص 2"


@pytest.mark.parametrize("page", [FetchError("the server answers 403", "use a browser"), b"!"], ids=["refused", "bare"])
def test_the_summary_stands_for_an_article_that_does_not_come_if_it_is_long_enough(ask, web, page):
    web.pages[FEED] = rss(item(1, f"&lt;p&gt;{LONG}&lt;/p&gt;&lt;p&gt;ثم عادت.&lt;/p&gt;"))
    web.pages["https://paper.example/1"] = page
    [arrival] = ask()
    assert arrival.report.text == f"{LONG.strip()}\nثم عادت."
    assert (arrival.report.url, arrival.report.title) == ("https://paper.example/1", "عنوان 1")
    assert (arrival.report.published, arrival.report.theatre) == (date(2024, 12, 6), "sy")
    assert arrival.capture.kind == "feed-entry"
    assert arrival.capture.original.decode().startswith("<p>")
    assert ask() == []


@pytest.mark.parametrize(("letters", "is_report"), [(MIN_SUMMARY, True), (MIN_SUMMARY - 1, False)])
def test_a_summary_of_200_characters_without_its_tags_is_a_report(ask, web, letters, is_report):
    web.pages[FEED] = rss(item(8, "&lt;b&gt;" + "ب" * letters + "&lt;/b&gt;"))
    web.pages["https://paper.example/8"] = UnreadableError("no", "none")
    [got] = ask()
    assert isinstance(got, Arrival) is is_report


def test_an_address_that_many_entries_share_is_taken_for_none_of_them(ask, web):
    web.pages[FEED] = rss(item(1, LONG, link="https://paper.example/"), item(2, SHORT, link="https://paper.example/"))
    first, second = ask()
    assert first.report.text == LONG.strip()
    assert "no address of its own" in second.reason
    assert web.asked == [FEED]
    assert ask() == []


def test_an_article_whose_server_is_down_is_asked_for_in_three_rounds(ask, web, memory):
    web.etags[FEED] = '"7"'
    web.pages["https://paper.example/1"] = FetchError("it does not answer", "try later", temporary=True)
    assert told(ask()) == ["! it does not answer", "نص 2"]
    # Kept, the mark would make the server say "not modified", and the article would be lost.
    assert memory.state(SOURCE.name).etag is None
    assert told(ask()) == ["! it does not answer"]
    assert told(ask()) == ["! it does not answer"]
    assert memory.state(SOURCE.name).etag == '"7"'
    assert ask() == []


def test_an_article_that_comes_in_the_second_round_is_taken(ask, web):
    web.pages["https://paper.example/1"] = FetchError("it does not answer", "try later", temporary=True)
    ask()
    web.pages["https://paper.example/1"] = "نص 1".encode()
    assert told(ask()) == ["نص 1"]


def test_a_host_that_asks_to_be_left_alone_is_left_alone_until_then(ask, web, memory):
    later = NOW + timedelta(hours=2)
    busy = FetchError("the server answers 429", "ask more seldom", temporary=True, retry_at=later)
    web.pages[FEED] = rss(item(1), item(2), item(3, link="https://other.example/3"))
    web.pages["https://other.example/3"] = "نص 3".encode()
    web.pages["https://paper.example/1"] = busy
    assert told(ask()) == ["! the server answers 429", "نص 3"]
    assert web.asked == [FEED, "https://paper.example/1", "https://other.example/3"]
    assert memory.state(SOURCE.name).due == later
    web.pages["https://paper.example/1"] = "نص 1".encode()
    assert told(ask(at=later)) == ["نص 1", "نص 2"]


def test_who_stops_in_the_middle_gets_the_rest_and_what_was_in_hand_again(web, memory, ask):
    taken = poll(SOURCE, memory, web, texts_of, lambda: NOW, Pace(sleep=still))
    assert next(taken).report.text == "نص 1"
    taken.close()
    assert told(ask()) == ["نص 1", "نص 2"]


def test_a_feed_that_breaks_off_gives_what_came_and_says_so_once(ask, web):
    web.pages[FEED] = rss(item(1), item(2))[:-40]
    items = ask()
    assert "broken XML" in items[0].reason
    assert told(items)[1] == "نص 1"
    assert ask() == []


def test_a_feed_that_is_a_page_is_a_failure_with_the_remedy(ask, web, memory):
    web.pages[FEED] = b"<!DOCTYPE html><html><head></head></html>"
    [failure] = ask(replace(SOURCE, kind="feed"))
    assert "is a web page, not a feed" in failure.reason
    assert memory.state(SOURCE.name).failures == 1


# --- whom one trusts ---


def test_a_private_source_is_trusted_but_not_what_it_links_to(ask, web):
    url = "http://192.168.1.5:1200/rss"
    web.pages |= {url: rss(item(1), item(2, link="http://192.168.1.5:1200/2")), "http://192.168.1.5:1200/2": b"x"}
    ask(replace(SOURCE, url=url, allow_private=True))
    assert web.said[0]["allow_private"] is True
    assert all(not said.get("allow_private") for said in web.said[1:])
    assert all(said["allowed_hosts"] == ("192.168.1.5:1200",) for said in web.said[1:])


def test_a_public_source_lets_nothing_private_be_asked(ask, web):
    ask()
    assert web.said[0]["allow_private"] is False
    assert all(said["allowed_hosts"] == () and not said.get("allow_private") for said in web.said[1:])


# --- pages ---


@pytest.mark.parametrize("kind", [None, "page", "telegram-preview"])
def test_a_page_gives_what_is_new_or_changed_on_it(ask, web, kind):
    source = WatchedSource("قناة", "https://t.example/s/c", kind)
    web.pages[source.url] = "رسالة أولى\n!\nرسالة ثانية".encode()
    assert told(ask(source)) == ["رسالة أولى", "! no text", "رسالة ثانية"]
    web.pages[source.url] = "رسالة أولى\n!\nرسالة ثانية معدلة\nثالثة".encode()
    assert told(ask(source)) == ["رسالة ثانية معدلة", "ثالثة"]


# --- pace and waiting ---


def test_a_host_is_asked_at_most_once_a_second_and_others_meanwhile(web, memory):
    clock, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        clock[0] += seconds

    web.pages[FEED] = rss(item(1), item(2, link="https://other.example/2"), item(3))
    web.pages["https://other.example/2"] = b"x"
    list(poll(SOURCE, memory, web, texts_of, lambda: NOW, Pace(1.0, sleep, lambda: clock[0])))
    assert slept == [1.0, 1.0]


def test_who_fails_is_asked_ever_more_seldom_up_to_a_day_until_it_works(ask, web, memory):
    feed = web.pages[FEED]
    web.pages[FEED] = FetchError("it does not answer", "try later", temporary=True)
    waits = []
    for _ in range(9):
        ask()
        waits.append(memory.state(SOURCE.name).due - NOW)
    for n, wait in enumerate(waits[:6], start=1):
        assert SOURCE.every * 2**n <= wait <= SOURCE.every * 2**n * 1.1
    assert timedelta(hours=21) < waits[-1] <= timedelta(hours=24)
    assert memory.state(SOURCE.name).failures == 9
    assert "does not answer" in memory.state(SOURCE.name).last_error
    web.pages[FEED] = feed
    ask()
    assert memory.state(SOURCE.name) == PollState(due=NOW + SOURCE.every)


def test_sources_that_fail_together_do_not_come_back_together():
    waits = {waiting_time(replace(SOURCE, name=name), 3) for name in "abcdefgh"}
    assert len(waits) == 8
    assert waiting_time(SOURCE, 3) == waiting_time(SOURCE, 3)


def test_a_source_that_is_asked_seldom_is_not_asked_more_often_for_failing():
    assert waiting_time(replace(SOURCE, every=timedelta(days=7)), 2) == timedelta(days=7)


@pytest.mark.parametrize(("hours", "expected"), [(5, 5), (24 * 365, 24)])
def test_a_server_that_says_when_is_asked_then_but_after_a_day_in_any_case(ask, web, memory, hours, expected):
    at = NOW + timedelta(hours=hours)
    web.pages[FEED] = FetchError("the server answers 503", "later", temporary=True, retry_at=at)
    ask()
    assert memory.state(SOURCE.name).due == NOW + timedelta(hours=expected)


# --- the watch ---


def test_a_bad_source_beside_a_good_one_is_its_own_failure(web, memory):
    bad, wrong, good = (WatchedSource(n, f"https://{n}.example/") for n in ("bad", "wrong", "good"))
    web.pages |= {bad.url: FetchError("gone", "look elsewhere"), wrong.url: b"!!", good.url: "نص".encode()}
    got = list(watch([bad, wrong, good], memory, True, fetch=web, arrivals=texts_of, now=lambda: NOW, sleep=still))
    assert [source.name for source, _ in got] == ["bad", "wrong", "good"]
    assert got[0][1] == Failure(bad.url, None, "gone", "look elsewhere")
    assert "RuntimeError: boom" in got[1][1].reason
    assert got[2][1].report.text == "نص"
    assert [memory.state(s.name).failures for s in (bad, wrong, good)] == [1, 1, 0]


def test_once_asks_only_whom_it_is_time_to_ask(web, memory):
    early, due = replace(SOURCE, name="early"), replace(SOURCE, name="due")
    memory.remember("early", PollState(due=NOW + timedelta(seconds=1)))
    memory.remember("due", PollState(due=NOW))
    got = watch([early, due], memory, True, fetch=web, arrivals=texts_of, now=lambda: NOW, sleep=still)
    assert {source.name for source, _ in got} == {"due"}


def test_the_watch_sleeps_until_the_next_is_due_and_an_interrupt_ends_it(web, memory):
    clock, slept = [NOW], []
    often = WatchedSource("often", "https://often.example/", every=timedelta(minutes=10))
    seldom = WatchedSource("seldom", "https://seldom.example/", every=timedelta(minutes=25))
    web.pages |= {often.url: "خبر".encode(), seldom.url: "خبر".encode()}

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += timedelta(seconds=seconds)
        if len(slept) == 4:
            raise KeyboardInterrupt

    got = list(watch([often, seldom], memory, fetch=web, arrivals=texts_of, now=lambda: clock[0], sleep=sleep))
    assert slept == [600, 600, 300, 300]
    assert web.asked == [often.url, seldom.url, often.url, often.url, seldom.url]
    assert len(got) == 2  # the same text is new once


def test_an_interrupt_in_the_middle_of_a_request_ends_the_watch(memory):
    def interrupted(url: str, /, **said: Any) -> Fetched:
        raise KeyboardInterrupt

    assert list(watch([SOURCE], memory, fetch=interrupted, arrivals=texts_of, sleep=still)) == []


# --- all of it ---


def test_a_feed_on_a_real_server_gives_reports_with_what_was_sent(memory):
    text = "أعلن المجلس المحلي في البلدة عودة مئة عائلة إلى بيوتها بعد إزالة الألغام من الطريق الشرقي. " * 3
    page = f"<!DOCTYPE html><html><head><title>ص</title></head><body><article><p>{text}</p></article></body></html>"
    asked: list[tuple[str, str | None]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["If-None-Match"]))
            same = self.path == "/rss" and self.headers["If-None-Match"] == '"1"'
            body = b"" if same else rss(item(1, link="/1")) if self.path == "/rss" else page.encode()
            self.send_response(304 if same else 200)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        source = WatchedSource("الوادي", f"{base}/rss", every=timedelta(minutes=1), allow_private=True)
        [(_, got)] = watch([source], memory, once=True, sleep=still)
        memory.remember(source.name, replace(memory.state(source.name), due=NOW))
        assert list(watch([source], memory, once=True, sleep=still)) == []
        server.shutdown()
    assert asked == [("/rss", None), ("/1", None), ("/rss", '"1"')]
    assert text.strip() in got.report.text
    assert (got.report.url, got.report.published) == (f"{base}/1", date(2024, 12, 6))
    assert got.capture.original == page.encode()
    assert ("ETag", '"1"') in got.capture.headers


# --- the list ---


def test_a_list_of_sources_is_read_with_what_holds_where_nothing_is_said(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text(
        """
        [[source]]
        name = "قناة الساحل"
        url = "https://t.me/s/sahel"
        kind = "telegram-preview"
        every = "2h"
        outlet = "الساحل"
        theatre = "sy"
        allow_private = true

        [[source]]
        url = "https://paper.example/rss"
        """,
        "utf-8",
    )
    assert load_sources(path) == [
        WatchedSource(
            "قناة الساحل", "https://t.me/s/sahel", "telegram-preview", timedelta(hours=2), "الساحل", "sy", True
        ),
        WatchedSource(FEED, FEED, None, timedelta(minutes=15), None, None, False),
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('[[source]]\nurl = "https://e.example/"\nevry = "1h"', "source 1: unknown key 'evry'; write every"),
        ('[[source]]\nname = "ن"', r"source 1 \(ن\): it has no url; write url ="),
        ('[[source]]\nurl = ""', "url is ''"),
        ('[[source]]\nurl = "e.example"', "no address on the web"),
        ('[[source]]\nurl = "file:///etc/passwd"', "no address on the web"),
        ('[[source]]\nurl = "https://e.example/"\n' * 2, "2 sources are named 'https://e.example/'"),
        ('[[source]]\nurl = "https://e.example/"\nevery = "often"', "every is 'often'; write a time from 1m"),
        ('[[source]]\nurl = "https://e.example/"\nevery = "5s"', "every is '5s'"),
        ('[[source]]\nurl = "https://e.example/"\nevery = "0h"', "every is '0h'"),
        ('[[source]]\nurl = "https://e.example/"\nevery = 15', "every is 15; write text in"),
        ('[[source]]\nurl = "https://e.example/"\nkind = "rss"', "no kind 'rss'; write one of feed, page"),
        ('[[source]]\nurl = "https://e.example/"\nallow_private = "yes"', "write true or false"),
        ('[[source]]\nurl = "https://t.me/c"\nkind = "telegram-preview"', "write https://t.me/s/NAME"),
        ('[[sources]]\nurl = "https://e.example/"', "unknown key 'sources'; write each source under"),
        ('source = ["https://e.example/"]', "it is no table"),
        ("", "it names no source"),
        ("[[source]\n", "it is no TOML"),
    ],
)
def test_a_list_with_a_mistake_names_the_file_the_entry_and_the_remedy(tmp_path, written, message):
    path = tmp_path / "sources.toml"
    path.write_text(written, "utf-8")
    with pytest.raises(UsageError, match=message) as caught:
        load_sources(path)
    assert str(path) in str(caught.value)


def test_a_list_that_is_not_there_is_a_mistake_of_the_question(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        load_sources(tmp_path / "none.toml")
