"""Days as tables write them: read where they can mean one day only, refused where they could mean two."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from marsad.intake.days import day_of
from marsad.intake.failures import UnreadableError

DAY = date(2024, 12, 25)


@pytest.mark.parametrize(
    "written",
    [
        "2024-12-25",
        "2024-12-25 00:00:00",
        "2024-12-25T23:30:00-08:00",
        "2024/12/25",
        "25/12/2024",
        "25-12-2024",
        "25.12.2024 10:15",
        "12/25/2024 9:05:00 AM",
        "٢٥/١٢/٢٠٢٤",
        "\u200f25/12/2024",
        datetime(2024, 12, 25, 23, 30, tzinfo=timezone(timedelta(hours=-8))),
        DAY,
    ],
)
def test_a_day_that_can_be_one_only_is_read(written):
    assert day_of(written) == DAY


def test_an_ambiguous_day_is_refused_and_read_in_a_named_order():
    with pytest.raises(UnreadableError, match=r"day or month may come first; .*published:dmy=COLUMN"):
        day_of("03/04/2024")
    assert day_of("03/04/2024", "dmy") == date(2024, 4, 3)
    assert day_of("03/04/2024", "mdy") == date(2024, 3, 4)
    assert day_of("05/05/2024") == date(2024, 5, 5)


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("12/25/2024", "dmy"),
        ("25/12/2024", "mdy"),
        ("31/02/2024", None),
        ("25/12/24", None),
        ("25/12-2024", None),
        ("45651", None),
        ("0000-00-00", None),
    ],
)
def test_what_is_no_day_is_refused(written, order):
    with pytest.raises(UnreadableError, match="is no date; write it as YYYY-MM-DD"):
        day_of(written, order)


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_nothing_is_no_day_and_no_failure(nothing):
    assert day_of(nothing) is None
