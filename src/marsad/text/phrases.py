"""Phrases of one or more words, found at a position, with a clitic on their first word or none."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from marsad.text.letters import fold
from marsad.text.memo import Memo

T = TypeVar("T")
_CLITICS = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")


_CLITICS_OF = {letter: tuple(c for c in _CLITICS if c[0] == letter) for letter in "وفبلك"}


def variants(word: str) -> list[tuple[str, str]]:
    """Return (clitic, rest) for each way to read a folded word, the whole word first."""
    found = [("", word)]
    for clitic in _CLITICS_OF.get(word[:1], ()):
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


# The phrases that begin with a word by their other words: their values, or their numbers while those wait.
_Phrases = dict[tuple[str, ...], list[T] | tuple[int, ...]]
# A way to read a first word: its clitic, how many more words its phrases have (longest first), the phrases.
_Opening = tuple[str, list[int], _Phrases[T]]


class PhraseIndex(Generic[T]):
    """Longest-match look-up of phrases in a sequence of folded words, remembered per first word."""

    def __init__(self, phrases: Iterable[tuple[str, T]] = ()) -> None:
        # Phrases that were added together: the number of the first, the folded lines, who knows their values.
        self._starts: list[int] = []
        self._batches: list[tuple[list[str], Callable[[int], T]]] = []
        # Under the first word of phrases: their numbers until somebody asks for that word, then the phrases.
        self._first: dict[str, list[int] | _Phrases[T]] = {}
        self._seen: Memo[str, Sequence[_Opening[T]]] = Memo(self._openings)
        for text, value in phrases:
            self.add(text, value)

    def add(self, text: str, value: T) -> None:
        """Make the phrase known; the same phrase may stand for several values."""
        key = phrase_key(text)
        if key:
            phrases = self._first[key[0]] = self._phrases(key[0]) or {}
            phrases[key[1:]] = [*self._values(phrases, key[1:]), value]
            self._seen.clear()

    def add_all(self, texts: Sequence[str], value_of: Callable[[int], T]) -> None:
        """Make many phrases known; the value of the n-th is asked for when somebody asks for the phrase.

        Of the names of a gazetteer, a report asks for a few hundred.
        """
        start = self._starts[-1] + len(self._batches[-1][0]) if self._batches else 0
        lines = _folded(texts)
        self._starts.append(start)
        self._batches.append((lines, value_of))
        for n, line in enumerate(lines, start):
            first = line.partition(" ")[0] or line.lstrip().partition(" ")[0]
            known = self._first.get(first)
            if isinstance(known, list):
                known.append(n)
            elif known is not None:
                self._wake(n, known)
            elif first:
                self._first[first] = [n]
        self._seen.clear()

    def get(self, text: str) -> list[T]:
        """Return the values of exactly this phrase."""
        key = phrase_key(text)
        phrases = self._phrases(key[0]) if key else None
        return self._values(phrases, key[1:]) if phrases else []

    def opening(self, words: Sequence[str]) -> list[int]:
        """Return the positions of the words that begin a phrase, whether the whole phrase follows or not."""
        return [i for i, found in enumerate(map(self._seen.__getitem__, words)) if found]

    def _phrases(self, first: str) -> _Phrases[T] | None:
        """Return the phrases that begin with a word."""
        found = self._first.get(first)
        if isinstance(found, list):
            numbers = found
            found = self._first[first] = {}
            for n in numbers:
                self._wake(n, found)
        return found

    def _wake(self, n: int, phrases: _Phrases[T]) -> None:
        """Put the n-th phrase among those that begin with its first word."""
        batch = bisect_right(self._starts, n) - 1
        rest = tuple(self._batches[batch][0][n - self._starts[batch]].split()[1:])
        known = phrases.get(rest, ())
        phrases[rest] = [*known, self._value(n)] if isinstance(known, list) else (*known, n)

    def _value(self, n: int) -> T:
        batch = bisect_right(self._starts, n) - 1
        return self._batches[batch][1](n - self._starts[batch])

    def _values(self, phrases: _Phrases[T], rest: tuple[str, ...]) -> list[T]:
        """Return what a phrase stands for, none if it is not known; it waits no longer."""
        found = phrases.get(rest, [])
        if isinstance(found, tuple):
            found = phrases[rest] = list(map(self._value, found))
        return found

    def _openings(self, word: str) -> Sequence[_Opening[T]]:
        """Return the ways to read a word as the first of phrases."""
        read = [(clitic, phrases) for clitic, rest in variants(word) if (phrases := self._phrases(rest))]
        return [(c, sorted({len(r) for r in phrases}, reverse=True), phrases) for c, phrases in read] if read else ()

    def match(self, words: Sequence[str], at: int) -> list[Match[list[T]]]:
        """Return the longest phrase at a position for each reading of its first word."""
        found = []
        for clitic, lengths, phrases in self._seen[words[at]]:
            for more in lengths:
                rest = tuple(words[at + 1 : at + 1 + more])  # shorter than asked at the end of the text
                if rest in phrases:
                    found.append(Match(clitic, 1 + len(rest), self._values(phrases, rest)))
                    break
        return found
