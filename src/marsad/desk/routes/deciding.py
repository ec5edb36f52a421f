"""Deciding on claims and incidents: each is a decision of a person in the record's chain, and can be undone."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.desk.access import desk_of, who_of
from marsad.desk.pages import shown
from marsad.desk.routes.looking import claim_page
from marsad.errors import UsageError
from marsad.judging import bring_into_incidents, guide, is_at_stake
from marsad.record.deciding import add_claim, decide_claim
from marsad.record.linkage import decide_incidents
from marsad.record.view import Filters

router = APIRouter(include_in_schema=False)
_ON_SIGHT = ("accept", "reject", "unsure")


@router.get("/review", name="review")
def review(request: Request) -> Response:
    """Show the claim that waits and matters most, with what it takes to decide."""
    view, who = desk_of(request).view(who_of(request)), who_of(request)
    waits = next(view.queue(is_at_stake, 1, who.name), None)
    if waits is None:
        return shown(request, "nothing_waits.html")
    return claim_page(request, view, waits["id"], waits=waits)


@router.post("/claims/{id}/decide", name="decide")
def decide(
    request: Request, after: BackgroundTasks, id: str, kind: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "review",
) -> Response:  # fmt: skip
    """Accept, reject or leave a claim unsure, and go on to the next, or back to it."""
    if kind not in _ON_SIGHT:
        raise UsageError(f"{kind!r} is no decision on sight; there are {', '.join(_ON_SIGHT)}")
    _decided(request, id, kind, reason)
    return _on(request, after, "/review" if next == "review" else f"/claims/{id}")


@router.post("/claims/{id}/correct", name="correct")
def correct(
    request: Request, after: BackgroundTasks, id: str, fields: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "claim",
) -> Response:  # fmt: skip
    """Say what fields of a claim should be: `fields` is a JSON object."""
    _decided(request, id, "correct", reason, _object(fields))
    return _on(request, after, "/review" if next == "review" else f"/claims/{id}")


@router.post("/claims/{id}/undo", name="undo")
def undo(request: Request, after: BackgroundTasks, id: str, of: Annotated[str, Form()] = "") -> Response:
    """Take a decision out again: the last on the claim, or the one named."""
    desk, who = desk_of(request), who_of(request)
    check_seen(request, id)
    with desk.writing(who, "undo") as writing:
        decide_claim(writing, id, "undo", who.name, "", None, guide=guide(), of=of or None)
    return _on(request, after, f"/claims/{id}")


@router.post("/reports/{id:path}/claims", name="add_claim")
def add(request: Request, after: BackgroundTasks, id: str, claim: Annotated[str, Form()]) -> Response:
    """Add a claim that the reader missed: `claim` is a JSON object with the fields of the coding guide."""
    desk, who = desk_of(request), who_of(request)
    if not any(row["id"] == id for row in desk.view(who).reports(Filters(ids=[id]))):
        raise HTTPException(404, "there is no such report that you may see")
    with desk.writing(who, "add claim") as writing:
        made = add_claim(writing, id, _object(claim), who.name, guide=guide())
    return _on(request, after, f"/claims/{made['ref']}")


@router.post("/incidents/link", name="link")
def link(
    request: Request, after: BackgroundTasks, kind: Annotated[str, Form()], refs: Annotated[list[str], Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Say that two incidents are one, or two, or that a claim does not belong to its incident."""
    desk, who = desk_of(request), who_of(request)
    for ref in refs:
        desk.view(who).incident(ref)  # refused where it may not be seen
    with desk.writing(who, f"link {kind}") as writing:
        decide_incidents(writing, kind, refs, who.name, reason)
    return _on(request, after, f"/incidents/{refs[0]}")


def _decided(request: Request, id: str, kind: str, reason: str, fields: dict[str, Any] | None = None) -> None:
    desk, who = desk_of(request), who_of(request)
    check_seen(request, id)
    with desk.writing(who, kind) as writing:
        decide_claim(writing, id, kind, who.name, reason, fields, guide=guide())


def check_seen(request: Request, id: str) -> None:
    """Raise 404 where the person may not see the claim: who may not look may not decide."""
    view = desk_of(request).view(who_of(request))
    if not any(
        row["id"] == id for rejected in (False, True) for row in view.claims(Filters(ids=[id], rejected=rejected))
    ):
        raise HTTPException(404, f"there is no claim {id} that you may see")


def _on(request: Request, after: BackgroundTasks, where: str) -> Response:
    """Go on, and bring the decision into the incidents meanwhile."""
    after.add_task(bring_into_incidents, desk_of(request).record)
    return RedirectResponse(where, 303, background=after)


def _object(written: str) -> dict[str, Any]:
    try:
        found = json.loads(written)
    except ValueError as error:
        raise UsageError(f"that is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise UsageError('write an object, as {"date": "2018-07-06"}')
    return found
