"""Which words tell of an event, and by which entry of the pack: candidates, not yet claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marsad.loading.language import Trigger
from marsad.reading.conditions import NOTHING, Conditions, Nearby, Sought, conditions_of
from marsad.reading.lexicon import Telling, TriggerSense, Word
from marsad.reading.words import Words


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


class EventFinder:
    """Finds candidates; folds an entry's conditions when it first fires."""

    def __init__(self) -> None:
        self._conditions: dict[int, Conditions] = {}

    def find(self, words: Words) -> list[Event]:
        """Return every candidate in order; a word may be several, the most conditioned first."""
        found: list[Event] = []
        senses = words.senses
        telling = [i for i in words.telling if senses[i].triggers and not _in_tag(words, i)]
        asked = [sense.asked for sense in words.senses] if telling else []
        near, bounds = Nearby(words.folds, asked, NOTHING), (0, -1)
        for i in telling:
            if i > bounds[1]:
                bounds = words.sentences[words.sentence_of[i]]
                near.here = NOTHING.union(*asked[bounds[0] : bounds[1] + 1])
            tells = words.senses[i].tells or self._note(words.senses[i])
            if tells.wanted and tells.wanted.isdisjoint(near.here):
                continue  # three words in four
            here = list(self._told(near, i, tells, bounds))
            found += here if len(here) < 2 else sorted(here, key=lambda e: -e.met)
        return found

    def _note(self, word: Word) -> Telling:
        """Return the senses of a word with the conditions of their entries, from now on noted with the word."""
        senses = tuple((s, self._conditions.get(id(s.trigger)) or self._fold(s.trigger)) for s in word.triggers)
        choosy = all([rules.wanted for _, rules in senses])
        word.tells = Telling(senses, NOTHING.union(*(rules.wanted[0] for _, rules in senses)) if choosy else NOTHING)
        return word.tells

    def _told(self, near: Nearby, i: int, tells: Telling, bounds: tuple[int, int]) -> Iterator[Event]:
        """Yield the events that a word tells of, one for each sense whose entry's conditions hold."""
        here = near.here
        for sense, rules in tells.senses:
            for wanted in rules.wanted:
                if wanted.isdisjoint(here):
                    break  # the sentence has none of the words that the entry asks for: seen before anything else
            else:
                if (event := self._test(near, i, sense, rules, bounds)) is not None:
                    yield event

    def _fold(self, trigger: Trigger) -> Conditions:
        """Return the conditions of an entry, ready to test from now on."""
        rules = self._conditions[id(trigger)] = conditions_of(trigger)
        return rules

    def _test(
        self, near: Nearby, i: int, sense: TriggerSense, rules: Conditions, bounds: tuple[int, int]
    ) -> Event | None:
        trigger = sense.trigger
        met, last = 0, i
        if rules.unless is not None and rules.unless.may_be(near.here) and _barred(near, i, rules.unless, bounds):
            return None
        if rules.with_ is not None:
            at = rules.with_.found(near, i + 1, min(bounds[1], i + trigger.gap))
            if at is None:
                return None
            met, last = met + 1, at
        if rules.before is not None:
            if rules.before.found(near, max(bounds[0], i - 3), i - 1) is None:
                return None
            met += 1
        if rules.near is not None:
            if rules.near.found(near, max(bounds[0], i - 12), min(bounds[1], i + 12)) is None:
                return None
            met += 1
        return Event(i, sense, met, last)


def _in_tag(words: Words, i: int) -> bool:
    """Tell whether a word is part of a tag ("#تفجير_القطيف"): that names a story and tells nothing."""
    start, end = words.starts[i], words.ends[i]
    return words.text[start - 1 : start] in _TAG_BEFORE or words.text[end : end + 1] == "_"


_TAG_BEFORE = frozenset("#_")


def _barred(near: Nearby, i: int, unless: Sought, bounds: tuple[int, int]) -> bool:
    """Tell whether a word that the entry excludes stands up to three words after or two before."""
    after = unless.found(near, i + 1, min(bounds[1], i + 3))
    return after is not None or unless.found(near, max(bounds[0], i - 2), i - 1) is not None
