"""Phrases of one or more words, found at a position, with a clitic on their first word or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
        rest = word[len(clitic) :]
        if len(rest) >= 2 and (len(clitic) == 1 or word[1] == clitic[1]):
            found.append((clitic, rest))
            if rest[0] == "ل" and clitic[-1] == "ل":
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


_MOST = 200_000  # words of which is remembered whether they are the first of phrases


class Match(NamedTuple, Generic[T]):
    """A phrase found: the clitic before it, how many words it spans, what it stands for."""

    clitic: str
    length: int
    value: T


# The phrases that begin with a word by their other words: their values, or who knows them by which mark.
_Phrases = dict[tuple[str, ...], list[T] | tuple[tuple[Callable[[str], T], str], ...]]
# A way to read a first word: its clitic, how many more words its phrases have (longest first), the phrases, and
# their second words, which rule out most places where the first word stands.
_Opening = tuple[str, list[int], _Phrases[T], frozenset[str]]


def packed(texts: Sequence[str], marks: Iterable[str]) -> dict[str, str]:
    """Return under each first word its phrases, a line each: the other words, a tab, the phrase's mark."""
    lines: dict[str, list[str]] = {}
    for line, mark in zip(_folded(texts), marks, strict=True):
        first, _, rest = (line if line[:1] != " " else line.lstrip()).partition(" ")
        if first in lines:
            lines[first].append(f"{rest}\t{mark}")
        elif first:
            lines[first] = [f"{rest}\t{mark}"]
    return {first: "\n".join(found) for first, found in lines.items()}


def _shape(phrases: _Phrases[T]) -> tuple[list[int], _Phrases[T], frozenset[str]]:
    """Return how many more words the phrases of a first word have, the phrases, and their second words."""
    return sorted({len(rest) for rest in phrases}, reverse=True), phrases, frozenset([r[0] for r in phrases if r])


class PhraseIndex(Generic[T]):
    """Longest-match look-up of phrases in a sequence of folded words, remembered per first word."""

    def __init__(self, phrases: Iterable[tuple[str, T]] = ()) -> None:
        self._first: dict[str, _Phrases[T]] = {}
        self._packs: list[tuple[Mapping[str, str], Callable[[str], T]]] = []
        self._firsts: set[str] = set()
        self._asked: set[str] = set()
        self._alone: set[str] = set()  # words that are a phrase by themselves
        self._seconds: dict[str, frozenset[str]] = {}  # under each first word of phrases, what may follow it
        self._seen: Memo[str, Sequence[_Opening[T]]] = Memo(self._openings)
        for text, value in phrases:
            self.add(text, value)

    def add(self, text: str, value: T) -> None:
        """Make the phrase known; the same phrase may stand for several values."""
        key = phrase_key(text)
        if key:
            phrases = self._first[key[0]] = self._phrases(key[0]) or {}
            phrases[key[1:]] = [*self._values(phrases, key[1:]), value]
            self._firsts.add(key[0])
            self._forget()

    def add_all(self, texts: Sequence[str], value_of: Callable[[int], T]) -> None:
        """Make many phrases known; the value of the n-th is asked for when somebody asks for the phrase."""
        self.add_packed(packed(texts, map(str, range(len(texts)))), lambda mark: value_of(int(mark)))

    def add_packed(self, phrases: Mapping[str, str], value_of: Callable[[str], T]) -> None:
        """Make many phrases known, `packed`; the value of a mark is asked for when somebody asks for the phrase.

        Of the names of a gazetteer, a report asks for a few hundred.
        """
        self._packs.append((phrases, value_of))
        self._firsts.update(phrases)
        for first in self._first.keys() & phrases.keys():
            self._wake(self._first[first], phrases[first], value_of)
        self._forget()

    def get(self, text: str) -> list[T]:
        """Return the values of exactly this phrase."""
        key = phrase_key(text)
        phrases = self._phrases(key[0]) if key else None
        return self._values(phrases, key[1:]) if phrases else []

    def opening(self, words: Sequence[str]) -> list[int]:
        """Return the positions where the first two words of a phrase stand, or the only one."""
        if fresh := set(words).difference(self._asked):
            self._ask(fresh)
        alone, seconds = self._alone, self._seconds
        likely = [i for i, word in enumerate(words) if word in seconds]
        after = [*words, ""]
        return [i for i in likely if words[i] in alone or after[i + 1] in seconds[words[i]]]

    def _ask(self, fresh: set[str]) -> None:
        """Note which of the words, never met before, are the first of phrases: nine in ten are not."""
        if len(self._asked) > _MOST:
            self._forget()
        self._asked |= fresh
        firsts = self._firsts
        joined = [word for word in fresh if word[:1] in _CLITICS_OF]
        for word in (fresh & firsts).union([w for w in joined if any(rest in firsts for _, rest in variants(w))]):
            ways = self._seen[word]
            self._seconds[word] = frozenset().union(*(seconds for _, _, _, seconds in ways))
            if any(() in phrases for _, _, phrases, _ in ways):
                self._alone.add(word)

    def _forget(self) -> None:
        """Ask anew about every word."""
        self._seen.clear()
        self._asked.clear()
        self._alone.clear()
        self._seconds.clear()

    def _phrases(self, first: str) -> _Phrases[T] | None:
        """Return the phrases that begin with a word."""
        found = self._first.get(first)
        if found is None:
            for phrases, value_of in self._packs:
                if first in phrases:
                    found = self._first.setdefault(first, {})
                    self._wake(found, phrases[first], value_of)
        return found

    def _wake(self, known: _Phrases[T], lines: str, value_of: Callable[[str], T]) -> None:
        """Put packed phrases among the others of their first word."""
        for line in lines.split("\n"):
            rest, _, mark = line.partition("\t")
            key = tuple(rest.split())
            values = known.get(key, ())
            known[key] = [*values, value_of(mark)] if isinstance(values, list) else (*values, (value_of, mark))

    def _values(self, phrases: _Phrases[T], rest: tuple[str, ...]) -> list[T]:
        """Return what a phrase stands for, none if it is not known; it waits no longer."""
        found = phrases.get(rest, [])
        if isinstance(found, tuple):
            found = phrases[rest] = [value_of(mark) for value_of, mark in found]
        return found

    def _openings(self, word: str) -> Sequence[_Opening[T]]:
        """Return the ways to read a word as the first of phrases."""
        ways = [way for way in variants(word) if way[1] in self._firsts]
        return [(clitic, *_shape(phrases)) for clitic, rest in ways if (phrases := self._phrases(rest))]

    def match(self, words: Sequence[str], at: int) -> list[Match[list[T]]]:
        """Return the longest phrase at a position for each reading of its first word."""
        found = []
        after = words[at + 1] if at + 1 < len(words) else ""
        for clitic, lengths, phrases, seconds in self._seen[words[at]]:
            if after not in seconds:
                if () in phrases:
                    found.append(Match(clitic, 1, self._values(phrases, ())))
                continue
            for more in lengths:
                rest = tuple(words[at + 1 : at + 1 + more])  # shorter than asked at the end of the text
                if rest in phrases:
                    found.append(Match(clitic, 1 + len(rest), self._values(phrases, rest)))
                    break
        return found
