"""Arabic word forms from their lemmas: our own tables, on folded spelling (no vowel marks).

A form is what a newspaper prints: conjugated verbs of all persons, numbers and voices, and nouns with
their endings. `bare` forms stand alone; `stem` forms are what is left when a pronoun follows
(سيطروا → خطفوهم, حملة → حملتهم, أخلى → أخلاها).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from marsad.text.letters import fold

PRONOUNS = ("ها", "هم", "هما", "هن", "ه", "نا", "كم", "ي", "ك", "ني")
PROCLITICS_VERB = ("", "و", "ف", "س", "وس", "فس", "ل", "ول", "فل")
PROCLITICS_NOUN = (
    "", "و", "ف", "ب", "ل", "ك", "ال", "وال", "فال", "بال", "كال", "لل", "ولل", "فلل", "وب", "ول", "وك", "فب", "فل",
    "وبال", "فبال", "وكال",
)  # fmt: skip


class Form(NamedTuple):
    """One printed form: its tense (past, present, noun), person, gender, number and voice."""

    text: str
    tense: str
    person: int = 3
    gender: str = ""
    number: str = "s"
    passive: bool = False
    stem: bool = False


class Lemma(NamedTuple):
    """A verb as packs write it: past and present, third person masculine singular."""

    past: str
    present: str


def parse_lemma(text: str) -> Lemma:
    """Return the two halves of "past/present"; raise ValueError where one is missing."""
    past, slash, present = text.partition("/")
    if not slash or not past or not present or " " in text:
        raise ValueError(f"a verb is written past/present, not {text!r}")
    return Lemma(past, present)


def _past_stems(past: str) -> tuple[str, str, str, str]:
    """Return what stands before ت (she), وا (they), a consonant ending (I, we) and ا (both)."""
    p = fold(past)
    if past.endswith("ى") and len(p) > 2:
        return p[:-1], p[:-1], p, p
    if past.endswith("ا") and len(p) > 2:
        return p[:-1], p[:-1], p[:-1] + "و", p[:-1] + "و"
    if past.endswith("ي") and len(p) > 2:
        return p, p[:-1], p, p
    if len(p) >= 3 and p[-2] == "ا" and p[-1] not in "اوي" and not (len(p) == 4 and p[1] == "ا"):
        return p, p, p[:-2] + p[-1], p
    return p, p, (p + p[-1] if len(p) == 2 else p), p


def _past_forms(past: str, passive: bool) -> Iterator[Form]:
    p = fold(past)
    she, they, we, both = _past_stems(past)
    yield Form(p, "past", 3, "m", "s", passive)
    yield Form(she + "ت", "past", 3, "f", "s", passive)
    yield Form(they + "وا", "past", 3, "m", "p", passive)
    yield Form(both + "ا", "past", 3, "m", "d", passive)
    yield Form(she + "تا", "past", 3, "f", "d", passive)
    yield Form(we + "ن", "past", 3, "f", "p", passive)
    yield Form(we + "نا", "past", 1, "", "p", passive)
    yield Form(we + "تم", "past", 2, "m", "p", passive)
    yield Form(p[:-1] + "ا" if past.endswith("ى") else p, "past", 3, "m", "s", passive, True)
    yield Form(she + "ت", "past", 3, "f", "s", passive, True)
    yield Form(they + "و", "past", 3, "m", "p", passive, True)
    yield Form(both + "ا", "past", 3, "m", "d", passive, True)
    yield Form(we + "نا", "past", 1, "", "p", passive, True)


def _present_forms(present: str, passive: bool) -> Iterator[Form]:
    p = fold(present)
    weak = present[-1] in "يوى"
    cut = p[:-1] if weak else p
    both = p[:-1] + "ي" if present[-1] == "ى" else p
    for letter, person, gender in (("ي", 3, "m"), ("ت", 3, "f"), ("ن", 1, ""), ("ا", 1, "")):
        number = "p" if letter == "ن" else "s"
        yield Form(letter + p[1:], "present", person, gender, number, passive)
        end = p[1:-1] + "ا" if present[-1] == "ى" else p[1:]
        yield Form(letter + end, "present", person, gender, number, passive, True)
        yield from (Form(letter + j, "present", person, gender, number, passive) for j in _jussives(present))
    for letter, person in (("ي", 3), ("ت", 2)):
        yield Form(letter + cut[1:] + "ون", "present", person, "m", "p", passive)
        yield Form(letter + cut[1:] + "وا", "present", person, "m", "p", passive)
        yield Form(letter + cut[1:] + "ون", "present", person, "m", "p", passive, True)
        yield Form(letter + cut[1:] + "و", "present", person, "m", "p", passive, True)
        yield Form(letter + both[1:] + "ان", "present", person, "m", "d", passive)
    yield Form("ت" + both[1:] + "ان", "present", 3, "f", "d", passive)
    yield Form("ي" + both[1:] + "ن", "present", 3, "f", "p", passive)


def _jussives(present: str) -> list[str]:
    """Return the shortened endings after لم, without the first letter: يستول, يستعد."""
    p = fold(present)
    if present[-1] in "يوى":
        return [p[1:-1]] if len(p) > 3 else []
    if len(p) >= 4 and p[-2] in "ويا" and p[-1] not in "اوي":
        return [p[1:-2] + p[-1]]
    return []


def _passive_past(past: str) -> str | None:
    """Return the spelling of the passive where it differs and follows a rule, else None."""
    bare = past.replace("آ", "أ")
    if len(bare) >= 3 and bare[-2] == "ا" and not past.endswith(("ى", "ا")):
        return bare[:-2] + "ي" + bare[-1]
    if len(bare) == 4 and bare[1] == "ا":
        return bare[0] + "و" + bare[2:]
    if past.endswith("ى"):
        return past[:-1] + "ي"
    return None


def _passive_present(present: str) -> str | None:
    if present.endswith(("ي", "و")):
        return present[:-1] + "ى"
    if len(present) >= 4 and present[-2] in "ويا" and present[-1] not in "ايو":
        return present[:-2] + "ا" + present[-1]
    return None


def verb_forms(lemma: Lemma, passive: Lemma | None = None) -> list[Form]:
    """Return the printed forms of the verb, active and passive; forms that look alike come twice."""
    forms = [*_past_forms(lemma.past, False), *_present_forms(lemma.present, False)]
    past = passive.past if passive else _passive_past(lemma.past)
    present = passive.present if passive else _passive_present(lemma.present)
    if past:
        forms += _past_forms(past, True)
    if present:
        forms += _present_forms(present, True)
    return forms


def noun_forms(noun: str, plural: bool = True) -> list[Form]:
    """Return the printed forms of a noun: accusative, dual, plural in ات, and before a pronoun."""
    n = fold(noun)
    feminine = noun.endswith("ة")
    stem = n[:-1] + "ت" if feminine else n
    forms = [Form(n, "noun", 3, "f" if feminine else "m"), Form(stem, "noun", stem=True)]
    forms += [Form(stem + e, "noun", number="d") for e in ("ان", "ين", "ا", "ي")]
    forms += [Form(stem + e, "noun", number="d", stem=True) for e in ("ا", "ي")]
    if feminine and plural:
        forms += [Form(n[:-1] + "ات", "noun", number="p"), Form(n[:-1] + "ات", "noun", number="p", stem=True)]
    elif plural and len(n) >= 5 and not n.endswith(("ات", "ون", "ين")):
        forms += [Form(n + "ات", "noun", number="p"), Form(n + "ات", "noun", number="p", stem=True)]
    if not feminine and not n.endswith(("ا", "ات")):
        forms.append(Form(n + "ا", "noun"))
    if noun.endswith("ء"):
        forms.append(Form(n, "noun", stem=True))
    return forms


PRONOUNS_BY_END = {p[-1]: tuple(q for q in PRONOUNS if q[-1] == p[-1]) for p in PRONOUNS}


def by_opening(prefixes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the prefixes that a word may have, "" among them, by its first two letters or by its first."""
    some = tuple(dict.fromkeys((*prefixes, "")))
    openings = {p[:n] for p in some for n in (1, 2) if p}
    return {o: tuple(p for p in some if o.startswith(p[:2])) for o in openings}


_ALONE = ("",)


def prefixes_of(word: str, openings: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the prefixes that the word may have, of those sorted `by_opening`; a longer one may still not fit."""
    return openings.get(word[:2]) or openings.get(word[:1], _ALONE)


class Split(NamedTuple):
    """A way to take a printed word apart: what is before, the form, the pronoun after."""

    before: str
    core: str
    pronoun: str


def splits(word: str, proclitics: Mapping[str, tuple[str, ...]]) -> Iterator[Split]:
    """Yield the ways to take clitics off a folded word, the whole word first; the proclitics are `by_opening`."""
    endings = PRONOUNS_BY_END.get(word[-1:], ())
    for before in prefixes_of(word, proclitics):
        if not word.startswith(before):
            continue
        rest = word[len(before) :]
        if len(rest) < 2:
            continue
        yield Split(before, rest, "")
        if not endings or before.endswith(("ال", "لل")):
            continue
        for pronoun in endings:
            if rest.endswith(pronoun) and len(rest) - len(pronoun) >= 2:
                yield Split(before, rest[: -len(pronoun)], pronoun)
