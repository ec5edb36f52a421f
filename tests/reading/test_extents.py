"""How much of a place a sentence means, read through the public door: all, most, part, around, site, except, only."""

from __future__ import annotations

import pytest

import marsad


def extents(text: str, outright: bool = True) -> list[dict[str, str]]:
    """Return for each claim of a text, or for those that say who holds, how much of each place is meant by its name."""
    reading = marsad.read(text, published="2018-07-10", theatre="sy")
    wanted = ("takeover", "control", "withdrawal") if outright else {claim.type for claim in reading.claims}
    return [{place.name: place.extent for place in claim.places} for claim in reading.claims if claim.type in wanted]


@pytest.mark.parametrize(
    ("text", "place", "extent"),
    [
        ("سيطرت قوات النظام على بلدة نصيب.", "Nasib", ""),
        ("انسحبت الفصائل من بلدة عندان فجر الأحد.", "Andan", ""),
        ("سيطرت قوات النظام على كامل محافظة درعا.", "Daraa Governorate", "all"),
        ("سيطرت فصائل المعارضة على مدينة سراقب بالكامل.", "Saraqib", "all"),
        ("باتت بلدة طفس بأكملها تحت سيطرة قوات النظام.", "Tafas", "all"),
        ("وسيطرت قوات النظام على بلدة طفس برمتها.", "Tafas", "all"),
        ("سيطر الجيش السوري على جميع بلدات محافظة درعا.", "Daraa Governorate", "all"),
        ("انسحبت الفصائل من كافة مناطق محافظة القنيطرة.", "Quneitra Governorate", "all"),
        ("بسط تنظيم داعش سيطرته على معظم مدينة الرقة.", "Raqqa", "most"),
        ("تسيطر فصائل المعارضة على أغلب محافظة إدلب.", "Idlib Governorate", "most"),
        ("سيطرت هيئة تحرير الشام على الجزء الأكبر من مدينة أريحا.", "Ariha", "most"),
        ("انسحبت قوات النظام من معظم مدينة السويداء.", "As-Suwayda", "most"),
        ("قالت مصادر محلية إن قوات النظام سيطرت على معظم أحياء مدينة درعا.", "Daraa", "most"),
        ("سيطرت قوات النظام على أجزاء من مدينة درعا.", "Daraa", "part"),
        ("سيطر مقاتلو المعارضة على أحياء في مدينة حلب.", "Aleppo", "part"),
        ("سيطرت الفصائل على عدة مواقع داخل مدينة تدمر.", "Palmyra", "part"),
        ("سيطرت الفصائل على مناطق في محافظة إدلب.", "Idlib Governorate", "part"),
        ("سيطرت الفصائل على أرياف حماة.", "Hama", "around"),
        ("سيطرت الفصائل على ضواحي حلب.", "Aleppo", "around"),
        ("سيطرت الفصائل على أطراف مدينة نوى.", "Nawa", "around"),
        ("سيطر مقاتلو المعارضة على قرية في ريف إدلب.", "Idlib", "around"),
        ("سيطر مقاتلون من المعارضة على حاجز في بلدة داعل.", "Da'el", "site"),
        ("انسحبت قوات النظام من حاجز في بلدة داعل.", "Da'el", "site"),
        ("سيطرت قوات النظام على السجن المركزي في مدينة السويداء.", "As-Suwayda", "site"),
        ("سيطرت الفصائل على المستشفى الوطني في مدينة جاسم.", "Jasim", "site"),
    ],
)
def test_the_words_before_and_after_a_name_say_how_much_of_it_is_meant(text, place, extent):
    assert [found.get(place) for found in extents(text)] == [extent]


@pytest.mark.parametrize(
    ("text", "extent", "places"),
    [
        ("سيطرت قوات النظام على معظم بلدات داعل ونوى.", "most", {"Da'el", "Nawa"}),
        ("سيطرت الفصائل على معظم مدينة درعا وبلدة نصيب.", "most", {"Daraa", "Nasib"}),
        ("سيطرت قوات النظام على أجزاء من بلدتي طفس ونوى.", "part", {"Tafas", "Nawa"}),
        ("لم تعد الفصائل تسيطر إلا على بلدتي طفس ونوى.", "only", {"Tafas", "Nawa"}),
    ],
)
def test_in_a_list_the_words_before_the_first_name_count_for_all(text, extent, places):
    assert extents(text) == [dict.fromkeys(places, extent)]


def test_what_has_a_name_of_its_own_is_itself_and_no_part_of_another():
    assert extents("تسيطر الفصائل على حي بابا عمرو في مدينة حمص.") == [{"Baba Amr": ""}]
    assert extents("سيطرت قوات النظام على معبر نصيب الحدودي.") == [{"Nasib Crossing": ""}]


@pytest.mark.parametrize(
    ("text", "whole", "extent", "excepted"),
    [
        ("سيطرت فصائل المعارضة على محافظة إدلب باستثناء بلدتي الفوعة وكفريا.",
         "Idlib Governorate", "", {"Al-Fu'ah", "Kafriya"}),
        ("تسيطر المعارضة على جميع أنحاء محافظة إدلب ما عدا بلدتي الفوعة وكفريا.",
         "Idlib Governorate", "all", {"Al-Fu'ah", "Kafriya"}),
        ("سيطرت قوات النظام على جميع بلدات محافظة درعا عدا طفس ونوى.", "Daraa Governorate", "all", {"Tafas", "Nawa"}),
    ],
)  # fmt: skip
def test_an_exception_stands_beside_its_whole(text, whole, extent, excepted):
    assert extents(text) == [{whole: extent, **dict.fromkeys(excepted, "except")}]


@pytest.mark.parametrize(
    "text",
    [
        "لم تعد قوات النظام تسيطر سوى على مدينة الصنمين.",
        "لا تسيطر قوات النظام إلا على مدينة الصنمين.",
    ],
)
def test_after_a_negation_the_words_of_an_exception_mean_only(text):
    reading = marsad.read(text, published="2018-07-10", theatre="sy")
    [claim] = reading.claims
    assert [(place.name, place.extent) for place in claim.places] == [("As-Sanamayn", "only")]
    assert (claim.type, claim.status) == ("control", "happened")


@pytest.mark.parametrize(
    "text",
    ["أصبحت سيطرة قوات النظام تقتصر على مدينة الصنمين.", "بات وجود قوات النظام ينحصر في مدينة الصنمين."],
)
def test_a_word_that_means_confined_says_only_of_its_places(text):
    assert {"As-Sanamayn": "only"} in extents(text)


@pytest.mark.parametrize(
    "text", ["قصفت قوات النظام مدينة طفس بالمدفعية.", "اندلعت اشتباكات بين الفصائل وقوات النظام في بلدة طفس."]
)
def test_where_nothing_says_how_much_the_place_itself_is_meant(text):
    assert {extent for found in extents(text, outright=False) for extent in found.values()} == {""}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("لم يسيطر الجيش على بلدة نصيب.", "Nasib"),
        ("ليست بلدة نصيب تحت سيطرة قوات النظام.", "Nasib"),
    ],
)
def test_a_negation_alone_is_no_exception(text, place):
    assert {found[place] for found in extents(text)} <= {""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("سيطرت قوات النظام على محافظة درعا باستثناء مدينة طفس.",
                     {"Daraa Governorate": "", "Tafas": "except"}, id="one exception"),
        pytest.param("سيطرت قوات النظام على كل بلدات محافظة درعا إلا طفس.",
                     {"Daraa Governorate": "all", "Tafas": "except"}, id="one exception without a kind"),
        pytest.param("انسحبت قوات النظام من كامل محافظة السويداء باستثناء بلدة شهبا.",
                     {"As-Suwayda Governorate": "all", "Shahba": "except"}, id="one exception of a withdrawal"),
        pytest.param("سيطرت قوات سوريا الديمقراطية على نصف مدينة منبج.", {"Manbij": "part"}, id="half of a town"),
        pytest.param("سيطرت قوات النظام على ثلث مدينة داريا.", {"Darayya": "part"}, id="a third of a town"),
        pytest.param("سيطرت قوات النظام على ريف مدينة سراقب.", {"Saraqib": "around"}, id="countryside of the town of"),
        pytest.param("اقتصرت سيطرة قوات النظام على مدينة الصنمين.", {"As-Sanamayn": "only"}, id="control confined to",
                     marks=pytest.mark.xfail(strict=True, reason="read as the taking of the whole place")),
    ],
)  # fmt: skip
def test_exceptions_fractions_and_the_countryside_of_a_town(text, expected):
    assert expected in extents(text)


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="'nothing remains but' is read as a denied control of the only place that remains: it says 'lacks'",
)
def test_nothing_remains_but_a_place_says_that_it_is_held():
    [claim] = marsad.read("لم يبق تحت سيطرة تنظيم داعش إلا بلدة الباغوز.", published="2019-03-01", theatre="sy").claims
    assert (claim.status, claim.places[0].extent) == ("happened", "only")


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="'and took it' after a police station in a town is read as the taking of the town, with extent ''",
)
def test_a_pronoun_for_a_site_means_the_site_and_not_its_town():
    found = extents("اقتحم مقاتلو المعارضة مخفر شرطة في مدينة نوى وسيطروا عليه.")
    assert found == [{"Nawa": "site"}]
