"""Small linear models: what a set of observed features says of a choice, as data in the pack.

A model is a table feature → weight (per class), fitted on the development reports by
`training/fit.py`; scoring is a sum and a logistic, in plain Python.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from marsad.loading.codebook import PACKS

BIAS = "bias"


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by feature, one number for each class; a single class means yes or no."""

    classes: tuple[str, ...]
    table: dict[str, tuple[float, ...]]

    def scores(self, features: Iterable[str]) -> list[float]:
        """Return the sums of the weights of the features, one for each class."""
        totals = list(self.table.get(BIAS, (0.0,) * len(self.classes)))
        table = self.table
        for feature in features:
            row = table.get(feature)
            if row is not None:
                for k, weight in enumerate(row):
                    totals[k] += weight
        return totals

    def yes(self, features: Iterable[str]) -> float:
        """Return the probability of yes, 0 to 1."""
        total = self.scores(features)[0]
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def shares(self, features: Iterable[str]) -> list[float]:
        """Return the probabilities of the classes; they sum to 1."""
        scores = self.scores(features)
        top = max(scores)
        odds = [math.exp(s - top) for s in scores]
        total = sum(odds)
        return [o / total for o in odds]

    def best(self, features: Iterable[str]) -> str:
        """Return the class with the highest score."""
        scores = self.scores(features)
        return self.classes[scores.index(max(scores))]


@cache
def weights(language: str, name: str) -> Weights | None:
    """Return the weights of a language's pack by name, or None where it has none yet."""
    path = PACKS / "languages" / language / "weights" / f"{name}.csv"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        classes = tuple(next(rows)[1:])
        return Weights(classes, {r[0]: tuple(map(float, r[1:])) for r in rows})
