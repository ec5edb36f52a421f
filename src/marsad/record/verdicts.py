"""What the decisions on a claim come to: its fields with the corrections, the verdict, and where two persons differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from marsad.record.decisions import Decision, live
from marsad.record.grounds import FIELDS, Body, coding_of, digest_of

VERDICTS = {"accept": "accepted", "correct": "corrected", "reject": "rejected", "unsure": "unsure", "add": "accepted"}
# Verdicts under which a claim is kept where a reader does not find it any more.
KEPT = frozenset({"accepted", "corrected"})
# Spans that follow a corrected field; the person who corrects does not give them.
_FOLLOWING = ("span", "trigger_span", "source_spans")


def effective(body: Body, decisions: Iterable[Decision]) -> tuple[dict[str, Any], str]:
    """Return the claim with every standing correction, and the standing verdict ("" for none).

    Per field the last correction counts, and the last verdict. An acceptance counts only while the claim is what
    the person saw: one that a new reader reads otherwise is to be looked at again.
    """
    result, verdict = dict(body), ""
    for made in judgements(decisions):
        if made.kind in ("accept", "unsure") and not _is_as_seen(made, result):
            continue
        result |= made.body.get("fields", {})
        result |= {name: at for name, at in made.body.get("spans", {}).items() if name in _FOLLOWING}
        verdict = VERDICTS[made.kind]
    return result, verdict


def judgements(decisions: Iterable[Decision]) -> list[Decision]:
    """Return in order what stands of what persons say of the claim."""
    return [made for made in live(decisions) if made.is_judgement]


def corrections(body: Body, decisions: Sequence[Decision]) -> dict[str, Any]:
    """Return the fields that the standing corrections make other than they are read."""
    now = effective(body, decisions)[0]
    return {f: now.get(f) for f in FIELDS if digest_of(f, now.get(f)) != digest_of(f, body.get(f))}


def _is_as_seen(made: Decision, body: Body) -> bool:
    seen = coding_of(made)
    return all(digest_of(field, body.get(field)) == seen.get(field) for field in FIELDS)


def last_of_each(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return the last standing judgement of each person, the latest last."""
    found: dict[str, Decision] = {}
    for made in judgements(decisions):
        found.pop(made.person, None)
        found[made.person] = made
    return found


def difference(a: Decision, b: Decision) -> tuple[str, ...]:
    """Return in what two persons' judgements of one claim differ: "verdict", or fields; nothing where they do not.

    Whoever is unsure contradicts nobody. Where a new reader came between, what only it changed is no difference.
    """
    if "unsure" in (a.kind, b.kind):
        return ()
    if "reject" in (a.kind, b.kind):
        return () if a.kind == b.kind else ("verdict",)
    one, other = coding_of(a), coding_of(b)
    return tuple(f for f in FIELDS if one.get(f) != other.get(f) and _both_saw(f, a, b))


def _both_saw(field: str, a: Decision, b: Decision) -> bool:
    read_alike = a.ground.get("fields", {}).get(field) == b.ground.get("fields", {}).get(field)
    return read_alike or any(field in made.body.get("fields", {}) for made in (a, b))
