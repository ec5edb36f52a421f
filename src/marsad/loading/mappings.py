"""How incidents are mapped to the codes of another house: rules by type, and the columns of its tables.

Of the rules of a type the first counts whose conditions are all met; one without an event leaves the incident out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marsad.errors import PackError
from marsad.loading.codebook import actors, build, types
from marsad.loading.framings import framings
from marsad.loading.means import means
from marsad.loading.published import KINDS

PARTIES = ("", "people", "armed", "state")


@dataclass(frozen=True, slots=True)
class Rule:
    """What an incident of a type becomes, and why.

    Conditions: `means` one of which is told; what the `target` or `actor` is; with `harm`, somebody was killed or hurt.
    `modes`, `contexts` and `swap` (the actors are those to whom it is done) are PLOVER's alone.
    """

    why: str
    event: str = ""
    means: tuple[str, ...] = ()
    target: str = ""
    actor: str = ""
    harm: bool = False
    modes: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    swap: bool = False

    @property
    def always(self) -> bool:
        """Tell whether every incident of the type meets it."""
        return not (self.means or self.target or self.actor or self.harm)


@dataclass(frozen=True, slots=True)
class EventColumn:
    """A column of another house's table: its name, its kind, and what stands there."""

    name: str
    kind: str
    meaning: str


def rules_of(table: Mapping[str, Any], events: Iterable[str], where: str) -> dict[str, tuple[Rule, ...]]:
    """Return the rules of each type; raise PackError for a type without them or a rule that can never be right."""
    known = set(events)
    found = {row["id"]: tuple(_rule(rule, f"{where}, {row['id']}") for rule in row["rules"]) for row in table["type"]}
    if differ := found.keys() ^ types().keys():
        raise PackError(f"{where}: give each type its rules, and no other: {', '.join(sorted(differ))}")
    for type, rules in found.items():
        if fault := _fault_of(type, rules, known):
            raise PackError(f"{where}, {type}: {fault}")
    return found


def columns_of(table: Mapping[str, Any], where: str) -> tuple[EventColumn, ...]:
    """Return the columns of a table in order; raise PackError for a kind that there is not or a name that is twice."""
    columns = tuple(EventColumn(*cells) for cells in table["columns"])
    names = [column.name for column in columns]
    for column in columns:
        if column.kind not in KINDS or names.count(column.name) > 1:
            raise PackError(f"{where}, {column.name}: a column has a name of its own and a kind of {KINDS}")
    return columns


def check_actors(named: Iterable[str], where: str) -> None:
    """Raise PackError for an actor of the registry that is not named, or one that is named and not there."""
    if differ := set(named) ^ actors().keys():
        raise PackError(f"{where}: give each actor of the registry its code, and no other: {', '.join(sorted(differ))}")


def _rule(row: Mapping[str, Any], where: str) -> Rule:
    rule: Rule = build(Rule, {key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}, where)
    return rule


def _fault_of(type: str, rules: tuple[Rule, ...], events: set[str]) -> str:
    """Return what is wrong with the rules of a type, "" where nothing is."""
    if [rule.always for rule in rules] != [False] * (len(rules) - 1) + [True]:
        return "the last rule, and only it, has no condition"
    manners = {framing.manner for framing in framings().get(type, ())}
    told = {id for id, one in means().items() if type in one.types} | manners
    for rule in rules:
        if unknown := [word for word in (rule.event, *rule.means) if word and word not in events | told]:
            return f"{unknown[0]!r} is neither an event nor a means of the type"
        if rule.target not in PARTIES or rule.actor not in PARTIES or not rule.why:
            return f"a rule has a reason, and target and actor are of {', '.join(filter(None, PARTIES))}"
    return ""
