"""Reports and claims built by hand, and one fixed day."""

from __future__ import annotations

from datetime import date

from marsad.model import Claim, Party, PlaceRef, Report, Site, Span, Unread, claim_id
from marsad.reading_result import Reading

DAY = date(2018, 7, 6)
TEXT = "سيطرت قوات النظام على معبر نصيب يوم أمس، ونفى قائد محلي انسحاب الفصائل من بلدة الطيبة."


def report(text: str = TEXT, id: str = "r1", **fields: object) -> Report:
    return Report(id=id, text=text, **{"outlet": "مرصد الجنوب", "published": DAY, **fields})


def span_of(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def party(words: str, id: str | None = None, text: str = TEXT) -> Party:
    return Party(words, id, span_of(text, words))


def place(words: str, name: str, text: str = TEXT, **fields: object) -> PlaceRef:
    given = {"admin1": "Daraa", "country": "SY", "lat": 32.5, "lon": 36.2, "role": "at", **fields}
    return PlaceRef(text=words, name=name, span=span_of(text, words), **given)


def claim(type: str, trigger: str, evidence: str, text: str = TEXT, report_id: str = "r1", **fields: object) -> Claim:
    at = span_of(text, trigger)
    return Claim(
        type, trigger, at, evidence, span_of(text, evidence), id=claim_id(report_id, at, type), reader="test", **fields
    )


def takeover(**fields: object) -> Claim:
    given = {
        "actors": (party("قوات النظام", "assad-gov"),),
        "places": (place("معبر نصيب", "Nassib crossing"),),
        "sites": (Site("معبر نصيب", "crossing", span_of(TEXT, "معبر نصيب")),),
        "date": "2018-07-05",
        "certainty": 0.8,
        "why": ("trigger takeover/saytara fired on سيطرت",),
        **fields,
    }
    return claim("takeover", "سيطرت", "سيطرت قوات النظام على معبر نصيب يوم أمس", **given)


def withdrawal(**fields: object) -> Claim:
    given = {
        "status": "denied",
        "actors": (party("الفصائل", "opposition"),),
        "places": (place("بلدة الطيبة", "At Taybah", role="from"),),
        "sources": ("قائد محلي",),
        **fields,
    }
    return claim("withdrawal", "انسحاب", "انسحاب الفصائل من بلدة الطيبة", **given)


def reading(**fields: object) -> Reading:
    unread = [Unread(Span(0, 5), "no trigger")]
    return Reading(report(**fields), [takeover(), withdrawal()], unread)


class FakeReader:
    """Reads the same two claims in every text that holds their words, and nothing in others."""

    def __init__(self, theatre: str | None = "sy", outlet: str | None = None) -> None:
        self.outlet = outlet

    def read(self, report: Report) -> Reading:
        return Reading(report, [takeover(), withdrawal()] if TEXT in report.text else [], [])
