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
from marsad.publish.phrasing import Phrase, Said, Tongue, plain, site_name, unjoined, unowned
from marsad.publish.spots import spot_of

Row = Mapping[str, Any]
_TOLL = ("killed", "wounded", "casualties")
_THINGS = ("vehicles", "weapons")
_QUOTES = ("«", "“")


@dataclass(frozen=True)
class Item:
    """An incident, the language, and the fields that are not told of it ("actors", "numbers").

    With `brief`, nobody is named who says it, and what fewer voices say is left out where more say something else.
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
            "what": self._what(), **self._places(),
        }  # fmt: skip
        return {name: phrase for name, phrase in found.items() if phrase is not None}

    def _marks(self, claims: Iterable[str]) -> tuple[str, ...]:
        """Return the names of the voices behind the claims; none where all are, or nothing tells which."""
        voices, wanted = self.row["voices"], set(claims)
        saying = [v for v in voices if wanted.intersection(v.get("claims", wanted))]
        return () if len(saying) == len(voices) else tuple(dict.fromkeys(v["name"] for v in saying))

    def _marked(self, told: Sequence[tuple[Phrase, tuple[str, ...]]]) -> Phrase | None:
        """Return phrases as a list, those of the same voices together."""
        parts = [self._by(self.tongue.joined(phrases), names) for names, phrases in self._groups(told).items()]
        return self.tongue.joined(parts) if parts else None

    def _groups(self, told: Iterable[tuple[Any, tuple[str, ...]]]) -> dict[tuple[str, ...], list[Any]]:
        """Return things by who says so; in brief what most say, said by nobody."""
        groups = _grouped(told)
        if not self.brief or not groups:
            return groups
        return {(): groups.get(()) or max(groups.items(), key=lambda group: len(group[0]))[1]}

    def _by(self, phrase: Phrase, names: Sequence[str]) -> Phrase:
        return phrase.map(lambda words: words + self.tongue.by(names, self.theatre))

    def _named(self, party: Row) -> Phrase:
        known = self._party(party)
        return self.tongue.named(known) if known else self.tongue.quoted(party["text"])

    def _party(self, party: Row) -> Party | None:
        known = self.tongue.prose.party(party["id"], unjoined(party["text"]))
        return known.in_field() if known and self.words.armed else known

    def _of(self, *roles: str) -> list[Row]:
        return [party for role in roles if role not in self.without for party in self._in_role(role)]

    def _in_role(self, role: str) -> list[Row]:
        """Return the parties of a role; who did it by some claims and suffered it by others is told as most say."""
        other = "targets" if role == "actors" else "actors"
        against = {party["id"]: len(party["claims"]) for party in self.row[other] if party["id"]}
        most = [p for p in self.row[role] if (len(p["claims"]), role == "actors") > (against.get(p["id"], 0), False)]
        return [party for party in most if party["id"] or not _points_back(party["text"])] or most

    def _parties(self, *roles: str) -> Phrase | None:
        return self._marked(self._told(self._of(*roles)))

    def _told(self, parties: Iterable[Row]) -> list[tuple[Phrase, tuple[str, ...]]]:
        """Return what parties are called, each name once, with those who say so."""
        told: dict[str, tuple[Phrase, list[str]]] = {}
        for party in parties:
            phrase = self._named(party)
            told.setdefault(phrase.nom, (phrase, []))[1].extend(party["claims"])
        return [(phrase, self._marks(claims)) for phrase, claims in told.values()]

    def _between(self) -> Phrase | None:
        """Return the sides of an act in which all are sides alike: between two, or with the one that is told."""
        told = self._told(self._of("actors", "targets"))
        sides = self._marked(told)
        if sides is None:
            return None
        if sum(map(len, self._groups(told).values())) > 1:
            return plain(self.tongue.frame("between", sides=sides))
        return plain(self.tongue.fill(self.words.one, {"x": sides}) or "") if self.words.one else None

    def _who(self) -> Phrase:
        """Return the people of it: so many of them, or some; of people and forces together, whom among them."""
        parties = self._of(self.words.of)
        known = [self._party(party) for party in parties]
        people = [party is not None and party.people for party in known]
        said = self._said(self.words.count)
        if any(people) and not all(people):
            return self._mixed(said, parties, people)
        is_plain = self.words.makes and len(known) == 1 and known[0] is not None and known[0].noun == self.words.count
        named = None if is_plain else self._parties(self.words.of)
        if not said:
            return self._some(named, all(people))
        counted = self._counted(said, _noun_of(known, all(people), is_plain), parties if named else ())
        return counted if all(people) or named is None else self._part(counted, named)

    def _counted(self, said: Sequence[Said], noun: str, parties: Iterable[Row]) -> Phrase:
        """Return how many people it were; who says so is not named where the parties behind it have the same names."""
        marks = {names for _, names in self._told(parties)}
        if len(said) == 1 and marks == {said[0].by}:
            said = [Said(said[0].value)]
        return self.tongue.ranged(said, noun, self.theatre)

    def _mixed(self, said: Sequence[Said], parties: Sequence[Row], people: Sequence[bool]) -> Phrase:
        """Return people and members of forces: "civilians and members of …", or so many, among them these."""
        persons = self._marked(self._told(p for p, is_people in zip(parties, people, strict=True) if is_people))
        forces = self._marked(self._told(p for p, is_people in zip(parties, people, strict=True) if not is_people))
        members = self._some(forces, False) if forces else None
        if not said:
            return self.tongue.joined([phrase for phrase in (persons, members) if phrase])
        counted = self.tongue.ranged(said, "person", self.theatre)
        is_told = persons is None or persons.nom == self.tongue.prose.frame("people")
        both = self.tongue.joined([phrase for phrase in (None if is_told else persons, members) if phrase])
        return counted.map(lambda words: self.tongue.frame("among_them", n=plain(words), x=both))

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

    def _what(self) -> Phrase:
        """Return what an act is made of: strikes, so many where they are counted; of an act on things, which."""
        if self._is_on_things:
            return self._things()
        said = self._said("strikes")
        counted = self.tongue.ranged(said, "strikes", self.theatre) if said else None
        return counted or plain(self.tongue.prose.frame("strikes"), fem=True, many=True)

    @property
    def _is_on_things(self) -> bool:
        """Tell whether the patterns name what it is done to, and that is nothing that the type counts."""
        return not self.words.count and any("{what" in pattern for pattern in self.words.happen)

    def _things(self) -> Phrase:
        """Return the sites that are told of an act on things, else so many vehicles or weapons, else "property"."""
        if self._thing_sites:
            return self._alone("things", self._thing_sites)
        counted = [self.tongue.ranged(said, key, self.theatre) for key in _THINGS if (said := self._said(key))]
        return self.tongue.joined(counted) if counted else plain(self.tongue.prose.frame("property"))

    @cached_property
    def _thing_sites(self) -> list[Row]:
        """Return the sites to which an act on things was done; a bare position says nothing."""
        return _told_once([s for s in self._own_sites if s["kind"] != "position"]) if self._is_on_things else []

    def _said(self, key: str) -> list[Said]:
        """Return the values of a number, the least first, each with who says it; nobody where all say it."""
        count = None if "numbers" in self.without else self.row["numbers"].get(key)
        values: dict[Any, list[str]] = {}
        for told in count["by"] if count else ():
            source = self.row.get("origins", {}).get(told.get("claim"), told["source"])
            values.setdefault(told["value"], []).append(source)
        is_all = len(values) == 1 and {v["name"] for v in self.row["voices"]} <= set(*values.values())
        return [
            Said(value, () if is_all else tuple(dict.fromkeys(values[value]))) for value in sorted(values, key=order_of)
        ]

    def _places(self) -> dict[str, Phrase | None]:
        """Return where it is: what is done to a place (`on`), in it, from it, to it, about it."""
        rows = [{**place, "as": self._told_as(place)} for place in _finest(self.row["places"])]
        sites = [] if self._is_on_things else self._sites(rows)
        by_slot = {slot: [row for row in rows if row["as"] == slot] for slot in ("from", "to", "about")}
        inside = [row for row in rows if row["as"] in ("at", "near", "axis")]
        leaves = self.words.slots.get("at") == "from"
        found = {slot: self._listed(some) for slot, some in by_slot.items()}
        if leaves and self.words.objects:
            return {**found, "from": self._object(found["from"], sites), "in": self._located(inside, [])}
        return {**found, "on": self._object(self._listed(inside), sites), "in": self._located(inside, sites)}

    def _told_as(self, place: Row) -> str:
        """Return as what a place is told; what lies north of it is beside it already."""
        role = str(place["role"])
        return self.words.slots.get(role, "at" if role == "near" and spot_of(place).direction else role)

    def _listed(self, rows: Sequence[Row]) -> Phrase | None:
        told = []
        for is_near in (False, True):
            for names, some in self._groups([(row, self._marks(row["claims"])) for row in rows]).items():
                meant = [row for row in some if (row["as"] == "near") == is_near]
                if meant:
                    places = self.tongue.places(meant)
                    around = plain(self.tongue.frame("around", x=places)) if is_near else places
                    told.append((around, names))
        return self._marked(told)

    def _located(self, rows: Sequence[Row], sites: Sequence[Row]) -> Phrase | None:
        told = self._groups([(row, self._marks(row["claims"])) for row in rows])
        parts = [plain(self.tongue.located(some) + self.tongue.by(names, self.theatre)) for names, some in told.items()]
        named = self._named_sites(sites) if sites else None
        if not parts:
            return plain(self.tongue.frame("at_sites", x=named)) if named else None
        where = self.tongue.joined(parts)
        return (
            plain(self.tongue.fill(self.tongue.prose.frame("site_at"), {"in": where, "x": named}) or "")
            if named
            else where
        )

    def _alone(self, frame: str, sites: Sequence[Row]) -> Phrase:
        """Return sites that nothing stands before, in a frame of the language."""
        return self._named_sites(sites).map(lambda words: self.tongue.frame(frame, x=plain(words)))

    def _object(self, places: Phrase | None, sites: Sequence[Row]) -> Phrase | None:
        """Return what it is done to: places, sites in them, or places and above all sites of them."""
        named = self._named_sites(sites) if sites else None
        if places is None or named is None:
            return places or (self._alone("sites", sites) if sites else None)
        frame = self.tongue.prose.frame("site_in" if self.words.objects else "site_on")
        both = zip(places.cases, named.cases, strict=True)
        nom, gen, acc = (self.tongue.fill(frame, {"on": plain(on), "x": plain(x)}) or "" for on, x in both)
        fem, many = (False, False) if self.words.objects else (places.fem, places.many)
        return Phrase(nom, gen, acc, fem, many)

    def _sites(self, rows: Sequence[Row]) -> list[Row]:
        """Return the sites that say more than the places: none of a place's own kind or name, no vehicles."""
        kinds, names = {spot_of(row).kind for row in rows}, _names_of(rows)
        told = [s for s in self._own_sites if not self.brief or not rows or not self._marks(s["claims"])]
        return _told_once([
            site for site in told
            if site["kind"] not in kinds and _head_of(site) not in names and self._is_telling(site)
        ])  # fmt: skip

    @property
    def _own_sites(self) -> list[Row]:
        """Return the sites without those that one voice tells of another act than the one whose doer it names."""
        doers = {claim for party in self._of("actors") for claim in party["claims"]}
        return [
            site for site in self.row["sites"]
            if not doers or self._marks(site["claims"]) or not doers.isdisjoint(site["claims"])
        ]  # fmt: skip

    def _named_sites(self, sites: Sequence[Row]) -> Phrase:
        """Return sites as a list, what only some voices tell with their names."""
        told = self._groups([(site, self._marks(site["claims"])) for site in sites])
        return self.tongue.joined([self._told_by(self.tongue.sites(some), names) for names, some in told.items()])

    def _told_by(self, sites: Phrase, names: Sequence[str]) -> Phrase:
        """Return sites with who tells them, in a frame of the language: sites may stand in brackets themselves."""
        by = plain(self.tongue.by(names, self.theatre).strip(" ()"))
        return sites.map(lambda words: self.tongue.frame("site_by", x=plain(words), by=by)) if names else sites

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
        used |= set(_THINGS) if self._is_on_things and not self._thing_sites else set()
        keys = [key for key in self.row["numbers"] if key not in used]
        dead = [key for key in _TOLL if key in keys]
        is_real = self.row["status"] not in ("planned", "called_for")
        own = [key for key in dead if self.words.toll and is_real]
        hurt = [key for key in dead if self.words.count == "killed" and is_real]
        rest = [key for key in [*dead, *keys] if key not in (*own, *hurt)]
        return self._tally("toll", own) + self._tally("besides", hurt) + self._tally("with", rest)

    def _tally(self, frame: str, keys: Iterable[str]) -> str:
        counted = [self._count(key) for key in dict.fromkeys(keys) if self._said(key)]
        return self.tongue.frame(frame, all=self.tongue.joined(counted)) if counted else ""

    def _count(self, key: str) -> Phrase:
        said = self._said(key)
        if key == "share":
            said = [Said(_percent(value), by) for value, by in said]
        return self.tongue.ranged(said, key, self.theatre)


def _names_of(places: Iterable[Row]) -> set[str]:
    """Return the words of places' names, without their article."""
    words = " ".join(spot.name_ar or spot.name for spot in map(spot_of, places)).split()
    return {word.removeprefix("ال") for word in words}


def _head_of(site: Row) -> str:
    """Return the first word for a site without its article: of "the military base", "base"."""
    words = site_name(site["text"]).split()
    return words[0].removeprefix("ال") if words else ""


def _told_once(sites: Sequence[Row]) -> list[Row]:
    """Return sites without those that say less than another of their kind, as "a base" beside "the air base"."""
    by_kind: dict[str, list[Row]] = {}
    for site in sites:
        by_kind.setdefault(site["kind"], []).append(site)
    best = {kind: max(map(_telling_of, some)) for kind, some in by_kind.items()}
    named = [site for site in sites if _telling_of(site)[0] > 1 or _telling_of(site) == best[site["kind"]]]
    return list({_head_of(site) + site_name(site["text"]): site for site in named}.values())


def _telling_of(site: Row) -> tuple[int, bool]:
    name = site_name(site["text"])
    return len(name.split()), name.startswith("ال")


def _points_back(text: str) -> bool:
    """Tell whether words are of somebody whom only their report names: "its units"."""
    return unowned(unjoined(text)) != unjoined(text)


def _noun_of(known: Sequence[Party | None], people: bool, is_plain: bool) -> str:
    """Return by which noun people are counted: that of the one party, persons, or members of a force."""
    if is_plain or None in known or not known:
        return "person"
    one = known[0] if len(known) == 1 and people else None
    return (one.noun if one else "") or ("person" if people else "member")


def narrowed(row: Row, claims: Iterable[str]) -> Row:
    """Return an incident as some of its claims tell it, as if all its voices did; what they do not tell stays."""
    wanted = set(claims)
    fields = {key: [_narrowed_to(part, wanted) for part in row[key] if wanted.intersection(part["claims"])]
              for key in ("actors", "targets", "places", "sites")}  # fmt: skip
    voices = [{key: value for key, value in voice.items() if key != "claims"} for voice in row["voices"]]
    return {**row, **{key: told or row[key] for key, told in fields.items()}, "voices": voices}


def _narrowed_to(part: Row, wanted: set[str]) -> Row:
    """Return a party in the words of one of the wanted claims, where it is known which claim has which words."""
    words = next((text for claim, text in part.get("texts", {}).items() if claim in wanted), None)
    return {**part, "text": words} if words else part


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
