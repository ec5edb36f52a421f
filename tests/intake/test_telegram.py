"""Exports of Telegram's desktop client: a report a message, a failure for each broken one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from marsad.intake import Failure, take_in
from marsad.model import Arrival

TEXT = "قصفت الطائرات أطراف بلدة كفر نبودة صباح اليوم"
NOW = datetime(2024, 12, 8, tzinfo=UTC)
GOOD = {"id": 7, "type": "message", "date": "2024-12-07T10:00:00", "from": "شبكة", "text": TEXT}


def chat_of(*messages: object, name: str = "شبكة الريف", id: int = 1234) -> dict[str, object]:
    return {"name": name, "type": "public_channel", "id": id, "messages": list(messages)}


@pytest.fixture
def taken(write):
    def taken(export: object, indent: int | None = 1) -> list[Arrival | Failure]:
        file = write("result.json", json.dumps(export, ensure_ascii=False, indent=indent))
        return list(take_in([file], now=lambda: NOW))

    return taken


@pytest.mark.parametrize("indent", [1, None])
def test_a_message_is_a_report_of_its_chat(taken, indent):
    [item] = taken(chat_of(GOOD), indent)
    report = item.report
    assert (report.id, report.text, report.outlet) == ("telegram/1234/7", TEXT, "شبكة الريف")
    assert (report.published, report.url, report.title) == (date(2024, 12, 7), None, None)
    assert (item.row, item.lead, item.capture.kind, item.capture.original) == (1, False, "telegram", None)


def test_parts_of_a_text_are_joined_as_shown(taken):
    parts = ["عاجل: ", {"type": "bold", "text": "قصف"}, " على البلدة\n", {"type": "hashtag", "text": "#إدلب"}]
    [item] = taken(chat_of({**GOOD, "text": parts}))
    assert item.report.text == "عاجل: قصف على البلدة\n#إدلب"


def test_the_day_is_that_of_utc_where_the_seconds_are_known(taken):
    late = {**GOOD, "date": "2024-12-07T01:30:00", "date_unixtime": "1733524200"}  # 22:30 the evening before
    [item] = taken(chat_of(late))
    assert item.report.published == date(2024, 12, 6)


def test_whom_a_message_forwards_is_kept_beside_the_text(taken):
    [item] = taken(chat_of({**GOOD, "forwarded_from": "مراسل الجبهة"}))
    assert (item.report.outlet, item.report.title) == ("شبكة الريف", "forwarded from مراسل الجبهة")
    assert item.report.text == TEXT


def test_service_messages_and_bare_pictures_hold_no_report(taken):
    service = {"id": 1, "type": "service", "date": "2024-12-01T10:00:00", "action": "pin_message", "text": ""}
    picture = {**GOOD, "id": 2, "text": "", "photo": "photos/1.jpg"}
    caption = {**GOOD, "id": 3, "photo": "photos/2.jpg"}
    [item] = taken(chat_of(service, picture, caption))
    assert (item.report.id, item.row) == ("telegram/1234/3", 3)


def test_every_chat_of_an_account_is_read_and_keeps_its_name(taken):
    first, second, left = (chat_of(GOOD, name=name, id=n) for n, name in enumerate(("ألف", "باء", "جيم")))
    account = {
        "about": "…",
        "contacts": {"list": []},
        "chats": {"list": [first, second]},
        "left_chats": {"list": [left]},
    }
    items = taken(account)
    assert [(i.report.id, i.report.outlet, i.row) for i in items] == [
        ("telegram/0/7", "ألف", 1),
        ("telegram/1/7", "باء", 2),
        ("telegram/2/7", "جيم", 3),
    ]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("نص", "it is not a message"),
        ({**GOOD, "id": 8, "date": None}, "message 8: it has no date"),
        ({**GOOD, "id": 8, "date": "أمس"}, "message 8: the date of publication 'أمس' is no date"),
        ({**GOOD, "id": 8, "date_unixtime": "soon"}, "message 8: its date 'soon' is none"),
        ({**GOOD, "id": 8, "date_unixtime": "9" * 30}, "message 8: its date '999"),
        ({**GOOD, "id": 8, "date": "2031-01-01T00:00:00"}, "message 8: the date of publication 2031-01-01 lies in"),
        ({**GOOD, "id": 8, "text": 5}, "message 8: it has a text that is int"),
        ({**GOOD, "id": 8, "text": [TEXT, {"type": "bold"}]}, "message 8: a part of its text is no string"),
        ({"id": 8, "type": "message", "date": "2024-12-07T10:00:00"}, "message 8: it has no text"),
        ({**GOOD, "id": 8, "text": "breaking news"}, "message 8: its text has no Arabic letter"),
    ],
)
def test_a_broken_message_is_a_failure_with_number_row_and_remedy_and_the_next_is_read(taken, broken, reason):
    good, bad, after = taken(chat_of(GOOD, broken, {**GOOD, "id": 9}))
    assert (good.report.id, after.report.id) == ("telegram/1234/7", "telegram/1234/9")
    assert bad.row == 2 and bad.reason.startswith(reason) and bad.remedy


def test_an_export_without_words_and_a_chat_without_messages_say_so(taken):
    [item] = taken(chat_of({**GOOD, "text": ""}))
    assert "no message has a text" in item.reason
    bad, good = taken({"chats": {"list": ["؟", chat_of(GOOD)]}})
    assert isinstance(bad, Failure) and good.report.text == TEXT


def test_a_record_with_a_text_is_no_export_whatever_else_it_has(taken):
    [item] = taken({"id": "a", "text": TEXT, "type": "x", "messages": []})
    assert item.capture.kind in ("json", "jsonl") and item.report.id == "a"
