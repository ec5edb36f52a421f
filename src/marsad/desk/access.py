"""Who asks, whether they may, and what they see: the one way by which every route comes to the record."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from marsad.desk.rights import EXPORT, RIGHTS, SEES
from marsad.desk.tries import Tries
from marsad.grounding.areas import area_of
from marsad.pipeline import release
from marsad.record import looks
from marsad.record.accounts import Account, account_of
from marsad.record.asof import instant_of
from marsad.record.permits import HALF, SESSION, TOKEN, Permit, permit_of, prolong
from marsad.record.sight import Viewer
from marsad.record.store import Record, Writing
from marsad.record.view import View

COOKIE = "marsad_session"
SECOND = 1_000_000
# A session ends when nobody has used it for so long, and after a working day in any case.
IDLE = 60 * 60 * SECOND
DAY = 12 * 60 * 60 * SECOND
# Of what was asked for in an address so much is logged.
_LONGEST_ASKED = 500
# Prolonged at most so often: each time is a write.
_PROLONG_AFTER = 5 * 60 * SECOND


class Looked:
    """What one request has shown of what is sensitive: so many of its kinds and ids, and whether there is more."""

    MOST = 50

    def __init__(self) -> None:
        self.seen: dict[str, None] = {}
        self.is_more = False

    def note(self, kind: str, id: str) -> bool:
        """Note a thing, and tell whether there is room for others."""
        if len(self.seen) < self.MOST:
            self.seen[f"{kind} {id}".strip()] = None
        else:
            self.is_more = True
        return not self.is_more


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks: a person with an account, by a session or by a token; `looked` is what this request shows them."""

    account: Account
    permit: Permit
    looked: Looked = field(default_factory=Looked, compare=False)

    @property
    def name(self) -> str:
        """Return the name of the account, under which everything they do is kept."""
        return self.account.name

    @property
    def role(self) -> str:
        """Return the role at the desk."""
        return self.account.role


class Desk:
    """A record at which a team works; `secure` says whether cookies go by https alone."""

    def __init__(self, record: Record, secure: bool = True) -> None:
        self.record, self.secure = record, secure
        self.tool = f"marsad {release()}"
        self.tries = Tries()

    def view(self, who: Who, known_by: str | None = None) -> View:
        """Return the record as this person may see it: every answer of the desk is asked of such a view."""
        viewer = Viewer(SEES[who.role], who.name, who.account.groups)
        then = instant_of(known_by) if known_by else None
        return View(self.record, viewer, then, area_of, note=who.looked.note)

    @contextmanager
    def writing(self, who: Who, what: str) -> Iterator[Writing]:
        """Hold the record for writing in the name of a person, who still has their account and role."""
        with self.record.writing(f"desk {what}", self.tool) as writing:
            now = account_of(writing.connection, who.name)
            if now is None or now.gone or now.role != who.role:
                raise HTTPException(403, "your account has changed; sign in again")
            yield writing

    def log(self, who: Who | None, what: str, ref: str = "", body: Mapping[str, Any] | None = None) -> None:
        """Write into the log what a person did."""
        with self.record.writing(f"desk {what}", self.tool) as writing:
            looks.log(writing, who.name if who else "", what, ref, body)

    def log_looks(self, who: Who, path: str) -> None:
        """Write into the log what a request has shown of what is sensitive, where it has."""
        if who.looked.seen:
            told = {"seen": list(who.looked.seen), **({"more": True} if who.looked.is_more else {})}
            who.looked.seen = {}
            self.log(who, "look", path, told)


def now() -> int:
    """Return the microseconds since 1970."""
    return time.time_ns() // 1_000


def desk_of(request: Request) -> Desk:
    """Return the desk that answers."""
    desk: Desk = request.app.state.desk
    return desk


def address_of(request: Request) -> str:
    """Return the network address that a request came from: what a proxy on this machine says, else the peer's."""
    return request.client.host if request.client else ""


def who_of(request: Request) -> Who:
    """Return who asks; only routes for which one must be signed in may ask."""
    who: Who | None = request.state.who
    if who is None:
        raise HTTPException(401, "sign in first")
    return who


def allowed(request: Request) -> None:
    """Let the request through to its route, or raise: 401 for nobody, 403 for somebody who may not, or may not so."""
    route = request.scope["route"].name
    right = RIGHTS.get(route)
    if right is None:
        raise HTTPException(403, "nobody may do this: the table of rights does not know it")
    request.state.who = found = _found(request)
    if right.role and found is None:
        raise HTTPException(401, "sign in first")
    if found is None:
        return
    if found.permit.kind == TOKEN and (right.scope is None or right.scope not in found.permit.scopes):
        raise HTTPException(403, f"this token is not good for it: it takes {right.scope or 'a person'}")
    if not right.allows(found.role):
        raise HTTPException(403, "your role may not do this")
    if right.writes and found.permit.kind == SESSION:
        _check_same_site(request)
    if right.scope == EXPORT:
        asked = {"asked": request.url.query[:_LONGEST_ASKED]} if request.url.query else {}
        desk_of(request).log(found, "export", request.url.path, asked)


def _found(request: Request) -> Who | None:
    """Return who asks, None for nobody: a secret that is none, has ended, or lacks the second factor."""
    kind, secret = _secret_of(request)
    if not secret:
        return None
    desk, at = desk_of(request), now()
    with desk.record.asking() as connection:
        permit = permit_of(connection, secret, at)
        account = account_of(connection, permit.name) if permit else None
    if permit is None or account is None or account.gone or permit.kind in (HALF,) or permit.kind != kind:
        return None
    # A page that is left open and listens is nobody at work.
    if request.scope["route"].name != "events":
        _keep_alive(desk, permit, at)
    return Who(account, permit)


def _secret_of(request: Request) -> tuple[str, str]:
    sent = request.headers.get("authorization", "")
    if sent[:7].lower() == "bearer ":
        return TOKEN, sent[7:].strip()
    return SESSION, request.cookies.get(COOKIE, "")


def _keep_alive(desk: Desk, permit: Permit, at: int) -> None:
    """Let a session that is used go on, until its day is over."""
    end = min(at + IDLE, permit.made_at + DAY)
    if permit.kind == SESSION and end - permit.ends_at > _PROLONG_AFTER:
        with desk.record.restoring() as connection:
            prolong(connection, permit.digest, end)


def _check_same_site(request: Request) -> None:
    """Refuse what another site sends in a person's name; cookies are SameSite=Strict besides."""
    sent = request.headers.get("sec-fetch-site")
    if sent in ("same-origin", "none"):
        return
    origin = request.headers.get("origin", "")
    if sent is not None or origin.partition("://")[2] != request.headers.get("host", ""):
        raise HTTPException(403, "this came from another site")
