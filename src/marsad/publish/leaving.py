"""The allow-list at the door: of a row only the fields that may leave do, whoever asks and in whatever format."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from marsad.loading.published import published

Row = Mapping[str, Any]
_ANY, _EACH = "*", "[]"


def leaving(table: str, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table with nothing but what may leave."""
    allowed = _tree(table)
    for row in rows:
        yield {key: _kept(value, allowed[key]) for key, value in row.items() if key in allowed}


def paths_of(value: Any, at: str = "", sets: Collection[str] = ()) -> Iterator[str]:
    """Yield the path of every value inside a row; the names inside a field of `sets` are written `*`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from paths_of(inner, f"{at}.{_ANY if at in sets else key}" if at else key, sets)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from paths_of(inner, at + _EACH, sets)
    else:
        yield at


@cache
def _tree(table: str) -> dict[str, Any]:
    """Return the paths that may leave as a tree of names; {} is a value."""
    tree: dict[str, Any] = {}
    for path in published()[table].leave:
        branch = tree
        for step in path.replace(_EACH, f".{_EACH}").split("."):
            branch = branch.setdefault(step, {})
    return tree


def _kept(value: Any, allowed: Mapping[str, Any]) -> Any:
    """Return what of a value may leave; a list or object where a plain value is allowed is emptied."""
    if isinstance(value, Mapping):
        return {
            key: _kept(inner, branch)
            for key, inner in value.items()
            if (branch := allowed.get(key, allowed.get(_ANY))) is not None
        }
    if isinstance(value, list | tuple):
        return [_kept(inner, allowed[_EACH]) for inner in value] if _EACH in allowed else []
    return None if allowed else value
