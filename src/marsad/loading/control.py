"""The rules of control as data: what a claim says of who holds a place, and how much each word of it weighs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, build, read_toml, types

DOES = ("takes", "holds", "gives", "lacks", "seems", "contests", "encircles", "relieves")
ROLES = ("at", "from", "to", "near")
STATUSES = ("happened", "ongoing", "planned", "called_for", "denied", "possible")
EXTENTS = ("", "all", "most", "part", "around", "site", "except", "only")
_WHERE = "codebook/control.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """Claims of `types` whose place stands in one of `roles` say that `party` does something there.

    `weight` (0 to 1) is the chance that it is right; `before` moves it so many days back.
    """

    name: str
    types: tuple[str, ...]
    roles: tuple[str, ...]
    party: str
    does: str
    weight: float
    why: str
    before: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """What a status or an extent makes of what a claim says: it `becomes` another thing, times `factor`."""

    does: str
    becomes: str
    factor: float
    why: str
    status: str = ""
    extent: str = ""


@dataclass(frozen=True, slots=True)
class ControlRules:
    """The rules of codebook/control.toml; `turns` by (status or extent, does), `read` by type of claim."""

    rules: tuple[Rule, ...]
    of_type: Mapping[str, tuple[Rule, ...]]
    turns: Mapping[tuple[str, str], Turn]
    factor: Mapping[str, float]
    limit: Mapping[str, float]
    why: Mapping[str, str]
    sites: frozenset[str]
    read: Mapping[str, float]


@cache
def control_rules() -> ControlRules:
    """Return the rules; raise PackError for one that names what there is not, or gives no reason."""
    return rules_in(read_toml(PACKS / "codebook" / "control.toml"))


def rules_in(table: Mapping[str, Any]) -> ControlRules:
    """Return the rules of a parsed file."""
    rules = [_rule(row) for row in table["rule"]]
    turns = [build(Turn, row, _WHERE) for row in table["turn"]]
    for turn in turns:
        _check_turn(turn)
    named = [*table["factor"], *table["limit"]]
    numbers = {row["name"]: row for row in named}
    _check_once([row["name"] for row in named], "a factor or limit")
    _check_once(
        [(turn.status or turn.extent, turn.does) for turn in turns], "what a status or extent makes of one doing"
    )
    for row in named:
        if row["value"] < 0:
            raise PackError(f"{_WHERE}, {row['name']}: a factor or limit is no less than 0, not {row['value']}")
    _check_reasons([*table["rule"], *table["turn"], *numbers.values()])
    reads = {row["type"]: float(row["value"]) for row in table.get("read", ())}
    _check_known("read", reads, types())
    _check_reasons(table.get("read", ()))
    factors = {row["name"]: float(row["value"]) for row in table["factor"]}
    _check_once([rule.name for rule in rules], "a rule's name")
    return ControlRules(
        tuple(rules),
        {type: tuple(rule for rule in rules if type in rule.types) for type in types()},
        {(turn.status or turn.extent, turn.does): turn for turn in turns},
        factors,
        {row["name"]: float(row["value"]) for row in table["limit"]},
        {row["name"]: row["why"] for row in (*table["rule"], *numbers.values())},
        frozenset(table["sites"]["held"]),
        {type: reads.get(type, factors["as-read"]) for type in types()},
    )


def _rule(row: dict[str, Any]) -> Rule:
    rule: Rule = build(Rule, {**row, "types": tuple(row["types"]), "roles": tuple(row["roles"])}, _WHERE)
    known = (
        (rule.types, types()), (rule.roles, ROLES), ([rule.does], DOES), ([rule.party], ("actors", "targets")),
    )  # fmt: skip
    for named, allowed in known:
        _check_known(rule.name, named, allowed)
    if not 0 < rule.weight < 1:
        raise PackError(f"{_WHERE}, rule {rule.name}: a weight is a chance between 0 and 1, not {rule.weight}")
    return rule


def _check_turn(turn: Turn) -> None:
    named = turn.status or turn.extent
    _check_known(f"turn {named}", [turn.does, turn.becomes], DOES)
    _check_known("turn", [turn.extent], EXTENTS)
    _check_known("turn", [turn.status], ("", *STATUSES))
    if bool(turn.status) == bool(turn.extent):
        raise PackError(f"{_WHERE}, turn {named}: it has a status or an extent, one of them")


def _check_once(names: Sequence[object], what: str) -> None:
    if len(set(names)) != len(names):
        raise PackError(f"{_WHERE}: {what} stands twice")


def _check_known(name: str, named: Iterable[str], allowed: Iterable[str]) -> None:
    unknown = [word for word in named if word not in allowed]
    if unknown:
        raise PackError(f"{_WHERE}, {name}: {unknown[0]!r} is none of {', '.join(filter(None, allowed))}")


def _check_reasons(rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        if not row.get("why"):
            raise PackError(f"{_WHERE}, entry {row.get('name', row.get('does'))}: say why it weighs so")
