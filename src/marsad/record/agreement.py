"""How far two reviewers of the same claims agree: per field the share of equal codings, and Krippendorff's alpha.

Only judgements made on the same ground are compared: where a new reader came between, the two saw different claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations
from operator import ne
from typing import Any

from sqlalchemy import Connection, distinct, func, select

from marsad.errors import UsageError
from marsad.record.asof import by_then
from marsad.record.decisions import JUDGEMENTS, Decision, decisions_of, in_parts
from marsad.record.grounds import FIELDS, coding_of
from marsad.record.schema import decision
from marsad.record.verdicts import VERDICTS, last_of_each

# What two codings of one claim are compared in: the fields that can differ under one trigger.
COMPARED = tuple(name for name in FIELDS if name not in ("trigger", "evidence"))
# Who says that there is nothing to code, or does not know, codes no field.
_CODES = ("accept", "correct", "add")
Label = tuple[str, str, str]  # person, claim, value


@dataclass(frozen=True, slots=True)
class Rate:
    """The agreement on one field: pairs compared, the share of them that is equal, and alpha.

    Both are None without a pair; alpha too where the field has more than 10,000 different values.
    """

    pairs: int
    share: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Over how many claims which persons were compared, and how far they agree on the verdict and on each field."""

    claims: int
    persons: tuple[str, ...]
    verdict: Rate
    fields: dict[str, Rate]


def agreement(connection: Connection, known_by: int | None = None) -> Agreement:
    """Return how far reviewers agree on the claims that two or more decided on, as known by the instant."""
    task = _task()
    claims = list(_comparable(connection, known_by))
    verdicts = [_label(made, VERDICTS[made.kind]) for judged in claims for made in judged]
    codings = [(made, coding_of(made)) for judged in claims for made in judged if made.kind in _CODES]
    fields = {name: _rate([_label(made, coding.get(name, "")) for made, coding in codings], task) for name in COMPARED}
    persons = tuple(sorted({person for person, _, _ in verdicts}))
    return Agreement(len(claims), persons, _rate(verdicts, task), fields)


def _task() -> Any:
    try:
        return import_module("nltk.metrics.agreement").AnnotationTask
    except ImportError:
        raise UsageError("agreement is measured with nltk; install it: pip install 'marsad[review]'") from None


def _comparable(connection: Connection, known_by: int | None) -> Iterator[list[Decision]]:
    """Yield of each claim that two decided on the last judgement of each, those on the latest one's ground."""
    asked = select(decision.c.ref).where(decision.c.subject == "claim", decision.c.kind.in_(JUDGEMENTS))
    asked = asked.where(by_then(decision, known_by)).group_by(decision.c.ref).order_by(decision.c.ref)
    for some in in_parts(connection.execute(asked.having(func.count(distinct(decision.c.person)) > 1)).scalars()):
        for decisions in decisions_of(connection, "claim", some, known_by).values():
            judged = list(last_of_each(decisions).values())
            alike = [made for made in judged if made.ground.get("digest") == judged[-1].ground.get("digest")]
            if len(alike) > 1:
                yield alike


def _label(made: Decision, value: str) -> Label:
    return made.person, made.ref, value


def _rate(labels: Sequence[Label], task: Any) -> Rate:
    by_claim: dict[str, list[Label]] = {}
    for label in labels:
        by_claim.setdefault(label[1], []).append(label)
    compared = [label for told in by_claim.values() if len(told) > 1 for label in told]
    equal = [a[2] == b[2] for told in by_claim.values() for a, b in combinations(told, 2)]
    return Rate(len(equal), sum(equal) / len(equal), _alpha(compared, task)) if equal else Rate(0, None, None)


def _alpha(labels: Iterable[Label], task: Any) -> float | None:
    try:
        # Two values of a field are the same or they are not: what is in between, no scale of ours says.
        return float(task(list(labels), distance=ne).alpha())
    except ValueError:
        return None
