"""What the desk asks or tells by itself: sources that are asked for news, and hooks, which are told of news.

Each change is a row of its own; the newest of an id says how it stands.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from marsad.record.asof import moment_of, standing
from marsad.record.decisions import in_parts
from marsad.record.schema import announced, poll, watch
from marsad.record.store import Writing

SOURCE, HOOK = "source", "hook"


@dataclass(frozen=True, slots=True)
class Watch:
    """A source or a hook as it stands; `person` changed it last."""

    id: str
    kind: str
    body: Mapping[str, Any]
    gone: bool
    person: str


def put_watch(
    writing: Writing, kind: str, body: Mapping[str, Any], person: str, id: str = "", gone: bool = False
) -> str:  # fmt: skip
    """Write a source or a hook as it is from now on, a new one without `id`, and return its id."""
    id = id or secrets.token_hex(6)
    told = json.dumps(body, ensure_ascii=False, sort_keys=True)
    writing.add_one(watch, id=id, kind=kind, body=told, gone=gone, person=person)
    return id


def watches(connection: Connection, kind: str) -> list[Watch]:
    """Return the sources or hooks that there are, the oldest first."""
    asked = select(watch).where(standing(watch, ("id",), None), watch.c.kind == kind, ~watch.c.gone)
    rows = connection.execute(asked.order_by(watch.c.n))
    return sorted((_watch(row) for row in rows), key=lambda found: str(found.body.get("name", found.id)))


def watch_of(connection: Connection, id: str) -> Watch | None:
    """Return a source or a hook, None where there is none."""
    row = connection.execute(select(watch).where(standing(watch, ("id",), None), watch.c.id == id)).first()
    return _watch(row) if row and not row.gone else None


def announced_to(connection: Connection, hook: str, keys: Iterable[str]) -> set[str]:
    """Return those of the keys of which a hook was told."""
    found: set[str] = set()
    for some in in_parts(keys):
        asked = select(announced.c.key).where(announced.c.hook == hook, announced.c.key.in_(some))
        found.update(connection.execute(asked).scalars())
    return found


def put_announced(writing: Writing, hook: str, keys: Iterable[str]) -> None:
    """Write that a hook was told of these."""
    writing.add(announced, [{"hook": hook, "key": key} for key in keys])


def polls_of(connection: Connection, source: str) -> dict[str, str | None]:
    """Return when polling a source last succeeded, when it last failed, and of what (`error`); instants are ISO."""
    # A state is written with its keys in order; what it says of failures stands in it literally.
    good = _last(connection, source, poll.c.state.contains('"failures": 0,'))
    bad = _last(connection, source, poll.c.state.not_like('%"failures": 0,%'))
    error = json.loads(bad.state)["last_error"] if bad else None
    return {"succeeded": _time(good), "failed": _time(bad), "error": error}


def _last(connection: Connection, source: str, which: Any) -> Any:
    asked = select(poll).where(poll.c.source == source, which).order_by(poll.c.n.desc()).limit(1)
    return connection.execute(asked).first()


def _time(row: Any) -> str | None:
    return moment_of(row.recorded_at).isoformat(timespec="seconds") if row else None


def _watch(row: Any) -> Watch:
    return Watch(row.id, row.kind, json.loads(row.body), bool(row.gone), row.person)
