"""Whose voice a source is: an outlet of a side on its days, or a spokesman whose words name the side."""

from __future__ import annotations

from datetime import date

import pytest

from marsad.loading.speakers import partisan_of

BEFORE, AFTER = date(2018, 7, 6), date(2025, 1, 10)


@pytest.mark.parametrize("source", ["سانا", "وكالة سانا", "SANA"])
def test_an_outlet_of_a_side_is_its_voice_on_the_days_of_the_pack(source):
    assert partisan_of(source, "sy", BEFORE) == "assad-gov"
    assert partisan_of(source, "sy", AFTER) == "syria-transitional"


@pytest.mark.parametrize(
    ("source", "side"),
    [
        ("مصدر عسكري في قوات النظام", "assad-gov"),
        ("ناطق باسم الجيش", "assad-gov"),
        ("متحدث باسم فصائل المعارضة", "opposition"),
        ("متحدث باسم الجيش الوطني", "sna"),
    ],
)
def test_a_spokesman_whose_words_name_a_side_is_its_voice(source, side):
    assert partisan_of(source, "sy", BEFORE) == side


def test_a_name_means_whom_it_meant_on_the_day():
    assert partisan_of("ناطق باسم الجيش", "sy", BEFORE) == "assad-gov"
    assert partisan_of("ناطق باسم الجيش", "sy", AFTER) == "syria-transitional"


def test_a_name_may_be_written_in_any_spelling():
    assert partisan_of("مصدرٌ في قوات النظـام", "sy", BEFORE) == "assad-gov"


@pytest.mark.parametrize(
    "source", ["رويترز", "المرصد السوري لحقوق الإنسان", "مصادر محلية", "شبكة الوادي", "ناشطون", "شهود عيان", "", " "]
)
def test_agencies_monitors_and_witnesses_are_nobodys_voice(source):
    assert partisan_of(source, "sy", BEFORE) == ""


def test_without_a_theatre_only_outlets_are_known():
    assert partisan_of("سانا", None, BEFORE) == "assad-gov"
    assert partisan_of("مصدر عسكري في قوات النظام", None, BEFORE) == ""


@pytest.mark.parametrize("code", ["sy", "ye", "iq", "ly"])
def test_a_source_of_an_unknown_day_is_asked_for_without_a_fault(code):
    assert isinstance(partisan_of("ناطق باسم الجيش", code, None), str)


@pytest.mark.parametrize(
    ("source", "day", "side"),
    [
        pytest.param("قائد في الجيش السوري الحر", BEFORE, "opposition", id="the longer name is not in the theatre"),
        pytest.param("قائد في قوات سوريا الديمقراطية", BEFORE, "sdf", id="a name that is the same everywhere"),
        pytest.param("قيادي في هيئة تحرير الشام", BEFORE, "hts", id="another name that is the same everywhere"),
        pytest.param("ناشطون في دمشق", BEFORE, "", id="a capital where people are"),
    ],
)
def test_a_longer_name_is_not_the_shorter_one_within_it(source, day, side):
    assert partisan_of(source, "sy", day) == side
