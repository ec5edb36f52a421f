import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.record.counts import bounds_of, disagree, range_of


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        (27, 27, 27), (0.9, 0.9, 0.9), (">=27", 27, math.inf), (">90", 90, math.inf), ("<5", 0, 5), ("<=5", 0, 5),
        ("20-30", 20, 30), ("15+", 15, math.inf), ("12", 12, 12), ("tens", 20, math.inf), ("hundreds", 200, math.inf),
        ("thousands", 2000, math.inf), ("millions", 2e6, math.inf), ("tens of thousands", 20_000, math.inf),
        ("hundreds of thousands", 200_000, math.inf), ("tens of millions", 2e7, math.inf),
        ("thousands of millions", 2e9, math.inf),
    ],
)  # fmt: skip
def test_a_count_of_the_guide_has_bounds(value, least, most):
    assert bounds_of(value) == (least, most)
    assert bounds_of(value).is_exact is (least == most)


@pytest.mark.parametrize("value", ["", "كثيرون", "nan", "inf", "tens of", "tens of sheep"])
def test_what_is_no_count_bounds_nothing(value):
    assert bounds_of(value) == (0, math.inf)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([3], 3, 3), ([3, 7, 5], 3, 7), ([3, ">=5"], 3, None), ([9, ">=5"], 5, 9), (["tens", 15], 15, None),
        (["tens", 45], 20, 45), (["20-30", 25], 20, 30), (["<5", 3], 0, 5), ([100, ">=100"], 100, 100),
        ([">=100", 100], 100, 100), ([0.5, 0.9], 0.5, 0.9), (["tens"], 20, None), ([3, "20-30", ">=40"], 3, None),
    ],
)  # fmt: skip
def test_several_counts_give_a_range(values, low, high):
    assert range_of(values) == (low, high)


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        (3, 5, True), (3, 3, False), (3, ">=5", True), (7, ">=5", False), ("tens", 10, True),
        ("tens", "hundreds", False), ("20-30", 31, True), ("20-30", 25, False), ("<5", ">9", True), (3, 3.0, False),
    ],
)  # fmt: skip
def test_counts_disagree_where_they_cannot_both_be_true(a, b, apart):
    assert disagree(a, b) is disagree(b, a) is apart


COUNTS = st.one_of(
    st.integers(0, 500), st.builds("{}{}".format, st.sampled_from([">=", ">", "<", "<="]), st.integers(0, 500)),
    st.builds("{}-{}".format, st.integers(0, 500), st.integers(0, 500)), st.sampled_from(["tens", "hundreds", "15+"]),
)  # fmt: skip


@given(st.lists(COUNTS, min_size=1, max_size=6))
def test_the_range_holds_every_exact_count_and_every_lower_bound(values):
    low, high = range_of(values)
    for bounds in map(bounds_of, values):
        assert low <= bounds.least
        assert high is None or high >= (bounds.least if bounds.most == math.inf else bounds.most)


@given(st.lists(COUNTS, min_size=1, max_size=6), st.randoms())
def test_the_range_does_not_hang_on_who_counts_first(values, random):
    assert range_of(random.sample(values, len(values))) == range_of(values)
