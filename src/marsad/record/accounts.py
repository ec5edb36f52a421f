"""Who may work at the desk: accounts, which are kept for ever, and credentials, of which only the newest is.

What a person decided stands under the name of their account. So a name is never given to a second person: an account
that is closed can be opened again, not made anew.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, select

from marsad.errors import UsageError
from marsad.record.asof import standing
from marsad.record.schema import account, credential
from marsad.record.store import Writing

# Each may do what the one before it may, and more.
ROLES = ("reader", "coder", "reviewer", "editor", "admin")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Account:
    """A person who works at the desk; `groups` are those whose sources they may see."""

    name: str
    role: str
    groups: tuple[str, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Credential:
    """What a person proves themselves by: digests, never what they type. Instants are microseconds since 1970."""

    name: str
    password: str
    totp: str | None = None
    totp_step: int = 0
    recovery: tuple[str, ...] = ()
    failures: int = 0
    locked_until: int = 0


def put_account(writing: Writing, made: Account, by: str) -> None:
    """Write an account as it is from now on; raise UsageError for a name or a role that cannot be."""
    if made.role not in ROLES:
        raise UsageError(f"{made.role!r} is no role at the desk; there are {', '.join(ROLES)}")
    groups = json.dumps(sorted(set(made.groups)), ensure_ascii=False)
    writing.add_one(account, name=name_of(made.name), role=made.role, groups=groups, gone=made.gone, by=by)


def name_of(written: str) -> str:
    """Return the name of an account as it is kept; raise UsageError for what is none."""
    name = unicodedata.normalize("NFC", written).strip()
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise UsageError(
            f"{written[:_LONGEST]!r} is no name; write 1 to {_LONGEST} letters, without control characters"
        )
    return name


def account_of(connection: Connection, name: str) -> Account | None:
    """Return the account of this name as it stands, also a closed one; None where there was never one."""
    return next((found for found in accounts(connection) if found.name == name), None)


def accounts(connection: Connection) -> list[Account]:
    """Return all accounts as they stand, by name."""
    rows = connection.execute(select(account).where(standing(account, ("name",), None)).order_by(account.c.name))
    return [Account(row.name, row.role, tuple(json.loads(row.groups)), bool(row.gone)) for row in rows]


def credential_of(connection: Connection, name: str) -> Credential | None:
    """Return by what this person proves themselves; None where there is nothing."""
    row = connection.execute(select(credential).where(credential.c.name == name)).first()
    if row is None:
        return None
    fields = {name: row._mapping[name] for name in Credential.__dataclass_fields__}
    return Credential(**{**fields, "recovery": tuple(json.loads(row.recovery))})


def put_credential(connection: Connection, new: Credential) -> None:
    """Write by what a person proves themselves from now on; what was before is gone."""
    connection.execute(delete(credential).where(credential.c.name == new.name))
    row = {name: getattr(new, name) for name in Credential.__dataclass_fields__}
    connection.execute(credential.insert().values({**row, "recovery": json.dumps(list(new.recovery))}))


def without_code(of: Credential, digest: str) -> Credential:
    """Return the credential without a recovery code, which is good for once."""
    return replace(of, recovery=tuple(left for left in of.recovery if left != digest))
