"""Who holds what, for people: a line a place, a timeline, what changed hands, safe where Arabic stands beside Latin."""

from __future__ import annotations

import pytest

from marsad.publish.cells import width_of
from marsad.publish.holdings import change_lines, history_lines, holding_lines
from marsad.publish.table import WIDTH


def row(**fields):
    given = {
        "place": "C6034", "name": "Tafas", "name_ar": "طفس", "kind": "town", "admin1": "Daraa Governorate",
        "country": "SY", "pcode": "C6034", "lat": 32.7, "lon": 36.0, "status": "held", "holder": "assad-gov",
        "holders": ["assad-gov"], "sides": ["assad-gov"], "since": "2018-07-06", "began": "told", "until": None,
        "confidence": 0.8125, "basis": "asserted", "sources": 2, "evidence": ["c1"], "against": [], "age_days": 0,
        "share": None,
    }  # fmt: skip
    return given | fields


def change(**fields):
    given = {"day": "2018-07-06", "status_before": "held", "holder_before": "opposition"}
    return {**row(), **given, **fields}


def told(id="c1", certainty=0.8, **fields):
    text = "سيطرت قوات النظام على بلدة طفس"
    given = {"id": id, "certainty": certainty, "evidence": text, "span": [10, 10 + len(text)],
             "trigger_span": [10, 15], "sources": ["مرصد الجنوب"], "outlet": "وكالة النهر"}  # fmt: skip
    return {id: given | fields}


def body(*rows):
    """Return the lines under the heading."""
    return list(holding_lines(rows))[2:]


def test_a_line_says_who_holds_the_place_since_when_how_sure_and_on_what_it_rests():
    area, line = body(row())
    assert area == "Daraa Governorate"
    for part in ("Tafas · طفس", "held", "assad-gov", "2018-07-06", "0.81", "asserted"):
        assert part in line


def test_no_rows_are_a_heading_alone():
    assert len(list(holding_lines([]))) == 2


def test_places_stand_under_their_governorate_named_once():
    lines = body(row(), row(name="Nawa", name_ar="نوى"), row(name="Andan", admin1="Aleppo Governorate"))
    assert [line for line in lines if line.endswith("Governorate")] == [lines[0], lines[3]]
    assert (lines[0], lines[3]) == ("Daraa Governorate", "Aleppo Governorate")


def test_places_are_indented_under_their_governorate():
    assert body(row(name_ar=None))[1].startswith("  Tafas")


def test_places_in_no_governorate_say_so():
    assert body(row(admin1=None, name="Sea"))[0] == "In no governorate"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"status": "contested", "sides": ["hts", "assad-gov"]}, "hts / assad-gov"),
        ({"status": "besieged", "sides": ["hts", "assad-gov"]}, "hts ⊂ assad-gov"),
        ({"status": "held", "holders": ["hezbollah", "iran", "assad-gov"]}, "hezbollah < iran"),
        ({"status": "vacated", "holders": [], "sides": []}, "—"),
        ({"status": "unknown", "holders": [], "sides": [], "since": None}, "—"),
        ({"basis": "carried", "age_days": 40}, "carried, 40"),
        ({"basis": "inferred", "age_days": 3}, "inferred, 3"),
    ],
)
def test_a_line_names_two_holders_at_most_and_the_age_of_what_is_not_fresh(fields, shown):
    assert shown in body(row(**fields))[1]


def test_a_place_without_an_arabic_name_is_named_in_latin_letters():
    assert "·" not in body(row(name_ar=None))[1]


@pytest.mark.parametrize(
    ("share", "line"),
    [
        ({"claimed": 0.9, "counted": 0.8, "places": 5, "differ": False},
         "share: reports say 90%, of 5 places with evidence 80%"),
        ({"claimed": 0.9, "counted": 0.5, "places": 6, "differ": True},
         "! they differ: reports say 90%, of 6 places with evidence 50%"),
        ({"claimed": None, "counted": 1.0, "places": 5, "differ": False}, "share: of 5 places with evidence 100%"),
        ({"claimed": 0.75, "counted": None, "places": 2, "differ": False}, "share: reports say 75%"),
    ],
)  # fmt: skip
def test_the_share_of_an_area_stands_beneath_it_and_says_where_it_differs(share, line):
    assert body(row(share=share))[2].strip() == line


def test_no_line_is_wider_than_the_table_and_every_isolate_is_closed():
    long = "بلدة اسمها طويل جداً " * 5
    lines = body(
        row(name=long, name_ar=long, holders=["a-very-long-name-of-a-group", "another-very-long-name"]),
        row(admin1=long, basis="inferred", age_days=99999, since=None),
    )
    for line in lines:
        assert line.startswith("\u2068") or width_of(line) <= WIDTH, line
        assert line.count("\u2068") == line.count("\u2069")


def test_signs_of_a_name_cannot_steer_the_terminal():
    evil = "طفس\x1b[31m\u202e\n"
    lines = [
        *holding_lines([row(name_ar=evil, name=evil, admin1=evil)]),
        *change_lines([change(name_ar=evil)], told(evidence=evil, sources=[evil])),
    ]
    assert not any(sign in line for line in lines for sign in "\x1b\u202e\n")


def test_changes_stand_under_their_day_named_once_with_the_passage_and_the_words():
    day, line, words, other, _ = change_lines([change(), change(name="Nawa", name_ar="نوى")], told())
    assert day == "2018-07-06" and "Nawa" in other
    assert "opposition → assad-gov  (sure 0.81, 2 sources)" in line
    assert words.strip().startswith("c1") and "سيطرت قوات النظام" in words and "مرصد الجنوب" in words


@pytest.mark.parametrize(
    ("fields", "passage"),
    [
        ({"status_before": "unknown", "holder_before": None}, "? → assad-gov"),
        ({"status_before": "vacated", "holder_before": None}, "vacated → assad-gov"),
        ({"status": "vacated", "holder": None, "holders": []}, "opposition → vacated"),
        ({"sources": 1}, "1 source)"),
    ],
)
def test_a_passage_names_what_was_before_and_what_is_where_nobody_holds(fields, passage):
    assert passage in list(change_lines([change(**fields)], {}))[1]


def test_of_several_claims_the_surest_is_quoted():
    some = {**told("c1", 0.4, evidence="أولى الكلمات هنا"), **told("c2", 0.9), **told("c3", 0.5)}
    lines = list(change_lines([change(evidence=["c1", "c2", "c3"])], some))
    assert lines[2].strip().startswith("c2")


def test_without_a_named_source_the_outlet_is_named():
    [words] = list(change_lines([change()], told(sources=[])))[2:]
    assert "وكالة النهر" in words


def test_a_claim_that_the_viewer_may_not_see_is_not_quoted():
    assert len(list(change_lines([change(evidence=["c9"])], told()))) == 2


def test_long_words_are_cut_so_that_the_trigger_stays_in_sight():
    before = "وبعد أيام من المعارك التي شهدتها أطراف البلدة ومحيطها من كل الجهات "
    text = f"{before}سيطرت قوات النظام على بلدة طفس"
    at = 10 + len(before)
    [words] = list(change_lines([change()], told(evidence=text, span=[10, 10 + len(text)], trigger_span=[at, at + 5])))[
        2:
    ]
    assert "سيطرت" in words and "…" in words


def test_the_timeline_has_a_line_a_state_with_the_words_of_the_claim_that_made_it():
    first, words, second = history_lines(
        [change(), change(day="2018-07-09", status="contested", sides=["assad-gov", "isis"], evidence=[])], told()
    )
    assert first.split()[:3] == ["2018-07-06", "held", "assad-gov"] and "سيطرت" in words
    assert "contested" in second and "assad-gov / isis" in second and "sure 0.81" in second
