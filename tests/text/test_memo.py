"""Answers are asked for once, and never more of them are kept than said."""

from __future__ import annotations

from marsad.text.memo import Memo


def test_each_question_is_asked_once():
    asked: list[str] = []
    memo: Memo[str, int] = Memo(lambda word: asked.append(word) or len(word))
    assert list(map(memo.__getitem__, ["حلب", "حمص", "حلب"])) == [3, 3, 3]
    assert asked == ["حلب", "حمص"]


def test_it_begins_anew_when_it_is_full():
    memo: Memo[int, int] = Memo(lambda n: n * n, most=3)
    assert [memo[n] for n in range(5)] == [0, 1, 4, 9, 16]
    assert sorted(memo) == [3, 4]
