"""The files that fusion is measured against: every label stands on its words, and no newspaper's words are in them."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from marsad.loading.codebook import types

PAIRS = Path(__file__).parent / "pairs"
ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
OWN = ("own-dev.jsonl", "own-test.jsonl")
STAND_OFF = ("dev.jsonl", "test.jsonl")


def rows_of(name: str) -> list[dict[str, Any]]:
    """Return the objects of a file, in order."""
    return [json.loads(line) for line in (PAIRS / name).read_text("utf-8").splitlines()]


def starts_of(trigger: str, text: str) -> list[int]:
    """Return where the trigger's letters stand in the text, also inside longer words."""
    return [m.start() for m in re.finditer(f"(?={re.escape(trigger)})", text)]


def key(claim: dict[str, Any]) -> tuple[str, int, int, str]:
    """Return what tells a stand-off claim from all others."""
    return (claim["report"], *claim["trigger_span"], claim["type"])


REPORTS = [report for name in OWN for report in rows_of(name)]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["id"])
def test_a_label_stands_on_exactly_one_trigger_of_its_text(report):
    for label in report["incidents"]:
        starts = starts_of(label["trigger"], report["text"])
        assert starts, f"{label['trigger']} is not in the text"
        assert ("occurrence" in label) is (len(starts) > 1), f"{label['trigger']} stands {len(starts)} times"
        assert 1 <= label.get("occurrence", 1) <= len(starts)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["id"])
def test_no_two_labels_of_a_report_share_a_letter(report):
    spans = []
    for label in report["incidents"]:
        start = starts_of(label["trigger"], report["text"])[label.get("occurrence", 1) - 1]
        spans.append((start, start + len(label["trigger"])))
    assert spans == sorted(spans) and all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize("name", OWN)
def test_types_are_of_the_codebook_and_labels_are_slugs(name):
    labels = [label for report in rows_of(name) for label in report["incidents"]]
    assert {label["type"] for label in labels} <= types().keys()
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", label["incident"]) for label in labels)


def test_ids_are_unique_and_the_halves_share_no_outlet_and_no_incident():
    assert len({report["id"] for report in REPORTS}) == len(REPORTS)
    dev, test = (rows_of(name) for name in OWN)
    assert not {r["outlet"] for r in dev} & {r["outlet"] for r in test}
    assert not {i["incident"] for r in dev for i in r["incidents"]} & {
        i["incident"] for r in test for i in r["incidents"]
    }


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["id"])
def test_a_report_is_dated_of_the_promised_length_and_says_that_it_is_fictional(report):
    assert date.fromisoformat(report["published"])
    assert 40 <= len(report["text"].split()) <= 160
    assert "Fictional exercise text" in report["note"]


@pytest.mark.parametrize("name", OWN)
def test_most_incidents_are_told_by_several_reports_and_none_by_more_than_the_table_says(name):
    told = Counter(incident for r in rows_of(name) for incident in {i["incident"] for i in r["incidents"]})
    by = Counter(min(n, 4) for n in told.values())
    assert f"| `{name}` | {by[1]} | {by[2]} | {by[3]} | {by[4]} |" in (PAIRS / "README.md").read_text("utf-8")
    assert max(told.values()) <= 5 and by[1] < len(told) / 2


@pytest.mark.parametrize("name", OWN)
def test_the_readme_counts_our_reports_incidents_and_claims(name):
    labels = [label for report in rows_of(name) for label in report["incidents"]]
    incidents = len({label["incident"] for label in labels})
    counts = f"`{name}` | {len(rows_of(name))} reports, {incidents} incidents, {len(labels)} claims |"
    assert counts in (PAIRS / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", STAND_OFF)
def test_pairs_of_the_newspapers_are_stand_off(name):
    assert not ARABIC.search((PAIRS / name).read_text("utf-8"))
    for pair in rows_of(name):
        assert pair.keys() == {"a", "b", "same", "why"} and isinstance(pair["same"], bool) and pair["why"]
        for claim in (pair["a"], pair["b"]):
            assert claim.keys() == {"report", "trigger_span", "type"} and claim["type"] in types()
            assert 0 <= claim["trigger_span"][0] < claim["trigger_span"][1]


@pytest.mark.parametrize("name", STAND_OFF)
def test_no_pair_of_the_newspapers_is_judged_twice_or_is_of_a_claim_with_itself(name):
    judged = [frozenset((key(pair["a"]), key(pair["b"]))) for pair in rows_of(name)]
    assert all(len(pair) == 2 for pair in judged) and len(set(judged)) == len(judged)


@pytest.mark.parametrize("name", STAND_OFF)
def test_the_readme_counts_the_pairs_of_the_newspapers(name):
    pairs = rows_of(name)
    same = sum(pair["same"] for pair in pairs)
    articles = len({pair[side]["report"] for pair in pairs for side in "ab"})
    counts = f"`{name}` | {len(pairs)} pairs ({same} same, {len(pairs) - same} different) over {articles} articles |"
    assert counts in (PAIRS / "README.md").read_text("utf-8")


def test_the_halves_of_the_newspapers_share_no_article():
    dev, test = ({p[s]["report"] for p in rows_of(name) for s in "ab"} for name in STAND_OFF)
    assert not dev & test
