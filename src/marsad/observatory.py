"""A record in Python: `marsad.open(…)`, whose questions answer with Arrow tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Any

from marsad.charting import ledger_of
from marsad.errors import UsageError
from marsad.grounding.areas import area_named, area_of
from marsad.record.asof import instant_of
from marsad.record.sight import Viewer
from marsad.record.store import Record, open_record
from marsad.record.view import View, check_day

# Columns of a table that are no text; all other values that are no text are written as JSON.
_NUMBERS = frozenset(("lat", "lon", "confidence", "certainty"))
_COUNTS = frozenset(("sources", "age_days", "independent_sources", "version"))
_LISTS = frozenset(("holders", "sides", "evidence", "against", "claims", "reports"))
Day = str | date


class Observatory:
    """An open record as one role sees it; close it, or use it in a `with`."""

    def __init__(self, address: str, *, role: str = "public") -> None:
        """Open the record at a file or a postgresql:// address; raise RecordError where there is none."""
        self._record: Record = open_record(address, create=False)
        self._viewer = Viewer(role, "")

    def control(
        self,
        *places: str,
        on: Day | None = None,
        known_by: Day | None = None,
        under: str | None = None,
        by: str = "group",
    ) -> Any:
        """Return an Arrow table of who holds each place at the end of a day (the newest report's if not given).

        `places` are names or ids of the gazetteer, `under` a governorate or a country's two letters, `by` group,
        coalition or side; one row a place with the fields of docs/reference/control.md.
        """
        view = self._view(known_by)
        day = _day(on) or view.newest_day()
        if day is None:
            raise UsageError("the record has no report with a day yet; add some, or say on which day")
        ledger = ledger_of(view, by)
        ids = [id for name in places for id in ledger.named(name)]
        return _table(ledger.on(day, ids, area_named(under)), _CONTROL)

    def changes(self, first: Day, last: Day, *, known_by: Day | None = None, under: str | None = None) -> Any:
        """Return an Arrow table of what changed hands from one day to another, by day."""
        rows = ledger_of(self._view(known_by)).changes(_day(first) or "", _day(last) or "", area_named(under))
        return _table(rows, _CHANGES)

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


_PLACE = ("place", "name", "name_ar", "kind", "admin1", "country", "pcode", "lat", "lon")
_CONTROL = (
    *_PLACE, "status", "holder", "holders", "sides", "since", "began", "until", "confidence", "basis", "sources",
    "evidence", "against", "age_days", "share",
)  # fmt: skip
_CHANGES = (
    "day", *_PLACE, "status_before", "holder_before", "status", "holder", "holders", "sides", "began", "confidence",
    "sources", "evidence", "against",
)  # fmt: skip


def _table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Any:
    """Return rows as an Arrow table whose columns have the same types whether there are rows or none."""
    try:
        import pyarrow as pa
    except ImportError:
        raise UsageError("tables need Arrow: pip install 'marsad[tables]'") from None
    listed = list(rows)
    types = {name: _type(pa, name) for name in columns}
    arrays = {name: [_value(row[name], name) for row in listed] for name in columns}
    return pa.table(arrays, schema=pa.schema(list(types.items())))


def _type(pa: Any, name: str) -> Any:
    if name in _LISTS:
        return pa.list_(pa.string())
    return pa.float64() if name in _NUMBERS else pa.int64() if name in _COUNTS else pa.string()


def _value(value: Any, name: str) -> Any:
    if value is None or isinstance(value, str) or name in (*_NUMBERS, *_COUNTS, *_LISTS):
        return value
    return json.dumps(value, ensure_ascii=False)


def _day(day: Day | None, check: bool = True) -> str | None:
    written = day.isoformat() if isinstance(day, date) else day
    if check:
        check_day(written)
    return written
