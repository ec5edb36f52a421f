"""Tokens and sentences with offsets into the text as published; the text is never changed."""

from __future__ import annotations

import re
from typing import NamedTuple

from marsad.text.letters import fold

# A letter may carry marks, stretchers and joiners inside the word; a digit run may carry separators.
_JOINERS = "\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u00ad"
_TOKEN = re.compile(
    rf"[^\W\d_][^\W\d_{_JOINERS}]*(?:[{_JOINERS}]+[^\W\d_]*)*"
    r"|\d+(?:[.,٫٬]\d+)*"
    r"|\r?\n|[^\s\w]|_"
)
OPENERS = {"«": "»", "“": "”", "„": "”", "‘": "’", "‹": "›", "(": ")", "[": "]", "{": "}"}
CLOSERS = {b: a for a, b in OPENERS.items()}
STOPS = frozenset(".!?؟؛…\n")
# Short titles and initials whose dot ends nothing: "د. خالد", "أ. محمد", "م. ع.".
_TITLES = frozenset({"د", "ا", "م", "ع", "ص", "س", "ج", "ب", "ه", "و", "ت", "ر", "ك", "ط"})


class Token(NamedTuple):
    """One word, number or sign: its text, its folded form, where it stands, its sentence."""

    text: str
    fold: str
    start: int
    end: int
    sentence: int


def _memo_fold(seen: dict[str, str], word: str) -> str:
    folded = seen.get(word)
    if folded is None:
        if len(seen) > 200_000:
            seen.clear()
        folded = seen[word] = fold(word).lower()
    return folded


_FOLDS: dict[str, str] = {}


def _ends_sentence(raw: list[str], i: int) -> bool:
    word = raw[i]
    if word not in STOPS and word != "\r\n":
        return False
    if word != ".":
        return True
    before = raw[i - 1] if i else ""
    after = raw[i + 1] if i + 1 < len(raw) else ""
    if len(before) == 1 and fold(before) in _TITLES:
        return False
    return not (before.isdigit() and after.isdigit())


def tokenise(text: str) -> list[Token]:
    """Return the tokens of the text in order; a line break is a token "\\n" that ends a sentence."""
    found = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    raw = [f[0] for f in found]
    tokens: list[Token] = []
    sentence = 0
    ended = False
    for i, (word, start, end) in enumerate(found):
        # A closing mark that touches the stop still belongs to the sentence that it closes.
        if ended and not (start == found[i - 1][2] and (word in CLOSERS or word in "\"'")):
            sentence += 1
            ended = False
        folded = "\n" if word in ("\n", "\r\n") else _memo_fold(_FOLDS, word)
        if folded:  # a run of nothing but marks is no word
            tokens.append(Token(word, folded, start, end, sentence))
        if _ends_sentence(raw, i):
            ended = True
    return tokens
