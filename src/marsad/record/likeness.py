"""How alike two claims are: signs with points, each with its reason, and what excludes that they are one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from marsad.loading.fusion import FusionRules
from marsad.record.telling import Spot, Telling, distance_km
from marsad.record.wording import weight_of

Kin = Callable[[str, str], str]  # how two actors stand: "same", "kin", "enemies" or "unknown"
# Actors who may be anybody.
ANYBODY = frozenset({"unknown-gunmen", "civilians", "officials"})
_SOON = 3  # days within which a follow-up still tells of an incident as of the day
_WIDE = 3  # days from which on an interval says little of when in it
# From here on two passages are one text, and a place that one of them is given far off is a slip of the reader; but a
# set phrase ("shelled the town with artillery") is any town's, so the words in common must also tell enough: this much
# is seven words that no list holds; of 0, 12, 20 and 32 the newspapers of the development set were best at this.
_SAME_WORDS, _ENOUGH_WORDS = 0.3, 32.0


class Sign(NamedTuple):
    """Something that speaks for or against: its name in the weights, how much of it there is, and in words."""

    name: str
    amount: float
    words: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """The points of two claims and the reasons; `barred` says why they cannot be one, "" where they may.

    `apart` marks what one report itself tells as two: no other claim can make these one.
    """

    points: float
    reasons: tuple[str, ...]
    barred: str = ""
    apart: bool = False


def likeness_of(a: Telling, b: Telling, rules: FusionRules, kin: Kin, copies: bool) -> Likeness:
    """Return the points of two claims with their reasons, the weightiest first, or why they cannot be one."""
    apart = told_apart(a, b)
    barred = apart or bar_of(a, b, rules)
    if barred:
        return Likeness(0.0, (), barred, bool(apart))
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
    if a.report == b.report and a.type != b.type and a.sentence == b.sentence:
        yield Sign("same-sentence", 1.0, "told in one sentence")
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
        soon = _is_soon(a, b)
        return Sign("day-unknown-soon" if soon else "day-unknown", 1.0, "one has no day" + ", but is news of it" * soon)
    if gap:
        name = "day-1" if gap == 1 else "day-2" if gap <= _SOON else "day-4"
        return Sign(name, 1.0, f"{gap} day{'s' * (gap != 1)} apart")
    wide = max(a.until - a.start, b.until - b.start)  # type: ignore[operator]
    return Sign("day-same", 1.0, "the same day") if wide < _WIDE else Sign("day-within", 1.0, "days that overlap")


def _is_soon(a: Telling, b: Telling) -> bool:
    """Tell whether the claims without a day were published on the day that the other tells or on the next."""
    days = [(t.published, t.published) if t.start is None or t.until is None else (t.start, t.until) for t in (a, b)]
    (first, last), (start, until) = days
    if first is None or start is None or last is None or until is None:
        return False
    return max(first - until, start - last) <= 1


def _place_sign(a: Telling, b: Telling) -> Sign:
    if not a.spots or not b.spots:
        return Sign("place-unknown", 1.0, "one names no place")
    name, p, q = _nearest(a, b)
    if name in ("area-near", "place-far") and (named := _named_by(a, b) or _named_by(b, a)):
        return Sign("place-named", 1.0, f"the words around the other name {named} too")
    if name in ("place-same", "area-same"):
        return Sign(name, 1.0, f"both at {p.name}")
    far = distance_km(p, q)
    return Sign(name, 1.0, f"{p.name} and {q.name}" + ("" if far is None else f", {far:.0f} km apart"))


_NEAREST = ("place-same", "place-inside", "place-near", "area-same", "place-within", "area-near", "place-far")


def _nearest(a: Telling, b: Telling) -> tuple[str, Spot, Spot]:
    """Return the two places of two claims that are nearest to each other, and the sign that they are."""
    if len(a.spots) == 1 == len(b.spots):
        return _nearness(a.spots[0], b.spots[0]), a.spots[0], b.spots[0]
    pairs = ((_nearness(p, q), p, q) for p in a.spots for q in b.spots)
    return min(pairs, key=lambda pair: _NEAREST.index(pair[0]))


def _named_by(a: Telling, b: Telling) -> str:
    """Return a place of a claim that the words around another of another report name as well, "" for none."""
    if a.report == b.report:
        return ""
    return next((p.name for p in a.spots if not p.is_area and p.words and p.words <= b.near), "")


def _nearness(p: Spot, q: Spot) -> str:
    if p.key == q.key or (p.name == q.name and p.country == q.country and p.admin1 == q.admin1):
        return "area-same" if p.is_area else "place-same"
    far = distance_km(p, q)
    if far is None:
        held = p.country == q.country and (p.admin1 == q.admin1 or not p.admin1 or not q.admin1)
        return "place-within" if held else "place-far"
    wide = p.is_area or q.is_area
    if far <= max(p.radius_km, q.radius_km) and not wide:
        return "place-inside"
    if far <= p.radius_km + q.radius_km:
        return "place-within" if wide else "place-near"
    return "area-near" if far <= 15 + p.radius_km + q.radius_km else "place-far"


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
        share = _report_share(a.all, b.all)
        yield Sign("reports", share, f"{share:.0%} of the telling words of both reports")


def word_share(a: Telling, b: Telling) -> float:
    """Return which share (0 to 1, by how much they tell) of the shorter passage's words the other has too."""
    return max(_share(a.evidence, b.evidence), _share(a.near, b.near))


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    least = min(_weight(a), _weight(b))
    return weight_of(a & b) / least if least and not a.isdisjoint(b) else 0.0


# The claims of two reports are compared one by one, what the reports have in common is the same each time.
_report_share = lru_cache(maxsize=100_000)(_share)
_weight = lru_cache(maxsize=100_000)(weight_of)


def bar_of(a: Telling, b: Telling, rules: FusionRules) -> str:
    """Return why two claims cannot tell one incident, "" where they can."""
    if not rules.can_meet(a.type, b.type):
        return f"{a.type} is no word for {b.type}"
    gap = gap_of(a, b)
    if gap is not None and gap > rules.slack:
        return f"{gap} days lie between"
    if _is_far(a, b) and not is_one_text(a, b):
        return "the places are too far apart"
    return "" if rules.is_sided(a.type) or rules.is_sided(b.type) else _swap_of(a, b)


def _is_far(a: Telling, b: Telling) -> bool:
    """Tell whether every place of one claim is far from every place of the other, and neither names the other's."""
    if not a.spots or not b.spots or _nearest(a, b)[0] != "place-far":
        return False
    return not (_named_by(a, b) or _named_by(b, a))


def is_one_text(a: Telling, b: Telling) -> bool:
    """Tell whether the words around two claims are so alike, and tell so much, that one repeats the other."""
    return word_share(a, b) >= _SAME_WORDS and weight_of(a.near & b.near) >= _ENOUGH_WORDS


def told_apart(a: Telling, b: Telling) -> str:
    """Return why claims of one report are two: it tells acts of one kind with days that do not meet, or at two places.

    A reporter who means one act tells its day and its place once; the days must be stated, the places exact.
    """
    if a.report != b.report or a.claim == b.claim or a.type != b.type:
        return ""
    if gap_of(a, b) and not a.presumed and not b.presumed:
        return "one report tells them on two days"
    exact = a.spots and b.spots and not any(spot.is_area for spot in (*a.spots, *b.spots))
    if exact and _nearest(a, b)[0] in ("place-near", "area-near", "place-far"):
        return "one report tells them at two places"
    return ""


def _swap_of(a: Telling, b: Telling) -> str:
    """Return that the sides are swapped, where who did it and to whom stand the other way round."""
    swapped = (a.actors & b.targets) and (b.actors & a.targets)
    if swapped and not (a.actors & b.actors) and not (a.targets & b.targets):
        return "who did it to whom is the other way round"
    return ""
