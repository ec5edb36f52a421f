"""What to look at next: the claims that wait for a reviewer, those that matter most first.

A claim's score is the sum of named parts. To be quick on millions, the candidates are the strongest of each part,
found by an index, and only these are scored; a claim that is strong in no part is not at the top of any list.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge, nlargest
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, true

from marsad.record.asof import by_then, standing
from marsad.record.decisions import JUDGEMENTS, UNDO, in_parts
from marsad.record.linkage import incidents_of
from marsad.record.regrounding import moved_of
from marsad.record.schema import claim, decision, incident, membership
from marsad.record.stages import FINAL, HELD, LOCK, NEW, REVIEWED, SECOND, State, states_of

# What each part is worth at its most. Set by hand, not fitted: what one began comes first, then judgements that lost
# their ground or are disputed, then what may be wrong and matters.
_GROUND, _HELD, _SECOND, _CONTRADICTED, _UNSURE, _DOUBT, _CONTROL, _TOLD = 8.0, 9.0, 5.0, 3.0, 2.0, 2.0, 1.5, 2.0
# Members looked at of one incident, levels of contradictions told apart, and candidates of a part beyond those asked
# for. Of a million claims with parts at random, 20 more find 11 of the true first twenty, 40 and 60 find 15, 100 find
# 16; from 40 on all of the first five are found. 100 take twice as long as 40.
_MEMBERS = 12
_LEVELS = 12
_SPARE = 40


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A claim that waits: how much it matters, and why, the weightiest reason first."""

    claim_id: str
    score: float
    reasons: tuple[str, ...]
    stage: str = NEW


class Held(NamedTuple):
    """What is held back from whoever asks: which claims are not, and the ids of the incidents of those that are."""

    passes: ColumnElement[bool]
    incidents: Select[Any]


@dataclass(slots=True)
class _Candidate:
    id: str
    type: str
    certainty: float
    verdict: str
    gone: bool = False
    parts: list[tuple[float, str]] = field(default_factory=list)

    def count(self, points: float, why: str) -> None:
        self.parts.append((points, why))

    def row(self, stage: str) -> QueueRow:
        parts = sorted(self.parts, key=lambda part: -part[0])
        return QueueRow(self.id, round(sum(points for points, _ in parts), 3), tuple(why for _, why in parts), stage)


def queue(
    connection: Connection, *, limit: int = 20, person: str | None = None, stakes: Callable[[str], bool],
    known_by: int | None = None, lock: int = LOCK, held: Held | None = None,
) -> list[QueueRow]:  # fmt: skip
    """Return the claims that wait for a reviewer, what matters most first, as known by the instant.

    `stakes` tells whether a type of claim changes or contests who holds a place. For a `person`, what others hold and
    what is their own to be looked at by another is left out, and with `held` what is kept from them.
    """
    spare, passes = limit + _SPARE, held.passes if held else true()
    told = _incidents_to_see(connection, spare, known_by)
    ids = [*_decided(connection, spare, person, known_by), *_members(connection, told, known_by)]
    doubtful = _doubtful(connection, spare, stakes, known_by, passes)
    found = {c.id: c for c in (*doubtful, *_candidates(connection, ids, known_by, passes))}
    states = states_of(connection, found, known_by, lock)
    waiting = {id: c for id, c in found.items() if _waits(c, states.get(id, State()), person)}
    _count_incidents(connection, waiting, known_by, held)
    _count_claims(waiting.values(), stakes)
    _count_states(connection, waiting, states, known_by)
    rows = [c.row(states.get(id, State()).name) for id, c in waiting.items()]
    return sorted(rows, key=lambda row: (-row.score, row.claim_id))[:limit]


def _waits(candidate: _Candidate, state: State, person: str | None) -> bool:
    if candidate.gone and not state.reopened:
        return False
    if state.name == HELD:
        return person is not None and state.owner == person
    if state.name == SECOND:
        return person is None or state.first != {person}
    if state.name in (REVIEWED, FINAL):
        return candidate.verdict == "unsure" and state.name == REVIEWED
    return True


_SHOWN = (claim.c.id, claim.c.type, claim.c.certainty, claim.c.verdict, claim.c.gone)


def _candidate(row: Any) -> _Candidate:
    return _Candidate(row.id, row.type, row.certainty, row.verdict, bool(row.gone))


def _doubtful(
    connection: Connection, count: int, stakes: Callable[[str], bool], known_by: int | None, passes: ColumnElement[bool]
) -> Iterator[_Candidate]:
    """Yield the least certain claims that wait: so many with control at stake, so many without, so many unsure ones."""
    of_type = (claim.c.verdict == bindparam("verdict"), claim.c.type == bindparam("type"))
    # Built once: putting it together takes longer than asking it.
    least = select(*_SHOWN).where(*of_type, ~claim.c.gone, standing(claim, ("id",), known_by), passes)
    least = least.order_by(claim.c.certainty).limit(count)
    for verdict in ("", "unsure"):
        types = _types(connection, verdict)
        for group in ([type for type in types if stakes(type)], [type for type in types if not stakes(type)]):
            asked = [connection.execute(least, {"verdict": verdict, "type": type}) for type in group]
            # Read side by side, and only as far as needed.
            yield from map(_candidate, islice(merge(*asked, key=lambda row: float(row.certainty)), count))
            for result in asked:
                result.close()


def _types(connection: Connection, verdict: str) -> list[str]:
    """Return the types of the claims with a verdict, each found from the one before: not all rows are read."""
    types = select(func.min(claim.c.type).label("type")).where(claim.c.verdict == verdict).cte("types", recursive=True)
    after = select(func.min(claim.c.type)).where(claim.c.verdict == verdict, claim.c.type > types.c.type)
    types = types.union_all(select(after.scalar_subquery()).where(types.c.type.is_not(None)))
    return list(connection.execute(select(types.c.type).where(types.c.type.is_not(None))).scalars())


def _decided(connection: Connection, count: int, person: str | None, known_by: int | None) -> Iterator[str]:
    """Yield the claims that were reopened, sent to second review, or taken by the person, and not answered since."""
    sent = decision.c.body.contains(f'"to":"{SECOND}"', autoescape=True)
    asked = [("reopen", JUDGEMENTS, true()), ("pass", ("pass",), sent), (UNDO, (UNDO,), true())]
    if person is not None:
        asked.append(("take", ("take", "release", "pass"), decision.c.person == person))
    for kind, answers, which in asked:
        refs = select(decision.c.ref).where(decision.c.subject == "claim", decision.c.kind == kind, which)
        refs = refs.where(by_then(decision, known_by), ~_answered(answers, known_by))
        yield from connection.execute(refs.order_by(decision.c.n.desc()).limit(2 * count)).scalars()


def _answered(kinds: Sequence[str], known_by: int | None) -> ColumnElement[bool]:
    """Return the condition that a decision of one of the kinds was made later on the same claim."""
    later = decision.alias()
    same = (later.c.subject == decision.c.subject, later.c.ref == decision.c.ref, later.c.n > decision.c.n)
    return select(later.c.n).where(*same, later.c.kind.in_(kinds), by_then(later, known_by)).exists()


def _candidates(
    connection: Connection, ids: Iterable[str], known_by: int | None, passes: ColumnElement[bool]
) -> Iterator[_Candidate]:
    for some in in_parts(ids):
        asked = select(*_SHOWN).where(claim.c.id.in_(some), standing(claim, ("id",), known_by), passes)
        yield from map(_candidate, connection.execute(asked))


def _incidents_to_see(connection: Connection, count: int, known_by: int | None) -> list[str]:
    """Return the incidents whose contradictions and many tellings are worth most."""
    columns = (incident.c.id, incident.c.contradictions, incident.c.claims)
    asked = select(*columns).where(incident.c.contradictions == bindparam("level"), ~incident.c.gone)
    asked = asked.where(standing(incident, ("id",), known_by)).order_by(incident.c.claims.desc()).limit(count)
    rows = [row for level in _levels(connection) for row in connection.execute(asked, {"level": level})]
    weighty = nlargest(count, rows, key=lambda row: _contradicted(row[1]) + _told(row[2]))
    return [row.id for row in weighty if row.contradictions or row.claims > 1]


def _levels(connection: Connection) -> list[int]:
    """Return the highest numbers of contradictions that incidents have, and none."""
    top = select(func.max(incident.c.contradictions).label("level")).cte("levels", recursive=True)
    below = select(func.max(incident.c.contradictions)).where(incident.c.contradictions < top.c.level)
    top = top.union_all(select(below.scalar_subquery()).where(top.c.level > 0))
    found = list(connection.execute(select(top.c.level).where(top.c.level.is_not(None)).limit(_LEVELS)).scalars())
    return [*found, 0] if found and found[-1] else found


def _contradicted(contradictions: int) -> float:
    # The first contradiction says most; ten say little more than five.
    return _CONTRADICTED * contradictions / (contradictions + 1)


def _told(claims: int) -> float:
    return _TOLD * min(1.0, math.log2(claims) / 6) if claims > 1 else 0.0


def _members(connection: Connection, incidents: Sequence[str], known_by: int | None) -> Iterator[str]:
    """Yield the first claims of each of the incidents."""
    asked = select(membership.c.claim_id).where(membership.c.incident_id == bindparam("incident"), ~membership.c.gone)
    asked = asked.where(standing(membership, ("claim_id",), known_by)).order_by(membership.c.n).limit(_MEMBERS)
    for id in incidents:
        yield from connection.execute(asked, {"incident": id}).scalars()


def _count_incidents(
    connection: Connection, found: Mapping[str, _Candidate], known_by: int | None, held: Held | None
) -> None:
    """Count what the incidents of the claims add: contradictions, and how many tell it."""
    told: dict[str, str] = {}
    for some in in_parts(found):
        told |= incidents_of(connection, some, known_by)
    facts = _facts(connection, set(told.values()), known_by, incident.c.id.not_in(held.incidents) if held else true())
    for id, incident_id in told.items():
        if incident_id in facts:
            _count_incident(found[id], incident_id, *facts[incident_id])


def _facts(
    connection: Connection, ids: Iterable[str], known_by: int | None, which: ColumnElement[bool]
) -> dict[str, tuple[int, int, int]]:
    facts: dict[str, tuple[int, int, int]] = {}
    for some in in_parts(ids):
        columns = (incident.c.id, incident.c.contradictions, incident.c.claims, incident.c.independent)
        asked = select(*columns).where(incident.c.id.in_(some), standing(incident, ("id",), known_by), which)
        facts |= {row.id: (row.contradictions, row.claims, row.independent) for row in connection.execute(asked)}
    return facts


def _count_incident(candidate: _Candidate, id: str, contradictions: int, claims: int, independent: int) -> None:
    if contradictions:
        candidate.count(_contradicted(contradictions), f"{_some(contradictions, 'contradiction')} in incident {id}")
    if claims > 1:
        candidate.count(_told(claims), f"told {claims} times, by {_some(independent, 'independent source')}")


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _count_claims(found: Iterable[_Candidate], stakes: Callable[[str], bool]) -> None:
    for candidate in found:
        candidate.count(_DOUBT * (1 - candidate.certainty), f"certainty {candidate.certainty:.2f}")
        if stakes(candidate.type):
            candidate.count(_CONTROL, f"control at stake: {candidate.type}")
        if candidate.verdict == "unsure":
            candidate.count(_UNSURE, "a reviewer was unsure")


def _count_states(
    connection: Connection, found: Mapping[str, _Candidate], states: Mapping[str, State], known_by: int | None
) -> None:
    for id in found.keys() & states.keys():
        state = states[id]
        if state.name == HELD:
            found[id].count(_HELD, f"held by {state.owner}")
        if state.name == SECOND:
            fields = state.dispute[2] if state.dispute else ()
            found[id].count(_SECOND, f"second review: two differ in {', '.join(fields)}" if fields else "second review")
    for lost in moved_of(connection, [id for id in found if id in states], known_by):
        if not any(why.startswith("ground moved") for _, why in found[lost.claim_id].parts):
            found[lost.claim_id].count(_GROUND, f"ground moved: {lost.what}")
