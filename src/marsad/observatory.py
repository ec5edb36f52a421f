"""A record in Python: `marsad.open(…)`, whose questions answer with Arrow tables and with a page for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import TracebackType
from typing import Any

from marsad.charting import ledger_of
from marsad.errors import UsageError
from marsad.exhibit import Asked, exhibit_of
from marsad.grounding.areas import area_named, area_of
from marsad.publish.flat import flat_rows
from marsad.publish.formats.parquet import table_of
from marsad.publish.leaving import leaving
from marsad.publish.page import Page, page_of
from marsad.questions import filters_of
from marsad.record.asof import instant_of
from marsad.record.sight import Viewer
from marsad.record.store import Record, open_record
from marsad.record.view import Filters, View, check_day

Day = str | date


class Observatory:
    """An open record as one role sees it; close it, or use it in a `with`.

    Every answer is an Arrow table with the columns of docs/formats/parquet.md: `.to_pandas()` makes it a frame, and
    `marsad.geo` a GeoPandas one.
    """

    def __init__(self, address: str, *, role: str = "public") -> None:
        """Open the record at a file or a postgresql:// address; raise RecordError where there is none."""
        self._record: Record = open_record(address, create=False)
        self._viewer = Viewer(role, "")

    def claims(self, *, known_by: Day | None = None, **asked: Any) -> Any:
        """Return an Arrow table of the claims that stand, the latest first.

        Ask as `marsad claims` does: `type`, `status` (one or several), `first`, `last` (days), `place`, `under`,
        `actor`, `source` (names), `report`, `incident`, `ids`, `certainty` (at least), `reviewed`, `rejected`, `limit`.
        """
        return _table("claims", self._view(known_by).claims(_filters(asked)))

    def incidents(self, *, known_by: Day | None = None, **asked: Any) -> Any:
        """Return an Arrow table of the incidents that stand, the latest first.

        Ask as `marsad incidents` does: as for claims, and `contradicted`, `independent` (at least so many sources).
        """
        return _table("incidents", self._view(known_by).incidents(_filters(asked)))

    def reports(self, *, known_by: Day | None = None, **asked: Any) -> Any:
        """Return an Arrow table of the reports; ask by `first`, `last`, `source`, `ids` and `limit`."""
        return _table("reports", self._view(known_by).reports(_filters(asked)))

    def control(
        self,
        *places: str,
        on: Day | None = None,
        known_by: Day | None = None,
        under: str | None = None,
        by: str = "group",
        reviewed: bool = False,
    ) -> Any:
        """Return an Arrow table of who holds each place at the end of a day (the newest report's if not given).

        `places` are names or ids of the gazetteer, `under` a governorate or a country's two letters, `by` group,
        coalition or side; `reviewed` derives it from nothing but what a person accepted, corrected or added.
        """
        view = self._view(known_by)
        day = _day(on) or view.newest_day()
        if day is None:
            raise UsageError("the record has no report with a day yet; add some, or say on which day")
        ledger = ledger_of(view, by, reviewed)
        ids = [id for name in places for id in ledger.named(name)]
        return _table("control", ({"on": day, **row} for row in ledger.on(day, ids, area_named(under))))

    def changes(self, first: Day, last: Day, *, known_by: Day | None = None, under: str | None = None) -> Any:
        """Return an Arrow table of what changed hands from one day to another, by day."""
        rows = ledger_of(self._view(known_by)).changes(_day(first) or "", _day(last) or "", area_named(under))
        return _table("changes", rows)

    def page(
        self,
        *,
        first: Day | None = None,
        last: Day | None = None,
        on: Day | None = None,
        under: str | None = None,
        certainty: float | None = None,
        title: str | None = None,
        known_by: Day | None = None,
    ) -> Page:
        """Return the page of `marsad page`: map, days and claims with their reports; a notebook shows it as it is."""
        asked = Asked(_day(first), _day(last), _day(on), area_named(under), certainty, title)
        return Page(page_of(exhibit_of(self._view(known_by), asked)))

    def close(self) -> None:
        """Let go of the record."""
        self._record.close()

    def __enter__(self) -> Observatory:
        """Return the open record."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close the record."""
        self.close()

    def _view(self, known_by: Day | None) -> View:
        written = _day(known_by, check=False)
        return View(self._record, self._viewer, instant_of(written) if written else None, area_of)


def geo(table: Any) -> Any:
    """Return a table with `lat` and `lon` as a GeoPandas frame (EPSG:4326); raise UsageError without GeoPandas."""
    try:
        import geopandas
    except ImportError:
        raise UsageError("this needs GeoPandas: pip install geopandas") from None
    frame = table.to_pandas()
    points = geopandas.points_from_xy(frame["lon"], frame["lat"], crs="EPSG:4326")
    return geopandas.GeoDataFrame(frame, geometry=points)


def _table(name: str, rows: Any) -> Any:
    return table_of(name, flat_rows(name, leaving(name, rows)))


def _filters(asked: dict[str, Any]) -> Filters:
    """Return the filters of a question in Python; raise UsageError for a word that is none."""
    words = {*Filters.__dataclass_fields__, "place", "actor"}
    if unknown := asked.keys() - words:
        raise UsageError(f"{sorted(unknown)[0]!r} cannot be asked for; there are {', '.join(sorted(words))}")
    days = {name: _day(asked[name]) for name in ("first", "last") if asked.get(name)}
    listed = {name: _listed(asked[name]) for name in ("type", "status", "ids") if asked.get(name)}
    return filters_of({**asked, **days, **listed})


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value


def _day(day: Day | None, check: bool = True) -> str | None:
    written = day.isoformat() if isinstance(day, date) else day
    if check:
        check_day(written)
    return written
