"""How far reviewers agree with the reader and with each other, and their decisions as new gold."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from marsad.desk.access import desk_of, who_of
from marsad.desk.coded import coded_reports, decided
from marsad.desk.pages import shown
from marsad.errors import UsageError
from marsad.record.agreement import Agreement, agreement
from marsad.record.quality import fields_corrected, has_two_reviewers, tallies
from marsad.record.view import View

router = APIRouter(include_in_schema=False)
_SHOWN = 50


@router.get("/quality", name="quality")
def quality(request: Request) -> Response:
    """Show by type and by source what became of the reader's claims, which fields are corrected, who agrees."""
    desk = desk_of(request)
    claims = list(decided(desk.view(who_of(request))))
    corrected = [claim["id"] for claim in claims if claim["verdict"] == "corrected"]
    with desk.record.asking() as connection:
        fields = fields_corrected(connection, corrected)
    told, missing = _agreement(request)
    return shown(
        request, "quality.html", whole=next(iter(tallies(claims, lambda claim: "")), None),
        by_type=tallies(claims, lambda claim: str(claim["type"])),
        by_source=tallies(claims, lambda claim: claim["origin"] or claim["outlet"] or "")[:_SHOWN],
        fields=fields, corrected=len(corrected), agreement=told, missing=missing,
    )  # fmt: skip


@router.get("/quality/gold.jsonl", name="gold")
def gold(request: Request) -> Response:
    """Return the reports whose every claim was decided on, as `marsad score` reads them, one a line."""
    desk, who = desk_of(request), who_of(request)
    desk.log(who, "export gold")
    headers = {"content-disposition": 'attachment; filename="gold.jsonl"'}
    return StreamingResponse(_lines(desk.view(who)), media_type="application/x-ndjson", headers=headers)


def _lines(view: View) -> Iterator[str]:
    for report in coded_reports(view, decided(view)):
        yield json.dumps(report, ensure_ascii=False) + "\n"


def _agreement(request: Request) -> tuple[Agreement | None, str]:
    """Return how far reviewers agree, or why that cannot be told here."""
    try:
        with desk_of(request).record.asking() as connection:
            # Measuring loads for seconds: not for one person, who agrees with nobody yet.
            return (agreement(connection) if has_two_reviewers(connection) else None), ""
    except UsageError as error:
        return None, str(error)
