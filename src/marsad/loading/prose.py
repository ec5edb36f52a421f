"""The words in which a digest is told, as languages/<code>/prose.toml lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from marsad.errors import PackError, UsageError
from marsad.loading.codebook import PACKS, actors, build, read_toml, types
from marsad.loading.theatre import theatre, theatre_codes
from marsad.text.letters import fold
from marsad.text.phrases import phrase_key

LANGUAGES = ("ar", "en")
# What a pattern may name: who does what to whom, where, how many, who says so; and what a frame holds.
SLOTS = frozenset(
    "actor target between on in from to about who what sides x by told party noun act n place holder before all days "
    "when".split()
)
# The joined letters that may stand before a word of a report.
_JOINED = "(?:^| )[وف]?[بلك]?(?:ال|ل)?"
_SLOT = re.compile(r"\{(?:[^{}@]+@@?)?(\w+)(?:\.[galbw])?\}")
# What is the same in every language stands in Arabic's file, since it is about reports, which are in Arabic.
_SHARED = ("armed", "toll", "objects", "count", "of", "members", "makes", "slots")


@dataclass(frozen=True, slots=True)
class Noun:
    """Something that is counted; `after` stands behind it, as in "45 people killed"; `persons` are people."""

    id: str
    one: str
    few: str
    fem: bool = False
    persons: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """How an actor is called as a subject, after a preposition (`gen`) and as an object (`acc`).

    `forces` is its name in the field; `people` are persons and no force, counted by `noun`; an entry with `words` is
    meant where the report's name begins so. `many` is a plural of persons.
    """

    id: str
    nom: str
    gen: str = ""
    acc: str = ""
    fem: bool = False
    many: bool = False
    forces: str = ""
    forces_fem: bool = False
    forces_many: bool = False
    people: bool = False
    noun: str = ""
    name: str = ""
    words: tuple[str, ...] = ()

    def in_field(self) -> Party:
        """Return the party as it is called where it fights."""
        if not self.forces:
            return self
        return replace(self, nom=self.forces, gen="", acc="", fem=self.forces_fem, many=self.forces_many)


@dataclass(frozen=True, slots=True)
class TypeWords:
    """The patterns of a type: with an actor (`act`), without (`happen`), as a noun; the first whose slots are there.

    `one` joins a single side to the noun of a sided type; `denied` is said instead where it has a way of its own.
    `slots` says as what a place of a role is told; `count` names the number of its `of` (actors or targets), who are
    `members` of theirs; where it `makes` them what they are called (detainees by an arrest), they are called people.
    With `objects` it is done to sites too, with `toll` the dead are its doing. A variant is meant where one of its
    words begins a word of the evidence.
    """

    id: str
    noun: tuple[str, ...]
    happen: tuple[str, ...]
    act: tuple[str, ...] = ()
    one: str = ""
    denied: str = ""
    fem: bool = False
    many: bool = False
    armed: bool = True
    toll: bool = False
    objects: bool = False
    count: str = ""
    of: str = "targets"
    members: bool = False
    makes: bool = False
    slots: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    words: tuple[str, ...] = ()
    variants: tuple[TypeWords, ...] = ()

    def told_by(self, evidence: str) -> TypeWords:
        """Return the variant that words of the evidence mean, else the type itself."""
        folded = " ".join(map(fold, evidence.split())) + " "
        met = (v for v in self.variants if any(re.search(_JOINED + word, folded) for word in v.words))
        return next(met, self)


@dataclass(frozen=True, slots=True)
class Prose:
    """All words of a language."""

    lang: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    frames: Mapping[str, tuple[str, ...]]
    nouns: Mapping[str, Noun]
    kinds: Mapping[str, Noun]
    sites: Mapping[str, str]
    counts: Mapping[str, str]
    levels: Mapping[str, str]
    sources: Mapping[str, str]
    directions: Mapping[str, str]
    parties: tuple[Party, ...]
    types: Mapping[str, TypeWords]
    lists: Mapping[str, tuple[str, ...]]

    def party(self, id: str | None, text: str) -> Party | None:
        """Return how a party is called that a report names by these words; None where nothing tells."""
        known = [p for p in self.parties if p.id == (id or "")]
        heads = [_bare(word) for word in text.split()[:2]]
        worded = (p for p in known if any(head.startswith(p.words) for head in heads if p.words))
        return next(worded, None) or next((p for p in known if not p.words), None)

    def frame(self, name: str, n: int = 0) -> str:
        """Return the n-th way of saying something, counted on from the first after the last."""
        ways = self.frames[name]
        return ways[n % len(ways)]


def _bare(word: str) -> str:
    return re.sub("^و?ال", "", fold(word))


@cache
def named_party(name: str, code: str) -> str | None:
    """Return the one actor of a theatre whose whole name this is; None where it is nobody's or several'."""
    if code not in theatre_codes():
        return None
    key = phrase_key(name)
    meant = {str(row["id"]) for row in theatre(code).actors if any(phrase_key(words) == key for words in row["words"])}
    return meant.pop() if len(meant) == 1 else None


@cache
def outlet_named(name: str, code: str) -> str | None:
    """Return the name in Latin letters of an outlet of a theatre; None where it has none."""
    if code not in theatre_codes():
        return None
    named = (outlet for outlet in theatre(code).outlets if name in outlet.names)
    return next((other for outlet in named for other in outlet.names if other.isascii() and "." not in other), None)


@cache
def site_words() -> frozenset[str]:
    """Return the folded words by which reports begin to name a site."""
    rows = read_toml(PACKS / "languages" / "ar" / "sites.toml")["site"]
    return frozenset(fold(form.split()[0]) for row in rows for form in row["forms"])


@cache
def prose(lang: str) -> Prose:
    """Return the words of a language; raise PackError that says what is missing, wrong or unknown in the file."""
    if lang not in LANGUAGES:
        raise UsageError(f"{lang!r} is no language of digests; take {' or '.join(LANGUAGES)}")
    table = read_toml(PACKS / "languages" / lang / "prose.toml")
    found = prose_of(lang, table, None if lang == "ar" else prose("ar"))
    for fault in faults_of(found):
        raise PackError(f"languages/{lang}/prose.toml: {fault}")
    return found


def prose_of(lang: str, table: Mapping[str, Any], arabic: Prose | None) -> Prose:
    """Return the words of a parsed file; `arabic` has what is the same in every language."""
    where = f"languages/{lang}/prose.toml"
    counted = {key: {row["id"]: build(Noun, row, where) for row in table[key]} for key in ("noun", "kind")}
    lists = {**(arabic.lists if arabic else {}), **{key: tuple(words) for key, words in table["lists"].items()}}
    return Prose(
        lang, tuple(table["days"]["months"]), tuple(table["days"]["weekdays"]),
        {key: (said,) if isinstance(said, str) else tuple(said) for key, said in table["frames"].items()},
        counted["noun"], counted["kind"], table["sites"], table["counts"],
        table["levels"], table["sources"], table["directions"],
        tuple(_party_of(row, arabic, where) for row in table["party"]),
        {row["id"]: _type_of(row, arabic, where) for row in table["type"]}, lists,
    )  # fmt: skip


def _party_of(row: Mapping[str, Any], arabic: Prose | None, where: str) -> Party:
    """Return an entry; another language's has the words of the Arabic entry of its id and name."""
    same = (p.words for p in (arabic.parties if arabic else ()) if (p.id, p.name) == (row["id"], row.get("name", "")))
    words = tuple(row.get("words", ())) or next(same, ())
    party: Party = build(Party, {**row, "words": words}, where)
    return party


def _type_of(row: Mapping[str, Any], arabic: Prose | None, where: str) -> TypeWords:
    """Return the patterns of a type; a variant has those of the type where it has none of its own."""
    same = arabic.types.get(row["id"]) if arabic else None
    own = _shared(same) | _patterned({key: value for key, value in row.items() if key != "variant"})
    alike = {v.name: v for v in (same.variants if same else ())}
    variants = [_variant_of(own, variant, alike.get(variant["name"]), where) for variant in row.get("variant", ())]
    words: TypeWords = build(TypeWords, {**own, "variants": tuple(variants)}, where)
    return words


def _variant_of(own: dict[str, Any], row: Mapping[str, Any], same: TypeWords | None, where: str) -> TypeWords:
    shared = {**_shared(same), "words": same.words} if same else {}
    words: TypeWords = build(TypeWords, own | shared | _patterned(row), where)
    return words


def _shared(same: TypeWords | None) -> dict[str, Any]:
    return {key: getattr(same, key) for key in _SHARED} if same else {}


def _patterned(row: Mapping[str, Any]) -> dict[str, Any]:
    lists = ("noun", "happen", "act", "words")
    return {key: tuple(value) if key in lists else value for key, value in row.items()}


def faults_of(prose: Prose) -> Iterator[str]:
    """Yield what is wrong with the words: something missing, something unknown, a pattern that names no slot."""
    yield from (f"type {id} has no patterns" for id in types() if id not in prose.types)
    yield from (f"the codebook has no type {id}" for id in prose.types if id not in types())
    named = {p.id for p in prose.parties if not p.words}
    yield from (f"nothing says how {id} is called" for id in actors() if id not in named)
    yield from (f"the registry has no actor {p.id}" for p in prose.parties if p.id and p.id not in actors())
    yield from (f"{p.nom}: there is no noun {p.noun}" for p in prose.parties if p.noun and p.noun not in prose.nouns)
    yield from (f"no number is called {key}" for key in _counted(prose) if key not in prose.counts)
    for pattern in _patterns(prose):
        yield from _faults_of_pattern(pattern)


def _faults_of_pattern(pattern: str) -> Iterator[str]:
    slots: Sequence[str] = _SLOT.findall(pattern)
    yield from (f"{pattern!r}: there is no slot {{{slot}}}" for slot in slots if slot not in SLOTS)
    if pattern.count("[") != pattern.count("]") or not pattern.count("{") == pattern.count("}") == len(slots):
        yield f"{pattern!r}: a bracket is open, or a slot is not written as {{slot}}, {{slot.g}} or {{word@slot}}"


def _counted(prose: Prose) -> Iterator[str]:
    yield from (words.count for words in prose.types.values() if words.count)


def _patterns(prose: Prose) -> Iterator[str]:
    for words in prose.types.values():
        for way in (words, *words.variants):
            yield from (*way.act, *way.happen, *way.noun, way.one, way.denied)
    for said in prose.frames.values():
        yield from said
