"""A small newsroom for tests: sentences of one form, a reader of only these, and how they come into a record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from marsad.adding import Added, Adding
from marsad.model import Arrival, Capture, Claim, Party, PlaceRef, Report, Site, Span, Unread, claim_id
from marsad.reading_result import Reading
from marsad.record.sight import Viewer
from marsad.record.store import Record
from marsad.record.view import View

_SENTENCE = re.compile(
    r"(?:قال (?P<source>[^.]+?) إن )?(?P<denied>ما )?(?P<trigger>سيطرت|قصفت|انسحبت) (?P<actor>قوات النظام|الفصائل)"
    r" (?:على |من )?(?P<place>داعل|نصيب|عندان|الطيبة)(?: عند (?P<site>معبر \w+))?(?: في (?P<day>\d{4}-\d\d-\d\d))?"
    r"(?: وقتل (?P<killed>\d+) مدنيين)?"
)
_TYPES = {"سيطرت": "takeover", "قصفت": "shelling", "انسحبت": "withdrawal"}
_ACTORS = {"قوات النظام": "assad-gov", "الفصائل": "opposition"}
# Rows of the gazetteer, so that names in a question find them.
_PLACES: dict[str, tuple[str, str, str, float, float]] = {
    "داعل": ("C6030", "Da'el", "Daraa Governorate", 32.7544, 36.1311),
    "نصيب": ("C5999", "Nasib", "Daraa Governorate", 32.5525, 36.1867),
    "الطيبة": ("C5992", "Tiba", "Daraa Governorate", 32.5637, 36.2435),
    "عندان": ("C1121", "Andan", "Aleppo Governorate", 36.2922, 37.0443),
}


class PlainReader:
    """Reads the sentences of the newsroom, at once and the same always; `drops` are types that it does not read."""

    def __init__(self, version: str = "plain 1", certainty: float = 0.8, drops: Iterable[str] = ()) -> None:
        self.version, self.certainty, self.drops = version, certainty, set(drops)
        self.read_ids: list[str] = []

    def read(self, report: Report) -> Reading:
        self.read_ids.append(report.id)
        found = [self._claim(report, match) for match in _SENTENCE.finditer(report.text)]
        kept = [claim for claim in found if claim.type not in self.drops]
        return Reading(report, kept, [] if kept else [Unread(Span(0, 1), "no trigger")])

    def _claim(self, report: Report, match: re.Match[str]) -> Claim:
        def span(name: str) -> Span:
            return Span(match.start(name), match.end(name))

        id, name, admin1, lat, lon = _PLACES[match["place"]]
        place = PlaceRef(match["place"], name, admin1, "SY", lat, lon, "at", span("place"), id, 3.0)
        type, day = _TYPES[match["trigger"]], match["day"] or (report.published and report.published.isoformat())
        return Claim(
            type, match["trigger"], span("trigger"), match[0], Span(*match.span()),
            status="denied" if match["denied"] else "happened",
            actors=(Party(match["actor"], _ACTORS[match["actor"]], span("actor")),), places=(place,), date=day,
            sites=(Site(match["site"], "crossing", span("site")),) if match["site"] else (),
            numbers={"killed": int(match["killed"])} if match["killed"] else {},
            sources=(match["source"],) if match["source"] else (),
            source_spans=(span("source"),) if match["source"] else (),
            certainty=self.certainty, id=claim_id(report.id, span("trigger"), type), reader=self.version,
            why=(f"trigger {match['trigger']}", *([] if match["day"] else ["day of publication"])),
        )  # fmt: skip


# What stands beside a sentence in each report, so that reports of one event are not copies of each other.
_ASIDES = (
    "وأضاف المراسل أن الأهالي أمضوا ليلتهم في الملاجئ بينما انقطعت الكهرباء عن الأحياء القديمة منذ مساء الأربعاء",
    "ونشرت صفحات محلية صوراً لواجهات محال تجارية متضررة وطالب أصحابها المجلس البلدي بتعويضات عاجلة قبل حلول الشتاء",
    "ويأتي ذلك بعد أسابيع من مفاوضات متعثرة رعتها لجنة من وجهاء المنطقة لم تعلن حتى اليوم أي نتيجة لعملها",
    "وكانت المدارس قد أغلقت أبوابها مبكراً خشية على سلامة التلاميذ فيما واصل المشفى الوحيد استقبال الحالات الطارئة",
    "ولم يصدر تعليق رسمي من أي جهة بينما تحدث تجار عن ارتفاع أسعار الخبز والمحروقات في الأسواق القريبة",
)


def said(
    what: str = "قصفت قوات النظام داعل في 2018-07-05",
    by: str = "",
    killed: int | None = None,
    beside: int | None = None,
) -> str:
    """Return a sentence that the newsroom's reader reads; `beside` puts one of five others after it."""
    told = f"قال {by} إن {what}" if by else what
    told = told if killed is None else f"{told} وقتل {killed} مدنيين"
    return told if beside is None else f"{told}. {_ASIDES[beside]}"


def made_id(text: str, url: str | None) -> str:
    """Return an id of the form that intake makes where an input brings none."""
    return hashlib.sha256(f"{url or ''}\x1f{text}".encode()).hexdigest()[:16]


def arrival(
    text: str, id: str | None = None, address: str = "wire.jsonl", row: int | None = None, **said: Any
) -> Arrival:
    """Return a report as it arrives; its capture is told by its text, in a table by the address alone."""
    day = said.pop("published", None)
    published = date.fromisoformat(day) if day else None
    data = (address if row is not None else text).encode()
    capture = Capture(
        address, "jsonl" if row is not None else "text", hashlib.sha256(data).hexdigest(), len(data),
        datetime(2018, 7, 9, tzinfo=UTC), data if row is None else None, tool="marsad test",
    )  # fmt: skip
    report = Report(id or made_id(text, said.get("url")), text, published=published, **said)
    return Arrival(report, capture, row)


def add(record: Record, *arrivals: Any, reader: Any = None, told: list[Any] | None = None) -> Added:
    """Add what arrives and fuse it."""
    adding = Adding(record, reader or PlainReader(), (told if told is not None else []).append)
    adding.add(arrivals)
    adding.fuse()
    return adding.done


def now_of(record: Record) -> int:
    """Return the instant of the last writing."""
    from sqlalchemy import func, select

    from marsad.record import schema

    with record.asking() as connection:
        return int(connection.execute(select(func.max(schema.act.c.recorded_at))).scalar() or 0)


def view(record: Record, role: str = "admin", known_by: int | None = None, **said: Any) -> View:
    return View(record, Viewer(role), known_by, **said)


def ids(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]
