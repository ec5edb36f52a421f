"""The sentences of a digest, each made only from what an incident, a change of hands or a count of places carries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from marsad.loading.codebook import actors, sides
from marsad.loading.framings import framings
from marsad.publish.amounts import order_of
from marsad.publish.items import Item, narrowed
from marsad.publish.labels import of_type
from marsad.publish.phrasing import Phrase, Slots, Tongue, plain, subject_first

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the claims that it stands on and the incident that it tells, None where it tells none.

    `core` is the same in two sentences that say the same in other words.
    """

    text: str
    claims: tuple[str, ...] = ()
    incident: str | None = None
    core: str = ""


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells the sentences of a digest: in a language, of the days from `first` to `last`.

    Who says something is told in several `ways`, without them always in the first.
    """

    tongue: Tongue
    first: str
    last: str
    ways: bool = True

    def incident(self, row: Row) -> Sentence:
        """Return the sentence that tells an incident; open talks say for how long they have been so."""
        item = Item(row, self.tongue, _disputed_of(row))
        said = self._by_status(item)
        if row.get("open_days"):
            days = self.tongue.counted(row["open_days"], "day")
            said = self.tongue.frame("open", act=plain(said), days=days)
        core = replace(self, ways=False)._by_status(item)
        return Sentence(self.tongue.finished(said), tuple(row["claims"]), row["id"], core)

    def _by_status(self, item: Item) -> str:
        """Return what is said of an act by its status: it happened, goes on, is planned, may have been, is denied."""
        status = item.row["status"]
        if status == "happened":
            return self._happened(item)
        if status == "denied" and item.words.denied and (said := self.tongue.fill(item.words.denied, item.slots)):
            return self._said(item, said + self._when(item.row["date"]))
        if status == "ongoing":
            return self._ongoing(item)
        if status == "denied" and _is_own(item):
            item = Item(item.row, self.tongue, item.without | {"actors"})
        noun = self.noun(item, toll=status != "denied")
        if status in ("denied", "possible"):
            return self.tongue.frame(status, noun=noun, by=self._all_voices(item))
        return self._said(item, self.tongue.frame(status, noun=noun))

    def _ongoing(self, item: Item) -> str:
        """Return that an act goes on, went on between two days, or was going on when it was told."""
        when, noun = self._when(item.row["date"]).strip(), self.noun(item, when=False)
        frame = "ongoing" if not when else "ongoing_span" if "/" in item.row["date"] else "ongoing_then"
        return self._said(item, self.tongue.frame(frame, noun=noun, when=plain(when)) + item.toll())

    def _happened(self, item: Item) -> str:
        when = self._when(item.row["date"], apart="about" in item.slots)
        slots = {**item.slots, **({"when": plain(when.strip())} if when else {})}
        acts = item.words.act if "actor" in item.slots else ()
        for pattern in (*acts, *item.words.happen):
            said = self.tongue.fill(pattern, slots)
            if said is not None:
                turned = self._behind(pattern, slots) if item.has_one_actor or pattern not in acts else None
                rest = item.toll() if "{when}" in pattern else when + item.toll()
                return self._said(item, said + rest, turned + rest if turned else None)
        return self._said(item, item.toll())

    def _behind(self, pattern: str, slots: Slots) -> str | None:
        """Return a pattern filled as it stands behind "said that"; None where it cannot."""
        turned = pattern if self.tongue.lang == "en" else subject_first(pattern)
        return self.tongue.fill(turned, slots) if turned else None

    def noun(self, item: Item, toll: bool = False, when: bool = True) -> Phrase:
        """Return an incident as a noun: "an attack by … on …"."""
        words = self.tongue.fill_first(item.words.noun, item.slots) or ""
        end = (self._when(item.row["date"], apart="about" in item.slots) if when else "") + (
            item.toll() if toll else ""
        )
        return plain(words + end, item.words.fem, item.words.many)

    def _when(self, date: str | None, apart: bool = False) -> str:
        """Return when it was, with a space before it or set `apart`; "" where the title of the digest says so."""
        start, _, end = (date or "").partition("/")
        if not start or (not end and start == self.first == self.last):
            return ""
        year = start[:4] != self.last[:4]
        first, last = self.tongue.span(start, end or start, year)
        if end:
            when = self.tongue.frame("span", x=plain(first), n=plain(last))
        else:
            when = self.tongue.frame("on_day", x=plain(last))
        return self.tongue.frame("while", when=plain(when)) if apart else f" {when}"

    def _said(self, item: Item, said: str, behind: str | None = None) -> str:
        """Return a statement with who makes it; where brackets name all already, or it is the actor's own, shorter."""
        named = _names(item.row["voices"])
        if _is_own(item):
            return self.tongue.frame("tail_own", act=plain(said), party=item.slots["actor"])
        if len(named) > 1 and all(
            f"{self.tongue.source(name, item.theatre).gen}" in _bracketed(said) for name in named
        ):
            return self.tongue.frame("tail_two" if len(named) == 2 else "tail_these", act=plain(said))
        return self.attributed(item.row, item.theatre, said, behind, item.row["id"])

    def _all_voices(self, item: Item) -> Phrase:
        return self._saying(item.row, item.row["voices"], item.theatre)

    def _saying(self, row: Row, voices: Sequence[Row], theatre: str) -> Phrase:
        """Return voices of a row, each with whom it quotes where that is nobody by name."""
        return self.tongue.sources(_names(voices), theatre, _quoted(row, voices))

    def attributed(self, row: Row, theatre: str, said: str, behind: str | None, key: str) -> str:
        """Return a statement with who makes it; a party to the act announces it, others report it.

        Of several ways to say so the key decides, so that a statement is worded alike wherever it stands.
        """
        names = _names(row["voices"])
        voices = {name: [v for v in row["voices"] if v["name"] in names and v["manner"] == name] for name in _MANNERS}
        slots = {manner: self._saying(row, some, theatre) for manner, some in voices.items() if some}
        if not names:
            return said
        slots |= {"by": self._saying(row, [*voices["told"], *voices["party"]], theatre), "act": plain(said)}
        if not voices["party"]:
            return self._reported(slots, behind, crc32(key.encode()) if self.ways else 0)
        frame = "tail_among" if len(names) > 2 and voices["told"] else "tail_both" if voices["told"] else "tail_party"
        return self.tongue.frame(frame, **slots)

    def _reported(self, slots: dict[str, Phrase], behind: str | None, n: int) -> str:
        if behind is not None and n % 2:
            return self.tongue.frame("lead", n // 2, **{**slots, "act": plain(behind)})
        return self.tongue.frame("tail", n // 2, **slots)

    def disputes(self, row: Row) -> Iterator[Sentence]:
        """Yield what of an incident is denied, and in one sentence all else on which its voices differ."""
        denials = [dispute for dispute in row["contradictions"] if dispute["kind"] == "denied"]
        for dispute in denials:
            yield self._disputed(row, self._denied(row, dispute), [dispute])
        others = [dispute for dispute in row["contradictions"] if dispute not in denials]
        if others := [dispute for dispute in others if _is_between_voices(row, dispute)]:
            yield self._disputed(row, self._differing(row, others), others)

    def _disputed(self, row: Row, said: str, disputes: Iterable[Row]) -> Sentence:
        claims = (claim for dispute in disputes for value in dispute["values"] for claim in value["claims"])
        return Sentence(self.tongue.finished(said), tuple(dict.fromkeys(claims)), row["id"])

    def _by(self, row: Row, value: Row, theatre: str) -> Phrase:
        """Return who gives one of the values on which voices differ."""
        wanted = set(value["claims"])
        voices = [{"name": name, "claims": [c for c in wanted if _is_by(row, name, c)]} for name in value["sources"]]
        return self.tongue.sources(value["sources"], theatre, _quoted(row, voices))

    def _denied(self, row: Row, dispute: Row) -> str:
        affirmed = [claim for value in dispute["values"] if value["value"] == "affirmed" for claim in value["claims"]]
        item = Item(narrowed(row, affirmed), self.tongue, _disputed_of(row) | {"numbers"})
        said = {value["value"]: self._by(row, value, item.theatre) for value in dispute["values"]}
        noun = self.noun(item)
        return self.tongue.frame("dispute_denied", noun=noun, told=said["affirmed"], party=said["denied"])

    def _differing(self, row: Row, disputes: Sequence[Row]) -> str:
        item = Item(row, self.tongue, _disputed_of(row) | {"numbers"}, brief=True)
        when = all(dispute["kind"] != "when" for dispute in disputes)
        parts = [self._aspect(item, dispute, "dispute" if len(disputes) == 1 else "aspect") for dispute in disputes]
        slots = {"noun": self.noun(item, when=when)}
        if len(parts) == 1:
            return self.tongue.fill(parts[0][0], {**slots, **parts[0][1]}) or ""
        said = [self.tongue.fill(pattern, {**slots, **more}) or "" for pattern, more in parts]
        return self.tongue.frame("dispute_several", **slots, all=plain(self.tongue.aspects(said)))

    def _aspect(self, item: Item, dispute: Row, frame: str) -> tuple[str, dict[str, Phrase]]:
        """Return the pattern of a thing on which voices differ, alone or beside others, and what it is filled with."""
        kind, key = dispute["kind"], dispute["field"].partition(".")[2]
        values = sorted(dispute["values"], key=lambda v: order_of(v["value"])) if kind == "count" else dispute["values"]
        views = [
            self.tongue.frame(
                "one_says",
                x=self._view(kind, key, value["value"], item.row),
                by=self._by(item.row, value, item.theatre),
            )
            for value in values
        ]
        what = {"what": plain(self.tongue.prose.counts[key])} if key in self.tongue.prose.counts else {}
        return self.tongue.prose.frame(f"{frame}_{kind}"), {"all": plain(self.tongue.clauses(views)), **what}

    def _view(self, kind: str, key: str, value: Any, row: Row) -> Phrase:
        """Return one of the values on which voices differ, in words."""
        way = 0 if self.tongue.lang == "ar" else 1
        if kind == "count":
            return self.tongue.counted(value, key)
        if kind == "who":
            return self.tongue.joined([self.actor(id) for id in str(value).split()])
        if kind == "when":
            return plain(self._days(str(value)))
        if kind == "what":
            return plain(self.tongue.within(of_type(str(value))[way]))
        manner = next((f for f in framings().get(row["type"], ()) if f.manner == value), None)
        return plain(f"«{manner.ar}»" if way == 0 else f"“{manner.en}”") if manner else plain(str(value))

    def _days(self, date: str) -> str:
        """Return a day, or the first and the last of several."""
        first, _, last = date.partition("/")
        if not last:
            return self.tongue.day(first)
        start, end = self.tongue.span(first, last)
        return self.tongue.frame("span", x=plain(start), n=plain(end))

    def actor(self, id: str) -> Phrase:
        """Return what an actor of the registry is called in the field."""
        party = self.tongue.prose.party(id, "")
        return self.tongue.named(party.in_field()) if party else plain(id)

    def turns(self, rows: Sequence[Row]) -> Iterator[Sentence]:
        """Yield what changed hands, in one sentence the places that did so alike on one day by the same voices."""
        groups: dict[Any, list[Row]] = {}
        for row in rows:
            voices = tuple((voice["name"], voice["manner"]) for voice in row["voices"])
            key = (row["day"], row["status"], *row["holders"], row["status_before"], row["holder_before"], voices)
            groups.setdefault((*key, row.get("began"), row["is_told"]), []).append(row)
        for some in groups.values():
            claims = dict.fromkeys(claim for row in some for claim in (*row["claims"], *row["claims_before"]))
            yield Sentence(self.tongue.finished(self._turn(some)), tuple(claims))

    def _turn(self, rows: Sequence[Row]) -> str:
        """Return what changed hands with who says so; how it stood before is not their word but the record's."""
        row = rows[0]
        theatre, name = (row["country"] or "").lower(), _frame_of(row)
        slots = self._turn_slots(rows, name)
        if name == "found":
            return self._found(row, theatre, slots)
        pattern = self.tongue.prose.frame(name)
        said = self.tongue.fill(pattern, slots) or ""
        if not row["is_told"] and row["voices"]:
            said = self.tongue.frame("hinted", by=self._saying(row, row["voices"], theatre), **slots)
        else:
            said = self.attributed(row, theatre, said, self._behind(pattern, slots), row["place"] + row["day"])
        before = self.tongue.fill(self.tongue.prose.frame(f"before_{row['status_before']}"), slots)
        return (
            said
            if before is None or name == "freed"
            else self.tongue.frame("and_before", act=plain(said), x=plain(before))
        )

    def _found(self, row: Row, theatre: str, slots: dict[str, Phrase]) -> str:
        """Return that a place of which nothing was known is in somebody's hands, by their own word or others'."""
        if not _names(row["voices"]):
            return self.tongue.frame("found_unsaid", **slots)
        by = self._saying(row, row["voices"], theatre)
        if not row["is_told"]:
            said = self.tongue.frame("hinted", by=by, **slots)
            before = self.tongue.frame("before_unknown", **slots)
            return self.tongue.frame("and_before", act=plain(said), x=plain(before))
        is_own = all(voice["manner"] == "party" for voice in row["voices"])
        return self.tongue.frame("found_party" if is_own else "found", by=by, **slots)

    def _turn_slots(self, rows: Sequence[Row], name: str) -> dict[str, Phrase]:
        row = rows[0]
        there = [id for id in _sides_of(row) if name != "besieged" or id != row["holder"]]
        when = self._when(row["day"]).strip()
        found = {
            "place": self.tongue.places(rows), "when": plain(when) if when else None,
            "holder": self.actor(row["holder"]) if row["holder"] else None,
            "before": self.actor(row["holder_before"]) if row["holder_before"] else None,
            "sides": self.tongue.joined(list(map(self.actor, there))) if len(there) > (name == "contested") else None,
        }  # fmt: skip
        return {slot: phrase for slot, phrase in found.items() if phrase is not None}

    def standing(self, standing: Row) -> Iterator[Sentence]:
        """Yield how many places each side holds at the end, and the change since before.

        Of fewer than three places nothing is said: a count of so few says less than their names.
        """
        end, before, new = (standing.get(key, {}) for key in ("end", "before", "new"))
        sides = sorted({*end, *before}, key=lambda side: (-end.get(side, 0), side))
        if max(sum(end.values()), sum(before.values())) < _FEW:
            return
        slots = {"x": plain(self.tongue.prose.frame("day_before" if self._is_day else "period_before"))}
        parts = [self._share(s, end.get(s, 0), before.get(s, 0), new.get(s, 0), slots) for s in sides]
        said, total = self._shares(parts), sum(end.values())
        if len(end) > 1 and total > 2:
            said = self.tongue.frame("of_all", act=plain(said), n=self.tongue.counted(total, "place"))
        kept = [end.get(side, 0) == before.get(side, 0) and not new.get(side) for side in sides]
        frame = "same" if all(kept) else "others_same" if any(kept) else ""
        yield Sentence(self.tongue.finished(self.tongue.frame(frame, act=plain(said), **slots) if frame else said))

    @property
    def _is_day(self) -> bool:
        return self.first == self.last

    def _shares(self, parts: Sequence[Phrase]) -> str:
        """Return the shares of all sides as one statement, whose verb agrees with the first."""
        joined = parts[0].map(lambda _: self.tongue.clauses([part.nom for part in parts]))
        when = plain(self.tongue.prose.frame("the_day" if self._is_day else "the_period"))
        return self.tongue.frame("standing", all=joined, when=when)

    def _share(self, side: str, now: int, before: int, new: int, slots: Slots) -> Phrase:
        """Return how many places a side has, how many more or fewer than before, and of how many nothing was known."""
        n = self.tongue.counted(now, "place")
        frames = _STANDING.get(side, ("side", "none_left"))
        has = {"x": self.actor(side)} if side not in _STANDING else {}
        said = plain(self.tongue.frame(frames[0] if now else frames[1], n=n, **has))
        if notes := self._notes(now, now - before - new, new, slots):
            said = plain(self.tongue.frame("because", act=said, x=plain(self.tongue.clauses(notes))))
        return said._replace(fem=n.fem, many=n.many)

    def _notes(self, now: int, gained: int, new: int, slots: Slots) -> list[str]:
        """Return how many places a side has gained or lost, and how many are newly known."""
        change = "more" if gained > 0 else "fewer"
        first = [self.tongue.frame(change, n=self.tongue.changed(abs(gained)), **slots)] if gained else []
        of_them = "all_new" if new == now else "newly_known"
        return [*first, *([self.tongue.frame(of_them, n=self.tongue.changed(new))] if new else [])]


_MANNERS = ("told", "party")
# Places of a governorate of which it is told who holds how many.
_FEW = 3
_STANDING = {"contested": ("in_contest", "no_contest"), "vacated": ("left_empty", "not_empty")}


def _names(voices: Iterable[Row]) -> list[str]:
    """Return the names of voices; a short name of another of them is no other voice."""
    names = list(dict.fromkeys(voice["name"] for voice in voices))
    return [name for name in names if not any(other.startswith(_stem(name)) for other in names if other != name)]


def _quoted(row: Row, voices: Iterable[Row]) -> dict[str, str]:
    """Return for voices all whose claims are of one whom they quote without a name, the words for them."""
    unnamed = row.get("unnamed", {})
    said = {voice["name"]: {unnamed.get(claim, "") for claim in voice.get("claims", ())} for voice in voices}
    return {name: words.pop() for name, words in said.items() if len(words) == 1}


def _is_by(row: Row, name: str, claim: str) -> bool:
    return any(claim in voice.get("claims", ()) for voice in row["voices"] if voice["name"] == name)


def _is_between_voices(row: Row, dispute: Row) -> bool:
    """Tell whether voices differ: not where whoever gives one value gives another too.

    Whom an outlet quotes without a name is another than the outlet.
    """
    unnamed, of_claim = row.get("unnamed", {}), {c: v["name"] for v in row["voices"] for c in v.get("claims", ())}
    told = [{(of_claim.get(c, c), unnamed.get(c, "")) for c in value["claims"]} for value in dispute["values"]]
    apart = [some for n, some in enumerate(told) if not any(some <= other for m, other in enumerate(told) if m != n)]
    return len(apart) > 1


def _stem(name: str) -> str:
    return name.removeprefix("ال") + " "


def _disputed_of(row: Row) -> frozenset[str]:
    """Return the fields of an incident that are not told as sure: who did it, where the voices differ on that."""
    return frozenset({"actors"} if any(dispute["kind"] == "who" for dispute in row["contradictions"]) else ())


def _is_own(item: Item) -> bool:
    """Tell whether the only voice is the only actor."""
    named, actor = _names(item.row["voices"]), item.slots.get("actor")
    is_one = len(named) == 1 and actor is not None and item.has_one_actor
    return is_one and item.tongue.source(named[0], item.theatre).nom == actor.nom  # type: ignore[union-attr]


def _bracketed(said: str) -> str:
    return " ".join(re.findall(r"\(([^()]*)\)", said))


def _frame_of(row: Row) -> str:
    """Return the name of the frame that tells a change of hands."""
    status, before = row["status"], row["status_before"]
    if status != "held":
        return {"contested": "contested", "besieged": "besieged", "vacated": "vacated"}.get(status, "lost")
    if before == "besieged" and row["holder"] == row["holder_before"]:
        return "freed"
    if before in ("contested", "besieged", "vacated"):
        return f"taken_{before}"
    if not row["holder_before"]:
        return "found"
    return "passed" if row.get("began") == "first heard of" else "taken"


def _sides_of(row: Row) -> list[str]:
    """Return the sides that are in a place: who leads there, and the others; not those for whom the leader holds it."""
    first, *others = row.get("sides") or row["holders"] or [""]
    if row.get("sides"):
        return [first, *others]
    parents, at = set[str](), actors().get(first)
    while at is not None and at.parent and at.parent not in parents:
        parents.add(at.parent)
        at = actors().get(at.parent)
    fronts = sides().get((row["country"] or "").lower(), ())
    parents |= {front.lead for front in fronts if first in front.members}
    return [id for id in (first, *others) if id and id not in parents]
