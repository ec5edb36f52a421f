"""How many: which claim each number of a sentence belongs to, and what it counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from marsad.reading.numbers import Quantity
from marsad.reading.scene import Scene
from marsad.reading.words import COMMA, STOP, Words
from marsad.text.letters import fold


class Count(NamedTuple):
    """A number in the text: where its noun or verb stands, what it counts, and its rendering."""

    at: int
    key: str
    value: int | float | str


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(w) for w in words)


# A harm word governs numbers up to this many words away: "مقتل ما لا يقل عن 27 شخصاً".
_REACH = 6


# "Six civilians and two fighters" are eight; a number further on is what another says of the same dead.
_TOGETHER = 8

# What may follow a number of people whose noun is left out: "مقتل 21 وإصابة 36", "وأصيب عشرة بجروح".
_AFTER_NUMBER = frozenset(
    {"من", "في", "علي", "الي", "خلال", "منهم", "بينهم", "جراء", "اثر", "امس", "اليوم", "قبل", "بعد", "لقوا", "قتلوا"}
)


def _rendered(q: Quantity) -> int | float | str:
    """Return a plain number as a number, a bounded or vague one as the guide writes it."""
    return q.text if q.value is None or not q.text[0].isdigit() or "-" in q.text else q.value


def _joined(words: Words, k: int) -> bool:
    """Tell whether "and" stands before word k, written apart or with it."""
    return words.folds[k][0] == "و" or (k > 0 and words.folds[k - 1] == "و")


class TallyReader:
    """Reads counts with one language's tally words."""

    def __init__(self, pack: dict[str, Any]) -> None:
        """Fold the pack's words once; duals are made from the nouns."""
        self.counted: dict[str, str] = {}
        self.duals: dict[str, str] = {}
        for key, nouns in pack.get("counted", {}).items():
            for noun in nouns:
                bare = fold(noun)
                self.counted.setdefault(bare, key)
                stem = bare[:-1] + "ت" if bare.endswith("ه") else bare
                for end in ("ان", "ين", "ي", "ا") if noun.endswith("ة") else ("ان", "ين"):
                    self.duals.setdefault(stem + end, key)
        harm = pack.get("harm", {})
        self.harm = {w: k for k in ("killed", "wounded") for w in _folded(harm.get(k, ()))}
        self.of_type: dict[str, str] = pack.get("of_type", {})
        bearers = pack.get("bearers", {})
        self.bearers = frozenset(bearers.get("types", ()))
        self.parts = _folded(bearers.get("parts", ()))

    def share_out(self, scene: Scene, drafts: list[Any]) -> None:
        """Give every draft the numbers of its sentence that are its own."""
        by_sentence: dict[int, list[Any]] = {}
        for draft in drafts:
            by_sentence.setdefault(scene.words.sentence(draft.event.at), []).append(draft)
        for sentence, here in by_sentence.items():
            first, last = scene.sentences[sentence]
            given: dict[tuple[int, str], int] = {}
            for count in self._counts(scene, first, last, here):
                self._give(scene.words, here, count, given)

    def _give(self, words: Words, drafts: list[Any], count: Count, given: dict[tuple[int, str], int]) -> None:
        """Give a count to the draft that it is nearest to; two of one kind are added only where they stand together."""
        fit = [d for d in drafts if self._may_bear(d, count.key)]
        if not fit:
            return
        draft = min(fit, key=lambda d: (self._far(words, d, count), d.event.at))
        have, before = draft.numbers.get(count.key), given.get((id(draft), count.key), count.at)
        if isinstance(have, int) and isinstance(count.value, int) and count.at - before <= _TOGETHER:
            draft.numbers[count.key] = have + count.value
        elif have is None:
            draft.numbers[count.key] = count.value
        given[id(draft), count.key] = count.at

    def _far(self, words: Words, draft: Any, count: Count) -> int:
        at: int = draft.event.at
        same = words.clause[at] == words.clause[count.at]
        return abs(at - count.at) + (0 if same else 6)

    def _may_bear(self, draft: Any, key: str) -> bool:
        kind = draft.event.trigger.type
        if key in ("killed", "wounded", "casualties"):
            return kind in self.bearers
        if key == "strikes":
            return kind in ("airstrike", "shelling")
        if key == "shells":
            return kind in ("shelling", "airstrike")
        if key in ("vehicles", "weapons"):
            return kind in ("destruction", "takeover", "deployment", "shelling", "handover")
        if key == "positions":
            return kind in ("withdrawal", "takeover", "handover", "deployment")
        if key == "share":
            return kind in ("control", "destruction", "takeover")
        return self.of_type.get(kind) == key

    def _counts(self, scene: Scene, first: int, last: int, drafts: list[Any]) -> list[Count]:
        words = scene.words
        quantities = [q for q in scene.quantities if first <= q.first <= last]
        found: list[Count] = []
        for n, q in enumerate(quantities):
            key = self._key(
                words, q, first, last, drafts, found[-1] if n and found else None, quantities[n - 1] if n else None
            )
            if key is not None:
                at, name = key
                found.append(Count(at, name, _rendered(q)))
        taken = {k for q in quantities for k in range(q.first, q.last + 3)}
        found += self._unnumbered(words, first, last, taken, drafts)
        return found

    def _key(
        self,
        words: Words,
        q: Quantity,
        first: int,
        last: int,
        drafts: list[Any],
        before: Count | None,
        previous: Quantity | None,
    ) -> tuple[int, str] | None:
        """Return where and what a quantity counts, or None if it counts nothing of ours."""
        if any(words.folds[k] in self.parts for k in range(max(first, q.first - 2), q.first)):
            return None
        if q.percent:
            return q.last, "share"
        noun = q.last + 1
        if noun <= last and words.breaks[noun] < STOP:
            bare = words.folds[noun].removeprefix("ال")
            if bare in self.counted:
                return noun, self.counted[bare]
        if self._of_people(words, q, last):
            harm = self._harm_left(words, q, first) or self._harm_right(words, q, last)
            if harm is not None:
                return harm
        if (
            before is not None
            and previous is not None
            and _joined(words, q.first)
            and q.first - previous.last <= 7
            and self._of_people(words, q, last)
        ):
            return before.at, before.key
        return self._by_type(words, q, last, drafts)

    def _of_people(self, words: Words, q: Quantity, last: int) -> bool:
        """Tell whether the number can count people: a noun for people or nothing countable follows."""
        k = q.last + 1
        if k > last or words.breaks[k] >= COMMA:
            return True
        sense = words.senses[k]
        if sense.people or sense.head or sense.nation or sense.flags or sense.clitic:
            return True
        return words.folds[k] in _AFTER_NUMBER or words.folds[k].startswith(("ب", "و", "اخر", "ف"))

    def _harm_left(self, words: Words, q: Quantity, first: int) -> tuple[int, str] | None:
        for k in range(q.first - 1, max(first, q.first - _REACH) - 1, -1):
            if words.breaks[k + 1] >= STOP:
                return None
            word = words.folds[k]
            key = self.harm.get(word) or (self.harm.get(word[1:]) if word[0] in "وفبل" else None)
            if key is not None:
                return k, self._both(words, k, key)
            if words.folds[k][0].isdigit():
                return None
        return None

    def _both(self, words: Words, k: int, key: str) -> str:
        """Return "casualties" where killed and wounded are counted together (قتل وأصيب سبعة)."""
        if k == 0:
            return key
        other = words.folds[k - 1].lstrip("و")
        joined = words.folds[k][0] == "و" and self.harm.get(words.folds[k][1:]) == "wounded"
        counted = any(words.folds[j][0].isdigit() or words.senses[j].people for j in range(max(0, k - 5), k - 1))
        return "casualties" if joined and not counted and self.harm.get(other) == "killed" else key

    def _harm_right(self, words: Words, q: Quantity, last: int) -> tuple[int, str] | None:
        for k in range(q.last + 1, min(last, q.last + _REACH + 3) + 1):
            if words.breaks[k] >= STOP or words.folds[k][0].isdigit():
                return None
            key = self.harm.get(words.folds[k])
            if key is not None and any(
                words.senses[j].people or words.senses[j].head or words.senses[j].nation for j in range(q.last + 1, k)
            ):
                return k, key
        return None

    def _by_type(self, words: Words, q: Quantity, last: int, drafts: list[Any]) -> tuple[int, str] | None:
        near = [d for d in drafts if d.event.trigger.type in self.of_type and abs(d.event.at - q.first) <= 10]
        if not near:
            return None
        k = q.last + 1
        if k <= last and (words.folds[k] in self.counted or words.senses[k].site or words.senses[k].place_kind):
            return None
        draft = min(near, key=lambda d: (words.clause[d.event.at] != words.clause[q.first], abs(d.event.at - q.first)))
        return draft.event.at, self.of_type[draft.event.trigger.type]

    def _unnumbered(self, words: Words, first: int, last: int, taken: set[int], drafts: list[Any]) -> list[Count]:
        """Return counts told by a dual (غارتين) or by one person named after a word of harm."""
        found = []
        triggers = {d.event.at: d.event.trigger.type for d in drafts}
        for k in range(first, last + 1):
            word = words.folds[k]
            if k not in taken and word in self.duals and not word.startswith("ال"):
                found.append(Count(k, self.duals[word], 2))
            key = self.harm.get(word) or (self.harm.get(word[1:]) if word[0] in "وف" else None)
            key = key or self.of_type.get(triggers.get(k, ""))
            if key and key != "troops" and k + 1 <= last and not taken & {k, k + 1}:
                number = 1 if words.folds[k + 1] in ("اخر", "اخري") else _persons(words, k + 1)
                if number:
                    found.append(Count(k, key, number))
        return found


def _persons(words: Words, k: int) -> int | None:
    """Return 1 for one person named in the singular at word k, 2 for a dual, else None."""
    people = words.senses[k].people
    if people is None or words.senses[k].clitic or words.breaks[k] >= STOP:
        return None
    forms = _folded(people["forms"])
    word = words.folds[k]
    if word.endswith("ان") and word[:-2] in forms:
        return 2
    singular = word.removesuffix("ا") if word.removesuffix("ا") in forms else word
    return 1 if singular + "ان" in forms or singular + "ين" in forms else None
