"""What must still move so that incidents are as reviewers said: returns from what was undone, partings, merges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from marsad.record.asof import standing
from marsad.record.decisions import Decision, decisions_on, in_order, in_parts
from marsad.record.fusing import incident_id
from marsad.record.linkage import incidents_of, links_by
from marsad.record.schema import forward, membership


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to do: `merge` the incident `old` into `new`, `part` claims from `old`, or `return` them to `new`."""

    kind: str
    old: str
    new: str
    claims: tuple[str, ...]
    by: str


class Bonds:
    """Which claims persons tied together and which they hold apart, where need be by way of others.

    Of decisions that cannot all hold ("a is b", "b is c", "a is not c") the latest do; `held` are the decisions of
    which anything holds.
    """

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        ordered = in_order(decisions)
        self.held: set[str] = set()
        self.same: list[tuple[str, str, str]] = []
        self._leaders: dict[str, str] = {}
        self._tied: dict[str, list[str]] = {}
        self._apart: dict[str, dict[str, str]] = defaultdict(dict)  # by the first of those tied
        said = links_by(ordered)
        rank = {made.id: at for at, made in enumerate(ordered)}
        pairs = [(a, b, by, True) for a, b, by in said.same] + [(a, b, by, False) for a, b, by in said.apart]
        for a, b, by, is_same in sorted(pairs, key=lambda pair: (-rank[pair[2]], pair)):
            self._say(a, b, by, is_same)
        self._out = {made.ref for made in ordered if made.kind == "different" and made.id in self.held}

    def _say(self, a: str, b: str, by: str, is_same: bool) -> None:
        """Count what a decision says of two claims, unless what counts already rules it out."""
        one, other = self.leader(a), self.leader(b)
        if (other in self._apart[one]) if is_same else (one == other):
            return
        self.held.add(by)
        if not is_same:
            self._apart[one].setdefault(other, by)
            self._apart[other].setdefault(one, by)
            return
        self.same.append((a, b, by))
        if one != other:
            self._tie(one, other)

    def _tie(self, one: str, other: str) -> None:
        moved = self._tied.pop(other)
        self._tied[one] += moved
        self._leaders |= dict.fromkeys(moved, one)
        for foe, by in self._apart.pop(other, {}).items():
            del self._apart[foe][other]
            self._apart[one].setdefault(foe, by)
            self._apart[foe].setdefault(one, by)

    def leader(self, claim: str) -> str:
        """Return the claim that stands for all those tied to this one."""
        if claim not in self._leaders:
            self._leaders[claim], self._tied[claim] = claim, [claim]
        return self._leaders[claim]

    @property
    def claims(self) -> list[str]:
        """Return every claim that a person spoke of."""
        return sorted(self._leaders)

    def tied(self, claim: str) -> list[str]:
        """Return the claims that are one with this one, itself among them."""
        return self._tied[self._leaders[claim]] if claim in self._leaders else [claim]

    def foes(self, leader: str) -> Mapping[str, str]:
        """Return who stands for the claims held apart from these, each with the decision."""
        return self._apart.get(leader, {})

    def is_out(self, claim: str) -> bool:
        """Tell whether a person said of this claim that it tells something else than its incident."""
        return claim in self._out

    def apart(self) -> Iterator[tuple[str, str]]:
        """Yield the pairs of claims that may not be in one incident."""
        for leader, foes in self._apart.items():
            yield from ((a, b) for foe in foes if leader < foe for a in self._tied[leader] for b in self._tied[foe])


def bonds_of(connection: Connection) -> Bonds:
    """Return what persons said of claims that tell one incident or two, and that holds."""
    return Bonds(decisions_on(connection, "incident"))


def moves_of(connection: Connection) -> list[Move]:
    """Return what is to be done first; when it is done, ask again.

    What was undone goes back before the rest is looked at. Claims held apart part before incidents merge: all claims
    that are tied together part as one, so that a merge is never undone by a parting, and this comes to an end.
    """
    bonds = bonds_of(connection)
    at = {c: id for some in in_parts(bonds.claims) for c, id in incidents_of(connection, some).items()}
    if back := list(_returns(connection, bonds, at)):
        return back
    return list(_partings(bonds, at)) or _merges(connection, bonds, at)


def _returns(connection: Connection, bonds: Bonds, at: Mapping[str, str]) -> Iterator[Move]:
    """Yield returns of the claims that decisions moved which do not stand, or to others that are elsewhere by now."""
    asked = select(membership).where(~membership.c.gone, membership.c.by.not_in(("fusion", "undo")))
    rows = connection.execute(asked.where(standing(membership, ("claim_id",), None)).order_by(membership.c.n)).all()
    moved: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in rows:
        before = _before(connection, row.claim_id, row.n, bonds.held - {row.by})
        if before and before != row.incident_id:
            moved[row.by, row.incident_id, before].append(row.claim_id)
    for (by, old, new), claims in moved.items():
        if by not in bonds.held or _is_left(bonds, by, claims, old, at):
            yield Move("return", old, new, tuple(claims), "undo")


def _is_left(bonds: Bonds, by: str, claims: Collection[str], incident: str, at: Mapping[str, str]) -> bool:
    """Tell whether claims that were brought to others, as one with them, are where none of those is any more."""
    if by not in {id for _, _, id in bonds.same}:
        return False
    others = {at[c] for claim in claims for c in bonds.tied(claim) if c not in claims and c in at}
    return bool(others) and incident not in others


def _before(connection: Connection, claim: str, n: int, held: Collection[str]) -> str | None:
    """Return the incident that the claim told before this row, and before others that do not stand any more."""
    asked = select(membership.c.incident_id, membership.c.by).where(membership.c.claim_id == claim, membership.c.n < n)
    for row in connection.execute(asked.where(~membership.c.gone).order_by(membership.c.n.desc())):
        if row.by in ("fusion", "undo") or row.by in held:
            return _living(connection, row.incident_id, held)
    return None


def _living(connection: Connection, incident: str, held: Collection[str]) -> str:
    """Return the incident, or the one that it has become since by a merge that stands."""
    seen = [incident]
    while not _has_claims(connection, seen[-1]):
        onward = select(forward.c.to_id, forward.c.by).where(forward.c.from_id == seen[-1], forward.c.kind == "merge")
        rows = connection.execute(onward.order_by(forward.c.n.desc())).all()
        to = next((row.to_id for row in rows if row.by == "fusion" or row.by in held), None)
        if to is None or to in seen:
            break
        seen.append(to)
    return seen[-1]


def _has_claims(connection: Connection, incident: str) -> bool:
    asked = select(membership.c.n).where(membership.c.incident_id == incident, ~membership.c.gone)
    return bool(connection.execute(asked.where(standing(membership, ("claim_id",), None)).limit(1)).first())


def _partings(bonds: Bonds, at: Mapping[str, str]) -> Iterator[Move]:
    """Yield for each incident in which claims are that are held apart those of them to take out first."""
    inside: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim, incident in sorted(at.items()):
        inside[incident][bonds.leader(claim)].append(claim)
    for incident, groups in sorted(inside.items()):
        foes = {leader: [foe for foe in bonds.foes(leader) if foe in groups] for leader in groups}
        torn = [leader for leader in sorted(groups) if foes[leader]]
        if torn:
            out = max(torn, key=lambda leader: _outness(bonds, incident, groups[leader], len(foes[leader])))
            by = bonds.foes(out)[foes[out][0]]
            yield Move("part", incident, "", tuple(groups[out]), by)


def _outness(bonds: Bonds, incident: str, claims: list[str], foes: int) -> tuple[bool, bool, int]:
    """Return how well claims can leave: whom a person named before who did not found it, before who has most foes."""
    founds = any(incident_id(claim) == incident for claim in claims)
    return any(map(bonds.is_out, claims)), not founds, foes


def _merges(connection: Connection, bonds: Bonds, at: Mapping[str, str]) -> list[Move]:
    """Return the merge, into the older, of the first two incidents that a person said to be one."""
    for a, b, by in sorted(bonds.same):
        one, other = at.get(a), at.get(b)
        if one and other and one != other:
            founded = select(membership.c.incident_id, func.min(membership.c.n).label("n"))
            ages = founded.where(membership.c.incident_id.in_([one, other])).group_by(membership.c.incident_id)
            older, younger = (row.incident_id for row in sorted(connection.execute(ages), key=lambda row: row.n))
            return [Move("merge", younger, older, (), by)]
    return []
