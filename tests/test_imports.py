"""Imports point down and never sideways; a broken rule is said as a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "marsad"
# The lowest floor first; rooms of one floor do not know each other.
FLOORS = (
    ("model", "errors"),
    ("text",),
    ("loading",),
    ("intake", "reading", "grounding", "record", "control", "publish", "scoring"),
    ("reading_result",),
    ("composing",),
    ("pipeline",),
    (
        "frame",
        "adding",
        "rereading",
        "polling",
        "holding",
        "starting",
        "questions",
        "judging",
        "parting",
        "itemizing",
    ),
    ("charting",),
    ("digesting", "exhibit", "exporting"),
    ("observatory", "desk"),
    ("faces",),
    ("door",),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
WHY = {
    "model": "the nouns of the field import nothing of ours",
    "text": "script knows no meaning",
    "loading": "packs are data, whoever reads them",
    "intake": "it knows outlets and markup, not Arabic and not war",
    "reading": "a reader does not know where a place lies nor how a claim will look",
    "grounding": "it is handed mentions, it does not read",
    "record": "it keeps what it is handed and does not know where that comes from nor how it will look",
    "control": "it is a pure function: it keeps nothing, draws nothing and knows no gazetteer",
    "publish": "it is handed rows, it does not make them",
    "scoring": "it compares codings, whoever made them",
}
NO_ROOM = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "data2", "core", "base"}


def modules() -> Iterator[Path]:
    yield from sorted(SRC.rglob("*.py"))


def room_of(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return "door" if parts == ("__init__",) else parts[0]


def imported_rooms(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every room that a module names in an import, wherever in the file, and the line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            names = [".relative"]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{a.name}" for a in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "marsad" and len(parts) > 1:
                yield parts[1], node.lineno
            elif name == ".relative":
                yield name, node.lineno


def broken_sentences() -> Iterator[str]:
    for path in modules():
        room = room_of(path)
        for other, line in imported_rooms(path):
            where = f"{path.relative_to(SRC.parent)}:{line}"
            if other == ".relative":
                yield f"{where}: name the module in full: a relative import hides the room"
            elif room == "packs":
                yield f"{where}: packs holds data and may import nothing of ours"
            elif other != room and other in FLOOR_OF and FLOOR_OF[other] >= FLOOR_OF.get(room, -1):
                yield f"{where}: {room} may not import {other}: {WHY.get(room, 'imports point down')}"


def test_imports_point_down_and_never_sideways():
    broken = list(broken_sentences())
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize("path", list(modules()), ids=lambda p: str(p.relative_to(SRC)))
def test_every_module_has_a_floor_and_a_name_of_the_field(path):
    room = room_of(path)
    assert room in FLOOR_OF or room == "packs", f"{room} has no floor: say in FLOORS what may import it"
    assert path.stem not in NO_ROOM, f"{path.stem} is a line that has not found its room"


def test_packs_hold_no_python_but_their_marker():
    assert [p.name for p in (SRC / "packs").rglob("*.py")] == ["__init__.py"]
