"""Arabic grammar of a digest: numbers and their nouns, agreement, joined letters, lists, names."""

from __future__ import annotations

import pytest

from marsad.loading.prose import Noun, prose
from marsad.publish.arabic import Arabic, agree, attach, count, definite, dual, inflected, is_feminine, listed, tanwin
from marsad.publish.phrasing import Phrase, Said, plain, site_name, source_name, subject_first, unjoined, unowned

AR = Arabic()
KILLED, WOMAN, PLACE, STRIKE = (prose("ar").nouns[id] for id in ("killed", "woman", "place", "strikes"))
SOURCE, FIGHTER = prose("ar").nouns["source"], prose("ar").nouns["fighter"]
FORCES, IS, HOUTHIS = (plain("قوات النظام", fem=True), plain("تنظيم الدولة"),
                       Phrase("الحوثيون", "الحوثيين", "الحوثيين", many=True))  # fmt: skip


def place(id, name, name_ar, role="at", country="SY", admin1="Daraa Governorate", **fields):
    given = {"id": id, "name": name, "name_ar": name_ar, "country": country, "admin1": admin1, "role": role, "as": role}
    return {**given, **fields}


NAWA = place("C6124", "Nawa", "نوى")
DAEL = place("C6030", "Da'el", "داعل")
HIT = place("C6013", "Hit", "حيط")
NASIB = place("sy-nasib-crossing", "Nasib Crossing", "معبر نصيب")
DARAA = place("SY12", "Daraa Governorate", "درعا")


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (1, KILLED, "قتيل واحد"), (2, KILLED, "قتيلان"), (3, KILLED, "3 قتلى"), (10, KILLED, "10 قتلى"),
        (11, KILLED, "11 قتيلاً"), (20, KILLED, "20 قتيلاً"), (99, KILLED, "99 قتيلاً"), (100, KILLED, "100 قتيل"),
        (101, KILLED, "101 قتيل"), (102, KILLED, "102 قتيل"), (103, KILLED, "103 قتلى"), (110, KILLED, "110 قتلى"),
        (111, KILLED, "111 قتيلاً"), (112, KILLED, "112 قتيلاً"), (200, KILLED, "200 قتيل"),
        (221, KILLED, "221 قتيلاً"),
        (1, WOMAN, "امرأة واحدة"), (2, WOMAN, "امرأتان"), (5, WOMAN, "5 نساء"), (11, WOMAN, "11 امرأة"),
        (2, STRIKE, "غارتان"), (15, STRIKE, "15 غارة"), (2, PLACE, "مكانان"), (4, PLACE, "4 أماكن"),
        (3, SOURCE, "3 مصادر مستقلة"), (12, SOURCE, "12 مصدراً مستقلاً"), (13, FIGHTER, "13 مقاتلاً"),
        (1000, KILLED, "ألف قتيل"), (2000, KILLED, "ألفا قتيل"), (5000, KILLED, "5 آلاف قتيل"),
        (1250, KILLED, "1250 قتيلاً"),
        (160_000, KILLED, "160 ألف قتيل"), (2_000_000, KILLED, "مليونا قتيل"), (0, KILLED, "لا قتلى"),
    ],
)  # fmt: skip
def test_a_noun_stands_as_its_number_governs_it(number, noun, said):
    assert count(number, noun).nom == said


@pytest.mark.parametrize(
    ("number", "object", "behind"),
    [(1, "قتيلاً واحداً", "قتيل واحد"), (2, "قتيلين", "قتيلين"), (7, "7 قتلى", "7 قتلى"),
     (2000, "ألفي قتيل", "ألفي قتيل")],
)  # fmt: skip
def test_one_and_two_have_cases(number, object, behind):
    counted = count(number, KILLED)
    assert (counted.acc, counted.gen) == (object, behind)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (27, "27 قتيلاً"), (">90", "أكثر من 90 قتيلاً"), (">=27", "ما لا يقل عن 27 قتيلاً"), ("15+",
        "ما لا يقل عن 15 قتيلاً"),
        ("<5", "أقل من 5 قتلى"), ("20-30", "بين 20 و30 قتيلاً"), ("tens", "عشرات القتلى"), ("hundreds", "مئات القتلى"),
        ("thousands", "آلاف القتلى"), ("tens of thousands", "عشرات الآلاف من القتلى"), (">2", "أكثر من قتيلين"),
        (">1000", "أكثر من ألف قتيل"),
    ],
)  # fmt: skip
def test_a_count_is_said_as_it_is_told(value, said):
    assert AR.counted(value, "killed").gen == said


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([Said(45, ("شبكة كذا",)), Said(63, ("مرصد كذا",))], "بين 45 (شبكة كذا) و63 قتيلاً (مرصد كذا)"),
        ([Said(221, ("أ",)), Said(">240", ("ب", "ج"))], "بين 221 (أ) وأكثر من 240 قتيلاً (ب وج)"),
        ([Said(3, ("أ",)), Said(8, ("ب",))], "بين 3 (أ) و8 قتلى (ب)"),
        ([Said(3, ("أ",)), Said(5, ("ب",)), Said(9, ("ج",))], "3 (أ) أو 5 (ب) أو 9 قتلى (ج)"),
        ([Said(">=160000", ("أ",)), Said(">320000", ("ب",))],
         "ما لا يقل عن 160 ألفاً (أ) أو أكثر من 320 ألف قتيل (ب)"),
        ([Said(12, ("أ",)), Said("tens", ("ب",))], "12 (أ) أو عشرات القتلى (ب)"),
        ([Said(3, ())], "3 قتلى"), ([Said(3, ("أ",))], "3 قتلى (أ)"),
    ],
)  # fmt: skip
def test_counts_that_differ_are_told_by_source(said, words):
    assert AR.ranged(said, "killed").gen == words


@pytest.mark.parametrize(
    ("letter", "words", "joined"),
    [
        ("l", "الفصائل", "للفصائل"), ("l", "اللجاة", "للجاة"), ("l", "قوات النظام", "لقوات النظام"), ("l", "45",
        "لـ45"),
        ("b", "المعبر", "بالمعبر"), ("b", "إدلب", "بإدلب"), ("b", "45", "بـ45"), ("و", "63", "و63"), ("و", "وكالة",
        "ووكالة"),
        ("l", "«الإرهابيين»", "لـ«الإرهابيين»"), ("w", "الجيش", "والجيش"),
    ],
)  # fmt: skip
def test_letters_are_joined(letter, words, joined):
    assert attach(letter, words) == joined


def test_a_list_has_waw_before_each_but_the_first():
    assert listed(["أ", "ب", "ج"]) == "أ وب وج" and listed(["أ"]) == "أ" and listed([]) == ""


@pytest.mark.parametrize(
    ("word", "phrase", "before", "behind"),
    [
        ("سيطر", FORCES, "سيطرت", "سيطرت"), ("سيطر", IS, "سيطر", "سيطر"), ("سيطر", HOUTHIS, "سيطر", "سيطروا"),
        ("نفى", FORCES, "نفت", "نفت"), ("نفى", IS, "نفى", "نفى"), ("نفى", HOUTHIS, "نفى", "نفوا"),
        ("استولى", HOUTHIS, "استولى", "استولوا"), ("يسيطر", FORCES, "تسيطر", "تسيطر"),
        ("يسيطر", HOUTHIS, "يسيطر", "يسيطرون"), ("كان", plain("بلدتا أ وب", True)._replace(two=True), "كانت", "كانتا"),
        ("كان", plain("حيا أ وب")._replace(two=True), "كان", "كانا"), ("هو", FORCES, "هي", "هي"), ("ه", IS, "ه", "ه"),
        ("ه", FORCES, "ها", "ها"), ("ه", HOUTHIS, "هم", "هم"), ("محاصراً", FORCES, "محاصرة", "محاصرة"),
        ("محاصراً", IS, "محاصراً", "محاصراً"), ("محاصراً", HOUTHIS, "محاصرين", "محاصرين"),
    ],
)  # fmt: skip
def test_verbs_pronouns_and_adjectives_agree(word, phrase, before, behind):
    assert (agree(word, phrase, False), agree(word, phrase, True)) == (before, behind)


@pytest.mark.parametrize(
    ("words", "object"),
    [("هجوم", "هجوماً"), ("غارة", "غارة"), ("مستشفى", "مستشفى"), ("أحياء", "أحياء"), ("عائلات", "عائلات"), ("السوق",
     "السوق"),
     ("مصدر مستقل", "مصدراً مستقلاً"), ("عناصر", "عناصر"), ("مقاتل", "مقاتلاً")],
)  # fmt: skip
def test_indefinite_objects_take_the_alif(words, object):
    assert tanwin(words) == object


def test_a_dual_keeps_its_stem():
    assert [dual("بلدة", "ين"), dual("مستشفى", "ان"), dual("مصدر مستقل", "ان"), dual("قرية", "ي")] == [
        "بلدتين", "مستشفيان", "مصدران مستقلان", "قريتي",
    ]  # fmt: skip
    assert definite("مصادر مستقلة") == "المصادر المستقلة"


@pytest.mark.parametrize(
    ("text", "subject", "object", "many"),
    [
        ("الإرهابيين", "الإرهابيون", "الإرهابيين", True), ("مسلحون مجهولون", "مسلحون مجهولون", "مسلحين مجهولين", True),
        ("فلسطين", "فلسطين", "فلسطين", False), ("الزيتون", "الزيتون", "الزيتون", False), ("وحدات", "وحدات",
        "وحدات", False),
        ("قطعان المستوطنين", "قطعان المستوطنين", "قطعان المستوطنين", False),
        ("ملايين", "ملايين", "ملايين", False), ("لواء", "لواء", "لواء", False),
    ],
)  # fmt: skip
def test_words_of_reports_take_the_case_where_they_are_plurals_of_persons(text, subject, object, many):
    phrase = inflected(text)
    assert (phrase.nom, phrase.acc, phrase.many) == (subject, object, many)


@pytest.mark.parametrize(
    ("name", "fem"),
    [("شبكة كذا", True), ("صحيفة كذا", True), ("وكالة كذا", True), ("مرصد كذا", False), ("موقع كذا", False),
     ("الفصائل", True),
     ("قوات كذا", True), ("سانا", True), ("خليفة كذا", False), ("وسطاء محليون", False), ("ثلاثة من السكان", False),
     ("أرتال", True), ("أفراد", False), ("أصحاب المقاهي", False), ("أبناء القبائل", False), ("الأمم المتحدة", True)],
)  # fmt: skip
def test_the_gender_of_a_source_is_that_of_its_first_word(name, fem):
    assert is_feminine(name) is fem


@pytest.mark.parametrize(
    ("text", "clean"),
    [("والآليات", "الآليات"), ("للمعبر", "المعبر"), ("بالحي", "الحي"), ("وحدات", "وحدات"), ("الطريق الحربي",
     "الطريق الحربي")],
)  # fmt: skip
def test_letters_of_the_sentence_are_taken_off(text, clean):
    assert unjoined(text) == clean


def test_a_waw_before_a_site_is_taken_off_where_the_rest_names_one():
    assert [site_name(text) for text in ("وأحياء", "ومعبر", "وادي", "نقاطها", "ومطارها", "مخيماً", "سوق الخضار")] == [
        "أحياء", "معبر", "وادي", "نقاط", "مطار", "مخيم", "سوق الخضار",
    ]  # fmt: skip
    assert [unowned(text) for text in ("قيادتها", "قواتهم", "قواته", "طيرانه", "قيادة")] == [
        "قيادة", "قوات", "قوات", "طيران", "قيادة",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "said"),
    [("مرصد كذا", "مرصد كذا"), ("الفصائل التوصل", "الفصائل"), ("وزير إسرائيلي من", "وزير إسرائيلي"), ("بذلك اللجاة",
     ""),
     ("شيخ من مشايخ العقل", "شيخ من مشايخ العقل"), ("—", ""), ("للائتلاف", "الائتلاف"),
     ("لوكالة «كذا»", "وكالة «كذا»"), ("كيري أيضا", "كيري"), ("حسابها", ""), ("المقاومة الشعبية سيطرتها",
     "المقاومة الشعبية"), ("مصادر أهلية من", "مصادر أهلية"), ("القاضي", "القاضي")],
)  # fmt: skip
def test_what_the_reader_took_from_behind_a_source_is_left_out(name, said):
    assert source_name(name) == said
    assert AR.source(name).nom == (said or "مصدر لم يُسمَّ")


@pytest.mark.parametrize(
    ("name", "subject", "behind"),
    [("مصدران في المعارضة", "مصدران في المعارضة", "مصدرين في المعارضة"), ("ناجون", "ناجون", "ناجين"),
     ("وسطاء محليون", "وسطاء محليون", "وسطاء محليين"), ("الحوثيون", "الحوثيون", "الحوثيين"), ("قاطعاً",
     "مصدر لم يُسمَّ", "مصدر لم يُسمَّ"),
     ('صفحة "بركان الغضب"', 'صفحة "بركان الغضب"', 'صفحة "بركان الغضب"'),
     ('قوة حماية الجنوب" التابعة', "قوة حماية الجنوب", "قوة حماية الجنوب")],
)  # fmt: skip
def test_a_source_has_its_cases(name, subject, behind):
    phrase = AR.source(name)
    assert (phrase.nom, phrase.gen) == (subject, behind)


def test_more_than_two_sources_are_counted():
    assert AR.sources(["أ", "ب"]).gen == "أ وب"
    assert AR.sources(["أ", "ب", "ج"]).gen == "3 مصادر مستقلة (أ وب وج)"
    assert AR.sources([f"م{n}" for n in range(8)]).nom == "8 مصادر مستقلة (م0 وم1 وم2 وم3 وم4 وم5 وغيرها)"


@pytest.mark.parametrize(
    ("rows", "subject", "behind"),
    [
        ([NAWA], "بلدة نوى", "بلدة نوى"), ([NAWA, DAEL], "بلدتا نوى وداعل", "بلدتي نوى وداعل"),
        ([NASIB], "معبر نصيب", "معبر نصيب"), ([DARAA], "محافظة درعا", "محافظة درعا"),
        ([NAWA, HIT, DAEL], "بلدتا نوى وداعل وقرية حيط", "بلدتي نوى وداعل وقرية حيط"),
        ([{**NAWA, "name": "East of Nawa", "name_ar": None}], "شرق نوى", "شرق نوى"),
        ([place("SY", "Northern Syria", None)], "شمال سوريا", "شمال سوريا"),
        ([place("none", "Somewhere", None)], "Somewhere", "Somewhere"),
        ([place("x1", "User's place", "مكان المستخدم")], "مكان المستخدم", "مكان المستخدم"),
        ([{"place": "C6124/prison", "name": "prison in Nawa", "name_ar": "نوى", "kind": "prison", "country": "SY"}],
         "سجن في بلدة نوى", "سجن في بلدة نوى"),
    ],
)  # fmt: skip
def test_places_stand_under_the_word_for_their_kind(rows, subject, behind):
    phrase = AR.places(rows)
    assert (phrase.nom, phrase.gen) == (subject, behind)


def test_a_long_list_says_the_first_four_and_how_many_more():
    rows = [place(f"u{n}", f"P{n}", f"م{n}") for n in range(9)]
    assert AR.places(rows[:6]).nom == "م0 وم1 وم2 وم3 وم4 وم5"
    assert AR.places(rows[:7]).nom == "م0 وم1 وم2 وم3 و3 أماكن أخرى"
    assert AR.places([*rows, *rows]).nom.endswith("و14 مكاناً آخر")
    assert [AR._more(n).gen for n in (1, 2)] == ["مكان آخر", "مكانين آخرين"]


def test_where_it_is_has_its_prepositions():
    assert AR.located([NAWA, {**DAEL, "as": "near"}]) == "في بلدة نوى وقرب بلدة داعل"
    assert AR.located([{**NAWA, "name": "East of Nawa"}]) == "شرق نوى"
    assert AR.located([{**NASIB, "as": "axis"}]) == "على محور معبر نصيب"


@pytest.mark.parametrize(
    ("area", "heading"),
    [
        (("Daraa Governorate", "درعا", "SY"), "محافظة درعا"), (("White Nile State", "النيل الأبيض", "SD"),
        "ولاية النيل الأبيض"),
        (("Northern State", "الولاية الشمالية", "SD"), "الولاية الشمالية"), (("Irbid", "إربد", "JO"), "محافظة إربد"),
        (("", None, "JO"), "الأردن، من دون تحديد المحافظة"), (("", None, ""), "أماكن لم تُحدد"), (("", None, "SE"),
        "السويد"),
    ],
)  # fmt: skip
def test_a_governorate_is_called_as_its_country_calls_it(area, heading):
    assert AR.area(*area) == heading


def test_days_have_both_names_of_their_month():
    assert AR.day("2018-07-06", year=True, weekday=True) == "الجمعة 6 تموز/يوليو 2018"
    assert AR.span("2018-06-17", "2018-06-29") == ("17", "29 حزيران/يونيو")
    assert AR.span("2018-06-28", "2018-07-02") == ("28 حزيران/يونيو", "2 تموز/يوليو")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("أ  ب ، ج", "أ ب، ج."), ("أ، وتحديداً ب،، بحسب ج", "أ، وتحديداً ب، بحسب ج."), ("أ، ب،", "أ، ب."), ("نفىها",
     "نفاها."),
     ("نفىه", "نفاه."), ("أ.", "أ."), ("أ (ب) ؛ ج", "أ (ب)؛ ج.")],
)  # fmt: skip
def test_a_sentence_has_each_mark_once(words, sentence):
    assert AR.finished(words) == sentence


def test_behind_that_the_subject_comes_first():
    turned = subject_first("{شنّ@actor} {actor} هجوماً على {on.g}")
    assert turned == "{actor.a} {شنّ@@actor} هجوماً على {on.g}"
    assert AR.fill(turned, {"actor": HOUTHIS, "on": plain("نوى")}) == "الحوثيين شنّوا هجوماً على نوى"
    assert subject_first("وقع هجوم على {on.g}") is None


def test_what_stands_in_brackets_is_said_where_its_slots_are_there():
    pattern = "هجوم[ {actor.l}][ على {on.g}]"
    assert AR.fill(pattern, {}) == "هجوم" and AR.fill(pattern, {"actor": FORCES}) == "هجوم لقوات النظام"
    assert AR.fill("{actor} هنا", {}) is None
    assert AR.fill_first(["{on}", "{actor}"], {"actor": FORCES}) == "قوات النظام"


def test_a_kind_of_its_own_is_named_by_a_noun():
    assert count(3, Noun("x", "لغم", "ألغام")).nom == "3 ألغام" and count(3, Noun("x", "لغم", "ألغام")).fem
