"""A language pack as objects; refuses what the page on language packs says it refuses."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, build, read_toml, types
from marsad.text.inflection import parse_lemma
from marsad.text.letters import fold

NEEDS = frozenset({"place", "site", "place-or-site", "party", "armed", "people", "number"})
ROLES = frozenset({"actor", "target", "place", "none"})


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that proves a trigger, or (with `why`) one where it must stay silent."""

    text: str
    why: str = ""
    theatre: str = "sy"
    actors: list[str] | None = None
    targets: list[str] | None = None
    places: list[str] | None = None
    sites: list[str] | None = None
    status: str | None = None
    date: str | None = None
    numbers: dict[str, Any] | None = None
    sources: list[str] | None = None
    quoted: bool | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """One entry of an event file: the words that tell of a type, and when they do."""

    id: str
    type: str
    verbs: tuple[str, ...] = ()
    passive: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    gap: int = 6
    needs: tuple[str, ...] = ()
    roles: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    status: str | None = None
    tense: str = ""
    weak: bool = False
    extent: str = ""
    fixed: bool = False
    says: tuple[Example, ...] = ()
    not_here: tuple[Example, ...] = ()
    todo: tuple[Example, ...] = ()

    key: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Make `key`, the name by which explanations and failing tests call this entry."""
        object.__setattr__(self, "key", f"{self.type}/{self.id}")


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that is true of one language: triggers and the word lists of each question."""

    code: str
    triggers: tuple[Trigger, ...]
    actors: dict[str, Any]
    people: list[dict[str, Any]]
    sites: list[dict[str, Any]]
    places: dict[str, Any]
    times: dict[str, Any]
    numbers: dict[str, Any]
    attribution: dict[str, Any]
    status: dict[str, Any]
    clauses: dict[str, Any]
    tally: dict[str, Any]
    extents: dict[str, Any]
    common: frozenset[str] = frozenset()


_LISTS = ("verbs", "passive", "nouns", "words", "with", "before", "near", "unless", "needs")
_KEYS = frozenset(
    (*_LISTS, "id", "gap", "roles", "places", "status", "as", "weak", "extent", "fixed", "says", "not_here", "todo")
)


# Letters and spaces of which nothing can be wrong: nearly every word is of them alone.
_PLAIN = re.compile("[ء-غف-ي /]*")


def _spelt(words: list[str], where: str) -> None:
    for word in words:
        if not _PLAIN.fullmatch(word) and any(map(_is_mark, word)):
            raise PackError(f"{where}: {word!r} has a vowel mark, a stretcher or a presentation form")


def _is_mark(letter: str) -> bool:
    return "\ufb50" <= letter <= "\ufefc" or letter == "\u0640" or unicodedata.category(letter) == "Mn"


def _trigger(row: dict[str, Any], type: str, where: str) -> Trigger:
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise PackError(f"{where}: unknown key {unknown[0]!r}; see docs/reference/language-pack.md")
    if not row.get("says"):
        raise PackError(f"{where}: no example; add a [[trigger.says]]")
    for key in _LISTS:
        if not isinstance(row.get(key, []), list):
            raise PackError(f"{where}: {key} is a list: {key} = [...]")
        _spelt(list(row.get(key, ())), where)
    if bad := set(row.get("needs", ())) - NEEDS:
        raise PackError(f"{where}: needs {bad}; one of {', '.join(sorted(NEEDS))}")
    if bad := set(row.get("roles", {}).values()) - ROLES:
        raise PackError(f"{where}: role {bad}; one of {', '.join(sorted(ROLES))}")
    for lemma in (*row.get("verbs", ()), *row.get("passive", ())):
        try:
            parse_lemma(lemma)
        except ValueError as error:
            raise PackError(f"{where}: {error}") from error
    renamed = {"with": "with_", "as": "tense"}
    fields = {renamed.get(k, k): tuple(v) if k in _LISTS else v for k, v in row.items()}
    for k in ("says", "not_here", "todo"):
        fields[k] = tuple(build(Example, e, where) for e in row.get(k, ()))
    trigger: Trigger = build(Trigger, {**fields, "type": type}, where)
    return trigger


def _events(folder: Traversable) -> tuple[Trigger, ...]:
    found: list[Trigger] = []
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".toml"):
            continue
        type = path.name.removesuffix(".toml")
        if type not in types():
            raise PackError(f"events/{path.name}: no such type in codebook/types.toml")
        seen: set[str] = set()
        for row in read_toml(path).get("trigger", ()):
            where = f"events/{path.name}, entry {row.get('id', '?')}"
            if row.get("id") in seen:
                raise PackError(f"{where}: the id stands twice")
            seen.add(row.get("id", ""))
            found.append(_trigger(row, type, where))
    return tuple(found)


def _optional(folder: Traversable, name: str) -> dict[str, Any]:
    path = folder / name
    return read_toml(path) if path.is_file() else {}


def _common(path: Traversable) -> frozenset[str]:
    """Return the bare words that one newspaper text in a hundred has."""
    rows = path.read_text("utf-8").splitlines()[1:] if path.is_file() else []
    return frozenset(row.partition(",")[0] for row in rows)


@cache
def language(code: str = "ar") -> Language:
    """Return the pack of a language; raise PackError where the pack breaks a rule."""
    folder = PACKS / "languages" / code
    if not folder.is_dir():
        raise PackError(f"no language pack {code!r}")
    return Language(
        code=code,
        triggers=_events(folder / "events"),
        actors=_optional(folder, "actors.toml"),
        people=_optional(folder, "people.toml").get("noun", []),
        sites=_optional(folder, "sites.toml").get("site", []),
        places=_optional(folder, "places.toml"),
        times=_optional(folder, "times.toml"),
        numbers=_optional(folder, "numbers.toml"),
        attribution=_optional(folder, "attribution.toml"),
        status=_optional(folder, "status.toml"),
        clauses=_optional(folder, "clauses.toml"),
        tally=_optional(folder, "tally.toml"),
        extents=_optional(folder, "extents.toml"),
        common=_common(folder / "common.csv"),
    )


def shown_lemmas(trigger: Trigger) -> dict[str, bool]:
    """Return for each lemma of the trigger whether one of its examples contains a form of it."""
    from marsad.text.inflection import noun_forms, verb_forms

    texts = " ".join(fold(e.text) for e in (*trigger.says, *trigger.todo))
    forms: dict[str, set[str]] = {}
    for lemma in (*trigger.verbs, *trigger.passive):
        forms[lemma] = {f.text for f in verb_forms(parse_lemma(lemma))}
    for noun in trigger.nouns:
        forms[noun] = {f.text for f in noun_forms(noun)}
    for word in trigger.words:
        forms[word] = {fold(word)}
    return {lemma: any(f in texts for f in fs) for lemma, fs in forms.items()}
