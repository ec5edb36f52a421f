"""The only place that knows the order: report → words → mentions → events → claims."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from marsad.composing import claims_of, unread_of
from marsad.grounding.gazetteer import Gazetteer, all_places
from marsad.grounding.resolve import context_of, settle
from marsad.grounding.theatres import Demonyms, pick_theatre
from marsad.loading.kept import packs_hash, uncollected
from marsad.loading.language import Language, language
from marsad.loading.theatre import side_of, theatre, theatre_codes
from marsad.model import Report, Unread
from marsad.reading.claims import ClaimReader, Draft
from marsad.reading.events import Event
from marsad.reading.lexicon import Lexicon
from marsad.reading.parties import PartyReader, Speaker, actor_names, outside
from marsad.reading.places import PlaceMention, PlaceReader
from marsad.reading.scene import Scene
from marsad.reading.sites import find_sites, site_phrases
from marsad.reading.words import Words, find_clauses, lay_out
from marsad.reading_result import Later, Reading
from marsad.text.tokens import cut


def theatres() -> list[str]:
    """Return the codes of the theatres that `Reader` knows."""
    return theatre_codes()


@cache
def _names(code: str | None):  # type: ignore[no-untyped-def]
    rows = list(language().actors.get("name", ()))
    rows += [{**row, "state": True} for row in language().actors.get("state", ())]
    rows += [
        {"id": r["id"], "words": ws}
        for r in language().people
        if r.get("id") and (ws := [f for f in r["forms"] if " " in f])
    ]
    return actor_names(rows + (theatre(code).actors if code else []))


def release() -> str:
    """Return the installed version of the program, or "unreleased" in a bare checkout.

    It stands in the name of the folder that every installer leaves; importlib.metadata, which says the same, takes
    a tenth of the start.
    """
    found = (folder.name for entry in sys.path for folder in Path(entry).glob("marsad-*.dist-info"))
    return next(found, "marsad-unreleased").removesuffix(".dist-info").removeprefix("marsad-")


class _Named(NamedTuple):
    """A scene before its places are settled, with all that they are settled by."""

    scene: Scene
    places: list[PlaceMention]
    hints: dict[str, float]


class Reader:
    """Reads reports with one set-up; `theatre` None means: whichever the report is about."""

    def __init__(self, theatre: str | None = None, outlet: str | None = None) -> None:
        """Load the packs; raise UsageError where the theatre is unknown."""
        self.theatre, self.outlet = theatre, outlet
        if theatre is not None:
            _names(theatre)
        with uncollected():
            self._load(language())
        self.version = f"marsad {release()} packs {packs_hash()}"

    def _load(self, pack: Language) -> None:
        self.lexicon = Lexicon(pack)
        self.gazetteer: Gazetteer = all_places()
        self.places = PlaceReader(pack.places, self.gazetteer)
        self.site_phrases = site_phrases(pack.sites)
        self.demonyms = Demonyms(pack.places["demonyms"])
        self.claims = ClaimReader(pack)

    def scene(self, report: Report) -> Scene:
        """Return everything that the text names, before any claim is made of it."""
        words = lay_out(report.text, cut(report.text), self.lexicon)
        named = self._named(report, words, self.claims.finder.find(words))
        self._settle(named)
        return named.scene

    def _named(self, report: Report, words: Words, events: list[Event]) -> _Named:
        """Return what the text names; which places its names of places mean is still open."""
        places = self.places.find(words)
        code = report.theatre or self.theatre
        hints = self.demonyms.hints(words.folds)
        code = code or pick_theatre(places, hints, theatre_codes())
        parties = PartyReader(
            _names(code), Speaker(report.published, side_of(report.outlet, code, report.published))
        ).find(words)
        kept = outside(places, parties)
        joins = {p.first for p in kept if p.joined} | {p.first for p in parties if p.clitic == "و"}
        find_clauses(words, joins)
        return _Named(
            Scene(report, words, events, kept, parties, find_sites(words, self.site_phrases), code), places, hints
        )

    def _settle(self, named: _Named) -> None:
        """Give every place of the scene the row that is meant."""
        settle(named.places, context_of(named.places, named.scene.theatre, named.hints), self.gazetteer)

    def read(self, report: Report) -> Reading:
        """Return the claims of the report, and the sentences that gave none with their reasons when these are asked."""
        if self.outlet and not report.outlet:
            report = replace(report, outlet=self.outlet)
        words = lay_out(report.text, cut(report.text), self.lexicon)
        events = self.claims.finder.find(words)
        named = self._named(report, words, events) if events else None
        drafts = self._drafts(named) if named is not None else []
        claims = claims_of(named.scene, drafts, self.gazetteer, self.version) if named is not None and drafts else []
        silent = len(words.sentences) - len({words.sentence_of[draft.event.at] for draft in drafts})
        return Reading(report, claims, Later(silent, partial(self._unread, report)))

    def _drafts(self, named: _Named) -> list[Draft]:
        """Return what is claimed of all that a report names; of most reports no candidate can be believed."""
        scene = named.scene
        scene.index()
        hopes = self.claims.hopes(self.claims.weighed(scene))
        if not hopes:
            return []
        self.claims.survey(scene)
        drafts, _ = self.claims.believed(scene, hopes)
        if drafts:  # of newspaper articles, one in six
            self._settle(named)
            self.claims.complete(scene, drafts)
        return drafts

    def _unread(self, report: Report) -> list[Unread]:
        """Return the sentences of a report that gave no claim, each with the reason."""
        words = lay_out(report.text, cut(report.text), self.lexicon)
        events = self.claims.finder.find(words)
        if not events:
            return unread_of(Scene(report, words), [], [])
        scene = self._named(report, words, events).scene
        self.claims.survey(scene)
        return unread_of(scene, *self.claims.believed(scene, self.claims.weighed(scene)))


@cache
def reader_of(code: str | None) -> Reader:
    """Return the one reader of a theatre that this process has set up."""
    return Reader(code)
