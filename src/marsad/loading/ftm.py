"""What becomes of an incident in FollowTheMoney, as codebook/ftm.toml has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, actors, read_toml
from marsad.loading.published import published


@dataclass(frozen=True, slots=True)
class FtmMapping:
    """How incidents become entities: `type_of` a property, `schema_of` a kind of party, the property of a `column`."""

    dataset: str
    statuses: frozenset[str]
    type_of: Mapping[str, str]
    schema_of: Mapping[str, str]
    columns: Mapping[str, str]
    notes: tuple[str, ...]


@cache
def ftm_mapping() -> FtmMapping:
    """Return the mapping; raise PackError where a kind of party or a column of incidents has no place in it."""
    table = read_toml(PACKS / "codebook" / "ftm.toml")
    type_of = {prop: type for type, props in table["types"].items() for prop in props}
    schema_of = {kind: row["schema"] for kind, row in table["kinds"].items()}
    columns, notes = table["columns"], tuple(table["notes"]["columns"])
    _check({actor.kind for actor in actors().values()}, schema_of, "kinds")
    _check({c.name for c in published()["incidents"].columns}, {*columns, *notes, *table["elsewhere"]}, "columns")
    _check(set(columns.values()), type_of, "types")
    return FtmMapping(table["dataset"], frozenset(table["statuses"]), type_of, schema_of, columns, notes)


def _check(wanted: set[str], known: Mapping[str, str] | set[str], where: str) -> None:
    if missing := sorted(wanted - set(known)):
        raise PackError(f"ftm.toml, {where}: {missing[0]} is not there; say what becomes of it")
