"""What the world sends (page, file, feed, table) becomes reports; what could not be read, failures.

Knows outlets and markup, not Arabic and not war. Drops nothing silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from marsad.intake.arrivals import arrivals_from, arrivals_of, latest_day
from marsad.intake.captures import open_taken, utc_now
from marsad.intake.columns import Columns, header_key
from marsad.intake.days import asked_day
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.readers import STOPS, failure_of, found_in
from marsad.intake.records import Defaults, reports_of
from marsad.intake.sources import STDIN, files_of, open_source
from marsad.intake.terms import Terms
from marsad.model import Arrival, Report

__all__ = [
    "Columns",
    "Defaults",
    "Failure",
    "arrivals_of",
    "asked_day",
    "header_key",
    "read_inputs",
    "reports_of",
    "take_in",
]

_Item = TypeVar("_Item")


def read_inputs(inputs: Iterable[str], defaults: Defaults | None = None) -> Iterator[Report | Failure]:
    """Yield every report of the files, folders and `-` (standard input) in order, and every failure.

    Nothing is hashed, and nothing that is a lead only is read: see `take_in` for both.
    """
    terms = Terms(defaults or Defaults())

    def reports_in(file: str) -> Iterator[Report | Failure]:
        with open_source(file) as source:
            for item in found_in(source, terms):
                yield item if isinstance(item, Failure) else item.report

    return _over_files(inputs, reports_in)


def take_in(
    inputs: Iterable[str],
    defaults: Defaults | None = None,
    *,
    columns: Columns | None = None,
    remembered: Mapping[str, Columns] | Callable[[str], Columns | None] | None = None,
    on_columns: Callable[[str, Columns], None] | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Iterator[Arrival | Failure]:
    """Yield every report of the inputs with the capture that vouches for it, and every failure.

    A table's `columns` are those given, else what is `remembered` under its `header_key`; `on_columns` is told
    once a table for which given ones served. A report dated more than two days after `now` is a failure.
    """
    terms = Terms(
        defaults or Defaults(),
        columns,
        remembered.get if isinstance(remembered, Mapping) else remembered,
        on_columns,
        latest_day(now()),
        leads=True,
    )

    def arrivals_in(file: str) -> Iterator[Arrival | Failure]:
        with open_taken(file, now) as (source, taken):
            yield from arrivals_from(source, taken, terms)

    return _over_files(inputs, arrivals_in)


def _over_files(inputs: Iterable[str], items_in: Callable[[str], Iterator[_Item]]) -> Iterator[_Item | Failure]:
    """Yield what each file gives, one after the other; a file that stops is a failure and the next is read."""
    for where in inputs:
        try:
            for file in files_of(where):
                yield from _until_stop(file, items_in)
        except UnreadableError as error:
            yield error.at(where)


def _until_stop(file: str, items_in: Callable[[str], Iterator[_Item]]) -> Iterator[_Item | Failure]:
    try:
        yield from items_in(file)
    except STOPS as error:
        yield failure_of(error, STDIN if file == "-" else file)
