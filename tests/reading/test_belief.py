"""What is seen of a candidate that tells whether it is a claim of its own."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from marsad.model import Report
from marsad.pipeline import Reader
from marsad.reading import belief
from marsad.reading.weights import spelt

SAMPLE = files("marsad.packs") / "sample" / "reports.jsonl"
TEXTS = [
    "قال مصدر إن هجوما أسفر عن مقتل 5 مدنيين في داعل.",
    "افتتح الوزير معرض الكتاب.",
    "الهجوم في كرة القدم علم.",
]


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


def texts() -> list[str]:
    return [*TEXTS, *(json.loads(line)["text"] for line in SAMPLE.read_text("utf-8").splitlines())]


def test_what_is_left_out_before_numbers_and_voices_are_found_is_never_believed():
    reader = Reader()
    left_out = 0
    for text in texts():
        scene = reader.scene(Report("r", text))
        reader.claims.survey(scene)
        weighed = reader.claims.weighed(scene)
        hopes = reader.claims.hopes(weighed)
        left_out += len(weighed) - len(hopes)
        assert reader.claims.believed(scene, hopes)[0] == reader.claims.believed(scene, weighed)[0]
    assert left_out > 10
