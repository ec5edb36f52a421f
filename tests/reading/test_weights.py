"""The weights of what was seen are summed up, however the features are grouped and however often they come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marsad.reading.weights import Weights, spelt


def word(kind: str, tense: str) -> Iterator[str]:
    yield f"type={kind}"
    yield f"tense={tense}"


def place(near: bool) -> Iterator[str]:
    yield f"near={near}"


SEEN = [(word, "killing", "past"), (place, True), (place, True)]
TABLE = {"bias": (1.0, 0.5), "type=killing": (0.25, 2.0), "near=True": (-0.5, 0.125), "near=False": (9.0, 9.0)}


def test_features_are_spelt_in_order():
    assert list(spelt(SEEN)) == ["type=killing", "tense=past", "near=True", "near=True"]


@pytest.mark.parametrize("time", ["first", "second"])
def test_unknown_features_weigh_nothing_and_repeated_ones_twice(time):
    weights = Weights(("no", "yes"), TABLE)
    if time == "second":
        weights.scores(SEEN)
    assert weights.scores(SEEN) == [0.25, 2.75] and weights.best(SEEN) == "yes"
    assert weights.scores([(word, "x", "y")]) == [1.0, 0.5]


def test_shares_add_up_to_one():
    assert sum(Weights(("no", "yes"), TABLE).shares(SEEN)) == pytest.approx(1)


def test_a_yes_or_no_adds_up_as_classes_do_and_goes_on_from_a_score():
    yes = Weights(("yes",), {feature: row[1:] for feature, row in TABLE.items()})
    for _ in ("first", "second"):
        assert yes.score(SEEN) == Weights(("no", "yes"), TABLE).scores(SEEN)[1] == 2.75
        assert yes.score(SEEN[1:], yes.score(SEEN[:1])) == 2.75
    assert yes.yes([]) == pytest.approx(1 / (1 + 2.718281828459045**-0.5))
