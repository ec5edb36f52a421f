"""Reports that repeat another's words are known as its copies, and in an incident they are one voice."""

from __future__ import annotations

import pytest

from marsad.record.copies import COPY, MARKS, REWORDED, is_reworded, runs_of, share_of, sketch_of
from newsroom import add, arrival, now_of, said, view

STORY = (
    f"{said()} وأفاد سكان من البلدة أن القذائف سقطت على الحي الشرقي قرب المدرسة القديمة وأن فرق الإسعاف نقلت الجرحى "
    "إلى مشفى ميداني في بلدة مجاورة بينما بقي الطريق العام مقطوعاً حتى ساعات المساء المتأخرة"
)
OTHER = (
    f"{said()} ونشر ناشطون صوراً قالوا إنها تظهر دماراً في سوق الخضار وطالبوا المنظمات بإرسال مساعدات عاجلة للعائلات "
    "التي نزحت منذ مطلع الأسبوع نحو القرى الحدودية"
)


def copies_in(record, **said_of_view):
    return {row["id"]: row["copy_of"] for row in view(record, **said_of_view).reports()}


def test_runs_are_the_same_however_a_text_is_spelled():
    plain = "سيطرت القوات على المدينة صباح اليوم"
    assert runs_of(plain) == runs_of("سَيطرت القوات علـى  المدينة، صباح اليوم!")
    assert len(runs_of(plain)) == 3 and len(runs_of("كلمتان فقط")) == 1
    assert all(0 <= run < 2**63 for run in runs_of(STORY))


def test_a_share_is_that_of_the_shorter_text():
    runs = runs_of(STORY)
    assert share_of(runs, runs_of(f"{STORY} {OTHER}")) == 1.0
    assert share_of(runs, set()) == 0.0
    assert share_of(runs_of(OTHER), runs) < COPY


def test_a_sketch_is_short_and_always_the_same():
    assert len(sketch_of(runs_of(STORY))) == MARKS
    assert sketch_of(runs_of(STORY)) == sorted(runs_of(STORY))[:MARKS]


@pytest.mark.parametrize(
    ("change", "is_version"),
    [
        (lambda text: text, True),
        (lambda text: text.replace("الشرقي", "الغربي"), True),
        (lambda text: text[: len(text) // 2], True),
        (lambda text: f"{text} {OTHER}", True),
        (lambda text: OTHER.removeprefix(said()), False),
    ],
)
def test_versions_of_a_text_share_words_and_other_texts_do_not(change, is_version):
    assert is_reworded(STORY, change(STORY)) is is_version
    assert 0 < REWORDED < 1


@pytest.mark.parametrize(
    "copied",
    [STORY, f"نقلاً عن وكالات: {STORY}", STORY.replace("القديمة", "الجديدة"), STORY[: len(STORY) * 2 // 3],
     f"{STORY} {OTHER}"],
    ids=["whole", "with a lead", "with another word", "cut", "with more"],
)  # fmt: skip
def test_a_near_duplicate_is_linked_and_is_one_voice(record, copied):
    add(record, arrival(STORY, "first", outlet="وكالة"), arrival(copied, "second", outlet="جريدة", address="b"))
    assert copies_in(record) == {"first": [], "second": ["first"]}
    [incident] = view(record).incidents()
    assert incident["independent_sources"] == 1 and incident["reports"] == ["first", "second"]


def test_reports_of_one_event_in_their_own_words_are_two_voices(record):
    add(record, arrival(STORY, "first", outlet="وكالة"), arrival(OTHER, "second", outlet="جريدة"))
    assert copies_in(record) == {"first": [], "second": []}
    [incident] = view(record).incidents()
    assert incident["independent_sources"] == 2


def test_ten_copies_are_one_voice(record):
    add(record, *(arrival(STORY, f"r{n}", f"{n}.txt", outlet=f"جريدة {n}") for n in range(10)))
    [incident] = view(record).incidents()
    assert (len(incident["reports"]), incident["independent_sources"]) == (10, 1)
    assert copies_in(record)["r9"] == [f"r{n}" for n in range(9)]


def test_a_new_version_of_a_report_is_no_copy_of_itself(record):
    add(record, arrival(STORY, "first"))
    add(record, arrival(STORY + " تحديث", "first"))
    assert copies_in(record) == {"first": []}


def test_a_report_that_becomes_a_copy_is_linked_from_then_on(record):
    add(record, arrival(STORY, "first"), arrival(OTHER, "second", url="https://example.org/2"))
    before = now_of(record)
    add(record, arrival(STORY, "second", url="https://example.org/2"))
    add(record, arrival(STORY + " تحديث", "second", url="https://example.org/2"))
    assert copies_in(record)["second"] == ["first"]
    assert copies_in(record, known_by=before)["second"] == []
