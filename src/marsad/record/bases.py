"""A claim as the reader, or the person who added it, has it: what decisions are made on and applied to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from marsad.record.asof import by_then
from marsad.record.decisions import Decision, in_parts, live
from marsad.record.schema import claim, report
from marsad.record.store import Writing
from marsad.record.verdicts import KEPT, effective

# Writes states of claims: rows with `id`, `report_id`, `report_n`, `reading_n`, `by`, `gone`, `verdict` and `body`
# (a dictionary), from which it fills the columns that are asked for.
Put = Callable[[Writing, list[dict[str, Any]]], Any]


@dataclass(frozen=True, slots=True)
class Base:
    """The last state in which a claim was read or added; `gone` where the reader does not find it any more."""

    id: str
    report_id: str
    report_n: int
    reading_n: int | None
    by: str
    gone: bool
    body: dict[str, Any]

    @property
    def now(self) -> dict[str, Any] | None:
        """Return the claim as it is read now, None where it is read no more."""
        return None if self.gone else self.body


@dataclass(frozen=True, slots=True)
class Shown:
    """The state of a claim that counts: the newest row of its id."""

    id: str
    gone: bool
    verdict: str
    body: dict[str, Any]


_BASE = (claim.c.n, claim.c.id, claim.c.report_id, claim.c.report_n, claim.c.reading_n, claim.c.by, claim.c.gone,
         claim.c.body)  # fmt: skip


def bases_of(connection: Connection, claim_ids: Iterable[str], known_by: int | None = None) -> dict[str, Base]:
    """Return the claims as they were last read or added, as known by the instant."""
    found: dict[str, Base] = {}
    for some in in_parts(claim_ids):
        asked = select(*_BASE).where(claim.c.id.in_(some), claim.c.by != "review", by_then(claim, known_by))
        for row in connection.execute(asked.order_by(claim.c.id, claim.c.n)):
            before = found.get(row.id)
            # What was last read stays at hand where the reader does not find it any more.
            last = before if row.gone and before else row
            body = last.body if isinstance(last, Base) else json.loads(row.body)
            found[row.id] = Base(row.id, row.report_id, last.report_n, last.reading_n, row.by, bool(row.gone), body)
    return found


def shown_of(connection: Connection, claim_ids: Iterable[str], known_by: int | None = None) -> dict[str, Shown]:
    """Return the state of each claim that counts, as known by the instant."""
    found = {}
    for some in in_parts(claim_ids):
        newest = select(func.max(claim.c.n)).where(claim.c.id.in_(some), by_then(claim, known_by)).group_by(claim.c.id)
        asked = select(claim.c.id, claim.c.gone, claim.c.verdict, claim.c.body).where(claim.c.n.in_(newest))
        for row in connection.execute(asked):
            found[row.id] = Shown(row.id, bool(row.gone), row.verdict, json.loads(row.body))
    return found


def text_of(connection: Connection, report_n: int) -> tuple[str, int]:
    """Return the text and the version of that row of a report."""
    row = connection.execute(select(report.c.text, report.c.version).where(report.c.n == report_n)).one()
    return str(row.text), int(row.version)


def put_effective(writing: Writing, base: Base, decisions: Sequence[Decision], put: Put) -> None:
    """Write what the decisions make of the claim, where that is not what is shown already."""
    state = effective_state(base, decisions)
    shown = shown_of(writing.connection, [base.id]).get(base.id)
    if shown is None or (shown.gone, shown.verdict, shown.body) != (state["gone"], state["verdict"], state["body"]):
        put(writing, [state])


def effective_state(base: Base, decisions: Sequence[Decision]) -> dict[str, Any]:
    """Return the row of a claim with its decisions applied.

    What a person accepted, corrected or added stays although the reader does not find it any more; what nobody
    vouches for goes with the reader, and what a person added goes where the adding is undone.
    """
    body, verdict = effective(base.body, decisions)
    added = base.by == "person" and any(made.kind == "add" for made in live(decisions))
    stays = verdict in KEPT or (not base.gone and (base.by != "person" or added))
    return {
        "id": base.id, "report_id": base.report_id, "report_n": base.report_n, "reading_n": base.reading_n,
        "by": "review", "gone": not stays, "verdict": verdict, "body": body,
    }  # fmt: skip
