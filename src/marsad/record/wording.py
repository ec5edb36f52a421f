"""How much the wording of two passages has in common, rare words counting most."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from functools import cache, lru_cache

from marsad.loading.codebook import PACKS
from marsad.text.tokens import Token

# A word of more than a fifth of all texts says nothing; of one that no list holds, no more than this is believed.
_DULL, _RARE = 0.2, 0.002
_LONG = 3  # letters: shorter words are particles


@lru_cache(maxsize=200_000)
def bare(word: str) -> str:
    """Return the folded word without article and joined letters."""
    for article in ("وال", "بال", "فال", "كال", "لل", "ال"):
        if word.startswith(article) and len(word) - len(article) >= _LONG:
            return word[len(article) :]
    return word[1:] if word[:1] in "وبلف" and len(word) > _LONG + 1 else word


@cache
def _shares() -> dict[str, float]:
    path = PACKS / "languages" / "ar" / "common.csv"
    rows = csv.reader(path.read_text("utf-8").splitlines()[1:])
    return {word: float(share) for word, share in rows}


@lru_cache(maxsize=200_000)
def telling_power(word: str) -> float:
    """Return how much a bare word tells: 0 for one of every fifth text, about 4.6 for one that no list holds."""
    return max(0.0, math.log(_DULL / _shares().get(word, _RARE)))


def words_of(tokens: Iterable[Token]) -> frozenset[str]:
    """Return the bare words that tell something."""
    long = (bare(t.fold) for t in tokens if len(t.fold) >= _LONG and t.fold.isalpha())
    return frozenset(word for word in long if telling_power(word) > 0)


def weight_of(words: Iterable[str]) -> float:
    """Return how much the words tell together."""
    # Exactly rounded: words come as sets, whose order differs from run to run.
    return math.fsum(map(telling_power, words))
