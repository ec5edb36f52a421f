"""Measure the reader on the coded reports and write `docs/quality.md`: `python tools/quality.py`.

Needs ../shared/gold, and scikit-learn for the cross-validated part (the reader itself does not). Where the gold is
absent it says so and leaves the page. `--floors 0.02` also writes `tests/gold/floors.toml`, each floor that much
below its figure; a floor that stands higher stays unless `--lower REASON` is given.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import gold
from gold import ROOT, SETS, Coding, Sentence
from marsad import scoring
from marsad.pipeline import Reader

PAGE = ROOT / "docs" / "quality.md"
BY_HAND = ROOT / "docs" / "quality-by-hand.md"
FLOORS = ROOT / "tests" / "gold" / "floors.toml"
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
BINS = 10
FOLDS = 8
# From the README of the event gold, for this half: precision, recall, F1, average precision on the unanimous gold.
BASELINES = {
    "say yes always": ((0.107, 1.0, 0.193, None), (0.043, 1.0, 0.083, None)),
    "a few roots (regular expression)": ((0.158, 0.904, 0.269, None), (0.062, 0.872, 0.116, None)),
    "action word and harm word": ((0.241, 0.832, 0.374, None), (0.065, 0.894, 0.121, None)),
    "char + word TF-IDF, linear SVM, 5-fold": ((0.690, 0.599, 0.641, 0.679), (0.571, 0.085, 0.148, 0.363)),
    "one human reader": ((0.61, 1.0, 0.76, None), (0.41, 1.0, 0.58, None)),
}  # fmt: skip


class Measured(NamedTuple):
    """Everything that the page tells of."""

    scores: dict[str, scoring.Score]
    crossed: scoring.Score
    dev: Coding
    held_out: Coding
    sweep: str
    sentences: dict[str, list[Sentence]]


def measure() -> Measured:
    """Read every set with the packaged weights, and dev with weights that have not seen the report."""
    reader = Reader()
    dev = scoring.load_coded(str(SETS["dev"]))
    held_out, sweep = cross_read()
    sentences = {family: gold.sentences_of(reader, family) for family in gold.FAMILIES}
    return Measured(gold.scores_of(reader), scoring.score(dev, held_out), dev, held_out, sweep, sentences)


def cross_read() -> tuple[Coding, str]:
    """Return dev as read by weights fitted on all the material but the report itself, and what the fitting printed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "held-out.jsonl"
        asked = ["-m", "training.fit", str(SETS["dev"]), "--folds", str(FOLDS), "--cross", str(out)]
        asked += [
            "--corpus",
            str(ROOT.parent / "shared/corpus/newspapers-2015.jsonl.gz"),
            "--codings",
            "training/codings.jsonl",
            "--sentences",
            str(gold.GOLD / "arabic_event_gsr"),
            "--also",
            str(gold.GOLD / "seed.json"),
        ]
        done = subprocess.run([sys.executable, *asked], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        return scoring.load_coded(str(out)), done.stdout.strip()


def page_of(measured: Measured) -> Iterator[str]:
    """Yield the lines of the page."""
    yield from _head()
    yield from _sets_section(measured)
    yield from _types_section(measured.crossed)
    yield from _misses_section(measured)
    yield from _certainty_section(measured)
    yield from _events_section(measured.sentences)
    yield from ("## Read by hand", "")
    yield BY_HAND.read_text("utf-8").strip() if BY_HAND.exists() else "Not yet: nobody has judged fresh reports."
    yield ""


def _head() -> Iterator[str]:
    yield from (
        "# How well it reads",
        "",
        f"Made by `make quality` with marsad {_version()}. The command reads the coded",
    )
    yield "reports in `../shared/gold` (not part of the project) and scores them as `marsad score` does; the rules of"
    yield "agreement are in [measure your own](guides/measure-your-own.md). Figures are F1, or the share right."
    yield ""


def _version() -> str:
    try:
        return version("marsad")
    except PackageNotFoundError:
        return "(not installed)"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a Markdown table and an empty one after it."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row) + " |"
    yield ""


def _sets_section(measured: Measured) -> Iterator[str]:
    yield from ("## The coded reports", "")
    yield "*seed* and *dev* were read while the reader was made, and its weights are fitted on both, on 182 further"
    yield "newspaper reports that we coded (`training/codings.jsonl`), on the packs' own examples, and, as what is no"
    yield "claim, on articles without a conflict and the easy noes of the sentence gold: the figures of seed and dev"
    yield f"are too good. *dev, held out* reads each report with weights fitted on the others ({FOLDS} folds over whole"
    yield "reports); words and rules of the packs have still seen dev. *check* is scored and never read by anyone who"
    yield "works on the reader: it is what to expect of new reports of that kind."
    yield ""
    columns = {**measured.scores, "dev, held out": measured.crossed}
    columns["check"] = columns.pop("check")
    yield from table(("", *columns), _set_rows(columns))
    yield "Gold: " + ", ".join(f"{name} `{gold.hash_of(path)}`" for name, path in SETS.items()) + "."
    yield ""


def _set_rows(columns: Mapping[str, scoring.Score]) -> Iterator[tuple[object, ...]]:
    scores = list(columns.values())
    yield "reports", *(s.reports for s in scores)
    yield "claims, gold", *(s.claims.gold for s in scores)
    yield "claims, read", *(s.claims.pred for s in scores)
    yield "claims, precision", *(s.claims.row()[0] for s in scores)
    yield "claims, recall", *(s.claims.row()[1] for s in scores)
    figures = [gold.figures_of(s) for s in scores]
    yield "**claims, F1**", *(f["claims"] for f in figures)
    for name in gold.FIGURES[1:]:
        yield name, *(f[name] for f in figures)


def _types_section(score: scoring.Score) -> Iterator[str]:
    yield from ("## By type", "", "On dev, held out.", "")
    rows = sorted(score.by_type.items(), key=lambda item: (-item[1].gold, item[0]))
    yield from table(
        ("type", "gold", "read", "precision", "recall", "F1"), ((f"`{k}`", t.gold, t.pred, *t.row()) for k, t in rows)
    )


def _misses_section(measured: Measured) -> Iterator[str]:
    yield from ("## What was missed", "")
    yield "Coded claims of dev without a match in the held-out reading: report, and the words that tell of it."
    yield ""
    missed: dict[str, list[tuple[str, str]]] = {}
    for id, kind, trigger in misses(measured.dev, measured.held_out):
        missed.setdefault(kind, []).append((id, trigger))
    for kind, found in sorted(missed.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"- `{kind}` ({len(found)}): " + "; ".join(f"{id} «{trigger}»" for id, trigger in found)
    yield ""


def misses(coded: Coding, read: Coding) -> Iterator[tuple[str, str, str]]:
    """Yield (report id, type, trigger) of each coded claim that has no match."""
    for id, record in coded.items():
        claims = record["claims"]
        pairs = scoring.match_claims(record["text"], claims, read.get(id, {"claims": []})["claims"])
        matched = [mine for mine, _ in pairs]
        yield from ((id, c["type"], c["trigger"]) for c in claims if not any(c is m for m in matched))


def _certainty_section(measured: Measured) -> Iterator[str]:
    yield from ("## Is the certainty true?", "")
    yield "Claims of the held-out reading by their `certainty`; *right* is the share that match a coded claim. In a"
    yield "calibrated reader the two are near each other. Below its threshold the reader makes no claim."
    yield ""
    rows = calibration(measured.dev, measured.held_out)
    yield from table(("certainty", "claims", "mean certainty", "right"), rows)
    yield "What the fitting itself prints, by candidate and held out in the same way; the thresholds in the code were"
    yield from ("chosen on these sweeps.", "", "```text", measured.sweep, "```", "")


def calibration(coded: Coding, read: Coding) -> Iterator[tuple[object, ...]]:
    """Yield for each tenth of certainty the claims in it, their mean certainty, and the share of them right."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for certainty, right in judged(coded, read):
        bins[min(BINS - 1, int(certainty * BINS))].append((certainty, right))
    for n, found in enumerate(bins):
        label = f"{n / BINS:.1f} to {(n + 1) / BINS:.1f}"
        if found:
            yield label, len(found), sum(c for c, _ in found) / len(found), sum(r for _, r in found) / len(found)
        else:
            yield label, 0, "", ""


def judged(coded: Coding, read: Coding) -> Iterator[tuple[float, bool]]:
    """Yield the certainty of each claim read, and whether a coded claim matches it."""
    for id, record in coded.items():
        claims = read.get(id, {"claims": []})["claims"]
        matched = [theirs for _, theirs in scoring.match_claims(record["text"], record["claims"], claims)]
        yield from ((c["certainty"], any(c is m for m in matched)) for c in claims)


def _events_section(sentences: Mapping[str, list[Sentence]]) -> Iterator[str]:
    yield from ("## Single sentences: arabic_event_gsr", "")
    yield "Does the sentence tell of the event? Development half, newspaper sentences of 2006 to 2011. The weights"
    yield "have seen the *easy no* sentences as examples of no event (weight 0.06 each) and no other, so precision"
    yield "here is better than on sentences quite new."
    yield "ASSAULT: " + ", ".join(f"`{t}`" for t in gold.FAMILIES["assault"]) + ". PROTEST:"
    yield "`protest`. A sentence is positive if the reader gives a claim of the family with status `happened` or"
    yield "`ongoing`. *Unanimous*: label *yes* against *easy no* and *difficult no*, *ambiguous* dropped. *Majority*:"
    yield "more accept than reject, over all sentences, ties dropped. AP ranks by `certainty`, 0 without a claim."
    yield ""
    yield from table(("P / R / F1 / AP", "ASSAULT", "PROTEST"), _event_rows(sentences))
    yield from ("Only claims above a certainty; F1 on both golds:", "")
    head = ("certainty above", *(f"{f.upper()} {g}" for f in gold.FAMILIES for g in ("unanimous", "majority")))
    yield from table(head, (_threshold_row(cut, sentences) for cut in THRESHOLDS))
    yield "Best thresholds picked from this table would be picked in hindsight; the reader's own is the first row."
    yield ""


def _event_rows(sentences: Mapping[str, list[Sentence]]) -> Iterator[tuple[object, ...]]:
    for name, unanimous in (("unanimous", True), ("majority", False)):
        found = [gold.detection(sentences[family], unanimous) for family in gold.FAMILIES]
        counts = ", ".join(f"{d.positive} of {d.positive + d.negative}" for d in found)
        yield f"**marsad**, {name} ({counts})", *(_four((d.p, d.r, d.f, d.ap)) for d in found)
    for name, given in BASELINES.items():
        yield f"{name}, unanimous", *(_four(row) for row in given)


def _four(row: Sequence[float | None]) -> str:
    return " / ".join("–" if v is None else f"{v:.3f}" for v in row)


def _threshold_row(cut: float, sentences: Mapping[str, list[Sentence]]) -> tuple[object, ...]:
    golds = ((family, unanimous) for family in gold.FAMILIES for unanimous in (True, False))
    found = [gold.detection(sentences[family], unanimous, cut) for family, unanimous in golds]
    return ("any claim" if not cut else f"{cut:.1f}", *(d.f for d in found))


def floors_text(measured: Measured, margin: float, lower: str | None) -> Iterator[str]:
    """Yield `floors.toml`: a floor rises with its figure and falls only with a reason."""
    old = tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    hashes = gold.hashes()
    yield "# Floors of the figures in docs/quality.md, by gold set. `python tools/quality.py --floors MARGIN` raises"
    yield "# them; lowering one takes `--lower REASON`, which is kept here."
    reason = lower or old.get("reason", "")
    yield from (f"reason = {reason!r}".replace("'", '"'), "")
    for name, figures in figures_of(measured).items():
        yield from (f"[{name}]", f'gold = "{hashes[name]}"')
        known: Mapping[str, Any] = {} if lower or old.get(name, {}).get("gold") != hashes[name] else old[name]
        yield from (f"{key} = {max(v - margin, known.get(key, 0.0)):.3f}" for key, v in figures.items())
        yield ""


def figures_of(measured: Measured) -> dict[str, dict[str, float]]:
    """Return the figures that have a floor, by set."""
    return gold.with_events({n: gold.figures_of(s) for n, s in measured.scores.items()}, measured.sentences)


def write(path: Path, lines: Callable[[], Iterator[str]]) -> None:
    """Write the lines as a file; nothing is left half written where one of them fails."""
    text = "\n".join(lines()).rstrip("\n") + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    print(f"wrote {path.relative_to(ROOT)}")


def main() -> int:
    """Measure and write; see the head of this file."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    ask.add_argument("--floors", type=float, metavar="MARGIN", help="also write the floors, this far below the figures")
    ask.add_argument("--lower", metavar="REASON", help="let floors fall, for this reason")
    asked = ask.parse_args()
    if not gold.GOLD.is_dir():
        print(f"{gold.ABSENT}; docs/quality.md stays as it is", file=sys.stderr)
        return 0
    if find_spec("sklearn") is None:
        print("the cross-validated figures need scikit-learn: pip install 'marsad[training]'", file=sys.stderr)
        return 2
    measured = measure()
    write(PAGE, lambda: page_of(measured))
    if asked.floors is not None:
        write(FLOORS, lambda: floors_text(measured, asked.floors, asked.lower))
    return 0


if __name__ == "__main__":
    sys.exit(main())
