"""The timeline of a place: its states in order, each from a day on, with what says so and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from marsad.control.pooling import UNKNOWN, VACATED, Pool, Shares, moved, pool_of
from marsad.control.sides import chain_of
from marsad.control.testimony import Testimony
from marsad.loading.control import ControlRules

# A state names so many of its newest claims; the argument of a place names all.
NEWEST = 40
HELD, CONTESTED, BESIEGED, EMPTY, NOBODY_KNOWS = "held", "contested", "besieged", "vacated", "unknown"
_FOR, _OUTRIGHT = frozenset(("takes", "holds", "seems")), frozenset(("takes", "holds"))
_AGAINST = frozenset(("gives", "lacks"))
_EXACT = _OUTRIGHT | _AGAINST


class State(NamedTuple):
    """How a place stands from the ISO day `start` until the next state.

    `side` leads ("" where nobody does), `actor` is who of it was named; `sides` are all that hold, fight or besiege.
    `since` is when this began, `is_act` whether it began with an act that was told; `chance` (0 to 1) is the share of
    those who are named, before age; `newest` is the day of the newest support, `outright` of the newest said outright
    of this very place; `claims` and `against` stand with the newest last; `turned` are the claims of the day on which
    it became so, empty on every other day.
    """

    start: str
    status: str
    side: str
    actor: str
    sides: tuple[str, ...]
    since: str
    is_act: bool
    chance: float
    newest: str
    outright: str
    voices: int
    claims: tuple[str, ...]
    against: tuple[str, ...]
    turned: tuple[str, ...]


def timeline_of(testimonies: Iterable[Testimony], rules: ControlRules) -> list[State]:
    """Return the states of one place in the order of days; the order of the testimonies never matters."""
    ordered = sorted(testimonies, key=lambda t: (t.day, t.claim, t.rule, t.side, t.actor, t.does))
    by_day = {day: list(some) for day, some in groupby(ordered, key=lambda t: t.day)}
    walk, states = _Walk(rules), list[State]()
    for day in _days(by_day, rules):
        state = walk.on(day, by_day.get(day, []))
        if not states or day in by_day or state._replace(start="") != states[-1]._replace(start="", turned=()):
            states.append(state)
    return states


def _days(by_day: Mapping[str, Sequence[Testimony]], rules: ControlRules) -> list[str]:
    """Return the days with testimonies, and those on which a fight or a siege has not been heard of for too long."""
    days = set(by_day)
    for limit, does in (("fight-days", "contests"), ("siege-days", "encircles")):
        silence = timedelta(int(rules.limit[limit]) + 1)
        heard = (day for day, some in by_day.items() if any(t.does == does for t in some))
        days.update((date.fromisoformat(day) + silence).isoformat() for day in heard)
    return sorted(days)


class _Standing(NamedTuple):
    """Who leads with which share, by which status, beside whom."""

    status: str
    side: str
    sides: tuple[str, ...]
    chance: float


@dataclass(slots=True)
class _Walk:
    """Goes from day to day and remembers what still counts."""

    rules: ControlRules
    shares: Shares = field(default_factory=lambda: {UNKNOWN: 1.0})
    fights: list[tuple[str, str, float]] = field(default_factory=list)
    sieges: list[tuple[str, str, float]] = field(default_factory=list)
    # Since when each side has led or rivalled the leader, and the testimonies since the leader last changed.
    front: dict[str, str] = field(default_factory=dict)
    heard: list[Testimony] = field(default_factory=list)
    acted: set[tuple[str, str]] = field(default_factory=set)
    last: State | None = None
    # The side that led before the one that leads.
    earlier: str = UNKNOWN

    def on(self, day: str, testimonies: Sequence[Testimony]) -> State:
        """Take in a day and return how the place stands after it."""
        pool = pool_of(testimonies, self.rules)
        self._doubt_return(day, pool)
        self.shares = moved(self.shares, pool, self._fighters(day, pool))
        self.acted.update((side, day) for side in (*pool.acts, *([VACATED] if pool.gives else [])))
        self._end_fights(day, pool)
        if pool.relieves:
            self.sieges.clear()
        self.sieges += [(day, side, chance) for side, chance in pool.encircles.items()]
        self.heard += testimonies
        self.last = self._state(day, testimonies, self._standing(day))
        return self.last

    def _end_fights(self, day: str, pool: Pool) -> None:
        """Remember who fights; a taking that is likelier than not ends the fights, a leaving those of who leaves."""
        decides = self.rules.limit["decides"]
        self.fights += [(day, side, chance) for side, chance in pool.contests.items()]
        if any(chance >= decides for chance in pool.acts.values()):
            self.fights.clear()
        self.fights = [fight for fight in self.fights if pool.gives.get(fight[1], 0.0) < decides]

    def _fighters(self, day: str, pool: Pool) -> Shares:
        """Return how likely each side is there that has been fighting in the place until lately, or does now."""
        heard = [*self.fights, *((day, side, chance) for side, chance in pool.contests.items())]
        return self._lately(heard, day, "fight-days") if pool.gives else {}

    def _doubt_return(self, day: str, pool: Pool) -> None:
        """Lessen what one voice alone says, that a place went back within days to whom it was just taken from."""
        if self.earlier and self.last and self.earlier in pool.holds and pool.voices.get(self.earlier) == 1:
            since = date.fromisoformat(self.front.get(self.last.side, day))
            if (date.fromisoformat(day) - since).days <= self.rules.limit["return-days"]:
                pool.holds[self.earlier] *= self.rules.factor["returned"]
                pool.acts.pop(self.earlier, None)

    def _standing(self, day: str) -> _Standing:
        limit = self.rules.limit
        named = sorted(
            ((c, s) for s, c in self.shares.items() if s not in (UNKNOWN, VACATED)), key=lambda n: (-n[0], n[1])
        )
        (first, lead), (second, rival) = [*named, (0.0, UNKNOWN), (0.0, UNKNOWN)][:2]
        empty = self.shares.get(VACATED, 0.0)
        if empty > first and empty >= limit["least"]:
            return _Standing(EMPTY, VACATED, (), empty)
        if first < limit["least"]:
            return _Standing(NOBODY_KNOWS, UNKNOWN, (), 0.0)
        if second >= limit["rival"] * first:
            return _Standing(CONTESTED, lead, (lead, rival), first + second)
        fighters = self._others(self.fights, day, "fight", lead)
        if fighters:
            return _Standing(CONTESTED, lead, (lead, *fighters), first)
        besiegers = self._others(self.sieges, day, "siege", lead)
        return _Standing(BESIEGED if besiegers else HELD, lead, (lead, *besiegers), first)

    def _others(self, heard: Sequence[tuple[str, str, float]], day: str, limit: str, lead: str) -> list[str]:
        """Return who beside the leader has fought there, or besieged it, lately and likely enough."""
        lately = self._lately(heard, day, f"{limit}-days")
        least = self.rules.limit[limit]
        return sorted(side for side, chance in lately.items() if side != lead and chance >= least)

    def _lately(self, heard: Sequence[tuple[str, str, float]], day: str, limit: str) -> Shares:
        """Return the chance of each side that any of what was heard within so many days is right."""
        first = (date.fromisoformat(day) - timedelta(int(self.rules.limit[limit]))).isoformat()
        missed: Shares = {}
        for when, side, chance in heard:
            if first <= when:
                missed[side] = missed.get(side, 1.0) * (1.0 - chance)
        return {side: 1.0 - chance for side, chance in missed.items()}

    def _state(self, day: str, testimonies: Sequence[Testimony], now: _Standing) -> State:
        before = self.last
        # An act that is told outright begins anew what was only inferred until then.
        begins = (
            before is not None
            and not before.outright
            and any(t.does == "takes" and t.side == now.side and not t.area for t in testimonies)
        )
        self._follow(day, now, begins)
        if before is None or before.side != now.side:
            self.heard = [t for t in testimonies if t.day == day]
            self.earlier = before.side if before is not None and before.side != VACATED else UNKNOWN
        is_same = before is not None and (before.status, before.side) == (now.status, now.side)
        since = self.front.get(now.side, day) if now.status == HELD else before.since if before and is_same else day
        claims, against = argument_of(self.heard, now.side)
        newest = max((t.day for t in claims), default=since)
        said = ("gives",) if now.side == VACATED else _OUTRIGHT
        outright = max((t.day for t in claims if not t.area and t.does in said), default="")
        return State(
            day, now.status, now.side, _actor_of(claims, now.side), now.sides, since, (now.side, since) in self.acted,
            round(now.chance, 4), newest, outright, len({t.voice for t in claims}), _newest(claims), _newest(against),
            () if is_same else tuple(sorted({t.claim for t in testimonies})),
        )  # fmt: skip

    def _follow(self, day: str, now: _Standing, begins: bool) -> None:
        """Remember since when each side is in front: who leads alone ends what the others were."""
        if begins:
            self.front.pop(now.side, None)
        in_front = {now.side, *(now.sides if now.status == CONTESTED else ())}
        rivals = {s for s, c in self.shares.items() if c >= self.rules.limit["rival"] * self.shares.get(now.side, 1.0)}
        in_front = (in_front & rivals) | {now.side}
        self.front = {side: self.front.get(side, day) for side in in_front if side not in (UNKNOWN, VACATED)}


def argument_of(heard: Iterable[Testimony], side: str) -> tuple[list[Testimony], list[Testimony]]:
    """Return what speaks for the side that leads and what speaks against it."""
    claims, against = list[Testimony](), list[Testimony]()
    for testimony in heard:
        own = testimony.side == side
        if side == VACATED:
            (claims if testimony.does == "gives" else against).append(testimony)
        elif testimony.does in _FOR:
            (claims if own else against).append(testimony)
        elif testimony.does in _AGAINST:
            (against if own else claims).append(testimony)
        elif testimony.does == "contests":
            (claims if own else against).append(testimony)
        elif testimony.does == "encircles" and not own:
            against.append(testimony)
    return claims, against


def _actor_of(claims: Iterable[Testimony], side: str) -> str:
    """Return who of the side was named with most weight; an ally only where its lead was named with less than half."""
    weights: dict[str, float] = {}
    for testimony in claims:
        if testimony.side == side and testimony.does in _FOR:
            weights[testimony.actor] = weights.get(testimony.actor, 0.0) + testimony.weight
    most = max(weights.values(), default=0.0)
    own = {actor: weight for actor, weight in weights.items() if side in chain_of(actor) and 2 * weight >= most}
    return max(own or weights or {side: 1.0}, key=lambda actor: (weights.get(actor, 0.0), actor))


def _newest(testimonies: Sequence[Testimony]) -> tuple[str, ...]:
    """Return the claims of the newest testimonies, each once, the newest last."""
    claims = list(dict.fromkeys(t.claim for t in reversed(testimonies)))[:NEWEST]
    return tuple(reversed(claims))


def inherited(
    testimonies: Iterable[Testimony], place: str, own: Sequence[Testimony], rules: ControlRules
) -> Iterator[Testimony]:
    """Yield what was said of a wider area as said of a place in it, but on days of which something more exact was said.

    Of an area of which a side holds a share, a place is as likely in that share as not: only what is beyond an even
    chance is passed on.
    """
    exact = {t.day for t in own if t.does in _EXACT}
    for testimony in testimonies:
        factor = rules.factor["inherited-loosely" if testimony.loose else "inherited"]
        weight = testimony.weight * factor * max(0.0, 2.0 - 1.0 / testimony.share)
        if testimony.does in _EXACT and testimony.day not in exact and weight:
            # Who leaves an area has left each place of it, and was not for that in each.
            does = "lacks" if testimony.does == "gives" else testimony.does
            yield testimony._replace(place=place, weight=weight, area=testimony.place, does=does)
