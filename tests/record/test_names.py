import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.record.names import bare_words, name_key, same_name

WORDS = st.lists(st.sampled_from("المرصد السوري لحقوق الإنسان وكالة د. خالد — العلي".split()), max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("المرصد", "مرصد"), ("الدكتور خالد العلي", "خالد العلي"), ("وكالة رويترز", "رويترز"),
        ("صحيفة «الفرات»", "الفرات"), ("هيئةُ الإغاثة", "هيئة الاغاثه"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_meet(a, b):
    assert name_key(a) == name_key(b)


def test_a_title_alone_is_kept_as_the_name():
    assert name_key("الوكالة") == "وكاله"


def test_signs_alone_are_no_name():
    assert name_key("—") == "" and name_key("") == ""


def test_bare_words_keep_titles():
    assert bare_words("وكالة الفرات") == ["وكاله", "فرات"]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("المرصد السوري", "المرصد السوري لحقوق الإنسان", True), ("المرصد", "المرصد السوري", True),
        ("السوري", "المرصد السوري", False), ("المرصد السوري", "المرصد العراقي", False), ("—", "المرصد", False),
        ("—", "—", False),
    ],
)  # fmt: skip
def test_a_shorter_name_is_the_longer_that_begins_with_it(a, b, same):
    assert same_name(name_key(a), name_key(b)) is same


@given(WORDS, WORDS)
def test_being_one_name_holds_both_ways(a, b):
    assert same_name(name_key(a), name_key(b)) == same_name(name_key(b), name_key(a))


@given(st.text(max_size=40))
def test_any_text_has_a_key(text):
    assert name_key(text).split() == [word for word in bare_words(text) if word in name_key(text).split()]
