"""Which objects are named inside places: prison, checkpoint, barracks, hill."""

from __future__ import annotations

from typing import NamedTuple

from marsad.reading.words import SOFT, Words


class SiteMention(NamedTuple):
    """Words first to last name a site of a kind."""

    first: int
    last: int
    kind: str
    clitic: str


def find_sites(words: Words) -> list[SiteMention]:
    """Return the sites in order, each with the adjectives that belong to its name."""
    found: list[SiteMention] = []
    i = 0
    while i < len(words):
        sense = words.senses[i]
        if sense.site is None:
            i += 1
            continue
        last = i
        while last + 1 < len(words) and words.breaks[last + 1] <= SOFT and _belongs(words, last + 1):
            last += 1
        found.append(SiteMention(i, last, sense.site, sense.clitic))
        i = last + 1
    return found


def _belongs(words: Words, i: int) -> bool:
    sense = words.senses[i]
    return not sense.clitic and sense.filler and not sense.people
