"""Tokens stand where they say, in lists as in rows, and a run of nothing but marks is none."""

from __future__ import annotations

import pytest

from marsad.text.tokens import cut, tokenise

TEXT = "وصلَ د. سالم إلى «البلدة».\nثم غادر 3,500 شخص؟"


def test_every_token_is_the_text_between_its_offsets():
    tokens = cut(TEXT)
    assert [TEXT[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == tokens.texts
    assert tokens.folds[0] == "وصل" and "3,500" in tokens.folds


def test_rows_tell_what_the_lists_tell():
    assert list(zip(*cut(TEXT), strict=True)) == [tuple(token) for token in tokenise(TEXT)]


def test_sentences_end_at_stops_and_line_breaks_but_not_after_a_title():
    tokens = cut(TEXT)
    numbers = dict(zip(tokens.texts, tokens.sentences, strict=True))
    assert numbers["وصلَ"] == numbers["سالم"] == numbers["البلدة"] < numbers["ثم"] == numbers["شخص"]


@pytest.mark.parametrize("text", ["قبل \u064b\u064b بعد", "قبل ـــ بعد"])
def test_marks_alone_are_no_word(text):
    assert cut(text).texts == ["قبل", "بعد"]
