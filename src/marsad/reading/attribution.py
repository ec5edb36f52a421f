"""Who says it: speakers, how far their words reach, and chains of speakers."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(slots=True)
class AttributionReader:
    """Reads who says what with one language's attribution words."""

    pack: dict[str, Any]
    that: frozenset[str]
    _phrases: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    _heads: frozenset[str] = frozenset()
    _continuing: frozenset[str] = frozenset()
    _stop: frozenset[str] = frozenset()
    _never: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Fold the pack's words once."""
        for row in self.pack.get("phrase", ()):
            for form in row.get("forms", ()):
                self._phrases.append((tuple(fold(w) for w in form.split()), row.get("manner", "told")))
        self._phrases.sort(key=lambda p: -len(p[0]))
        heads: set[str] = set()
        for row in self.pack.get("speaker_head", ()):
            heads |= {fold(f) for f in row.get("forms", ())}
        self._heads = frozenset(heads | {"ال" + h for h in heads})
        self._continuing = frozenset(fold(w) for w in self.pack.get("continuing", {}).get("forms", ()))
        self._never = frozenset(fold(w) for w in self.pack.get("negative", {}).get("forms", ()))
        self._stop = frozenset(fold(w) for w in self.pack.get("boundary", {}).get("forms", ()))

    def read(self, words: Words, parties: list[Any], times: set[int]) -> Voices:
        """Return the voice of every word; a speaker's words reach to the end of the sentence."""
        starts = {p.first: p.last for p in parties}
        size = len(words)
        voices = Voices([None] * size, [0] * size, [-1] * size)
        last: Voice | None = None
        age = 0
        i = 0
        while i < size:
            j = i
            while j + 1 < size and words.breaks[j + 1] < STOP:
                j += 1
            found = self._sentence(words, i, j, starts, times, last)
            last, age = self._spread(voices, words, i, j, found, last, age)
            i = j + 1
        return voices

    def _spread(self, voices: Voices, words: Words, first: int, last: int, found: list[tuple[int, int, Voice]], before: Voice | None, age: int) -> tuple[Voice | None, int]:
        """Write the voices of one sentence; a sentence without a speaker stays with the last, ageing."""
        if not found:
            age += 1 if before is not None else 0
            for k in range(first, last + 1):
                voices.of[k], voices.age[k] = before, age
            if words.paragraph[first] != words.paragraph[last]:
                return None, 0
            return before, age
        for start, end, voice in found:
            for k in range(start, end + 1):
                voices.of[k], voices.age[k], voices.said_at[k] = voice, 0, start
        return found[-1][2], 0

    def _sentence(self, words: Words, first: int, last: int, starts: dict[int, int], times: set[int], before: Voice | None) -> list[tuple[int, int, Voice]]:
        found: list[tuple[int, int, Voice]] = []
        k = first
        while k <= last:
            step = self._phrase(words, k, last, starts, times) or self._verb(words, k, first, last, starts, times, found[-1][2] if found else before)
            if step is None:
                k += 1
                continue
            end, voice, whole = step
            if whole and not found:
                found.append((first, last, voice))
            elif whole:
                clause = words.clause[k] if words.clause else 0
                start = next((s for s in range(k, first - 1, -1) if words.clause[s] != clause), first)
                found.append((max(start, found[-1][0]), last, voice))
            else:
                found.append((self._reach_back(words, k, first), last, voice))
            k = max(end, k) + 1
        return found

    def _reach_back(self, words: Words, k: int, first: int) -> int:
        return k

    def _phrase(self, words: Words, k: int, last: int, starts: dict[int, int], times: set[int]) -> tuple[int, Voice, bool] | None:
        for phrase, manner in self._phrases:
            size = len(phrase)
            for clitic, rest in variants(words.folds[k]) if words.folds[k][0] in "وف" else [("", words.folds[k])]:
                if rest != phrase[0] or clitic not in ("", "و", "ف"):
                    continue
                if any(k + n > last or words.folds[k + n] != phrase[n] for n in range(1, size)):
                    continue
                speaker = self._speaker(words, k + size, last, starts, times)
                if speaker is not None:
                    return speaker[1], Voice((speaker,), manner), True
        return None

    def _verb(self, words: Words, k: int, first: int, last: int, starts: dict[int, int], times: set[int], before: Voice | None) -> tuple[int, Voice, bool] | None:
        sense = words.senses[k]
        fold_k = words.folds[k]
        if fold_k in self._continuing or fold_k.lstrip("و") in self._continuing:
            return (k, before, False) if before is not None else None
        if not sense.speech or (sense.verb and sense.verb.number != "s" and sense.verb.person != 3):
            return None
        speaker = self._speaker(words, k + 1, last, starts, times)
        if speaker is not None:
            if self._content_follows(words, speaker[1] + 1, last):
                return speaker[1], self._chain(words, speaker, last, starts, times, sense.speech), False
            if words.breaks[k] >= COMMA or k == first or fold_k[0] == "و":
                return speaker[1], Voice((speaker,), sense.speech), False
            if k > first and words.folds[k - 1] in ("ما", "كما", "حسبما", "بحسبما", "وفقما"):
                return speaker[1], Voice((speaker,), sense.speech), True
            return None
        if k + 1 <= last and self._opens(words, k + 1):
            left = self._left(words, k, first, starts)
            if left is not None:
                return k, Voice((left,), sense.speech), False
            return (k, before, False) if before is not None else None
        return None

    def _chain(self, words: Words, speaker: tuple[int, int], last: int, starts: dict[int, int], times: set[int], manner: str) -> Voice:
        k = speaker[1] + 1
        if k + 1 <= last and words.folds[k] == "عن":
            inner = self._speaker(words, k + 1, last, starts, times)
            if inner is not None:
                return Voice((speaker, inner), manner)
        return Voice((speaker,), manner)

    def _opens(self, words: Words, k: int) -> bool:
        """Tell whether content begins at word k: أن, a colon or a quotation mark before it."""
        return words.folds[k] in self.that or words.breaks[k] in (COLON, SOFT) or words.quoted[k]

    def _content_follows(self, words: Words, k: int, last: int) -> bool:
        for j in range(k, min(last, k + 10) + 1):
            if words.folds[j] in self.that or words.breaks[j] == COLON or (words.quoted[j] and not words.quoted[k - 1]):
                return True
            if words.folds[j] in ("عن", "الي", "ب") or words.folds[j][0] == "ب" and words.senses[j].triggers:
                return True
        return False

    def _speaker(self, words: Words, k: int, last: int, starts: dict[int, int], times: set[int]) -> tuple[int, int] | None:
        """Return the words that name a speaker from word k on, or None if none begins there."""
        if k > last or words.breaks[k] >= COMMA and words.breaks[k] != COMMA:
            return None
        if self._opens(words, k) and not words.folds[k] in self._heads and words.breaks[k] != SOFT:
            return None
        fold_k = words.folds[k]
        if fold_k in self.that or fold_k in self._never or fold_k[0].isdigit():
            return None
        end = k
        j = k
        while j <= last and j - k < 16 and (j == k or words.breaks[j] < COMMA):
            if words.folds[j] in self.that or words.folds[j] in self._stop or j in times:
                break
            if words.quoted[j] and not words.quoted[k]:
                break
            if j > k and words.senses[j].speech and words.senses[j].verb and words.folds[j] not in self._heads:
                break
            if j > k and words.folds[j][0] in "لب" and j - k >= 1 and self._outlet(words, j):
                break
            end = j
            j += 1
        head = fold_k in self._heads or any(r in self._heads for c, r in variants(fold_k) if c in ("ل", "ب", "و"))
        known = k in starts or head
        if not known and end - k > 5:
            end = k + 3
        return (k, end) if end >= k and (known or self._name_like(words, k, end)) else None

    def _outlet(self, words: Words, j: int) -> bool:
        """Tell whether word j addresses the outlet: لوكالة, لـ «عكاظ», لفرانس."""
        fold_j = words.folds[j]
        rest = fold_j[1:]
        return fold_j == "ل" or (fold_j[0] == "ل" and (rest in self._heads or "ال" + rest.lstrip("ل") in self._heads))

    def _name_like(self, words: Words, k: int, end: int) -> bool:
        """Tell whether the words can be a person's name: few, plain, no verb among them."""
        return end - k <= 5 and all(words.senses[j].empty or words.senses[j].people or words.senses[j].nation for j in range(k, min(end, k + 1) + 1))

    def _left(self, words: Words, k: int, first: int, starts: dict[int, int]) -> tuple[int, int] | None:
        """Return the subject before the verb ("المرصد قال إن"), or None."""
        j = k - 1
        while j >= first and k - j <= 8 and words.breaks[j + 1] < COMMA:
            f = words.folds[j]
            if (f in self._heads or j in starts or f.lstrip("و") in self._heads) and (j == first or words.clause[j] == words.clause[max(j, k - 1)]):
                start = j
                while start - 1 >= first and (words.folds[start - 1] in self._heads or start - 1 in starts) and words.breaks[start] < COMMA:
                    start -= 1
                if start == first or words.breaks[start] >= COMMA or words.folds[start - 1] in ("لكن", "الا", "كان", "كانت", "وكان", "وكانت", "غير", "ان", "وكانت"):
                    return start, k - 1
            j -= 1
        return None
