"""Measure fusion on labelled pairs: both claims of a pair must come into one incident, or into two.

python tools/fusion.py tests/record/pairs/test.jsonl ../shared/corpus/newspapers-2015.jsonl.gz [--misses]
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from marsad.loading.fusion import fusion_rules
from marsad.record.fusing import Fuser
from marsad.record.kin import kin_of
from training.pairs import Told, read_pairs, told_reports


@dataclass(slots=True)
class Count:
    """Pairs found rightly, found wrongly and missed; `lost` of the missed are claims that the reader does not read."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    lost: int = 0
    pairs: int = 0

    @property
    def f1(self) -> float:
        """Return the F1 of "same"."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.right + self.wrong), self.right / max(1, self.right + self.missed)
        return (
            f"{self.pairs} pairs, {self.right + self.missed} of them same ({self.lost} not read): "
            f"precision {precision:.3f}, recall {recall:.3f}, F1 {self.f1:.3f}"
        )


def incidents_of(told: Told) -> dict[tuple[str, int, str], str]:
    """Return the incident of each claim when all are fused in the order of their publication."""
    fuser, place = Fuser(fusion_rules(), kin_of, told.copies), {}
    for telling in told.all():
        fuser.place(telling, lambda id: False)
    for group in fuser.groups.values():
        place.update(dict.fromkeys(group.members, group.id))
    return {key: place[told.telling(key).claim] for key in told.keys()}


def measure(path: str, told: Told, misses: bool = False) -> Count:
    """Return how the pairs came out; a claim that the reader does not read is in no incident."""
    found, count = incidents_of(told), Count()
    for a, b, same in read_pairs(path):
        read = a in found and b in found
        one = read and found[a] == found[b]
        count.pairs += 1
        count.right += one and same
        count.wrong += one and not same
        count.missed += same and not one
        count.lost += same and not read
        if misses and one != same:
            print("missed" if same else "wrong ", a, b)
    return count


if __name__ == "__main__":
    print(measure(sys.argv[1], told_reports(sys.argv[1], sys.argv[2]), "--misses" in sys.argv))
