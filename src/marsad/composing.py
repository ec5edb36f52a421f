"""From a draft of word numbers to a claim of characters, places and ids."""

from __future__ import annotations

from marsad.grounding.gazetteer import Gazetteer
from marsad.grounding.resolve import reference
from marsad.model import Claim, Party, PlaceRef, Site, Span, claim_id
from marsad.reading.claims import Draft
from marsad.reading.parties import PartyMention
from marsad.reading.places import PlaceMention
from marsad.reading.scene import Scene
from marsad.reading.words import Words
from marsad.text.letters import fold


def claim_of(scene: Scene, draft: Draft, gazetteer: Gazetteer) -> Claim:
    """Return the claim of a draft; every part is tied to its characters."""
    words, event = scene.words, draft.event
    trigger = Span(*words.span(event.at, event.at))
    span = evidence_of(scene, draft)
    voice = draft.voice
    return Claim(
        type=event.trigger.type,
        trigger=words.slice(event.at, event.at),
        trigger_span=trigger,
        evidence=scene.report.text[span.start : span.end],
        span=span,
        status=draft.status,
        actors=tuple(_party(words, p) for p in draft.actors),
        targets=tuple(_party(words, p) for p in draft.targets),
        places=tuple(_place(words, p, gazetteer) for p in draft.places),
        sites=tuple(Site(words.slice(s.first, s.last), s.kind, Span(*words.span(s.first, s.last))) for s in draft.sites),
        date=draft.date,
        numbers=draft.numbers,
        sources=tuple(words.slice(a, b) for a, b in voice.speakers) if voice else (),
        source_spans=tuple(Span(*words.span(a, b)) for a, b in voice.speakers) if voice else (),
        quoted=words.quoted[event.at],
        certainty=round(draft.certainty, 3),
        id=claim_id(scene.report.id, trigger, event.trigger.type),
    )


def evidence_of(scene: Scene, draft: Draft) -> Span:
    """Return the shortest run of characters of one sentence that holds trigger, roles and places."""
    words, event = scene.words, draft.event
    marks = [event.at, event.last]
    for mention in (*draft.actors, *draft.targets, *draft.places, *draft.sites):
        if words.sentence(mention.first) == words.sentence(event.at) and abs(mention.first - event.at) <= 25:
            marks += [mention.first, mention.last]
    return Span(*words.span(min(marks), max(marks)))


def _party(words: Words, party: PartyMention) -> Party:
    start, end = words.span(party.first, party.last)
    if party.clitic and not party.clitic.endswith("ل"):
        start += _clitic_length(words.items[party.first].text, party.clitic)
    return Party(words.text[start:end], party.id, Span(start, end))


def _place(words: Words, place: PlaceMention, gazetteer: Gazetteer) -> PlaceRef:
    start, end = words.span(place.first, place.last)
    if place.clitic and place.direction is None or words.senses[place.first].clitic:
        start += _clitic_length(words.items[place.first].text, place.clitic or words.senses[place.first].clitic)
    return reference(place, words.text[start:end], Span(start, end), place.role, gazetteer)


def _clitic_length(word: str, clitic: str) -> int:
    """Return how many characters of the printed word the clitic takes; "لل" keeps its article."""
    letters = list(clitic)
    for n, letter in enumerate(word):
        if not letters:
            return n if n < len(word) else 0
        if fold(letter) == letters[0]:
            letters.pop(0)
    return 0
