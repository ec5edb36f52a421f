"""Searching finds Arabic words alike on both engines, marks them as written, and lets no operator through."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from marsad.errors import UsageError
from marsad.record import schema, searching
from marsad.record.searching import Hit, Needed, marked, needed_by, search, terms_of
from marsad.text.tokens import tokenise

DOCUMENTS = (
    "وصل أحمد إلى القرية مساءً",  # 1
    "انتقلت العائلات من إدلب وحلب إلى الحدود",  # 2
    "وقعت اشتباكات بحلب صباح اليوم",  # 3
    "سَيطَرَتِ الفَصائِلُ عَلى البَلدَةِ",  # 4
    "أعلنت غرفة العمليـــات بدء الهجوم",  # 5
    "انفجرت عبوة في مدرسة البلدة",  # 6
    "قُتل شخصاً آخر عند الحاجز",  # 7
    "سقطت قذائف على مستشفى الأطفال",  # 8
    "أصيب ۱۵ مدنياً بينهم ٣ أطفال",  # 9
    "انسحبت قوات النظام من المدينة",  # 10
    "تحدث ناشط لقوات التحالف عن النظام",  # 11
    "وصلت شحنة من هجين (Hajîn) عبر الرقة",  # 12
    "انتشرت الفرقة الرابعة قرب الجسر",  # 13
    "تقدم مقاتلون کرد نحو القریة",  # 14, Persian keyboard
    "ﺍﻟﺠﻴﺶ يعلن وقف النار",  # 15, presentation forms
    "دخلت القافلة للمدينة وبالمدينة نازحون",  # 16
)


@pytest.fixture
def searched(record):
    add(record, DOCUMENTS)
    with record.asking() as connection:
        yield connection


def add(record, texts, kind="claim"):
    with record.writing("test") as writing:
        numbers = [writing.add_one(schema.document, kind=kind, row_n=row_n) for row_n in range(1, len(texts) + 1)]
        searching.index_documents(writing.connection, list(zip(numbers, texts, strict=True)))


def found(connection, asked, **more):
    return sorted(hit.row_n for hit in search(connection, asked, **more))


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("احمد", [1]),
        ("إحمد", [1]),
        ("حلب", [2, 3]),
        ("سيطرت", [4]),
        ("الفصائل", [4]),
        ("العمليات", [5]),
        ("مدرسه", [6]),
        ("شخصا", [7]),
        ("شخص", [7]),
        ("شخصًا", [7]),
        ("مستشفي", [8]),
        ("مُستَشفى", [8]),
        ("15", [9]),
        ("٣", [9]),
        ("مدينة", [10, 16]),
        ("المدينة", [10, 16]),
        ("قوات", [10, 11]),
        ("hajin", [12]),
        ("HAJÎN", [12]),
        ("كرد", [14]),
        ("القرية", [1, 14]),
        ("الجيش", [15]),
        ("جيش", [15]),
    ],
)
def test_a_word_is_found_however_it_is_spelt_and_whatever_clings_to_it(searched, asked, rows):
    assert found(searched, asked) == rows


def test_who_asks_for_the_city_does_not_get_the_division(searched):
    assert found(searched, "الرقة") == [12]
    assert found(searched, "الفرقة") == [13]
    assert found(searched, "فرقة") == [13]


def test_all_words_are_needed(searched):
    assert found(searched, "النظام قوات") == [10, 11]
    assert found(searched, "قوات المدينة النظام") == [10]
    assert found(searched, "قوات هجين") == []


@pytest.mark.parametrize("asked", ['"قوات النظام"', "«قوات النظام»", "“قوات النظام”"])
def test_words_between_quotation_marks_stand_together(searched, asked):
    assert found(searched, asked) == [10]


def test_a_phrase_is_found_under_a_clitic(record):
    add(record, ["قصفت طائرات لقوات النظام البلدة", "قوات من جيش النظام", "بين الرقة وحلب قوات", "فرقة وحماة"])
    with record.asking() as connection:
        assert found(connection, '"قوات النظام"') == [1]
        assert found(connection, '"الرقة حلب"') == [3]
        assert found(connection, '"فرقة حماة"') == [4]


def test_a_star_finds_the_words_that_begin_so(searched):
    assert found(searched, "مدن*") == [9]
    assert found(searched, "عمل*") == [5]
    assert found(searched, '"قوات النظ*"') == [10]


@pytest.mark.parametrize("asked", ["ق*", "ا* حلب"])
def test_one_letter_before_a_star_is_too_little(searched, asked):
    with pytest.raises(UsageError, match="two letters"):
        search(searched, asked)


@pytest.mark.parametrize("asked", ["", "  ", "؟!", '""', "«»", "* *", "ـــ"])
def test_a_question_without_a_word_is_refused(searched, asked):
    with pytest.raises(UsageError, match="no word"):
        search(searched, asked)


def test_a_word_with_signs_inside_is_a_phrase(record):
    add(record, ["يوم 2018-07-06 مساء", "في 6 من 07 عام 2018", "قُتل 1,200 شخص", "تعادل 1.5 مليون"])
    with record.asking() as connection:
        assert found(connection, "2018-07-06") == [1]
        assert found(connection, "1200") == [3]
        assert found(connection, "١٬٢٠٠") == [3]
        assert found(connection, "1.5") == [4]


def test_kind_and_condition_narrow_what_is_found(record):
    add(record, ["قصف على البلدة"], kind="report")
    add(record, ["قصف على القرية", "قصف على المدينة"], kind="claim")
    with record.asking() as connection:
        assert [hit.kind for hit in search(connection, "بلدة")] == ["report"]
        assert found(connection, "قصف", kind="claim") == [1, 2]
        assert found(connection, "قصف", kind="claim", only=schema.document.c.row_n != 1) == [2]
        assert found(connection, "قصف", only=schema.document.c.row_n.in_(select(schema.report.c.n))) == []


def test_the_better_hit_comes_first_and_equal_ones_by_row(record):
    filler = "انتقل السكان إلى مناطق أخرى بعد ساعات من بدء العمليات العسكرية في ريف المحافظة"
    add(record, [f"{filler} قرب نصيب", "معبر نصيب", "وقف إطلاق النار", "وقف إطلاق النار", f"بنصيب {filler}"])
    with record.asking() as connection:
        assert search(connection, "إطلاق")[0][:2] == ("claim", 3)
        assert [hit.row_n for hit in search(connection, "إطلاق")] == [3, 4]
        # A word itself weighs more than the same word under a clitic.
        assert [hit.row_n for hit in search(connection, "نصيب")][-1] == 5


def test_pages_follow_each_other_without_gap_or_overlap(record, monkeypatch):
    monkeypatch.setattr(searching, "RANKED", 4)
    add(record, [f"قصف رقم {n}" for n in range(10)])
    with record.asking() as connection:
        pages = [search(connection, "قصف", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    rows = [hit.row_n for page in pages for hit in page]
    assert sorted(rows) == list(range(1, 11))
    assert set(rows[:4]) == {7, 8, 9, 10}
    assert rows[4:] == [6, 5, 4, 3, 2, 1]


HOSTILE = st.text(st.sampled_from(list("\"'*()^:-+{}&|!<>~\\%,.;«»“”\0 \n\ud800ابتحلبNEARORANDword")), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(asked=HOSTILE | st.text(max_size=30))
def test_nothing_asked_is_an_operator_of_the_engine(searched, asked):
    with contextlib.suppress(UsageError):
        search(searched, asked)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(written=HOSTILE | st.text(max_size=200))
def test_any_text_can_be_indexed_and_found_by_its_words(record, written):
    with record.writing("test") as writing:
        last = len(writing.connection.execute(select(schema.document.c.n)).all())
        number = writing.add_one(schema.document, kind="report", row_n=last + 1)
        searching.index_documents(writing.connection, [(number, written)])
    words = terms_of(written)
    with record.asking() as connection:
        for word in words[:3]:
            assert last + 1 in [hit.row_n for hit in search(connection, word, limit=1000)]


@given(st.text(st.sampled_from(list("ابتثحخدذرلموفكةىأإؤئءآًَُّْـ٠١5 .،\nپچگ")), max_size=60))
def test_words_are_cut_and_folded_as_the_reader_cuts_them(written):
    read = [token.fold for token in tokenise(written) if token.text[0].isalpha()]
    assert [form.word for form in searching.forms_of(written) if not form.word.isdigit()] == read


def test_stems_stand_beside_the_word_never_instead():
    assert terms_of("وبالمدينة") == ["وبالمدينه", "المدينه", "مدينه"]
    assert terms_of("للجنة") == ["للجنه", "الجنه", "جنه", "لجنه"]
    assert terms_of("وبحلب") == ["وبحلب", "بحلب", "حلب"]
    assert terms_of("بيت") == ["بيت"]
    assert terms_of("شخصاً") == ["شخصا", "شخص"]
    assert terms_of("درعا") == ["درعا"]


def test_a_question_is_taken_apart_into_what_it_needs():
    assert needed_by('قوات "ريف حلب" نصي* حلب حلب') == [
        Needed(("قوات",)), Needed(("ريف", "حلب")), Needed(("نصي",), True), Needed(("حلب",)),
    ]  # fmt: skip
    assert needed_by('"ريف حلب') == [Needed(("ريف",)), Needed(("حلب",))]


@pytest.mark.parametrize(
    ("written", "asked", "shown"),
    [
        ("قصفٌ على وحَلَب، ثم بحلب.", "حلب", "قصفٌ على ⟦وحَلَب⟧، ثم ⟦بحلب⟧."),
        ("سيطـــرت الفصائل", "سيطرت", "⟦سيطـــرت⟧ الفصائل"),
        ("قوات من النظام وقوات النظام", '"قوات النظام"', "قوات من النظام ⟦وقوات⟧ ⟦النظام⟧"),
        ("أصيب ۱٬۲۰۰ مدني", "1200", "أصيب ⟦۱٬۲۰۰⟧ مدني"),
        ("Hajîn وهجين", "hajin هج*", "⟦Hajîn⟧ ⟦وهجين⟧"),
        ("انتشرت الفرقة", "الرقة", "انتشرت الفرقة"),
        ("لا شيء", "", "لا شيء"),
    ],
)
def test_what_meets_the_question_is_marked_as_it_is_written(written, asked, shown):
    assert marked(written, asked) == shown


def test_an_excerpt_shows_the_stretch_that_meets_most():
    written = (
        "ذكر حلب في أول الخبر. " + "كلام كثير لا يهم أحداً هنا " * 8 + "ثم قصف معبر نصيب قرب حلب مساء. " + "خاتمة " * 20
    )
    shown = marked(written, "نصيب حلب", width=60)
    assert "⟦نصيب⟧" in shown and "⟦حلب⟧" in shown
    assert shown.startswith("…") and shown.endswith("…")
    assert len(shown) <= 60 + 2 + 4


@given(st.text(max_size=80), st.text(max_size=10), st.integers(1, 40))
def test_marks_change_nothing_but_add_themselves(written, asked, width):
    try:
        assert marked(written, asked, "", "") == written
        assert marked(written, asked, "", "", width).strip("…") in written
    except UsageError:
        assert "*" in asked


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(asked=st.sampled_from([word for line in DOCUMENTS for word in line.split()]))
def test_what_is_found_is_marked_and_what_is_not_is_not(searched, asked):
    rows = set(found(searched, asked))
    assert rows == {n for n, line in enumerate(DOCUMENTS, 1) if "⟦" in marked(line, asked)}


def test_a_hit_names_its_row(searched):
    (hit,) = search(searched, "مستشفى")
    assert isinstance(hit, Hit) and (hit.kind, hit.row_n) == ("claim", 8) and hit.score > 0
