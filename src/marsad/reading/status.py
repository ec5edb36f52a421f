"""Did it happen, is it going on, planned, denied, or only possible?"""

from __future__ import annotations

from collections.abc import Iterator

from marsad.reading.events import Event
from marsad.reading.scene import Scene
from marsad.reading.words import COLON, COMMA

CLASSES = ("happened", "ongoing", "planned", "denied", "possible")


def features(scene: Scene, event: Event) -> Iterator[str]:
    """Yield the tense, the cue words around, and what kind of event it is."""
    words, at, form = scene.words, event.at, event.sense.form
    kind = event.trigger.type
    yield f"type={kind}"
    yield f"tense={form.tense}:{form.passive}"
    yield f"type-tense={kind}:{form.tense}"
    yield f"entry={event.trigger.key}"
    if event.trigger.status:
        yield f"fixed={event.trigger.status}"
    before = event.sense.split.before
    if before:
        yield f"before={form.tense}:{before}"
    if form.tense == "noun":
        yield f"article={kind}:{before.endswith(('ال', 'لل'))}"
    first, last = scene.sentences[words.sentence(at)]
    for k in range(at - 1, max(first, at - 9) - 1, -1):
        step = "near" if at - k <= 2 else "mid" if at - k <= 5 else "far"
        same = words.clause[k] == words.clause[at]
        for flag in words.flags[k]:
            yield f"{flag}:{step}:{same}"
            yield f"{flag}:{form.tense}:{same}"
        if at - k <= 2:
            yield f"word{at - k}={words.folds[k]}"
        verb = words.senses[k].verb
        if verb is not None and same:
            yield f"verb-before={verb.tense}:{form.tense}"
        if words.breaks[k] >= COLON:
            break
    yield from _after(scene, event, last)
    voice = scene.voices.of[at] if scene.voices is not None else None
    if voice is not None and scene.voices is not None:
        yield f"manner={voice.manner}:{scene.voices.age[at] == 0}"


_NOT = frozenset({"لم", "ولم", "فلم", "لن", "ولن", "فلن"})


def denied(scene: Scene, event: Event) -> bool:
    """Tell whether the verb is negated, or a speaker denies what the sentence goes on to say."""
    words, at = scene.words, event.at
    if event.is_verb and at > 0 and words.folds[at - 1] in _NOT:
        return True
    if scene.voices is None:
        return False
    voice = scene.voices.of[at]
    return (
        voice is not None and voice.manner == "denied" and scene.voices.age[at] == 0 and scene.voices.said_at[at] < at
    )


def _after(scene: Scene, event: Event, last: int) -> Iterator[str]:
    words, at, tense = scene.words, event.at, event.sense.form.tense
    for k in range(at + 1, min(last, at + 8) + 1):
        if words.clause[k] != words.clause[at] and words.breaks[k] >= COMMA:
            break
        for flag in words.flags[k]:
            yield f"after-{flag}:{tense}"
        if k == at + 1:
            yield f"next={words.folds[k]}"
    for t in scene.times_of.get(words.sentence(at), ()):
        if words.clause[t.first] == words.clause[at]:
            yield f"time={t.kind}:{tense}"
