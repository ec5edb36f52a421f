"""Which words tell of an event, and by which entry of the pack: candidates, not yet claims."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.loading.language import Trigger
from marsad.reading.conditions import NOTHING, Conditions, Nearby, Sought, conditions_of
from marsad.reading.lexicon import TriggerSense
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
        telling = [i for i, sense in enumerate(words.senses) if sense.triggers]
        asked = [sense.asked for sense in words.senses] if telling else []
        near, bounds = Nearby(words.folds, asked, NOTHING), (0, -1)
        for i in telling:
            if i > bounds[1]:
                bounds = words.sentences[words.sentence(i)]
                near.here = NOTHING.union(*asked[bounds[0] : bounds[1] + 1])
            here = [e for s in words.senses[i].triggers if (e := self._test(near, i, s, bounds)) is not None]
            found += here if len(here) < 2 else sorted(here, key=lambda e: -e.met)
        return found

    def _test(self, near: Nearby, i: int, sense: TriggerSense, bounds: tuple[int, int]) -> Event | None:
        trigger = sense.trigger
        rules = self._conditions.get(id(trigger))
        if rules is None:
            rules = self._conditions[id(trigger)] = conditions_of(trigger)
        for words in rules.wanted:  # four entries in five end here
            if words.isdisjoint(near.here):
                return None
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


def _barred(near: Nearby, i: int, unless: Sought, bounds: tuple[int, int]) -> bool:
    """Tell whether a word that the entry excludes stands up to three words after or two before."""
    after = unless.found(near, i + 1, min(bounds[1], i + 3))
    return after is not None or unless.found(near, max(bounds[0], i - 2), i - 1) is not None
