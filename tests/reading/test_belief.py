"""What is seen of a candidate that tells whether it is a claim of its own."""

from __future__ import annotations

import pytest

from marsad.model import Report
from marsad.pipeline import Reader
from marsad.reading import belief
from marsad.reading.weights import spelt


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("هاجم مسلحون قرية داعل. وأسفر الهجوم عن قتلى.", "known=attack:word:True:True"),
        ("أسفر الهجوم على داعل عن قتلى.", "known=attack:word:True:False"),
        ("هاجم مسلحون داعل. وشن مسلحون هجوما في طفس.", "known=attack:word:False:True"),
    ],
)
def test_an_attack_told_before_is_seen(text, seen):
    reader = Reader()
    scene = reader.scene(Report("r", text, theatre="sy"))
    reader.claims.survey(scene)
    considered = list(reader.claims.considered(scene))
    event, slots, rivals = [c for c in considered if c[0].trigger.type == "attack"][-1]
    assert seen in set(spelt(belief.features(scene, event, slots, rivals)))
