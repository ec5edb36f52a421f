"""Coding by hand: every field of a claim in a form, and claims that the reader missed, by their words in the report."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from marsad.desk.access import desk_of, who_of
from marsad.desk.form import Form, UnclearError, added, changed, form_sent, with_options
from marsad.desk.naming import places_called
from marsad.desk.pages import language_of, shown
from marsad.desk.routes.deciding import check_seen, on, onward
from marsad.desk.routes.looking import choices, claim_page, seen_report
from marsad.desk.selecting import form_of_words
from marsad.desk.telling import fits_because, kind_of
from marsad.desk.words import words
from marsad.errors import UsageError
from marsad.judging import guide
from marsad.publish.marks import cut
from marsad.record.bases import shown_of
from marsad.record.deciding import add_claim, decide_claim

router = APIRouter(include_in_schema=False)
Row = dict[str, Any]


async def sent(request: Request) -> FormData:
    """Return what a form sends."""
    return await request.form(max_files=0, max_fields=2_000)


@router.post("/claims/{id}/correct", name="correct")
def correct(
    request: Request, after: BackgroundTasks, id: str, given: Annotated[FormData, Depends(sent)]
) -> Response:  # fmt: skip
    """Say what the fields of a claim should be: what was changed in the form is the correction."""
    found, next, past = check_seen(request, id), str(given.get("next", "")), str(given.get("past", ""))
    view = desk_of(request).view(who_of(request))
    form = form_sent(given)
    try:
        _corrected(request, found, seen_report(view, found["report"]), form, str(given.get("reason", "")))
    except (UnclearError, UsageError) as error:
        about = {"flow": next == "review", "past": past, "form": form, "wrong": _said(request, error)}
        return claim_page(request, view, found, 422, **about)
    return on(request, after, onward(next, id, past))


def _corrected(request: Request, found: Row, report: Row, form: Form, reason: str) -> None:
    desk, who = desk_of(request), who_of(request)
    if form.alone["seen"] and form.alone["seen"] != found["recorded"]:
        raise UnclearError("changed_meanwhile")
    with desk.writing(who, "correct") as writing:
        kept = shown_of(writing.connection, [found["id"]])[found["id"]].body
        fields = changed(form, found, kept, report["text"], language_of(request))
        if not fields:
            raise UnclearError("nothing_changed")
        decide_claim(writing, found["id"], "correct", who.name, reason, fields, guide=guide())


def _said(request: Request, error: Exception) -> str:
    """Return in words what is wrong with a form."""
    if isinstance(error, UnclearError):
        return f"{words()[language_of(request)][error.key]} {error.words}".strip()
    return str(error)


@router.get("/new-claim", name="new_claim")
def new_claim(
    request: Request, report: Annotated[str, Query(max_length=400)] = "",
    start: Annotated[int, Query(ge=0)] = 0, end: Annotated[int, Query(ge=0)] = 0,
) -> Response:  # fmt: skip
    """Show the form of a claim that the reader missed, filled from the words of the report that were selected.

    `start` and `end` count characters (code points) of the report's text.
    """
    found = seen_report(desk_of(request).view(who_of(request)), report)
    return _new_page(request, found, form_of_words(found, start, end, language_of(request)))


def _new_page(request: Request, report: Row, form: Form, status: int = 200, wrong: str = "") -> Response:
    spans = [[int(n) for n in form.alone[name].split("-") if n] or [0, 0] for name in ("evidence_at", "trigger_at")]
    return shown(
        request, "new_claim.html", status, report=report, form=with_options(form, report), wrong=wrong,
        pieces=cut(report["text"], *spans), **choices(language_of(request)),
    )  # fmt: skip


@router.post("/reports/{id:path}/claims", name="add_claim")
def add(
    request: Request, after: BackgroundTasks, id: str, given: Annotated[FormData, Depends(sent)]
) -> Response:  # fmt: skip
    """Add a claim that the reader missed."""
    desk, who = desk_of(request), who_of(request)
    report = seen_report(desk.view(who), id)
    form = form_sent(given)
    try:
        body = added(form, report["text"])
        with desk.writing(who, "add claim") as writing:
            made = add_claim(writing, id, body, who.name, str(given.get("reason", "")), guide=guide())
    except (UnclearError, UsageError) as error:
        return _new_page(request, report, _placed(form, report["text"]), 422, _said(request, error))
    return on(request, after, f"/claims/{made['ref']}?done={made['ref']}")


def _placed(form: Form, text: str) -> Form:
    """Return the form without offsets that lie outside the text."""
    for name in ("evidence_at", "trigger_at"):
        first, _, last = form.alone[name].partition("-")
        if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last) <= len(text)):
            form.alone[name] = ""
    return form


@router.get("/places", name="places_called")
def places(
    request: Request, q: Annotated[str, Query(max_length=120)] = "", report: Annotated[str, Query(max_length=400)] = ""
) -> Response:
    """Return the places that a name can mean, the likeliest for a report first, each with why."""
    lang = language_of(request)
    about = seen_report(desk_of(request).view(who_of(request)), report) if report else None
    found = places_called(q, about) if q.strip() else []
    rows = [
        {"id": each.row.id, "name": each.row.name_ar if lang == "ar" and each.row.name_ar else each.row.name,
         "area": (each.area.name_ar if lang == "ar" else each.area.name) if each.area else "",
         "country": each.row.country, "kind": kind_of(each, lang), "lat": each.row.lat, "lon": each.row.lon,
         "why": fits_because(each, lang)}
        for each in found
    ]  # fmt: skip
    return JSONResponse(rows)
