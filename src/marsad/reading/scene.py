"""Everything that one report names, laid out once for all questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from marsad.model import Report
from marsad.reading.attribution import Voices
from marsad.reading.events import Event
from marsad.reading.parties import PartyMention
from marsad.reading.places import PlaceMention
from marsad.reading.sites import SiteMention
from marsad.reading.syntax import Syntax
from marsad.reading.times import TimeMention
from marsad.reading.words import Words


@dataclass(slots=True)
class Scene:
    """The words of a report and what they name; indexes are word indexes throughout."""

    report: Report
    words: Words
    events: list[Event] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    parties: list[PartyMention] = field(default_factory=list)
    sites: list[SiteMention] = field(default_factory=list)
    theatre: str | None = None
    times: list[TimeMention] = field(default_factory=list)
    quantities: list[Any] = field(default_factory=list)
    voices: Voices | None = None
    parties_of: dict[int, list[PartyMention]] = field(default_factory=dict)
    places_of: dict[int, list[PlaceMention]] = field(default_factory=dict)
    sites_of: dict[int, list[SiteMention]] = field(default_factory=dict)
    times_of: dict[int, list[TimeMention]] = field(default_factory=dict)
    events_of: dict[int, list[Event]] = field(default_factory=dict)
    first_told: dict[str, int] = field(default_factory=dict)
    named: int = 0
    _mentions: Counter[str] | None = None
    _syntax: Syntax | None = None

    @property
    def sentences(self) -> dict[int, tuple[int, int]]:
        """Return the first and the last word of each sentence by its number."""
        return self.words.sentences

    def mentions_of(self, id: str) -> int:
        """Return how often the report names a place; its places must be settled."""
        if self._mentions is None:
            self._mentions = Counter(p.row.id for p in self.places if p.row is not None)
        return self._mentions[id]

    @property
    def syntax(self) -> Syntax:
        """Return what grammar says of the parties; the scene must be complete."""
        if self._syntax is None:
            self._syntax = Syntax(self.words, self.parties)
        return self._syntax

    def take_times(self, times: Iterable[TimeMention]) -> None:
        """Make the times known and sort them by sentence."""
        self.times = list(times)
        for time in self.times:
            self.times_of.setdefault(self.words.sentence_of[time.first], []).append(time)

    def index(self) -> None:
        """Sort what is named by sentence, once; afterwards the `…_of` tables answer by sentence number.

        `named` counts names, `first_told` gives the first candidate of a type and of an entry.
        """
        if self.events_of:
            return
        self.named = sum([p.sort == "name" for p in self.parties])
        sentence_of = self.words.sentence_of
        tables: tuple[tuple[Any, Any], ...] = (
            (self.parties, self.parties_of), (self.places, self.places_of), (self.sites, self.sites_of),
        )  # fmt: skip
        for mentions, table in tables:
            for mention in mentions:
                table.setdefault(sentence_of[mention.first], []).append(mention)
        for event in self.events:
            self.events_of.setdefault(sentence_of[event.at], []).append(event)
            self.first_told.setdefault(event.trigger.type, event.at)
            self.first_told.setdefault(event.trigger.key, event.at)
