"""When it happened: the chance of each time of the report, of its own day, and of no day at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from marsad.reading.events import Event
from marsad.reading.scene import Scene
from marsad.reading.times import TimeMention
from marsad.reading.weights import Seen

_AUXILIARIES = frozenset({"كان", "كانت", "كانوا", "وكان", "وكانت", "قد", "وقد", "تم", "وتم", "لم", "سوف"})
# What began so shortly before the day of publication is news of the day on which it began.
_FRESH = timedelta(days=1)
_WERE = frozenset({"كان", "كانت", "كانوا", "وكان", "وكانت", "سبق"})


class Dating(NamedTuple):
    """One way to date an event: the value, where it comes from, the mention if any."""

    value: str | None
    sort: str  # here, back, published, none
    time: TimeMention | None = None
    back: int = 0


def _value(scene: Scene, time: TimeMention) -> str | None:
    """Return what a time dates: "since May" reaches to the day of publication, "since yesterday" is yesterday."""
    published = scene.report.published
    if time.kind == "since" and time.value and published is not None:
        start = time.value[:10]
        long = date.fromisoformat(start) < published - _FRESH
        return f"{start}/{published.isoformat()}" if long else start
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


class Moment:
    """An event with the ways to date it, `all`: what they share is looked at once for each sort of them."""

    def __init__(self, scene: Scene, event: Event, all: list[Dating]) -> None:
        """Note the times of the event's sentence and of its clause."""
        words, at = scene.words, event.at
        self.scene, self.event = scene, event
        here = [d.time for d in all if d.sort == "here" and d.time]
        self.count, self.any_here = len(here), bool(here)
        self.timed = any([words.clause[time.first] == words.clause[at] for time in here])
        self.any_back = any([d.sort == "back" for d in all])
        self.first, _ = words.sentences[words.sentence_of[at]]
        self.start = at
        while self.start > self.first and words.clause[self.start - 1] == words.clause[at]:
            self.start -= 1

    def shared(self, sort: str) -> list[Seen]:
        """Return what can be seen of every date of the sort."""
        scene, event, words, at = self.scene, self.event, self.scene.words, self.event.at
        tense, folds = event.sense.form.tense, words.folds
        helper = folds[at - 1] if at > 0 and folds[at - 1] in _AUXILIARIES else ""
        seen: list[Seen] = [
            (_standing, event.sense.trigger.type, sort, tense, words.quoted[at], self.any_here, self.timed),
            (_opening, folds[self.first], folds[self.start], sort),
            (_helped, helper, not _WERE.isdisjoint(folds[self.start : at]), tense, sort, self.any_here),
        ]
        if scene.voices is not None:
            seen.append((_voiced, scene.voices.age[at] if scene.voices.of[at] else "own", sort))
        flags = {f for flags in words.flags[max(self.first, at - 4) : at] for f in flags}
        return seen + [(_flag, flag, sort) for flag in sorted(flags)]

    def own(self, dating: Dating, last: str | None, story: str | None) -> list[Seen]:
        """Return what can be seen of one date alone: `last` dates the claim before, `story` the report."""
        told = "none" if dating.value is None else "story" if dating.value == story else "other"
        is_last, sort = dating.value == last, dating.sort
        seen: list[Seen] = [(_value_told, told, sort, self.any_here, self.timed, story is not None, is_last)]
        if dating.time is None:
            seen.append((_apart, self.any_back, sort))
        else:
            seen += _of_mention(self.scene, self.event, dating, self.count)
        return seen

    def features(self, dating: Dating, last: str | None, story: str | None) -> list[Seen]:
        """Return all that can be seen of a date beside the event."""
        return self.shared(dating.sort) + self.own(dating, last, story)


def _standing(kind: str, sort: str, tense: str, quoted: bool, here: bool, timed: bool) -> tuple[str, ...]:
    return (
        f"sort={sort}:{here}:{timed}",
        f"type={kind}:{sort}",
        f"tense={tense}:{sort}:{here}",
        f"quoted={quoted}:{sort}",
        f"status={tense}:{quoted}:{sort}:{timed}",
    )


def _value_told(told: str, sort: str, here: bool, timed: bool, has_story: bool, is_last: bool) -> tuple[str, ...]:
    return (
        f"last={is_last}:{sort}:{here}",
        f"told={told}:{sort}:{here}",
        f"told={told}:{has_story}:{timed}:{sort}",
    )


def _voiced(voice: int | str, sort: str) -> tuple[str, ...]:
    return (f"voice={voice}:{sort}",)


def _flag(flag: str, sort: str) -> tuple[str, ...]:
    return (f"flag={flag}:{sort}",)


def _opening(lead: str, opens: str, sort: str) -> tuple[str, ...]:
    return (
        f"lead={lead}:{sort}",
        f"opens={opens}:{sort}",
    )


def _helped(helper: str, perfect: bool, tense: str, sort: str, here: bool) -> tuple[str, ...]:
    return (
        f"helped={helper}:{tense}:{sort}",
        f"perfect={perfect}:{tense}:{sort}:{here}",
    )


def _apart(times_back: bool, sort: str) -> tuple[str, ...]:
    return (f"back-times={times_back}:{sort}",)


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


def _mention(sort: str, back: int, side: str, same: bool, near: int, count: int) -> tuple[str, ...]:
    return (
        f"mention={sort}:{back}:{side}:{same}",
        f"mention={sort}:{side}:{same}:{near}",
        f"count={count}:{sort}:{side}:{same}",
    )


def _valued(sort: str, kind: str, valued: bool, old: bool, nearer: int) -> tuple[str, ...]:
    return (
        f"kind={kind}:{sort}",
        f"valued={valued}:{kind}",
        f"nearer={nearer}:{sort}",
        f"old={old}:{sort}",
    )


def _paragraph(same: bool, back: int) -> tuple[str, ...]:
    return (f"paragraph={same}:{back}",)


def _around(sort: str, side: str, same: bool, other: bool, speech: bool) -> tuple[str, ...]:
    return (
        f"others={other}:{sort}:{same}",
        f"speech={speech}:{sort}:{side}:{same}",
    )
