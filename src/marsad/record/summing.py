"""An incident summed up from its claims: the best statement of each field with its support, ranges, contradictions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, prod
from typing import Any

from marsad.loading.framings import manners_of
from marsad.loading.fusion import fusion_rules
from marsad.record.counts import disagree, range_of
from marsad.record.kin import kin_of
from marsad.record.telling import days_of, party_key
from marsad.record.voices import Voice, origin_of, voices_of

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """A claim of an incident with what the record knows of its report."""

    n: int
    body: Body
    report: str
    outlet: str | None
    published: str | None
    title: str | None

    @property
    def id(self) -> str:
        """Return the claim's id."""
        return str(self.body["id"])


class _Told:
    """The members of an incident and whose voice each is."""

    def __init__(self, members: Iterable[Member], copies: Callable[[str, str], bool]) -> None:
        self.members = sorted(members, key=lambda m: m.n)
        said = ((m.id, m.report, origin_of(m.body["sources"], m.outlet)) for m in self.members)
        self.voices: list[Voice] = voices_of(said, copies)
        # By number, not by name: two reports of which no outlet is known are two voices without a name.
        self.voice_of = {claim: i for i, voice in enumerate(self.voices) for claim in voice.claims}

    def support(self, claims: Iterable[str]) -> tuple[int, float]:
        """Return how many independent voices these claims are, and how certain their readings are together."""
        wanted = set(claims)
        certain = {m.id: float(m.body["certainty"]) for m in self.members}
        return len(self.heard(wanted)), fsum(certain[c] for c in wanted)

    def heard(self, claims: Iterable[str]) -> set[int]:
        """Return the numbers of the voices behind the claims."""
        return {self.voice_of[c] for c in claims}

    def sources(self, claims: Sequence[str]) -> list[str]:
        """Return the names of the voices behind the claims, in the order in which they were heard."""
        return [self.voices[i].name for i in dict.fromkeys(self.voice_of[c] for c in claims)]

    def best(self, values: Mapping[Any, list[str]]) -> Any:
        """Return the value that most voices give; of equals the surest, then the first told; None of none."""
        order = {value: i for i, value in enumerate(values)}
        return max(values, key=lambda v: (*self.support(values[v]), -order[v]), default=None)


def summary_of(id: str, members: Iterable[Member], copies: Callable[[str, str], bool]) -> dict[str, Any]:
    """Return the fields of an incident; every value names the claims that carry it."""
    told = _Told(members, copies)
    first, last = _ends(told.members)
    type = told.best(_grouped(told.members, lambda m: [m.body["type"]]))
    return {
        "id": id, "type": type, "status": _status(told), "date": _date(told),
        "places": _places(told), "actors": _parties(told, "actors"), "targets": _parties(told, "targets"),
        "sites": _sites(told), "numbers": _numbers(told), "certainty": _certainty(told),
        "claims": [m.id for m in told.members], "reports": list(dict.fromkeys(m.report for m in told.members)),
        "sources": [voice.name for voice in told.voices], "independent_sources": len(told.voices),
        "voices": [{"name": v.name, "claims": v.claims} for v in told.voices],
        "contradictions": list(_contradictions(told)), "first": first, "last": last,
        "evidence": _surest(told.members, type).body["evidence"],
    }  # fmt: skip


def _surest(members: Sequence[Member], type: str) -> Member:
    """Return the claim of the type that was read with most certainty, the first told of equals."""
    return max(members, key=lambda m: (m.body["type"] == type, m.body["certainty"], -m.n))


def _ends(members: Sequence[Member]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the first and the last report by day of publication, undated ones by when they were taken in."""
    ordered = sorted(members, key=lambda m: (m.published or "9999", m.n))
    return tuple({"report": m.report, "outlet": m.outlet, "published": m.published} for m in (ordered[0], ordered[-1]))  # type: ignore[return-value]


def _grouped(members: Iterable[Member], values: Callable[[Member], Iterable[Any]]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    for member in members:
        for value in values(member):
            found.setdefault(value, []).append(member.id)
    return found


def _status(told: _Told) -> str:
    """Return what is said of the act by most voices; a firm word wins over a mere plan or possibility."""
    values = _grouped(told.members, lambda m: [m.body["status"]])
    firm = {status: claims for status, claims in values.items() if status in ("happened", "ongoing", "denied")}
    return str(told.best(firm or values))


def _date(told: _Told) -> str | None:
    dated = [m for m in told.members if m.body["date"]]
    sure = [m for m in dated if not any(line.startswith("day of publication") for line in m.body.get("why", ()))]
    best = told.best(_grouped(sure or dated, lambda m: [m.body["date"]]))
    return None if best is None else str(best)


def _places(told: _Told) -> list[dict[str, Any]]:
    """Return the places, the one that most voices name first; the finer of two that are equally supported."""
    values = _grouped(told.members, lambda m: dict.fromkeys(_place_key(p) for p in m.body["places"]))
    rows = {_place_key(p): p for m in reversed(told.members) for p in m.body["places"]}
    ordered = sorted(values, key=lambda k: (*(-s for s in told.support(values[k])), rows[k].get("radius_km") or 0, k))
    fields = ("id", "name", "admin1", "country", "lat", "lon", "radius_km", "role")
    return [{**{f: rows[key].get(f) for f in fields}, "claims": values[key]} for key in ordered]


def _place_key(place: Body) -> str:
    return str(place.get("id") or f"{place['country']}/{place['name']}")


def _parties(told: _Told, role: str) -> list[dict[str, Any]]:
    values = _grouped(told.members, lambda m: dict.fromkeys(map(party_key, m.body[role])))
    texts = {party_key(p): p["text"] for m in reversed(told.members) for p in m.body[role]}
    ordered = sorted(values, key=lambda key: (*(-s for s in told.support(values[key])), key))
    return [{"id": None if k.startswith("~") else k, "text": texts[k], "claims": values[k]} for k in ordered]


def _sites(told: _Told) -> list[dict[str, Any]]:
    values = _grouped(told.members, lambda m: dict.fromkeys((s["kind"], s["text"]) for s in m.body["sites"]))
    return [{"kind": kind, "text": text, "claims": claims} for (kind, text), claims in values.items()]


def _numbers(told: _Told) -> dict[str, Any]:
    """Return for each count its range over the voices, each voice with the last that it said."""
    found = {}
    for key in sorted({key for m in told.members for key in m.body["numbers"]}):
        by = list(_last_said(told, key).values())
        low, high = range_of([said["value"] for said in by])
        found[key] = {"low": low, "high": high, "by": by}
    return found


def _last_said(told: _Told, key: str) -> dict[int, dict[str, Any]]:
    said: dict[int, dict[str, Any]] = {}
    for member in sorted(told.members, key=lambda m: (m.published or "", m.n)):
        if key in member.body["numbers"]:
            voice = told.voice_of[member.id]
            name = told.voices[voice].name
            said[voice] = {"value": member.body["numbers"][key], "source": name, "claim": member.id}
    return said


def _certainty(told: _Told) -> float:
    """Return how likely it is that at least one voice was read rightly, each taken at its surest claim."""
    surest: dict[int, float] = {}
    for member in told.members:
        voice = told.voice_of[member.id]
        surest[voice] = max(surest.get(voice, 0.0), float(member.body["certainty"]))
    return round(1 - prod(1 - value for value in surest.values()), 3)


def _contradictions(told: _Told) -> Iterator[dict[str, Any]]:
    """Yield where independent voices cannot all be right: denied, counted, done, dated, called or framed otherwise."""
    yield from _denials(told)
    for key in sorted({key for m in told.members for key in m.body["numbers"]}):
        yield from _count_dispute(told, key)
    yield from _actor_dispute(told)
    yield from _day_dispute(told)
    yield from _type_dispute(told)
    yield from _framing_dispute(told)


def _row(told: _Told, kind: str, field: str, values: Mapping[Any, list[str]]) -> dict[str, Any]:
    rows = [{"value": value, "claims": claims, "sources": told.sources(claims)} for value, claims in values.items()]
    return {"kind": kind, "field": field, "values": rows}


def _has_two_voices(told: _Told, values: Mapping[Any, list[str]]) -> bool:
    """Tell whether the values are those of different voices: who changes their own mind contradicts nobody."""
    return len(values) > 1 and any(told.heard(a) != told.heard(b) for a in values.values() for b in values.values())


def _denials(told: _Told) -> Iterator[dict[str, Any]]:
    values = _grouped(told.members, lambda m: ["denied" if m.body["status"] == "denied" else "affirmed"])
    if _has_two_voices(told, values):
        yield _row(told, "denied", "status", values)


def _count_dispute(told: _Told, key: str) -> Iterator[dict[str, Any]]:
    said = list(_last_said(told, key).values())
    if any(disagree(a["value"], b["value"]) for a in said for b in said):
        values: dict[Any, list[str]] = {}
        for row in said:
            values.setdefault(row["value"], []).append(row["claim"])
        yield _row(told, "count", f"numbers.{key}", values)


def _actor_dispute(told: _Told) -> Iterator[dict[str, Any]]:
    """Yield that voices name different sides as the doers: each known, none kin, none shared.

    Of an act in which all parties are sides alike, as a clash, one voice may name the one side and one the other.
    """
    single = [m for m in told.members if m.body["actors"] and not fusion_rules().is_sided(m.body["type"])]
    named = [m for m in single if all(p["id"] for p in m.body["actors"])]
    values = _grouped(named, lambda m: [" ".join(sorted({p["id"] for p in m.body["actors"]}))])
    apart = [
        (a, b) for a in values for b in values if all(kin_of(x, y) == "enemies" for x in a.split() for y in b.split())
    ]
    held = {value for pair in apart for value in pair}
    if apart and _has_two_voices(told, kept := {v: c for v, c in values.items() if v in held}):
        yield _row(told, "who", "actors", kept)


def _day_dispute(told: _Told) -> Iterator[dict[str, Any]]:
    stated = [m for m in told.members if m.body["date"] and "why" in m.body]
    sure = [m for m in stated if not any(line.startswith("day of publication") for line in m.body["why"])]
    values = _grouped(sure, lambda m: [m.body["date"]])
    if any(_apart(a, b) for a in values for b in values) and _has_two_voices(told, values):
        yield _row(told, "when", "date", values)


def _apart(a: str, b: str) -> bool:
    (first, last), (start, until) = days_of(a), days_of(b)
    return first is not None and start is not None and (last < start or until < first)  # type: ignore[operator]


def _type_dispute(told: _Told) -> Iterator[dict[str, Any]]:
    """Yield that one voice tells a taking away of people or an explosion as another kind of act than the next."""
    values = _grouped(told.members, lambda m: [m.body["type"]])
    for pair in (("arrest", "abduction"), ("airstrike", "bombing"), ("shelling", "bombing"), ("takeover", "handover")):
        kept = {type: values[type] for type in pair if type in values}
        if _has_two_voices(told, kept):
            yield _row(told, "what", "type", kept)


def _framing_dispute(told: _Told) -> Iterator[dict[str, Any]]:
    """Yield that voices tell one type of act in different manners; those of two types can both be true."""
    for type in dict.fromkeys(m.body["type"] for m in told.members):
        alike = [m for m in told.members if m.body["type"] == type]
        values = _grouped(alike, lambda m: [f.manner for f in manners_of(m.body["type"], m.body["evidence"])])
        if _has_two_voices(told, values):
            yield _row(told, "how", "evidence", values)
