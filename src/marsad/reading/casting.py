"""Who does it and to whom: each party's chance to be actor or target of an event."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from marsad.loading.codebook import camps
from marsad.reading.events import Event
from marsad.reading.lexicon import Word
from marsad.reading.parties import PartyMention
from marsad.reading.roles import Slot
from marsad.reading.scene import Scene
from marsad.reading.syntax import is_verb
from marsad.reading.weights import Seen
from marsad.reading.words import COMMA, SOFT
from marsad.text.letters import fold

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


def owner_pronoun(scene: Scene, event: Event) -> str:
    """Return the pronoun that says whose an act or its completing word is: "their attack", "subject to its control"."""
    if event.last == event.at:
        return "" if event.is_verb else event.sense.split.pronoun
    word = scene.words.folds[event.last]
    if word in _WHERE_IT_IS:
        return ""
    return next((p for p in ("ها", "هم") if word.endswith(p)), "ه" if word.endswith("ته") else "")


# "They hold it": the pronoun is the place's.
_PLACED = ("علي", "من", "في", "إلي", "ل", "ب", "عن")
_WHERE_IT_IS = frozenset(fold(w + p) for w in _PLACED for p in ("ها", "هم", "هما", "ه"))


class Company:
    """The parties around one event and the roles that grammar and pack give them, compared once for all of them."""

    __slots__ = ("_actors", "_distances", "_nearest", "_taken", "packs", "slots")

    def __init__(self, slots: list[Slot], packs: list[str]) -> None:
        """Note who is the actor, how far they stand, and which roles are taken."""
        self.slots, self.packs = slots, packs
        taken = [p for s, p in zip(slots, packs, strict=True) if s.same_sentence]
        self._taken = {role: taken.count(role) for role in ("actor", "target")}
        self._actors = [s for s, p in zip(slots, packs, strict=True) if p == "actor" and s.party.id]
        self._distances = {here: sorted([s.distance for s in slots if s.same_sentence is here]) for here in _BOTH}
        self._nearest: dict[str | None, int] = {}
        for slot in slots:
            self._nearest[slot.party.id] = min(slot.distance, self._nearest.get(slot.party.id, slot.distance))

    def rank(self, slot: Slot) -> int:
        """Return how many parties stand between this one and the event, up to three."""
        if slot.name == "antecedent" or slot.distance < 0:
            return 0
        return min(3, bisect_left(self._distances[slot.same_sentence], slot.distance))

    def has_nearer(self, slot: Slot) -> bool:
        """Tell whether the same party is named nearer to the event."""
        return self._nearest[slot.party.id] < slot.distance

    def relation_to_actor(self, theatre: str | None, slot: Slot) -> str:
        """Return how a party stands to the one that grammar makes the actor: itself, an ally, an enemy."""
        for other in self._actors[:2]:
            if other is not slot:
                return relation(theatre, other.party.id, slot.party.id)
        return "alone"

    def leaves(self, role: str, slot: Slot, pack: str) -> bool:
        """Tell whether no other party of the sentence has the role already."""
        return self._taken[role] == (1 if pack == role and slot.same_sentence else 0)


_BOTH = (True, False)

# So far before an event noun stands the verb that judges it or beats it off.
_GOVERNS = 9


def opposed(scene: Scene, event: Event) -> str:
    """Return "judgement" or "repelling" where the verb before an event noun condemns the act or beats it off."""
    words, at = scene.words, event.at
    if event.is_verb or words.breaks[at] > SOFT:
        return ""
    first, _ = scene.sentences[words.sentence(at)]
    for k in range(at - 1, max(first, at - _GOVERNS) - 1, -1):
        found = _AGAINST.intersection(words.flags[k])
        if found:
            return min(found)
        if words.breaks[k] > COMMA or is_verb(words.senses[k]):
            return ""
    return ""


_AGAINST = frozenset({"judgement", "repelling"})


def role_against(how: str, kind: str, role: str) -> str:
    """Return the role of a party before such a noun: who judges has none, who beats off an attack was attacked."""
    if how == "repelling" and role == "actor" and kind == "attack":
        return "target"
    return "none"


def features(scene: Scene, event: Event, company: Company, k: int, parts: dict[int, set[str]]) -> list[Seen]:
    """Return what can be seen of the k-th party beside an event; `parts` are the parties' roles in events before."""
    slot, pack, sense = company.slots[k], company.packs[k], event.sense
    kind, form, party, name = sense.trigger.type, sense.form, slot.party, slot.name
    here, apart = slot.same_sentence, slot.distance > 0
    seen: list[Seen] = [
        (_standing, sense.trigger.key, kind, name, "passive" if form.passive else form.tense, pack),
        (_distance, kind, name, _near(slot.distance), apart, slot.same_clause),
        (_person, kind, name, party.sort, party.group, _sort_of(party), party.clitic),
        (_ranked, kind, name, company.rank(slot), apart and party.first > event.at),
        (_side, kind, name, pack, company.relation_to_actor(scene.theatre, slot), here),
        (_rest, kind, name, here, company.leaves("actor", slot, pack), company.leaves("target", slot, pack)),
        *_neighbours(scene, event, party),
    ]
    seen += _grammar(scene, event, party, name)
    if company.has_nearer(slot):
        seen.append((_again, here))
    past = parts.get(party.first)
    seen += [(_past, kind, name, role) for role in sorted(past)] if past else [(_new, name)]
    return seen


def _standing(entry: str, kind: str, name: str, shape: str, pack: str) -> tuple[str, ...]:
    return (
        f"pack={pack}",
        f"pack={kind}:{pack}",
        f"slot={name}:{shape}",
        f"slot={kind}:{name}",
        f"slot={kind}:{name}:{shape}",
        f"entry={entry}:{name}",
    )


def _near(distance: int) -> int:
    """Return the distance in five steps."""
    return 0 if distance <= 1 else 1 if distance <= 3 else 2 if distance <= 7 else 3 if distance <= 14 else 4


def _distance(kind: str, name: str, near: int, apart: bool, same_clause: bool) -> tuple[str, ...]:
    return (
        f"near={name}:{near}",
        f"near={kind}:{near}:{apart}",
        f"clause={same_clause}:{name}",
    )


def _person(kind: str, name: str, sort: str, group: str, who: str, clitic: str) -> tuple[str, ...]:
    return (
        f"sort={kind}:{sort}",
        f"sort={sort}:{name}",
        f"group={kind}:{group}",
        f"who={kind}:{who}",
        f"clitic={kind}:{clitic}",
    )


def _grammar(scene: Scene, event: Event, party: PartyMention, name: str) -> Iterator[Seen]:
    """Yield what verbs and pronouns say of a party: its verb, what stands between, whether they agree."""
    kind, form, pronoun = event.sense.trigger.type, event.sense.form, event.sense.split.pronoun
    syntax = scene.syntax
    standing, between = syntax.of(party), syntax.between(party.first, event.at)
    yield _governed, kind, name, "event" if standing.verb == event.at else standing.kind, between, standing.leads
    if event.is_verb:
        yield _agrees, name, form.gender, form.number, standing.shape
    if pronoun:
        yield _pronoun, name, form.tense, pronoun, standing.shape


def _pronoun(name: str, tense: str, pronoun: str, shape: str) -> tuple[str, ...]:
    return (
        f"pronoun={name}:{tense}",
        f"pronoun={pronoun}:{shape}:{tense}",
        f"pronoun={pronoun}:{shape}:{name}",
    )


def _governed(kind: str, name: str, governor: str, between: int, leads: bool) -> tuple[str, ...]:
    return (
        f"verb={name}:{governor}",
        f"verb={kind}:{governor}",
        f"verbs={name}:{between}",
        f"verbs={name}:{governor}:{between}",
        f"leads={name}:{leads}",
        f"leads={kind}:{leads}",
    )


def _agrees(name: str, gender: str, number: str, shape: str) -> tuple[str, ...]:
    return (f"agrees={gender}{number}:{shape}:{name}",)


def _neighbours(scene: Scene, event: Event, party: PartyMention) -> Iterator[Seen]:
    """Yield whether the party owns a site before it, and whether a word of harm stands beside it."""
    words, kind, first = scene.words, event.sense.trigger.type, party.first
    senses, right = words.senses, first > event.at
    if first > 0 and words.breaks[first] <= SOFT:
        if senses[first - 1].site:
            yield _owner, kind, party.clitic, right
        if first > 1 and senses[first - 2].site:
            yield _owner_further, kind, party.clitic
        yield _previous, words.folds[first - 1], right
    around = senses[max(0, first - 3) : party.last + 4]
    if any([sense.kills for sense in around]) and _harms(around, event.at - max(0, first - 3)):
        yield _harmed, kind, party.sort, right


def _harms(around: Sequence[Word], at: int) -> bool:
    """Tell whether another word than that of the event tells of a killing."""
    return any([sense.kills and k != at for k, sense in enumerate(around)])


def _owner(kind: str, clitic: str, right: bool) -> tuple[str, ...]:
    return (
        f"owns-site={kind}:{right}",
        f"owns-site={clitic}:{right}",
    )


def _owner_further(kind: str, clitic: str) -> tuple[str, ...]:
    return (f"owns-site-2={kind}:{clitic}",)


def _previous(word: str, right: bool) -> tuple[str, ...]:
    return (f"prev={word}:{right}",)


def _harmed(kind: str, sort: str, right: bool) -> tuple[str, ...]:
    return (
        f"harmed={kind}:{sort}",
        f"harmed={right}:{kind}",
    )


_OWN_SORTS = frozenset({"civilians", "detainees", "officials", "journalists", "medics", "un"})


def _sort_of(party: PartyMention) -> str:
    if party.id in STATES:
        return "state"
    return party.id if party.id in _OWN_SORTS else party.sort


def _ranked(kind: str, name: str, rank: int, right: bool) -> tuple[str, ...]:
    return (
        f"rank={rank}:{name}",
        f"rank={kind}:{rank}:{right}",
    )


def _side(kind: str, name: str, pack: str, how: str, same_sentence: bool) -> tuple[str, ...]:
    return (
        f"side={kind}:{how}",
        f"side={kind}:{how}:{same_sentence}",
        f"side={pack}:{how}:{name}",
    )


def relation(theatre: str | None, a: str | None, b: str | None) -> str:
    """Return what two actors are to each other in a theatre: self, ally, enemy, or open."""
    if a is not None and a == b:
        return "self"
    camp = camps().get(theatre or "", {})
    if a not in camp or b not in camp:
        return "open"
    return "ally" if camp[a] == camp[b] else "enemy"


def _rest(kind: str, name: str, same_sentence: bool, actor: bool, target: bool) -> Iterator[str]:
    where = "here" if same_sentence else "back"
    yield f"left-for={kind}:{where}:{actor}:{target}"
    yield f"left-for={name}:{actor}:{target}"


def _again(same_sentence: bool) -> tuple[str, ...]:
    return (f"again={'here' if same_sentence else 'back'}",)


def _past(kind: str, name: str, role: str) -> tuple[str, ...]:
    return (
        f"was={role}:{name}",
        f"was={kind}:{role}",
    )


def _new(name: str) -> tuple[str, ...]:
    return (f"was=new:{name}",)
