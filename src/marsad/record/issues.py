"""Digests as they were published: kept for ever as they went out; a correction is an issue of its own."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from marsad.errors import UsageError
from marsad.record.asof import moment_of
from marsad.record.schema import issue
from marsad.record.store import Writing

Row = dict[str, Any]


def put_issue(
    writing: Writing, first: str, last: str, under: str | None, body: Mapping[str, Any], person: str,
    of: str | None = None, reason: str = "",
) -> str:  # fmt: skip
    """Write a digest of the days as published, and return its id; `of` is the issue that it corrects."""
    if of is not None and (corrected := issue_of(writing.connection, of)) is None:
        raise UsageError(f"there is no issue {of!r} to correct")
    if of is not None and not reason.strip():
        raise UsageError("a correction says why: give a reason")
    # A correction of a correction is one of the first issue.
    first_of = (corrected["of"] or of) if of is not None and corrected else None
    id = f"{last}-{secrets.token_hex(3)}"
    told = json.dumps(body, ensure_ascii=False, sort_keys=True)
    writing.add_one(
        issue, id=id, of=first_of, first=first, last=last, under=under, person=person, reason=reason.strip(), body=told
    )
    return id


def issues(connection: Connection) -> list[Row]:
    """Return every issue without what it says, the latest published first."""
    columns = [column for column in issue.c if column.name != "body"]
    return [_row(row) for row in connection.execute(select(*columns).order_by(issue.c.n.desc()))]


def issue_of(connection: Connection, id: str) -> Row | None:
    """Return an issue with what it says, None where there is none."""
    row = connection.execute(select(issue).where(issue.c.id == id)).first()
    return {**_row(row), "body": json.loads(row.body)} if row else None


def corrections_of(connection: Connection, id: str) -> list[Row]:
    """Return the issues that correct this one, the first one first."""
    rows = connection.execute(select(issue).where(issue.c.of == id).order_by(issue.c.n))
    return [{key: value for key, value in _row(row).items() if key != "body"} for row in rows]


def _row(row: Any) -> Row:
    return {**row._mapping, "published": moment_of(row.recorded_at).isoformat(timespec="seconds")}
