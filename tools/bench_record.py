"""How fast a record is filled, asked and fused: `python tools/bench_record.py [--claims 1000000] [--write]`.

The archive is made: the sample's claims over and over, moved over ten years and over the towns of Syria, one report for
every four claims, a tenth of them telling what the report before them told. Reading is not part of filling it; adding
with reading is measured on the corpus, where that is at hand.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from marsad.adding import Adding, read_of
from marsad.grounding.gazetteer import all_places
from marsad.intake import Defaults, take_in
from marsad.model import Arrival, Capture, Report, Span, claim_id
from marsad.pipeline import Reader
from marsad.record.asof import micros_of
from marsad.record.incidents import Fusion
from marsad.record.keeping import Identity, Read, keep
from marsad.record.sight import Viewer
from marsad.record.store import Record, open_record
from marsad.record.view import Filters, View

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "newspapers-2015.jsonl.gz"
PAGE = ROOT / "docs" / "performance-of-the-record.md"
SAMPLE = files("marsad.packs") / "sample" / "reports.jsonl"
DAYS, FIRST = 3650, date(2012, 1, 1)
A_REPORT = 4  # claims
TIMES = 15  # a question is asked so often; the first, on a cold file, is not counted
WHEN = datetime(2024, 1, 1, tzinfo=UTC)


def archive(count: int, seed: int = 5) -> Iterator[Read]:
    """Yield made reports with about `count` claims in all, the same for the same count."""
    draw, towns = random.Random(seed), _towns()
    bodies = _sample_bodies()
    capture = Capture("archive", "jsonl", "0" * 64, 0, WHEN)
    before: list[dict[str, Any]] = []
    for number in range(count // A_REPORT):
        day = FIRST + timedelta(number * DAYS * A_REPORT // count)
        fresh = [_moved(draw.choice(bodies), day, draw.choice(towns)) for _ in range(A_REPORT)]
        chosen = before if before and draw.random() < 0.1 else fresh
        report = Report(f"r{number}", "\n".join(b["evidence"] for b in chosen), None, f"outlet {number % 40}", day)
        before = chosen
        yield Read(
            Arrival(report, capture, number + 1), [_claim_of(report, b, i) for i, b in enumerate(chosen)], 0, "bench"
        )


def _towns() -> list[Any]:
    rows = all_places().rows
    return [
        r for r in (rows[id] for id in rows) if r.country == "SY" and r.kind in ("city", "town", "village") and r.lat
    ]


def _sample_bodies() -> list[dict[str, Any]]:
    reader = Reader()
    found = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    reports = [Report(r["id"], r["text"], published=date.fromisoformat(r["published"])) for r in found]
    return [{**c.as_dict(), "why": list(c.why)} for r in reports for c in reader.read(r).claims]


def _moved(body: dict[str, Any], day: date, town: Any) -> dict[str, Any]:
    place = {"id": town.id, "name": town.name, "admin1": town.admin1, "country": "SY", "lat": town.lat, "lon": town.lon}
    words = body["places"][0]["text"] if body["places"] else ""
    evidence = body["evidence"].replace(words, town.name_ar or town.name) if words else body["evidence"]
    places = [{**p, **place, "text": town.name_ar or town.name} for p in body["places"][:1]]
    return {**body, "date": day.isoformat(), "places": places, "evidence": evidence}


def _claim_of(report: Report, body: dict[str, Any], number: int) -> dict[str, Any]:
    start = report.text.find(body["evidence"])
    span = [start, start + len(body["evidence"])]
    id = claim_id(report.id, Span(span[0] + number, span[1]), body["type"])
    return {**body, "id": id, "span": span, "trigger_span": [span[0], span[0] + len(body["trigger"])]}


def fill(record: Record, count: int) -> float:
    """Fill a record with an archive and return the claims kept a second."""
    start, parcel = time.perf_counter(), []
    for read in archive(count):
        parcel.append((read, Identity(read.arrival.report, 1, None)))
        if len(parcel) == 200:
            _keep(record, parcel)
            parcel = []
    _keep(record, parcel)
    return count / (time.perf_counter() - start)


def _keep(record: Record, parcel: list[tuple[Read, Identity]]) -> None:
    with record.writing("bench") as writing:
        keep(writing, parcel)


def fuse_all(record: Record) -> tuple[float, float]:
    """Fuse a record and return the seconds it took and the gigabytes of memory at their highest."""
    start = time.perf_counter()
    Fusion(record, "bench").run()
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576


def questions(view: View, then: View) -> dict[str, Callable[[], Any]]:
    """Return what is asked of a record, each as a page of fifty or the twenty best."""
    draw, towns = random.Random(11), _towns()
    place = draw.choice(towns)
    week = Filters(type=["airstrike"], first="2016-03-01", last="2016-03-07", limit=50)
    area = Filters(under=towns[0].admin1, limit=50)
    return {
        "claims of a type and a week": lambda: list(view.claims(week)),
        "latest claims of a governorate": lambda: list(view.claims(area)),
        "claims at a town": lambda: list(view.claims(Filters(places=[place.id], limit=50))),
        "latest incidents": lambda: list(view.incidents(Filters(limit=50))),
        "incidents of a type and a week": lambda: list(view.incidents(week)),
        "contradicted incidents": lambda: list(view.incidents(Filters(contradicted=True, limit=50))),
        "a search of two words": lambda: list(view.search("معبر نصيب")),
        "a search of a common word": lambda: list(view.search("قوات")),
        "claims as known on a day": lambda: list(then.claims(week)),
        "incidents as known on a day": lambda: list(then.incidents(area)),
        "the review queue": lambda: list(view.queue(lambda type: type in ("takeover", "withdrawal"))),
    }  # fmt: skip


def asked(record: Record) -> dict[str, tuple[float, float, int]]:
    """Return for each question the median and the longest time in milliseconds, and how many rows came."""
    now = View(record, Viewer("public"))
    then = View(record, Viewer("public"), known_by=micros_of(datetime.now(UTC)))
    found = {}
    for name, question in questions(now, then).items():
        rows, times = question(), []
        for _ in range(TIMES):
            start = time.perf_counter()
            question()
            times.append(1000 * (time.perf_counter() - start))
        found[name] = (statistics.median(times), max(times), len(rows))
    return found


def adding(folder: Path) -> tuple[float, float] | None:
    """Return reports of 2 KB added a second, reading and fusing included, and without them; None without the corpus."""
    if not CORPUS.exists():
        return None
    arrivals = [a for a in take_in([str(CORPUS)], Defaults()) if isinstance(a, Arrival)][::10]
    size = sum(len(a.report.text.encode()) for a in arrivals) / 2048
    reader = Reader()
    for arrival in arrivals[:200]:
        reader.read(arrival.report)
    record = open_record(str(folder / "adding.marsad"))
    start = time.process_time()
    Adding(record, reader, print).add(arrivals)
    added = time.process_time() - start
    start = time.process_time()
    for arrival in arrivals:
        read_of(arrival, reader.read(arrival.report), "")
    return size / added, size / (time.process_time() - start)


def main() -> None:
    """Measure, print the page, and write it where asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = list(page_of(Path(folder), given.claims))
    print("\n".join(lines))
    if given.write:
        PAGE.write_text("\n".join(lines) + "\n", "utf-8")


def page_of(folder: Path, count: int) -> Iterator[str]:
    """Yield the lines of the page as the figures come in."""
    yield "# How fast a record is filled, asked and fused"
    yield ""
    yield "Made by `python tools/bench_record.py --write` (`make bench` runs it as well). One process, SQLite, a made"
    yield f"archive (see the head of the tool); {os.cpu_count()} cores, Python {sys.version.split()[0]}; other programs"
    yield "may have run beside it."
    yield from _adding_lines(folder)
    yield from _fusing_lines(folder, [n for n in (10_000, 30_000, 100_000) if n <= count])
    yield from _asking_lines(folder, count)


def _adding_lines(folder: Path) -> Iterator[str]:
    rates = adding(folder)
    if rates:
        yield ""
        yield "## Adding"
        yield ""
        yield "Newspaper articles of the corpus, reports of 2 KB a second of processor time:"
        yield f"**{rates[0]:.0f}** with reading and keeping, {rates[1]:.0f} for a second reading alone. The aim is 300."


def _fusing_lines(folder: Path, counts: list[int]) -> Iterator[str]:
    yield ""
    yield "## Fusing"
    yield ""
    yield "| claims | seconds | claims a second | peak memory of the process so far |"
    yield "| --- | --- | --- | --- |"
    for count in counts:
        record = open_record(str(folder / f"fuse-{count}.marsad"))
        fill(record, count)
        seconds, memory = fuse_all(record)
        record.close()
        yield f"| {count:,} | {seconds:.0f} | {count / seconds:,.0f} | {memory:.1f} GB |"


def _asking_lines(folder: Path, count: int) -> Iterator[str]:
    record = open_record(str(folder / "asked.marsad"))
    rate = fill(record, count)
    seconds, _ = fuse_all(record)
    size = sum(f.stat().st_size for f in folder.glob("asked.marsad*")) / 1e9
    yield ""
    yield f"## Asking a record of {count:,} claims"
    yield ""
    yield f"Filled at {rate:,.0f} claims a second (no reading), fused in {seconds / 60:.0f} minutes, {size:.1f} GB."
    yield "A page of fifty rows, or the twenty best; the aim is 100 ms at the median."
    yield ""
    yield "| question | median, ms | longest of fifteen, ms | rows |"
    yield "| --- | --- | --- | --- |"
    for name, (middle, longest, rows) in asked(record).items():
        yield f"| {name} | {middle:.0f} | {longest:.0f} | {rows} |"
    record.close()


if __name__ == "__main__":
    main()
