"""Claims: candidate events weighed, then given roles, places, time, numbers, voice and status."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, NamedTuple

from marsad.loading.codebook import types
from marsad.loading.language import Language
from marsad.reading import belief, casting, dating, status, whereabouts
from marsad.reading.agreement import may_mean
from marsad.reading.attribution import AttributionReader, Voice
from marsad.reading.events import Event, EventFinder
from marsad.reading.extents import ExtentReader
from marsad.reading.linking import Linker
from marsad.reading.numbers import NumberWords, Quantity, find_numbers
from marsad.reading.parties import PartyMention
from marsad.reading.places import PlaceMention
from marsad.reading.roles import Slot, SlotFinder, ground_roles, role_by_pack
from marsad.reading.scene import Scene
from marsad.reading.sites import SiteMention
from marsad.reading.tally import TallyReader
from marsad.reading.times import TimeMention, TimeWords, find_times
from marsad.reading.weights import Seen, Weights, weights
from marsad.text.letters import fold

# Thresholds on the fitted chances, each the best F1 of the cross-validated sweep in docs/quality.md.
KEEP, CAST, ALSO = 0.42, 0.36, 0.6
# The score of that chance, and a hair less: sums of the same numbers in another order differ in the last digit.
_HOPE = math.log(KEEP / (1 - KEEP)) - 1e-6
# Types whose actor is the holder: of "under its control", whom the pronoun means.
_HOLDS = frozenset({"control", "takeover"})
# Where grammar alone says who loses a place, this is its word.
PLAIN = 0.5
# A party that "and" joins to one with the role has it from here on.
BESIDE = 0.2
LEAST = {"actor": 0.25, "target": 0.18}


@dataclass(slots=True)
class Draft:
    """A candidate claim while it is put together."""

    event: Event
    slots: list[Slot]
    certainty: float = 0.5
    actors: list[PartyMention] = field(default_factory=list)
    targets: list[PartyMention] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    sites: list[SiteMention] = field(default_factory=list)
    extents: list[str] = field(default_factory=list)
    status: str = "happened"
    date: str | None = None
    time: TimeMention | None = None
    voice: Voice | None = None
    numbers: dict[str, Any] = field(default_factory=dict)
    parts: list[tuple[str, Slot, float]] = field(default_factory=list)
    spots: list[tuple[PlaceMention, float]] = field(default_factory=list)
    ties: list[tuple[str, Draft]] = field(default_factory=list)


class Weighed(NamedTuple):
    """A candidate with its slots and the sum of the features that need no survey of the report."""

    event: Event
    slots: list[Slot]
    score: float


class ClaimReader:
    """Makes drafts of a scene with one language's pack and weights."""

    def __init__(self, pack: Language) -> None:
        """Compile the pack's entries."""
        clauses = pack.clauses
        relatives = frozenset(fold(w) for w in clauses.get("relatives", ()))
        agents = tuple(tuple(fold(w) for w in a.split()) for a in clauses.get("agents", ()))
        that = frozenset(fold(w) for w in clauses.get("that", ()))
        self.footers = tuple(tuple(fold(w) for w in f.split()) for f in clauses.get("footers", ()))
        self.finder = EventFinder()
        support = frozenset(fold(w) for w in clauses.get("support", ()))
        self.slots = SlotFinder(relatives, agents, support)
        self.voices = AttributionReader(pack.attribution, that, pack.common)
        self.times = TimeWords(pack.times)
        self.numbers = NumberWords(pack.numbers)
        self.tally = TallyReader(pack.tally)
        self.extents = ExtentReader(pack.extents)
        self.linker = Linker(clauses)
        self.roles = {t.key: ground_roles(t.roles, types()[t.type].roles) for t in pack.triggers}
        self.models = {
            n: weights(pack.code, n) for n in ("belief", "casting", "whereabouts", "status", "dating", "voice")
        }

    def survey(self, scene: Scene) -> None:
        """Find times, numbers and voices; afterwards the scene is complete."""
        words = scene.words
        found = find_times(words.tokens, self.times, scene.report.published)
        # A mention may end with a bracket, which is no word: its last word is the one before the next token's.
        scene.take_times(TimeMention(words.at[t.first], words.at[t.last + 1] - 1, t.value, t.kind) for t in found)
        counted = find_numbers(words.tokens, self.numbers, _counting(scene))
        end = len(words) - 1  # a closing sign ("100%") is no word of its own
        scene.quantities = [
            Quantity(min(end, words.at[q.first]), min(end, words.at[q.last]), q.value, q.text, q.percent)
            for q in counted
        ]
        scene.index()
        timed = {k for t in scene.times for k in range(t.first, t.last + 1)}
        last = max(scene.events_of, default=-1)  # nobody asks who speaks after the last candidate
        scene.voices = self.voices.read(words, scene.parties, timed, last)
        _set_speakers_aside(scene)

    def complete(self, scene: Scene, drafts: list[Draft]) -> None:
        """Give every believed draft its parts, in text order: who, where, when, how many, who says it."""
        parts: dict[int, set[str]] = {}
        last: str | None = None
        story = dating.main_day(scene)
        before: list[PlaceMention] = []
        for draft in drafts:
            self.cast(scene, draft, parts)
            self.locate(scene, draft, before)
            before = draft.places
            self.date(scene, draft, last, story)
            last = draft.date
            draft.status = self._status(scene, draft.event)
            draft.voice = self._voice(scene, draft.event)
        self.tally.share_out(scene, drafts)
        for tie in self.linker.find(scene.words, drafts):
            tie.of.ties.append((tie.kind, tie.to))

    def considered(self, scene: Scene, counted: bool = True) -> Iterator[tuple[Event, list[Slot], list[Event]]]:
        """Yield every candidate with its slots and its rivals on the same word.

        Where the numbers of the scene are not yet `counted`, those that need one are considered with those after them.
        """
        for rivals in self._rivals(scene):
            seen: set[str] = set()
            for event in rivals:
                trigger = event.sense.trigger
                if trigger.type not in seen and needs_met(scene, event, counted):
                    if counted or "number" not in trigger.needs:
                        seen.add(trigger.type)
                    parties = scene.parties_of.get(scene.words.sentence_of[event.at], [])
                    yield event, self.slots.find(scene.words, event, parties), rivals

    def _rivals(self, scene: Scene) -> Iterable[list[Event]]:
        """Return the candidates word by word, but for those of lines that only link to the story."""
        by_word: dict[int, list[Event]] = {}
        for sentence, events in scene.events_of.items():
            if not self._in_footer(scene, sentence):
                for event in events:
                    by_word.setdefault(event.at, []).append(event)
        return by_word.values()

    def _in_footer(self, scene: Scene, sentence: int) -> bool:
        """Tell whether the sentence is a line that only links to the story."""
        first, _ = scene.sentences[sentence]
        return any([tuple(scene.words.folds[first : first + len(f)]) == f for f in self.footers])

    def weighed(self, scene: Scene) -> list[list[Weighed]]:
        """Return the candidates of each word with what all but numbers and voices says of them; the scene is indexed.

        Numbers and voices are found last, and only where something hangs on them.
        """
        model = self.models["belief"]
        by_word: dict[int, list[Weighed]] = {}
        for event, slots, rivals in self.considered(scene, counted=False):
            score = model.score(belief.first_features(scene, event, slots, rivals)) if model else 0.0
            by_word.setdefault(event.at, []).append(Weighed(event, slots, score))
        return list(by_word.values())

    def hopes(self, weighed: list[list[Weighed]]) -> list[list[Weighed]]:
        """Return the words of which a candidate may be believed, whatever numbers and voices the report has."""
        model = self.models["belief"]
        if model is None:
            return weighed
        return [w for w in weighed if any(c.score + belief.most_beside(model, c.event.trigger.type) > _HOPE for c in w)]

    def believed(self, scene: Scene, weighed: list[list[Weighed]]) -> tuple[list[Draft], list[Draft]]:
        """Return at most one draft a word, the most certain reading: those certain enough, and those in doubt."""
        best: dict[int, Draft] = {}
        for event, slots, score in chain.from_iterable(map(_singled, repeat(scene), weighed)):
            if event.trigger.type == "evacuation" and _armed_leave(event, slots):
                continue
            chance = self._chance(scene, event, score)
            if event.at not in best or chance > best[event.at].certainty:
                best[event.at] = Draft(event, slots, chance)
        doubted = [d for d in best.values() if d.certainty < KEEP]
        kept = _once([d for d in best.values() if d.certainty >= KEEP])
        return [d for d in kept if not _asked(scene, d, kept)], doubted

    def _chance(self, scene: Scene, event: Event, score: float) -> float:
        """Return how certain a candidate is, 0 to 1, numbers and voices included."""
        model = self.models["belief"]
        return model.yes(belief.last_features(scene, event), score) if model else 0.5 + event.met / 10

    def cast(self, scene: Scene, draft: Draft, parts: dict[int, set[str]]) -> None:
        """Give the draft its actors and targets; remember each party's part for later events."""
        roles = self.roles[draft.event.trigger.key]
        slots = casting.candidates(scene, draft.event, draft.slots)
        model = self.models["casting"]
        packs = [role_by_pack(slot, draft.event, roles) for slot in slots]
        company = casting.Company(slots, packs)
        owner = casting.owner_pronoun(scene, draft.event) if draft.event.trigger.type in _HOLDS else ""
        how = casting.opposed(scene, draft.event)
        scored: list[tuple[float, str, Slot]] = []
        for k, (slot, pack) in enumerate(zip(slots, packs, strict=True)):
            if model is None:
                role = pack if slot.same_sentence else "none"
                scored.append((1.0 if role in ("actor", "target") else 0.0, role, slot))
                continue
            shares = model.shares(casting.features(scene, draft.event, company, k, parts))
            if owner and not may_mean(owner, scene.syntax.of(slot.party).shape):
                shares[1] = 0.0
            role = "actor" if shares[1] >= shares[2] else "target"
            if draft.event.trigger.fixed and pack != role:
                # Who loses a town is never its taker, however often takers stand where it stands.
                role = pack if slot.same_sentence and pack in ("actor", "target") else "none"
            if how and slot.same_sentence and slot.name != "agent" and slot.party.last < draft.event.at:
                role = casting.role_against(how, draft.event.trigger.type, role)
            plain = draft.event.trigger.fixed and role == pack and slot.same_clause
            scored.append((max(shares[1], shares[2], PLAIN * plain), role, slot))
        self._take(draft, scored, types()[draft.event.trigger.type].sided)
        for party in draft.actors:
            parts.setdefault(party.first, set()).add("actor")
        for party in draft.targets:
            parts.setdefault(party.first, set()).add("target")

    def _take(self, draft: Draft, scored: list[tuple[float, str, Slot]], sided: bool) -> None:
        taken: dict[str, list[PartyMention]] = {"actor": draft.actors, "target": draft.targets}
        for chance, role, slot in sorted(scored, key=lambda s: -s[0]):
            if role not in taken or chance < self._least(draft, role, slot, sided):
                continue
            known = [p.id for p in draft.actors + draft.targets if p.id]
            if slot.party.id and slot.party.id in known:
                continue
            taken[role].append(slot.party)
            draft.parts.append((role, slot, chance))
        draft.actors.sort(key=lambda p: p.first)
        draft.targets.sort(key=lambda p: p.first)

    def _least(self, draft: Draft, role: str, slot: Slot, sided: bool) -> float:
        """Return the chance from which a party has a role, by who has it already."""
        parts = [s for r, s, _ in draft.parts if r == role]
        if not parts:
            return LEAST[role]
        if any([s.party is slot.beside or s.beside is slot.party for s in parts]):
            return BESIDE
        if sided or _listed(slot, draft, role):
            return CAST
        return max(CAST, ALSO) if slot.same_sentence else 2.0

    def locate(self, scene: Scene, draft: Draft, last: list[PlaceMention]) -> None:
        """Give the draft its places and sites; without a likely place, the likeliest one."""
        words, event = scene.words, draft.event
        all = whereabouts.candidates(scene, event, last)
        here = [place for place, back in all if back == 0]
        model = self.models["whereabouts"]
        ground = whereabouts.Ground(scene, event, here, last)
        scored = []
        for place, back in all:
            chance = 0.9 if back == 0 else 0.3
            if model is not None:
                chance = model.yes(whereabouts.features(scene, event, place, back, ground))
            scored.append((chance, back, place))
        kept = whereabouts.chosen(scored, scene.places)
        draft.spots = [(p, chance) for chance, _, p in scored if any(p is k for k in kept)]
        draft.places = self._distinct(kept)
        sentence = words.sentence(event.at)
        draft.sites = [s for s in scene.sites_of.get(sentence, ()) if words.clause[s.first] == words.clause[event.at]]
        self._measure(scene, draft, here)

    def _measure(self, scene: Scene, draft: Draft, here: list[PlaceMention]) -> None:
        """Say how much of each place is meant; of an exception alone, name also what it is the exception of."""
        event = draft.event

        def extents() -> list[str]:
            return self.extents.find(scene.words, event.at, draft.places, draft.sites, event.trigger.extent)

        left_out = [p for p in here if p not in draft.places and self.extents.excepts(scene.words, event.at, p)]
        if draft.places and left_out:
            draft.places = sorted([*draft.places, *left_out], key=lambda p: p.first)
        draft.extents = extents()
        if draft.places and set(draft.extents) == {"except"}:
            whole = [p for p in here if event.at < p.first < draft.places[0].first]
            if whole:
                draft.places = [whole[-1], *draft.places]
                draft.extents = extents()

    def _distinct(self, places: list[PlaceMention]) -> list[PlaceMention]:
        seen: set[Any] = set()
        out = []
        for place in sorted(places, key=lambda p: p.first):
            key = place.row.id if place.row is not None else place.first
            if key not in seen:
                seen.add(key)
                out.append(place)
        return out

    def date(self, scene: Scene, draft: Draft, last: str | None, story: str | None) -> None:
        """Give the draft the likeliest day or interval, or none."""
        all = dating.candidates(scene, draft.event)
        model = self.models["dating"]
        moment = dating.Moment(scene, draft.event, all)
        shared: dict[str, float] = {}

        def chance(d: dating.Dating) -> float:
            if model is None:
                return {"here": 3.0, "published": 2.0}.get(d.sort, 0.0) if d.value else 0.0
            if d.sort not in shared:
                shared[d.sort] = model.score(moment.shared(d.sort))
            return model.score(moment.own(d, last, story), shared[d.sort])

        best = max(all, key=chance)
        draft.date, draft.time = best.value, best.time

    def _status(self, scene: Scene, event: Event) -> str:
        model = self.models["status"]
        if status.denied(scene, event):
            return "denied"
        if status.supposed(scene, event):
            return "possible"
        if model is None or event.trigger.status:
            return event.trigger.status or "happened"
        return model.best(status.features(scene, event))

    def _voice(self, scene: Scene, event: Event) -> Voice | None:
        assert scene.voices is not None
        voice = scene.voices.of[event.at]
        model: Weights | None = self.models["voice"]
        if voice is None:
            return None
        if model is None:
            return voice if scene.voices.age[event.at] == 0 else None
        return voice if model.yes(voice_features(scene, event)) >= 0.5 else None


def _set_speakers_aside(scene: Scene) -> None:
    """Mark the names of places that speak: "Sanaa announced", "Dammaj said" tell who, not where."""
    assert scene.voices is not None
    speaking = {first for voice in {v for v in scene.voices.of if v} for first, _ in voice.speakers}
    for place in scene.places:
        place.stray = place.stray or (place.first in speaking and place.cue is None)


# What is asked for follows the demand within this many words: "دعا الفصائل في درعا إلى الانسحاب".
_ASKED_WITHIN = 14
_ASKING = frozenset(fold(w) for w in "إلى على وقف بوقف لوقف إنهاء بإنهاء بضرورة ضرورة".split())


def _asked(scene: Scene, draft: Draft, drafts: list[Draft]) -> bool:
    """Tell whether an event is only what a demand before it asks for: that stands inside the demand."""
    words, at = scene.words, draft.event.at
    if draft.event.is_verb or draft.event.trigger.type in ("demand", "protest") or at == 0:
        return False
    before = draft.event.sense.split.before
    if not (words.folds[at - 1] in _ASKING or before in ("ب", "بال", "وب", "وبال")):
        return False
    asks = [d for d in drafts if d.event.trigger.type == "demand" and 0 < at - d.event.at <= _ASKED_WITHIN]
    return any(
        words.sentence(d.event.at) == words.sentence(at)
        and not any(o.event.is_verb and d.event.at < o.event.at < at for o in drafts)
        for d in asks
    )


def _armed_leave(event: Event, slots: list[Slot]) -> bool:
    """Tell whether a named force is the nearest subject of a verb of leaving: then it withdraws."""
    near = [s for s in slots if s.same_clause and s.name in ("subject", "left", "antecedent")]
    nearest = min(near, key=lambda s: s.distance, default=None)
    return event.is_verb and nearest is not None and nearest.party.sort == "name" and not nearest.party.group


def _listed(slot: Slot, draft: Draft, role: str) -> bool:
    """Tell whether a party stands in one list with one that already has the role."""
    return any(r == role and s.name == slot.name and s.same_sentence == slot.same_sentence for r, s, _ in draft.parts)


def _once(drafts: list[Draft]) -> list[Draft]:
    """Drop a draft whose word is the completing word of another of its type ("لقي … مصرعهم")."""
    ends = {(d.event.last, d.event.trigger.type) for d in drafts if d.event.last != d.event.at}
    return [d for d in drafts if (d.event.at, d.event.trigger.type) not in ends]


def _counting(scene: Scene) -> set[int]:
    """Return the sentences whose numbers may be asked for, those around a candidate: most have none."""
    sentence_of, found = scene.words.sentence_of, set[int]()
    for event in scene.events:
        found.add(sentence_of[event.at])
        if "number" in event.sense.trigger.needs:
            found.update(sentence_of[max(0, event.at - _NEEDED) : event.at + _NEEDED + 1])
    return found


# What an entry needs stands within this many words of its word.
_NEEDED = 12


def _singled(scene: Scene, rivals: list[Weighed]) -> Iterator[Weighed]:
    """Yield of the candidates of one word the first of each type that has the number that its entry needs."""
    seen: set[str] = set()
    for candidate in rivals:
        trigger = candidate.event.sense.trigger
        if trigger.type not in seen and ("number" not in trigger.needs or needs_met(scene, candidate.event)):
            seen.add(trigger.type)
            yield candidate


def needs_met(scene: Scene, event: Event, counted: bool = True) -> bool:
    """Tell whether the sentence names what the entry needs within a few words; a number, once these are `counted`."""
    if not event.sense.trigger.needs:
        return True
    low, high = event.at - _NEEDED, event.at + _NEEDED
    sentence = scene.words.sentence(event.at)
    parties = [p.sort for p in scene.parties_of.get(sentence, ()) if low <= p.first <= high]
    place = any([low <= p.first <= high for p in scene.places_of.get(sentence, ())])
    site = any([low <= s.first <= high for s in scene.sites_of.get(sentence, ())])
    here: dict[str, bool] = {
        "place": place,
        "site": site,
        "place-or-site": place or site,
        "armed": any([sort in ("name", "force") for sort in parties]),
        "people": "people" in parties,
        "party": bool(parties),
        "number": not counted or any([low <= q.first <= high for q in scene.quantities]),
    }
    return all([here[need] for need in event.trigger.needs])


def voice_features(scene: Scene, event: Event) -> Iterator[Seen]:
    """Yield what tells whether the last speaker is still speaking at an event."""
    words, at = scene.words, event.at
    assert scene.voices is not None
    voice, age = scene.voices.of[at], scene.voices.age[at]
    first, last = scene.sentences[words.sentence(at)]
    if voice is not None:
        spoken = voice.speakers[0][0]
        yield _speaker, words.paragraph[spoken] == words.paragraph[at], spoken > at, voice.manner, age
    sense = words.senses[first]
    yield _opening, words.folds[first], sense.verb is not None, bool(sense.triggers), age
    after = any([sense.saying for sense in words.senses[at : last + 1]])
    many = words.paragraph[-1] > 2
    yield _standing, words.quoted[at], words.sentence(at) < 2, after, many, event.sense.form.tense, age


def _speaker(same_paragraph: bool, right: bool, manner: str, age: int) -> tuple[str, ...]:
    return (
        f"paragraph={same_paragraph}:{min(age, 3)}",
        f"side={right}:{age == 0}",
        f"manner={manner}:{min(age, 2)}",
    )


def _opening(lead: str, is_verb: bool, tells: bool, age: int) -> tuple[str, ...]:
    return (
        f"lead={lead}:{age == 0}",
        f"lead-verb={is_verb}:{tells}:{min(age, 2)}",
    )


def _standing(quoted: bool, early: bool, after: bool, many: bool, tense: str, age: int) -> tuple[str, ...]:
    return (
        f"age={min(age, 4)}",
        f"quoted={quoted}:{min(age, 2)}",
        f"early={early}:{min(age, 2)}",
        f"speech-after={after}:{min(age, 2)}",
        f"paragraphs={many}:{min(age, 3)}",
        f"tense={tense}:{min(age, 2)}",
    )
