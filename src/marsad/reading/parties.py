"""Who is named: forces, groups, people, with the registry's id where their words carry one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from marsad.reading.agreement import MEANT, may_mean, shape_of
from marsad.reading.lexicon import Word
from marsad.reading.places import PlaceMention
from marsad.reading.words import SOFT, Words
from marsad.text.letters import fold
from marsad.text.phrases import PhraseIndex


class ActorName(NamedTuple):
    """A written name of an actor and when, and in whose mouth, it means that actor."""

    id: str
    since: date | None
    until: date | None
    said_by: str
    state: bool = False


@dataclass(slots=True)
class PartyMention:
    """Somebody named in the text: words first to last, id or None, and what sort of naming it is."""

    first: int
    last: int
    id: str | None
    sort: str  # name, force (heads and sides), people, state (a country's name), adjective (of a state)
    clitic: str
    group: str = ""
    head: int = 0


def actor_names(rows: Iterable[dict[str, Any]]) -> PhraseIndex[ActorName]:
    """Return the index of the names of pack rows `{id, words, since?, until?, said_by?}`."""
    index: PhraseIndex[ActorName] = PhraseIndex()
    for row in rows:
        name = ActorName(row["id"], row.get("since"), row.get("until"), row.get("said_by", ""), row.get("state", False))
        for words in row["words"]:
            index.add(words, name)
    return index


@dataclass(slots=True)
class Speaker:
    """When and by whom the report was published: what decides between two meanings of a name."""

    day: date | None
    side: str = ""


def pick(names: list[ActorName], speaker: Speaker) -> ActorName | None:
    """Return the meaning that holds on the day and in the mouth; a partisan meaning comes first."""
    fit = [n for n in names if _holds(n, speaker)]
    return max(fit, key=lambda n: (bool(n.said_by), bool(n.since or n.until)), default=None)


def _holds(name: ActorName, speaker: Speaker) -> bool:
    if name.said_by and name.said_by != speaker.side:
        return False
    if speaker.day is None:
        return name.since is None
    return (name.since is None or speaker.day >= name.since) and (name.until is None or speaker.day < name.until)


@dataclass(slots=True)
class PartyReader:
    """Reads the parties of a report with one theatre's names."""

    names: PhraseIndex[ActorName]
    speaker: Speaker

    def find(self, words: Words) -> list[PartyMention]:
        """Return the parties in order; none overlaps another."""
        found: list[PartyMention] = []
        free = 0
        senses = words.senses
        heads = {i for i in words.telling if (sense := senses[i]).head or sense.people is not None or sense.nation}
        for i in sorted(heads.union(self.names.opening(words.folds))):
            mention = self._read(words, i) if i >= free else None
            if mention is None:
                continue
            free = mention.last + 1
            if found and _in_brackets(words, found[-1], mention):
                continue
            self._bind(words, mention, found[-1] if found else None)
            _recall(words, mention, found)
            _belong(words, mention, found)
            found.append(mention)
            free = mention.last + 1
        return found

    def _bind(self, words: Words, mention: PartyMention, before: PartyMention | None) -> None:
        """Let "loyal to X" say who a force is, and "loyal to them" whoever was named before."""
        k = mention.last + 1
        if k + 1 >= len(words) or words.breaks[k] > SOFT or not words.senses[k].bond or mention.group not in _BEARERS:
            return
        if words.folds[k + 1] in ("لها", "له", "لهم") and before is not None:
            mention.last, mention.id = k + 1, before.id
            return
        name = self._name(words, k + 1)
        if name is not None and name[2] == "ل":
            mention.last, mention.id, mention.sort = k + name[1], name[0].id or None, "name"

    def _read(self, words: Words, i: int) -> PartyMention | None:
        sense = words.senses[i]
        named = self._name(words, i, within=False)
        if named is not None and named[0].state:
            last, id = i + named[1] - 1, named[0].id or None
            return PartyMention(i, last, id, "state", named[2], "", i) if _acts(words, i, named[2]) else None
        if named is not None and not self._of_another(words, i, named[1]):
            return self._named(words, i, i, named[0], named[1], sense.clitic if not named[2] else named[2], "")
        if sense.head or sense.people:
            return self._headed(words, i)
        return self._attribute(words, i)

    def _attribute(self, words: Words, i: int) -> PartyMention | None:
        """Return the state whose adjective tells whose an act is: "the Turkish raids"."""
        if not words.senses[i].nation or not _qualifies_act(words, i):
            return None
        id = next(filter(None, (_nation(n, self.speaker) for n in words.senses[i].nation)), None)
        return PartyMention(i, i, id, "adjective", "", "", i) if id else None

    def _of_another(self, words: Words, i: int, length: int) -> bool:
        """Tell whether a word that alone means a side heads another's name: "fighters from the Organisation"."""
        sense = words.senses[i]
        if length > 1 or not sense.head or sense.article or i + 2 >= len(words) or words.breaks[i + 1] > SOFT:
            return False
        named = self._name(words, i + 2) if words.folds[i + 1] == "من" and words.breaks[i + 2] <= SOFT else None
        return named is not None and not named[2]

    def _name(self, words: Words, i: int, within: bool = True) -> tuple[ActorName, int, str] | None:
        best: tuple[ActorName, int, str] | None = None
        for match in self.names.match(words.folds, i):
            name = pick(match.value, self.speaker)
            if name is not None and (best is None or match.length > best[1]) and not (within and name.state):
                best = (name, match.length, match.clitic)
        return best

    def _headed(self, words: Words, i: int) -> PartyMention | None:
        head, j = words.senses[i], i + 1
        while j < len(words) and words.breaks[j] <= SOFT:
            sense = words.senses[j]
            if (_closed(words, j - 1) and not _follows_closed(words, j)) or _another(words, j):
                break
            if words.folds[j] == "من" and self._goes_on(words, j + 1):
                j += 1
                continue
            if words.folds[j] == "في" and head.people and j + 1 < len(words) and self._name(words, j + 1):
                j += 1
                continue
            name = self._name(words, j)
            if name is not None and name[2] in (
                "",
                "ل" if words.senses[j - 1].bond else "",
                "ب" if head.people else "",
            ):
                return self._named(words, i, j, name[0], name[1], head.clitic, _group(head))
            if sense.clitic or not (sense.head or sense.people or sense.filler or sense.bond or sense.nation):
                break
            j += 1
        return self._unnamed(words, i, j - 1)

    def _goes_on(self, words: Words, j: int) -> bool:
        if j >= len(words) or words.breaks[j] > SOFT:
            return False
        sense = words.senses[j]
        return self._name(words, j) is not None or sense.head or sense.people is not None

    def _named(
        self, words: Words, first: int, at: int, name: ActorName, length: int, clitic: str, group: str
    ) -> PartyMention:
        last = _adjectives(words, at + length - 1)
        whose = [_nation(n, self.speaker) for k in range(at + 1, last + 1) for n in words.senses[k].nation]
        if (
            whose
            and words.senses[at].state
            and whose[0] != name.id
            and (words.senses[at + length - 1].nation == () or length == 1)
        ):
            name = ActorName(whose[0] or "", None, None, "")
        own = words.senses[first].people if first < at else None
        id = own["id"] if own and own.get("id") and own.get("group") not in _BEARERS else name.id
        return PartyMention(first, last, id or None, "name", clitic, group or "", at)

    def _unnamed(self, words: Words, first: int, last: int) -> PartyMention | None:
        head = words.senses[first]
        nations = [n for k in range(first, last + 1) for n in words.senses[k].nation]
        people = head.people or {}
        id = people.get("id") or None
        if not id or people.get("group") in _BEARERS:
            id = next((_nation(n, self.speaker) for n in nations if _nation(n, self.speaker)), id)
        sort = "people" if head.people and not head.head else "force"
        while last > first and words.senses[last].bond:
            last -= 1
        if not id and last == first and _described(words, first):
            last += 1
        return PartyMention(first, last, id, sort, head.clitic, _group(head), first)


# The nearest naming of a force is looked for among this many parties before: about three sentences.
_MEMORY = 12


def _recall(words: Words, mention: PartyMention, found: list[PartyMention]) -> None:
    """Let "the gunmen" be the local gunmen that the report named before, where it named them more fully."""
    if mention.first != mention.last or not words.senses[mention.first].article or not words.senses[mention.first].head:
        return
    stem = _stem(words.folds[mention.first])
    for before in reversed(found[-_MEMORY:]):
        if before.last > before.first and before.id and _stem(words.folds[before.first]) == stem:
            mention.id = before.id
            return


def _belong(words: Words, mention: PartyMention, found: list[PartyMention]) -> None:
    """Let "its fighters" be of the side that was named last and that the pronoun agrees with."""
    pronoun = words.senses[mention.first].pronoun
    if pronoun not in MEANT or mention.id or mention.sort != "force":
        return
    sentence = words.sentence_of[mention.first]
    for before in reversed(found[-_MEMORY:]):
        if sentence - words.sentence_of[before.first] > 1:
            return
        if (
            before.id
            and before.sort in ("name", "force", "state")
            and may_mean(pronoun, shape_of(words, before.first, before.sort))
        ):
            mention.id = before.id
            return


def _stem(word: str) -> str:
    """Return a noun for forces without clitics, article and plural ending."""
    for before in ("وال", "فال", "بال", "لل", "ولل", "ال", "و", "ل", "ب"):
        if word.startswith(before) and len(word) - len(before) >= 3:
            word = word[len(before) :]
            break
    return word[:-2] if word.endswith(("ون", "ين")) and len(word) >= 5 else word.removesuffix("ا")


def _described(words: Words, k: int) -> bool:
    """Tell whether the word after a force is an adjective of it by its ending and article: "northern forces"."""
    if k + 1 >= len(words) or words.breaks[k + 1] > SOFT or words.senses[k].pronoun or not words.senses[k + 1].empty:
        return False
    word = words.folds[k + 1]
    return word.endswith(("يه", "فه", "لحه")) and len(word) > 4 and word.startswith("ال") == words.senses[k].article


def _qualifies_act(words: Words, i: int) -> bool:
    """Tell whether an event noun stands right before a word, or with one adjective between."""
    for k in (i - 1, i - 2):
        if k < 0 or words.breaks[k + 1] > SOFT:
            return False
        sense = words.senses[k]
        if sense.triggers:
            return all([told.form.tense in ("noun", "word") for told in sense.triggers])
        if not (sense.filler or sense.empty) or sense.clitic:
            return False
    return False


_WHERE = frozenset(fold(w) for w in "في إلى داخل عبر خارج نحو باتجاه بين جنوبي شمالي حدود أراضي".split())


def _acts(words: Words, i: int, clitic: str) -> bool:
    """Tell whether a country's name stands for its government: no word of place stands before it."""
    if clitic in ("ب", "وب"):
        return False
    before = words.senses[i - 1] if i > 0 and words.breaks[i] <= SOFT else None
    return before is None or not (words.folds[i - 1] in _WHERE or before.direction or before.place_kind or before.site)


def _closed(words: Words, k: int) -> bool:
    """Tell whether a noun keeps its plural nun: then the next noun is no part of its name ("ناشطون قوات النظام")."""
    return len(words.folds[k]) >= 5 and words.folds[k].endswith(("ون", "ين"))


def _another(words: Words, j: int) -> bool:
    """Tell whether a noun after a definite word begins another party: "the Kurdish gunmen (attack) the police".

    What goes on with a definite name is an adjective, which is definite itself.
    """
    sense, word = words.senses[j], words.folds[j]
    if not (sense.head or sense.people) or not words.texts[j - 1].startswith(_DEFINITE):
        return False
    return word in _NOUNS or not (sense.nation or sense.filler or word.startswith("ال"))


_DEFINITE = ("ال", "وال", "بال", "لل", "فال")
# Definite nouns that are never adjectives of the force before them.
_NOUNS = frozenset(fold(w) for w in "الشرطة الجيش الجنود القوات السكان الأهالي المتظاهرين المتظاهرون".split())


def _follows_closed(words: Words, k: int) -> bool:
    """Tell whether word k can go on after such a plural: an adjective, a definite name, من or في."""
    sense = words.senses[k]
    joins = words.folds[k].startswith("ال") or words.folds[k] in ("من", "في")
    return joins or bool(sense.nation) or sense.filler or sense.bond


def _in_brackets(words: Words, before: PartyMention, mention: PartyMention) -> bool:
    """Tell whether a party stands in brackets right after another that it only explains."""
    between = words.text[words.ends[before.last] : words.starts[mention.first]]
    return mention.first == before.last + 1 and between.strip() == "("


def outside(places: list[PlaceMention], parties: list[PartyMention]) -> list[PlaceMention]:
    """Return the places that are no part of a name of several words: no Abdullah in "Ali Abdullah Saleh"."""
    taken = {k for p in parties if p.sort == "name" and p.last > p.first for k in range(p.first, p.last + 1)}
    return [p for p in places if p.name_first not in taken]


# Groups of people who bear arms or office for a side: the side's name says who they are.
_BEARERS = frozenset({"fighters", "soldiers", "police", "people", "commanders", ""})


def _nation(row: dict[str, Any], speaker: Speaker) -> str | None:
    name = ActorName(row["id"], row.get("since"), row.get("until"), "")
    return row["id"] or None if _holds(name, speaker) else None


def _group(sense: Word) -> str:
    return str(sense.people.get("group", "")) if sense.people else ""


def _adjectives(words: Words, last: int) -> int:
    j = last + 1
    while j < len(words) and words.breaks[j] <= SOFT:
        sense = words.senses[j]
        if sense.clitic or sense.head or not (sense.filler or sense.nation):
            break
        last, j = j, j + 1
    return last
