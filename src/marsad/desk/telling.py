"""What the record says in its own short words, put into a person's language: why a claim waits, who disputes what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marsad.desk.naming import Candidate
from marsad.desk.words import words
from marsad.loading.framings import framings
from marsad.publish import labels
from marsad.publish.digest import tongue_of

Row = Mapping[str, Any]
# How the queue words its reasons (record/reviewing.py).
_WAITS = (
    (re.compile(r"certainty (\S+)"), "wait_certainty"),
    (re.compile(r"control at stake: .*"), "wait_control"),
    (re.compile(r"(\d+) contradictions? in incident .*"), "wait_contradictions"),
    (re.compile(r"told (\d+) times, by (\d+) independent sources?"), "wait_told"),
    (re.compile(r"a reviewer was unsure"), "wait_unsure"),
    (re.compile(r"held by (.*)"), "wait_held"),
    (re.compile(r"second review(.*)"), "wait_second"),
    (re.compile(r"ground moved: (.*)"), "wait_ground"),
)
# How the gazetteer words the parts of a score (grounding/gazetteer.py).
_FITS = (
    (re.compile(r"weight (\d+)"), "why_weight"),
    (re.compile(r"is (?!no ).*"), "why_is"),
    (re.compile(r"country (\S+)"), "why_country"),
    (re.compile(r"same governorate"), "why_same_governorate"),
    (re.compile(r"near another place of the report"), "why_near"),
    (re.compile(r"weak name"), "why_weak"),
)


def waits_because(reasons: Iterable[str], lang: str) -> list[str]:
    """Return why a claim waits; a reason that has no words in the language stays as the record words it."""
    return [_reworded(reason, _WAITS, lang) for reason in reasons]


def fits_because(candidate: Candidate, lang: str) -> str:
    """Return why a place is as likely as it is."""
    comma = "، " if lang == "ar" else ", "
    return comma.join(_reworded(part, _FITS, lang) for part in candidate.why)


def kind_of(candidate: Candidate, lang: str) -> str:
    """Return what kind of place it is."""
    return words()[lang].get(f"kind_{candidate.row.kind}", candidate.row.kind)


def _reworded(said: str, forms: Iterable[tuple[re.Pattern[str], str]], lang: str) -> str:
    for form, key in forms:
        if match := form.fullmatch(said):
            return words()[lang][key].format(*match.groups()).strip()
    return said


def disputes(rows: Iterable[Row], lang: str) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Yield for each contradiction of an incident what it is about, and each side's word with its sources."""
    for row in rows:
        sides = [(_side(row, side["value"], lang), side["sources"]) for side in row["values"]]
        yield words()[lang].get(f"dispute_{row['kind']}", row["kind"]), sides


def _side(row: Row, value: Any, lang: str) -> str:
    at = lang != "ar"
    kind = row["kind"]
    if kind == "denied":
        return words()[lang][f"said_{value}"]
    if kind == "count":
        return counted(row["field"].partition(".")[2], value, lang)
    if kind == "who":
        return ("، " if lang == "ar" else ", ").join(labels.of_actor(id)[at] for id in value.split())
    if kind == "what":
        return labels.of_type(value)[at]
    return _manner(value, at) if kind == "how" else str(value)


def _manner(manner: str, at: bool) -> str:
    found = next((f for group in framings().values() for f in group if f.manner == manner), None)
    return manner if found is None else (found.en if at else found.ar)


def counted(key: str, value: Any, lang: str) -> str:
    """Return a count in words: more than 45 killed."""
    tongue = tongue_of(lang)
    if key not in tongue.prose.nouns:
        return f"{labels.NUMBERS.get(key, (key, key))[lang != 'ar']}: {value}"
    return tongue.counted(value, key).nom


def told_day(date: str | None) -> str:
    """Return a day, or the first and last of an interval."""
    return (date or "").replace("/", " – ")
