"""Words of the interface in Arabic and English; what a type is called stands in the codebook."""

from __future__ import annotations

from marsad.loading.codebook import actors, types
from marsad.loading.theatre import PlaceRow, places, theatre_codes
from marsad.model import PlaceRef

STATUS = {
    "happened": ("وقع", "happened"),
    "ongoing": ("مستمر", "ongoing"),
    "planned": ("مزمع", "planned"),
    "called_for": ("مطلوب", "called for"),
    "denied": ("منفي", "denied"),
    "possible": ("محتمل", "possible"),
}
FIELDS = {
    "actors": ("الفاعل", "who"),
    "targets": ("المستهدف", "to whom"),
    "places": ("المكان", "where"),
    "sites": ("الموقع", "site"),
    "date": ("الزمن", "when"),
    "numbers": ("الأعداد", "how many"),
    "sources": ("المصدر", "according to"),
    "trigger": ("الكلمة الدالة", "trigger"),
    "certainty": ("الثقة", "certainty"),
    "links": ("صلات", "links"),
    "why": ("لماذا", "why"),
}
ROLES = {"at": ("في", "at"), "from": ("من", "from"), "to": ("إلى", "to"), "near": ("قرب", "near")}
LINKS = {"after": ("بعد", "after"), "because": ("بسبب", "because of"), "during": ("أثناء", "during")}
NUMBERS = {
    "killed": ("قتلى", "killed"),
    "wounded": ("جرحى", "wounded"),
    "casualties": ("ضحايا", "casualties"),
    "arrested": ("معتقلون", "arrested"),
    "abducted": ("مخطوفون", "abducted"),
    "released": ("مفرج عنهم", "released"),
    "displaced": ("نازحون", "displaced"),
    "evacuated": ("مُجلون", "evacuated"),
    "surrendered": ("مستسلمون", "surrendered"),
    "defected": ("منشقون", "defected"),
    "positions": ("مواقع", "positions"),
    "vehicles": ("آليات", "vehicles"),
    "weapons": ("أسلحة", "weapons"),
    "strikes": ("غارات", "strikes"),
    "shells": ("قذائف", "shells"),
    "troops": ("جنود", "troops"),
    "share": ("نسبة", "share"),
}


def of_type(type: str) -> tuple[str, str]:
    """Return what a type is called in Arabic and in English; its id where the codebook lacks it."""
    known = types().get(type)
    return (known.ar, known.en) if known else (type, type)


def of_actor(id: str) -> tuple[str, str]:
    """Return what an actor is called in Arabic and in English; its id where the registry lacks it."""
    known = actors().get(id)
    return (known.ar, known.en) if known else (id, id)


def of_country(code: str) -> str:
    """Return what a country is called in English; its two letters where no pack has it."""
    row = _row(code, code)
    return row.name if row else code


def of_place(place: PlaceRef) -> str | None:
    """Return the Arabic name in the packs of the row that is meant; None for a part of it or a row of the user's."""
    row = _row(place.id, place.country) if place.id else None
    return row.name_ar if row and row.name == place.name and row.name_ar else None


def _row(id: str, country: str | None) -> PlaceRow | None:
    code = (country or "").lower()
    packs = [code, "world"] if code in theatre_codes() else ["world"]
    return next((row for pack in packs if (row := places(pack).get(id))), None)
