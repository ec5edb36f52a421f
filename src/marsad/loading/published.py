"""What may leave a record in exports, and in which columns, as codebook/published.toml lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, read_toml

KINDS = ("text", "day", "time", "number", "whole", "flag", "texts")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a flat table: `source` is a path in the row, or `@` and the name of what is worked out."""

    name: str
    kind: str
    source: str
    hxl: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Published:
    """A table of exports: its names, the paths of the fields that may leave, why others stay, and its columns."""

    id: str
    en: str
    ar: str
    meaning: str
    leave: frozenset[str]
    stay: Mapping[str, str]
    columns: tuple[Column, ...]


@cache
def published() -> Mapping[str, Published]:
    """Return the tables of exports by id, in the order of the file."""
    return {id: _table(id, row) for id, row in read_toml(PACKS / "codebook" / "published.toml").items()}


def _table(id: str, row: Mapping[str, Any]) -> Published:
    columns = tuple(Column(*cells) for cells in row["columns"])
    names = [column.name for column in columns]
    for column in columns:
        if column.kind not in KINDS or names.count(column.name) > 1:
            raise PackError(f"published.toml, {id}.{column.name}: a column has a name of its own and a kind of {KINDS}")
    if both := row["stay"].keys() & set(row["leave"]):
        raise PackError(f"published.toml, {id}: {sorted(both)} cannot both leave and stay")
    return Published(id, row["en"], row["ar"], row["meaning"], frozenset(row["leave"]), row["stay"], columns)
