"""The digest: as it stands, as a draft in which sentences are held back or moved, as issues that went out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.desk.access import desk_of, who_of
from marsad.desk.issuing import Asked, corrections, draft_of, papers_of, publish
from marsad.desk.pages import language_of, shown
from marsad.digesting import Period, digest_of
from marsad.errors import UsageError
from marsad.grounding.areas import area_named
from marsad.publish.digest import Paper, claims_of, paper_of
from marsad.publish.issue import Place, keys_of, ordered, place_of
from marsad.record import looks
from marsad.record.issues import corrections_of, issue_of, issues
from marsad.record.view import check_day

router = APIRouter(include_in_schema=False)
_DAY = r"^(\d{4}-\d{2}-\d{2})?$"
_INSTANT = r"^(\d{4}-\d{2}-\d{2}T[\d:.]{8,15}\+00:00)?$"
_KINDS = {"html": ("html", "text/html"), "text": ("txt", "text/plain")}


@router.get("/digest", name="digest")
def digest(
    request: Request, on: Annotated[str, Query(pattern=_DAY)] = "", under: Annotated[str, Query(max_length=120)] = "",
    known_by: Annotated[str, Query(pattern=_DAY)] = "", reviewed: bool = False,
) -> Response:  # fmt: skip
    """Show the digest of a day, the newest if none is named, every sentence with the words that it is made from."""
    view = desk_of(request).view(who_of(request), known_by or None)
    check_day(on or None)
    day = on or view.newest_day()
    asked = {"on": on, "under": under, "known_by": known_by, "reviewed": reviewed}
    if day is None:
        return shown(request, "digest.html", paper=None, day=None, asked=asked, told={})
    digest = digest_of(view, Period(day, day), area_named(under or None), reviewed=reviewed)
    told = view.told(claims_of(digest))
    paper = paper_of(digest, language_of(request), reviewed, told)
    return shown(request, "digest.html", paper=paper, day=day, asked=asked, told=told)


@router.get("/digest/draft", name="draft")
def draft(
    request: Request, on: Annotated[str, Query(pattern=_DAY)] = "", last: Annotated[str, Query(pattern=_DAY)] = "",
    under: Annotated[str, Query(max_length=120)] = "", reviewed: bool = False,
    seen: Annotated[str, Query(pattern=_INSTANT)] = "", of: Annotated[str, Query(max_length=40)] = "",
    hold: Annotated[list[str], Query()] = [], key: Annotated[list[str], Query()] = [],  # noqa: B006
    place: Annotated[list[int], Query()] = [], was: Annotated[list[int], Query()] = [],  # noqa: B006
) -> Response:  # fmt: skip
    """Show the digest as the public would get it, to hold back and move its sentences before it is published."""
    desk = desk_of(request)
    day = on or desk.view(who_of(request)).newest_day()
    if day is None:
        return shown(request, "draft.html", paper=None, asked=None, rows=[], told={}, of="")
    asked = Asked(day, last or day, under, reviewed, seen)
    made = draft_of(desk, asked)
    paper = next(paper for paper in made.papers if paper.lang == language_of(request))
    rows = _rows_of(paper, set(hold), _places(key, place, was))
    values: dict[str, Any] = {"asked": asked, "seen": made.seen, "of": of, "told": made.told, "rows": rows}
    return shown(request, "draft.html", paper=paper, **values)


@router.post("/digest/issues", name="publish")
def publish_issue(
    request: Request, first: Annotated[str, Form(pattern=_DAY)], last: Annotated[str, Form(pattern=_DAY)],
    seen: Annotated[str, Form(pattern=_INSTANT)], under: Annotated[str, Form(max_length=120)] = "",
    reviewed: Annotated[bool, Form()] = False, of: Annotated[str, Form(max_length=40)] = "",
    reason: Annotated[str, Form(max_length=2_000)] = "",
    hold: Annotated[list[str], Form()] = [], key: Annotated[list[str], Form()] = [],  # noqa: B006
    place: Annotated[list[int], Form()] = [], was: Annotated[list[int], Form()] = [],  # noqa: B006
) -> Response:  # fmt: skip
    """Publish what was seen as an issue, which stays as it is; a correction names the issue that it is `of`."""
    desk, who = desk_of(request), who_of(request)
    if not (first and last and seen):
        raise UsageError("an issue is of days, and as known at an instant: publish it from its draft")
    asked = Asked(first, last, under, reviewed, seen)
    made = draft_of(desk, asked)
    places = _places(key, place, was)
    with desk.writing(who, "publish") as writing:
        id = publish(writing, made, asked, set(hold), places, who.name, of or None, reason)
        looks.log(writing, who.name, "published", id, {"held": len(set(hold)), "of": of})
    return RedirectResponse(f"/issues/{id}", 303)


@router.get("/issues", name="issues")
def list_issues(request: Request) -> Response:
    """List what was published, the latest first."""
    desk = desk_of(request)
    with desk.record.asking() as connection:
        rows = issues(connection)
    return shown(request, "issues.html", rows=list(desk.view(who_of(request)).seen(rows)))


@router.get("/issues/{id}", name="issue")
def issue(request: Request, id: str) -> Response:
    """Show an issue as it went out, and apart from it what is known otherwise since."""
    found, lang = _issue(request, id), language_of(request)
    paper = next(paper for paper in papers_of(found) if paper.lang == lang)
    changes = corrections(desk_of(request), found, lang)
    with desk_of(request).record.asking() as connection:
        later = corrections_of(connection, id)
    values: dict[str, Any] = {
        "changes": changes,
        "later": later,
        "told": found["body"]["claims"],
    }
    return shown(request, "issue.html", issue=found, paper=paper, **values)


@router.get("/issues/{id}/{form}", name="print_issue")
def print_issue(request: Request, id: str, form: str) -> Response:
    """Return an issue as it was printed: a page (html) or text."""
    if form not in _KINDS:
        raise HTTPException(404, f"an issue is printed as {' or '.join(_KINDS)}")
    ending, kind = _KINDS[form]
    name = f"{_issue(request, id)['id']}.{ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-security-policy": "sandbox"}
    return Response(_issue(request, id)["body"][form], media_type=kind, headers=headers)


def _issue(request: Request, id: str) -> dict[str, Any]:
    """Return an issue as the person may see it; a name that was marked since is shown to nobody who may not know it."""
    desk = desk_of(request)
    with desk.record.asking() as connection:
        found = issue_of(connection, id)
    seen = next(desk.view(who_of(request)).seen([found]), None) if found else None
    if seen is None:
        raise HTTPException(404, "there is no such issue")
    return seen


def _places(keys: list[str], places: list[int], was: list[int]) -> dict[str, Place]:
    if not len(keys) == len(places) == len(was):
        raise UsageError("each sentence has a place and the place where it was")
    return {key: place_of(place, before) for key, place, before in zip(keys, places, was, strict=True)}


def _rows_of(paper: Paper, held: set[str], places: dict[str, Place]) -> list[dict[str, Any]]:
    """Return the sections of a draft for its form: each sentence with its key, its place and whether it is held."""
    found = []
    for section in paper.sections:
        parts = []
        for part, keyed in zip(section.parts, keys_of(section), strict=True):
            rows = [
                {"key": key, "sentence": sentence, "held": key in held, "place": n}
                for n, (key, sentence) in enumerate(ordered(keyed, places), 1)
            ]
            parts.append({"heading": part.heading, "rows": rows})
        found.append({"heading": section.heading, "parts": parts})
    return found
