"""Incidents built by hand as exports are handed them, each with one claim that tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from weakref import WeakSet

from marsad.publish.outgoing import About, Outgoing

ABOUT = About(
    "a title", "CC-BY-4.0", "marsad test", "2018-08-01T00:00:00+00:00", {"role": "public"}, "by rules", ("c",)
)
# What trips those who write files: formulas, quotes, markup, control characters, half a pair, signs that turn.
ODD = (
    '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "<b>&amp;</b> \"so\" 'so'", "a; b", "nul \x00 bell \x07",
    "half \ud800 pair", "\u202eمقلوب\u202c \u2067معزول\u2069", "سطر\r\nثان", "دِمَشْق ـــ ۱۲۳", "🔴 عاجل", " ", "",
)  # fmt: skip


def party(id: str | None, text: str = "كلمات") -> dict[str, Any]:
    return {"id": id, "text": text, "claims": ["c1"]}


def parties(ids: str) -> list[dict[str, Any]]:
    return [party(None if id == "?" else id) for id in ids.split()]


def place(**fields: Any) -> dict[str, Any]:
    given = {
        "id": "C6034", "name": "Tafas", "admin1": "Daraa Governorate", "country": "SY", "lat": 32.7362, "lon": 36.0673,
        "radius_km": 3, "role": "at", "claims": ["c1"],
    }  # fmt: skip
    return {**given, **fields}


def number(*values: Any) -> dict[str, Any]:
    by = [{"value": value, "source": f"مصدر {n}", "claim": "c1"} for n, value in enumerate(values)]
    return {"low": None, "high": None, "by": by}


def incident(type: str = "takeover", actors: str = "assad-gov", targets: str = "", **fields: Any) -> dict[str, Any]:
    """Return an incident of Tafas; `actors` and `targets` are ids, `?` one whom the registry does not know."""
    evidence = fields.pop("evidence", "سيطرت القوات على طفس")
    row = {
        "id": "i0000000000a", "type": type, "status": "happened", "date": "2018-07-06", "places": [place()],
        "actors": parties(actors), "targets": parties(targets), "sites": [], "numbers": {}, "certainty": 0.9,
        "claims": ["c1"], "reports": ["r1"], "sources": ["مرصد الجنوب"], "independent_sources": 1,
        "voices": [{"name": "مرصد الجنوب", "claims": ["c1"]}], "contradictions": [],
        "first": {"report": "r1", "outlet": "مرصد الجنوب", "published": "2018-07-07"},
        "last": {"report": "r1", "outlet": "مرصد الجنوب", "published": "2018-07-07"},
        "evidence": evidence, "recorded": "2018-07-08T00:00:01.500000+00:00", **fields,
    }  # fmt: skip
    return {**row, "told": [_claim(row)] if "told" not in row else row["told"]}


def _claim(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one claim that tells an incident."""
    places = [{**where, "text": "بلدة طفس", "extent": ""} for where in row["places"]]
    return {
        "id": "c1", "type": row["type"], "trigger": "سيطرت", "evidence": row["evidence"], "status": row["status"],
        "actors": row["actors"], "targets": row["targets"], "places": places, "sites": row["sites"],
        "date": row["date"], "numbers": {}, "quoted": False, "certainty": 0.9, "span": [3, 23],
        "trigger_span": [3, 8], "links": [], "sources": [], "reader": "test 1", "report": "r1",
        "outlet": "مرصد الجنوب", "published": "2018-07-07", "url": "https://example.org/1", "lead": False,
        "origin": "مرصد الجنوب", "incident": row["id"], "by": "reader", "verdict": "", "recorded": row["recorded"],
    }  # fmt: skip


def odd_incident(n: int, words: str, **fields: Any) -> dict[str, Any]:
    """Return an incident whose every free text is the words."""
    row = incident(
        actors="?", targets="?", id=f"i{n:011x}", evidence=words, sources=[words],
        voices=[{"name": words, "claims": ["c1"]}], places=[place(name=words, admin1=words)],
        sites=[{"kind": "position", "text": words, "claims": ["c1"]}], **fields,
    )  # fmt: skip
    for one in (*row["actors"], *row["targets"]):
        one["text"] = words
    told = {**row["told"][0], "outlet": words, "origin": words, "url": words, "report": words, "reader": words}
    return {**row, "told": [told]}


def out_of(*rows: Mapping[str, Any], reports: tuple[Mapping[str, Any], ...] = (), about: About = ABOUT) -> Outgoing:
    """Return an export of these incidents."""
    return Outgoing(about, {"told": lambda: iter(rows), "reports": lambda: iter(reports)})


class _Row(dict[str, Any]):
    """A row that can be watched."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def most_at_once(write: Callable[[Outgoing, Path], None], path: Path, count: int = 300) -> int:
    """Return how many rows a format holds at once at the most when it is handed so many."""
    alive: WeakSet[_Row] = WeakSet()
    seen: list[int] = []

    def stream() -> Iterator[_Row]:
        for n in range(count):
            row = _Row(incident("killing", "isis", "civilians", id=f"i{n:011x}"))
            alive.add(row)
            seen.append(len(alive))
            yield row
            del row

    write(Outgoing(ABOUT, {"told": stream, "reports": lambda: iter(())}), path)
    assert len(seen) == count
    return max(seen)
