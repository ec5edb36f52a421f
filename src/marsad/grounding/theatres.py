"""Which theatre a report is about, from the places that it names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from marsad.text.letters import fold


class Demonyms:
    """Adjectives and peoples, each a hint of one mention of its country."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        """Fold the words once."""
        self._country = {fold(w): country for country, words in table.items() for w in words}

    def hints(self, folds: Sequence[str]) -> dict[str, float]:
        """Return for each country how much the words of a report hint at it."""
        found = Counter(filter(None, map(self._country.get, folds)))
        return {country: float(n) for country, n in found.items()}


# A country without a pack that is named more than so many times as often as the theatre is what the report is about.
# Chosen by hand; of the 95 development reports it changes one, which is of Egypt.
_ELSEWHERE = 3.0


def pick_theatre(mentions: Sequence[Any], hints: Mapping[str, float], codes: Sequence[str]) -> str | None:
    """Return the theatre that the report's places and demonyms name most.

    None where they name none, or some country without a pack much more often: a report of Afghanistan that says
    once that Turkey sent troops has none of Turkey's parties.
    """
    votes: defaultdict[str, float] = defaultdict(float)
    for country, weight in hints.items():
        votes[country.lower()] += weight
    for mention in mentions:
        strong = {h.row.country.lower(): h.row.weight for h in mention.hits if h.strong and h.row.weight >= 30}
        total = sum(strong.values())
        for country, weight in strong.items():
            votes[country] += (weight / total) ** 2 * weight / 60
    best = max((c for c in votes if c in codes), key=lambda c: (votes[c], c), default=None)
    abroad = max((votes[c] for c in votes if c not in codes), default=0.0)
    return best if best is not None and votes[best] * _ELSEWHERE >= abroad else None
