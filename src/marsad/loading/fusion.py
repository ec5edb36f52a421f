"""When two claims tell one incident, as the codebook says it: weights of signs, types that can meet, days of slack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, read_toml, types


@dataclass(frozen=True, slots=True)
class FusionRules:
    """The rules of fusion: two claims with `enough` points are one incident."""

    enough: float
    slack: int
    weights: Mapping[str, float]
    together: Mapping[frozenset[str], float]
    sided: frozenset[str]

    def points(self, sign: str, a: str, b: str) -> float:
        """Return the points of a sign between claims of two types."""
        return self.together[frozenset((a, b))] if sign == "together" else self.weights[sign]

    def can_meet(self, a: str, b: str) -> bool:
        """Tell whether two types can be words for one act."""
        return a == b or frozenset((a, b)) in self.together

    def is_sided(self, type: str) -> bool:
        """Tell whether the actors of the type are all sides alike."""
        return type in self.sided


@cache
def fusion_rules() -> FusionRules:
    """Return the rules of codebook/fusion.toml; raise PackError for a type that there is not or a missing reason."""
    table = read_toml(PACKS / "codebook" / "fusion.toml")
    _check([*table["sign"], *table["together"]])
    pairs = {frozenset(row["types"]): float(row["points"]) for row in table["together"]}
    unknown = {t for pair in pairs for t in pair} - set(types())
    if unknown:
        raise PackError(f"codebook/fusion.toml: no such type: {', '.join(sorted(unknown))}")
    weights = {row["name"]: float(row["points"]) for row in table["sign"]}
    sided = frozenset(t.id for t in types().values() if t.sided)
    return FusionRules(float(table["enough"]), int(table["slack"]), weights, pairs, sided)


def _check(rows: list[dict[str, object]]) -> None:
    for row in rows:
        if not row.get("why"):
            raise PackError(f"codebook/fusion.toml, entry {row.get('name', row.get('types'))}: say why it weighs so")
