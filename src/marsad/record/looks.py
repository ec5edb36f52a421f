"""Who looked at what is sensitive, exported, signed in or changed an account: a chain like that of the decisions.

Each row's hash covers the row and the hash before it, and rows are numbered without a gap: what was changed, put in
or taken out shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from marsad.errors import UsageError
from marsad.record.chain import Fault, Verdict
from marsad.record.schema import look
from marsad.record.store import Writing

_HASHED = ("prior", "person", "what", "ref", "body", "recorded_at")
_BETWEEN = "\x1f"
_PAGE = 5_000


def log(writing: Writing, person: str, what: str, ref: str = "", body: Mapping[str, Any] | None = None) -> None:
    """Write that a person did this with the thing of that id."""
    last = writing.connection.execute(select(look.c.n, look.c.hash).order_by(look.c.n.desc()).limit(1)).first()
    told = json.dumps(body or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    row = {"person": person, "what": what, "ref": ref, "body": told, "prior": last.hash if last else ""}
    full = {**row, "recorded_at": writing.at}
    writing.add(look, [{"n": last.n + 1 if last else 1, **row, "hash": _hash_of(full)}])


def looks(connection: Connection, person: str | None = None, what: str | None = None, limit: int = 100) -> list[Any]:
    """Return what was done, the latest first, by everybody or one person, of every kind or one."""
    asked = select(look).order_by(look.c.n.desc()).limit(limit)
    asked = asked.where(look.c.person == person) if person else asked
    return list(connection.execute(asked.where(look.c.what == what) if what else asked))


def verify_looks(connection: Connection) -> Verdict:
    """Return whether every row is as it was written, and the first that is not."""
    rows, last = 0, ""
    for row in _rows(connection):
        if row.n != rows + 1 or row.prior != last or _hash_of(row._mapping) != row.hash:
            return Verdict(rows, last, Fault(row.n, None, "it does not follow the row before, or was changed"))
        rows, last = row.n, row.hash
    return Verdict(rows, last)


def _rows(connection: Connection) -> Iterator[Any]:
    page = connection.execute(select(look).order_by(look.c.n).limit(_PAGE)).all()
    while page:
        yield from page
        page = connection.execute(select(look).where(look.c.n > page[-1].n).order_by(look.c.n).limit(_PAGE)).all()


def _hash_of(row: Mapping[str, Any]) -> str:
    joined = _BETWEEN.join(str(row[name]) for name in _HASHED)
    if joined.count(_BETWEEN) != len(_HASHED) - 1:
        raise UsageError("what is logged holds the control character U+001F; take it out")
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
