"""Tables in, tables out: a frame of reports becomes a frame of claims, one row a claim."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from marsad.errors import UsageError
from marsad.intake import Defaults, Failure, asked_day, reports_of
from marsad.model import Claim, Report
from marsad.publish.table import main_place

if TYPE_CHECKING:
    from marsad.reading_result import Reading

_GIVEN = ("id", "title", "outlet", "published", "url", "theatre")
# The order of the columns; a value that is several is JSON, so that the frame stays flat.
COLUMNS = (
    "report", "row", "outlet", "published", "claim", "type", "status", "date", "trigger", "evidence",
    "start", "end", "actor", "target", "place", "place_text", "admin1", "country", "lat", "lon", "source",
    "quoted", "certainty", "numbers", "actors", "targets", "places", "sites", "sources", "links", "reader",
)  # fmt: skip


class Reads(Protocol):
    """Anything that turns a report into a reading."""

    def read(self, report: Report) -> Reading:
        """Return the claims of the report."""
        ...


def read_frame(
    frame: Any,
    text: str = "text",
    *,
    published: str | None = None,
    outlet: str | None = None,
    theatre: str | None = None,
    reader: Reads | None = None,
    **columns: str,
) -> Any:
    """Return the claims of a pandas DataFrame or pyarrow Table as one of the same kind, one row a claim.

    `text` names the column of the reports; `id="key"`, `title=…`, `outlet_column=…`, `published_column=…` and
    `url=…` name others, which are found by themselves where they bear these names. `published` and `outlet`
    are for reports that do not say. A row that could not be read is told on standard error and left out.
    """
    names = _names_of(frame)
    wanted = _wanted(text, columns, names)
    defaults = Defaults(asked_day(published), outlet)
    rows = _claim_rows(_records_of(frame, wanted), reader or _reader(theatre), defaults)
    return _frame_like(frame, list(rows))


def _reader(theatre: str | None) -> Reads:
    from marsad.pipeline import Reader

    return Reader(theatre)


def _names_of(frame: Any) -> list[str]:
    names = getattr(frame, "column_names", None)  # pyarrow
    names = getattr(frame, "columns", None) if names is None else names
    if names is None:
        kind = type(frame).__name__
        raise UsageError(f"a {kind} is no table; give a pandas DataFrame or a pyarrow Table")
    return [str(name) for name in names]


def _wanted(text: str, columns: Mapping[str, str], names: list[str]) -> dict[str, str]:
    """Return which column holds which field; refuse a column that is not there and a field that is none."""
    wanted = {field: field for field in _GIVEN if field in names}
    for key, name in {"text": text, **columns}.items():
        field = key.removesuffix("_column")
        if field != "text" and field not in _GIVEN:
            raise UsageError(f"a report has no field {field!r}; it has {', '.join(_GIVEN)}")
        if name not in names:
            raise UsageError(f"the table has no column {name!r}; it has {', '.join(names[:12])}")
        wanted[field] = name
    return wanted


def _records_of(frame: Any, wanted: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if hasattr(frame, "column_names"):
        lists = [frame.column(name).to_pylist() for name in wanted.values()]
    else:
        # What is missing is NaN, NaT or NA in pandas, none of which equals itself or is plainly false.
        lists = [_without_missing(frame[name]) for name in wanted.values()]
    for values in zip(*lists, strict=True):
        yield dict(zip(wanted, values, strict=True))


def _without_missing(column: Any) -> list[Any]:
    return [None if gone else value for value, gone in zip(column.tolist(), column.isna().tolist(), strict=True)]


def _claim_rows(records: Iterable[dict[str, Any]], reader: Reads, defaults: Defaults) -> Iterator[dict[str, Any]]:
    for row, record in enumerate(records):
        for report in reports_of(record, "table", row, defaults):
            if isinstance(report, Failure):
                print(f"marsad: {report}", file=sys.stderr)
                continue
            for claim in reader.read(report).claims:
                yield _row_of(report, row, claim)


def _row_of(report: Report, row: int, claim: Claim) -> dict[str, Any]:
    """Return the claim flat: the first of each role in columns of its own, all of them as JSON."""
    place = main_place(claim)
    coded = claim.as_dict()
    lists = ("numbers", "actors", "targets", "places", "sites", "sources", "links")
    values = {
        "report": report.id, "row": row, "outlet": report.outlet, "published": report.published, "claim": claim.id,
        "type": claim.type, "status": claim.status, "date": claim.date, "trigger": claim.trigger,
        "evidence": claim.evidence, "start": claim.span.start, "end": claim.span.end,
        "actor": next((p.id or p.text for p in claim.actors), None),
        "target": next((p.id or p.text for p in claim.targets), None),
        "place": place and place.name, "place_text": place and place.text, "admin1": place and place.admin1,
        "country": place and place.country, "lat": place and place.lat, "lon": place and place.lon,
        "source": next(iter(claim.sources), None), "quoted": claim.quoted, "certainty": claim.certainty,
        **{name: json.dumps(coded[name], ensure_ascii=False) for name in lists},
        "reader": claim.reader,
    }  # fmt: skip
    return {name: values[name] for name in COLUMNS}


def _frame_like(frame: Any, rows: list[dict[str, Any]]) -> Any:
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    if hasattr(frame, "column_names"):
        import pyarrow as pa

        return pa.table(columns, schema=_schema(pa))
    import pandas as pd

    return pd.DataFrame(columns, columns=list(COLUMNS))


def _schema(pa: Any) -> Any:
    """Return the types of the columns, the same for a table of no claims."""
    special = {
        "row": pa.int64(), "start": pa.int64(), "end": pa.int64(), "lat": pa.float64(), "lon": pa.float64(),
        "certainty": pa.float64(), "quoted": pa.bool_(), "published": pa.date32(),
    }  # fmt: skip
    return pa.schema([(name, special.get(name, pa.string())) for name in COLUMNS])
