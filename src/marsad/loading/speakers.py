"""Whose voice a source is: an outlet of a side, or a spokesman whose words name the side."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from typing import Any

from marsad.loading.language import language
from marsad.loading.theatre import side_of, theatre
from marsad.text.phrases import phrase_key

_WHERE = frozenset(phrase_key("في من إلى قرب داخل"))


@lru_cache(maxsize=65536)
def partisan_of(source: str, code: str | None, day: date | None) -> str:
    """Return the actor whose voice a source is on a day in a theatre (None: nobody knows which), "" for nobody's."""
    known = side_of(source, code, day)
    if known or code is None:
        return known
    words, names = phrase_key(source), _names(code)
    for length in range(min(len(words), 5), 0, -1):
        for start in range(len(words) - length + 1):
            # "Activists in Damascus" speak from a town, not for who governs there; forces have an article.
            if length == 1 and start and words[start - 1] in _WHERE and not words[start].startswith("ال"):
                continue
            for row in names.get(words[start : start + length], ()):
                if _holds_on(row, day):
                    return str(row["id"])
    return ""


@cache
def _names(code: str) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Return the entries of a theatre's actors, then those that are the same everywhere, by each of their names."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in (*theatre(code).actors, *language().actors.get("name", ())):
        for words in row["words"]:
            found.setdefault(phrase_key(words), []).append(row)
    return found


def _holds_on(row: dict[str, Any], day: date | None) -> bool:
    since, until = row.get("since"), row.get("until")
    return day is None or ((since is None or day >= since) and (until is None or day < until))
