"""A reading: one report, what it claims, and what was seen but not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

from marsad.model import Claim, Report, Unread


class Later(Sequence[Unread]):
    """Sentences that gave no claim, whose number is known and whose reasons are worked out when somebody asks.

    Few ask: a record counts them, and to say why a sentence gave no claim takes as long as to read it.
    """

    def __init__(self, size: int, work_out: Callable[[], list[Unread]]) -> None:
        """Note how many there will be."""
        self._size, self._work_out = size, work_out
        self._found: list[Unread] | None = None

    def _all(self) -> list[Unread]:
        if self._found is None:
            self._found = self._work_out()
        return self._found

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Unread]:
        return iter(self._all())

    @overload
    def __getitem__(self, at: int) -> Unread: ...
    @overload
    def __getitem__(self, at: slice) -> list[Unread]: ...
    def __getitem__(self, at: int | slice) -> Unread | list[Unread]:
        return self._all()[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == list(other)

    def __hash__(self) -> int:
        return hash(self._size)

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[type[list[Unread]], tuple[list[Unread]]]:
        return list, (self._all(),)


@dataclass(slots=True)
class Reading:
    """The claims of one report in the order of its text, and the sentences that gave none."""

    report: Report
    claims: list[Claim] = field(default_factory=list)
    unread: Sequence[Unread] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Return the report's fields and its claims, under the names of a gold file."""
        from marsad.publish.jsonl import record_of

        return record_of(self.report, self.claims)

    def _repr_html_(self) -> str:
        """Return the text with the evidence marked and the claims beside it, for a notebook."""
        from marsad.publish.html import fragment_of

        return fragment_of(self.report, self.claims)
