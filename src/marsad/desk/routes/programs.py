"""The interface for programs: what the pages show, as JSON, with pages by cursor, and tokens with scopes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from marsad.charting import ledger_of
from marsad.desk.access import SECOND, desk_of, now, who_of
from marsad.desk.asked import Asked
from marsad.desk.pages import shown
from marsad.desk.rights import RIGHTS, SCOPES
from marsad.desk.routes.deciding import check_seen
from marsad.desk.working import soon
from marsad.errors import UsageError
from marsad.grounding.areas import area_named
from marsad.judging import guide
from marsad.record import looks
from marsad.record.deciding import decide_claim
from marsad.record.permits import TOKEN, grant, permits_of, revoke
from marsad.record.view import Filters, View, check_day

router = APIRouter()
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_NINETY_DAYS = 90 * 24 * 60 * 60 * SECOND
_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"description": what}
    for code, what in ((400, "The question cannot be answered"), (401, "Not signed in"), (403, "Not allowed"))
}
Listed = Callable[[View, Filters], Iterable[Mapping[str, Any]]]


class Paged(Asked):
    """The filters of a list, at most so many rows, and from where on: the `next` of the page before."""

    limit: int = Field(100, ge=1, le=1_000)
    cursor: int = Field(0, ge=0, le=10_000_000)


class Decision(BaseModel):
    """A decision on a claim."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(pattern="^(accept|correct|reject|unsure|undo)$")
    reason: str = Field("", max_length=2_000)
    fields: dict[str, Any] | None = None


@router.get("/api/claims", name="api_claims", responses=_ERRORS)
def claims(request: Request, asked: Annotated[Paged, Query()]) -> Response:
    """List claims, the latest first."""
    return _listed(request, asked, lambda view, filters: view.claims(filters))


@router.get("/api/incidents", name="api_incidents", responses=_ERRORS)
def incidents(request: Request, asked: Annotated[Paged, Query()]) -> Response:
    """List incidents, the latest first."""
    return _listed(request, asked, lambda view, filters: view.incidents(filters))


@router.get("/api/reports", name="api_reports", responses=_ERRORS)
def reports(request: Request, asked: Annotated[Paged, Query()]) -> Response:
    """List reports, the latest published first, without their texts."""
    return _listed(request, asked, lambda view, filters: view.reports(filters))


@router.get("/api/claims/{id}", name="api_claim", responses={**_ERRORS, 404: {"description": "There is none"}})
def claim(request: Request, id: str) -> Response:
    """Return a claim with every state and decision."""
    view = _view(request)
    found = next((row for row in view.claims(Filters(ids=[id])) if row["id"] == id), None)
    if found is None:
        raise HTTPException(404, f"there is no claim {id} that you may see")
    return _answer(request, {**found, "history": list(view.history(id))})


@router.get("/api/incidents/{id}", name="api_incident", responses=_ERRORS)
def incident(request: Request, id: str) -> Response:
    """Return an incident with its claims and why each is in it."""
    return _answer(request, _view(request).incident(id))


@router.get("/api/control", name="api_control", responses=_ERRORS)
def control(
    request: Request, on: Annotated[str | None, Query(pattern=_DAY)] = None, under: str | None = None,
    known_by: Annotated[str | None, Query(pattern=_DAY)] = None,
) -> Response:  # fmt: skip
    """Return who holds which place at the end of a day."""
    view = _view(request, known_by)
    check_day(on)
    day = on or view.newest_day()
    rows = list(ledger_of(view).on(day, under=area_named(under))) if day else []
    return _answer(request, {"on": day, "rows": rows})


@router.get("/api/changes", name="api_changes", responses=_ERRORS)
def changes(
    request: Request, first: Annotated[str, Query(pattern=_DAY)], last: Annotated[str, Query(pattern=_DAY)],
    under: str | None = None,
) -> Response:  # fmt: skip
    """Return what changed hands from one day to another."""
    check_day(first)
    check_day(last)
    return _answer(request, {"rows": list(ledger_of(_view(request)).changes(first, last, area_named(under)))})


@router.get("/api/search", name="api_search", responses=_ERRORS)
def search(
    request: Request, q: Annotated[str, Query(max_length=200)], limit: Annotated[int, Query(ge=1, le=200)] = 20
) -> Response:
    """Find words in reports and claims, however they are spelled."""
    return _answer(request, {"rows": list(_view(request).search(q, limit=limit))})


@router.post("/api/claims/{id}/decisions", name="api_decide", responses={**_ERRORS, 404: {"description": "None"}})
def decide(request: Request, after: BackgroundTasks, id: str, made: Decision) -> Response:
    """Decide on a claim in the name of the token's person."""
    desk, who = desk_of(request), who_of(request)
    check_seen(request, id)
    with desk.writing(who, made.kind) as writing:
        row = decide_claim(writing, id, made.kind, who.name, made.reason, made.fields, guide=guide())
    after.add_task(soon, desk.record, "fuse")
    told = {name: row[name] for name in ("id", "ref", "kind", "person", "reason")}
    return JSONResponse(told, 201, background=after)


@router.get("/api/openapi.json", name="openapi", include_in_schema=False)
def openapi(request: Request) -> Response:
    """Return what a program can ask, as OpenAPI has it."""
    return JSONResponse(request.app.openapi())


@router.get("/me/tokens", name="tokens", include_in_schema=False)
def tokens(request: Request) -> Response:
    """List one's own tokens."""
    return _tokens(request, None)


@router.post("/me/tokens", name="new_token", include_in_schema=False)
def new_token(
    request: Request, label: Annotated[str, Form(max_length=80)], scopes: Annotated[list[str], Form()]
) -> Response:
    """Make a token for a program, and show it once."""
    desk, who = desk_of(request), who_of(request)
    if unknown := set(scopes) - set(SCOPES):
        raise UsageError(f"{sorted(unknown)[0]!r} is no scope; there are {', '.join(SCOPES)}")
    with desk.record.writing("desk token", desk.tool) as writing:
        secret = grant(writing.connection, who.name, TOKEN, now(), _NINETY_DAYS, label, scopes)
        looks.log(writing, who.name, "token made", label, {"scopes": sorted(scopes)})
    return _tokens(request, secret)


@router.post("/me/tokens/{digest}/revoke", name="revoke_token", include_in_schema=False)
def revoke_token(request: Request, digest: str) -> Response:
    """End one of one's own tokens."""
    desk, who = desk_of(request), who_of(request)
    with desk.record.writing("desk token", desk.tool) as writing:
        revoke(writing.connection, who.name, digest)
        looks.log(writing, who.name, "token revoked", digest[:12])
    return RedirectResponse("/me/tokens", 303)


def _tokens(request: Request, secret: str | None) -> Response:
    desk, who = desk_of(request), who_of(request)
    with desk.record.asking() as connection:
        rows = [row for row in permits_of(connection, who.name, now()) if row.kind == TOKEN]
    good = [scope for scope in SCOPES if any(r.scope == scope and r.allows(who.role) for r in RIGHTS.values())]
    return shown(request, "tokens.html", rows=rows, secret=secret, scopes=good)


def _view(request: Request, known_by: str | None = None) -> View:
    return desk_of(request).view(who_of(request), known_by)


def _listed(request: Request, asked: Paged, rows: Listed) -> Response:
    """Return a page of a list, and where the next one begins."""
    end = asked.cursor + asked.limit
    view = _view(request, asked.known_by or None)
    found = list(islice(rows(view, asked.filters(end + 1)), asked.cursor, end + 1))
    following = end if len(found) > asked.limit else None
    return _answer(request, {"rows": found[: asked.limit], "next": following})


def _answer(request: Request, body: Any) -> Response:
    """Return JSON with a tag, by which who has it already is spared it."""
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    tag = f'"{sha256(written).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    return Response(written, media_type="application/json", headers={"etag": tag})
