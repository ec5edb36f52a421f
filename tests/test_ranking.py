"""Choices among candidates are fitted so that the right one outscores the others."""

from __future__ import annotations

import pytest

pytest.importorskip("scipy", reason="fitting needs what `make quality` sets up")

from training.ranking import Choices, Way, weigh


def way(value: str, *features: str) -> Way:
    return Way(value, [*features, "as before"], list(features))


def choices(n: int) -> Choices:
    found = Choices()
    for report in range(n):
        found.add([way("a", "near"), way("b", "far")], "a", report)
        found.add([way("b", "far"), way("a", "near")], "a", report)
    return found


def test_the_right_way_outscores_the_other():
    table = weigh(choices(8), range(16), 1.0).table
    assert table["near"][0] > table["far"][0]


def test_a_choice_without_its_right_way_teaches_nothing():
    found = choices(8)
    for report in range(8):
        found.add([way("b", "far"), way("a", "near")], "neither", report)
    assert found.fit(range(len(found.ways)), 1.0) == found.fit(
        [k for k in range(len(found.ways)) if found.right[k] == "a"], 1.0
    )


def test_after_settling_the_value_before_is_the_chosen_one():
    found = choices(8)
    found.add([way("b", "near"), way("a", "far")], "a", 8)
    found.add([way("b", "near"), way("a", "far")], "b", 8)
    found.settle(1.0)
    assert found.before[-1] == "b"
    assert found.before[-2] is None


def test_held_out_choices_are_right_where_the_sign_is_plain():
    assert choices(8).share_right(4, 1.0) == 1.0
