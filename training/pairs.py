"""Labelled pairs of claims: whether two claims of two reports tell one incident, by report id and characters."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from marsad.model import Report
from marsad.pipeline import Reader
from marsad.record.copies import COPY, runs_of, share_of
from marsad.record.telling import Telling, Wording, telling_of, wording_of

Key = tuple[str, int, str]  # report, first character of the trigger, type


def read_pairs(path: str | Path) -> Iterator[tuple[Key, Key, bool]]:
    """Yield both sides and whether they are one incident."""
    for line in Path(path).read_text("utf-8").splitlines():
        row = json.loads(line)
        yield _key(row["a"]), _key(row["b"]), row["same"]


def _key(side: dict[str, Any]) -> Key:
    return side["report"], side["trigger_span"][0], side["type"]


class Told:
    """The claims of some reports as fusion sees them, in the order in which a record would have taken them in."""

    def __init__(self, articles: list[dict[str, Any]]) -> None:
        reader = Reader()
        self._tellings: dict[Key, Telling] = {}
        self._texts = {a["id"]: a["text"] for a in articles}
        for article in articles:
            wording = wording_of(article["id"], article["text"], article["published"])
            for claim in reader.read(_report_of(article)).claims:
                body = {**claim.as_dict(), "why": claim.why}
                key = (article["id"], claim.trigger_span.start, claim.type)
                self._tellings[key] = telling_of(body, len(self._tellings), wording)

    @classmethod
    def coded(cls, reports: list[dict[str, Any]], coding: dict[str, Any]) -> Told:
        """Return the labelled claims of our own reports as a person coded them, each in the sentence of its trigger."""
        told = cls([])
        told._texts = {r["id"]: r["text"] for r in reports}
        for report in reports:
            wording = wording_of(report["id"], report["text"], report["published"])
            for label, code in zip(report["incidents"], coding["claims"][report["id"]], strict=True):
                body = _body_of(report, label, code, coding["places"], wording)
                key = (report["id"], body["trigger_span"][0], label["type"])
                told._tellings[key] = telling_of(body, len(told._tellings), wording)
        return told

    def has(self, *keys: Key) -> bool:
        """Tell whether the reader reads all these claims (another version may not)."""
        return all(key in self._tellings for key in keys)

    def telling(self, key: Key) -> Telling:
        """Return the claim of the report that begins at the character and has the type."""
        return self._tellings[key]

    def keys(self) -> list[Key]:
        """Return the keys of all claims."""
        return list(self._tellings)

    def all(self) -> list[Telling]:
        """Return every claim of the reports, the earliest published first."""
        return list(self._tellings.values())

    @cache  # noqa: B019 - one object a run
    def copies(self, a: str, b: str) -> bool:
        """Tell whether one of two reports repeats the other's words."""
        return a != b and share_of(self._runs(a), self._runs(b)) >= COPY

    @cache  # noqa: B019 - one object a run
    def _runs(self, report: str) -> set[int]:
        return runs_of(self._texts[report])


def _body_of(
    report: dict[str, Any], label: dict[str, Any], code: dict[str, Any], places: dict[str, list[Any]], wording: Wording
) -> dict[str, Any]:
    start = _start(report["text"], label)
    number = next(token.sentence for token in wording.tokens if token.end > start)
    sentence = [token for token in wording.tokens if token.sentence == number]
    fields = ("lat", "lon", "radius_km", "admin1", "country")
    return {
        **code, "id": f"{report['id']}/{start}/{label['type']}", "type": label["type"], "status": "happened",
        "why": ["day of publication"] if code["presumed"] else [],
        "span": [sentence[0].start, sentence[-1].end], "trigger_span": [start, start + len(label["trigger"])],
        "places": [
            {"text": name.strip("@"), "name": name, **dict(zip(fields, places[name], strict=True))}
            for name in code["places"]
        ],
        "sites": [{"kind": kind} for kind in code["sites"]],
        **{role: [{"text": p.strip("~"), "id": None if p[0] == "~" else p} for p in code[role]]
           for role in ("actors", "targets")},
    }  # fmt: skip


def _report_of(article: dict[str, Any]) -> Report:
    day = date.fromisoformat(article["published"]) if article["published"] else None
    return Report(article["id"], article["text"], article["title"], article["outlet"], day, article["url"])


def told_reports(pairs: str | Path, corpus: str | Path) -> Told:
    """Return the claims of the reports that the pairs are about, read with the reader as it is."""
    wanted = {key[0] for a, b, _ in read_pairs(pairs) for key in (a, b)}
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        articles = [a for line in lines if (a := json.loads(line))["id"] in wanted]
    return Told(sorted(articles, key=lambda a: (a["published"] or "", a["id"])))


Label = tuple[Key, str]
# Characters between a label's trigger and the reader's: a verb and its object, a prefix more or less.
_AT_TRIGGER = 12


def nearest(key: Key, found: Iterable[Key]) -> Key | None:
    """Return the claim that the reader found at a label: of its type, else of another, at the trigger."""
    near = [k for k in found if k[0] == key[0] and abs(k[1] - key[1]) <= _AT_TRIGGER]
    return min(near, key=lambda k: (k[2] != key[2], abs(k[1] - key[1])), default=None)


def own_reports(path: str | Path) -> tuple[list[dict[str, Any]], list[Label]]:
    """Return reports of our own, and each labelled claim in them with the incident that it tells."""
    rows = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    labels = [((row["id"], _start(row["text"], c), c["type"]), c["incident"]) for row in rows for c in row["incidents"]]
    return [{"url": None, **row} for row in rows], labels


def _start(text: str, claim: dict[str, Any]) -> int:
    at = -1
    for _ in range(claim.get("occurrence", 1)):
        at = text.index(claim["trigger"], at + 1)
    return at
