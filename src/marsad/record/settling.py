"""What must still move so that incidents are as reviewers said: merges, partings, and returns from what was undone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from marsad.record.asof import standing
from marsad.record.linkage import Links, incidents_of, links
from marsad.record.schema import membership


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to do: `merge` the incident `old` into `new`, `part` a claim from `old`, or `return` it to `new`."""

    kind: str
    old: str
    new: str
    claim: str
    by: str
    is_last: bool = False  # whether the incident's parting is complete, and leaves its address


def moves_of(connection: Connection) -> list[Move]:
    """Return what is to be done first: what was undone goes back before the rest is looked at again."""
    said = links(connection)
    if back := list(_returns(connection, said)):
        return back
    at = incidents_of(connection, sorted({c for a, b, _ in (*said.same, *said.apart) for c in (a, b)}))
    merge = next(_merges(said, at), None)
    return [merge] if merge else list(_partings(said, at))


def _returns(connection: Connection, said: Links) -> Iterator[Move]:
    """Yield a return for each claim that a decision moved which does not stand any more."""
    held = {by for _, _, by in (*said.same, *said.apart)}
    asked = select(membership).where(~membership.c.gone, membership.c.by.not_in(("fusion", "undo")))
    rows = connection.execute(asked.where(standing(membership, ("claim_id",), None)).order_by(membership.c.n)).all()
    undone = [row for row in rows if row.by not in held]
    for i, row in enumerate(undone):
        before = _before(connection, row)
        if before and before != row.incident_id:
            others = any(o.incident_id == row.incident_id for o in undone[i + 1 :])
            yield Move("return", row.incident_id, before, row.claim_id, "undo", not others)


def _before(connection: Connection, row: object) -> str | None:
    """Return the incident that the claim told before this row."""
    claim, n = row.claim_id, row.n  # type: ignore[attr-defined]
    asked = select(membership.c.incident_id).where(membership.c.claim_id == claim, membership.c.n < n)
    found: str | None = connection.execute(asked.order_by(membership.c.n.desc()).limit(1)).scalar()
    return found


def _merges(said: Links, at: dict[str, str]) -> Iterator[Move]:
    for a, b, by in said.same:
        one, other = at.get(a), at.get(b)
        if one and other and one != other:
            yield Move("merge", other, one, "", by)


def _partings(said: Links, at: dict[str, str]) -> Iterator[Move]:
    """Yield for each incident the claims to take out, first those that are held apart from most others in it."""
    inside: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for a, b, by in said.apart:
        if at.get(a) and at.get(a) == at.get(b):
            inside[at[a]].append((a, b, by))
    for incident, pairs in sorted(inside.items()):
        counts = Counter(claim for a, b, _ in pairs for claim in (a, b))
        claim = max(sorted(counts), key=lambda c: counts[c])
        by = next(by for a, b, by in pairs if claim in (a, b))
        yield Move("part", incident, "", claim, by, True)
