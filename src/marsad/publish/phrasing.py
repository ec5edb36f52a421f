"""Phrases, the patterns that they fill, and what every language in which a digest is told has in common."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from marsad.loading.prose import Noun, Party, Prose, prose, site_words
from marsad.loading.voices import voice_words
from marsad.publish.amounts import Amount, amount_of
from marsad.publish.cells import one_line
from marsad.text.letters import fold

Row = Mapping[str, Any]
# A list of places longer than MOST says the first FIRST and how many more there are; of sites, the first three. In
# brackets two are named, of more how many they are.
MOST, FIRST, MOST_SITES, MOST_IN_BRACKETS = 6, 4, 3, 2
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(?:(?P<word>[^{}@]+?)(?P<way>@@?))?(?P<slot>\w+)(?:\.(?P<case>[galbw]))?\}")
# A pattern that begins with a verb and its subject; behind "said that" the subject comes first.
_VERB_FIRST = re.compile(r"^\{([^{}@]+)@(actor|holder|place)\} \{\2\}")
_FRAME_OF_SIGN = {"more": "more_than", "least": "at_least", "less": "less_than", "most": "at_most"}
# The joined letters that a report's sentence may leave on the words for somebody or something.
_JOINED = re.compile(r"^(?:[وفبك])(?=ال)")
_OWNED = re.compile(r"(?<=\w{3})(?:ها|هم|هما)$|(?<=ات)ه$|(?<=ان)ه$")
# A word with a pronoun that points back, as "their forces": a name neither begins so nor goes on so.
_POINTS_BACK = re.compile(r"^(?!ال)\w{3,}(?:ها|هما|هم)$")


class Phrase(NamedTuple):
    """Words that name something: as a subject, behind a preposition or a noun (`gen`), as an object (`acc`).

    `fem`, `two` and `many` are what agrees with it: `many` is a plural of persons in Arabic, any plural in English.
    """

    nom: str
    gen: str
    acc: str
    fem: bool = False
    many: bool = False
    two: bool = False

    @property
    def cases(self) -> tuple[str, str, str]:
        """Return the words in each case."""
        return self.nom, self.gen, self.acc

    def map(self, change: Callable[[str], str]) -> Phrase:
        """Return the phrase with its words changed in each case."""
        return self._replace(nom=change(self.nom), gen=change(self.gen), acc=change(self.acc))


def plain(words: str, fem: bool = False, many: bool = False) -> Phrase:
    """Return a phrase that is the same in each case."""
    return Phrase(words, words, words, fem, many)


Slots = Mapping[str, Phrase]


class Said(NamedTuple):
    """A value with the names of those who say so; none where all do."""

    value: Any
    by: tuple[str, ...] = ()


def subject_first(pattern: str) -> str | None:
    """Return a pattern that begins with a verb and its subject with the subject before it; None for another."""
    turned, times = _VERB_FIRST.subn(r"{\2.a} {\1@@\2}", pattern)
    return turned if times else None


class Tongue(ABC):
    """A language in which a digest is told: its words, and the grammar by which they become sentences."""

    lang: str

    @property
    def prose(self) -> Prose:
        """Return the words of the language."""
        return prose(self.lang)

    @abstractmethod
    def agree(self, word: str, phrase: Phrase, behind: bool) -> str:
        """Return the word in the gender and number of the phrase, before it or `behind` it."""

    @abstractmethod
    def attach(self, letter: str, words: str) -> str:
        """Return the words with a letter joined to their front."""

    @abstractmethod
    def joined(self, phrases: Sequence[Phrase]) -> Phrase:
        """Return several as one list."""

    @abstractmethod
    def quoted(self, text: str) -> Phrase:
        """Return a report's own words for somebody whom nothing knows."""

    @abstractmethod
    def count(self, number: int, noun: Noun) -> Phrase:
        """Return a number with its noun."""

    @abstractmethod
    def bare(self, number: int) -> str:
        """Return a number without its noun."""

    @abstractmethod
    def vague(self, amount: Amount, noun: Noun | None) -> Phrase:
        """Return an amount in words: tens of people."""

    @abstractmethod
    def between(self, low: str, high: str) -> str:
        """Return a range of two amounts."""

    @abstractmethod
    def clauses(self, words: Sequence[str]) -> str:
        """Return several statements as one."""

    @abstractmethod
    def aspects(self, words: Sequence[str]) -> str:
        """Return several clauses that hang on one noun as one statement."""

    @abstractmethod
    def within(self, label: str) -> str:
        """Return a label as it stands within a sentence."""

    @abstractmethod
    def changed(self, number: int) -> Phrase:
        """Return by how many places a side has more or fewer."""

    @abstractmethod
    def either(self, amounts: Sequence[str]) -> str:
        """Return amounts of which one is true."""

    @abstractmethod
    def places(self, rows: Sequence[Row]) -> Phrase:
        """Return places as a list, of a long one the first, with the words for their kinds."""

    @abstractmethod
    def some(self, words: str) -> Phrase:
        """Return people whom nobody counts."""

    @abstractmethod
    def located(self, rows: Sequence[Row]) -> str:
        """Return where something is: the places, each with `as` what it is told, behind their prepositions."""

    @abstractmethod
    def site_list(self, names: Sequence[str], others: bool) -> Phrase:
        """Return sites as a list; `others` says that there are more."""

    @abstractmethod
    def source(self, name: str, theatre: str = "") -> Phrase:
        """Return what a source is called."""

    @abstractmethod
    def area(self, name: str, name_ar: str | None, country: str) -> str:
        """Return a governorate as a heading."""

    @abstractmethod
    def finished(self, words: str) -> str:
        """Return the words as a sentence."""

    def fill(self, pattern: str, slots: Slots) -> str | None:
        """Return the pattern filled, what stands in brackets where its slots are there; None where another is not."""
        pattern = _OPTIONAL.sub(lambda part: self._filled(part.group(1), slots) or "", pattern)
        return self._filled(pattern, slots)

    def _filled(self, pattern: str, slots: Slots) -> str | None:
        if any(match["slot"] not in slots for match in _SLOT.finditer(pattern)):
            return None
        return _SLOT.sub(lambda match: self._word(match, slots[match["slot"]]), pattern)

    def _word(self, match: re.Match[str], phrase: Phrase) -> str:
        case = match["case"]
        if match["word"]:
            return self.agree(match["word"], phrase, match["way"] == "@@")
        if case in ("l", "b", "w"):
            return self.attach(case, phrase.gen)
        return phrase.gen if case == "g" else phrase.acc if case == "a" else phrase.nom

    def fill_first(self, patterns: Iterable[str], slots: Slots) -> str | None:
        """Return the first of the patterns whose slots are there, filled."""
        return next((said for pattern in patterns if (said := self.fill(pattern, slots)) is not None), None)

    def frame(self, name: str, way: int = 0, /, **slots: Phrase) -> str:
        """Return one of the ways of a frame of the language, filled."""
        return self.fill(self.prose.frame(name, way), slots) or ""

    def named(self, party: Party) -> Phrase:
        """Return what a party is called."""
        gen = party.gen or party.nom
        return Phrase(party.nom, gen, party.acc or gen, party.fem, party.many)

    def counted(self, value: Any, noun: str) -> Phrase:
        """Return a count of things: 27, ">90", "tens"."""
        amount, word = amount_of(value), self.prose.nouns[noun]
        if amount.sign in ("vague", "unknown"):
            return self.vague(amount, word)
        if amount.sign == "between":
            most = self.count(int(amount.high), word)
            return most._replace(two=False).map(lambda words: self.between(self.bare(int(amount.low)), words))
        counted = self.count(int(amount.low), word)
        frame = _FRAME_OF_SIGN.get(amount.sign)
        return counted if frame is None else plain(self.frame(frame, n=counted), fem=False, many=counted.many)

    def ranged(self, said: Sequence[Said], noun: str, theatre: str = "") -> Phrase:
        """Return the counts that several give: between 45 (who) and 63 dead (who)."""
        last = self.counted(said[-1].value, noun)
        if len(said) == 1:
            return last.map(lambda words: words + self.by(said[0].by, theatre))
        first = [self._alone(amount_of(s.value)) + self.by(s.by, theatre) for s in said[:-1]]
        whole = last.gen + self.by(said[-1].by, theatre)
        signs = {amount_of(s.value).sign for s in said}
        if len(said) == 2 and signs <= {"exact", "more"}:
            return plain(self.between(first[0], whole), last.fem, last.many)
        return plain(self.either([*first, whole]), last.fem, last.many)

    def _alone(self, amount: Amount) -> str:
        """Return an amount without its noun."""
        if amount.sign in ("vague", "unknown"):
            return self.vague(amount, None).gen
        number = self.bare(int(amount.low))
        if amount.sign == "between":
            return self.between(number, self.bare(int(amount.high)))
        frame = _FRAME_OF_SIGN.get(amount.sign)
        return self.frame(frame, n=plain(number)) if frame else number

    def by(self, names: Sequence[str], theatre: str = "") -> str:
        """Return in brackets who says so, of many how many they are; "" where all do."""
        if len(names) > MOST_IN_BRACKETS:
            return f" ({self.count(len(names), self.prose.nouns['voice']).nom})"
        return f" ({self.joined([self.source(name, theatre) for name in names]).gen})" if names else ""

    def sites(self, rows: Sequence[Row]) -> Phrase:
        """Return sites as a list in the words of the reports."""
        names = list(dict.fromkeys(site_name(row["text"]) for row in rows))
        return self.site_list(names[:MOST_SITES], len(names) > MOST_SITES)

    def sources(self, names: Sequence[str], theatre: str = "", quoted: Mapping[str, str] | None = None) -> Phrase:
        """Return those who say so: their names, and of more than two how many they are.

        Of two, whoever has `quoted` somebody without a name quotes them.
        """
        told = [self._quoting(name, theatre, (quoted or {}).get(name, "")) for name in names[:2]]
        shown = self.joined(told if len(names) <= 2 else [self.source(name, theatre) for name in names[:MOST]])
        if len(names) <= 2:
            return shown
        others = self.prose.frame("others") if len(names) > MOST else ""
        counted = self.count(len(names), self.prose.nouns["source"])
        return counted.map(lambda words: f"{words} ({shown.gen}{others})")

    def _quoting(self, name: str, theatre: str, words: str) -> Phrase:
        own, known = self.source(name, theatre), source_name(words).split()
        is_own = bool(known) and known[0] in prose("ar").lists["correspondents"]
        if not known or is_own or len(known) < min(2, len(words.split())):
            return own  # what is left of "a count that the Observatory made" says no more than the outlet
        other = self.source(words, theatre)
        return own.map(lambda said: self.frame("quoting", x=plain(said), n=other))

    def day(self, day: str, year: bool = False, weekday: bool = False) -> str:
        """Return an ISO day in words: Friday 6 July 2018."""
        when = date.fromisoformat(day)
        parts = (self.prose.weekdays[when.weekday()] if weekday else "", str(when.day),
                 self.prose.months[when.month - 1], str(when.year) if year else "")  # fmt: skip
        return " ".join(part for part in parts if part)

    def span(self, first: str, last: str, year: bool = False) -> tuple[str, str]:
        """Return the first and the last day of a time; the month is said once where it is one."""
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        is_one = (start.year, start.month) == (end.year, end.month)
        apart = year and start.year != end.year
        return str(start.day) if is_one else self.day(first, apart), self.day(last, year)


def unjoined(text: str) -> str:
    """Return a report's words without the letters that its sentence joined to their front: والآليات, للمعبر."""
    flat = one_line(text)
    if flat.startswith("لل"):
        return "ال" + flat[2:]
    return _JOINED.sub("", flat)


def unowned(text: str) -> str:
    """Return words without the pronoun at their end that points to somebody the digest does not name: قيادتها."""
    bare = _OWNED.sub("", text)
    return bare[:-1] + "ة" if bare != text and re.search("[^ا]ت$", bare) else bare


def site_name(text: str) -> str:
    """Return a report's words for a site without the letters joined to them: وأحياء, where the rest names a site."""
    flat = unowned(unjoined(text))
    first = fold(flat.split()[0]) if flat else ""
    is_joined = first[:1] in "وفبلك" and first not in site_words() and first[1:] in site_words()
    return _without_alif(flat[1:] if is_joined else flat)


def _without_alif(text: str) -> str:
    """Return a single word for a site without the ending of an object: مخيماً."""
    bare = re.sub("(?:اً|ًا|ا)$", "", text)
    return bare if " " not in text and fold(bare) in site_words() else text


def _unattached(name: str) -> str:
    """Return a name without the "to" joined to it: للائتلاف, لوكالة كذا."""
    if name.startswith("لل"):
        return "ال" + name[2:]
    first = fold(name.split()[0]) if name else ""
    return name[1:] if first[:1] == "ل" and first[1:] in voice_words().outlet else name


def source_name(name: str) -> str:
    """Return the name of a source without what the reader took from behind it; "" for what is no name."""
    lists = prose("ar").lists
    flat = one_line(name)
    flat = _unattached(flat)
    words = (flat.replace('"', "") if flat.count('"') % 2 else flat).split()
    ends = (i for i, word in enumerate(words) if i and (word in lists["ends"] or _POINTS_BACK.search(word)))
    kept = words[: next(ends, len(words))]
    while len(kept) > 1 and kept[-1] in lists["tails"]:
        kept.pop()
    is_none = (
        not kept
        or kept[0].endswith("اً")
        or bool(_POINTS_BACK.search(kept[0]))
        or fold(kept[0]) in map(fold, lists["no_source"])
    )
    return "" if is_none else " ".join(kept)
