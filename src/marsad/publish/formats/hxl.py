"""HXL 1.1 (Humanitarian Exchange Language): CSV with a row of hashtags below the names of the columns."""

from __future__ import annotations

from pathlib import Path

from marsad.publish.formats.csv import write_csv
from marsad.publish.outgoing import Outgoing


def write(out: Outgoing, table: str, path: Path) -> None:
    """Write a table as CSV, its second row the hashtags of codebook/published.toml; and PATH-metadata.json."""
    write_csv(out, table, path, tagged=True)
