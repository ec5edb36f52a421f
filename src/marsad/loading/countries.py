"""Countries by the codes of other houses, and which actor of the registry is the government of which.

The codes are those of ISO 3166-1; the numbers of states those of Gleditsch and Ward, as UCDP has them; the names of
regions those of UCDP and ACLED, where they were checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, actors, read_toml

_HEAD = "id,alpha3,numeric,gw,ucdp_region,acled_region"


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its two letters; what is not known of it is None or ""."""

    id: str
    alpha3: str
    numeric: int | None
    gw: int | None
    ucdp_region: str
    acled_region: str


@cache
def countries() -> dict[str, Country]:
    """Return the countries of the world by their two letters; raise PackError for another heading or a broken row."""
    head, *lines = (PACKS / "codebook" / "countries.csv").read_text("utf-8").splitlines()
    if head != _HEAD:
        raise PackError(f"codebook/countries.csv: the columns are {_HEAD}")
    found = [_country(n, line) for n, line in enumerate(lines, 2)]
    return {country.id: country for country in found}


def _country(n: int, line: str) -> Country:
    try:
        id, alpha3, numeric, gw, ucdp, acled = line.split(",")
        return Country(id, alpha3, int(numeric) if numeric else None, int(gw) if gw else None, ucdp, acled)
    except ValueError:
        raise PackError(f"codebook/countries.csv, line {n}: {line!r} is no row of {_HEAD}; mend it") from None


@cache
def governments() -> dict[str, str]:
    """Return for each actor that is a government, or its forces, the two letters of its country."""
    found: dict[str, str] = read_toml(PACKS / "codebook" / "governments.toml")["governs"]
    if unknown := [id for id, code in found.items() if id not in actors() or code not in countries()]:
        raise PackError(f"codebook/governments.toml: no such actor or country: {', '.join(unknown)}")
    return found
