"""Which of several candidates is right: weights under which the right one outscores the others.

The reader dates a claim by the best of its candidates, each scored beside the day of the claim before. So the weights
are fitted on whole choices (a conditional logit with an L2 penalty), and the day before is the one that the reader
would have given: first the coded one, then that of a cross-validated first round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from marsad.reading.weights import Seen, Weights, spelt

FOLDS = 8
LEAST_REPORTS = 3
_ROUNDS = 300  # of L-BFGS; it ends by itself after some hundred


class Way(NamedTuple):
    """One candidate: its value, and its features where the choice before has the same value and where it has not."""

    value: str | None
    alike: list[str]
    unlike: list[str]

    def features(self, last: str | None) -> list[str]:
        """Return the features beside the value of the choice before."""
        return self.alike if self.value == last else self.unlike


@dataclass
class Choices:
    """Choices in the order of their reports: candidates, the right value, the report, the value before."""

    ways: list[list[Way]] = field(default_factory=list)
    right: list[str | None] = field(default_factory=list)
    reports: list[int] = field(default_factory=list)
    before: list[str | None] = field(default_factory=list)

    def add(self, ways: list[Way], right: str | None, report: int) -> None:
        """Take in one choice; the value before is the right one of the choice before in the same report."""
        follows = bool(self.reports) and self.reports[-1] == report
        self.before.append(self.right[-1] if follows else None)
        self.ways.append(ways)
        self.right.append(right)
        self.reports.append(report)

    def settle(self, penalty: float) -> None:
        """Put in place of every right value before the one that weights of other reports give."""
        found = self.held_out(FOLDS, penalty)
        for k in range(1, len(found)):
            if self.reports[k] == self.reports[k - 1]:
                self.before[k] = found[k - 1]

    def held_out(self, folds: int, penalty: float) -> list[str | None]:
        """Return the values chosen by weights that have not seen the report, each beside the one chosen before."""
        found: list[str | None] = [None] * len(self.ways)
        for part in range(folds):
            weights = self.fit([k for k, r in enumerate(self.reports) if r % folds != part], penalty)
            for _, group in groupby(range(len(self.ways)), lambda k: self.reports[k]):
                last: str | None = None
                for k in group:
                    if self.reports[k] % folds == part:
                        found[k] = last = _best(self.ways[k], last, weights)
        return found

    def share_right(self, folds: int, penalty: float) -> float:
        """Return the share of choices that are right in cross-validation."""
        found = self.held_out(folds, penalty)
        return sum(a == b for a, b in zip(found, self.right, strict=True)) / max(1, len(found))

    def fit(self, keep: Sequence[int], penalty: float) -> dict[str, float]:
        """Return the weights fitted on the choices `keep`; those without a right candidate teach nothing."""
        known = [k for k in keep if any(way.value == self.right[k] for way in self.ways[k])]
        index = self._index(known)
        rows = [way.features(self.before[k]) for k in known for way in self.ways[k]]
        right = np.array([way.value == self.right[k] for k in known for way in self.ways[k]])
        sizes = np.array([len(self.ways[k]) for k in known])
        values = _ascend(_matrix(rows, index), right, sizes, penalty)
        return dict(zip(index, values, strict=True))

    def _index(self, keep: Iterable[int]) -> dict[str, int]:
        """Return the columns of the features that several reports have."""
        seen: dict[str, set[int]] = defaultdict(set)
        for k in keep:
            for way in self.ways[k]:
                for feature in way.features(self.before[k]):
                    seen[feature].add(self.reports[k])
        return {f: n for n, f in enumerate(sorted(f for f, r in seen.items() if len(r) >= LEAST_REPORTS))}


def way(value: str | None, alike: Iterable[Seen], unlike: Iterable[Seen]) -> Way:
    """Return a candidate with its features spelt out."""
    return Way(value, sorted(set(spelt(alike))), sorted(set(spelt(unlike))))


def weigh(choices: Choices, keep: Sequence[int], penalty: float) -> Weights:
    """Return the weights fitted on the choices `keep`, as the reader uses them."""
    fitted = choices.fit(keep, penalty)
    table = {f: (float(v),) for f, v in fitted.items() if abs(v) >= 0.02}
    return Weights(("yes",), {**table, "bias": (0.0,)})


def _best(ways: Iterable[Way], last: str | None, weights: dict[str, float]) -> str | None:
    return max(ways, key=lambda w: sum(weights.get(f, 0.0) for f in w.features(last))).value


def _matrix(rows: Iterable[list[str]], index: dict[str, int]) -> csr_matrix:
    columns, starts = [], [0]
    for row in rows:
        columns += [index[f] for f in row if f in index]
        starts.append(len(columns))
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(starts) - 1, len(index)))


def _ascend(seen: csr_matrix, right: np.ndarray, sizes: np.ndarray, penalty: float) -> np.ndarray:
    """Return the weights that make the right candidates likeliest; `sizes` are the lengths of the choices."""
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    owner = np.repeat(np.arange(len(sizes)), sizes)

    def shares(scores: np.ndarray) -> tuple[np.ndarray, float]:
        """Return each candidate's share within its choice, and the sum of the logarithms of the totals."""
        top = np.maximum.reduceat(scores, starts)
        raised = np.exp(scores - top[owner])
        totals = np.add.reduceat(raised, starts)
        return raised / totals[owner], float(np.sum(np.log(totals) + top))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = seen @ weights
        given, all = shares(scores)
        wanted, good = shares(np.where(right, scores, -1e9))
        return all - good + weights @ weights / (2 * penalty), seen.T @ (given - wanted) + weights / penalty

    return np.asarray(
        minimize(loss, np.zeros(seen.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    )
