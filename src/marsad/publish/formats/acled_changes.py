"""What became of the events of an ACLED export since another one: new, corrected column by column, deleted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from marsad.loading.acled import acled
from marsad.loading.mappings import EventColumn
from marsad.publish.event_tables import write_events
from marsad.publish.formats.acled import events_of
from marsad.publish.outgoing import Outgoing
from marsad.publish.spool import Spool

Row = Mapping[str, Any]
Moved = Callable[[str], str | None]
NEW, CORRECTED, DELETED = "new", "corrected", "deleted"
COLUMNS = (
    EventColumn("event_id_cnty", "text", "the event's id"),
    EventColumn("what", "text", "new, corrected or deleted"),
    EventColumn("timestamp", "whole", "when it was recorded, seconds since 1970 (UTC); of a deleted one, by when"),
    EventColumn("column", "text", "of a corrected one: the column that changed"),
    EventColumn("before", "text", "what stood there"),
    EventColumn("now", "text", "what stands there now"),
    EventColumn("merged_into", "text", "of a deleted one: the event that it went into, where that is known"),
)
# They tell of the row, not of the event.
_OF_THE_ROW = ("event_id_cnty", "timestamp")


def write_changes(before: Outgoing, now: Outgoing, path: Path, moved: Moved = lambda id: None) -> None:
    """Write what became of the events between two exports of one question, a row a change, and PATH-metadata.json.

    `moved` tells for an incident's id the incident that it is now, None where it is none. The events wait on disk.
    """
    left_out: Counter[str] = Counter()
    with Spool() as old, Spool() as new:
        for id, row in events_of(before):
            old.put(id, json.dumps(row))
        rows = _changes(old, new, now, left_out, moved)
        standard = f"ACLED, new, corrected and deleted events since {before.about.as_known}"
        write_events(now, path, COLUMNS, rows, left_out, standard)


def _changes(old: Spool, new: Spool, now: Outgoing, left_out: Counter[str], moved: Moved) -> Iterator[Row]:
    """Yield what is new and corrected in the order of the later export, then what is deleted by id."""
    for id, row in events_of(now, left_out):
        new.put(id, row["event_id_cnty"])
        kept = old.get(id)
        was = json.loads(kept) if kept else None
        if was is None or was["event_id_cnty"] != row["event_id_cnty"]:
            yield _change(row, NEW)
        else:
            yield from _corrections(was, row)
    by = int(datetime.fromisoformat(now.about.as_known).timestamp())
    for id, text in old.rows():
        was, at = json.loads(text), new.get(id)
        if was["event_id_cnty"] != at:
            into = at or new.get(moved(id) or "")
            yield {**_change(was, DELETED), "timestamp": by, "merged_into": into or ""}


def _corrections(was: Row, row: Row) -> Iterator[Row]:
    for column in (c.name for c in acled().columns if c.name not in _OF_THE_ROW):
        if was[column] != row[column]:
            yield {**_change(row, CORRECTED), "column": column, "before": was[column], "now": row[column]}


def _change(row: Row, what: str) -> dict[str, Any]:
    blank = dict.fromkeys((column.name for column in COLUMNS), "")
    return {**blank, "event_id_cnty": row["event_id_cnty"], "what": what, "timestamp": row["timestamp"]}
