"""The atlas: who holds each place on each day, from what claims say of it and of the areas around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from marsad.control.pooling import faded
from marsad.control.testimony import Testimony, testimonies_of
from marsad.control.timeline import BESIEGED, EMPTY, HELD, State, argument_of, inherited, timeline_of
from marsad.control.told import Told
from marsad.loading.control import ControlRules, control_rules

ASSERTED, INFERRED, CARRIED = "asserted", "inferred", "carried"


class Holding(NamedTuple):
    """How a place stands on a day: its state, how long it lasts, how sure that is and on what it rests.

    `until` is the day on which it becomes another state as far as is known, "" while it lasts; `age` the days since
    the newest support; `basis` asserted (said outright of this place within a week), carried (said outright before),
    inferred (from a wider area or weak signs).
    """

    place: str
    state: State
    until: str
    confidence: float
    age: int
    basis: str


class Atlas:
    """Who holds what, by what is said of each place; `around` tells the areas around a place, the nearest first."""

    def __init__(
        self,
        said: Mapping[str, Sequence[Testimony]],
        around: Callable[[str], Sequence[str]],
        rules: ControlRules | None = None,
    ) -> None:
        self.rules, self._around, self._said = rules or control_rules(), around, said
        self._timelines: dict[str, list[State]] = {}

    @classmethod
    def of(
        cls, told: Iterable[Told], around: Callable[[str], Sequence[str]], rules: ControlRules | None = None
    ) -> Atlas:
        """Return the atlas of these claims; their order never matters."""
        known, said = rules or control_rules(), dict[str, list[Testimony]]()
        for one in told:
            for testimony in testimonies_of(one, known):
                said.setdefault(testimony.place, []).append(testimony)
        return cls(said, around, known)

    @property
    def places(self) -> list[str]:
        """Return every place of which something is said, sorted."""
        return sorted(self._said)

    def testimonies(self, place: str) -> list[Testimony]:
        """Return what is said of a place, and what it inherits from the areas around it, in order of days."""
        own = self._said.get(place, ())
        found = list(own)
        for area in self._around(place):
            found += inherited(self._said.get(area, ()), place, own, self.rules)
        return sorted(found, key=lambda t: (t.day, t.claim, t.rule, t.side, t.actor))

    def timeline(self, place: str) -> list[State]:
        """Return the states of a place in order, none where nothing is said of it."""
        if place not in self._timelines:
            self._timelines[place] = timeline_of(self.testimonies(place), self.rules)
        return self._timelines[place]

    def on(self, place: str, day: str) -> Holding | None:
        """Return how a place stands at the end of an ISO day; None before anything is known of it."""
        states = self.timeline(place)
        at = bisect_right(states, day, key=lambda state: state.start) - 1
        return None if at < 0 else holding_of(place, states[at], end_of(states, at), day, self.rules)

    def on_day(self, day: str, claims: bool = True) -> Iterator[Holding]:
        """Yield how each place stands at the end of an ISO day; `claims` says whether what speaks for it is wanted."""
        for place in self.places:
            holding = self.on(place, day)
            if holding is not None:
                yield holding

    def argument(self, place: str, day: str) -> tuple[list[Testimony], list[Testimony]]:
        """Return what speaks for who leads at the end of a day and what against, since the leader last changed."""
        holding = self.on(place, day)
        if holding is None:
            return [], []
        begun = [s.start for s in self.timeline(place) if s.start <= day and s.side == holding.state.side]
        others = [s.start for s in self.timeline(place) if s.start <= day and s.side != holding.state.side]
        first = min((start for start in begun if start > max(others, default="")), default="")
        heard = [t for t in self.testimonies(place) if first <= t.day <= day]
        return argument_of(heard, holding.state.side)

    def changes(self, place: str) -> Iterator[tuple[State | None, State]]:
        """Yield each state of a place that is another than the one before, with that one."""
        before: State | None = None
        for state in self.timeline(place):
            if before is None or not is_same(before, state):
                yield before, state
                before = state

    def turns(self, first: str, last: str) -> Iterator[tuple[str, State | None, State]]:
        """Yield each place that changed hands from one ISO day to another, with how it stood before and after."""
        for place in self.places:
            for before, state in hands_of(self.timeline(place)):
                if first <= state.since <= last:
                    yield place, before, state


def is_same(before: State, state: State) -> bool:
    """Tell whether two states of a place have one status and one leader."""
    return (before.status, before.side) == (state.status, state.side)


def end_of(states: Sequence[State], at: int) -> str:
    """Return the day on which state number `at` becomes another one, "" while it lasts."""
    return next((s.start for s in states[at + 1 :] if not is_same(states[at], s)), "")


def hands_of(states: Iterable[State]) -> Iterator[tuple[State | None, State]]:
    """Yield each change of hands: another side holds the place, or its holder left; fights between are none.

    That a place was held when it was first heard of is no change, unless a claim tells that it was taken.
    """
    before: State | None = None
    for state in states:
        if state.status not in (HELD, EMPTY, BESIEGED) or (before is not None and is_same(before, state)):
            continue
        if (before is None and state.is_act) or (before is not None and before.side != state.side):
            yield before, state
        before = state


def holding_of(place: str, state: State, end: str, day: str, rules: ControlRules) -> Holding:
    """Return a state of a place, which ends on the day `end`, as it looks on an ISO day within it."""
    age = max(0, days_between(state.newest, day))
    chance = faded(state.chance, age, rules.limit["half-life-days"])
    return Holding(place, state, end, round(chance, 3), age, _basis(state, day, rules))


def _basis(state: State, day: str, rules: ControlRules) -> str:
    if not state.outright or not state.side:
        return INFERRED
    return ASSERTED if days_between(state.outright, day) <= rules.limit["asserted-days"] else CARRIED


def days_between(first: str, last: str) -> int:
    """Return the days from one ISO day to another."""
    return _number_of(last) - _number_of(first)


@lru_cache(maxsize=16384)
def _number_of(day: str) -> int:
    return date.fromisoformat(day).toordinal()
