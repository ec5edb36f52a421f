"""Small linear models: what a set of observed features says of a choice, as data in the pack.

A model is a table feature → weight (per class), fitted on the development reports by
`training/fit.py`; scoring is a sum and a logistic, in plain Python.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from marsad.loading.codebook import PACKS
from marsad.loading.kept import kept

BIAS = "bias"


class Weights:
    """Weights by feature, one number for each class; a single class means yes or no."""

    def __init__(self, classes: tuple[str, ...], table: dict[str, tuple[float, ...]]) -> None:
        """Keep one flat table a class, which is what scoring sums fastest over."""
        self.classes, self.table = classes, table
        self._bias = table.get(BIAS, (0.0,) * len(classes))
        self._columns = [{f: row[k] for f, row in table.items() if f != BIAS} for k in range(len(classes))]

    def scores(self, features: Iterable[str]) -> list[float]:
        """Return the sums of the weights of the features, one for each class."""
        known = [f for f in features if f in self.table]
        return [b + sum(map(c.__getitem__, known)) for b, c in zip(self._bias, self._columns, strict=True)]

    def score(self, features: Iterable[str]) -> float:
        """Return the sum of the weights of the features in the first class, the only one of a yes or no."""
        get = self._columns[0].get
        return self._bias[0] + sum([get(f, 0.0) for f in features])

    def yes(self, features: Iterable[str]) -> float:
        """Return the probability of yes, 0 to 1."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.score(features)))))

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
    found = _tables(language).get(name)
    return Weights(*found) if found else None


@cache
def _tables(language: str) -> dict[str, tuple[tuple[str, ...], dict[str, tuple[float, ...]]]]:
    """Return the classes and the weights of each table of a language."""
    folder = Path(str(PACKS)) / "languages" / language / "weights"
    found: dict[str, tuple[tuple[str, ...], dict[str, tuple[float, ...]]]] = kept(
        f"weights-{language}", lambda: {path.stem: _table(path) for path in sorted(folder.glob("*.csv"))}
    )
    return found


def _table(path: Path) -> tuple[tuple[str, ...], dict[str, tuple[float, ...]]]:
    """Return the classes of a table, which its heading names, and the weights by feature."""
    with path.open(encoding="utf-8") as lines:
        rows = csv.reader(lines)
        classes = tuple(next(rows)[1:])
        return classes, {r[0]: tuple(map(float, r[1:])) for r in rows}
