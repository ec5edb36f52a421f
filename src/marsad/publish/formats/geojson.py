"""GeoJSON (RFC 7946), one file a table: a feature a row, its point with the radius within which the place may lie."""

from __future__ import annotations

from pathlib import Path

from marsad.loading.published import published
from marsad.publish.flat import columns_of
from marsad.publish.geojson import collection_of
from marsad.publish.outgoing import Outgoing


def write(out: Outgoing, table: str, path: Path) -> None:
    """Write a table, a feature a line; lists stay lists, and `metadata` says what the export states of itself."""
    given = published()[table]
    columns = {column.name: column.meaning for column in columns_of(table) if column.name not in ("lat", "lon")}
    metadata = {"table": table, "meaning": given.meaning, **out.about.as_dict(), "columns": columns}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in collection_of(out.flat(table), about={"metadata": metadata}))
