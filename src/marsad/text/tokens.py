"""Tokens and sentences with offsets into the text as published; the text is never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, compress
from typing import NamedTuple

from marsad.text.letters import fold
from marsad.text.memo import Memo

# A letter may carry marks, stretchers and joiners inside the word; a digit run may carry separators.
_JOINERS = "\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u00ad"
# Nearly every word is bare Arabic letters, nearly every gap one space: seen at a glance, they take half the time.
_TOKEN = re.compile(
    rf"([ء-غف-ي]++(?![\w{_JOINERS}])"
    rf"|(?! )(?:[^\W\d_][^\W\d_{_JOINERS}]*(?:[{_JOINERS}]+[^\W\d_]*)*"
    r"|\d+(?:[.,٫٬]\d+)*"
    r"|\r?\n|[^\s\w]|_))"
)
OPENERS = {"«": "»", "“": "”", "„": "”", "‘": "’", "‹": "›", "(": ")", "[": "]", "{": "}"}
CLOSERS = {b: a for a, b in OPENERS.items()}
STOPS = frozenset(".!?؟؛…\n")
_ENDS = STOPS | {"\r\n"}
# Short titles and initials whose dot ends nothing: "د. خالد", "أ. محمد", "م. ع.".
_TITLES = frozenset({"د", "ا", "م", "ع", "ص", "س", "ج", "ب", "ه", "و", "ت", "ر", "ك", "ط"})


class Token(NamedTuple):
    """One word, number or sign: its text, its folded form, where it stands, its sentence."""

    text: str
    fold: str
    start: int
    end: int
    sentence: int


class Tokens(NamedTuple):
    """The tokens of a text in parallel lists: their texts, folded forms, where they stand, their sentences."""

    texts: list[str]
    folds: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]

    def only(self, chosen: Sequence[object]) -> Tokens:
        """Return the tokens at whose place a truth is told."""
        return Tokens(
            list(compress(self.texts, chosen)),
            list(compress(self.folds, chosen)),
            list(compress(self.starts, chosen)),
            list(compress(self.ends, chosen)),
            list(compress(self.sentences, chosen)),
        )


def _folded(word: str) -> str:
    return "\n" if word == "\r\n" else fold(word).lower()


_FOLDS = Memo(_folded, 200_000)


def tokenise(text: str) -> list[Token]:
    """Return the tokens of the text in order; a line break is a token "\\n" that ends a sentence."""
    return list(map(Token._make, zip(*cut(text), strict=True)))


def cut(text: str) -> Tokens:
    """Return the tokens of the text in parallel lists; an object for each would take as long as all the rest."""
    parts = _TOKEN.split(text)  # what stands between, a token, what stands between, ...
    bounds = list(accumulate(map(len, parts)))
    raw = parts[1::2]
    folds = list(map(_FOLDS.__getitem__, raw))
    tokens = Tokens(raw, folds, bounds[0:-1:2], bounds[1::2], _sentences(parts, raw))
    return tokens if all(folds) else tokens.only(folds)  # a run of nothing but marks is no word


def _sentences(parts: list[str], raw: list[str]) -> list[int]:
    """Return the number of the sentence of each token."""
    numbers: list[int] = []
    for sentence, end in enumerate([*_sentence_ends(parts, raw), len(raw)]):
        numbers += [sentence] * (end - len(numbers))
    return numbers


def _sentence_ends(parts: list[str], raw: list[str]) -> Iterator[int]:
    """Yield the index after each sentence; a closing mark that touches the stop still belongs to it."""
    for i in [i for i, word in enumerate(raw) if word in _ENDS]:
        if raw[i] != "." or _is_full_stop(raw, i):
            end = i + 1
            while end < len(raw) and not parts[2 * end] and (raw[end] in CLOSERS or raw[end] in "\"'"):
                end += 1
            yield end


def _is_full_stop(raw: list[str], i: int) -> bool:
    """Tell whether a dot ends a sentence: not after a short title, nor between digits."""
    before = raw[i - 1] if i else ""
    after = raw[i + 1] if i + 1 < len(raw) else ""
    if len(before) == 1 and fold(before) in _TITLES:
        return False
    return not (before.isdigit() and after.isdigit())
