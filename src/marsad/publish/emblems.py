"""Emblems of sides: a colour with its pattern, and a letter, so that colour is never the only sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from marsad.publish.labels import of_actor

# Each colour of page.css has one pattern. These are the colours that maps of these wars have made usual; whoever is
# not here, or whose colour another one has, gets the next that is free.
COLOURS = ("red", "green", "yellow", "grey", "blue", "violet", "teal", "brown", "pink", "olive")
_USUAL = {
    "assad-gov": "red", "syria-transitional": "green", "opposition": "green", "hts": "teal", "sna": "olive",
    "sdf": "yellow", "isis": "grey", "turkey": "brown", "israel": "blue", "hezbollah": "olive",
    "local-factions": "teal", "houthis": "green", "yemen-gov": "red", "stc": "yellow", "aqap": "grey",
    "saleh-forces": "violet",
    "sudan-army": "green", "rsf": "brown", "lna": "red", "gnu-libya": "blue", "iraq": "red", "peshmerga": "yellow",
    "iraqi-militias": "olive", "russia": "pink", "iran": "violet", "us-coalition": "blue", "druze-factions": "violet",
}  # fmt: skip


class Emblem(NamedTuple):
    """The sign of a side: a colour of `COLOURS`, one letter in Arabic and one in English."""

    colour: str
    ar: str
    en: str


def emblems_of(sides: Iterable[str]) -> dict[str, Emblem]:
    """Return an emblem for each side, no two with one letter; colours come again after the tenth side."""
    wanted = list(dict.fromkeys(sides))
    colours = _colours_of(wanted)
    # In Arabic the first word says what kind of thing it is (forces, factions, government): the next one tells more.
    ar = _letters_of([*_words_of(of_actor(id)[0])[1:], *_words_of(of_actor(id)[0])[:1]] for id in wanted)
    en = _letters_of(_words_of(of_actor(id)[1].upper()) for id in wanted)
    return {id: Emblem(colours[id], *pair) for id, *pair in zip(wanted, ar, en, strict=True)}


def _colours_of(sides: Sequence[str]) -> dict[str, str]:
    """Return a colour for each side: the usual one for whoever asks first, for the others what is left."""
    found: dict[str, str] = {}
    for side in sides:
        if _USUAL.get(side) not in {None, *found.values()}:
            found[side] = _USUAL[side]
    for at, side in enumerate(s for s in sides if s not in found):
        free = [colour for colour in COLOURS if colour not in found.values()]
        found[side] = free[0] if free else COLOURS[at % len(COLOURS)]
    return found


def _words_of(name: str) -> list[str]:
    return [word.removeprefix("ال") for word in name.split(" (")[0].split()]


def _letters_of(names: Iterable[Sequence[str]]) -> list[str]:
    """Return a letter for each name that no other has: how one of its words begins, else any of it."""
    taken: list[str] = []
    for words in names:
        letters = [*(word[:1] for word in words), *"".join(words)]
        taken.append(next((one for one in letters if one.isalpha() and one not in taken), str(len(taken) + 1)))
    return taken
