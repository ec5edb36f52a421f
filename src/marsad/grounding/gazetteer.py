"""The gazetteer: which places a name can mean, and which one a report means."""

from __future__ import annotations

import math
import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from marsad.loading.kept import kept
from marsad.loading.theatre import (
    ALIAS_COLUMNS,
    PlaceRow,
    PlaceTable,
    aliases,
    cells,
    places,
    read_lines,
    theatre_codes,
)
from marsad.model import Candidate
from marsad.text.phrases import Match, PhraseIndex, packed


class NameHit(NamedTuple):
    """A row that a written name can mean; `strong` if the name alone is enough."""

    row: PlaceRow
    strong: bool


# Kind words of a report → gazetteer kinds that they may introduce.
KIND_FITS: dict[str, frozenset[str]] = {
    "admin1": frozenset({"admin1", "region"}),
    "admin2": frozenset({"admin2", "admin3"}),
    "city": frozenset({"city", "town", "village"}),
    "town": frozenset({"town", "village", "city", "settlement"}),
    "quarter": frozenset({"neighbourhood", "street", "square", "road"}),
    "camp": frozenset({"camp", "neighbourhood", "base"}),
    "base": frozenset({"base", "airport"}),
    "hill": frozenset({"hill", "mountain", "region"}),
    "crossing": frozenset({"crossing"}),
    "water": frozenset({"river", "lake", "dam", "port", "bridge", "island", "sea"}),
}
# Half-width in kilometres of what a row of the kind stands for, where nothing better is known.
RADIUS: dict[str, float] = {
    "country": 300, "admin1": 50, "admin2": 20, "admin3": 10, "region": 25, "city": 6, "town": 3, "village": 1.5,
    "neighbourhood": 1, "mountain": 6, "river": 30, "road": 20,
}  # fmt: skip


_KM_OF_A_DEGREE = 111.19  # of latitude on the sphere of `kilometres`, a little less


def kilometres(a: PlaceRow, b: PlaceRow) -> float:
    """Return the great-circle distance of two rows with points, in km; infinite without points."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return math.inf
    la, lo, lb, lp = (math.radians(x) for x in (a.lat, a.lon, b.lat, b.lon))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


def has_beside(row: PlaceRow, others: Sequence[PlaceRow], km: float) -> bool:
    """Tell whether another row lies less than `km` from a row; most lie farther by their latitudes alone."""
    if row.lat is None:
        return False
    lat, degrees = row.lat, km / _KM_OF_A_DEGREE
    near = [o for o in others if o.lat is not None and -degrees <= o.lat - lat <= degrees]
    return any(o.id != row.id and kilometres(o, row) < km for o in near)


class Rows(Mapping[str, PlaceRow]):
    """The rows of several tables by id; of two rows of one id, the later stands."""

    def __init__(self) -> None:
        self._own: dict[str, PlaceRow] = {}
        self._loads: list[Callable[[], PlaceTable]] = []

    def take(self, load: Callable[[], PlaceTable]) -> None:
        """Add the rows of a table; the table is loaded when somebody asks for a row of it or of one before."""
        self._loads.insert(0, load)

    @property
    def _tables(self) -> Iterator[PlaceTable]:
        """Yield the tables, the last one first."""
        return (load() for load in self._loads)

    def __setitem__(self, id: str, row: PlaceRow) -> None:
        self._own[id] = row

    def __getitem__(self, id: str) -> PlaceRow:
        row = self._own.get(id)
        if row is None:
            table = next((t for t in self._tables if id in t), None)
            if table is None:
                raise KeyError(id)
            row = self._own[id] = table[id]
        return row

    def __contains__(self, id: object) -> bool:
        return id in self._own or any(id in table for table in self._tables)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(chain(*reversed(list(self._tables)), self._own)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(slots=True)
class Gazetteer:
    """Names and rows of several theatres in one index."""

    rows: Rows = field(default_factory=Rows)
    index: PhraseIndex[NameHit] = field(default_factory=PhraseIndex)

    def add(self, row: PlaceRow, names: Iterable[tuple[str, bool]]) -> None:
        """Make a row known under its names, each strong or weak."""
        self.rows[row.id] = row
        for name, strong in names:
            self.index.add(name, NameHit(row, strong))

    def take(self, table: PlaceTable, aliases: Sequence[str]) -> None:
        """Make the rows of a table known under their own names and under the aliases."""
        self.rows.take(lambda: table)
        self.name(*_names(table, aliases))

    def name(self, ids: Sequence[str], names: Sequence[str], strong: Sequence[bool]) -> None:
        """Make rows known under further names; the n-th name is that of the n-th id."""
        self.index.add_all(names, lambda n: NameHit(self.rows[ids[n]], strong[n]))

    def take_packs(self, codes: Sequence[str]) -> None:
        """Make the places of packs known under all their names; the names are kept from one start to the next."""
        for code in codes:
            self.rows.take(partial(places, code))
        self.index.add_packed(kept("names", lambda: _packed_names(codes)), self._hit)

    def _hit(self, mark: str) -> NameHit:
        return NameHit(self.rows[mark[1:]], mark[0] == "+")

    def opening(self, words: Sequence[str]) -> list[int]:
        """Return the positions of the words that begin a name."""
        return self.index.opening(words)

    def match(self, words: Sequence[str], at: int) -> list[Match[list[NameHit]]]:
        """Return the longest names at a position, with or without a clitic."""
        return self.index.match(words, at)


def _names(table: PlaceTable, aliases: Iterable[str]) -> tuple[list[str], list[str], list[bool]]:
    """Return ids, names and strengths in the order of the table; an alias that is the own name replaces it."""
    names, strong = list(table.names), [True] * len(table.names)
    place_of = {id: n for n, id in enumerate(table.ids)}
    places = list(range(len(names)))
    for id, alias, strength in map(cells, aliases):
        place = place_of.get(id)
        if place is not None:
            if names[place] == alias:
                names[place] = ""
            places.append(place)
            names.append(alias)
            strong.append(strength == "strong")
    order = sorted(range(len(places)), key=places.__getitem__)
    return [table.ids[places[n]] for n in order], [names[n] for n in order], [strong[n] for n in order]


def _packed_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of the packs' places, packed; a mark is + for strong or -, then the id."""
    texts: list[str] = []
    marks: list[str] = []
    for code in codes:
        ids, names, strong = _names(places(code), aliases(code))
        texts += names
        marks += [f"{'+' if sure else '-'}{id}" for id, sure in zip(ids, strong, strict=True)]
    return packed(texts, marks)


def _names_elsewhere(rows: Rows, table: PlaceTable, aliases: Iterable[str]) -> tuple[list[str], list[str], list[bool]]:
    """Return the aliases that a user's set gives to known rows of the packs and of other sets."""
    found = [(id, alias, strength == "strong") for id, alias, strength in map(cells, aliases)]
    kept = [name for name in found if name[0] not in table and name[0] in rows]
    return [id for id, _, _ in kept], [alias for _, alias, _ in kept], [strong for _, _, strong in kept]


def fill(codes: Iterable[str]) -> Gazetteer:
    """Return a gazetteer of the given theatres; a weak alias makes the same own name weak too."""
    gazetteer = Gazetteer()
    for code in codes:
        gazetteer.take(places(code), aliases(code))
    return gazetteer


@cache
def all_places() -> Gazetteer:
    """Return the gazetteer of every packaged theatre, of the rest of the world, and of the user's own sets."""
    return gather()


def gather(besides: str | None = None) -> Gazetteer:
    """Return a new gazetteer of the packs and of the user's sets, but for one set."""
    gazetteer = Gazetteer()
    gazetteer.take_packs([*theatre_codes(), "world"])
    sets = user_sets(besides)
    for table, lines in sets:
        gazetteer.take(table, lines)
    for table, lines in sets:
        gazetteer.name(*_names_elsewhere(gazetteer.rows, table, lines))
    return gazetteer


def user_folder() -> Path:
    """Return the folder of the user's own sets of places: $MARSAD_GAZETTEER, or one in the data home."""
    given = os.environ.get("MARSAD_GAZETTEER")
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(given or f"{home}/marsad/gazetteer").expanduser()


def user_sets(besides: str | None = None) -> list[tuple[PlaceTable, list[str]]]:
    """Return the places and the lines of aliases of each set that the user has imported, by name of set."""
    folders = sorted(p.parent for p in user_folder().glob("[!.]*/places.csv") if p.parent.name != besides)
    return [(PlaceTable(f / "places.csv"), read_lines(f / "aliases.csv", ALIAS_COLUMNS)) for f in folders]


def find(name: str, code: str | None = None) -> list[PlaceRow]:
    """Return the rows called so in Arabic, else in Latin letters or by id, weightiest first, here or everywhere."""
    gazetteer = all_places()
    found = {hit.row.id: hit.row for hit in gazetteer.index.get(name)}
    if not found and (key := latin_key(name)):
        found = {id: row for id, row in gazetteer.rows.items() if key in (latin_key(row.name), latin_key(id))}
    rows = [r for r in found.values() if code is None or r.country == code.upper()]
    return sorted(rows, key=lambda r: (-r.weight, r.id))


def latin_key(name: str) -> str:
    """Return the Latin letters and digits of a name, small and without marks, as two spellings agree on them."""
    letters = unicodedata.normalize("NFKD", name).lower()
    return "".join(c for c in letters if c.isascii() and c.isalnum())


@dataclass(slots=True)
class Context:
    """What the rest of a report says of where it is: countries and governorates, with weight."""

    countries: Counter[str] = field(default_factory=Counter)
    admin1: Counter[str] = field(default_factory=Counter)
    sure: list[PlaceRow] = field(default_factory=list)


# How much one kind of evidence moves a candidate, beside its weight of 0 to 100. Chosen by hand so that a
# village of the named governorate beats a town of another, and any place of the theatre beats one abroad.
_BESIDE = 30  # km
_INSIDE = 30.0  # "the village of X in the governorate of Y", as much as a governorate that is named twice
_MINOR = 30  # rows of less weight are never meant where the name is a country's
_CUE_FITS, _CUE_FAILS, _SAME_ADMIN1, _NEAR, _ABROAD, _WEAK = 45.0, 35.0, 30.0, 12.0, 100.0, 15.0


def score(hit: NameHit, cue: str | None, context: Context, inside: PlaceRow | None = None) -> tuple[float, str]:
    """Return how well the row fits what the report says, and why; `inside` is where the text itself puts it."""
    row, total, reasons = hit.row, float(hit.row.weight), [f"weight {hit.row.weight}"]
    if cue and cue in KIND_FITS:
        fits = row.kind in KIND_FITS[cue]
        total += _CUE_FITS if fits else -_CUE_FAILS
        reasons.append(f"{'is' if fits else 'is no'} {cue}")
    if inside is not None:
        within = row.country == inside.country
        total += _INSIDE * (row.admin1 == inside.id) - _ABROAD * (not within)
        reasons.append(f"{'in' if within else 'not in'} {inside.name}")
    elif context.countries:
        most = max(context.countries.values())
        share = context.countries.get(row.country, 0) / most if most else 0.0
        total -= _ABROAD * (1 - share)
        reasons.append(f"country {share:.1f}")
    if row.admin1 and context.admin1.get(row.admin1):
        total += _SAME_ADMIN1 * min(1.0, context.admin1[row.admin1] / 2)
        reasons.append("same governorate")
    if has_beside(row, context.sure[:12], _BESIDE):
        total += _NEAR
        reasons.append("near another place of the report")
    if not hit.strong:
        total -= _WEAK
        reasons.append("weak name")
    return total, ", ".join(reasons)


def likeliest(hits: Sequence[NameHit], cue: str | None, context: Context) -> PlaceRow:
    """Return the row that fits best; of most names there is only one."""
    return hits[0].row if len(hits) == 1 else choose(hits, cue, context)[0]


def choose(
    hits: Sequence[NameHit], cue: str | None, context: Context, inside: PlaceRow | None = None
) -> tuple[PlaceRow, tuple[Candidate, ...]]:
    """Return the row that fits best and up to five candidates, the best first, each with its reason."""
    ranked = sorted(((*score(h, cue, context, inside), h.row) for h in hits), key=lambda s: (-s[0], s[2].id))
    if cue is None and ranked[0][2].weight < _MINOR:
        ranked.sort(key=lambda s: s[2].kind != "country")  # a hamlet of the theatre is not what "Turkey" means
    candidates = tuple(Candidate(r.id, r.name, round(s, 1), why) for s, why, r in ranked[:5])
    return ranked[0][2], candidates
