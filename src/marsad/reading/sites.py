"""Which objects are named inside places: prison, checkpoint, barracks, hill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from marsad.reading.words import SOFT, Words
from marsad.text.phrases import PhraseIndex


class SiteMention(NamedTuple):
    """Words first to last name a site of a kind."""

    first: int
    last: int
    kind: str
    clitic: str


def site_phrases(rows: Iterable[dict[str, Any]]) -> PhraseIndex[str]:
    """Return the index of the names of sites that have several words (نقطة تفتيش)."""
    index: PhraseIndex[str] = PhraseIndex()
    for row in rows:
        for form in row["forms"]:
            if " " in form:
                first, *rest = form.split()
                index.add(form, row["kind"])
                index.add(" ".join(["ال" + first, *("ال" + r for r in rest)]), row["kind"])
                index.add(" ".join([first, *("ال" + r for r in rest)]), row["kind"])
    return index


def find_sites(words: Words, phrases: PhraseIndex[str]) -> list[SiteMention]:
    """Return the sites in order, each with the adjectives that belong to its name."""
    found: list[SiteMention] = []
    free = 0
    senses = words.senses
    for i in [i for i in words.telling if senses[i].names_site or senses[i].site is not None]:
        mention = _site(words, phrases, i) if i >= free else None
        if mention is not None:
            found.append(mention)
            free = mention.last + 1
    return found


def _site(words: Words, phrases: PhraseIndex[str], i: int) -> SiteMention | None:
    """Return the site that begins at word i: by a name of several words, else by its noun."""
    named = max(phrases.match(words.folds, i), key=lambda m: m.length, default=None)
    if named is not None and named.length > 1:
        return SiteMention(i, i + named.length - 1, named.value[0], named.clitic)
    sense = words.senses[i]
    if sense.site is None:
        return None
    last = i
    while last + 1 < len(words) and words.breaks[last + 1] <= SOFT and _belongs(words, last + 1):
        last += 1
    return SiteMention(i, last, sense.site, sense.clitic)


def _belongs(words: Words, i: int) -> bool:
    sense = words.senses[i]
    return not sense.clitic and sense.filler and not sense.people
