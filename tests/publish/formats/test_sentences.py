"""Incidents in words and addresses as links, as the formats that show text have them."""

from __future__ import annotations

import pytest

from marsad.publish.formats.addresses import web_address
from marsad.publish.formats.sentences import area_name, sentence_of, title_of

PLACE = {
    "id": "C5995", "name": "Sayda", "admin1": "Daraa Governorate", "country": "SY", "lat": 32.6286, "lon": 36.2236,
    "radius_km": 1.5, "role": "at", "claims": ["a"],
}  # fmt: skip
INCIDENT = {
    "id": "i000000000001", "type": "shelling", "status": "happened", "date": "2018-07-05", "places": [PLACE],
    "actors": [{"id": "assad-gov", "text": "القوات", "claims": ["a"]}], "targets": [], "sites": [], "numbers": {},
    "claims": ["a"], "voices": [{"name": "مرصد السهل", "claims": ["a"]}], "contradictions": [], "evidence": "قصف",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "lang", "title"),
    [
        ({}, "en", "Shelling, Sayda, 2018-07-05"),
        ({}, "ar", "قصف، صيدا، 2018-07-05"),
        ({"status": "denied"}, "en", "Shelling (denied), Sayda, 2018-07-05"),
        ({"status": "ongoing"}, "en", "Shelling, Sayda, 2018-07-05"),
        ({"date": "2018-07-05/2018-07-07"}, "en", "Shelling, Sayda, 2018-07-05 – 2018-07-07"),
        ({"date": None, "places": []}, "en", "Shelling"),
        ({"places": [{**PLACE, "name": "East of Sayda"}]}, "ar", "قصف، East of Sayda، 2018-07-05"),
    ],
)
def test_a_title_tells_type_place_and_days_and_a_status_that_is_no_fact(changed, lang, title):
    assert title_of({**INCIDENT, **changed}, lang) == title


@pytest.mark.parametrize(("lang", "year"), [("en", "5 July 2018"), ("ar", "5 تموز/يوليو 2018")])
def test_a_sentence_that_stands_alone_tells_the_day_with_its_year_and_who_says_so(lang, year):
    said = sentence_of(INCIDENT, lang)
    assert year in said and "مرصد السهل" in said


def test_a_party_is_told_in_the_words_of_most_claims():
    party = {"id": "russia", "text": "روسيا", "claims": ["a", "b", "c"]}
    words = ["روسيا", "الشرطة العسكرية الروسية", "الشرطة العسكرية الروسية"]
    told = [
        {"id": id, "actors": [{"id": None, "text": "غيرها"}, {"id": "russia", "text": text}], "targets": []}
        for id, text in zip("abc", words, strict=True)
    ]
    incident = {**INCIDENT, "type": "deployment", "claims": ["a", "b", "c"], "actors": [party]}
    assert "Russian military police" in sentence_of({**incident, "told": told}, "en")
    assert "police" not in sentence_of(incident, "en")


def test_a_place_whose_name_is_blank_is_not_told():
    nowhere = {**INCIDENT, "places": [{**PLACE, "id": None, "name": " "}]}
    for lang in ("ar", "en"):
        assert sentence_of(nowhere, lang) == sentence_of({**INCIDENT, "places": []}, lang)


def test_a_governorate_has_its_arabic_name_where_the_packs_know_it():
    assert area_name("Daraa Governorate", "SY", "ar") == "درعا"
    assert area_name("Daraa Governorate", "SY", "en") == area_name("Daraa Governorate", "", "ar") == "Daraa Governorate"


@pytest.mark.parametrize(
    ("url", "handed_on"),
    [
        ("https://a.example/x?y=1&z=2#w", True), ("http://a.example/خبر", True), ("javascript:alert(1)", False),
        ("data:text/html,x", False), ("file:///home/x", False), ("https:///x", False), ("http://[", False),
        ("https://a.example/ x", False), ('https://a.example/"', False), ("https://a.example/\ud800", False),
        ("[withheld]", False), ("", False), (None, False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_web_are_handed_on(url, handed_on):
    assert web_address(url) == (url if handed_on else None)
