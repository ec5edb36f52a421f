"""The data of a TimeMap platform (Forensic Architecture), as datasheet-server gives them: a JSON file an address.

The file itself is the events (EVENTS_EXT). Beside it lie its associations (ASSOCIATIONS_EXT), its sources (SOURCES_EXT)
and what it is. Fields: src/reducers/validate/ of https://github.com/forensic-architecture/timemap.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from marsad.loading.timemap import TimemapWords, timemap_words
from marsad.publish.characters import all_writable
from marsad.publish.flat import first_day, flat_rows, last_day
from marsad.publish.formats.addresses import web_address
from marsad.publish.formats.sentences import area_name, place_name, sentence_of
from marsad.publish.labels import of_actor, of_type
from marsad.publish.outgoing import Outgoing
from marsad.publish.spots import country_named

Row = Mapping[str, Any]
Area = tuple[str, str]
_LABEL = {"ar": 0, "en": 1}


def write(out: Outgoing, path: Path) -> None:
    """Write the events that took place on a known day; and PATH-associations, -sources and -metadata.json beside it."""
    words, kept = timemap_words(), _Kept()
    with ExitStack() as open_files:
        events = open_files.enter_context(_List(path, "[", "]"))
        sources = open_files.enter_context(_List(_beside(path, "sources"), "{", "}"))
        for row in out.rows("told"):
            if reason := _left_out(row, words):
                kept.left_out[reason] += 1
                continue
            events.add(_event(row, words, out.lang))
            kept.add(row)
            for source in kept.new_sources(row):
                sources.add(source, key=source["id"])
    _write(_beside(path, "associations"), list(_associations(kept, words, out.lang)))
    _write(_beside(path, "metadata"), {**out.about.as_dict(), "left_out": dict(sorted(kept.left_out.items()))})


class _List:
    """A JSON list or object that is written one by one: used in a `with`."""

    def __init__(self, path: Path, begin: str, end: str) -> None:
        self._path, self._begin, self._end, self._is_first = path, begin, end, True

    def __enter__(self) -> _List:
        self._file: TextIO = self._path.open("w", encoding="utf-8", newline="\n")
        self._file.write(self._begin)
        return self

    def add(self, value: Any, key: str | None = None) -> None:
        """Write a value, in an object under its key."""
        named = "" if key is None else f"{_json(key)}: "
        self._file.write(("\n" if self._is_first else ",\n") + named + _json(value))
        self._is_first = False

    def __exit__(self, *_: object) -> None:
        self._file.write(f"\n{self._end}\n")
        self._file.close()


class _Kept:
    """What is kept of the incidents already written: what they may be filtered by, and the reports that tell them."""

    def __init__(self) -> None:
        self.parties, self.areas, self.reports = set[str](), set[Area](), set[str]()
        self.left_out = Counter[str]()

    def add(self, row: Row) -> None:
        """Keep what an incident may be filtered by."""
        self.parties.update(_parties(row))
        self.areas.update(_areas(row))

    def new_sources(self, row: Row) -> Iterator[dict[str, Any]]:
        """Yield the sources of an incident that none before it had."""
        for claim in row["told"]:
            if claim["report"] not in self.reports:
                self.reports.add(claim["report"])
                yield _source(claim)


def _left_out(row: Row, words: TimemapWords) -> str:
    """Return why an incident is no event, "" where it is one; of what has no day TimeMap says that it is an error."""
    return "undated" if first_day(row) is None else "" if row["status"] in words.statuses else row["status"]


def _event(row: Row, words: TimemapWords, lang: str) -> dict[str, Any]:
    """Return an incident as an event: every value is text, none is null, and only fields that TimeMap knows."""
    place = next(iter(row["places"]), None)
    return {
        "id": row["id"], "description": sentence_of(row, lang), "date": _american(first_day(row) or ""), "time": "",
        "location": place_name(place, lang) if place else "", "latitude": _number(place, "lat"),
        "longitude": _number(place, "lon"), "type": of_type(row["type"])[_LABEL[lang]],
        "category": words.category_of(row["type"]).names[lang],
        "associations": [
            f"category:{words.category_of(row['type']).id}", f"type:{row['type']}",
            *(f"party:{id}" for id in _parties(row)), *(_area_id(area) for area in _areas(row)),
        ],
        "sources": list(dict.fromkeys(claim["report"] for claim in row["told"])),
        "comments": "\n".join(_comments(row, place, words, lang)),
    }  # fmt: skip


def _american(day: str) -> str:
    """Return a day as TimeMap reads one unless its DATE_FMT says otherwise: MM/DD/YYYY."""
    return date.fromisoformat(day).strftime("%m/%d/%Y")


def _number(place: Row | None, name: str) -> str:
    """Return a coordinate as text; "" for none, since TimeMap takes both of every event."""
    return "" if place is None or place["lat"] is None or place["lon"] is None else str(place[name])


def _comments(row: Row, place: Row | None, words: TimemapWords, lang: str) -> Iterator[str]:
    """Yield what an event has no field for, a line each."""
    said = {name: by_lang[lang] for name, by_lang in words.comments.items()}
    if first_day(row) != last_day(row):
        yield said["days"].format(first=first_day(row), last=last_day(row))
    if place is not None and place["radius_km"]:
        yield said["exact"].format(km=f"{place['radius_km']:g}")
    yield said["sources"].format(n=row["independent_sources"])
    yield said["certainty"].format(n=row["certainty"])
    flat = next(flat_rows("incidents", [row]))
    yield from (said["differ"].format(what=found) for found in flat["contradictions"])


def _parties(row: Row) -> list[str]:
    """Return the ids of the registry among those who did or suffered it, each once."""
    return list(dict.fromkeys(p["id"] for p in (*row["actors"], *row["targets"]) if p["id"]))


def _areas(row: Row) -> list[Area]:
    """Return country and governorate of its places, each once."""
    return list(dict.fromkeys((place["country"] or "", place["admin1"]) for place in row["places"] if place["admin1"]))


def _area_id(area: Area) -> str:
    return f"admin1:{area[0]}/{area[1]}"


def _source(claim: Row) -> dict[str, Any]:
    """Return the report of a claim as a source; `paths` are pictures and films, of which a report has none."""
    named = ", ".join(part for part in (claim["outlet"], claim["published"]) if part)
    return {
        "id": claim["report"], "title": named, "paths": [], "type": "", "url": web_address(claim["url"]) or "",
        "author": claim["outlet"] or "", "date": claim["published"] or "",
    }  # fmt: skip


def _associations(kept: _Kept, words: TimemapWords, lang: str) -> Iterator[dict[str, Any]]:
    """Yield all categories, and as filters the types, parties and governorates."""
    for category in words.categories:
        called = category.names[lang]
        yield _association("CATEGORY", f"category:{category.id}", called, ["", called], category.colour)
    for category in words.categories:
        for type in category.types:
            under = [words.filters["type"][lang], category.names[lang]]
            yield _filter(f"type:{type}", of_type(type)[_LABEL[lang]], under)
    for id in sorted(kept.parties):
        yield _filter(f"party:{id}", of_actor(id)[_LABEL[lang]], [words.filters["party"][lang]])
    for area in sorted(kept.areas):
        country = country_named(area[0])[_LABEL[lang]] or area[0]
        name = area_name(area[1], area[0], lang)
        yield _filter(_area_id(area), name, [words.filters["admin1"][lang], *([country] if country else [])])


def _filter(id: str, title: str, under: list[str]) -> dict[str, Any]:
    return _association("FILTER", id, title, [*under, title])


def _association(mode: str, id: str, title: str, path: list[str], colour: str = "") -> dict[str, Any]:
    # A stroke in a step of a path would be two steps: TimeMap joins and parts them by it.
    steps = [step.replace("/", "\u2215") for step in path]
    return {"id": id, "title": title, "desc": "", "mode": mode, "colour": colour, "filter_paths": steps}


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}-{what}.json")


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(all_writable(value), ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


def _json(value: Any) -> str:
    return json.dumps(all_writable(value), ensure_ascii=False)
