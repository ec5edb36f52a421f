"""What is new, as it comes: server-sent events with counts and ids that the person may see, and a list of it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from marsad.desk.access import Desk, Who, desk_of, now, who_of
from marsad.desk.duties import SENT
from marsad.desk.pages import shown
from marsad.desk.rights import RIGHTS
from marsad.record import jobs
from marsad.record.accounts import account_of
from marsad.record.news import Mark, claims_since, decided_since, newest
from marsad.record.permits import permits_of
from marsad.record.view import Filters, View

router = APIRouter(include_in_schema=False)
_TICK_S = 2.0
# A stream ends after this and the browser asks anew: who it is and what they may is then looked up from the start.
LASTS_S = 300.0
_AT_MOST = 200
_MARK = re.compile(r"(\d{1,18})-(\d{1,18})")


@router.get("/events", name="events")
def events(request: Request) -> Response:
    """Send what is new until the stream ends; each event names a mark from which the next stream goes on."""
    desk, who = desk_of(request), who_of(request)
    mark = mark_of(request.headers.get("last-event-id", "")) or _newest(desk)
    lasts = getattr(request.app.state, "stream_s", LASTS_S)
    told = stream(desk, who, mark, lasts)
    return StreamingResponse(told, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


@router.get("/arrived", name="arrived")
def arrived(request: Request, after: Annotated[str, Query(max_length=40)] = "") -> Response:
    """List the claims that came after a mark, the latest first."""
    desk, who = desk_of(request), who_of(request)
    found = news_of(desk.record, desk.view(who), mark_of(after) or _newest(desk))
    view, ids = desk.view(who), found["claims"]["ids"]
    by_id = {row["id"]: row for row in view.claims(Filters(ids=ids))} if ids else {}
    return shown(request, "arrived.html", rows=[by_id[id] for id in reversed(ids) if id in by_id])


async def stream(desk: Desk, who: Who, mark: Mark, lasts: float, tick: float = _TICK_S) -> AsyncIterator[str]:
    """Yield an event whenever something is new that the person may see, for so many seconds or until they may not."""
    seen, told = mark, dict[str, int]()
    yield f"retry: {int(tick * 1000)}\nid: {mark.claim}-{mark.decision}\nevent: mark\ndata: {{}}\n\n"
    for _ in range(round(lasts / tick)):
        if not await run_in_threadpool(is_still, desk, who):
            return
        at = await run_in_threadpool(_newest, desk)
        queue = await run_in_threadpool(_queue, desk, who)
        if at != seen or queue != told:
            news = await run_in_threadpool(news_of, desk.record, desk.view(who), mark)
            seen, told = at, queue
            # The mark stays where the person's page began: what is new is told as it adds up.
            written = json.dumps({**news, "jobs": queue, "after": f"{mark.claim}-{mark.decision}"})
            yield f"id: {mark.claim}-{mark.decision}\nevent: news\ndata: {written}\n\n"
        else:
            yield ": nothing new\n\n"
        await asyncio.sleep(tick)


def news_of(record: Any, view: View, mark: Mark) -> dict[str, Any]:
    """Return how many claims are new and how many were decided on since the mark, and which, as a viewer sees them."""
    with record.asking() as connection:
        new, decided = claims_since(connection, mark, _AT_MOST), decided_since(connection, mark, _AT_MOST)
    told = {"claims": _visible(view, new, False), "decisions": _visible(view, decided, True)}
    return {name: {"count": len(ids), "ids": ids} for name, ids in told.items()}


def _visible(view: View, ids: list[str], rejected: bool) -> list[str]:
    """Return those of the claims that the viewer may see, in their order; `rejected` ones too if asked."""
    if not ids:
        return []
    ways = (False, True) if rejected else (False,)
    seen = {row["id"] for way in ways for row in view.claims(Filters(ids=ids, rejected=way))}
    return [id for id in ids if id in seen]


def _queue(desk: Desk, who: Who) -> dict[str, int]:
    """Return how many jobs wait and failed, for whom the intake is open."""
    if not RIGHTS["intake"].allows(who.role):
        return {}
    with desk.record.asking() as connection:
        found = jobs.counts(connection, SENT)
    return {state: found.get(state, 0) for state in (jobs.WAITING, jobs.FAILED)}


def is_still(desk: Desk, who: Who) -> bool:
    """Tell whether the person still has the account, the role and the permit with which the stream began."""
    with desk.record.asking() as connection:
        account = account_of(connection, who.name)
        held = {permit.digest for permit in permits_of(connection, who.name, now())}
    return account is not None and not account.gone and account == who.account and who.permit.digest in held


def mark_of(written: str) -> Mark | None:
    """Return the mark of an event's id, None for what is none."""
    found = _MARK.fullmatch(written)
    return Mark(int(found[1]), int(found[2])) if found else None


def _newest(desk: Desk) -> Mark:
    with desk.record.asking() as connection:
        return newest(connection)
