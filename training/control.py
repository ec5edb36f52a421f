"""Fit the numbers of codebook/control.toml on the development campaigns, near to what a coder would give.

python -m training.control [CAMPAIGN…] [--rounds 2] [--write]

One number after the other is moved by a step where more place-days come out right. The campaigns that are no DEV ones
are never looked at here; tools/campaigns.py measures them.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marsad.control.atlas import Atlas
from marsad.control.told import Told
from marsad.grounding.surroundings import around
from marsad.holding import told_of
from marsad.loading.control import rules_in
from training.campaigns import DEV, ROOT, Campaign, claims_of, load, measure

RULES = ROOT / "src" / "marsad" / "packs" / "codebook" / "control.toml"
# What is moved, and by which steps. The weights of the rules stay those of a coder: they hold of claims that are true;
# what the reader misreads is in `read` and `as-read`.
STEPS = (0.8, 0.9, 1.1, 1.25)
FITTED = {
    "read": ("takeover", "control", "withdrawal"),
    "factor": ("own-gain", "undated", "inherited", "inherited-loosely", "two-holders", "returned",
               "as-read", "earlier-hours"),
    "limit": ("least", "rival", "fight", "siege", "fight-days", "return-days", "decides"),
}  # fmt: skip
_KEY = {"read": "type"}
# A wrong holder costs as much as two right ones bring: an answer that is wrong is worse than none.
WRONG = 2.0


def value_of(campaigns: Sequence[tuple[Campaign, list[Told]]], table: Mapping[str, Any]) -> float:
    """Return how good the numbers are: the mean over the campaigns of right less wrong places, of all."""
    rules, total = rules_in(table), 0.0
    for campaign, told in campaigns:
        score = measure(campaign, Atlas.of(told, around, rules))
        last = score.last_right - WRONG * (score.seen - score.last_right)
        days = score.days_right - WRONG * (score.days_seen - score.days_right)
        total += last / score.places + days / score.days
    return total / len(campaigns)


def moved(table: dict[str, Any], kind: str, name: str, step: float) -> dict[str, Any] | None:
    """Return the rules with one number moved, None where it would leave its bounds."""
    rows, key = [dict(row) for row in table[kind]], _KEY.get(kind, "name")
    row = next(row for row in rows if row[key] == name)
    old = row["value"]
    new = max(1, round(old * step)) if old >= 2 else round(old * step, 3)
    if new == old or (old < 2 and not 0.02 <= new <= 1.3) or (kind == "read" and new > 0.95):
        return None
    row["value"] = float(new) if isinstance(old, float) else new
    return {**table, kind: rows}


def fit(campaigns: Sequence[tuple[Campaign, list[Told]]], table: dict[str, Any], rounds: int) -> dict[str, Any]:
    """Return the rules after so many rounds of moving each number to where it is best."""
    best = value_of(campaigns, table)
    print(f"begin {best:.4f}", file=sys.stderr)
    for _ in range(rounds):
        for kind, name in ((kind, name) for kind, names in FITTED.items() for name in names):
            for step in STEPS:
                tried = moved(table, kind, name, step)
                value = value_of(campaigns, tried) if tried else best
                if tried and value > best + 0.0005:
                    best, table = value, tried
                    print(f"{best:.4f} {name} × {step}", file=sys.stderr)
    return table


def written(table: Mapping[str, Any], text: str) -> str:
    """Return the file with the numbers of the rules in place of its own, all else as it stands."""
    for kind in FITTED:
        key = _KEY.get(kind, "name")
        for row in table[kind]:
            pattern = rf'(\[\[{kind}\]\]\n{key} = "{re.escape(row[key])}"\nvalue = )[\d.]+'
            text = re.sub(pattern, lambda m, value=row["value"]: f"{m[1]}{value}", text)
    return text


def told_in(names: Sequence[str], again: bool) -> Iterator[tuple[Campaign, list[Told]]]:
    """Yield each campaign with what its claims tell."""
    for name in names:
        campaign = load(name)
        yield campaign, [told_of(claim, {}) for claim in claims_of(campaign, again)]


def main() -> None:
    """Fit, and print or write the numbers."""
    parser = argparse.ArgumentParser(description="fit the numbers of control on the development campaigns")
    parser.add_argument("campaigns", nargs="*", default=DEV)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="take the claims that were read last")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    text = RULES.read_text("utf-8")
    table = fit(list(told_in(asked.campaigns, asked.again)), tomllib.loads(text), asked.rounds)
    if asked.write:
        RULES.write_text(written(table, text), "utf-8")


if __name__ == "__main__":
    main()
