"""The memory of polling: a record's, or none at all."""

from __future__ import annotations

from datetime import datetime

from marsad.intake.watching import PollState
from marsad.record.remembering import is_polled, mark_polled, poll_state, remember_poll
from marsad.record.store import Record


class Polls:
    """Remembers in a record how each source stands and what was taken from it (see `intake.watching.PollMemory`)."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def state(self, name: str) -> PollState:
        """Return how the last poll left the source."""
        kept = poll_state(self._record, name)
        return PollState(**{**kept, "due": datetime.fromisoformat(kept["due"])}) if kept else PollState()

    def remember(self, name: str, state: PollState) -> None:
        """Keep how a poll left the source."""
        remember_poll(self._record, name, state)

    def seen(self, name: str, key: str) -> bool:
        """Tell whether the entry was taken."""
        return is_polled(self._record, name, key)

    def mark(self, name: str, key: str) -> None:
        """Keep that the entry was taken."""
        mark_polled(self._record, name, key)


class Nothing:
    """Remembers nothing: who asks once for an address wants all that is there."""

    def state(self, name: str) -> PollState:
        """Return that the source was never polled."""
        return PollState()

    def remember(self, name: str, state: PollState) -> None:
        """Forget it."""

    def seen(self, name: str, key: str) -> bool:
        """Tell that nothing was taken before."""
        return False

    def mark(self, name: str, key: str) -> None:
        """Forget it."""
