"""Fit the reader's weights on coded reports.

    python -m training.fit GOLD_FOLDER [--corpus FILE --codings training/codings.jsonl] [--sentences FOLDER] [--write]

For each question (is it a claim, who is in which role, where, when, status, is the speaker still
speaking) the candidates of the reader are labelled by the coded claims and a logistic regression with
an L2 penalty is fitted; for "when", of which only the best candidate counts, one over whole choices
(`training/ranking.py`). Penalties are chosen by cross-validation over whole reports, and what is printed
is that cross-validation: no report is judged by weights that have seen it. `--write` fits on all reports
and writes the pack's `weights/*.csv`, features seen in fewer than three reports left out.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from marsad.loading.language import language
from marsad.model import Report
from marsad.pipeline import Reader
from marsad.reading import belief, casting, dating, status, whereabouts
from marsad.reading.claims import Draft, voice_features
from marsad.reading.roles import role_by_pack
from marsad.reading.weights import Seen, Weights, spelt
from training import labels, ranking, standoff
from training.ranking import Choices

PACK = Path(__file__).parent.parent / "src/marsad/packs/languages/ar/weights"
PENALTY = {"belief": 0.15, "casting": 0.2, "whereabouts": 0.1, "status": 0.2, "dating": 0.05, "voice": 0.3}
CLASSES = {"casting": casting.CLASSES, "status": status.CLASSES}
LEAST_REPORTS = 3
# Examples are in every fold, since they are no report; they weigh less than a coded report's candidates.
EXAMPLE, EXAMPLE_WEIGHT = -1, 0.1
# Every n-th article without a conflict, and their weight: some of them do tell of one in passing.
SENTENCE, SENTENCE_WEIGHT = -3, 0.06
FAMILIES = {
    "assault": {"attack", "clash", "shelling", "airstrike", "bombing", "killing", "abuse", "abduction"},
    "protest": {"protest"},
}
CALM, CALM_WEIGHT, CALM_STEP = -2, 0.1, 16
# Articles without a conflict that were read: the reader had seen claims in them. At weight 1 they cost 0.007 of the
# F1 of held-out dev, where every report tells of a conflict; at 0.2 and 0.3 they cost 0.002 to 0.003.
READ, READ_WEIGHT = -4, 0.2
# What a pack's example says of its status weighs more: the coded reports have few plans of each kind.
# Chosen by hand.
STATED, STATED_WEIGHT = -5, 0.5
CALM_LIST = Path(__file__).parent / "calm.txt"


@dataclass
class Table:
    """Rows of features with their labels and the report that each comes from."""

    rows: list[list[str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    reports: list[int] = field(default_factory=list)

    def add(self, features: Iterable[Seen], label: str, report: int) -> None:
        """Take in one candidate."""
        self.rows.append(sorted(set(spelt(features))))
        self.labels.append(label)
        self.reports.append(report)


def _collect_calm(reader: Reader, corpus: Path, table: Table) -> None:
    """Take in articles of a newspaper that report on no conflict: nearly all their candidates are none."""
    read = {line for line in CALM_LIST.read_text("utf-8").splitlines() if line[:1] != "#"}
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        articles = list(map(json.loads, lines))
    calm = [a for a in articles if not a["conflict"] and 300 < len(a["text"]) < 6000]
    kinds = {a["id"]: (a, CALM) for a in calm[::CALM_STEP]} | {a["id"]: (a, READ) for a in articles if a["id"] in read}
    for article, kind in kinds.values():
        scene = reader.scene(Report(article["id"], article["text"], published=date(2015, 8, 1)))
        reader.claims.survey(scene)
        for event, slots, rivals in reader.claims.considered(scene):
            table.add(belief.features(scene, event, slots, rivals), "0", kind)


def _collect_sentences(reader: Reader, folder: Path, table: Table) -> None:
    """Take in the public sentence gold: an easy no tells of no such event at all."""
    for name, kinds in FAMILIES.items():
        with (folder / f"dev_{name}.csv").open(encoding="utf-8", newline="") as lines:
            easy = [r["text"] for r in csv.DictReader(lines) if r["label"] == "easy no"]
        for text in easy:
            scene = reader.scene(Report("sentence", text, published=date(2007, 1, 1)))
            reader.claims.survey(scene)
            for event, slots, rivals in reader.claims.considered(scene):
                if event.trigger.type in kinds:
                    table.add(belief.features(scene, event, slots, rivals), "0", SENTENCE)


@dataclass(frozen=True)
class Material:
    """What there is to learn from: coded reports, a corpus with codings of some of it, public sentences."""

    gold: Path
    corpus: Path | None = None
    codings: Path | None = None
    sentences: Path | None = None
    also: Path | None = None

    def coded(self) -> list[tuple[Report, list[dict[str, Any]]]]:
        """Return the coded reports, those of the gold first."""
        found = list(labels.coded_reports(self.gold))
        if self.also is not None:
            found.append(labels.coded_report(self.also))
        if self.corpus is not None and self.codings is not None:
            found += standoff.coded_articles(self.codings, self.corpus)
        return found


def collect(material: Material) -> dict[str, Table | Choices]:
    """Return the labelled candidates of every question over all the material."""
    tables: dict[str, Table] = defaultdict(Table)
    days = Choices()
    reader = Reader()
    for number, (report, claims) in enumerate(material.coded()):
        scene = reader.scene(report)
        reader.claims.survey(scene)
        considered = list(reader.claims.considered(scene))
        pairs = labels.match_events(scene, claims, considered)
        right = {(p.event.at, p.event.trigger.type) for p in pairs}
        for event, slots, rivals in considered:
            yes = (event.at, event.trigger.type) in right
            tables["belief"].add(belief.features(scene, event, slots, rivals), str(int(yes)), number)
        _collect_parts(reader, scene, pairs, tables, number)
        _collect_days(scene, pairs, days, number)
    _collect_examples(reader, tables)
    if material.corpus is not None:
        _collect_calm(reader, material.corpus, tables["belief"])
    if material.sentences is not None:
        _collect_sentences(reader, material.sentences, tables["belief"])
    days.settle(PENALTY["dating"])
    return {**tables, "dating": days}


def _collect_examples(reader: Reader, tables: dict[str, Table]) -> None:
    """Take in the packs' own examples: each says is a claim of its entry, each not_here is none of its type.

    Where a says gives the status, the status learns it too.
    """
    for trigger in language().triggers:
        for example in (*trigger.says, *trigger.not_here):
            scene = reader.scene(Report("example", example.text, published=date(2024, 12, 7), theatre=example.theatre))
            reader.claims.survey(scene)
            for event, slots, rivals in reader.claims.considered(scene):
                own = event.trigger.type == trigger.type
                if own and (example.why or event.trigger is trigger):
                    row = belief.features(scene, event, slots, rivals)
                    tables["belief"].add(row, str(int(not example.why)), EXAMPLE)
                if event.trigger is trigger and example.status is not None and not trigger.status:
                    tables["status"].add(status.features(scene, event), example.status, STATED)


def _collect_parts(reader: Reader, scene: Any, pairs: list[labels.Pair], tables: dict[str, Table], number: int) -> None:
    parts: dict[int, set[str]] = {}
    before: list[Any] = []
    for pair in sorted(pairs, key=lambda p: p.event.at):
        event, gold = pair.event, pair.gold
        roles = reader.claims.roles[event.trigger.key]
        slots = casting.candidates(scene, event, pair.slots)
        packs = [role_by_pack(slot, event, roles) for slot in slots]
        coded = labels.role_labels(scene, pair, slots)
        company = casting.Company(slots, packs)
        for k in range(len(slots)):
            tables["casting"].add(casting.features(scene, event, company, k, parts), coded[k], number)
        for k, slot in enumerate(slots):
            if coded[k] != "none":
                parts.setdefault(slot.party.first, set()).add(coded[k])
        _collect_places(scene, event, gold, before, tables["whereabouts"], number)
        # What the reader itself would say of the event before, with the weights of now: it does not read the coding.
        draft = Draft(event, slots)
        reader.claims.locate(scene, draft, before)
        before = draft.places
        tables["status"].add(status.features(scene, event), gold["status"], number)
        if scene.voices.of[event.at] is not None:
            tables["voice"].add(voice_features(scene, event), str(int(bool(gold["sources"]))), number)


_NO_DAY = "no day"  # is never the value of a candidate


def _collect_days(scene: Any, pairs: list[labels.Pair], days: Choices, number: int) -> None:
    """Take in the ways to date each event of a report, in text order."""
    story = dating.main_day(scene)
    for pair in sorted(pairs, key=lambda p: p.event.at):
        all = dating.candidates(scene, pair.event)
        moment = dating.Moment(scene, pair.event, all)
        ways = [
            ranking.way(d.value, moment.features(d, d.value, story), moment.features(d, _NO_DAY, story)) for d in all
        ]
        days.add(ways, pair.gold["date"] or None, number)


def _collect_places(scene: Any, event: Any, gold: Any, last: list[Any], table: Table, number: int) -> None:
    """Take in the places around an event; `last` are those of the event before."""
    all = whereabouts.candidates(scene, event, last)
    here = [place for place, back in all if back == 0]
    ground = whereabouts.Ground(scene, event, here, last)
    for place, back in all:
        yes = any(labels.is_place(scene, place, g) for g in gold["places"])
        table.add(whereabouts.features(scene, event, place, back, ground), str(int(yes)), number)


def _matrix(rows: list[list[str]], index: dict[str, int]) -> csr_matrix:
    columns, starts = [], [0]
    for row in rows:
        columns += [index[f] for f in row if f in index]
        starts.append(len(columns))
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(rows), len(index)))


def fit(table: Table, keep: list[int], penalty: float) -> tuple[dict[str, int], LogisticRegression]:
    """Return the feature index and the model fitted on the rows `keep`."""
    seen: dict[str, set[int]] = defaultdict(set)
    for k in keep:
        for f in table.rows[k]:
            seen[f].add(table.reports[k] if table.reports[k] >= 0 else -1 - k)
    index = {f: n for n, f in enumerate(sorted(f for f, r in seen.items() if len(r) >= LEAST_REPORTS))}
    model = LogisticRegression(C=penalty, max_iter=2000)
    weights = {
        EXAMPLE: EXAMPLE_WEIGHT,
        CALM: CALM_WEIGHT,
        READ: READ_WEIGHT,
        STATED: STATED_WEIGHT,
        SENTENCE: SENTENCE_WEIGHT,
    }
    weight = [weights.get(table.reports[k], 1.0) for k in keep]
    model.fit(_matrix([table.rows[k] for k in keep], index), [table.labels[k] for k in keep], sample_weight=weight)
    return index, model


def held_out(table: Table, folds: int, penalty: float) -> tuple[np.ndarray, list[str]]:
    """Return the chances of every row by weights that have not seen its report, and the classes."""
    classes = sorted(set(table.labels))
    chances = np.zeros((len(table.rows), len(classes)))
    reports = np.array(table.reports)
    for part in range(folds):
        test = np.flatnonzero((reports % folds == part) & (reports >= 0))
        index, model = fit(table, list(np.flatnonzero((reports % folds != part) | (reports < 0))), penalty)
        got = model.predict_proba(_matrix([table.rows[k] for k in test], index))
        for c, name in enumerate(model.classes_):
            chances[test, classes.index(name)] = got[:, c]
    return chances, classes


def sweep(name: str, table: Table | Choices, folds: int) -> None:
    """Print the cross-validated agreement of a question, and for yes/no ones the threshold sweep."""
    if isinstance(table, Choices):
        print(f"{name}: {len(table.ways)} choices, right {table.share_right(folds, PENALTY[name]):.3f}")
        return
    chances, classes = held_out(table, folds, PENALTY[name])
    real = np.array(table.reports) >= 0
    chances, truth = chances[real], np.array(table.labels)[real]
    print(f"{name}: {len(truth)} candidates, right {np.mean(np.array(classes)[chances.argmax(1)] == truth):.3f}")
    if classes == ["0", "1"]:
        for cut in np.arange(0.3, 0.65, 0.05):
            said = chances[:, 1] >= cut
            hit = np.sum(said & (truth == "1"))
            p, r = hit / max(1, said.sum()), hit / max(1, np.sum(truth == "1"))
            print(f"   at {cut:.2f}  P {p:.3f}  R {r:.3f}  F1 {2 * p * r / max(1e-9, p + r):.3f}")


def weigh(name: str, table: Table | Choices, keep: list[int]) -> Weights:
    """Return the weights fitted on the rows or choices `keep`, as the reader uses them."""
    if isinstance(table, Choices):
        return ranking.weigh(table, keep, PENALTY[name])
    index, model = fit(table, keep, PENALTY[name])
    classes = CLASSES.get(name, ("yes",))
    coef, intercept = model.coef_, model.intercept_
    if len(classes) > 1:
        known = list(model.classes_)
        coef = np.array([coef[known.index(c)] if c in known else np.zeros(coef.shape[1]) for c in classes])
        intercept = np.array([intercept[known.index(c)] if c in known else -9.0 for c in classes])
    table_ = {f: tuple(float(v) for v in coef[:, k]) for f, k in index.items() if np.abs(coef[:, k]).max() >= 0.02}
    return Weights(classes, {**table_, "bias": tuple(float(v) for v in intercept)})


def write(name: str, table: Table | Choices) -> None:
    """Fit on everything and write the weights, three decimals, sorted, weights under 0.02 left out."""
    found = weigh(name, table, list(range(len(table.reports))))
    PACK.mkdir(exist_ok=True)
    with (PACK / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["feature", *found.classes])
        for feature, values in sorted(found.table.items()):
            rows.writerow([feature, *(f"{v:.3f}" for v in values)])


def cross_read(tables: dict[str, Table | Choices], folder: Path, folds: int, out: Path) -> None:
    """Read every report with weights that have not seen it and write the claims as JSON lines."""
    reader = Reader()
    reports = list(labels.coded_reports(folder))
    lines: dict[int, str] = {}
    for part in range(folds):
        for name, table in tables.items():
            keep = [k for k, r in enumerate(table.reports) if not 0 <= r < len(reports) or r % folds != part]
            reader.claims.models[name] = weigh(name, table, keep)
        for number, (report, _) in enumerate(reports):
            if number % folds == part:
                claims = [c.as_dict() for c in reader.read(report).claims]
                lines[number] = json.dumps({"id": report.id, "text": report.text, "claims": claims}, ensure_ascii=False)
    out.write_text("\n".join(lines[n] for n in sorted(lines)) + "\n", "utf-8")


def main() -> None:
    """Run from the command line; see the head of this file."""
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("gold", type=Path)
    ask.add_argument("--corpus", type=Path, help="a .jsonl.gz of articles; those with no conflict teach restraint")
    ask.add_argument("--codings", type=Path, help="stand-off codings of some of the corpus (training/codings.jsonl)")
    ask.add_argument("--sentences", type=Path, help="the folder of the public sentence gold")
    ask.add_argument("--also", type=Path, help="one more coded report (the mission's own)")
    ask.add_argument("--folds", type=int, default=8)
    ask.add_argument("--write", action="store_true", help="fit on everything and write the pack's weights")
    ask.add_argument("--cross", type=Path, metavar="OUT", help="write the cross-validated reading here")
    asked = ask.parse_args()
    tables = collect(Material(asked.gold, asked.corpus, asked.codings, asked.sentences, asked.also))
    for name, table in tables.items():
        sweep(name, table, asked.folds)
        if asked.write:
            write(name, table)
    if asked.cross:
        cross_read(tables, asked.gold, asked.folds, asked.cross)


if __name__ == "__main__":
    main()
