"""The form of a bundle: its entries, the tables that it carries, and what its manifest says of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Boolean, Float, Integer, LargeBinary, MetaData, Table, Text

from marsad.record import schema
from marsad.record.migrating import HEAD

FORMAT = 1
# No row is longer, in bytes: of a larger one nobody could tell that it is not made to fill the memory.
LONGEST = 64_000_000
README, MANIFEST, DECISIONS, SUMS = "README.txt", "manifest.json", "decisions.jsonl", "SHA256SUMS"
# Made again from the others on import: marks of the wording, and who holds what, which is made when it is asked for.
# What can be searched is carried, because its order decides which hits are ranked; its words are made again.
_MADE_AGAIN = frozenset({"sketch", "testimony", "held_place", "holding", "chart"})
# Who works at a desk, and by what they prove it, is nobody else's: it stays.
_STAYS = frozenset(name for name, table in schema.metadata.tables.items() if table.info.get("desk"))
_OURS = frozenset(schema.metadata.tables)
_WHAT = "a record of Marsad, whole"
_LICENCE = (
    "Texts and originals are their outlets'; they may be passed on as far as these allow. Places: UN OCHA (CC BY 3.0 "
    "IGO), OpenSyria (CC BY 4.0), Who's On First (its own terms), GeoNames (CC BY 4.0)."
)
_NAME = re.compile("[a-z][a-z_]{0,62}")
_TABLE = re.compile(r"record/[a-z][a-z_]{0,62}\.jsonl")
_REVISION = re.compile("(?!0000)[0-9]{4}")
_ORIGINAL = re.compile("originals/[0-9a-f]{64}")
# What a cell of each type is in JSON; of bytes, the name of the entry that holds them. Floats are no integers here:
# what is written again must have the same digits.
_CELLS: tuple[tuple[type, type], ...] = (
    (Boolean, bool), (Integer, int), (Float, float), (Text, str), (LargeBinary, str),
)  # fmt: skip


class NoManifestError(ValueError):
    """What stands in the place of a manifest is none."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is of something: rows (of originals, files) and bytes, unpacked."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself; `record` tells the record from others, `head` is that of its chain of decisions.

    `columns` names those of each table, `tables` says how much there is of each.
    """

    schema: str
    tool: str
    record: str
    head: str
    columns: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Extent]
    decisions: Extent
    originals: Extent

    @property
    def is_of_today(self) -> bool:
        """Tell whether the tables are those of this version."""
        return self.schema == HEAD

    def as_json(self) -> str:
        """Return the manifest as it stands in a bundle."""
        told = {
            "what": _WHAT, "format": FORMAT, "schema": self.schema, "tool": self.tool, "record": self.record,
            "known_by": None, "head": self.head, "licence": _LICENCE,
            "tables": {name: {**asdict(e), "columns": self.columns[name]} for name, e in self.tables.items()},
            "decisions": asdict(self.decisions), "originals": asdict(self.originals),
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def manifest_of(written: bytes) -> Manifest:
    """Return what a manifest says; raise NoManifestError with what is wrong with it and what to do."""
    try:
        told = json.loads(written)
        _check_version(told)
        columns = {name: tuple(map(str, table["columns"])) for name, table in told["tables"].items()}
        tables = {name: _extent_of(table) for name, table in told["tables"].items()}
        if not all(map(_NAME.fullmatch, tables)):
            raise NoManifestError("it names a table that no record has; export the bundle again")
        revision, tool, record, head = (str(told[name]) for name in ("schema", "tool", "record", "head"))
        decisions, originals = _extent_of(told["decisions"]), _extent_of(told["originals"])
        return Manifest(revision, tool, record, head, columns, tables, decisions, originals)
    except NoManifestError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NoManifestError("it cannot be read; export the bundle again") from None


def _check_version(told: Mapping[str, Any]) -> None:
    form, revision = told["format"], told["schema"]
    update = "update the program: pip install --upgrade marsad"
    if type(form) is not int or form < 1 or not _REVISION.fullmatch(revision):
        raise ValueError
    if form > FORMAT:
        raise NoManifestError(f"it is of a newer form ({form}); {update}")
    if revision > HEAD:
        raise NoManifestError(f"it was written by a newer Marsad (schema {revision}); {update}")


def _extent_of(told: Mapping[str, Any]) -> Extent:
    found = Extent(told["rows"], told["bytes"])
    if not all(type(number) is int and number >= 0 for number in (found.rows, found.bytes)):
        raise ValueError
    return found


def entry_of(table: str) -> str:
    """Return the name of the entry that holds a table."""
    return f"record/{table}.jsonl"


def original_of(sha256: str) -> str:
    """Return the name of the entry that holds the bytes with this hash."""
    return f"originals/{sha256}"


def is_table(entry: str) -> bool:
    """Tell whether the name of an entry is that of a table."""
    return _TABLE.fullmatch(entry) is not None


def is_original(entry: str) -> bool:
    """Tell whether the name of an entry is that of an original."""
    return _ORIGINAL.fullmatch(entry) is not None


def carried(metadata: MetaData = schema.metadata) -> list[Table]:
    """Return the tables that a bundle carries, each after those that its rows refer to."""
    return [table for table in metadata.sorted_tables if table.name in _OURS - _MADE_AGAIN - _STAYS]


def cells_of(columns: Iterable[Any]) -> dict[str, tuple[type, bool]]:
    """Return for each column what a cell of it is in JSON, and whether it may be null."""
    return {column.name: (_cell_of(column.type), bool(column.nullable)) for column in columns}


def _cell_of(kind: Any) -> type:
    return next(cell for type, cell in _CELLS if isinstance(kind, type))
