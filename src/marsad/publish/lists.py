"""Lists of a record for people: reports, claims, incidents, one incident, hits; right-to-left safe in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from marsad.publish.cells import cell, cut, isolate, one_line
from marsad.publish.table import WIDTH, short_date

Row = Mapping[str, Any]
# What a contradiction is about, as a person would say it.
_DISPUTES = {
    "denied": "whether it happened", "count": "how many", "who": "who did it", "when": "when",
    "what": "what it was", "how": "how it came about",
}  # fmt: skip


def report_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield one line a report: id, day, outlet, claims, title."""
    yield from _head(("ID", 24), ("PUBLISHED", 11), ("CLAIMS", 7), ("OUTLET", 24), ("TITLE", 30))
    for row in rows:
        title = cut(one_line(row["title"] or ""), 30)
        marks = "".join([" (copy)" if row["copy_of"] else "", " (lead)" if row["lead"] else "",
                         f" (version {row['version']})" if row["version"] > 1 else ""])  # fmt: skip
        cells = (f"{one_line(row['id']):24}", cell(row["published"] or "no date", 11), cell(str(row["claims"]), 7),
                 cell(one_line(row["outlet"] or ""), 24), isolate(title))  # fmt: skip
        yield (" ".join(cells) + marks).rstrip()


def claim_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield two lines a claim: what, when, where, who; then its words and who says so."""
    yield from _head(("ID", 16), ("DAY", 11), ("TYPE", 22), ("PLACE", 22), ("WHO → WHOM", 26))
    for row in rows:
        who, whom = _names(row["actors"]), _names(row["targets"])
        cells = (cell(row["id"], 16), cell(short_date(row["date"]), 11), cell(_kind(row), 22),
                 cell(_place(row), 22), cell(f"{who} → {whom}" if whom else who, 26))  # fmt: skip
        yield " ".join(cells).rstrip()
        said = cut(one_line(" < ".join(row["sources"]) or row["outlet"] or ""), 36)
        verdict = f"  [{row['verdict']}]" if row["verdict"] else ""
        words = isolate(f"«{cut(one_line(row['evidence']), 42)}»")
        yield f"{'':17}{words}  {isolate('— ' + said)}{verdict}".rstrip()


def incident_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield two or three lines an incident: what, when, where; who says so; what they disagree on."""
    yield from _head(("ID", 13), ("DAY", 11), ("TYPE", 22), ("PLACE", 24), ("WHO → WHOM", 26))
    for row in rows:
        yield from _incident_line(row)
        counts = "; ".join(f"{key} {_range(count)}" for key, count in row["numbers"].items())
        told = f"{len(row['claims'])} claims, {row['independent_sources']} independent: " + "، ".join(row["sources"])
        yield f"{'':14}{isolate(cut(one_line(told), 60))}{'  ' + counts if counts else ''}"
        for dispute in row["contradictions"]:
            yield f"{'':14}! {_dispute(dispute)}"


def _incident_line(row: Row) -> Iterator[str]:
    who, whom = _names(row["actors"]), _names(row["targets"])
    cells = (cell(row["id"], 13), cell(short_date(row["date"]), 11), cell(_kind(row), 22),
             cell(_place(row), 24), cell(f"{who} → {whom}" if whom else who, 26))  # fmt: skip
    yield " ".join(cells).rstrip()


def incident_page(row: Row, why: bool = False) -> Iterator[str]:
    """Yield an incident whole: its best statement, its ranges by source, its contradictions, its claims by voice."""
    yield from _incident_line(row)
    counts = f"{len(row['reports'])} reports, {row['independent_sources']} independent sources"
    yield f"certainty {row['certainty']:.2f}; {counts}"
    for key, count in row["numbers"].items():
        by = "; ".join(f"{said['value']} {isolate('— ' + said['source'])}" for said in count["by"])
        yield f"{key}: {_range(count)}  ({by})"
    for dispute in row["contradictions"]:
        yield f"! {_dispute(dispute)}"
    told = {claim["id"]: claim for claim in row["told"]}
    for voice in row["voices"]:
        yield ""
        yield isolate(one_line(voice["name"]))
        for id in voice["claims"]:
            if id in told:
                yield from _told_lines(told[id], row["why"].get(id) if why else None)
            else:
                yield f"  {id}  is claimed no more; the next fusion takes it out"


def _told_lines(claim: Row, why: Row | None) -> Iterator[str]:
    day = f"published {claim['published']}" if claim["published"] else "no date"
    yield f"  {claim['id']}  {_kind(claim)}  {short_date(claim['date'])}  in {claim['report']} ({day})"
    yield "    " + isolate(f"«{cut(one_line(claim['evidence']), 90)}»")
    if why is not None:
        yield f"    in it by {why['by']}: " + "; ".join(why["reasons"])


def hit_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield two lines a hit: what it is, and the excerpt with the words marked."""
    for row in rows:
        day = row.get("date") or row["published"] or "no date"
        what = row["type"] if row["kind"] == "claim" else one_line(row["title"] or "")
        yield f"{row['kind']:7}{cell(row['id'], 18)} {day:23} {isolate(cut(what, 48))}"
        yield "       " + isolate(one_line(row["excerpt"]))


def _head(*columns: tuple[str, int]) -> Iterator[str]:
    yield " ".join(f"{name:{width}}" for name, width in columns).rstrip()
    yield "─" * WIDTH


def _kind(row: Row) -> str:
    return row["type"] if row["status"] == "happened" else f"{row['type']} ({row['status'].replace('_', ' ')})"


def _place(row: Row) -> str:
    return row["places"][0]["name"] if row["places"] else "no place"


def _names(parties: Sequence[Row]) -> str:
    return "، ".join(p["text"] for p in parties[:3])


def _range(count: Row) -> str:
    low, high = count["low"], count["high"]
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"


def _dispute(dispute: Row) -> str:
    """Return a contradiction in words: what it is about, and who says what."""
    sides = (f"{value['value']} {isolate('— ' + '، '.join(value['sources']))}" for value in dispute["values"])
    return f"{_DISPUTES.get(dispute['kind'], dispute['kind'])}: " + " / ".join(sides)
