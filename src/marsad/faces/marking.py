"""`marsad mark` and `marks`: what is sensitive, who said so and why."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marsad.errors import UsageError
from marsad.faces.deciding import add_person, deciding, print_all, writing_on
from marsad.faces.opening import add_record_options, known_by_of, opened, person_of, viewer_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from marsad.record.sensitive import Mark

_KINDS = ("source", "person", "place", "report", "claim")
_RULES = ("pseudonym", "blur", "embargo", "group", "open")
_ABOUT = (
    "Mark what may not be shown: a source or a person becomes a pseudonym, a place is blurred to its sub-district, a "
    "report or claim is held back until a day, and what a source tells can be a group's alone. `open` lifts what was "
    "marked. Nothing of the record is changed by it."
)
# Candidates for a name that are listed; more than these are no help.
_SHOWN = 8


def add_commands(commands: Any) -> None:
    """Add `mark` and `marks` to the commands."""
    mark = commands.add_parser("mark", help="mark what is sensitive", description=_ABOUT)
    mark.add_argument("kind", choices=_KINDS, help="what is marked")
    mark.add_argument("key", metavar="KEY", help="its name in any spelling, or its id")
    mark.add_argument("rule", choices=_RULES, nargs="?", help="what is done with it")
    mark.add_argument("--group", metavar="NAME", help="the group that alone may see what a source tells")
    mark.add_argument("--until", metavar="DAY", help="the first day on which an embargo is over (YYYY-MM-DD)")
    mark.add_argument("--reason", default="", metavar="WORDS", help="why; needed, and kept with the mark")
    add_person(mark)
    add_record_options(mark)
    mark.set_defaults(run=_mark)
    marks = commands.add_parser("marks", help="list what is marked as sensitive (for reviewers)")
    marks.add_argument("--as", dest="form", choices=("table", "jsonl"), default="table", help="how to show it (table)")
    add_record_options(marks)
    marks.set_defaults(run=_marks)


def _mark(asked: argparse.Namespace) -> int:
    from marsad.record.sensitive import mark

    person, rule = person_of(asked), _rule_of(asked)
    with deciding(asked) as record, writing_on(record, f"mark {asked.kind}") as writing:
        key = _key_of(writing.connection, asked.kind, asked.key)
        mark(writing, asked.kind, key, rule, asked.until, person, asked.reason)
    print(json.dumps({"kind": asked.kind, "key": key, "rule": rule, "until": asked.until}, ensure_ascii=False))
    return 0


def _rule_of(asked: argparse.Namespace) -> str:
    """Return the rule that is meant; raise UsageError for none, and for a group where it is none's."""
    from marsad.record.sensitive import GROUP

    if asked.group is not None and asked.rule in (None, "group"):
        return f"{GROUP}{asked.group}"
    if asked.group is not None or asked.rule in (None, "group"):
        raise UsageError(f"say what is done: {', '.join(rule for rule in _RULES if rule != 'group')}, or --group NAME")
    return str(asked.rule)


def _key_of(connection: Connection, kind: str, key: str) -> str:
    """Return the id of a place or a claim that is named otherwise, and all else as it is written."""
    from marsad.record.finding import find_id

    if kind == "claim":
        return find_id(connection, key, "claim")[1]
    return _place_id(connection, key) if kind == "place" else key


def _place_id(connection: Connection, key: str) -> str:
    from marsad.grounding import gazetteer
    from marsad.record.finding import knows_place

    if key in gazetteer.all_places().rows or knows_place(connection, key):
        return key
    found = gazetteer.find(key)
    if not found:
        raise UsageError(f"no place is known by the name {key!r}; `marsad gazetteer find` looks places up")
    if len(found) > 1:
        named = "; ".join(f"{row.id} ({row.name}, {_area(row.admin1)}{row.country})" for row in found[:_SHOWN])
        more = f"; `marsad gazetteer find {key}` lists the others" if len(found) > _SHOWN else ""
        raise UsageError(f"{key!r} is the name of {len(found)} places; mark one by its id: {named}{more}")
    return found[0].id


def _area(admin1: str) -> str:
    from marsad.grounding.gazetteer import all_places

    area = all_places().rows.get(admin1)
    name = area.name if area else admin1
    return f"{name}, " if name else ""


def _marks(asked: argparse.Namespace) -> int:
    from marsad.record.sensitive import marks

    viewer, known_by = viewer_of(asked), known_by_of(asked)
    if not viewer.sees_all:
        raise UsageError("marks tell what they hide; look as a reviewer: --role reviewer")
    with opened(asked) as record, record.asking() as connection:
        found = marks(connection, known_by)
    print_all(map(_json_line, found) if asked.form == "jsonl" else _lines(found))
    return 0


def _json_line(mark: Mark) -> str:
    from marsad.record.asof import moment_of

    row = mark._asdict()
    row["recorded"] = moment_of(row.pop("recorded_at")).isoformat()
    return json.dumps(row, ensure_ascii=False)


def _lines(marks: list[Mark]) -> Iterator[str]:
    from marsad.publish.cells import cell, isolate, one_line
    from marsad.record.asof import moment_of

    for mark in marks:
        day = moment_of(mark.recorded_at).date().isoformat()
        rule = f"{mark.rule} until {mark.until}" if mark.until else mark.rule
        why = f"{isolate(one_line(mark.person))}: {isolate(one_line(mark.reason))}"
        yield f"{mark.kind:<7} {cell(mark.key, 30)} {rule:<26} {day}  {why}"
