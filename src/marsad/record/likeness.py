"""How alike two claims are: signs with points, each with its reason, and what excludes that they are one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from marsad.loading.fusion import FusionRules
from marsad.record.telling import Spot, Telling, distance_km
from marsad.record.wording import weight_of

Kin = Callable[[str, str], str]  # how two actors stand: "same", "kin", "enemies" or "unknown"
# Actors who may be anybody.
ANYBODY = frozenset({"unknown-gunmen", "civilians", "officials"})
_SOON = 3  # days within which a follow-up still tells of an incident as of the day
_WIDE = 3  # days from which on an interval says little of when in it
# From here on two passages are one text, and a place that one of them is given far off is a slip of the reader.
_SAME_WORDS = 0.3


class Sign(NamedTuple):
    """Something that speaks for or against: its name in the weights, how much of it there is, and in words."""

    name: str
    amount: float
    words: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """The points of two claims and the reasons; `barred` says why they cannot be one, "" where they may."""

    points: float
    reasons: tuple[str, ...]
    barred: str = ""


def likeness_of(a: Telling, b: Telling, rules: FusionRules, kin: Kin, copies: bool) -> Likeness:
    """Return the points of two claims with their reasons, the weightiest first, or why they cannot be one."""
    barred = bar_of(a, b, rules)
    if barred:
        return Likeness(0.0, (), barred)
    weighed = [(rules.points(sign.name, a.type, b.type) * sign.amount, sign) for sign in signs_of(a, b, kin, copies)]
    weighed.sort(key=lambda pair: (-abs(pair[0]), pair[1].name))
    reasons = tuple(f"{points:+.1f} {sign.words}" for points, sign in weighed if points)
    return Likeness(sum(points for points, _ in weighed), reasons)


def signs_of(a: Telling, b: Telling, kin: Kin, copies: bool) -> Iterator[Sign]:
    """Yield every sign that two claims tell one incident or two."""
    day, place = _day_sign(a, b), _place_sign(a, b)
    yield from (_type_sign(a, b), day, place)
    if a.type == b.type and place.name == "place-same" and day.name == "day-same":
        yield Sign("all-same", 1.0, "one kind of act in one place on one day")
    if a.presumed or b.presumed:
        both = a.presumed and b.presumed
        yield Sign("day-presumed-both" if both else "day-presumed", 1.0, "a day that is only that of publication")
    elif gap_of(a, b):
        yield Sign("day-stated-other", 1.0, "both reports state the day")
    yield _party_sign("actor", a.actors, b.actors, kin)
    yield _party_sign("target", a.targets, b.targets, kin)
    yield from _number_signs(a, b)
    yield from _word_signs(a, b)
    if a.sites and b.sites:
        same = bool(a.sites & b.sites)
        yield Sign("site-same" if same else "site-other", 1.0, "the same kind of site" if same else "other sites")
    if copies:
        yield Sign("copies", 1.0, "one report repeats the other's words")


def _type_sign(a: Telling, b: Telling) -> Sign:
    if a.type == b.type:
        return Sign("type-same", 1.0, f"both {a.type}")
    return Sign("together", 1.0, f"{a.type} and {b.type} can be words for one act")


def gap_of(a: Telling, b: Telling) -> int | None:
    """Return how many days lie between the intervals of two claims; 0 where they meet, None without a day."""
    if a.start is None or b.start is None or a.until is None or b.until is None:
        return None
    return max(0, a.start - b.until, b.start - a.until)


def _day_sign(a: Telling, b: Telling) -> Sign:
    gap = gap_of(a, b)
    if gap is None:
        return Sign("day-unknown", 1.0, "one has no day")
    if gap:
        name = "day-1" if gap == 1 else "day-2" if gap <= _SOON else "day-4"
        return Sign(name, 1.0, f"{gap} day{'s' * (gap != 1)} apart")
    wide = max(a.until - a.start, b.until - b.start)  # type: ignore[operator]
    return Sign("day-same", 1.0, "the same day") if wide < _WIDE else Sign("day-within", 1.0, "days that overlap")


def _place_sign(a: Telling, b: Telling) -> Sign:
    if not a.spots or not b.spots:
        return Sign("place-unknown", 1.0, "one names no place")
    return min((_spot_sign(p, q) for p in a.spots for q in b.spots), key=lambda sign: _NEAREST.index(sign.name))


_NEAREST = ("place-same", "place-near", "area-same", "place-within", "area-near", "place-far")


def _spot_sign(p: Spot, q: Spot) -> Sign:
    if p.key == q.key or (p.name == q.name and p.country == q.country and p.admin1 == q.admin1):
        return Sign("area-same" if p.is_area else "place-same", 1.0, f"both at {p.name}")
    far = distance_km(p, q)
    if far is None:
        held = p.country == q.country and (p.admin1 == q.admin1 or not p.admin1 or not q.admin1)
        return Sign("place-within" if held else "place-far", 1.0, f"{p.name}, {q.name}")
    if far <= p.radius_km + q.radius_km:
        wide = p.is_area or q.is_area
        return Sign("place-within" if wide else "place-near", 1.0, f"{p.name} and {q.name}, {far:.0f} km apart")
    if far <= 15 + p.radius_km + q.radius_km:
        return Sign("area-near", 1.0, f"{p.name} and {q.name}, {far:.0f} km apart")
    return Sign("place-far", 1.0, f"{p.name} and {q.name}, {far:.0f} km apart")


def _party_sign(role: str, a: frozenset[str], b: frozenset[str], kin: Kin) -> Sign:
    if not a or not b:
        return Sign(f"{role}-unknown", 1.0, f"one names no {role}")
    shared = a & b
    if shared:
        return Sign(f"{role}-same", 1.0, f"the same {role}: {', '.join(sorted(shared)).replace('~', '')}")
    if (a | b) & ANYBODY or any(kin(x, y) == "kin" for x in a for y in b):
        return Sign(f"{role}-kin", 1.0, f"{role}s who may be the same")
    if any(x.startswith("~") for x in a | b):
        return Sign(f"{role}-words", 1.0, f"{role}s in other words")
    return Sign(f"{role}-other", 1.0, f"another {role}")


def _number_signs(a: Telling, b: Telling) -> Iterator[Sign]:
    for key in sorted(a.numbers.keys() & b.numbers.keys()):
        x, y = a.numbers[key], b.numbers[key]
        if str(x).strip("<>=") == str(y).strip("<>="):
            yield Sign("number-same", 1.0, f"{key} {x} in both")
        elif isinstance(x, (int, float)) and isinstance(y, (int, float)):
            close = min(x, y) >= 0.5 * max(x, y)
            yield Sign("number-near" if close else "number-other", 1.0, f"{key} {x} and {y}")


def _word_signs(a: Telling, b: Telling) -> Iterator[Sign]:
    share = word_share(a, b)
    yield Sign("words", share, f"{share:.0%} of the telling words around both")
    if a.report == b.report:
        yield Sign("same-report", 1.0, "told in one report")
    else:
        share = _share(a.all, b.all)
        yield Sign("reports", share, f"{share:.0%} of the telling words of both reports")


def word_share(a: Telling, b: Telling) -> float:
    """Return which share (0 to 1, by how much they tell) of the shorter passage's words the other has too."""
    return max(_share(a.evidence, b.evidence), _share(a.near, b.near))


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    least = min(weight_of(a), weight_of(b))
    return weight_of(a & b) / least if least else 0.0


def bar_of(a: Telling, b: Telling, rules: FusionRules) -> str:
    """Return why two claims cannot tell one incident, "" where they can."""
    if not rules.can_meet(a.type, b.type):
        return f"{a.type} is no word for {b.type}"
    gap = gap_of(a, b)
    if gap is not None and gap > rules.slack:
        return f"{gap} days lie between"
    if _place_sign(a, b).name == "place-far" and word_share(a, b) < _SAME_WORDS:
        return "the places are too far apart"
    return "" if rules.is_sided(a.type) or rules.is_sided(b.type) else _swap_of(a, b)


def _swap_of(a: Telling, b: Telling) -> str:
    """Return that the sides are swapped, where who did it and to whom stand the other way round."""
    swapped = (a.actors & b.targets) and (b.actors & a.targets)
    if swapped and not (a.actors & b.actors) and not (a.targets & b.targets):
        return "who did it to whom is the other way round"
    return ""
