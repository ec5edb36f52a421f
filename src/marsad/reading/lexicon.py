"""What a printed word can mean to a reader of reports; each distinct word is worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from marsad.loading.kept import kept
from marsad.loading.language import Language, Trigger
from marsad.reading.conditions import NOTHING, AskedWords, Conditions, asked_bodies
from marsad.text.inflection import (
    PROCLITICS_NOUN,
    PROCLITICS_VERB,
    PRONOUNS_BY_END,
    Form,
    Split,
    by_opening,
    noun_forms,
    parse_lemma,
    prefixes_of,
    splits,
    verb_forms,
)
from marsad.text.letters import fold
from marsad.text.memo import Memo
from marsad.text.phrases import phrase_key


class TriggerSense(NamedTuple):
    """A word read as an event: by which entry, in which form, with which clitics."""

    trigger: Trigger
    form: Form
    split: Split


class Telling(NamedTuple):
    """The senses of a word as events, each with the conditions of its entry.

    Of `wanted` the sentence must have a word if any sense is to hold; it is empty where some sense wants none.
    """

    senses: tuple[tuple[TriggerSense, Conditions], ...]
    wanted: frozenset[str]


@dataclass(slots=True)
class Word:
    """All that one folded word can be; empty for the many words that say nothing to us."""

    triggers: tuple[TriggerSense, ...] = ()
    people: dict[str, Any] | None = None
    site: str | None = None
    head: bool = False
    state: bool = False
    bond: bool = False
    filler: bool = False
    nation: tuple[dict[str, Any], ...] = ()
    clitic: str = ""
    article: bool = False
    pronoun: str = ""
    verb: Form | None = None
    light: Form | None = None
    place_kind: str | None = None
    direction: str | None = None
    flags: frozenset[str] = frozenset()
    saying: dict[str, Any] | None = None
    empty: bool = True
    cues: dict[str, list[tuple[tuple[str, ...], str]]] | None = None
    asked: frozenset[str] = NOTHING
    opens: bool = False
    kills: bool = False
    names_site: bool = False
    # Its senses as events with the conditions of their entries, noted when it is first met by a finder of events.
    tells: Telling | None = field(default=None, compare=False)


# Most words say nothing at all: they are one and the same object.
DULL = Word()
# Parts of status.toml that are no cues by themselves.
_NO_CUES = frozenset({"prefixes", "not_purpose", "needs_act", "with", "failed", "about_party", "about_result"})
_PLURAL_VERBS = ("وا", "ون")
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_CLITICS = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")
_ARTICLED = ("ال", "وال", "فال", "بال", "كال", "لل", "ولل", "فلل", "وبال", "فبال", "وكال")


def _way(before: str) -> tuple[str, bool]:
    """Return what is before a noun as (clitic, has article)."""
    if before not in _ARTICLED:
        return before, False
    clitic = before.removesuffix("ال").removesuffix("لل")
    return clitic + "ل" if before.endswith("لل") else clitic, True


_WAYS = {before: _way(before) for before in (*_ARTICLED, *_CLITICS)}
# What may stand before a noun, the shortest clitic first.
_BEFORE_NOUNS = by_opening(sorted(_WAYS, key=lambda before: len(_WAYS[before][0])))
_BEFORE_VERBS = by_opening(("", "و", "ف", "س", "وس"))
_BEFORE_TRIGGERS = by_opening((*PROCLITICS_NOUN, *PROCLITICS_VERB))
_BEFORE_ANY = by_opening((*PROCLITICS_NOUN, *PROCLITICS_VERB, *_WAYS))

# What a word can be, as bits: only what its core is known for is worked out.
_TRIGGER, _NOUN, _VERB, _CUE, _ASKED, _OPENER, _SITE = 1, 2, 4, 8, 16, 32, 64


# Under a printed form, each sense in a line: the entry's number and the form's fields. Text loads five times
# faster than the tuples that it is read into when a report has the word.
_Forms = dict[str, str]


@dataclass(slots=True)
class Lexicon:
    """Every form of every entry of a language, by folded spelling."""

    language: Language
    _forms: _Forms = field(default_factory=dict)
    _stems: _Forms = field(default_factory=dict)
    _nouns: dict[str, dict[str, Any]] = field(default_factory=dict)
    _verbs: dict[str, tuple[Form, dict[str, Any]]] = field(default_factory=dict)
    _lights: dict[str, Form] = field(default_factory=dict)
    _flags: dict[str, set[str]] = field(default_factory=dict)
    _cues: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    _starters: frozenset[str] = frozenset()
    _asked: AskedWords = field(init=False)
    _cores: dict[str, int] = field(default_factory=dict)
    _typos: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    senses: Memo[str, Word] = field(init=False)

    def __post_init__(self) -> None:
        """Compile the pack; afterwards `senses` answers for any folded word."""
        triggers = self.language.triggers
        compiled = kept(f"forms-{self.language.code}", lambda: compile_forms(triggers))
        self._forms, self._stems, bodies, self._cores = compiled
        self._asked = AskedWords(bodies)
        self._starters = frozenset(fold(w) for w in self.language.clauses.get("starters", ()))
        self._add_nouns()
        self._add_cues()
        self._add_cores()
        self.senses = Memo(self._work_out)

    def _add_nouns(self) -> None:
        self._add_people_and_sites()
        self._add_force_words()
        self._add_place_words()

    def _add_people_and_sites(self) -> None:
        pack = self.language
        for row in pack.people:
            for form in row["forms"]:
                self._nouns.setdefault(fold(form), {})["people"] = row
        for row in pack.sites:
            for form in row["forms"]:
                self._nouns.setdefault(fold(form), {})["site"] = row["kind"]

    def _add_force_words(self) -> None:
        pack = self.language
        for key, name in (("heads", "head"), ("bonds", "bond"), ("fillers", "filler"), ("state_heads", "state")):
            for form in pack.actors.get(key, ()):
                bare = fold(form)
                self._nouns.setdefault(bare, {})[name] = True
                if bare.startswith("ال"):
                    self._nouns.setdefault(bare[2:], {})[name] = True
        for row in pack.actors.get("nation", ()):
            for form in row["words"]:
                self._nouns.setdefault(fold(form), {}).setdefault("nation", []).append(row)

    def _add_place_words(self) -> None:
        pack = self.language
        for kind, words in pack.places.get("kinds", {}).items():
            for form in words:
                self._nouns.setdefault(fold(form), {})["place_kind"] = kind
        for way, words in pack.places.get("directions", {}).items():
            for form in words:
                self._nouns.setdefault(fold(form), {})["direction"] = way

    def _add_cues(self) -> None:
        for name, parts in self.language.status.items():
            for part, words in parts.items():
                if not part.endswith("_is_not") and part not in _NO_CUES:
                    for entry in words:
                        self._add_cue(name, entry)
        self._add_verbs()

    def _add_verbs(self) -> None:
        for lemma in self.language.clauses.get("light", ()):
            for form in verb_forms(parse_lemma(lemma)):
                self._lights.setdefault(form.text, form)
        for row in self.language.attribution.get("verb", ()):
            for lemma in row["verbs"]:
                if " " in lemma:
                    continue  # phrases are the attribution reader's
                for form in verb_forms(parse_lemma(lemma)):
                    self._verbs.setdefault(form.text, (form, row))

    def _add_cue(self, name: str, entry: str) -> None:
        if "/" in entry:
            for form in verb_forms(parse_lemma(entry)):
                if not form.stem:
                    self._flags.setdefault(form.text, set()).add(name)
        elif " " not in entry:
            self._flags.setdefault(fold(entry), set()).add(name)
        else:
            first, *rest = (fold(w) for w in entry.split())
            self._cues.setdefault(first, []).append((tuple(rest), name))

    def _add_cores(self) -> None:
        """Note for what is left of a word without clitics and pronoun what such words can be."""
        nouns = [*self._nouns, *(n[2:] for n in self._nouns if n.startswith("ال"))]
        nouns += [noun[:-1] + "ت" for noun in self._nouns if noun.endswith("ه")]
        _mark(self._cores, nouns, _NOUN)
        _mark(self._cores, (*self._verbs, *self._lights), _VERB)
        _mark(self._cores, (*self._flags, *self._cues), _CUE)
        _mark(self._cores, self._starters, _OPENER)
        sites = [phrase_key(f)[0] for row in self.language.sites for f in row["forms"] if " " in f]
        _mark(self._cores, (*sites, *("ال" + site for site in sites)), _SITE)

    def _kinds(self, folded: str) -> int:
        """Return the bits of all that the word can be; of new words, three in five are nothing."""
        get, endings, kinds = self._cores.get, PRONOUNS_BY_END.get(folded[-1], ()), 0
        for before in prefixes_of(folded, _BEFORE_ANY):
            if folded.startswith(before):
                core = folded[len(before) :]
                kinds |= get(core, 0)
                for end in endings:
                    if core.endswith(end):
                        kinds |= get(core[: -len(end)], 0)
        return kinds

    def _work_out(self, folded: str) -> Word:
        """Return everything that the folded word can be."""
        kinds, plural = self._kinds(folded), folded.endswith(_PLURAL_VERBS)
        if not kinds and not plural:
            return DULL
        word = Word()
        if kinds & _NOUN:
            self._read_noun(word, folded)
        if kinds & _TRIGGER:
            word.triggers = tuple(self._read_triggers(folded))
        if plural and not word.triggers:
            word.triggers = tuple(self._read_typo(word, folded))
        if kinds & _VERB:
            self._read_verb(word, folded)
        if kinds & _CUE:
            self._read_cues(word, folded)
        if kinds & _ASKED:
            word.asked = self._asked.of(folded)
        word.names_site = bool(kinds & _SITE)
        word.opens = self._opens(word, folded)
        word.kills = any(sense.trigger.type == "killing" for sense in word.triggers)
        word.empty = not (
            word.triggers or word.people or word.site or word.head or word.bond or word.filler
            or word.nation or word.place_kind or word.direction or word.flags or word.saying
        )  # fmt: skip
        return word

    def _read_noun(self, word: Word, folded: str) -> None:
        for before in prefixes_of(folded, _BEFORE_NOUNS):
            if not folded.startswith(before) or len(folded) - len(before) < 2:
                continue
            clitic, article = _WAYS[before]
            bare = folded[len(before) :]
            entry = self._nouns.get(bare) or (self._nouns.get("ال" + bare) if article else None)
            pronoun = ""
            if entry is None:
                entry, pronoun = self._before_pronoun(bare)
            if entry is None:
                continue
            word.clitic, word.article, word.pronoun = clitic, article, pronoun
            word.people, word.site = entry.get("people"), entry.get("site")
            word.head, word.bond, word.filler = "head" in entry, "bond" in entry, "filler" in entry
            word.state = "state" in entry
            word.nation = tuple(entry.get("nation", ()))
            word.place_kind, word.direction = entry.get("place_kind"), entry.get("direction")
            return

    def _read_verb(self, word: Word, folded: str) -> None:
        for before in prefixes_of(folded, _BEFORE_VERBS):
            if not folded.startswith(before):
                continue
            core = folded[len(before) :]
            word.light = self._light(core) or word.light
            if core in self._verbs:
                word.verb, word.saying = self._verbs[core]
                return

    def _light(self, core: str) -> Form | None:
        """Return the form of a light verb, with or without the pronoun of what it governs: شنت, شنتها."""
        found = self._lights.get(core)
        for pronoun in ("ها", "ه", "هم"):
            if found is None and core.endswith(pronoun):
                found = self._lights.get(core[: -len(pronoun)])
        return found

    def _opens(self, word: Word, folded: str) -> bool:
        """Tell whether a clause begins at the word: it says "that", or "and" before a verb."""
        if folded in self._starters:
            return True
        if folded[0] not in "وف":
            return False
        starter = len(folded) > 3 and folded[1:] in self._starters
        return starter or bool(word.saying) or any(map(_and_then, word.triggers))

    def _read_cues(self, word: Word, folded: str) -> None:
        """Tell the cues that the word is, and by their second word those of several words that begin with it."""
        cues = list(self._cues.get(folded, ()))
        flags = self._flags.get(folded)
        if folded[0] in "وف":
            cues += self._cues.get(folded[1:], ())
            flags = flags or (self._flags.get(folded[1:]) if len(folded) > 2 else None)
        for (second, *rest), name in cues:
            word.cues = word.cues or {}
            word.cues.setdefault(second, []).append((tuple(rest), name))
        word.flags = frozenset(flags or ())

    def _senses(self, table: _Forms, core: str) -> list[tuple[Trigger, Form]]:
        """Return the entries that a form belongs to, and the form."""
        found = []
        for line in table[core].split("\n") if core in table else ():
            entry, tense, person, gender, number, passive, stem = line.split(",")
            form = Form(core, tense, int(person), gender, number, passive == "True", stem == "True")
            found.append((self.language.triggers[int(entry)], form))
        return found

    def _read_typo(self, word: Word, folded: str) -> list[TriggerSense]:
        """Return the one long plural verb that an unknown word misses by a letter left out: هاجوا → هاجموا."""
        if len(folded) < 5 or word.people or word.site or word.head:
            return []
        if not self._typos:
            self._add_typos()
        for _, _, whole in sorted(self._typos.get(folded, ())):
            senses = [s for s in self._senses(self._forms, whole) if s[1].tense != "noun" and s[1].number == "p"]
            if not all(trigger.weak for trigger, _ in senses):
                return [TriggerSense(trigger, form, Split("", whole, "")) for trigger, form in senses]
        return []

    def _add_typos(self) -> None:
        """Note every plural verb under its spellings that miss one inner letter, with which letter that is."""
        for whole in [form for form in self._forms if form.endswith(_PLURAL_VERBS)]:
            if any(f.tense != "noun" and f.number == "p" for _, f in self._senses(self._forms, whole)):
                for k in range(1, len(whole) - 2):
                    if (letter := _LETTERS.find(whole[k])) >= 0:
                        self._typos.setdefault(whole[:k] + whole[k + 1 :], []).append((k, letter, whole))

    def _before_pronoun(self, bare: str) -> tuple[dict[str, Any] | None, str]:
        if bare[-1] not in "امه":
            return None, ""
        for pronoun in ("ها", "هم", "هما", "ه", "نا"):
            if bare.endswith(pronoun) and len(bare) - len(pronoun) >= 3:
                stem = bare[: -len(pronoun)]
                entry = self._nouns.get(stem) or (self._nouns.get(stem[:-1] + "ه") if stem[-1] == "ت" else None)
                if entry and not entry.get("filler") and not entry.get("nation"):
                    return entry, pronoun
        return None, ""

    def _read_triggers(self, folded: str) -> list[TriggerSense]:
        found = []
        seen: set[tuple[str, str]] = set()
        whole = folded in self._forms
        for split in splits(folded, _BEFORE_TRIGGERS):
            if whole and split.before and not split.before.endswith("ال"):
                continue
            table = self._stems if split.pronoun else self._forms
            for trigger, form in self._senses(table, split.core):
                if not _fits(split.before, form, split.pronoun):
                    continue
                key = (trigger.key, form.tense)
                if key not in seen:
                    seen.add(key)
                    found.append(TriggerSense(trigger, form, split))
        return found


def _mark(cores: dict[str, int], words: Iterable[str], kind: int) -> None:
    """Note that the words can be of a kind."""
    for word in words:
        cores[word] = cores.get(word, 0) | kind


def compile_forms(triggers: Sequence[Trigger]) -> tuple[_Forms, _Forms, dict[str, str], dict[str, int]]:
    """Return all forms of the entries, their stems, the bodies of the words that they ask for, the cores of all."""
    forms, stems = trigger_forms(triggers)
    bodies = asked_bodies(triggers)
    cores: dict[str, int] = {}
    _mark(cores, (*forms, *stems), _TRIGGER)
    _mark(cores, bodies, _ASKED)
    return forms, stems, bodies, cores


def trigger_forms(triggers: Iterable[Trigger]) -> tuple[_Forms, _Forms]:
    """Return the forms of all entries that stand alone, and what is left of them before a pronoun."""
    forms: dict[str, dict[tuple[int, str], Form]] = {}
    stems: dict[str, dict[tuple[int, str], Form]] = {}
    for number, trigger in enumerate(triggers):
        for form in _forms_of(trigger):
            (stems if form.stem else forms).setdefault(form.text, {}).setdefault((number, form.tense), form)
    return _written(forms), _written(stems)


def _written(table: dict[str, dict[tuple[int, str], Form]]) -> _Forms:
    return {
        text: "\n".join(",".join(map(str, (entry, *form[1:]))) for (entry, _), form in senses.items())
        for text, senses in table.items()
    }


def _forms_of(trigger: Trigger) -> Iterator[Form]:
    """Yield the forms of an entry's verbs, nouns and words, of its verbs only those in the tense it wants."""
    passives = [parse_lemma(p) for p in trigger.passive]
    for i, lemma in enumerate(trigger.verbs):
        for form in verb_forms(parse_lemma(lemma), passives[i] if i < len(passives) else None):
            if trigger.tense in ("", form.tense):
                yield form
    for noun in trigger.nouns:
        yield from noun_forms(noun)
    for word in trigger.words:
        yield from (Form(fold(word), "word"), Form(fold(word), "word", stem=True))


def _and_then(sense: TriggerSense) -> bool:
    """Tell whether "and" or "so" stands before a conjugated verb: a clause begins there."""
    return sense.form.tense in ("past", "present") and sense.split.before[:1] in ("و", "ف")


def _fits(before: str, form: Form, pronoun: str) -> bool:
    if form.tense in ("past", "present"):
        if pronoun in ("ي", "ك"):
            return False
        if before in ("س", "وس", "فس", "ل", "ول", "فل"):
            return form.tense == "present"
        return before in ("", "و", "ف")
    return before in PROCLITICS_NOUN and not (pronoun == "ي" or pronoun == "ني")
