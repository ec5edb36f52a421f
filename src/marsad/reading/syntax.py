"""What grammar says of a party before any event is asked about: its verb, its gender and number, what comes between."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from marsad.reading.agreement import shape_of
from marsad.reading.lexicon import Word
from marsad.reading.parties import PartyMention
from marsad.reading.words import SOFT, Words

# The verb of a party stands at most so many words before it: "شنت مساء أمس الثلاثاء طائرات".
_REACH = 4


class Standing(NamedTuple):
    """How a party stands by itself: `verb` is where the verb that it follows stands or -1, `kind` what verb that is.

    `shape` is its gender and number, `leads` whether its sentence names it first.
    """

    verb: int
    kind: str
    shape: str
    leads: bool


def is_verb(sense: Word) -> bool:
    """Tell whether a word is read as a conjugated verb."""
    if sense.light is not None or sense.verb is not None:
        return True
    return bool(sense.triggers) and sense.triggers[0].form.tense in ("past", "present")


class Syntax:
    """The verbs of a report counted once, and the standing of each party as it is asked for."""

    __slots__ = ("_known", "_leads", "_verbs", "_words")

    def __init__(self, words: Words, parties: Sequence[PartyMention]) -> None:
        """Count the verbs up to each word."""
        self._words = words
        self._verbs = list(accumulate(map(is_verb, words.senses), initial=0))
        self._known: dict[int, Standing] = {}
        sentence_of, seen = words.sentence_of, set[int]()
        self._leads = set[int]()
        for party in parties:
            if (sentence := sentence_of[party.first]) not in seen:
                seen.add(sentence)
                self._leads.add(party.first)

    def between(self, first: int, last: int) -> int:
        """Return how many verbs stand between two words, neither included, up to two."""
        low, high = (first, last) if first < last else (last, first)
        return min(2, self._verbs[high] - self._verbs[low + 1]) if high > low else 0

    def of(self, party: PartyMention) -> Standing:
        """Return how a party stands in its sentence."""
        known = self._known.get(party.first)
        if known is None:
            verb = self._verb_before(party.first)
            kind = "" if verb < 0 else _kind(self._words.senses[verb])
            known = Standing(verb, kind, shape_of(self._words, party.first, party.sort), party.first in self._leads)
            self._known[party.first] = known
        return known

    def _verb_before(self, first: int) -> int:
        """Return the verb right before a party, or with a word or two of time between; -1 where none is."""
        words = self._words
        for k in range(first - 1, max(-1, first - 1 - _REACH), -1):
            if words.breaks[k + 1] > SOFT:
                return -1
            sense = words.senses[k]
            if is_verb(sense):
                return k
            if sense.head or sense.people or sense.site or sense.place_kind:
                return -1
        return -1


def _kind(sense: Word) -> str:
    if sense.light is not None:
        return "light"
    return "saying" if sense.verb is not None else "act"
