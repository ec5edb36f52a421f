"""Counts as reports give them: exact, bounded or vague; and the range that several give together."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

# What a vague word means at least; "tens" begins where a writer would stop counting in words.
_VAGUE = {"tens": 20, "hundreds": 200, "thousands": 2000}


class Bounds(NamedTuple):
    """The least and the most that a count can be; `most` is infinite where nothing bounds it."""

    least: float
    most: float

    @property
    def is_exact(self) -> bool:
        """Tell whether the count is one number."""
        return self.least == self.most


def bounds_of(value: Any) -> Bounds:
    """Return the bounds of a count of the coding guide: 27, ">=27", ">90", "<5", "tens", 0.9."""
    if isinstance(value, (int, float)):
        return Bounds(value, value)
    written = str(value).strip()
    if written in _VAGUE:
        return Bounds(_VAGUE[written], math.inf)
    sign = written[: len(written) - len(written.lstrip("<>="))]
    try:
        number = float(written[len(sign) :])
    except ValueError:
        return Bounds(0, math.inf)
    if sign.startswith(">"):
        return Bounds(number, math.inf)
    return Bounds(0, number) if sign.startswith("<") else Bounds(number, number)


def range_of(values: list[Any]) -> tuple[float | int, float | int | None]:
    """Return the least and the most that any of the counts says; the most is None where none of them bounds it."""
    all = [bounds_of(value) for value in values]
    tops = [b.most for b in all if b.most != math.inf] + [b.least for b in all if b.most == math.inf]
    low, high = min(b.least for b in all), max(tops)
    # Of "100" and "at least 100" the first bounds the second, whichever is told first.
    highest = max(all, key=lambda b: (b.least, b.most != math.inf))
    return _plain(low), None if highest.most == math.inf else _plain(high)


def disagree(a: Any, b: Any) -> bool:
    """Tell whether two counts cannot both be true."""
    x, y = bounds_of(a), bounds_of(b)
    return x.most < y.least or y.most < x.least


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number
