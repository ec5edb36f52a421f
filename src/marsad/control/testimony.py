"""Testimonies: what one claim says of who holds one place on one day, and how much it weighs.

Who is said to hold *only* this place holds nothing else of the governorate around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from marsad.control.sides import can_hold, side_of
from marsad.control.told import Spot, Told
from marsad.loading.control import ControlRules, Rule

# What a side's own voice gains by, and what it loses by.
_GAINS, _LOSSES = frozenset(("takes", "holds", "seems")), frozenset(("gives", "lacks"))
_OUTRIGHT = frozenset(("takes", "holds"))
_ALONE = frozenset(("takes", "holds", "gives", "seems"))
_WHOLE = frozenset(("all", "most"))
_UNTOLD = frozenset(("planned", "called_for"))
_MOST = 0.97


class Testimony(NamedTuple):
    """`actor`, on the side `side`, does something to a place on a day; `weight` is the chance that it is right.

    `rule` names the entry of the codebook that says so; `area` is the wider area of which it was said, if one;
    `act` tells a change from a state; `share` is how much of an area is meant, which `weight` has counted already;
    `loose` that an area was named without a word on how much of it.
    """

    place: str
    day: str
    does: str
    side: str
    actor: str
    weight: float
    rule: str
    claim: str
    voice: str
    act: bool
    after: tuple[str, ...] = ()
    area: str = ""
    share: float = 1.0
    loose: bool = False


def testimonies_of(told: Told, rules: ControlRules) -> Iterator[Testimony]:
    """Yield what a claim says of who holds its places; nothing where it is planned, called for or of tomorrow."""
    if told.status in _UNTOLD or told.start > (told.published or told.start):
        return
    for rule in rules.of_type.get(told.type, ()):
        for spot in told.spots:
            if spot.role in rule.roles:
                yield from _by_rule(told, rule, spot, rules)


def _by_rule(told: Told, rule: Rule, spot: Spot, rules: ControlRules) -> Iterator[Testimony]:
    parties = [a for a in (told.actors if rule.party == "actors" else told.targets) if can_hold(a)]
    does, factor = _turned(rule, told, spot, rules)
    if not does:
        return
    # A siege that is lifted is lifted, whoever besieged.
    parties = parties or ([""] if does == "relieves" else [])
    for day, is_act, sure in _days(told, rule, does, rules):
        sides = {actor: side_of(actor, spot.country.lower(), day) if actor else "" for actor in parties}
        # One place has one holder: of several sides that a claim names as such, each is as likely misread.
        split = len(set(sides.values())) if does in _ALONE else 1
        for actor, side in sides.items():
            weight = min(_MOST, rule.weight * factor * sure * _by_voice(told, does, side, spot, day, rules) / split)
            said = Testimony(
                spot.place, day, does, side, actor, weight, rule.name, told.claim, told.voice, is_act, told.after,
                share=_share(told, spot), loose=spot.is_area and told.share is None and spot.extent not in _WHOLE,
            )  # fmt: skip
            yield said
            if spot.extent == "only" and spot.within and does == "holds":
                yield said._replace(place=spot.within, does="lacks", share=1.0, loose=False)


def _share(told: Told, spot: Spot) -> float:
    """Return how much of an area the text says, 1 where it says nothing."""
    return 1.0 if told.share is None or not spot.is_area else max(0.01, min(1.0, told.share))


def _turned(rule: Rule, told: Told, spot: Spot, rules: ControlRules) -> tuple[str, float]:
    """Return what a rule says after status and extent have had their word, and how sure it then is; "" for nothing."""
    does, factor = rule.does, 1.0
    for word in (told.status, spot.extent):
        turn = rules.turns.get((word, does))
        if turn is not None:
            does, factor = turn.becomes, factor * turn.factor
        elif _says_nothing(word, does, rules):
            return "", 0.0
    if does in _OUTRIGHT:
        factor *= _share(told, spot)
    return does, factor * told.sure * (1.0 if told.reviewed else rules.read[told.type])


def _says_nothing(word: str, does: str, rules: ControlRules) -> bool:
    """Tell whether a status or extent that turns other things leaves nothing of this one."""
    return word in ("denied", "except", "around") and (word, does) not in rules.turns


def _days(told: Told, rule: Rule, does: str, rules: ControlRules) -> Iterator[tuple[str, bool, float]]:
    """Yield the days of which a claim speaks, whether it tells a change, and how far its day can be relied on."""
    if not told.start:
        if told.published and not rule.before:
            yield told.published, False, rules.factor["undated"]
        return
    last = min(told.until, told.published or told.until)
    if does in ("takes", "gives"):
        yield last, True, 1.0
    elif rule.before:
        yield _days_before(told.start, rule.before), False, 1.0
    else:
        yield last, False, 1.0
        if told.start != last and does == "holds":
            yield told.start, False, 1.0


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days)).isoformat()


def _by_voice(told: Told, does: str, side: str, spot: Spot, day: str, rules: ControlRules) -> float:
    """Return how much a side's own voice counts of what it gains or loses; 1 for a voice that is nobody's."""
    if not told.partisan:
        return 1.0
    own = side_of(told.partisan, spot.country.lower(), day) == side
    gains = does in _GAINS if own else does in _LOSSES
    loses = does in _LOSSES if own else does in _GAINS
    return rules.factor["own-gain"] if gains else rules.factor["own-loss"] if loses else 1.0
