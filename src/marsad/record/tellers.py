"""Which reports a source tells: those of the outlet of that name, and those in which a claim is told in its name.

The whole report is the source's, as its text says what the claim says. What was a source's once stays so: another
version of the report, or a correction of the claim, takes nothing back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from marsad.record.decisions import in_parts
from marsad.record.schema import claim, claim_party, report

Spells = Callable[[str], bool]


@dataclass(slots=True)
class _Told:
    """The reports of one source among the rows up to these numbers; rows are only ever added."""

    report_n: int = 0
    claim_n: int = 0
    ids: set[str] = field(default_factory=set)


_KNOWN: WeakKeyDictionary[Engine, dict[str, _Told]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def reports_told_by(connection: Connection, sources: Mapping[str, Spells]) -> frozenset[str]:
    """Return the ids of the reports that sources tell; each is given with what tells whether words spell its name."""
    if not sources:
        return frozenset()
    with _LOCK:
        # What is written and not kept yet may be undone: it is looked at, and not remembered.
        is_writing = connection.get_execution_options().get("marsad_writes")
        known = {} if is_writing else _KNOWN.setdefault(connection.engine, {})
        for name, spells in sources.items():
            _bring_up(connection, known.setdefault(name, _Told()), spells)
        return frozenset[str]().union(*(known[name].ids for name in sources))


def _bring_up(connection: Connection, told: _Told, spells: Spells) -> None:
    """Look at the rows that are new since the last time."""
    report_n, claim_n = _newest(connection, report), _newest(connection, claim)
    if report_n > told.report_n:
        told.ids.update(_reports_of_outlet(connection, told.report_n, spells))
    if claim_n > told.claim_n:
        told.ids.update(_reports_with_origin(connection, told.claim_n, spells))
        told.ids.update(_reports_with_source(connection, told.claim_n, spells))
    told.report_n, told.claim_n = max(report_n, told.report_n), max(claim_n, told.claim_n)


def _newest(connection: Connection, table: Any) -> int:
    return connection.execute(select(func.max(table.c.n))).scalar() or 0


def _reports_of_outlet(connection: Connection, after: int, spells: Spells) -> Iterator[str]:
    for some in in_parts(_spelled(connection, report.c.outlet, (report.c.n > after,), spells)):
        asked = select(report.c.id).where(report.c.n > after, report.c.outlet.in_(some))
        yield from connection.execute(asked.distinct()).scalars()


def _reports_with_origin(connection: Connection, after: int, spells: Spells) -> Iterator[str]:
    for some in in_parts(_spelled(connection, claim.c.origin, (claim.c.n > after,), spells)):
        asked = select(claim.c.report_id).where(claim.c.n > after, claim.c.origin.in_(some))
        yield from connection.execute(asked.distinct()).scalars()


def _reports_with_source(connection: Connection, after: int, spells: Spells) -> Iterator[str]:
    of_source = (claim_party.c.claim_n > after, claim_party.c.role == "source")
    for some in in_parts(_spelled(connection, claim_party.c.actor, of_source, spells)):
        asked = select(claim.c.report_id).join(claim_party, claim_party.c.claim_n == claim.c.n)
        yield from connection.execute(asked.where(*of_source, claim_party.c.actor.in_(some)).distinct()).scalars()


def _spelled(connection: Connection, column: Any, which: tuple[Any, ...], spells: Spells) -> list[str]:
    """Return the different words of a column that spell the name."""
    found = connection.execute(select(column).where(*which, column.is_not(None)).distinct()).scalars()
    return [words for words in found if spells(words)]
