"""Why a place is said to be held so, in plain words, Arabic or English: each sentence with its claim and its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marsad.publish.cells import cut, isolate, one_line
from marsad.publish.labels import of_actor

Row = Mapping[str, Any]
_RTL, _LTR = 0, 1
# What a testimony says, in Arabic and English, in nouns: they agree with every {who}.
_SAYS = {
    "takes": ("استيلاء {who} على {place}", "{place} taken by {who}"),
    "holds": ("{place} في يد {who}", "{place} in the hands of {who}"),
    "gives": ("خروج {who} من {place}", "{place} left by {who}"),
    "lacks": ("{place} خارج سيطرة {who}", "{place} not in the hands of {who}"),
    "seems": ("وجود محتمل في {place}: {who}", "probably in {place}: {who}"),
    "contests": ("قتال في {place}: {who}", "fighting in {place}: {who}"),
    "encircles": ("حصار {place} من {who}", "{place} besieged by {who}"),
    "relieves": ("انتهاء حصار {place} من {who}", "siege of {place} by {who} over"),
}
_STATUS = {
    "held": ("تحت سيطرة {who}", "held by {who}"),
    "contested": ("متنازع عليه بين {all}", "contested between {all}"),
    "besieged": ("في يد {who} ومحاصر من {others}", "held by {who}, besieged by {others}"),
    "vacated": ("أُخلي ولم يُذكر من دخله", "vacated; nobody is yet said to have come"),
    "unknown": ("غير معروف من يسيطر عليه", "not known who holds it"),
}
_BASIS = {
    "asserted": ("قيل ذلك صراحة خلال أسبوع", "said outright within the week"),
    "carried": ("مستمر مما قيل قبل {age} يوماً", "carried over from what was said {age} days before"),
    "inferred": ("مستنتج من منطقة أوسع أو من إشارات ضعيفة", "inferred from a wider area or from weak signs"),
}
_PARTS = {
    "for": ("ما يؤيد ذلك:", "What speaks for it:"), "against": ("ما يعارضه:", "What speaks against it:"),
    "none": ("لا شيء في السجل.", "Nothing in the record."), "since": ("منذ {day}", "since {day}"),
    "sure": ("الثقة {sure}", "sure {sure}"), "about": ("قيل عن {area}", "said of {area}"),
    "weight": ("الوزن {weight}", "weight {weight}"), "sources": ("مصادر مستقلة: {n}", "independent sources: {n}"),
}  # fmt: skip


def argument_lines(row: Row, testimonies: Iterable[Row], lang: str = "en") -> Iterator[str]:
    """Yield the verdict on a place, then what speaks for it and against it, the newest first."""
    way = _RTL if lang == "ar" else _LTR
    yield _verdict(row, way)
    said = list(testimonies)
    for part in ("for", "against"):
        some = [t for t in said if t["speaks"] == part]
        if some or part == "for":
            yield ""
            yield _PARTS[part][way]
        for testimony in some:
            yield from _sentence(testimony, way)
        if not some and part == "for":
            yield "  " + _PARTS["none"][way]


def verdict_on(row: Row, lang: str = "en") -> str:
    """Return in a sentence how a place is held, since when, and how sure that is."""
    return _verdict(row, _RTL if lang == "ar" else _LTR)


def said_by(testimony: Row, lang: str = "en") -> str:
    """Return in a few words what a testimony says of a place."""
    way = _RTL if lang == "ar" else _LTR
    place = testimony["place_ar" if way == _RTL else "place"]
    return _SAYS[testimony["does"]][way].format(who=_name(testimony["actor"], way), place=place)


def _verdict(row: Row, way: int) -> str:
    name = (row["name_ar"] or row["name"]) if way == _RTL else row["name"]
    named = [_name(actor, way) for actor in row["sides"]]
    status = _STATUS[row["status"]][way].format(
        who=named[0] if named else "", all=_joined(named, way), others=_joined(named[1:], way)
    )
    tail = [
        _PARTS["since"][way].format(day=row["since"]) if row["since"] else "",
        _BASIS[row["basis"]][way].format(age=row["age_days"]),
        _PARTS["sure"][way].format(sure=f"{row['confidence']:.2f}"),
        _PARTS["sources"][way].format(n=row["sources"]),
    ]
    comma = "، " if way == _RTL else ", "
    return isolate(f"{name}: {status}") + comma + comma.join(filter(None, tail)) + "."


def _sentence(testimony: Row, way: int) -> Iterator[str]:
    """Yield what one claim says, how much it weighs by which rule, and its words with their source."""
    says = said_by(testimony, "ar" if way == _RTL else "en")
    around = testimony["area_ar" if way == _RTL else "area"]
    area = f"; {_PARTS['about'][way].format(area=around)}" if around else ""
    weight = _PARTS["weight"][way].format(weight=f"{testimony['weight']:.2f}")
    yield f"  {testimony['day']}  {isolate(says)} ({weight}, {testimony['rule']}{area})"
    claim = testimony["told"]
    if claim:
        words = isolate("«" + cut(one_line(claim["evidence"]), 60) + "»")
        said = isolate("— " + one_line(" < ".join(claim["sources"]) or claim["outlet"] or ""))
        yield f"      {claim['id']}  {words}  {said}"


def _name(actor: str, way: int) -> str:
    """Return an actor's name without what stands in brackets behind it."""
    return of_actor(actor)[way].split(" (")[0]


def _joined(names: list[str], way: int) -> str:
    return (" و" if way == _RTL else " and ").join(names)
