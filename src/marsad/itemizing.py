"""An incident as an item of a digest: by the names that most of its claims give, with the manner of each voice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from marsad.grounding.gazetteer import all_places
from marsad.loading.fusion import fusion_rules
from marsad.loading.prose import prose
from marsad.loading.voices import voice_words
from marsad.publish.voicing import in_words_of_most, manners_in
from marsad.record.names import bare_word, name_key, same_name
from marsad.record.voices import UNNAMED, origin_of
from marsad.text.letters import fold

Row = Mapping[str, Any]


def item_of(incident: Row, claims: Sequence[Row]) -> dict[str, Any]:
    """Return an incident with the manner of each of its voices, by which the digest says who says so."""
    incident = _as_fight(_of_one_act(incident, claims), claims)
    manners = manners_in(incident, date.fromisoformat(incident["date"][:10]) if incident["date"] else None)
    kept = ("id", "type", "status", "date", "sites", "numbers", "claims", "reports",
            "independent_sources", "contradictions", "certainty")  # fmt: skip
    return {
        **{key: incident[key] for key in kept},
        **{role: [in_words_of_most(p, role, claims) for p in incident[role]] for role in ("actors", "targets")},
        "evidence": _typical(incident, claims),
        "places": [{**_as_most_say(place, claims), "name_ar": _arabic_of(place)} for place in incident["places"]],
        "voices": [
            {"name": v["name"], "claims": v["claims"], "manner": manners[v["name"]]} for v in incident["voices"]
        ],
        "unnamed": {claim["id"]: words for claim in claims if (words := unnamed_source(claim))},
        "origins": dict(_other_origins(incident, claims)),
    }


def _other_origins(incident: Row, claims: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Yield claims with whose they are where their voice goes by another name: copies of one text are one voice."""
    names = {claim: voice["name"] for voice in incident["voices"] for claim in voice["claims"]}
    for claim in claims:
        origin = claim["origin"] or claim["outlet"] or ""
        if origin and not same_name(name_key(origin), name_key(names.get(claim["id"], origin))):
            yield claim["id"], origin


def _of_one_act(incident: Row, claims: Sequence[Row]) -> Row:
    """Return an incident in which only those differ on who did it who tell of the same act, and do not deny it."""
    same = {c["id"] for c in claims if c["type"] == incident["type"] and c["status"] != "denied"}
    kept = []
    for dispute in incident["contradictions"]:
        values = [{**v, "claims": [c for c in v["claims"] if c in same]} for v in dispute["values"]]
        told = [{**v, "sources": _sources_of(incident, v["claims"])} for v in values if v["claims"]]
        kept += [dispute] if dispute["kind"] != "who" else [{**dispute, "values": told}] if len(told) > 1 else []
    return {**incident, "contradictions": kept}


def _sources_of(incident: Row, claims: Sequence[str]) -> list[str]:
    return [voice["name"] for voice in incident["voices"] if not set(claims).isdisjoint(voice["claims"])]


def _as_fight(incident: Row, claims: Sequence[Row]) -> Row:
    """Return as a fight what some tell so and others as an attack of either side: that is no dispute of who did it."""
    fights = [claim["type"] for claim in claims if fusion_rules().is_sided(claim["type"])]
    others = [dispute for dispute in incident["contradictions"] if dispute["kind"] != "who"]
    is_either = bool(fights) and len(others) < len(incident["contradictions"])
    return {**incident, "type": fights[0], "contradictions": others} if is_either else incident


def _typical(incident: Row, claims: Sequence[Row]) -> str:
    """Return evidence of the kind of act that most claims of the type mean: an ambush, looting; "" where none does."""
    words = prose("ar").types.get(incident["type"])
    told = [claim["evidence"] for claim in claims if claim["type"] == incident["type"]]
    if words is None or not told:
        return str(incident["evidence"])
    kinds = Counter(words.told_by(evidence).name for evidence in told)
    kind, times = kinds.most_common(1)[0]
    return next(e for e in told if words.told_by(e).name == kind) if 2 * times > len(told) else ""


def _as_most_say(place: Row, claims: Sequence[Row]) -> Row:
    """Return a place of an incident by the name and in the role that most of its claims give it."""
    said = Counter(
        (p["name"], p["role"])
        for claim in claims if claim["id"] in place["claims"]
        for p in claim["places"] if place["id"] and p["id"] == place["id"]
    )  # fmt: skip
    if not said:
        return place
    name, role = said.most_common(1)[0][0]
    return {**place, "name": name, "role": role}


def unnamed_source(claim: Row) -> str:
    """Return the words for a source who is nobody by name and whom an outlet quotes: "a military source"."""
    said = claim["sources"][-1].split() if claim["sources"] and claim["origin"] == claim["outlet"] else []
    # "The agency's correspondent" is the agency.
    is_outlet = any(bare_word(fold(word)) in voice_words().outlet for word in said)
    if not said or is_outlet or origin_of([" ".join(said)], None) != UNNAMED:
        return ""
    # "The source" is one of whom the report has spoken, the digest has not.
    return said[0].removeprefix("ال") if len(said) == 1 else " ".join(said)


def _arabic_of(place: Row) -> str | None:
    row = all_places().rows.get(place["id"] or "")
    return row.name_ar if row and place["name"].startswith(row.name) and row.name_ar else None
