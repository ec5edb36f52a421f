"""Measure fusion: both claims of a labelled pair must come into one incident, or into two.

python tools/fusion.py tests/record/pairs/dev.jsonl ../shared/corpus/newspapers-2015.jsonl.gz [--misses]
python tools/fusion.py tests/record/pairs/own-dev.jsonl [--misses]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from training.pairs import Key, Told, nearest, own_reports, read_pairs, told_reports

from marsad.loading.fusion import fusion_rules
from marsad.record.fusing import Fuser
from marsad.record.kin import kin_of


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

    def cells(self) -> Iterator[str]:
        """Yield the figures for a row of the page."""
        precision, recall = self.right / max(1, self.right + self.wrong), self.right / max(1, self.right + self.missed)
        read = 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed - self.lost)
        yield from (f"{self.pairs:,}", str(self.right + self.missed), str(self.lost))
        yield from (f"{figure:.2f}" for figure in (precision, recall, self.f1, read))

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
    return {key: place[told.telling(key).claim] for key in told.keys()}  # noqa: SIM118 - no mapping


def measure_own(path: str, misses: bool = False) -> Count:
    """Return how the labelled claims of our own reports came out, over all pairs of two reports whose types can meet.

    A claim counts as read where the reader found one of its sentence's words: the trigger, or one that overlaps it.
    """
    reports, labels = own_reports(path)
    told = Told(sorted(reports, key=lambda r: (r["published"], r["id"])))
    found = incidents_of(told)
    read = {key: nearest(key, found) for key, _ in labels}
    count, rules = Count(), fusion_rules()
    for (a, one), (b, other) in combinations(labels, 2):
        if a[0] != b[0] and rules.can_meet(a[2], b[2]):
            _count(count, found, read[a], read[b], one == other, misses and f"{one} / {other}")
    return count


def measure_coded(path: str, coding: str) -> Count:
    """Return how our own reports come out when fusion is given what a person coded: no mistake of the reader counts."""
    reports, labels = own_reports(path)
    told = Told.coded(
        sorted(reports, key=lambda r: (r["published"], r["id"])), json.loads(Path(coding).read_text("utf-8"))
    )
    found, count, rules = incidents_of(told), Count(), fusion_rules()
    for (a, one), (b, other) in combinations(labels, 2):
        if a[0] != b[0] and rules.can_meet(a[2], b[2]):
            _count(count, found, a, b, one == other, False)
    return count


def _count(count: Count, found: dict[Key, str], a: Key | None, b: Key | None, same: bool, miss: str | bool) -> None:
    """Count one pair; a claim that the reader does not read is in no incident."""
    read = a in found and b in found
    one = read and found[a] == found[b]  # type: ignore[index]
    count.pairs += 1
    count.right += one and same
    count.wrong += one and not same
    count.missed += same and not one
    count.lost += same and not read
    if miss and one != same:
        print("missed" if same else "wrong ", a, b, miss)


def measure(path: str, told: Told, misses: bool = False) -> Count:
    """Return how the judged pairs of a corpus came out."""
    found, count = incidents_of(told), Count()
    for a, b, same in read_pairs(path):
        _count(count, found, a if a in found else None, b if b in found else None, same, misses)
    return count


PAGE = Path(__file__).parents[1] / "docs" / "quality-of-fusion.md"
PAIRS = Path(__file__).parents[1] / "tests" / "record" / "pairs"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "newspapers-2015.jsonl.gz"
SETS = {
    "own-test": "reports of our own, not tuned on",
    "own-dev": "reports of our own, tuned on",
    "test": "newspapers of 2015, hard pairs, not tuned on",
    "dev": "newspapers of 2015, hard pairs, tuned on",
}


def page_of() -> Iterator[str]:
    """Yield the lines of docs/quality-of-fusion.md, with the figures of all four sets as they are now."""
    yield from ("# How well it fuses", "")
    yield "Made by `make quality` (`python tools/fusion.py --write`). A pair of claims of two reports (in the newspaper"
    yield "sets, of one as well) is right where both come into one incident and were judged to tell one, or into two."
    yield "Every claim of all reports of a set is read and fused, in the order of publication, as `marsad add` would."
    yield from ("", "| set | pairs | same | of these not read | precision | recall | F1 | F1 of what is read |")
    yield "|" + " --- |" * 8
    for name, about in SETS.items():
        path = str(PAIRS / f"{name}.jsonl")
        count = measure_own(path) if name.startswith("own") else measure(path, told_reports(path, CORPUS))
        yield f"| [{name}](../tests/record/pairs/README.md): {about} | " + " | ".join(count.cells()) + " |"
    coded = measure_coded(str(PAIRS / "own-dev.jsonl"), str(PAIRS / "own-dev-coded.json"))
    yield "| own-dev, its claims coded by hand instead of read | " + " | ".join(coded.cells()) + " |"
    yield from _reservations()


def _reservations() -> Iterator[str]:
    yield ""
    yield "The aim is 0.85. What keeps it from that:"
    yield ""
    yield "* **Reading.** A claim that is not read is in no incident (column *not read*), and one whose day or place is"
    yield "  read wrongly is kept apart. Given the same claims coded by hand (last row), fusion passes the aim; but"
    yield "  that set was tuned on, and its coder knew the labels."
    yield "* **The newspaper pairs are hard ones**, sought out among claims of one town and one day; answering *same*"
    yield "  to all of them gives 0.71 to 0.72. The pairs of our own reports are all there are, few of them *same*."
    yield "* **One act in many types.** Our own labels call an assault, its dead, its captives and the place that"
    yield "  changed hands one event. Only pairs of types that can be words for one act are counted here."
    yield "* One judge for each set; nobody has measured how far two would agree."


def main() -> None:
    """Measure one set, or all of them for the page."""
    if "--write" in sys.argv:
        PAGE.write_text("\n".join(page_of()) + "\n", "utf-8")
        print(PAGE.read_text("utf-8"))
        return
    path, misses = sys.argv[1], "--misses" in sys.argv
    print(measure_own(path, misses) if "own-" in path else measure(path, told_reports(path, sys.argv[2]), misses))


if __name__ == "__main__":
    main()
