"""Questions as people ask them: names of places, areas and actors become what the record is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marsad.errors import UsageError
from marsad.grounding.areas import governorate_named
from marsad.grounding.gazetteer import all_places, find
from marsad.loading.codebook import actors, types
from marsad.record.coding import STATUSES
from marsad.record.view import Filters


def filters_of(asked: Mapping[str, Any]) -> Filters:
    """Return the filters of a question; `place`, `actor` and `under` are in a person's own words, others as they are.

    What is absent or empty leaves a field open. Raise UsageError for an area, a type or a status that there is not.
    """
    known = {name: asked[name] for name in Filters.__dataclass_fields__ if asked.get(name)}
    if asked.get("place"):
        known["places"] = _places_named(asked["place"])
    if asked.get("actor"):
        known["actors"] = _actors_named(asked["actor"])
    if "under" in known:
        known["under"] = governorate(known["under"])
    _check_words(known.get("type", ()), known.get("status", ()))
    return Filters(**known)


def governorate(name: str) -> str:
    """Return the standard name of a governorate that is named in any spelling, or a country's two letters."""
    if len(name) == 2 and name.isascii():
        return name.upper()
    area = governorate_named(name)
    if area is None:
        raise UsageError(f"no governorate is called {name!r}; `marsad gazetteer find {name}` shows what is")
    return area


def _check_words(asked_types: Sequence[str], asked_statuses: Sequence[str]) -> None:
    """Raise UsageError where a type or a status is none of the codebook's: it would find nothing, and not say why."""
    for what, asked, there in (("type", asked_types, types()), ("status", asked_statuses, STATUSES)):
        unknown = [word for word in asked if word not in there]
        if unknown:
            raise UsageError(f"{unknown[0]!r} is no {what} of a claim; there are {', '.join(there)}")


def _actors_named(name: str) -> tuple[str, ...]:
    """Return the words, and the ids of those whom the reader of reports takes them for in any theatre."""
    from marsad.model import Report
    from marsad.pipeline import Reader, theatres
    from marsad.text.letters import is_arabic

    if name in actors() or not is_arabic(name):
        return (name,)
    reader = Reader()
    scenes = (reader.scene(Report("question", name, theatre=theatre)) for theatre in theatres())
    return (name, *dict.fromkeys(party.id for scene in scenes for party in scene.parties if party.id))


def _places_named(name: str) -> tuple[str, ...]:
    """Return the ids of the places that a name can mean, and the name itself for places that no gazetteer has."""
    return (name,) if name in all_places().rows else (name, *(place.id for place in find(name)))
