"""Fusing what the record has not fused yet: which incident each new claim tells, kept with the reasons.

Incidents only grow, merge and split: none is renamed, and what merges or splits leaves a forwarding address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from marsad.loading.fusion import FusionRules, fusion_rules
from marsad.record import schema
from marsad.record.asof import standing
from marsad.record.decisions import in_parts
from marsad.record.fusing import Fuser, Group, days_of
from marsad.record.gathering import Wordings, copies_among, members_of, placed_between, tellings_of
from marsad.record.kin import kin_of
from marsad.record.linkage import incidents_of, links
from marsad.record.settling import Move, moves_of
from marsad.record.store import Record, Writing
from marsad.record.summing import summary_of
from marsad.record.telling import Telling

# Claims placed in one transaction: what a reviewer waits for at most, about a second.
_BATCH = 500
_CLAIM, _MEMBER = schema.claim, schema.membership


@dataclass(slots=True)
class Fused:
    """What a fusion did: claims placed, incidents founded, merged and changed."""

    placed: int = 0
    founded: int = 0
    merged: int = 0
    changed: int = 0


@dataclass(slots=True)
class _Round:
    """What one transaction writes: memberships, forwarding addresses, and the incidents to sum up again."""

    memberships: list[dict[str, Any]] = field(default_factory=list)
    forwards: list[dict[str, Any]] = field(default_factory=list)
    touched: dict[str, None] = field(default_factory=dict)

    def join(self, claim: str, incident: str, by: str, why: Sequence[str], gone: bool = False) -> None:
        row = {"claim_id": claim, "incident_id": incident, "gone": gone, "by": by}
        self.memberships.append({**row, "why": json.dumps(list(why), ensure_ascii=False)})
        self.touched[incident] = None

    def forward(self, old: str, new: str, kind: str, by: str) -> None:
        self.forwards.append({"from_id": old, "to_id": new, "kind": kind, "by": by})
        self.touched[old] = self.touched[new] = None


class Fusion:
    """One run of fusion over a record; holds in memory the incidents of the days that it has come to."""

    def __init__(self, record: Record, tool: str, rules: FusionRules | None = None) -> None:
        self.record, self.tool = record, tool
        self.fuser = Fuser(rules or fusion_rules(), kin_of, self._copies)
        self.done = Fused()
        self._wordings, self._days, self._kin = Wordings(), set[int](), dict[str, set[str]]()

    def run(self, progress: Callable[[int], None] | None = None) -> Fused:
        """Place every claim that was recorded since the last fusion, then do as reviewers said of incidents."""
        while count := self._place_some():
            if progress:
                progress(count)
        self._settle()
        return self.done

    def _place_some(self) -> int:
        with self.record.asking() as connection:
            rows = _pending(connection, fused_to(connection), _BATCH)
        if not rows:
            return 0
        with self.record.writing(f"fuse to {rows[-1].n}", self.tool) as writing:
            # Asked again: another process may have fused some between the two.
            after = fused_to(writing.connection, writing.at)
            self._place_rows(writing, [row for row in rows if row.n > after])
        return len(rows)

    def _place_rows(self, writing: Writing, rows: Sequence[Any]) -> None:
        connection, round = writing.connection, _Round()
        at = incidents_of(connection, [row.id for row in rows])
        told = tellings_of(connection, [row for row in rows if not row.gone], self._wordings)
        self._get_ready(connection, told)
        by_claim = {telling.claim: telling for telling in told}
        decided = _decided(connection, at)
        for row in rows:
            incident, telling = at.get(row.id), by_claim.get(row.id)
            if telling is None or row.verdict == "rejected":
                self._leave(round, row.id, incident)
            elif row.id in decided and incident:
                self._hold(telling, incident)
                round.touched[incident] = None
            else:
                self._join(connection, round, telling, incident)
        self._write(writing, round)

    def _leave(self, round: _Round, claim: str, incident: str | None) -> None:
        if incident is not None:
            self._forget(claim, incident)
            round.join(claim, incident, "fusion", ("it is claimed no more",), gone=True)

    def _join(self, connection: Connection, round: _Round, telling: Telling, before: str | None) -> None:
        """Place a claim; one that had a place is placed again, and goes back there where nothing speaks against it."""
        if before is not None:
            self._forget(telling.claim, before)
        joining = self.fuser.place(telling, lambda id: id != before and _is_taken(connection, id))
        self.done.placed += 1
        self.done.founded += joining.incident != before and len(self.fuser.groups[joining.incident].members) == 1
        round.join(telling.claim, joining.incident, "fusion", joining.reasons)
        if before is not None and before != joining.incident:
            round.touched[before] = None
            if not _others_in(connection, before, telling.claim):
                round.forward(before, joining.incident, "merge", "fusion")
        for gone in joining.merged:
            self._merge(connection, round, gone, joining.incident, "fusion")

    def _merge(self, connection: Connection, round: _Round, old: str, new: str, by: str) -> None:
        """Write that the claims of one incident tell another now, those of this round with it."""
        self.done.merged += 1
        members = {row["claim_id"]: None for row in round.memberships if row["incident_id"] == old and not row["gone"]}
        asked = select(_MEMBER.c.claim_id).where(_MEMBER.c.incident_id == old, ~_MEMBER.c.gone)
        members |= dict.fromkeys(connection.execute(asked.where(standing(_MEMBER, ("claim_id",), None))).scalars())
        moved = {row["claim_id"] for row in round.memberships if row["incident_id"] != old}
        for claim in members:
            if claim not in moved:
                round.join(claim, new, by, (f"the incident {old} is this one",))
        round.forward(old, new, "merge", by)

    def _hold(self, telling: Telling, incident: str) -> None:
        self.fuser.hold(self.fuser.groups.get(incident) or Group(incident), telling)

    def _forget(self, claim: str, incident: str) -> None:
        group = self.fuser.groups.get(incident)
        if group and claim in group.members:
            self.fuser.take_out(claim, incident)

    def _get_ready(self, connection: Connection, told: Sequence[Telling]) -> None:
        """Have the incidents at hand that lie within the days of these claims, and what reviewers hold apart."""
        self.fuser.hold_apart((a, b) for a, b, _ in links(connection).apart)
        slack = self.fuser.rules.slack
        wanted = {day + off for t in told for day in days_of(t) for off in range(-slack, slack + 1)} - self._days
        for first, last in _runs(wanted):
            for placed in placed_between(connection, first, last, self._wordings):
                self._hold(placed.telling, placed.incident)
        self._days |= wanted
        self._learn_kin(connection, [t.report for t in told])

    def _learn_kin(self, connection: Connection, reports: Iterable[str]) -> None:
        table = schema.kinship
        for some in in_parts(reports):
            asked = select(table.c.report_id, table.c.of_id).where(table.c.report_id.in_(some))
            for row in connection.execute(asked):
                self._kin.setdefault(row.report_id, set()).add(row.of_id)

    def _copies(self, a: str, b: str) -> bool:
        return b in self._kin.get(a, ()) or a in self._kin.get(b, ())

    def _settle(self) -> None:
        """Do as reviewers said: what they call one is merged, what they hold apart parts, what they undid goes back."""
        with self.record.asking() as connection:
            if not moves_of(connection):
                return
        with self.record.writing("settle", self.tool) as writing:
            while moves := moves_of(writing.connection):
                round = _Round()
                for move in moves:
                    self._move(writing.connection, round, move)
                self._write(writing, round)

    def _move(self, connection: Connection, round: _Round, move: Move) -> None:
        if move.kind == "merge":
            self._merge(connection, round, move.old, move.new, move.by)
            return
        if move.kind == "return":
            round.join(move.claim, move.new, move.by, ("what took it elsewhere was undone",))
        else:
            self._part(connection, round, move)
        if move.is_last:
            round.forward(move.old, move.new or round.memberships[-1]["incident_id"], "split", move.by)
        round.touched[move.old] = None

    def _part(self, connection: Connection, round: _Round, move: Move) -> None:
        """Place a claim anew that a reviewer took out of its incident."""
        row = _newest(connection, move.claim)
        told = tellings_of(connection, [row], self._wordings)
        self._get_ready(connection, told)
        self._forget(move.claim, move.old)
        joining = self.fuser.place(told[0], lambda id: _is_taken(connection, id))
        round.join(
            move.claim, joining.incident, move.by, ("a reviewer took it out of another incident", *joining.reasons)
        )

    def _write(self, writing: Writing, round: _Round) -> None:
        writing.add(schema.membership, round.memberships)
        writing.add(schema.forward, round.forwards)
        self.done.changed += sum_up(writing, round.touched)


def fused_to(connection: Connection, before: int | None = None) -> int:
    """Return the number of the last claim that fusion has come to, before the instant where one is given."""
    asked = select(schema.act.c.what).where(schema.act.c.what.like("fuse to %"))
    asked = asked if before is None else asked.where(schema.act.c.recorded_at < before)
    last = connection.execute(asked.order_by(schema.act.c.n.desc()).limit(1)).scalar()
    return int(last.rsplit(" ", 1)[1]) if last else 0


def _pending(connection: Connection, after: int, count: int) -> list[Any]:
    """Return the next states of claims that fusion has not come to, each the newest of its claim."""
    columns = (_CLAIM.c.n, _CLAIM.c.id, _CLAIM.c.report_n, _CLAIM.c.gone, _CLAIM.c.verdict, _CLAIM.c.body)
    asked = select(*columns).where(_CLAIM.c.n > after, standing(_CLAIM, ("id",), None)).order_by(_CLAIM.c.n)
    return list(connection.execute(asked.limit(count)))


def _newest(connection: Connection, claim: str) -> Any:
    asked = select(_CLAIM.c.n, _CLAIM.c.report_n, _CLAIM.c.body).where(_CLAIM.c.id == claim)
    return connection.execute(asked.order_by(_CLAIM.c.n.desc()).limit(1)).one()


def _decided(connection: Connection, at: dict[str, str]) -> set[str]:
    """Return which of the claims are where they are because a reviewer said so."""
    found: set[str] = set()
    for some in in_parts(at):
        asked = select(_MEMBER.c.claim_id).where(_MEMBER.c.claim_id.in_(some), _MEMBER.c.by != "fusion")
        found.update(connection.execute(asked.where(~_MEMBER.c.gone, standing(_MEMBER, ("claim_id",), None))).scalars())
    return found


def _others_in(connection: Connection, incident: str, claim: str) -> bool:
    asked = select(_MEMBER.c.n).where(_MEMBER.c.incident_id == incident, _MEMBER.c.claim_id != claim, ~_MEMBER.c.gone)
    return bool(connection.execute(asked.where(standing(_MEMBER, ("claim_id",), None)).limit(1)).first())


def _is_taken(connection: Connection, id: str) -> bool:
    return bool(connection.execute(select(_MEMBER.c.n).where(_MEMBER.c.incident_id == id).limit(1)).first())


def _runs(days: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Return the days as runs from first to last."""
    found: list[tuple[int, int]] = []
    for day in sorted(days):
        if found and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def sum_up(writing: Writing, ids: Iterable[str]) -> int:
    """Write the state of each incident that changed, or that it has no claims any more; return how many did."""
    connection, wanted = writing.connection, list(ids)
    members = members_of(connection, wanted)
    copies = copies_among(connection, {m.report for some in members.values() for m in some})
    before = _bodies(connection, wanted)
    rows = []
    for id in wanted:
        body = summary_of(id, members[id], copies) if id in members else None
        written = json.dumps(body, ensure_ascii=False) if body else before.get(id, (True, ""))[1]
        if (body is None, written) != before.get(id, (True, "")):
            rows.append(_incident_row(id, written, body is None))
    writing.add(schema.incident, rows)
    return len(rows)


def _bodies(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[bool, str]]:
    table, found = schema.incident, dict[str, tuple[bool, str]]()
    for some in in_parts(ids):
        newest = select(func.max(table.c.n)).where(table.c.id.in_(some)).group_by(table.c.id)
        asked = select(table.c.id, table.c.gone, table.c.body).where(table.c.n.in_(newest))
        found.update((row.id, (bool(row.gone), row.body)) for row in connection.execute(asked))
    return found


def _incident_row(id: str, written: str, gone: bool) -> dict[str, Any]:
    body = json.loads(written)
    place = (body["places"] or [{}])[0]
    start, _, until = (body["date"] or "").partition("/")
    return {
        "id": id, "gone": gone, "type": body["type"], "status": body["status"], "start": start or None,
        "until": until or start or None, "certainty": body["certainty"], "place_id": place.get("id"),
        "place": place.get("name"), **{c: place.get(c) for c in ("admin1", "country", "lat", "lon")},
        "claims": len(body["claims"]), "independent": body["independent_sources"],
        "contradictions": len(body["contradictions"]), "body": written,
    }  # fmt: skip


def fuse(record: Record, tool: str, progress: Callable[[int], None] | None = None) -> Fused:
    """Bring every claim of the record into an incident; what was fused before keeps its id."""
    return Fusion(record, tool).run(progress)
