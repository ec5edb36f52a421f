"""Counts as reports give them: exact, bounded or vague; and the range that several give together."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

# What a vague word means at least; "tens" begins where a writer would stop counting in words.
_VAGUE = {"tens": 20, "hundreds": 200, "thousands": 2000, "millions": 2_000_000}
_TIMES = {"thousands": 1000, "millions": 1_000_000}
_BETWEEN = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")


class Bounds(NamedTuple):
    """The least and the most that a count can be; `most` is infinite where nothing bounds it."""

    least: float
    most: float

    @property
    def is_exact(self) -> bool:
        """Tell whether the count is one number."""
        return self.least == self.most


def bounds_of(value: Any) -> Bounds:
    """Return the bounds of a count of the coding guide: 27, ">=27", ">90", "<5", "20-30", "15+", "tens", 0.9."""
    if isinstance(value, (int, float)):
        return Bounds(value, value)
    written = str(value).strip()
    vague, _, large = written.partition(" of ")
    if vague in _VAGUE and (not large or large in _TIMES):
        return Bounds(_VAGUE[vague] * _TIMES.get(large, 1), math.inf)
    if between := _BETWEEN.fullmatch(written):
        low, high = sorted(map(float, between.groups()))
        return Bounds(low, high)
    return _signed(written)


def _signed(written: str) -> Bounds:
    """Return the bounds of a number with a sign, or with none; of what is no number, none."""
    number = written.lstrip("<>=").rstrip("+")
    if not re.fullmatch(r"\d+(?:\.\d+)?", number):
        return Bounds(0, math.inf)
    if written.startswith(">") or written.endswith("+"):
        return Bounds(float(number), math.inf)
    return Bounds(0 if written.startswith("<") else float(number), float(number))


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
