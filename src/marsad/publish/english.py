"""English as a language of digests: plurals, articles, prepositions of place, lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from marsad.loading.prose import Noun, Party, named_party, outlet_named, prose
from marsad.publish.amounts import Amount
from marsad.publish.phrasing import FIRST, MOST, Phrase, Row, Tongue, plain, source_name, unjoined, unowned
from marsad.publish.spots import Spot, country_named, level_named, spot_of
from marsad.text.letters import fold

_PLURALS = {"was": "were", "is": "are", "has": "have", "its": "their", "it": "they"}


def listed(words: Sequence[str]) -> str:
    """Return words as a list: A, B and C."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def count(number: int, noun: Noun) -> str:
    """Return a number with its noun: 1 person, 1,250 people."""
    return f"{number:,} {noun.one if number == 1 else noun.few}" if number else f"no {noun.few}"


@cache
def _sources_by_key() -> dict[str, str]:
    """Return the names of sources in English by their Arabic ones, however these are spelled."""
    return {fold(arabic): english for arabic, english in prose("en").sources.items()}


class English(Tongue):
    """English as a language of digests."""

    lang = "en"

    def agree(self, word: str, phrase: Phrase, behind: bool) -> str:
        """Return the verb in the number of the phrase."""
        return _PLURALS.get(word, word) if phrase.many else word

    def attach(self, letter: str, words: str) -> str:
        """Return the words: English joins no letters."""
        return words

    def joined(self, phrases: Sequence[Phrase]) -> Phrase:
        """Return several as one list."""
        return phrases[0] if len(phrases) == 1 else plain(listed([p.nom for p in phrases]), many=True)

    def quoted(self, text: str) -> Phrase:
        """Return a report's own words for somebody, in quotes."""
        return plain(f"“{unowned(unjoined(text))}”")

    def count(self, number: int, noun: Noun) -> Phrase:
        """Return a number with its noun, and what stands behind it."""
        return plain(f"{count(number, noun)} {noun.after}".rstrip(), many=number != 1)

    def bare(self, number: int) -> str:
        """Return a number without its noun."""
        return f"{number:,}"

    def vague(self, amount: Amount, noun: Noun | None) -> Phrase:
        """Return an amount in words: tens of people."""
        words = f"{amount.word}{' of ' + amount.large if amount.large else ''}"
        return plain(f"{words} of {noun.few} {noun.after}".rstrip() if noun else words, many=True)

    def between(self, low: str, high: str) -> str:
        """Return a range of two amounts."""
        return f"between {low} and {high}"

    def clauses(self, words: Sequence[str]) -> str:
        """Return several statements as one."""
        return listed(words)

    def aspects(self, words: Sequence[str]) -> str:
        """Return several clauses that hang on one noun as one statement."""
        return "; ".join(words)

    def within(self, label: str) -> str:
        """Return a label as it stands within a sentence."""
        return label[:1].lower() + label[1:]

    def changed(self, number: int) -> Phrase:
        """Return by how many places a side has more or fewer."""
        return plain(f"{number:,}")

    def either(self, amounts: Sequence[str]) -> str:
        """Return amounts of which one is true."""
        return " or ".join(amounts)

    def places(self, rows: Sequence[Row]) -> Phrase:
        """Return places as a list."""
        names = [self._name(spot_of(row)) for row in rows]
        shown = names[:FIRST] if len(names) > MOST else names
        more = len(names) - len(shown)
        others = [f"{more} other places"] if more else []
        return plain(listed([*shown, *others]), many=len(names) > 1)

    def _name(self, spot: Spot) -> str:
        if spot.direction and (spot.level or spot.kind in ("country", "region")):
            return f"{spot.direction}ern {spot.name}"
        if spot.direction:
            return f"the area {self.prose.directions[spot.direction]} {spot.name}"
        if spot.site:
            return f"a {spot.site} in {spot.name}"
        is_described = spot.name.startswith(self.prose.lists["the_before"]) or spot.name.endswith(
            self.prose.lists["the_behind"]
        )
        return f"the {spot.name}" if is_described else spot.name

    def some(self, words: str) -> Phrase:
        """Return people whom nobody counts."""
        return plain(words, many=True)

    def located(self, rows: Sequence[Row]) -> str:
        """Return where something is: in Daraa, at the Nasib Crossing and near Nawa."""
        parts = [(self._preposition(row), row) for row in rows]
        words = []
        for preposition in dict.fromkeys(p for p, _ in parts):
            some = self.places([row for p, row in parts if p == preposition]).nom
            words.append(f"{preposition} {some}" if preposition else some.replace("the area ", ""))
        return listed(words)

    def _preposition(self, row: Row) -> str:
        if row["as"] == "near":
            return "near"
        spot = spot_of(row)
        if row["as"] == "axis":
            return "towards"
        if spot.direction and not (spot.level or spot.kind in ("country", "region")):
            return ""
        return "at" if spot.kind in self.prose.lists["at"] and not spot.site else "in"

    def site_list(self, names: Sequence[str], others: bool) -> Phrase:
        """Return sites as a list."""
        return plain(listed([*names, *(["others"] if others else [])]), many=True)

    def sites(self, rows: Sequence[Row]) -> Phrase:
        """Return the kinds of the sites as a list."""
        names = list(dict.fromkeys(row["kind"] for row in rows))
        return self.site_list(names[:FIRST], len(names) > FIRST)

    def source(self, name: str, theatre: str = "") -> Phrase:
        """Return what a source is called: a party by its name in English, others as the reports have it."""
        called = source_name(name)
        english = _sources_by_key().get(fold(called)) or outlet_named(called, theatre)
        if english:
            return plain(english, many=called in self.prose.lists["several"])
        known = _party_called(called, theatre)
        return self.named(known) if known else plain(called or self.prose.frame("unnamed"))

    def area(self, name: str, name_ar: str | None, country: str) -> str:
        """Return a governorate as a heading."""
        land = country_named(country)[1]
        if not name:
            has_areas = level_named(country, 1)[1] or country in prose("ar").levels
            return self.frame("no_area", x=plain(land)) if has_areas and land else land or self.prose.frame("nowhere")
        return name

    def finished(self, words: str) -> str:
        """Return the words as a sentence: a capital at its head, spaces and marks once, a full stop at its end."""
        flat = re.sub(r" ([,;:.])", r"\1", re.sub(r" +", " ", words).strip())
        flat = flat[:1].upper() + flat[1:]
        return flat if flat.endswith((".", "?", "!")) else f"{flat}."


@cache
def _party_called(called: str, theatre: str) -> Party | None:
    """Return the party that a source is; of a government, under whose name many go, only by its very name."""
    english = prose("en")
    for arabic in (party for party in prose("ar").parties if party.id and not party.words):
        known = english.party(arabic.id, called)
        if called and known and called in (arabic.nom, arabic.gen, arabic.forces):
            return known.in_field() if called == arabic.forces else known
    known = english.party(named, called) if (named := named_party(called, theatre)) else None
    return known if known and not known.forces else None
