"""What control is told: a claim as far as it can say who holds a place."""

from __future__ import annotations

from typing import NamedTuple


class Spot(NamedTuple):
    """A place of a claim: its key, the part it plays, how much of it is meant, and the country's two letters.

    `within` is the governorate around it, "" where there is none.
    """

    place: str
    role: str
    extent: str = ""
    country: str = ""
    is_area: bool = False
    within: str = ""


class Told(NamedTuple):
    """A claim for control: `start` and `until` are the ISO days meant, "" where the text gives none.

    `voice` names the independent source, `partisan` the actor whose voice it is ("" for nobody's); `share` (0 to 1)
    is how much of the place the text says; `sure` is the claim's certainty, 1 where a person has `reviewed` it or
    written it; `after` are the claims of the same report that it tells to have come before it.
    """

    claim: str
    type: str
    status: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    spots: tuple[Spot, ...]
    start: str
    until: str
    published: str
    sure: float
    voice: str
    partisan: str = ""
    share: float | None = None
    after: tuple[str, ...] = ()
    reviewed: bool = False
