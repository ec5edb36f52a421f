"""Did it happen, is it going on, planned, denied, or only possible?"""

from __future__ import annotations

from collections.abc import Iterator

from marsad.reading.events import Event
from marsad.reading.scene import Scene
from marsad.reading.syntax import is_verb
from marsad.reading.weights import Seen
from marsad.reading.words import COLON, COMMA, SOFT

CLASSES = ("happened", "ongoing", "planned", "denied", "possible")


def features(scene: Scene, event: Event) -> Iterator[Seen]:
    """Yield the tense, the cue words around, and what kind of event it is."""
    words, at, form, trigger = scene.words, event.at, event.sense.form, event.trigger
    yield _word, trigger.key, trigger.type, trigger.status or "", form.tense, form.passive, event.sense.split.before
    first, last = scene.sentences[words.sentence(at)]
    for k in range(at - 1, max(first, at - 9) - 1, -1):
        same = words.clause[k] == words.clause[at]
        for flag in words.flags[k]:
            yield _cue, flag, "near" if at - k <= 2 else "mid" if at - k <= 5 else "far", same, form.tense
        if at - k <= 2:
            yield _word_before, at - k, words.folds[k]
        verb = words.senses[k].verb
        if verb is not None and same:
            yield _verb_before, verb.tense, form.tense
        if words.breaks[k] >= COLON:
            break
    if form.tense == "noun" and _aimed_with(scene, event, first):
        yield _aimed, event.sense.split.before
    yield from _after(scene, event, last)
    voice = scene.voices.of[at] if scene.voices is not None else None
    if voice is not None and scene.voices is not None:
        yield _manner, voice.manner, scene.voices.age[at] == 0


# So far back an aim may stand that "and" goes on with: "to support the Resistance and free the town".
_AIM = 10


def _aimed_with(scene: Scene, event: Event, first: int) -> bool:
    """Tell whether "and" joins the noun to one with ل before it, with no verb between: that one is an aim."""
    words, at = scene.words, event.at
    if not words.folds[at].startswith("و"):
        return False
    for k in range(at - 1, max(first, at - _AIM) - 1, -1):
        sense = words.senses[k]
        if any([t.form.tense == "noun" and t.split.before.startswith("ل") for t in sense.triggers]):
            return True
        if words.breaks[k] >= COMMA or is_verb(sense):
            return False
    return False


def _aimed(before: str) -> tuple[str, ...]:
    return ("aimed-with", f"aimed-with={before}")


def _word(entry: str, kind: str, fixed: str, tense: str, passive: bool, before: str) -> Iterator[str]:
    yield f"type={kind}"
    yield f"tense={tense}:{passive}"
    yield f"type-tense={kind}:{tense}"
    yield f"entry={entry}"
    if fixed:
        yield f"fixed={fixed}"
    if before:
        yield f"before={tense}:{before}"
    if tense == "noun":
        yield f"article={kind}:{before.endswith(('ال', 'لل'))}"


def _cue(flag: str, step: str, same_clause: bool, tense: str) -> tuple[str, ...]:
    return (
        f"{flag}:{step}:{same_clause}",
        f"{flag}:{tense}:{same_clause}",
    )


def _word_before(step: int, word: str) -> tuple[str, ...]:
    return (f"word{step}={word}",)


def _verb_before(verb: str, tense: str) -> tuple[str, ...]:
    return (f"verb-before={verb}:{tense}",)


def _manner(manner: str, here: bool) -> tuple[str, ...]:
    return (f"manner={manner}:{here}",)


_NOT = frozenset({"لم", "ولم", "فلم", "لن", "ولن", "فلن"})


def denied(scene: Scene, event: Event) -> bool:
    """Tell whether the verb is negated, or a speaker denies what the sentence goes on to say."""
    words, at = scene.words, event.at
    if event.is_verb and at > 0 and words.folds[at - 1] in _NOT:
        return True
    if _unreported(scene, event):
        return True
    if scene.voices is None:
        return False
    voice = scene.voices.of[at]
    return (
        voice is not None and voice.manner == "denied" and scene.voices.age[at] == 0 and scene.voices.said_at[at] < at
    )


_REPORTED = frozenset({"ترد", "يرد", "تسجل", "يسجل"})


def _unreported(scene: Scene, event: Event) -> bool:
    """Tell whether the sentence says that nothing was reported of the act: "no reports came of clashes"."""
    words, at = scene.words, event.at
    first, _ = scene.sentences[words.sentence(at)]
    near = [k for k in range(max(first + 1, at - _AIM), at) if words.clause[k] == words.clause[at]]
    return any([words.folds[k] in _REPORTED and words.folds[k - 1] in _NOT for k in near])


def supposed(scene: Scene, event: Event) -> bool:
    """Tell whether an "if" stands right before the verb: what it tells of is only supposed."""
    words, at = scene.words, event.at
    if not event.is_verb:
        return False
    near = [k for k in (at - 1, at - 2) if k >= 0 and words.breaks[k + 1] <= SOFT]
    return bool(near) and any(["conditional" in words.flags[k] for k in near])


def _after(scene: Scene, event: Event, last: int) -> Iterator[Seen]:
    words, at, tense = scene.words, event.at, event.sense.form.tense
    for k in range(at + 1, min(last, at + 8) + 1):
        if words.clause[k] != words.clause[at] and words.breaks[k] >= COMMA:
            break
        for flag in words.flags[k]:
            yield _cue_after, flag, tense
        if k == at + 1:
            yield _word_after, words.folds[k]
    for t in scene.times_of.get(words.sentence(at), ()):
        if words.clause[t.first] == words.clause[at]:
            yield _time, t.kind, tense


def _cue_after(flag: str, tense: str) -> tuple[str, ...]:
    return (f"after-{flag}:{tense}",)


def _word_after(word: str) -> tuple[str, ...]:
    return (f"next={word}",)


def _time(kind: str, tense: str) -> tuple[str, ...]:
    return (f"time={kind}:{tense}",)
