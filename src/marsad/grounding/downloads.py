"""What a user downloads, as one kind of row: OCHA, OpenSyria and Who's On First tables, GeoNames dumps.

The format is told by the content: a heading that names P-codes, place types or levels; without a heading, 19
columns of GeoNames or the 8 to 10 of its alternate names. A row that cannot be read is a refusal with its number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from marsad.errors import InputError
from marsad.text.letters import fold


class Refusal(NamedTuple):
    """A row that was not taken: its number in the file, why, and what to do."""

    row: int
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}; {self.remedy}"


class LeftOut(NamedTuple):
    """A row of a kind that no report names as a place: a school, a county's statistical part."""

    row: int
    kind: str


class Found(NamedTuple):
    """A place as a downloaded table tells it; `area` and `parents` are keys within that table."""

    row: int
    key: str
    kind: str
    name: str
    names_ar: tuple[str, ...]
    lat: float
    lon: float
    population: int
    country: str
    area: str = ""
    parents: tuple[str, str, str] = ("", "", "")
    parent_names: tuple[str, ...] = ()
    geonames: str = ""


class OtherName(NamedTuple):
    """An Arabic name of a place that a GeoNames dump has numbered."""

    row: int
    geonames: str
    name: str
    preferred: bool


Item = Found | Refusal | LeftOut | OtherName


@dataclass(frozen=True, slots=True)
class Download:
    """A file whose format is known; its items are read as one goes through them."""

    path: Path
    format: str
    items: Iterator[Item]


class _ProblemError(Exception):
    """Why one row is refused, and what to do."""


Row = dict[str, str]
_POINT = "give the degrees as numbers with a point (33.51, 36.28), or delete the row"
_LEVEL = re.compile(r"adm(?:in)?([0-4])(?:name)?(pcode|code|id|en|ar|arabic|1)?")
_PART = {"code": "pcode", "id": "pcode", None: "en", "arabic": "ar", "1": "ar"}
# Field → headings that mean it, letters and digits only, as the publishers write them in various years.
_HEADINGS = {
    "key": ("pcode", "wofid", "placepcode4", "pplpcode", "featurepcode"),
    "wof": ("wofid", "id"),
    "name": ("nameen", "name", "featurenameen", "pplnameen"),
    "names_ar": ("namear", "namesar", "featurenamear", "pplnamear", "namearabic"),
    "more_ar": ("aliasesar",),
    "lat": ("lat", "latitude", "latitudey", "y", "pointy", "ycoord", "centerlat", "geomlatitude", "latd"),
    "lon": ("lon", "long", "lng", "longitude", "longitudex", "x", "pointx", "xcoord", "centerlon", "geomlongitude"),
    "level": ("level",), "placetype": ("placetype",), "population": ("population", "pop", "gnpopulation"),
    "feature": ("gnfeaturecode", "featurecode"), "geonames": ("geonamesid", "gnid"),
    "country": ("iso", "isocountry", "wofcountry", "countrycode", "iso2", "country"),
    "region": ("region",), "county": ("county",), "parent_place": ("placepcode",),
}  # fmt: skip
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_LEVELS = {"0": "country", "1": "admin1", "2": "admin2", "3": "admin3", "4": "village"}
_PLACETYPES = {
    "country": "country", "region": "admin1", "county": "admin2", "localadmin": "admin3", "locality": "village",
    "borough": "neighbourhood", "macrohood": "neighbourhood", "neighbourhood": "neighbourhood",
    "microhood": "neighbourhood",
}  # fmt: skip
_FEATURES = {
    "PCLI": "country", "ADM1": "admin1", "ADM2": "admin2", "ADM3": "admin3", "PPLC": "city", "PPLA": "city",
    "PPLA2": "town", "PPLX": "neighbourhood", "RGN": "region", "HLL": "hill", "HLLS": "hill", "MT": "mountain",
    "MTS": "mountain", "ISL": "island", "STM": "river", "LK": "lake", "DAM": "dam", "AIRP": "airport",
    "AIRF": "airport", "AIRB": "base", "MILB": "base", "INSM": "base", "PRN": "prison", "HSP": "hospital",
    "CMPRF": "camp", "OILF": "oilfield", "PRT": "port", "HBR": "port", "BDG": "bridge", "PSTB": "crossing",
    "OILR": "facility", "PS": "facility",
}  # fmt: skip
_GARBLED = re.compile(r"[ØÙÚÛ][\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\ufffd|\?{3}")


def open_download(path: Path) -> Download:
    """Return the file as rows of a known format; raise InputError that says what it is and what to do instead."""
    head = _head(path)
    lines = list(islice(_lines(path), 20))
    if not lines or not any(line.strip() for line in lines):
        raise InputError(f"{path}: the file is empty; download it again")
    if head.lstrip()[:1] in (b"{", b"["):
        raise InputError(f"{path}: this is JSON; import a table (csv or tsv) of the same places")
    for width, format, item_of in (
        (range(19, 20), "GeoNames", _geonames),
        (range(8, 11), "GeoNames names", _other_name),
    ):
        if any(_is_bare(line.split("\t"), width, format) for line in lines):
            return Download(path, format, _bare_items(path, width, item_of))
    return _headed(path, lines[0])


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; name a file that can be read") from None
    if head.startswith(b"PK"):
        raise InputError(f"{path}: this is a zip archive or an Excel workbook; unpack it, or save the sheet as CSV")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{path}: this is UTF-16; save it as UTF-8 (Excel: “CSV UTF-8”)")
    return head


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines; raise InputError naming the line after which it is not UTF-8."""
    number = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            for line in file:
                number += 1
                yield line.rstrip("\r\n")
        except UnicodeDecodeError as error:
            reason = f"{path}, after row {number}: not UTF-8 ({error.reason})"
            raise InputError(f"{reason}; Arabic tables are often Windows-1256: save the file as UTF-8") from None


def _is_bare(cells: Sequence[str], width: range, format: str) -> bool:
    """Tell whether a line without a heading has the columns of the GeoNames format."""
    if len(cells) not in width or not cells[0].isdigit():
        return False
    return cells[1].isdigit() if format == "GeoNames names" else not cells[1].isdigit()


def _bare_items(path: Path, width: range, item_of: Callable[[int, list[str]], Item | None]) -> Iterator[Item]:
    for number, line in enumerate(_lines(path), 1):
        cells = line.split("\t")
        if not line.strip():
            continue
        if len(cells) not in width:
            wanted = " to ".join(dict.fromkeys(map(str, (width[0], width[-1]))))
            yield Refusal(number, f"{len(cells)} columns where {wanted} belong", "download the file again")
            continue
        try:
            item = item_of(number, cells)
        except _ProblemError as problem:
            yield Refusal(number, *problem.args)
            continue
        if item is not None:
            yield item


def _other_name(number: int, cells: list[str]) -> OtherName | None:
    """Return an Arabic name of alternateNamesV2; colloquial and historic ones are no names of today."""
    _, geonames, language, name, *flags = cells
    historic = len(flags) > 3 and flags[3] == "1"
    if language != "ar" or historic or not (names := arabic_names(name)):
        return None
    return OtherName(number, geonames, names[0], flags[0] == "1")


def _geonames(number: int, cells: list[str]) -> Item:
    key, name, _, others, lat, lon, feature_class, feature, country, _, admin1, admin2, admin3, _, people = cells[:15]
    population = _count(people)
    kind = _FEATURES.get(feature) or (_settled(population) if feature_class == "P" else "")
    if not kind or feature in ("PPLH", "PPLQ", "PPLW"):
        return LeftOut(number, feature or "no feature")
    parents = _areas(country, admin1, admin2, admin3)
    depth = int(kind[-1]) if kind.startswith("admin") else 0
    area = parents[depth - 1] if depth else ""
    own = (*parents[: max(depth - 1, 0)], "", "", "")[:3] if depth else parents
    point = _point(lat, lon)
    return Found(
        number, key, kind, _clean(name), arabic_names(others.replace(",", "|")), *point, population, country,
        area, (own[0], own[1], own[2]), geonames=key,
    )  # fmt: skip


def _areas(country: str, *codes: str) -> tuple[str, str, str]:
    """Return the keys of the areas as GeoNames writes them: SY.09, SY.09.173458; "00" is none."""
    found, key = [], country
    for code in codes:
        key = f"{key}.{code}" if key and code and code != "00" else ""
        found.append(key)
    return found[0], found[1], found[2]


def _headed(path: Path, heading: str) -> Download:
    """Return a table with a heading as OCHA's, OpenSyria's or Who's On First's."""
    mark = max("\t,;", key=heading.count)
    cells = next(csv.reader([heading], delimiter=mark))
    fields = _fields(cells)
    format, item_of = _format(fields)
    if item_of is None:
        known = "OCHA's (P-codes), Who's On First's (placetype), OpenSyria's (level, pcode) or GeoNames's (19 columns)"
        shown = ", ".join(cells[:12])[:200]
        raise InputError(f"{path}: no table that Marsad knows; it found the columns {shown}, and reads {known}")
    if not {"lat", "lon"} <= set(fields):
        raise InputError(f"{path}: no columns of coordinates; take the publisher's table with lat and lon in degrees")
    return Download(path, format, _headed_items(path, mark, fields, item_of))


def _fields(heading: Sequence[str]) -> list[str]:
    """Return for each column which field it holds: a known one, `adm1_pcode` and the like, or nothing."""
    found: list[str] = []
    for cell in heading:
        squeezed = re.sub(r"[^a-z0-9]", "", cell.lower())
        level = _LEVEL.fullmatch(squeezed)
        field = f"adm{level[1]}_{_PART.get(level[2], level[2])}" if level else _FIELD_OF.get(squeezed, "")
        found.append("" if field in found else field)
    return found


def _format(fields: Sequence[str]) -> tuple[str, Callable[[int, Row], Item] | None]:
    if "placetype" in fields:
        return "Who's On First", _who_is_on_first
    if "level" in fields and "key" in fields:
        return "OpenSyria", _open_syria
    if any(f == "key" or f.endswith("_pcode") for f in fields):
        return "OCHA", _ocha
    return "", None


def _headed_items(path: Path, mark: str, fields: Sequence[str], item_of: Callable[[int, Row], Item]) -> Iterator[Item]:
    rows = csv.reader((line + "\n" for line in _lines(path)), delimiter=mark)
    next(rows)
    for cells in rows:
        number = rows.line_num
        if not any(cells):
            continue
        if len(cells) != len(fields):
            reason = f"{len(cells)} columns where the heading has {len(fields)}"
            yield Refusal(number, reason, "mend the row: a separator or a quotation mark is too many or missing")
            continue
        try:
            yield item_of(number, {f: c.strip() for f, c in zip(fields, cells, strict=True) if f})
        except _ProblemError as problem:
            yield Refusal(number, *problem.args)


def _ocha(number: int, row: Row) -> Item:
    """Return a row of a COD table: its own level is the deepest that has a P-code."""
    depth = max((int(f[3]) for f in row if f.endswith("_pcode") and row[f]), default=0)
    own = f"adm{depth}_"
    key = row.get("key") or row.get(f"{own}pcode", "")
    names_ar = row.get("names_ar") or ("" if "key" in row else row.get(f"{own}ar", ""))
    name = row.get("name") or ("" if "key" in row else row.get(f"{own}en", ""))
    kind = "neighbourhood" if "parent_place" in row else "village" if "key" in row else _LEVELS[str(depth)]
    area = key if kind.startswith("admin") else ""
    parents = tuple("" if row.get(f"adm{n}_pcode") == area else row.get(f"adm{n}_pcode", "") for n in (1, 2, 3))
    country = row.get("country") or parents[0][:2] or key[:2]
    return _found(number, row, key, kind, name, names_ar.replace("_", "|"), country, area, parents, "adm1_")


def _open_syria(number: int, row: Row) -> Item:
    kind = _LEVELS.get(row["level"])
    if kind is None or kind == "village":
        raise _ProblemError(f"the level is {row['level']!r}", "write 1, 2 or 3")
    key = row["key"]
    parents = (row.get("adm1_pcode", ""), row.get("adm2_pcode", ""), "")
    names = f"{row.get('names_ar', '')}|{row.get('more_ar', '')}"
    return _found(number, row, key, kind, row.get("name", ""), names, key[:2], key, parents, "")


def _who_is_on_first(number: int, row: Row) -> Item:
    kind = _PLACETYPES.get(row["placetype"])
    if kind is None:
        return LeftOut(number, row["placetype"] or "no placetype")
    if kind == "village":
        kind = _FEATURES.get(row.get("feature", ""), _settled(_count(row.get("population", ""))))
    region, county = row.get("region", ""), row.get("county", "")
    deep = f"{region}/{county}" if county else ""
    area = {"admin1": region, "admin2": deep}.get(kind, "")
    parents = ("" if kind in ("admin1", "country") else region, "" if kind == "admin2" else deep, "")
    key = row.get("key") or row.get("wof", "")
    return _found(
        number, row, key, kind, row.get("name", ""), row.get("names_ar", ""), row.get("country", ""), area, parents, ""
    )


def _found(
    number: int, row: Row, key: str, kind: str, name: str, names_ar: str, country: str, area: str,
    parents: Sequence[str], level: str,
) -> Found:  # fmt: skip
    if not key:
        raise _ProblemError("no P-code or number", "give the row the one of its publisher")
    arabic = arabic_names(names_ar)
    if not arabic and not name:
        raise _ProblemError("no name", "give it a name, or delete the row")
    code = country.upper()[:2] if country[:2].isalpha() else ""
    return Found(
        number, key, kind, _clean(name) or arabic[0], arabic, *_point(row["lat"], row["lon"]),
        _count(row.get("population", "")), code, area, (parents[0], parents[1], parents[2]),
        tuple(n for n in (row.get(f"{level}ar", ""), row.get(f"{level}en", "")) if n) if level else (),
        row.get("geonames", ""),
    )  # fmt: skip


def _settled(population: int) -> str:
    return "city" if population >= 100_000 else "town" if population >= 10_000 else "village"


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _point(lat: str, lon: str) -> tuple[float, float]:
    """Return the degrees; refuse what is missing, is no number, lies off the globe or is 0, 0."""
    if not lat or not lon:
        raise _ProblemError("no coordinates", _POINT)
    try:
        north, east = float(lat), float(lon)
    except ValueError:
        raise _ProblemError(f"the coordinates {lat!r}, {lon!r} are no numbers", _POINT) from None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise _ProblemError(f"the coordinates {lat}, {lon} lie outside the globe", _POINT)
    if not north and not east:
        raise _ProblemError("the coordinates are 0, 0, which stands for none", _POINT)
    return north, east


def _clean(name: str) -> str:
    """Return the name on one line, without the signs that steer direction."""
    return " ".join(re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00]", "", name).split())


def arabic_names(cell: str) -> tuple[str, ...]:
    """Return the names of a cell that are in Arabic letters, each once however it is spelt, Arabic's own first."""
    if _GARBLED.search(cell):
        raise _ProblemError(f"the Arabic name is garbled: {cell[:30]!r}", "take the file again, as UTF-8")
    found: dict[str, str] = {}
    for name in map(_clean, cell.split("|")):
        if _in_arabic(name):
            found.setdefault(fold(name), name)
    return tuple(sorted(found.values(), key=_is_foreign))


def _in_arabic(name: str) -> bool:
    return (
        bool(name)
        and all("\u0600" <= c <= "\u06ff" or "\ufb50" <= c <= "\ufefc" or not c.isalpha() for c in name)
        and (any(c.isalpha() for c in name))
    )


def _is_foreign(name: str) -> bool:
    """Tell whether letters of Persian, Kurdish or Urdu are in the name."""
    return any(c in "پچژگکیەۆۇڕڵێےھہۀډړټځڅښڼ" for c in name)
