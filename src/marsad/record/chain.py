"""The chain of decisions: each row's hash covers the row and the hash before it, so that later tampering shows.

What is hashed is the text of each column in turn with the unit separator (U+001F) between them. No column may hold
that character when it is written, so nothing can be moved from one column into the next. Rows are numbered 1, 2, 3 …
without a gap: a row that was taken out, or put in, shows too.
What was cut off at the end shows only to whoever noted an earlier head: `marsad verify --head HASH`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from marsad.errors import UsageError
from marsad.record.schema import decision
from marsad.record.store import Writing

# What a hash covers, in this order; `prior` first, so that no row fits elsewhere.
HASHED = (
    "prior", "id", "subject", "ref", "kind", "person", "reason", "body", "ground", "decided_at", "recorded_at",
)  # fmt: skip
_CONTENT = ("subject", "ref", "kind", "person", "reason", "body", "ground", "decided_at")
_BETWEEN = "\x1f"
# Rows fetched at a time: 2,000 to 20,000 are equally fast, these take a few megabytes.
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad row of a chain: its number and id where it has one, and what is wrong with it."""

    n: int | None
    id: str | None
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows fit, the hash of the last of them, and the first that does not."""

    rows: int
    head: str
    fault: Fault | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was found to be tampered with."""
        return self.fault is None


def append(writing: Writing, decisions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Write the decisions at the end of the chain and return their rows.

    `body` and `ground` may be dictionaries. A decision without `decided_at` is decided now, after all that were
    decided before, and one without `id` gets that of its content.
    """
    if not decisions:
        return []
    number, prior = _end_of(writing.connection)
    now = next_instant(writing)
    rows: list[dict[str, Any]] = []
    for given in decisions:
        row = completed({"decided_at": now, **given})
        now = max(now, row["decided_at"] + 1)
        number += 1
        row |= {"n": number, "prior": prior, "recorded_at": writing.at}
        prior = row["hash"] = hash_of(row)
        rows.append(row)
    writing.add(decision, rows)
    return rows


def next_instant(writing: Writing) -> int:
    """Return now, or the instant after the latest decision, so that what is decided last is also dated last."""
    latest = writing.connection.execute(select(func.max(decision.c.decided_at))).scalar()
    return max(writing.at, (latest or 0) + 1)


def completed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a decision: body and ground as canonical JSON, and its id."""
    row = {"reason": "", **given}
    row["body"], row["ground"] = (canonical(row.get(name) or {}) for name in ("body", "ground"))
    row.setdefault("id", decision_id(row))
    return row


def canonical(value: Any) -> str:
    """Return the JSON of a value that is the same for the same value, always; text is taken to be that already."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def decision_id(row: Mapping[str, Any]) -> str:
    """Return the same 16 hexadecimal digits for the same decision of the same person and instant, always."""
    return hashlib.sha256(_joined(row, _CONTENT)).hexdigest()[:16]


def hash_of(row: Mapping[str, Any]) -> str:
    """Return the hash that a row of the chain must have."""
    return hashlib.sha256(_joined(row, HASHED)).hexdigest()


def _joined(row: Mapping[str, Any], names: Sequence[str]) -> bytes:
    joined = _BETWEEN.join([str(row[name]) for name in names])
    if joined.count(_BETWEEN) != len(names) - 1:
        raise UsageError(f"the decision on {row['ref']!r} holds the control character U+001F; take it out")
    return joined.encode()


def _end_of(connection: Connection) -> tuple[int, str]:
    last = select(decision.c.n, decision.c.hash).order_by(decision.c.n.desc()).limit(1)
    row = connection.execute(last).first()
    return (row.n, row.hash) if row else (0, "")


def head_of(connection: Connection) -> str:
    """Return the hash of the last decision, to be noted elsewhere; "" where there is none."""
    return _end_of(connection)[1]


def verify_chain(connection: Connection, head: str | None = None) -> Verdict:
    """Return whether every decision is as it was written, and the first that is not.

    `head` is a hash noted earlier: it must still be in the chain, else its end was cut off or made anew.
    """
    rows, last, start = 0, "", b"\x1f"
    met = not head
    sha256 = hashlib.sha256
    for n, hash, hashed in _links(connection):
        fits = hashed is not None and hashed.startswith(start) and sha256(hashed).hexdigest() == hash
        if not fits or n != rows + 1:
            return Verdict(rows, last, _fault(connection, rows + 1, n, last))
        rows, last, start = n, hash, hash.encode() + b"\x1f"
        met = met or hash == head
    fault = None if met else Fault(None, None, f"no row has the noted hash {head}: the end was cut off or made anew")
    return Verdict(rows, last, fault)


def _fault(connection: Connection, expected: int, n: int, last: str) -> Fault:
    """Return what is wrong with row n, which should be the expected one and follow the hash `last`."""
    id, prior = connection.execute(select(decision.c.id, decision.c.prior).where(decision.c.n == n)).one()
    if n > expected:
        return Fault(expected, None, f"the row is missing: after {expected - 1} comes {n}")
    if n < expected:
        return Fault(n, id, "the row was put in before the first")
    if prior != last:
        return Fault(n, id, f"it does not follow row {n - 1}: one of the two was changed, put in or taken out")
    return Fault(n, id, "its hash does not fit: the row was changed after it was written")


def _links(connection: Connection) -> Iterator[tuple[int, str, bytes | None]]:
    """Yield number, hash and what is hashed of every row in order, a page at a time."""
    # The engine puts together what is hashed: in Python that takes longer than all the rest.
    hashed: ColumnElement[bytes] = literal_column(_hashed_in_sql(connection.dialect.name))
    asked = select(decision.c.n, decision.c.hash, hashed).order_by(decision.c.n).limit(_PAGE)
    page = connection.execute(asked).all()
    while page:
        yield from cast(Sequence[tuple[int, str, bytes | None]], page)
        page = connection.execute(asked.where(decision.c.n > page[-1][0])).all()


def _hashed_in_sql(dialect: str) -> str:
    if dialect == "sqlite":
        return f"CAST({'||char(31)||'.join(HASHED)} AS BLOB)"
    return f"convert_to({'||chr(31)||'.join(HASHED)}, 'UTF8')"
