"""What a record remembers for the next time: columns that a person named, and where polling stands."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from marsad.record import schema
from marsad.record.store import Record


def columns_for(record: Record, header: str) -> str | None:
    """Return what a person last named as the columns of tables with this header; None where nobody did."""
    table = schema.columns
    asked = select(table.c.mapping).where(table.c.header == header).order_by(table.c.n.desc()).limit(1)
    with record.asking() as connection:
        found: str | None = connection.execute(asked).scalar()
        return found


def remember_columns(record: Record, header: str, mapping: str) -> None:
    """Keep what a person named as the columns of tables with this header."""
    if columns_for(record, header) != mapping:
        with record.writing("columns") as writing:
            writing.add(schema.columns, [{"header": header, "mapping": mapping}])


def poll_state(record: Record, source: str) -> dict[str, Any]:
    """Return how the last poll of a source left it, as keys and values; {} before the first."""
    table = schema.poll
    asked = select(table.c.state).where(table.c.source == source).order_by(table.c.n.desc()).limit(1)
    with record.asking() as connection:
        written = connection.execute(asked).scalar()
    return dict(json.loads(written)) if written else {}


def remember_poll(record: Record, source: str, state: Any) -> None:
    """Keep how a poll left a source; `state` is a dataclass of texts, numbers and times."""
    written = json.dumps(asdict(state), default=_written, ensure_ascii=False, sort_keys=True)
    with record.writing(f"poll {source}") as writing:
        writing.add(schema.poll, [{"source": source, "state": written}])


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be kept")


def is_polled(record: Record, source: str, key: str) -> bool:
    """Tell whether an entry of a source was taken before."""
    with record.asking() as connection:
        return _is_marked(connection, source, key)


def mark_polled(record: Record, source: str, key: str) -> None:
    """Keep that an entry of a source was taken."""
    if is_polled(record, source, key):
        return
    with record.writing(f"poll {source}") as writing:
        # Asked again: another process may have marked it between the two.
        if not _is_marked(writing.connection, source, key):
            writing.add(schema.polled, [{"source": source, "key": key}])


def _is_marked(connection: Connection, source: str, key: str) -> bool:
    table = schema.polled
    asked = select(table.c.key).where(table.c.source == source, table.c.key == key)
    return connection.execute(asked).first() is not None
