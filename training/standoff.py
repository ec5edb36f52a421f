"""Codings without their texts: character offsets into the articles of a corpus that may not be shipped.

    python -m training.standoff FOLDER OUT

FOLDER holds coded reports in the form of a gold file; OUT gets one line a report: its id, the hash of its
text, and each claim with offsets in place of words. Reading it back needs the corpus.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from marsad.model import Report

_NAMED = ("actors", "targets", "places", "sites")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _place(text: str, part: str, near: int) -> list[int]:
    """Return the offsets of the occurrence of a part that is nearest to a position."""
    found, at = [], text.find(part)
    while at >= 0 and part:
        found.append(at)
        at = text.find(part, at + 1)
    best = min(found, key=lambda a: abs(a - near), default=-1)
    return [best, best + len(part)] if best >= 0 else [0, 0]


def strip(coded: dict[str, Any]) -> dict[str, Any]:
    """Return the coding of a report with offsets in place of its words."""
    text = coded["text"]
    claims = []
    for claim in coded["claims"]:
        span = _place(text, claim["evidence"], 0)
        bare = {k: claim[k] for k in ("type", "status", "date", "numbers", "quoted")}
        bare["evidence"] = span
        bare["trigger"] = _place(text, claim["trigger"], span[0])
        for key in _NAMED:
            rest = [{k: v for k, v in part.items() if k != "text"} for part in claim[key]]
            bare[key] = [{"at": _place(text, p["text"], span[0]), **r} for p, r in zip(claim[key], rest, strict=True)]
        bare["sources"] = [_place(text, s, span[0]) for s in claim["sources"]]
        claims.append(bare)
    return {"id": coded["id"], "published": coded["published"], "text": _digest(text), "claims": claims}


def restore(bare: dict[str, Any], text: str) -> list[dict[str, Any]]:
    """Return the claims with their words again, in the form of a gold file."""

    def words(at: list[int]) -> str:
        return text[at[0] : at[1]]

    claims = []
    for claim in bare["claims"]:
        full = {**claim, "evidence": words(claim["evidence"]), "trigger": words(claim["trigger"])}
        for key in _NAMED:
            full[key] = [{"text": words(p["at"]), **{k: v for k, v in p.items() if k != "at"}} for p in claim[key]]
        full["sources"] = [words(at) for at in claim["sources"]]
        claims.append(full)
    return claims


def coded_articles(codings: Path, corpus: Path) -> Iterator[tuple[Report, list[dict[str, Any]]]]:
    """Yield each coded article of a corpus with its claims; skip those whose text has changed."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        articles = {a["id"]: a for a in map(json.loads, lines)}
    for line in codings.read_text("utf-8").splitlines():
        bare = json.loads(line)
        article = articles.get(bare["id"])
        if article is not None and _digest(article["text"]) == bare["text"]:
            day = date.fromisoformat(bare["published"])
            report = Report(bare["id"], article["text"], article["title"], article["outlet"], day)
            yield report, restore(bare, article["text"])


def main() -> None:
    """Run from the command line; see the head of this file."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    coded = [json.loads(p.read_text("utf-8")) for p in sorted(folder.glob("*.json"))]
    rows = sorted((strip(c) for c in coded), key=lambda r: str(r["id"]))
    out.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")


if __name__ == "__main__":
    main()
