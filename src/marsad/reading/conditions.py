"""What an entry asks for around its word: which of the asked words a printed word is a form of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marsad.loading.language import Trigger
from marsad.text.inflection import by_opening, prefixes_of
from marsad.text.letters import fold

_PRONOUNS = ("ها", "ه", "هم", "هما", "هن", "نا", "كم")
_BEFORE = ("", "و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "وب", "ول", "فال", "ولل", "وبال", "كال")
_BEFORE_OF = by_opening(_BEFORE)

NOTHING: frozenset[str] = frozenset()


def _bodies(word: str) -> set[str]:
    """Return the forms of an asked word but for what is written before it: pronouns, accusative alef, no article."""
    stem = word[:-1] + "ت" if word.endswith("ه") and len(word) > 3 else word
    bodies = {word, word + "ا", *(stem + p for p in _PRONOUNS)}
    return bodies | {word[2:]} if word.startswith("ال") else bodies


def asked_bodies(triggers: Iterable[Trigger]) -> dict[str, str]:
    """Return under every body the words that the entries ask for by it.

    With what may stand before them, the forms of the asked words would fill 300 MB.
    """
    asked = {text for t in triggers for text in (*t.with_, *t.before, *t.near, *t.unless)}
    found: dict[str, set[str]] = {}
    for word in {fold(w) for text in asked for w in text.split()}:
        for body in _bodies(word):
            found.setdefault(body, set()).add(word)
    return {body: " ".join(sorted(words)) for body, words in found.items()}


class AskedWords:
    """The words that the entries of a language ask for."""

    def __init__(self, bodies: dict[str, str]) -> None:
        self.bodies = bodies

    def of(self, printed: str) -> frozenset[str]:
        """Return the asked words that the printed word is a form of."""
        known = self.bodies
        ways = [b for b in prefixes_of(printed, _BEFORE_OF) if printed.startswith(b)]
        found = [known[body] for b in ways if (body := printed[len(b) :]) in known]
        return frozenset(" ".join(found).split()) if found else NOTHING


class Sought:
    """Phrases of asked words, and the clitics asked for by themselves."""

    __slots__ = ("clitics", "first", "phrases")

    def __init__(self, texts: tuple[str, ...]) -> None:
        """Fold the phrases once."""
        self.clitics = tuple(t for t in texts if len(t) == 1)
        self.phrases = [tuple(map(fold, t.split())) for t in texts if len(t) > 1]
        self.first = frozenset(phrase[0] for phrase in self.phrases)

    def may_be(self, here: frozenset[str]) -> bool:
        """Tell whether a sentence with these asked words can have one of the phrases."""
        return bool(self.clitics) or not self.first.isdisjoint(here)

    def found(self, words: Nearby, first: int, last: int) -> int | None:
        """Return where the first phrase ends that begins between two words, both included."""
        if not self.may_be(words.here):
            return None
        for k in range(max(0, first), min(last, len(words.folds) - 1) + 1):
            asked = words.asked[k]
            if asked and not self.first.isdisjoint(asked) and (end := self._end(words.asked, k)) is not None:
                return end
            if self.clitics and len(words.folds[k]) > 3 and words.folds[k].startswith(self.clitics):
                return k
        return None

    def _end(self, asked: Sequence[frozenset[str]], k: int) -> int | None:
        """Return where the first phrase ends that begins at word k, None where none is whole."""
        for phrase in self.phrases:
            if phrase[0] in asked[k]:
                end = k + len(phrase)
                if end == k + 1 or (end <= len(asked) and all(w in asked[j] for j, w in enumerate(phrase, k))):
                    return end - 1
        return None


@dataclass(slots=True)
class Nearby:
    """The words of a report while the conditions of one sentence are tested; `here` are all asked words of it."""

    folds: Sequence[str]
    asked: Sequence[frozenset[str]]
    here: frozenset[str]


@dataclass(slots=True)
class Conditions:
    """The conditions of one entry, folded once; None where it sets none.

    Of each of `wanted`, the sentence must have a word.
    """

    with_: Sought | None
    before: Sought | None
    near: Sought | None
    unless: Sought | None
    wanted: tuple[frozenset[str], ...] = ()


def conditions_of(trigger: Trigger) -> Conditions:
    """Return the entry's conditions ready to test."""
    texts = (trigger.with_, trigger.before, trigger.near, trigger.unless)
    sought = [Sought(t) if t else None for t in texts]
    with_, before, near, unless = sought
    wanted = tuple(s.first for s in (with_, before, near) if s is not None and not s.clitics)
    return Conditions(with_, before, near, unless, wanted)
