"""Where it happened: each place's chance to be the place of an event."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.reading.events import Event
from marsad.reading.places import PlaceMention
from marsad.reading.scene import Scene
from marsad.reading.weights import Seen
from marsad.reading.words import Words

FINE = {"country": 0, "region": 1, "admin1": 1, "admin2": 2, "admin3": 3, "city": 3, "town": 4, "village": 4}


def candidates(scene: Scene, event: Event, last: list[PlaceMention]) -> list[tuple[PlaceMention, int]]:
    """Return the places of the sentence, of the three before it and of the claim before, with how far back."""
    sentence = scene.words.sentence(event.at)
    found = [(p, 0) for p in scene.places_of.get(sentence, ()) if p.row is not None or not p.again]
    for back in (1, 2, 3):
        before = [p for p in scene.places_of.get(sentence - back, ()) if p.row is not None]
        found += [(p, back) for p in (before[-2:] if back < 3 else before[-1:])]
    known = {p.row.id for p, _ in found if p.row is not None}
    found += [(p, 4) for p in last if p.row is not None and p.row.id not in known]
    country = next((p for p in scene.places if p.row is not None and p.row.kind == "country"), None)
    if country is not None and country.row.country.lower() == scene.theatre and country.row.id not in known:
        found.append((country, 7))
    if not found:
        earlier = [p for p in scene.places if p.first < event.at and p.row is not None]
        found = [(p, 5) for p in earlier[-1:]] or [(p, 6) for p in scene.places[:1] if p.row is not None]
    return [(p, back) for p, back in found if not p.stray]


# Chances from the sweep in docs/quality.md: the best place is taken from here on, a place that stands in one
# list with it from lower on, another of the same sentence only where it is likely by itself.
# PAIRED: "from X to Y" names both.
FIRST, LISTED, ALSO, PAIRED = 0.15, 0.08, 0.75, 0.45
_WAYS = frozenset({"from", "to"})


def chosen(scored: list[tuple[float, int, PlaceMention]], mentions: list[PlaceMention]) -> list[PlaceMention]:
    """Return the likeliest place and those that go with it; none where nothing is likely."""
    if not scored:
        return []
    best = max(scored, key=lambda s: (s[0], -s[1]))
    if best[0] < FIRST:
        return []
    group = _list_of(best[2], mentions)
    kept = [best[2]]
    for chance, back, place in scored:
        if place is best[2] or back != best[1]:
            continue
        least = PAIRED if {place.role, best[2].role} == _WAYS else ALSO
        if (id(place) in group and chance >= LISTED) or (back == 0 and chance >= least and not place.qualifies):
            kept.append(place)
    return kept


def _list_of(place: PlaceMention, mentions: list[PlaceMention]) -> set[int]:
    """Return the ids of the mentions that stand in one list with a place."""
    at = next((k for k, m in enumerate(mentions) if m is place), None)
    if at is None:
        return set()
    first = last = at
    while first > 0 and (mentions[first].joined or mentions[first].aside):
        first -= 1
    while last + 1 < len(mentions) and (mentions[last + 1].joined or mentions[last + 1].aside):
        last += 1
    return {id(m) for m in mentions[first : last + 1] if not m.aside}


def grain(place: PlaceMention) -> int:
    """Return how exact the place is: 0 a country, 1 a part of it or a governorate, up to 5 a quarter or site."""
    if place.row is None:
        return 4
    fine = FINE.get(place.row.kind, 5)
    return 1 if fine == 0 and place.direction else fine


class Ground:
    """The places of an event's sentence, `here`, and of the claim before, `last`, looked at once for all of them."""

    __slots__ = ("clause_has", "count", "others", "served")

    def __init__(self, scene: Scene, event: Event, here: list[PlaceMention], last: list[PlaceMention]) -> None:
        """Note the clause and the grain of each, and which places were served by the claim before."""
        clauses = scene.words.clause
        self.others = [(p, p.first, p.last, clauses[p.first], grain(p)) for p in here]
        self.count = len(here)
        self.clause_has = any([clause == clauses[event.at] for _, _, _, clause, _ in self.others])
        self.served = {p.row.id for p in last if p.row is not None}


def features(scene: Scene, event: Event, place: PlaceMention, back: int, ground: Ground) -> list[Seen]:
    """Return what can be seen of a place beside an event, so many sentences before it."""
    words, at, kind, row = scene.words, event.at, event.sense.trigger.type, place.row
    first, fine, is_here, any_here = place.first, grain(place), back == 0, ground.count > 0
    right = first > at
    side, distance = ("right", first - at) if right else ("left", at - place.last)
    near = 0 if distance <= 1 else 1 if distance <= 3 else 2 if distance <= 7 else 3 if distance <= 14 else 4
    clause, paragraph = words.clause[first], words.paragraph[first] == words.paragraph[at]
    same, where = clause == words.clause[at], ("0:right" if right else "0:left") if is_here else _BACK[back]
    served = row is not None and row.id in ground.served
    seen: list[Seen] = [
        (_standing, kind, where, side, is_here, same, near, place.role),
        (_itself, where, is_here, same, fine, bool(place.again), place.qualifies, row and row.kind),
        (_setting, back, *_opening(words, first), paragraph, min(2, ground.count)),
        (_served, kind, back, served, any_here),
    ]
    if is_here:
        seen += _among(words, at, place, ground, fine)
    else:
        seen.append((_further, back, ground.clause_has, fine, paragraph, any_here))
    if row is not None:
        seen.append((_known, min(4, scene.mentions_of(row.id)), row.country.lower() == scene.theatre, is_here))
    if place.joined or place.direction:
        seen.append((_tied, where, place.joined, bool(place.direction)))
    return seen


_BACK = tuple(map(str, range(8)))


def _opening(words: Words, first: int) -> tuple[bool, bool]:
    """Tell whether a place stands among the first words of its sentence, and whether that opens a paragraph."""
    start = words.sentences[words.sentence_of[first]][0]
    opens = first - start <= 4
    return opens, opens and (start == 0 or words.paragraph[start] != words.paragraph[start - 1])


def _standing(kind: str, where: str, side: str, is_here: bool, same: bool, near: int, role: str) -> tuple[str, ...]:
    return (
        f"where={where}:{same}",
        f"where={kind}:{where}:{same}",
        f"near={where}:{near}",
        f"near={kind}:{is_here}:{near}",
        f"role={kind}:{role}:{is_here}",
        f"role={role}:{side}:{same}",
    )


def _itself(
    where: str, is_here: bool, same: bool, fine: int, again: bool, qualifies: str, kind: str | None
) -> tuple[str, ...]:
    return (
        f"grain={fine}:{is_here}",
        f"again={again}:{where}",
        f"unknown={kind is None}",
        f"qualifies={qualifies}",
        f"qualifies={bool(qualifies)}:{fine}:{is_here}",
        f"qualifies={bool(qualifies)}:{where}:{same}",
        f"kind={kind}:{is_here}",
    )


def _setting(back: int, opens: bool, heads: bool, paragraph: bool, here: int) -> tuple[str, ...]:
    return (
        f"opens={opens}:{back}",
        f"heads={heads}:{back}:{paragraph}",
        f"alone={here == 1}:{back}",
        f"none-here={here == 0}:{back}",
    )


def _further(back: int, clause_has: bool, fine: int, paragraph: bool, any_here: bool) -> tuple[str, ...]:
    return (
        f"back={back}:{clause_has}:{fine}",
        f"paragraph={paragraph}:{back}:{any_here}",
    )


def _served(kind: str, back: int, served: bool, any_here: bool) -> tuple[str, ...]:
    return (
        f"served={served}:{back}",
        f"served={served}:{back == 0}:{any_here}",
        f"served={served}:{kind}:{back == 0}",
    )


def _known(times: int, home: bool, is_here: bool) -> tuple[str, ...]:
    return (
        f"times={times}:{is_here}",
        f"home={home}:{is_here}",
    )


def _tied(where: str, joined: bool, turned: bool) -> Iterator[str]:
    if joined:
        yield f"joined={where}"
    if turned:
        yield f"direction={where}"


def _among(words: Words, at: int, place: PlaceMention, ground: Ground, fine: int) -> tuple[Seen, Seen]:
    """Return how the place stands among the others of its sentence."""
    own, event_clause, begins, right = words.clause[place.first], words.clause[at], place.first, place.first > at
    low, high = (at, begins) if right else (begins, at)
    between, finer, after_finer, nearer_finer, other_side = 0, False, False, False, False
    for other, first, last, clause, its in ground.others:
        between += low < first < high
        if clause == event_clause and (first > at) is not right:
            other_side = True
        if its >= fine and other is not place:
            nearer_finer = nearer_finer or first == place.last + 1
            if its > fine:
                finer = finer or clause == own
                after_finer = after_finer or last == begins - 1
    if right and place.joined:
        between = 0
    side = "right" if right else "left"
    return (
        (_between, side, own == event_clause, min(3, between), other_side),
        (_within, fine, finer, after_finer, nearer_finer),
    )


def _between(side: str, same: bool, between: int, other_side: bool) -> tuple[str, ...]:
    return (
        f"between={side}:{between}:{same}",
        f"other-side={side}:{same}:{other_side}",
    )


def _within(fine: int, finer: bool, after_finer: bool, nearer_finer: bool) -> tuple[str, ...]:
    return (
        f"finer={finer}:{fine <= 1}",
        f"inside={after_finer}:{fine <= 2}",
        f"outside={nearer_finer}",
    )
