"""The memory of polling: in a record it outlives the process, for a single question there is none."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

from marsad.intake.watching import PollState
from marsad.polling import Nothing, Polls
from marsad.record.store import open_record

STATE = PollState('"abc"', "Fri, 06 Jul 2018 12:00:00 GMT", datetime(2018, 7, 6, 12, 15, tzinfo=UTC), 2, "لا يجيب")


def test_what_a_poll_left_is_there_for_the_next_process(tmp_path):
    address = str(tmp_path / "observatory.marsad")
    with closing(open_record(address)) as record:
        polls = Polls(record)
        assert polls.state("مرصد") == PollState()
        polls.remember("مرصد", PollState(failures=9))
        polls.remember("مرصد", STATE)
        polls.mark("مرصد", "k1")
    with closing(open_record(address)) as record:
        polls = Polls(record)
        assert polls.state("مرصد") == STATE and polls.state("وكالة") == PollState()
        assert polls.seen("مرصد", "k1") and not polls.seen("مرصد", "k2") and not polls.seen("وكالة", "k1")


def test_who_asks_once_is_given_everything():
    memory = Nothing()
    memory.remember("مرصد", STATE)
    memory.mark("مرصد", "k1")
    assert memory.state("مرصد") == PollState() and not memory.seen("مرصد", "k1")
