"""Who does it and to whom: each party's chance to be actor or target of an event."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.loading.codebook import camps
from marsad.reading.events import Event
from marsad.reading.parties import PartyMention
from marsad.reading.roles import Slot, role_by_pack
from marsad.reading.scene import Scene
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
    scene: Scene, event: Event, slot: Slot, slots: list[Slot], roles: dict[str, str], parts: dict[int, set[str]]
) -> Iterator[str]:
    """Yield what can be seen of a party beside an event; `parts` are its roles in events before."""
    kind, form, party = event.trigger.type, event.sense.form, slot.party
    pack = role_by_pack(slot, event, roles)
    shape = "passive" if form.passive else form.tense
    near = (
        "0"
        if slot.distance <= 1
        else "1"
        if slot.distance <= 3
        else "2"
        if slot.distance <= 7
        else "3"
        if slot.distance <= 14
        else "4"
    )
    yield f"pack={pack}"
    yield f"pack={kind}:{pack}"
    yield f"slot={slot.name}:{shape}"
    yield f"slot={kind}:{slot.name}"
    yield f"slot={kind}:{slot.name}:{shape}"
    yield f"entry={event.trigger.key}:{slot.name}"
    yield f"near={slot.name}:{near}"
    yield f"near={kind}:{near}:{slot.distance > 0}"
    yield f"clause={slot.same_clause}:{slot.name}"
    yield f"sort={kind}:{party.sort}"
    yield f"sort={party.sort}:{slot.name}"
    yield f"group={kind}:{party.group}"
    yield f"who={kind}:{_sort_of(party)}"
    yield f"clitic={kind}:{party.clitic}"
    if event.sense.split.pronoun:
        yield f"pronoun={slot.name}:{form.tense}"
    yield from _neighbours(scene, event, party)
    rank = _rank(slot, slots)
    yield f"rank={rank}:{slot.name}"
    yield f"rank={kind}:{rank}:{slot.distance > 0 and slot.party.first > event.at}"
    yield from _side(scene, event, slot, slots, roles, pack)
    yield from _rest(event, slot, slots, roles)
    yield from _past(event, slot, parts)


def _neighbours(scene: Scene, event: Event, party: PartyMention) -> Iterator[str]:
    """Yield whether the party owns a site before it, and whether a word of harm stands beside it."""
    words, kind, first = scene.words, event.trigger.type, party.first
    if first > 0 and words.breaks[first] <= SOFT:
        before = words.senses[first - 1]
        if before.site:
            yield f"owns-site={kind}:{first > event.at}"
            yield f"owns-site={party.clitic}:{first > event.at}"
        if first > 1 and words.senses[first - 2].site:
            yield f"owns-site-2={kind}:{party.clitic}"
        yield f"prev={words.folds[first - 1]}:{first > event.at}"
    around = range(max(0, first - 3), min(len(words), party.last + 4))
    harmed = any(t.trigger.type == "killing" for k in around if k != event.at for t in words.senses[k].triggers)
    if harmed:
        yield f"harmed={kind}:{party.sort}"
        yield f"harmed={first > event.at}:{kind}"


def _sort_of(party: PartyMention) -> str:
    if party.id in STATES:
        return "state"
    return (
        party.id if party.id in ("civilians", "detainees", "officials", "journalists", "medics", "un") else party.sort
    )


def _rank(slot: Slot, slots: list[Slot]) -> int:
    """Return how many parties stand between this one and the event, up to three."""
    right = slot.name != "antecedent" and slot.distance >= 0
    closer = sum(
        1 for s in slots if s is not slot and s.same_sentence == slot.same_sentence and s.distance < slot.distance
    )
    return min(3, closer) if right else 0


def _side(scene: Scene, event: Event, slot: Slot, slots: list[Slot], roles: dict[str, str], pack: str) -> Iterator[str]:
    """Yield how a party stands to the one that grammar makes the actor: itself, an ally, an enemy."""
    lead = next((s for s in slots if s is not slot and s.party.id and role_by_pack(s, event, roles) == "actor"), None)
    how = relation(scene.theatre, lead.party.id, slot.party.id) if lead is not None else "alone"
    yield f"side={event.trigger.type}:{how}"
    yield f"side={event.trigger.type}:{how}:{slot.same_sentence}"
    yield f"side={pack}:{how}:{slot.name}"


def relation(theatre: str | None, a: str | None, b: str | None) -> str:
    """Return what two actors are to each other in a theatre: self, ally, enemy, or open."""
    if a is not None and a == b:
        return "self"
    camp = camps().get(theatre or "", {})
    if a not in camp or b not in camp:
        return "open"
    return "ally" if camp[a] == camp[b] else "enemy"


def _rest(event: Event, slot: Slot, slots: list[Slot], roles: dict[str, str]) -> Iterator[str]:
    """Yield what the other parties leave for this one."""
    kind = event.trigger.type
    taken = {role_by_pack(s, event, roles) for s in slots if s is not slot and s.same_sentence}
    where = "here" if slot.same_sentence else "back"
    yield f"left-for={kind}:{where}:{'actor' not in taken}:{'target' not in taken}"
    yield f"left-for={slot.name}:{'actor' not in taken}:{'target' not in taken}"
    same = any(s is not slot and s.party.id == slot.party.id and s.distance < slot.distance for s in slots)
    if same:
        yield f"again={where}"


def _past(event: Event, slot: Slot, parts: dict[int, set[str]]) -> Iterator[str]:
    past = parts.get(slot.party.first, ())
    for role in sorted(past):
        yield f"was={role}:{slot.name}"
        yield f"was={event.trigger.type}:{role}"
    if not past:
        yield f"was=new:{slot.name}"
