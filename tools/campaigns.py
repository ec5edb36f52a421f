"""Measure control: who held each place of a campaign on each day, against a table of what history says.

python tools/campaigns.py [CAMPAIGN…] [--again] [--misses] [--write]

--again takes the claims that were read last; --write writes docs/quality-of-control.md of all campaigns.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median

sys.path.insert(0, str(Path(__file__).parents[1]))

from training.campaigns import CAMPAIGNS, ROOT, Score, claims_of, load, measure

from marsad.holding import atlas_of

PAGE = ROOT / "docs" / "quality-of-control.md"


def line_of(name: str, score: Score) -> str:
    """Return a line of figures for people."""
    off = f"{median(score.errors):g} (mean {mean(score.errors):.1f})" if score.errors else "-"
    return (
        f"{name}: {score.places} places, {score.seen} with evidence on the last day, right {score.last_right} "
        f"({score.last_right / max(1, score.seen):.2f}), status too {score.last_status}; place-days {score.days}, "
        f"with evidence {score.days_seen}, right {score.days_right / max(1, score.days_seen):.2f}; "
        f"changes {score.changes}, dated {len(score.errors)}, days off median {off}"
    )


def main(argv: Sequence[str]) -> int:
    """Print how each campaign does."""
    names = [arg for arg in argv if not arg.startswith("--")]
    names = names or sorted(path.parent.name for path in CAMPAIGNS.glob("*/truth.csv"))
    for name in names:
        campaign = load(name)
        score = measure(campaign, atlas_of(claims_of(campaign, "--again" in argv)))
        print(line_of(name, score))
        if "--misses" in argv:
            print("\n".join(score.misses))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
