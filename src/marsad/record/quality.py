"""How good the reader is by what people decided on its claims: by type, by source, by field."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, distinct, func, select

from marsad.record.decisions import decisions_of, live
from marsad.record.schema import decision

Row = Mapping[str, Any]
RIGHT, WRONG_IN_PART, WRONG, MISSED = "accepted", "corrected", "rejected", "added"


def tallies(claims: Iterable[Row], of: Callable[[Row], str]) -> list[dict[str, Any]]:
    """Return how many claims were accepted, corrected, rejected and (missed by the reader) added, most decided first.

    `right` is the share of the claims that were read of which nothing had to be changed, None where none was read.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in claims:
        verdict = MISSED if claim["by"] == "person" else claim["verdict"]
        if verdict in (RIGHT, WRONG_IN_PART, WRONG, MISSED):
            found[of(claim)][verdict] += 1
    rows = [_tally(key, counts) for key, counts in found.items()]
    return sorted(rows, key=lambda row: (-row["read"] - row[MISSED], row["of"]))


def _tally(key: str, counts: Counter[str]) -> dict[str, Any]:
    read = counts[RIGHT] + counts[WRONG_IN_PART] + counts[WRONG]
    told = {name: counts[name] for name in (RIGHT, WRONG_IN_PART, WRONG, MISSED)}
    return {"of": key, **told, "read": read, "right": counts[RIGHT] / read if read else None}


def has_two_reviewers(connection: Connection) -> bool:
    """Tell whether more than one person ever decided on a claim."""
    asked = select(func.count(distinct(decision.c.person))).where(decision.c.subject == "claim")
    return (connection.execute(asked).scalar() or 0) > 1


def fields_corrected(connection: Connection, claims: Iterable[str]) -> list[tuple[str, int]]:
    """Return the fields that standing decisions correct in these claims, with in how many, the most often first."""
    counts = Counter[str]()
    for decisions in decisions_of(connection, "claim", claims).values():
        corrected = {name for made in live(decisions) if made.kind == "correct" for name in made.body.get("fields", {})}
        counts.update(corrected)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
