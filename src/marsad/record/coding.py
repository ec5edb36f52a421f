"""Whether what a person writes into a claim's field is what the coding guide allows, and where its words stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marsad.errors import UsageError
from marsad.record.grounds import FIELDS

STATUSES = ("happened", "ongoing", "planned", "called_for", "denied", "possible")
ROLES = ("at", "from", "to", "near")
NUMBERS = tuple(
    "killed wounded casualties arrested abducted released displaced evacuated surrendered defected positions vehicles "
    "weapons strikes shells troops share".split()
)
_COUNT = re.compile(
    r"(?:>=|<=|>|<)\d+(?:\.\d+)?|\d+-\d+|\d+\+|(?:tens|hundreds|thousands|millions)"
    r"|(?:tens|hundreds) of (?:thousands|millions)|thousands of millions"
)
_COUNT_FORMS = 'a number, ">90", ">=27", "20-30" or a word as "tens", "hundreds", "tens of thousands"'
_PARTY = {"text": str, "id": str}
_PLACE = {"text": str, "name": str, "admin1": str, "country": str, "lat": float, "lon": float, "role": str, "id": str,
          "radius_km": float, "extent": str}  # fmt: skip
_SITE = {"text": str, "kind": str}
_NEEDED = {"actors": ("text",), "targets": ("text",), "places": ("text", "name", "role"), "sites": ("text", "kind")}
_KEYS: dict[str, dict[str, Any]] = {"actors": _PARTY, "targets": _PARTY, "places": _PLACE, "sites": _SITE}


def _any(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Guide:
    """What the codebook knows: which types of claim there are, and which ids of actors."""

    knows_type: Callable[[str], bool]
    knows_actor: Callable[[str], bool] = _any


def check_fields(fields: Mapping[str, Any], guide: Guide) -> dict[str, Any]:
    """Return the fields as a claim holds them; raise UsageError that names the field and how to write it."""
    if not fields:
        raise UsageError(f"a correction names at least one field: {', '.join(FIELDS)}")
    unknown = [name for name in fields if name not in FIELDS]
    if unknown:
        raise UsageError(f"{', '.join(map(repr, unknown))}: no field that can be corrected; there are {_and(FIELDS)}")
    return {name: _CHECKS[name](name, value, guide) for name, value in fields.items()}


def _and(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _refuse(field: str, value: Any, remedy: str) -> UsageError:
    return UsageError(f"{field}: {value!r} cannot stand there; {remedy}")


def _type(field: str, value: Any, guide: Guide) -> str:
    if not isinstance(value, str) or not guide.knows_type(value):
        raise _refuse(field, value, "name a type of the codebook, as takeover")
    return value


def _status(field: str, value: Any, _: Guide) -> str:
    if value not in STATUSES:
        raise _refuse(field, value, f"write one of {_and(STATUSES)}")
    return str(value)


def _text(field: str, value: Any, _: Guide) -> str:
    words(value, field)
    # Not stripped: it stands in the text as it is.
    return str(value)


def words(value: Any, what: str) -> str:
    """Return a text without blanks at its ends; raise UsageError where it is none, empty or cannot be kept."""
    if not isinstance(value, str) or not value.strip():
        raise _refuse(what, value, "write it in words")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refuse(what, value, "it holds half a character; write it again") from None
    # The chain of decisions puts U+001F between its columns, and PostgreSQL keeps no zero.
    if "\0" in value or "\x1f" in value:
        raise _refuse(what, value, "it holds a control character that no record keeps; leave it out")
    return value.strip()


def _day(field: str, value: Any, _: Guide) -> str | None:
    if value is None:
        return None
    remedy = "write a day or an interval, as 2024-12-06 or 2024-12-06/2024-12-07, or null"
    if not isinstance(value, str) or any(len(part) != 10 for part in value.split("/")) or value.count("/") > 1:
        raise _refuse(field, value, remedy)
    try:
        days = [date.fromisoformat(part) for part in value.split("/")]
    except ValueError:
        raise _refuse(field, value, remedy) from None
    if days[-1] < days[0]:
        raise _refuse(field, value, "its end lies before its beginning; write the earlier day first")
    return value


def _counts(field: str, value: Any, _: Guide) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _refuse(field, value, 'write what is counted, as {"killed": 3}')
    for key, count in value.items():
        if key not in NUMBERS:
            raise _refuse(field, key, f"count one of {_and(NUMBERS)}")
        _check_count(f"{field}.{key}", count)
    return dict(value)


def _check_count(field: str, count: Any) -> None:
    if isinstance(count, str):
        fits = _COUNT.fullmatch(count) is not None
    else:
        # Neither infinity nor what is no number has an end.
        fits = isinstance(count, int | float) and not isinstance(count, bool) and 0 <= count < 1e12
    if not fits:
        raise _refuse(field, count, f"write {_COUNT_FORMS}")


def _named(field: str, value: Any, guide: Guide) -> list[dict[str, Any]]:
    needed = ", ".join(f'"{name}": …' for name in _NEEDED[field])
    if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
        raise _refuse(field, value, f"write a list, each as {{{needed}}}")
    return [_item(f"{field}[{at}]", field, item, guide) for at, item in enumerate(value)]


def _item(where: str, field: str, item: Mapping[str, Any], guide: Guide) -> dict[str, Any]:
    keys = _KEYS[field]
    for name in item:
        if name not in keys and name != "span":
            raise _refuse(where, name, f"its keys are {_and(tuple(keys))}")
    for name in _NEEDED[field]:
        words(item.get(name), f"{where}.{name}")
    for name, kind in keys.items():
        _check_kind(f"{where}.{name}", item.get(name), kind)
    if keys is _PARTY and item.get("id") is not None and not guide.knows_actor(item["id"]):
        raise _refuse(f"{where}.id", item["id"], "name an id of the registry of actors, or null")
    if keys is _PLACE:
        _check_place(where, item)
    return {name: item.get(name) for name in keys} | ({"span": list(item["span"])} if item.get("span") else {})


def _check_kind(where: str, value: Any, kind: Any) -> None:
    if value is None:
        return
    if kind is str:
        # All of a place is meant where nothing is said of how much.
        if value or not where.endswith(".extent"):
            words(value, where)
    elif not isinstance(value, int | float) or isinstance(value, bool) or not -1e6 < value < 1e6:
        raise _refuse(where, value, "write a number, or null")


def _check_place(where: str, place: Mapping[str, Any]) -> None:
    if place["role"] not in ROLES:
        raise _refuse(f"{where}.role", place["role"], f"write one of {_and(ROLES)}")
    lat, lon = place.get("lat"), place.get("lon")
    if (lat is None) != (lon is None):
        raise _refuse(f"{where}.lat", lat, "a point has both lat and lon, or neither")
    if lat is not None and not (-90 <= lat <= 90 and -180 <= float(lon or 0) <= 180):
        raise _refuse(f"{where}.lat", [lat, lon], "lat lies between -90 and 90, lon between -180 and 180")
    if (country := place.get("country")) is not None and not re.fullmatch("[A-Z]{2}", country):
        raise _refuse(f"{where}.country", country, "write the two letters of ISO 3166, as SY")


def _sources(field: str, value: Any, _: Guide) -> list[str]:
    if not isinstance(value, list | tuple):
        raise _refuse(field, value, "write a list of names, the outermost first")
    return [words(name, f"{field}[{at}]") for at, name in enumerate(value)]


def _quoted(field: str, value: Any, _: Guide) -> bool:
    if not isinstance(value, bool):
        raise _refuse(field, value, "write true or false")
    return value


_CHECKS: dict[str, Callable[[str, Any, Guide], Any]] = {
    "type": _type, "trigger": _text, "evidence": _text, "status": _status, "actors": _named, "targets": _named,
    "places": _named, "sites": _named, "date": _day, "numbers": _counts, "sources": _sources, "quoted": _quoted,
}  # fmt: skip


def located(fields: Mapping[str, Any], text: str, body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the checked fields with the span of every name, and the spans of the claim that follow from them.

    A name that is not in the text (it was put right by hand) points to the claim's evidence. Trigger and evidence
    must be in it: raise UsageError where they are not.
    """
    spans: dict[str, Any] = {}
    for field, name in (("evidence", "span"), ("trigger", "trigger_span")):
        if field in fields:
            spans[name] = _found(field, fields[field], text, body)
    around = {**body, **spans}
    placed = {f: [_with_span(item, text, around) for item in fields[f]] for f in _KEYS if f in fields}
    if "sources" in fields:
        spans["source_spans"] = [_nearest(name, text, around) or list(around["span"]) for name in fields["sources"]]
    return {**fields, **placed}, spans


def _with_span(item: dict[str, Any], text: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "span": item.get("span") or _nearest(item["text"], text, body) or list(body["span"])}


def _found(field: str, said: str, text: str, body: Mapping[str, Any]) -> list[int]:
    span = _nearest(said, text, body)
    if span is None:
        raise _refuse(field, said, "it must stand in the report letter by letter; copy it from there")
    return span


def _nearest(said: str, text: str, body: Mapping[str, Any]) -> list[int] | None:
    """Return where the words stand nearest to the claim's trigger; None where they do not."""
    at = body["trigger_span"][0]
    starts = [match.start() for match in re.finditer(re.escape(said), text)]
    if not starts:
        return None
    start = min(starts, key=lambda found: abs(found - at))
    return [start, start + len(said)]
