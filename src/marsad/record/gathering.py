"""What fusion needs from the record: claims in comparable form, members of incidents, who copied whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, or_, select

from marsad.record import schema
from marsad.record.asof import standing
from marsad.record.decisions import in_parts
from marsad.record.summing import Member
from marsad.record.telling import Telling, Wording, telling_of, wording_of

_CLAIM, _REPORT, _MEMBER = schema.claim, schema.report, schema.membership
# The days that ISO can write; what has no day and no publication stands before the first.
_FIRST, _LAST_DAY = date.min.isoformat(), date.max.toordinal()


class Placed(NamedTuple):
    """A claim in comparable form and the incident that it tells."""

    telling: Telling
    incident: str


class Wordings:
    """The wording of reports, each taken from the record once while it is among the last that were asked for."""

    _MOST = 5_000

    def __init__(self) -> None:
        self._kept: dict[int, Wording] = {}

    def load(self, connection: Connection, numbers: Iterable[int]) -> None:
        """Have the wording of these rows of reports at hand."""
        if len(self._kept) > self._MOST:
            self._kept.clear()
        missing = [n for n in dict.fromkeys(numbers) if n not in self._kept]
        for some in in_parts(missing):
            asked = select(_REPORT.c.n, _REPORT.c.id, _REPORT.c.text, _REPORT.c.published).where(_REPORT.c.n.in_(some))
            for row in connection.execute(asked):
                self._kept[row.n] = wording_of(row.id, row.text, row.published)

    def of(self, number: int) -> Wording:
        """Return the wording of a row of a report that was loaded."""
        return self._kept[number]


def tellings_of(connection: Connection, rows: Sequence[Any], wordings: Wordings) -> list[Telling]:
    """Return the claims of rows (n, report_n, body) in comparable form."""
    wordings.load(connection, [row.report_n for row in rows])
    return [telling_of(json.loads(row.body), row.n, wordings.of(row.report_n)) for row in rows]


def incidents_between(connection: Connection, first: int, last: int) -> set[str]:
    """Return the incidents with a claim on the days (numbers), undated claims by their publication, else on day 0."""
    low, high = (date.fromordinal(min(max(1, day), _LAST_DAY)).isoformat() for day in (first, last))
    dated = and_(_CLAIM.c.start <= high, _CLAIM.c.until >= low)
    undated = and_(_CLAIM.c.start.is_(None), func.coalesce(_REPORT.c.published, _FIRST).between(low, high))
    return set(connection.execute(_placed(_MEMBER.c.incident_id).where(or_(dated, undated))).scalars())


def placed_in(connection: Connection, incidents: Iterable[str], wordings: Wordings) -> Iterator[Placed]:
    """Yield all claims that tell one of the incidents."""
    columns = (_CLAIM.c.n, _CLAIM.c.report_n, _CLAIM.c.body, _MEMBER.c.incident_id)
    for some in in_parts(incidents):
        rows = connection.execute(_placed(*columns).where(_MEMBER.c.incident_id.in_(some))).all()
        told = tellings_of(connection, rows, wordings)
        yield from (Placed(telling, row.incident_id) for telling, row in zip(told, rows, strict=True))


def _placed(*columns: Any) -> Select[Any]:
    joined = _CLAIM.join(_MEMBER, _MEMBER.c.claim_id == _CLAIM.c.id).join(_REPORT, _REPORT.c.n == _CLAIM.c.report_n)
    asked = select(*columns).select_from(joined).order_by(_CLAIM.c.n)
    asked = asked.where(~_CLAIM.c.gone, standing(_CLAIM, ("id",), None))
    return asked.where(~_MEMBER.c.gone, standing(_MEMBER, ("claim_id",), None))


def members_of(connection: Connection, incidents: Iterable[str]) -> dict[str, list[Member]]:
    """Return for each incident the claims that tell it, with their reports; incidents without any are left out."""
    found: dict[str, list[Member]] = {}
    for some in in_parts(incidents):
        of_report = (_REPORT.c.id, _REPORT.c.outlet, _REPORT.c.published, _REPORT.c.title)
        asked = _placed(_CLAIM.c.n, _CLAIM.c.body, _MEMBER.c.incident_id, *of_report)
        for row in connection.execute(asked.where(_MEMBER.c.incident_id.in_(some))):
            member = Member(row.n, json.loads(row.body), row.id, row.outlet, row.published, row.title)
            found.setdefault(row.incident_id, []).append(member)
    return found


def copies_among(connection: Connection, reports: Iterable[str]) -> Callable[[str, str], bool]:
    """Return the question whether one of two of these reports repeats the other's words."""
    table, kin = schema.kinship, set[tuple[str, str]]()
    for some in in_parts(reports):
        asked = select(table.c.report_id, table.c.of_id).where(table.c.report_id.in_(some))
        kin.update((row.report_id, row.of_id) for row in connection.execute(asked))
    return lambda a, b: (a, b) in kin or (b, a) in kin
