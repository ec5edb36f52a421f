"""Signing in and out, and what everybody may change of their own account."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.desk.access import COOKIE, DAY, IDLE, SECOND, Desk, desk_of, now, who_of
from marsad.desk.pages import LANGUAGE, shown
from marsad.desk.signing import (
    address_of,
    after_failure,
    after_success,
    is_locked,
    is_password,
    new_codes,
    new_password,
    new_secret,
    with_code,
)
from marsad.desk.words import LANGUAGES
from marsad.errors import UsageError
from marsad.record import looks
from marsad.record.accounts import Credential, account_of, credential_of, put_credential
from marsad.record.permits import HALF, SESSION, grant, permit_of, revoke, sweep
from marsad.record.store import Writing

router = APIRouter(include_in_schema=False)
_HALF_LASTS = 5 * 60 * SECOND
_YEAR_S = 365 * 24 * 60 * 60


@router.get("/sign-in", name="sign_in")
def sign_in(request: Request, next: str = "/") -> Response:
    """Show where one signs in."""
    return shown(request, "sign_in.html", next=_local(next), half=False, wrong=False)


@router.post("/sign-in", name="sign_in_now")
def sign_in_now(
    request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()], next: Annotated[str, Form()] = "/"
) -> Response:
    """Begin a session, or, where a second factor is set up, ask for it."""
    desk, at = desk_of(request), now()
    with desk.record.asking() as connection:
        known = credential_of(connection, name.strip())
    if is_locked(known, at) or not is_password(known, password) or known is None:
        _failed(desk, name.strip(), known, at)
        return shown(request, "sign_in.html", 401, next=_local(next), half=False, wrong=True)
    if known.totp is None:
        return _signed_in(desk, known, next, at)
    with desk.record.restoring() as connection:
        secret = grant(connection, known.name, HALF, at, _HALF_LASTS)
    return _with_cookie(RedirectResponse(f"/sign-in/code?next={_local(next)}", 303), desk, secret)


@router.get("/sign-in/code", name="second_factor")
def second_factor(request: Request, next: str = "/") -> Response:
    """Show where the code of the moment is written."""
    return shown(request, "sign_in.html", next=_local(next), half=True, wrong=False)


@router.post("/sign-in/code", name="second_factor_now")
def second_factor_now(request: Request, code: Annotated[str, Form()], next: Annotated[str, Form()] = "/") -> Response:
    """Begin a session for who has given a password and gives a code that is right."""
    desk, at = desk_of(request), now()
    with desk.record.asking() as connection:
        half = permit_of(connection, request.cookies.get(COOKIE, ""), at)
        known = credential_of(connection, half.name) if half and half.kind == HALF else None
    if known is None:
        return RedirectResponse(f"/sign-in?next={_local(next)}", 303)
    proven = None if is_locked(known, at) else with_code(known, code, at)
    if proven is None:
        _failed(desk, known.name, known, at)
        return shown(request, "sign_in.html", 401, next=_local(next), half=True, wrong=True)
    return _signed_in(desk, proven, next, at)


@router.post("/sign-out", name="sign_out")
def sign_out(request: Request) -> Response:
    """End the session."""
    desk, who = desk_of(request), who_of(request)
    with desk.record.restoring() as connection:
        revoke(connection, who.name, who.permit.digest)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.post("/speak", name="speak")
def speak(lang: Annotated[str, Form()], next: Annotated[str, Form()] = "/") -> Response:
    """Choose the language of the pages."""
    answer = RedirectResponse(_local(next), 303)
    if lang in LANGUAGES:
        answer.set_cookie(LANGUAGE, lang, max_age=_YEAR_S, samesite="strict", httponly=True)
    return answer


def _local(path: str) -> str:
    """Return a path of the desk; what would lead elsewhere leads to its front."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"


def _failed(desk: Desk, name: str, known: Credential | None, at: int) -> None:
    """Count a wrong try, and log it; what was typed as a name may be a password, and is logged only if it is one."""
    with desk.record.writing("desk sign-in", desk.tool) as writing:
        if known is not None and not is_locked(known, at):
            put_credential(writing.connection, after_failure(known, at))
        looks.log(writing, known.name if known else "", "sign-in failed")


def _signed_in(desk: Desk, proven: Credential, next: str, at: int) -> Response:
    """Begin a session under a new secret, so that one that was planted before is worth nothing."""
    with desk.record.writing("desk sign-in", desk.tool) as writing:
        found = account_of(writing.connection, proven.name)
        if found is None or found.gone:
            raise HTTPException(403, "this account is closed")
        sweep(writing.connection, at)
        put_credential(writing.connection, after_success(proven))
        secret = grant(writing.connection, proven.name, SESSION, at, min(IDLE, DAY))
        looks.log(writing, proven.name, "sign-in")
    return _with_cookie(RedirectResponse(_local(next), 303), desk, secret)


def _with_cookie(answer: Response, desk: Desk, secret: str) -> Response:
    answer.set_cookie(COOKIE, secret, httponly=True, samesite="strict", secure=desk.secure)
    return answer


@router.get("/me", name="me")
def me(request: Request) -> Response:
    """Show one's own account."""
    with desk_of(request).record.asking() as connection:
        known = credential_of(connection, who_of(request).name)
    return shown(request, "me.html", enrolled=bool(known and known.totp), codes=None, enrolment=None, wrong=None)


@router.post("/me/password", name="set_password")
def set_password(request: Request, old: Annotated[str, Form()], new: Annotated[str, Form()]) -> Response:
    """Change one's own password, which ends every other session of the account."""
    who, desk = who_of(request), desk_of(request)
    with desk.record.asking() as connection:
        known = credential_of(connection, who.name)
    if known is None or not is_password(known, old):
        raise HTTPException(403, "that is not your password")
    _changed(desk, replace(known, password=new_password(new)), "password changed", keep=who.permit.digest)
    return RedirectResponse("/me", 303)


@router.post("/me/second-factor", name="enrol")
def enrol(request: Request) -> Response:
    """Offer a secret for codes of the moment; it counts when a code of it has been given."""
    secret = new_secret()
    enrolment = {"secret": secret, "address": address_of(secret, who_of(request).name)}
    return shown(request, "me.html", enrolled=False, codes=None, enrolment=enrolment, wrong=None)


@router.post("/me/second-factor/confirm", name="confirm_enrolment")
def confirm_enrolment(request: Request, secret: Annotated[str, Form()], code: Annotated[str, Form()]) -> Response:
    """Take a secret whose code is right as the second factor, and show recovery codes once."""
    who, desk, at = who_of(request), desk_of(request), now()
    with desk.record.asking() as connection:
        known = credential_of(connection, who.name)
    if known is None:
        raise HTTPException(403, "your account has no password")
    codes, digests = new_codes()
    try:
        proven = with_code(replace(known, totp=secret, totp_step=0, recovery=()), code, at)
    except ValueError as error:
        raise UsageError("that secret is none; begin again") from error
    if proven is None:
        enrolment = {"secret": secret, "address": address_of(secret, who.name)}
        return shown(request, "me.html", 401, enrolled=False, codes=None, enrolment=enrolment, wrong="wrong_code")
    _changed(desk, replace(proven, recovery=digests), "second factor set", keep=who.permit.digest)
    return shown(request, "me.html", enrolled=True, codes=codes, enrolment=None, wrong=None)


def _changed(desk: Desk, new: Credential, what: str, keep: str) -> None:
    with desk.record.writing(f"desk {what}", desk.tool) as writing:
        put_credential(writing.connection, new)
        _end_others(writing, new.name, keep)
        looks.log(writing, new.name, what)


def _end_others(writing: Writing, name: str, keep: str) -> None:
    from marsad.record.permits import permits_of

    for permit in permits_of(writing.connection, name, writing.at):
        if permit.kind == SESSION and permit.digest != keep:
            revoke(writing.connection, name, permit.digest)
