"""A report as a row of words: what each can mean, and the breaks, quotes and clauses between them."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    live: list[int] = field(default_factory=list)

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
    pending, paragraph, last_sentence = NONE, 0, 0
    quotes = _quotations(tokens)
    for k, token in enumerate(tokens):
        words.at.append(len(words.items))
        first = token.fold[0]
        if not (first.isalnum()):
            pending = max(pending, _BREAK.get(token.text, SOFT))
            paragraph += token.fold == "\n"
            if token.text in _BULLETS and tokens[k - 1 : k] and tokens[k - 1].text in " -–—":
                pending = max(pending, COMMA)
            continue
        if token.sentence != last_sentence:
            pending, last_sentence = STOP, token.sentence
        _append(words, token, lexicon.word(token.fold), STOP if not words.items else pending, paragraph, quotes[k])
        pending = NONE
    words.at.append(len(words.items))
    _cue_phrases(words, lexicon)
    return words


def _cue_phrases(words: Words, lexicon: Lexicon) -> None:
    """Add the flags of cues of several words ("من المقرر أن") to the word where each begins."""
    words.flags = [s.flags for s in words.senses]
    phrases = lexicon.cue_phrases
    for i, folded in enumerate(words.folds):
        for start in (folded, folded[1:]) if folded[0] in "وف" else (folded,):
            for rest, name in phrases.get(start, ()):
                if tuple(words.folds[i + 1 : i + 1 + len(rest)]) == rest:
                    words.flags[i] = words.flags[i] | {name}


def _append(words: Words, token: Token, sense: Word, brk: int, paragraph: int, quoted: bool) -> None:
    if not sense.empty or token.fold[0].isdigit():
        words.live.append(len(words.items))
    words.items.append(token)
    words.folds.append(token.fold)
    words.senses.append(sense)
    words.breaks.append(brk)
    words.paragraph.append(paragraph)
    words.quoted.append(quoted)


def _quotations(tokens: list[Token]) -> list[bool]:
    """Tell for each token whether it stands inside quotation marks as somebody's words."""
    inside = [False] * len(tokens)
    opened: int | None = None
    closer = ""
    for k, token in enumerate(tokens):
        mark = token.text
        if opened is None:
            if mark in ('"', "“", "«", "”", "„"):
                opened, closer = k, OPENERS.get(mark, '"' if mark == '"' else "”")
            elif mark == "'" and tokens[k + 1 : k + 2] and tokens[k + 1].text == "'":
                opened, closer = k, "'"
        elif (
            mark == closer
            or (mark in CLOSERS and mark not in ")]}" and closer != '"')
            or (mark == '"' and closer == "”")
        ):
            _mark(inside, tokens, opened, k)
            opened = None
        elif mark == "\n" and k - opened > 150:
            opened = None
    return inside


def _mark(inside: list[bool], tokens: list[Token], first: int, last: int) -> None:
    spoken = sum(t.fold[0].isalnum() for t in tokens[first:last])
    if spoken >= _SPEECH_WORDS:
        inside[first : last + 1] = [True] * (last + 1 - first)


def find_clauses(words: Words, starters: frozenset[str], joins: set[int]) -> None:
    """Number the clauses; `joins` are words that a comma or و before them does not set apart."""
    number = -1
    for i, fold in enumerate(words.folds):
        bare = fold[1:] if fold[0] in "وف" and len(fold) > 3 else fold
        new = words.breaks[i] >= STOP or (words.breaks[i] >= COMMA and i not in joins)
        new = new or ((fold in starters or bare in starters) and i not in joins)
        sense = words.senses[i]
        if not new and fold[0] in "وف" and i not in joins:
            new = bool(sense.saying) or any(
                t.form.tense in ("past", "present") and t.split.before[:1] in ("و", "ف") for t in sense.triggers
            )
        number += new or number < 0
        words.clause.append(number)
