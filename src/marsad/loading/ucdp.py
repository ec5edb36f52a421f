"""How incidents become events of UCDP's Georeferenced Event Dataset, as codebook/ucdp.toml says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, actors, read_toml
from marsad.loading.mappings import EventColumn, Rule, columns_of, rules_of

_WHERE = "codebook/ucdp.toml"
TARGETS, UNKNOWN = "targets", "unknown"


@dataclass(frozen=True, slots=True)
class Ucdp:
    """The whole mapping; `days` and `radius_km` are the upper ends of the codes of precision from 1 on.

    The event of a rule says whose the dead are: the targets', or unknown.
    """

    columns: tuple[EventColumn, ...]
    rules: Mapping[str, tuple[Rule, ...]]
    days: tuple[int, ...]
    radius_km: tuple[float, ...]
    uncounted: int
    civilians: frozenset[str]
    coalitions: frozenset[str]
    unorganised: frozenset[str]


@cache
def ucdp() -> Ucdp:
    """Return the mapping; raise PackError for a type, an actor or a means that there is not."""
    table = read_toml(PACKS / "codebook" / "ucdp.toml")
    sides = {key: frozenset(table["sides"][key]) for key in ("civilians", "coalitions", "unorganised")}
    if unknown := frozenset().union(*sides.values()) - actors().keys():
        raise PackError(f"{_WHERE}, sides: no such actor: {', '.join(sorted(unknown))}")
    return Ucdp(
        columns_of(table, _WHERE), rules_of(table, (TARGETS, UNKNOWN), _WHERE), tuple(table["precision"]["days"]),
        tuple(table["precision"]["radius_km"]), table["deaths"]["uncounted"], **sides,
    )  # fmt: skip
