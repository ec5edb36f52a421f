"""How claims of one sentence hang together: one after, because of, or during another."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from marsad.reading.words import Words
from marsad.text.letters import fold

# The linking word stands at most this many words before the second event: "بعد معارك عنيفة".
_REACH = 3


class Tie(NamedTuple):
    """The draft `of` stands in a relation to the draft `to`: after, because or during it."""

    of: Any
    kind: str
    to: Any


class Linker:
    """Finds ties with one language's linking words."""

    def __init__(self, pack: dict[str, Any]) -> None:
        """Fold the pack's words once; `effects` turn the relation round: "A, which made B"."""
        self.before = {fold(w): kind for kind in ("after", "during") for w in pack.get(kind, ())}
        self.causes = frozenset(fold(w) for w in ("بسبب", "نتيجة", "جراء"))
        self.effects = frozenset(fold(w) for w in (*pack.get("because", ()), *pack.get("effects", ()))) - self.causes

    def find(self, words: Words, drafts: list[Any]) -> list[Tie]:
        """Return the ties between neighbouring drafts of one sentence, in text order."""
        ties = []
        for a, b in pairwise(drafts):
            if words.sentence(a.event.at) == words.sentence(b.event.at) and (tie := self._tie(words, a, b)):
                ties.append(tie)
        return ties

    def _tie(self, words: Words, a: Any, b: Any) -> Tie | None:
        between = range(a.event.at + 1, b.event.at)
        for k in between:
            word = words.folds[k]
            bare = word[1:] if word[0] in "وف" and len(word) > 2 else word
            if b.event.at - k <= _REACH and bare in self.before:
                return Tie(a, self.before[bare], b)
            if b.event.at - k <= _REACH and bare in self.causes:
                return Tie(a, "because", b)
            if bare in self.effects:
                return Tie(b, "because", a)
        return None
