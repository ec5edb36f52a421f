"""Claims: events with their roles, places, time, numbers, voice and status put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from marsad.grounding.resolve import reference
from marsad.loading.codebook import types
from marsad.loading.language import Language
from marsad.model import Claim, Party, PlaceRef, Report, Site, Span, Unread, claim_id
from marsad.reading.attribution import AttributionReader, Voices
from marsad.reading.events import Event, EventFinder
from marsad.reading.parties import PartyMention
from marsad.reading.places import PlaceMention
from marsad.reading.roles import Slot, SlotFinder, ground_roles, role_by_pack
from marsad.reading.sites import SiteMention
from marsad.reading.times import TimeMention, TimeWords, find_times
from marsad.reading.words import Words
from marsad.text.letters import fold


@dataclass(slots=True)
class Scene:
    """Everything that one report names."""

    report: Report
    words: Words
    places: list[PlaceMention]
    parties: list[PartyMention]
    sites: list[SiteMention]
    theatre: str | None
    gazetteer: Any
    times: list[TimeMention] = field(default_factory=list)
    voices: Voices | None = None


@dataclass(slots=True)
class Draft:
    """A candidate claim while it is put together."""

    event: Event
    slots: list[Slot]
    actors: list[PartyMention] = field(default_factory=list)
    targets: list[PartyMention] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    sites: list[SiteMention] = field(default_factory=list)
    certainty: float = 0.5


class ClaimReader:
    """Makes claims of a scene with one language's pack."""

    def __init__(self, pack: Language) -> None:
        """Compile the pack's entries."""
        clauses = pack.clauses
        self.starters = frozenset(fold(w) for w in clauses.get("starters", ()))
        relatives = frozenset(fold(w) for w in clauses.get("relatives", ()))
        agents = tuple(tuple(fold(w) for w in a.split()) for a in clauses.get("agents", ()))
        that = frozenset(fold(w) for w in clauses.get("that", ()))
        self.finder = EventFinder(pack.triggers)
        self.slots = SlotFinder(relatives, agents)
        self.voices = AttributionReader(pack.attribution, that)
        self.times = TimeWords(pack.times) if pack.times else None
        self.roles = {t.key: ground_roles(t.roles, types()[t.type].roles) for t in pack.triggers}

    def read(self, scene: Scene) -> tuple[list[Claim], list[Unread]]:
        """Return the claims in the order of their triggers, and the sentences without one."""
        words = scene.words
        if self.times:
            found = find_times(words.tokens, self.times, scene.report.published)
            scene.times = [TimeMention(words.at[t.first], words.at[t.last], t.value, t.kind) for t in found]
        timed = {k for t in scene.times for k in range(t.first, t.last + 1)}
        scene.voices = self.voices.read(words, scene.parties, timed)
        drafts = [self._draft(scene, e) for e in self._best(self.finder.find(words))]
        claims = [self._claim(scene, d) for d in drafts]
        return claims, []

    def _best(self, events: list[Event]) -> list[Event]:
        best: dict[int, Event] = {}
        for e in events:
            if e.at not in best or e.met > best[e.at].met:
                best[e.at] = e
        return list(best.values())

    def _draft(self, scene: Scene, event: Event) -> Draft:
        draft = Draft(event, self.slots.find(scene.words, event, scene.parties))
        roles = self.roles[event.trigger.key]
        for slot in draft.slots:
            role = role_by_pack(slot, event, roles)
            if role == "actor":
                draft.actors.append(slot.party)
            elif role == "target":
                draft.targets.append(slot.party)
        self._places(scene, draft)
        return draft

    def _places(self, scene: Scene, draft: Draft) -> None:
        words, at = scene.words, draft.event.at
        same = [p for p in scene.places if words.sentence(p.first) == words.sentence(at) and p.row is not None or (not p.again and words.sentence(p.first) == words.sentence(at))]
        clause = [p for p in same if words.clause[p.first] == words.clause[at]]
        right = [p for p in clause if p.first > at] or [p for p in clause if p.first < at] or [p for p in same if p.first > at][:1] or [p for p in same if p.first < at][-1:]
        if not right:
            right = [p for p in scene.places if p.first < at and p.row is not None][-1:]
        draft.places = right
        draft.sites = [s for s in scene.sites if words.sentence(s.first) == words.sentence(at) and words.clause[s.first] == words.clause[at]]

    def _claim(self, scene: Scene, draft: Draft) -> Claim:
        words, at = scene.words, draft.event.at
        trigger = Span(*words.span(at, at))
        marks = [at, draft.event.last]
        for m in (*draft.actors, *draft.targets, *draft.places, *draft.sites):
            if words.sentence(m.first) == words.sentence(at):
                marks += [m.first, m.last]
        span = Span(*words.span(min(marks), max(marks)))
        voice = scene.voices.of[at] if scene.voices and scene.voices.age[at] == 0 else None
        return Claim(
            type=draft.event.trigger.type,
            trigger=words.slice(at, at),
            trigger_span=trigger,
            evidence=scene.report.text[span.start : span.end],
            span=span,
            status=draft.event.trigger.status or "happened",
            actors=tuple(_party(words, p) for p in draft.actors),
            targets=tuple(_party(words, p) for p in draft.targets),
            places=tuple(_place(scene, p) for p in draft.places),
            sites=tuple(Site(words.slice(s.first, s.last), s.kind, Span(*words.span(s.first, s.last))) for s in draft.sites),
            date=self._date(scene, draft),
            sources=tuple(words.slice(a, b) for a, b in voice.speakers) if voice else (),
            quoted=words.quoted[at],
            certainty=draft.certainty,
            id=claim_id(scene.report.id, trigger, draft.event.trigger.type),
        )

    def _date(self, scene: Scene, draft: Draft) -> str | None:
        words, at = scene.words, draft.event.at
        same = [t for t in scene.times if words.sentence(t.first) == words.sentence(at) and t.value]
        if same:
            return min(same, key=lambda t: abs(t.first - at)).value
        return scene.report.published.isoformat() if scene.report.published else None


def _party(words: Words, party: PartyMention) -> Party:
    return Party(words.slice(party.first, party.last), party.id, Span(*words.span(party.first, party.last)))


def _place(scene: Scene, place: PlaceMention) -> PlaceRef:
    words = scene.words
    span = Span(*words.span(place.first, place.last))
    return reference(place, words.slice(place.first, place.last), span, place.role, scene.gazetteer)
