"""What reviewers decided, as coded reports in the form of the coding guide: new gold to measure a reader on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marsad.record.view import Filters, View

Row = Mapping[str, Any]
_REPORT = ("id", "url", "outlet", "published", "title", "text")
_CLAIM = ("type", "trigger", "evidence", "status", "actors", "targets", "places", "sites", "date", "numbers", "sources",
          "quoted")  # fmt: skip
_PARTY, _SITE = ("text", "id"), ("text", "kind")
_PLACE = ("text", "name", "admin1", "country", "lat", "lon", "role")
_SURE = ("accepted", "corrected")


def decided(view: View) -> Iterator[Row]:
    """Yield the claims on which somebody decided that they are right, should be otherwise, or are none."""
    yield from view.claims(Filters(reviewed=True))
    yield from view.claims(Filters(rejected=True))


def coded_reports(view: View, claims: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield the reports of the claims of which every claim was decided on, each with those that are right.

    A report with one claim that nobody looked at is none: who measures by it would count that claim as wrong.
    """
    for id in dict.fromkeys(claim["report"] for claim in claims):
        told = sorted(view.claims(Filters(report=id)), key=lambda claim: claim["span"])
        if all(claim["verdict"] in _SURE or claim["by"] == "person" for claim in told):
            report = next((row for row in view.reports(Filters(ids=[id]), text=True) if row["id"] == id), None)
            if report is not None:
                yield {**{name: report[name] for name in _REPORT}, "claims": [_coded(claim) for claim in told]}


def _coded(claim: Row) -> dict[str, Any]:
    """Return a claim with the fields of the coding guide and no others."""
    parties = {name: _only(claim[name], _PARTY) for name in ("actors", "targets")}
    others = {"places": _only(claim["places"], _PLACE), "sites": _only(claim["sites"], _SITE)}
    return {**{name: claim[name] for name in _CLAIM}, **parties, **others}


def _only(rows: Iterable[Row], fields: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: row.get(name) for name in fields} for row in rows]
