"""From a draft of word numbers to a claim of characters, places and ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from marsad.grounding.gazetteer import Gazetteer
from marsad.grounding.resolve import reference
from marsad.model import Claim, Link, Party, PlaceRef, Site, Span, Unread, claim_id
from marsad.reading.claims import Draft
from marsad.reading.parties import PartyMention
from marsad.reading.places import PlaceMention
from marsad.reading.scene import Scene
from marsad.reading.sites import SiteMention
from marsad.reading.words import Words
from marsad.text.letters import fold

Mention = PartyMention | PlaceMention | SiteMention


def claims_of(scene: Scene, drafts: list[Draft], gazetteer: Gazetteer, reader: str) -> list[Claim]:
    """Return the claims of a report's drafts, linked to each other, each with its reader's version."""
    claims = [_claim(scene, d, gazetteer, reader) for d in drafts]
    ids = {id(d): c.id for d, c in zip(drafts, claims, strict=True)}
    for draft, claim in zip(drafts, claims, strict=True):
        claim.links = tuple(Link(kind, ids[id(to)]) for kind, to in draft.ties)
    return claims


def _claim(scene: Scene, draft: Draft, gazetteer: Gazetteer, reader: str) -> Claim:
    """Return the claim of a draft; every part is tied to its characters."""
    words, event = scene.words, draft.event
    trigger = Span(*words.span(event.at, event.at))
    span = evidence_of(scene, draft)
    speakers = [_speaker(words, a, b) for a, b in draft.voice.speakers] if draft.voice else []
    return Claim(
        type=event.trigger.type,
        trigger=words.slice(event.at, event.at),
        trigger_span=trigger,
        evidence=scene.report.text[span.start : span.end],
        span=span,
        status=draft.status,
        actors=tuple(_party(words, p) for p in draft.actors),
        targets=tuple(_party(words, p) for p in draft.targets),
        places=tuple(_place(words, p, e, gazetteer) for p, e in zip(draft.places, draft.extents, strict=True)),
        sites=tuple(
            Site(words.slice(s.first, s.last), s.kind, Span(*words.span(s.first, s.last))) for s in draft.sites
        ),
        date=draft.date,
        numbers=draft.numbers,
        sources=tuple(scene.report.text[s.start : s.end] for s in speakers),
        source_spans=tuple(speakers),
        quoted=words.quoted[event.at],
        certainty=round(draft.certainty, 3),
        id=claim_id(scene.report.id, trigger, event.trigger.type),
        reader=reader,
        why=tuple(_reasons(scene, draft)),
    )


def _reasons(scene: Scene, draft: Draft) -> Iterator[str]:
    """Yield in plain words why the claim is read so: its entry, each role's slot, place, day and voice."""
    words, event = scene.words, draft.event
    met = f", {event.met} condition{'s' * (event.met != 1)} met" if event.met else ""
    word = words.slice(event.at, event.at)
    yield f"entry {event.trigger.key} fired on {word!r}{met}; certainty {draft.certainty:.2f}"
    for role, slot, chance in draft.parts:
        where = "" if slot.same_sentence else ", from a sentence before"
        yield f"{role} {words.slice(slot.party.first, slot.party.last)!r} stands as {slot.name}{where} ({chance:.2f})"
    for place, chance in draft.spots:
        near = "" if words.sentence(place.first) == words.sentence(event.at) else ", from elsewhere in the report"
        yield f"place {words.slice(place.first, place.last)!r}{near} ({chance:.2f})"
    if draft.time is not None:
        yield f"day from {words.slice(draft.time.first, draft.time.last)!r}"
    elif draft.date is not None:
        yield "day of publication: no time in the text fits better"
    if draft.voice is not None:
        yield f"said ({draft.voice.manner}) by {words.slice(*draft.voice.speakers[0])!r}"


def unread_of(scene: Scene, drafts: list[Draft], doubted: list[Draft]) -> list[Unread]:
    """Return the sentences that gave no claim, each with the reason."""
    words = scene.words
    read = {words.sentence(d.event.at) for d in drafts}
    doubts: dict[int, list[Draft]] = {}
    for draft in doubted:
        doubts.setdefault(words.sentence(draft.event.at), []).append(draft)
    found = []
    for sentence, (first, last) in scene.sentences.items():
        if sentence not in read:
            found.append(Unread(Span(*words.span(first, last)), _doubt(words, doubts.get(sentence, []))))
    return found


def _doubt(words: Words, doubted: list[Draft]) -> str:
    if not doubted:
        return "no word of any entry"
    said = (f"{words.slice(d.event.at, d.event.at)} as {d.event.trigger.key} ({d.certainty:.2f})" for d in doubted)
    return "not certain enough: " + ", ".join(said)


def evidence_of(scene: Scene, draft: Draft) -> Span:
    """Return the shortest run of characters of one sentence that holds trigger, roles and places."""
    words, event = scene.words, draft.event
    marks = [event.at, event.last]
    mentions: tuple[Mention, ...] = (*draft.actors, *draft.targets, *draft.places, *draft.sites)
    for mention in mentions:
        if words.sentence(mention.first) == words.sentence(event.at) and abs(mention.first - event.at) <= 25:
            marks += [mention.first, mention.last]
    return Span(*words.span(min(marks), max(marks)))


def _speaker(words: Words, first: int, last: int) -> Span:
    """Return the characters of a speaker's name, without the ل of "according to" before it."""
    start, end = words.span(first, last)
    word = words.texts[first]
    joined = words.folds[first].startswith("ل") and not words.folds[first].startswith("لل")
    if joined and first > 0 and words.folds[first - 1] in _ACCORDING:
        start += _clitic_length(word, "ل")
    return Span(start, end)


_ACCORDING = frozenset(fold(w) for w in "وفقا ووفقا طبقا وطبقا تبعا بيان تقرير".split())


def _party(words: Words, party: PartyMention) -> Party:
    start, end = words.span(party.first, party.last)
    if party.clitic and not party.clitic.endswith("ل"):
        start += _clitic_length(words.texts[party.first], party.clitic)
    return Party(words.text[start:end], party.id, Span(start, end))


def _place(words: Words, place: PlaceMention, extent: str, gazetteer: Gazetteer) -> PlaceRef:
    start, end = words.span(place.first, place.last)
    if (place.clitic and place.direction is None) or words.senses[place.first].clitic:
        start += _clitic_length(words.texts[place.first], place.clitic or words.senses[place.first].clitic)
    found = reference(place, words.text[start:end], Span(start, end), place.role, gazetteer)
    return replace(found, extent=extent) if extent else found


def _clitic_length(word: str, clitic: str) -> int:
    """Return how many characters of the printed word the clitic takes; "لل" keeps its article."""
    letters = list(clitic)
    for n, letter in enumerate(word):
        if not letters:
            return n if n < len(word) else 0
        if fold(letter) == letters[0]:
            letters.pop(0)
    return 0
