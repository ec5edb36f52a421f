"""As known on an instant: which rows stood then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, true

from marsad.errors import UsageError


def standing(table: Any, keys: tuple[str, ...], known_by: int | None) -> ColumnElement[bool]:
    """Return the condition that a row is the newest of its keys, of those recorded by the instant (None: now)."""
    later = table.alias()
    newer = [later.c[key] == table.c[key] for key in keys] + [later.c.n > table.c.n]
    if known_by is None:
        return not_(exists().where(*newer).correlate(table))
    newer.append(later.c.recorded_at <= known_by)
    return and_(table.c.recorded_at <= known_by, not_(exists().where(*newer).correlate(table)))


def by_then(table: Any, known_by: int | None) -> ColumnElement[bool]:
    """Return the condition that a row had been recorded by the instant (None: any)."""
    return true() if known_by is None else table.c.recorded_at <= known_by


def instant_of(written: str) -> int:
    """Return the instant of an ISO day (its last microsecond in UTC) or of an ISO time; raise UsageError."""
    try:
        if len(written) == 10:
            return micros_of(datetime.combine(date.fromisoformat(written) + timedelta(1), datetime.min.time(), UTC)) - 1
        moment = datetime.fromisoformat(written)
    except (ValueError, OverflowError):
        raise UsageError(f"{written!r} is no day or time; write it as 2018-07-06 or 2018-07-06T18:00") from None
    return micros_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def micros_of(moment: datetime) -> int:
    """Return the microseconds since 1970 of a time that knows its zone."""
    # Whole microseconds by integers: a float would round the last digits.
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def moment_of(instant: int) -> datetime:
    """Return the UTC time of an instant."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
