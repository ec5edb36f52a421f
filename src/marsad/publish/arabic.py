"""Arabic grammar: counted nouns, agreement of gender and number, joined letters, lists; and a digest's names in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from marsad.loading.prose import Noun, prose
from marsad.publish.amounts import Amount
from marsad.publish.phrasing import FIRST, MOST, Phrase, Row, Tongue, plain, source_name, unjoined, unowned
from marsad.publish.spots import Spot, country_named, level_named, spot_of

_LETTERS = {"l": "ل", "b": "ب", "w": "و"}
_LARGE = ((1_000_000, Noun("million", "مليون", "ملايين")), (1000, Noun("thousand", "ألف", "آلاف")))
_VAGUE = {"tens": "عشرات", "hundreds": "مئات", "thousands": "آلاف", "millions": "ملايين"}
_OF_LARGE = {"thousands": "الآلاف", "millions": "الملايين"}
# Pronouns as they follow one male, one female, two, several persons.
_PRONOUNS = {"ه": ("ه", "ها", "هما", "هم"), "هو": ("هو", "هي", "هما", "هم")}
# What takes no alif as an indefinite object: the feminine ending, alif, hamza after one, sound plurals, the article.
_NO_TANWIN = re.compile(r"(?:[ةىا]|اء|ات|ون|ين)$|^ال")
# Nor do these broken plurals: مواقع، منازل، صواريخ.
_BROKEN_PLURAL = re.compile(r"^..ا.ي?.$")
# Sound plurals of persons: participles and adjectives of relation.
_PLURAL = re.compile(r"^(?:ال)?(?:م.+|.ا..)(?:ون|ين)$|ي(?:ون|ين)$")
# Broken plurals of things, which are feminine: أرتال، أحزاب; those of persons are not.
_THINGS = re.compile(r"^(?:ال)?أ..ا.$")
_PERSONS = (
    "أفراد", "أشخاص", "أنصار", "أبطال", "أهالي", "أطفال", "أطباء", "أصحاب", "أعضاء", "أبناء", "أولاد", "أتباع",
    "أعوان",
)  # fmt: skip
_KIND_PLURALS = {
    "محافظة": "محافظات", "ولاية": "ولايات", "منطقة": "مناطق", "ناحية": "نواحي", "قضاء": "أقضية",
    "مديرية": "مديريات", "محلية": "محليات", "بلدية": "بلديات", "شعبية": "شعبيات", "عزلة": "عزل",
}  # fmt: skip


def tanwin(words: str) -> str:
    """Return an indefinite noun, and the adjectives behind it, as an object: قتيلاً; of عناصر it is the word itself."""
    bare = prose("ar").lists["diptotes"]
    return " ".join(word if _NO_TANWIN.search(word) or word in bare else f"{word}اً" for word in words.split())


def _as_object(words: str) -> str:
    """Return a report's words for a site as an object: one word without article may be a noun that takes the alif."""
    return words if " " in words or _BROKEN_PLURAL.match(words) else tanwin(words)


def dual(words: str, ending: str) -> str:
    """Return a noun, and the adjectives behind it, as two, with the ending of its case: ان, ين; ا, ي before more."""
    return " ".join(_stem(word) + ending for word in words.split())


def _stem(word: str) -> str:
    return word[:-1] + {"ة": "ت", "ى": "ي"}[word[-1]] if word.endswith(("ة", "ى")) else word


def attach(letter: str, words: str) -> str:
    """Return the words with و, ب or ل joined to their front; ل takes the article's alif, digits get a stretch."""
    joined = _LETTERS.get(letter, letter)
    if joined == "ل" and words.startswith("ال"):
        return f"ل{words[2:]}" if words.startswith("الل") else f"لل{words[2:]}"
    is_letter = "\u0621" <= words[:1] <= "\u064a"
    return f"{joined}{words}" if is_letter or joined == "و" else f"{joined}ـ{words}"


def listed(words: Sequence[str]) -> str:
    """Return words as a list: each after the first has و joined to it."""
    return " ".join([*words[:1], *(attach("و", word) for word in words[1:])])


def agree(word: str, phrase: Phrase, behind: bool) -> str:
    """Return a verb, a pronoun or an adjective (…اً) in the gender and number of a phrase.

    A verb before its subject agrees in gender only; what stands behind it also in number.
    """
    number = 2 if phrase.two else 3 if phrase.many else 0
    if word in _PRONOUNS:
        return _PRONOUNS[word][number or int(phrase.fem)]
    if word.endswith("اً"):
        return word[:-2] + {0: "ة" if phrase.fem else "اً", 2: "تين" if phrase.fem else "ين", 3: "ين"}[number]
    number = number if behind else 0
    return _present(word, phrase.fem, number) if word[0] == "ي" else _past(word, phrase.fem, number)


def _past(word: str, fem: bool, number: int) -> str:
    """Return a verb of the past; one in alif maqsura loses it before t and w: نفى، نفت، نفوا."""
    weak = word.endswith("ى")
    stem = word[:-1] if weak else word
    if number == 2:
        return stem + ("تا" if fem else "يا" if weak else "ا")
    if number == 3 and not fem:
        return (stem[:-1] if stem.endswith("ي") else stem) + "وا"
    return stem + "ت" if fem else word


def _present(word: str, fem: bool, number: int) -> str:
    fitting = "ت" + word[1:] if fem else word
    return fitting + {0: "", 2: "ان", 3: "" if fem else "ون"}[number]


def count(number: int, noun: Noun) -> Phrase:
    """Return a number with its noun: one and two in words, else digits and the noun in the case that they govern."""
    large = next(((number // size, word) for size, word in _LARGE if number and number % size == 0), None)
    if large:
        return _large_before(*large).map(lambda words: f"{words} {noun.one}")._replace(fem=noun.fem, two=False)
    if number == 1:
        one = "واحدة" if noun.fem else "واحد"
        return Phrase(f"{noun.one} {one}", f"{noun.one} {one}", f"{tanwin(noun.one)} {tanwin(one)}", noun.fem)
    if number == 2:
        pair = dual(noun.one, "ين")
        return Phrase(dual(noun.one, "ان"), pair, pair, noun.fem, two=True)
    few = 3 <= number % 100 <= 10
    named = noun.few if few or not number else tanwin(noun.one) if number % 100 >= 11 else noun.one
    return plain(f"{number or 'لا'} {named}", noun.fem or (few and not noun.persons))


def _large_before(number: int, large: Noun) -> Phrase:
    """Return thousands or millions before what they count: ألف، ألفا، 5 آلاف، 160 ألف."""
    if number == 2:
        return Phrase(dual(large.one, "ا"), dual(large.one, "ي"), dual(large.one, "ي"))
    return plain(large.one if number == 1 else f"{number} {large.few if 3 <= number % 100 <= 10 else large.one}")


def bare(number: int) -> str:
    """Return a number without its noun, behind a preposition: 45, ألفين, 160 ألفاً."""
    for size, large in _LARGE:
        if number and number % size == 0:
            return large.one if number == size else count(number // size, large).gen
    return str(number)


def definite(words: str) -> str:
    """Return a plural, and the adjectives behind it, with the article."""
    return " ".join(word if word.startswith("ال") else f"ال{word}" for word in words.split())


def inflected(text: str) -> Phrase:
    """Return words of a report in each case: sound plurals of persons change, other words stay as they are."""
    words = text.split()
    plural = [_is_plural(word) and not _is_owner(words, n) for n, word in enumerate(words)]
    nom, gen = (
        " ".join(word[:-2] + ending if is_plural else word for word, is_plural in zip(words, plural, strict=True))
        for ending in ("ون", "ين")
    )
    many = bool(words) and plural[0]
    return Phrase(nom, gen, gen, not many and is_feminine(text), many)


def _is_owner(words: Sequence[str], n: int) -> bool:
    """Tell whether a word has the article and the one before it has not: قطعان المستوطنين; its case is one always."""
    return n > 0 and words[n].startswith("ال") and not words[n - 1].startswith("ال")


@cache
def _is_plural(word: str) -> bool:
    """Tell whether a word is a sound plural of persons."""
    bare, lists = word.removeprefix("ال"), prose("ar").lists
    return bare in lists["plurals"] or (bool(_PLURAL.search(word)) and bare not in lists["no_plural"])


def _of_two(name: str) -> Phrase:
    """Return a source that is two, as مصدران, in each case."""
    first, _, rest = name.partition(" ")
    other = f"{first[:-2]}ين {rest}".rstrip()
    return Phrase(name, other, other, two=True)


def is_feminine(name: str) -> bool:
    """Tell whether a name is feminine by its first word: by its ending, else by the lists of the language."""
    first, lists = (name.split() or [""])[0], prose("ar").lists
    by_ending = first.endswith(("ة", "ات")) and first not in lists["masculine"]
    is_things = bool(_THINGS.match(first)) and first.removeprefix("ال") not in _PERSONS
    return by_ending or is_things or first in lists["feminine"]


class Arabic(Tongue):
    """Arabic as a language of digests."""

    lang = "ar"

    def agree(self, word: str, phrase: Phrase, behind: bool) -> str:
        """Return the word in the gender and number of the phrase."""
        return agree(word, phrase, behind)

    def attach(self, letter: str, words: str) -> str:
        """Return the words with a letter joined to their front."""
        return attach(letter, words)

    def joined(self, phrases: Sequence[Phrase]) -> Phrase:
        """Return several as one list; a verb before it agrees with the first."""
        if len(phrases) == 1:
            return phrases[0]
        nom, gen, acc = map(listed, zip(*(phrase.cases for phrase in phrases), strict=True))
        return Phrase(nom, gen, acc, phrases[0].fem)

    def quoted(self, text: str) -> Phrase:
        """Return a report's own words for somebody, in quotes."""
        return inflected(unowned(unjoined(text))).map(lambda words: f"«{words}»")

    def count(self, number: int, noun: Noun) -> Phrase:
        """Return a number with its noun, and what stands behind it."""
        return count(number, noun).map(lambda words: f"{words} {noun.after}".rstrip())

    def bare(self, number: int) -> str:
        """Return a number without its noun."""
        return bare(number)

    def vague(self, amount: Amount, noun: Noun | None) -> Phrase:
        """Return an amount in words: عشرات القتلى، عشرات الآلاف من النازحين."""
        large = f" {_OF_LARGE[amount.large]}" if amount.large else ""
        words = f"{_VAGUE.get(amount.word, amount.word)}{large}"
        if noun is None:
            return plain(words)
        return plain(f"{words}{' من' if large else ''} {definite(noun.few)} {noun.after}".rstrip(), noun.fem)

    def between(self, low: str, high: str) -> str:
        """Return a range of two amounts: بين 45 و63 قتيلاً."""
        return f"بين {low} {attach('و', high)}"

    def clauses(self, words: Sequence[str]) -> str:
        """Return several statements as one."""
        return "، ".join([*words[:1], *(attach("و", some) for some in words[1:])])

    def aspects(self, words: Sequence[str]) -> str:
        """Return several clauses that hang on one noun as one statement."""
        return "؛ ".join([*words[:1], *(attach("و", some) for some in words[1:])])

    def within(self, label: str) -> str:
        """Return a label as it stands within a sentence."""
        return label

    def changed(self, number: int) -> Phrase:
        """Return by how many places a side has more or fewer."""
        return self.counted(number, "place")

    def either(self, amounts: Sequence[str]) -> str:
        """Return amounts of which one is true."""
        return " أو ".join(amounts)

    def places(self, rows: Sequence[Row]) -> Phrase:
        """Return places as a list, those of one kind under its word: بلدتي نوى وجاسم وقرية حيط."""
        spots = [spot_of(row) for row in rows]
        shown = spots[:FIRST] if len(spots) > MOST else spots
        kinds = list(dict.fromkeys(map(self._kind, shown)))
        groups = [self._of_kind([spot for spot in shown if self._kind(spot) == kind]) for kind in kinds]
        if len(spots) > len(shown):
            groups.append(self._more(len(spots) - len(shown)))
        found = self.joined(groups)
        return found._replace(fem=found.fem or len(spots) > 2, two=len(spots) == 2)

    def _of_kind(self, spots: Sequence[Spot]) -> Phrase:
        kind, names = self._kind(spots[0]), [self._name(spot) for spot in spots]
        if kind is None:
            return plain(listed(names), is_feminine(names[0]) or bool(_BROKEN_PLURAL.match(names[0].split()[0])))
        if len(names) == 2:
            nom, gen = (f"{dual(kind.one, ending)} {listed(names)}" for ending in ("ا", "ي"))
            return Phrase(nom, gen, gen, kind.fem)
        return plain(f"{kind.one if len(names) == 1 else kind.few} {listed(names)}", kind.fem)

    def _kind(self, spot: Spot) -> Noun | None:
        """Return the word for the kind of a place; None where its name has one, or what is meant lies beside."""
        if spot.direction or spot.site or self._has_kind(spot.name_ar or spot.name):
            return None
        if not spot.level:
            return self.prose.kinds.get(spot.kind)
        word = level_named(spot.country, spot.level)[0]
        return Noun(word, word, _KIND_PLURALS.get(word, word), word.endswith("ة")) if word else None

    def _has_kind(self, name: str) -> bool:
        first = name.split()[0].removeprefix("ال")
        return first in _KIND_PLURALS or any(first == kind.one for kind in self.prose.kinds.values())

    def _name(self, spot: Spot) -> str:
        name = spot.name_ar or spot.name
        if spot.direction:
            return f"{self.prose.directions[spot.direction]} {self._name(spot._replace(direction=''))}"
        if spot.site:
            inner = self._of_kind([spot._replace(site="")]).gen
            return f"{self.prose.sites.get(spot.site, spot.site)} في {inner}"
        return name

    def _more(self, number: int) -> Phrase:
        """Return how many more places there are, as the end of a list."""
        others = self.count(number, self.prose.nouns["place"])
        if number == 1:
            return plain("مكان آخر")
        if number == 2:
            return Phrase(f"{others.nom} آخران", f"{others.gen} آخرين", f"{others.gen} آخرين")
        return plain(f"{others.nom} {'أخرى' if 3 <= number % 100 <= 10 else 'آخر'}")

    def some(self, words: str) -> Phrase:
        """Return people whom nobody counts."""
        return Phrase(words, words, tanwin(words))

    def located(self, rows: Sequence[Row]) -> str:
        """Return where something is: في درعا وقرب نوى; what lies east of a place needs no preposition."""
        beside = [row for row in rows if row["as"] == "at" and spot_of(row).direction]
        parts = {"at": [row for row in rows if row["as"] == "at" and row not in beside], "beside": beside}
        parts |= {slot: [row for row in rows if row["as"] == slot] for slot in ("near", "axis")}
        return listed([self.frame(name, x=self.places(some)) for name, some in parts.items() if some])

    def site_list(self, names: Sequence[str], others: bool) -> Phrase:
        """Return sites as a list; one word without article takes the ending of an object."""
        shown = [*names, *(["مواقع أخرى"] if others else [])]
        return Phrase(listed(shown), listed(shown), listed([_as_object(name) for name in shown]))

    def source(self, name: str, theatre: str = "") -> Phrase:
        """Return what a source is called."""
        called = source_name(name)
        if not called:
            return plain(self.prose.frame("unnamed"))
        if called.split()[0] in self.prose.lists["duals"]:
            return _of_two(called)
        phrase = inflected(called)
        return phrase._replace(many=False) if phrase.nom == phrase.gen else phrase

    def area(self, name: str, name_ar: str | None, country: str) -> str:
        """Return a governorate as a heading: محافظة درعا."""
        land, called = country_named(country)[0], name_ar or name
        level = level_named(country, 1)[0] or self.prose.levels.get(country, "")
        if not called:
            return self.frame("no_area", x=plain(land)) if level and land else land or self.prose.frame("nowhere")
        return called if not level or self._has_kind(called) else f"{level} {called}"

    def finished(self, words: str) -> str:
        """Return the words as a sentence: spaces and marks once, and at the end a full stop."""
        flat = re.sub(r" ([،؛:.)])", r"\1", re.sub(r" +", " ", words).strip())
        flat = re.sub(r"،+(?=[،؛:.)]|$)", "", flat)
        flat = re.sub(r"ى(?=ه(?:ا|م|ما)?\b)", "ا", flat)
        return flat if flat.endswith((".", "؟", "!")) else f"{flat}."
