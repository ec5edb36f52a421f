"""Who holds what, for people: a line a place, a timeline, what changed hands; right-to-left safe in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marsad.publish.cells import around, cell, cut, isolate, one_line
from marsad.publish.table import WIDTH

Row = Mapping[str, Any]


def holding_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield one line a place, under its governorate: status, holder, since when, how sure, on what it rests."""
    columns = (("PLACE", 36), ("STATUS", 10), ("HOLDER", 20), ("SINCE", 11), ("SURE", 5), ("BASIS", 9))
    yield " ".join(f"{name:{width}}" for name, width in columns).rstrip()
    yield "─" * WIDTH
    area: str | None = ""
    for row in rows:
        if row["admin1"] != area:
            area = row["admin1"]
            yield isolate(one_line(area or "In no governorate"))
        name = f"{row['name']} · {isolate(row['name_ar'])}" if row["name_ar"] else row["name"]
        cells = ("  " + cell(name, 34), cell(row["status"], 10), cell(_holder(row), 20), f"{row['since'] or '':11}",
                 f"{row['confidence']:<5.2f}", cell(_basis(row), 12))  # fmt: skip
        yield " ".join(cells).rstrip()
        if row["share"]:
            yield "    " + _share(row["share"])


def _holder(row: Row) -> str:
    first, *others = row["sides"] or ["—"]
    if row["status"] == "held":
        return " < ".join(row["holders"][:2])
    return " / ".join([first, *others]) if row["status"] == "contested" else " ⊂ ".join([first, *others])


def _basis(row: Row) -> str:
    return row["basis"] if row["basis"] == "asserted" else f"{row['basis']}, {row['age_days']} d"


def _share(share: Row) -> str:
    counted = "" if share["counted"] is None else f"of {share['places']} places with evidence {share['counted']:.0%}"
    claimed = "" if share["claimed"] is None else f"reports say {share['claimed']:.0%}"
    return ("! they differ: " if share["differ"] else "share: ") + ", ".join(filter(None, (claimed, counted)))


def change_lines(rows: Iterable[Row], told: Mapping[str, Row]) -> Iterator[str]:
    """Yield what changed hands, by day: the place, from whom to whom, and the words of one claim that says so."""
    day = ""
    for row in rows:
        if row["day"] != day:
            day = row["day"]
            yield day
        name = f"{row['name']} · {isolate(row['name_ar'])}" if row["name_ar"] else row["name"]
        yield f"  {cell(name, 40)} {_passage(row)}"
        yield from _words(row, told)


def _passage(row: Row) -> str:
    before = row["holder_before"] or {"unknown": "?"}.get(row["status_before"], row["status_before"])
    return f"{before} → {row['holder'] or row['status']}  (sure {row['confidence']:.2f}, {_sources(row['sources'])})"


def _sources(count: int) -> str:
    return f"{count} source" + ("" if count == 1 else "s")


def _words(row: Row, told: Mapping[str, Row]) -> Iterator[str]:
    claims = [told[id] for id in row["evidence"] if id in told]
    if claims:
        claim = max(claims, key=lambda c: (c["certainty"], c["id"]))
        said = cut(one_line(" < ".join(claim["sources"]) or claim["outlet"] or ""), 30)
        start, end = (at - claim["span"][0] for at in claim["trigger_span"])
        words = around(claim["evidence"], start, end, 46)
        yield f"    {claim['id']} {isolate('«' + words + '»')} {isolate('— ' + said)}"


def history_lines(rows: Iterable[Row], told: Mapping[str, Row]) -> Iterator[str]:
    """Yield the timeline of a place: each state, since when, and the words of one claim that made it so."""
    for row in rows:
        sure = f"sure {row['confidence']:.2f}, {_sources(row['sources'])}"
        yield f"{row['day']}  {row['status']:10} {_holder(row):28} {sure}"
        yield from _words(row, told)
