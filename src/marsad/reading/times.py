"""Times: when a report says that something happened, from its words and its day of publication."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from hijridate import Gregorian, Hijri

from marsad.text.letters import fold
from marsad.text.tokens import Tokens

T = TypeVar("T")

_DAY = timedelta(days=1)
_NAME = "name"  # words that look like a time and name something; dropped before the answer
_UNPLACED = date(2000, 1, 1)  # stands for an unknown day of publication; never reaches a value
_GREGORIAN_YEARS = range(1900, 2101)
_HIJRI_YEARS = range(1343, 1501)  # what hijridate can convert
_DASHES = frozenset({"-", "–", "—", "ـ"})
# Days of a month and months of a year that a word like "early" means; "mid-2014" is June in the gold set.
_MONTH_PORTIONS = {"start": (1, 10), "middle": (15, 15), "mid": (11, 20), "end": (21, 31)}
_YEAR_PORTIONS = {"start": (1, 3), "middle": (6, 6), "mid": (5, 8), "end": (10, 12)}


class TimeMention(NamedTuple):
    """Words of a report that place an act in time, and the day or interval that they mean."""

    first: int
    last: int
    value: str | None
    kind: str


class Period(NamedTuple):
    """Days from `start` to `end`, both counted."""

    start: date
    end: date

    def iso(self) -> str:
        """Return the day, or the two days with a slash between them."""
        start, end = self.start.isoformat(), self.end.isoformat()
        return start if start == end else f"{start}/{end}"


class _Read(NamedTuple):
    """What a rule understood; `fixed` is true where the day of publication was not needed."""

    period: Period | None
    last: int
    kind: str = ""
    fixed: bool = False


class _Month(NamedTuple):
    number: int
    hijri: bool
    last: int
    year: int | None
    when: str
    fixed: bool


class _Counted(NamedTuple):
    """A length of time: `number` is 0 where only the plural stands; `loose` after "more than"."""

    unit: str
    number: int
    last: int
    loose: bool


class _Phrases(Generic[T]):
    """Phrases of one table, found by their first word; the longest is tried first."""

    def __init__(self, pairs: Iterable[tuple[str, T]]) -> None:
        self.by_first: dict[str, list[tuple[list[str], T]]] = {}
        for phrase, value in pairs:
            first, *rest = fold(phrase).split()
            self.by_first.setdefault(first, []).append((rest, value))
        for entries in self.by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, folds: Sequence[str], i: int) -> tuple[T, int] | None:
        """Return the meaning and the last index of the phrase that begins at `i`, if one does."""
        if i >= len(folds):
            return None
        for rest, value in self.by_first.get(folds[i], ()):
            if not rest or folds[i + 1 : i + 1 + len(rest)] == rest:
                return value, i + len(rest)
        return None


def _numbered(table: Mapping[str, Iterable[str]]) -> _Phrases[int]:
    return _Phrases((phrase, int(key)) for key, phrases in table.items() for phrase in phrases)


def _named(table: Mapping[str, Iterable[str]]) -> _Phrases[str]:
    return _Phrases((phrase, key) for key, phrases in table.items() for phrase in phrases)


def _units(table: Mapping[str, Mapping[str, list[str]]], article: str) -> _Phrases[_Counted]:
    counts = {"one": 1, "two": 2, "many": 0}
    return _Phrases(
        (article + form, _Counted(unit, counts[number], 0, False))
        for unit, numbers in table.items()
        for number, forms in numbers.items()
        for form in forms
    )


class TimeWords:
    """The times of a language pack, its words folded once."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.day, self.night = _numbered(data["day"]), _numbered(data["night"])
        self.weekday, self.ordinal = _numbered(data["weekday"]), _numbered(data["ordinal"])
        self.month, self.hijri = _numbered(data["month"]), _numbered(data["hijri"])
        self.count, self.season = _numbered(data["count"]), _numbered(data["season"])
        self.unit, self.the_unit = _units(data["unit"], ""), _units(data["unit"], "ال")
        self.part, self.portion = _named(data["part"]), _named(data["portion"])
        self.when, self.vague = _named(data["when"]), _named(data["vague"])
        steer = data["steer"]
        self.steer = _named({key: [w] if isinstance(w, str) else w for key, w in steer.items()})
        lists = {**steer, **data["months"], **data["not"]}
        self.sets = {name: frozenset(map(fold, words)) for name, words in lists.items()}
        self.exact = frozenset(data["months"]["exact"])
        self.plain_rules = self._rules(_PLAIN)
        self.rules = self._rules(_OPENING)
        anchors = {*self.plain_rules, *self.part.by_first, *self.sets["lead"]}
        self.rules |= {word: (*self.rules.get(word, ()), "anchor") for word in anchors}
        self.bare = self._bare_forms(data["proclitics"], steer["for"])
        follow = self._followers()
        self.follow = {form: follow[word] for form, word in self.bare.items() if word in follow}
        named = ("month", "hijri", "of_month", "of", "to", "unit", "about")
        self.after_digits = {words[0] for table in named for words in self._phrases(table)}
        self.after_digits |= {"/", "و", *_DASHES}
        self.lengths = {word for table in ("count", "unit", "about", "more") for word, *_ in self._phrases(table)} | {
            "ال"
        }

    def _rules(self, named: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """Return for every first word the rules that may apply to it, in their order."""
        rules: dict[str, tuple[str, ...]] = {}
        for rule, tables in named.items():
            firsts = {words[0] for table in tables for words in self._phrases(table)}
            for word in firsts:
                rules[word] = (*rules.get(word, ()), rule)
        return rules

    def _phrases(self, table: str) -> Iterator[list[str]]:
        """Yield the phrases of a table as lists of words."""
        if table in self.sets:
            yield from (phrase.split() for phrase in self.sets[table])
        else:
            phrases: _Phrases[Any] = getattr(self, table)
            for first, entries in phrases.by_first.items():
                yield from ([first, *rest] for rest, _ in entries)

    def _followers(self) -> dict[str, frozenset[str]]:
        """Return the second words of every word that never opens a mention by itself: في → الاونه."""
        named = {**_OPENING, **_PLAIN, "part": ("part",), "lead": ("lead",)}
        second: dict[str, set[str]] = {}
        for tables in named.values():
            for table in tables:
                for words in self._phrases(table):
                    second.setdefault(words[0], set()).add(words[1] if len(words) > 1 else "")
        return {word: frozenset(after) for word, after in second.items() if "" not in after}

    def _bare_forms(self, proclitics: Sequence[str], for_: str) -> dict[str, str]:
        """Return every form that can open a mention, and the same without what is written before it."""
        bare = {word: word for word in self.rules}
        for word in sorted(self.rules):
            for form in _cliticised(word, proclitics):
                bare.setdefault(form, word)
        for word in (*self.count.by_first, *self.unit.by_first):
            bare.setdefault(for_ + word, word)
            self.rules[word] = ("lasting_for", *self.rules.get(word, ()))
        return bare


# Which rule looks at a word that begins a phrase of which tables; the order is the order of trying.
_OPENING = {
    "vague": ("vague",),
    "since": ("since", "since_then"),
    "until": ("until", "until_now"),
    "ago": ("ago",),
    "during": ("during",),
    "lasting": ("lasting",),
    "after": ("after",),
}
_PLAIN = {
    "night": ("night",),
    "day": ("day",),
    "weekday": ("weekday",),
    "calendar": ("ordinal",),
    "portion": ("portion",),
    "month": ("month", "hijri", "of_month"),
    "span": ("the_unit", "this", "last"),
    "year": ("year", "years"),
    "season": ("season", "winter"),
}
_DIGIT_RULES = ("calendar", "span", "year")


def _cliticised(word: str, proclitics: Sequence[str]) -> Iterator[str]:
    for clitic in proclitics:
        if word.startswith("ال") and clitic.endswith("ل"):
            yield clitic + word[1:]
        else:
            yield clitic + word


def find_times(tokens: Tokens, words: TimeWords, published: date | None) -> list[TimeMention]:
    """Return the times that the tokens name, in order and without overlap."""
    folds = tokens.folds
    bare = words.bare
    # Digits sort before ":", letters after it.
    flagged = [i for i, word in enumerate(folds) if word in bare or "0" <= word < ":"]
    if not flagged:
        return []
    reader = _Reader(tokens, folds, words, published)
    found: list[TimeMention] = []
    for i in flagged:
        if found and i <= found[-1].last:
            continue
        follow = words.follow.get(folds[i])
        if follow and (i + 1 == len(folds) or folds[i + 1] not in follow):
            continue
        mention = reader.open(i)
        if mention:
            found.append(mention)
    return _joined([mention for mention in found if mention.kind != _NAME], reader)


class _Reader:
    """Reads the mention that begins at a token; each rule answers what it understood or None."""

    def __init__(self, tokens: Tokens, folds: list[str], words: TimeWords, published: date | None) -> None:
        self.tokens = tokens
        self.words = words
        self.sets = words.sets
        self.raw = folds  # as written, folded
        self.folds = folds[:]  # and without what is written before a word that opens a mention
        # A year far from ours is a mistake of whoever dated the report; counting from it may overflow.
        self.published = published if published and 1000 < published.year < 9000 else None
        self.now = self.published or _UNPLACED
        self.seen: Period | None = None

    # ---------------------------------------------------------------- the mention as a whole

    def open(self, i: int) -> TimeMention | None:
        """Return the mention that begins at token `i`, if one does."""
        word = self.words.bare.get(self.raw[i])
        if word is None:
            rules: tuple[str, ...] = ("anchor",) if self.may_be_time(i) else ()
        else:
            self.folds[i] = word
            rules = self.words.rules[word]
        for rule in rules:
            found: _Read | None = getattr(self, rule)(i)
            if found and self.is_name(i):
                return TimeMention(i, found.last, None, _NAME)
            if found:
                return self.mention(i, found)
        return None

    def may_be_time(self, i: int) -> bool:
        """Tell whether what stands beside digits allows a date, a year or a length of time."""
        beside = self.fold(i + 1) in self.words.after_digits or self.fold(i - 1) in self.sets["year_after"]
        return beside or "." in self.raw[i]

    def is_name(self, i: int) -> bool:
        """Tell whether the words are part of a name: "Friday market", "14 July bridge"."""
        past = self.words.day.at(self.folds, i)
        if past and past[0] < 0:
            return False
        if self.fold(i - 1) in self.sets["after_name"]:
            return True
        if self.folds[i] != "اليوم":
            return False
        quoted = self.fold(i - 1) in '«"“' and self.fold(i + 1) in '»"”'
        return quoted or self.fold(i - 2) in self.sets["outlets"]

    def mention(self, first: int, read: _Read) -> TimeMention:
        """Return what was read as a mention, without a value where it cannot be placed."""
        period = read.period if read.fixed or self.published else None
        kind = read.kind
        if period:
            self.seen = period
            if period.start > self.now and self.published and kind in ("", "since"):
                kind = "future"
        if not kind:
            kind = "interval" if read.period and read.period.start < read.period.end else "day"
        if self.fold(first - 1) == "ال":
            first -= 1
        return TimeMention(first, read.last, period.iso() if period else None, kind)

    def fold(self, i: int) -> str:
        """Return the folded token at `i`, or a line break beyond either end."""
        return self.raw[i] if 0 <= i < len(self.raw) else "\n"

    def skip(self, i: int, name: str) -> int:
        """Return the index after the steering word of that name at `i`, or `i`."""
        hit = self.words.steer.by_first.get(self.folds[i]) if i < len(self.folds) else None
        if hit is None:
            return i
        for rest, value in hit:
            if value == name and self.folds[i + 1 : i + 1 + len(rest)] == rest:
                return i + 1 + len(rest)
        return i

    def apposed(self, i: int) -> int:
        """Return the index where a second name of the same day may stand: after a bracket or comma."""
        return i + 1 if self.fold(i) in ("(", "،", ",") else i

    def closed(self, opened: int, last: int) -> int:
        """Return `last` with the bracket that closes what was opened at `opened`."""
        return last + 1 if self.fold(opened) == "(" and self.fold(last + 1) == ")" else last

    # ---------------------------------------------------------------- words before an anchor

    def vague(self, i: int) -> _Read | None:
        """Read words that name no day: lately, soon, at dawn."""
        hit = self.words.vague.at(self.folds, i)
        if hit is None:
            return None
        name, last = hit
        if name == "tanwin" and not self.tokens.texts[i].endswith(("ً", "ًا", "اً", "ءا")):
            return None
        if name == "past":
            placed = self.anchor(self.skip(last + 1, "of"))
            if placed:
                return placed
        return _Read(None, last, "future" if name == "future" else "vague")

    def since(self, i: int) -> _Read | None:
        """Read منذ and the start that it names; no value where the start is an event."""
        then = self.skip(i, "since_then")
        if then > i:
            return _Read(None, then - 1, "since")
        j = self.skip(i, "since")
        if j == i:
            return None
        length = self.counted(j)
        if length:
            return _Read(self.back(length), length.last, "since")
        found = self.anchor(j)
        if found:
            return found._replace(kind="since" if found.kind in ("", "interval") else found.kind)
        return _Read(None, i, "since") if self.folds[i] in ("منذ", "مذ") else None

    def until(self, i: int) -> _Read | None:
        """Read حتى and the end that it names."""
        now = self.skip(i, "until_now")
        if now > i:
            return _Read(Period(self.now, self.now), now - 1, "until")
        j = self.skip(i, "until")
        found = self.anchor(j) if j > i else None
        return found._replace(kind="until") if found else None

    def ago(self, i: int) -> _Read | None:
        """Read قبل and a length of time, counted back from publication unless from an event."""
        if self.words.day.at(self.folds, i):
            return None
        j = self.skip(i, "ago")
        if j == i:
            return None
        length = self.counted(j)
        if length is None:
            found = self.anchor(j)
            return found._replace(kind="until") if found and not found.kind else found
        from_event = self.fold(length.last + 1) in ("من", "علي") and self.fold(length.last + 2) != "الان"
        start = None if from_event else self.back(length)
        if start and length.unit in ("month", "year"):
            start = self.whole(length.unit, start.start)
        return _Read(start, length.last, "" if start else "vague")

    def during(self, i: int) -> _Read | None:
        """Read خلال and an interval, or a length of time that ends with publication."""
        j = self.skip(i, "during")
        if j == i:
            return None
        found = self.anchor(j)
        if found:
            return found
        length = self.counted(j)
        start = self.back(length) if length else None
        if length is None:
            return None
        if start is None:
            return _Read(None, length.last, "vague")
        return _Read(Period(start.start, self.now), length.last)

    def lasting(self, i: int) -> _Read | None:
        """Read how long something lasts, or the interval after "in the course of"."""
        j = self.skip(i, "lasting")
        if j == i:
            return None
        found = self.anchor(j)
        if found:
            return found
        length = self.counted(j)
        return _Read(None, length.last, "duration") if length else None

    def lasting_for(self, i: int) -> _Read | None:
        """Read ل and a length of time: لأربعة أشهر."""
        if self.raw[i] == self.folds[i] or not self.raw[i].startswith("ل"):
            return None
        length = self.counted(i)
        return _Read(None, length.last, "duration") if length else None

    def after(self, i: int) -> _Read | None:
        """Read بعد and a length of time: the event that it counts from is not known here."""
        j = self.skip(i, "after")
        length = self.counted(j) if j > i else None
        return _Read(None, length.last, "vague") if length else None

    # ---------------------------------------------------------------- anchors

    def anchor(self, i: int) -> _Read | None:
        """Read a day or interval, with the part of the day before it."""
        if i >= len(self.folds):
            return None
        part = self.words.part.at(self.folds, i)
        if part is None:
            lead = self.folds[i] in self.sets["lead"]
            return self.plain(i) or (self.plain(i + 1) if lead else None)
        name, last = part
        found = self.anchor(self.skip(last + 1, "of"))
        if found is None:
            return self.plain(i)
        return self.at_night(found) if name == "night" else found

    def plain(self, i: int) -> _Read | None:
        """Read a day or interval without anything before it."""
        word = self.word(i)
        rules = _DIGIT_RULES if "0" <= word < ":" else self.words.plain_rules.get(word, ())
        for rule in rules:
            found: _Read | None = getattr(self, rule)(i)
            if found:
                return found
        return None

    def at_night(self, found: _Read) -> _Read:
        """Return the two days that a night belongs to; both may be named: ليل السبت الأحد."""
        if found.period is None or found.period.start != found.period.end:
            return found
        day, last = found.period.start, found.last
        second = last + 2 if self.fold(last + 1) in _DASHES or self.fold(last + 1) == "/" else last + 1
        hit = self.words.weekday.at(self.folds, second)
        if hit and hit[0] == (day.weekday() + 1) % 7:
            end = self.last_weekday(hit[0])
            return found._replace(period=Period(end - _DAY, end), last=hit[1])
        if day == self.now:
            day -= _DAY
        return found._replace(period=Period(day, day + _DAY))

    def day(self, i: int) -> _Read | None:
        """Read a day counted from publication; a weekday or date beside it decides."""
        hit = self.words.day.at(self.folds, i)
        if hit is None:
            return None
        number, last = hit
        beside = self.apposed(last + 1)
        named = self.weekday(beside, "next" if number > 0 else "") or self.dated(beside)
        if named:
            return named._replace(last=self.closed(last + 1, named.last))
        nth = self.words.ordinal.at(self.folds, last + 1) if number == 0 and last == i else None
        if nth:
            return self.nth_day(i, *nth)
        day = self.now + number * _DAY
        return _Read(Period(day, day), last)

    def nth_day(self, i: int, nth: int, last: int) -> _Read:
        """Read "for the fifth day", which tells when something began; "the fifth day" alone does not."""
        if not self.raw[i].startswith("لل"):
            return _Read(None, last, "vague")
        start = self.now - (nth - 1) * _DAY
        return _Read(Period(start, start), last, "since")

    def night(self, i: int) -> _Read | None:
        """Read a night counted from publication."""
        hit = self.words.night.at(self.folds, i)
        if hit is None:
            return None
        start = self.now + hit[0] * _DAY
        return _Read(Period(start, start + _DAY), hit[1])

    def weekday(self, i: int, when: str = "") -> _Read | None:
        """Read a weekday: the last such day before or on publication unless told otherwise."""
        hit = self.words.weekday.at(self.folds, i)
        if hit is None or (hit[0] == 0 and self.fold(i - 1) in self.sets["two_after"]):
            return None
        number, last = hit
        said = self.words.when.at(self.folds, last + 1)
        if said:
            when, last = said
        dated = self.dated(self.skip(self.apposed(last + 1), "on"))
        if dated:
            return dated._replace(last=self.closed(last + 1, dated.last))
        day = self.last_weekday(number)
        if when == "next":
            day += 7 * _DAY
        elif when == "past" and day == self.now:
            day -= 7 * _DAY
        return _Read(Period(day, day), last)

    def dated(self, i: int) -> _Read | None:
        """Read a day of the calendar beside another name of it."""
        found = self.calendar(i)
        return found if found and found.period else None

    def last_weekday(self, number: int) -> date:
        """Return the last day with this number before or on publication."""
        return self.now - ((self.now.weekday() - number) % 7) * _DAY

    # ---------------------------------------------------------------- the calendar

    def calendar(self, i: int) -> _Read | None:
        """Read a date in digits or a day of a month."""
        return self.digits(i) or self.day_of_month(i)

    def digits(self, i: int) -> _Read | None:
        """Read 2015/8/6, 6-8-2015, 6.8.2015 or 21/10/1436هـ."""
        parts, last = self.digit_parts(i)
        if len(parts) != 3:
            return None
        day, month, year = parts if parts[2] > 31 else parts[::-1]
        hijri = year in _HIJRI_YEARS
        if month > 12 and not hijri:
            day, month = month, day
        period = _days(year, month, day, day, hijri)
        return _Read(period, self.after_year(last), fixed=True) if period else None

    def digit_parts(self, i: int) -> tuple[list[int], int]:
        """Return the three numbers of a date in digits and its last index, or fewer numbers."""
        first = self.fold(i)
        if "." in first:
            return _whole_numbers(first.split(".")), i
        sign = self.fold(i + 1)
        if sign not in ("/", "-") or self.fold(i + 3) != sign:
            return [], i
        texts = [first, self.fold(i + 2), self.fold(i + 4)]
        return _whole_numbers(texts), i + 4

    def after_year(self, last: int) -> int:
        """Return `last` with the letter that says which calendar a year belongs to."""
        following = self.fold(last + 1)
        return last + 1 if following == "م" or following in self.sets["hijri_year"] else last

    def day_of_month(self, i: int) -> _Read | None:
        """Read "the fifth of August", "5-7 August" or "5 of this month"."""
        one = self.day_number(i)
        if one is None:
            return None
        first, last = one
        second, last = self.second_day(first, last)
        j = self.skip(last + 1, "of")
        month = self.month_at(j, True) or self.month_of_span(j)
        if month is None:
            return None
        return _Read(self.placed(month, first, second), month.last, fixed=month.fixed)

    def day_number(self, i: int) -> tuple[int, int] | None:
        """Return a day of the month in digits or as an ordinal, and its last index."""
        text = self.fold(i)
        if text.isdecimal() and len(text) < 3:
            return (int(text), i) if 1 <= int(text) <= 31 else None
        return self.words.ordinal.at(self.folds, i)

    def second_day(self, first: int, last: int) -> tuple[int, int]:
        """Return the second day of "5 and 6 August", or the first again."""
        sign = self.fold(last + 1)
        if sign == "و" or sign in _DASHES or sign in self.sets["to"]:
            after = self.day_number(last + 2)
            if after and after[0] > first:
                return after
        return first, last

    def month_of_span(self, i: int) -> _Month | None:
        """Read "this month" or "last month" as the month that a day belongs to."""
        found = self.span(i)
        if found is None or found.period is None:
            return None
        start = found.period.start
        if start.day != 1 or (found.period.end - start).days > 31:
            return None
        return _Month(start.month, False, found.last, start.year, "", False)

    def month_at(self, i: int, beside: bool) -> _Month | None:
        """Read a month with its second name, its year or الماضي; `beside` a day it needs no more."""
        j = i + 1 if self.word(i) in self.sets["of_month"] else i
        hit, hijri = self.words.month.at(self.folds, j), False
        if hit is None:
            hit, hijri = self.words.hijri.at(self.folds, j), True
        if hit is None or not self.spelled(j, beside):
            return None
        number, named = hit
        last = named if hijri else self.second_name(number, named)
        year, when, end, fixed = self.year_of_month(last + 1, hijri)
        sure = beside or j > i or last > named or year is not None or bool(when)
        if not sure and not self.sure_alone(j):
            return None
        return _Month(number, hijri, max(end, last), year, when, fixed)

    def word(self, i: int) -> str:
        """Return the token at `i` without what is written before it, where it opens the mention."""
        return self.folds[i] if i < len(self.folds) else "\n"

    def spelled(self, i: int, beside: bool) -> bool:
        """Tell whether a month that folds together with another word is written as the month."""
        exact = next((word for word in self.words.exact if fold(word) == self.folds[i]), None)
        text = self.tokens.texts[i]
        return exact is None or exact in text or (beside and text[:1] == "ا")

    def sure_alone(self, i: int) -> bool:
        """Tell whether a month is one without anything beside it, or after "in" if it needs that."""
        word = self.folds[i]
        if word in self.sets["weak"]:
            return False
        clitic = self.raw[i] != word and "ب" in self.raw[i][: -len(word)]
        return word not in self.sets["after_in"] or clitic or self.fold(i - 1) in self.sets["in"]

    def second_name(self, number: int, last: int) -> int:
        """Return the last index with the same month's other name: تموز/يوليو، مارس (آذار)."""
        sign = last + 1
        other = sign + 1 if self.fold(sign) in ("/", "(", "-") else sign
        hit = self.words.month.at(self.folds, other)
        if hit is None or hit[0] != number:
            return last
        return self.closed(sign, hit[1])

    def year_of_month(self, i: int, hijri: bool) -> tuple[int | None, str, int, bool]:
        """Return the year or the past/present/next that follows a month, and where it ends."""
        said = self.words.when.at(self.folds, i)
        if said:
            return None, said[0], said[1], False
        j = self.skip(self.apposed(i) if self.is_year(i + 1, hijri) else i, "of")
        year = j + 1 if self.word(j) in self.sets["year"] else j
        if self.is_year(year, hijri):
            return int(self.fold(year)), "", self.after_year(year), True
        found = self.span(j)
        if found and found.period and not hijri and (found.period.start.month, found.period.start.day) == (1, 1):
            return found.period.start.year, "", found.last, False
        return None, "", -1, False

    def is_year(self, i: int, hijri: bool) -> bool:
        """Tell whether the token is a year in digits."""
        text = self.fold(i)
        if len(text) != 4 or not text.isdecimal():
            return False
        return int(text) in (_HIJRI_YEARS if hijri else _GREGORIAN_YEARS)

    def month(self, i: int) -> _Read | None:
        """Read a month as its first to its last day; "this" month ends with publication."""
        month = self.month_at(i, False)
        if month is None:
            return None
        period = self.placed(month, 1, 31)
        if period and month.when == "present":
            period = Period(period.start, max(period.start, min(period.end, self.now)))
        return _Read(period, month.last, fixed=month.fixed)

    def placed(self, month: _Month, first: int, last: int) -> Period | None:
        """Return days of a month in the year told, else in the year that publication suggests."""
        if month.year is not None:
            return _days(month.year, month.number, first, last, month.hijri)
        this = _hijri_year(self.now) if month.hijri else self.now.year
        periods = [_days(this + n, month.number, first, last, month.hijri) for n in (1, 0, -1)]
        known = [period for period in periods if period]
        if month.when == "next":
            return next((p for p in reversed(known) if p.start > self.now), None)
        if month.when == "past":
            return next((p for p in known if p.end < self.now), None)
        return next((p for p in known if p.start <= self.now), None)

    def portion(self, i: int) -> _Read | None:
        """Read "early July", "mid-2014", "the end of last month"."""
        hit = self.words.portion.at(self.folds, i)
        if hit is None:
            return None
        name, last = hit
        month = self.month_at(last + 1, True) or self.month_of_span(last + 1)
        if month:
            period = self.placed(month, *_MONTH_PORTIONS[name])
            return _Read(period, month.last, fixed=month.fixed)
        found = self.year(last + 1) or self.span(last + 1)
        if found is None or found.period is None:
            return found
        start = found.period.start
        if (start.month, start.day) != (1, 1):
            return found
        return found._replace(period=_months(start.year, *_YEAR_PORTIONS[name]))

    def year(self, i: int) -> _Read | None:
        """Read a year as its first to its last day."""
        word = self.word(i)
        if word in self.sets["years"]:
            return self.two_years(i + 1)
        if word in self.sets["year"]:
            return self.year_digits(i + 1)
        if self.fold(i - 1) in self.sets["year_after"] and self.is_year(i, False):
            return self.year_digits(i)
        return None

    def year_digits(self, i: int) -> _Read | None:
        """Read the digits of a year, Hijri if a letter or their size says so."""
        text = self.fold(i)
        if len(text) != 4 or not text.isdecimal():
            return None
        year, last = int(text), self.after_year(i)
        hijri = year in _HIJRI_YEARS
        if not hijri and year not in _GREGORIAN_YEARS:
            return None
        start, end = _days(year, 1, 1, 31, hijri), _days(year, 12, 1, 31, hijri)
        return _Read(Period(start.start, end.end), last, fixed=True) if start and end else None

    def two_years(self, i: int) -> _Read | None:
        """Read عامي 2012 و2013."""
        one = self.year_digits(i)
        if one is None:
            return None
        two = self.year_digits(i + 2) if self.fold(i + 1) in ("و", "-") else None
        if two is None or one.period is None or two.period is None:
            return one
        return two._replace(period=Period(one.period.start, two.period.end))

    def season(self, i: int) -> _Read | None:
        """Read a season of a year; winter lies in two years, so it is read as its year."""
        hit = self.words.season.at(self.folds, i)
        winter = self.word(i) in self.sets["winter"]
        if hit is None and not winter:
            return None
        first, last = hit or (0, i)
        found = self.year(last + 1) or self.span(last + 1)
        if found and found.period:
            return found if winter else found._replace(period=_months(found.period.start.year, first, first + 2))
        said = self.words.when.at(self.folds, last + 1)
        if winter or said is None or said[0] not in ("past", "present"):
            return None
        season = _months(self.now.year, first, first + 2)
        if season.end >= self.now and said[0] == "past":
            season = _months(self.now.year - 1, first, first + 2)
        return _Read(season, said[1])

    # ---------------------------------------------------------------- spans

    def span(self, i: int) -> _Read | None:
        """Read "last week", "the past six months", "this year", "the last 24 hours"."""
        this = self.word(i) in self.sets["this"]
        hit = self.words.the_unit.at(self.folds, i + 1 if this else i)
        if hit is None:
            return self.counted_span(i)
        unit, last = hit
        if this:
            return self.shifted(unit.unit, unit.number, "present", last)
        count, last = self.count_after(last + 1, unit.number)
        said = self.words.when.at(self.folds, last + 1)
        if said:
            return self.shifted(unit.unit, count, said[0], said[1])
        if self.fold(last + 1) in self.sets["same"] and self.seen and unit.unit in ("month", "year"):
            return _Read(self.whole(unit.unit, self.seen.start), last + 1)
        return None

    def counted_span(self, i: int) -> _Read | None:
        """Read "24 hours past" and "the last three days", whose count comes first."""
        start = i + 1 if self.word(i) in self.sets["last"] else i
        length = self.counted(start)
        if length is None or length.loose or (start == i and not self.fold(i)[:1].isdecimal()):
            return None
        said = self.words.when.at(self.folds, length.last + 1)
        if said:
            return self.shifted(length.unit, length.number, said[0], said[1])
        if start == i or length.number < 2:
            return None
        return self.shifted(length.unit, length.number, "past", length.last)

    def count_after(self, i: int, count: int) -> tuple[int, int]:
        """Return the count that follows a plural (الأشهر الستة, الساعات ال24) and its last index."""
        j = i + 1 if self.fold(i) == "ال" else i
        if self.fold(j).isdecimal() and len(self.fold(j)) < 5:
            return int(self.fold(j)), j
        hit = self.words.count.at(self.folds, j)
        if hit:
            return hit
        return count, self.skip(i, "few") - 1

    def shifted(self, unit: str, count: int, when: str, last: int) -> _Read:
        """Return a span before, around or after publication."""
        if when == "next":
            return _Read(self.unit_away(unit, 1) if count == 1 else None, last, "future")
        if when == "present":
            return _Read(self.current(unit), last)
        if count == 1:
            return _Read(self.unit_away(unit, -2 if when == "before_last" else -1), last)
        start = self.back(_Counted(unit, count, last, False))
        if start is None:
            return _Read(None, last, "vague")
        return _Read(Period(start.start, self.now), last)

    def unit_away(self, unit: str, n: int) -> Period:
        """Return the hour's day, day, week (Sunday first), month or year that lies `n` away."""
        if unit == "hour":
            return Period(self.now, self.now)
        if unit == "day":
            return Period(self.now + n * _DAY, self.now + n * _DAY)
        if unit == "week":
            sunday = self.now + (7 * n - self.now.isoweekday() % 7) * _DAY
            return Period(sunday, sunday + 6 * _DAY)
        months = n if unit == "month" else 12 * n
        return self.whole(unit, _add_months(self.now.replace(day=1), months))

    def current(self, unit: str) -> Period:
        """Return this week, month or year up to publication; "this week" is the last seven days."""
        if unit == "week":
            return Period(self.now - 6 * _DAY, self.now)
        if unit in ("month", "year"):
            return Period(self.whole(unit, self.now).start, self.now)
        return Period(self.now, self.now)

    def whole(self, unit: str, day: date) -> Period:
        """Return the month or year that a day belongs to."""
        if unit == "year":
            return Period(date(day.year, 1, 1), date(day.year, 12, 31))
        return _months(day.year, day.month, day.month)

    def back(self, length: _Counted) -> Period | None:
        """Return the day that lies a length of time before publication; None if it is not told."""
        if length.loose or (length.number == 0 and length.unit != "hour"):
            return None
        if length.unit in ("month", "year"):
            start = _add_months(self.now, -length.number * (12 if length.unit == "year" else 1))
            return Period(start, start) if start.year > 1 else None
        days = {"hour": length.number // 24, "day": length.number, "week": 7 * length.number}
        start = self.now - days[length.unit] * _DAY
        return Period(start, start)

    def counted(self, i: int) -> _Counted | None:
        """Read a length of time: ثلاثة أيام، 24 ساعة، أسبوعين، سنوات."""
        if not ("0" <= self.word(i) < ":") and self.word(i) not in self.words.lengths:
            return None
        j = self.skip(i, "about")
        more = self.skip(j, "more")
        loose, j = more > j, self.skip(more, "about")
        number, last = self.count_after(j, -1)
        hit = self.words.unit.at(self.folds, last + 1)
        if hit is None or self.names_more(hit[0].unit, hit[1] + 1):
            return None
        count = hit[0].number if number < 0 else number
        return _Counted(hit[0].unit, count, hit[1], loose) if count < 2000 else None

    def names_more(self, unit: str, i: int) -> bool:
        """Tell whether the unit only introduces a name: عام 2011، يوم الجمعة، شهر رمضان."""
        if unit == "year":
            return self.is_year(i, False) or self.is_year(i, True)
        if unit == "month":
            return bool(self.words.month.at(self.folds, i) or self.words.hijri.at(self.folds, i))
        return unit == "day" and self.plain(i) is not None


# -------------------------------------------------------------------- joining and the calendar


def _joined(found: list[TimeMention], reader: _Reader) -> list[TimeMention]:
    """Return the mentions with two that bound one interval made one."""
    joined: list[TimeMention] = []
    for mention in found:
        both = _together(joined[-1], mention, reader) if joined else None
        if both:
            joined[-1] = both
        else:
            joined.append(mention)
    return joined


def _together(a: TimeMention, b: TimeMention, reader: _Reader) -> TimeMention | None:
    """Return the interval that two mentions bound: "since A until B", "from A to B", "A and B"."""
    if a.value is None or b.value is None or a.value[:10] >= b.value[-10:]:
        return None
    gap = [reader.fold(i) for i in range(a.last + 1, b.first) if reader.fold(i) not in ("،", ",")]
    sets = reader.sets
    bounded = a.kind == "since" or reader.fold(a.first - 1) in sets["between"]
    if bounded and ((not gap and b.kind == "until") or (len(gap) == 1 and gap[0] in sets["to"])):
        return _interval(a, b)
    neighbours = not gap and b.first == a.last + 1 and reader.fold(b.first).startswith("و")
    if not neighbours or a.kind not in ("day", "interval") or b.kind != a.kind:
        return None
    next_day = date.fromisoformat(a.value[-10:]) + _DAY == date.fromisoformat(b.value[:10])
    return _interval(a, b) if next_day or reader.fold(a.first - 1) == "بين" else None


def _interval(a: TimeMention, b: TimeMention) -> TimeMention:
    value = f"{(a.value or '')[:10]}/{(b.value or '')[-10:]}"
    return TimeMention(a.first, b.last, value, "interval")


def _whole_numbers(texts: Sequence[str]) -> list[int]:
    """Return the numbers, or none if one of the texts is no short number."""
    short = all(text.isdecimal() and len(text) < 5 for text in texts)
    return [int(text) for text in texts] if short else []


def _add_months(day: date, months: int) -> date:
    """Return the same day some months away, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months(year: int, first: int, last: int) -> Period:
    """Return the first day of one month to the last day of another in the same year."""
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _days(year: int, month: int, first: int, last: int, hijri: bool) -> Period | None:
    """Return days of a month; a last day beyond the month's end is its end; None if there is none."""
    try:
        if hijri:
            return _hijri_days(year, month, first, last)
        end = monthrange(year, month)[1]
        if first == last and first > end:
            return None
        return Period(date(year, month, first), date(year, month, min(last, end)))
    except (ValueError, OverflowError):
        return None


def _hijri_days(year: int, month: int, first: int, last: int) -> Period:
    length = Hijri(year, month, 1).month_length()
    start = Hijri(year, month, first).to_gregorian()
    end = Hijri(year, month, min(last, length)).to_gregorian()
    return Period(date(start.year, start.month, start.day), date(end.year, end.month, end.day))


def _hijri_year(day: date) -> int:
    """Return the Hijri year of a day, or 0 outside the years that can be converted."""
    try:
        return int(Gregorian(day.year, day.month, day.day).to_hijri().year)
    except (ValueError, OverflowError):
        return 0
