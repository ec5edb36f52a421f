"""Which candidate is right: the coded reports laid over what the reader saw."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from marsad.model import Report
from marsad.reading.events import Event
from marsad.reading.roles import Slot
from marsad.reading.scene import Scene
from marsad.text.letters import fold


def coded_reports(folder: Path) -> Iterator[tuple[Report, list[dict[str, Any]]]]:
    """Yield each report of a gold folder with its coded claims."""
    for path in sorted(folder.glob("*.json")):
        yield coded_report(path)


def coded_report(path: Path) -> tuple[Report, list[dict[str, Any]]]:
    """Return the report of a gold file and its coded claims."""
    d = json.loads(path.read_text("utf-8"))
    day = date.fromisoformat(d["published"]) if d.get("published") else None
    return Report(d["id"], d["text"], d.get("title"), d.get("outlet"), day), d["claims"]


def norm(text: str) -> str:
    """Return the words of a text folded, without article or clitic, as the scorer compares them."""
    return " ".join(re.sub(r"^(?:و|ب|ل|ف|ك)?(?:ال|لل)", "", w) for w in re.findall(r"\w+", fold(text)))


@dataclass(slots=True)
class Pair:
    """A coded claim and the candidate that stands for it."""

    gold: dict[str, Any]
    event: Event
    slots: list[Slot]


def match_events(
    scene: Scene, claims: list[dict[str, Any]], considered: list[tuple[Event, list[Slot], list[Event]]]
) -> list[Pair]:
    """Return one candidate for each coded claim that has one: same type, the trigger's own word first."""
    ranked = []
    for g, claim in enumerate(claims):
        at = scene.report.text.find(claim["evidence"])
        if at < 0:
            continue
        end = at + len(claim["evidence"])
        said = norm(claim["trigger"]).split()
        for c, (event, _, _) in enumerate(considered):
            word, (start, stop) = scene.words.texts[event.at], scene.words.span(event.at, event.at)
            if event.trigger.type != claim["type"] or stop <= at or start >= end:
                continue
            exact = norm(word) in said
            loose = any(norm(word).lstrip("وفبلك") == s.lstrip("وفبلك") for s in said)
            ranked.append((exact * 2 + loose, -c, g, c))
    pairs, golds, taken = [], set(), set()
    for _, _, g, c in sorted(ranked, reverse=True):
        if g not in golds and c not in taken:
            golds.add(g), taken.add(c)
            pairs.append(Pair(claims[g], considered[c][0], considered[c][1]))
    return pairs


def role_labels(scene: Scene, pair: Pair, slots: list[Slot]) -> dict[int, str]:
    """Return for each candidate party its coded role; of several with one id the best-worded, nearest one."""
    labels = dict.fromkeys(range(len(slots)), "none")
    for role in ("actors", "targets"):
        for party in pair.gold[role]:
            best = max(range(len(slots)), key=lambda k: _likeness(scene, slots[k], party), default=None)
            if best is not None and _likeness(scene, slots[best], party)[0] > 0:
                labels[best] = role[:-1]
    return labels


def _likeness(scene: Scene, slot: Slot, party: dict[str, Any]) -> tuple[float, ...]:
    text = norm(scene.words.slice(slot.party.first, slot.party.last))
    coded = norm(party["text"])
    same_id = bool(party["id"]) and slot.party.id == party["id"]
    same_text = text == coded
    part = bool(set(text.split()) & set(coded.split()))
    if not (same_id or (same_text and not party["id"])):
        return (0.0, 0.0, 0.0, 0.0)
    return (1.0, float(slot.same_sentence) + same_text, float(part), -float(slot.distance))


def same_place(a: dict[str, Any], lat: float | None, lon: float | None, country: str | None, text: str) -> bool:
    """Tell whether a coded place and a point or name agree as the scorer would have it."""
    import math

    if a.get("lat") is not None and lat is not None and lon is not None:
        la, lo, lb, lp = (math.radians(x) for x in (a["lat"], a["lon"], lat, lon))
        h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
        far = 12742 * math.asin(math.sqrt(h))
        return (far <= 10 or (far <= 75 and norm(a["text"]) == norm(text))) and a.get("country") == country
    return norm(a["text"]) == norm(text)


def _core(text: str) -> str:
    """Return the last words of a name without its kind word: what two writings of it share."""
    words = norm(text).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _KINDS else words)


_KINDS = frozenset(
    norm(w) for w in "محافظة مدينة بلدة قرية منطقة مديرية حي قاعدة جبهة ريف العاصمة مخيم قضاء ناحية ولاية".split()
)


def is_place(scene: Scene, place: Any, coded: dict[str, Any]) -> bool:
    """Tell whether a place mention is the coded place."""
    text = scene.words.slice(place.first, place.last)
    row = place.row
    if "lat" not in coded:
        meant = {_core(coded["text"]), _core(coded.get("stands_for") or coded["text"])}
        return _core(text) in meant or (row is not None and _core(row.name_ar) in meant)
    if row is None:
        return same_place(coded, None, None, None, text)
    return same_place(coded, row.lat, row.lon, row.country, text)
