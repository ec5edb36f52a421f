"""English of a digest: counts, agreement, prepositions of place, names of sources."""

from __future__ import annotations

import pytest

from marsad.publish.english import English, listed
from marsad.publish.phrasing import Said, plain

EN = English()


def place(id, name, role="at", country="SY"):
    return {"id": id, "name": name, "name_ar": None, "country": country, "role": role, "as": role}


NAWA, NASIB = place("C6124", "Nawa"), place("sy-nasib-crossing", "Nasib Crossing")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1, "1 person killed"), (3, "3 people killed"), (1250, "1,250 people killed"), (">90",
        "more than 90 people killed"),
        (">=27", "at least 27 people killed"), ("<5", "fewer than 5 people killed"), ("20-30",
        "between 20 and 30 people killed"),
        ("tens", "tens of people killed"), ("tens of thousands", "tens of thousands of people killed"),
        (0, "no people killed"),
    ],
)  # fmt: skip
def test_a_count_is_said_as_it_is_told(value, said):
    assert EN.counted(value, "killed").nom == said


def test_counts_that_differ_are_told_by_source():
    assert EN.ranged([Said(45, ("A",)), Said(63, ("B",))], "killed").nom == "between 45 (A) and 63 people killed (B)"
    assert (
        EN.ranged([Said(">=5", ("A",)), Said(9, ("B", "C"))], "troops").nom == "at least 5 (A) or 9 soldiers (B and C)"
    )


def test_verbs_agree_in_number():
    assert [EN.agree("was", plain("x", many=many), False) for many in (False, True)] == ["was", "were"]
    assert EN.agree("its", plain("forces", many=True), False) == "their"
    assert EN.joined([plain("A"), plain("B")]).many and EN.joined([plain("A")]) == plain("A")


def test_a_list_ends_with_and():
    assert [listed([]), listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([NAWA], "in Nawa"), ([NASIB], "at Nasib Crossing"), ([NAWA, NASIB], "in Nawa and at Nasib Crossing"),
        ([{**NAWA, "as": "near"}], "near Nawa"), ([{**NAWA, "as": "axis"}], "towards Nawa"),
        ([{**NAWA, "name": "East of Nawa"}], "east of Nawa"), ([place("SY", "Northern Syria")], "in northern Syria"),
        ([place("sy-yarmouk-basin", "Yarmouk Basin")], "in the Yarmouk Basin"),
        ([place("US", "United States", country="US")], "in the United States"),
    ],
)  # fmt: skip
def test_where_it_is_has_its_prepositions(rows, where):
    assert EN.located(rows) == where


def test_places_are_a_list_and_what_lies_beside_one_is_an_area():
    assert EN.places([NAWA, NASIB]).nom == "Nawa and Nasib Crossing"
    assert EN.places([{**NAWA, "name": "East of Nawa"}]).nom == "the area east of Nawa"
    assert EN.places([place(f"u{n}", f"P{n}") for n in range(9)]).nom == "P0, P1, P2, P3 and 5 other places"
    prison = {"place": "C6124/prison", "name": "prison in Nawa", "name_ar": "نوى", "kind": "prison", "country": "SY"}
    assert EN.places([prison]).nom == "a prison in Nawa"


@pytest.mark.parametrize(
    ("name", "said"),
    [("الفصائل", "the factions"), ("المرصد", "the Observatory"), ("سانا", "SANA"), ("الأمم المتحدة",
     "the United Nations"),
     ("شبكة زيتون السهل", "شبكة زيتون السهل"), ("بذلك اللجاة", "an unnamed source"),
     ("المرصد السوري لحقوق الانسان", "the Syrian Observatory for Human Rights"),
     ("قوات النظام", "Syrian government forces"),
     ("الحكومة السورية", "the Syrian government"), ("الأسد", "الأسد"), ("الفصائل المسلحة", "opposition factions")],
)  # fmt: skip
def test_a_source_is_called_in_english_where_something_says_how(name, said):
    assert EN.source(name, "sy").nom == said


def test_a_source_that_is_no_party_by_its_own_name_is_not_called_by_the_partys():
    assert EN.source("المقاومة", "ye").nom == "the Resistance" and EN.source("الحوثيون", "ye").nom == "the Houthis"


def test_a_label_within_a_sentence_has_no_capital_and_aspects_stand_apart():
    assert (
        EN.within("Takeover") == "takeover" and EN.aspects(["on the day, x", "on who, y"]) == "on the day, x; on who, y"
    )


def test_words_of_reports_stand_in_quotes():
    assert EN.quoted("الإرهابيين").nom == "“الإرهابيين”"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("the army  left , it said", "The army left, it said."), ("“x” left.", "“x” left."), ("3 left", "3 left.")],
)
def test_a_sentence_has_a_capital_and_a_stop(words, sentence):
    assert EN.finished(words) == sentence


def test_a_governorate_is_a_heading():
    assert EN.area("Daraa Governorate", "درعا", "SY") == "Daraa Governorate"
    assert EN.area("", None, "JO") == "Jordan, governorate not told" and EN.area("", None, "") == "Places not told"


def test_days_are_written_out():
    assert EN.day("2018-07-06", year=True, weekday=True) == "Friday 6 July 2018"
