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


def pick_theatre(mentions: Sequence[Any], hints: Mapping[str, float], codes: Sequence[str]) -> str | None:
    """Return the theatre that the report's places and demonyms name most, or None if they name none."""
    votes: defaultdict[str, float] = defaultdict(float)
    for country, weight in hints.items():
        if country.lower() in codes:
            votes[country.lower()] += weight
    for mention in mentions:
        strong = {h.row.country.lower(): h.row.weight for h in mention.hits if h.strong and h.row.weight >= 30}
        total = sum(strong.values())
        for country, weight in strong.items():
            if country in codes:
                votes[country] += (weight / total) ** 2 * weight / 60
    return max(votes, key=lambda c: (votes[c], c), default=None)
