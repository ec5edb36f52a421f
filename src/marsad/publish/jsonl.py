"""JSON Lines: one object a report, the same bytes for the same claims."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from marsad.model import Claim, Report


def record_of(report: Report, claims: Sequence[Claim]) -> dict[str, Any]:
    """Return the report and its claims under the names of a gold file."""
    return {
        "id": report.id,
        "url": report.url,
        "outlet": report.outlet,
        "published": report.published.isoformat() if report.published else None,
        "title": report.title,
        "text": report.text,
        "claims": [claim.as_dict() for claim in claims],
    }


def line_of(report: Report, claims: Sequence[Claim]) -> str:
    """Return the record as one line of JSON with its line end, Arabic letters as they are."""
    return json.dumps(record_of(report, claims), ensure_ascii=False, separators=(", ", ": ")) + "\n"
