"""Places of a digest as they are named: what kind of place it is, whether what is meant lies beside it or in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from marsad.loading.prose import site_words
from marsad.loading.theatre import PlaceRow, places, theatre, theatre_codes
from marsad.text.letters import fold

_BESIDE = re.compile(r"(North|South|East|West|Northeast|Northwest|Southeast|Southwest)(?:ern| of) (.+)")
_LEVELS = {"admin1": 1, "admin2": 2, "admin3": 3}


class Spot(NamedTuple):
    """A place by its names; `level` is that of an area of the administration, 0 for what is none.

    `direction` is where of the place the spot lies ("east"), `site` the kind of a site in it.
    """

    name: str
    name_ar: str
    kind: str
    country: str
    level: int = 0
    direction: str = ""
    site: str = ""


def spot_of(row: Mapping[str, Any]) -> Spot:
    """Return the spot that a place of an incident, or of a change of hands, names."""
    id, _, site = (row.get("id") or row.get("place") or "").partition("/")
    country = row.get("country") or ""
    known = _row(id, country)
    if known is None:
        return Spot(_unjoined(row["name"]), row.get("name_ar") or "", row.get("kind") or "", country)
    names = (known.name, known.name_ar or row.get("name_ar") or "", known.kind, country, _LEVELS.get(known.kind, 0))
    beside = _BESIDE.fullmatch(row["name"]) if row["name"] != known.name else None
    if beside:
        return Spot(*names, direction=beside[1].lower())
    is_plain = site or row["name"].startswith(known.name)
    return Spot(*names, site=site) if is_plain else Spot(row["name"], row.get("name_ar") or "", "", country)


def _unjoined(name: str) -> str:
    """Return a name in a report's words without the "and" that may be joined to it."""
    rest = name.removeprefix("و")
    return rest if rest and fold(rest.split()[0]) in site_words() else name


@lru_cache(maxsize=4096)
def _row(id: str, country: str) -> PlaceRow | None:
    """Return the row of an id in the packs; None for a place of the user's, or none."""
    code = country.lower()
    packs = [code, "world"] if code in theatre_codes() else ["world"]
    return next((row for pack in packs if (row := places(pack).get(id))), None) if id else None


def country_named(code: str) -> tuple[str, str]:
    """Return what a country is called in Arabic and in English; "" where no pack has it."""
    about = theatre(code.lower()).about if code.lower() in theatre_codes() else None
    row = places("world").get(code) if code else None
    return (about.ar, about.en) if about else (row.name_ar, row.name) if row else ("", "")


def level_named(country: str, level: int) -> tuple[str, str]:
    """Return what a level of the administration is called in Arabic and in English; "" where no pack says it."""
    about = theatre(country.lower()).about if country.lower() in theatre_codes() else None
    levels = about.levels if about else ()
    return (levels[level - 1].ar, levels[level - 1].en) if 0 < level <= len(levels) else ("", "")
