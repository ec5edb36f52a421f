"""What came into a record since a mark: ids of new claims and of what was decided on, the oldest first."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from marsad.record import schema
from marsad.record.schema import claim, decision

# What an answer about incidents and control is made from.
_TOLD_FROM = (schema.report, claim, schema.membership, schema.incident, schema.kinship, decision, schema.mark)


class Mark(NamedTuple):
    """How far one has seen: the newest row of claims and of decisions."""

    claim: int
    decision: int


def newest(connection: Connection) -> Mark:
    """Return the mark of who has seen everything."""
    return Mark(*(connection.execute(select(func.max(table.c.n))).scalar() or 0 for table in (claim, decision)))


def claims_since(connection: Connection, mark: Mark, limit: int) -> list[str]:
    """Return claims that were not there at the mark, the latest of them if there are more."""
    earlier = claim.alias()
    is_known = select(earlier.c.n).where(earlier.c.id == claim.c.id, earlier.c.n <= mark.claim).exists()
    asked = select(claim.c.id, func.max(claim.c.n)).where(claim.c.n > mark.claim, ~is_known).group_by(claim.c.id)
    rows = connection.execute(asked.order_by(func.max(claim.c.n).desc()).limit(limit)).all()
    return [row[0] for row in reversed(rows)]


def decided_since(connection: Connection, mark: Mark, limit: int) -> list[str]:
    """Return the claims on which somebody decided since the mark, the latest of them if there are more."""
    asked = select(decision.c.ref, func.max(decision.c.n)).where(decision.c.n > mark.decision)
    asked = asked.where(decision.c.subject == "claim").group_by(decision.c.ref)
    rows = connection.execute(asked.order_by(func.max(decision.c.n).desc()).limit(limit)).all()
    return [row[0] for row in reversed(rows)]


def state_of(connection: Connection) -> tuple[int, ...]:
    """Return what stays the same as long as every answer about incidents and control does."""
    return tuple(connection.execute(select(func.max(table.c.n))).scalar() or 0 for table in _TOLD_FROM)


def is_unchanged_since(connection: Connection, instant: int) -> bool:
    """Tell whether nothing came after the instant from which answers about incidents and control are made."""
    for table in _TOLD_FROM:
        newest_row = select(table.c.recorded_at).order_by(table.c.n.desc()).limit(1)
        if (connection.execute(newest_row).scalar() or 0) > instant:
            return False
    return True


def marks_of(connection: Connection) -> int:
    """Return what changes whenever something is marked as sensitive, or no more."""
    return int(connection.execute(select(func.max(schema.mark.c.n))).scalar() or 0)
