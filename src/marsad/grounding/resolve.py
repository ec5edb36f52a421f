"""Which place each mention of one report means, settled once for the report."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from marsad.grounding.gazetteer import RADIUS, Context, Gazetteer, choose, likeliest
from marsad.loading.theatre import PlaceRow, theatre_codes
from marsad.model import PlaceRef, Span

# A theatre that the user names counts as this many plain mentions of its country.
_ASKED = 6.0


def context_of(mentions: Sequence[Any], theatre: str | None, country_hints: dict[str, float]) -> Context:
    """Return the countries and governorates that the mentions speak of; sure ones count most."""
    context = Context()
    if theatre:
        context.countries[theatre.upper()] += _ASKED  # type: ignore[assignment]
    for country, weight in country_hints.items():
        context.countries[country] += weight  # type: ignore[assignment]
    for mention in mentions:
        _count(context, mention.hits)
    for mention in mentions:
        if mention.hits:
            row = likeliest(mention.hits, mention.cue, context)
            if row.admin1 or row.kind == "admin1":
                context.admin1[row.admin1 or row.id] += 1
            if row.weight >= 40 and row.kind not in ("country", "admin1"):
                context.sure.append(row)
    return context


def _count(context: Context, hits: Sequence[Any]) -> None:
    """Share one vote among the countries in which the name is a well-known place."""
    strong = [h.row for h in hits if h.strong and h.row.weight >= 30]
    countries = {r.country: max(x.weight for x in strong if x.country == r.country) for r in strong}
    total = sum(w * w for w in countries.values())
    for country, weight in countries.items():
        share = weight * weight / total
        context.countries[country] += share * share * (weight / 60)


def settle(mentions: Sequence[Any], context: Context, gazetteer: Gazetteer) -> None:
    """Give every mention its row and candidates; "the city" gets the nearest fitting one before it."""
    chosen: dict[tuple[str, ...], tuple[PlaceRow, tuple[Any, ...]]] = {}
    recent, told = list[PlaceRow](), list[PlaceRow]()
    for mention, after in zip_longest(mentions, mentions[1:]):
        if mention.again:
            # "Southeast of Tripoli" names a landmark: "the city" in the next sentence is what the report is about.
            known = _again(mention.again, told, context, gazetteer) if told else None
            mention.row = known or _again(mention.again, recent, context, gazetteer)
        elif mention.hits:
            inside = _inside(mention, after, context)
            key = (str(id(mention.hits)), mention.cue or "", inside.id if inside else "")
            if key not in chosen:
                chosen[key] = choose(mention.hits, mention.cue, context, inside)
            mention.row, mention.candidates = chosen[key]
            _doubt(mention, context)
        if mention.row is not None:
            recent.append(mention.row)
            if mention.direction is None and mention.role != "near":
                told.append(mention.row)


# A place of less weight than this, in a country of which the report says less than this share of what it says of the
# one it is about, is a common word or a man's name. Of 128 such mentions in the coded reports, in countries with a fine
# gazetteer, the coding has 19 as places, and none of them in the row's country.
_KNOWN_ABROAD, _SHARE_ABROAD = 60, 0.1
_COUNTRIES = frozenset(code.upper() for code in theatre_codes())
# "The residential quarters", "the centre of the King": kind words that are nobody's proper name.
_NO_NAMES = ("ال", "وال", "بال", "لل", "فال", "مركز", "ومركز", "بمركز")


def _doubt(mention: Any, context: Context) -> None:
    """Take from a mention a row that lies in a country of which the report does not speak.

    After a kind word it stays as a place that no gazetteer knows: every land has a quarter of the Citadel.
    """
    row, most = mention.row, max(context.countries.values(), default=0)
    if row is None or row.weight >= _KNOWN_ABROAD or row.kind == "country" or row.country not in _COUNTRIES:
        return
    if context.countries.get(row.country, 0) < _SHARE_ABROAD * most:
        mention.row = None
        mention.stray = mention.cue is None or mention.kind_word.startswith(_NO_NAMES)


def _inside(mention: Any, after: Any, context: Context) -> PlaceRow | None:
    """Return the country or governorate that the text names right after an ambiguous name as where that is."""
    if len(mention.hits) < 2 or after is None or not after.hits or not after.qualifies.startswith(("at", "direction")):
        return None
    row = likeliest(after.hits, after.cue, context)
    return row if row.kind in ("country", "admin1") else None


def _again(kinds: tuple[str, ...], recent: list[PlaceRow], context: Context, gazetteer: Gazetteer) -> PlaceRow | None:
    if kinds == ("country",):
        code = max(context.countries, key=lambda c: context.countries[c], default=None)
        return gazetteer.rows.get(code) if code else None
    if kinds == ("admin1",):
        for row in reversed(recent):
            if row.kind == "admin1":
                return row
            if row.admin1:
                return gazetteer.rows.get(row.admin1)
        return None
    if kinds == ("*",):
        # "The region" after the name of a country is the Middle East, not the country.
        return recent[-1] if recent and recent[-1].kind != "country" else None
    for row in reversed(recent):
        if row.kind in kinds:
            return row
    if "city" in kinds:
        return _main_city(recent, gazetteer)
    return None


def _main_city(recent: list[PlaceRow], gazetteer: Gazetteer) -> PlaceRow | None:
    """Return the city that shares its name with the governorate named last."""
    for row in reversed(recent):
        if row.kind == "admin1":
            same = [h.row for h in gazetteer.index.get(row.name_ar) if h.row.kind == "city" and h.row.admin1 == row.id]
            if not same:
                bare = row.name_ar.removeprefix("محافظة ")
                same = [h.row for h in gazetteer.index.get(bare) if h.row.kind == "city" and h.row.admin1 == row.id]
            return max(same, key=lambda r: r.weight, default=None)
    return None


def _part_of(name: str, direction: str, kind: str) -> str:
    """Return the English name of a part of an area, or of what lies beside a place."""
    if kind in ("country", "region", "admin1"):
        return f"{direction.capitalize()}ern {name}"
    return f"{direction.capitalize()} of {name}"


def reference(mention: Any, text: str, span: Span, role: str, gazetteer: Gazetteer) -> PlaceRef:
    """Return the place as the text names it, no more exact than its words."""
    row = mention.row
    if row is None:
        return PlaceRef(text, text, None, None, None, None, role, span)
    admin1 = gazetteer.rows.get(row.admin1) if row.admin1 else (row if row.kind == "admin1" else None)
    vague = mention.direction is not None and row.kind in ("country", "region")
    radius = RADIUS.get(row.kind, 2.0)
    if mention.direction and not vague:
        radius += 5
    name = row.name
    if row.kind == "admin1" and not name.endswith(("Governorate", "Province", "State", "Region")):
        name += " Governorate"
    return PlaceRef(
        text, _part_of(name, mention.direction, row.kind) if mention.direction else name,
        admin1.name if admin1 else None, row.country,
        None if vague else row.lat, None if vague else row.lon,
        role, span, row.id, radius, mention.candidates,
    )  # fmt: skip
