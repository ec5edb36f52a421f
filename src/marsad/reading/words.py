"""A report as a row of words: what each can mean, and the breaks, quotes and clauses between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, compress, count, pairwise

from marsad.reading.lexicon import DULL, Lexicon, Word
from marsad.text.tokens import CLOSERS, OPENERS, Tokens

NONE, SOFT, COMMA, COLON, STOP = 0, 1, 2, 3, 4
_BREAK = {",": COMMA, "،": COMMA, ":": COLON, ";": COLON, "؛": COLON, "…": COLON, "\n": STOP}
_BULLETS = frozenset("-–—•*·▪●")
# A quotation shorter than this many words is a name or a phrase held at arm's length, not speech.
_SPEECH_WORDS = 4


@dataclass(slots=True)
class Words:
    """The words of a report in parallel lists; `at[k]` is the word index at or after token k."""

    text: str
    tokens: Tokens
    texts: list[str] = field(default_factory=list)
    folds: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)
    senses: list[Word] = field(default_factory=list)
    telling: list[int] = field(default_factory=list)  # the words that say anything to us
    breaks: list[int] = field(default_factory=list)
    quoted: list[bool] = field(default_factory=list)
    flags: list[frozenset[str]] = field(default_factory=list)
    paragraph: list[int] = field(default_factory=list)
    clause: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    sentences: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.folds)

    def sentence(self, i: int) -> int:
        """Return the number of the sentence of word i."""
        return self.sentence_of[i]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the character offsets of the words from first to last, both included."""
        return self.starts[first], self.ends[last]

    def slice(self, first: int, last: int) -> str:
        """Return the text as published from word first to word last, both included."""
        return self.text[self.starts[first] : self.ends[last]]


def lay_out(text: str, tokens: Tokens, lexicon: Lexicon) -> Words:
    """Return the words of the tokens with their senses, breaks, paragraphs and quotations."""
    words, is_word = Words(text, tokens), [fold[0].isalnum() for fold in tokens.folds]
    signs = [k for k, word in enumerate(is_word) if not word]
    words.texts, words.folds, words.starts, words.ends, words.sentence_of = tokens.only(is_word)
    words.at = list(accumulate(is_word, initial=0))
    lines = accumulate([fold == "\n" for fold in tokens.folds])
    words.paragraph = list(compress(lines, is_word))
    words.sentences = _sentences(words.sentence_of)
    words.breaks = _breaks(words, signs)
    words.senses = list(map(lexicon.senses.__getitem__, words.folds))
    words.telling = [i for i, sense in enumerate(words.senses) if sense is not DULL]
    words.quoted = _quoted(words, _quotations(tokens.texts, signs))
    _cue_phrases(words)
    return words


def _sentences(sentence_of: list[int]) -> dict[int, tuple[int, int]]:
    """Return the first and the last word of each sentence that has words, in order."""
    last = dict(zip(sentence_of, count(), strict=False))
    starts = [0, *(end + 1 for end in last.values())]
    return {sentence: (start, end) for start, (sentence, end) in zip(starts, last.items(), strict=False)}


def _breaks(words: Words, signs: list[int]) -> list[int]:
    """Return how much each word is parted from the one before: by the signs between them, or as a new sentence."""
    breaks = [NONE] * (len(words) + 1)
    for sign in signs:
        word = words.at[sign]
        breaks[word] = max(breaks[word], _break_at(words.tokens.texts, sign))
    for first, _ in words.sentences.values():
        breaks[first] = STOP
    return breaks[:-1]


def _break_at(texts: list[str], sign: int) -> int:
    """Return how much the sign parts the words beside it; a bullet after a space or dash parts like a comma."""
    brk = _BREAK.get(texts[sign], SOFT)
    bullet = texts[sign] in _BULLETS and sign > 0 and texts[sign - 1] in " -–—"
    return max(brk, COMMA) if bullet else brk


def _cue_phrases(words: Words) -> None:
    """Add the flags of cues of several words ("من المقرر أن") to the word where each begins."""
    folds = words.folds
    words.flags = [s.flags for s in words.senses]
    senses, last = words.senses, len(folds) - 1
    for i in [i for i in words.telling if senses[i].cues is not None and i < last]:
        for rest, name in (senses[i].cues or {}).get(folds[i + 1], ()):
            if tuple(folds[i + 2 : i + 2 + len(rest)]) == rest:
                words.flags[i] = words.flags[i] | {name}


def _quoted(words: Words, quotations: Iterator[tuple[int, int]]) -> list[bool]:
    """Tell for each word whether it stands between the tokens of a quotation, both included."""
    quoted = [False] * len(words)
    for first, last in quotations:
        a, b = words.at[first], words.at[last]
        if b - a >= _SPEECH_WORDS:
            quoted[a:b] = [True] * (b - a)
    return quoted


def _quotations(texts: list[str], signs: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the opening and the closing token of each quotation."""
    opened: int | None = None
    closer = ""
    for k in signs:
        mark = texts[k]
        if opened is None:
            if mark in ('"', "“", "«", "”", "„"):
                opened, closer = k, OPENERS.get(mark, '"' if mark == '"' else "”")
            elif mark == "'" and texts[k + 1 : k + 2] == ["'"]:
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
