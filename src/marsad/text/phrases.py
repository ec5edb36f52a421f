"""Phrases of one or more words, found at a position, with a clitic on their first word or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from marsad.text.letters import fold

T = TypeVar("T")
_CLITICS = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")


def variants(word: str) -> list[tuple[str, str]]:
    """Return (clitic, rest) for each way to read a folded word, the whole word first."""
    found = [("", word)]
    for clitic in _CLITICS:
        if len(word) - len(clitic) >= 2 and word.startswith(clitic):
            rest = word[len(clitic) :]
            found.append((clitic, rest))
            if clitic.endswith("ل") and rest.startswith("ل"):
                found.append((clitic, "ا" + rest))
    return found


def phrase_key(text: str) -> tuple[str, ...]:
    """Return the folded words of a phrase as packs write it."""
    return tuple(fold(w).lower() for w in text.replace("-", " ").replace("،", " ").split())


def _folded(texts: Sequence[str]) -> list[str]:
    """Return the phrases folded, all at once: a letter that folds is replaced in the whole of them."""
    whole = "\n".join(texts).lower().replace("-", " ").replace("،", " ")
    for letter in set(whole):
        if (same := fold(letter)) != letter:
            whole = whole.replace(letter, same)
    lines = whole.split("\n")
    return lines if len(lines) == len(texts) else [" ".join(phrase_key(t)) for t in texts]


class Match(NamedTuple, Generic[T]):
    """A phrase found: the clitic before it, how many words it spans, what it stands for."""

    clitic: str
    length: int
    value: T


class PhraseIndex(Generic[T]):
    """Longest-match look-up of phrases in a sequence of folded words, remembered per first word.

    A phrase waits under its first word, its other words in one string, until somebody asks for that word:
    of a gazetteer's names a report asks for a few hundred.
    """

    def __init__(self, phrases: Iterable[tuple[str, T]] = ()) -> None:
        self._waiting: dict[str, list[tuple[list[str], T]]] = {}
        self._first: dict[str, dict[tuple[str, ...], list[T]]] = {}
        self._seen: dict[str, list[tuple[str, list[tuple[tuple[str, ...], list[T]]]]]] = {}
        for text, value in phrases:
            self.add(text, value)

    def add(self, text: str, value: T) -> None:
        """Make the phrase known; the same phrase may stand for several values."""
        self.add_all((text,), (value,))

    def add_all(self, texts: Sequence[str], values: Iterable[T]) -> None:
        """Make many phrases known at the price of folding them once together."""
        waiting = self._waiting
        for text, value in zip(_folded(texts), values, strict=True):
            first, *rest = text.split(None, 1) or ("",)
            if first in waiting:
                waiting[first].append((rest, value))
            elif first:
                waiting[first] = [(rest, value)]
        self._seen.clear()

    def get(self, text: str) -> list[T]:
        """Return the values of exactly this phrase."""
        key = phrase_key(text)
        return self._phrases(key[0]).get(key[1:], []) if key else []

    def _phrases(self, first: str) -> dict[tuple[str, ...], list[T]]:
        """Return the phrases that begin with a word, by their other words, and wait no longer with them."""
        known = self._first.get(first) or {}
        waiting = self._waiting.pop(first, None)
        if waiting:
            self._first[first] = known
            for rest, value in waiting:
                known.setdefault(tuple(rest[0].split()) if rest else (), []).append(value)
        return known

    def _entries(self, word: str) -> list[tuple[str, list[tuple[tuple[str, ...], list[T]]]]]:
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) > 100_000:
                self._seen.clear()
            read = [(clitic, self._phrases(rest)) for clitic, rest in variants(word)]
            found = [(c, sorted(phrases.items(), key=lambda e: -len(e[0]))) for c, phrases in read if phrases]
            self._seen[word] = found
        return found

    def match(self, words: Sequence[str], at: int) -> list[Match[list[T]]]:
        """Return the longest phrase at a position for each reading of its first word."""
        found = []
        for clitic, entries in self._entries(words[at]):
            for rest, values in entries:
                if not rest or tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                    found.append(Match(clitic, 1 + len(rest), values))
                    break
        return found
