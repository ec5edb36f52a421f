"""Parquet, one file a table, written in parts; and Arrow tables of the same columns for Python."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from marsad.errors import UsageError
from marsad.publish.characters import all_writable, writable
from marsad.publish.flat import columns_of
from marsad.publish.outgoing import Outgoing

# Rows that are in memory at once.
_PART = 10_000


def write(out: Outgoing, table: str, path: Path) -> None:
    """Write a table with the schema of `schema_of`; its metadata hold what the export states of itself."""
    parquet = _pyarrow().parquet
    about = {f"marsad.{name}": _text(value) for name, value in out.about.as_dict().items()}
    schema = schema_of(table).with_metadata(about)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in _batches(table, out.flat(table), schema):
            writer.write_batch(part)


def table_of(table: str, rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return flat rows as an Arrow table, whose columns have the same types whether there are rows or none."""
    schema = schema_of(table)
    return _pyarrow().Table.from_batches(_batches(table, rows, schema), schema)


def schema_of(table: str) -> Any:
    """Return the Arrow schema of a table; each field says what it means."""
    pa = _pyarrow()
    types = {
        "text": pa.string(), "texts": pa.list_(pa.string()), "day": pa.date32(), "time": pa.timestamp("us", "UTC"),
        "number": pa.float64(), "whole": pa.int64(), "flag": pa.bool_(),
    }  # fmt: skip
    fields = (
        pa.field(column.name, types[column.kind], metadata={"meaning": column.meaning}) for column in columns_of(table)
    )
    return pa.schema(list(fields))


def _batches(table: str, rows: Iterable[Mapping[str, Any]], schema: Any) -> Iterator[Any]:
    pa, stream = _pyarrow(), iter(rows)
    columns = columns_of(table)
    while part := list(islice(stream, _PART)):
        arrays = [[_value(row[column.name], column.kind) for row in part] for column in columns]
        typed = [pa.array(values, schema.field(n).type) for n, values in enumerate(arrays)]
        yield pa.RecordBatch.from_arrays(typed, schema=schema)


def _value(value: Any, kind: str) -> Any:
    """Return a value as Arrow has it: days and times are no text."""
    if value is None or kind not in ("day", "time"):
        return all_writable(value)
    return date.fromisoformat(value) if kind == "day" else datetime.fromisoformat(value)


def _text(value: Any) -> str:
    return writable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError("this needs Arrow: pip install 'marsad[tables]'") from None
    return pyarrow
