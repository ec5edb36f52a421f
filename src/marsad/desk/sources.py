"""The sources that the desk asks for news by itself: as its list in the record has them, each when it is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from marsad.desk.access import now
from marsad.errors import UsageError
from marsad.intake.watching import PollState, WatchedSource
from marsad.intake.watching import source_of as read_source
from marsad.polling import Polls
from marsad.record import jobs
from marsad.record.store import Record
from marsad.record.watches import SOURCE, Watch, polls_of, watches

_FIELDS = ("name", "url", "kind", "every", "outlet", "theatre")
_LATE_US = 1_000_000


def body_of(asked: Mapping[str, str], others: list[Watch]) -> dict[str, Any]:
    """Return what is kept of a source that a person named; raise UsageError for what breaks a rule of the list.

    Private addresses are never allowed: whoever may add a source may not look into the house's network by it.
    """
    table = {name: asked[name].strip() for name in _FIELDS if asked.get(name, "").strip()}
    source = read_source(table, "this source")
    if any(other.body["name"] == source.name for other in others):
        raise UsageError(f"there is a source named {source.name!r} already; give this one a name of its own")
    return {**table, "name": source.name, "url": source.url, "paused": False}


def source_of(found: Watch) -> WatchedSource | None:
    """Return the source as polling takes it; None where it is paused."""
    table = {name: found.body[name] for name in _FIELDS if found.body.get(name)}
    return None if found.body["paused"] else read_source(table, "a source of the desk")


def is_due(state: PollState) -> bool:
    """Tell whether it is time to ask: another process may have asked meanwhile."""
    return _micros(state.due) <= now() + _LATE_US


def put_due(record: Record) -> None:
    """Let each source that is not paused be asked when it is due, by one process."""
    with record.asking() as connection:
        missing = [found for found in watches(connection, SOURCE) if not _is_settled(connection, found)]
    due = {found.id: _micros(Polls(record).state(found.body["name"]).due) for found in missing}
    if not missing:
        return
    with record.restoring() as connection:
        for found in missing:
            if not jobs.is_open(connection, "poll", {"watch": found.id}):
                jobs.put(connection, "poll", {"watch": found.id}, now(), due_at=due[found.id], title=found.body["name"])


def _is_settled(connection: Any, found: Watch) -> bool:
    return bool(found.body["paused"]) or jobs.is_open(connection, "poll", {"watch": found.id})


def told_of(record: Record) -> Iterator[dict[str, Any]]:
    """Yield each source with when it last gave something, when and why it last failed, and when it is asked next."""
    with record.asking() as connection:
        found = [(watch, polls_of(connection, watch.body["name"])) for watch in watches(connection, SOURCE)]
    for watch, polls in found:
        state = Polls(record).state(watch.body["name"])
        waits = (
            None if watch.body["paused"] else state.due.isoformat(timespec="seconds") if state.due.year > 1970 else ""
        )
        yield {"id": watch.id, **watch.body, **polls, "failing": state.failures, "next": waits}


def _micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
