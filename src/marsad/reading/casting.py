"""Who does it and to whom: each party's chance to be actor or target of an event."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.loading.codebook import camps
from marsad.reading.events import Event
from marsad.reading.parties import PartyMention
from marsad.reading.roles import Slot
from marsad.reading.scene import Scene
from marsad.reading.weights import Seen
from marsad.reading.words import SOFT

CLASSES = ("none", "actor", "target")
STATES = frozenset(
    {"turkey", "iran", "russia", "israel", "jordan", "lebanon", "iraq", "us-coalition", "saudi-coalition"}
)


def candidates(scene: Scene, event: Event, slots: list[Slot]) -> list[Slot]:
    """Return the parties of the sentence, then the nearest ones of the two sentences before it."""
    sentence = scene.words.sentence(event.at)
    found = list(slots)
    for back in (1, 2):
        before = scene.parties_of.get(sentence - back, ())
        for party in before[-3:] if back == 1 else before[-2:]:
            found.append(Slot(party, f"back{back}", event.at - party.last, False, False))
    return found


def features(
    scene: Scene, event: Event, slot: Slot, slots: list[Slot], packs: list[str], parts: dict[int, set[str]]
) -> Iterator[Seen]:
    """Yield what can be seen of a party beside an event.

    `packs` are the roles that grammar and pack give to the slots, `parts` the parties' roles in events before.
    """
    kind, form, party, name = event.trigger.type, event.sense.form, slot.party, slot.name
    pack = next(p for s, p in zip(slots, packs, strict=True) if s is slot)
    near, rank = _near(slot.distance), _rank(slot, slots)
    yield _standing, event.trigger.key, kind, name, "passive" if form.passive else form.tense, pack
    yield _distance, kind, name, near, slot.distance > 0, slot.same_clause
    yield _person, kind, name, party.sort, party.group, _sort_of(party), party.clitic
    if event.sense.split.pronoun:
        yield _pronoun, name, form.tense
    yield from _neighbours(scene, event, party)
    yield _ranked, kind, name, rank, slot.distance > 0 and party.first > event.at
    yield _side, kind, name, pack, _relation_to_actor(scene, slot, slots, packs), slot.same_sentence
    yield _rest, kind, name, slot.same_sentence, *_taken(slot, slots, packs)
    if any(s is not slot and s.party.id == party.id and s.distance < slot.distance for s in slots):
        yield _again, slot.same_sentence
    past = parts.get(party.first)
    if past:
        yield from ((_past, kind, name, role) for role in sorted(past))
    else:
        yield _new, name


def _standing(entry: str, kind: str, name: str, shape: str, pack: str) -> Iterator[str]:
    yield f"pack={pack}"
    yield f"pack={kind}:{pack}"
    yield f"slot={name}:{shape}"
    yield f"slot={kind}:{name}"
    yield f"slot={kind}:{name}:{shape}"
    yield f"entry={entry}:{name}"


def _near(distance: int) -> int:
    """Return the distance in five steps."""
    return 0 if distance <= 1 else 1 if distance <= 3 else 2 if distance <= 7 else 3 if distance <= 14 else 4


def _distance(kind: str, name: str, near: int, apart: bool, same_clause: bool) -> Iterator[str]:
    yield f"near={name}:{near}"
    yield f"near={kind}:{near}:{apart}"
    yield f"clause={same_clause}:{name}"


def _person(kind: str, name: str, sort: str, group: str, who: str, clitic: str) -> Iterator[str]:
    yield f"sort={kind}:{sort}"
    yield f"sort={sort}:{name}"
    yield f"group={kind}:{group}"
    yield f"who={kind}:{who}"
    yield f"clitic={kind}:{clitic}"


def _pronoun(name: str, tense: str) -> Iterator[str]:
    yield f"pronoun={name}:{tense}"


def _neighbours(scene: Scene, event: Event, party: PartyMention) -> Iterator[Seen]:
    """Yield whether the party owns a site before it, and whether a word of harm stands beside it."""
    words, kind, first = scene.words, event.trigger.type, party.first
    senses, right = words.senses, first > event.at
    if first > 0 and words.breaks[first] <= SOFT:
        if senses[first - 1].site:
            yield _owner, kind, party.clitic, right
        if first > 1 and senses[first - 2].site:
            yield _owner_further, kind, party.clitic
        yield _previous, words.folds[first - 1], right
    for k in range(max(0, first - 3), min(len(words), party.last + 4)):
        if senses[k].kills and k != event.at:
            yield _harmed, kind, party.sort, right
            return


def _owner(kind: str, clitic: str, right: bool) -> Iterator[str]:
    yield f"owns-site={kind}:{right}"
    yield f"owns-site={clitic}:{right}"


def _owner_further(kind: str, clitic: str) -> Iterator[str]:
    yield f"owns-site-2={kind}:{clitic}"


def _previous(word: str, right: bool) -> Iterator[str]:
    yield f"prev={word}:{right}"


def _harmed(kind: str, sort: str, right: bool) -> Iterator[str]:
    yield f"harmed={kind}:{sort}"
    yield f"harmed={right}:{kind}"


_OWN_SORTS = frozenset({"civilians", "detainees", "officials", "journalists", "medics", "un"})


def _sort_of(party: PartyMention) -> str:
    if party.id in STATES:
        return "state"
    return party.id if party.id in _OWN_SORTS else party.sort


def _rank(slot: Slot, slots: list[Slot]) -> int:
    """Return how many parties stand between this one and the event, up to three."""
    if slot.name == "antecedent" or slot.distance < 0:
        return 0
    here, distance = slot.same_sentence, slot.distance
    return min(3, sum([s.distance < distance and s.same_sentence == here for s in slots]))


def _ranked(kind: str, name: str, rank: int, right: bool) -> Iterator[str]:
    yield f"rank={rank}:{name}"
    yield f"rank={kind}:{rank}:{right}"


def _relation_to_actor(scene: Scene, slot: Slot, slots: list[Slot], packs: list[str]) -> str:
    """Return how a party stands to the one that grammar makes the actor: itself, an ally, an enemy."""
    for other, role in zip(slots, packs, strict=True):
        if role == "actor" and other is not slot and other.party.id:
            return relation(scene.theatre, other.party.id, slot.party.id)
    return "alone"


def _side(kind: str, name: str, pack: str, how: str, same_sentence: bool) -> Iterator[str]:
    yield f"side={kind}:{how}"
    yield f"side={kind}:{how}:{same_sentence}"
    yield f"side={pack}:{how}:{name}"


def relation(theatre: str | None, a: str | None, b: str | None) -> str:
    """Return what two actors are to each other in a theatre: self, ally, enemy, or open."""
    if a is not None and a == b:
        return "self"
    camp = camps().get(theatre or "", {})
    if a not in camp or b not in camp:
        return "open"
    return "ally" if camp[a] == camp[b] else "enemy"


def _taken(slot: Slot, slots: list[Slot], packs: list[str]) -> tuple[bool, bool]:
    """Tell whether another party of the sentence is the actor already, and whether one is the target."""
    taken = {p for s, p in zip(slots, packs, strict=True) if s.same_sentence and s is not slot}
    return "actor" in taken, "target" in taken


def _rest(kind: str, name: str, same_sentence: bool, actor: bool, target: bool) -> Iterator[str]:
    where = "here" if same_sentence else "back"
    yield f"left-for={kind}:{where}:{not actor}:{not target}"
    yield f"left-for={name}:{not actor}:{not target}"


def _again(same_sentence: bool) -> Iterator[str]:
    yield f"again={'here' if same_sentence else 'back'}"


def _past(kind: str, name: str, role: str) -> Iterator[str]:
    yield f"was={role}:{name}"
    yield f"was={kind}:{role}"


def _new(name: str) -> Iterator[str]:
    yield f"was=new:{name}"
