"""Deciding on claims and incidents: each is a decision of a person in the record's chain, and can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, BackgroundTasks, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.desk.access import desk_of, who_of
from marsad.desk.pages import language_of, shown
from marsad.desk.routes.looking import claim_page, done_on, seen_claim
from marsad.desk.words import words
from marsad.desk.working import soon
from marsad.errors import UsageError
from marsad.judging import bring_into_incidents, guide, is_at_stake
from marsad.record.deciding import decide_claim
from marsad.record.linkage import decide_incidents
from marsad.record.view import Filters, View

router = APIRouter(include_in_schema=False)
_ON_SIGHT = ("accept", "reject", "unsure")
# Who skips claims looks ahead so far; beyond, the queue begins anew.
_AHEAD = 100


@router.get("/review", name="review")
def review(request: Request, past: str = "", done: str = "", claim: str = "") -> Response:
    """Show the claim that waits and matters most, with what it takes to decide.

    `past` is a claim that was left for later: the one behind it is shown. `done` is one that was just decided on,
    `claim` one to be shown again.
    """
    view, who = desk_of(request).view(who_of(request)), who_of(request)
    waits = seen_claim(view, claim) if claim else _waiting(view, past, who.name)
    said: dict[str, Any] = {"done": done_on(view, done, who.name), "past": past}
    if waits is None:
        return shown(request, "nothing_waits.html", **said)
    return claim_page(request, view, waits, waits=waits.get("reasons"), flow=True, **said)


def _waiting(view: View, past: str, person: str) -> dict[str, Any] | None:
    """Return the claim that waits and matters most of those behind one that was left for later."""
    rows = view.queue(is_at_stake, _AHEAD if past else 1, person)
    if not past:
        return next(rows, None)
    found = list(rows)
    at = next((n for n, row in enumerate(found) if row["id"] == past), -1)
    return found[at + 1] if at + 1 < len(found) else None


@router.post("/claims/{id}/decide", name="decide")
def decide(
    request: Request, after: BackgroundTasks, id: str, kind: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "review",
    past: Annotated[str, Form()] = "", seen: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Accept, reject or leave a claim unsure, and go on to the next, or back to it."""
    if kind not in _ON_SIGHT:
        raise UsageError(f"{kind!r} is no decision on sight; there are {', '.join(_ON_SIGHT)}")
    desk, who = desk_of(request), who_of(request)
    found = check_seen(request, id)
    if seen and seen != found["recorded"]:
        return claim_page(
            request, desk.view(who), found, 409, wrong=words()[language_of(request)]["changed_meanwhile"],
            flow=next == "review", past=past,
        )  # fmt: skip
    with desk.writing(who, kind) as writing:
        decide_claim(writing, id, kind, who.name, reason, guide=guide())
    return on(request, after, onward(next, id, past))


@router.post("/claims/{id}/undo", name="undo")
def undo(
    request: Request, after: BackgroundTasks, id: str, of: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "claim",
) -> Response:  # fmt: skip
    """Take a decision out again: the last on the claim, or the one named."""
    desk, who = desk_of(request), who_of(request)
    check_seen(request, id)
    with desk.writing(who, "undo") as writing:
        decide_claim(writing, id, "undo", who.name, "", None, guide=guide(), of=of or None)
    again = {"claim": id, "done": id}
    return on(request, after, f"/review?{urlencode(again)}" if next == "review" else f"/claims/{id}?done={id}")


@router.post("/incidents/link", name="link")
def link(
    request: Request, kind: Annotated[str, Form()], refs: Annotated[list[str], Form(default_factory=list)],
    reason: Annotated[str, Form()] = "", incident: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Say that incidents are one, or several, or that claims do not belong to their incident."""
    desk, who = desk_of(request), who_of(request)
    named = [ref.strip() for ref in dict.fromkeys(refs) if ref.strip()]
    for ref in named:
        desk.view(who).incident(ref)  # refused where it may not be seen
    if kind != "different" and len(named) < 2:
        raise UsageError(words()[language_of(request)]["one_side"])
    with desk.writing(who, f"link {kind}") as writing:
        made = [decide_incidents(writing, kind, some, who.name, reason) for some in _sides(kind, named)]
    # Whoever merges wants to see the one incident that came of it.
    bring_into_incidents(desk.record)
    return RedirectResponse(f"/incidents/{quote(incident or named[0], safe='')}?done={made[-1]['id']}", 303)


def _sides(kind: str, refs: Sequence[str]) -> list[Sequence[str]]:
    """Return what each decision is on: one takes two incidents, or the claims of one."""
    if kind == "different":
        return [refs]
    return [(refs[0], ref) for ref in refs[1:]] if kind == "same" else list(combinations(refs, 2))


@router.post("/incidents/unlink", name="unlink")
def unlink(
    request: Request, incident: Annotated[str, Form()] = "", of: Annotated[str, Form()] = ""
) -> Response:  # fmt: skip
    """Take a decision on an incident's links out again."""
    desk, who = desk_of(request), who_of(request)
    view = desk.view(who)
    if not any(row["id"] == of for row in view.links_on(view.incident(incident)["claims"])):
        raise HTTPException(404, "there is no such decision on this incident that you may see")
    with desk.writing(who, "link undo") as writing:
        decide_incidents(writing, "undo", [], who.name, "", of)
    bring_into_incidents(desk.record)
    return RedirectResponse(f"/incidents/{quote(incident, safe='')}?done={of}", 303)


def check_seen(request: Request, id: str) -> dict[str, Any]:
    """Return the claim; raise 404 where the person may not see it: who may not look may not decide."""
    view = desk_of(request).view(who_of(request))
    found = (row for rejected in (False, True) for row in view.claims(Filters(ids=[id], rejected=rejected)))
    for row in found:
        if row["id"] == id:
            return row
    # What is read no more but was decided on waits in the queue still.
    waiting = next((row for row in view.queue(is_at_stake, 1, who_of(request).name) if row["id"] == id), None)
    if waiting is None:
        raise HTTPException(404, f"there is no claim {id} that you may see")
    return waiting


def onward(next: str, id: str, past: str) -> str:
    """Return where one goes on after a decision: to the claim that waits next, or back to the claim."""
    if next != "review":
        return f"/claims/{id}?done={id}"
    return "/review?" + urlencode({"done": id} | ({"past": past} if past else {}))


def on(request: Request, after: BackgroundTasks, where: str) -> Response:
    """Go on; the decision comes into the incidents with those of others that were made meanwhile."""
    after.add_task(soon, desk_of(request).record, "fuse")
    return RedirectResponse(where, 303, background=after)
