"""Looking at what the record holds: lists whose filters are in the address, and one thing with all that is its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from marsad.desk.access import desk_of, who_of
from marsad.desk.asked import ASKED, Asked
from marsad.desk.pages import shown
from marsad.exhibit import Asked as Exhibited
from marsad.exhibit import exhibit_of
from marsad.grounding.areas import area_named
from marsad.loading.codebook import types
from marsad.publish.marks import cut
from marsad.publish.page import page_of
from marsad.record.view import Filters, View

router = APIRouter(include_in_schema=False)
_PAGE = 50


@router.get("/claims", name="claims")
def claims(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """List claims."""
    view = _view(request, asked.known_by)
    rows, more = _page(view.claims(asked.filters(_PAGE + 1)))
    return shown(request, "claims.html", rows=rows, more=more, asked=asked, types=types(), fields=ASKED)


@router.get("/claims/{id}", name="claim")
def claim(request: Request, id: str, known_by: str | None = None) -> Response:
    """Show a claim beside its report, with every state and decision."""
    view = _view(request, known_by)
    return claim_page(request, view, id)


def claim_page(request: Request, view: View, id: str, **given: Any) -> Response:
    """Return the page of a claim; raise 404 where there is none that may be seen."""
    found = _one(view.claims(Filters(ids=[id])), id) or _one(view.claims(Filters(ids=[id], rejected=True)), id)
    if found is None:
        raise HTTPException(404, f"there is no claim {id} that you may see")
    report = _one(view.reports(Filters(ids=[found["report"]]), text=True), found["report"])
    pieces = cut(report["text"], found["span"], found["trigger_span"]) if report else []
    values = {"claim": found, "report": report, "pieces": pieces, "history": list(view.history(id))}
    return shown(request, "claim.html", **{"waits": None, "wrong": None, **values, **given})


@router.get("/incidents", name="incidents")
def incidents(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """List incidents."""
    rows, more = _page(_view(request, asked.known_by).incidents(asked.filters(_PAGE + 1)))
    return shown(request, "incidents.html", rows=rows, more=more, asked=asked, types=types(), fields=ASKED)


@router.get("/incidents/{id}", name="incident")
def incident(request: Request, id: str, known_by: str | None = None) -> Response:
    """Show an incident: its claims by source, ranges, contradictions, and why each claim is in it."""
    row = _view(request, known_by).incident(id)
    return shown(request, "incident.html", incident=row)


@router.get("/reports", name="reports")
def reports(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """List reports."""
    rows, more = _page(_view(request, asked.known_by).reports(asked.filters(_PAGE + 1)))
    return shown(request, "reports.html", rows=rows, more=more, asked=asked)


@router.get("/reports/{id:path}", name="report")
def report(request: Request, id: str, known_by: str | None = None) -> Response:
    """Show a report with its claims."""
    view = _view(request, known_by)
    found = _one(view.reports(Filters(ids=[id]), text=True), id)
    if found is None:
        raise HTTPException(404, "there is no such report that you may see")
    told = sorted(view.claims(Filters(report=id)), key=lambda claim: claim["span"])
    return shown(request, "report.html", report=found, claims=told)


@router.get("/search", name="search")
def search(request: Request, q: str = "", known_by: str | None = None) -> Response:
    """Find words in reports and claims, however they are spelled."""
    rows = list(_view(request, known_by).search(q, limit=_PAGE)) if q.strip() else []
    return shown(request, "search.html", rows=rows, q=q)


@router.get("/map", name="map")
def map_page(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """Show who holds what, day by day, as one page."""
    exhibit = exhibit_of(
        _view(request, asked.known_by),
        Exhibited(asked.first or None, asked.last or None, None, area_named(asked.under or None)),
    )
    # The page says itself, by their digests, which script and style it runs: the desk's own policy knows them not.
    return HTMLResponse(page_of(exhibit), headers={"content-security-policy": "frame-ancestors 'self'"})


def _view(request: Request, known_by: str | None) -> View:
    return desk_of(request).view(who_of(request), known_by or None)


def _page(rows: Iterable[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], bool]:
    """Return the rows of one page, and whether there are more."""
    found = list(islice(rows, _PAGE + 1))
    return found[:_PAGE], len(found) > _PAGE


def _one(rows: Iterator[dict[str, Any]], id: str) -> dict[str, Any] | None:
    return next((row for row in rows if row["id"] == id), None)
