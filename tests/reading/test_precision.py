"""What reads like a claim, a speaker or a place and is none."""

from datetime import date

import pytest

import marsad
from marsad.model import Report
from marsad.pipeline import Reader


def claims(text, theatre=None, published=date(2018, 7, 20)):
    return marsad.read(text, published=published.isoformat(), theatre=theatre).claims


@pytest.mark.parametrize(
    "text",
    [
        "عاد الهدوء إلى حلب أمس. سمات تفجير حلب قصف",
        "كتب أحدهم في حسابه #تفجير_حلب ثم حذف ما كتب",
    ],
)
def test_tags_tell_of_nothing(text):
    assert claims(text, "sy") == []


@pytest.mark.parametrize(
    "text",
    [
        "قصفت قوات النظام مدينة نوى أمس وفق أعمارهم",
        "قصفت قوات النظام مدينة نوى أمس وفق ميدانياً",
        "قصفت قوات النظام مدينة نوى أمس حسب القانون",
    ],
)
def test_ordinary_words_are_no_source(text):
    assert [s for claim in claims(text, "sy") for s in claim.sources] == []


def test_a_speaker_ends_before_what_he_announces():
    (claim,) = claims("أعلن الناطق باسم الفصائل تحرير مدينة نوى من التنظيم", "sy")
    assert claim.sources == ("الناطق باسم الفصائل",)


def test_a_common_word_is_no_village_of_another_country():
    report = Report(
        "r", "سيطرت المقاومة على مدينة تعز وقالت إنها ستدخل الساعات القليلة المقبلة مدينة عدن", theatre="ye"
    )
    places = Reader().scene(report).places
    assert [p.row.name for p in places if p.row is not None] == ["Taiz", "Aden"]


def test_a_report_of_another_country_has_none_of_the_parties_of_a_theatre():
    text = "قتل جندي أفغاني في هجوم للمتمردين الأفغان على قوات الأمن الأفغانية في كابل، بحسب دبلوماسي تركي"
    assert all(actor.id != "pkk" for claim in claims(text) for actor in claim.actors)


def test_who_condemns_an_attack_did_not_make_it():
    (claim,) = claims("أدانت الحكومة الأردنية هجوم تنظيم داعش على مدينة نوى", "sy")
    assert [a.id for a in claim.actors] == ["isis"]


def test_a_definite_noun_after_a_definite_force_is_another_party():
    found = claims("هاجم المسلحون الأكراد الشرطة في مدينة ديار بكر", "tr")
    assert all(a.text != "المسلحون الأكراد الشرطة" for claim in found for a in claim.actors)


def test_what_no_report_came_of_is_denied():
    found = claims("ولم ترد أي تقارير عن وقوع اشتباكات بين الفصائل وقوات النظام في مدينة نوى", "sy")
    assert {claim.status for claim in found} <= {"denied"}


def test_the_region_after_a_country_is_not_that_country():
    text = "تخشى مصر من التنظيم. وشهدت المنطقة اشتباكات عنيفة بين الجيش والتنظيم أمس"
    assert all(p.text != "المنطقة" for claim in claims(text) for p in claim.places)
