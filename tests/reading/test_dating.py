"""Which day or interval a time gives to a claim."""

from __future__ import annotations

from datetime import date

import pytest

from marsad.model import Report
from marsad.pipeline import Reader
from marsad.reading import dating


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("تدور اشتباكات في داعل منذ صباح أمس", "2024-12-06"),
        ("تدور اشتباكات في داعل منذ ساعات", "2024-12-07"),
        ("تدور اشتباكات في داعل منذ ثلاثة أيام", "2024-12-04/2024-12-07"),
    ],
)
def test_what_began_yesterday_is_dated_yesterday_and_what_began_before_reaches_to_today(text, value):
    reader = Reader()
    scene = reader.scene(Report("r", text, published=date(2024, 12, 7), theatre="sy"))
    reader.claims.survey(scene)
    here = [d.value for d in dating.candidates(scene, scene.events[0]) if d.sort == "here"]
    assert here == [value]
