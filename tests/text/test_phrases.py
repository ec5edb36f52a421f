"""A phrase is found where its words stand, and a position opens one only where its second word follows."""

from __future__ import annotations

import pytest

from marsad.text.phrases import PhraseIndex

NAMES = PhraseIndex([("تل رمان", 1), ("رمان", 2), ("كفر زيتا", 3)])


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("تل رمان", [0, 1]),
        ("تل بعيد", []),
        ("قرب تل", []),
        ("في كفر زيتا", [1]),
        ("وتل رمان", [0, 1]),
        ("ورمان", [0]),
        ("ناس اخرون", []),
    ],
)
def test_a_position_opens_a_phrase_where_its_first_two_words_stand_or_its_only_one(text, positions):
    for _ in ("asked first", "asked again"):
        assert NAMES.opening(text.split()) == positions


def test_a_phrase_that_becomes_known_later_is_found_too():
    names: PhraseIndex[int] = PhraseIndex([("تل رمان", 1)])
    assert names.opening(["نهر", "بعيد"]) == []
    names.add("نهر بعيد", 2)
    names.add_all(["بعيد"], lambda n: n)
    assert names.opening(["نهر", "بعيد"]) == [0, 1]


@pytest.mark.parametrize(("text", "found"), [("تل رمان", [2]), ("تل", []), ("رمان تل", [1]), ("وتل رمان", [2])])
def test_the_longest_phrase_at_a_position_is_matched(text, found):
    assert [match.length for match in NAMES.match(text.split(), 0)] == found
