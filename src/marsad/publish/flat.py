"""Rows as flat tables: one value a column, as codebook/published.toml lists the columns."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from marsad.loading.published import Column, published
from marsad.publish import labels

Row = Mapping[str, Any]
_STEP = re.compile(r"\w+|\[\d*\]")


def flat_rows(table: str, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield the rows with every column of the table; a column of kind texts is a list, what is absent None."""
    getters = [(column.name, _getter(column)) for column in published()[table].columns]
    for row in rows:
        yield {name: get(row) for name, get in getters}


def columns_of(table: str) -> tuple[Column, ...]:
    """Return the columns of a table in order."""
    return published()[table].columns


@cache
def _getter(column: Column) -> Callable[[Row], Any]:
    if column.source.startswith("@"):
        return WORKED_OUT[column.source[1:]]
    steps = _STEP.findall(column.source)
    many = column.kind == "texts"
    as_text = column.kind == "text"

    def get(row: Row) -> Any:
        found = _followed(row, steps)
        if many:
            return [str(value) for value in found or () if value is not None]
        return str(found) if as_text and found is not None else found

    return get


def _followed(value: Any, steps: Sequence[str]) -> Any:
    """Return what lies at the end of a path, None where a step leads nowhere; `[]` goes on in each of a list."""
    for n, step in enumerate(steps):
        if step == "[]":
            return [_followed(inner, steps[n + 1 :]) for inner in value or ()]
        if step.startswith("["):
            at = int(step[1:-1])
            value = value[at] if value and len(value) > at else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def first_day(row: Row) -> str | None:
    """Return the first whole day that a claim or an incident means, None where it means none."""
    first, _, last = (row["date"] or "").partition("/")
    return _whole(first) or _whole(last)


def last_day(row: Row) -> str | None:
    """Return the last whole day that it means."""
    first, _, last = (row["date"] or "").partition("/")
    return _whole(last) or _whole(first)


def _whole(written: str) -> str | None:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return None


def _parties(role: str) -> Callable[[Row], list[str]]:
    return lambda row: [party["id"] or party["text"] for party in row[role]]


def _names(role: str) -> Callable[[Row], list[str]]:
    return lambda row: [labels.of_actor(p["id"])[1] if p["id"] else p["text"] for p in row[role]]


def _links(row: Row) -> list[str]:
    return [f"{link['kind']}:{link['claim']}" for link in row["links"]]


def _contradictions(row: Row) -> list[str]:
    """Return each contradiction as `numbers.killed: 45 (one source), 63 (another)`."""
    return [
        f"{found['field']}: " + ", ".join(f"{v['value']} ({'; '.join(v['sources'])})" for v in found["values"])
        for found in row["contradictions"]
    ]


def _json(field: str) -> Callable[[Row], str | None]:
    return lambda row: json.dumps(row[field], ensure_ascii=False) if row[field] else None


# What a column is worked out from where it is no field of a row.
WORKED_OUT: Mapping[str, Callable[[Row], Any]] = {
    "type_en": lambda row: labels.of_type(row["type"])[1],
    "type_ar": lambda row: labels.of_type(row["type"])[0],
    "first_day": first_day,
    "last_day": last_day,
    "actors": _parties("actors"),
    "targets": _parties("targets"),
    "actors_en": _names("actors"),
    "targets_en": _names("targets"),
    "links": _links,
    "contradictions": _contradictions,
    "numbers": _json("numbers"),
    "ranges": _json("numbers"),
}
