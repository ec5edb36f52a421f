"""Numbers: how many a report counts, exact, bounded or vague; years, names and measures are none."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from marsad.text.letters import fold
from marsad.text.tokens import Tokens

_REACH = 6  # words between a number and "at least" after it; the gold set has up to five
_YEARS = range(1900, 2101)
_STOPS = frozenset({".", "،", ",", "؛", ":", "\n", "!", "؟", "(", ")"})
_DASHES = frozenset({"-", "–", "—"})
_LARGE = {"1000": "thousands", "1000000": "millions"}


class Quantity(NamedTuple):
    """A counted number: its words with what bounds it before them, its value and the guide's text.

    `last` is the last word of the number itself, so what is counted stands right after it.
    """

    first: int
    last: int
    value: int | float | None
    text: str
    percent: bool = False


class _Word(NamedTuple):
    sort: str
    value: int | float


class _Number(NamedTuple):
    """A number read from words or digits, or the name of a vague one."""

    value: int | float
    last: int
    name: str = ""


class NumberWords:
    """The numbers of a language pack, its words folded once."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        sorts = ("unit", "ten", "hundred", "scale")
        self.word = {
            fold(form): _Word(sort, int(value))
            for sort in sorts
            for value, forms in data[sort].items()
            for form in forms
        }
        self.fraction = {fold(w): float(value) for value, ws in data["fraction"].items() for w in ws}
        self.many = {fold(w): name for name, ws in data["many"].items() for w in ws}
        self.sets = {
            name: frozenset(map(fold, words))
            for table in ("words", "range", "not")
            for name, words in data[table].items()
        }
        units = self.sets["after_unit"]
        self.sets["after"] |= units | {"ال" + word for word in units}
        self.percent = [fold(phrase).split() for phrase in data["words"]["percent"]]
        self.before = _by_end(data["before"])
        self.after: list[tuple[list[str], str]] = [
            (fold(p).split(), sign) for sign, ps in data["after"].items() for p in ps
        ]
        self.after_first = frozenset(words[0] for words, _ in self.after)
        self.sound = frozenset(map(fold, data["dual"]["sound"]))
        self.opening = self._opening(data["proclitics"])

    def _opening(self, proclitics: Sequence[str]) -> dict[str, str]:
        """Return every form that can begin a number, and the same without what is written before it."""
        bare = {*self.word, *self.many, *self.fraction}
        opening = {word: word for word in bare}
        for word in sorted(bare):
            for clitic in proclitics:
                if clitic + word not in self.sets["not_definite"]:
                    opening.setdefault(clitic + word, word)
        refused = self.sets["words"] | {words[0] for words in self.percent}
        return {form: word for form, word in opening.items() if form not in refused}


def _by_end(table: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[list[str], str]]]:
    """Return the phrases that stand before a number by their last word, the longest first."""
    ends: dict[str, list[tuple[list[str], str]]] = {}
    for sign, phrases in table.items():
        for phrase in phrases:
            words = fold(phrase).split()
            ends.setdefault(words[-1], []).append((words, sign))
    for entries in ends.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return ends


def noun_number(token_fold: str, nouns: Container[str], sound: Container[str] = frozenset()) -> int | None:
    """Return 2 for a dual of one of the nouns (folded, singular), else None.

    For a noun of `sound`, whose plural ends in ين as the dual does, only ان is a dual.
    """
    for form in _without_clitics(token_fold):
        for stem, sure in _dual_stems(form):
            if stem in nouns and (sure or stem not in sound):
                return 2
    return None


def _without_clitics(form: str) -> Iterator[str]:
    """Yield the form, and the same without و ف ب ل ك and without its article."""
    for start in (form, form[1:] if form[:1] in "وفبلك" else ""):
        yield start
        if start.startswith(("ال", "لل")):
            yield start[2:]


def _dual_stems(form: str) -> Iterator[tuple[str, bool]]:
    """Yield the singulars that a dual may come from, and whether its ending is the dual's alone."""
    if len(form) < 4:
        return
    ending, stem = form[-2:], form[:-2]
    if ending in ("ان", "ين"):
        yield stem, ending == "ان"
        if stem.endswith("ت"):
            yield stem[:-1] + "ه", True
    if ending in ("تا", "تي"):
        yield stem + "ه", True


def find_numbers(tokens: Tokens, words: NumberWords, sentences: Container[int] = range(sys.maxsize)) -> list[Quantity]:
    """Return the numbers of some sentences that count something, in order and without overlap."""
    folds, sentence_of = tokens.folds, tokens.sentences
    opening = words.opening
    # Digits sort before ":", letters after it.
    flagged = [
        i for i, word in enumerate(folds) if (word in opening or "0" <= word < ":") and sentence_of[i] in sentences
    ]
    if not flagged:
        return []
    reader = _Reader(tokens, folds, words)
    found: list[Quantity] = []
    done = -1
    for i in flagged:
        if i > done:
            quantity, done = reader.read(i)
            if quantity:
                found.append(quantity)
    return found


class _Reader:
    """Reads the number that begins at a token and what is said around it."""

    def __init__(self, tokens: Tokens, folds: list[str], words: NumberWords) -> None:
        self.tokens = tokens
        self.folds = folds
        self.words = words
        self.sets = words.sets

    def fold(self, i: int) -> str:
        """Return the folded token at `i`, or a line break beyond either end."""
        return self.folds[i] if 0 <= i < len(self.folds) else "\n"

    def read(self, i: int) -> tuple[Quantity | None, int]:
        """Return the quantity that begins at `i`, if one does, and the last index looked at."""
        passed = self.not_number(i)
        if passed is not None:
            return None, passed
        number = self.number(i)
        if number is None:
            return None, i
        first, sign = self.sign_before(i)
        if self.is_named(i, number.last, first) or self.is_measure(number.last):
            return None, number.last
        if number.name:
            return Quantity(first, number.last, None, number.name), number.last
        both = self.range(i, number)
        if both:
            kept = not self.is_measure(both.last)
            return (both if kept else None), both.last
        quantity = self.bounded(first, sign, number)
        return quantity, quantity.last

    def bounded(self, first: int, sign: str, number: _Number) -> Quantity:
        """Return the quantity with its bound and, for a percentage, as a share of one."""
        last, percent = self.percent_after(number.last)
        value = round(number.value / 100, 6) if percent else number.value
        sign = sign or self.sign_after(last)
        return Quantity(first, last, value, sign + _written(value), percent)

    # ---------------------------------------------------------------- what is no number

    def not_number(self, i: int) -> int | None:
        """Return the last index of a date, a clock time or a heading's number at `i`, else None."""
        word, after, before = self.fold(i), self.fold(i + 1), self.fold(i - 1)
        if not "0" <= word < ":":
            ordinal = before in self.sets["ordinals"] or before in self.sets["after_word"]
            return i if ordinal else None
        if after in ("/", ":") and self.fold(i + 2).isdecimal():
            return self.chained(i, after)
        if after == "-" and self.fold(i + 2).isdecimal() and self.fold(i + 3) == "-":
            return self.chained(i, after)
        if before == "\n" and after in ("-", ".", ")", "–"):
            return i
        return i if self.touches_letter(i) or _digits(word) is None else None

    def chained(self, i: int, sign: str) -> int:
        """Return the last index of numbers with one sign between them: 2015/8/6, 10:30."""
        while self.fold(i + 1) == sign and self.fold(i + 2).isdecimal():
            i += 2
        return i

    def touches_letter(self, i: int) -> bool:
        """Tell whether a Latin letter, or one and a dash, is written right before: M5, F-16."""
        j = i - 2 if self.fold(i - 1) in _DASHES else i - 1
        if j < 0 or self.tokens.sentences[j] != self.tokens.sentences[i]:
            return False
        word = self.tokens.texts[j]
        near = self.tokens.starts[i] - self.tokens.ends[j] <= i - 1 - j
        return near and word.isascii() and word.isalpha()

    def is_named(self, i: int, last: int, first: int) -> bool:
        """Tell whether the number names something (the 30th division, a year) or counts time."""
        before = self.fold(i - 2 if self.fold(i - 1) == "ال" else i - 1)
        bare = before[1:] if before[:1] in "وفبلك" else before
        if before in self.sets["after_time"] or bare in self.sets["after_time"]:
            return True
        if not "0" <= self.fold(i) < ":":
            one = last == i and self.words.word.get(self.words.opening[self.folds[i]])
            return bool(one) and one == _Word("unit", 1) and before in self.sets["one_after"]
        if before in self.sets["after"] or bare in self.sets["after"]:
            return True
        if len(self.fold(i)) == 4 and not self.sets["near"].isdisjoint(self.folds[max(0, i - 4) : i]):
            return True
        return last == i and first == i and self.is_year(i, before)

    def is_year(self, i: int, before: str) -> bool:
        """Tell whether digits are a year by what stands before them or by brackets."""
        text = self.fold(i)
        if len(text) != 4 or not text.isdecimal() or int(text) not in _YEARS:
            return False
        if before in self.sets["year_after"] or self.fold(i + 1) == "م":
            return True
        if before == ")":
            return self.fold(i - 2) in self.sets["year_after"]
        return before in ("(", "/") and self.fold(i + 1) == ")"

    def is_measure(self, last: int) -> bool:
        """Tell whether a month, a length of time, a distance or money follows."""
        after = self.fold(last + 1)
        if after == "من":
            return self.fold(last + 2) in self.sets["before"]
        return after in self.sets["before"] or (after.startswith("ال") and after[2:] in self.sets["before"])

    # ---------------------------------------------------------------- the number itself

    def number(self, i: int) -> _Number | None:
        """Read a whole number in digits, words or both: 17 ألف، مئة وخمسة، مليون ونصف، عشرات الآلاف."""
        bare = self.words.opening.get(self.folds[i], "")
        if bare in self.words.many:
            return self.vague(i, self.words.many[bare])
        if bare in self.words.fraction:
            scale = self.scale(i + 1, True)
            return _Number(_whole(self.words.fraction[bare] * scale), i + 1) if scale else None
        part = self.part(i, bare)
        return self.extended(part) if part else None

    def vague(self, i: int, name: str) -> _Number:
        """Read "tens", "hundreds", "tens of thousands"."""
        after = self.fold(i + 1)
        large = self.words.many.get(after[2:] if after.startswith("ال") else after, "")
        if large in _LARGE.values() and name in ("tens", "hundreds", "thousands"):
            return _Number(0, i + 1, f"{name} of {large}")
        return _Number(0, i, name)

    def extended(self, part: _Number) -> _Number:
        """Return a number with the scale after it and the smaller numbers joined to it by و."""
        total, step = 0.0, 0.0
        while True:
            scale = self.scale(part.last + 1, False)
            last = part.last + 1 if scale else part.last
            alone = part.value if part.value >= 1000 and not scale else 0
            total += part.value * (scale or 1)
            step = scale or alone or 1
            fraction = self.joined_fraction(last + 1, step)
            if fraction:
                return _Number(_whole(total + fraction.value), fraction.last)
            joined = self.joined_part(last + 1) if step >= 1000 else None
            if joined is None or joined.value >= step:
                return _Number(_whole(total), last)
            part = joined

    def scale(self, i: int, definite: bool) -> int:
        """Return the thousand or million that stands at `i`, or 0."""
        text = self.fold(i)
        word = self.words.word.get(text[2:] if definite and text.startswith("ال") and len(text) > 4 else text)
        known = word is not None and word.sort == "scale" and word.value in (1000, 10**6, 10**9)
        return int(word.value) if word and known else 0

    def joined_fraction(self, i: int, step: float) -> _Number | None:
        """Read "and a half" after a scale, with the scale said again or not: مليون ونصف المليون."""
        text = self.fold(i)
        share = self.words.fraction.get(text[1:]) if text.startswith("و") else None
        if share is None or step < 1000:
            return None
        return _Number(share * step, i + 1 if self.scale(i + 1, True) else i)

    def joined_part(self, i: int) -> _Number | None:
        """Read what و joins to a larger number: وخمسمئة, و500."""
        text = self.fold(i)
        if text == "و" and "0" <= self.fold(i + 1) < ":":
            return self.part(i + 1, "")
        return self.part(i, text[1:]) if text.startswith("و") and text[1:] in self.words.word else None

    def part(self, i: int, bare: str) -> _Number | None:
        """Read a number below a thousand, a scale that stands alone, or digits."""
        word = self.words.word.get(bare)
        if word is None:
            value = _digits(self.fold(i))
            return None if value is None else _Number(value, i)
        if word.sort == "unit":
            return self.unit(i, bare, int(word.value))
        if word.sort != "hundred":
            return _Number(word.value, i)
        return self.below_hundred(_Number(word.value, i))

    def unit(self, i: int, bare: str, value: int) -> _Number | None:
        """Read one to nine with what makes it a teen, a compound with a ten, or hundreds."""
        after = self.fold(i + 1)
        word = self.words.word.get(after)
        if word == _Word("ten", 10):
            return _Number(10 + value, i + 1)
        if word == _Word("hundred", 100) and value > 2:
            return self.below_hundred(_Number(100 * value, i + 1))
        ten = self.words.word.get(after[3:] if after.startswith("وال") else after[1:])
        if after.startswith("و") and ten and ten.sort == "ten" and ten.value > 10:
            return _Number(value + ten.value, i + 1)
        alone = bare not in self.sets["never_alone"] or (value == 2 and self.scale(i + 1, False))
        return _Number(value, i) if alone else None

    def below_hundred(self, hundreds: _Number) -> _Number:
        """Return hundreds with the ones and tens that و joins to them."""
        i = hundreds.last + 1
        text = self.fold(i)
        if text == "و" and self.fold(i + 1).isdecimal() and len(self.fold(i + 1)) < 3:
            return _Number(hundreds.value + int(self.fold(i + 1)), i + 1)
        word = self.words.word.get(text[1:]) if text.startswith("و") else None
        if word is None or word.sort not in ("unit", "ten"):
            return hundreds
        rest = self.part(i, text[1:])
        return _Number(hundreds.value + rest.value, rest.last) if rest else hundreds

    # ---------------------------------------------------------------- around the number

    def sign_before(self, i: int) -> tuple[int, str]:
        """Return where the words that bound the number begin, and the sign that they mean."""
        end = i - 1 if self.fold(i - 1) != "ال" else i - 2
        for phrase, sign in self.words.before.get(_last_word(self.fold(end), self.words.before), ()):
            first = end - len(phrase) + 1
            if first >= 0 and self.folds[first + 1 : end + 1] == phrase[1:] and _is_word(self.folds[first], phrase[0]):
                return first, sign
        return i, ""

    def sign_after(self, last: int) -> str:
        """Return the sign that "at least" means when it follows what is counted."""
        for i in range(last + 1, min(last + 1 + _REACH, len(self.folds))):
            word = self.folds[i]
            if word in self.words.after_first:
                for phrase, sign in self.words.after:
                    end = i + len(phrase)
                    more_than = phrase[0] == "او" and self.fold(end) == "من"
                    if self.folds[i:end] == phrase and not more_than:
                        return sign
            if word in _STOPS or word in self.words.opening or "0" <= word < ":":
                break
        return ""

    def percent_after(self, last: int) -> tuple[int, bool]:
        """Return the last index with "percent" and whether it is there."""
        for phrase in self.words.percent:
            if self.folds[last + 1 : last + 1 + len(phrase)] == phrase:
                return last + len(phrase), True
        return last, False

    def range(self, i: int, low: _Number) -> Quantity | None:
        """Read the second number of a range: بين 10 و15, من 10 إلى 15, 10-15, 20 أو 30."""
        high, first = self.range_end(i, low.last + 1), i
        if high is None or high.name or high.value <= low.value:
            return None
        if low.value in _YEARS and high.value in _YEARS:
            return None
        if self.fold(i - 1) in self.sets["between"] or self.fold(i - 1) in self.sets["from"]:
            first = i - 1
        last, percent = self.percent_after(high.last)
        share = 100 if percent else 1
        texts = [_written(round(n.value / share, 6) if percent else n.value) for n in (low, high)]
        return Quantity(first, last, None, "-".join(texts), percent)

    def range_end(self, i: int, j: int) -> _Number | None:
        """Return the number that ends a range whose first number ends before `j`."""
        before, sign = self.fold(i - 1), self.fold(j)
        between = before in self.sets["between"]
        if sign in _DASHES and self.fold(j + 1).isdecimal() and self.fold(j - 1).isdecimal():
            return self.at(j + 1)
        if sign == "او" or (between and sign in self.sets["or"]):
            return self.at(j + 1)
        if between and sign.startswith("و") and sign in self.words.opening:
            return self.number(j)
        if before in self.sets["from"] and sign in self.sets["to"] and not self.rises(i):
            return self.at(j + 1)
        return None

    def at(self, i: int) -> _Number | None:
        """Return the number at `i`, or None where no number begins."""
        word = self.fold(i)
        return self.number(i) if word in self.words.opening or "0" <= word < ":" else None

    def rises(self, i: int) -> bool:
        """Tell whether a verb of rising or falling stands shortly before."""
        return any(word in self.sets["rise"] for word in self.folds[max(0, i - 7) : i])


# -------------------------------------------------------------------- words and digits


def _last_word(word: str, known: Mapping[str, object]) -> str:
    """Return the word, without what is written before it if only so it is known: ونحو."""
    return word if word in known or word[:1] not in "وفبلك" else word[1:]


def _is_word(form: str, word: str) -> bool:
    return form == word or (form[:1] in "وفبلك" and form[1:] == word)


def _whole(value: int | float) -> int | float:
    """Return a whole number as an int."""
    return int(value) if value == int(value) else value


def _written(value: int | float) -> str:
    """Return the number as the guide writes it: 27, 0.9."""
    return str(value) if isinstance(value, int) else f"{value:.6f}".rstrip("0").rstrip(".")


def _digits(text: str) -> int | float | None:
    """Return the number that digits mean: 3,500 and 3.500 are thousands, 2.5 and 2٫5 are not."""
    if len(text) > 18:
        return None
    text = text.replace("٬", ",").replace("٫", ":")
    if text.isdecimal():
        return int(text)
    for sign in (",", "."):
        head, *groups = text.split(sign)
        if groups and head.isdecimal() and len(head) < 4 and all(g.isdecimal() and len(g) == 3 for g in groups):
            return int(head + "".join(groups))
    whole, _, rest = text.replace(",", ".").replace(":", ".").partition(".")
    return float(f"{whole}.{rest}") if whole.isdecimal() and rest.isdecimal() else None
