"""Decisions as objects: read from the record, in the order in which they were decided, without those undone.

The order is that of `decided_at`, then of the id: two copies of a record that exchanged their decisions hold them in
different rows and must come to the same end. Each new decision is dated after all that its copy knows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from marsad.record.asof import by_then
from marsad.record.schema import decision

Key = TypeVar("Key", str, int)
# What a person says of a claim.
JUDGEMENTS = ("accept", "correct", "reject", "unsure", "add")
# How a claim goes from desk to desk; `reopen` is written where a reader's new words take the ground away.
STEPS = ("take", "release", "pass", "reopen")
# What a person says of incidents.
LINKS = ("same", "not_same", "different")
UNDO = "undo"
# A decision that came from another copy under the id of a different one; kept, without force.
SET_ASIDE = "import-conflict"
KINDS = (*JUDGEMENTS, *STEPS, *LINKS, UNDO, SET_ASIDE)
# Well below the number of parameters that either engine takes.
_MANY = 500


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the chain; `body` is what was decided, `ground` what it was decided on."""

    n: int
    id: str
    subject: str
    ref: str
    kind: str
    person: str
    reason: str
    body: Mapping[str, Any]
    ground: Mapping[str, Any]
    decided_at: int
    recorded_at: int

    @property
    def is_judgement(self) -> bool:
        """Tell whether it says something of the claim itself."""
        return self.kind in JUDGEMENTS

    @property
    def came(self) -> bool:
        """Tell whether it was decided in another copy of the record."""
        return "_from" in self.body


COLUMNS = tuple(decision.c[name] for name in Decision.__dataclass_fields__)


def decision_of(row: Mapping[str, Any]) -> Decision:
    """Return the object of a row of the chain."""
    given = {name: row[name] for name in Decision.__dataclass_fields__}
    return Decision(**given | {"body": json.loads(row["body"]), "ground": json.loads(row["ground"])})


def decisions_of(
    connection: Connection, subject: str, refs: Iterable[str], known_by: int | None = None
) -> dict[str, list[Decision]]:
    """Return all decisions on each of the claims or incidents that has any, in order, as known by the instant."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for some in in_parts(refs):
        asked = select(*COLUMNS).where(decision.c.subject == subject, decision.c.ref.in_(some))
        for row in connection.execute(asked.where(by_then(decision, known_by))).mappings():
            found[row["ref"]].append(decision_of(dict(row)))
    return {ref: in_order(decisions) for ref, decisions in found.items()}


def decisions_on(connection: Connection, subject: str, known_by: int | None = None) -> list[Decision]:
    """Return every decision on that subject, in order, as known by the instant."""
    asked = select(*COLUMNS).where(decision.c.subject == subject, by_then(decision, known_by))
    return in_order(decision_of(dict(row)) for row in connection.execute(asked).mappings())


def decision_with(connection: Connection, id: str) -> Decision | None:
    """Return the decision of that id, None where there is none."""
    row = connection.execute(select(*COLUMNS).where(decision.c.id == id)).mappings().first()
    return decision_of(dict(row)) if row else None


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions as they follow each other in every copy of the record."""
    return sorted(decisions, key=lambda d: (d.decided_at, d.id))


def live(decisions: Iterable[Decision]) -> list[Decision]:
    """Return in order what stands: without what was undone, with what an undone undo had taken out."""
    ordered = in_order(decisions)
    undone: set[str] = set()
    kept = []
    # From the last to the first: whether an undo stands is known before what it undoes is met.
    for made in reversed(ordered):
        if made.id in undone:
            continue
        kept.append(made)
        if made.kind == UNDO:
            undone.add(str(made.body.get("of")))
    ids = {made.id for made in kept}
    return [made for made in reversed(kept) if made.kind != UNDO and ids.issuperset(made.body.get("because", ()))]


def in_parts(ids: Iterable[Key]) -> Iterable[Sequence[Key]]:
    """Return the different ids in parts that one question can name."""
    each = list(dict.fromkeys(ids))
    return [each[at : at + _MANY] for at in range(0, len(each), _MANY)]
