"""JSON Lines: names of a gold file, Arabic as it is, the same bytes every time."""

from __future__ import annotations

import json

from make import TEXT, reading, report, takeover, withdrawal
from marsad.publish.jsonl import line_of, record_of


def test_a_line_is_one_object_with_arabic_letters_as_they_are():
    line = line_of(report(), [takeover(), withdrawal()])
    assert line.endswith("}\n") and line.count("\n") == 1 and TEXT in line
    assert json.loads(line) == json.loads(json.dumps(record_of(report(), [takeover(), withdrawal()])))


def test_the_same_claims_give_the_same_bytes():
    assert line_of(report(), [takeover()]).encode() == line_of(report(), [takeover()]).encode()


def test_a_report_that_nobody_dated_has_null():
    assert record_of(report(published=None, outlet=None), [])["published"] is None


def test_a_reading_says_the_same():
    assert reading().as_dict() == record_of(report(), [takeover(), withdrawal()])
