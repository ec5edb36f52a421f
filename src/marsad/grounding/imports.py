"""A user's own places: a downloaded table becomes a set beside the packs, which it never overrides.

A set is a folder of the user's gazetteer: places.csv and aliases.csv as in a pack (a last column tells each
row's country), same.csv for rows that the gazetteer had already, origin.txt for the file that it came from.
"""

from __future__ import annotations

import csv
import hashlib
import math
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from marsad.errors import InputError, UsageError
from marsad.grounding.downloads import Download, Found, LeftOut, OtherName, Refusal, open_download
from marsad.grounding.gazetteer import Gazetteer, all_places, gather, kilometres, latin_key, user_folder
from marsad.loading.theatre import ALIAS_COLUMNS, PLACE_COLUMNS, About, PlaceRow, theatre, theatre_codes

# Weight of an imported place by kind: as the packs weigh what they took from the same tables, so that a place
# of a pack goes first, and only a town of some size is read without "the town of" before it.
_WEIGHT = {
    "country": 60, "admin1": 50, "admin2": 20, "admin3": 8, "city": 60, "town": 40, "village": 10,
    "neighbourhood": 18, "region": 25,
}  # fmt: skip
_OTHER_WEIGHT = 20
# A name of one word is enough by itself only for a place of at least this weight: many hamlets are called by a word.
_SURE = 40
# Two rows of one name are one place within so many kilometres; the middles of one area, so far apart.
_SAME_KM = 2.0
_SAME_AREA_KM = {"country": 5000.0, "admin1": 1000.0, "admin2": 80.0, "admin3": 25.0}
# A place that no governorate is told for lies in that of the nearest known place, if that is so near.
_NEIGHBOUR_KM = 10.0
_SHOWN = 20
_AREAS = frozenset({"country", "admin1", "admin2", "admin3"})


@dataclass(slots=True)
class Imported:
    """What an import did; printed, it is the report of it."""

    file: str
    format: str
    folder: Path
    replaced: bool
    kept: Counter[tuple[str, str]] = field(default_factory=Counter)
    known: int = 0
    names: int = 0
    latin_only: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.file}: {self.format}"
        for country in sorted({country for country, _ in self.kept}):
            kinds = Counter({kind: n for (c, kind), n in self.kept.items() if c == country})
            yield f"  added     {kinds.total():6}  {country}: {_told(kinds)}"
        yield f"  known     {self.known:6}  in the gazetteer already"
        yield f"  names     {self.names:6}  further names of known places"
        if self.latin_only:
            yield f"  no Arabic {self.latin_only:6}  of the added are known by their Latin name only"
        if self.left_out:
            yield f"  left out  {self.left_out.total():6}  of kinds that reports do not name: {_told(self.left_out)}"
        yield from self._refusals()
        yield f"  {'replaced' if self.replaced else 'stored in'} {self.folder}"

    def _refusals(self) -> Iterator[str]:
        if self.refused:
            yield f"  refused   {len(self.refused):6}"
        for refusal in self.refused[:_SHOWN]:
            yield f"    {refusal}"
        rest = Counter(refusal.remedy for refusal in self.refused[_SHOWN:])
        for remedy, count in rest.most_common():
            yield f"    and {count} more rows: {remedy}"


def _told(counts: Counter[str]) -> str:
    shown = [f"{n} {kind}" for kind, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
    return ", ".join(shown[:8]) + (" …" if len(shown) > 8 else "")


def add(path: str | Path) -> Imported:
    """Store the places of a downloaded file as a set of the user's gazetteer; tell what became of every row."""
    file = Path(path)
    if file.is_dir():
        raise InputError(f"{file}: this is a folder; name one table")
    download = open_download(file)
    folder, replaced = _folder_of(file, download)
    known = gather(besides=folder.name)
    imported = Imported(str(path), download.format, folder, replaced)
    made = _Set(folder.name, download, known, imported)
    made.take(list(_sorted_out(download, imported)))
    made.store(file)
    all_places.cache_clear()
    return imported


def _sorted_out(download: Download, imported: Imported) -> Iterator[Found | OtherName]:
    """Yield what can be a place or a name; count the others."""
    for item in download.items:
        if isinstance(item, Refusal):
            imported.refused.append(item)
        elif isinstance(item, LeftOut):
            imported.left_out[item.kind] += 1
        else:
            yield item


def _folder_of(file: Path, download: Download) -> tuple[Path, bool]:
    """Return the set's folder and whether this file is in it; another file of the same name gets a number."""
    source = re.sub(r"[^a-z0-9]+", "-", download.format.lower())
    short = {"who-s-on-first": "wof"}.get(source, source)
    stem = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "places"
    name = stem if short.split("-")[0] in stem.split("-") else f"{short}-{stem}"
    origin = _origin(file)
    for number in range(1, 1000):
        folder = user_folder() / (name if number == 1 else f"{name}-{number}")
        if not folder.exists():
            return folder, False
        if set(_origin_in(folder)) & set(origin):
            return folder, True
    raise UsageError(f"{user_folder()}: a thousand sets are called {name}; delete some")


def _origin(file: Path) -> tuple[str, str]:
    with file.open("rb") as content:
        return str(file.resolve()), hashlib.file_digest(content, "sha256").hexdigest()


def _origin_in(folder: Path) -> list[str]:
    origin = folder / "origin.txt"
    return origin.read_text("utf-8").splitlines() if origin.is_file() else []


class _Set:
    """The rows of one set while it is made."""

    def __init__(self, name: str, download: Download, known: Gazetteer, imported: Imported) -> None:
        self._name, self._format, self._known, self._imported = name, download.format, known, imported
        self._rows: list[PlaceRow] = []
        self._aliases: set[tuple[str, str, str]] = set()
        self._same: dict[str, str] = {}
        self._areas: dict[str, str] = {}
        self._latin: dict[str, dict[str, list[PlaceRow]]] = {}
        self._near: dict[str, _Neighbours] = {}

    def take(self, items: Sequence[Found | OtherName]) -> None:
        """Take in the places, areas first since the others lie in them, then the names."""
        found = self._with_country([item for item in items if isinstance(item, Found)])
        for place in sorted(found, key=lambda p: p.kind not in _AREAS):
            self._place(place)
        self._other_names([item for item in items if isinstance(item, OtherName)])

    def _with_country(self, found: Sequence[Found]) -> Iterator[Found]:
        """Yield the places, each with a country: its own, else that of the table's row of a country or its name."""
        missing = any(not place.country for place in found)
        country = _country_told(found, self._known) or _country_named(self._imported.file) if missing else ""
        for place in found:
            placed = place if place.country else place._replace(country=country)
            refusal = _misplaced(placed)
            if refusal:
                self._imported.refused.append(refusal)
            else:
                yield placed

    def _place(self, place: Found) -> None:
        """Take in one place, or the names that it has for one that is known."""
        same = self._known_as(place)
        id = same.id if same else f"{self._name}:{place.key}"
        if place.area:
            self._areas[place.area] = id
        if place.geonames:
            self._same[place.geonames] = id
        if same:
            self._imported.known += 1
            self._name_known(same, place.names_ar)
        else:
            self._keep(self._row(id, place), place)

    def _row(self, id: str, place: Found) -> PlaceRow:
        """Return the gazetteer's row of a new place; a first level that the country's pack has not is a region."""
        kind = "region" if place.kind == "admin1" and self._neighbours(place.country) else place.kind
        arabic = place.names_ar[0] if place.names_ar else ""
        own = self._areas.get(place.parents[0], place.parents[0])
        _, admin2, admin3 = (self._area(key) for key in place.parents)
        return PlaceRow(
            id, kind, place.name, arabic, "" if kind in ("country", "admin1") else self._admin1(own, place),
            admin2, admin3, round(place.lat, 5), round(place.lon, 5), _weight(place), place.country, self._format,
        )  # fmt: skip

    def _keep(self, row: PlaceRow, place: Found) -> None:
        self._rows.append(row)
        self._imported.kept[row.country, row.kind] += 1
        self._imported.latin_only += not row.name_ar
        for name in place.names_ar or (place.name,):
            self._aliases.add((row.id, name, _strength(name, row.weight)))

    def _area(self, key: str) -> str:
        """Return the id of the area that a key of the table means: of this table, of a pack, of another set."""
        return self._areas.get(key) or (key if key in self._known.rows else "")

    def _admin1(self, key: str, place: Found) -> str:
        """Return the governorate: the known row of the key or the name, else the nearest place's, else the table's."""
        row = self._known.rows.get(key)
        if row and row.kind == "admin1":
            return key
        called = [r.id for name in place.parent_names for r in self._called(name, place.country) if r.kind == "admin1"]
        return next(iter(called), "") or self._neighbours(place.country).admin1_of(place) or self._areas.get(key, "")

    def _neighbours(self, country: str) -> _Neighbours:
        if country not in self._near:
            self._near[country] = _Neighbours(r for r in self._known.rows.values() if r.country == country)
        return self._near[country]

    def _known_as(self, place: Found) -> PlaceRow | None:
        """Return the row of the gazetteer that is this place: by its number, or by name and nearness."""
        for id in (place.key, f"wof-{place.key}", f"{place.country.lower()}-w{place.key}"):
            row = self._known.rows.get(id)
            if row and row.country == place.country and _fits(row, place):
                return row
        for name in place.names_ar or (place.name,):
            near = [row for row in self._called(name, place.country) if _fits(row, place)]
            if near:
                return min(near, key=lambda row: (_distance(row, place), row.id))
        return None

    def _called(self, name: str, country: str) -> list[PlaceRow]:
        """Return the known rows of the country that bear a name, Arabic or Latin."""
        rows = [hit.row for hit in self._known.index.get(name) if hit.row.country == country]
        if rows or not name.isascii():
            return rows
        if country not in self._latin:
            table = self._latin[country] = {}
            for row in self._known.rows.values():
                if row.country == country:
                    table.setdefault(latin_key(row.name), []).append(row)
        return self._latin[country].get(latin_key(name), [])

    def _name_known(self, row: PlaceRow, names: Iterable[str]) -> None:
        """Give a known place those of the names that mean no place of its country yet."""
        for name in names:
            if all(hit.row.country != row.country for hit in self._known.index.get(name)):
                self._aliases.add((row.id, name, _strength(name, row.weight)))
                self._imported.names += 1

    def _other_names(self, names: Sequence[OtherName]) -> None:
        if self._format != "GeoNames names":
            return
        same = _numbered()
        if not same:
            raise UsageError("alternate names add to a GeoNames dump: import the country's dump first (as SY.txt)")
        for name in sorted(names, key=lambda n: not n.preferred):
            row = self._known.rows.get(same.get(name.geonames, ""))
            if row:
                self._name_known(row, (name.name,))
            else:
                self._imported.left_out["name of a place that is not here"] += 1

    def store(self, file: Path) -> None:
        """Write the set beside the old one, then put it in its place."""
        folder = self._imported.folder
        new = folder.with_name(f".{folder.name}.new")
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(parents=True)
            _write(new / "places.csv", f"{PLACE_COLUMNS},country", (_cells(row) for row in sorted(self._rows)))
            _write(new / "aliases.csv", ALIAS_COLUMNS, sorted(self._aliases))
            _write(new / "same.csv", "geonames,id", sorted(self._same.items()))
            (new / "origin.txt").write_text("\n".join(_origin(file)) + "\n", "utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            new.replace(folder)
        except OSError as error:
            reason = f"{folder}: cannot be written ({error.strerror})"
            raise UsageError(f"{reason}; set MARSAD_GAZETTEER to a folder of yours") from None


class _Neighbours:
    """The known places of a country by squares of a tenth of a degree."""

    def __init__(self, rows: Iterable[PlaceRow]) -> None:
        self._squares: dict[tuple[int, int], list[PlaceRow]] = {}
        for row in rows:
            if row.admin1 and row.lat is not None and row.lon is not None:
                self._squares.setdefault((int(row.lat * 10), int(row.lon * 10)), []).append(row)

    def __bool__(self) -> bool:
        return bool(self._squares)

    def admin1_of(self, place: Found) -> str:
        """Return the governorate of the nearest place, "" where none is near."""
        lat, lon = int(place.lat * 10), int(place.lon * 10)
        near = [r for a in (-1, 0, 1) for b in (-1, 0, 1) for r in self._squares.get((lat + a, lon + b), ())]
        flat = math.cos(math.radians(place.lat))
        row = min(near, key=lambda r: _off(r, place, flat), default=None)
        return row.admin1 if row and _distance(row, place) <= _NEIGHBOUR_KM else ""


def _off(row: PlaceRow, place: Found, flat: float) -> float:
    """Return how far the row is in degrees of latitude; good enough to find the nearest."""
    return math.hypot((row.lat or 0.0) - place.lat, flat * ((row.lon or 0.0) - place.lon))


def _cells(row: PlaceRow) -> tuple[str, ...]:
    pcode = row.id.split(":", 1)[1]
    return (*map(str, row[:10]), pcode, row.source, row.country)


def _write(path: Path, heading: str, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(heading + "\n")
        csv.writer(file, lineterminator="\n").writerows(rows)


def _numbered() -> Mapping[str, str]:
    """Return the rows of the gazetteer by their GeoNames number, as all sets tell them."""
    found: dict[str, str] = {}
    for path in sorted(user_folder().glob("*/same.csv")):
        for line in path.read_text("utf-8").splitlines()[1:]:
            number, _, found[number] = line.partition(",")
    return found


def _weight(place: Found) -> int:
    weight = _WEIGHT.get(place.kind, _OTHER_WEIGHT)
    return max(weight, 15) if place.kind == "village" and place.population >= 1000 else weight


def _strength(name: str, weight: int) -> str:
    return "strong" if weight >= _SURE or len(name.split()) > 1 or name.isascii() else "weak"


def _fits(row: PlaceRow, place: Found) -> bool:
    """Tell whether a row of the same name is the place: areas by level, points by nearness."""
    if row.kind in _AREAS or place.kind in _AREAS:
        return row.kind == place.kind and _distance(row, place) <= _SAME_AREA_KM[row.kind]
    return _distance(row, place) <= _SAME_KM


def _distance(row: PlaceRow, place: Found) -> float:
    return kilometres(row, row._replace(lat=place.lat, lon=place.lon))


def _country_told(found: Iterable[Found], known: Gazetteer) -> str:
    """Return the country of the table's one row of the kind, by its names."""
    own = [place for place in found if place.kind == "country"]
    if len(own) != 1:
        return ""
    rows = [hit.row for name in own[0].names_ar for hit in known.index.get(name)]
    return next((row.country for row in rows if row.kind == "country"), "")


def _country_named(file: str) -> str:
    """Return the country whose two letters stand in the file's name, as in wof_iq_places.tsv."""
    codes = [t.upper() for t in re.split(r"[^a-z]+", Path(file).stem.lower()) if t in theatre_codes()]
    return codes[0] if len(codes) == 1 else ""


def _misplaced(place: Found) -> Refusal | None:
    """Return why a place cannot lie where its row says; None where it can."""
    if not place.country:
        remedy = "put the country's two letters into the file's name, as in wof_iq_places.tsv"
        return Refusal(place.row, "no country", remedy)
    about = _about(place.country.lower())
    if about is None or about.holds(place.lat, place.lon):
        return None
    swapped = about.holds(place.lon, place.lat)
    remedy = "latitude and longitude look swapped: swap them" if swapped else "mend the coordinates, or delete the row"
    return Refusal(place.row, f"the point {place.lat}, {place.lon} lies outside {about.en}", remedy)


@cache
def _about(code: str) -> About | None:
    return theatre(code).about if code in theatre_codes() else None
