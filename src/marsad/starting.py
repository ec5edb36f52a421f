"""A starting state: who held what before the first report, from a table, taken in as claims of its source.

The table becomes a report of its rows, and each row a `control` claim that a person has added, tied to the row's words:
evidence like any other, which decisions can correct and re-reading does not lose.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from marsad.control.sides import can_hold
from marsad.errors import InputError, UsageError
from marsad.grounding.gazetteer import RADIUS, all_places, find
from marsad.intake import Failure
from marsad.intake.encoding import decode
from marsad.loading.speakers import partisan_of
from marsad.loading.theatre import PlaceRow
from marsad.model import Arrival, Capture, Report
from marsad.pipeline import release
from marsad.record.coding import Guide
from marsad.record.deciding import add_claim
from marsad.record.keeping import Read, identify, keep, keep_failure
from marsad.record.store import Record, Writing

# Heads of columns under which tables have these things, the first that is there counts.
_COLUMNS = {
    "place": ("place", "pcode", "id", "المكان", "البلدة", "name", "name_ar"),
    "holder": ("holder", "side", "actor", "الجهة", "المسيطر"),
    "on": ("on", "date", "day", "since", "التاريخ"),
    "admin1": ("admin1", "governorate", "المحافظة"),
    "country": ("country", "الدولة"),
}
_TOOL = "starting state"


@dataclass(frozen=True, slots=True)
class Row:
    """One row that could be read: its number, the place, the words and id of its holder, the ISO day."""

    number: int
    place: PlaceRow
    words: str
    holder: str
    day: str

    @property
    def line(self) -> str:
        """Return the row as a line of the report: place, holder, day."""
        return f"{self.place.name_ar or self.place.name} — {self.words} — {self.day}"


@dataclass(slots=True)
class Started:
    """What a starting state came to: rows taken, rows that could not be read, whether it was there already."""

    taken: int
    failures: list[Failure]
    known: bool = False


def take_starting_state(record: Record, file: str, source: str, on: str | None, person: str, guide: Guide) -> Started:
    """Take a table of who held what into a record as claims of its source; the rows that cannot be read are named.

    Raise InputError where the file is no table with a column for the place and one for the holder.
    """
    data = _bytes_of(file)
    rows, failures = _split(_rows_of(data, file, on))
    with record.writing("start", f"marsad {release()}") as writing:
        for failure in failures:
            keep_failure(writing, failure.where, failure.row, failure.reason, failure.remedy)
        is_new = bool(rows) and _keep(writing, rows, _arrival(rows, data, file, source), person, guide)
    return Started(len(rows) if is_new else 0, failures, known=bool(rows) and not is_new)


def _keep(writing: Writing, rows: Sequence[Row], arrival: Arrival, person: str, guide: Guide) -> bool:
    """Keep the table as a report with a claim a row; return False where it was kept before."""
    identity = identify(writing.connection, arrival)
    if identity.known is not None:
        return False
    keep(writing, [(Read(arrival, [], 0, f"marsad {release()} {_TOOL}"), identity)])
    _add(writing, identity.id, rows, person, guide)
    return True


def _bytes_of(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); name a CSV file") from None


def _split(found: Iterator[Row | Failure]) -> tuple[list[Row], list[Failure]]:
    rows, failures = list[Row](), list[Failure]()
    for item in found:
        if isinstance(item, Row):
            rows.append(item)
        else:
            failures.append(item)
    return rows, failures


def _rows_of(data: bytes, file: str, on: str | None) -> Iterator[Row | Failure]:
    text = decode(data).removeprefix("\ufeff")
    first = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    heads = {head.strip().lower(): head for head in table.fieldnames or ()}
    columns = {key: next((heads[n] for n in names if n in heads), None) for key, names in _COLUMNS.items()}
    if columns["place"] is None or columns["holder"] is None:
        raise InputError(f"{file}: the table has no column `place` or no column `holder`; name them in its first line")
    for number, cells in enumerate(table, 2):
        given = {key: (cells.get(column) or "").strip() for key, column in columns.items() if column}
        try:
            yield _row_of(number, given, on)
        except UsageError as error:
            reason, _, remedy = str(error).partition("; ")
            yield Failure(file, number, reason, remedy)


def _row_of(number: int, given: Mapping[str, str], on: str | None) -> Row:
    day = given.get("on") or on or ""
    try:
        day = date.fromisoformat(day).isoformat()
    except ValueError:
        raise UsageError(f"{day!r} is no day; give the column `on` as 2018-06-19, or --on DAY") from None
    place = _place(given)
    return Row(number, place, given["holder"], _holder(given["holder"], place, day), day)


def _place(given: Mapping[str, str]) -> PlaceRow:
    """Return the one place that a row means; raise UsageError where there is none, or several and no governorate."""
    name, rows = given["place"], all_places().rows
    found = [rows[name]] if name in rows else find(name)
    if given.get("country"):
        found = [row for row in found if row.country == given["country"].upper()]
    if given.get("admin1"):
        wanted = given["admin1"]
        found = [
            row
            for row in found
            if wanted == row.admin1 or ((a := rows.get(row.admin1)) and wanted in (a.name, a.name_ar))
        ]
    if not found:
        raise UsageError(
            f"no place is called {name!r} there; `marsad gazetteer find {name}` shows what is, give its id"
        )
    heaviest = max(row.weight for row in found)
    likeliest = [row for row in found if row.weight == heaviest]
    if len(likeliest) > 1:
        raise UsageError(f"{name!r} is {len(likeliest)} places; give the id, or a column admin1")
    return likeliest[0]


def _holder(words: str, place: PlaceRow, day: str) -> str:
    """Return the actor that a row names by its id or in words; raise UsageError where nobody is known by them."""
    holder = words if can_hold(words) else partisan_of(words, place.country.lower(), date.fromisoformat(day))
    if not holder or not can_hold(holder):
        raise UsageError(f"nobody who can hold a place is called {words!r}; give an id of docs/reference/actors.md")
    return holder


def _arrival(rows: Sequence[Row], data: bytes, file: str, source: str) -> Arrival:
    digest = hashlib.sha256(data).hexdigest()
    last = max(date.fromisoformat(row.day) for row in rows)
    text = "\n".join(row.line for row in rows)
    report = Report(f"start-{digest[:12]}", text, f"Starting state: {Path(file).name}", source, last)
    return Arrival(report, Capture(file, "csv", digest, len(data), datetime.now(UTC), data, (), f"marsad {release()}"))


def _add(writing: Writing, report_id: str, rows: Sequence[Row], person: str, guide: Guide) -> None:
    at = 0
    for row in rows:
        add_claim(writing, report_id, _claim(row, at), person, f"row {row.number} of a starting state", guide=guide)
        at += len(row.line) + 1


def _claim(row: Row, at: int) -> dict[str, Any]:
    """Return the claim of a row whose line begins at a character of the report."""
    name, words = row.place.name_ar or row.place.name, row.words
    holder = [at + len(name) + 3, at + len(name) + 3 + len(words)]
    area = all_places().rows.get(row.place.admin1)
    place = {
        "text": name, "name": row.place.name, "admin1": area.name if area else None, "country": row.place.country,
        "lat": row.place.lat, "lon": row.place.lon, "role": "at", "id": row.place.id,
        "radius_km": RADIUS.get(row.place.kind, 2.0),
    }  # fmt: skip
    return {
        "type": "control", "trigger": words, "trigger_span": holder, "evidence": row.line,
        "span": [at, at + len(row.line)], "status": "happened", "date": row.day,
        "actors": [{"text": words, "id": row.holder}], "places": [place],
    }  # fmt: skip
