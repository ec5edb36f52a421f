"""Is a candidate event told as a fact of the report? The features, and the certainty they give."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.reading.events import Event
from marsad.reading.roles import Slot
from marsad.reading.scene import Scene
from marsad.reading.words import COMMA, SOFT

VIOLENT = frozenset({"clash", "attack", "shelling", "airstrike", "bombing"})
_ARMED = ("name", "force")


def features(scene: Scene, event: Event, slots: list[Slot], rivals: list[Event]) -> Iterator[str]:
    """Yield what can be seen of the word, its neighbours, its sentence and its report."""
    trigger, form, split = event.trigger, event.sense.form, event.sense.split
    kind = trigger.type
    yield f"entry={trigger.key}"
    yield f"type={kind}"
    yield f"met={kind}:{event.met}"
    yield f"tense={kind}:{form.tense}"
    yield f"entry-tense={trigger.key}:{form.tense}:{split.before}"
    yield f"form={form.tense}:{form.number}:{form.person}:{form.passive}"
    if trigger.weak:
        yield f"weak:{kind}"
    if split.pronoun:
        yield f"pronoun:{form.tense}"
        yield f"pronoun:{kind}"
    if split.before:
        yield f"before={form.tense}:{split.before}"
    yield from _around(scene, event)
    yield from _cast(scene, event, slots)
    yield from _rivals(scene, event, rivals)
    yield from _setting(scene, event)


def _around(scene: Scene, event: Event) -> Iterator[str]:
    words, at, kind = scene.words, event.at, event.trigger.type
    if at > 0 and words.breaks[at] <= SOFT:
        yield f"prev={words.folds[at - 1]}"
        yield f"prev-type={kind}:{words.folds[at - 1]}"
        yield from (f"prev-flag={f}" for f in words.flags[at - 1])
        if at > 1 and words.breaks[at - 1] <= SOFT:
            yield f"prev2={words.folds[at - 2]}"
            yield from (f"prev2-flag={f}" for f in words.flags[at - 2])
    else:
        yield f"first:{event.sense.form.tense}"
    if at + 1 < len(words) and words.breaks[at + 1] <= SOFT:
        yield f"next={words.folds[at + 1]}"
        yield f"next-type={kind}:{words.folds[at + 1]}"
        nxt = words.senses[at + 1]
        if nxt.people:
            yield f"next-people={kind}"
        if nxt.site:
            yield f"next-site={kind}"
        if nxt.triggers:
            yield f"next-trigger={nxt.triggers[0].trigger.type}"
        if nxt.empty:
            yield f"next-dull={event.sense.form.tense}"
    else:
        yield f"last:{kind}"


def _cast(scene: Scene, event: Event, slots: list[Slot]) -> Iterator[str]:
    kind, sentence = event.trigger.type, scene.words.sentence(event.at)
    armed = False
    for slot in slots:
        sort = slot.party.sort
        if slot.same_clause or slot.distance <= 4:
            yield f"slot={kind}:{slot.name}:{sort}"
            yield f"slot={event.sense.form.tense}:{slot.name}:{'known' if slot.party.id else sort}"
            armed = armed or sort in _ARMED
    yield f"armed={kind}:{armed}"
    places = scene.places_of.get(sentence, ())
    near = [p for p in places if scene.words.clause[p.first] == scene.words.clause[event.at]]
    yield f"place={kind}:{'clause' if near else 'sentence' if places else 'none'}"
    yield f"place={'clause' if near else 'sentence' if places else 'none'}"
    sites = [s for s in scene.sites_of.get(sentence, ()) if scene.words.clause[s.first] == scene.words.clause[event.at]]
    yield f"site={kind}:{bool(sites)}"
    numbers = any(scene.words.clause[q.first] == scene.words.clause[event.at] for q in scene.quantities)
    yield f"number={kind}:{numbers}"


def _rivals(scene: Scene, event: Event, rivals: list[Event]) -> Iterator[str]:
    kind, at = event.trigger.type, event.at
    sentence = scene.events_of.get(scene.words.sentence(at), ())
    seen: set[str] = set()
    for other in sentence:
        if other is event:
            continue
        side = "here" if other.at == at else "left" if other.at < at else "right"
        gap = "near" if abs(other.at - at) <= 4 else "far"
        tag = f"with={kind}:{other.trigger.type}:{side}:{gap}"
        if tag not in seen:
            seen.add(tag)
            yield tag
    violent = [o for o in sentence if o.trigger.type in VIOLENT and o.at != at]
    if kind == "killing":
        yield f"cause={bool(violent)}"
    twin = [o for o in sentence if o.trigger.type == kind and o.at < at]
    if twin:
        yield f"twin={'near' if at - twin[-1].at <= 6 else 'far'}"
        yield f"twin={kind}"
    better = [r for r in rivals if r is not event and r.met > event.met]
    if better:
        yield "beaten"
        yield f"beaten={better[0].trigger.type}:{kind}"


def _setting(scene: Scene, event: Event) -> Iterator[str]:
    words, at = scene.words, event.at
    first, last = scene.sentences[words.sentence(at)]
    length = last - first
    yield f"length={min(4, length // 12)}"
    yield f"early={words.sentence(at) == 0}"
    yield f"quoted={words.quoted[at]}"
    flags = {f for k in range(max(first, at - 5), at) if words.breaks[k + 1] < COMMA for f in words.flags[k]}
    yield from (f"flag={f}" for f in flags)
    yield from (f"flag={event.trigger.type}:{f}" for f in flags)
    density = len(scene.events) * 40 // max(40, len(words))
    yield f"density={min(4, density)}"
    named = sum(1 for p in scene.parties if p.sort == "name")
    yield f"named={min(5, named)}"
    yield f"theatre={scene.theatre is not None}"
    lead = words.folds[first]
    yield f"lead={lead}"
    clause = next((k for k in range(at, first - 1, -1) if words.clause[k] != words.clause[at]), first - 1) + 1
    yield f"opens={words.folds[clause]}"
    if scene.voices is not None:
        voice = scene.voices.of[at]
        yield f"voice={voice.manner if voice else None}:{scene.voices.age[at] == 0}"
