"""The bundled sample: written for Marsad and said to be, of several kinds of outlet, in the days it tells of."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

from marsad.intake import read_inputs
from marsad.model import Report

PATH = files("marsad.packs") / "sample" / "reports.jsonl"
RECORDS = [json.loads(line) for line in PATH.read_text("utf-8").splitlines()]


def test_every_record_says_that_it_was_written_for_marsad():
    assert all("Written for Marsad" in r["note"] for r in RECORDS)
    assert "written for Marsad" in (PATH.parent / "README.md").read_text("utf-8")


def test_there_are_twelve_reports_or_more_of_five_outlets_or_more_each_of_its_own_id():
    assert len({r["id"] for r in RECORDS}) == len(RECORDS) >= 12
    assert len({r["outlet"] for r in RECORDS}) >= 5


def test_reports_are_as_long_as_real_ones_and_of_the_summer_of_2018_in_order():
    assert all(120 <= len(r["text"].split()) <= 250 for r in RECORDS)
    days = [date.fromisoformat(r["published"]) for r in RECORDS]
    assert days == sorted(days) and date(2018, 6, 1) < days[0] < days[-1] <= date(2018, 8, 1)


def test_intake_reads_it_whole():
    got = list(read_inputs([str(PATH)]))
    assert [type(r) for r in got] == [Report] * len(RECORDS)
    assert [r.text for r in got] == [r["text"] for r in RECORDS]
