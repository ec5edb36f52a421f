"""Files of many reports: JSON, JSON Lines, CSV and Parquet; all but JSON are read row by row."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from marsad.intake.encoding import decode, encoding_of, is_wide
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.kinds import delimiter_of
from marsad.intake.sources import Source
from marsad.intake.telegram import found_in_export, is_export
from marsad.intake.terms import Found, Table, Terms

# One line holds one report. A hundred million bytes is far above the longest and bounds the memory.
_MAX_LINE = 100_000_000
# A JSON document must be loaded whole; this takes about a gigabyte of memory and ten seconds.
_MAX_JSON = 256_000_000


def read_json(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield the reports of one object (a gold file, a chat of Telegram's export) or of a list of them."""
    data = source.read(_MAX_JSON + 1)
    if len(data) > _MAX_JSON:
        raise UnreadableError("the JSON is larger than 256 MB", "write it as JSON Lines, one report a line")
    found = _parse(decode(data))
    if not isinstance(found, list):
        yield from _of_one(found, source.name, terms)
        return
    if not found:
        raise UnreadableError("the list is empty", "give it a report")
    yield from _of_list(found, source.name, terms.for_rows())


def _of_one(record: object, where: str, terms: Terms) -> Iterator[Found | Failure]:
    if is_export(record):
        yield from found_in_export(cast(Any, record), where, terms.for_rows())
        return
    table = Table(terms, _names_of(record), "json", where)
    yield from table.found(record, None)
    yield from table.never_seen()


def _of_list(records: list[object], where: str, terms: Terms) -> Iterator[Found | Failure]:
    first = next((record for record in records if isinstance(record, Mapping)), None)
    table = Table(terms, _names_of(first), "json", where)
    for row, record in enumerate(records, 1):
        yield from table.found(record, row)
    yield from table.never_seen()


def _names_of(record: object) -> list[str]:
    return list(map(str, record)) if isinstance(record, Mapping) else []


def _parse(text: str, row: int | None = None) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = error.lineno if row is None else row
        reason = f"broken JSON ({error.msg[:1].lower()}{error.msg[1:]} at character {error.colno})"
        raise UnreadableError(reason, "mend the line, or write the file again with a JSON library", line) from None
    except RecursionError:
        raise UnreadableError("the JSON is nested too deep", "write one flat object a report", row) from None


def read_jsonl(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield one report a line; a broken line is a failure of its own and the next is read."""
    table: Table | None = None
    for row, record in _records_of(source):
        if isinstance(record, Failure):
            yield record
            continue
        if table is None and is_export(record):
            yield from found_in_export(cast(Any, record), source.name, terms.for_rows())
            continue
        if table is None or not table.header:  # the first object names the columns
            table = Table(terms.for_rows(), _names_of(record), "jsonl", source.name)
        yield from table.found(record, row)
    if table:
        yield from table.never_seen()


def _records_of(source: Source) -> Iterator[tuple[int, object]]:
    """Yield what each line that is not blank holds and its number; a failure for one that is broken."""
    for row, line in enumerate(_lines_of(source), 1):
        try:
            if line is None:
                raise UnreadableError("the line is longer than 100 MB", "write one report a line")
            if line.strip():
                yield row, _parse(line, row)
        except UnreadableError as error:
            yield row, error.at(source.name, row)


def _lines_of(source: Source) -> Iterator[str | None]:
    """Yield the lines with their ends, each decoded by itself; None for one that is too long."""
    encoding = encoding_of(source.head)
    if is_wide(encoding):
        # `newline=""` keeps line ends as written; a wide file is rare enough to trust its line lengths.
        yield from io.TextIOWrapper(source.stream(), encoding, "replace", newline="")
        return
    stream = source.stream()
    first = True
    while line := stream.readline(_MAX_LINE):
        if len(line) == _MAX_LINE and not line.endswith(b"\n"):
            _skip_line(stream)
            yield None
            continue
        yield _text_of(line.removeprefix(codecs.BOM_UTF8) if first else line, encoding)
        first = False


def _skip_line(stream: io.BufferedReader) -> None:
    while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
        pass


def _text_of(line: bytes, encoding: str) -> str:
    """Return the line as UTF-8 if it is that, else in the file's code page or the line's own."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return decode(line, None if encoding.startswith("utf") else encoding)


def read_csv(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield one report a row, the columns named by the first; the row is the line it begins on."""
    csv.field_size_limit(_MAX_LINE)
    lines = _Counted(_lines_of(source))
    rows = csv.reader(lines, delimiter=delimiter_of(decode(source.head), terms.names_text) or ",")
    table = Table(terms.for_rows(), _header_of(rows), "csv", source.name)
    table.refuse_without_text()
    while True:
        row = lines.count + 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield Failure(source.name, row, f"broken CSV ({error})", "close its quotation marks, or export it again")
            continue
        if cells is None:
            return
        if any(cells):
            yield from _csv_row(table, cells, source.name, row)


def _header_of(rows: Iterator[list[str]]) -> list[str]:
    try:
        return [name.strip() for name in next(rows)]
    except (csv.Error, StopIteration) as error:
        raise UnreadableError(f"its first row is broken ({error})", "name the columns there", 1) from None


def _csv_row(table: Table, cells: list[str], where: str, row: int) -> Iterator[Found | Failure]:
    columns = len(table.header)
    if len(cells) > columns:
        reason = f"it has {len(cells)} cells under {columns} columns"
        yield Failure(where, row, reason, "put the text in quotation marks")
        return
    yield from table.found(dict(zip(table.header, cells, strict=False)), row)


class _Counted:
    """Lines with a count of those handed out; a line that is too long is handed on as an open field."""

    def __init__(self, lines: Iterator[str | None]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += 1
        if line is None:
            raise csv.Error("a line is longer than 100 MB")
        return line


def read_parquet(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield one report a row of an Arrow Parquet file, read in batches."""
    file = _parquet_of(source)
    table = Table(terms.for_rows(), file.schema_arrow.names, "parquet", source.name)
    table.refuse_without_text()
    row = 0
    for batch in file.iter_batches(batch_size=512, columns=table.wanted()):
        for record in batch.to_pylist():
            row += 1
            yield from table.found(record, row)


def _parquet_of(source: Source) -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise UnreadableError(
            "it is Parquet, which needs pyarrow", "install it: pip install 'marsad[tables]'"
        ) from None
    try:
        # Parquet is read from its end. A plain file is sought in; what came through a pipe is loaded.
        opened = source.whole or io.BytesIO(source.stream().read())
        return pq.ParquetFile(cast(Any, opened))
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableError(f"broken Parquet ({str(error)[:80]})", "write the file again") from None
