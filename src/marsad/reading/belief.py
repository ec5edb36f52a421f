"""Is a candidate event told as a fact of the report? The features, and the certainty they give."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from marsad.reading.events import Event
from marsad.reading.roles import Slot
from marsad.reading.scene import Scene
from marsad.reading.weights import Seen, Weights
from marsad.reading.words import COMMA, SOFT
from marsad.text.inflection import Form

VIOLENT = frozenset({"clash", "attack", "shelling", "airstrike", "bombing"})
_ARMED = ("name", "force")
_VOICE = "voice="


def features(scene: Scene, event: Event, slots: list[Slot], rivals: list[Event]) -> Iterator[Seen]:
    """Yield what can be seen of the word, its neighbours, its sentence and its report."""
    yield from first_features(scene, event, slots, rivals)
    yield from last_features(scene, event)


def first_features(scene: Scene, event: Event, slots: list[Slot], rivals: list[Event]) -> Iterator[Seen]:
    """Yield what can be seen before numbers and voices are found."""
    trigger, form, split = event.trigger, event.sense.form, event.sense.split
    yield _word, trigger.key, trigger.type, event.met, form, split.before, bool(split.pronoun), trigger.weak
    yield from (*_around(scene, event), *_cast(scene, event, slots))
    yield from (*_rivals(scene, event, rivals), *_setting(scene, event))


def last_features(scene: Scene, event: Event) -> Iterator[Seen]:
    """Yield what numbers and voices say of a candidate: they are found last."""
    clauses, at = scene.words.clause, event.at
    clause = clauses[at]
    yield _counted, event.trigger.type, any([clauses[q.first] == clause for q in scene.quantities])
    if scene.voices is not None:
        voice = scene.voices.of[at]
        yield _voice, voice.manner if voice else None, scene.voices.age[at] == 0


@cache
def most_beside(model: Weights, kind: str) -> float:
    """Return how much numbers and voices, found last, can speak for a candidate of a type at the most."""
    return max(model.score([(_counted, kind, number)], 0.0) for number in (True, False)) + _loudest(model)


@cache
def _loudest(model: Weights) -> float:
    """Return the most that a voice can speak for a candidate."""
    return max([0.0, *(row[0] for feature, row in model.table.items() if feature.startswith(_VOICE))])


def _word(entry: str, kind: str, met: int, form: Form, before: str, pronoun: bool, weak: bool) -> Iterator[str]:
    yield f"entry={entry}"
    yield f"type={kind}"
    yield f"met={kind}:{met}"
    yield f"tense={kind}:{form.tense}"
    yield f"entry-tense={entry}:{form.tense}:{before}"
    yield f"form={form.tense}:{form.number}:{form.person}:{form.passive}"
    if weak:
        yield f"weak:{kind}"
    if pronoun:
        yield f"pronoun:{form.tense}"
        yield f"pronoun:{kind}"
    if before:
        yield f"before={form.tense}:{before}"


def _around(scene: Scene, event: Event) -> Iterator[Seen]:
    words, at, kind, tense = scene.words, event.at, event.trigger.type, event.sense.form.tense
    if at > 0 and words.breaks[at] <= SOFT:
        yield _previous, kind, words.folds[at - 1]
        yield from ((_flag, "prev-flag", f) for f in words.flags[at - 1])
        if at > 1 and words.breaks[at - 1] <= SOFT:
            yield _previous_but_one, words.folds[at - 2]
            yield from ((_flag, "prev2-flag", f) for f in words.flags[at - 2])
    else:
        yield _first, tense
    if at + 1 < len(words) and words.breaks[at + 1] <= SOFT:
        after = words.senses[at + 1]
        yield _next, kind, words.folds[at + 1]
        told = after.triggers[0].trigger.type if after.triggers else ""
        yield _next_sense, kind, tense, bool(after.people), bool(after.site), told, after.empty
    else:
        yield _last, kind


def _previous(kind: str, word: str) -> tuple[str, ...]:
    return (
        f"prev={word}",
        f"prev-type={kind}:{word}",
    )


def _previous_but_one(word: str) -> tuple[str, ...]:
    return (f"prev2={word}",)


def _flag(where: str, flag: str) -> tuple[str, ...]:
    return (f"{where}={flag}",)


def _first(tense: str) -> tuple[str, ...]:
    return (f"first:{tense}",)


def _last(kind: str) -> tuple[str, ...]:
    return (f"last:{kind}",)


def _next(kind: str, word: str) -> tuple[str, ...]:
    return (
        f"next={word}",
        f"next-type={kind}:{word}",
    )


def _next_sense(kind: str, tense: str, people: bool, site: bool, told: str, dull: bool) -> Iterator[str]:
    if people:
        yield f"next-people={kind}"
    if site:
        yield f"next-site={kind}"
    if told:
        yield f"next-trigger={told}"
    if dull:
        yield f"next-dull={tense}"


def _cast(scene: Scene, event: Event, slots: list[Slot]) -> Iterator[Seen]:
    kind, clauses, sentence = event.trigger.type, scene.words.clause, scene.words.sentence(event.at)
    armed = False
    for slot in slots:
        sort = slot.party.sort
        if slot.same_clause or slot.distance <= 4:
            yield _slot, kind, event.sense.form.tense, slot.name, sort, slot.party.id is not None
            armed = armed or sort in _ARMED
    clause = clauses[event.at]
    places = scene.places_of.get(sentence, ())
    near = any([clauses[p.first] == clause for p in places])
    site = any([clauses[s.first] == clause for s in scene.sites_of.get(sentence, ())])
    yield _named, kind, armed, "clause" if near else "sentence" if places else "none", site


def _slot(kind: str, tense: str, name: str, sort: str, known: bool) -> tuple[str, ...]:
    return (
        f"slot={kind}:{name}:{sort}",
        f"slot={tense}:{name}:{'known' if known else sort}",
    )


def _named(kind: str, armed: bool, place: str, site: bool) -> tuple[str, ...]:
    return (
        f"armed={kind}:{armed}",
        f"place={kind}:{place}",
        f"place={place}",
        f"site={kind}:{site}",
    )


def _counted(kind: str, number: bool) -> tuple[str, ...]:
    return (f"number={kind}:{number}",)


def _rivals(scene: Scene, event: Event, rivals: list[Event]) -> Iterator[Seen]:
    kind, at = event.trigger.type, event.at
    sentence = scene.events_of.get(scene.words.sentence(at), ())
    others = [o for o in sentence if o is not event]
    for other, side, gap in {(o.trigger.type, _side(o.at, at), abs(o.at - at) <= 4) for o in others}:
        yield _with, kind, other, side, gap
    if kind == "killing":
        yield _cause, any([o.trigger.type in VIOLENT and o.at != at for o in others])
    twins = [o.at for o in others if o.trigger.type == kind and o.at < at]
    if twins:
        yield _twin, kind, at - twins[-1] <= 6
    better = [r for r in rivals if r is not event and r.met > event.met]
    if better:
        yield _beaten, kind, better[0].trigger.type


def _side(other: int, at: int) -> str:
    return "here" if other == at else "left" if other < at else "right"


def _with(kind: str, other: str, side: str, near: bool) -> tuple[str, ...]:
    return (f"with={kind}:{other}:{side}:{'near' if near else 'far'}",)


def _cause(violent: bool) -> tuple[str, ...]:
    return (f"cause={violent}",)


def _twin(kind: str, near: bool) -> tuple[str, ...]:
    return (
        f"twin={'near' if near else 'far'}",
        f"twin={kind}",
    )


def _beaten(kind: str, better: str) -> tuple[str, ...]:
    return (
        "beaten",
        f"beaten={better}:{kind}",
    )


def _setting(scene: Scene, event: Event) -> Iterator[Seen]:
    words, at = scene.words, event.at
    first, last = scene.sentences[words.sentence(at)]
    density = min(4, len(scene.events) * 40 // max(40, len(words)))
    yield _report, density, min(5, scene.named), scene.theatre is not None
    yield _sentence, min(4, (last - first) // 12), words.sentence(at) == 0, words.quoted[at]
    near = range(max(first, at - 5), at)
    for flag in {f for k in near if words.flags[k] and words.breaks[k + 1] < COMMA for f in words.flags[k]}:
        yield _flagged, event.trigger.type, flag
    told = scene.first_told
    known, same = told[event.trigger.type] < first, told[event.trigger.key] < first
    split = event.sense.split.before
    yield _known, event.trigger.type, event.sense.form.tense, split.endswith(("ال", "لل")), known, same
    clause = at
    while clause > first and words.clause[clause - 1] == words.clause[at]:
        clause -= 1
    yield _lead, words.folds[first]
    yield _opening, words.folds[clause]


def _known(kind: str, tense: str, definite: bool, known: bool, same: bool) -> tuple[str, ...]:
    """Tell whether a sentence before tells of the type: then "the attack" may only take it up again."""
    return (
        f"known={kind}:{tense}:{definite}:{known}",
        f"known={tense}:{definite}:{known}:{same}",
    )


def _report(density: int, named: int, has_theatre: bool) -> tuple[str, ...]:
    return (
        f"density={density}",
        f"named={named}",
        f"theatre={has_theatre}",
    )


def _sentence(length: int, early: bool, quoted: bool) -> tuple[str, ...]:
    return (
        f"length={length}",
        f"early={early}",
        f"quoted={quoted}",
    )


def _flagged(kind: str, flag: str) -> tuple[str, ...]:
    return (
        f"flag={flag}",
        f"flag={kind}:{flag}",
    )


def _lead(word: str) -> tuple[str, ...]:
    return (f"lead={word}",)


def _opening(word: str) -> tuple[str, ...]:
    return (f"opens={word}",)


def _voice(manner: str | None, here: bool) -> tuple[str, ...]:
    return (f"{_VOICE}{manner}:{here}",)
