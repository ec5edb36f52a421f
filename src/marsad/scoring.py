"""How far two codings of the same reports agree: the last section of the coding guide, in code.

The numbers are those of the gold set's own script to the last digit; a test holds the two together.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marsad.errors import UsageError

Record = Mapping[str, Any]
Pair = tuple[Record, Record]
Miss = tuple[str, str, str]

_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_FOLD = str.maketrans("أإآٱىةؤئگ", "اااايهويك")
_BEFORE = re.compile(r"^(?:و|ب|ل|ف|ك)?(?:ال|لل)")
_FIELDS = ("places", "actors", "targets")
_RATES = ("status", "date", "source", "numbers")
_EARTH_KM = 12742  # diameter


@dataclass(slots=True)
class Tally:
    """Hits, and how many there were to find and how many were offered."""

    tp: int = 0
    gold: int = 0
    pred: int = 0

    def add(self, tp: int, gold: int, pred: int) -> None:
        """Count one comparison in."""
        self.tp += tp
        self.gold += gold
        self.pred += pred

    def row(self) -> tuple[float, float, float]:
        """Return precision, recall and F1."""
        p = self.tp / self.pred if self.pred else 0.0
        r = self.tp / self.gold if self.gold else 0.0
        return p, r, 2 * p * r / (p + r) if p + r else 0.0


@dataclass(slots=True)
class Score:
    """The agreement of a prediction with a gold coding, and where they part."""

    reports: int = 0
    absent: list[str] = field(default_factory=list)
    claims: Tally = field(default_factory=Tally)
    fields: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in _FIELDS})
    by_type: dict[str, Tally] = field(default_factory=dict)
    exact: Counter[str] = field(default_factory=Counter)
    missed: list[Miss] = field(default_factory=list)
    extra: list[Miss] = field(default_factory=list)

    def rows(self) -> dict[str, tuple[float, float, float]]:
        """Return precision, recall and F1 of claims and of each field with several values."""
        return {"claims": self.claims.row(), **{name: tally.row() for name, tally in self.fields.items()}}

    def rates(self) -> dict[str, float]:
        """Return the share of matched claims on which a field with one value is the same."""
        return {name: self.exact[name] / max(1, self.claims.tp) for name in _RATES}

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as one JSON object."""
        rows = {name: dict(zip("prf", row, strict=True)) for name, row in self.rows().items()}
        return {"reports": self.reports, "absent": self.absent, **rows, **self.rates()}

    def lines(self, by_type: bool = False, errors: int = 0) -> list[str]:
        """Return the figures as lines for people; with the types and the first misses if asked."""
        out = [
            f"reports {self.reports}  gold claims {self.claims.gold}  "
            f"predicted {self.claims.pred}  matched {self.claims.tp}"
        ]
        out += [f"{name:8} P {p:.3f}  R {r:.3f}  F1 {f:.3f}" for name, (p, r, f) in self.rows().items()]
        out.append("on matched claims: " + "  ".join(f"{k} {v:.3f}" for k, v in self.rates().items()))
        out += self._type_lines() if by_type else []
        for label, misses in (("missed", self.missed), ("extra", self.extra)):
            out += [f"{label}  {id}  {type}: {evidence}" for id, type, evidence in misses[:errors]]
        if self.absent:
            out.append(f"no prediction for {len(self.absent)}: {', '.join(self.absent[:5])}")
        return out

    def _type_lines(self) -> list[str]:
        out = []
        for type, tally in sorted(self.by_type.items(), key=lambda item: -item[1].gold):
            p, r, f = tally.row()
            out.append(f"  {type:13} gold {tally.gold:4} pred {tally.pred:4}  P {p:.2f} R {r:.2f} F1 {f:.2f}")
        return out


def load_coded(where: str) -> dict[str, dict[str, Any]]:
    """Return the records with claims of a folder of gold files, a gold file or a JSON Lines file, by id."""
    path = Path(where)
    try:
        records = _records_of(path)
        return {r["id"]: r for r in records if "claims" in r}
    except OSError as error:
        raise UsageError(f"{where}: cannot be read ({error.strerror}); name a gold file or a folder of them") from None
    except (ValueError, KeyError, TypeError) as error:
        reason = f"no coded reports ({str(error)[:80]})"
        raise UsageError(f'{where}: {reason}; each needs "id", "text" and "claims" as in the coding guide') from None


def _records_of(path: Path) -> list[dict[str, Any]]:
    if path.is_dir():
        return [json.loads(f.read_text("utf-8")) for f in sorted(path.glob("*.json"))]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    found = json.loads(path.read_text("utf-8"))
    return found if isinstance(found, list) else [found]


def score(gold: Mapping[str, Record], pred: Mapping[str, Record]) -> Score:
    """Return the agreement of two codings of the same reports, claim matched to claim."""
    result = Score(reports=len(gold), absent=sorted(set(gold) - set(pred)))
    for id, record in gold.items():
        theirs = pred.get(id, {"claims": []})["claims"]
        _score_report(result, id, record["text"], record["claims"], theirs)
    return result


def _score_report(result: Score, id: str, text: str, gold: Sequence[Record], pred: Sequence[Record]) -> None:
    pairs = match_claims(text, gold, pred)
    result.claims.add(len(pairs), len(gold), len(pred))
    for claim in gold:
        _tally_of(result, claim).gold += 1
    for claim in pred:
        _tally_of(result, claim).pred += 1
    for mine, theirs in pairs:
        _tally_of(result, mine).tp += 1
        _score_fields(result, mine, theirs)
    result.missed += _left_over(id, gold, [mine for mine, _ in pairs])
    result.extra += _left_over(id, pred, [theirs for _, theirs in pairs])


def _tally_of(result: Score, claim: Record) -> Tally:
    return result.by_type.setdefault(claim["type"], Tally())


def _left_over(id: str, claims: Sequence[Record], matched: Sequence[Record]) -> list[Miss]:
    taken = {*map(_identity, matched)}
    return [(id, c["type"], c["evidence"]) for c in claims if _identity(c) not in taken]


def _identity(claim: Record) -> int:
    """Two claims may be equal field by field and still be two."""
    return id(claim)


def _score_fields(result: Score, mine: Record, theirs: Record) -> None:
    for name in _FIELDS:
        same = same_place if name == "places" else same_party
        result.fields[name].add(_hits(mine[name], theirs[name], same), len(mine[name]), len(theirs[name]))
    result.exact["status"] += mine["status"] == theirs["status"]
    result.exact["date"] += (mine.get("date") or None) == (theirs.get("date") or None)
    result.exact["source"] += same_source(_first_source(mine), _first_source(theirs))
    result.exact["numbers"] += _numbers(mine) == _numbers(theirs)


def _numbers(claim: Record) -> dict[str, str]:
    return {key: str(value) for key, value in claim.get("numbers", {}).items()}


def _hits(gold: Iterable[Record], pred: Iterable[Record], same: Callable[[Record, Record], bool]) -> int:
    left, hits = list(pred), 0
    for mine in gold:
        at = next((i for i, theirs in enumerate(left) if same(mine, theirs)), None)
        if at is not None:
            del left[at]
            hits += 1
    return hits


def match_claims(text: str, gold: Sequence[Record], pred: Sequence[Record]) -> list[Pair]:
    """Return claims paired one to one: same type, same trigger first, then the largest shared evidence."""
    ranked = []
    for i, mine in enumerate(gold):
        for j, theirs in enumerate(pred):
            share = _shared(text, mine, theirs) if mine["type"] == theirs["type"] else 0.0
            if share:
                ranked.append((plain(mine.get("trigger")) == plain(theirs.get("trigger")), share, i, j))
    used_gold: set[int] = set()
    used_pred: set[int] = set()
    pairs = []
    for _, _, i, j in sorted(ranked, reverse=True):
        if i not in used_gold and j not in used_pred:
            used_gold.add(i)
            used_pred.add(j)
            pairs.append((gold[i], pred[j]))
    return pairs


def _shared(text: str, mine: Record, theirs: Record) -> float:
    """Return the overlap of two claims' evidence as a share of all the text that they cover."""
    a, b = _span(text, mine["evidence"]), _span(text, theirs["evidence"])
    if a is None or b is None:
        return 0.0
    common = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return common / max(1, max(a[1], b[1]) - min(a[0], b[0]))


def _span(text: str, evidence: str) -> tuple[int, int] | None:
    at = text.find(evidence)
    return (at, at + len(evidence)) if evidence and at >= 0 else None


def plain(text: str | None) -> str:
    """Return the words without marks, spelling variants, punctuation, and a leading article or clitic."""
    words = re.findall(r"\w+", _MARKS.sub("", text or "").translate(_FOLD))
    return " ".join(_BEFORE.sub("", word) for word in words).strip()


def same_place(a: Record, b: Record) -> bool:
    """Tell whether two places are within 10 km, or of one written name within 75; else of one name."""
    if a.get("lat") is not None and b.get("lat") is not None:
        far = _km_between(a, b)
        near = far <= 10 or (far <= 75 and plain(a.get("text")) == plain(b.get("text")))
        return near and a.get("country") == b.get("country")
    return plain(a.get("text")) == plain(b.get("text")) or plain(a.get("name")) == plain(b.get("name"))


def _km_between(a: Record, b: Record) -> float:
    la, lo, lb, lp = (math.radians(x) for x in (a["lat"], a["lon"], b["lat"], b["lon"]))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return _EARTH_KM * math.asin(math.sqrt(h))


def same_party(a: Record, b: Record) -> bool:
    """Tell whether two parties have one id, or one written name where either has none."""
    if a.get("id") and b.get("id"):
        return bool(a["id"] == b["id"])
    return plain(a.get("text")) == plain(b.get("text"))


def _first_source(claim: Record) -> str:
    return plain((claim.get("sources") or [""])[0])


def same_source(a: str, b: str) -> bool:
    """Tell whether two names are equal, or one is the other more fully."""
    if a == b:
        return True
    return bool(a and b) and (set(a.split()) <= set(b.split()) or set(b.split()) <= set(a.split()))
