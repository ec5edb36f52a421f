"""How incidents become events of ACLED, as codebook/acled.toml says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, read_toml
from marsad.loading.countries import governments
from marsad.loading.mappings import EventColumn, Rule, check_actors, columns_of, rules_of

_WHERE = "codebook/acled.toml"
STATE_FORCES, EXTERNAL = 1, 8


@dataclass(frozen=True, slots=True)
class SubEvent:
    """A sub-event type of ACLED with the event type and the kind of disorder that it belongs to."""

    event_type: str
    name: str
    disorder: str


@dataclass(frozen=True, slots=True)
class AcledActor:
    """What an actor of the registry is to ACLED: its `inter` and, where ACLED has generic names, these."""

    inter: int
    name: str = ""
    associated: str = ""


@dataclass(frozen=True, slots=True)
class Acled:
    """The whole mapping; `days` and `radius_km` are the upper ends of the codes of precision from 1 on.

    `vague` is what ACLED writes for a vague number, `uncounted` for a killing without one; `national` are the kinds of
    outlets that speak to a country; `unknown` and `suffering` are the `inter` of whom the registry does not know,
    the latter where one of `suffer` is done to them.
    """

    columns: tuple[EventColumn, ...]
    sub_events: Mapping[str, SubEvent]
    rules: Mapping[str, tuple[Rule, ...]]
    actors: Mapping[str, AcledActor]
    days: tuple[int, ...]
    radius_km: tuple[float, ...]
    vague: Mapping[str, int]
    uncounted: int
    national: frozenset[str]
    unknown: int
    suffer: frozenset[str]
    suffering: int

    def inter_of(self, id: str, country: str | None) -> int:
        """Return the kind of an actor of the registry in a country (two letters)."""
        home = governments().get(id)
        if home is None:
            return self.actors[id].inter
        return STATE_FORCES if home == country else EXTERNAL


@cache
def acled() -> Acled:
    """Return the mapping; raise PackError for a type, actor, means or sub-event that there is not."""
    table = read_toml(PACKS / "codebook" / "acled.toml")
    subs = {row[1]: SubEvent(*row) for row in table["sub_events"]}
    named = {row["id"]: _actor(row) for row in table["actor"]}
    if both := named.keys() & governments().keys():
        raise PackError(f"{_WHERE}: a government's kind follows from where it is, leave out {', '.join(sorted(both))}")
    check_actors([*named, *governments()], _WHERE)
    deaths, unknown = table["deaths"], table["unknown"]
    return Acled(
        columns_of(table, _WHERE), subs, rules_of(table, subs, _WHERE), named, tuple(table["precision"]["days"]),
        tuple(table["precision"]["radius_km"]), {key: n for key, n in deaths.items() if key != "uncounted"},
        deaths["uncounted"], frozenset(table["scale"]["national"]), unknown["inter"], frozenset(unknown["suffer"]),
        unknown["suffering"],
    )  # fmt: skip


def _actor(row: Mapping[str, Any]) -> AcledActor:
    if not row.get("why") or row["inter"] not in range(1, 9):
        raise PackError(f"{_WHERE}, {row['id']}: inter is 1 to 8, and why says the reason")
    return AcledActor(row["inter"], row.get("name", ""), row.get("with", ""))
