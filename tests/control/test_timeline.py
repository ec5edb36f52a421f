"""How a place goes from state to state: who leads, since when, beside whom, and what ends it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from control.told import atlas_of
from marsad.control.timeline import NEWEST
from marsad.loading.control import control_rules

LIMIT = control_rules().limit
OLD = ("2018-06-01 control at Tafas by opposition says A", "2018-06-01 control at Tafas by opposition says B")
TAKEN = ("2018-07-06 takeover at Tafas by assad-gov says A", "2018-07-06 takeover at Tafas by assad-gov says B")


def later(day: str, days: float) -> str:
    return (date.fromisoformat(day) + timedelta(int(days))).isoformat()


def state(day: str, *lines: str):
    holding = atlas_of(*lines).on("Tafas", day)
    assert holding is not None
    return holding.state


def states(*lines: str) -> list[tuple[str, str, str]]:
    return [(s.start, s.status, s.side) for _, s in atlas_of(*lines).changes("Tafas")]


def test_a_place_of_which_nothing_is_said_has_no_timeline():
    assert atlas_of(*OLD).timeline("Nawa") == [] and atlas_of().timeline("Tafas") == []


def test_a_place_is_held_from_the_day_on_which_it_was_taken():
    assert states(*OLD, *TAKEN) == [("2018-06-01", "held", "opposition"), ("2018-07-06", "held", "assad-gov")]
    assert state("2018-07-05", *OLD, *TAKEN).side == "opposition"


def test_what_confirms_a_state_does_not_begin_it_anew():
    got = state("2018-07-20", *OLD, *TAKEN, "2018-07-20 control at Tafas by assad-gov says C")
    assert (got.since, got.newest, got.voices) == ("2018-07-06", "2018-07-20", 3)


def test_an_earlier_claim_that_arrives_later_moves_the_beginning_back():
    late = "2018-07-02 takeover at Tafas by assad-gov says C published 2018-08-01"
    assert state("2018-07-20", *OLD, *TAKEN, late, late.replace("says C", "says D")).since == "2018-07-02"


@pytest.mark.parametrize("actor", ["russia", "hezbollah", "pro-iran-militias"])
def test_between_members_of_one_side_a_place_does_not_change_hands(actor):
    lines = [
        *TAKEN,
        f"2018-07-10 takeover at Tafas by {actor} says A",
        f"2018-07-10 control at Tafas by {actor} says B",
    ]
    assert states(*lines) == [("2018-07-06", "held", "assad-gov")]


def test_an_act_is_told_and_a_state_is_only_heard_of():
    assert state("2018-07-06", *TAKEN).is_act and not state("2018-06-01", *OLD).is_act


def test_an_undated_act_makes_no_change_of_its_own():
    line = "? takeover at Tafas by opposition published 2018-07-03 says "
    atlas = atlas_of(*(line + voice for voice in "ABC"))
    got = atlas.on("Tafas", "2018-07-03")
    assert got is not None and got.state.status == "held"
    assert not got.state.is_act and not list(atlas.turns("2018-07-01", "2018-07-31"))


def test_an_act_begins_anew_what_was_only_inferred_until_then():
    signs = [f"2018-07-0{day} airstrike at Tafas by russia on opposition says {v}" for day in (1, 2) for v in "AB"]
    assert state("2018-07-03", *signs).outright == ""
    taken = "2018-07-06 takeover at Tafas by opposition says "
    got = state("2018-07-06", *signs, taken + "A", taken + "B")
    assert (got.since, got.is_act, got.outright) == ("2018-07-06", True, "2018-07-06")


def test_who_leaves_a_place_leaves_it_to_nobody_until_somebody_is_said_to_be_there():
    left = [f"2018-07-06 withdrawal from Tafas by opposition says {voice}" for voice in "AB"]
    came = [f"2018-07-08 control at Tafas by assad-gov says {voice}" for voice in "AB"]
    assert states(*OLD, *left, *came) == [
        ("2018-06-01", "held", "opposition"), ("2018-07-06", "vacated", "-"), ("2018-07-08", "held", "assad-gov"),
    ]  # fmt: skip


def test_who_leaves_and_is_followed_on_the_same_day_leaves_no_gap():
    left = [f"2018-07-06 withdrawal from Tafas by opposition says {voice}" for voice in "AB"]
    assert states(*OLD, *left, *TAKEN)[1:] == [("2018-07-06", "held", "assad-gov")]


def test_two_holders_on_one_day_of_whom_neither_leads_contest_a_place():
    got = state("2018-07-06", TAKEN[0], "2018-07-06 takeover at Tafas by opposition says B")
    assert (got.status, set(got.sides)) == ("contested", {"assad-gov", "opposition"})


def fight(day: str, voices: str = "AB") -> list[str]:
    return [f"{day} clash at Tafas by assad-gov on opposition says {voice}" for voice in voices]


def test_a_fight_that_is_likely_enough_makes_a_place_contested_and_keeps_who_leads():
    got = state("2018-06-10", *OLD, *fight("2018-06-10", "ABC"))
    assert (got.status, got.side, got.sides) == ("contested", "opposition", ("opposition", "assad-gov"))


def test_a_fight_ends_when_nothing_was_heard_of_it_for_too_long():
    lines = [*OLD, *fight("2018-06-10", "ABC")]
    last = later("2018-06-10", LIMIT["fight-days"])
    assert state(last, *lines).status == "contested"
    got = state(later(last, 1), *lines)
    assert (got.status, got.since) == ("held", "2018-06-01")


def test_a_fight_lasts_as_long_as_it_is_heard_of():
    lines, day = [*OLD], "2018-06-10"
    for _ in range(4):
        lines += fight(day, "ABC")
        day = later(day, LIMIT["fight-days"])
    assert {s for _, s, _ in states(*lines) if s != "held"} == {"contested"}
    assert len(states(*lines)) == 3


def test_a_taking_that_is_likely_ends_the_fights_before_it():
    got = state("2018-06-12", *OLD, *fight("2018-06-10", "ABC"), *(t.replace("07-06", "06-12") for t in TAKEN))
    assert (got.status, got.side) == ("held", "assad-gov")


def test_who_leaves_a_fight_leaves_the_place_to_whom_it_fought():
    left = [f"2018-06-12 withdrawal from Tafas by opposition says {voice}" for voice in "AB"]
    got = state("2018-06-12", *OLD, *fight("2018-06-10", "ABC"), *left)
    assert (got.status, got.side, got.outright) == ("held", "assad-gov", "")


def test_a_leader_does_not_fight_itself():
    lines = [f"2018-06-10 clash at Tafas by opposition on opposition says {voice}" for voice in "ABC"]
    assert state("2018-06-10", *OLD, *lines).status == "held"


def siege(day: str, status: str = "") -> list[str]:
    return [f"{day} siege{status} at Tafas by hezbollah on opposition says {voice}" for voice in "AB"]


def test_another_side_around_a_place_besieges_it():
    got = state("2018-06-10", *OLD, *siege("2018-06-10"))
    assert (got.status, got.side, got.sides) == ("besieged", "opposition", ("opposition", "assad-gov"))


def test_a_siege_ends_when_nothing_was_heard_of_it_for_too_long():
    last = later("2018-06-10", LIMIT["siege-days"])
    assert state(last, *OLD, *siege("2018-06-10")).status == "besieged"
    assert state(later(last, 1), *OLD, *siege("2018-06-10")).status == "held"


def test_a_siege_that_is_denied_ends_at_once():
    lines = [*OLD, *siege("2018-06-10"), *siege("2018-06-12", "(denied)")]
    assert state("2018-06-11", *lines).status == "besieged" and state("2018-06-12", *lines).status == "held"


def test_whoever_takes_a_besieged_place_besieges_it_no_more():
    got = state("2018-07-06", *OLD, *siege("2018-07-01"), *TAKEN)
    assert (got.status, got.side) == ("held", "assad-gov")


def test_one_voice_alone_that_a_place_went_back_at_once_is_doubted_and_two_are_not():
    left = "2018-07-06 withdrawal from Tafas by opposition says A"
    back = "2018-07-09 takeover at Tafas by opposition says "
    alone = state("2018-07-09", *OLD, *TAKEN, left, back + "C")
    both = state("2018-07-09", *OLD, *TAKEN, left, back + "C", back + "D")
    assert alone.side == "assad-gov" and both.side == "opposition"


def test_one_voice_that_tells_the_quick_return_as_an_act_and_as_a_state_is_one_voice():
    told = ["2018-07-05 control at Tafas by opposition says Z", *TAKEN]
    back = ["2018-07-09 takeover at Tafas by opposition says C", "2018-07-09 control at Tafas by opposition says C"]
    assert state("2018-07-09", *told, back[0]).side == "assad-gov"
    assert state("2018-07-09", *told, *back).side == "assad-gov"


def test_what_goes_back_after_longer_is_not_doubted():
    day = later("2018-07-06", LIMIT["return-days"] + 1)
    quick = state("2018-07-09", *OLD, *TAKEN, "2018-07-09 takeover at Tafas by opposition says C")
    slow = state(day, *OLD, *TAKEN, f"{day} takeover at Tafas by opposition says C")
    assert (quick.side, slow.side) == ("assad-gov", "opposition")


def test_who_is_named_for_a_side_is_the_member_with_most_weight():
    got = state("2018-07-06", *(f"2018-07-06 takeover at Tafas by hts says {voice}" for voice in "ABC"))
    assert (got.side, got.actor) == ("opposition", "hts")


def test_an_ally_is_named_only_where_its_lead_is_named_with_less_than_half():
    russia = [f"2018-07-06 takeover at Tafas by russia says {voice}" for voice in "ABC"]
    assert state("2018-07-06", *russia).actor == "russia"
    assert state("2018-07-06", *russia, "2018-07-06 takeover at Tafas by assad-gov says A").actor == "russia"
    assert state("2018-07-06", *russia[:1], "2018-07-06 takeover at Tafas by assad-gov says A").actor == "assad-gov"


def test_a_state_names_what_speaks_for_it_and_what_against_it_since_the_leader_changed():
    lines = [*OLD, *TAKEN, "2018-07-08 control at Tafas by opposition says C"]
    got = state("2018-07-08", *lines)
    assert got.side == "assad-gov"
    assert got.claims == ("c2", "c3") and got.against == ("c4",), "the claims of June are of another time"


def test_a_turn_names_the_claims_of_its_day_and_no_other_day_does():
    timeline = atlas_of(*OLD, *TAKEN, "2018-07-08 control at Tafas by assad-gov says C").timeline("Tafas")
    assert [s.turned for s in timeline] == [("c0", "c1"), ("c2", "c3"), ()]


def test_a_state_names_the_newest_of_very_many_claims_the_newest_last():
    days = [later("2018-01-01", n) for n in range(NEWEST + 10)]
    got = state(days[-1], *(f"{day} control at Tafas by isis says A" for day in days))
    assert got.claims == tuple(f"c{n}" for n in range(10, NEWEST + 10))


def test_what_is_too_little_said_is_unknown():
    got = state("2018-07-06", "2018-07-06 arrest at Tafas by isis sure 0.1")
    assert (got.status, got.side, got.sides, got.chance) == ("unknown", "", (), 0.0)


def test_days_without_news_make_no_states_but_where_a_fight_or_siege_runs_out():
    lines = [*OLD, *fight("2018-06-10", "ABC"), *TAKEN]
    ended = later("2018-06-10", LIMIT["fight-days"] + 1)
    assert [s.start for s in atlas_of(*lines).timeline("Tafas")] == ["2018-06-01", "2018-06-10", ended, "2018-07-06"]
