"""Which words tell of an event, and by which entry of the pack: candidates, not yet claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from marsad.loading.language import Trigger
from marsad.reading.lexicon import TriggerSense
from marsad.reading.words import STOP, Words
from marsad.text.letters import fold

_PRONOUNS = ("", "ها", "ه", "هم", "هما", "هن", "نا", "كم")
_BEFORE = ("", "و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "وب", "ول", "فال", "ولل", "وبال", "كال")


class Wanted(NamedTuple):
    """A word or phrase that a condition asks for: forms of its first word, then the rest."""

    first: frozenset[str]
    rest: tuple[frozenset[str], ...]
    clitic: str


@dataclass(slots=True)
class Conditions:
    """The conditions of one entry, folded once."""

    with_: tuple[Wanted, ...]
    before: tuple[Wanted, ...]
    near: tuple[Wanted, ...]
    unless: tuple[Wanted, ...]


@dataclass(slots=True)
class Event:
    """A candidate: the word, its sense, how many conditions of its entry held, where `with` stood."""

    at: int
    sense: TriggerSense
    met: int
    last: int

    @property
    def trigger(self) -> Trigger:
        """Return the entry that fired."""
        return self.sense.trigger

    @property
    def is_verb(self) -> bool:
        """Tell whether the word is a conjugated verb."""
        return self.sense.form.tense in ("past", "present")


def _forms(word: str) -> frozenset[str]:
    """Return the printed forms of a wanted word: with clitics, article, pronouns, accusative alef."""
    w = fold(word)
    stem = w[:-1] + "ت" if w.endswith("ه") and len(w) > 3 else w
    bodies = {w, w + "ا"} | {stem + p for p in _PRONOUNS[1:]}
    if w.startswith("ال"):
        bodies.add(w[2:])
    forms = {b + x for x in bodies for b in _BEFORE}
    return frozenset(forms | {"لل" + w[2:] if w.startswith("ال") else w})


def _wanted(text: str) -> Wanted:
    words = text.split()
    if len(words) == 1 and len(words[0]) == 1:
        return Wanted(frozenset(), (), words[0])
    return Wanted(_forms(words[0]), tuple(_forms(w) for w in words[1:]), "")


def conditions_of(trigger: Trigger) -> Conditions:
    """Return the entry's conditions ready to test."""
    return Conditions(*(tuple(_wanted(w) for w in ws) for ws in (trigger.with_, trigger.before, trigger.near, trigger.unless)))


def _stands(words: Words, k: int, wanted: Wanted) -> bool:
    if wanted.clitic:
        return words.folds[k].startswith(wanted.clitic) and len(words.folds[k]) > 3
    if words.folds[k] not in wanted.first:
        return False
    return all(k + n < len(words) and words.folds[k + n] in r for n, r in enumerate(wanted.rest, 1))


def _found(words: Words, wanted: tuple[Wanted, ...], first: int, last: int) -> int | None:
    """Return where the first wanted phrase stands between two words, both included."""
    for k in range(max(0, first), min(last, len(words) - 1) + 1):
        for w in wanted:
            if _stands(words, k, w):
                return k + len(w.rest)
    return None


def _sentence_bounds(words: Words, i: int) -> tuple[int, int]:
    first = last = i
    while first > 0 and words.breaks[first] < STOP:
        first -= 1
    while last + 1 < len(words) and words.breaks[last + 1] < STOP:
        last += 1
    return first, last


class EventFinder:
    """Finds candidates; keeps each entry's folded conditions."""

    def __init__(self, triggers: tuple[Trigger, ...]) -> None:
        self._conditions = {id(t): conditions_of(t) for t in triggers}

    def find(self, words: Words) -> list[Event]:
        """Return every candidate in order; a word may be several, the most conditioned first."""
        found: list[Event] = []
        for i in words.live:
            senses = words.senses[i].triggers
            if not senses:
                continue
            bounds = _sentence_bounds(words, i)
            here = [e for s in senses if (e := self._test(words, i, s, bounds)) is not None]
            found += sorted(here, key=lambda e: -e.met)
        return found

    def _test(self, words: Words, i: int, sense: TriggerSense, bounds: tuple[int, int]) -> Event | None:
        trigger = sense.trigger
        rules = self._conditions[id(trigger)]
        met, last = 0, i
        if rules.unless and self._barred(words, i, rules, bounds):
            return None
        if rules.with_:
            at = _found(words, rules.with_, i + 1, min(bounds[1], i + trigger.gap))
            if at is None:
                return None
            met, last = met + 1, at
        if rules.before:
            if _found(words, rules.before, max(bounds[0], i - 3), i - 1) is None:
                return None
            met += 1
        if rules.near:
            if _found(words, rules.near, max(bounds[0], i - 12), min(bounds[1], i + 12)) is None:
                return None
            met += 1
        return Event(i, sense, met, last)

    def _barred(self, words: Words, i: int, rules: Conditions, bounds: tuple[int, int]) -> bool:
        after = _found(words, rules.unless, i + 1, min(bounds[1], i + 3))
        return after is not None or _found(words, rules.unless, max(bounds[0], i - 2), i - 1) is not None
