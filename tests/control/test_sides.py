"""For whom an actor holds: its parents, the side of the theatre on that day, and what is asked for."""

from __future__ import annotations

import pytest

from marsad.control.sides import LEVELS, at_level, can_hold, chain_of, holders_of, side_of
from marsad.loading.codebook import actors, sides


@pytest.mark.parametrize("actor", ["assad-gov", "russia", "hts", "opposition", "southern-ops-room", "isis"])
def test_governments_states_groups_sides_and_coalitions_can_hold_a_place(actor):
    assert can_hold(actor)


@pytest.mark.parametrize("actor", ["civilians", "unknown-gunmen", "detainees", "officials", "un", "", "x"])
def test_people_organisations_and_whom_nobody_knows_cannot(actor):
    assert not can_hold(actor)


@pytest.mark.parametrize(
    ("actor", "theatre", "day", "lead"),
    [
        ("assad-gov", "sy", "2018-07-06", "assad-gov"),
        ("russia", "sy", "2018-07-06", "assad-gov"),
        ("hezbollah", "sy", "2018-07-06", "assad-gov"),
        ("hts", "sy", "2018-07-06", "opposition"),
        ("us-coalition", "sy", "2018-07-06", "sdf"),
        ("us-coalition", "iq", "2016-10-17", "iraq"),
        ("turkey", "sy", "2018-07-06", "opposition"),
        ("turkey", "ly", "2020-05-18", "gnu-libya"),
        ("isis", "sy", "2018-07-06", "isis"),
    ],
)
def test_an_ally_holds_for_the_lead_of_its_side_in_that_theatre(actor, theatre, day, lead):
    assert side_of(actor, theatre, day) == lead


@pytest.mark.parametrize(
    ("actor", "theatre", "last", "first", "before", "after"),
    [
        ("russia", "sy", "2024-12-07", "2024-12-08", "assad-gov", "russia"),
        ("stc", "ye", "2019-07-31", "2019-08-01", "yemen-gov", "stc"),
        ("saleh-forces", "ye", "2017-12-01", "2017-12-02", "houthis", "saleh-forces"),
    ],
)
def test_an_alliance_ends_on_its_day_and_not_on_the_one_before(actor, theatre, last, first, before, after):
    assert (side_of(actor, theatre, last), side_of(actor, theatre, first)) == (before, after)


@pytest.mark.parametrize(("actor", "theatre"), [("hezbollah", "lb"), ("hts", "xx"), ("russia", "")])
def test_where_no_side_is_named_an_actor_holds_for_the_last_of_its_parents(actor, theatre):
    assert side_of(actor, theatre, "2018-07-06") == chain_of(actor)[-1]


def test_whom_the_registry_does_not_know_holds_for_nobody_else():
    assert chain_of("nobody-knows") == ("nobody-knows",)
    assert side_of("nobody-knows", "sy", "2018-07-06") == "nobody-knows"


def test_a_chain_goes_from_an_actor_to_the_last_of_its_parents():
    assert chain_of("hts") == ("hts", "opposition")
    assert chain_of("hezbollah") == ("hezbollah", "iran")


@pytest.mark.parametrize("actor", sorted(actors()))
def test_every_chain_ends_and_names_nobody_twice(actor):
    chain = chain_of(actor)
    assert chain[0] == actor and len(set(chain)) == len(chain) and set(chain) <= set(actors())


@pytest.mark.parametrize("theatre", sorted(sides()))
def test_a_lead_holds_for_itself(theatre):
    for side in sides()[theatre]:
        day = (side.since.isoformat() if side.since else "2015-01-01") if not side.until else "2015-01-01"
        assert side_of(side.lead, theatre, day) == side.lead


def test_holders_name_the_most_exact_first_and_the_side_last():
    assert holders_of("hts", "sy", "2018-07-06") == ("hts", "opposition")
    assert holders_of("hezbollah", "sy", "2018-07-06") == ("hezbollah", "iran", "assad-gov")
    assert holders_of("assad-gov", "sy", "2018-07-06") == ("assad-gov",)


@pytest.mark.parametrize(
    ("level", "named"), [("group", "hezbollah"), ("coalition", "iran"), ("side", "assad-gov")], ids=LEVELS
)
def test_a_holder_is_named_at_the_level_that_is_asked_for(level, named):
    assert at_level("hezbollah", level, "sy", "2018-07-06") == named
