"""Finding Arabic words alike wherever they are kept: one folding, light stems beside each word, ranked, marked.

Both engines hold three readings of each word: the word; what its first clitic leaves, in the same place, so that
phrases are found; and its core, without the article or a second clitic. A question says which readings it takes,
because not each is safe: a bare رقة may be read in برقة, but who asks for الرقة does not mean فرقة.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    MetaData,
    Select,
    Table,
    cast,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from marsad.errors import UsageError
from marsad.record.schema import document
from marsad.text.letters import fold

# The words come cut and folded: `ascii` splits at the blanks that we put and takes any other letter as it is,
# where `unicode61` would know only the letters of Unicode 6.1.
_SQLITE = ("CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(word, light, core, content='', tokenize='ascii')",)
_POSTGRESQL = (
    "CREATE TABLE IF NOT EXISTS words (document_n bigint PRIMARY KEY REFERENCES document (n), body tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_words_body ON words USING gin (body)",
)
# Not in the schema's metadata: each engine has its own kind of index under this name.
_words = Table("words", MetaData(), Column("rowid", Integer), Column("document_n", Integer), Column("body"))

# A word as the reader cuts it (text.tokens), and accents that stand as characters of their own.
_JOINERS = "\u0300-\u036f\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u00ad"
WORD = re.compile(rf"[^\W\d_][^\W\d_{_JOINERS}]*(?:[{_JOINERS}]+[^\W\d_]*)*|\d+(?:[.,٫٬]\d+)*")
_PART = re.compile(r"[^\W\d_]+|\d+")
_BLANK = re.compile(r"\s")
_THOUSANDS = re.compile(r"[,٬]")
_PLAIN = re.compile(r"[a-z0-9\u0621-\u064a]*")
# After the article two letters are a word (التل); after a single letter only three are (بحلب, but not بيت).
_DEFINITE = re.compile(r"([وف]?[بك]?)ال(..+)")
_DEFINITE_LAM = re.compile(r"[وف]?لل(..+)")
_LETTER = re.compile(r"[وفبكل](...+)")
_TWO_LETTERS = re.compile(r"[وف][بكل](...+)")
# Longer ones are addresses or noise; PostgreSQL takes no more than 2,046 bytes.
_LONGEST = 64
# Of more hits, the newest are ranked and the older follow, newest first: see docs of `search`.
RANKED = 2_000
# PostgreSQL takes one megabyte of different words in a document; a report of 1 MB of different words is a list.
_BYTES = 1_000_000
# What a word, a light stem and a core are worth.
_WEIGHTS = (1.0, 0.7, 0.5)
# A phrase with more words that may begin with a clitic is sought as it is written, and with clitics before its words.
_STEMS_IN_PHRASE = 4


class Form(NamedTuple):
    """How one word can be read: itself, without its first clitic (else itself), and its cores."""

    word: str
    light: str
    cores: tuple[str, ...]


class Needed(NamedTuple):
    """What every hit has: one word, or several next to each other; `prefix` where the last may go on."""

    terms: tuple[str, ...]
    prefix: bool = False


class Hit(NamedTuple):
    """A document found: the table and number of its row, and how well it meets the question (more is better)."""

    kind: str
    row_n: int
    score: float


def make_index(connection: Connection) -> None:
    """Make the engine's index of words where the record has none."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


def index_documents(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """Make the words of each (document.n, text) findable."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        inserted = "INSERT INTO words (rowid, word, light, core) VALUES (?, ?, ?, ?)"
        connection.exec_driver_sql(inserted, [(n, *_readings_of(written)) for n, written in rows])
        return
    numbers, bodies = [n for n, _ in rows], [_tsvector_of(written) for _, written in rows]
    inserted = (
        "INSERT INTO words (document_n, body) SELECT n, body::tsvector"
        " FROM unnest(CAST(:numbers AS bigint[]), CAST(:bodies AS text[])) AS given (n, body)"
    )
    connection.execute(text(inserted), {"numbers": numbers, "bodies": bodies})


def _readings_of(written: str) -> tuple[str, str, str]:
    """Return the words of a text for SQLite's columns: word and light in the same places, cores in any."""
    columns = [_columns_of(word) for word in WORD.findall(written)]
    if not columns:
        return "", "", ""
    words, lights, cores = zip(*columns, strict=True)
    return " ".join(words), " ".join(lights), " ".join(cores)


@lru_cache(maxsize=300_000)
def _columns_of(word: str) -> tuple[str, str, str]:
    forms = _forms(word)
    cores = " ".join([" ".join(form.cores) for form in forms])
    return " ".join([form.word for form in forms]), " ".join([form.light for form in forms]), cores


def _tsvector_of(written: str) -> str:
    """Return the words of a text as PostgreSQL writes them, weights A, B and C for word, light and core."""
    lexemes: dict[str, list[str]] = {}
    left = _BYTES
    for at, form in enumerate(forms_of(written), 1):
        light = ((form.light, "B"),) if form.light != form.word else ()
        for term, weight in ((form.word, "A"), *light, *((core, "C") for core in form.cores)):
            left -= 8 + (0 if term in lexemes else 4 * len(term))
            lexemes.setdefault(term, []).append(f"{min(at, 16_383)}{weight}")
        if left <= 0:
            break
    return " ".join(f"'{term}':{','.join(places)}" for term, places in lexemes.items())


def terms_of(written: str) -> list[str]:
    """Return every word of a text, folded, each followed by its light stems."""
    return [term for form in forms_of(written) for term in dict.fromkeys((form.word, form.light, *form.cores))]


def forms_of(written: str) -> list[Form]:
    """Return how each word of a text can be read, in order."""
    return [form for word in WORD.findall(written) for form in _forms(word)]


@lru_cache(maxsize=300_000)
def _forms(word: str) -> tuple[Form, ...]:
    """Return the readings of a word as written; of more than one where its sign divides it, as 1.5."""
    folded = fold(word).casefold()
    if not _PLAIN.fullmatch(folded):
        parts = unicodedata.normalize("NFKD", folded)
        folded = fold("".join([c for c in parts if not unicodedata.combining(c)])).casefold()
    if word[:1].isdecimal():
        folded = _THOUSANDS.sub("", folded)
    nunated = "\u064b" in word[-2:] and folded.endswith("ا")
    return tuple([_form(part[:_LONGEST], nunated) for part in _PART.findall(folded)])


def _form(word: str, nunated: bool) -> Form:
    light, cores = _stems(word)
    if nunated and len(word) > 3:  # شخصاً: the mark says that the alef is an ending
        cores = (*cores, *{word[:-1], light[:-1]})
    return Form(word, light, cores)


def _stems(word: str) -> tuple[str, tuple[str, ...]]:
    """Return the word without its first clitic, else itself, and its cores."""
    if found := _DEFINITE.fullmatch(word):
        return "ال" + found[2], (found[2],)
    if found := _DEFINITE_LAM.fullmatch(word):  # للجنة is "to the garden" and "to the committee"
        return "ال" + found[1], (found[1], "ل" + found[1])
    if found := _LETTER.fullmatch(word):
        second = _TWO_LETTERS.fullmatch(word)
        return found[1], (second[1],) if second else ()
    return word, ()


# What is between quotation marks of any kind, else what is between blanks and commas.
_ASKED = re.compile(r"\"([^\"]*)\"|“([^”]*)”|«([^»]*)»|([^\s\"“”«»،؛,;]+)")


def needed_by(asked: str) -> list[Needed]:
    """Return what a question needs, each once: its words, and what it has between quotation marks."""
    found: dict[Needed, None] = {}
    for match in _ASKED.finditer(asked):
        written = next(group for group in match.groups() if group is not None)
        terms = tuple(form.word for form in forms_of(written))
        prefix = written.rstrip().endswith("*")
        if prefix and terms and len(terms[-1]) < 2:
            raise UsageError(f"{written}: too many words begin so; write at least two letters before *")
        if terms:
            found[Needed(terms, prefix)] = None
    return list(found)


# A term and the readings in which it is sought: `w`, `l` and `c` are a word, its light stem and its cores.
_Sought = tuple[str, str]
_COLUMNS = {"w": "word", "l": "light", "c": "core"}
_LABELS = {"w": "A", "l": "B", "c": "C"}


@lru_cache(maxsize=10_000)
def _sought(term: str) -> tuple[_Sought, ...]:
    """Return what a word asked for is sought as; a hit has one of them."""
    light, cores = _stems(term)
    if term.startswith("ال") and cores:  # light, not core: الرقة is read in والرقة, and رقة in فرقة
        return ((term, "wl"), *([(cores[0], "w")] if len(cores[0]) > 2 else []))
    if light.startswith("ال") and cores:
        return ((term, "w"), (light, "wl"))
    # Its own first letter may be a clitic: then only the bare word is meant, or فرقة would find ورقة.
    return ((term, "wlc"), *([(light, "w")] if light != term else []))


def search(
    connection: Connection,
    asked: str,
    *,
    kind: str | None = None,
    limit: int = 20,
    offset: int = 0,
    only: ColumnElement[bool] | None = None,
) -> list[Hit]:
    """Return the documents that have all that is asked, the best first; raise UsageError where it holds no word.

    `only` is a condition on `document`. Of more than RANKED hits the newest are ranked, and after them come the
    others, the newest first with score 0: so a common word costs no more than a rare one.
    """
    needed = needed_by(asked)
    if not needed:
        raise UsageError(f"{asked!r} holds no word to search for; write one or more words")
    found, score, number = _found(connection, needed)
    if kind is not None:
        found = found.where(document.c.kind == kind)
    if only is not None:
        found = found.where(only)
    newest = found.order_by(number.desc())
    hits = _ranked(connection, newest.add_columns(score.label("score")), limit, offset)
    if len(hits) < limit and offset + limit > RANKED:
        older = newest.limit(limit - len(hits)).offset(max(RANKED, offset))
        hits += [Hit(row.kind, row.row_n, 0.0) for row in connection.execute(older)]
    return hits


def _ranked(connection: Connection, newest: Select[Any], limit: int, offset: int) -> list[Hit]:
    """Return the page of the newest hits by their score; of one score, by kind and row."""
    pool = newest.limit(RANKED).subquery()
    page = select(pool).order_by(pool.c.score.desc(), pool.c.row_n, pool.c.kind).limit(limit).offset(offset)
    return [Hit(row.kind, row.row_n, float(row.score)) for row in connection.execute(page)]


def _found(
    connection: Connection, needed: Sequence[Needed]
) -> tuple[Select[Any], ColumnElement[float], ColumnElement[int]]:
    """Return the statement of all hits, their score and the number to order them by, in the engine's own words."""
    if connection.dialect.name == "sqlite":
        # `+` keeps the planner from asking the index once for each document.
        joined = _words.join(document, document.c.n == literal_column("+words.rowid"))
        match = text("words MATCH :asked").bindparams(asked=" AND ".join(map(_match_of, needed)))
        rank = literal_column(f"-bm25(words, {', '.join(map(str, _WEIGHTS))})", Float)
        return select(document.c.kind, document.c.row_n).select_from(joined).where(match), rank, _words.c.rowid
    joined = _words.join(document, document.c.n == _words.c.document_n)
    query = cast(" & ".join(map(_tsquery_of, needed)), TSQUERY)
    weights = "{" + ", ".join(map(str, (0.0, *reversed(_WEIGHTS)))) + "}"
    score = func.ts_rank_cd(literal_column(f"'{weights}'::float4[]"), _words.c.body, query)
    statement = select(document.c.kind, document.c.row_n).select_from(joined).where(_words.c.body.op("@@")(query))
    return statement, score, _words.c.document_n


def _match_of(needed: Needed) -> str:
    """Return what FTS5 is to match; terms are letters and digits alone, so that nothing in them is an operator."""
    star = " *" if needed.prefix else ""
    if len(needed.terms) == 1:
        term = needed.terms[0]
        sought = [(term, "wlc")] if needed.prefix else _sought(term)
        return "(" + " OR ".join(f'{_columns_named(w)} : "{t}"{star}' for t, w in sought) + ")"
    whole = " ".join(needed.terms)
    return "(" + " OR ".join([f'{{word}} : "{whole}"{star}', *_light_phrases(needed, star)]) + ")"


def _columns_named(readings: str) -> str:
    return "{" + " ".join(_COLUMNS[reading] for reading in readings) + "}"


def _light_phrases(needed: Needed, star: str) -> Iterator[str]:
    """Yield the phrase as light stems write it: a word that has a stem of its own may stand there as that."""
    *most, last = ({_stems(term)[0]: term, term: ""} for term in needed.terms)
    if needed.prefix:
        last = {needed.terms[-1]: ""}
    ways = [*most, last]
    if sum(len(way) > 1 for way in ways) > _STEMS_IN_PHRASE:
        ways = [{term: ""} for term in needed.terms]
    for phrase in product(*(way.items() for way in ways)):
        also = "".join(f' AND {{word}} : "{term}"' for _, term in phrase if term)
        yield f'({{light}} : "{" ".join(stem for stem, _ in phrase)}"{star}{also})'


def _tsquery_of(needed: Needed) -> str:
    """Return what PostgreSQL is to match; terms are letters and digits alone, as above."""
    star = "*" if needed.prefix else ""
    if len(needed.terms) == 1:
        term = needed.terms[0]
        sought = [(term, "wlc")] if needed.prefix else _sought(term)
        return "(" + " | ".join(f"'{t}':{star}{_labels_named(w)}" for t, w in sought) + ")"
    *most, last = (f"'{term}':AB" for term in needed.terms)
    return "(" + " <-> ".join([*most, last.replace(":", f":{star}")]) + ")"


def _labels_named(readings: str) -> str:
    return "".join(_LABELS[reading] for reading in readings)


class _Mark(NamedTuple):
    """Characters that meet a question, and which of its needs they meet."""

    start: int
    end: int
    needed: int


def marked(written: str, asked: str, opening: str = "⟦", closing: str = "⟧", width: int | None = None) -> str:
    """Return the text with every word that meets the question between the signs, on the characters as written.

    With a width, return the stretch of about so many characters that meets most of it; … stands where more is.
    """
    marks = _marks_in(written, needed_by(asked))
    start, end = (0, len(written)) if width is None else _window(written, marks, width)
    pieces, at = ["…" if start else ""], start
    for mark in marks:
        if at <= mark.start and mark.end <= end:
            pieces += [written[at : mark.start], opening, written[mark.start : mark.end], closing]
            at = mark.end
    return "".join([*pieces, written[at:end], "…" if end < len(written) else ""])


def meets(written: str, asked: str) -> bool:
    """Tell whether the text has all that is asked, as the index would find it."""
    needed = needed_by(asked)
    return bool(needed) and len({mark.needed for mark in _marks_in(written, needed)}) == len(needed)


def _marks_in(written: str, needed: Sequence[Needed]) -> list[_Mark]:
    """Return the words that meet what is needed, in order."""
    placed = [(form, *match.span()) for match in WORD.finditer(written) for form in _forms(match.group())]
    forms = [form for form, _, _ in placed]
    marks = set()
    for number, need in enumerate(needed):
        for at in range(len(placed) - len(need.terms) + 1):
            if _meets(forms, at, need):
                marks |= {_Mark(start, end, number) for _, start, end in placed[at : at + len(need.terms)]}
    return sorted(marks)


def _meets(forms: Sequence[Form], at: int, need: Needed) -> bool:
    """Tell whether the words from a place on are what is needed, as the index would find them."""
    if len(need.terms) == 1:
        form, term = forms[at], need.terms[0]
        if need.prefix:
            return any(reading.startswith(term) for reading in (form.word, form.light, *form.cores))
        readings = {"w": (form.word,), "l": (form.light,), "c": form.cores}
        return any(sought in readings[where] for sought, wheres in _sought(term) for where in wheres)
    pairs = list(zip(need.terms, forms[at:], strict=False))
    whole = all(term in (form.word, form.light) for term, form in pairs[:-1])
    term, form = pairs[-1]
    ends = (form.word, form.light)
    return whole and (any(end.startswith(term) for end in ends) if need.prefix else term in ends)


def _window(written: str, marks: Sequence[_Mark], width: int) -> tuple[int, int]:
    """Return where the stretch begins and ends that meets most needs, of those the one with most words."""
    if len(written) <= width:
        return 0, len(written)
    starts = [max(0, mark.start - width // 4) for mark in marks] or [0]
    best = max(starts, key=lambda start: (_met(marks, start, start + width), -start))
    start = min(best, len(written) - width)
    inside = [mark for mark in marks if start <= mark.start and mark.end <= start + width]
    latest, earliest = (inside[0].start, inside[-1].end) if inside else (len(written), 0)
    return _word_start(written, start, latest), _word_end(written, start + width, earliest)


def _met(marks: Sequence[_Mark], start: int, end: int) -> tuple[int, int]:
    inside = [mark.needed for mark in marks if start <= mark.start and mark.end <= end]
    return len(set(inside)), len(inside)


def _word_start(written: str, at: int, latest: int) -> int:
    """Return the next place where a word begins, the place itself where there is none near."""
    if at == 0 or written[at - 1].isspace():
        return at
    blank = _BLANK.search(written, at, min(at + _LONGEST, latest))
    return blank.end() if blank else at


def _word_end(written: str, at: int, earliest: int) -> int:
    """Return the last place where a word ends, the place itself where there is none near."""
    if at >= len(written) or written[at].isspace():
        return at
    blanks = list(_BLANK.finditer(written, max(earliest, at - _LONGEST), at))
    return blanks[-1].start() if blanks else at
