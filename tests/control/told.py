"""Claims for control in one line each, as docs/concepts/control.md writes them, and what is expected of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from marsad.control.atlas import Atlas
from marsad.control.sides import holders_of
from marsad.control.told import Spot, Told
from marsad.loading.codebook import actors

_THEATRE = {"houthis": "YE", "yemen-gov": "YE", "iraq": "IQ", "peshmerga": "IQ"}
_ROLES = ("at", "from", "to", "near")


@dataclass(slots=True)
class Block:
    """The claims of a block so far, and which areas lie around which places."""

    told: list[Told] = field(default_factory=list)
    areas: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def atlas(self) -> Atlas:
        return Atlas.of(self.told, lambda place: self.areas.get(place, ()))


def told_in(line: str, areas: dict[str, tuple[str, ...]], id: str) -> Told:
    """Return the claim of a line: DAY TYPE(STATUS) ROLE PLACE:EXTENT… by A,B on C says VOICE~SIDE …"""
    day, kind, *words = line.split()
    type, _, status = kind.rstrip(")").partition("(")
    given: dict[str, str] = {}
    spots: list[tuple[str, str]] = []
    for key, value in zip(words[::2], words[1::2], strict=True):
        if key in _ROLES:
            spots.append((key, value))
        else:
            given[key] = value
    start, _, until = day.partition("/") if day != "?" else ("", "", "")
    actors = tuple(given["by"].split(",")) if "by" in given else ()
    targets = tuple(given["on"].split(",")) if "on" in given else ()
    country = next((_THEATRE[a] for a in (*actors, *targets) if a in _THEATRE), "SY")
    voice, _, partisan = given.get("says", "Monitor").partition("~")
    return Told(
        given.get("id", id), type, status or "happened", actors, targets,
        tuple(_spot(role, value, country, areas) for role, value in spots), start, until or start,
        given.get("published", until or start), float(given.get("sure", "1")), voice, partisan,
        float(given["share"]) if "share" in given else None, tuple(given.get("after", "").split()),
        given.get("read", "no") == "no",
    )  # fmt: skip


def _spot(role: str, value: str, country: str, areas: dict[str, tuple[str, ...]]) -> Spot:
    name, _, extent = value.partition(":")
    place = name.rstrip("*")
    within = (areas.get(place) or ("",))[0] if extent == "only" else ""
    return Spot(place, role, extent, country, name.endswith("*"), within)


def atlas_of(*lines: str) -> Atlas:
    """Return the atlas of some lines."""
    return block_of(lines).atlas()


def block_of(lines: Sequence[str]) -> Block:
    block, numbers = Block(), count()
    for line in lines:
        take(block, line, f"c{next(numbers)}")
    return block


def take(block: Block, line: str, id: str) -> None:
    """Take a claim, or which area lies around a place, into a block."""
    known = re.fullmatch(r"place (\S+) in (\S+)", line)
    if known:
        block.areas[known[1]] = tuple(known[2].split(","))
    else:
        block.told.append(told_in(line, block.areas, id))


def differences(atlas: Atlas, expected: str) -> Iterator[str]:
    """Yield where an answer differs from `= DAY PLACE STATUS [HOLDER] [since DAY] [BASIS] [sources N]`."""
    _, day, place, status, *words = expected.split()
    holding = atlas.on(place, day)
    got = holding.state.status if holding else "unknown"
    if got != status:
        yield f"status is {got}"
    if holding is None:
        return
    theatre = next((t.lower() for a, t in _THEATRE.items() if a == holding.state.actor), "sy")
    while words:
        word = words.pop(0)
        if word in ("since", "sources"):
            expected, got = words.pop(0), {"since": holding.state.since, "sources": str(holding.state.voices)}[word]
            if got != expected:
                yield f"{word} is {got}"
        elif word in ("asserted", "inferred", "carried"):
            if holding.basis != word:
                yield f"basis is {holding.basis}"
        elif word not in actors():
            yield f"{word!r} is no actor"
        elif holders_of(holding.state.actor, theatre, day)[0] != word:
            yield f"holder is {holding.state.actor}"
