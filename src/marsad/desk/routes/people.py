"""Who works at the desk, and the log of what they did; for its administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.desk.access import desk_of, who_of
from marsad.desk.pages import shown
from marsad.desk.signing import new_password
from marsad.errors import UsageError
from marsad.record import looks
from marsad.record.accounts import (
    ROLES,
    Account,
    Credential,
    account_of,
    accounts,
    name_of,
    put_account,
    put_credential,
)
from marsad.record.asof import moment_of
from marsad.record.chain import verify_chain
from marsad.record.permits import revoke

router = APIRouter(include_in_schema=False)


@router.get("/people", name="people")
def people(request: Request) -> Response:
    """List the accounts."""
    with desk_of(request).record.asking() as connection:
        rows = accounts(connection)
    return shown(request, "people.html", rows=rows, roles=ROLES)


@router.post("/people", name="add_person")
def add_person(
    request: Request, name: Annotated[str, Form()], role: Annotated[str, Form()], password: Annotated[str, Form()],
    groups: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Make an account with a first password, which its holder is told and changes."""
    desk, who = desk_of(request), who_of(request)
    hashed = new_password(password)
    with desk.writing(who, "add person") as writing:
        if account_of(writing.connection, name_of(name)) is not None:
            raise UsageError(f"there is an account {name!r} already, or was; a name is never given twice")
        made = Account(name_of(name), role, _groups(groups))
        put_account(writing, made, who.name)
        put_credential(writing.connection, Credential(made.name, hashed))
        looks.log(writing, who.name, "account made", made.name, {"role": role})
    return RedirectResponse("/people", 303)


@router.post("/people/{name}", name="change_person")
def change_person(
    request: Request, name: str, role: Annotated[str, Form()], groups: Annotated[str, Form()] = "",
    closed: Annotated[bool, Form()] = False, password: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Change the role and groups of an account, close or open it, or give it a new password; its sessions end."""
    desk, who = desk_of(request), who_of(request)
    if name == who.name:
        raise HTTPException(403, "another administrator changes your own account")
    with desk.writing(who, "change person") as writing:
        if account_of(writing.connection, name) is None:
            raise HTTPException(404, "there is no such account")
        put_account(writing, Account(name, role, _groups(groups), closed), who.name)
        if password:
            put_credential(writing.connection, Credential(name, new_password(password)))
        revoke(writing.connection, name)
        looks.log(
            writing, who.name, "account changed", name, {"role": role, "closed": closed, "password": bool(password)}
        )
    return RedirectResponse("/people", 303)


@router.get("/audit", name="audit")
def audit(request: Request, person: str = "", what: str = "", verify: bool = False) -> Response:
    """Show who did what, the latest first, and, where it is asked for, whether both chains are whole."""
    with desk_of(request).record.asking() as connection:
        rows = looks.looks(connection, person or None, what or None)
        # Each goes through all of a chain, which takes seconds where it is long.
        verdict, decisions = (looks.verify_looks(connection), verify_chain(connection)) if verify else (None, None)
    told = [{**row._mapping, "at": moment_of(row.recorded_at).isoformat(timespec="seconds")} for row in rows]
    return shown(request, "audit.html", rows=told, verdict=verdict, decisions=decisions, person=person, what=what)


def _groups(written: str) -> tuple[str, ...]:
    return tuple(name for part in written.replace("،", ",").split(",") if (name := part.strip()))
