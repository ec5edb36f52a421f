"""Rules of fusion, voices and framings: what they name is there, what they say has its reason, examples prove it."""

from __future__ import annotations

import pytest

from marsad.errors import PackError
from marsad.loading import framings as framing_pack
from marsad.loading import fusion as fusion_pack
from marsad.loading.codebook import PACKS, read_toml, types
from marsad.loading.framings import folded, framings, manners_of
from marsad.loading.fusion import fusion_rules

TABLE = read_toml(PACKS / "codebook" / "fusion.toml")
FRAMINGS = [framing for some in framings().values() for framing in some]
SHOWN = [(framing, text) for framing in FRAMINGS for text in framing.says]


@pytest.mark.parametrize("row", TABLE["together"], ids=lambda row: "-".join(row["types"]))
def test_a_pair_is_of_two_known_types_with_points_and_a_reason(row):
    a, b = row["types"]
    assert a != b and {a, b} <= types().keys()
    assert row["why"] and fusion_rules().points("together", a, b) == fusion_rules().points("together", b, a)


@pytest.mark.parametrize("row", TABLE["sign"], ids=lambda row: row["name"])
def test_a_sign_has_points_and_a_reason(row):
    assert row["why"] and {"name", "before", "points", "why"} == row.keys()
    assert fusion_rules().points(row["name"], "attack", "attack") == row["points"]


def test_no_sign_and_no_pair_stands_twice():
    names, pairs = [row["name"] for row in TABLE["sign"]], [frozenset(row["types"]) for row in TABLE["together"]]
    assert len(names) == len(set(names)) and len(pairs) == len(set(pairs))


def test_types_meet_themselves_and_those_they_are_named_with_both_ways():
    rules = fusion_rules()
    assert all(rules.can_meet(type, type) for type in types())
    assert rules.can_meet("arrest", "abduction") and rules.can_meet("abduction", "arrest")
    assert not rules.can_meet("aid", "attack")


def test_a_meeting_is_never_worth_more_than_one_name_for_it():
    assert all(points < fusion_rules().weights["type-same"] for points in fusion_rules().together.values())


def test_the_types_whose_actors_are_all_sides_are_those_of_the_codebook():
    assert {type for type in types() if fusion_rules().is_sided(type)} == {t.id for t in types().values() if t.sided}


@pytest.fixture
def broken(monkeypatch):
    """Give what loads rules, or framings, from a changed table."""

    def load(module, function, change):
        real = module.read_toml

        def changed(path):
            table = real(path)
            change(table)
            return table

        monkeypatch.setattr(module, "read_toml", changed)
        return function.__wrapped__()

    return load


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda table: table["sign"][0].pop("why"), "entry type-same: say why"),
        (lambda table: table["together"][0].update(why=""), "attack.*clash.*say why"),
        (lambda table: table["together"][0].update(types=["attack", "ambush"]), "no such type: ambush"),
    ],
)
def test_rules_that_break_a_rule_are_refused(broken, change, told):
    with pytest.raises(PackError, match=told):
        broken(fusion_pack, fusion_rules, change)


@pytest.mark.parametrize(("framing", "text"), SHOWN, ids=lambda each: getattr(each, "manner", None))
def test_an_example_is_told_in_its_manner_and_in_no_other(framing, text):
    assert [met.manner for met in manners_of(framing.type, text)] == [framing.manner]


@pytest.mark.parametrize("framing", FRAMINGS, ids=lambda framing: f"{framing.type}-{framing.manner}")
def test_forms_are_written_folded_so_that_they_can_be_met(framing):
    for form in framing.forms:
        assert folded(form) == form.split()
        assert framing.is_met(folded(f"وقالت المصادر {form} ليلاً"))


def test_a_type_that_can_be_framed_has_two_manners_at_least():
    assert all(len({f.manner for f in some}) == len(some) >= 2 for some in framings().values())


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("withdrawal", "انسحبت القوات من التلال"),
        ("withdrawal", "انسحبت القوات نحو قرية الفرات"),
        ("attack", "فرّ عناصر الحاجز باتجاه المدينة"),
        ("takeover", "سيطرت القوات على البلدة"),
        ("displacement", "نزح الأهالي نحو الشمال"),
    ],
)
def test_plain_words_and_other_types_have_no_manner(type, text):
    assert list(manners_of(type, text)) == []


def test_joined_letters_before_a_form_are_looked_through():
    assert [met.manner for met in manners_of("withdrawal", "وفرّت عناصر الحاجز")] == ["fled"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda table: table["framing"][0].update(type="ambush"), "no such type: ambush"),
        (
            lambda table: table["framing"][0].update(says=["انسحبت القوات"]),
            "withdrawal redeployed: .*none of the forms",
        ),
        (lambda table: table["framing"][0].update(side="x"), "framings.toml.*side"),
    ],
)
def test_framings_that_break_a_rule_are_refused(broken, change, told):
    with pytest.raises(PackError, match=told):
        broken(framing_pack, framings, change)
