"""Who holds what in a record: its claims are told to the atlas, whose answers get names, points and words.

The atlas knows no record and no gazetteer; what stands here only carries between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from marsad.control.atlas import Atlas, Holding
from marsad.control.sides import at_level, holders_of
from marsad.control.testimony import Testimony
from marsad.control.timeline import State
from marsad.control.told import Spot, Told
from marsad.grounding.gazetteer import all_places, find
from marsad.grounding.surroundings import SETTLEMENTS, around, governorate_of, is_area
from marsad.loading.control import control_rules
from marsad.loading.speakers import partisan_of
from marsad.loading.theatre import PlaceRow, theatre_codes
from marsad.record.names import name_key

Row = Mapping[str, Any]
_UNSURE, _SURE = "unsure", ("accepted", "corrected")
# A share of fewer places with evidence than this says little of an area.
_ENOUGH_PLACES = 5
# A told share further than this from that of the places is a contradiction.
_FAR_SHARE = 0.25


def atlas_of(claims: Iterable[Row], originals: Mapping[str, str] | None = None) -> Atlas:
    """Return the atlas of a record's claims, as a view yields them; `originals` names whose text a report repeats."""
    return Atlas.of((told_of(claim, originals or {}) for claim in claims), around)


def told_of(claim: Row, originals: Mapping[str, str]) -> Told:
    """Return a claim of a record as control is told it."""
    start, _, until = (claim["date"] or "").partition("/")
    spots = tuple(_spots(claim))
    voice = _voice(claim, originals)
    return Told(
        claim["id"], claim["type"], claim["status"], _ids(claim["actors"]), _ids(claim["targets"]), spots,
        start, until or start, claim["published"] or "", _sureness(claim), name_key(voice),
        _partisan(voice, spots, start or claim["published"]), _share_of(claim["numbers"].get("share")),
        tuple(link["claim"] for link in claim["links"] if link["kind"] == "after"), _is_reviewed(claim),
    )  # fmt: skip


def _share_of(told: object) -> float | None:
    """Return a told share (0 to 1) as a number: of "more than 90 %" the 0.9; None where it is in words or absent."""
    try:
        share = float(str(told).lstrip("<>=~"))
    except ValueError:
        return None
    return share if 0.0 < share <= 1.0 else None


def _voice(claim: Row, originals: Mapping[str, str]) -> str:
    """Return whose voice a claim is; that of a copied text without a named source is the original's."""
    origin = claim["origin"] or claim["outlet"] or ""
    own = name_key(origin) == name_key(claim["outlet"] or "")
    return originals.get(claim.get("report", ""), origin) if own else origin


def _ids(parties: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p["id"] for p in parties if p["id"]))


def _sureness(claim: Row) -> float:
    """Return how sure a claim is: a reviewer's yes is 1, "unsure" lessens the reader's certainty."""
    if _is_reviewed(claim):
        return 1.0
    return float(claim["certainty"]) * (control_rules().factor["unsure"] if claim["verdict"] == _UNSURE else 1.0)


def _is_reviewed(claim: Row) -> bool:
    return claim["verdict"] in _SURE or claim["by"] == "person"


def _spots(claim: Row) -> Iterator[Spot]:
    for place in claim["places"]:
        if not place["id"]:
            continue
        country, extent = place["country"] or "", place.get("extent") or ""
        role = "near" if _is_beside(place) else place["role"]
        within = governorate_of(place["id"]) if extent == "only" else ""
        yield Spot(place["id"], role, extent, country, is_area(place["id"]), within)
        sites = claim["sites"] if extent == "site" and not is_area(place["id"]) else ()
        for site in (s for s in sites if s["kind"] in control_rules().sites):
            yield Spot(f"{place['id']}/{site['kind']}", "at", "", country)


def _is_beside(place: Row) -> bool:
    """Tell whether the words mean what lies beside a place: "south of Daraa" is not the gazetteer's name."""
    row = all_places().rows.get(place["id"])
    return row is not None and row.kind != "country" and not place["name"].startswith(row.name)


def _partisan(voice: str, spots: Iterable[Spot], day: str | None) -> str:
    theatre = next((code for spot in spots if (code := spot.country.lower()) in theatre_codes()), None)
    return partisan_of(voice, theatre, date.fromisoformat(day) if day else None) if voice else ""


class Ledger:
    """The answers of an atlas as rows with names; `level` is for whom one asks: group, coalition or side."""

    def __init__(self, atlas: Atlas, level: str = "group") -> None:
        self.atlas, self.level = atlas, level

    def on(self, day: str, places: Sequence[str] = (), under: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield one row a place of which anything is known on the ISO day, by governorate and name."""
        if places:
            asked = [place for place in places if is_under(place, under)]
            found = [holding for place in asked if (holding := self.atlas.on(place, day)) is not None]
        else:
            found = [holding for holding in self.atlas.on_day(day) if is_under(holding.place, under)]
        named = [(place_fields(holding.place), holding) for holding in found]
        for fields, holding in sorted(named, key=lambda pair: _by_name(pair[0])):
            yield self.row(holding, day, fields)

    def row(self, holding: Holding, day: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return a holding with every field of docs/reference/control.md."""
        state, named = holding.state, fields or place_fields(holding.place)
        holders = self._holders(state, named["country"], day)
        told = {
            "status": state.status, "holder": holders[0] if holders else None, "holders": holders,
            "sides": self._sides(state), "since": state.since or None,
            "began": "told" if state.is_act else "first heard of",
            "until": _day_before(holding.until), "confidence": holding.confidence, "basis": holding.basis,
            "sources": state.voices, "evidence": list(state.claims), "against": list(state.against),
            "age_days": holding.age,
        }  # fmt: skip
        return {**named, **told, "share": self._share(holding, day) if is_area(holding.place) else None}

    def _holders(self, state: State, country: str, day: str) -> list[str]:
        """Return who holds, the most exact first, then its parents; of a contested place, the others after them."""
        if not state.sides:
            return []
        theatre = (country or "").lower()
        chain = list(holders_of(state.actor, theatre, day))
        first = at_level(state.actor, self.level, theatre, day)
        return list(dict.fromkeys([*chain[chain.index(first) :], *state.sides]))

    def _share(self, holding: Holding, day: str) -> dict[str, Any] | None:
        """Return the share of an area that reports give its holder, that of its places, and whether they differ."""
        shares = [t for t in self.atlas.testimonies(holding.place) if t.share < 1 and t.day <= day and not t.area]
        told = [t for t in shares if t.side == holding.state.side][-1:]
        counted, places = self._counted(holding, day)
        if not told and counted is None:
            return None
        claimed = told[0].share if told else None
        differ = claimed is not None and counted is not None and abs(claimed - counted) > _FAR_SHARE
        said = {"claimed": claimed, "claim": told[0].claim if told else None}
        return {**said, "counted": counted, "places": places, "differ": differ}

    def _counted(self, holding: Holding, day: str) -> tuple[float | None, int]:
        """Return the share of an area's settlements with evidence that its holder has, and how many there are."""
        inside = [p for p in self.atlas.places if holding.place in around(p) and _is_settlement(p)]
        sides = [h.state.side for p in inside if (h := self.atlas.on(p, day)) is not None and h.state.sides]
        if len(sides) < _ENOUGH_PLACES:
            return None, len(sides)
        return round(sum(side == holding.state.side for side in sides) / len(sides), 2), len(sides)

    def named(self, name: str) -> list[str]:
        """Return the places that a name or id means: of several those that somebody holds, else the likeliest one."""
        if name.partition("/")[0] in all_places().rows:
            return [name]
        known = [row.id for row in find(name)]
        held = [id for id in known if any(state.side for state in self.atlas.timeline(id))]
        return held or [id for id in known if self.atlas.timeline(id)][:1] or known[:1]

    def history(self, place: str, last: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield the states of a place in order, each with the claims that made the change."""
        for before, state in self.atlas.changes(place):
            if last is None or state.start <= last:
                yield {**self._change(place, before, state), "day": state.start}

    def changes(self, first: str, last: str, under: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield what changed hands from the ISO day `first` to `last`, by day, then by governorate and name."""
        turns = [turn for turn in self.atlas.turns(first, last) if is_under(turn[0], under)]
        found = [self._change(*turn) for turn in turns]
        yield from sorted(found, key=lambda row: (row["day"], row["admin1"] or "", row["name"], row["place"]))

    def _change(self, place: str, before: State | None, state: State) -> dict[str, Any]:
        named = place_fields(place)
        holders = self._holders(state, named["country"], state.start)
        earlier = self._holders(before, named["country"], state.start) if before else []
        return {
            "day": state.since, **named, "status": state.status,
            "sides": self._sides(state),
            "holder": holders[0] if holders else None, "holders": holders,
            "status_before": before.status if before else "unknown",
            "holder_before": earlier[0] if earlier else None,
            "began": "told" if state.is_act else "first heard of",
            "confidence": state.chance, "sources": state.voices, "evidence": list(state.turned or state.claims),
            "against": list(state.against),
        }  # fmt: skip

    def argument(self, place: str, day: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Return a place's row, and every testimony on it since it last changed hands, the newest first.

        Each testimony `speaks` for or against whoever leads at the end of the day.
        """
        holding = self.atlas.on(place, day)
        if holding is None:
            unknown = State("", "unknown", "", "", (), "", False, 0.0, day, "", 0, (), (), ())
            holding = Holding(place, unknown, "", 0.0, 0, "inferred")
        row = self.row(holding, day)
        heard, against = self.atlas.argument(place, day)
        found = [self._said(t, "for") for t in heard] + [self._said(t, "against") for t in against]
        return row, sorted(found, key=lambda said: (said["day"], said["weight"]), reverse=True)

    def _sides(self, state: State) -> list[str]:
        """Return who stands for each side in or around the place: the leader by the name that the claims give it."""
        first, *others = state.sides or ("",)
        return [state.actor if first == state.side else first, *others] if first else []

    def _said(self, t: Testimony, speaks: str) -> dict[str, Any]:
        place, area = place_fields(t.place), place_fields(t.area) if t.area else None
        return {
            "speaks": speaks, "day": t.day, "does": t.does, "actor": t.actor, "side": t.side, "claim": t.claim,
            "weight": round(t.weight, 3), "rule": t.rule, "place": place["name"],
            "place_ar": place["name_ar"] or place["name"], "area": area["name"] if area else None,
            "area_ar": (area["name_ar"] or area["name"]) if area else None,
        }  # fmt: skip


def place_fields(place: str) -> dict[str, Any]:
    """Return what the gazetteer says of a place; a site in it has its point and the kind before its name."""
    id, _, site = place.partition("/")
    row = all_places().rows.get(id)
    if row is None:
        unknown = dict.fromkeys(("name_ar", "kind", "admin1", "country", "pcode", "lat", "lon"))
        return {"place": place, "name": place, **unknown}
    area = all_places().rows.get(row.admin1)
    return {
        "place": place, "name": f"{site} in {row.name}" if site else row.name, "name_ar": row.name_ar or None,
        "kind": site or row.kind, "admin1": _admin1_name(row, area), "country": row.country or None,
        "pcode": row.pcode or None, "lat": row.lat, "lon": row.lon,
    }  # fmt: skip


def is_under(place: str, area: str | None) -> bool:
    """Tell whether a place is an area, lies in it, or in the country of these two letters; None is everywhere."""
    if area is None or area in (place, *around(place)):
        return True
    row = all_places().rows.get(place.partition("/")[0])
    return row is not None and row.country == area


def _admin1_name(row: PlaceRow, area: PlaceRow | None) -> str | None:
    return area.name if area else row.name if row.kind == "admin1" else None


def _is_settlement(place: str) -> bool:
    row = all_places().rows.get(place)
    return row is not None and row.kind in SETTLEMENTS


def _by_name(fields: Row) -> tuple[str, str, str]:
    return fields["admin1"] or "", fields["name"], fields["place"]


def _day_before(day: str) -> str | None:
    return (date.fromisoformat(day) - timedelta(1)).isoformat() if day else None
