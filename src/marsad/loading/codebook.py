"""The codebook as objects: types of claim and the registry of actors."""

from __future__ import annotations

import marshal
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from marsad.errors import PackError
from marsad.loading.kept import kept

PACKS = files("marsad.packs")
CONTROLS = ("gives", "takes", "contests", "encircles", "nothing")


@dataclass(frozen=True, slots=True)
class ClaimType:
    """One of the types of a claim, with what it means and how its triggers share out roles."""

    id: str
    ar: str
    en: str
    meaning: str
    not_when: str
    control: str
    control_why: str
    roles: dict[str, str]
    sided: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """For whom its members hold what they hold in a theatre, from `since` on and before `until`."""

    theatre: str
    lead: str
    members: tuple[str, ...]
    why: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """One row of the registry; `since` and `until` bound the days on which it exists."""

    id: str
    ar: str
    en: str
    kind: str
    parent: str | None = None
    since: date | None = None
    until: date | None = None
    names: tuple[str, ...] = field(default=())


def read_toml(path: Traversable) -> dict[str, Any]:
    """Return the parsed file; raise PackError naming the file where it is no TOML."""
    found = _kept_tables().pop(str(path), None)
    return _parsed(path) if found is None else found


def _parsed(path: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"{path.name}: {error}; mend the file at that line") from error


@cache
def _kept_tables() -> dict[str, dict[str, Any]]:
    """Return the packaged files that are kept parsed, each until it is asked for; those with days are not kept."""
    root = str(PACKS)
    tables: dict[str, dict[str, Any]] = kept("tables", _tables_to_keep)
    return {root + name: table for name, table in tables.items()}


def _tables_to_keep() -> dict[str, dict[str, Any]]:
    """Return the files of the codebook and of the languages that are plain data, by their path in the packs."""
    root, found = Path(str(PACKS)), {}
    for path in sorted((*root.glob("codebook/*.toml"), *root.glob("languages/**/*.toml"))):
        table = _parsed(path)
        with suppress(ValueError):  # marshal knows no days
            marshal.dumps(table)
            found[str(path).removeprefix(str(root))] = table
    return found


def build(kind: type[Any], row: dict[str, Any], where: str) -> Any:
    """Return `kind(**row)`; raise PackError that names an unknown or missing key."""
    try:
        return kind(**row)
    except TypeError as error:
        raise PackError(f"{where}, entry {row.get('id', '?')}: {error}") from error


@cache
def types() -> dict[str, ClaimType]:
    """Return the types of claim by id, in the order of the codebook."""
    rows = read_toml(PACKS / "codebook" / "types.toml")["type"]
    found = {r["id"]: build(ClaimType, r, "codebook/types.toml") for r in rows}
    if len(found) != len(rows):
        raise PackError("codebook/types.toml: an id stands twice")
    for t in found.values():
        if t.control not in CONTROLS:
            raise PackError(f"codebook/types.toml, entry {t.id}: control is one of {', '.join(CONTROLS)}")
        if not t.control_why:
            raise PackError(f"codebook/types.toml, entry {t.id}: control_why says why it does so")
    return found


@cache
def actors() -> dict[str, Actor]:
    """Return the registry of actors by id."""
    rows = read_toml(PACKS / "codebook" / "actors.toml")["actor"]
    return {r["id"]: build(Actor, r, "codebook/actors.toml") for r in rows}


@cache
def camps() -> dict[str, dict[str, int]]:
    """Return for each theatre the number of the camp that each actor of it fights in."""
    table = read_toml(PACKS / "codebook" / "camps.toml")
    found = {t: {id: n for n, camp in enumerate(row["camps"]) for id in camp} for t, row in table.items()}
    unknown = {id for camp in found.values() for id in camp} - set(actors())
    if unknown:
        raise PackError(f"codebook/camps.toml: no such actor: {', '.join(sorted(unknown))}")
    return found


@cache
def sides() -> dict[str, tuple[Side, ...]]:
    """Return the sides of each theatre; raise PackError for an actor that the registry does not know."""
    rows = read_toml(PACKS / "codebook" / "sides.toml")["side"]
    found = [build(Side, {**row, "members": tuple(row["members"])}, "codebook/sides.toml") for row in rows]
    unknown = {id for side in found for id in (side.lead, *side.members)} - set(actors())
    if unknown:
        raise PackError(f"codebook/sides.toml: no such actor: {', '.join(sorted(unknown))}")
    return {theatre: tuple(s for s in found if s.theatre == theatre) for theatre in {s.theatre for s in found}}
