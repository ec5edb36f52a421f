"""What the testimonies of one day come to, and how the shares of a place move with it."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import permutations, product

import pytest

from control.told import told_in
from marsad.control import testimony
from marsad.control.pooling import UNKNOWN, VACATED, Pool, faded, moved, pool_of
from marsad.loading.control import control_rules

NEW = {UNKNOWN: 1.0}


def pool(*lines: str) -> Pool:
    """Return the pool of what these claims say of Tafas on the sixth."""
    told = [told_in(f"2018-07-06 {line}", {}, f"c{n}") for n, line in enumerate(lines)]
    rules = control_rules()
    said = [t for one in told for t in testimony.testimonies_of(one, rules) if t.day == "2018-07-06"]
    return pool_of(said, rules)


def after(shares: dict[str, float], *lines: str, fighters: dict[str, float] | None = None) -> dict[str, float]:
    got = moved(shares, pool(*lines), fighters or {})
    assert sum(got.values()) == pytest.approx(1.0) and all(-1e-12 <= share <= 1.0 for share in got.values())
    return got


def test_independent_voices_add_up_to_what_one_of_them_is_right_in():
    one = pool("takeover at Tafas by isis says A").holds["isis"]
    two = pool("takeover at Tafas by isis says A", "takeover at Tafas by isis says B").holds["isis"]
    assert two == pytest.approx(1 - (1 - one) ** 2)


def test_one_voice_counts_once_for_one_thing_and_with_the_surest_of_its_claims():
    sure, unsure = "takeover at Tafas by isis says A sure 0.9", "takeover at Tafas by isis says A sure 0.4"
    assert pool(sure, unsure, sure).holds == pool(sure).holds
    assert pool(sure, unsure).voices == {"isis": 1}


def test_allies_named_by_one_voice_are_one_side_and_count_once():
    both = pool("takeover at Tafas by assad-gov says A", "takeover at Tafas by russia says A")
    assert both.holds == pool("takeover at Tafas by assad-gov says A").holds


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_within_a_day_never_matters(order):
    lines = [
        "takeover at Tafas by isis says A",
        "control at Tafas by sdf says B",
        "withdrawal from Tafas by sdf says C",
        "clash at Tafas by isis on sdf says A",
    ]
    got, expected = (pool(*some) for some in ([lines[n] for n in order], lines))
    for field in ("holds", "acts", "gives", "lacks", "seems", "contests", "voices"):
        assert getattr(got, field) == pytest.approx(getattr(expected, field))


def test_a_voice_that_names_two_holders_on_one_day_is_believed_less_in_each():
    alone = pool("control at Tafas by isis says A").holds["isis"]
    both = pool("control at Tafas by isis says A", "control at Tafas by sdf says A").holds
    assert both["isis"] == both["sdf"] < alone


def test_two_voices_that_name_two_holders_are_believed_fully():
    alone = pool("control at Tafas by isis says A").holds["isis"]
    assert pool("control at Tafas by isis says A", "control at Tafas by sdf says B").holds["isis"] == alone


def test_where_a_report_tells_which_came_first_the_last_counts_fully_and_the_first_little():
    alone = pool("takeover at Tafas by isis says A").holds["isis"]
    got = pool("takeover at Tafas by sdf says A id first", "takeover at Tafas by isis says A after first").holds
    assert got["isis"] == alone and got["sdf"] < alone / 2


def test_what_the_same_side_did_afterwards_takes_nothing_from_what_it_did_first():
    got = pool("takeover at Tafas by isis says A id first", "control at Tafas by isis says A after first")
    assert got.acts == pool("takeover at Tafas by isis says A").acts


def test_a_state_of_the_day_of_another_sides_act_may_be_of_the_hours_before():
    alone = pool("control at Tafas by sdf says B").holds["sdf"]
    got = pool("control at Tafas by sdf says B", "takeover at Tafas by isis says A").holds
    assert got["sdf"] < alone and got["isis"] == pool("takeover at Tafas by isis says A").holds["isis"]


def test_a_state_of_the_day_of_its_own_sides_act_supports_it():
    act = pool("takeover at Tafas by isis says A")
    both = pool("control at Tafas by isis says B", "takeover at Tafas by isis says A")
    assert both.holds["isis"] > act.holds["isis"] and both.acts == act.acts


@pytest.mark.parametrize(
    ("line", "field", "side"),
    [
        ("withdrawal from Tafas by isis", "gives", "isis"),
        ("control(denied) at Tafas by isis", "lacks", "isis"),
        ("deployment at Tafas by isis", "seems", "isis"),
        ("clash at Tafas by isis", "contests", "isis"),
        ("siege at Tafas by isis", "encircles", "isis"),
        ("siege(denied) at Tafas by isis", "relieves", "isis"),
    ],
)
def test_what_is_not_said_outright_never_counts_as_holding(line, field, side):
    got = pool(line)
    assert list(getattr(got, field)) == [side] and not got.holds and not got.acts and not got.voices


def test_a_day_on_which_nothing_is_said_moves_nothing():
    shares = {UNKNOWN: 0.3, "isis": 0.5, VACATED: 0.2}
    assert after(shares) == shares


def test_who_is_said_to_hold_a_place_gains_from_all_others():
    got = after({UNKNOWN: 0.5, "sdf": 0.5}, "control at Tafas by isis")
    assert got["isis"] > 0 and got[UNKNOWN] == got["sdf"] < 0.5


def test_two_equally_likely_claimants_get_equal_shares():
    got = after(NEW, "control at Tafas by isis says A", "control at Tafas by sdf says B")
    assert got["isis"] == pytest.approx(got["sdf"])


def test_what_a_side_leaves_goes_to_nobody():
    got = after({"isis": 1.0}, "withdrawal from Tafas by isis")
    assert got[VACATED] == pytest.approx(1 - got["isis"]) and got[VACATED] > 0.3


def test_who_leaves_was_there_though_nobody_had_said_so():
    assert after(NEW, "withdrawal from Tafas by isis")[VACATED] > 0.3


def test_what_one_side_leaves_takes_nothing_from_another_that_is_there():
    assert after({"sdf": 1.0}, "withdrawal from Tafas by isis")["sdf"] == 1.0


def test_what_a_side_lacks_goes_to_unknown_and_to_nobody_else():
    got = after({"isis": 0.6, "sdf": 0.4}, "control(denied) at Tafas by isis")
    assert got["sdf"] == 0.4 and got[UNKNOWN] == pytest.approx(0.6 - got["isis"]) and not got.get(VACATED)


@pytest.mark.parametrize("line", ["deployment at Tafas by isis", "arrest at Tafas by isis"])
def test_a_weak_sign_fills_what_is_unknown_and_turns_nobody_out(line):
    got = after({"sdf": 0.7, UNKNOWN: 0.3}, line)
    assert got["sdf"] == 0.7 and got["isis"] == pytest.approx(0.3 - got[UNKNOWN]) and got["isis"] > 0


def test_weak_signs_of_two_sides_share_the_unknown_by_their_weight():
    got = after(NEW, "deployment at Tafas by isis says A", "arrest at Tafas by sdf says B")
    assert got["isis"] > got["sdf"] > 0


def test_a_weak_sign_brings_back_nobody_who_is_likelier_to_have_left_on_that_day():
    got = after({"isis": 1.0}, "withdrawal from Tafas by isis says A", "arrest at Tafas by isis says B")
    assert got["isis"] == after({"isis": 1.0}, "withdrawal from Tafas by isis says A")["isis"]


def test_who_has_been_fighting_in_a_place_gets_of_what_another_leaves_and_of_nothing_else():
    left = "withdrawal from Tafas by isis"
    got = after({"isis": 0.8, "opposition": 0.2}, left, fighters={"sdf": 0.7})
    nobody = after({"isis": 0.8, "opposition": 0.2}, left)
    assert got["sdf"] + got[VACATED] == pytest.approx(nobody[VACATED]) and got["sdf"] > got[VACATED]
    assert (got["opposition"], got["isis"]) == (nobody["opposition"], nobody["isis"])


def test_who_leaves_gets_nothing_of_what_it_left_for_having_fought_there():
    left = "withdrawal from Tafas by isis"
    assert after({"isis": 1.0}, left, fighters={"isis": 0.9})["isis"] == after({"isis": 1.0}, left)["isis"]


def test_who_takes_what_another_leaves_on_the_same_day_has_most_of_it():
    got = after({"isis": 1.0}, "withdrawal from Tafas by isis says A", "takeover at Tafas by sdf says A")
    assert max(got, key=lambda side: got[side]) == "sdf"


@pytest.mark.parametrize(("first", "second"), list(product(["isis", "sdf", "opposition"], repeat=2)))
def test_shares_stay_chances_whatever_follows(first, second):
    shares = dict(NEW)
    for line in (f"takeover at Tafas by {first} on {second}", f"withdrawal from Tafas by {second}",
                 f"control(denied) at Tafas by {first}", f"siege at Tafas by {first} on {second}"):  # fmt: skip
        shares = after(shares, line, f"deployment at Tafas by {second}")


def test_a_chance_fades_by_half_with_each_half_life():
    assert faded(0.8, 0, 100) == 0.8
    assert faded(0.8, 100, 100) == pytest.approx(0.4) and faded(0.8, 200, 100) == pytest.approx(0.2)


# Sums of the same numbers in another order differ in their last digits.
SUMS = """
from marsad.control.pooling import Pool, moved
sides = ["isis", "sdf", "opposition", "assad-gov", "iraq", "turkey"]
for n in range(60):
    chances = {side: 0.9 / (k + n + 1.3) for k, side in enumerate(sides)}
    shares = moved({side: 1 / len(sides) for side in sides}, Pool(gives=chances, lacks=chances), {})
    print(sorted(shares.items()))
"""


def test_every_process_comes_to_the_same_shares_to_the_last_digit():
    told = {
        subprocess.run(
            [sys.executable, "-c", SUMS], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "0123"
    }
    assert len(told) == 1
