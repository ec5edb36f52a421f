"""Sessions and tokens: what a person carries is known here by its digest alone."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from marsad.record.schema import permit

SESSION, HALF, TOKEN = "session", "half", "token"
_BYTES = 32
# By this a token is known in logs and in texts that should not hold one.
_SIGN = "marsad_"


@dataclass(frozen=True, slots=True)
class Permit:
    """That whoever carries its secret is this person, until an instant; a `half` one still lacks the second factor."""

    digest: str
    name: str
    kind: str
    label: str
    scopes: tuple[str, ...]
    made_at: int
    ends_at: int


def grant(
    connection: Connection, name: str, kind: str, at: int, lasts: int, label: str = "", scopes: Sequence[str] = ()
) -> str:
    """Write a new permit that ends so many microseconds after the instant, and return its secret, which is not kept."""
    secret = (_SIGN if kind == TOKEN else "") + secrets.token_urlsafe(_BYTES)
    row = {"digest": digest_of(secret), "name": name, "kind": kind, "label": label, "scopes": json.dumps(list(scopes))}
    connection.execute(permit.insert().values({**row, "made_at": at, "ends_at": at + lasts}))
    return secret


def digest_of(secret: str) -> str:
    """Return what a secret is known by."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def permit_of(connection: Connection, secret: str, at: int) -> Permit | None:
    """Return the permit of this secret; None where there is none, or it has ended by the instant."""
    row = connection.execute(select(permit).where(permit.c.digest == digest_of(secret), permit.c.ends_at > at)).first()
    return _permit(row) if row else None


def permits_of(connection: Connection, name: str, at: int) -> list[Permit]:
    """Return the permits of a person that have not ended, the oldest first."""
    asked = select(permit).where(permit.c.name == name, permit.c.ends_at > at).order_by(permit.c.made_at)
    return [_permit(row) for row in connection.execute(asked)]


def prolong(connection: Connection, digest: str, ends_at: int) -> None:
    """Let a permit end at another instant."""
    connection.execute(update(permit).where(permit.c.digest == digest).values(ends_at=ends_at))


def revoke(connection: Connection, name: str, digest: str | None = None) -> int:
    """End a permit of a person, or (None) all of them, and return how many there were."""
    asked = delete(permit).where(permit.c.name == name)
    return connection.execute(asked if digest is None else asked.where(permit.c.digest == digest)).rowcount


def sweep(connection: Connection, at: int) -> None:
    """Delete the permits that have ended."""
    connection.execute(delete(permit).where(permit.c.ends_at <= at))


def _permit(row: object) -> Permit:
    found = row._mapping  # type: ignore[attr-defined]
    fields = {name: found[name] for name in Permit.__dataclass_fields__}
    return Permit(**{**fields, "scopes": tuple(json.loads(found["scopes"]))})
