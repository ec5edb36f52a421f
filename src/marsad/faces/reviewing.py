"""`marsad review` and `history`: what waits for a reviewer, what a person decides, and what came of it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.errors import UsageError
from marsad.faces import exchanging
from marsad.faces.deciding import (
    add_action,
    add_person,
    deciding,
    do_each,
    exit_code,
    fuse_after,
    print_all,
    whole_number,
    writing_on,
)
from marsad.faces.opening import add_record_options, person_of, print_lines, viewed

if TYPE_CHECKING:
    from marsad.record.store import Record, Writing

_ABOUT = (
    "Without an action: list the claims that wait for a reviewer, those that matter most first. The start of an id is "
    "enough. Each decision is kept with person, time and reason; none is ever removed, `undo` is a decision too."
)
_JUDGEMENTS = {
    "accept": "the claim is what the text says",
    "reject": "the text says no such thing (with --reason)",
    "unsure": "somebody else should look",
}
_STEPS = {
    "take": "hold the claim, so that nobody else decides on it",
    "release": "let go of the claim",
    "pass": "send the claim to its next stage",
}
# These stand in a text letter by letter: 2018 is no number there.
_TEXTS = frozenset({"type", "trigger", "evidence", "status"})


def add_commands(commands: Any) -> None:
    """Add `review` and `history` to the commands."""
    review = commands.add_parser("review", help="list what waits for a reviewer, and decide on it", description=_ABOUT)
    review.add_argument("--limit", type=whole_number, default=20, metavar="N", help="at most so many claims (20)")
    review.add_argument(
        "--as", dest="form", choices=("table", "jsonl"), default="table", help="how to show them (table)"
    )
    add_person(review)
    add_record_options(review)
    review.set_defaults(run=_queue)
    actions = review.add_subparsers(metavar="ACTION")
    _add_judgements(actions)
    _add_links(actions)
    exchanging.add_actions(actions)
    _add_history(commands)


def _add_judgements(actions: Any) -> None:
    for name, help in (_JUDGEMENTS | _STEPS).items():
        add_action(actions, name, _decide, help).add_argument("claims", nargs="+", metavar="CLAIM")
    correct = add_action(actions, "correct", _decide, "say what fields of the claim should be")
    correct.add_argument("claims", nargs="+", metavar="CLAIM")
    how = "what a field should be, in JSON if it can be: date=2018-07-06, numbers='{\"killed\": 3}'; may be repeated"
    correct.add_argument("--set", dest="fields", action="append", metavar="FIELD=VALUE", required=True, help=how)
    undo = add_action(actions, "undo", _undo, "take a decision out again: the last one on a claim, or the one named")
    undo.add_argument("ids", nargs="+", metavar="CLAIM|DECISION")
    undo.add_argument("--of", metavar="DECISION", help="the decision on that claim to take out, where not the last")
    add = add_action(actions, "add", _add, "add a claim that the reader missed")
    add.add_argument("report", metavar="REPORT", help="the id of the report that says it")
    add.add_argument(
        "file", metavar="FILE", help="the claim in JSON, as `marsad read --as jsonl` writes it; - for stdin"
    )


def _add_links(actions: Any) -> None:
    for name, help in {"same": "two incidents are one", "not-same": "two incidents are two"}.items():
        add_action(actions, name, _link, help).add_argument(
            "refs", nargs=2, metavar="INCIDENT", help="or one of its claims"
        )
    different = add_action(actions, "different", _link, "the claim does not belong to its incident")
    different.add_argument("refs", nargs=1, metavar="CLAIM")


def _add_history(commands: Any) -> None:
    about = "Show every state that a claim has had and every decision on it, the first one first."
    history = commands.add_parser("history", help="show how a claim came to be what it is", description=about)
    history.add_argument("claim", metavar="CLAIM", help="its id, or the start of it")
    history.add_argument(
        "--as", dest="form", choices=("table", "jsonl"), default="table", help="how to show it (table)"
    )
    add_record_options(history)
    history.set_defaults(run=_history)


def _queue(asked: argparse.Namespace) -> int:
    from marsad.judging import is_at_stake
    from marsad.publish.queue import queue_lines

    with viewed(asked) as view:
        person = person_of(asked, "") or None
        rows = view.queue(is_at_stake, asked.limit, person)
        if asked.form == "jsonl":
            count = print_lines(rows)
        else:
            waiting = list(rows)
            count = len(waiting)
            print_all(queue_lines(waiting))
    if not count:
        print("marsad: no claim waits for a reviewer", file=sys.stderr)
    return 0


def _history(asked: argparse.Namespace) -> int:
    from marsad.publish.queue import history_lines
    from marsad.record.finding import find_id

    with viewed(asked) as view:
        with view.record.asking() as connection:
            _, id = find_id(connection, asked.claim, "claim")
        rows = list(view.history(id))
    if not rows:
        raise UsageError(f"there is no claim {asked.claim!r} that may be shown; `marsad claims` lists them")
    if asked.form == "jsonl":
        print_lines(rows)
    else:
        print_all(history_lines(rows))
    return 0


def _decide(asked: argparse.Namespace) -> int:
    person, fields = person_of(asked), _fields_of(getattr(asked, "fields", None))
    with deciding(asked) as record:
        done = do_each(asked.claims, lambda ref: _decide_one(record, asked, ref, person, fields))
        if done and asked.action not in _STEPS:
            fuse_after(record)
    return exit_code(done, len(asked.claims))


def _decide_one(
    record: Record, asked: argparse.Namespace, ref: str, person: str, fields: dict[str, Any] | None
) -> None:  # fmt: skip
    from marsad.judging import guide
    from marsad.record.deciding import decide_claim
    from marsad.record.finding import find_id
    from marsad.record.stages import pass_on, release, take

    with writing_on(record, f"review {asked.action}") as writing:
        _, claim = find_id(writing.connection, ref, "claim")
        if asked.action in _STEPS:
            step = {"take": take, "release": release, "pass": pass_on}[asked.action]
            step(writing, claim, person, asked.reason)
            row = _last_step(writing, claim, asked.action)
        else:
            made = decide_claim(writing, claim, asked.action, person, asked.reason, fields, guide=guide())
            row = _row_of(writing, made)
    print_lines([row])


def _row_of(writing: Writing, made: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a decision on a claim: which it is, and what the claim is by it."""
    from marsad.record.bases import shown_of
    from marsad.record.stages import state_of

    claim = made["ref"]
    shown = shown_of(writing.connection, [claim]).get(claim)
    stage = state_of(writing.connection, claim, writing.at).name
    return {"id": made["id"], "kind": made["kind"], "claim": claim, "verdict": shown.verdict if shown else "",
            "stage": stage}  # fmt: skip


def _last_step(writing: Writing, claim: str, kind: str) -> dict[str, Any]:
    from marsad.record.decisions import decisions_of

    made = [each for each in decisions_of(writing.connection, "claim", [claim])[claim] if each.kind == kind]
    return _row_of(writing, {"id": made[-1].id, "kind": kind, "ref": claim})


def _fields_of(settings: Sequence[str] | None) -> dict[str, Any] | None:
    """Return the fields of a correction; raise UsageError for what is no FIELD=VALUE."""
    if settings is None:
        return None
    fields: dict[str, Any] = {}
    for setting in settings:
        name, sign, written = setting.partition("=")
        if not sign:
            raise UsageError(f"{setting!r} sets no field; write it as date=2018-07-06")
        if name in fields:
            raise UsageError(f"{name} is set twice; say once what it should be")
        fields[name] = _value_of(name, written)
    return fields


def _value_of(name: str, written: str) -> Any:
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        return written
    return written if name in _TEXTS and not isinstance(value, str) else value


def _undo(asked: argparse.Namespace) -> int:
    person = person_of(asked)
    told: list[dict[str, Any]] = []
    with deciding(asked) as record:
        done = do_each(asked.ids, lambda ref: told.append(_undo_one(record, asked, ref, person)))
        if done:
            fuse_after(record)
        for made in told:
            print_lines(_touched(record, made) if made["subject"] == "incident" else [made["row"]])
    return exit_code(done, len(asked.ids))


def _undo_one(record: Record, asked: argparse.Namespace, ref: str, person: str) -> dict[str, Any]:
    """Undo a decision, or the last one on a claim, and return the row of the undoing."""
    from marsad.judging import guide
    from marsad.record.deciding import decide_claim
    from marsad.record.decisions import UNDO
    from marsad.record.finding import find_id
    from marsad.record.linkage import decide_incidents

    with writing_on(record, "review undo") as writing:
        subject, claim, of = _undoable(writing, *find_id(writing.connection, ref, "claim", "decision"))
        if subject == "incident":
            return decide_incidents(writing, UNDO, [], person, asked.reason, of)
        if asked.of and of is None:
            _, of = find_id(writing.connection, asked.of, "decision")
        made = decide_claim(writing, claim, UNDO, person, asked.reason, guide=guide(), of=of)
        return made | {"row": _row_of(writing, made)}


def _undoable(writing: Writing, kind: str, id: str) -> tuple[str, str, str | None]:
    """Return what is to be undone: on a claim or on incidents, on which, and the decision where it is named."""
    from marsad.record.decisions import decision_with

    made = decision_with(writing.connection, id) if kind == "decision" else None
    return (made.subject, made.ref, id) if made else ("claim", id, None)


def _link(asked: argparse.Namespace) -> int:
    from marsad.record.finding import find_id
    from marsad.record.linkage import decide_incidents

    kinds = ("claim",) if asked.action == "different" else ("incident", "claim")
    person = person_of(asked)
    with deciding(asked) as record:
        with writing_on(record, f"review {asked.action}") as writing:
            refs = [find_id(writing.connection, ref, *kinds)[1] for ref in asked.refs]
            made = decide_incidents(writing, asked.action.replace("-", "_"), refs, person, asked.reason)
        fuse_after(record)
        print_lines(_touched(record, made))
    return 0


def _touched(record: Record, made: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the incidents that the claims of a decision tell now."""
    from marsad.record.decisions import UNDO, decision_with, in_parts
    from marsad.record.linkage import incidents_of, members_of

    with record.asking() as connection:
        last = decision_with(connection, made["id"])
        while last and last.kind == UNDO:
            last = decision_with(connection, str(last.body["of"]))
        claims = [id for pair in last.body["claims"] for id in pair] if last else []
        ids = {id for some in in_parts(claims) for id in incidents_of(connection, some).values()}
        return [{"decision": made["id"], "id": id, "claims": members_of(connection, id)} for id in sorted(ids)]


def _add(asked: argparse.Namespace) -> int:
    from marsad.judging import guide
    from marsad.record.deciding import add_claim

    person, bodies = person_of(asked), _claims_in(asked.file)

    def add(body: Any) -> None:
        with writing_on(record, "review add") as writing:
            made = add_claim(writing, asked.report, body, person, asked.reason, guide=guide())
            row = _row_of(writing, made)
        print_lines([row])

    with deciding(asked) as record:
        done = do_each(bodies, add)
        if done:
            fuse_after(record)
    return exit_code(done, len(bodies))


def _claims_in(file: str) -> list[Any]:
    """Return the claims of a file: one, or those of a report as `marsad read --as jsonl` writes it."""
    name = "standard input" if file == "-" else file
    try:
        found = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{name}: cannot be read ({error.strerror}); name a file with a claim in JSON") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{name}: is no JSON; write one claim as `marsad read --as jsonl` does") from None
    claims = found.get("claims", [found]) if isinstance(found, dict) else found
    if not isinstance(claims, list) or not claims or not all(isinstance(claim, dict) for claim in claims):
        raise UsageError(f"{name}: holds no claim; write one as `marsad read --as jsonl` does")
    return claims
