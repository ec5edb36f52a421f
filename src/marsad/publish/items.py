"""An incident of a digest taken apart into the phrases that the patterns of its type name.

Where several voices tell it, what only some of them say carries their names; nothing is said that no voice says.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marsad.loading.prose import Party, TypeWords, prose
from marsad.publish.amounts import amount_of, order_of
from marsad.publish.phrasing import Phrase, Said, Tongue, plain, site_name, unjoined
from marsad.publish.spots import spot_of

Row = Mapping[str, Any]
_TOLL = ("killed", "wounded", "casualties")
_QUOTES = ("«", "“")


@dataclass(frozen=True)
class Item:
    """An incident, the language, and the fields that are not told of it ("actors", "numbers").

    With `brief`, what only some voices say is left out where all say something of the kind.
    """

    row: Row
    tongue: Tongue
    without: frozenset[str] = frozenset()
    brief: bool = False

    @cached_property
    def words(self) -> TypeWords:
        """Return the patterns of its type, those of the variant that its evidence means."""
        return self.tongue.prose.types[self.row["type"]].told_by(self.row["evidence"])

    @property
    def theatre(self) -> str:
        """Return the code of the country in which it is, "" where no place tells."""
        return next((place["country"].lower() for place in self.row["places"] if place["country"]), "")

    @property
    def has_one_actor(self) -> bool:
        """Tell whether one actor is named, by all voices."""
        return len({self._named(party).nom for party in self._of("actors")}) == 1

    @cached_property
    def slots(self) -> dict[str, Phrase]:
        """Return the phrases by the names of their slots, those that it has."""
        found = {
            "actor": self._parties("actors"), "target": self._parties("targets"), "between": self._between(),
            "who": self._who() if self.words.count or self.words.of == "actors" else self._people(),
            "what": self._strikes(), **self._places(),
        }  # fmt: skip
        return {name: phrase for name, phrase in found.items() if phrase is not None}

    def _marks(self, claims: Iterable[str]) -> tuple[str, ...]:
        """Return the names of the voices behind the claims; none where all are, or nothing tells which."""
        voices, wanted = self.row["voices"], set(claims)
        saying = [v for v in voices if wanted.intersection(v.get("claims", wanted))]
        return () if len(saying) == len(voices) else tuple(dict.fromkeys(v["name"] for v in saying))

    def _marked(self, told: Sequence[tuple[Phrase, tuple[str, ...]]]) -> Phrase | None:
        """Return phrases as a list, those of the same voices together."""
        groups = self._of_interest(_grouped(told))
        parts = [self._by(self.tongue.joined(phrases), names) for names, phrases in groups.items()]
        return self.tongue.joined(parts) if parts else None

    def _of_interest(self, groups: dict[Any, list[Any]]) -> dict[Any, list[Any]]:
        return {(): groups[()]} if self.brief and () in groups else groups

    def _by(self, phrase: Phrase, names: Sequence[str]) -> Phrase:
        return phrase.map(lambda words: words + self.tongue.by(names, self.theatre))

    def _named(self, party: Row) -> Phrase:
        known = self._party(party)
        return self.tongue.named(known) if known else self.tongue.quoted(party["text"])

    def _party(self, party: Row) -> Party | None:
        known = self.tongue.prose.party(party["id"], unjoined(party["text"]))
        return known.in_field() if known and self.words.armed else known

    def _of(self, *roles: str) -> list[Row]:
        return [party for role in roles if role not in self.without for party in self.row[role]]

    def _parties(self, *roles: str) -> Phrase | None:
        told: dict[str, tuple[Phrase, list[str]]] = {}
        for party in self._of(*roles):
            phrase = self._named(party)
            told.setdefault(phrase.nom, (phrase, []))[1].extend(party["claims"])
        return self._marked([(phrase, self._marks(claims)) for phrase, claims in told.values()])

    def _between(self) -> Phrase | None:
        """Return the sides of an act in which all are sides alike: between two, or with the one that is told."""
        sides = self._parties("actors", "targets")
        if sides is None:
            return None
        if len({self._named(party).nom for party in self._of("actors", "targets")}) > 1:
            return plain(self.tongue.frame("between", sides=sides))
        return plain(self.tongue.fill(self.words.one, {"x": sides}) or "") if self.words.one else None

    def _who(self) -> Phrase:
        """Return the people of it: so many of them, or some."""
        parties = self._of(self.words.of)
        known = [self._party(party) for party in parties]
        people = all(party is not None and party.people for party in known)
        is_plain = self.words.makes and len(known) == 1 and known[0] is not None and known[0].noun == self.words.count
        named = None if is_plain else self._parties(self.words.of)
        said = self._said(self.words.count)
        if not said:
            return self._some(named, people)
        counted = self.tongue.ranged(said, _noun_of(known, people, is_plain), self.theatre)
        return counted if people or named is None else self._part(counted, named)

    def _some(self, named: Phrase | None, people: bool) -> Phrase:
        """Return the people of it where nobody counts them: of a force, some of its members."""
        if named is None:
            return self.tongue.some(self.tongue.prose.frame("people"))
        if people or not self.words.members or named.nom.startswith(_QUOTES):
            return named
        return self._part(self.tongue.some(self.tongue.prose.frame("some_members")), named)

    def _part(self, counted: Phrase, named: Phrase) -> Phrase:
        if named.nom.startswith(_QUOTES) and not named.nom[1:].startswith("ال"):
            return counted  # "three of “individuals”" says no more than three
        frame = "part_quoted" if named.nom.startswith(_QUOTES) else "part_of"
        return counted.map(lambda words: self.tongue.frame(frame, n=plain(words), x=named))

    def _people(self) -> Phrase:
        return self._parties(self.words.of) or self.tongue.some(self.tongue.prose.frame("people"))

    def _strikes(self) -> Phrase:
        said = self._said("strikes")
        counted = self.tongue.ranged(said, "strikes", self.theatre) if said else None
        return counted or plain(self.tongue.prose.frame("strikes"), fem=True, many=True)

    def _said(self, key: str) -> list[Said]:
        """Return the values of a number, the least first, each with who says it; nobody where all say it."""
        count = None if "numbers" in self.without else self.row["numbers"].get(key)
        values: dict[Any, list[str]] = {}
        for told in count["by"] if count else ():
            values.setdefault(told["value"], []).append(told["source"])
        is_all = len(values) == 1 and len(set(*values.values())) >= len({v["name"] for v in self.row["voices"]})
        return [
            Said(value, () if is_all else tuple(dict.fromkeys(values[value]))) for value in sorted(values, key=order_of)
        ]

    def _places(self) -> dict[str, Phrase | None]:
        """Return where it is: what is done to a place (`on`), in it, from it, to it, about it."""
        rows = [
            {**place, "as": self.words.slots.get(place["role"], place["role"])} for place in _finest(self.row["places"])
        ]
        sites = self._sites(rows)
        by_slot = {slot: [row for row in rows if row["as"] == slot] for slot in ("from", "to", "about")}
        inside = [row for row in rows if row["as"] in ("at", "near", "axis")]
        leaves = self.words.slots.get("at") == "from"
        found = {slot: self._listed(some) for slot, some in by_slot.items()}
        if leaves and self.words.objects:
            return {**found, "from": self._object(found["from"], sites), "in": self._located(inside, [])}
        return {**found, "on": self._object(self._listed(inside), sites), "in": self._located(inside, sites)}

    def _listed(self, rows: Sequence[Row]) -> Phrase | None:
        told = []
        for is_near in (False, True):
            for names, some in _grouped([(row, self._marks(row["claims"])) for row in rows]).items():
                meant = [row for row in some if (row["as"] == "near") == is_near]
                if meant:
                    places = self.tongue.places(meant)
                    around = plain(self.tongue.frame("around", x=places)) if is_near else places
                    told.append((around, names))
        return self._marked(told)

    def _located(self, rows: Sequence[Row], sites: Sequence[Row]) -> Phrase | None:
        told = self._of_interest(_grouped([(row, self._marks(row["claims"])) for row in rows]))
        parts = [plain(self.tongue.located(some) + self.tongue.by(names, self.theatre)) for names, some in told.items()]
        named = self.tongue.sites(sites) if sites else None
        if not parts:
            return plain(self.tongue.frame("at_sites", x=named)) if named else None
        where = self.tongue.joined(parts)
        return (
            plain(self.tongue.fill(self.tongue.prose.frame("site_at"), {"in": where, "x": named}) or "")
            if named
            else where
        )

    def _object(self, places: Phrase | None, sites: Sequence[Row]) -> Phrase | None:
        """Return what it is done to: places, sites in them, or places and above all sites of them."""
        named = self.tongue.sites(sites) if sites else None
        if places is None or named is None:
            return places or named
        frame = self.tongue.prose.frame("site_in" if self.words.objects else "site_on")
        both = zip(places.cases, named.cases, strict=True)
        nom, gen, acc = (self.tongue.fill(frame, {"on": plain(on), "x": plain(x)}) or "" for on, x in both)
        fem, many = (False, False) if self.words.objects else (places.fem, places.many)
        return Phrase(nom, gen, acc, fem, many)

    def _sites(self, rows: Sequence[Row]) -> list[Row]:
        """Return the sites that say more than the places: none of a place's own kind or name, no vehicles."""
        kinds = {spot_of(row).kind for row in rows}
        names = " ".join(row["name_ar"] or row["name"] for row in rows).split()
        return [
            site for site in self.row["sites"]
            if site["kind"] not in kinds and site_name(site["text"]) not in names and self._is_telling(site)
        ]  # fmt: skip

    def _is_telling(self, site: Row) -> bool:
        """Tell whether a site is somewhere, and more than "a road": such a word alone says nothing of where."""
        lists, name = prose("ar").lists, site_name(site["text"])
        is_bare = " " not in name and not name.startswith("ال")
        vague = is_bare and site["kind"] in lists["vague_sites"] and not self.words.objects
        return not vague and site["kind"] not in lists["no_place"] + (() if self.words.objects else ("position",))

    def toll(self) -> str:
        """Return the dead and wounded, and what else is counted, as the end of a sentence; "" where nothing is.

        What is only planned or asked for has killed nobody.
        """
        used = {self.words.count} if self.words.count else set()
        keys = [key for key in self.row["numbers"] if key not in used]
        dead = [key for key in _TOLL if key in keys]
        is_real = self.row["status"] not in ("planned", "called_for")
        own = [key for key in dead if self.words.toll and is_real]
        return self._tally("toll", own) + self._tally("with", [key for key in [*dead, *keys] if key not in own])

    def _tally(self, frame: str, keys: Iterable[str]) -> str:
        counted = [self._count(key) for key in dict.fromkeys(keys) if self._said(key)]
        return self.tongue.frame(frame, all=self.tongue.joined(counted)) if counted else ""

    def _count(self, key: str) -> Phrase:
        said = self._said(key)
        if key == "share":
            said = [Said(_percent(value), by) for value, by in said]
        return self.tongue.ranged(said, key, self.theatre)


def _noun_of(known: Sequence[Party | None], people: bool, is_plain: bool) -> str:
    """Return by which noun people are counted: that of the one party, persons, or members of a force."""
    if is_plain or None in known or not known:
        return "person"
    one = known[0] if len(known) == 1 and people else None
    return (one.noun if one else "") or ("person" if people else "member")


def narrowed(row: Row, claims: Iterable[str]) -> Row:
    """Return an incident as some of its claims tell it, as if all its voices did; what they do not tell stays."""
    wanted = set(claims)
    fields = {key: [part for part in row[key] if wanted.intersection(part["claims"])]
              for key in ("actors", "targets", "places", "sites")}  # fmt: skip
    voices = [{key: value for key, value in voice.items() if key != "claims"} for voice in row["voices"]]
    return {**row, **{key: told or row[key] for key, told in fields.items()}, "voices": voices}


def _grouped(told: Iterable[tuple[Any, Hashable]]) -> dict[Any, list[Any]]:
    """Return things by what they are told with, what all say first."""
    groups: dict[Any, list[Any]] = {}
    for thing, names in told:
        groups.setdefault(names, []).append(thing)
    return dict(sorted(groups.items(), key=lambda group: bool(group[0])))


def _finest(places: Sequence[Row]) -> list[Row]:
    """Return the places without countries and governorates where a place in them is told in the same role."""
    spots = [(place, spot_of(place)) for place in places]
    fine = [(place, spot) for place, spot in spots if not spot.level and spot.kind != "country"]
    return [place for place, spot in spots if not _has_finer(place, spot.kind, spot.level, [p for p, _ in fine])]


def _has_finer(area: Row, kind: str, level: int, places: Iterable[Row]) -> bool:
    if kind == "country":
        return any(place["role"] == area["role"] for place in places)
    return level == 1 and any((p["role"], p["admin1"]) == (area["role"], area["admin1"]) for p in places)


def _percent(value: Any) -> str:
    amount = amount_of(value)
    sign = {"more": ">", "least": ">=", "less": "<", "most": "<="}.get(amount.sign, "")
    return f"{sign}{round(100 * amount.low)}"
