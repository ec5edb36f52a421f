"""Saved previews of public Telegram channels: a report a message, with its own address."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.metadata import version

import pytest

from marsad.intake import Failure, arrivals_of, take_in
from marsad.intake.records import Defaults

TEXT = "دخلت وحدات الجيش قرية العامرية من المحور الغربي"
NOW = datetime(2024, 12, 8, tzinfo=UTC)
TIME = '<a class="tgme_widget_message_date"><time datetime="{}">10:00</time></a>'


def message(number: int, inner: str, time: str = "2024-12-07T22:30:00+00:00") -> str:
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message" '
        f'data-post="rif_net/{number}">{inner}{TIME.format(time)}</div></div>'
    )


def words(inner: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{inner}</div>'


def page_of(*messages: str, title: str = "شبكة  الريف") -> str:
    head = '<meta property="og:title" content="من الشبكة">'
    shown = f'<div class="tgme_channel_info_header_title"><span dir="auto">{title}</span></div>' if title else ""
    return f"<!DOCTYPE html><html><head>{head}</head><body>{shown}<main>{''.join(messages)}</main></body></html>"


@pytest.fixture
def taken(write):
    return lambda page: list(take_in([write("channel.html", page)], now=lambda: NOW))


def test_each_message_is_a_report_with_address_day_and_channel(taken):
    page = page_of(message(12, words(TEXT)), message(13, words(TEXT + " مساء")))
    first, second = taken(page)
    report = first.report
    assert (report.id, report.url) == ("telegram/rif_net/12", "https://t.me/rif_net/12")
    assert (report.text, report.published, report.outlet) == (TEXT, date(2024, 12, 7), "شبكة الريف")
    assert (first.row, second.row, second.report.id) == (1, 2, "telegram/rif_net/13")
    assert first.capture is second.capture
    assert (first.capture.kind, first.capture.original) == ("telegram-page", page.encode())
    assert first.capture.tool.endswith(f", lxml {version('lxml')}")


def test_the_channel_is_named_by_the_page_where_its_header_is_not(taken):
    [item] = taken(page_of(message(1, words(TEXT)), title=""))
    assert item.report.outlet == "من الشبكة"


def test_the_text_is_as_shown_with_line_breaks_and_signs(taken):
    sign = '<i class="emoji"><b>🔴</b></i>'
    [item] = taken(page_of(message(1, words(f'{sign} عاجل<br>قصف على <a href="x">البلدة <b>القديمة</b></a> الآن'))))
    assert item.report.text == "🔴 عاجل\nقصف على البلدة القديمة الآن"


def test_what_a_message_answers_and_what_is_nested_is_not_read_twice(taken):
    reply = '<a class="tgme_widget_message_reply"><div class="tgme_widget_message_text">خبر قديم</div></a>'
    [item] = taken(page_of(message(1, reply + words(words(TEXT)))))
    assert item.report.text == TEXT


def test_whom_a_message_forwards_is_kept_beside_the_text(taken):
    source = '<div>Forwarded from <a class="tgme_widget_message_forwarded_from_name">مراسل <b>الجبهة</b></a></div>'
    [item] = taken(page_of(message(1, source + words(TEXT))))
    assert (item.report.title, item.report.outlet) == ("forwarded from مراسل الجبهة", "شبكة الريف")


def test_pictures_without_words_are_passed_over_and_broken_messages_told(taken):
    video = '<time class="message_video_duration">0:31</time>'
    page = page_of(
        message(1, video),
        message(2, words(TEXT), "أمس"),
        message(3, words(TEXT), ""),
        message(4, words("breaking")),
        message(5, video + words(TEXT)),
    )
    *failures, good = taken(page)
    assert [(f.row, f.reason) for f in failures] == [
        (2, "message rif_net/2: the date of publication 'أمس' is no date"),
        (3, "message rif_net/3: it has no date"),
        (4, "its text has no Arabic letter"),
    ]
    assert good.report.id == "telegram/rif_net/5"


def test_a_preview_without_words_is_a_failure(taken):
    [item] = taken(page_of(message(1, "")))
    assert isinstance(item, Failure) and "no message has a text" in item.reason


def test_a_preview_from_the_network_keeps_the_addresses_of_its_messages():
    page = page_of(message(12, words(TEXT))).encode()
    [item] = arrivals_of(page, "https://t.me/s/rif_net", captured_at=NOW, defaults=Defaults(), title="خلاصة")
    assert (item.report.url, item.report.title) == ("https://t.me/rif_net/12", None)
    assert item.capture.address == "https://t.me/s/rif_net"
