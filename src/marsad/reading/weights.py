"""Small linear models: what a set of observed features says of a choice, as data in the pack.

A model is a table feature → weight (per class), fitted on the development reports by
`training/fit.py`; scoring is a sum and a logistic, in plain Python.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any

from marsad.loading.codebook import PACKS
from marsad.loading.kept import kept
from marsad.text.memo import Memo

BIAS = "bias"


# Features that hang on the same few things: the function that spells them all, then the things.
Seen = tuple[Any, ...]


def spelt(seen: Iterable[Seen]) -> Iterator[str]:
    """Yield the features one by one, as the tables of weights name them."""
    for spell, *things in seen:
        yield from spell(*things)


class Weights:
    """Weights by feature, one number for each class; a single class means yes or no.

    The sum of features that were seen together before is remembered: to spell and look up a feature takes a
    third of a microsecond, and a dense report has 20,000.
    """

    def __init__(self, classes: tuple[str, ...], table: dict[str, tuple[float, ...]]) -> None:
        self.classes, self.table = classes, table
        self._none = (0.0,) * len(classes)
        self._bias = table.get(BIAS, self._none)
        self._sums: Memo[Seen, tuple[float, ...]] = Memo(self._sum, 50_000)
        # Of yes or no the sums are plain numbers: they are added up in a third of the time.
        self._first = {feature: row[0] for feature, row in table.items()} if len(classes) == 1 else {}
        self._plain_sums: Memo[Seen, float] = Memo(self._plain_sum, 50_000)

    def _sum(self, seen: Seen) -> tuple[float, ...]:
        spell, *things = seen
        rows = [row for row in map(self.table.get, spell(*things)) if row is not None]
        if len(rows) < 2:
            return rows[0] if rows else self._none
        return tuple(map(sum, zip(*rows, strict=True)))

    def _plain_sum(self, seen: Seen) -> float:
        spell, *things = seen
        return sum(map(self._first.get, spell(*things), repeat(0.0)))

    def scores(self, seen: Iterable[Seen]) -> list[float]:
        """Return the sums of the weights of the features, one for each class."""
        return list(map(sum, zip(self._bias, *map(self._sums.__getitem__, seen), strict=True)))

    def score(self, seen: Iterable[Seen], start: float | None = None) -> float:
        """Return the sum of the weights of the features of a yes or no, on top of a score of others."""
        return sum(map(self._plain_sums.__getitem__, seen), self._bias[0] if start is None else start)

    def yes(self, seen: Iterable[Seen], start: float | None = None) -> float:
        """Return the probability of yes, 0 to 1, on top of a score of other features."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.score(seen, start)))))

    def shares(self, seen: Iterable[Seen]) -> list[float]:
        """Return the probabilities of the classes; they sum to 1."""
        scores = self.scores(seen)
        top = max(scores)
        odds = [math.exp(s - top) for s in scores]
        total = sum(odds)
        return [o / total for o in odds]

    def best(self, seen: Iterable[Seen]) -> str:
        """Return the class with the highest score."""
        scores = self.scores(seen)
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
