"""Words of the interface in Arabic and English; what a type is called stands in the codebook."""

from __future__ import annotations

from marsad.loading.codebook import actors, types

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
