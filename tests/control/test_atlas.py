"""The atlas: any place on any day, what it inherits from the areas around it, what changed hands, and the argument."""

from __future__ import annotations

import pytest

from control.told import atlas_of
from marsad.control.atlas import Atlas
from marsad.loading.control import control_rules

LIMIT = control_rules().limit
AREAS = ("place Tafas in Daraa", "place Nawa in Daraa", "place Ariha in Idlib")
OLD = tuple(f"2018-06-01 control at Tafas by opposition says {voice}" for voice in "AB")
TAKEN = tuple(f"2018-07-06 takeover at Tafas by assad-gov says {voice}" for voice in "AB")


def all_of(area: str, by: str, extent: str = ":all", day: str = "2018-07-10", more: str = "") -> list[str]:
    return [f"{day} control at {area}*{extent} by {by} says {voice} {more}".strip() for voice in "PQ"]


def side(atlas: Atlas, place: str, day: str) -> str | None:
    holding = atlas.on(place, day)
    return holding.state.side if holding else None


def test_before_anything_is_known_of_a_place_there_is_no_answer():
    atlas = atlas_of(*OLD, *TAKEN)
    assert atlas.on("Tafas", "2018-05-31") is None and atlas.on("Nawa", "2018-07-06") is None


def test_a_day_between_two_changes_is_answered_by_the_first():
    atlas = atlas_of(*OLD, *TAKEN)
    assert [side(atlas, "Tafas", day) for day in ("2018-06-01", "2018-07-05", "2018-07-06", "2030-01-01")] == [
        "opposition", "opposition", "assad-gov", "assad-gov",
    ]  # fmt: skip


def test_a_state_ends_on_the_day_of_the_next_and_the_last_one_lasts():
    atlas = atlas_of(*OLD, "2018-06-10 control at Tafas by opposition says C", *TAKEN)
    assert [h and h.until for h in (atlas.on("Tafas", d) for d in ("2018-06-01", "2018-06-10", "2018-07-06"))] == [
        "2018-07-06", "2018-07-06", "",
    ]  # fmt: skip


def test_confidence_halves_with_every_half_life_since_the_newest_support():
    atlas, half = atlas_of(*OLD), int(LIMIT["half-life-days"])
    fresh = atlas.on("Tafas", "2018-06-01")
    old = atlas.on("Tafas", f"20{18 + half // 365}-06-01")
    assert fresh and old and old.age > 300
    assert old.confidence == pytest.approx(fresh.confidence * 0.5 ** (old.age / half), abs=0.002)


@pytest.mark.parametrize(
    ("day", "basis"), [("2018-06-01", "asserted"), ("2018-07-05", "carried"), ("2018-07-06", "asserted")]
)
def test_what_was_said_outright_is_asserted_for_some_days_and_carried_afterwards(day, basis):
    got = atlas_of(*OLD, *TAKEN).on("Tafas", day)
    assert got is not None and got.basis == basis


@pytest.mark.parametrize(
    "lines", [[f"2018-07-01 airstrike at Nawa by russia on opposition says {v}" for v in "AB"], all_of("Daraa", "isis")]
)
def test_what_rests_on_weak_signs_or_a_wider_area_is_inferred(lines):
    got = atlas_of(*AREAS, *lines).on("Nawa", "2018-07-10")
    assert got is not None and got.state.status == "held" and got.basis == "inferred"


def test_what_is_said_of_all_of_an_area_holds_in_its_places_and_in_no_other():
    atlas = atlas_of(*AREAS, *all_of("Daraa", "assad-gov"))
    assert [side(atlas, place, "2018-07-10") for place in ("Tafas", "Nawa", "Daraa", "Ariha")] == [
        "assad-gov", "assad-gov", "assad-gov", None,
    ]  # fmt: skip


def test_what_is_said_of_a_place_says_nothing_of_the_area_around_it():
    assert atlas_of(*AREAS, *TAKEN).on("Daraa", "2018-07-06") is None


def test_an_area_that_is_only_named_says_less_of_its_places_than_all_or_most_of_it():
    loose, most, whole = (
        atlas_of(*AREAS, *all_of("Daraa", "isis", extent)).testimonies("Nawa")[0].weight
        for extent in ("", ":most", ":all")
    )
    assert 0 < loose < most < whole


@pytest.mark.parametrize("share", ["0.5", "0.4", "0.05"])
def test_a_share_that_is_no_more_than_even_says_nothing_of_any_one_place(share):
    assert atlas_of(*AREAS, *all_of("Daraa", "isis", "", more=f"share {share}")).on("Nawa", "2018-07-10") is None


def test_a_greater_share_says_more_of_each_place():
    weights = [
        atlas_of(*AREAS, *all_of("Daraa", "isis", "", more=f"share {share}")).testimonies("Nawa")[0].weight
        for share in ("0.6", "0.8", "0.95")
    ]
    assert weights == sorted(set(weights))


def test_on_a_day_on_which_something_more_exact_is_said_nothing_is_inherited():
    own = [f"2018-07-10 control at Tafas by opposition says {voice}" for voice in "AB"]
    atlas = atlas_of(*AREAS, *own, *all_of("Daraa", "assad-gov"))
    assert side(atlas, "Tafas", "2018-07-10") == "opposition" and side(atlas, "Nawa", "2018-07-10") == "assad-gov"
    assert all(not t.area for t in atlas.testimonies("Tafas"))


def test_what_is_excepted_is_not_in_the_hand_of_who_has_all_the_rest():
    lines = [f"2018-07-10 takeover at Daraa*:all at Tafas:except by assad-gov says {voice}" for voice in "AB"]
    atlas = atlas_of(*AREAS, *OLD, *lines)
    assert side(atlas, "Nawa", "2018-07-10") == "assad-gov" and side(atlas, "Tafas", "2018-07-10") != "assad-gov"


def test_who_holds_only_one_place_loses_the_rest_of_its_governorate():
    held = all_of("Daraa", "assad-gov", day="2018-06-01")
    only = [f"2018-07-10 control at Tafas:only by assad-gov says {voice}" for voice in "AB"]
    atlas = atlas_of(*AREAS, *held, *only)
    before, after = atlas.on("Daraa", "2018-06-01"), atlas.on("Daraa", "2018-07-10")
    assert before and after and side(atlas, "Tafas", "2018-07-10") == "assad-gov"
    assert (after.state.side, after.state.chance) != ("assad-gov", before.state.chance)


def test_fights_and_sieges_of_an_area_are_not_those_of_its_places():
    lines = [f"2018-07-10 clash at Daraa* by isis on opposition says {voice}" for voice in "ABC"]
    assert atlas_of(*AREAS, *lines).on("Nawa", "2018-07-10") is None


def test_each_place_of_which_something_is_said_by_a_day_has_an_answer_then():
    atlas = atlas_of(*AREAS, *OLD, "2018-07-01 control at Ariha by hts")
    assert atlas.places == ["Ariha", "Tafas"]
    assert [h.place for h in atlas.on_day("2018-06-15")] == ["Tafas"]
    assert [h.place for h in atlas.on_day("2018-07-15")] == ["Ariha", "Tafas"]


def test_changes_of_a_place_are_its_states_with_the_one_before():
    [(first, then), (before, now)] = atlas_of(*OLD, *TAKEN).changes("Tafas")
    assert first is None and then == before
    assert (before.side, now.side) == ("opposition", "assad-gov")


def turns(*lines: str, first: str = "", last: str = "9999") -> list[tuple[str, str, str]]:
    found = atlas_of(*AREAS, *lines).turns(first, last)
    return [(place, before.side if before else "", state.side) for place, before, state in found]


def test_a_place_that_is_first_heard_of_as_held_did_not_change_hands_and_one_that_was_taken_did():
    assert turns(*OLD) == [] and turns(*TAKEN) == [("Tafas", "", "assad-gov")]
    assert turns(*OLD, *TAKEN) == [("Tafas", "opposition", "assad-gov")]


def test_a_holder_who_left_is_a_change_of_hands():
    left = [f"2018-07-06 withdrawal from Tafas by opposition says {voice}" for voice in "AB"]
    assert turns(*OLD, *left) == [("Tafas", "opposition", "-")]


@pytest.mark.parametrize(
    "line", ["clash at Tafas by assad-gov on opposition", "siege at Tafas by assad-gov on opposition"]
)
def test_a_fight_or_a_siege_is_no_change_of_hands(line):
    assert turns(*OLD, *(f"2018-06-10 {line} says {voice}" for voice in "ABC")) == []


def test_a_change_of_hands_after_a_fight_is_one_change():
    fight = [f"2018-07-05 clash at Tafas by assad-gov on opposition says {voice}" for voice in "ABC"]
    assert turns(*OLD, *fight, *TAKEN) == [("Tafas", "opposition", "assad-gov")]


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2018-07-06", "2018-07-06", 1),
        ("2018-07-07", "9999", 0),
        ("", "2018-07-05", 0),
        ("2018-07-01", "2018-07-31", 1),
    ],
)
def test_changes_of_hands_are_those_of_the_days_that_are_asked_for(first, last, count):
    assert len(turns(*OLD, *TAKEN, first=first, last=last)) == count


def test_the_argument_is_what_was_heard_since_the_leader_last_changed():
    atlas = atlas_of(*OLD, *TAKEN, "2018-07-08 control at Tafas by opposition says C")
    heard, against = atlas.argument("Tafas", "2018-07-08")
    assert {t.claim for t in heard} == {"c2", "c3"} and {t.claim for t in against} == {"c4"}
    assert {t.claim for t in atlas.argument("Tafas", "2018-07-05")[0]} == {"c0", "c1"}
    assert atlas.argument("Tafas", "2018-05-01") == ([], []) == atlas.argument("Nawa", "2018-07-08")


def test_the_argument_names_the_area_of_which_a_claim_was_said():
    heard, _ = atlas_of(*AREAS, *all_of("Daraa", "isis")).argument("Nawa", "2018-07-10")
    assert {(t.place, t.area) for t in heard} == {("Nawa", "Daraa")}


def test_an_atlas_of_nothing_answers_nothing():
    atlas = atlas_of()
    assert atlas.places == [] and list(atlas.on_day("2018-07-06")) == [] and list(atlas.turns("", "9999")) == []
