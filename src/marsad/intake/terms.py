"""On what terms inputs are read: what holds where they say nothing, which columns, how late a day may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from marsad.intake.columns import KNOWN, Columns, folded, header_key, names_text
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.records import Defaults, no_text_field, reports_of
from marsad.model import Capture, Report


@dataclass(frozen=True, slots=True)
class Found:
    """A report as the reader of a kind found it; `capture` is set where it has one of its own in its file."""

    report: Report
    kind: str
    row: int | None = None
    lead: bool = False
    extractors: tuple[str, ...] = ()  # distributions whose version matters to the text
    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a call asks of every input: its defaults, columns by hand or remembered, and what it can keep."""

    defaults: Defaults
    columns: Columns | None = None
    remembered: Callable[[str], Columns | None] | None = None
    on_columns: Callable[[str, Columns], None] | None = None
    latest: date | None = None  # no report is published after it; None: any day is taken
    leads: bool = False  # whether a text that is a lead only is of use
    keeps_all: bool = False  # whether captures hold their bytes because nobody else does

    def columns_of(self, header: Iterable[str]) -> Columns:
        """Return the columns that hold for a table: those given, else remembered for its header, else known."""
        if self.columns:
            return self.columns
        return (self.remembered and self.remembered(header_key(header))) or KNOWN

    def names_text(self, header: list[str]) -> bool:
        """Tell whether a first row is the header of a table with a column of texts."""
        return names_text(header, self.columns_of(header))

    def found(
        self, record: object, kind: str, where: str, row: int | None = None, extractors: tuple[str, ...] = ()
    ) -> Iterator[Found | Failure]:
        """Yield the report of a record with known fields, and a failure for what of it could not be read."""
        for item in reports_of(record, where, row, self.defaults, latest=self.latest):
            yield Found(item, kind, row, extractors=extractors) if isinstance(item, Report) else item

    def for_rows(self) -> Terms:
        """Return the terms of what holds many reports: title and address of the whole are those of none."""
        return replace(self, defaults=replace(self.defaults, title=None, url=None))


class Table:
    """One table: its header, the columns that hold for it, and word to the caller once given ones served."""

    def __init__(self, terms: Terms, header: Iterable[str], kind: str, where: str) -> None:
        self.header = list(header)
        self.columns = terms.columns_of(self.header)
        self._terms = terms
        self._kind = kind
        self._where = where
        self._unseen = self.columns.missing_from(self.header)  # rows of JSON have headers of their own
        self._told = False

    def refuse_without_text(self) -> None:
        """Refuse a header that lacks a column that was named, or has none of texts."""
        if self._unseen:
            there = ", ".join(name for name in self.header if name)[:120] or "none"
            raise UnreadableError(f"it has no column {self._unseen[0]!r} (it has: {there})", "name one that it has")
        if not {folded(name) for name in self.header}.intersection(self.columns.sought["text"]):
            raise no_text_field(self.header)

    def wanted(self) -> list[str]:
        """Return the names of the header that hold a field."""
        sought = {name for names in self.columns.sought.values() for name in names}
        return [name for name in self.header if folded(name) in sought]

    def found(self, record: object, row: int | None) -> Iterator[Found | Failure]:
        """Yield the report of one row, and a failure for what of it could not be read."""
        terms = self._terms
        if self._unseen and isinstance(record, Mapping):
            there = {folded(name) for name in record}
            self._unseen = [name for name in self._unseen if folded(name) not in there]
        for item in reports_of(record, self._where, row, terms.defaults, self.columns, terms.latest):
            if isinstance(item, Failure):
                yield item
                continue
            self._tell()
            yield Found(item, self._kind, row)

    def _tell(self) -> None:
        """Tell the caller once that the columns it gave fit this table."""
        terms = self._terms
        if not self._told and not self._unseen and terms.columns and terms.on_columns:
            self._told = True
            terms.on_columns(header_key(self.header), terms.columns)

    def never_seen(self) -> Iterator[Failure]:
        """Yield a failure for each column that was named and that no row had; that of texts failed row by row."""
        for name in self._unseen:
            if name != self.columns.names.get("text"):
                yield Failure(self._where, None, f"no row has the field {name!r}", "name one that they have")
