"""Fusing what the record has not fused yet: which incident each new claim tells, kept with the reasons.

Incidents only grow, merge and split: none is renamed, and what merges or splits leaves a forwarding address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from marsad.loading.fusion import FusionRules, fusion_rules
from marsad.record import schema
from marsad.record.asof import standing
from marsad.record.blocks import days_of
from marsad.record.decisions import in_parts
from marsad.record.fusing import Fuser, Group, incident_id
from marsad.record.gathering import Wordings, copies_among, incidents_between, members_of, placed_in, tellings_of
from marsad.record.keeping import differs
from marsad.record.kin import kin_of
from marsad.record.settling import Bonds, Move, bonds_of, moves_of
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
    """What one transaction writes: memberships, forwarding addresses, and the incidents to sum up again.

    `at` is where each of the claims is that moved in it, None where it tells no incident any more.
    """

    memberships: list[dict[str, Any]] = field(default_factory=list)
    forwards: list[dict[str, Any]] = field(default_factory=list)
    touched: dict[str, None] = field(default_factory=dict)
    at: dict[str, str | None] = field(default_factory=dict)

    def join(self, claim: str, incident: str, by: str, why: Sequence[str], gone: bool = False) -> None:
        row = {"claim_id": claim, "incident_id": incident, "gone": gone, "by": by}
        self.memberships.append({**row, "why": json.dumps(list(why), ensure_ascii=False)})
        self.at[claim] = None if gone else incident
        self.touched[incident] = None

    def forward(self, old: str, new: str, kind: str, by: str) -> None:
        self.forwards.append({"from_id": old, "to_id": new, "kind": kind, "by": by})
        self.touched[old] = self.touched[new] = None

    def has_left(self, incident: str) -> bool:
        return any(row["from_id"] == incident for row in self.forwards)


class Fusion:
    """One run of fusion over a record; holds in memory the incidents of the days that it has come to."""

    def __init__(self, record: Record, tool: str, rules: FusionRules | None = None) -> None:
        self.record, self.tool, self.rules = record, tool, rules or fusion_rules()
        self.done = Fused()
        self._begin()

    def _begin(self) -> None:
        """Hold nothing in memory."""
        self.fuser = Fuser(self.rules, kin_of, self._copies)
        self._wordings, self._days, self._kin = Wordings(), set[int](), dict[str, set[str]]()
        self._whole: set[str] = set()  # incidents of which all claims are at hand
        self._bonds, self._last = Bonds(), 0
        self._free: set[str] = set()  # ids that the claims of this round would found and that no incident has

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
            self._place_rows(writing, [row for row in rows if row.n > after], after)
        return len(rows)

    def _place_rows(self, writing: Writing, rows: Sequence[Any], after: int) -> None:
        connection, round = writing.connection, _Round()
        self._look_about(connection)
        last = _last_of(connection, [row.id for row in rows])
        told = tellings_of(connection, [row for row in rows if not row.gone], self._wordings)
        self._get_ready(connection, told, (known.incident for known in last.values()))
        by_claim = {telling.claim: telling for telling in told}
        repeated = _repeated(connection, rows, after)
        self._free = _free_ids(connection, [row.id for row in rows])
        for row in rows:
            telling, known = by_claim.get(row.id), last.get(row.id)
            now = round.at.get(row.id, known.incident if known and not known.gone else None)
            if telling is None or row.verdict == "rejected":
                self._leave(round, row.id, now)
            elif now is not None and (row.id in repeated or self._is_bound(row.id, now)):
                self._hold(telling, now)
                round.touched[now] = None
            else:
                self._place(connection, round, telling, now, known, row.id in repeated)
        self._write(writing, round)

    def _leave(self, round: _Round, claim: str, incident: str | None) -> None:
        if incident is not None:
            self._forget(claim, incident)
            round.join(claim, incident, "fusion", ("it is claimed no more",), gone=True)

    def _is_bound(self, claim: str, incident: str) -> bool:
        """Tell whether a reviewer tied the claim to another one of its incident."""
        group = self.fuser.groups.get(incident)
        return group is not None and any(c != claim and c in group.members for c in self._bonds.tied(claim))

    def _place(
        self, connection: Connection, round: _Round, telling: Telling, now: str | None, known: _Known | None, same: bool
    ) -> None:
        """Place a claim that is new, tells something else than before, or is claimed again after it was not."""
        own = known.incident if known and not round.has_left(known.incident) else None
        if now is None and own is not None and own not in self.fuser.groups and _is_forwarded(connection, own):
            own = None
        if now is None and own is not None and same and self._may_return(telling.claim, own):
            self._hold(telling, own)
            round.join(telling.claim, own, "fusion", ("it is claimed again",))
            return
        self._join(connection, round, telling, now, own)
        if known and known.by != "fusion" and round.at[telling.claim] == known.incident == now:
            # It is where a reviewer brought it: that the decision did so is kept, so that undoing it brings it back.
            round.memberships = [row for row in round.memberships if row["claim_id"] != telling.claim]

    def _may_return(self, claim: str, incident: str) -> bool:
        return incident not in self.fuser.groups or self.fuser.may_join(claim, self.fuser.groups[incident])

    def _join(
        self, connection: Connection, round: _Round, telling: Telling, before: str | None, own: str | None
    ) -> None:
        """Place a claim by what it is like; an incident that it leaves empty leaves a forwarding address."""
        if before is not None:
            self._forget(telling.claim, before)
        joining = self.fuser.place(telling, lambda id: id not in self._free and _is_taken(connection, id), own)
        self._whole.add(joining.incident)
        self._free.discard(joining.incident)
        self.done.placed += 1
        self.done.founded += joining.incident != before and len(self.fuser.groups[joining.incident].members) == 1
        round.join(telling.claim, joining.incident, "fusion", joining.reasons)
        for gone in joining.merged:
            self._merge(connection, round, gone, joining.incident, "fusion")
        if before is not None and before != joining.incident:
            round.touched[before] = None
            if before not in self.fuser.groups and before not in joining.merged:
                round.forward(before, joining.incident, "merge", "fusion")

    def _merge(self, connection: Connection, round: _Round, old: str, new: str, by: str) -> None:
        """Write that the claims of one incident tell another now, those of this round with it."""
        self.done.merged += 1
        asked = select(_MEMBER.c.claim_id).where(_MEMBER.c.incident_id == old, ~_MEMBER.c.gone)
        members = dict.fromkeys(connection.execute(asked.where(standing(_MEMBER, ("claim_id",), None))).scalars())
        members |= dict.fromkeys(round.at)
        for claim in members:
            if round.at.get(claim, old) == old:
                round.join(claim, new, by, (f"the incident {old} is this one",))
        round.forward(old, new, "merge", by)

    def _hold(self, telling: Telling, incident: str) -> None:
        self.fuser.hold(self.fuser.groups.get(incident) or Group(incident), telling)

    def _forget(self, claim: str, incident: str) -> None:
        group = self.fuser.groups.get(incident)
        if group and claim in group.members:
            self.fuser.take_out(claim, incident)

    def _look_about(self, connection: Connection) -> None:
        """Begin anew where another process has moved claims meanwhile, and learn what reviewers said."""
        if self._last and self._last != _last_membership(connection):
            self._begin()
        self._bonds = bonds_of(connection)
        self.fuser.hold_apart(self._bonds.apart())

    def _get_ready(self, connection: Connection, told: Sequence[Telling], incidents: Iterable[str] = ()) -> None:
        """Have these incidents at hand, and those that have a claim within the days of these claims.

        Each is there with all its claims, also those of other days: what is like an incident, and which of two is the
        older, must not hang on what was asked before.
        """
        slack, wanted = self.rules.slack, set(incidents)
        days = {day + off for t in told for day in days_of(t) for off in range(-slack, slack + 1)} - self._days
        for first, last in _runs(days):
            wanted |= incidents_between(connection, first, last)
        self._days |= days
        reports = [t.report for t in told]
        for placed in placed_in(connection, sorted(wanted - self._whole), self._wordings):
            self._hold(placed.telling, placed.incident)
            reports.append(placed.telling.report)
        self._whole |= wanted
        self._learn_kin(connection, reports)

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
            self._look_about(writing.connection)
            while moves := moves_of(writing.connection):
                round = _Round()
                self._get_ready(writing.connection, (), (id for move in moves for id in (move.old, move.new) if id))
                for move in moves:
                    self._move(writing.connection, round, move)
                self._write(writing, round)

    def _move(self, connection: Connection, round: _Round, move: Move) -> None:
        if move.kind == "part":
            self._part(connection, round, move)
        elif move.kind == "return":
            self._return(round, move)
        else:
            group = self.fuser.groups.get(move.old)
            for claim in list(group.members if group else ()):
                self._shift(claim, move.old, move.new)
            self._merge(connection, round, move.old, move.new, move.by)

    def _shift(self, claim: str, old: str, new: str) -> None:
        """Count a claim to another incident."""
        group = self.fuser.groups.get(old)
        if group and claim in group.members:
            telling = group.members[claim]
            self.fuser.take_out(claim, old)
            self._hold(telling, new)

    def _return(self, round: _Round, move: Move) -> None:
        """Bring claims back to where they were before a decision that was undone."""
        for claim in move.claims:
            self._shift(claim, move.old, move.new)
            round.join(claim, move.new, move.by, ("what took it elsewhere was undone",))
        round.forward(move.old, move.new, "split" if move.old in self.fuser.groups else "merge", move.by)

    def _part(self, connection: Connection, round: _Round, move: Move) -> None:
        """Place claims anew that a reviewer took out of their incident, all of them together."""
        rows = [_newest(connection, claim) for claim in move.claims]
        told = tellings_of(connection, rows, self._wordings)
        own = _brought_to(connection, move.claims[0], move.by)
        self._get_ready(connection, told, [own] if own else ())
        old = round.at.get(move.claims[0]) or move.old
        for claim in move.claims:
            self._forget(claim, old)
        joining = self.fuser.place(told[0], lambda id: _is_taken(connection, id), own)
        self._whole.add(joining.incident)
        for telling in told:
            self._hold(telling, joining.incident)
            why = ("a reviewer took it out of another incident", *joining.reasons)
            round.join(telling.claim, joining.incident, move.by, why)
        for gone in joining.merged:
            self._merge(connection, round, gone, joining.incident, "fusion")
        round.forward(old, joining.incident, "split", move.by)

    def _write(self, writing: Writing, round: _Round) -> None:
        writing.add(schema.membership, round.memberships)
        writing.add(schema.forward, round.forwards)
        self.done.changed += sum_up(writing, round.touched)
        self._last = _last_membership(writing.connection)


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


class _Known(NamedTuple):
    """Which incident a claim told last, whether it does so no more, and who said so."""

    incident: str
    gone: bool
    by: str


def _last_of(connection: Connection, claims: Sequence[str]) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    columns = (_MEMBER.c.claim_id, _MEMBER.c.incident_id, _MEMBER.c.gone, _MEMBER.c.by)
    for some in in_parts(claims):
        asked = select(*columns).where(_MEMBER.c.claim_id.in_(some), standing(_MEMBER, ("claim_id",), None))
        found |= {r.claim_id: _Known(r.incident_id, bool(r.gone), r.by) for r in connection.execute(asked)}
    return found


def _repeated(connection: Connection, rows: Sequence[Any], after: int) -> set[str]:
    """Return which claims say what they said when fusion last came to them: a reviewer's nod moves no claim."""
    now, found = {row.id: row for row in rows}, set[str]()
    for some in in_parts(now):
        newest = select(func.max(_CLAIM.c.n)).where(_CLAIM.c.id.in_(some), _CLAIM.c.n <= after).group_by(_CLAIM.c.id)
        asked = select(_CLAIM.c.id, _CLAIM.c.report_n, _CLAIM.c.body).where(_CLAIM.c.n.in_(newest))
        for row in connection.execute(asked):
            told_alike = row.report_n == now[row.id].report_n
            if told_alike and not differs(json.loads(row.body), json.loads(now[row.id].body)):
                found.add(row.id)
    return found


def _last_membership(connection: Connection) -> int:
    return connection.execute(select(func.max(_MEMBER.c.n))).scalar() or 0


def _brought_to(connection: Connection, claim: str, decision: str) -> str | None:
    """Return the incident to which the decision brought the claim before it was undone, None where it never did."""
    asked = select(_MEMBER.c.incident_id).where(_MEMBER.c.claim_id == claim, _MEMBER.c.by == decision)
    found: str | None = connection.execute(asked.order_by(_MEMBER.c.n.desc()).limit(1)).scalar()
    return found


def _is_forwarded(connection: Connection, incident: str) -> bool:
    asked = select(schema.forward.c.n).where(schema.forward.c.from_id == incident)
    return bool(connection.execute(asked.limit(1)).first())


def _free_ids(connection: Connection, claims: Sequence[str]) -> set[str]:
    """Return which of the ids that the claims would found are none yet: asked at once, for nearly all are free."""
    ids = {incident_id(claim) for claim in claims}
    taken: set[str] = set()
    for some in in_parts(sorted(ids)):
        taken.update(connection.execute(select(_MEMBER.c.incident_id).where(_MEMBER.c.incident_id.in_(some))).scalars())
    return ids - taken


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
