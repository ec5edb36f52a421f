"""A failure: one input, or one row of it, that gave no report, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.errors import InputError


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read: where, in which row, why, and the remedy."""

    where: str
    row: int | None
    reason: str
    remedy: str

    def __str__(self) -> str:
        row = "" if self.row is None else f", row {self.row}"
        return f"{self.where}{row}: {self.reason}; {self.remedy}"


class UnreadableError(InputError):
    """Raised inside a reader of one kind; `intake` turns it into a `Failure`."""

    def __init__(self, reason: str, remedy: str, row: int | None = None) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy
        self.row = row

    def at(self, where: str, row: int | None = None) -> Failure:
        """Return the failure that this is at a place."""
        return Failure(where, self.row if row is None else row, self.reason, self.remedy)
