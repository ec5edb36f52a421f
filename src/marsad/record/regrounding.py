"""After a new reader, or a new pack, has read everything again: which decisions still stand, and on what.

A decision is tied to report, characters and type, and these make a claim's id. So a claim that is read again meets its
decisions: corrections are applied again, a verdict stands while what it was about is read alike. Where that moved, the
claim goes back into the queue (a `reopen` row, without a person's judgement being touched). Where a claim is read no
more, it stays as it was if a person accepted, corrected or added it, and is put back too; nothing is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from marsad.record import chain
from marsad.record.bases import Base, bases_of, effective_state, shown_of
from marsad.record.decisions import COLUMNS, Decision, decision_of, decisions_of, in_order, in_parts, live
from marsad.record.grounds import Body, changes
from marsad.record.schema import claim, decision
from marsad.record.store import Writing
from marsad.record.verdicts import KEPT, judgements

# Who reopens: the program, whose name no reviewer bears.
PROGRAM = "marsad"


@dataclass(frozen=True, slots=True)
class Moved:
    """A decision whose ground moved: on which claim, in which fields; ("claim",) where it is read no more."""

    claim_id: str
    decision: Decision
    changed: tuple[str, ...]

    @property
    def what(self) -> str:
        """Return what changed, in words."""
        if self.changed == ("claim",):
            return "the reader does not find the claim any more"
        return f"the reader now reads otherwise: {', '.join(self.changed)}"


def moved(connection: Connection, known_by: int | None = None) -> Iterator[Moved]:
    """Yield each decision whose ground moved and that no later judgement on the present ground replaced."""
    refs = select(decision.c.ref).where(decision.c.subject == "claim").distinct().order_by(decision.c.ref)
    for some in in_parts(connection.execute(refs).scalars()):
        yield from moved_of(connection, some, known_by)


def moved_of(connection: Connection, claim_ids: Iterable[str], known_by: int | None = None) -> list[Moved]:
    """Return those of the decisions on these claims whose ground moved, as known by the instant."""
    ids = list(claim_ids)
    bases = bases_of(connection, ids, known_by)
    found = decisions_of(connection, "claim", ids, known_by)
    return [lost for id, made in found.items() if id in bases for lost in _lost(bases[id], made)]


def _lost(base: Base, decisions: Sequence[Decision]) -> list[Moved]:
    """Return the decisions that lost their ground since the last judgement that has it still."""
    lost: list[Moved] = []
    for made in reversed(judgements(decisions)):
        changed = changes(made, base.now)
        # A reader that comes to find nothing where a person rejected agrees with them.
        if not changed or (base.gone and made.kind == "reject"):
            break
        lost.append(Moved(base.id, made, changed))
    return lost[::-1]


def reground(writing: Writing, read: Mapping[str, Mapping[str, Body]]) -> list[dict[str, Any]]:
    """Return the states to write of the claims of reports that were read (again), after the reader's own rows.

    `read` holds for each report its claims by id. Claims that lost their ground are reopened. Imported decisions that
    waited for a claim or a report take hold here. Call it when the reader's rows, also those that say `gone`, are
    written, and write what it returns with `put_claims`.
    """
    connection = writing.connection
    ids = {id for bodies in read.values() for id in bodies} | _decided_of(connection, read)
    decisions = decisions_of(connection, "claim", ids)
    bases = bases_of(connection, decisions)
    _reopen(writing, bases, decisions)
    states = [effective_state(base, decisions[id]) for id, base in bases.items()]
    shown = shown_of(connection, bases)
    return [state for state in states if _differs(state, shown[state["id"]])] + _waiting(writing, read)


def survivors(connection: Connection, report_id: str, read: Mapping[str, Body]) -> list[str]:
    """Return the claims of a report that are read no more but stay, because a person vouches for them."""
    ids = _decided_of(connection, [report_id]) - set(read)
    decisions = decisions_of(connection, "claim", ids)
    bases = bases_of(connection, decisions)
    return sorted(id for id, base in bases.items() if effective_state(base, decisions[id])["verdict"] in KEPT)


def _differs(state: Mapping[str, Any], shown: Any) -> bool:
    return (state["gone"], state["verdict"], state["body"]) != (shown.gone, shown.verdict, shown.body)


def _decided_of(connection: Connection, report_ids: Iterable[str]) -> set[str]:
    """Return the claims of these reports that any decision was made on."""
    found: set[str] = set()
    for some in in_parts(report_ids):
        decided = select(decision.c.ref).where(decision.c.subject == "claim", decision.c.ref == claim.c.id).exists()
        asked = select(claim.c.id).where(claim.c.report_id.in_(some), decided).distinct()
        found.update(connection.execute(asked).scalars())
    return found


def _reopen(writing: Writing, bases: Mapping[str, Base], decisions: Mapping[str, list[Decision]]) -> None:
    """Put the claims back into the queue whose ground moved, once for each way in which it moved."""
    rows = []
    for id, base in bases.items():
        lost = _lost(base, decisions[id])
        body = _loss(lost)
        told = [dict(made.body) for made in live(decisions[id]) if made.kind == "reopen" and not made.came]
        if lost and body not in told[-1:]:
            reason = f"the ground moved: {lost[-1].what}"
            rows.append({"subject": "claim", "ref": id, "kind": "reopen", "person": PROGRAM, "reason": reason,
                         "body": body})  # fmt: skip
    for row in chain.append(writing, rows):
        made = decision_of(row)
        decisions[made.ref].append(made)


def _loss(lost: Sequence[Moved]) -> dict[str, Any]:
    changed = sorted({field for each in lost for field in each.changed})
    return {"of": [each.decision.id for each in lost], "changed": changed}


def _waiting(writing: Writing, read: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the states of claims added in another copy whose report is here now."""
    known = select(claim.c.id).where(claim.c.id == decision.c.ref).exists()
    asked = select(*COLUMNS).where(decision.c.kind == "add", decision.c.subject == "claim", ~known)
    found = in_order(decision_of(dict(row)) for row in writing.connection.execute(asked).mappings())
    wanted = [made for made in found if made.ground.get("report") in read]
    return [state for made in wanted for state in added_state(writing.connection, made)]


def added_state(connection: Connection, made: Decision) -> list[dict[str, Any]]:
    """Return the row of a claim that a person added, none where its report is not here or has other words there."""
    from marsad.record.schema import report

    body = made.body.get("claim")
    asked = select(report.c.n, report.c.text).where(report.c.id == made.ground.get("report"))
    for row in connection.execute(asked.order_by(report.c.version.desc())):
        start, end = made.ground.get("at", (0, 0))
        if body and row.text[start:end] == made.ground.get("evidence"):
            return [{
                "id": made.ref, "report_id": made.ground["report"], "report_n": row.n, "reading_n": None,
                "by": "person", "gone": False, "verdict": "accepted", "body": json.loads(json.dumps(body)),
            }]  # fmt: skip
    return []
