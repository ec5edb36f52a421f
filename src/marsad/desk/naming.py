"""Whom and which place a person means by a name: those it can mean, the likeliest first, each with why."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

from marsad.grounding.gazetteer import Context, NameHit, all_places, latin_key, score
from marsad.grounding.resolve import context_of, reference
from marsad.loading.codebook import actors
from marsad.loading.language import language
from marsad.loading.theatre import PlaceRow, theatre, theatre_codes
from marsad.model import Report, Span
from marsad.pipeline import reader_of
from marsad.reading.scene import Scene
from marsad.text.letters import fold

Row = Mapping[str, Any]
# As many as one looks through; a name of more places wants another word.
_MANY = 12
_LAST = "\uffff"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name can mean; `why` has the parts of its score, as the gazetteer words them."""

    row: PlaceRow
    points: float
    why: tuple[str, ...]

    @property
    def area(self) -> PlaceRow | None:
        """Return the governorate that it lies in."""
        rows = all_places().rows
        return rows[self.row.admin1] if self.row.admin1 and self.row.admin1 in rows else None


def places_called(name: str, report: Row | None = None) -> list[Candidate]:
    """Return the places that a name in Arabic or Latin letters, or the beginning of one, can mean.

    Those come first that fit what the report (id, text, published, theatre, outlet) says of where it is.
    """
    hits = list(all_places().index.get(name.strip())) or list(_begun_by(name))
    context = _context_of(report) if report else Context()
    one_each = {hit.row.id: hit for hit in sorted(hits, key=lambda hit: hit.strong)}
    found = [(*score(hit, None, context), hit.row) for hit in one_each.values()]
    ranked = sorted(found, key=lambda each: (-each[0], each[2].id))[:_MANY]
    return [Candidate(row, round(points, 1), tuple(why.split(", "))) for points, why, row in ranked]


def place_with(id: str) -> PlaceRow | None:
    """Return the row of the gazetteer of that id, None where there is none."""
    return all_places().rows.get(id)


def name_in(place: Row, lang: str) -> str:
    """Return the Arabic name that the packs have for a claim's place, else its standard name."""
    row = place_with(place["id"]) if lang == "ar" and place.get("id") else None
    name = str(place["name"] or "")
    return row.name_ar if row and row.name_ar and name in (row.name, f"{row.name} Governorate") else name


def area_in(place: Row, lang: str) -> str:
    """Return the governorate of a claim's place, in Arabic where the packs know it."""
    row = place_with(place["id"]) if lang == "ar" and place.get("id") else None
    around = place_with(row.admin1) if row and row.admin1 else None
    return around.name_ar if around and around.name_ar else str(place["admin1"] or "")


def place_of(row: PlaceRow, text: str, role: str, extent: str) -> dict[str, Any]:
    """Return a claim's place that is this row, without the span of its words."""
    mention = SimpleNamespace(row=row, direction=None, candidates=())
    told = reference(mention, text, Span(0, 0), role, all_places()).as_dict()
    del told["span"]
    return {**told, "country": told["country"] or None, "extent": extent}


def _begun_by(name: str) -> Iterator[NameHit]:
    """Yield the places whose name in either script begins so, the weightiest first; whole names before longer ones."""
    arabic, latin = _arabic_key(name), latin_key(name)
    found = [pair for key, table in ((arabic, _names()[0]), (latin, _names()[1])) if key for pair in _from(table, key)]
    rows = all_places().rows
    whole = {id for key, id in found if key in (arabic, latin)}
    ids = whole or {id for _, id in found}
    yield from (NameHit(row, True) for row in sorted((rows[id] for id in ids), key=lambda r: -r.weight)[: 4 * _MANY])


def _from(table: Sequence[tuple[str, str]], key: str) -> Sequence[tuple[str, str]]:
    return table[bisect_left(table, (key, "")) : bisect_left(table, (key + _LAST, ""))]


@cache
def _names() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the Arabic and the Latin names of all places, folded, in order, each with the place's id."""
    rows = all_places().rows
    arabic = sorted((_arabic_key(row.name_ar), id) for id, row in rows.items() if row.name_ar)
    return arabic, sorted((latin_key(row.name), id) for id, row in rows.items())


def _arabic_key(name: str) -> str:
    return fold(" ".join(name.split()))


def scene_of(report: Row) -> Scene:
    """Return all that a report names; those that are being reviewed are asked for again and again, and kept."""
    return _read(*(report[name] for name in ("id", "text", "published", "theatre", "outlet")))


def _context_of(report: Row) -> Context:
    scene = scene_of(report)
    return context_of(scene.places, scene.theatre, {})


@lru_cache(maxsize=64)
def _read(id: str, text: str, published: str | None, theatre: str | None, outlet: str | None) -> Scene:
    day = date.fromisoformat(published) if published else None
    return reader_of(None).scene(Report(id, text, published=day, theatre=theatre, outlet=outlet))


def actors_called(name: str) -> list[str]:
    """Return the ids of the registry that a name means: in Arabic or English, whole, else a part that only they have.

    Of several the caller must ask which one is meant.
    """
    if name in actors():
        return [name]
    keys = {key for key in (_arabic_key(name).lower(), latin_key(name)) if key}
    whole = [id for id, said in _registry().items() if keys & said] or sorted(_spoken().get(_arabic_key(name), ()))
    return whole or [id for id, said in _registry().items() if any(key in each for key in keys for each in said)]


@cache
def _registry() -> dict[str, set[str]]:
    """Return by actor its names, folded; what stands in brackets says when, and need not be written."""
    found: dict[str, set[str]] = {}
    for id, actor in actors().items():
        names = [actor.ar, actor.en, *actor.names]
        names += [name.partition(" (")[0] for name in names]
        found[id] = {key for name in names for key in (_arabic_key(name).lower(), latin_key(name)) if key}
    return found


@cache
def _spoken() -> dict[str, set[str]]:
    """Return whom the words of reports mean, in any theatre and at any time, by the folded words."""
    rows = [*language().actors.get("name", ()), *(row for code in theatre_codes() for row in theatre(code).actors)]
    found: dict[str, set[str]] = {}
    for row in rows:
        for words in row["words"] if row.get("id") in actors() else ():
            found.setdefault(_arabic_key(words), set()).add(row["id"])
    return found


@cache
def site_kinds() -> dict[str, str]:
    """Return the kinds of sites that the reader knows, each with a noun for it."""
    return {row["kind"]: row["forms"][0] for row in language().sites}
