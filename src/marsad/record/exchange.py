"""Decisions between two copies of a record, as JSON Lines: each keeps its person, its instant and its id.

Nothing is lost: what this copy knows is counted, what says otherwise under a known id is kept aside, what is decided
on a claim that is not here waits for it, and a line that cannot be read is named. Two persons who differ on a claim
are listed, both judgements stay, and the claim goes to second review.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from marsad.errors import MarsadError, UsageError
from marsad.record import chain
from marsad.record.asof import by_then
from marsad.record.bases import bases_of, put_effective
from marsad.record.coding import Guide, check_fields, words
from marsad.record.deciding import send_to_second_review
from marsad.record.decisions import JUDGEMENTS, KINDS, LINKS, SET_ASIDE, UNDO, Decision, decisions_of, in_parts, live
from marsad.record.grounds import FIELDS
from marsad.record.keeping import put_claims
from marsad.record.regrounding import added_state
from marsad.record.schema import claim, decision
from marsad.record.stages import STAGES, state_after
from marsad.record.store import Writing

_TEXTS = ("id", "subject", "ref", "kind", "person")
_CONTENT = ("subject", "ref", "kind", "person", "reason", "decided_at")
_LINES = 500
# Clocks of two copies may be so far apart; what is dated later would come after all that is decided here until then.
_AHEAD = 24 * 3600 * 1_000_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that could not be taken: which, why, and the remedy."""

    row: int
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two decisions that cannot both be right, on the claim or incident `ref`; both are kept.

    `what` is "same id" for one id with two contents, "two reviewers" for two persons who differ in `fields`.
    """

    what: str
    ref: str
    ids: tuple[str, str]
    persons: tuple[str, str]
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Imported:
    """What came of the lines: ids taken, how many were known, conflicts, ids that wait for their claim, bad lines."""

    taken: list[str] = field(default_factory=list)
    known: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


class _RefusedError(MarsadError):
    """A line that is no decision."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason, self.remedy = reason, remedy


def export_decisions(connection: Connection, known_by: int | None = None) -> Iterator[str]:
    """Yield every decision as a line of JSON with its end, in the order of the chain, as known by the instant."""
    asked = select(decision).where(by_then(decision, known_by)).order_by(decision.c.n).limit(_LINES)
    page = connection.execute(asked).mappings().all()
    while page:
        yield from (_line_of(row) for row in page)
        page = connection.execute(asked.where(decision.c.n > page[-1]["n"])).mappings().all()


def _line_of(row: Mapping[Any, Any]) -> str:
    told = {name: row[name] for name in (*_TEXTS, "reason", "decided_at", "recorded_at", "prior", "hash")}
    told |= {name: json.loads(row[name]) for name in ("body", "ground")}
    return chain.canonical(told) + "\n"


def import_decisions(writing: Writing, lines: Iterable[str], *, guide: Guide) -> Imported:
    """Take the decisions of another copy into this one's chain and return what came of each line."""
    found = Imported()
    touched: dict[str, None] = {}
    numbered = ((row, line) for row, line in enumerate(lines, 1) if line.strip())
    while part := list(islice(numbered, _LINES)):
        rows = _read_lines(part, writing.at, guide, found)
        taken = _take(writing, rows, found)
        found.taken += [row["id"] for row in taken]
        touched |= {row["ref"]: None for row in taken if row["subject"] == "claim"}
        found.waiting += _incidents_waiting(writing.connection, taken)
    _apply(writing, list(touched), set(found.taken), found)
    return found


def _read_lines(part: Sequence[tuple[int, str]], now: int, guide: Guide, found: Imported) -> list[tuple[int, Row]]:
    rows = []
    for number, line in part:
        try:
            rows.append((number, _decision_of(line, now, guide)))
        except _RefusedError as error:
            found.bad.append(Bad(number, error.reason, error.remedy))
        except UsageError as error:
            reason, _, remedy = str(error).partition("; ")
            found.bad.append(Bad(number, reason, remedy))
    return rows


def _decision_of(line: str, now: int, guide: Guide) -> Row:
    """Return the decision of a line, checked as if it had been made here; raise what is wrong with it."""
    row = _object_of(line)
    for name in _TEXTS:
        words(row.get(name), name)
    if row.get("reason") != "":
        words(row.get("reason"), "reason")
    if not all(isinstance(row.get(name), dict) for name in ("body", "ground")):
        raise _RefusedError("its body or its ground is no object", "export the decisions again")
    if type(row.get("decided_at")) is not int or row["decided_at"] < 0:
        raise _RefusedError("decided_at is no instant", "write the microseconds since 1970")
    if row["decided_at"] > now + _AHEAD:
        raise _RefusedError("it was decided in days to come", "set the clock of the copy right and decide again")
    if row["kind"] not in KINDS or row["subject"] not in ("claim", "incident"):
        raise _RefusedError(f"{row['kind']!r} on {row['subject']!r} is no decision", "update this copy's program")
    _check_body(row, guide)
    return row


def _object_of(line: str) -> Row:
    try:
        row = json.loads(line)
        line.encode()
        chain.canonical(row).encode()
    except (ValueError, RecursionError):
        raise _RefusedError("broken JSON", "mend the line, or export the decisions again") from None
    if not isinstance(row, dict):
        raise _RefusedError("it is no object", "write one decision a line, as `marsad review export` does")
    return row


def _check_body(row: Row, guide: Guide) -> None:
    kind, body = row["kind"], row["body"]
    if kind in JUDGEMENTS:
        _check_judgement(row, guide)
    elif kind == UNDO and not isinstance(body.get("of"), str):
        raise _RefusedError("it does not say what it undoes", "export the decisions again")
    elif kind == "pass" and body.get("to") not in STAGES:
        raise _RefusedError("it does not say to which stage", f"name one of {', '.join(STAGES)}")
    elif kind in LINKS and not (body.get("claims") and all(map(_is_pair, body["claims"]))):
        raise _RefusedError("it names no pairs of claims", "export the decisions again")


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(id, str) for id in pair)


def _is_span(span: Any) -> bool:
    return isinstance(span, list) and len(span) == 2 and all(type(end) is int for end in span)


def _check_judgement(row: Row, guide: Guide) -> None:
    body, ground = row["body"], row["ground"]
    fields = ground.get("fields")
    if not (isinstance(fields, dict) and isinstance(ground.get("report"), str) and _is_span(ground.get("span"))):
        raise _RefusedError("its ground does not say report, span and fields", "export the decisions again")
    for name in ("over", "fields"):
        if name in body:
            body[name] = check_fields(body[name], guide)
    if row["kind"] in ("correct", "add") and not body.get("fields"):
        raise _RefusedError("it corrects no field", "name the fields and what they should say")
    if not all(map(_is_span, _spans_of(body.get("spans", {})))):
        raise _RefusedError("one of its spans is none", "export the decisions again")
    if row["kind"] == "add":
        _check_added(row, guide)


def _spans_of(spans: Mapping[str, Any]) -> Iterator[Any]:
    for name, at in spans.items():
        yield from at if name == "source_spans" else [at]


def _check_added(row: Row, guide: Guide) -> None:
    told, ground = row["body"].get("claim"), row["ground"]
    whole = isinstance(told, dict) and all(name in told for name in (*FIELDS, "certainty", "links", "source_spans"))
    if not whole or told["id"] != row["ref"] or not _is_span(ground.get("at")):
        raise _RefusedError("it does not hold the claim that it adds", "export the decisions again")
    if not (_is_span(told.get("span")) and _is_span(told.get("trigger_span"))):
        raise _RefusedError("the claim that it adds has no spans", "export the decisions again")
    check_fields({name: told[name] for name in FIELDS}, guide)


def _take(writing: Writing, rows: Sequence[tuple[int, Row]], found: Imported) -> list[Row]:
    """Write those of the rows that are new, and aside those that say otherwise under a known id; return them."""
    held = _held(writing.connection, [id for _, row in rows for id in _ids_of(row)])
    fresh: list[Row] = []
    for number, row in rows:
        if _is_known(row, held):
            found.known += 1
        elif kept := _to_keep(number, row, held, found):
            held[kept["id"]] = kept
            fresh.append(kept)
    return chain.append(writing, fresh)


def _to_keep(number: int, row: Row, held: Mapping[str, Row], found: Imported) -> Row | None:
    """Return the row as this copy keeps it; None, with the line named, for one that was altered on its way."""
    if row["id"] in held:
        found.conflicts.append(_same_id(held[row["id"]], row))
        return chain.completed(_marked(_aside(row)))
    if _was_altered(row):
        remedy = "export the decisions again, or decide anew here"
        found.bad.append(Bad(number, "it was changed after it was exported", remedy))
        return None
    return chain.completed(_marked(row))


def _ids_of(row: Row) -> tuple[str, ...]:
    """Return the ids under which the row may be known: its own, of one kept aside there, or here."""
    return (row["id"], str(_origin(row)), chain.completed(_aside(row))["id"])


def _origin(row: Row) -> Any:
    came = row["body"].get("_from")
    return came.get("id") if isinstance(came, dict) else None


def _held(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for some in in_parts(ids):
        for row in connection.execute(select(decision).where(decision.c.id.in_(some))).mappings():
            rows[row["id"]] = dict(row)
    return rows


def _is_known(row: Row, held: Mapping[str, Row]) -> bool:
    if row["id"] in held:
        return _content(held[row["id"]]) == _content(row) or chain.completed(_aside(row))["id"] in held
    # What was kept aside in the other copy may be the very decision that this one holds.
    ours = held.get(str(_origin(row))) if row["kind"] == SET_ASIDE else None
    return ours is not None and _content(ours) == _content({**row, **row["body"], "_": None})


def _content(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what is the same of a decision in every copy: all but where it came from and its place in the chain."""
    body, ground = (json.loads(row[n]) if isinstance(row[n], str) else row[n] for n in ("body", "ground"))
    own = {name: value for name, value in body.items() if name != "_from" or row["kind"] == SET_ASIDE}
    return (*(row[name] for name in _CONTENT), chain.canonical(own), chain.canonical(ground))


def _aside(row: Row) -> Row:
    """Return the row as it is kept where another decision has its id: under one of its own, without force."""
    own = {name: value for name, value in row["body"].items() if name != "_from"}
    body = {"kind": row["kind"], "body": own, "_from": {"id": row["id"]}}
    kept = {name: row[name] for name in ("subject", "ref", "person", "reason", "ground", "decided_at")}
    return {**kept, "kind": SET_ASIDE, "body": body}


def _marked(row: Row) -> Row:
    """Return the row as this copy keeps it, with its first copy's hash and instant beside what was decided."""
    body = dict(row["body"])
    body.setdefault("_from", {name: row.get(name) for name in ("hash", "recorded_at")})
    return {**{name: row[name] for name in (*_CONTENT, "ground")}, "body": body, **_own_id(row)}


def _own_id(row: Row) -> Row:
    return {"id": row["id"]} if "id" in row else {}


def _was_altered(row: Row) -> bool:
    """Tell whether the row has the hash of another content; a line written by another tool has none."""
    if not all(name in row for name in ("hash", "prior", "recorded_at")):
        return False
    return bool(chain.hash_of(row | {name: chain.canonical(row[name]) for name in ("body", "ground")}) != row["hash"])


def _same_id(ours: Row, row: Row) -> Conflict:
    return Conflict("same id", row["ref"], (ours["id"], row["id"]), (ours["person"], row["person"]))


def _incidents_waiting(connection: Connection, taken: Iterable[Row]) -> list[str]:
    """Return the decisions on incidents of which a claim is not here."""
    named = {row["id"]: _named_claims(row) for row in taken if row["subject"] == "incident"}
    here: set[str] = set()
    for some in in_parts(id for ids in named.values() for id in ids):
        here.update(connection.execute(select(claim.c.id).where(claim.c.id.in_(some)).distinct()).scalars())
    return [id for id, claims in named.items() if not here.issuperset(claims)]


def _named_claims(row: Row) -> set[str]:
    return {id for pair in json.loads(row["body"]).get("claims", ()) for id in pair}


def _apply(writing: Writing, refs: Sequence[str], taken: set[str], found: Imported) -> None:
    """Write what the claims are by the decisions that came, and list what waits and where persons differ."""
    for some in in_parts(refs):
        decisions = decisions_of(writing.connection, "claim", some)
        _put_added(writing, decisions)
        bases = bases_of(writing.connection, some)
        for ref, made in decisions.items():
            _note_dispute(made, writing.at, taken, found)
            sent = send_to_second_review(writing, made)
            if ref in bases:
                put_effective(writing, bases[ref], [*made, *sent], put_claims)
            else:
                found.waiting += [each.id for each in made if each.id in taken]


def _put_added(writing: Writing, decisions: Mapping[str, list[Decision]]) -> None:
    bases = bases_of(writing.connection, decisions)
    for ref, made in decisions.items():
        added = [each for each in live(made) if each.kind == "add"]
        if ref not in bases and added:
            put_claims(writing, added_state(writing.connection, added[-1]))


def _note_dispute(decisions: Sequence[Decision], at: int, taken: set[str], found: Imported) -> None:
    dispute = state_after(decisions, at).dispute
    if dispute and not taken.isdisjoint(made.id for made in dispute[:2]):
        one, other, fields = dispute
        found.conflicts.append(
            Conflict("two reviewers", one.ref, (one.id, other.id), (one.person, other.person), fields)
        )
