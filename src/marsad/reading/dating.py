"""When it happened: the chance of each time of the report, of its own day, and of no day at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from marsad.reading.events import Event
from marsad.reading.scene import Scene
from marsad.reading.times import TimeMention
from marsad.reading.weights import Seen

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
) -> Iterator[Seen]:
    """Yield what can be seen of a date beside an event: `last` dates the claim before, `story` the report."""
    words, at, sort, tense = scene.words, event.at, dating.sort, event.sense.form.tense
    clause = words.clause[at]
    here = [d.time for d in all if d.sort == "here" and d.time]
    timed = any([words.clause[time.first] == clause for time in here])
    yield _standing, event.trigger.type, sort, tense, words.quoted[at], bool(here), timed
    told = "none" if dating.value is None else "story" if dating.value == story else "other"
    yield _value_told, told, sort, bool(here), timed, story is not None, dating.value == last
    if scene.voices is not None:
        yield _voiced, scene.voices.age[at] if scene.voices.of[at] else "own", sort
    first, _ = scene.sentences[words.sentence(at)]
    for flag in {f for flags in words.flags[max(first, at - 4) : at] for f in flags}:
        yield _flag, flag, sort
    start = at
    while start > first and words.clause[start - 1] == clause:
        start -= 1
    yield _opening, words.folds[first], words.folds[start], sort
    helper = words.folds[at - 1] if at > 0 and words.folds[at - 1] in _AUXILIARIES else ""
    yield _helped, helper, not _WERE.isdisjoint(words.folds[start:at]), tense, sort, bool(here)
    if dating.time is None:
        yield _apart, any([d.sort == "back" for d in all]), sort
    else:
        yield from _of_mention(scene, event, dating, len(here))


def _standing(kind: str, sort: str, tense: str, quoted: bool, here: bool, timed: bool) -> Iterator[str]:
    yield f"sort={sort}:{here}:{timed}"
    yield f"type={kind}:{sort}"
    yield f"tense={tense}:{sort}:{here}"
    yield f"quoted={quoted}:{sort}"
    yield f"status={tense}:{quoted}:{sort}:{timed}"


def _value_told(told: str, sort: str, here: bool, timed: bool, has_story: bool, is_last: bool) -> Iterator[str]:
    yield f"last={is_last}:{sort}:{here}"
    yield f"told={told}:{sort}:{here}"
    yield f"told={told}:{has_story}:{timed}:{sort}"


def _voiced(voice: int | str, sort: str) -> Iterator[str]:
    yield f"voice={voice}:{sort}"


def _flag(flag: str, sort: str) -> Iterator[str]:
    yield f"flag={flag}:{sort}"


def _opening(lead: str, opens: str, sort: str) -> Iterator[str]:
    yield f"lead={lead}:{sort}"
    yield f"opens={opens}:{sort}"


def _helped(helper: str, perfect: bool, tense: str, sort: str, here: bool) -> Iterator[str]:
    yield f"helped={helper}:{tense}:{sort}"
    yield f"perfect={perfect}:{tense}:{sort}:{here}"


def _apart(times_back: bool, sort: str) -> Iterator[str]:
    yield f"back-times={times_back}:{sort}"


def _of_mention(scene: Scene, event: Event, dating: Dating, count: int) -> Iterator[Seen]:
    words, at, time, sort = scene.words, event.at, dating.time, dating.sort
    assert time is not None
    distance = time.first - at if time.first > at else at - time.last
    near = 0 if distance <= 1 else 1 if distance <= 4 else 2 if distance <= 9 else 3
    side, same = "right" if time.first > at else "left", words.clause[time.first] == words.clause[at]
    yield _mention, sort, dating.back, side, same, near, min(3, count)
    year = scene.report.published.year if scene.report.published is not None else None
    old = dating.value is not None and year is not None and dating.value[:4] != str(year)
    times = scene.times_of.get(words.sentence(at), ())
    nearer = sum([t is not time and abs(t.first - at) < abs(time.first - at) for t in times])
    yield _valued, sort, time.kind, dating.value is not None, old, min(2, nearer)
    if sort == "back":
        yield _paragraph, words.paragraph[time.first] == words.paragraph[at], dating.back
    events = scene.events_of.get(words.sentence(time.first), ())
    other = any([o.at != at and words.clause[o.at] == words.clause[time.first] for o in events])
    speech = any([sense.saying for sense in words.senses[max(0, time.first - 8) : time.first]])
    yield _around, sort, side, same, other, speech


def _mention(sort: str, back: int, side: str, same: bool, near: int, count: int) -> Iterator[str]:
    yield f"mention={sort}:{back}:{side}:{same}"
    yield f"mention={sort}:{side}:{same}:{near}"
    yield f"count={count}:{sort}:{side}:{same}"


def _valued(sort: str, kind: str, valued: bool, old: bool, nearer: int) -> Iterator[str]:
    yield f"kind={kind}:{sort}"
    yield f"valued={valued}:{kind}"
    yield f"nearer={nearer}:{sort}"
    yield f"old={old}:{sort}"


def _paragraph(same: bool, back: int) -> Iterator[str]:
    yield f"paragraph={same}:{back}"


def _around(sort: str, side: str, same: bool, other: bool, speech: bool) -> Iterator[str]:
    yield f"others={other}:{sort}:{same}"
    yield f"speech={speech}:{sort}:{side}:{same}"
