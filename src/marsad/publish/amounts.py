"""Counts as reports give them (27, ">90", ">=27", "20-30", "tens"), taken apart for those who put them into words."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_VAGUE = {"tens": 20, "hundreds": 200, "thousands": 2000, "millions": 2_000_000}
_LARGE = ("thousands", "millions")
_SIGNS = ((">=", "least"), ("<=", "most"), (">", "more"), ("<", "less"))
_BETWEEN = re.compile(r"(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)")


class Amount(NamedTuple):
    """How much: `sign` is exact, more, least, less, most, between, vague or unknown; `word` the word of a vague one.

    `large` is "thousands" in "tens of thousands".
    """

    sign: str
    low: float
    high: float = 0.0
    word: str = ""
    large: str = ""


def amount_of(value: Any) -> Amount:
    """Return a count of the coding guide taken apart; what is none is unknown, its words kept."""
    if isinstance(value, (int, float)):
        return Amount("exact", value)
    written = str(value).strip()
    vague, _, large = written.partition(" of ")
    if vague in _VAGUE and (not large or large in _LARGE):
        return Amount("vague", _VAGUE[vague], word=vague, large=large)
    if between := _BETWEEN.fullmatch(written):
        low, high = sorted(map(float, between.groups()))
        return Amount("between", low, high)
    return _signed(written)


def _signed(written: str) -> Amount:
    sign, name = next(((s, n) for s, n in _SIGNS if written.startswith(s)), ("", "exact"))
    number = written.removeprefix(sign).strip()
    if number.endswith("+"):
        name, number = "least", number[:-1]
    if not re.fullmatch(r"\d+(?:\.\d+)?", number):
        return Amount("unknown", 0, word=written)
    return Amount(name, float(number))


def order_of(value: Any) -> tuple[float, bool]:
    """Return by what counts are put in order: the least first, of equals the exact one."""
    amount = amount_of(value)
    return amount.low, amount.sign != "exact"
