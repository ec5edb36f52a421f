"""Phrases of one or more words, found at a position, with a clitic on their first word or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from marsad.text.letters import fold

T = TypeVar("T")
_CLITICS = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")


@lru_cache(maxsize=200_000)
def variants(word: str) -> list[tuple[str, str]]:
    """Return (clitic, rest) for each way to read a folded word, the whole word first."""
    found = [("", word)]
    for clitic in _CLITICS if word[:1] in "وفبلك" else ():
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
    whole = "\n".join(texts).replace("-", " ").replace("،", " ")
    for letter in set(whole) - {"\n"}:
        if (same := " " if letter.isspace() else fold(letter).lower()) != letter:
            whole = whole.replace(letter, same)
    lines = whole.split("\n")
    return lines if len(lines) == len(texts) else [" ".join(phrase_key(t)) for t in texts]


class Match(NamedTuple, Generic[T]):
    """A phrase found: the clitic before it, how many words it spans, what it stands for."""

    clitic: str
    length: int
    value: T


# A way to read a first word: its clitic, how many more words its phrases have (longest first), the phrases.
_Opening = tuple[str, list[int], dict[tuple[str, ...], list[T]]]


class _Batch(NamedTuple, Generic[T]):
    """Folded phrases that wait, by number under their first word, for somebody to ask for it."""

    lines: list[str]
    value_of: Callable[[int], T]
    waiting: dict[str, list[int]]


class PhraseIndex(Generic[T]):
    """Longest-match look-up of phrases in a sequence of folded words, remembered per first word."""

    def __init__(self, phrases: Iterable[tuple[str, T]] = ()) -> None:
        self._batches: list[_Batch[T]] = []
        self._first: dict[str, dict[tuple[str, ...], list[T]]] = {}
        self._seen: dict[str, list[_Opening[T]]] = {}
        for text, value in phrases:
            self.add(text, value)

    def add(self, text: str, value: T) -> None:
        """Make the phrase known; the same phrase may stand for several values."""
        key = phrase_key(text)
        if key:
            self._first.setdefault(key[0], self._phrases(key[0])).setdefault(key[1:], []).append(value)
            self._seen.clear()

    def add_all(self, texts: Sequence[str], value_of: Callable[[int], T]) -> None:
        """Make many phrases known; the value of the n-th is asked for when somebody asks for its first word.

        Of the names of a gazetteer, a report asks for a few hundred.
        """
        lines = _folded(texts)
        waiting: dict[str, list[int]] = {}
        for n, line in enumerate(lines):
            first = line.partition(" ")[0] or line.lstrip().partition(" ")[0]
            if first in waiting:
                waiting[first].append(n)
            elif first:
                waiting[first] = [n]
        self._batches.append(_Batch(lines, value_of, waiting))
        self._seen.clear()

    def get(self, text: str) -> list[T]:
        """Return the values of exactly this phrase."""
        key = phrase_key(text)
        return self._phrases(key[0]).get(key[1:], []) if key else []

    def _phrases(self, first: str) -> dict[tuple[str, ...], list[T]]:
        """Return the phrases that begin with a word, by their other words; none of them waits any longer."""
        known = self._first.get(first, {})
        for batch in self._batches:
            for n in batch.waiting.pop(first, ()):
                key = tuple(batch.lines[n].split())
                known.setdefault(key[1:], []).append(batch.value_of(n))
                self._first[first] = known
        return known

    def _entries(self, word: str) -> list[_Opening[T]]:
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) > 100_000:
                self._seen.clear()
            read = [(clitic, self._phrases(rest)) for clitic, rest in variants(word)]
            found = [(c, sorted({len(r) for r in ps}, reverse=True), ps) for c, ps in read if ps]
            self._seen[word] = found
        return found

    def match(self, words: Sequence[str], at: int) -> list[Match[list[T]]]:
        """Return the longest phrase at a position for each reading of its first word."""
        word = words[at]
        readings = self._seen.get(word)
        if readings is None:
            readings = self._entries(word)
        if not readings:
            return []
        found = []
        for clitic, lengths, phrases in readings:
            for more in lengths:
                rest = tuple(words[at + 1 : at + 1 + more])  # shorter than asked at the end of the text
                values = phrases.get(rest)
                if values is not None:
                    found.append(Match(clitic, 1 + len(rest), values))
                    break
        return found
