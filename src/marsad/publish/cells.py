"""Terminal cells: how wide a text is, how to cut and pad it, and how to keep Arabic from moving its neighbours."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ISOLATE, _POP = "\u2068", "\u2069"
_STEERING = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0x061C, 0xFEFF])

_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# Right-to-left letters and what may stand between two of them, so that a name of several words is one run.
RIGHT_RUN = re.compile(rf"[{_RIGHT}](?:[{_RIGHT}\s\d\"«»/-]*[{_RIGHT}])?")


@lru_cache(maxsize=4096)
def _width_of_letter(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def width_of(text: str) -> int:
    """Return how many terminal columns the text takes; marks and direction signs take none."""
    return sum(map(_width_of_letter, text))


def one_line(text: str) -> str:
    """Return the text on one line, without direction signs of its own and without control characters."""
    flat = " ".join(text.translate(_STEERING).split())
    return "".join(c for c in flat if unicodedata.category(c) != "Cc")


def cut(text: str, width: int) -> str:
    """Return the text, or as much of it as fits before an ellipsis."""
    if width_of(text) <= width:
        return text
    kept, used = [], 0
    for letter in text:
        used += _width_of_letter(letter)
        if used > width - 1:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def around(text: str, start: int, end: int, width: int) -> str:
    """Return the text on one line, cut to `width` columns in such a way that `start` to `end` stays in sight."""
    flat = one_line(text)
    first, last = (len(one_line(text[:at] + "x")) - 1 for at in (start, end))
    if width_of(flat) <= width or width_of(flat[:last]) < width:
        return cut(flat, width)
    begin = 0
    while 0 <= begin < first and width_of(flat[begin:last]) > 2 * width // 3:
        begin = flat.find(" ", begin, first) + 1 or first
    return "…" + cut(flat[begin:], width - 1)


def isolate_runs(text: str) -> str:
    """Return a left-to-right line in which each right-to-left run is isolated from what stands beside it."""
    return RIGHT_RUN.sub(lambda run: f"{_ISOLATE}{run.group()}{_POP}", text)


def isolate(text: str) -> str:
    """Return the text between isolate signs where it holds right-to-left letters, else as it is."""
    if any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return f"{_ISOLATE}{text}{_POP}"
    return text


def cell(text: str, width: int) -> str:
    """Return the text cut and padded to exactly `width` columns, safe beside other cells."""
    short = cut(one_line(text), width)
    return isolate(short) + " " * (width - width_of(short))
