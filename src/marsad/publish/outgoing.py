"""What an export is handed: tables of rows that may leave, each asked for anew as a stream, and what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marsad.publish.flat import flat_rows

Rows = Callable[[], Iterator[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class About:
    """What every export states of itself: the same record and question give the same.

    `as_known` is the instant (ISO, UTC) of the newest thing that the record knew, `filters` what was asked for,
    `credits` whose gazetteers and boundaries the places come from.
    """

    title: str
    licence: str
    version: str
    as_known: str
    filters: Mapping[str, str]
    method: str
    credits: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {
            "title": self.title, "licence": self.licence, "version": self.version, "as_known": self.as_known,
            "filters": dict(self.filters), "method": self.method, "credits": list(self.credits),
        }  # fmt: skip

    def lines(self) -> Iterator[str]:
        """Yield the fields as lines of text."""
        for name, value in self.as_dict().items():
            said = "; ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
            yield f"{name}: {'; '.join(said) if isinstance(said, list) else said or 'none'}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Tables by id (claims, incidents, control, changes, reports), as streams of nested rows.

    A further one, `told`, is the incidents, each with its claims under `told`. `lang` is the language of names and
    sentences where a format has one only.
    """

    about: About
    tables: Mapping[str, Rows]
    lang: str = "en"

    def rows(self, table: str) -> Iterator[Mapping[str, Any]]:
        """Yield the nested rows of a table, none where it was not asked for."""
        yield from self.tables[table]() if table in self.tables else ()

    def flat(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table by its columns."""
        yield from flat_rows(table, self.rows(table))
