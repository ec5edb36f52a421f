"""A reading: one report, what it claims, and what was seen but not read."""

from __future__ import annotations

from dataclasses import dataclass, field

from marsad.model import Claim, Report, Unread


@dataclass(slots=True)
class Reading:
    """The claims of one report in the order of its text, and the sentences that gave none."""

    report: Report
    claims: list[Claim] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Return the report's fields and its claims, under the names of a gold file."""
        from marsad.publish.jsonl import record_of

        return record_of(self.report, self.claims)

    def _repr_html_(self) -> str:
        """Return the text with the evidence marked and the claims beside it, for a notebook."""
        from marsad.publish.html import fragment_of

        return fragment_of(self.report, self.claims)
