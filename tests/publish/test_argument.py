"""Why a place is said to be held so, in Arabic and in English, each sentence with its claim and its source."""

from __future__ import annotations

import pytest

from marsad.loading.control import DOES
from marsad.publish.argument import argument_lines


def row(**fields):
    given = {
        "name": "Tafas", "name_ar": "طفس", "status": "held", "sides": ["assad-gov"], "since": "2018-07-06",
        "basis": "asserted", "age_days": 2, "confidence": 0.8125, "sources": 2,
    }  # fmt: skip
    return given | fields


def heard(**fields):
    claim = {"id": "c1", "evidence": "سيطرت قوات النظام على بلدة طفس", "sources": ["قائد محلي", "مرصد الجنوب"],
             "outlet": "وكالة النهر"}  # fmt: skip
    given = {
        "speaks": "for", "day": "2018-07-06", "does": "takes", "actor": "assad-gov", "side": "assad-gov", "claim": "c1",
        "weight": 0.5738, "rule": "taken", "place": "Tafas", "place_ar": "طفس", "area": None, "area_ar": None,
        "told": claim,
    }  # fmt: skip
    return given | fields


def lines(lang="en", said=(), **fields):
    return list(argument_lines(row(**fields), said, lang))


@pytest.mark.parametrize(
    ("fields", "english", "arabic"),
    [
        ({}, "held by", "تحت سيطرة"),
        ({"status": "contested", "sides": ["assad-gov", "isis"]}, "contested between", "متنازع عليه بين"),
        ({"status": "besieged", "sides": ["opposition", "assad-gov"]}, "besieged by", "ومحاصر من"),
        ({"status": "vacated", "sides": []}, "vacated", "أُخلي"),
        ({"status": "unknown", "sides": [], "since": None}, "not known who holds it", "غير معروف من يسيطر عليه"),
    ],
    ids=["held", "contested", "besieged", "vacated", "unknown"],
)
def test_the_verdict_says_how_the_place_stands_in_each_language(fields, english, arabic):
    verdict, other = lines("en", **fields)[0], lines("ar", **fields)[0]
    assert verdict.startswith("Tafas: ") and english in verdict and verdict.endswith(".")
    assert "طفس: " in other and arabic in other and other.endswith(".")
    assert "{" not in verdict + other


def test_the_verdict_names_who_is_in_the_place_and_who_is_around_it():
    verdict = lines(status="besieged", sides=["opposition", "assad-gov", "isis"])[0]
    inside, _, around = verdict.partition("besieged by")
    assert "Opposition factions" in inside and "Assad government" in around and " and Islamic State" in around
    assert "(" not in verdict, "what stands in brackets behind a name is left out"


@pytest.mark.parametrize(
    ("basis", "english", "arabic"),
    [
        ("asserted", "said outright within the week", "قيل ذلك صراحة"),
        ("carried", "carried over from what was said 2 days before", "قبل 2 يوماً"),
        ("inferred", "inferred from a wider area or from weak signs", "مستنتج"),
    ],
)
def test_the_verdict_says_since_when_on_what_basis_how_sure_and_by_how_many_sources(basis, english, arabic):
    for part in ("since 2018-07-06", english, "sure 0.81", "independent sources: 2"):
        assert part in lines(basis=basis)[0]
    for part in ("منذ 2018-07-06", arabic, "الثقة 0.81", "مصادر مستقلة: 2"):
        assert part in lines("ar", basis=basis)[0]


def test_where_no_day_is_known_none_is_named():
    assert "since" not in lines(since=None, status="unknown", sides=[])[0]


def test_a_place_without_an_arabic_name_is_named_as_it_can_be():
    assert "Tafas: " in lines("ar", name_ar=None)[0]


def test_what_speaks_for_it_comes_before_what_speaks_against_it():
    against = heard(speaks="against", does="holds", actor="isis", claim="c2")
    got = lines(said=[against, heard()])
    heads = [line for line in got if line.endswith(":")]
    assert heads == ["What speaks for it:", "What speaks against it:"]
    assert got.index(heads[0]) < next(n for n, line in enumerate(got) if "taken by" in line) < got.index(heads[1])
    assert [line for line in lines("ar", [against, heard()]) if line.endswith(":")] == [
        "ما يؤيد ذلك:", "ما يعارضه:",
    ]  # fmt: skip


def test_where_nothing_speaks_against_it_no_heading_says_so():
    assert "What speaks against it:" not in lines(said=[heard()])


@pytest.mark.parametrize(("lang", "words"), [("en", "Nothing in the record."), ("ar", "لا شيء في السجل.")])
def test_where_nothing_speaks_for_it_that_is_said(lang, words):
    assert words in lines(lang)[-1]


def test_each_sentence_has_its_day_its_weight_its_rule_its_claim_and_its_words_with_their_source():
    sentence, words = lines(said=[heard()])[-2:]
    for part in ("2018-07-06", "Tafas taken by Assad government and its forces", "weight 0.57", "taken)"):
        assert part in sentence
    for part in ("c1", "«سيطرت قوات النظام على بلدة طفس»", "— قائد محلي < مرصد الجنوب"):
        assert part in words
    arabic, same = lines("ar", [heard()])[-2:]
    assert "استيلاء" in arabic and "طفس" in arabic and "الوزن 0.57" in arabic and same == words


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("does", DOES)
def test_every_testimony_has_its_sentence(does, lang):
    sentence = lines(lang, [heard(does=does)])[-2]
    assert ("طفس" if lang == "ar" else "Tafas") in sentence and "{" not in sentence


def test_no_two_testimonies_have_one_sentence():
    for lang in ("ar", "en"):
        assert len({lines(lang, [heard(does=does)])[-2] for does in DOES}) == len(DOES)


def test_what_was_said_of_a_wider_area_names_it():
    assert "said of Daraa Governorate" in lines(said=[heard(area="Daraa Governorate")])[-2]


def test_without_a_named_source_the_outlet_is_named():
    told = {**heard()["told"], "sources": []}
    assert "— وكالة النهر" in lines(said=[heard(told=told)])[-1]


def test_a_claim_that_the_viewer_may_not_see_has_its_sentence_and_no_words():
    got = lines(said=[heard(told=None)])
    assert "taken by" in got[-1]


def test_arabic_is_isolated_and_no_text_steers_the_terminal():
    told = {"id": "c1", "evidence": "سيطرت\x1b[31m\u202e\nقوات", "sources": ["مر\u202eصد"], "outlet": None}
    for lang in ("ar", "en"):
        for line in lines(lang, [heard(told=told)]):
            assert line.count("\u2068") == line.count("\u2069") and not set("\x1b\u202e\n") & set(line)
