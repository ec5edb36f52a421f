"""The digest of a day as a draft: every sentence with the claims that it is made from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from marsad.desk.access import desk_of, who_of
from marsad.desk.pages import language_of, shown
from marsad.digesting import Period, digest_of
from marsad.grounding.areas import area_named
from marsad.publish.digest import paper_of
from marsad.record.view import check_day

router = APIRouter(include_in_schema=False)
_DAY = r"^(\d{4}-\d{2}-\d{2})?$"


@router.get("/digest", name="digest")
def digest(
    request: Request, on: Annotated[str, Query(pattern=_DAY)] = "", under: Annotated[str, Query(max_length=120)] = "",
    known_by: Annotated[str, Query(pattern=_DAY)] = "", reviewed: bool = False,
) -> Response:  # fmt: skip
    """Show the digest of a day, the newest if none is named."""
    view = desk_of(request).view(who_of(request), known_by or None)
    check_day(on or None)
    day = on or view.newest_day()
    asked = {"on": on, "under": under, "known_by": known_by, "reviewed": reviewed}
    if day is None:
        return shown(request, "digest.html", paper=None, day=None, asked=asked)
    told = digest_of(view, Period(day, day), area_named(under or None), reviewed=reviewed)
    return shown(request, "digest.html", paper=paper_of(told, language_of(request), reviewed), day=day, asked=asked)
