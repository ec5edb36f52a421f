"""What one claim says of who holds one place on one day: by its type, its roles, its status, its extent, its voice."""

from __future__ import annotations

import pytest

from control.told import told_in
from marsad.control import testimony
from marsad.loading.codebook import types
from marsad.loading.control import control_rules

AREAS = {"Tafas": ("Daraa",), "Nawa": ("Daraa",)}
OUTRIGHT = {"takes", "holds"}
EVERYTHING = "at Tafas from Nawa to Nasib by assad-gov on opposition"


def said(line: str) -> list[testimony.Testimony]:
    return list(testimony.testimonies_of(told_in(line, AREAS, "c0"), control_rules()))


def does(line: str, place: str = "Tafas") -> set[tuple[str, str, str]]:
    """Return what a claim says of a place, of which side, and of which day of July."""
    return {(t.does, t.side, t.day) for t in said(line) if t.place == place}


def weight(line: str, what: str, place: str = "Tafas") -> float:
    [found] = {t.weight for t in said(line) if t.does == what and t.place == place}
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("takeover at Tafas by assad-gov", ("takes", "assad-gov", 6)),
        ("takeover at Tafas by assad-gov on opposition", ("lacks", "opposition", 6)),
        ("takeover at Tafas by assad-gov on opposition", ("seems", "opposition", 5)),
        ("control at Tafas by opposition", ("holds", "opposition", 6)),
        ("withdrawal from Tafas by opposition", ("gives", "opposition", 6)),
        ("withdrawal from Tafas by opposition", ("seems", "opposition", 5)),
        ("withdrawal from Nawa to Tafas by opposition", ("seems", "opposition", 6)),
        ("handover at Tafas by opposition on assad-gov", ("gives", "opposition", 6)),
        ("handover at Tafas by opposition on assad-gov", ("takes", "assad-gov", 6)),
        ("surrender at Tafas by opposition on assad-gov", ("seems", "assad-gov", 6)),
        ("siege at Tafas by hezbollah on opposition", ("encircles", "assad-gov", 6)),
        ("siege at Tafas by hezbollah on opposition", ("lacks", "assad-gov", 6)),
        ("siege at Tafas by hezbollah on opposition", ("seems", "opposition", 6)),
        ("clash at Tafas by assad-gov on opposition", ("contests", "assad-gov", 6)),
        ("clash at Tafas by assad-gov on opposition", ("contests", "opposition", 6)),
        ("attack at Tafas by assad-gov on opposition", ("contests", "assad-gov", 6)),
        ("attack at Tafas by assad-gov on opposition", ("seems", "opposition", 6)),
        ("advance at Tafas by assad-gov", ("contests", "assad-gov", 6)),
        ("shelling at Nawa from Tafas by assad-gov", ("seems", "assad-gov", 6)),
        ("shelling at Tafas by assad-gov on opposition", ("seems", "opposition", 6)),
        ("airstrike at Tafas by russia on opposition", ("lacks", "assad-gov", 6)),
        ("deployment at Tafas by assad-gov", ("seems", "assad-gov", 6)),
        ("arrest at Tafas by assad-gov", ("seems", "assad-gov", 6)),
    ],
)
def test_a_claim_says_of_its_parties_what_its_type_means(line, expected):
    what, side, day = expected
    assert (what, side, f"2018-07-{day:02}") in does(f"2018-07-06 {line}")


@pytest.mark.parametrize(
    "line",
    [
        "shelling at Tafas by assad-gov on opposition",
        "airstrike at Tafas by assad-gov on opposition",
        "attack at Tafas by assad-gov on opposition",
        "clash at Tafas by assad-gov on opposition",
        "siege at Tafas by assad-gov on opposition",
        "arrest at Tafas by assad-gov",
        "deployment at Tafas by assad-gov",
        "surrender at Tafas by opposition on assad-gov",
        "withdrawal from Nawa to Tafas by opposition",
        "killing at Tafas by assad-gov on opposition",
        "negotiation at Tafas by assad-gov on opposition",
        "demand at Tafas by assad-gov on opposition",
        "protest at Tafas by opposition",
        "evacuation from Tafas by opposition",
    ],
)
def test_no_weak_sign_says_outright_who_holds(line):
    assert not OUTRIGHT & {what for what, *_ in does(f"2018-07-06 {line}")}


@pytest.mark.parametrize("type", sorted(types()))
@pytest.mark.parametrize("status", ["planned", "called_for"])
def test_what_is_planned_or_called_for_says_nothing(type, status):
    assert said(f"2018-07-06 {type}({status}) {EVERYTHING}") == []


@pytest.mark.parametrize("type", sorted(types()))
def test_what_is_told_of_a_day_after_its_publication_says_nothing(type):
    assert said(f"2018-07-07 {type} {EVERYTHING} published 2018-07-06") == []


@pytest.mark.parametrize("type", sorted(types()))
def test_what_lies_beside_a_place_is_not_the_place(type):
    assert said(f"2018-07-06 {type} near Tafas by assad-gov on opposition") == []


@pytest.mark.parametrize("type", sorted(types()))
@pytest.mark.parametrize("party", ["civilians", "unknown-gunmen", "officials", "un"])
def test_who_cannot_hold_a_place_does_nothing_there(type, party):
    line = f"2018-07-06 {type} at Tafas from Nawa by {party} on {party}"
    assert said(line) == []


@pytest.mark.parametrize("type", sorted(types()))
@pytest.mark.parametrize("status", ["happened", "ongoing", "denied", "possible"])
def test_every_testimony_is_a_chance_with_its_claim_its_voice_and_a_rule_of_the_codebook(type, status):
    for t in said(f"2018-07-06 {type}({status}) {EVERYTHING} says Monitor sure 1 reviewed yes"):
        assert 0 < t.weight < 1 and (t.claim, t.voice) == ("c0", "Monitor")
        assert t.rule in control_rules().why and t.place in ("Tafas", "Nawa", "Nasib")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("takeover(ongoing) at Tafas by assad-gov", {"contests"}),
        ("takeover(denied) at Tafas by assad-gov", {"lacks"}),
        ("control(denied) at Tafas by assad-gov", {"lacks"}),
        ("withdrawal(ongoing) from Tafas by assad-gov", {"gives", "seems"}),
        ("withdrawal(denied) from Tafas by assad-gov", {"holds"}),
        ("siege(denied) at Tafas by assad-gov on opposition", {"relieves"}),
        ("clash(denied) at Tafas by assad-gov on opposition", set()),
        ("shelling(denied) at Tafas by assad-gov on opposition", set()),
        ("deployment(denied) at Tafas by assad-gov", set()),
        ("control(possible) at Tafas by assad-gov", {"holds"}),
    ],
)
def test_a_status_turns_what_is_said(line, expected):
    assert {what for what, *_ in does(f"2018-07-06 {line}")} == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("takeover at Tafas:all by assad-gov", {"takes"}),
        ("takeover at Tafas:most by assad-gov", {"takes"}),
        ("takeover at Tafas:part by assad-gov", {"contests"}),
        ("control at Tafas:part by assad-gov", {"contests"}),
        ("takeover at Tafas:site by assad-gov", {"contests"}),
        ("control at Tafas:site by assad-gov", {"seems"}),
        ("withdrawal from Tafas:part by assad-gov", {"lacks", "seems"}),
        ("takeover at Tafas:around by assad-gov", set()),
        ("control at Tafas:around by assad-gov", set()),
        ("withdrawal from Tafas:around by assad-gov", set()),
        ("takeover at Tafas:except by assad-gov", {"lacks"}),
        ("control at Tafas:except by assad-gov", {"lacks"}),
        ("withdrawal from Tafas:except by assad-gov", {"holds"}),
        ("control at Tafas:only by assad-gov", {"holds"}),
    ],
)
def test_how_much_of_a_place_is_meant_turns_what_is_said(line, expected):
    assert {what for what, *_ in does(f"2018-07-06 {line}")} == expected


def test_who_holds_only_a_place_lacks_the_governorate_around_it():
    line = "2018-07-06 control at Tafas:only by assad-gov"
    assert does(line, "Daraa") == {("lacks", "assad-gov", "2018-07-06")}
    assert not does("2018-07-06 control at Tafas by assad-gov", "Daraa")


def test_who_is_denied_to_hold_only_a_place_is_not_said_to_lack_what_lies_around_it():
    assert not does("2018-07-06 control(denied) at Tafas:only by assad-gov", "Daraa")


def test_most_of_a_place_weighs_less_than_all_of_it():
    most, whole = (weight(f"2018-07-06 takeover at Tafas:{much} by assad-gov", "takes") for much in ("most", "all"))
    assert most < whole


def test_an_act_is_of_the_last_of_its_days_and_a_state_of_the_first_and_the_last():
    assert does("2018-07-02/2018-07-05 takeover at Tafas by isis") == {("takes", "isis", "2018-07-05")}
    assert does("2018-07-02/2018-07-05 control at Tafas by isis") == {
        ("holds", "isis", "2018-07-02"),
        ("holds", "isis", "2018-07-05"),
    }


def test_who_was_there_before_was_so_until_the_day_before_the_first_of_the_days():
    assert ("seems", "isis", "2018-06-30") in does("2018-07-01/2018-07-05 takeover at Tafas by sdf on isis")


@pytest.mark.parametrize("type", ["takeover", "control", "withdrawal"])
def test_no_testimony_is_of_a_day_after_the_publication(type):
    line = f"2018-07-01/2018-07-31 {type} at Tafas by opposition published 2018-07-10"
    assert all(t.day <= "2018-07-10" for t in said(line))


def test_an_undated_act_is_background_of_the_day_of_publication_and_no_change():
    [t] = said("? takeover at Tafas by isis published 2018-07-10")
    assert (t.day, t.act) == ("2018-07-10", False)
    assert t.weight < weight("2018-07-10 takeover at Tafas by isis", "takes")


def test_an_undated_act_says_nothing_of_the_day_before():
    assert {what for what, *_ in does("? takeover at Tafas by isis on opposition published 2018-07-10")} == {
        "takes",
        "lacks",
    }


def test_what_has_neither_a_day_nor_a_publication_says_nothing():
    told = told_in("? takeover at Tafas by isis", AREAS, "c0")._replace(published="")
    assert list(testimony.testimonies_of(told, control_rules())) == []


def test_what_has_a_day_and_no_publication_counts():
    told = told_in("2018-07-06 takeover at Tafas by isis", AREAS, "c0")._replace(published="")
    assert [t.day for t in testimony.testimonies_of(told, control_rules())] == ["2018-07-06"]


def test_a_surer_claim_weighs_more_and_a_reviewed_one_most():
    line = "2018-07-06 takeover at Tafas by isis"
    weights = [weight(f"{line} sure {sure} read yes", "takes") for sure in ("0.3", "0.6", "0.9")]
    assert weights == sorted(set(weights))
    assert weight(f"{line} sure 0.9", "takes") > weights[-1]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("takeover at Tafas by assad-gov", "takes"),
        ("control at Tafas by russia", "holds"),
        ("deployment at Tafas by assad-gov", "seems"),
        ("withdrawal from Tafas by opposition", "gives"),
        ("control(denied) at Tafas by opposition", "lacks"),
    ],
)
def test_a_sides_own_voice_weighs_less_where_its_side_gains(line, what):
    day = "2018-07-06"
    assert weight(f"{day} {line} says Sana~assad-gov", what) < weight(f"{day} {line} says Monitor", what)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("takeover at Tafas by opposition", "takes"),
        ("control at Tafas by opposition", "holds"),
        ("withdrawal from Tafas by assad-gov", "gives"),
        ("control(denied) at Tafas by hezbollah", "lacks"),
    ],
)
def test_a_sides_own_voice_weighs_more_where_its_side_loses(line, what):
    day = "2018-07-06"
    assert weight(f"{day} {line} says Sana~assad-gov", what) > weight(f"{day} {line} says Monitor", what)


@pytest.mark.parametrize("voice", ["Monitor", "Sana~assad-gov", "Room~opposition"])
def test_fights_and_sieges_weigh_the_same_by_every_voice(voice):
    for line, what in (("clash at Tafas by assad-gov", "contests"), ("siege at Tafas by assad-gov", "encircles")):
        assert weight(f"2018-07-06 {line} says {voice}", what) == weight(f"2018-07-06 {line} says Other", what)


def test_of_several_sides_that_a_claim_names_as_holders_each_gets_a_part():
    alone = weight("2018-07-06 control at Tafas by isis", "holds")
    both = [t.weight for t in said("2018-07-06 control at Tafas by isis,sdf")]
    assert len(both) == 2 and sum(both) == pytest.approx(alone)


def test_allies_who_take_a_place_together_are_one_side_and_not_divided():
    alone = weight("2018-07-06 takeover at Tafas by assad-gov", "takes")
    together = said("2018-07-06 takeover at Tafas by assad-gov,russia")
    assert {t.actor for t in together} == {"assad-gov", "russia"} and {t.side for t in together} == {"assad-gov"}
    assert {t.weight for t in together} == {alone}


def test_both_who_fight_in_a_place_fight_fully():
    alone = weight("2018-07-06 clash at Tafas by isis", "contests")
    assert {t.weight for t in said("2018-07-06 clash at Tafas by isis,sdf")} == {alone}


def test_the_share_of_an_area_is_a_part_of_its_weight_and_that_of_a_town_is_not():
    held = weight("2018-07-06 control at Daraa* by isis", "holds", "Daraa")
    assert weight("2018-07-06 control at Daraa* by isis share 0.6", "holds", "Daraa") < held
    assert weight("2018-07-06 control at Tafas by isis share 0.6", "holds") == weight(
        "2018-07-06 control at Tafas by isis", "holds"
    )


@pytest.mark.parametrize(
    ("line", "loose"),
    [
        ("control at Daraa* by isis", True),
        ("control at Daraa*:all by isis", False),
        ("control at Daraa*:most by isis", False),
        ("control at Daraa* by isis share 0.9", False),
        ("control at Tafas by isis", False),
    ],
)
def test_an_area_that_is_only_named_is_meant_loosely(line, loose):
    [t] = said(f"2018-07-06 {line}")
    assert t.loose is loose


def test_each_of_several_places_is_said_the_same_of():
    got = said("2018-07-06 takeover at Tafas at Nawa at Nasib by isis")
    assert [t.place for t in got] == ["Tafas", "Nawa", "Nasib"] and len({t.weight for t in got}) == 1


def test_an_alliance_counts_as_of_the_day_that_is_told():
    assert {t.side for t in said("2024-12-07 control at Tafas by russia")} == {"assad-gov"}
    assert {t.side for t in said("2024-12-09 control at Tafas by russia")} == {"russia"}
