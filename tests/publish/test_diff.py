"""A re-reading's diff for people: counts by type, some of each change, and what became of decisions."""

from __future__ import annotations

import pytest

from marsad.publish.cells import width_of
from marsad.publish.diff import diff_lines, field_lines, words_of
from marsad.publish.table import WIDTH

PLACE = {"text": "بلدة الطيبة", "name": "At Taybah", "role": "from", "id": "sy-1"}


def summary(**given):
    whole = {"reader": "marsad 2", "dry_run": False, "reports": 2, "gained": {}, "lost": {}, "altered": {},
             "fields": {}, "kept": 0, "decisions": {"stand": 0, "moved": 0, "unsettled": 0}}  # fmt: skip
    return whole | given


def sample(kind, type="takeover", **given):
    whole = {"kind": kind, "type": type, "claim": "0123456789abcdef", "report": "r1", "date": "2018-07-05",
             "place": "Nassib crossing", "evidence": "سيطرت قوات النظام على معبر نصيب", "fields": []}  # fmt: skip
    return whole | given


def plain(lines):
    return [line.replace("\u2068", "").replace("\u2069", "") for line in lines]


def test_counts_stand_in_columns_and_the_fields_that_changed_beside_them_the_commonest_first():
    told = summary(gained={"denial": 2}, altered={"takeover": 1_204}, fields={"takeover": {"actors": 3, "date": 1_200}})
    assert plain(diff_lines(told, [])) == [
        "TYPE                       GAINED     LOST  ALTERED  FIELDS",
        "denial                          2        0        0",
        "takeover                        0        0    1,204  date 1,200, actors 3",
        "",
        "2 reports read again by marsad 2; claims: 2 gained, 0 lost, 1,204 altered",
    ]


def test_an_altered_claim_shows_its_words_and_each_field_before_and_now():
    told = summary(altered={"takeover": 1})
    fields = [{"field": "date", "before": "2018-07-05", "now": None}, {"field": "places", "before": [], "now": [PLACE]}]
    lines = plain(diff_lines(told, [sample("altered", fields=fields)]))
    assert lines[3:7] == [
        "altered    takeover  2018-07-05  Nassib crossing  0123456789abcdef",
        "           «سيطرت قوات النظام على معبر نصيب»",
        "           date: 2018-07-05 → nothing",
        "           places: nothing → بلدة الطيبة = At Taybah (from)",
    ]


def test_samples_are_in_the_order_gained_lost_altered():
    samples = [sample("altered"), sample("lost"), sample("gained", "withdrawal"), sample("gained", "denial")]
    told = summary(gained={"denial": 1, "withdrawal": 1}, lost={"takeover": 1}, altered={"takeover": 1})
    heads = [line.split()[:2] for line in plain(diff_lines(told, samples)) if "0123456789abcdef" in line]
    assert heads == [["gained", "denial"], ["gained", "withdrawal"], ["lost", "takeover"], ["altered", "takeover"]]


def test_a_dry_run_says_would_and_nothing_changed_is_one_line():
    assert list(diff_lines(summary(dry_run=True, reports=1), [])) == [
        "1 report would be read again by marsad 2; claims: 0 gained, 0 lost, 0 altered"
    ]


def test_decisions_that_lost_their_ground_are_told_with_where_to_find_them():
    told = summary(lost={"takeover": 3}, kept=1, decisions={"stand": 1_000, "moved": 2, "unsettled": 1})
    assert list(diff_lines(told, []))[-2:] == [
        "1 lost claim stays, because a reviewer vouches for what it says",
        "of 1,003 decisions, 1,000 stand, the ground of 2 moved, 1 had lost it before; "
        "`marsad review` lists their claims first",
    ]
    told["decisions"] = {"stand": 4, "moved": 0, "unsettled": 0}
    assert list(diff_lines(told, []))[-1] == "of 4 decisions, 4 stand"


def test_no_line_is_wider_than_the_page_and_arabic_is_isolated():
    long = "سيطرت قوات النظام " * 40
    fields = [
        {"field": "evidence", "before": long, "now": long + "صباحا"},
        {"field": "date", "before": None, "now": "x" * 300},
    ]
    told = summary(altered={"takeover": 1}, fields={"takeover": {f"field{n}": 1 for n in range(40)}})
    lines = list(diff_lines(told, [sample("altered", evidence=long, place="م" * 300, fields=fields)]))
    assert max(map(width_of, lines)) <= WIDTH
    assert all("\u2068" in line for line in lines if "سيطرت" in line)


def test_a_field_that_says_the_same_of_other_characters_is_not_shown_as_two_values():
    party = {"text": "قوات النظام", "id": "assad-gov"}
    field = {"field": "actors", "before": [{**party, "span": [0, 3]}], "now": [{**party, "span": [6, 9]}]}
    assert plain(field_lines([field])) == ["actors: قوات النظام [assad-gov], at other characters"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("numbers", {"killed": 3, "wounded": ">90"}, "killed 3, wounded >90"),
        ("sources", ["ناشطون", "قائد محلي"], "ناشطون < قائد محلي"),
        ("sites", [{"text": "حاجز المدخل", "kind": "checkpoint"}], "حاجز المدخل [checkpoint]"),
        ("targets", [{"text": "مسلحون", "id": None}], "مسلحون"),
        ("quoted", False, "no"),
        ("span", [3, 9], "[3, 9]"),
        ("numbers", {}, "nothing"),
    ],
)
def test_a_field_is_said_in_words(field, value, words):
    assert words_of(field, value) == words
