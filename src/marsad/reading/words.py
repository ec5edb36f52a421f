"""A report as a row of words: what each can mean, and the breaks, quotes and clauses between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from marsad.reading.lexicon import Lexicon, Word
from marsad.text.tokens import CLOSERS, OPENERS, Token

NONE, SOFT, COMMA, COLON, STOP = 0, 1, 2, 3, 4
_BREAK = {",": COMMA, "،": COMMA, ":": COLON, ";": COLON, "؛": COLON, "…": COLON, "\n": STOP}
_BULLETS = frozenset("-–—•*·▪●")
# A quotation shorter than this many words is a name or a phrase held at arm's length, not speech.
_SPEECH_WORDS = 4


@dataclass(slots=True)
class Words:
    """The words of a report in parallel lists; `at[k]` is the word index at or after token k."""

    text: str
    tokens: list[Token]
    items: list[Token] = field(default_factory=list)
    folds: list[str] = field(default_factory=list)
    senses: list[Word] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    quoted: list[bool] = field(default_factory=list)
    flags: list[frozenset[str]] = field(default_factory=list)
    paragraph: list[int] = field(default_factory=list)
    clause: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    sentences: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.items)

    def sentence(self, i: int) -> int:
        """Return the number of the sentence of word i."""
        return self.items[i].sentence

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the character offsets of the words from first to last, both included."""
        return self.items[first].start, self.items[last].end

    def slice(self, first: int, last: int) -> str:
        """Return the text as published from word first to word last, both included."""
        return self.text[self.items[first].start : self.items[last].end]


def lay_out(text: str, tokens: list[Token], lexicon: Lexicon) -> Words:
    """Return the words of the tokens with their senses, breaks, paragraphs and quotations."""
    words = Words(text, tokens)
    signs = [k for k, token in enumerate(tokens) if not token.fold[0].isalnum()]
    paragraph, start = 0, 0
    brk = STOP
    for sign in [*signs, len(tokens)]:
        if sign > start:
            _append(words, start, sign, brk, paragraph)
            brk = NONE
        words.at.append(len(words.items))
        if sign < len(tokens):
            brk = max(brk, _break_at(tokens, sign))
            paragraph += tokens[sign].fold == "\n"
        start = sign + 1
    words.folds = [item.fold for item in words.items]
    words.senses = list(map(lexicon.senses.__getitem__, words.folds))
    words.quoted = _quoted(words, _quotations(tokens, signs))
    _cue_phrases(words)
    return words


def _append(words: Words, start: int, end: int, brk: int, paragraph: int) -> None:
    """Add the words between two signs; a new sentence begins at the first of them or not at all."""
    first, more = len(words.items), end - start
    words.items += words.tokens[start:end]
    words.at += range(first, first + more)
    words.paragraph += [paragraph] * more
    sentence = words.tokens[start].sentence
    opened, _ = words.sentences.get(sentence, (first, 0))
    words.sentences[sentence] = opened, first + more - 1
    words.breaks += [STOP if opened == first else brk, *[NONE] * (more - 1)]


def _break_at(tokens: list[Token], sign: int) -> int:
    """Return how much the sign parts the words beside it; a bullet after a space or dash parts like a comma."""
    brk = _BREAK.get(tokens[sign].text, SOFT)
    bullet = tokens[sign].text in _BULLETS and sign > 0 and tokens[sign - 1].text in " -–—"
    return max(brk, COMMA) if bullet else brk


def _cue_phrases(words: Words) -> None:
    """Add the flags of cues of several words ("من المقرر أن") to the word where each begins."""
    folds = words.folds
    words.flags = [s.flags for s in words.senses]
    for i, cues in [(i, sense.cues) for i, sense in enumerate(words.senses[:-1]) if sense.cues is not None]:
        for rest, name in cues.get(folds[i + 1], ()):
            if tuple(folds[i + 2 : i + 2 + len(rest)]) == rest:
                words.flags[i] = words.flags[i] | {name}


def _quoted(words: Words, quotations: Iterator[tuple[int, int]]) -> list[bool]:
    """Tell for each word whether it stands between the tokens of a quotation, both included."""
    quoted = [False] * len(words.items)
    for first, last in quotations:
        a, b = words.at[first], words.at[last]
        if b - a >= _SPEECH_WORDS:
            quoted[a:b] = [True] * (b - a)
    return quoted


def _quotations(tokens: list[Token], signs: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the opening and the closing token of each quotation."""
    opened: int | None = None
    closer = ""
    for k in signs:
        mark = tokens[k].text
        if opened is None:
            if mark in ('"', "“", "«", "”", "„"):
                opened, closer = k, OPENERS.get(mark, '"' if mark == '"' else "”")
            elif mark == "'" and tokens[k + 1 : k + 2] and tokens[k + 1].text == "'":
                opened, closer = k, "'"
        elif _closes(mark, closer):
            yield opened, k
            opened = None
        elif mark == "\n" and k - opened > 150:
            opened = None


def _closes(mark: str, closer: str) -> bool:
    """Tell whether a sign ends a quotation that `closer` should end; outlets mix their signs."""
    if mark == closer or (mark == '"' and closer == "”"):
        return True
    return mark in CLOSERS and mark not in ")]}" and closer != '"'


def find_clauses(words: Words, joins: set[int]) -> None:
    """Number the clauses; `joins` are words that a comma or a starter does not set apart."""
    parted = zip(words.breaks, words.senses, strict=True)
    starts = [
        i for i, (brk, sense) in enumerate(parted) if brk >= STOP or ((brk >= COMMA or sense.opens) and i not in joins)
    ]
    for number, (start, end) in enumerate(pairwise([*starts, len(words)])):
        words.clause += [number] * (end - start)
