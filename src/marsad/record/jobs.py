"""Work that waits: a row is taken by one process at a time, held while it is worked at, ended by its holder alone.

Who dies while holding one loses it when its lease is over: then another takes it. So what a job does must bear being
done again. Instants are microseconds since 1970.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from marsad.record.schema import job
from marsad.record.store import Record

WAITING, DONE, FAILED, CANCELLED = "waiting", "done", "failed", "cancelled"
SECOND = 1_000_000
# Five tries of doubled waiting times span some five minutes: a server that is down for longer wants a person's look.
MOST_TRIES = 5
_FIRST_WAIT = 10 * SECOND
_LONGEST_WAIT = 60 * 60 * SECOND
_LOST = ("the program ended while it was at it, again and again", "look into its log, then try again or cancel it")


@dataclass(frozen=True, slots=True)
class Job:
    """A job that is held: `body` says what to do, `told` what is shown of it, `tries` how often it was taken."""

    n: int
    what: str
    body: Mapping[str, Any]
    person: str
    holder: str
    tries: int
    told: Mapping[str, Any]


def put(
    connection: Connection, what: str, body: Mapping[str, Any], at: int, *, person: str = "", title: str = "",
    due_at: int | None = None,
) -> int:  # fmt: skip
    """Write a job that waits to be done at once or from `due_at` on, and return its number."""
    n = (connection.execute(select(func.max(job.c.n))).scalar() or 0) + 1
    row = {"what": what, "body": _json(body), "person": person, "state": WAITING, "told": _json({"title": title})}
    due = at if due_at is None else due_at
    row |= {"due_at": due, "holder": None, "lease_until": 0, "tries": 0, "recorded_at": at}  # type: ignore[dict-item]
    connection.execute(job.insert().values({"n": n, **row}))
    return int(n)


def put_once(
    connection: Connection, what: str, body: Mapping[str, Any], at: int, due_at: int | None = None
) -> int | None:
    """Write a job unless one of the kind and body waits that nobody is at; one that is under way began before."""
    return None if is_waiting(connection, what, body, at) else put(connection, what, body, at, due_at=due_at)


def is_waiting(connection: Connection, what: str, body: Mapping[str, Any], at: int) -> bool:
    """Tell whether a job of the kind and body waits that nobody is at."""
    asked = select(job.c.n).where(job.c.what == what, job.c.body == _json(body), _is_free(at))
    return connection.execute(asked.limit(1)).first() is not None


def is_open(connection: Connection, what: str, body: Mapping[str, Any]) -> bool:
    """Tell whether a job of the kind and body waits or is under way."""
    asked = select(job.c.n).where(job.c.what == what, job.c.body == _json(body), job.c.state == WAITING)
    return connection.execute(asked.limit(1)).first() is not None


def take(record: Record, holder: str, kinds: Sequence[str], at: int, lasts: int) -> Job | None:
    """Hold for so many microseconds the first job of the kinds that is due, and return it; None where there is none."""
    is_due = and_(job.c.what.in_(kinds), job.c.due_at <= at, _is_free(at))
    with record.asking() as connection:
        if connection.execute(select(job.c.n).where(is_due).limit(1)).first() is None:
            return None  # who only looks holds up nobody that writes
    with record.restoring() as connection:
        _give_up(connection, is_due)
        first = select(job.c.n).where(is_due).order_by(job.c.due_at, job.c.n).limit(1).scalar_subquery()
        taken = update(job).where(job.c.n == first, _is_free(at))
        taken = taken.values(holder=holder, lease_until=at + lasts, tries=job.c.tries + 1)
        row = connection.execute(taken.returning(*job.c)).first()
    return _job(row) if row else None


def _give_up(connection: Connection, is_due: ColumnElement[bool]) -> None:
    """Fail the jobs that took down whoever took them, as often as a job is tried."""
    for row in connection.execute(select(job.c.n, job.c.told).where(is_due, job.c.tries >= MOST_TRIES)).all():
        told = _json({**json.loads(row.told), "reason": _LOST[0], "remedy": _LOST[1]})
        connection.execute(update(job).where(job.c.n == row.n).values(state=FAILED, holder=None, told=told))


def prolong(record: Record, held: Job, at: int, lasts: int, told: Mapping[str, Any] | None = None) -> bool:
    """Hold a job for longer, and tell how far it is; return False where it is the holder's no more."""
    values: dict[str, Any] = {"lease_until": at + lasts}
    if told is not None:
        values["told"] = _json({**held.told, **told})
    return _write(record, held, values)


def end(record: Record, held: Job, told: Mapping[str, Any], keep: bool = True) -> bool:
    """Say that a job is done, or take it away; return False, and change nothing, where it is the holder's no more.

    What it was to do is not kept beyond its end: a file that was sent lies with its report.
    """
    if not keep:
        with record.restoring() as connection:
            return connection.execute(delete(job).where(_is_of(held))).rowcount == 1
    return _write(record, held, {"state": DONE, "lease_until": 0, "body": "{}", "told": _json({**held.told, **told})})


def fail(record: Record, held: Job, reason: str, remedy: str, at: int, for_good: bool = False) -> bool:
    """Say why a job failed: it waits twice as long each time, and after the last try, or `for_good`, for a person."""
    told = _json({**held.told, "reason": reason, "remedy": remedy})
    if for_good or held.tries >= MOST_TRIES:
        return _write(record, held, {"state": FAILED, "lease_until": 0, "told": told})
    due = at + min(_LONGEST_WAIT, _FIRST_WAIT << held.tries)
    return _write(record, held, {"due_at": due, "holder": None, "lease_until": 0, "told": told})


def give_back(record: Record, held: Job) -> bool:
    """Let another take a job at once, as if nobody had tried it: the program ends."""
    return _write(record, held, {"holder": None, "lease_until": 0, "tries": max(0, held.tries - 1)})


def again(connection: Connection, n: int, at: int) -> bool:
    """Let a job that failed or was cancelled be tried anew; return False where it is in no such state."""
    ended = update(job).where(job.c.n == n, job.c.state.in_((FAILED, CANCELLED)))
    return connection.execute(ended.values(state=WAITING, due_at=at, tries=0, holder=None)).rowcount == 1


def cancel(connection: Connection, n: int) -> bool:
    """Take a job out of those that wait; who is at it loses it and stops. Return False where it does not wait."""
    waits = update(job).where(job.c.n == n, job.c.state == WAITING)
    return connection.execute(waits.values(state=CANCELLED, holder=None, lease_until=0)).rowcount == 1


def jobs(connection: Connection, kinds: Sequence[str], at: int, limit: int = 50) -> list[dict[str, Any]]:
    """Return the jobs of the kinds without what they are to do, those that are open first, then the latest first.

    `held` is whether somebody is at it at the instant.
    """
    columns = [column for column in job.c if column.name != "body"]
    asked = select(*columns).where(job.c.what.in_(kinds))
    ordered = asked.order_by(job.c.state.not_in((WAITING, FAILED)), job.c.n.desc()).limit(limit)
    rows = [dict(row._mapping) for row in connection.execute(ordered)]
    return [{**row, "told": json.loads(row["told"]), "held": row["lease_until"] > at} for row in rows]


def person_of(connection: Connection, n: int) -> str | None:
    """Return who put the job, None where there is no such job."""
    person: str | None = connection.execute(select(job.c.person).where(job.c.n == n)).scalar()
    return person


def counts(connection: Connection, kinds: Sequence[str]) -> dict[str, int]:
    """Return how many jobs of the kinds are in each state."""
    asked = select(job.c.state, func.count()).where(job.c.what.in_(kinds)).group_by(job.c.state)
    return {row[0]: row[1] for row in connection.execute(asked)}


def is_old(connection: Connection, before: int) -> bool:
    """Tell whether there is anything to sweep."""
    asked = select(job.c.n).where(job.c.state.in_((DONE, CANCELLED)), job.c.recorded_at < before)
    return connection.execute(asked.limit(1)).first() is not None


def sweep(connection: Connection, before: int) -> int:
    """Delete what was done or cancelled of the jobs put before the instant, and return how many there were."""
    old = delete(job).where(job.c.state.in_((DONE, CANCELLED)), job.c.recorded_at < before)
    return connection.execute(old).rowcount


def _is_free(at: int) -> ColumnElement[bool]:
    return and_(job.c.state == WAITING, job.c.lease_until <= at)


def _is_of(held: Job) -> ColumnElement[bool]:
    """Return the condition that a job is held as it was taken; cancelled or taken by another, it is not."""
    is_held = and_(job.c.state == WAITING, job.c.holder == held.holder, job.c.tries == held.tries)
    return and_(job.c.n == held.n, is_held)


def _write(record: Record, held: Job, values: Mapping[str, Any]) -> bool:
    with record.restoring() as connection:
        return connection.execute(update(job).where(_is_of(held)).values(values)).rowcount == 1


def _job(row: Any) -> Job:
    found = {name: row._mapping[name] for name in Job.__dataclass_fields__}
    return Job(**{**found, "body": json.loads(found["body"]), "told": json.loads(found["told"])})


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True)
