"""On whose desk a claim lies: new → in review (locked to its owner) → reviewed → second review → final.

Nothing is kept but decisions: the stage is what they come to. A claim goes to second review where somebody passes it
there or where two persons differ, and comes back as new where a new reader takes a judgement's ground away (`reopen`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from marsad.errors import UsageError
from marsad.record import chain
from marsad.record.asof import moment_of
from marsad.record.coding import words
from marsad.record.decisions import Decision, decision_of, decisions_of, live
from marsad.record.schema import claim
from marsad.record.store import Writing
from marsad.record.verdicts import difference

STAGES = ("new", "in review", "reviewed", "second review", "final")
NEW, HELD, REVIEWED, SECOND, FINAL = STAGES
# A lock is forgotten after a day, so that a claim does not wait for somebody on leave.
LOCK = 24 * 3600 * 1_000_000


Dispute = tuple[Decision, Decision, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class State:
    """The stage of a claim, who holds it and since when.

    `under` is the stage that it has without its lock, `first` who reviewed it first, `dispute` two judgements that
    differ and in what, `reopened` the fields whose ground moved under an earlier judgement.
    """

    name: str = NEW
    owner: str | None = None
    since: int | None = None
    under: str = NEW
    first: frozenset[str] = frozenset()
    dispute: Dispute | None = None
    reopened: tuple[str, ...] = ()


@dataclass(slots=True)
class _Desk:
    """A claim on its way through the decisions on it; `stage` is the one that it has without its lock."""

    stage: str = NEW
    owner: str | None = None
    since: int | None = None
    reopened: tuple[str, ...] = ()
    first: set[str] = field(default_factory=set)
    judged: dict[str, Decision] = field(default_factory=dict)
    dispute: Dispute | None = None

    def step(self, made: Decision) -> None:
        """Take one standing decision into account."""
        if made.is_judgement:
            self._judge(made)
        elif made.kind == "pass":
            self._pass(made)
        elif not made.came:
            # A lock in another copy locks nothing here, and each copy sees for itself what its readers say.
            self._own_step(made)

    def _move(self, stage: str, made: Decision) -> None:
        self.stage, self.since, self.owner = stage, made.decided_at, None

    def _judge(self, made: Decision) -> None:
        self.reopened = ()
        self.judged.pop(made.person, None)
        others, self.judged[made.person] = list(self.judged.values()), made
        if self.stage == NEW or self.first == {made.person}:
            self.first.add(made.person)
        found = ((other, made, difference(other, made)) for other in reversed(others))
        self.dispute = next((dispute for dispute in found if dispute[2]), None)
        if self.owner is None:
            self._settle(made)

    def _settle(self, made: Decision) -> None:
        """Leave the stage that a judgement ends: one person's is a review, two that differ ask for a third look."""
        stage = REVIEWED if self.stage == NEW and self.judged else self.stage
        stage = SECOND if (self.dispute and stage == REVIEWED) or self._reopens(made) else stage
        if stage != self.stage:
            self._move(stage, made)

    def _reopens(self, made: Decision) -> bool:
        return self.stage == FINAL and self.dispute is not None and made is self.dispute[1]

    def _pass(self, made: Decision) -> None:
        # That two differ sends a claim to second review; while somebody holds it, when it leaves the desk.
        if self.owner is None or "because" not in made.body:
            self._move(str(made.body.get("to")), made)

    def _own_step(self, made: Decision) -> None:
        if made.kind == "take":
            self.owner, self.since = made.person, made.decided_at
        elif made.kind == "release":
            self.owner, self.since = None, made.decided_at
            self._settle(made)
        elif made.kind == "reopen":
            self.reopened = tuple(made.body.get("changed", ()))
            self.stage, self.dispute = NEW, None
            self.first.clear()
            self.judged.clear()
            self.since = self.since if self.owner else made.decided_at

    def state(self, at: int, lock: int) -> State:
        """Return the state at an instant, when a lock older than that is forgotten."""
        if self.owner is not None and at - (self.since or 0) >= lock:
            self.owner = None
            stage = REVIEWED if self.stage == NEW and self.judged else self.stage
            self.stage = SECOND if self.dispute and stage == REVIEWED else stage
        name = HELD if self.owner else self.stage
        first = frozenset(self.first)
        return State(name, self.owner, self.since, self.stage, first, self.dispute, self.reopened)


def state_after(decisions: Iterable[Decision], at: int, lock: int = LOCK) -> State:
    """Return the state that the decisions on one claim come to at an instant."""
    desk = _Desk()
    for made in live(decisions):
        desk.step(made)
    return desk.state(at, lock)


def states_of(
    connection: Connection, claim_ids: Iterable[str], known_by: int | None = None, lock: int = LOCK
) -> dict[str, State]:
    """Return the state of each claim on which there is any decision; all others are new."""
    at = time.time_ns() // 1000 if known_by is None else known_by
    found = decisions_of(connection, "claim", claim_ids, known_by)
    return {id: state_after(decisions, at, lock) for id, decisions in found.items()}


def state_of(connection: Connection, claim_id: str, known_by: int | None = None, lock: int = LOCK) -> State:
    """Return the stage of a claim, who holds it and since when, as known by the instant (None: now)."""
    return states_of(connection, [claim_id], known_by, lock).get(claim_id, State())


def take(writing: Writing, claim_id: str, person: str, reason: str = "", lock: int = LOCK) -> State:
    """Lock the claim to the person and return its state; raise UsageError where it may not be theirs."""
    person = words(person, "person")
    decisions = _decisions(writing, claim_id)
    state = state_after(decisions, writing.at, lock)
    check_lock(claim_id, state, person)
    if state.name == FINAL:
        raise UsageError(f"claim {claim_id} is final; `undo` its last pass to open it again")
    if state.name == SECOND:
        _check_another(claim_id, state, person)
    return state if state.owner == person else _write(writing, decisions, claim_id, "take", person, reason, {}, lock)


def release(writing: Writing, claim_id: str, person: str, reason: str = "", lock: int = LOCK) -> State:
    """Unlock the claim that the person holds and return its state."""
    person = words(person, "person")
    decisions = _decisions(writing, claim_id)
    state = state_after(decisions, writing.at, lock)
    check_lock(claim_id, state, person)
    if state.owner is None:
        raise UsageError(f"claim {claim_id} is held by nobody; there is nothing to release")
    return _write(writing, decisions, claim_id, "release", person, reason, {}, lock)


def pass_on(writing: Writing, claim_id: str, person: str, reason: str = "", lock: int = LOCK) -> State:
    """Move the claim to its next stage and return its state; raise UsageError where it is not ready for it."""
    person = words(person, "person")
    decisions = _decisions(writing, claim_id)
    state = state_after(decisions, writing.at, lock)
    check_lock(claim_id, state, person)
    body = {"to": _next_stage(claim_id, state, person, decisions)}
    return _write(writing, decisions, claim_id, "pass", person, reason, body, lock)


def check_lock(claim_id: str, state: State, person: str) -> None:
    """Raise UsageError that says who holds the claim and since when, where it is another person."""
    if state.owner not in (None, person):
        since = moment_of(state.since or 0).strftime("%Y-%m-%d %H:%M UTC")
        raise UsageError(
            f"claim {claim_id} is in review by {state.owner} since {since}; ask for its release, or take another"
        )


def _next_stage(claim_id: str, state: State, person: str, decisions: Sequence[Decision]) -> str:
    if state.name == FINAL:
        raise UsageError(f"claim {claim_id} is final: there is no stage after it")
    if state.name == REVIEWED:
        return SECOND
    if not any(made.person == person and made.is_judgement for made in live(decisions)):
        raise UsageError(f"claim {claim_id}: {person} has not decided on it; accept, correct, reject or mark it first")
    if state.under == SECOND:
        _check_another(claim_id, state, person)
        return FINAL
    if state.dispute:
        return SECOND
    # Whoever holds a claim that another has reviewed gives it its second review.
    return FINAL if state.under == REVIEWED and state.first != {person} else REVIEWED


def _check_another(claim_id: str, state: State, person: str) -> None:
    if state.first == {person}:
        raise UsageError(f"claim {claim_id}: {person} reviewed it first; its second review is for another person")


def _decisions(writing: Writing, claim_id: str) -> list[Decision]:
    if writing.connection.execute(select(claim.c.n).where(claim.c.id == claim_id).limit(1)).first() is None:
        raise UsageError(f"there is no claim {claim_id!r}; `marsad review` lists those that wait")
    return decisions_of(writing.connection, "claim", [claim_id]).get(claim_id, [])


def _write(
    writing: Writing, before: list[Decision], claim_id: str, kind: str, person: str, reason: str,
    body: Mapping[str, object], lock: int,
) -> State:  # fmt: skip
    reason = words(reason, "reason") if reason else ""
    row = {"subject": "claim", "ref": claim_id, "kind": kind, "person": person, "reason": reason, "body": dict(body)}
    written = chain.append(writing, [row])
    return state_after([*before, *map(decision_of, written)], writing.at, lock)
