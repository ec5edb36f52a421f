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


class Sought:
    """Wanted phrases by the printed forms of their first words, and the clitics wanted by themselves."""

    __slots__ = ("clitics", "first")

    def __init__(self, texts: tuple[str, ...]) -> None:
        """Fold the phrases once."""
        self.first: dict[str, list[tuple[frozenset[str], ...]]] = {}
        self.clitics = tuple(t for t in texts if len(t) == 1)
        for wanted in map(_wanted, (t for t in texts if len(t) > 1)):
            for form in wanted.first:
                self.first.setdefault(form, []).append(wanted.rest)

    def __bool__(self) -> bool:
        return bool(self.first or self.clitics)

    def found(self, words: Words, first: int, last: int) -> int | None:
        """Return where the first wanted phrase ends that begins between two words, both included."""
        folds, table, clitics = words.folds, self.first, self.clitics
        for k in range(max(0, first), min(last, len(folds) - 1) + 1):
            word = folds[k]
            for rest in table.get(word, ()):
                if all(k + n < len(folds) and folds[k + n] in r for n, r in enumerate(rest, 1)):
                    return k + len(rest)
            if clitics and len(word) > 3 and word.startswith(clitics):
                return k
        return None


@dataclass(slots=True)
class Conditions:
    """The conditions of one entry, folded once."""

    with_: Sought
    before: Sought
    near: Sought
    unless: Sought


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
    return Wanted(_forms(words[0]), tuple(_forms(w) for w in words[1:]))


def conditions_of(trigger: Trigger) -> Conditions:
    """Return the entry's conditions ready to test."""
    return Conditions(Sought(trigger.with_), Sought(trigger.before), Sought(trigger.near), Sought(trigger.unless))


def _sentence_bounds(words: Words, i: int) -> tuple[int, int]:
    first = last = i
    while first > 0 and words.breaks[first] < STOP:
        first -= 1
    while last + 1 < len(words) and words.breaks[last + 1] < STOP:
        last += 1
    return first, last


class EventFinder:
    """Finds candidates; folds an entry's conditions when it first fires."""

    def __init__(self, triggers: tuple[Trigger, ...]) -> None:
        self._conditions: dict[int, Conditions] = {}

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
        rules = self._conditions.get(id(trigger))
        if rules is None:
            rules = self._conditions[id(trigger)] = conditions_of(trigger)
        met, last = 0, i
        if rules.unless and self._barred(words, i, rules, bounds):
            return None
        if rules.with_:
            at = rules.with_.found(words, i + 1, min(bounds[1], i + trigger.gap))
            if at is None:
                return None
            met, last = met + 1, at
        if rules.before:
            if rules.before.found(words, max(bounds[0], i - 3), i - 1) is None:
                return None
            met += 1
        if rules.near:
            if rules.near.found(words, max(bounds[0], i - 12), min(bounds[1], i + 12)) is None:
                return None
            met += 1
        return Event(i, sense, met, last)

    def _barred(self, words: Words, i: int, rules: Conditions, bounds: tuple[int, int]) -> bool:
        after = rules.unless.found(words, i + 1, min(bounds[1], i + 3))
        return after is not None or rules.unless.found(words, max(bounds[0], i - 2), i - 1) is not None
