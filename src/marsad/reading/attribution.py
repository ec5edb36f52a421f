"""Who says it: speakers, how far their words reach, and chains of speakers."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from marsad.reading.words import COLON, COMMA, SOFT, STOP, Words
from marsad.text.letters import fold
from marsad.text.phrases import variants


class Voice(NamedTuple):
    """Who speaks, outermost first, as words (first, last); `manner` is how it is said."""

    speakers: tuple[tuple[int, int], ...]
    manner: str


@dataclass(slots=True)
class Voices:
    """For every word of a report who says it, and how many sentences ago the speaker was named."""

    of: list[Voice | None]
    age: list[int]
    said_at: list[int]


class _Found(NamedTuple):
    """An attribution: the last word it takes up, the voice, and whether it speaks for the whole sentence."""

    end: int
    voice: Voice
    whole: bool


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(w) for w in words)


OWN = Voice((), "own")
# "It is worth noting that": the outlet itself speaks again.
_IMPERSONAL = _folded(["يذكر", "ويذكر", "يشار", "ويشار", "وتجدر", "تجدر", "والجدير", "الجدير", "جدير", "يُذكر"])
_STEPS = _folded(["إلى", "عن", "على", "في", "من", "ب", "مع", "ل"])
_THESE = _folded(["هذه", "هذا", "تلك", "ذلك"])
_STATEMENTS = _folded(
    ["بيان", "تقرير", "تصريح", "تصريحات", "حديث", "حصيلة", "إحصاء", "مؤتمر", "تسجيل", "اتصال", "مقابلة", "تغريدة"]
)
_SOURCES = _folded(["مصدر", "مصادر"])
_NO_SPEAKER = _folded(
    [
        "عنها",
        "عنه",
        "منها",
        "منه",
        "فيها",
        "فيه",
        "لها",
        "له",
        "لهم",
        "بها",
        "به",
        "عليها",
        "عليه",
        "إليها",
        "إليه",
        "ها",
        "أنباء",
        "وأنباء",
        "معلومات",
        "ومعلومات",
        "ما",
        "كما",
        "أيضا",
        "بعد",
        "خلال",
        "قبل",
        "حيث",
        "لا",
        "لم",
    ]
)


# A noun with one of these is somebody's: "their age", "its page" say nothing.
_OF_PRONOUNS = ("ها", "هم", "هن", "هما")


def _bare(word: str) -> str:
    """Return a folded word without its article."""
    return word.removeprefix("لل") if word.startswith("لل") else word.removeprefix("ال")


# A speaker is named in at most this many words: "the spokesman of the resistance in Aden, Ali Said".
_LONGEST_SPEAKER = 16


class AttributionReader:
    """Reads who says what with one language's attribution words."""

    def __init__(self, pack: dict[str, Any], that: frozenset[str], ordinary: frozenset[str] = frozenset()) -> None:
        """Fold the pack's words once; `ordinary` are bare nouns by which nobody is called, unless the pack says so."""
        self.that = that | _folded(w for w in pack.get("that", ()) if " " not in w)
        self.heads = _folded(w for row in pack.get("speaker_head", ()) for w in row["words"])
        self.heads |= frozenset("ال" + h for h in self.heads)
        self.hearers = self.heads | _folded(pack.get("outlets", ()))
        participles = pack.get("continuing", {}).get("participles", ())
        self.participles = _folded(w.split()[0] for w in participles)
        self.ordinary = ordinary - frozenset(map(_bare, _folded((*pack.get("names", ()), *pack.get("callers", ())))))
        self.never = _folded(w for w in pack.get("negative", {}).get("not_saying", ()) if " " not in w)
        self.phrases: dict[str, list[tuple[tuple[str, ...], bool, str]]] = {}
        for row in pack.get("phrase", ()):
            if row.keys() & {"only_after", "only_before_verb", "hedge"}:
                continue
            for words in row["words"]:
                self._add_phrase(words, row["manner"])
        first = {*self.phrases, *self.participles, *_IMPERSONAL}
        self.openers = frozenset(c + w for w in first for c in ("", "و", "ف"))

    def _add_phrase(self, text: str, manner: str) -> None:
        if text.startswith(("في تصريح", "كما")):
            return  # names the hearer, or is a plain verb of saying
        words = [fold(w) for w in text.split()]
        joined = words[-1] == "ل"
        words = words[:-1] if joined else words
        self.phrases.setdefault(words[0], []).append((tuple(words[1:]), joined, manner))
        self.phrases[words[0]].sort(key=lambda p: -len(p[0]))

    def read(self, words: Words, parties: list[Any], times: set[int], until: int = sys.maxsize) -> Voices:
        """Return the voice of every word up to a sentence; a speaker's words reach to the end of his sentence."""
        starts = {p.first: p.last for p in parties}
        size, openers = len(words), self.openers
        voices = Voices([None] * size, [0] * size, [-1] * size)
        told = zip(words.folds, words.senses, strict=True)
        opening = [k for k, (fold, sense) in enumerate(told) if sense.saying is not None or fold in openers]
        here: dict[int, list[int]] = {}
        for k in opening:
            here.setdefault(words.sentence_of[k], []).append(k)
        last, age = None, 0
        for sentence, (first, end) in words.sentences.items():
            if sentence > until:
                break
            found = []
            if sentence in here:
                found = _Sentence(self, words, first, end, starts, times).read(here[sentence], last)
            last, age = _spread(voices, first, end, found, last, age)
        return voices


def _spread(
    voices: Voices, first: int, end: int, found: list[tuple[int, Voice]], before: Voice | None, age: int
) -> tuple[Voice | None, int]:
    """Write the voices of one sentence; where nobody is named the last speaker stays, ageing."""
    if before is not None:
        age += 1
        voices.of[first : end + 1] = [before] * (end + 1 - first)
    voices.age[first : end + 1] = [age] * (end + 1 - first)
    for start, voice in found:
        named, size = voice if voice.speakers else None, end + 1 - start
        voices.of[start : end + 1], voices.age[start : end + 1] = [named] * size, [0] * size
        voices.said_at[start : end + 1] = [start] * size
    if not found:
        return before, age
    return (found[-1][1] if found[-1][1].speakers else None), 0


class _Sentence:
    """One sentence while its speakers are looked for."""

    def __init__(
        self, pack: AttributionReader, words: Words, first: int, last: int, starts: dict[int, int], times: set[int]
    ) -> None:
        self.pack, self.words, self.first, self.last = pack, words, first, last
        self.starts, self.times = starts, times

    def read(self, opening: list[int], before: Voice | None) -> list[tuple[int, Voice]]:
        """Return (first word of the reach, voice) for each attribution that an opening word begins, in order."""
        found: list[tuple[int, Voice]] = []
        free = self.first
        for k in opening:
            got = self._phrase(k) or self._verb(k, found[-1][1] if found else before) if k >= free else None
            if got is not None:
                found.append((self._reach(k, got, found), got.voice))
                free = max(got.end, k) + 1
        return found

    def _reach(self, k: int, got: _Found, found: list[tuple[int, Voice]]) -> int:
        """Return the first word that is said: "according to X" also covers what stands before it."""
        if not got.whole:
            return k
        if not found:
            return self.first
        clause = self.words.clause[k - 1] if k else 0
        start = k
        while start > found[-1][0] and self.words.clause[start - 1] == clause:
            start -= 1
        return start

    def _phrase(self, k: int) -> _Found | None:
        folds = self.words.folds
        word = folds[k]
        for start in (word, word[1:] if word[0] in "وف" else ""):
            for rest, joined, manner in self.pack.phrases.get(start, ()):
                end = k + len(rest)
                if end > self.last or tuple(folds[k + 1 : end + 1]) != rest:
                    continue
                at = self._after_phrase(end + 1, joined)
                speaker = self._speaker(at, free=True) if at is not None else None
                if speaker is not None:
                    return _Found(speaker[1], Voice((speaker,), manner), True)
        return None

    def _after_phrase(self, at: int, joined: bool) -> int | None:
        if at > self.last:
            return None
        folds = self.words.folds
        if joined:
            if folds[at] == "ل":
                return at + 1
            return at if folds[at][0] == "ل" else None
        if folds[at] == "ما" or self.words.senses[at].saying:
            at += 1
        if at <= self.last and self.words.senses[at].saying and folds[at] not in self.pack.heads:
            at += 1
        return at

    def _verb(self, k: int, before: Voice | None) -> _Found | None:
        words, pack = self.words, self.pack
        word = words.folds[k]
        if word in pack.participles or (word[0] == "و" and word[1:] in pack.participles):
            return _Found(k, before, False) if before is not None else None
        row = words.senses[k].saying
        if row is None or row.get("hedge") or self._is_noun(k):
            return None
        if word in ("بين", "وبين") and not self._shows(k):
            return None
        if word in _IMPERSONAL and k < self.last:
            return _Found(k, OWN, False)
        if word in pack.never:
            return None
        if row.get("through"):
            return self._through(k, row)
        speaker = self._speaker(k + 1, nouns=row["manner"] == "denied" or "" in row.get("after", ()))
        if speaker is not None and row.get("speaker_head_only") and not self._is_head(speaker[0]):
            return None
        if speaker is not None and self._says(row, speaker[1] + 1):
            voice = before if before is not None and self._again(speaker, before) else Voice((speaker,), row["manner"])
            return _Found(speaker[1], voice, self._aside(k))
        return self._unnamed(k, row, before)

    def _unnamed(self, k: int, row: dict[str, Any], before: Voice | None) -> _Found | None:
        """Return the voice of a verb of saying that no speaker follows: its subject, else who spoke before."""
        denies = row["manner"] == "denied" and k < self.last and self.words.senses[k + 1].triggers
        if denies and before is not None:
            return _Found(k, Voice(before.speakers, "denied"), False)
        if not self._content_next(k + 1, row):
            return None
        left = self._left(k)
        spoken = Voice((left,), row["manner"]) if left else before
        return _Found(k, spoken, False) if spoken is not None else None

    def _shows(self, k: int) -> bool:
        """Tell whether بين is the verb "showed" and not "between": it has its shadda, or opens with أن to follow."""
        if "\u0651" in self.words.texts[k]:
            return True
        near = range(k + 1, min(self.last, k + 5) + 1)
        return self.words.folds[k] == "وبين" and any(self.words.folds[j] in self.pack.that for j in near)

    def _is_step(self, k: int) -> bool:
        """Tell whether word k is a preposition; علي with a dotted ya is a man's name."""
        return self.words.folds[k] in _STEPS and self.words.texts[k].strip("وف") != "علي"

    def _content_next(self, k: int, row: dict[str, Any]) -> bool:
        """Tell whether what is said follows the verb at once: "وأضاف أن", "ولفت إلى أن", "صرح أمس بأن"."""
        if row.get("acts"):
            return False
        while k <= self.last and k in self.times:
            k += 1
        if k > self.last:
            return False
        if self._opens(k):
            return True
        steps = {fold(a) for a in row.get("after", ()) if a}
        return self.words.folds[k] in steps and self.words.folds[k] in _STEPS and k < self.last

    def _again(self, speaker: tuple[int, int], before: Voice) -> bool:
        """Tell whether "the source", "the statement" stands for the speaker before."""
        first, last = speaker
        if self.words.folds[first] in _THESE and first < last:
            first += 1
        word = _bare(self.words.folds[first])
        if first != last or word == self.words.folds[first] or not before.speakers:
            return False
        if word in _STATEMENTS:
            return True
        said = _bare(self.words.folds[before.speakers[0][0]]).removeprefix("ل")
        return word in _SOURCES and said in _SOURCES

    def _is_noun(self, k: int) -> bool:
        """Tell whether a preposition before the word makes it a noun ("في بيان", "بين")."""
        return (
            k > self.first
            and self.words.folds[k - 1] in ("في", "من", "على", "الي", "عن", "ما")
            and self.words.folds[k - 1] != "ما"
        )

    def _aside(self, k: int) -> bool:
        return k > self.first and self.words.folds[k - 1] in ("ما", "كما", "حسبما", "وفقما", "بحسبما")

    def _through(self, k: int, row: dict[str, Any]) -> _Found | None:
        """Return the chain of "نقل X عن Y": X passes on what Y said."""
        outer = self._speaker(k + 1)
        at = outer[1] + 1 if outer else k + 1
        if at >= self.last or self.words.folds[at] != "عن":
            return None
        inner = self._speaker(at + 1, free=True)
        if inner is None:
            return None
        return _Found(inner[1], Voice((outer, inner) if outer else (inner,), row["manner"]), False)

    def _says(self, row: dict[str, Any], at: int) -> bool:
        """Tell whether what is said follows: أن, a colon, a quotation, or the verb's own preposition."""
        words = self.words
        after = {fold(a) for a in row.get("after", ()) if a}
        if "" in row.get("after", ()) and at <= self.last and self._tells(at):
            return True
        for j in range(at, min(self.last, at + 9) + 1):
            word = words.folds[j]
            if word in self.pack.that or words.breaks[j] == COLON:
                return True
            if row.get("acts"):
                continue
            if words.quoted[j] and not words.quoted[at - 1]:
                return True
            if word in after or ("ب" in after and word[0] == "ب" and words.senses[j].triggers):
                return True
        return (
            not row.get("needs_content")
            and not row.get("acts")
            and (self.first == at - 1 or "" in row.get("after", ()))
        )

    def _opens(self, k: int) -> bool:
        """Tell whether what is said begins at word k."""
        words = self.words
        return (
            words.folds[k] in self.pack.that
            or words.breaks[k] == COLON
            or (words.quoted[k] and not words.quoted[k - 1])
        )

    def _speaker(self, k: int, free: bool = False, nouns: bool = False) -> tuple[int, int] | None:
        """Return the words that name a speaker from word k on, or None if none begins there.

        With `nouns` the name ends before an event noun: "نفى قائد محلي انسحاب".
        """
        words, pack = self.words, self.pack
        word = words.folds[k] if k <= self.last else ""
        if not word or words.breaks[k] >= COMMA or word in pack.that or word[0].isdigit() or k in self.times:
            return None
        if self._is_step(k) or word in pack.participles or word in _NO_SPEAKER:
            return None
        if _bare(word) in _STATEMENTS and k < self.last and self._names_whose(k + 1):
            return self._speaker(k + 1, free=True)
        if words.senses[k].triggers and not self._is_head(k) and k not in self.starts:
            return None
        end = k
        for j in range(k, min(self.last, k + _LONGEST_SPEAKER) + 1):
            if j > k and (self._ends(j, k) or (nouns and self._tells(j))):
                break
            end = j
        if self._is_head(k) or k in self.starts:
            return k, end
        named = self._may_be_called(k, free) and all(
            words.senses[j].empty or words.senses[j].people or words.senses[j].nation
            for j in range(k, min(end, k + 1) + 1)
        )
        if named and (free or end - k <= 5) and len(words.folds[k]) > 2:
            return k, min(end, k + 5)
        return None

    def _tells(self, j: int) -> bool:
        """Tell whether word j is an event noun that begins what is said, and no part of a name: عمليات, الحربي."""
        sense, word = self.words.senses[j], self.words.folds[j]
        if word.startswith(("ال", "عملي")) or self._is_step(j - 1):
            return False
        told = sense.triggers and not sense.people and not self._is_head(j)
        return bool(told) and not all([t.trigger.weak for t in sense.triggers])

    def _may_be_called(self, k: int, free: bool) -> bool:
        """Tell whether somebody without a title may be called by word k: it is no adverb and no ordinary noun.

        After "according to" (`free`) the word may have the preposition that joins it: للبيان.
        """
        word, text = self.words.folds[k], self.words.texts[k]
        if text.endswith(("ً", "ًا")) or word.endswith(_OF_PRONOUNS) or (word[0] == "ب" and self._is_ordinary(word[1:])):
            return False
        if word.startswith("لل") or (word[0] == "ل" and self._is_ordinary(word[1:])):
            return free and not self._is_ordinary(word)
        return not self._is_ordinary(word)

    def _is_ordinary(self, word: str) -> bool:
        return word in self.pack.ordinary or _bare(word) in self.pack.ordinary

    def _names_whose(self, k: int) -> bool:
        """Tell whether word k says whose the statement before it is: "بيان للجيش", "تقرير مركز"."""
        word = self.words.folds[k]
        return (word.startswith("ل") and len(word) > 3) or self._is_head(k)

    def _is_head(self, k: int) -> bool:
        word = self.words.folds[k]
        return word in self.pack.heads or any(r in self.pack.heads for c, r in variants(word) if c in ("ل", "ب", "و"))

    def _ends(self, j: int, k: int) -> bool:
        """Tell whether the name of a speaker from word k has ended before word j."""
        words, word = self.words, self.words.folds[j]
        if words.breaks[j] >= COMMA or word in self.pack.that or j in self.times:
            return True
        if word == "في" and j < self.last and _bare(words.folds[j + 1]) in _STATEMENTS:
            return True
        if words.senses[j].triggers and all(t.form.tense in ("past", "present") for t in words.senses[j].triggers):
            return True
        if words.quoted[j] and not words.quoted[k]:
            return True
        if (
            words.senses[j].saying
            and not self._is_head(j)
            and not (word == "بين" or words.folds[j - 1] in ("ابن", "بن"))
        ):
            return True
        if word in (
            "انه",
            "انها",
            "حيث",
            "بعد",
            "خلال",
            "قبل",
            "التي",
            "الذي",
            "الذين",
            "ان",
            "مقتل",
            "الى",
            "امام",
            "لدى",
        ):
            return True
        if word == "ل" or (word[0] == "ل" and j > k and self._hears(j)):
            return True
        return (word in ("عن", "علي", "الي", "ضد", "عبر") and words.texts[j] != "علي") or (
            word[0] == "ب" and bool(words.senses[j].triggers)
        )

    def _hears(self, j: int) -> bool:
        """Tell whether word j names whom the speaker talked to: لوكالة, لفرانس, لصحيفة."""
        rest = self.words.folds[j][1:]
        plain = "ال" + rest[1:] if rest.startswith("ل") else rest
        return not {rest, plain}.isdisjoint(self.pack.hearers)

    def _left(self, k: int) -> tuple[int, int] | None:
        """Return the subject before the verb ("المرصد قال إن"), or None."""
        words = self.words
        start = k
        while (
            start > self.first
            and words.breaks[start] < COMMA
            and words.clause[start - 1] == words.clause[k - 1]
            and k - start < 10
        ):
            start -= 1
        for j in range(start, k):
            if ((self._is_head(j) or j in self.starts) and words.breaks[j] < STOP) or (
                j == self.first and self._is_head(j)
            ):
                end = j
                while end + 1 < k and not self._ends(end + 1, j) and words.breaks[end + 1] <= SOFT:
                    end += 1
                return (j, end) if k - end <= 3 else None
        return None
