"""What a decision stands on: report, characters, type, and how every field of the claim was read then.

Fields are compared by what they mean, not by their characters: a party by its id, else its words; a place by its id,
role and point. What no reviewer decides on (certainty, reader, links, offsets of names) is not part of the ground.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from marsad.record.chain import canonical
from marsad.record.decisions import Decision

# The fields of the coding guide, in its order.
FIELDS = (
    "type", "trigger", "evidence", "status", "actors", "targets", "places", "sites", "date", "numbers", "sources",
    "quoted",
)  # fmt: skip
# What a decision on the claim as a whole rests on: whether the words say that kind of thing.
_WORDS = ("type", "trigger", "evidence")
# 48 bits tell two values of one field apart; a thousand decisions on a field collide once in 500 million.
_DIGITS = 12
Body = Mapping[str, Any]


def meaning_of(field: str, value: Any) -> Any:
    """Return what is compared of a field's value."""
    if field in ("actors", "targets"):
        return sorted(str(party.get("id") or party.get("text")) for party in value or ())
    if field == "places":
        return sorted((_place(place) for place in value or ()), key=canonical)
    if field == "sites":
        return sorted([site.get("kind"), site.get("text")] for site in value or ())
    if field == "numbers":
        return {key: _number(count) for key, count in (value or {}).items()}
    return value


def _place(place: Body) -> list[Any]:
    point = [None if place.get(at) is None else round(float(place[at]), 3) for at in ("lat", "lon")]
    return [place.get("id") or place.get("name"), place.get("role"), place.get("admin1"), place.get("country"), *point]


def _number(count: Any) -> Any:
    return int(count) if isinstance(count, float) and count.is_integer() else count


def digest_of(field: str, value: Any) -> str:
    """Return a short mark that is the same for values of a field that mean the same."""
    return hashlib.sha256(canonical([meaning_of(field, value)]).encode()).hexdigest()[:_DIGITS]


def digests_of(body: Body) -> dict[str, str]:
    """Return the mark of every field of a claim."""
    return {field: digest_of(field, body.get(field)) for field in FIELDS}


def ground_of(report_id: str, version: int, body: Body, gone: bool = False) -> dict[str, Any]:
    """Return the ground of a decision made on a claim as the reader (or the person who added it) has it.

    `gone` says that the reader found it no more when the person decided.
    """
    fields = digests_of(body)
    whole = hashlib.sha256(canonical(fields).encode()).hexdigest()
    ground: dict[str, Any] = {
        "report": report_id, "version": version, "span": list(body["trigger_span"]), "type": body["type"],
        "evidence": body["evidence"], "digest": whole, "fields": fields,
    }  # fmt: skip
    return {**ground, "gone": True} if gone else ground


def stands(ground: Body, body: Body | None) -> bool:
    """Tell whether a claim is still what the ground says: same characters, type, evidence and fields."""
    if body is None:
        return bool(ground.get("gone"))
    if list(body["trigger_span"]) != ground.get("span"):
        return False
    return digests_of(body) == ground.get("fields")


def changes(made: Decision, body: Body | None) -> tuple[str, ...]:
    """Return which fields that a decision was about are read otherwise now; ("claim",) where it is read no more.

    A correction is about its fields, a rejection about type and evidence, all others about every field. A field that
    the reader now reads as it was corrected has not moved: there is nothing left to decide.
    """
    if body is None or list(body["trigger_span"]) != made.ground.get("span"):
        return () if stands(made.ground, body) else ("claim",)
    then: Body = made.ground.get("fields", {})
    about: tuple[str, ...] = _WORDS if made.kind == "reject" else FIELDS
    given: Body = made.body.get("fields", {})
    if made.kind == "correct":
        about = tuple(f for f in FIELDS if f in given or f in _WORDS)
    now = digests_of(body)
    return tuple(f for f in about if now[f] != then.get(f) and not (f in given and now[f] == digest_of(f, given[f])))


def coding_of(made: Decision) -> dict[str, str]:
    """Return the mark of every field as the person left it: as read, as corrected by others and seen, as corrected."""
    said = {**made.body.get("over", {}), **made.body.get("fields", {})}
    return {**made.ground.get("fields", {}), **{field: digest_of(field, value) for field, value in said.items()}}
