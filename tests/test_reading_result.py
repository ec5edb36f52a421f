"""Sentences without a claim: counted at once, their reasons worked out when somebody asks."""

from __future__ import annotations

import pickle

from marsad.model import Report, Span, Unread
from marsad.pipeline import Reader
from marsad.reading_result import Later

SILENT = [Unread(Span(0, 5), "no word of any entry")]


def test_the_number_is_known_before_the_reasons_are_worked_out():
    asked = []

    def work_out() -> list[Unread]:
        asked.append(1)
        return SILENT

    later = Later(1, work_out)
    assert len(later) == 1 and not asked
    assert list(later) == SILENT and later[0] == SILENT[0] and later[:1] == SILENT
    assert later == SILENT and asked == [1]


def test_what_is_sent_to_another_process_is_the_plain_list():
    assert pickle.loads(pickle.dumps(Later(1, SILENT.copy))) == SILENT


def test_a_reading_counts_as_many_sentences_as_it_gives_reasons_for():
    reading = Reader().read(Report("r", "انفجرت مشاعر الجمهور. افتتح الوزير معرض الكتاب."))
    assert reading.claims == [] and len(reading.unread) == len(list(reading.unread)) == 2
    first, second = [reason for _, reason in reading.unread]
    assert first.startswith("not certain enough") and second == "no word of any entry"
