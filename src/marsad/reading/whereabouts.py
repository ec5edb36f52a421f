"""Where it happened: each place's chance to be the place of an event."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.reading.events import Event
from marsad.reading.places import PlaceMention
from marsad.reading.scene import Scene

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
    return found


# Chances from the sweep in docs/quality.md: the best place is taken from here on, a place that stands in one
# list with it from lower on, another of the same sentence only where it is likely by itself.
FIRST, LISTED, ALSO = 0.15, 0.08, 0.75


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
        if (id(place) in group and chance >= LISTED) or (back == 0 and chance >= ALSO and not place.qualifies):
            kept.append(place)
    return kept


def _list_of(place: PlaceMention, mentions: list[PlaceMention]) -> set[int]:
    """Return the ids of the mentions that stand in one list with a place."""
    at = next((k for k, m in enumerate(mentions) if m is place), None)
    if at is None:
        return set()
    first = last = at
    while mentions[first].joined and first > 0:
        first -= 1
    while last + 1 < len(mentions) and mentions[last + 1].joined:
        last += 1
    return {id(m) for m in mentions[first : last + 1]}


def grain(place: PlaceMention) -> int:
    """Return how exact the place is: 0 a country, 1 a governorate or region, up to 5 a quarter or site."""
    if place.row is None:
        return 4
    return FINE.get(place.row.kind, 5)


def features(
    scene: Scene,
    event: Event,
    place: PlaceMention,
    back: int,
    all: list[tuple[PlaceMention, int]],
    last: list[PlaceMention],
) -> Iterator[str]:
    """Yield what can be seen of a place beside an event; `last` are the places of the claim before."""
    words, at, kind = scene.words, event.at, event.trigger.type
    side = "right" if place.first > at else "left"
    distance = place.first - at if place.first > at else at - place.last
    near = 0 if distance <= 1 else 1 if distance <= 3 else 2 if distance <= 7 else 3 if distance <= 14 else 4
    same = words.clause[place.first] == words.clause[at]
    here = [p for p, b in all if b == 0]
    where = f"{back}:{side}" if back == 0 else f"{back}"
    yield f"where={where}:{same}"
    yield f"where={kind}:{where}:{same}"
    yield f"near={where}:{near}"
    yield f"near={kind}:{back == 0}:{near}"
    yield f"role={kind}:{place.role}:{back == 0}"
    yield f"role={place.role}:{side}:{same}"
    yield f"grain={grain(place)}:{back == 0}"
    yield f"again={bool(place.again)}:{where}"
    yield f"unknown={place.row is None}"
    start = scene.sentences[words.sentence(place.first)][0]
    opens = place.first - start <= 4
    yield f"opens={opens}:{back}"
    heads = opens and (start == 0 or words.paragraph[start] != words.paragraph[start - 1])
    yield f"heads={heads}:{back}:{words.paragraph[place.first] == words.paragraph[at]}"
    yield f"alone={len(here) == 1}:{back}"
    yield f"none-here={not here}:{back}"
    if back == 0:
        yield from _among(words, at, place, here, side, same)
    else:
        clause_has = any(words.clause[p.first] == words.clause[at] for p in here)
        yield f"back={back}:{clause_has}:{grain(place)}"
        yield f"paragraph={words.paragraph[place.first] == words.paragraph[at]}:{back}:{bool(here)}"
    served = place.row is not None and any(p.row is not None and p.row.id == place.row.id for p in last)
    yield f"served={served}:{back}"
    yield f"served={served}:{back == 0}:{bool(here)}"
    yield f"served={served}:{kind}:{back == 0}"
    yield f"qualifies={place.qualifies}"
    yield f"qualifies={bool(place.qualifies)}:{grain(place)}:{back == 0}"
    yield f"qualifies={bool(place.qualifies)}:{where}:{same}"
    yield f"kind={place.row.kind if place.row is not None else None}:{back == 0}"
    if place.row is not None:
        times = sum(1 for p in scene.places if p.row is not None and p.row.id == place.row.id)
        yield f"times={min(4, times)}:{back == 0}"
        yield f"home={place.row.country.lower() == scene.theatre}:{back == 0}"
    if place.joined:
        yield f"joined={where}"
    if place.direction:
        yield f"direction={where}"


def _among(words, at: int, place: PlaceMention, here: list[PlaceMention], side: str, same: bool) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """Yield how the place stands among the others of its sentence."""
    if side == "right":
        between = sum(1 for p in here if at < p.first < place.first and not place.joined)
    else:
        between = sum(1 for p in here if place.first < p.first < at)
    yield f"between={side}:{min(3, between)}:{same}"
    finer = any(
        p is not place and grain(p) > grain(place) and words.clause[p.first] == words.clause[place.first] for p in here
    )
    yield f"finer={finer}:{grain(place) <= 1}"
    nearer_finer = any(p is not place and grain(p) >= grain(place) and p.first == place.last + 1 for p in here)
    after_finer = any(p is not place and grain(p) > grain(place) and p.last == place.first - 1 for p in here)
    yield f"inside={after_finer}:{grain(place) <= 2}"
    yield f"outside={nearer_finer}"
    other_side = any((p.first > at) != (place.first > at) and words.clause[p.first] == words.clause[at] for p in here)
    yield f"other-side={side}:{same}:{other_side}"
