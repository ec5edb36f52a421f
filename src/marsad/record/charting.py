"""The chart in a record: testimonies by place and the states that follow from them, kept so that asking is quick.

It holds nothing that the claims do not, and is the only part of a record of which rows are ever deleted: it is made
anew wherever the claims or the rules change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, literal, select

from marsad.record import schema
from marsad.record.decisions import in_parts
from marsad.record.store import Writing

_TESTIMONY, _HOLDING, _PLACE, _CHART = schema.testimony, schema.holding, schema.held_place, schema.chart
Fields = Sequence[Any]


class Mark(NamedTuple):
    """Up to which rows of claims and of kinships, and by which rules, the chart was made."""

    claim_n: int
    kin_n: int
    rules: str


class StateRow(NamedTuple):
    """A state of a place as kept: from when, until when, since when, whether the place changed hands, its fields.

    `claims` are what speaks for it, against it, and for the change; of a change, the last of
    `fields` are those of the state before it.
    """

    place: str
    start: str
    ends: str
    since: str
    turned: bool
    fields: Fields
    claims: Fields


def mark_of(connection: Connection) -> Mark | None:
    """Return up to where the chart was made, None where there is none yet."""
    row = connection.execute(select(_CHART).order_by(_CHART.c.n.desc()).limit(1)).first()
    return Mark(row.claim_n, row.kin_n, row.rules) if row else None


def newest(connection: Connection, rules: str) -> Mark:
    """Return the mark of a chart that would be made now."""
    claim_n = connection.execute(select(func.max(schema.claim.c.n))).scalar() or 0
    kin_n = connection.execute(select(func.max(schema.kinship.c.n))).scalar() or 0
    return Mark(claim_n, kin_n, rules)


def changed_claims(connection: Connection, since: Mark) -> list[str]:
    """Return the ids of the claims that have a new state, or whose report was found to repeat another, since then."""
    claim, kin = schema.claim, schema.kinship
    changed = connection.execute(select(claim.c.id).where(claim.c.n > since.claim_n).distinct()).scalars().all()
    copies = select(kin.c.report_id).where(kin.c.n > since.kin_n)
    copied = connection.execute(select(claim.c.id).where(claim.c.report_id.in_(copies)).distinct()).scalars().all()
    return sorted({*changed, *copied})


def clear(writing: Writing) -> None:
    """Throw the whole chart away."""
    for table in (_TESTIMONY, _HOLDING, _PLACE):
        writing.connection.execute(delete(table))


def replace_testimonies(writing: Writing, claims: Iterable[str], told: Mapping[str, Sequence[Fields]]) -> set[str]:
    """Put what the claims say now (place first) in place of what they said, and return the places of both."""
    touched: set[str] = set()
    ids = sorted(claims)
    for some in in_parts(ids):
        asked = select(_TESTIMONY.c.place).where(_TESTIMONY.c.claim_id.in_(some)).distinct()
        touched.update(writing.connection.execute(asked).scalars())
        writing.connection.execute(delete(_TESTIMONY).where(_TESTIMONY.c.claim_id.in_(some)))
    rows = [{"claim_id": id, "place": fields[0], "body": _written(fields)} for id in ids for fields in told.get(id, ())]
    writing.add(_TESTIMONY, rows)
    return touched | {str(row["place"]) for row in rows}


def testimonies_at(connection: Connection, places: Iterable[str]) -> dict[str, list[Fields]]:
    """Return the fields of each testimony on these places, by place."""
    found: dict[str, list[Fields]] = {}
    for some in in_parts(sorted(places)):
        asked = select(_TESTIMONY.c.place, _TESTIMONY.c.body).where(_TESTIMONY.c.place.in_(some))
        for place, body in connection.execute(asked):
            found.setdefault(place, []).append(json.loads(body))
    return found


def told_places(connection: Connection) -> list[str]:
    """Return every place on which there is a testimony, sorted."""
    return sorted(connection.execute(select(_TESTIMONY.c.place).distinct()).scalars())


def put_states(writing: Writing, places: Iterable[str], states: Iterable[StateRow]) -> None:
    """Put the states of these places in place of those that they had."""
    named = sorted(set(places))
    for some in in_parts(named):
        for table in (_HOLDING, _PLACE):
            writing.connection.execute(delete(table).where(table.c.place.in_(some)))
    rows = [
        {"place": s.place, "start": s.start, "ends": s.ends, "since": s.since, "turned": s.turned,
         "body": _written(s.fields), "claims": _written(s.claims)}
        for s in states
    ]  # fmt: skip
    writing.add(_HOLDING, rows)
    writing.add(_PLACE, [{"place": place} for place in sorted({str(row["place"]) for row in rows})])


def put_mark(writing: Writing, mark: Mark) -> None:
    """Write up to where the chart is made now."""
    writing.add_one(_CHART, **mark._asdict())


def states_of(connection: Connection, place: str) -> list[StateRow]:
    """Return all states of a place in order."""
    asked = select(_HOLDING).where(_HOLDING.c.place == place).order_by(_HOLDING.c.start)
    return [_state(row) for row in connection.execute(asked)]


def states_on(connection: Connection, day: str, claims: bool = True) -> Iterator[tuple[str, str, str, str]]:
    """Yield place, end, fields and claims (as JSON) of the state of each place at the end of a day, if one is known.

    Without `claims`, which are most of what is kept, theirs is "".
    """
    latest = select(func.max(_HOLDING.c.start)).where(_HOLDING.c.place == _PLACE.c.place, _HOLDING.c.start <= day)
    asked = select(_PLACE.c.place, latest.correlate(_PLACE).scalar_subquery().label("start"))
    # Without the word, the engine looks for the latest start of every state instead of every place.
    found = asked.cte("found").prefix_with("MATERIALIZED")
    evidence = _HOLDING.c.claims if claims else literal("")
    columns = select(_HOLDING.c.place, _HOLDING.c.ends, _HOLDING.c.body, evidence)
    met = (found.c.place == _HOLDING.c.place) & (found.c.start == _HOLDING.c.start)
    for row in connection.execute(columns.join(found, met)).all():
        yield row[0], row[1], row[2], row[3]


def turns_between(connection: Connection, first: str, last: str) -> list[StateRow]:
    """Return the states with which a place changed hands from one day to another."""
    asked = select(_HOLDING).where(_HOLDING.c.turned.is_(True), _HOLDING.c.since >= first, _HOLDING.c.since <= last)
    return [_state(row) for row in connection.execute(asked.order_by(_HOLDING.c.since, _HOLDING.c.place))]


def _state(row: Any) -> StateRow:
    return StateRow(
        row.place, row.start, row.ends, row.since, bool(row.turned), json.loads(row.body), json.loads(row.claims)
    )


def _written(fields: Fields) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
