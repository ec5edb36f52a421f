"""What the reader scores on the coded reports in ../shared, as plain figures: the gold sets, and what is in them.

The gold is not part of the project. Where it is absent `GOLD.is_dir()` is false and callers say so.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from marsad import scoring
from marsad.intake import Defaults, Failure, reports_of
from marsad.model import Claim, Report
from marsad.pipeline import Reader
from marsad.publish.jsonl import record_of

ROOT = Path(__file__).parent.parent
GOLD = ROOT.parent / "shared" / "gold"
ABSENT = "the coded reports are not part of the project (../shared/gold is not there)"
SETS = {"seed": GOLD / "seed.json", "dev": GOLD / "dev", "check": GOLD / "check"}
GSR = GOLD / "arabic_event_gsr"
FAMILIES = {
    "assault": ("attack", "clash", "shelling", "airstrike", "bombing", "killing", "abuse", "abduction"),
    "protest": ("protest",),
}
FIGURES = ("claims", "places", "actors", "targets", "status", "source", "date", "numbers")
TOLD_AS_FACT = ("happened", "ongoing")

Coding = dict[str, dict[str, Any]]


class Sentence(NamedTuple):
    """A sentence of the event gold: what its readers said, and how sure we are that it tells of the event."""

    label: str
    accept: int
    reject: int
    certainty: float


class Detection(NamedTuple):
    """Precision, recall, F1 and average precision of one gold of sentences."""

    positive: int
    negative: int
    p: float
    r: float
    f: float
    ap: float


def hash_of(path: Path) -> str:
    """Return twelve hexadecimal digits that change with any byte of a gold set."""
    digest = hashlib.sha256()
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def read_coding(reader: Reader, gold: Mapping[str, Mapping[str, Any]]) -> Coding:
    """Return the reader's own coding of the reports of a gold coding."""
    coded: Coding = {}
    for id, record in gold.items():
        for report in reports_of(record, id, None, Defaults()):
            if not isinstance(report, Failure):
                coded[id] = record_of(report, claims_of(reader, report))
    return coded


def claims_of(reader: Reader, report: Report) -> list[Claim]:
    """Return the claims of a report; a reader that breaks says over which one."""
    try:
        return reader.read(report).claims
    except Exception as error:
        error.add_note(f"while reading the report {report.id}")
        raise


def figures_of(score: scoring.Score) -> dict[str, float]:
    """Return F1 of claims, places and parties, and the share right of the other fields."""
    rates = score.rates()
    found = {name: row[2] for name, row in score.rows().items()} | rates
    return {name: found[name] for name in FIGURES}


def scores_of(reader: Reader) -> dict[str, scoring.Score]:
    """Return the agreement on each set of coded reports."""
    gold = {name: scoring.load_coded(str(path)) for name, path in SETS.items()}
    return {name: scoring.score(coded, read_coding(reader, coded)) for name, coded in gold.items()}


def sentences_of(reader: Reader, family: str) -> list[Sentence]:
    """Return every sentence of a family of the event gold with the reader's certainty."""
    with (GSR / f"dev_{family}.csv").open(encoding="utf-8", newline="") as lines:
        return [_sentence(reader, row, FAMILIES[family]) for row in csv.DictReader(lines)]


def _sentence(reader: Reader, row: Mapping[str, str], kinds: Sequence[str]) -> Sentence:
    claims = claims_of(reader, Report(row["id"], row["text"]))
    return Sentence(row["label"], int(row["accept"]), int(row["reject"]), certainty_of(claims, kinds))


def certainty_of(claims: Iterable[Claim], kinds: Sequence[str]) -> float:
    """Return the highest certainty of a claim of these types that is told as fact; 0 without one."""
    told = (c.certainty for c in claims if c.type in kinds and c.status in TOLD_AS_FACT)
    return max(told, default=0.0)


def labelled(sentences: Iterable[Sentence], unanimous: bool) -> Iterator[tuple[bool, float]]:
    """Yield (is an event, certainty): by label without the ambiguous, or by majority without ties."""
    for s in sentences:
        if unanimous and s.label != "ambiguous":
            yield s.label == "yes", s.certainty
        elif not unanimous and s.accept != s.reject:
            yield s.accept > s.reject, s.certainty


def detection(sentences: Iterable[Sentence], unanimous: bool, threshold: float = 0.0) -> Detection:
    """Return how well a certainty above the threshold finds the events of one gold."""
    pairs = list(labelled(sentences, unanimous))
    hits, said = (sum(c > threshold and yes >= least for yes, c in pairs) for least in (True, False))
    tally = scoring.Tally(hits, sum(yes for yes, _ in pairs), said)
    return Detection(tally.gold, len(pairs) - tally.gold, *tally.row(), average_precision(pairs))


def average_precision(pairs: Sequence[tuple[bool, float]]) -> float:
    """Return the mean precision at each step of recall; sentences of one certainty are one step."""
    total, hits, seen, area = sum(yes for yes, _ in pairs), 0, 0, 0.0
    for step in sorted({c for _, c in pairs}, reverse=True):
        here = [yes for yes, c in pairs if c == step]
        hits, seen = hits + sum(here), seen + len(here)
        area += sum(here) / max(1, total) * hits / seen
    return area


def with_events(
    figures: Mapping[str, dict[str, float]], sentences: Mapping[str, Sequence[Sentence]]
) -> dict[str, dict[str, float]]:
    """Return the figures with F1 on both golds of each family of the event gold."""
    golds = {"unanimous": True, "majority": False}
    events = {f"gsr-{f}": {g: detection(found, u).f for g, u in golds.items()} for f, found in sentences.items()}
    return {**figures, **events}


def all_figures(reader: Reader) -> dict[str, dict[str, float]]:
    """Return every figure that has a floor, by set."""
    figures = {name: figures_of(score) for name, score in scores_of(reader).items()}
    return with_events(figures, {family: sentences_of(reader, family) for family in FAMILIES})


def hashes() -> dict[str, str]:
    """Return the hash of each gold set that has floors."""
    files = {f"gsr-{family}": GSR / f"dev_{family}.csv" for family in FAMILIES}
    return {name: hash_of(path) for name, path in {**SETS, **files}.items()}
