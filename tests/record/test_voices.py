import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.loading.voices import voice_words
from marsad.record.names import bare_words
from marsad.record.voices import UNNAMED, origin_of, voices_of
from record.told import no_copies


@pytest.mark.parametrize(
    ("sources", "origin"),
    [
        ((), "الجريدة"),
        (("رويترز", "المرصد السوري"), "المرصد السوري"),
        (("رويترز", "المرصد السوري", "مصادره"), "المرصد السوري"),
        (("رويترز", "مصادر طبية"), "رويترز"),
        (("شهود عيان",), "الجريدة"),
        (("الوكالة",), "الجريدة"),
        (("مسؤول محلي",), "الجريدة"),
        (("وكالة الأنباء السورية",), "وكالة الأنباء السورية"),
        (("وكالة هاوار", "ناشطون"), "وكالة هاوار"),
        (("—",), "الجريدة"),
        ((" ", "الدفاع المدني"), "الدفاع المدني"),
    ],
)
def test_the_voice_is_the_innermost_source_that_has_a_name(sources, origin):
    assert origin_of(sources, "الجريدة") == origin


def test_without_source_and_outlet_nobody_is_named():
    assert origin_of((), None) == UNNAMED == origin_of(("مصادر",), None)


@pytest.mark.parametrize("list", ["nobody", "outlet", "titles"])
def test_the_packs_words_are_written_as_names_are_compared(list):
    for word in getattr(voice_words(), list):
        assert bare_words(word) == [word]


def heard(*claims, copies=no_copies):
    return [(voice.name, voice.claims) for voice in voices_of(claims, copies)]


def test_each_name_is_one_voice_in_the_order_of_hearing():
    claims = (("c1", "r1", "المرصد السوري"), ("c2", "r2", "رويترز"), ("c3", "r3", "المرصد السوري لحقوق الإنسان"))
    assert heard(*claims) == [("المرصد السوري", ["c1", "c3"]), ("رويترز", ["c2"])]


def test_copies_of_a_text_are_one_voice():
    claims = (("c1", "r1", "جريدة الفرات"), ("c2", "r2", "جريدة دجلة"), ("c3", "r3", "جريدة العاصي"))
    assert heard(*claims, copies=lambda a, b: {a, b} == {"r1", "r3"}) == [
        ("جريدة الفرات", ["c1", "c3"]), ("جريدة دجلة", ["c2"]),
    ]  # fmt: skip


def test_a_later_claim_shows_that_two_voices_were_one_all_along():
    claims = [("c1", "r1", "المرصد"), ("c2", "r2", "رويترز"), ("c3", "r3", "الفرات"), ("c4", "r2", "المرصد")]
    copies = lambda a, b: a == b == "r2"  # noqa: E731
    assert heard(*claims, copies=copies) == [("المرصد", ["c1", "c2", "c4"]), ("الفرات", ["c3"])]


def test_two_reports_that_nobody_signs_are_two_voices():
    assert heard(("c1", "r1", UNNAMED), ("c2", "r2", UNNAMED)) == [(UNNAMED, ["c1"]), (UNNAMED, ["c2"])]


REPORTS, NAMES = ["r1", "r2", "r3", "r4"], ["المرصد", "المرصد السوري", "رويترز", "الفرات", "—"]
CLAIMS = st.lists(st.tuples(st.sampled_from(REPORTS), st.sampled_from(NAMES)), max_size=8).map(
    lambda pairs: [(f"c{i}", *pair) for i, pair in enumerate(pairs)]
)
COPIES = st.frozensets(st.frozensets(st.sampled_from(REPORTS), min_size=2, max_size=2), max_size=3)


def ask(pairs):
    return lambda a, b: frozenset((a, b)) in pairs


@given(CLAIMS, COPIES, st.randoms())
def test_who_is_one_voice_does_not_hang_on_the_order_of_hearing(claims, pairs, random):
    shuffled = random.sample(claims, len(claims))
    parts = [{frozenset(v.claims) for v in voices_of(some, ask(pairs))} for some in (claims, shuffled)]
    assert parts[0] == parts[1]


@given(CLAIMS, COPIES)
def test_each_claim_has_one_voice_named_by_its_first_claim(claims, pairs):
    voices, order = voices_of(claims, ask(pairs)), [claim for claim, _, _ in claims]
    assert sorted(c for v in voices for c in v.claims) == sorted(order)
    assert [order.index(v.claims[0]) for v in voices] == sorted(order.index(v.claims[0]) for v in voices)
    for voice in voices:
        assert voice.claims == sorted(voice.claims, key=order.index)
        assert voice.name == claims[order.index(voice.claims[0])][2]
