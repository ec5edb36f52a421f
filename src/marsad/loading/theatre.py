"""A theatre pack as objects: its places and aliases, who is meant there, its outlets."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from marsad.errors import PackError, UsageError
from marsad.loading.codebook import PACKS, read_toml


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


@dataclass(frozen=True, slots=True)
class Theatre:
    """A country at war as its reports see it."""

    code: str
    country: str
    about: dict[str, Any]
    actors: list[dict[str, Any]]
    outlets: list[dict[str, Any]]
    places: tuple[PlaceRow, ...]
    aliases: tuple[tuple[str, str, bool], ...]


def theatre_codes() -> list[str]:
    """Return the codes of the packaged theatres, sorted; "world" (the rest) is none."""
    folder = PACKS / "theatres"
    return sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name not in ("world", "__pycache__"))


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def _country(code: str, row: dict[str, str]) -> str:
    if code != "world":
        return code.upper()
    return row["id"] if row["kind"] == "country" else row["id"].split("-")[0].upper()


def _place(code: str, row: dict[str, str]) -> PlaceRow:
    return PlaceRow(
        row["id"], row["kind"], row["name"], row["name_ar"], row["admin1"], row["admin2"], row["admin3"],
        _degrees(row["lat"]), _degrees(row["lon"]), int(row["weight"] or 0), _country(code, row), row["source"],
    )  # fmt: skip


def _places(code: str) -> tuple[PlaceRow, ...]:
    path = PACKS / "theatres" / code / "places.csv"
    if not path.is_file():
        return ()
    rows = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            try:
                rows.append(_place(code, row))
            except (ValueError, KeyError, TypeError) as error:
                raise PackError(f"theatres/{code}/places.csv, row {number}: {error}") from error
    return tuple(rows)


def _aliases(code: str) -> tuple[tuple[str, str, bool], ...]:
    path = PACKS / "theatres" / code / "aliases.csv"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple((r["id"], r["alias"], r["strength"] == "strong") for r in csv.DictReader(lines))


@cache
def theatre(code: str) -> Theatre:
    """Return the pack of a theatre; raise UsageError that lists the known ones."""
    if code != "world" and code not in theatre_codes():
        raise UsageError(f"unknown theatre {code!r}; known: {', '.join(theatre_codes())}")
    folder = PACKS / "theatres" / code

    def part(name: str) -> dict[str, Any]:
        return read_toml(folder / name) if (folder / name).is_file() else {}

    return Theatre(
        code, code.upper(), part("about.toml"), part("actors.toml").get("name", []),
        part("outlets.toml").get("outlet", []), _places(code), _aliases(code),
    )  # fmt: skip
