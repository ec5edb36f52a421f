"""Who is named: forces of a pronoun, states that act, adjectives of states."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from marsad.model import Report
from marsad.pipeline import Reader


@cache
def reader() -> Reader:
    return Reader("sy")


def parties(text: str) -> list[tuple[str, str | None]]:
    scene = reader().scene(Report("r", text, published=date(2018, 7, 1)))
    return [(scene.words.slice(p.first, p.last), p.id) for p in scene.parties]


@pytest.mark.parametrize(
    ("text", "force", "id"),
    [
        ("أكدت قسد أن مقاتليها دخلوا البلدة", "مقاتليها", "sdf"),
        ("أعلن الجيش الحر أن قواته سيطرت على التل", "قواته", "opposition"),
        ("أعلنت القوات التركية أن مسلحيه تراجعوا", "مسلحيه", None),
    ],
)
def test_its_forces_are_of_the_side_that_the_pronoun_agrees_with(text: str, force: str, id: str | None) -> None:
    assert (force, id) in parties(text)


def test_a_country_acts_where_no_word_of_place_stands_before_it() -> None:
    assert ("تركيا", "turkey") in parties("أعلنت تركيا وقف القصف")
    assert parties("وصل اللاجئون إلى حدود تركيا")[-1][1] != "turkey"


def test_an_adjective_of_a_state_is_a_party_only_beside_an_act() -> None:
    assert ("الروسية", "russia") in parties("دمرت الغارات الجوية الروسية السوق")
    assert parties("نشرت الصحف الروسية الخبر") == []
