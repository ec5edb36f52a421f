"""Which characters of a text belong to which claims: the text cut where any evidence begins or ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from marsad.model import Claim


class Piece(NamedTuple):
    """A run of characters under the same claims; the shortest evidence first, since it says most."""

    start: int
    end: int
    claims: tuple[int, ...]
    opens: tuple[int, ...]
    trigger: bool


def pieces_of(length: int, claims: Sequence[Claim]) -> list[Piece]:
    """Return pieces that cover the text without gap or overlap, however the evidence overlaps."""
    spans = [_inside(c.span, length) for c in claims]
    triggers = [_inside(c.trigger_span, length) for c in claims]
    borders = sorted({0, length, *(at for span in (*spans, *triggers) for at in span)})
    by_start: dict[int, list[int]] = {}
    for i, (start, end) in enumerate(spans):
        if start < end:
            by_start.setdefault(start, []).append(i)
    pieces, open_now = [], set[int]()
    for start, end in pairwise(borders):
        opens = by_start.get(start, [])
        open_now = {i for i in open_now if spans[i][1] > start} | set(opens)
        over = tuple(sorted(open_now, key=lambda i: (spans[i][1] - spans[i][0], i)))
        bold = any(a <= start and end <= b for a, b in (triggers[i] for i in over))
        pieces.append(Piece(start, end, over, tuple(opens), bold))
    return pieces


def cut(text: str, span: Sequence[int], trigger: Sequence[int]) -> list[tuple[str, str]]:
    """Return the text in pieces, each with what it is to one claim: "" (nothing), "evidence" or "trigger"."""
    (start, end), (first, last) = _inside(span, len(text)), _inside(trigger, len(text))
    borders = sorted({0, len(text), start, end, first, last})
    named = (
        (a, b, "trigger" if first <= a < last else "evidence" if start <= a < end else "") for a, b in pairwise(borders)
    )
    return [(text[a:b], what) for a, b, what in named]


def _inside(span: Sequence[int], length: int) -> tuple[int, int]:
    return max(0, min(span[0], length)), max(0, min(span[1], length))
