"""Which column of a table holds which field: the names that are known, and those that a person gave."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from marsad.errors import UsageError

# The names under which a field is looked for, the best first; compared in small letters.
FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "النص", "نص"),
    "id": ("id",),
    "title": ("title", "headline", "العنوان"),
    "outlet": ("outlet", "source", "publisher", "المصدر"),
    "published": ("published", "published_at", "date", "التاريخ"),
    "url": ("url", "link"),
    "theatre": ("theatre",),
}
# What comes first in a date that is written with signs between: the day or the month.
DAY_ORDERS = ("dmy", "mdy")
_FORM = "write it as text=COLUMN,published=COLUMN"


def folded(name: object) -> str:
    """Return the name of a column as names are compared: without outer spaces, in small letters."""
    return str(name).strip().lower()


@dataclass(frozen=True)
class Columns:
    """The columns that a person named for fields, as written; all other fields are found by known names."""

    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    day_order: str | None = None

    def __post_init__(self) -> None:
        for key, name in self.names.items():
            if key not in FIELDS:
                raise UsageError(f"a report has no field {key!r}; it has {', '.join(FIELDS)}")
            if not folded(name):
                raise UsageError(f"the field {key!r} is given no column; {_FORM}")
        if self.day_order not in (None, *DAY_ORDERS):
            raise UsageError(f"there is no order of dates {self.day_order!r}; write published:dmy= or published:mdy=")

    @classmethod
    def parse(cls, written: str) -> Columns:
        """Return the columns of `text=نص الخبر,published:dmy=تاريخ النشر`; a name with a comma stands in quotes."""
        names: dict[str, str] = {}
        order: str | None = None
        for part in next(csv.reader([written], skipinitialspace=True), []):
            key, sign, name = part.partition("=")
            key, _, suffix = key.strip().partition(":")
            if not sign or key in names:
                raise UsageError(f"{part!r} names no column for a field, or its field is named twice; {_FORM}")
            if suffix and key != "published":
                raise UsageError(f"{part!r}: only the field 'published' has an order, as published:dmy=COLUMN")
            names[key] = name.strip()
            order = suffix or order
        if not names:
            raise UsageError(f"no column is named; {_FORM}")
        return cls(names, order)

    def __str__(self) -> str:
        """Return what `parse` reads back as the same columns."""
        parts = (f"{self._key(key)}={name}" for key, name in self.names.items())
        return ",".join(f'"{p.replace(chr(34), chr(34) * 2)}"' if "," in p or '"' in p else p for p in parts)

    def _key(self, key: str) -> str:
        return f"{key}:{self.day_order}" if key == "published" and self.day_order else key

    @cached_property
    def sought(self) -> dict[str, tuple[str, ...]]:
        """For each field the folded names to look under: the one given, else the known ones not given away."""
        given = {key: folded(name) for key, name in self.names.items()}
        taken = set(given.values())
        return {
            key: (given[key],) if key in given else tuple(name for name in known if name not in taken)
            for key, known in FIELDS.items()
        }

    def missing_from(self, header: Iterable[str]) -> list[str]:
        """Return the columns named here that a table's header does not have."""
        there = {folded(name) for name in header}
        return [name for name in self.names.values() if folded(name) not in there]


KNOWN = Columns()


def names_text(header: list[str], columns: Columns = KNOWN) -> bool:
    """Tell whether a first row names a column of texts; one known word alone may be a short text's first line."""
    if columns.names.get("text"):
        return not columns.missing_from(header)
    return (len(header) > 1 or len(header[0]) < 8) and any(folded(n) in columns.sought["text"] for n in header)


def header_key(names: Iterable[str]) -> str:
    """Return the same 16 hexadecimal digits for tables with the same columns, in whatever order."""
    return hashlib.sha256("\x1f".join(sorted(map(folded, names))).encode("utf-8", "surrogatepass")).hexdigest()[:16]
