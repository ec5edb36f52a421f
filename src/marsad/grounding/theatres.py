"""Which theatre a report is about, from the places that it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any


def pick_theatre(mentions: Sequence[Any], folds: Sequence[str], codes: Sequence[str]) -> str | None:
    """Return the theatre whose well-known places the report names most, or None if it names none."""
    votes: Counter[str] = Counter()
    for mention in mentions:
        strong = {h.row.country.lower(): h.row.weight for h in mention.hits if h.strong and h.row.weight >= 30}
        total = sum(strong.values())
        for country, weight in strong.items():
            if country in codes:
                votes[country] += weight * weight / total  # type: ignore[assignment]
    return max(votes, key=lambda c: (votes[c], c), default=None)
