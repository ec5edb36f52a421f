"""What a record remembers for the next time: named columns, how polls left their sources, what was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from marsad.record import schema
from marsad.record.remembering import columns_for, is_polled, mark_polled, poll_state, remember_columns, remember_poll


@dataclass
class State:
    due: datetime
    failures: int = 0
    last_error: str | None = None


def acts(record):
    with record.asking() as connection:
        return connection.execute(select(func.count()).select_from(schema.act)).scalar()


def test_columns_are_those_that_were_named_last_for_the_header(record, append_only):
    assert columns_for(record, "h1") is None
    for header, mapping in (("h1", "text=نص"), ("h2", "text=خبر"), ("h1", "text=النص الكامل")):
        remember_columns(record, header, mapping)
    assert (columns_for(record, "h1"), columns_for(record, "h2")) == ("text=النص الكامل", "text=خبر")


def test_columns_named_again_are_not_written_again(record):
    remember_columns(record, "h1", "text=نص")
    before = acts(record)
    remember_columns(record, "h1", "text=نص")
    assert acts(record) == before


def test_a_source_is_as_its_last_poll_left_it(record, append_only):
    assert poll_state(record, "مرصد") == {}
    due = datetime(2018, 7, 6, 12, 30, tzinfo=UTC)
    remember_poll(record, "مرصد", State(due, 1, "لا يجيب"))
    remember_poll(record, "مرصد", State(due, 2))
    assert poll_state(record, "مرصد") == {"due": due.isoformat(), "failures": 2, "last_error": None}
    assert poll_state(record, "وكالة") == {}


def test_a_state_that_cannot_be_kept_is_refused_and_nothing_is_written(record):
    before = acts(record)
    with pytest.raises(TypeError, match="cannot be kept"):
        remember_poll(record, "مرصد", State(object()))
    assert acts(record) == before


def test_an_entry_is_marked_for_its_source_alone_and_once(record, append_only):
    assert not is_polled(record, "مرصد", "https://example.org/1")
    mark_polled(record, "مرصد", "https://example.org/1")
    before = acts(record)
    mark_polled(record, "مرصد", "https://example.org/1")
    assert is_polled(record, "مرصد", "https://example.org/1")
    assert not is_polled(record, "وكالة", "https://example.org/1")
    assert acts(record) == before


def test_an_entry_that_another_process_marked_meanwhile_is_no_trouble(record, monkeypatch):
    mark_polled(record, "مرصد", "k")
    monkeypatch.setattr("marsad.record.remembering.is_polled", lambda *_: False)
    mark_polled(record, "مرصد", "k")
    with record.asking() as connection:
        assert connection.execute(select(func.count()).select_from(schema.polled)).scalar() == 1
