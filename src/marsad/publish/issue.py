"""A digest as an issue: sentences held back or put in another order, the whole as JSON and back.

A sentence is known by its governorate and what it stands on, so that both languages know it by the same key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from marsad.publish.digest import Paper, Part, Section
from marsad.publish.statements import Sentence

Row = Mapping[str, Any]
Keyed = tuple[str, Sentence]
Place = tuple[int, int, int]
IsHeld = Callable[[str, Keyed], bool]
_LENGTH = 12


def keys_of(section: Section) -> list[list[Keyed]]:
    """Return the sentences of each part of a section with their keys, in order."""
    met: dict[str, int] = {}
    return [[(_key(section.key, sentence, met), sentence) for sentence in part.sentences] for part in section.parts]


def _key(section: str, sentence: Sentence, met: dict[str, int]) -> str:
    what = "\x1f".join((section, sentence.incident or "", *sorted(sentence.claims)))
    # One incident may be told twice (what happened, what is disputed of it); a count of places has no claim at all.
    met[what] = met.get(what, 0) + 1
    return hashlib.sha256(f"{what}\x1f{met[what]}".encode()).hexdigest()[:_LENGTH]


def edited(papers: Sequence[Paper], held: Collection[str], places: Mapping[str, Place]) -> list[Paper]:
    """Return the papers without what is held back, each part in the order of the `places` that are given by key.

    What stands in one language alone, on claims of a sentence that is held back in another, is held back as well.
    """
    keys = [{key for _, (key, _) in _flat(paper)} for paper in papers]
    shared = set[str]().union(*keys[:1]).intersection(*keys[1:])
    of_held = {(area, c) for paper in papers for area, (key, told) in _flat(paper) if key in held for c in told.claims}

    def is_held(area: str, keyed: Keyed) -> bool:
        key, told = keyed
        return key in held or (key not in shared and any((area, claim) in of_held for claim in told.claims))

    return [replace(paper, sections=tuple(_kept(paper, is_held, places))) for paper in papers]


def _flat(paper: Paper) -> Iterator[tuple[str, Keyed]]:
    for section in paper.sections:
        yield from ((section.key, keyed) for part in keys_of(section) for keyed in part)


def _kept(paper: Paper, is_held: IsHeld, places: Mapping[str, Place]) -> Iterator[Section]:
    """Yield the sections of which anything is left."""
    for section in paper.sections:
        parts = []
        for part, keyed in zip(section.parts, keys_of(section), strict=True):
            in_order = [pair for pair in ordered(keyed, places) if not is_held(section.key, pair)]
            parts.append(replace(part, sentences=tuple(sentence for _, sentence in in_order)))
        if left := tuple(part for part in parts if part.sentences):
            yield replace(section, parts=left)


def ordered(keyed: Sequence[Keyed], places: Mapping[str, Place]) -> list[Keyed]:
    """Return the sentences of a part by their places; what has none stands where it stood."""
    numbered = enumerate(keyed, 1)
    return [pair for _, pair in sorted(numbered, key=lambda row: places.get(row[1][0], (row[0], 0, row[0])))]


def place_of(place: int, was: int) -> Place:
    """Return where a sentence goes: moved up, before what stands at that place, and moved down, after it."""
    return place, (place > was) - (place < was), was


def body_of(papers: Sequence[Paper]) -> list[dict[str, Any]]:
    """Return papers as they are kept."""
    return [asdict(paper) for paper in papers]


def papers_in(body: Sequence[Row]) -> list[Paper]:
    """Return the papers that were kept."""
    return [Paper(row["lang"], row["title"], tuple(map(_section, row["sections"])), row["foot"]) for row in body]


def _section(row: Row) -> Section:
    return Section(row["heading"], tuple(map(_part, row["parts"])), row["key"])


def _part(row: Row) -> Part:
    told = (Sentence(s["text"], tuple(s["claims"]), s["incident"]) for s in row["sentences"])
    return Part(row["heading"], tuple(told))
