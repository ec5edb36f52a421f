"""The front: today by governorate, what changed hands, what waits, what is disputed, which sources are silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from marsad.charting import ledger_of
from marsad.desk.access import desk_of, who_of
from marsad.desk.pages import shown
from marsad.record.view import Filters, View

router = APIRouter(include_in_schema=False)
_SHOWN = 8
# A source that has told something within the month and nothing for a week is silent.
_MONTH, _WEEK = 30, 7


@router.get("/", name="front")
def front(request: Request) -> Response:
    """Show what somebody who comes in wants to know first."""
    view = desk_of(request).view(who_of(request))
    day = view.newest_day()
    if day is None:
        return shown(request, "front.html", day=None)
    week = (date.fromisoformat(day) - timedelta(_WEEK - 1)).isoformat()
    incidents = list(view.incidents(Filters(first=week, last=day)))
    return shown(
        request, "front.html", day=day, week=week, areas=_by_area(incidents),
        changes=list(islice(ledger_of(view).changes(week, day), _SHOWN)),
        disputed=[row for row in incidents if row["contradictions"]][:_SHOWN],
        unreviewed=_unreviewed(view, week, day),
        silent=list(_silent(view, day)), failures=list(islice(view.failures(), _SHOWN)),
    )  # fmt: skip


def _by_area(incidents: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return the governorates of the incidents with their counts, the one with most first; "" is none."""
    counts = Counter((row["places"][0]["admin1"] or "") if row["places"] else "" for row in incidents)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _unreviewed(view: View, first: str, last: str) -> int:
    asked = Filters(first=first, last=last)
    return view.count_claims(asked) - view.count_claims(replace(asked, reviewed=True))


def _silent(view: View, day: str) -> Iterator[tuple[str, str]]:
    """Yield the outlets that published within the month before a day and not within the week, with their last day."""
    since = (date.fromisoformat(day) - timedelta(_MONTH)).isoformat()
    last: dict[str, str] = {}
    for report in view.reports(Filters(first=since, last=day)):
        if report["outlet"]:
            last.setdefault(report["outlet"], report["published"])
    limit = (date.fromisoformat(day) - timedelta(_WEEK)).isoformat()
    yield from sorted((outlet, seen) for outlet, seen in last.items() if seen < limit)
