"""What a viewer may see: the one way by which claims, reports, incidents and excerpts leave the record.

Names of sources and persons become pseudonyms where a field is a name, and signs of the same number elsewhere, so
that every span stays true. Nothing is listed that must be hidden: every string passes, and a field that is new is
masked like the others. Marks hold for every day of knowledge: who asks what was known before a source was marked
does not get the name.

What it cannot hide: a claim's id is hashed from its report's, so that who guesses the id of a sensitive source's
report can confirm it; a text that is public can be looked up; and a name that was not marked (a by-name, another
alphabet) is not known to be one. Mark each name that a source goes by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from urllib.parse import unquote

from sqlalchemy import ColumnElement, Connection, Table, and_, false, not_, select, true

from marsad.errors import UsageError
from marsad.record import schema
from marsad.record.among import among
from marsad.record.names import name_key
from marsad.record.searching import WORD, forms_of, marked, meets, needed_by
from marsad.record.sensitive import FATHERS, Mark, marks, pseudonym_of, squashed
from marsad.record.tellers import reports_told_by

ROLES = ("public", "analyst", "reviewer", "admin")
WITHHELD = "[withheld]"
SIGN = "█"
# Fields that hold a name and nothing else; all others are prose and keep their length.
_PARTIES = frozenset({"actors", "targets"})
_NAMES = _PARTIES | {"source", "sources", "outlet", "origin"}
_ADDRESSES = frozenset({"url", "urls", "address", "addresses", "headers"})
_REPORTS = frozenset({"report", "reports", "report_id", "of_id"})
# Who guesses a name could make sure of it by the digest of the whole text.
_DIGESTS = frozenset({"sha256", "digest"})
_PLACE_FIELDS = frozenset("text name admin1 country lat lon role id radius_km extent span candidates claims".split())
_ENCODED = re.compile(r"\S*%[0-9A-Fa-f]{2}\S*")
# A shorter name inside a longer word of an address is chance.
_SHORTEST_INSIDE = 5
_REMEMBERED = 200_000
_SHORT = 40
# A coordinate as short as 33.5 may be any number; with three digits more it is a place.
_EXACT = 6
# A longer field is no name of a place but a text that stands beside one.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and as what: public, analyst, reviewer or admin, each seeing what the one before it sees and more.

    What a source tells that was given to a group is seen by its members and by admins alone.
    """

    role: str
    person: str = ""
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise UsageError(f"{self.role!r} is no role; look as {', '.join(ROLES)}")

    @property
    def sees_all(self) -> bool:
        """Tell whether no name, place or embargo is kept from the viewer; what is another group's is nonetheless."""
        return ROLES.index(self.role) >= ROLES.index("reviewer")

    def is_among(self, group: str) -> bool:
        """Tell whether what is the group's is the viewer's to see."""
        return self.role == "admin" or group in self.groups


class Area(Protocol):
    """What a place is blurred to, and in `hidden` every name by which the place itself is written, in any language."""

    @property
    def id(self) -> str | None: ...  # noqa: D102

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def lat(self) -> float | None: ...  # noqa: D102

    @property
    def lon(self) -> float | None: ...  # noqa: D102

    @property
    def radius_km(self) -> float | None: ...  # noqa: D102

    @property
    def hidden(self) -> Sequence[str]: ...  # noqa: D102


class _Found(NamedTuple):
    """Characters that spell a hidden name, and which."""

    start: int
    end: int
    name: str


class _Names:
    """Names to hide, found in any spelling: other alefs, marks, stretchers, clitics, joined or apart.

    `shown_of` says what is shown where a field is the name; None: signs.
    """

    def __init__(self, shown_of: Mapping[str, str | None]) -> None:
        self.shown_of: dict[str, str | None] = {}
        for name, shown in shown_of.items():
            self.shown_of.setdefault(squashed(name), shown)
        self.shown_of.pop("", None)
        self._beginnings = frozenset(name[:end] for name in self.shown_of for end in range(1, len(name) + 1))
        self._clean: set[str] = set()  # short texts without a name: the names of fields, of types and of outlets
        self._begun: dict[str, frozenset[str]] = {}
        self._words = {part for name in shown_of for part in _parts_of(name)}

    def find(self, written: str) -> list[_Found]:
        """Return where the text spells a name, the longest at each place, in order."""
        if not self.shown_of:
            return []
        if not any(self._begun_by(word) for word in WORD.findall(written)):
            return []
        words = [(match.group(), match.start(), match.end()) for match in WORD.finditer(written)]
        found, at = [], 0
        while at < len(words):
            length, name = self._longest(words, at)
            if length:
                found.append(_Found(words[at][1], words[at + length - 1][2], name))
            at += length or 1
        return found

    def _longest(self, words: Sequence[tuple[str, int, int]], at: int) -> tuple[int, str]:
        """Return how many words from a place on spell a name (0: none), and which name."""
        best = (0, "")
        begun: set[str] | frozenset[str] = self._begun_by(words[at][0])
        length = 1
        while begun:
            best = next(((length, name) for name in sorted(begun) if name in self.shown_of), best)
            if at + length == len(words):
                break
            more = readings_of(words[at + length][0])
            begun = {before + reading for before in begun for reading in more} & self._beginnings
            length += 1
        return best

    def _begun_by(self, word: str) -> frozenset[str]:
        """Return the readings of a word with which a name begins."""
        begun = self._begun.get(word)
        if begun is None:
            if len(self._begun) > _REMEMBERED:
                self._begun.clear()
            begun = self._begun[word] = frozenset(readings_of(word)) & self._beginnings
        return begun

    def inside(self, address: str) -> bool:
        """Tell whether an address or id spells a name, also percent-encoded or within a longer word."""
        return self._name_inside(address) is not None

    def _name_inside(self, address: str) -> str | None:
        plain = unquote(address)
        if found := self.find(plain):
            return found[0].name
        whole = squashed(plain)
        return next((name for name in self.shown_of if len(name) >= _SHORTEST_INSIDE and name in whole), None)

    def shares_a_word(self, asked: str) -> bool:
        """Tell whether a question has a word of a name in it, or the beginning of one."""
        for need in needed_by(asked):
            said = {reading for term in need.terms for reading in readings_of(term)}
            if said & self._words or said & self.shown_of.keys():
                return True
            begun = tuple(reading for reading in readings_of(need.terms[-1]) if len(reading) > 1)
            if need.prefix and any(word.startswith(begun) for word in (*self._words, *self.shown_of)):
                return True
        return bool(self.find(asked))

    def mask(self, written: str) -> str:
        """Return the text with signs over each name, as many as it has characters."""
        if not self.shown_of or written in self._clean:
            return written
        masked = _ENCODED.sub(self._mask_encoded, written) if "%" in written else written
        for start, end, _ in self.find(masked):
            masked = masked[:start] + SIGN * (end - start) + masked[end:]
        if masked == written and len(written) <= _SHORT and len(self._clean) <= _REMEMBERED:
            self._clean.add(written)
        return masked

    def _mask_encoded(self, match: re.Match[str]) -> str:
        return SIGN * len(match.group()) if self.inside(match.group()) else match.group()

    def renamed(self, name: str) -> str:
        """Return the pseudonym of the first name that a name field spells, else the field masked."""
        found = [self.shown_of[found.name] for found in self.find(name)]
        if not found and (within := self._name_inside(name)) is not None:
            found = [self.shown_of[within] or WITHHELD]
        return next((shown for shown in found if shown is not None), None) or self.mask(name)


def _parts_of(name: str) -> Iterator[str]:
    """Yield what a word of a text can be that is part of a name: a word of it in any reading, or some joined."""
    words = WORD.findall(name)
    for start, word in enumerate(words):
        yield from readings_of(word)
        yield from (squashed(" ".join(words[start:end])) for end in range(start + 2, len(words) + 1))


@lru_cache(maxsize=200_000)
def readings_of(word: str) -> tuple[str, ...]:
    """Return all that a word as written may say, so that a name in it is met."""
    forms = forms_of(word)
    if len(forms) != 1:
        return ("".join([form.word for form in forms]),) if forms else ()
    said = dict.fromkeys((forms[0].word, forms[0].light, *forms[0].cores))
    return (*said, *(FATHERS[reading[:3]] + reading[3:] for reading in said if reading[:3] in FATHERS))


class _Veil:
    """What lies over one claim, report or incident: hidden names and places, and what its report gives away.

    `away` says that the report's outlet or address must not be told, `guessable` that a digest of the text must not.
    """

    def __init__(
        self, sight: Sight, names: _Names, written: str = "", away: bool = False, guessable: bool = False
    ) -> None:
        self._sight, self._names, self._written = sight, names, written
        self._away, self._guessable = away, away or guessable

    def over(self, value: Any, key: str = "") -> Any:
        """Return a value as the viewer may see it; `key` is the field that it, or the list around it, stands in."""
        if isinstance(value, str):
            return self._over_words(value, key)
        if isinstance(value, Mapping):
            return self._over_fields(value, key)
        if isinstance(value, list | tuple):
            return [self.over(item, key) for item in value if not self._left_out(item, key)]
        # Bytes are the page as it came: what they say cannot be masked.
        secret = isinstance(value, bytes | memoryview) or (isinstance(value, float) and value in self._sight.numbers)
        return None if secret else value

    def _over_words(self, words: str, key: str) -> Any:
        if key in _REPORTS:
            return self._sight.report_id(words)
        if key in _NAMES:
            return self._names.renamed(words)
        if words in self._sight.areas:
            return getattr(self._sight.areas[words], "id", None)
        if key in _ADDRESSES or words.startswith(("http://", "https://")):
            return None if self._away or self._names.inside(words) else words
        if key in _DIGESTS and self._guessable:
            return None
        return self._over_prose(words, key)

    def _over_prose(self, words: str, key: str) -> str:
        """Return the words masked; of a column of JSON, what it holds as the viewer may see it."""
        if words[:1] in ("{", "[") and (packed := _unpacked(words)) is not None:
            shown = self.over(packed, key)
            return words if shown == packed else json.dumps(shown, ensure_ascii=False)
        return self._names.mask(words)

    def _over_fields(self, fields: Mapping[str, Any], key: str) -> dict[str, Any]:
        if not self._away and self._tells_a_name(fields):
            return _Veil(self._sight, self._names, self._written, away=True)._over_named(fields, key)
        seen = {self._names.mask(name): self.over(value, name) for name, value in fields.items()}
        for name, span in (("evidence", "span"), ("trigger", "trigger_span"), ("text", "span")):
            if isinstance(fields.get(name), str) and isinstance(fields.get(span), list | tuple):
                seen[name] = self._cut(fields[name], fields[span])
        if isinstance(fields.get("sources"), list | tuple):
            seen["sources"] = self._over_sources(seen["sources"], fields["sources"], fields.get("source_spans") or ())
        if key in _PARTIES and isinstance(fields.get("text"), str):
            shown = self._shown_at(fields["text"], fields.get("span") or ())
            seen |= {"text": shown, "id": None} if shown is not None else {}
        if key in _REPORTS and isinstance(fields.get("id"), str):
            seen["id"] = self._sight.report_id(fields["id"])
        return self._blurred(fields, seen)

    def _over_named(self, fields: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Return fields that name a hidden outlet or source; what has an outlet is a report, and its id is another."""
        seen = self._over_fields(fields, key)
        if isinstance(fields.get("id"), str) and "outlet" in fields and "type" not in fields:
            seen["id"] = self._sight.pseudonymous(fields["id"])
        return seen

    def _tells_a_name(self, fields: Mapping[str, Any]) -> bool:
        """Tell whether the fields name one outlet or source that is hidden: then their address is its address."""
        told = [fields.get(name) for name in ("outlet", "source", "origin")]
        return any(isinstance(words, str) and self._names.inside(words) for words in told)

    def _over_sources(self, seen: list[Any], sources: Sequence[Any], spans: Sequence[Any]) -> list[Any]:
        """Return the sources; one that is part of a name in the text is known by where it stands."""
        if not len(seen) == len(sources) == len(spans):
            return seen
        pairs = zip(seen, sources, spans, strict=True)
        return [(isinstance(words, str) and self._shown_at(words, span)) or shown for shown, words, span in pairs]

    def _shown_at(self, words: str, span: Sequence[int]) -> str | None:
        """Return the pseudonym for words that are, hold or are part of a name; None where they are none."""
        found = [*self._names.find(words), *self._found_at(words, span)]
        return next((shown for f in found if (shown := self._names.shown_of[f.name]) is not None), None)

    def _cut(self, words: str, span: Sequence[int]) -> str:
        """Return the words masked as they are in the report's text, where also half a name is known to be one."""
        for found in self._found_at(words, span):
            start, end = max(0, found.start - span[0]), min(len(words), found.end - span[0])
            words = words[:start] + SIGN * (end - start) + words[end:]
        return self._names.mask(words)

    def _found_at(self, words: str, span: Sequence[int]) -> list[_Found]:
        """Return the names in the report's text of which the words there have a part."""
        if len(span) != 2 or not words or self._written[span[0] : span[1]] != words:
            return []
        found = self._sight.found_in(self._written, self._names)
        return [name for name in found if name.start < span[1] and name.end > span[0]]

    def _blurred(self, fields: Mapping[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
        """Return the fields with a blurred place as its area; of a place, only what is known to be safe."""
        for id_name, name in (("id", "name"), ("place_id", "place")):
            place_id = fields.get(id_name)
            if not isinstance(place_id, str) or place_id not in self._sight.areas:
                continue
            if id_name == "id":
                seen = {known: value for known, value in seen.items() if known in _PLACE_FIELDS}
            area = self._sight.areas[place_id]
            shown: dict[str, Any] = {known: getattr(area, known, None) for known in ("lat", "lon", "radius_km")}
            shown |= {id_name: getattr(area, "id", None), name: self._area_name(area, seen), "candidates": []}
            seen |= {known: value for known, value in shown.items() if known in seen}
        return seen

    def _area_name(self, area: Area | None, seen: Mapping[str, Any]) -> str:
        """Return the name of the area; where it is named after the place or not known, that of the governorate."""
        return area.name if area and not self._names.inside(area.name) else str(seen.get("admin1") or WITHHELD)

    def _left_out(self, item: Any, key: str) -> bool:
        """Tell whether an item of a list is under embargo, or a candidate that would give a blurred place away."""
        values = item.values() if isinstance(item, Mapping) else [item]
        words = {value for value in values if isinstance(value, str)}
        held = self._sight.held_claims | self._sight.held_reports
        return bool(words & held) or (key == "candidates" and bool(words & self._sight.areas.keys()))


def _unpacked(words: str) -> Any:
    """Return what a column of JSON holds, None where it is none."""
    try:
        return json.loads(words)
    except ValueError:
        return None


@dataclass
class Sight:
    """What one viewer may see of a record; hold it no longer than the connection that it was made with.

    `areas` are the blurred places and what each is blurred to, `numbers` their coordinates.
    """

    viewer: Viewer
    names: _Names = field(default_factory=lambda: _Names({}), repr=False)
    areas: Mapping[str, Area | None] = field(default_factory=dict)
    numbers: frozenset[float] = frozenset()
    held_claims: frozenset[str] = frozenset()
    held_reports: frozenset[str] = frozenset()
    key: bytes | None = field(default=None, repr=False)
    connection: Connection | None = None
    # What is noted of what the viewer sees and an outsider (`outside`) would not, or not so.
    note: Callable[[str, str], bool] | None = field(default=None, repr=False)
    outside: Sight | None = field(default=None, repr=False)
    _report_ids: dict[str, str] = field(default_factory=dict)
    _last: tuple[str, _Names, list[_Found]] | None = None

    def __post_init__(self) -> None:
        self.is_clear = not (self.names.shown_of or self.areas or self.held_claims or self.held_reports)

    def claim(self, body: dict[str, Any], report: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a claim of a report as the viewer may see it, None where it is held back.

        `report` gives the id, outlet, url and text of the report: without the text, half a name at the edge of the
        evidence is not known to be one.
        """
        seen = self._claim(body, report)
        self._noted("claim", body, seen, lambda outside: outside._claim(body, report))
        return seen

    def _claim(self, body: dict[str, Any], report: Mapping[str, Any]) -> dict[str, Any] | None:
        if self.is_clear:
            return body
        if report.get("id") in self.held_reports or self._is_held(body):
            return None
        names = self._names_with(_place_words(body, self.areas))
        return dict(_Veil(self, names, report.get("text") or "", self._gives_away(report)).over(body))

    def report(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a report as the viewer may see it, None where it is held back."""
        seen = self._report(row)
        self._noted("report", row, seen, lambda outside: outside._report(row))
        return seen

    def _report(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        if self.is_clear:
            return dict(row)
        if row.get("id") in self.held_reports:
            return None
        names, away = self._names_with(self._place_words_of(str(row.get("id")))), self._gives_away(row)
        words = [row[name] for name in ("text", "title") if isinstance(row.get(name), str)]
        guessable = any(names.find(written) for written in words)
        seen: dict[str, Any] = _Veil(self, names, "", away, guessable).over(dict(row))
        return {**seen, "id": self.pseudonymous(row["id"]) if away else row["id"]} if "id" in row else seen

    def incident(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """Return an incident as the viewer may see it, None where any claim or report of it is held back.

        What an incident sums up cannot be taken apart again: sum it up from the claims that may be seen.
        """
        seen = self._row(body)
        self._noted("incident", body, seen, lambda outside: outside._row(body))
        return seen

    def row(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """Return any other row (a decision, a failure, a state in a history), None where it is held back."""
        seen = self._row(body)
        self._noted(str(body.get("kind", "row")), body, seen, lambda outside: outside._row(body))
        return seen

    def _noted(
        self, kind: str, body: Mapping[str, Any], seen: Any, of: Callable[[Sight], dict[str, Any] | None]
    ) -> None:
        """Note that the viewer sees what an outsider would see otherwise or not at all."""
        if self.note is None or self.outside is None or seen is None:
            return
        if of(self.outside) != seen and not self.note(kind, str(body.get("id", ""))):
            self.note = None  # enough is noted

    def _row(self, body: dict[str, Any]) -> dict[str, Any] | None:
        if self.is_clear:
            return body
        if self._is_held(body):
            return None
        return dict(_Veil(self, self._names_with(_place_words(body, self.areas))).over(body))

    def text(self, written: str) -> str:
        """Return the text with signs over all that is hidden, of the same length."""
        return self.names.mask(written)

    def excerpt(self, written: str, asked: str, width: int | None = None) -> str:
        """Return what meets the question in a text, marked; what is hidden is not met."""
        return marked(self.text(written), asked, width=width)

    def hides(self, asked: str) -> bool:
        """Tell whether a question has a word of a hidden name: then hits by it would say that it is there.

        Give no hits to such a question, or only those whose text as it may be seen still `finds` it. The same holds
        for a filter by source, actor or place.
        """
        return self.names.shares_a_word(asked)

    def finds(self, written: str, asked: str) -> bool:
        """Tell whether a text meets a question without what is hidden in it."""
        return meets(self.text(written), asked)

    def passes(self, table: Table) -> ColumnElement[bool]:
        """Return the condition that a row of `claim` or `report` is not held back, so that counts do not tell of it."""
        of_report = table.c.id if table.name == schema.report.name else table.c.report_id
        reports = not_(self._among(of_report, self.held_reports)) if self.held_reports else true()
        if of_report is table.c.id or not self.held_claims:
            return reports
        return and_(reports, not_(self._among(table.c.id, self.held_claims)))

    def holds(self, table: Table) -> ColumnElement[bool]:
        """Return the condition that a row of `claim` or `report` is held back."""
        return not_(self.passes(table)) if self.held_claims or self.held_reports else false()

    def _among(self, column: Any, ids: frozenset[str]) -> ColumnElement[bool]:
        assert self.connection is not None
        return among(self.connection, column, ids)

    def report_id(self, id: str) -> str:
        """Return the id by which the viewer may know a report: another where its own would give its source away."""
        if id not in self._report_ids:
            self._report_ids[id] = self.pseudonymous(id) if self._is_away(id) else id
        return self._report_ids[id]

    def pseudonymous(self, id: str) -> str:
        """Return the id by which a report of a hidden source is known."""
        return pseudonym_of(self.key, "report", id) or WITHHELD

    def found_in(self, written: str, names: _Names) -> list[_Found]:
        """Return where a report's text spells hidden names; of one report asked for claim by claim, looked up once."""
        if self._last is None or self._last[0] != written or self._last[1] is not names:
            self._last = (written, names, names.find(written))
        return self._last[2]

    def _is_away(self, id: str) -> bool:
        if not self.names.shown_of or self.names.inside(id) or self.connection is None:
            return self.names.inside(id)
        table = schema.report.c
        rows = self.connection.execute(select(table.outlet, table.url).where(table.id == id))
        return any(self._gives_away({"outlet": row.outlet, "url": row.url}) for row in rows)

    def _gives_away(self, report: Mapping[str, Any]) -> bool:
        """Tell whether a report's outlet is hidden, or its id or address spells a hidden name."""
        told = (report.get(name) for name in ("id", "outlet", "url", "address"))
        return any(isinstance(words, str) and self.names.inside(words) for words in told)

    def _is_held(self, body: Mapping[str, Any]) -> bool:
        """Tell whether a row is, or is about or from, something under embargo."""
        held = self.held_claims | self.held_reports
        named = [body.get(name) for name in ("id", "ref", "claim_id", "report", "report_id", "of_id")]
        listed = [id for name in ("claims", "reports") if isinstance(ids := body.get(name), list | tuple) for id in ids]
        return any(isinstance(id, str) and id in held for id in (*named, *listed))

    def _names_with(self, words: Iterable[str]) -> _Names:
        more: dict[str, str | None] = dict.fromkeys(words)
        return _Names({**self.names.shown_of, **more}) if more else self.names

    def _place_words_of(self, report_id: str) -> set[str]:
        """Return the words by which the claims of a report name blurred places and what stands there."""
        if not self.areas or self.connection is None:
            return set()
        claim, place = schema.claim.c, schema.claim_place.c
        asked = select(claim.body).join(schema.claim_place, place.claim_n == claim.n).distinct()
        bodies = self.connection.execute(asked.where(claim.report_id == report_id, place.place_id.in_(self.areas)))
        return {words for (body,) in bodies for words in _place_words(json.loads(body), self.areas)}


def _place_words(value: Any, areas: Mapping[str, Any]) -> set[str]:
    """Return the words by which a body names blurred places, and the sites in it where it has one."""
    words = set(_texts_in(value, lambda fields, key: fields.get("id") in areas or fields.get("place_id") in areas))
    return words | set(_texts_in(value, lambda fields, key: key == "sites")) if words else words


def _texts_in(value: Any, wanted: Callable[[Mapping[str, Any], str], bool], key: str = "") -> Iterator[str]:
    """Yield the texts and names of the wanted fields, wherever in a body."""
    if isinstance(value, Mapping):
        if wanted(value, key):
            words = (value.get(name) for name in ("text", "name", "place"))
            yield from (w for w in words if isinstance(w, str) and len(w) <= _LONGEST_NAME)
        for name, inner in value.items():
            yield from _texts_in(inner, wanted, name)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts_in(inner, wanted, key)
    elif isinstance(value, str) and key == "sites" and wanted({}, key):
        yield value


def sight_of(
    connection: Connection,
    viewer: Viewer,
    today: str,
    key: bytes | None,
    area_of: Callable[[str], Area | None] = lambda place_id: None,
    note: Callable[[str, str], bool] | None = None,
) -> Sight:
    """Return what the viewer may see on a day (ISO) by the marks that stand now, whatever day of knowledge is asked.

    Without the record's key names are withheld, not shown. `area_of` tells what a place is blurred to. `note` is told
    the kind and id of all that is sensitive and is shown nonetheless, until it says that this is enough.
    """
    standing = marks(connection)
    sight = _sight(connection, viewer, today, key, area_of, standing)
    if note is not None and standing:
        sight.note, sight.outside = note, _sight(connection, Viewer("public"), today, key, area_of, standing)
    return sight


def _sight(
    connection: Connection, viewer: Viewer, today: str, key: bytes | None, area_of: Callable[[str], Area | None],
    marked: Sequence[Mark],
) -> Sight:  # fmt: skip
    closed = [found.key for found in marked if found.group is not None and not viewer.is_among(found.group)]
    standing = [] if viewer.sees_all else marked
    told = reports_told_by(connection, {name: _Names(dict.fromkeys((name, name_key(name)))).inside for name in closed})
    areas = {found.key: area_of(found.key) for found in standing if found.rule == "blur"}
    places = _places_in(connection, areas)
    numbers = {number for _, *where in places for number in where if number is not None}
    words = [name for area in areas.values() if area for name in area.hidden] + [name for name, _, _ in places]
    words += [written for written in map(str, numbers) if len(written) >= _EXACT]
    held = [f for f in standing if f.rule == "embargo" and viewer.role == "public" and today < (f.until or "")]
    return Sight(
        viewer,
        _Names({**_pseudonyms(standing, key), **dict.fromkeys(words)}),
        areas,
        frozenset(numbers),
        frozenset(found.key for found in held if found.kind == "claim"),
        frozenset(found.key for found in held if found.kind == "report") | told,
        key,
        connection,
    )


def _pseudonyms(standing: Iterable[Mark], key: bytes | None) -> dict[str, str | None]:
    """Return what is shown for each marked name; of one name marked as source and as person, by its first mark."""
    shown_of: dict[str, str | None] = {}
    for found in standing:
        if found.rule == "pseudonym":
            shown_of.setdefault(found.key, pseudonym_of(key, found.kind, found.key) or WITHHELD)
    return shown_of


def _places_in(
    connection: Connection, areas: Mapping[str, Area | None]
) -> list[tuple[str, float | None, float | None]]:
    """Return the names and coordinates that claims have for the blurred places."""
    if not areas:
        return []
    place = schema.claim_place.c
    asked = select(place.name, place.lat, place.lon).where(place.place_id.in_(areas)).distinct()
    return [(row.name, row.lat, row.lon) for row in connection.execute(asked)]
