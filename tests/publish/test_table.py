"""The table: grouped, within its width, and safe where Arabic stands beside Latin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make import claim, party, place, report, takeover, withdrawal
from marsad.publish.cells import around, cell, cut, isolate_runs, width_of
from marsad.publish.table import WIDTH, short_date, table_of


def lines(*claims):
    return list(table_of([(report(), list(claims))]))


def test_claims_stand_under_their_governorate_and_place():
    got = lines(takeover(), withdrawal(places=(place("بلدة الطيبة", "At Taybah", admin1="Quneitra"),)))
    heads = [line for line in got if line and not line.startswith((" ", "─"))]
    assert heads == ["Daraa  (1 claim)", "Quneitra  (1 claim)", "2 claims in 1 report"]
    assert got[2] == "  Nassib crossing · \u2068معبر نصيب\u2069"


def test_a_claim_without_a_place_comes_last():
    got = lines(takeover(places=()), takeover(), withdrawal(places=()))
    assert [line.split("  ")[0] for line in got if "(" in line and not line.startswith(" ")] == [
        "Daraa",
        "No place told",
    ]


def test_a_line_says_when_what_who_to_whom_how_many_and_according_to_whom():
    text = "\n".join(lines(withdrawal(targets=(party("قوات النظام"),), numbers={"positions": ">3"})))
    for part in (
        "no date",
        "withdrawal (denied)",
        "الفصائل",
        "→ قوات النظام",
        "positions >3",
        "— قائد محلي",
        "«انسحاب",
    ):
        assert part in text


def test_no_line_is_wider_than_the_table_and_every_isolate_is_closed():
    long = "قوات النظام والميليشيات الموالية لها " * 5
    got = lines(
        takeover(actors=(party("قوات النظام"),) * 9, sources=(long, long), numbers={"killed": ">=27", "vehicles": 12}),
        replace(takeover(places=(place("معبر نصيب", long, admin1=long),), date="2018-06-25/2018-07-01"), evidence=long),
    )
    for line in got:
        assert width_of(line) <= WIDTH, line
        assert line.count("\u2068") == line.count("\u2069")


def test_signs_of_a_report_cannot_steer_the_terminal():
    evil = claim("takeover", "سيطرت", "سيطرت قوات النظام", sources=("\x1b[31mم\u202eر",))
    assert not any(c in "".join(lines(evil)) for c in "\x1b\u202e")


@pytest.mark.parametrize(("text", "width"), [("درعا", 4), ("دَرْعَا", 4), ("a\u2068ب\u2069", 2), ("中", 2), ("", 0)])
def test_marks_and_direction_signs_take_no_column(text, width):
    assert width_of(text) == width


def test_a_cell_is_exactly_as_wide_as_asked():
    for text in ("", "درعا", "مَدِينَة درعا البلد", "a" * 40):
        assert width_of(cell(text, 10)) == 10
    assert cut("درعا البلد", 6) == "درعا…"


@pytest.mark.parametrize(
    ("date", "short"),
    [
        (None, "no date"),
        ("2018-07-06", "2018-07-06"),
        ("2018-06-25/2018-07-01", "06-25…07-01"),
        ("2017-12-31/2018-01-01", "2017…2018"),
    ],
)
def test_dates_fit_their_column(date, short):
    assert short_date(date) == short


def test_the_same_claims_give_the_same_lines():
    assert lines(takeover(), withdrawal()) == lines(takeover(), withdrawal())
    assert lines() == ["0 claims in 1 report, 1 of them without any"]


def test_long_evidence_is_cut_so_that_its_trigger_stays_in_sight():
    text = "قال المرصد إن قوات النظام والمسلحين الموالين لها في ريف درعا الشرقي\nسيطرت على معبر نصيب الحدودي مع الأردن"
    start = text.index("سيطرت")
    got = around(text, start, start + 5, 40)
    assert got.startswith("…") and "سيطرت" in got and width_of(got) <= 40
    assert around(text, 0, 3, 40).startswith("قال المرصد") and around("درعا", 0, 4, 40) == "درعا"
    assert width_of(around("أ" * 60 + "سيطرت", 60, 65, 40)) <= 40


def test_a_name_within_a_left_to_right_line_is_isolated_whole():
    assert isolate_runs("place 'بصرى الشام' (0.51)") == "place '\u2068بصرى الشام\u2069' (0.51)"
    assert isolate_runs("day from x") == "day from x"


def test_a_country_is_called_by_its_name_and_a_place_by_that_of_its_pack():
    got = lines(takeover(places=(place("بلدة الطيبة", "Jordan", admin1=None, country="JO", id="JO"),)))
    assert got[0] == "Jordan  (1 claim)" and got[2] == "  Jordan · \u2068الأردن\u2069"
