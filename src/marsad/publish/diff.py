"""What a re-reading changed, for people: how many claims of each type, some of each, and what became of decisions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marsad.publish.cells import cell, cut, isolate, one_line, width_of
from marsad.publish.table import WIDTH, short_date

_KINDS = ("gained", "lost", "altered")
_TYPE, _COUNT, _KIND, _VALUE = 24, 9, 9, 38
Row = Mapping[str, Any]


def diff_lines(summary: Row, samples: Iterable[Row]) -> Iterator[str]:
    """Yield the counts by type, then the samples, then what became of the decisions.

    A sample has kind, type, claim, report, date, place, evidence and `fields`: for each that changed field, before
    and now.
    """
    yield from _count_lines(summary)
    for sample in sorted(samples, key=lambda row: (_KINDS.index(row["kind"]), row["type"])):
        yield ""
        yield from _sample_lines(sample)
    if any(summary[kind] for kind in _KINDS):
        yield ""
    yield from _closing_lines(summary)


def _count_lines(summary: Row) -> Iterator[str]:
    types = sorted({type for kind in _KINDS for type in summary[kind]})
    if not types:
        return
    yield "TYPE".ljust(_TYPE) + "".join(kind.upper().rjust(_COUNT) for kind in _KINDS) + "  FIELDS"
    for type in types:
        fields = sorted(summary["fields"].get(type, {}).items(), key=lambda field: (-field[1], field[0]))
        counts = "".join(f"{summary[kind].get(type, 0):,}".rjust(_COUNT) for kind in _KINDS)
        named = cut(", ".join(f"{name} {count:,}" for name, count in fields), WIDTH - _TYPE - 3 * _COUNT - 2)
        yield f"{cell(type, _TYPE)}{counts}  {named}".rstrip()


def _sample_lines(sample: Row) -> Iterator[str]:
    place = isolate(cut(one_line(sample["place"] or ""), 30))
    head = (sample["kind"].ljust(_KIND), sample["type"], short_date(sample["date"]), place, sample["claim"])
    yield "  ".join(part for part in head if part)
    yield " " * (_KIND + 2) + isolate(f"«{cut(one_line(sample['evidence']), WIDTH - _KIND - 4)}»")
    yield from (" " * (_KIND + 2) + line for line in field_lines(sample["fields"]))


def field_lines(fields: Iterable[Row]) -> Iterator[str]:
    """Yield for each field that changed a line with what it said and what it says."""
    for field in fields:
        before, now = (one_line(words_of(field["field"], field[side])) for side in ("before", "now"))
        if before == now:
            yield f"{field['field']}: {isolate(cut(now, 2 * _VALUE))}, at other characters"
        else:
            yield f"{field['field']}: {_short(before)} → {_short(now)}"


def _short(words: str) -> str:
    return isolate(words if width_of(words) <= _VALUE else cut(words, _VALUE))


def words_of(field: str, value: Any) -> str:
    """Return what a field of a claim says, in words for people."""
    if value is None or value in ({}, [], ""):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {count}" for key, count in value.items())
    if isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value):
        return "، ".join(_named(item) for item in value)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return " < ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _named(item: Row) -> str:
    """Return a party with its id, a place with its standard name and role, a site with its kind."""
    if "role" in item:
        return f"{item['text']} = {item['name']} ({item['role']})"
    besides = item.get("id") or item.get("kind")
    return f"{item['text']} [{besides}]" if besides else str(item["text"])


def _closing_lines(summary: Row) -> Iterator[str]:
    totals = ", ".join(f"{sum(summary[kind].values()):,} {kind}" for kind in _KINDS)
    would = "would be read again" if summary["dry_run"] else "read again"
    yield f"{_many(summary['reports'], 'report')} {would} by {summary['reader']}; claims: {totals}"
    if summary["kept"]:
        stay = "stays" if summary["kept"] == 1 else "stay"
        yield f"{_many(summary['kept'], 'lost claim')} {stay}, because a reviewer vouches for what it says"
    made = summary["decisions"]
    if any(made.values()):
        stand = "stands" if made["stand"] == 1 else "stand"
        yield f"of {_many(sum(made.values()), 'decision')}, {made['stand']:,} {stand}" + _moved(made)


def _moved(made: Row) -> str:
    parts = [f"the ground of {made['moved']:,} moved"] if made["moved"] else []
    parts += [f"{made['unsettled']:,} had lost it before"] if made["unsettled"] else []
    return "".join(f", {part}" for part in parts) + ("; `marsad review` lists their claims first" if parts else "")


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
