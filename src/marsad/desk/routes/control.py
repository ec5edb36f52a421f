"""Places whose state is disputed: what speaks for it and against it, and where a reviewer settles it with a reason.

Nobody paints who holds a place: whoever settles a dispute decides on one of the claims, and the state follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.background import BackgroundTasks
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.charting import ledger_of
from marsad.desk.access import desk_of, who_of
from marsad.desk.pages import language_of, shown
from marsad.desk.routes.deciding import check_seen
from marsad.desk.working import soon
from marsad.errors import UsageError
from marsad.grounding.areas import area_named
from marsad.holding import Ledger
from marsad.judging import guide
from marsad.publish.argument import said_by, verdict_on
from marsad.record.deciding import decide_claim
from marsad.record.view import check_day

router = APIRouter(include_in_schema=False)
_DAY = r"^(\d{4}-\d{2}-\d{2})?$"
_LTR, _POP = "\u2066", "\u2069"
_SETTLES = ("accept", "reject", "unsure")


@router.get("/control", name="control")
def control(
    request: Request, on: Annotated[str, Query(pattern=_DAY)] = "", under: Annotated[str, Query(max_length=120)] = ""
) -> Response:
    """List the places of which not all claims say the same at the end of a day."""
    view = desk_of(request).view(who_of(request))
    check_day(on or None)
    day = on or view.newest_day()
    rows = list(_disputed(ledger_of(view), day, area_named(under or None))) if day else []
    lang = language_of(request)
    told = [{**row, "verdict": _verdict(row, lang)} for row in rows]
    return shown(request, "control.html", rows=told, day=day, asked={"on": on, "under": under})


@router.get("/control/{place:path}", name="place")
def place(request: Request, place: str, on: Annotated[str, Query(pattern=_DAY)] = "") -> Response:
    """Show what speaks for and against who holds a place at the end of a day, each with its words, and its history."""
    view, lang = desk_of(request).view(who_of(request)), language_of(request)
    check_day(on or None)
    day = on or view.newest_day()
    ledger = ledger_of(view)
    row, testimonies = ledger.argument(place, day) if day else ({}, [])
    if not testimonies:
        raise HTTPException(404, "nothing that you may see says who holds this place")
    told = view.told([said["claim"] for said in testimonies])
    said = [{**t, "says": said_by(t, lang), "told": told.get(t["claim"])} for t in testimonies]
    values: dict[str, Any] = {"verdict": _verdict(row, lang), "history": list(ledger.history(place, day))}
    return shown(request, "place.html", row=row, said=said, day=day, **values)


@router.post("/control/{place:path}", name="settle")
def settle(
    request: Request, after: BackgroundTasks, place: str, claim: Annotated[str, Form(max_length=40)],
    kind: Annotated[str, Form()], reason: Annotated[str, Form(max_length=2_000)],
) -> Response:  # fmt: skip
    """Decide with a reason on a claim that speaks for or against, and show what the place's state is by it."""
    desk, who = desk_of(request), who_of(request)
    if kind not in _SETTLES:
        raise UsageError(f"{kind!r} settles nothing; there are {', '.join(_SETTLES)}")
    if not reason.strip():
        raise UsageError("who settles a dispute says why: give a reason")
    check_seen(request, claim)
    with desk.writing(who, f"settle {kind}") as writing:
        decide_claim(writing, claim, kind, who.name, reason, guide=guide())
    after.add_task(soon, desk.record, "fuse")
    where = request.url_for("place", place=place).path
    return RedirectResponse(where, 303, background=after)


def _verdict(row: Mapping[str, Any], lang: str) -> str:
    """Return how a place is held; its day runs from left to right, whatever stands around it."""
    told, since = verdict_on(row, lang), row["since"]
    return told.replace(since, f"{_LTR}{since}{_POP}") if since else told


def _disputed(ledger: Ledger, day: str, under: str | None) -> Iterator[dict[str, Any]]:
    """Yield the places against whose state something speaks, or that are contested."""
    for row in ledger.on(day, under=under):
        if row["against"] or row["status"] == "contested":
            yield row
