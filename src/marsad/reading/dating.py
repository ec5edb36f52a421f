"""When it happened: the chance of each time of the report, of its own day, and of no day at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from marsad.reading.events import Event
from marsad.reading.scene import Scene
from marsad.reading.times import TimeMention

_AUXILIARIES = frozenset({"كان", "كانت", "كانوا", "وكان", "وكانت", "قد", "وقد", "تم", "وتم", "لم", "سوف"})
_WERE = frozenset({"كان", "كانت", "كانوا", "وكان", "وكانت", "سبق"})


class Dating(NamedTuple):
    """One way to date an event: the value, where it comes from, the mention if any."""

    value: str | None
    sort: str  # here, back, published, none
    time: TimeMention | None = None
    back: int = 0


def _value(scene: Scene, time: TimeMention) -> str | None:
    """Return what a time dates: "since May" reaches from its start to the day of publication."""
    published = scene.report.published
    if time.kind == "since" and time.value and published is not None:
        start = time.value[:10]
        return f"{start}/{published.isoformat()}" if start < published.isoformat() else start
    return time.value


def main_day(scene: Scene) -> str | None:
    """Return the day that the report names most often, the day of its story, or None."""
    days = Counter(t.value for t in scene.times if t.kind == "day" and t.value and len(t.value) == 10)
    return max(days, key=lambda d: (days[d], d), default=None)


def candidates(scene: Scene, event: Event) -> list[Dating]:
    """Return the times of the sentence and of four before, the day of publication, and none."""
    sentence = scene.words.sentence(event.at)
    found = [Dating(_value(scene, t), "here", t) for t in scene.times_of.get(sentence, ())]
    for back in (1, 2, 3, 4):
        before = scene.times_of.get(sentence - back, ())
        if before:
            found += [Dating(_value(scene, t), "back", t, back) for t in before[-2:]]
    published = scene.report.published
    if published is not None:
        found.append(Dating(published.isoformat(), "published"))
    found.append(Dating(None, "none"))
    return found


def features(
    scene: Scene, event: Event, dating: Dating, all: list[Dating], last: str | None, story: str | None
) -> Iterator[str]:
    """Yield what can be seen of a date beside an event: `last` dates the claim before, `story` the report."""
    words, at, kind = scene.words, event.at, event.trigger.type
    here = [d for d in all if d.sort == "here"]
    clause = [d for d in here if d.time and words.clause[d.time.first] == words.clause[at]]
    yield f"sort={dating.sort}:{bool(here)}:{bool(clause)}"
    yield f"type={kind}:{dating.sort}"
    yield f"tense={event.sense.form.tense}:{dating.sort}:{bool(here)}"
    yield f"last={dating.value == last}:{dating.sort}:{bool(here)}"
    yield f"quoted={words.quoted[at]}:{dating.sort}"
    if scene.voices is not None:
        yield f"voice={scene.voices.age[at] if scene.voices.of[at] else 'own'}:{dating.sort}"
    first, _ = scene.sentences[words.sentence(at)]
    flags = {f for k in range(max(first, at - 4), at) for f in words.flags[k]}
    yield from (f"flag={f}:{dating.sort}" for f in flags)
    lead = words.folds[first]
    yield f"lead={lead}:{dating.sort}"
    told = "none" if dating.value is None else "story" if dating.value == story else "other"
    yield f"told={told}:{dating.sort}:{bool(here)}"
    yield f"told={told}:{story is not None}:{bool(clause)}:{dating.sort}"
    start = at
    while start > first and words.clause[start - 1] == words.clause[at]:
        start -= 1
    yield f"opens={words.folds[start]}:{dating.sort}"
    helped = at > 0 and words.folds[at - 1] in _AUXILIARIES
    yield f"helped={words.folds[at - 1] if helped else ''}:{event.sense.form.tense}:{dating.sort}"
    perfect = any(words.folds[k] in _WERE for k in range(start, at))
    yield f"perfect={perfect}:{event.sense.form.tense}:{dating.sort}:{bool(here)}"
    yield f"status={event.sense.form.tense}:{words.quoted[at]}:{dating.sort}:{bool(clause)}"
    if dating.time is None:
        yield f"back-times={any(d.sort == 'back' for d in all)}:{dating.sort}"
        return
    yield from _of_mention(scene, event, dating, len(here))


def _of_mention(scene: Scene, event: Event, dating: Dating, count: int) -> Iterator[str]:
    words, at, time = scene.words, event.at, dating.time
    assert time is not None
    side = "right" if time.first > at else "left"
    distance = time.first - at if time.first > at else at - time.last
    near = 0 if distance <= 1 else 1 if distance <= 4 else 2 if distance <= 9 else 3
    same = words.clause[time.first] == words.clause[at]
    yield f"kind={time.kind}:{dating.sort}"
    yield f"mention={dating.sort}:{dating.back}:{side}:{same}"
    yield f"mention={dating.sort}:{side}:{same}:{near}"
    yield f"count={min(3, count)}:{dating.sort}:{side}:{same}"
    yield f"valued={dating.value is not None}:{time.kind}"
    nearer = sum(
        1
        for t in scene.times_of.get(words.sentence(at), ())
        if t is not time and abs(t.first - at) < abs(time.first - at)
    )
    yield f"nearer={min(2, nearer)}:{dating.sort}"
    old = (
        dating.value is not None
        and scene.report.published is not None
        and dating.value[:4] != str(scene.report.published.year)
    )
    yield f"old={old}:{dating.sort}"
    if dating.sort == "back":
        yield f"paragraph={words.paragraph[time.first] == words.paragraph[at]}:{dating.back}"
    other = any(
        o.at != at and words.clause[o.at] == words.clause[time.first]
        for o in scene.events_of.get(words.sentence(time.first), ())
    )
    yield f"others={other}:{dating.sort}:{same}"
    speech = any(words.senses[k].saying for k in range(max(0, time.first - 8), time.first))
    yield f"speech={speech}:{dating.sort}:{side}:{same}"
