"""Who stands in which slot of an event: subject, object, genitive, after a preposition, or further off."""

from __future__ import annotations

from dataclasses import dataclass, field

from marsad.reading.events import Event
from marsad.reading.parties import PartyMention
from marsad.reading.words import COMMA, SOFT, Words
from marsad.text.letters import fold

PREPOSITIONS = {
    fold(w): fold(w)
    for w in "من على ضد مع بين عن إلى في بحق نحو باتجاه عند لدى تجاه حول دون غير سوى قرب لصالح برفقة".split()
}


# "between A, and between B": a preposition said again goes on with the list.
_AND_THEN = frozenset(fold(w) for w in "وبين ومع وعلى ومن وضد".split())
# "between A on one side, and B on the other": words between two parties that do not part them.
_SIDES = frozenset(fold(w) for w in "من جهة جانب ناحية أخرى طرف أولى ثانية".split())


# "from the grip of X": the place is taken from X.
_HANDS = frozenset(fold(w) for w in "قبضة أيدي يد سيطرة براثن أيادي".split())


@dataclass(slots=True)
class Slot:
    """A party and where it stands to an event: slot name, distance in words, side, same clause.

    `beside` is the party that "and" or "with the support of" joins it to.
    """

    party: PartyMention
    name: str
    distance: int
    same_clause: bool
    same_sentence: bool = True
    beside: PartyMention | None = None


@dataclass(slots=True)
class SlotFinder:
    """Names the slot of every party around an event with one language's clause words."""

    relatives: frozenset[str]
    agents: tuple[tuple[str, ...], ...]
    support: frozenset[str] = frozenset()
    _agents_by_end: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the words for "by" under their last word."""
        for phrase in self.agents:
            self._agents_by_end.setdefault(phrase[-1], []).append(phrase)

    def find(self, words: Words, event: Event, parties: list[PartyMention]) -> list[Slot]:
        """Return a slot for each party of the sentence, in text order."""
        at, slots = event.at, list[Slot]()
        sentence, clause = words.sentence(at), words.clause[at]
        for party in parties:
            first = party.first
            if words.sentence_of[first] != sentence or first <= at <= party.last:
                continue
            before = slots[-1] if slots and _reaches(words, slots[-1].party, party) else None
            how = self._joins(words, before.party, party) if before else ""
            name = self._slot(words, event, party, slots) if before is None or not how else before.name
            away = first - at if first > at else at - party.last
            slot = Slot(party, name, away, words.clause[first] == clause)
            if before is not None and how:
                slot.name, slot.beside = name if how == "and" else f"{how}:{name}", before.party
            slots.append(slot)
        return slots

    def _joins(self, words: Words, before: PartyMention, party: PartyMention) -> str:
        """Return "and" or "support" where such a word joins a party to the one before it, else ""."""
        between = words.folds[before.last + 1 : party.first]
        if party.clitic == "و" or (between and between[-1] in _AND_THEN):
            return "and"
        return "" if self.support.isdisjoint(between) else "support"

    def _preposition(self, words: Words, first: int, clitic: str) -> str:
        if clitic in ("ب", "ل", "ك", "وب", "ول"):
            return clitic[-1]
        if first == 0 or words.breaks[first] > SOFT:
            return ""
        if self._agent(words, first):
            return "agent"
        if first > 1 and words.folds[first - 1] in _HANDS and words.folds[first - 2] == "من":
            return "من"
        before = words.folds[first - 1]
        return PREPOSITIONS.get(before) or PREPOSITIONS.get(before[1:] if before[0] in "وف" else "") or ""

    def _agent(self, words: Words, first: int) -> bool:
        phrases = self._agents_by_end.get(words.folds[first - 1], ())
        return any([tuple(words.folds[max(0, first - len(phrase)) : first]) == phrase for phrase in phrases])

    def _slot(self, words: Words, event: Event, party: PartyMention, slots: list[Slot]) -> str:
        if party.sort == "adjective" and 0 < party.first - event.at <= 2:
            return "adjective"
        preposition = self._preposition(words, party.first, party.clitic)
        if preposition == "agent":
            return "agent"
        if party.first > event.at:
            return self._right(words, event, party, preposition, slots)
        return self._left(words, event, party, preposition)

    def _right(self, words: Words, event: Event, party: PartyMention, preposition: str, slots: list[Slot]) -> str:
        same = words.clause[party.first] == words.clause[event.at]
        if preposition:
            return ("" if same else "far:") + preposition
        if not same:
            return self._relative(words, event, party) or "right"
        if event.is_verb:
            taken = any(s.name in ("subject", "left") for s in slots)
            return "object" if taken else "subject"
        between = range(event.at + 1, party.first)
        if len(between) <= 2 and all([_may_part(words, k) for k in between]):
            return "genitive"
        return "right-near"

    def _relative(self, words: Words, event: Event, party: PartyMention) -> str | None:
        """Return "relative" for the subject of a clause that tells of the event: غارات شنتها X."""
        k, at = party.first - 1, event.at
        away = k - at
        if not 0 < away <= 8 or words.breaks[party.first] > SOFT:
            return None
        told = words.senses[k]
        if told.light is not None and words.folds[k].endswith(("ها", "ه", "هم")):
            return "relative"
        if away <= 4 and not told.empty and not told.saying:
            return "relative"
        named = away > 5 or self.relatives.isdisjoint(words.folds[at + 1 : min(k, at + 3) + 1])
        return None if named else "relative"

    def _left(self, words: Words, event: Event, party: PartyMention, preposition: str) -> str:
        same = words.clause[party.first] == words.clause[event.at]
        near = event.at - party.last <= 5
        if near and not self.relatives.isdisjoint(words.folds[party.last + 1 : event.at]):
            return "antecedent"
        if not same:
            return "far-left:" + preposition if preposition else "far-left"
        if preposition:
            return "left:" + preposition
        return "left"


def _reaches(words: Words, before: PartyMention, party: PartyMention) -> bool:
    """Tell whether a party stands close after another, with no comma in one breath and no verb or event between."""
    between = range(before.last + 1, party.first)
    gap = len(between) - sum(words.folds[k] in _SIDES for k in between)
    if gap >= 4 or words.breaks[party.first] > COMMA:
        return False
    return not any([words.senses[k].triggers or words.senses[k].saying for k in between])


def _may_part(words: Words, k: int) -> bool:
    """Tell whether a word may stand between an event noun and its genitive: an adjective, as far as we know."""
    return words.senses[k].filler or (words.senses[k].empty and len(words.folds[k]) > 3)


def ground_roles(trigger_roles: dict[str, str], type_roles: dict[str, str]) -> dict[str, str]:
    """Return the slot → role table of an entry: the type's, overridden by its own, with folded slots."""
    return {fold(k): v for k, v in {**type_roles, **trigger_roles}.items()}


def role_by_pack(slot: Slot, event: Event, roles: dict[str, str]) -> str:
    """Return the role that grammar and pack alone give to a slot: actor, target, place or none."""
    name = slot.name
    if name in ("agent", "relative", "adjective"):
        return "actor"
    passive = event.is_verb and event.sense.form.passive
    if name == "subject":
        return roles.get("object", "none") if passive else roles.get("subject", "none")
    if name == "object":
        return roles.get("object", "none")
    if name in ("left", "antecedent"):
        if event.is_verb:
            return roles.get("object", "none") if passive else roles.get("subject", "none")
        return roles.get("subject", "actor")
    if name == "genitive":
        return roles.get("genitive", "none")
    return roles.get(name, "none")
