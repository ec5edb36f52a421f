"""What becomes of an incident in TimeMap, as codebook/timemap.toml has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, read_toml, types


@dataclass(frozen=True, slots=True)
class Category:
    """A track of TimeMap's timeline: its names by language, its colour, and the types of incident in it."""

    id: str
    names: Mapping[str, str]
    colour: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimemapWords:
    """The categories in order, the statuses that leave, and words by name and language."""

    statuses: frozenset[str]
    categories: tuple[Category, ...]
    filters: Mapping[str, Mapping[str, str]]
    comments: Mapping[str, Mapping[str, str]]

    def category_of(self, type: str) -> Category:
        """Return the category of a type of incident."""
        return next(category for category in self.categories if type in category.types)


@cache
def timemap_words() -> TimemapWords:
    """Return the words of TimeMap; raise PackError where a type of incident has no category, or two."""
    table = read_toml(PACKS / "codebook" / "timemap.toml")
    rows = table["category"]
    categories = tuple(
        Category(row["id"], {lang: row[lang] for lang in ("ar", "en")}, row["colour"], tuple(row["types"]))
        for row in rows
    )
    placed = [type for category in categories for type in category.types]
    if wrong := sorted(type for type in {*placed, *types()} if placed.count(type) != 1 or type not in types()):
        raise PackError(f"timemap.toml, category: {wrong[0]} must be a type of the codebook and stand in one category")
    return TimemapWords(frozenset(table["statuses"]), categories, table["filters"], table["comments"])
