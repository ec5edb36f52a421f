"""Where the text points: names of places with their kind words, "the city", and relative places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from marsad.reading.words import COMMA, SOFT, Words
from marsad.text.letters import fold
from marsad.text.phrases import Match, phrase_key


class Hit(Protocol):
    """What the reader must know of a name: whether it is enough by itself, and its row."""

    @property
    def strong(self) -> bool:
        """Tell whether the name alone means the place."""

    @property
    def row(self) -> Any:
        """Return the gazetteer's row."""


class PlaceNames(Protocol):
    """Something that knows names of places; the reader does not care where from."""

    def opening(self, words: Sequence[str]) -> list[int]:
        """Return the positions of the words that begin a name."""

    def match(self, words: Sequence[str], at: int) -> list[Match[list[Any]]]:
        """Return the longest names at a position."""


@dataclass(slots=True)
class PlaceMention:
    """Words first to last point to a place; `hits` are what the name can mean, none if unknown.

    A `stray` mention is no place of this report: a common word, or a man's name, that is written like one.
    """

    first: int
    last: int
    name_first: int
    hits: list[Any]
    cue: str | None = None
    role: str = "at"
    direction: str | None = None
    again: tuple[str, ...] = ()
    clitic: str = ""
    joined: bool = False
    candidates: tuple[Any, ...] = field(default=())
    row: Any = None
    kind_word: str = ""
    qualifies: str = ""
    aside: bool = False
    stray: bool = False


# A name that stands by itself must weigh at least this much (0 to 100), else it needs a cue. Swept from 10
# to 60 on the development reports: below 30 ordinary words come in, above 40 towns are lost.
_ALONE = 30
# After "town", "village", "quarter" a rare name is enough; imported hamlets that are also words weigh 3.
_AFTER_KIND = 8
# First words of names of two words: "تل أعور", "بئر أحمد". Only for names that no gazetteer knows.
_NAME_HEADS = frozenset(
    fold(w) for w in "تل خربة عين دير كفر بيت بني أبو أبي أم بئر خان رأس وادي جبل ذي ذات حصن باب".split()
)


@dataclass(slots=True)
class PlaceReader:
    """Reads the places of a report with a language's place words and somebody's names."""

    pack: dict[str, Any]
    names: PlaceNames
    _roles: dict[str, str] = field(default_factory=dict)
    _cues: frozenset[str] = frozenset()
    _lists: frozenset[tuple[str, ...]] = frozenset()
    _ways: frozenset[str] = frozenset()
    _anaphors: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _such: frozenset[str] = frozenset()
    _ranks: frozenset[str] = frozenset()
    # What names weigh, by the identity of their hits, which stay alive here so that no other list takes it.
    _weights: dict[int, tuple[list[Any], int | None, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Fold the pack's words once."""
        for role, words in self.pack.get("prepositions", {}).items():
            for word in words:
                self._roles.setdefault(fold(word), role)
        for row in self.pack.get("again", ()):
            for word in (fold(w) for w in row["words"] if " " not in w):
                for clitic in ("", *"وبفل"):
                    joined = "لل" + word[2:] if clitic == "ل" and word.startswith("ال") else clitic + word
                    self._anaphors.setdefault(joined, (clitic, tuple(row["kinds"])))
        self._ways = frozenset(fold(w) for words in self.pack.get("directions", {}).values() for w in words)
        lists = self.pack.get("lists", {})
        self._lists = frozenset(phrase_key(phrase) for phrase in lists.get("phrases", ()))
        self._such = frozenset(fold(w) for w in lists.get("such", ()))
        self._ranks = frozenset(fold(w) for w in lists.get("ranks", ()))
        self._cues = frozenset(fold(w) for w in self.pack.get("cues", {}).get("words", ()))

    def find(self, words: Words) -> list[PlaceMention]:
        """Return the places in order; roles come from prepositions and pass along lists."""
        found: list[PlaceMention] = []
        free = 0
        for i in self._pointing(words):
            before = found[-1] if found else None
            mention = self._read(words, i, before) if i >= free else None
            if mention is None:
                continue
            self._place_role(words, mention, before)
            if before is not None and not mention.joined:
                mention.qualifies = _link(words, before, mention)
                mention.aside = self._describes(words, mention, before)
            found.append(mention)
            free = mention.last + 1
        return found

    def _pointing(self, words: Words) -> list[int]:
        """Return the words that may begin a mention: first words of names, kind words, "the city"."""
        folds, anaphors = words.folds, self._anaphors
        pointing = set(self.names.opening(folds))
        senses = words.senses
        pointing.update([i for i in words.telling if senses[i].place_kind is not None])
        if not anaphors.keys().isdisjoint(folds):
            pointing.update(i for i, word in enumerate(folds) if word in anaphors)
        return sorted(pointing)

    def _read(self, words: Words, i: int, before: PlaceMention | None) -> PlaceMention | None:
        sense = words.senses[i]
        if sense.article and self._anaphor(words, i) and words.folds[i] not in _THE_CAPITAL:
            whole = self._match(words, i)
            named = whole is not None and whole.length > 1 and any(h.strong for h in whole.value)
            return self._mention(words, i, i, whole, None, whole.clitic) if whole and named else self._anaphor(words, i)
        if sense.place_kind and not sense.pronoun:
            mention = self._after_kind(words, i, sense.place_kind)
            if mention is not None:
                return mention
        return self._anaphor(words, i) or self._bare(words, i, before)

    def _after_kind(self, words: Words, i: int, cue: str) -> PlaceMention | None:
        j, turned = i + 1, None
        while j < min(len(words), i + 4) and words.breaks[j] <= SOFT and not self._names_here(words, j, cue):
            sense = words.senses[j]
            if sense.direction:
                turned = turned if turned is not None else j
            elif words.folds[j] in self._such and turned is None:
                pass
            elif sense.place_kind in ("any", "city", "town", "admin2") and turned is None:
                cue = sense.place_kind if cue == "any" else cue
            else:
                break
            j += 1
        if j >= len(words) or words.breaks[j] > SOFT:
            return None
        named = self._match(words, j)
        whole = self._match(words, i)
        if whole and whole.length > j - i and (not named or whole.length >= j - i + named.length):
            same = named is not None and named.clitic == "" and whole.length == j - i + named.length
            value = whole.value + named.value if same and named is not None else whole.value
            return self._mention(words, i, i, whole._replace(value=value), cue, words.senses[i].clitic)
        if turned is not None:
            return self._turned(words, i, turned, j, named)
        again = self._anaphor(words, j)
        if again is not None and again.clitic == "":
            return PlaceMention(
                i, j, j, [], cue, again=again.again, clitic=words.senses[i].clitic, kind_word=words.folds[i]
            )
        if named and named.clitic == "" and self._trusted(named, cue):
            return self._mention(words, i, j, named, cue, words.senses[i].clitic)
        return self._unknown(words, i, j, cue)

    def _names_here(self, words: Words, j: int, cue: str) -> bool:
        """Tell whether a name begins at a word; "the northern" is one of a state, else it turns what follows."""
        match = self._match(words, j)
        return match is not None and (match.length > 1 or cue == "admin1" or words.senses[j].direction is None)

    def _turned(self, words: Words, i: int, turned: int, j: int, named: Match[list[Any]] | None) -> PlaceMention | None:
        """Return "the northern countryside of X" whole, but "mountains of northern Iraq" as northern Iraq."""
        if named is None or named.clitic not in ("", "ل") or not self._trusted(named, "any"):
            return None
        country = any(h.row.kind == "country" for h in named.value)
        first = turned if country else i
        clitic = words.senses[first].clitic or ("ب" if words.folds[first][0] == "ب" else "")
        mention = self._mention(words, first, j, named, None, clitic)
        mention.direction = words.senses[turned].direction
        return mention

    def _trusted(self, match: Match[list[Any]], cue: str) -> bool:
        """Tell whether the name after a kind word is a name: "wide areas" are no place called Wide."""
        if match.length == 1 and cue != "admin1" and self._turns(match):
            return False
        if any(h.strong for h in match.value) or match.length > 1:
            return True
        heaviest: int = max(h.row.weight for h in match.value)
        return heaviest >= (_ALONE if cue == "any" else _AFTER_KIND)

    def _turns(self, match: Match[list[Any]]) -> bool:
        """Tell whether the name is only a direction ("the northern front" is no Northern State)."""
        last = [phrase_key(h.row.name_ar)[-1:][0] for h in match.value]
        return any(word in self._ways or word.removeprefix("ال") in self._ways for word in last)

    def _match(self, words: Words, i: int) -> Match[list[Any]] | None:
        return max(self.names.match(words.folds, i), key=lambda m: (m.length, -len(m.clitic)), default=None)

    def _mention(
        self, words: Words, first: int, at: int, match: Match[list[Any]], cue: str | None, clitic: str
    ) -> PlaceMention:
        last = at + match.length - 1
        mention = PlaceMention(first, last, at, match.value, cue, clitic=clitic, kind_word=words.folds[first])
        after = last + 1
        if (
            after < len(words)
            and words.breaks[after] <= SOFT
            and words.senses[after].direction
            and words.folds[after].startswith("ال")
            and not (cue in ("admin1", "admin2") and words.folds[after].endswith("ه"))
        ):
            mention.last, mention.direction = after, words.senses[after].direction
        return mention

    def _unknown(self, words: Words, i: int, j: int, cue: str) -> PlaceMention | None:
        """Return a place that no gazetteer knows where a kind word introduces a proper name."""
        if cue in ("any", "admin1", "base", "water") and words.folds[i] not in _AREAS:
            return None
        if not words.senses[j].empty or words.folds[j][0].isdigit():
            return None
        if cue == "any" and words.folds[j].endswith(("ه", "ين", "ات")) and not words.folds[j].startswith("ال"):
            return None
        if words.senses[i].article or len(words.folds[j]) < 3 or words.folds[j] in self._roles:
            return None
        last = j + 1 if words.folds[j] in _NAME_HEADS and j + 1 < len(words) and words.breaks[j + 1] <= SOFT else j
        return PlaceMention(i, last, j, [], cue, clitic=words.senses[i].clitic)

    def _bare(self, words: Words, i: int, before: PlaceMention | None) -> PlaceMention | None:
        matches = self.names.match(words.folds, i)
        if len(matches) > 1:
            matches.sort(key=lambda m: (-m.length, len(m.clitic)))
        for match in matches:
            if self._accepts(words, i, match, before):
                return self._mention(words, i, i, match, None, match.clitic)
        return None

    def _weighs(self, hits: list[Any]) -> tuple[int | None, int]:
        """Return the most that a strong row of a name weighs, None where none is, and the most that any does."""
        known = self._weights.get(id(hits))
        if known is None:
            strong = max([h.row.weight for h in hits if h.strong], default=None)
            known = self._weights[id(hits)] = (hits, strong, max([h.row.weight for h in hits], default=0))
        return known[1:]

    def _accepts(self, words: Words, i: int, match: Match[list[Any]], before: PlaceMention | None) -> bool:
        strong, weight = self._weighs(match.value)
        if strong is None and weight < _ALONE and match.length == 1:
            return False  # of words that are names too, most
        if "ك" in match.clitic or (i > 0 and words.folds[i - 1] == "ل"):
            return False  # كثرة is no ثرة, and "told al-Riyadh" names a newspaper
        if words.texts[i + match.length - 1].endswith(("ً", "ًا")):
            return False  # قصفاً جوياً is an adverb, no town of Jwaya
        if match.length == 1 and before is not None and before.last == i - 1 and self._turns(match):
            return False  # "Qaataba district, the northern one" names no Northern State
        if match.length > 1 and words.folds[i + match.length - 1] in self._anaphors and (strong or 0) < _ALONE:
            return False  # "the middle of the country" is no quarter called so
        if match.length > 1:
            return strong is not None or self._cued(words, i, match) or _listed(i, match, before)
        if words.senses[i].triggers and not match.clitic and weight < 60:
            return False
        if match.clitic in ("ل", "ك", "ف", "ول", "فل", "وك") and weight < 50:
            return False
        if strong is None:
            return weight >= _ALONE and _listed(i, match, before)
        return strong >= _ALONE or self._cued(words, i, match) or _listed(i, match, before)

    def _cued(self, words: Words, i: int, match: Match[list[Any]]) -> bool:
        """Tell whether what stands before the name says that a place follows."""
        return match.clitic in ("ب", "وب", "فب") or (i > 0 and words.breaks[i] <= SOFT and self._is_cue(words, i - 1))

    def _is_cue(self, words: Words, i: int) -> bool:
        fold = words.folds[i]
        return fold in self._cues or fold.lstrip("وف") in self._cues or words.senses[i].direction is not None

    def _anaphor(self, words: Words, i: int) -> PlaceMention | None:
        known = self._anaphors.get(words.folds[i])
        if known is None or (words.folds[i] in _DISTRICTS and words.folds[i + 1 : i + 2] == ["علي"]):
            return None  # القضاء على is "to do away with"
        return PlaceMention(i, i, i, [], None, again=known[1], clitic=known[0])

    def _place_role(self, words: Words, mention: PlaceMention, before: PlaceMention | None) -> None:
        first = mention.first
        k = first - 1
        # "Eastern Ghariya and western Ghariya": a direction that ends the name before says nothing of this one.
        low = max(first - 2, before.last + 1 if before is not None else 0)
        while k >= low and words.breaks[k + 1] <= SOFT and words.senses[k].direction:
            mention.direction = _compass(words.senses[k].direction, mention.direction)
            mention.first, k = k, k - 1
        clitic = mention.clitic or words.senses[mention.first].clitic
        previous = words.folds[k] if k >= 0 and words.breaks[k + 1] <= SOFT else ""
        if clitic in ("ب", "وب", "فب"):
            mention.role = "at"
        elif before is not None and self._goes_on(words, mention.first, before):
            mention.role, mention.joined = before.role, True
        elif previous in self._roles or (previous[:1] in "وف" and previous[1:] in self._roles):
            mention.role = self._roles.get(previous) or self._roles[previous[1:]]
        elif self._joins(words, mention, before):
            assert before is not None
            mention.role, mention.joined = before.role, True
            mention.cue = mention.cue or before.cue if words.folds[before.first] in _DUALS else mention.cue
        elif clitic in ("ل", "ول"):
            mention.role = "to"
        if before is not None and not mention.joined:
            mention.joined = self._resumes(words, mention.first, before)
        before_name = mention.direction and words.senses[mention.first].direction
        if before_name and mention.role == "at" and not self._within(words, mention):
            mention.role = "near"

    def _goes_on(self, words: Words, first: int, before: PlaceMention) -> bool:
        """Tell whether a set phrase between two places goes on with the list: "in addition to the villages of X"."""
        between = tuple(words.folds[before.last + 1 : first])
        return between in self._lists

    def _joins(self, words: Words, mention: PlaceMention, before: PlaceMention | None) -> bool:
        if before is None or mention.first - before.last > 2 or words.breaks[mention.first] > COMMA:
            return False
        gap = mention.first - before.last == 1
        return gap and (words.folds[mention.first][0] == "و" or words.breaks[mention.first] == COMMA)

    def _resumes(self, words: Words, first: int, before: PlaceMention) -> bool:
        """Tell whether a list goes on after what stands between: "X, the largest town, and Y"; "X and three near Y"."""
        between = range(before.last + 1, first)
        if not 2 <= len(between) <= _BETWEEN or words.breaks[first] > COMMA:
            return False
        if any([words.breaks[k] > COMMA or _tells(words, k) for k in between]):
            return False
        if words.folds[first][0] == "و":
            return words.breaks[first] == COMMA == words.breaks[before.last + 1]
        opened = words.folds[between[0]]
        return opened[0] == "و" and len(opened) > 2 and self._roles.get(words.folds[first - 1], "") in ("at", "near")

    def _describes(self, words: Words, mention: PlaceMention, before: PlaceMention) -> bool:
        """Tell whether the place only helps to describe the one before: "X, largest of the cities of Y"."""
        after = before.last + 1
        return mention.first - after <= 2 and words.breaks[mention.first] <= COMMA and words.folds[after] in self._ranks

    def _within(self, words: Words, mention: PlaceMention) -> bool:
        """Tell whether a direction before the name means a part of it (شمال العراق), not outside it."""
        return any(h.row.kind in ("country", "admin1", "region", "city") for h in mention.hits[:1])


_DISTRICTS = frozenset(fold(w) for w in "القضاء والقضاء بالقضاء للقضاء فالقضاء".split())
# So many words may stand between two places of one list: "north of X, the research company and posts in Y".
_BETWEEN = 5


def _tells(words: Words, k: int) -> bool:
    """Tell whether a word begins something else than a list: it tells of an event, a speaker or people."""
    sense = words.senses[k]
    tells = any([t.split.pronoun == "" for t in sense.triggers])  # "its company" is written like "it spread"
    return bool(
        tells or sense.saying or sense.people or sense.head or sense.flags or (sense.opens and not sense.triggers)
    )


def _listed(i: int, match: Match[list[Any]], before: PlaceMention | None) -> bool:
    """Tell whether the name goes on a list of places that are known."""
    return before is not None and before.last == i - 1 and match.clitic in ("و", "") and bool(before.hits)


def _compass(outer: str | None, inner: str | None) -> str | None:
    """Return one direction of two words: north and east are northeast."""
    if outer in ("north", "south") and inner in ("east", "west"):
        return f"{outer}{inner}"
    return inner or outer


_THE_CAPITAL = frozenset({"العاصمه", "بالعاصمه", "والعاصمه"})
_AREAS = frozenset(fold(w) for w in "منطقة بمنطقة جبهة بجبهة".split())


def _link(words: Words, before: PlaceMention, mention: PlaceMention) -> str:
    """Return how a place right after another one qualifies it: in, near, a direction of; or nothing."""
    gap = words.starts[mention.first] - words.ends[before.last]
    between = mention.first - before.last - 1
    if (
        between > 2
        or gap > 24
        or words.breaks[mention.first] > COMMA
        or words.sentence(before.last) != words.sentence(mention.first)
    ):
        return ""
    if any(words.senses[k].triggers or words.senses[k].saying for k in range(before.last + 1, mention.first)):
        return ""
    if mention.direction:
        return "direction"
    return f"{mention.role}:{mention.clitic[-1:]}:{between}"


_DUALS = frozenset(
    fold(w)
    for w in "محافظتي محافظات مديريتي مديريات مدينتي مدن بلدتي بلدات قريتي قرى حيي أحياء جبهتي جبهات محاور".split()
)
