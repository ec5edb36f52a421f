"""Signing in and out, and what everybody may change of their own account."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.desk.access import COOKIE, DAY, IDLE, SECOND, Desk, address_of, desk_of, now, who_of
from marsad.desk.pages import LANGUAGE, shown
from marsad.desk.signing import (
    after_failure,
    after_success,
    enrolment_of,
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
from marsad.record.accounts import Credential, account_of, credential_of, name_of, put_credential
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
    _check_tries(request, at)
    known = _known_as(desk, name)
    # Asked of everybody, so that it takes as long for a name that there is not and for one that is locked.
    is_right = is_password(known, password)
    if known is None or not is_right or is_locked(known, at):
        _failed(request, known.name if known else None, at)
        return shown(request, "sign_in.html", 401, next=_local(next), half=False, wrong=True)
    if known.totp is None:
        return _signed_in(request, known, next, at) or RedirectResponse("/sign-in", 303)
    with desk.record.restoring() as connection:
        secret = grant(connection, known.name, HALF, at, _HALF_LASTS)
    return _with_cookie(RedirectResponse(f"/sign-in/code?next={quote(_local(next), safe='')}", 303), desk, secret)


@router.get("/sign-in/code", name="second_factor")
def second_factor(request: Request, next: str = "/") -> Response:
    """Show where the code of the moment is written."""
    return shown(request, "sign_in.html", next=_local(next), half=True, wrong=False)


@router.post("/sign-in/code", name="second_factor_now")
def second_factor_now(request: Request, code: Annotated[str, Form()], next: Annotated[str, Form()] = "/") -> Response:
    """Begin a session for who has given a password and gives a code that is right."""
    desk, at = desk_of(request), now()
    _check_tries(request, at)
    with desk.record.asking() as connection:
        half = permit_of(connection, request.cookies.get(COOKIE, ""), at)
        known = credential_of(connection, half.name) if half and half.kind == HALF else None
    if half is None or known is None:
        return RedirectResponse(f"/sign-in?next={quote(_local(next), safe='')}", 303)
    answer = _signed_in(request, known, next, at, code, half.digest)
    if answer is None:
        _failed(request, known.name, at)
        return shown(request, "sign_in.html", 401, next=_local(next), half=True, wrong=True)
    return answer


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


def _known_as(desk: Desk, written: str) -> Credential | None:
    try:
        name = name_of(written)
    except UsageError:
        return None
    with desk.record.asking() as connection:
        return credential_of(connection, name)


def _check_tries(request: Request, at: int) -> None:
    """Refuse an address from which too many wrong tries came lately, before anything is reckoned or written."""
    if desk_of(request).tries.is_over(address_of(request), at):
        raise HTTPException(429, "too many wrong tries came from your network; wait ten minutes")


def _failed(request: Request, name: str | None, at: int) -> None:
    """Count a wrong try, and log it; what was typed as a name may be a password, and is logged only if it is one."""
    desk = desk_of(request)
    desk.tries.count(address_of(request), at)
    with desk.record.writing("desk sign-in", desk.tool) as writing:
        known = credential_of(writing.connection, name) if name else None
        # Read again: others may have tried meanwhile, and none of their tries is to be forgotten.
        if known is not None and not is_locked(known, at):
            put_credential(writing.connection, after_failure(known, at))
        looks.log(writing, name or "", "sign-in failed")


def _signed_in(
    request: Request, known: Credential, next: str, at: int, code: str | None = None, half: str | None = None
) -> Response | None:
    """Begin a session under a new secret, so that one that was planted before is worth nothing; None for a wrong code.

    The code is looked at while nobody else writes: it is good for once, also for two who send it at one time.
    """
    desk = desk_of(request)
    with desk.record.writing("desk sign-in", desk.tool) as writing:
        found = account_of(writing.connection, known.name)
        if found is None or found.gone:
            raise HTTPException(403, "this account is closed")
        proven = _proven(credential_of(writing.connection, known.name), known, code, at)
        if proven is None:
            return None
        sweep(writing.connection, at)
        if half is not None:
            revoke(writing.connection, known.name, half)
        put_credential(writing.connection, after_success(proven))
        secret = grant(writing.connection, proven.name, SESSION, at, min(IDLE, DAY))
        looks.log(writing, proven.name, "sign-in")
    return _with_cookie(RedirectResponse(_local(next), 303), desk, secret)


def _proven(now: Credential | None, before: Credential, code: str | None, at: int) -> Credential | None:
    """Return the credential as it is now, with the code used up; None where it has changed or the code is wrong."""
    if now is None or now.password != before.password or is_locked(now, at):
        return None
    if code is None:
        return now if now.totp is None else None
    return with_code(now, code, at)


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
    _check_tries(request, now())
    with desk.record.asking() as connection:
        known = credential_of(connection, who.name)
    if known is None or not is_password(known, old):
        desk.tries.count(address_of(request), now())
        raise HTTPException(403, "that is not your password")
    _changed(desk, replace(known, password=new_password(new)), "password changed", keep=who.permit.digest)
    return RedirectResponse("/me", 303)


@router.post("/me/second-factor", name="enrol")
def enrol(request: Request) -> Response:
    """Offer a secret for codes of the moment; it counts when a code of it has been given."""
    secret = new_secret()
    enrolment = {"secret": secret, "address": enrolment_of(secret, who_of(request).name)}
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
        enrolment = {"secret": secret, "address": enrolment_of(secret, who.name)}
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
