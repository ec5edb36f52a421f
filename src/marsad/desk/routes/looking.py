"""Looking at what the record holds: lists whose filters are in the address, and one thing with all that is its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from marsad.desk.access import desk_of, who_of
from marsad.desk.asked import ASKED, Asked, Listed
from marsad.desk.form import form_of, with_options
from marsad.desk.naming import site_kinds
from marsad.desk.pages import language_of, shown
from marsad.desk.telling import disputes, fits_because, kind_of, told_with_it, waits_because
from marsad.exhibit import Asked as Exhibited
from marsad.exhibit import exhibit_of
from marsad.grounding.areas import area_named
from marsad.loading.codebook import actors, types
from marsad.publish.marks import cut
from marsad.publish.page import page_of
from marsad.record.coding import NUMBERS, ROLES, STATUSES
from marsad.record.view import Filters, View

router = APIRouter(include_in_schema=False)
Row = dict[str, Any]
_PAGE = 50
# So many claims that meet words are looked at; who wants others filters further.
_MET = 1_000
_NEAR, _AROUND = 12, timedelta(2)
# So many claims stand side by side; the list has the others.
_SIDES = 60
EXTENTS = ("", "all", "most", "part", "around", "site", "except", "only")


@router.get("/claims", name="claims")
def claims(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    """List claims."""
    view = _view(request, asked.known_by)
    filters = _filters(view, asked, "id")
    return _list(request, "claims.html", asked, view.claims(filters) if filters else iter(()))


@router.get("/claims/{id}", name="claim")
def claim(request: Request, id: str, known_by: str | None = None, done: str = "") -> Response:
    """Show a claim beside its report, with every state and decision."""
    view = _view(request, known_by)
    found = seen_claim(view, id)
    return claim_page(request, view, found, done=done_on(view, done, who_of(request).name))


def seen_claim(view: View, id: str) -> Row:
    """Return a claim, also a rejected one; raise 404 where there is none that may be seen."""
    found = _one(view.claims(Filters(ids=[id])), id) or _one(view.claims(Filters(ids=[id], rejected=True)), id)
    if found is None:
        raise HTTPException(404, f"there is no claim {id} that you may see")
    return found


def seen_report(view: View, id: str) -> Row:
    """Return a report with its text; raise 404 where there is none that may be seen."""
    found = _one(view.reports(Filters(ids=[id]), text=True), id)
    if found is None:
        raise HTTPException(404, "there is no such report that you may see")
    return found


def done_on(view: View, id: str, person: str) -> Row | None:
    """Return the last that a person decided on a claim and the claim, for the line that says so; None of nothing."""
    made = [row for row in view.history(id) if row["kind"] == "decision" and row["person"] == person] if id else []
    if not made:
        return None
    about = next((row for row in view.history(id) if row["kind"] == "state"), None)
    return {**made[-1], "type": about["type"] if about else ""}


def claim_page(request: Request, view: View, found: Row, status: int = 200, **given: Any) -> Response:
    """Return the page of a claim that was found; `given` may have the form as it was filled, and what is wrong."""
    report = _one(view.reports(Filters(ids=[found["report"]]), text=True), found["report"])
    lang = language_of(request)
    form = given.pop("form", None) or (form_of(found, lang) if who_of(request).role != "reader" else None)
    values: dict[str, Any] = {
        "claim": found, "report": report, "history": list(view.history(found["id"])),
        "pieces": cut(report["text"], found["span"], found["trigger_span"]) if report else [],
        "waits": None, "wrong": None, "done": None, "past": "", "flow": False,
        "form": with_options(form, report) if form else None,
    }  # fmt: skip
    return shown(request, "claim.html", status, **choices(lang), **{**values, **given})


def choices(lang: str) -> dict[str, Any]:
    """Return what the form of a claim offers to choose among, and how it words it."""
    return {
        "types": types(), "statuses": STATUSES, "roles": ROLES, "extents": EXTENTS, "counted": NUMBERS,
        "registry": actors(), "site_kinds": site_kinds(),
        "because": lambda each: waits_because(each, lang), "fits": lambda each: fits_because(each, lang),
        "kind_of": lambda each: kind_of(each, lang),
    }  # fmt: skip


@router.get("/incidents", name="incidents")
def incidents(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    """List incidents."""
    view = _view(request, asked.known_by)
    filters = _filters(view, asked, "incident")
    return _list(request, "incidents.html", asked, view.incidents(filters) if filters else iter(()))


@router.get("/incidents/{id}", name="incident")
def incident(request: Request, id: str, known_by: str | None = None, done: str = "") -> Response:
    """Show an incident: its claims by source, ranges, contradictions, and why each claim is in it."""
    view = _view(request, known_by)
    row = view.incident(id)
    links = list(view.links_on(row["claims"]))
    return shown(
        request, "incident.html", incident=row, columns=list(_columns(row)), copies=view.copied(row["reports"]),
        links=links, near=_near(view, row), done=next((each for each in links if each["id"] == done), None),
        tell=lambda reason: told_with_it(reason, language_of(request)),
        disputed=list(disputes(row["contradictions"], language_of(request))),
    )  # fmt: skip


def _columns(row: Row) -> Iterator[tuple[str, list[Row]]]:
    """Yield for each voice of an incident its name and its claims, as many as one can look through."""
    told = {claim["id"]: claim for claim in row["told"][:_SIDES]}
    for voice in row["voices"]:
        if own := [told[id] for id in voice["claims"] if id in told]:
            yield voice["name"], own


def _near(view: View, row: Row) -> list[Row]:
    """Return incidents of the same governorate within two days, with which this one may be one."""
    first, _, last = (row["date"] or "").partition("/")
    area = row["places"][0]["admin1"] if row["places"] else None
    if not first or not area:
        return []
    start, end = (date.fromisoformat(day) for day in (first, last or first))
    about = Filters(
        first=(start - _AROUND).isoformat(), last=(end + _AROUND).isoformat(), under=area, limit=_NEAR + 1
    )  # fmt: skip
    return [each for each in view.incidents(about) if each["id"] != row["id"]][:_NEAR]


@router.get("/reports", name="reports")
def reports(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    """List reports."""
    rows = _view(request, asked.known_by).reports(asked.filters(asked.cursor + _PAGE + 1))
    return _list(request, "reports.html", asked, rows)


@router.get("/reports/{id:path}", name="report")
def report(request: Request, id: str, known_by: str | None = None) -> Response:
    """Show a report with its claims."""
    view = _view(request, known_by)
    found = seen_report(view, id)
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


def _filters(view: View, asked: Listed, key: str) -> Filters | None:
    """Return the filters of a list; those with words name the claims, or their incidents, that meet them.

    None where no claim meets the words.
    """
    filters = asked.filters(asked.cursor + _PAGE + 1)
    if not asked.q.strip():
        return filters
    met = (row[key] for row in view.search(asked.q, "claim", limit=_MET))
    ids = list(dict.fromkeys(id for id in met if id))
    return replace(filters, ids=ids) if ids else None


def _list(request: Request, template: str, asked: Listed, rows: Iterator[Row]) -> Response:
    """Return one page of a list, with the addresses of the page before and of the next."""
    found = list(islice(rows, asked.cursor, asked.cursor + _PAGE + 1))
    before = asked.address(max(0, asked.cursor - _PAGE)) if asked.cursor else None
    after = asked.address(asked.cursor + _PAGE) if len(found) > _PAGE else None
    return shown(
        request, template, rows=found[:_PAGE], before=before, after=after, asked=asked, types=types(), fields=ASKED
    )


def _one(rows: Iterator[Row], id: str) -> Row | None:
    return next((row for row in rows if row["id"] == id), None)
