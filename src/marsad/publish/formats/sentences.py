"""An incident as it leaves, in words: a title and a sentence as a digest has it, for formats that show text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from marsad.loading.theatre import theatre, theatre_codes
from marsad.publish.digest import tongue_of
from marsad.publish.flat import first_day, last_day
from marsad.publish.labels import STATUS, of_type
from marsad.publish.spots import spot_of
from marsad.publish.statements import Teller
from marsad.publish.voicing import in_words_of_most, manners_in

Row = Mapping[str, Any]
_COMMA = {"ar": "، ", "en": ", "}
_LABEL = {"ar": 0, "en": 1}


def title_of(incident: Row, lang: str) -> str:
    """Return a title: what it is, its best supported place, its days; a status other than happened is said."""
    what = of_type(incident["type"])[_LABEL[lang]]
    if incident["status"] not in ("happened", "ongoing"):
        what = f"{what} ({STATUS[incident['status']][_LABEL[lang]]})"
    days = list(dict.fromkeys(day for day in (first_day(incident), last_day(incident)) if day))
    where = [place_name(place, lang) for place in incident["places"][:1]]
    return _COMMA[lang].join(part for part in (what, *where, " – ".join(days)) if part)


def place_name(place: Row, lang: str) -> str:
    """Return a place's name in a language, in English where the packs have none in Arabic."""
    spot = spot_of(place)
    return spot.name_ar if lang == "ar" and spot.name_ar and not spot.direction else str(place["name"])


def area_name(admin1: str, country: str, lang: str) -> str:
    """Return the name of a governorate in a language, in English where the packs have none in Arabic."""
    return _areas(country.lower()).get(admin1) or admin1 if lang == "ar" else admin1


@cache
def _areas(code: str) -> Mapping[str, str]:
    """Return the Arabic names of a country's governorates by the English ones."""
    rows = theatre(code).places if code in theatre_codes() else ()
    return {row.name: row.name_ar for row in rows if row.kind == "admin1" and row.name_ar}


def sentence_of(incident: Row, lang: str) -> str:
    """Return the sentence that tells an incident, with its days and who says so; `told` holds its claims."""
    # The days are told with their year: what stands alone has no title that says it.
    return Teller(tongue_of(lang), "", "").incident(_item(incident)).text


def _item(incident: Row) -> dict[str, Any]:
    claims: Sequence[Row] = incident.get("told", ())
    first = first_day(incident)
    manners = manners_in(incident, date.fromisoformat(first) if first else None)
    return {
        **incident,
        **{role: [in_words_of_most(p, role, claims) for p in incident[role]] for role in ("actors", "targets")},
        # A place whose name is blank, as a hand may leave it, is nowhere that a sentence could name.
        "places": [place for place in incident["places"] if place["name"].strip()],
        "voices": [{**voice, "manner": manners[voice["name"]]} for voice in incident["voices"]],
    }
