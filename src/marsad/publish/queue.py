"""A reviewer's desk for people: the claims that wait, and how one claim came to be what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from marsad.publish.cells import around, cell, cut, isolate, isolate_runs, one_line
from marsad.publish.diff import field_lines, words_of
from marsad.publish.table import WIDTH, short_date

Row = Mapping[str, Any]
_FIELDS = ("type", "status", "trigger", "evidence", "actors", "targets", "places", "sites", "date", "numbers",
           "sources", "quoted")  # fmt: skip
_COLUMNS = (("SCORE", 7), ("ID", 16), ("STAGE", 13), ("TYPE", 24), ("DATE", 11), ("PLACE", 22))
_INDENT = " " * 8
_BY = {"reader": "read", "review": "as decided", "person": "added by hand"}


def queue_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield for each claim that waits what it is, its words, and why it should be looked at."""
    rows = list(rows)
    if not rows:
        return
    yield " ".join(cell(name, width) for name, width in _COLUMNS).rstrip()
    for row in rows:
        place = row["places"][0]["name"] if row["places"] else ""
        cells = (f"{row['score']:.2f}", row["id"], row["stage"], row["type"], short_date(row["date"]), place)
        yield " ".join(cell(str(text), width) for text, (_, width) in zip(cells, _COLUMNS, strict=True)).rstrip()
        yield _INDENT + isolate(f"«{_evidence(row)}»")
        for line in wrap(one_line("; ".join(row["reasons"])), WIDTH - len(_INDENT)):
            yield _INDENT + isolate_runs(line)


def _evidence(row: Row) -> str:
    start, end = (at - row["span"][0] for at in row["trigger_span"])
    evidence = row["evidence"]
    # A trigger that was put right by hand may stand elsewhere in the text.
    fits = 0 <= start < end <= len(evidence)
    return around(evidence, start if fits else 0, end if fits else 0, WIDTH - len(_INDENT) - 2)


def history_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the states of a claim and the decisions on it in the order of time, each with what it changed."""
    before: Row | None = None
    for row in sorted(rows, key=_when):
        if row["kind"] == "state":
            yield _state_line(row)
            yield from (_INDENT + line for line in (_changes(before, row) if before else _fields(row)))
            before = row
        else:
            yield from _decision_lines(row)


def _when(row: Row) -> tuple[str, bool]:
    """Return the time of a row; what a claim is by a decision comes after it."""
    is_state = row["kind"] == "state"
    return str(row["recorded"] if is_state else row["at"]), is_state


def _state_line(row: Row) -> str:
    how = "gone" if row["gone"] else _BY.get(row["by"], row["by"])
    by = f" by {row['reader']}" if row["by"] == "reader" and not row["gone"] else ""
    return f"{_time(row['recorded'])}  {how}{by}" + (f", {row['verdict']}" if row["verdict"] else "")


def _changes(before: Row, row: Row) -> Iterator[str]:
    changed = [name for name in _FIELDS if before[name] != row[name]]
    return field_lines({"field": name, "before": before[name], "now": row[name]} for name in changed)


def _fields(row: Row) -> Iterator[str]:
    """Yield all that a claim says."""
    for name in _FIELDS:
        if row[name] not in (None, [], {}, False):
            yield _field_line(name, row[name])


def _field_line(name: str, value: Any) -> str:
    return f"{name}: {isolate(cut(one_line(words_of(name, value)), 80))}"


def _decision_lines(row: Row) -> Iterator[str]:
    reason = f": {one_line(row['reason'])}" if row["reason"] else ""
    yield f"{_time(row['at'])}  {row['said']} by {isolate(one_line(row['person']))} ({row['id']}){isolate_runs(reason)}"
    for name, value in row["body"].get("fields", {}).items():
        if row["said"] == "correct":
            yield _INDENT + _field_line(name, value)


def _time(written: str) -> str:
    return written[:19].replace("T", " ")
