"""Everything that one report names, laid out once for all questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from marsad.model import Report
from marsad.reading.attribution import Voices
from marsad.reading.events import Event
from marsad.reading.parties import PartyMention
from marsad.reading.places import PlaceMention
from marsad.reading.sites import SiteMention
from marsad.reading.times import TimeMention
from marsad.reading.words import Words


@dataclass(slots=True)
class Scene:
    """The words of a report and what they name; indexes are word indexes throughout."""

    report: Report
    words: Words
    places: list[PlaceMention]
    parties: list[PartyMention]
    sites: list[SiteMention]
    theatre: str | None = None
    times: list[TimeMention] = field(default_factory=list)
    quantities: list[Any] = field(default_factory=list)
    voices: Voices | None = None
    events: list[Event] = field(default_factory=list)
    sentences: dict[int, tuple[int, int]] = field(default_factory=dict)
    parties_of: dict[int, list[PartyMention]] = field(default_factory=dict)
    places_of: dict[int, list[PlaceMention]] = field(default_factory=dict)
    sites_of: dict[int, list[SiteMention]] = field(default_factory=dict)
    times_of: dict[int, list[TimeMention]] = field(default_factory=dict)
    events_of: dict[int, list[Event]] = field(default_factory=dict)

    def index(self) -> None:
        """Sort everything by sentence; afterwards the `…_of` tables answer by sentence number."""
        words = self.words
        self.sentences = words.sentences
        tables: tuple[tuple[Any, Any], ...] = (
            (self.parties, self.parties_of), (self.places, self.places_of),
            (self.sites, self.sites_of), (self.times, self.times_of),
        )  # fmt: skip
        for mentions, table in tables:
            for mention in mentions:
                table.setdefault(words.sentence(mention.first), []).append(mention)

    def index_events(self, events: list[Event]) -> None:
        """Take in the candidate events, sorted by sentence."""
        self.events = events
        for event in events:
            self.events_of.setdefault(self.words.sentence(event.at), []).append(event)
