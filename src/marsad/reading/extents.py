"""How much of a place a claim means: most or parts of it, all but it, only it, or something that lies in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.reading.places import PlaceMention
from marsad.reading.sites import SiteMention
from marsad.reading.words import SOFT, Words
from marsad.text.letters import fold

# The words that say how much stand right before the name: "معظم أنحاء محافظة إدلب", "عدة مواقع في ريف طفس".
_BEFORE = 5
# A site lies in the place named so few words after it: "حاجز على الطريق شرق بلدة ...".
_SITE_WITHIN = 5
_NEGATED_WITHIN = 9


@dataclass(frozen=True, slots=True)
class ExtentWords:
    """The pack's words, folded."""

    most: frozenset[str]
    all: frozenset[str]
    part: frozenset[str]
    around: frozenset[str]
    parts_of: frozenset[str]
    fractions: frozenset[str]
    between: frozenset[str]
    excepted: frozenset[str]
    negations: frozenset[str]


def extent_words(pack: Mapping[str, Sequence[str]]) -> ExtentWords:
    """Return the words of a pack's extents.toml."""
    keys = ("most", "all", "part", "around", "parts_of", "fractions", "between", "except", "negations")
    return ExtentWords(*(frozenset(fold(word) for word in pack.get(key, ())) for key in keys))


class ExtentReader:
    """Reads how much of each place of a claim is meant."""

    def __init__(self, pack: Mapping[str, Sequence[str]]) -> None:
        self._known = extent_words(pack)

    def find(
        self, words: Words, event: int, places: Sequence[PlaceMention], sites: Sequence[SiteMention], whole: str
    ) -> list[str]:
        """Return "" or "all", "most", "part", "around", "site", "except", "only" for each place, in order.

        `whole` is what the event's own word says of all of them ("confined to"); in a list, the word before the first
        name counts for all.
        """
        found: list[str] = []
        for place in places:
            joined = place.joined and found and place.name_first - place.first <= 1
            extent = self._of(words, event, place, sites)
            found.append(extent or (found[-1] if joined else "") or whole)
        return found

    def excepts(self, words: Words, event: int, place: PlaceMention) -> bool:
        """Tell whether a place after the event is named as what its act left out."""
        return place.first > event and self._of(words, event, place, ()) == "except"

    def _of(self, words: Words, event: int, place: PlaceMention, sites: Sequence[SiteMention]) -> str:
        run = self._run(words, event, place.first)
        if any(word in self._known.excepted for word in run):
            return "only" if self._negated(words, place.first) else "except"
        if _bare(words, place.first) in self._known.around or (run and run[-1].lstrip("بول") in self._known.around):
            return "around"
        if any(word in self._known.fractions for word in run[-2:]):
            return "part"
        if any(word in self._known.most for word in run):
            return "most"
        if place.name_first > place.first and _bare(words, place.first) in self._known.parts_of:
            return "" if self._whole(words, run, place.last) else "part"
        tied = (bool(run) and run[-1] in self._known.between) or place.clitic in ("ب", "ل")
        if tied and any(word in self._known.part for word in run):
            return "part"
        if _lies_in(words, event, place, sites):
            return "site"
        return "all" if self._whole(words, run, place.last) else ""

    def _whole(self, words: Words, run: list[str], last: int) -> bool:
        """Tell whether a word for all of it stands before the place, or right after its name."""
        after = [words.folds[i] for i in range(last + 1, min(len(words), last + 3)) if words.breaks[i] <= SOFT]
        return any(word in self._known.all for word in (*run, *after))

    def _run(self, words: Words, event: int, first: int) -> list[str]:
        """Return the words right before a place, back to the event's word or a break."""
        start = first
        while start > 0 and first - start < _BEFORE and words.breaks[start] <= SOFT and start - 1 != event:
            start -= 1
        return words.folds[start:first]

    def _negated(self, words: Words, first: int) -> bool:
        low, sentence = max(0, first - _NEGATED_WITHIN), words.sentence(first)
        return any(
            words.folds[i] in self._known.negations and words.folds[i + 1] not in self._known.excepted
            for i in range(low, first)
            if words.sentence(i) == sentence
        )


def _bare(words: Words, i: int) -> str:
    """Return a folded word without the letter that its sense says is joined to it."""
    clitic = words.senses[i].clitic
    return words.folds[i].removeprefix(clitic) if clitic else words.folds[i]


def _lies_in(words: Words, event: int, place: PlaceMention, sites: Sequence[SiteMention]) -> bool:
    """Tell whether a site named between the event and the place lies in it, or has the place's name in its own."""
    for site in sites:
        if site.first <= place.first <= site.last and site.first < place.name_first and site.first > event:
            return True
        between = place.first - site.last
        is_between = event < site.first and 0 < between <= _SITE_WITHIN
        if (
            is_between
            and not words.texts[place.first].startswith("و")
            and _in_one_breath(words, site.last, place.first)
        ):
            return True
    return False


def _in_one_breath(words: Words, first: int, last: int) -> bool:
    return all(words.breaks[i] <= SOFT for i in range(first + 1, last + 1))
