"""A theatre pack as objects: its country, places and aliases, who is meant there, its outlets, its guards.

A pack's gazetteer holds tens of thousands of rows of which a report names a few dozen: a table keeps its rows
as the lines of the file and reads one when it is asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from marsad.errors import PackError, UsageError
from marsad.loading.codebook import PACKS, build, read_toml
from marsad.text.phrases import phrase_key

PLACE_COLUMNS = "id,kind,name,name_ar,admin1,admin2,admin3,lat,lon,weight,pcode,source"
ALIAS_COLUMNS = "id,alias,strength"


class PlaceRow(NamedTuple):
    """One gazetteer row; `country` is ISO-2, degrees are WGS 84, `weight` 0 to 100."""

    id: str
    kind: str
    name: str
    name_ar: str
    admin1: str
    admin2: str
    admin3: str
    lat: float | None
    lon: float | None
    weight: int
    country: str
    source: str
    pcode: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """What a level of the administration is called: governorate, state, province."""

    ar: str
    en: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Where places of the pack come from and what their licence asks one to say."""

    name: str
    licence: str
    credit: str


@dataclass(frozen=True, slots=True)
class Assertions:
    """What must hold of the pack's places; `within` tells the first-level area of places by their id."""

    places: int
    admin1: int
    within: dict[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """What a theatre is: its country, capital, box of degrees, languages, levels and credits."""

    code: str
    ar: str
    en: str
    country: str
    capital: str
    box: tuple[float, float, float, float]
    languages: tuple[str, ...]
    levels: tuple[Level, ...]
    sources: tuple[Credit, ...]
    assertions: Assertions

    def holds(self, lat: float, lon: float) -> bool:
        """Tell whether a point lies within the theatre's box."""
        lat_min, lat_max, lon_min, lon_max = self.box
        return lat_min <= lat <= lat_max and lon_min <= lon <= lon_max


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher under all its names; `side` is the actor whose voice it is in the given days, or empty."""

    names: tuple[str, ...]
    kind: str
    side: str
    since: date | None = None
    until: date | None = None

    def speaks_on(self, day: date | None) -> bool:
        """Tell whether the row holds on the day; of an unknown day, the row that was true first does."""
        if day is None:
            return self.since is None
        return (self.since is None or day >= self.since) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Guard:
    """A name that is also an ordinary word: a sentence that means the place `id`, and one that does not.

    `todo` names the sentence that is not read rightly yet, "means" or "not".
    """

    name: str
    id: str
    means: str
    no: str
    todo: str = ""


OUTLET_KINDS = ("agency", "newspaper", "broadcaster", "site", "monitor", "network", "group", "organisation", "state")


class PlaceTable(Mapping[str, PlaceRow]):
    """The rows of a places.csv by id; a row is read when it is asked for."""

    def __init__(self, path: Traversable | Path, country: str | None = None) -> None:
        """Split the file into lines; without a country, the last column tells each row's."""
        self._path, self._country = path, country
        self._all = read_lines(path, PLACE_COLUMNS if country else f"{PLACE_COLUMNS},country")
        self.ids = [line.partition(",")[0] if line[:1] != '"' else cells(line)[0] for line in self._all]
        self._lines = dict(zip(self.ids, self._all, strict=True))
        self._read: dict[str, PlaceRow] = {}

    @property
    def names(self) -> list[str]:
        """Return the Arabic name of each row, in the order of `ids`."""
        return [(cells(line) if '"' in line else line.split(",", 4))[3] for line in self._all]

    def __getitem__(self, id: str) -> PlaceRow:
        row = self._read.get(id)
        if row is None:
            row = self._read[id] = self._row(self._lines[id])
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, id: object) -> bool:
        return id in self._lines

    def _row(self, line: str) -> PlaceRow:
        try:
            id, kind, name, name_ar, a1, a2, a3, lat, lon, weight, pcode, source, *last = cells(line)
            country = last[0] if last else _country(self._country or "", id, kind)
            point = _degrees(lat), _degrees(lon)
            return PlaceRow(id, kind, name, name_ar, a1, a2, a3, *point, int(weight or 0), country, source, pcode)
        except ValueError as error:
            where = f"{_short(self._path)}, row {line.split(',')[0]!r}"
            raise PackError(f"{where}: {error}; mend the row or delete it") from error


@dataclass(frozen=True, slots=True)
class Theatre:
    """A country at war as its reports see it."""

    code: str
    country: str
    about: About | None
    actors: list[dict[str, Any]]
    outlets: tuple[Outlet, ...] = field(default=())
    guards: tuple[Guard, ...] = field(default=())

    @property
    def places(self) -> tuple[PlaceRow, ...]:
        """Return the rows of the pack's gazetteer."""
        table = places(self.code)
        return tuple(map(table.__getitem__, table.ids))

    @property
    def aliases(self) -> tuple[tuple[str, str, bool], ...]:
        """Return (id of the place, name, whether the name alone is enough) for each alias."""
        return tuple((id, alias, strength == "strong") for id, alias, strength in map(cells, aliases(self.code)))


def theatre_codes() -> list[str]:
    """Return the codes of the packaged theatres, sorted; "world" (the rest) is none."""
    return list(_codes())


@cache
def _codes() -> tuple[str, ...]:
    folder = PACKS / "theatres"
    return tuple(sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name not in ("world", "__pycache__")))


def _check(code: str) -> None:
    if code != "world" and code not in _codes():
        raise UsageError(f"unknown theatre {code!r}; known: {', '.join(_codes())}")


@cache
def places(code: str) -> PlaceTable:
    """Return the table of a pack's places; raise UsageError that lists the known packs."""
    _check(code)
    return PlaceTable(PACKS / "theatres" / code / "places.csv", code.upper())


def aliases(code: str) -> list[str]:
    """Return the lines `id,alias,strength` of a pack."""
    return read_lines(PACKS / "theatres" / code / "aliases.csv", ALIAS_COLUMNS)


def read_lines(path: Traversable | Path, columns: str) -> list[str]:
    """Return the lines under the heading, none where there is no file; raise PackError at another heading."""
    if not path.is_file():
        return []
    try:
        first, *lines = path.read_text("utf-8").splitlines() or [""]
    except UnicodeDecodeError as error:
        raise PackError(f"{_short(path)}: {error}; save the file as UTF-8") from error
    if first != columns:
        raise PackError(f"{_short(path)}: the heading is {first[:120]!r}; it must be {columns}")
    return lines


def cells(line: str) -> list[str]:
    """Return the cells of one line of a CSV file."""
    return next(csv.reader([line])) if '"' in line else line.split(",")


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def _country(code: str, id: str, kind: str) -> str:
    """Return the country of a packaged row; an id of the rest of the world begins with its own."""
    if code != "WORLD":
        return code
    return id if kind == "country" else id.split("-")[0].upper()


def _short(path: Traversable | Path) -> str:
    return "/".join(str(path).replace("\\", "/").split("/")[-3:])


@cache
def theatre(code: str) -> Theatre:
    """Return the pack of a theatre; raise UsageError that lists the known ones."""
    _check(code)
    return load(PACKS / "theatres" / code, code)


def load(folder: Traversable | Path, code: str) -> Theatre:
    """Return the pack in a folder; raise PackError that names the file and the entry that breaks a rule."""

    def entries(key: str) -> list[dict[str, Any]]:
        return _entries(folder, f"{key}s.toml", "name" if key == "actor" else key)

    return Theatre(
        code, code.upper(), _about(folder) if (folder / "about.toml").is_file() else None, entries("actor"),
        tuple(_outlet(row, f"{code}/outlets.toml") for row in entries("outlet")),
        tuple(_guard(row, f"{code}/guards.toml") for row in entries("guard")),
    )  # fmt: skip


def _entries(folder: Traversable | Path, file: str, key: str) -> list[dict[str, Any]]:
    """Return the entries of a file of nothing but `[[key]]`; none where there is no file."""
    if not (folder / file).is_file():
        return []
    table = read_toml(folder / file)
    unknown = sorted(table.keys() - {key})
    if unknown:
        raise PackError(f"{folder.name}/{file}: unknown key {unknown[0]!r}; the file holds [[{key}]] entries only")
    entries: list[dict[str, Any]] = table.get(key, [])
    return entries


def _about(folder: Traversable | Path) -> About:
    row, where = read_toml(folder / "about.toml"), f"{folder.name}/about.toml"
    row["box"] = tuple(row.get("box", ()))
    row["languages"] = tuple(row.get("languages", ()))
    row["levels"] = tuple(build(Level, r, where) for r in row.pop("level", ()))
    row["sources"] = tuple(build(Credit, r, where) for r in row.pop("source", ()))
    row["assertions"] = build(Assertions, row.get("assertions", {}), f"{where}, [assertions]")
    about: About = build(About, row, where)
    if len(about.box) != 4 or about.box[0] >= about.box[1] or about.box[2] >= about.box[3]:
        raise PackError(f"{where}: box is [lat_min, lat_max, lon_min, lon_max] in degrees")
    return about


def _outlet(row: dict[str, Any], where: str) -> Outlet:
    outlet: Outlet = build(Outlet, {**row, "names": tuple(row.get("names", ()))}, where)
    name = outlet.names[0] if outlet.names else "?"
    if not outlet.names:
        raise PackError(f"{where}: an outlet has no names; give `names` at least one")
    if outlet.kind not in OUTLET_KINDS:
        raise PackError(f"{where}, outlet {name}: kind is one of {', '.join(OUTLET_KINDS)}")
    return outlet


def _guard(row: dict[str, Any], where: str) -> Guard:
    """Return the guard; TOML's key "not" is no name in Python."""
    renamed = {("no" if key == "not" else key): value for key, value in row.items() if key != "no"}
    guard: Guard = build(Guard, renamed, where)
    if not all((guard.name, guard.id, guard.means, guard.no)):
        raise PackError(f"{where}, guard {guard.name or '?'}: name, id, means and not must all say something")
    if guard.todo not in ("", "means", "not"):
        raise PackError(f"{where}, guard {guard.name}: todo is the sentence not read rightly yet: means or not")
    return guard


# Words before an outlet's name that say only what it is: "صحيفة الوطن" and "الوطن" are one.
_WHAT_IT_IS = frozenset(
    phrase_key("وكالة الأنباء وكالة أنباء قناة فضائية صحيفة جريدة موقع شبكة إذاعة تلفزيون راديو مركز the www")
)


def _outlet_key(name: str) -> tuple[str, ...]:
    key = phrase_key(name.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/"))
    while len(key) > 1 and key[0] in _WHAT_IT_IS:
        key = key[1:]
    return key


@cache
def _outlets(code: str) -> dict[tuple[str, ...], tuple[Outlet, ...]]:
    """Return the outlets of a theatre by each of their names."""
    found: dict[tuple[str, ...], tuple[Outlet, ...]] = {}
    for outlet in theatre(code).outlets:
        for name in outlet.names:
            key = _outlet_key(name)
            found[key] = (*found.get(key, ()), outlet)
    return found


def side_of(outlet: str | None, theatre: str | None, day: date | None = None) -> str:
    """Return the actor whose voice the outlet is on that day, "" if none or not known.

    Without a theatre, every pack is asked; where two packs name different sides, none is told.
    """
    if not outlet or not outlet.strip():
        return ""
    codes = theatre_codes() if theatre is None else [theatre]
    key = _outlet_key(outlet)
    rows = [o for code in codes for o in _outlets(code).get(key, ())]
    sides = {o.side for o in rows if o.speaks_on(day)}
    return sides.pop() if len(sides) == 1 else ""
