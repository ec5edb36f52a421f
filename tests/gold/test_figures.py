"""The figures that tools/gold.py works out itself, on a few sentences counted by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "gold.py"


@pytest.fixture(scope="module")
def gold():
    spec = importlib.util.spec_from_file_location("gold_figures", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sentences(gold):
    rows = [("yes", 3, 0, 0.9), ("difficult no", 2, 1, 0.8), ("easy no", 0, 3, 0.6), ("yes", 3, 0, 0.5)]
    rows += [("ambiguous", 1, 1, 0.7), ("easy no", 0, 3, 0.0)]
    return [gold.Sentence(*row) for row in rows]


def test_the_unanimous_gold_drops_the_ambiguous_and_the_majority_gold_the_ties(gold, sentences):
    assert [yes for yes, _ in gold.labelled(sentences, unanimous=True)] == [True, False, False, True, False]
    assert [yes for yes, _ in gold.labelled(sentences, unanimous=False)] == [True, True, False, True, False]


@pytest.mark.parametrize(
    ("unanimous", "threshold", "p", "r"),
    [(True, 0.0, 2 / 4, 1), (True, 0.55, 1 / 3, 1 / 2), (False, 0.0, 3 / 4, 1), (False, 0.7, 1, 2 / 3)],
)
def test_what_is_above_the_threshold_is_found(gold, sentences, unanimous, threshold, p, r):
    found = gold.detection(sentences, unanimous, threshold)
    assert (found.p, found.r) == (pytest.approx(p), pytest.approx(r))


def test_average_precision_is_the_mean_precision_at_each_step_of_recall(gold):
    pairs = [(True, 0.9), (False, 0.8), (True, 0.7), (False, 0.0)]
    assert gold.average_precision(pairs) == pytest.approx(1 / 2 * 1 + 1 / 2 * 2 / 3)
    assert gold.average_precision([(True, 0.0), (False, 0.0)]) == pytest.approx(1 / 2)


def test_any_byte_of_a_gold_set_changes_its_hash(gold, tmp_path):
    (tmp_path / "a.json").write_text("{}", "utf-8")
    first = gold.hash_of(tmp_path)
    (tmp_path / "a.json").write_text("[]", "utf-8")
    assert gold.hash_of(tmp_path) != first
