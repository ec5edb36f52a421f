"""A digest in words: by governorate and part, each sentence with the claims that it stands on; what changed in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from marsad.errors import UsageError
from marsad.publish.arabic import Arabic
from marsad.publish.english import English
from marsad.publish.phrasing import Tongue, plain
from marsad.publish.statements import Sentence, Teller

Row = Mapping[str, Any]
Reason = Callable[[str], tuple[str, str] | None]
_TONGUES: Mapping[str, Tongue] = {"ar": Arabic(), "en": English()}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section: its heading and its sentences."""

    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: a governorate, or what is new, corrected, withdrawn; `key` is the same in every digest."""

    heading: str
    parts: tuple[Part, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A digest in one language, as it is written in any form: title, sections, and the line on what it is made from."""

    lang: str
    title: str
    sections: tuple[Section, ...]
    foot: str


def tongue_of(lang: str) -> Tongue:
    """Return a language of digests; raise UsageError for another."""
    if lang not in _TONGUES:
        raise UsageError(f"{lang!r} is no language of digests; take {' or '.join(_TONGUES)}")
    return _TONGUES[lang]


def sentences_of(digest: Row, lang: str) -> list[Section]:
    """Return the sections of a digest: each governorate with its parts, in the order in which the digest has them."""
    tongue = tongue_of(lang)
    teller = Teller(tongue, digest["first"], digest["last"])
    sections = (_section(area, teller) for area in digest["areas"])
    return [section for section in sections if section.parts]


def _section(area: Row, teller: Teller) -> Section:
    heading = teller.tongue.area(area["admin1"], area["admin1_ar"], area["country"])
    parts = (Part(teller.tongue.prose.frame(f"part_{key}"), said) for key, said in _parts(area, teller) if said)
    return Section(heading, tuple(parts), f"{area['country']}/{area['admin1']}")


def _parts(area: Row, teller: Teller) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
    """Yield the parts of a governorate; what one voice tells and another denies is told among the disputes only."""
    denied = {row["id"] for row in area["disputes"] if any(d["kind"] == "denied" for d in row["contradictions"])}
    yield "turns", tuple(teller.turns(area["turns"]))
    for key in ("fighting", "people", "talks"):
        told = [row for row in area[key] if row["id"] not in denied]
        yield key, _once(teller.incident(row) for row in told)
    yield "disputes", _once(sentence for row in area["disputes"] for sentence in teller.disputes(row))
    yield "holding", tuple(teller.standing(area["standing"]))


def _once(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Return sentences without those that say the same again; the first stands on the claims of all."""
    found: dict[str, Sentence] = {}
    for sentence in sentences:
        same = sentence.core or sentence.text
        first = found.setdefault(same, sentence)
        claims = tuple(dict.fromkeys((*first.claims, *sentence.claims)))
        found[same] = replace(first, claims=claims)
    return tuple(found.values())


def paper_of(digest: Row, lang: str, reviewed: bool = False, told: Mapping[str, Row] | None = None) -> Paper:
    """Return a digest in a language; `told` knows the claims by id, and so their reports."""
    tongue = tongue_of(lang)
    sections = sentences_of(digest, lang)
    title = _title(digest, tongue)
    if not sections:
        empty = Sentence(tongue.finished(tongue.prose.frame("empty_reviewed" if reviewed else "empty")))
        return Paper(lang, title, (Section("", (Part("", (empty,)),)),), "")
    return Paper(lang, title, tuple(sections), _foot(digest, sections, tongue, reviewed, told or {}))


def claims_of(digest: Row) -> list[str]:
    """Return the ids of all claims that a digest stands on."""
    kinds = ("turns", "fighting", "people", "talks", "disputes")
    rows = [row for area in digest["areas"] for kind in kinds for row in area[kind]]
    return list(dict.fromkeys(claim for row in rows for claim in (*row["claims"], *row.get("claims_before", ()))))


def _title(digest: Row, tongue: Tongue) -> str:
    first, last = digest["first"], digest["last"]
    if first == last:
        return tongue.frame("title_day", x=plain(tongue.day(first, year=True, weekday=True)))
    start, end = tongue.span(first, last, year=True)
    return tongue.frame("title_span", x=plain(start), n=plain(end))


def _foot(digest: Row, sections: Sequence[Section], tongue: Tongue, reviewed: bool, told: Mapping[str, Row]) -> str:
    """Return from how many claims of how many reports the digest is made."""
    claims = {claim for told_ in _flat(sections) for claim in told_.sentence.claims}
    parts = ("fighting", "people", "talks", "disputes")
    reports = {report for area in digest["areas"] for part in parts for row in area[part] for report in row["reports"]}
    reports |= {told[claim]["report"] for claim in claims if claim in told}
    counted = {"n": tongue.counted(len(claims), "claim"), "x": tongue.counted(len(reports), "report")}
    made = tongue.frame("made_reviewed" if reviewed else "made", **counted)
    if digest.get("left_out"):
        made = tongue.frame("left_out", act=plain(made), n=tongue.counted(digest["left_out"], "incident"))
    return tongue.finished(made)


def foot_of(sections: Sequence[Section], lang: str, told: Mapping[str, Row], reviewed: bool = False) -> str:
    """Return from how many claims of how many reports these sections are made, after some was left out."""
    claims = {claim for row in _flat(sections) for claim in row.sentence.claims}
    tongue, reports = tongue_of(lang), {told[claim]["report"] for claim in claims if claim in told}
    counted = {"n": tongue.counted(len(claims), "claim"), "x": tongue.counted(len(reports), "report")}
    return tongue.finished(tongue.frame("made_reviewed" if reviewed else "made", **counted))


def _flat(sections: Iterable[Section]) -> Iterator[_Told]:
    for section in sections:
        for part in section.parts:
            yield from (_Told(section.heading, section.key, part.heading, sentence) for sentence in part.sentences)


class _Told(NamedTuple):
    """A sentence with where it stands: the governorate's heading and key, the part."""

    area: str
    key: str
    part: str
    sentence: Sentence


def changes_of(before: Row, now: Row, lang: str, known_by: str, reason_of: Reason) -> Paper:
    """Return what a digest says now that it did not say as known at the end of the day `known_by`.

    `reason_of` tells of a claim what a person decided on it since, and why; None where nobody did.
    """
    tongue = tongue_of(lang)
    told = tuple(_sections_of(sentences_of(before, lang), sentences_of(now, lang), tongue, reason_of))
    title = tongue.frame("changed_title", act=plain(_title(now, tongue)), x=plain(tongue.day(known_by, year=True)))
    if told:
        return Paper(lang, title, told, "")
    nothing = Sentence(tongue.finished(tongue.prose.frame("no_change")))
    return Paper(lang, title, (Section("", (Part("", (nothing,)),)),), "")


def _sections_of(
    before: Sequence[Section], now: Sequence[Section], tongue: Tongue, reason_of: Reason
) -> Iterator[Section]:
    """Yield what is new, what is corrected and what is no longer said, of these what there is."""
    new, corrected, withdrawn = _compared(before, now)
    placed = {
        "new": [(t.area, t.sentence) for t in new],
        "corrected": [(b.area, _correction(a.sentence, b.sentence, tongue, reason_of)) for a, b in corrected],
        "withdrawn": [(t.area, _withdrawal(t.sentence, tongue, reason_of)) for t in withdrawn],
    }
    yield from (_listed(tongue.prose.frame(name), sentences) for name, sentences in placed.items() if sentences)


Correction = tuple[_Told, _Told]


def _compared(before: Sequence[Section], now: Sequence[Section]) -> tuple[list[_Told], list[Correction], list[_Told]]:
    """Return the sentences that are new, those that say something else than one before them did, and those gone."""
    old, told = list(_flat(before)), list(_flat(now))
    kept = {(t.key, t.sentence.text) for t in old} & {(t.key, t.sentence.text) for t in told}
    gone = [t for t in old if (t.key, t.sentence.text) not in kept]
    new: list[_Told] = []
    corrected: list[Correction] = []
    for later in (t for t in told if (t.key, t.sentence.text) not in kept):
        earlier = _earlier(gone, later)
        if earlier is None:
            new.append(later)
        else:
            gone.remove(earlier)
            corrected.append((earlier, later))
    return new, corrected, gone


def _earlier(gone: Iterable[_Told], later: _Told) -> _Told | None:
    """Return the sentence that tells the same thing: in one part of one area on a claim that is the same.

    Where none has such a claim, it is one of the same incident, or one that rests on no claims as this one does.
    """
    near = [told for told in gone if (told.key, told.part) == (later.key, later.part)]
    b = later.sentence
    on_one = (t for t in near if set(t.sentence.claims) & set(b.claims) or not (t.sentence.claims or b.claims))
    of_one = (t for t in near if b.incident is not None and t.sentence.incident == b.incident)
    return next(on_one, None) or next(of_one, None)


def _listed(heading: str, placed: Iterable[tuple[str, Sentence]]) -> Section:
    by_area: dict[str, list[Sentence]] = {}
    for area, sentence in placed:
        by_area.setdefault(area, []).append(sentence)
    return Section(heading, tuple(Part(area, tuple(sentences)) for area, sentences in by_area.items()))


def _correction(a: Sentence, b: Sentence, tongue: Tongue, reason_of: Reason) -> Sentence:
    said = tongue.frame("now_says", x=plain(_open(a.text)), n=plain(_open(b.text)))
    claims = tuple(dict.fromkeys((*b.claims, *a.claims)))
    return Sentence(tongue.finished(_because(said, claims, tongue, reason_of)), claims, b.incident)


def _withdrawal(a: Sentence, tongue: Tongue, reason_of: Reason) -> Sentence:
    said = tongue.frame("said_before", x=plain(_open(a.text)))
    return Sentence(tongue.finished(_because(said, a.claims, tongue, reason_of)), a.claims, a.incident)


def _because(said: str, claims: Iterable[str], tongue: Tongue, reason_of: Reason) -> str:
    """Return a statement with what a person decided on its claims, and why."""
    decided = dict.fromkeys(made for claim in claims if (made := reason_of(claim)))
    words = [_decision(kind, reason, tongue) for kind, reason in decided]
    return tongue.frame("because", act=plain(said), x=plain(tongue.clauses(words))) if words else said


def _decision(kind: str, reason: str, tongue: Tongue) -> str:
    known = f"decided_{kind}" in tongue.prose.frames
    verdict = tongue.prose.frame(f"decided_{kind}" if known else "decided")
    return f"{verdict}: {reason}" if reason else verdict


def _open(text: str) -> str:
    return text.removesuffix(".")
