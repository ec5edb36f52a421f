"""What is written for a day of publication becomes a day, or is refused where it could be two."""

from __future__ import annotations

import re
from datetime import date, datetime

from marsad.errors import UsageError
from marsad.intake.failures import UnreadableError

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")
# A time may follow, as spreadsheets write it; of a day that has one, the day as written is meant.
_TIME = r"(?:[T ,]+\d{1,2}:\d{2}.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([/.-])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", "\u200e\u200f\u202a\u202b\u202c")
_ISO_REMEDY = "write it as YYYY-MM-DD, as in 2018-07-06"
_ORDER_REMEDY = "write it as YYYY-MM-DD, or say what comes first in its column: published:dmy=COLUMN or published:mdy="


def iso_day_of(value: object) -> date | None:
    """Return the day that an ISO 8601 date or time names in its own zone, None for nothing; refuse anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = "" if value is None else str(value).strip()
    if not written:
        return None
    try:
        if _ISO.fullmatch(written):
            return datetime.fromisoformat(written).date()
    except ValueError:
        pass
    raise _no_date(written)


def asked_day(written: str | None) -> date | None:
    """Return the day that a person asked for; refuse it as a mistake of the question."""
    try:
        return iso_day_of(written)
    except UnreadableError as error:
        raise UsageError(f"{error.reason}; {error.remedy}") from None


def day_of(value: object, order: str | None = None) -> date | None:
    """Return the day that a cell names, ISO or `25/12/2024`; refuse one whose day may be its month."""
    if value is None or isinstance(value, date):
        return iso_day_of(value)
    written = str(value).translate(_DIGITS).strip()
    if found := _YEAR_FIRST.fullmatch(written):
        if _ISO.fullmatch(written):
            return iso_day_of(written)
        return _day(written, found[1], found[3], found[4])
    if found := _YEAR_LAST.fullmatch(written):
        month, day = _month_and_day(written, int(found[1]), int(found[3]), order)
        return _day(written, found[4], month, day)
    return iso_day_of(written)


def _month_and_day(written: str, first: int, second: int, order: str | None) -> tuple[int, int]:
    """Return month and day in the order that was said, else in the only one that there can be."""
    if order:
        return (second, first) if order == "dmy" else (first, second)
    if first <= 12 and second <= 12 and first != second:
        reason = f"the date of publication {written[:40]!r} is no date that can be told: day or month may come first"
        raise UnreadableError(reason, _ORDER_REMEDY)
    return (second, first) if first > 12 else (first, second)


def _day(written: str, year: str | int, month: str | int, day: str | int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _no_date(written) from None


def _no_date(written: str) -> UnreadableError:
    return UnreadableError(f"the date of publication {written[:40]!r} is no date", _ISO_REMEDY)


def refuse_future(day: date | None, latest: date | None) -> None:
    """Refuse a day of publication after the latest that there can be."""
    if day and latest and day > latest:
        raise UnreadableError(
            f"the date of publication {day.isoformat()} lies in the future", "mend the date; is this clock right?"
        )
