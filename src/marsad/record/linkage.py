"""What a person decides on incidents: these two are one, these are two, this claim tells another one; and undo.

Incidents come and go with every fusion, claims stay: a decision is kept as pairs of claims that tell the same
incident or do not, so that it holds whatever the incidents are called later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from marsad.errors import UsageError
from marsad.record import chain
from marsad.record.asof import standing
from marsad.record.coding import words
from marsad.record.deciding import undoable
from marsad.record.decisions import LINKS, UNDO, Decision, decision_with, decisions_on, in_parts, live
from marsad.record.schema import claim, forward, membership
from marsad.record.store import Writing

ON_INCIDENTS = (*LINKS, UNDO)
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of claims that persons said to tell the same incident, or not the same, each with its decision."""

    same: tuple[tuple[str, str, str], ...]
    apart: tuple[tuple[str, str, str], ...]


def decide_incidents(
    writing: Writing, kind: str, refs: Sequence[str], person: str, reason: str = "", of: str | None = None
) -> dict[str, Any]:
    """Write a person's decision on incidents and return its row.

    `same` and `not_same` take two incidents (or claims), `different` claims of one incident that do not belong to the
    rest of it (whether they tell one together is for fusion); `undo` takes the decision as `of`. Raise UsageError
    where one of them is not there.
    """
    if kind not in ON_INCIDENTS:
        raise UsageError(f"{kind!r} is no decision on incidents; there are {', '.join(ON_INCIDENTS)}")
    person = words(person, "person")
    row: dict[str, Any] = {"subject": "incident", "kind": kind, "person": person}
    row["reason"] = words(reason, "reason") if reason else ""
    if kind == UNDO:
        return _undo(writing, row, refs, of)
    pairs, ground = _said(writing.connection, kind, refs)
    row |= {"ref": refs[0], "ground": ground, "body": {"claims": [list(pair) for pair in pairs]}}
    return chain.append(writing, [row])[0]


def _undo(writing: Writing, row: dict[str, Any], refs: Sequence[str], of: str | None) -> dict[str, Any]:
    made = decision_with(writing.connection, of or "")
    known = decisions_on(writing.connection, "incident")
    ref = made.ref if made else next(iter(refs), "")
    mine = [each for each in known if each.ref == ref]
    return chain.append(writing, [{**row, "ref": ref, "body": {"of": undoable(ref, mine, of)}}])[0]


def _said(connection: Connection, kind: str, refs: Sequence[str]) -> tuple[list[Pair], dict[str, Any]]:
    """Return the pairs of claims that a decision is on, and the incidents as the person saw them."""
    if kind == "different":
        return _against_its_incident(connection, refs)
    if len(refs) != 2 or refs[0] == refs[1]:
        raise UsageError(f"`{kind}` is said of two incidents or claims; name both")
    one, other = (claims_behind(connection, ref) for ref in refs)
    pairs = _between(one, other)
    if not pairs:
        raise UsageError(f"{refs[0]} and {refs[1]} have all claims in common; say `different` of a claim instead")
    return pairs, {"incidents": dict(zip(refs, (one, other), strict=True))}


def _against_its_incident(connection: Connection, refs: Sequence[str]) -> tuple[list[Pair], dict[str, Any]]:
    if not refs:
        raise UsageError(
            "`different` is said of claims that do not belong to their incident; name one, or several of it"
        )
    at = incidents_of(connection, refs)
    if lost := [id for id in refs if id not in at]:
        raise UsageError(f"claim {lost[0]!r} belongs to no incident; there is nothing to take it out of")
    incident, *more = dict.fromkeys(at[id] for id in refs)
    if more:
        raise UsageError(f"{refs[0]} and {refs[-1]} are not of one incident; say `different` of the claims of one")
    others = [member for member in members_of(connection, incident) if member not in refs]
    if not others:
        whom = f"claim {refs[0]} is alone" if len(refs) == 1 else "these are all the claims"
        raise UsageError(f"{whom} in incident {incident}; there is nothing to take out")
    pairs = sorted({_pair(id, other) for id in refs for other in others})
    return pairs, {"incidents": {incident: sorted([*refs, *others])}}


def _between(one: Sequence[str], other: Sequence[str]) -> list[Pair]:
    """Return pairs that tie two incidents together, or hold them apart: the first of each with all of the other.

    All pairs would be a million for two incidents of a thousand claims; these suffice while most claims stay.
    """
    pairs = [_pair(one[0], b) for b in other] + [_pair(a, other[0]) for a in one]
    return sorted({pair for pair in pairs if pair[0] != pair[1]})


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


def claims_behind(connection: Connection, ref: str) -> list[str]:
    """Return the claims of an incident, also under an earlier id, or the claim itself; raise UsageError if none."""
    if connection.execute(select(claim.c.id).where(claim.c.id == ref).limit(1)).first():
        return [ref]
    seen, waiting = set(), [ref]
    while waiting:
        id = waiting.pop()
        if found := members_of(connection, id):
            return found
        seen.add(id)
        onward = select(forward.c.to_id).where(forward.c.from_id == id).order_by(forward.c.n)
        waiting += [to for to in connection.execute(onward).scalars() if to not in seen]
    raise UsageError(f"there is no incident or claim {ref!r}; `marsad incidents` lists them")


def members_of(connection: Connection, incident_id: str, known_by: int | None = None) -> list[str]:
    """Return the claims that tell an incident, the first recorded first, as known by the instant."""
    asked = select(membership.c.claim_id).where(membership.c.incident_id == incident_id, ~membership.c.gone)
    asked = asked.where(standing(membership, ("claim_id",), known_by)).order_by(membership.c.n)
    return list(connection.execute(asked).scalars())


def incidents_of(connection: Connection, claim_ids: Sequence[str], known_by: int | None = None) -> dict[str, str]:
    """Return the incident that each of the claims tells, as known by the instant; a claim without one is left out."""
    asked = select(membership.c.claim_id, membership.c.incident_id).where(membership.c.claim_id.in_(claim_ids))
    asked = asked.where(~membership.c.gone, standing(membership, ("claim_id",), known_by))
    return {row.claim_id: row.incident_id for row in connection.execute(asked)}


def links(connection: Connection, known_by: int | None = None) -> Links:
    """Return what persons said of pairs of claims, as known by the instant; on one pair the last word counts."""
    return links_by(decisions_on(connection, "incident", known_by))


def links_by(decisions: Iterable[Decision]) -> Links:
    """Return what the decisions come to, without those undone; on one pair the last word counts."""
    last: dict[Pair, Decision] = {}
    for made in live(decisions):
        if made.kind in LINKS:
            last |= {_pair(a, b): made for a, b in made.body.get("claims", ())}
    said = sorted((a, b, made.id, made.kind == "same") for (a, b), made in last.items())
    same = tuple((a, b, id) for a, b, id, is_same in said if is_same)
    return Links(same, tuple((a, b, id) for a, b, id, is_same in said if not is_same))


def lost_links(connection: Connection, known_by: int | None = None) -> list[tuple[Decision, tuple[str, ...]]]:
    """Return the standing decisions on incidents of which claims are read no more, or are not here, and which.

    They are kept: what they say of other claims holds, and of these again as soon as they are read again.
    """
    said = [made for made in live(decisions_on(connection, "incident", known_by)) if made.kind in LINKS]
    named = {made.id: {id for pair in made.body.get("claims", ()) for id in pair} for made in said}
    here: set[str] = set()
    for some in in_parts(id for ids in named.values() for id in ids):
        asked = select(claim.c.id).where(claim.c.id.in_(some), ~claim.c.gone, standing(claim, ("id",), known_by))
        here.update(connection.execute(asked).scalars())
    return [(made, tuple(sorted(named[made.id] - here))) for made in said if named[made.id] - here]
