"""How incidents become events of PLOVER, as codebook/plover.toml says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, read_toml
from marsad.loading.countries import governments
from marsad.loading.mappings import Rule, check_actors, rules_of
from marsad.loading.means import means

_WHERE = "codebook/plover.toml"
HERE = "here"


@dataclass(frozen=True, slots=True)
class PloverEvent:
    """An event type of PLOVER: its quad code (1 to 4), its score (-10 to 10) and its modes."""

    name: str
    quad: int
    score: float
    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PloverActor:
    """What an actor is to PLOVER: its sector, and its country in two letters, HERE, or "" of no one country."""

    sector: str
    country: str


@dataclass(frozen=True, slots=True)
class Plover:
    """The whole mapping; `modes` tells for an event the mode of each means, `by_forces` where a government is MIL."""

    codebook: str
    events: Mapping[str, PloverEvent]
    rules: Mapping[str, tuple[Rule, ...]]
    modes: Mapping[str, Mapping[str, str]]
    actors: Mapping[str, PloverActor]
    recipient_needed: frozenset[str]
    by_forces: frozenset[str]

    def party_of(self, id: str, event: str) -> PloverActor:
        """Return what an actor of the registry is in an event."""
        home = governments().get(id)
        if home is None:
            return self.actors[id]
        return PloverActor("MIL" if event in self.by_forces else "GOV", home)


@cache
def plover() -> Plover:
    """Return the mapping; raise PackError for what the manual or the codebook does not know."""
    table = read_toml(PACKS / "codebook" / "plover.toml")
    events = {row[0]: PloverEvent(row[0], row[1], row[2], tuple(row[3])) for row in table["events"]}
    found = Plover(
        table["codebook"], events, rules_of(table, events, _WHERE), table["modes"],
        {row["id"]: PloverActor(row["sector"], row["country"]) for row in table["actor"]},
        frozenset(table["recipient_needed"]), frozenset(table["by_forces"]),
    )  # fmt: skip
    check_actors([*found.actors, *governments()], _WHERE)
    for fault in _faults_of(found, table):
        raise PackError(f"{_WHERE}: {fault}")
    return found


def _faults_of(found: Plover, table: Mapping[str, Any]) -> list[str]:
    modes = {(event, mode) for event, by in found.modes.items() for mode in by.values()}
    modes |= {(r.event, mode) for rules in found.rules.values() for r in rules for mode in r.modes}
    faults = [f"{event} has no mode {mode}" for event, mode in sorted(modes) if mode not in found.events[event].modes]
    contexts = {context for rules in found.rules.values() for rule in rules for context in rule.contexts}
    faults += [f"there is no context {context}" for context in sorted(contexts - set(table["contexts"]))]
    sectors = {actor.sector for actor in found.actors.values() if actor.sector}
    faults += [f"there is no sector {sector}" for sector in sorted(sectors - set(table["sectors"]))]
    told = {id for by in found.modes.values() for id in by}
    return faults + [f"there is no means {id}" for id in sorted(told - means().keys())]
