"""What all testimonies of one day come to: chances for each side, whoever came first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from marsad.control.testimony import Testimony
from marsad.loading.control import ControlRules

UNKNOWN, VACATED = "", "-"
Shares = dict[str, float]
_OUTRIGHT = frozenset(("takes", "holds"))


@dataclass(slots=True)
class Pool:
    """The chance, by side, that on a day it took or holds the place, left it, lacks it, seems there, fights, besieges.

    `acts` are the chances of those who took it, apart from those of whom it is only said that they hold it.
    """

    holds: Shares = field(default_factory=dict)
    acts: Shares = field(default_factory=dict)
    gives: Shares = field(default_factory=dict)
    lacks: Shares = field(default_factory=dict)
    seems: Shares = field(default_factory=dict)
    contests: Shares = field(default_factory=dict)
    encircles: Shares = field(default_factory=dict)
    voices: dict[str, int] = field(default_factory=dict)
    relieves: Shares = field(default_factory=dict)


def pool_of(day: Sequence[Testimony], rules: ControlRules) -> Pool:
    """Return the pool of one place's day: one voice counts once for one thing, independent voices add."""
    best: dict[tuple[str, str, str], float] = {}
    weights = _weights(day, rules)
    for testimony, weight in zip(day, weights, strict=True):
        key = _said(testimony), testimony.side, testimony.voice
        best[key] = max(best.get(key, 0.0), weight)
    acts = _joined(best, ("takes",))
    return Pool(
        holds=_held(best, acts, rules), acts=acts, gives=_joined(best, ("gives",)), lacks=_joined(best, ("lacks",)),
        seems=_joined(best, ("seems",)), contests=_joined(best, ("contests",)),
        encircles=_joined(best, ("encircles",)), relieves=_joined(best, ("relieves",)),
        voices=Counter(side for side, _ in {(s, voice) for does, s, voice in best if does in _OUTRIGHT}),
    )  # fmt: skip


def _said(testimony: Testimony) -> str:
    """Return what a testimony does; an act without a day of its own says how things stand, and changes nothing."""
    return testimony.does if testimony.act else {"takes": "holds", "gives": "lacks"}.get(testimony.does, testimony.does)


def _weights(day: Sequence[Testimony], rules: ControlRules) -> list[float]:
    """Return the weights, less where another side came afterwards by the same report, or by one voice on that day."""
    later, named = dict[str, set[str]](), dict[str, set[str]]()
    for testimony in day:
        if testimony.does in _OUTRIGHT:
            named.setdefault(testimony.voice, set()).add(testimony.side)
            for claim in testimony.after:
                later.setdefault(claim, set()).add(testimony.side)
    return [_weight(t, later, named, rules) for t in day]


def _weight(t: Testimony, later: Mapping[str, set[str]], named: Mapping[str, set[str]], rules: ControlRules) -> float:
    if t.does not in _OUTRIGHT:
        return t.weight
    if later.get(t.claim, set()) - {t.side}:
        return t.weight * rules.factor["superseded"]
    is_told_both_ways = len(named[t.voice]) > 1 and not t.after
    return t.weight * (rules.factor["two-holders"] if is_told_both_ways else 1.0)


def _joined(best: Mapping[tuple[str, str, str], float], does: tuple[str, ...]) -> Shares:
    """Return for each side the chance that at least one voice is right."""
    missed: Shares = {}
    for (what, side, _), weight in best.items():
        if what in does:
            missed[side] = missed.get(side, 1.0) * (1.0 - weight)
    return {side: 1.0 - chance for side, chance in missed.items()}


def _held(best: Mapping[tuple[str, str, str], float], acts: Shares, rules: ControlRules) -> Shares:
    """Return states and acts together; beside another side's act, a state may be that of the hours before."""
    said: dict[tuple[str, str, str], float] = {}
    for (does, side, voice), weight in best.items():
        if does in _OUTRIGHT:
            others = max((c for s, c in acts.items() if s != side), default=0.0) if does == "holds" else 0.0
            kept = weight * (1.0 - others * (1.0 - rules.factor["earlier-hours"]))
            key = "holds", side, voice
            said[key] = max(said.get(key, 0.0), kept)
    return _joined(said, ("holds",))


def moved(shares: Shares, pool: Pool, fighters: Shares) -> Shares:
    """Return the shares after a day: what is left or lacking is freed, what is held gains, weak signs fill the rest.

    Shares are chances that sum to 1: of each side, of nobody ("-", vacated), of nothing known (""). `fighters` are the
    chances of those who have been fighting there: what their enemy leaves is likelier theirs than nobody's.
    """
    after = _freed(shares, pool)
    after = _claimed(after, pool.holds)
    after = _filled(after, pool.seems, pool, (UNKNOWN, VACATED))
    others = {side: chance for side, chance in fighters.items() if side not in pool.gives}
    return _filled(after, others, pool, (VACATED,))


def _freed(shares: Shares, pool: Pool) -> Shares:
    after = dict(shares)
    for side in sorted({*pool.gives, *pool.lacks} & shares.keys()):
        kept = 1.0 - pool.gives.get(side, 0.0)
        left, kept_by_lack = shares[side] * (1.0 - kept), 1.0 - pool.lacks.get(side, 0.0)
        after[side] = shares[side] * kept * kept_by_lack
        after[VACATED] = after.get(VACATED, 0.0) + left
        after[UNKNOWN] = after.get(UNKNOWN, 0.0) + shares[side] * kept * (1.0 - kept_by_lack)
    # Who leaves was there, whether we knew it or not: of what is unknown, nobody gets as much.
    left = (1.0 - prod(1.0 - chance for chance in pool.gives.values())) * after.get(UNKNOWN, 0.0)
    after[UNKNOWN] = after.get(UNKNOWN, 0.0) - left
    after[VACATED] = after.get(VACATED, 0.0) + left
    return after


def _claimed(shares: Shares, holds: Shares) -> Shares:
    """Return the shares after what was said outright: each claimant right and the others wrong, or none of them."""
    if not holds:
        return shares
    none = prod(1.0 - chance for chance in holds.values())
    after = {side: share * none for side, share in shares.items()}
    for side, chance in holds.items():
        alone = chance * prod(1.0 - c for s, c in holds.items() if s != side)
        after[side] = after.get(side, 0.0) + alone
    return _whole(after)


def _filled(shares: Shares, seems: Shares, pool: Pool, free_ones: Sequence[str]) -> Shares:
    """Return the shares after weak signs, which share out only what is unknown, or vacated by another."""
    signs = {side: chance for side, chance in seems.items() if chance > pool.gives.get(side, 0.0)}
    if not signs:
        return shares
    none = prod(1.0 - chance for chance in signs.values())
    total = sum(signs.values())
    after = dict(shares)
    for free in free_ones:
        gone = shares.get(free, 0.0) * (1.0 - none)
        after[free] = shares.get(free, 0.0) - gone
        for side, chance in signs.items():
            after[side] = after.get(side, 0.0) + gone * chance / total
    return after


def _whole(shares: Shares) -> Shares:
    total = sum(shares.values())
    return {side: share / total for side, share in shares.items()} if total else {UNKNOWN: 1.0}


def faded(chance: float, days: float, half_life: float) -> float:
    """Return a chance after so many days without news."""
    return float(chance * 0.5 ** (days / half_life))
