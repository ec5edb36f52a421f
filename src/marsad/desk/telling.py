"""What the record says in its own short words, put into a person's language: why a claim waits, who disputes what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marsad.desk.naming import Candidate
from marsad.desk.words import words
from marsad.loading.codebook import actors, types
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

# How fusion words its reasons (record/likeness.py, fusing.py, incidents.py), behind the points that each is worth.
_TELLS = tuple(
    (re.compile(form), key)
    for form, key in (
        (r"the first to tell it", "in_first"),
        (r"it is claimed again", "in_again"),
        (r"a reviewer took it out of another incident", "in_taken_out"),
        (r"what took it elsewhere was undone", "in_undone"),
        (r"the incident (\S+) is this one", "in_merged"),
        (r"both reports state the day", "in_days_stated"),
        (r"both at (.+)", "in_same_place"),
        (r"both (\w+)", "in_same_type"),
        (r"(\w+) and (\w+) can be words for one act", "in_types_alike"),
        (r"one kind of act in one place on one day", "in_one_kind"),
        (r"the same day", "in_same_day"),
        (r"a day that is only that of publication", "in_published"),
        (r"(\d+) days? apart", "in_days_apart"),
        (r"days that overlap", "in_days_overlap"),
        (r"one has no day", "in_no_day"),
        (r"one names no place", "in_no_place"),
        (r"(.+) and (.+), (\d+) km apart", "in_km_apart"),
        *((rf"one names no {role}", f"in_no_{role}") for role in ("actor", "target")),
        *((rf"the same {role}: (.+)", f"in_same_{role}") for role in ("actor", "target")),
        *((rf"{role}s who may be the same", f"in_kin_{role}") for role in ("actor", "target")),
        *((rf"{role}s in other words", f"in_words_{role}") for role in ("actor", "target")),
        *((rf"another {role}", f"in_other_{role}") for role in ("actor", "target")),
        (r"the same kind of site", "in_same_site"),
        (r"other sites", "in_other_site"),
        (r"one report repeats the other's words", "in_copies"),
        (r"told in one report", "in_one_report"),
        (r"(\d+%) of the telling words around both", "in_words_around"),
        (r"(\d+%) of the telling words of both reports", "in_words_reports"),
        (r"(\w+) (\S+) in both", "in_number_both"),
        (r"(\w+) (\S+) and (\S+)", "in_number_two"),
        (r"([^,]+), ([^,]+)", "in_places"),
    )
)
_POINTS = re.compile(r"[+-]\d+\.\d ")


def told_with_it(reason: str, lang: str) -> str:
    """Return why a claim is in an incident, with the points of the reason before it."""
    points = match[0] if (match := _POINTS.match(reason)) else ""
    return points + _reworded(reason.removeprefix(points), _TELLS, lang)


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
            return words()[lang][key].format(*(_called(each, lang) for each in match.groups())).strip()
    return said


def _called(named: str, lang: str) -> str:
    """Return what a type, a count or actors are called that the record names by their ids; other words as they are."""
    at = lang != "ar"
    if named in types():
        return labels.of_type(named)[at]
    if named in labels.NUMBERS:
        return labels.NUMBERS[named][at]
    ids = named.split(", ")
    return ("، " if lang == "ar" else ", ").join(labels.of_actor(id)[at] if id in actors() else id for id in ids)


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
