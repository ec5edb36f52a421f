"""What a person decides on a claim: accept, correct, reject, unsure, add what the reader missed, undo.

Each decision is a row of the chain with person, time, reason and the ground that it was made on; what the decisions
come to is then written as a state of the claim (`by` "review").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from marsad.errors import UsageError
from marsad.model import Span, claim_id
from marsad.record import chain
from marsad.record.bases import Base, bases_of, put_effective, shown_of, text_of
from marsad.record.coding import Guide, check_fields, located, words
from marsad.record.decisions import UNDO, Decision, decision_of, decision_with, decisions_of, live
from marsad.record.grounds import FIELDS, Body, digest_of, ground_of
from marsad.record.keeping import put_claims
from marsad.record.schema import report
from marsad.record.stages import FINAL, LOCK, check_lock, state_after
from marsad.record.store import Writing
from marsad.record.verdicts import corrections

ON_A_CLAIM = ("accept", "correct", "reject", "unsure", UNDO)


def decide_claim(
    writing: Writing, claim_id: str, kind: str, person: str, reason: str = "",
    fields: Mapping[str, Any] | None = None, *, guide: Guide, of: str | None = None, lock: int = LOCK,
) -> dict[str, Any]:  # fmt: skip
    """Write a person's decision on a claim and what the claim is by it; return the decision's row.

    `fields` are those of a correction, `of` is the decision that an undo takes out (the last that stands, if not
    given). Raise UsageError for what the coding guide does not allow, and where another person holds the claim.
    """
    if kind not in ON_A_CLAIM:
        raise UsageError(f"{kind!r} is no decision on a claim; there are {', '.join(ON_A_CLAIM)}")
    base = _base_of(writing.connection, claim_id)
    decisions = decisions_of(writing.connection, "claim", [claim_id]).get(claim_id, [])
    text, version = text_of(writing.connection, base.report_n)
    row = _row(base, version, kind, words(person, "person"), _reason(kind, reason))
    _check_stage(claim_id, kind, row["person"], decisions, writing.at, lock)
    row["body"] = _body_of(kind, base, decisions, fields, guide, text, of)
    return _keep(writing, base, decisions, row)


def _base_of(connection: Connection, claim_id: str) -> Base:
    base = bases_of(connection, [claim_id]).get(claim_id)
    if base is None:
        raise UsageError(f"there is no claim {claim_id!r}; `marsad review` lists those that wait")
    return base


def _reason(kind: str, reason: str) -> str:
    if kind == "reject" or reason:
        return words(reason, f"the reason to {kind}")
    return ""


def _row(base: Base, version: int, kind: str, person: str, reason: str) -> dict[str, Any]:
    ground = ground_of(base.report_id, version, base.body, base.gone)
    return {"subject": "claim", "ref": base.id, "kind": kind, "person": person, "reason": reason, "ground": ground}


def _check_stage(
    claim_id: str, kind: str, person: str, decisions: Sequence[Decision], at: int, lock: int
) -> None:  # fmt: skip
    state = state_after(decisions, at, lock)
    check_lock(claim_id, state, person)
    if state.name == FINAL and kind != UNDO:
        last = [made for made in live(decisions) if made.kind == "pass"][-1]
        raise UsageError(f"claim {claim_id} is final; undo its last pass, {last.id}, to decide on it again")


def _body_of(
    kind: str, base: Base, decisions: Sequence[Decision], fields: Mapping[str, Any] | None, guide: Guide, text: str,
    of: str | None,
) -> dict[str, Any]:  # fmt: skip
    if fields is not None and kind != "correct":
        raise UsageError(f"fields are for a correction; decide `correct`, or leave them out of `{kind}`")
    if kind == UNDO:
        return {"of": undoable(base.id, decisions, of)}
    over = corrections(base.body, decisions)
    body: dict[str, Any] = {"over": over} if over else {}
    if kind == "correct":
        seen = {**base.body, **over}
        given, spans = located(check_fields(fields or {}, guide), text, seen)
        body["fields"] = _changing(base.id, given, seen)
        body |= {"spans": spans} if spans else {}
    return body


def _changing(claim_id: str, given: Body, seen: Body) -> dict[str, Any]:
    """Return the fields that are given; raise UsageError where each says what stands there already."""
    if all(digest_of(name, value) == digest_of(name, seen.get(name)) for name, value in given.items()):
        raise UsageError(f"claim {claim_id} says that already ({', '.join(given)}); accept it instead")
    return dict(given)


def undoable(ref: str, decisions: Sequence[Decision], of: str | None) -> str:
    """Return the id of the decision to undo: the named one, or the last that stands; raise UsageError if none."""
    standing = [made for made in live(decisions) if made.kind != "reopen" and "because" not in made.body]
    if of is None:
        judged = [made.id for made in standing if made.kind not in ("take", "release")]
        if not judged:
            raise UsageError(f"{ref}: no decision stands on it; there is nothing to undo")
        return judged[-1]
    if of not in {made.id for made in standing} | _standing_undos(decisions):
        raise UsageError(f"{ref}: no decision {of!r} stands on it; `marsad audit {ref}` lists them")
    return of


def _standing_undos(decisions: Sequence[Decision]) -> set[str]:
    undos = [made for made in decisions if made.kind == UNDO]
    undone = set()
    for made in reversed(undos):
        if made.id not in undone:
            undone.add(str(made.body.get("of")))
    return {made.id for made in undos} - undone


def _keep(
    writing: Writing, base: Base, decisions: list[Decision], row: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    written = chain.append(writing, [row])
    decisions = [*decisions, *map(decision_of, written)]
    decisions += send_to_second_review(writing, decisions)
    put_effective(writing, base, decisions, put_claims)
    return written[0]


def send_to_second_review(writing: Writing, decisions: Sequence[Decision]) -> list[Decision]:
    """Write, and return, that the claim goes to second review where two persons' judgements of it differ.

    The row is the same in every copy of the record that knows both judgements.
    """
    dispute = state_after(decisions, writing.at).dispute
    if dispute is None:
        return []
    other, latest, fields = dispute
    row = chain.completed({
        "subject": "claim", "ref": latest.ref, "kind": "pass", "person": latest.person,
        "reason": f"two reviewers differ: {', '.join(fields)}",
        "body": {"to": "second review", "because": [other.id, latest.id]}, "decided_at": latest.decided_at + 1,
    })  # fmt: skip
    if decision_with(writing.connection, row["id"]):
        return []
    return [decision_of(written) for written in chain.append(writing, [row])]


def add_claim(
    writing: Writing, report_id: str, body: Mapping[str, Any], person: str, reason: str = "", *, guide: Guide
) -> dict[str, Any]:
    """Write a claim that the reader missed, and the decision to add it; return the decision's row.

    `body` has type, trigger, trigger_span, evidence, span and what else of the coding guide the person knows. Raise
    UsageError where the words do not stand at their spans, and where there is such a claim already.
    """
    row_n, text, version = _newest(writing.connection, report_id)
    coded = _coded(body, text, guide)
    id = claim_id(report_id, Span(*coded["trigger_span"]), coded["type"])
    known = shown_of(writing.connection, [id]).get(id)
    if known is not None and not known.gone:
        raise UsageError(f"claim {id} tells a {coded['type']} at these words already; correct it instead")
    coded = {**coded, "id": id}
    ground = {**ground_of(report_id, version, coded), "at": coded["span"]}
    row = {"subject": "claim", "ref": id, "kind": "add", "person": words(person, "person"), "ground": ground,
           "reason": _reason("add", reason),
           "body": {"claim": coded, "fields": {name: coded[name] for name in FIELDS}}}  # fmt: skip
    written = chain.append(writing, [row])[0]
    put_claims(writing, [{"id": id, "report_id": report_id, "report_n": row_n, "reading_n": None, "by": "person",
                   "gone": False, "verdict": "accepted", "body": coded}])  # fmt: skip
    return written


def _newest(connection: Connection, report_id: str) -> tuple[int, str, int]:
    newest = select(func.max(report.c.n)).where(report.c.id == report_id).scalar_subquery()
    row = connection.execute(select(report.c.n, report.c.text, report.c.version).where(report.c.n == newest)).first()
    if row is None:
        raise UsageError(f"there is no report {report_id!r}; `marsad add FILE` takes one in")
    return int(row.n), str(row.text), int(row.version)


def _coded(body: Mapping[str, Any], text: str, guide: Guide) -> dict[str, Any]:
    """Return the whole claim of what a person gave, every field checked and every name with its span."""
    missing = [name for name in ("type", "trigger", "trigger_span", "evidence", "span") if name not in body]
    if missing:
        raise UsageError(f"a claim that is added by hand needs {', '.join(missing)}")
    for said, at in (("trigger", "trigger_span"), ("evidence", "span")):
        _check_span(said, body[said], at, body[at], text)
    given = {name: body[name] for name in FIELDS if name in body}
    blank: dict[str, Any] = {"status": "happened", "date": None, "numbers": {}, "quoted": False}
    blank |= {name: [] for name in ("actors", "targets", "places", "sites", "sources")}
    spans = {"span": list(body["span"]), "trigger_span": list(body["trigger_span"])}
    fields, following = located(check_fields({**blank, **given}, guide), text, spans)
    # The person gave these; where the same words stand elsewhere, nearest is not meant.
    return {**fields, **following, **spans, "certainty": 1.0, "links": [], "reader": ""}


def _check_span(said: str, what: Any, at: str, span: Any, text: str) -> None:
    fits = isinstance(span, list | tuple) and len(span) == 2 and all(type(end) is int for end in span)
    if not fits or not 0 <= span[0] < span[1] <= len(text):
        raise UsageError(f"{at}: {span!r} is no range of characters of the report; write [start, end]")
    if text[span[0] : span[1]] != what:
        raise UsageError(f"{said}: at {span[0]}-{span[1]} the report says {text[span[0] : span[1]]!r}; copy its words")
