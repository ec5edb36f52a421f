"""Time the chart of who holds what: made from many claims, asked, and brought up after one more report.

python tools/bench_control.py [--claims 1000000] [--places 8000] [--years 12] [--write]

The claims are made, not read: takings, holdings, withdrawals, fights and strikes of three sides and twenty sources on
real places of the Syrian gazetteer, as `marsad.holding.told_of` would tell them. Taking them out of a record of claims
is timed apart (tools/bench_record.py).
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from marsad import charting as charts
from marsad.charting import ChartedAtlas
from marsad.control.testimony import testimonies_of
from marsad.control.told import Spot, Told
from marsad.grounding.surroundings import SETTLEMENTS
from marsad.holding import Ledger
from marsad.loading.control import control_rules
from marsad.loading.theatre import places
from marsad.record import charting
from marsad.record.store import open_record

PAGE = Path(__file__).parents[1] / "docs" / "performance-of-control.md"
SIDES = ("assad-gov", "opposition", "isis")
TYPES = (
    ("takeover", 3), ("control", 4), ("withdrawal", 2), ("clash", 6), ("attack", 4), ("shelling", 8), ("airstrike", 8),
    ("deployment", 2), ("siege", 1),
)  # fmt: skip
_PART = 20_000


def told(count: int, ids: list[str], years: int, seed: int = 1) -> Iterator[Told]:
    """Yield made claims, their days spread over the years; a tenth of the places has half of the claims."""
    chance = random.Random(seed)
    first, span = date(2012, 1, 1), years * 365
    kinds, weights = zip(*TYPES, strict=True)
    busy = ids[: len(ids) // 10]
    for n in range(count):
        day = (first + timedelta(chance.randrange(span))).isoformat()
        by, on = chance.sample(SIDES, 2)
        place = chance.choice(busy if chance.random() < 0.5 else ids)
        kind = chance.choices(kinds, weights)[0]
        voice = f"source {chance.randrange(20)}"
        yield Told(f"c{n}", kind, "happened", (by,), (on,), (Spot(place, "at", "", "SY"),), day, day, day, 0.85, voice)


def fill(record: Any, claims: Iterator[Told]) -> None:
    """Put what the claims say into the chart and make the states of every place."""
    rules = control_rules()
    with record.writing("bench") as writing:
        while part := list(islice(claims, _PART)):
            said = {one.claim: list(testimonies_of(one, rules)) for one in part}
            charting.replace_testimonies(writing, said, said)
        charts._chart(writing, charting.told_places(writing.connection))


def timed(ask: Callable[[], Any], times: int = 7) -> float:
    """Return the median of the milliseconds that asking takes, after once unmeasured."""
    ask()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)


def measure(claims: int, count: int, years: int) -> dict[str, float]:
    """Return the figures: milliseconds of each question, seconds of making the chart, megabytes of the file."""
    table = places("sy")
    ids = [id for id in table.ids if table[id].kind in SETTLEMENTS][:count]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.marsad"
        record = open_record(str(file))
        begun = time.perf_counter()
        fill(record, told(claims, ids, years))
        made = time.perf_counter() - begun
        chance = random.Random(2)
        days = [(date(2013, 1, 1) + timedelta(chance.randrange((years - 1) * 365))).isoformat() for _ in range(50)]

        def one_more() -> None:
            said = {one.claim: list(testimonies_of(one, control_rules())) for one in told(10, ids, years, seed=9)}
            with record.writing("bench") as writing:
                touched = charting.replace_testimonies(writing, said, said)
                charts._chart(writing, charts._with_those_inside(writing, touched))

        figures = {
            "made_s": made,
            "state_ms": timed(lambda: list(ChartedAtlas(record).on_day(chance.choice(days), claims=False))),
            "whole_ms": timed(lambda: list(ChartedAtlas(record).on_day(chance.choice(days)))),
            "rows_ms": timed(lambda: list(Ledger(ChartedAtlas(record)).on(chance.choice(days)))),
            "history_ms": timed(lambda: ChartedAtlas(record).timeline(chance.choice(ids)), 50),
            "busy_ms": timed(lambda: ChartedAtlas(record).timeline(ids[0]), 20),
            "turns_ms": timed(lambda: list(ChartedAtlas(record).turns("2016-01-01", "2016-12-31"))),
            "turns": len(list(ChartedAtlas(record).turns("2016-01-01", "2016-12-31"))),
            "more_ms": timed(one_more, 5),
            "file_mb": file.stat().st_size / 1e6,
        }
        record.close()
    return figures


def page_of(figures: dict[str, float], asked: argparse.Namespace) -> str:
    """Return the page with the figures."""
    rows = (
        ("making the chart", f"{figures['made_s']:.0f} s ({asked.claims / figures['made_s']:,.0f} claims/s)", ""),
        ("one day's state of all places", f"{figures['state_ms']:.0f} ms", "100 ms"),
        ("the same with the claims for and against", f"{figures['whole_ms']:.0f} ms", ""),
        ("the same as rows with names, by governorate", f"{figures['rows_ms']:.0f} ms", ""),
        ("one place's history", f"{figures['history_ms']:.1f} ms", "10 ms"),
        ("that of one of the busiest tenth", f"{figures['busy_ms']:.1f} ms", "10 ms"),
        (f"what changed hands in a year ({figures['turns']:,.0f} changes)", f"{figures['turns_ms']:.0f} ms", "1 s"),
        ("one more report of ten claims", f"{figures['more_ms']:.0f} ms", ""),
        ("the file", f"{figures['file_mb']:.0f} MB", ""),
    )
    table = "\n".join(f"| {what} | {took} | {aim} |" for what, took, aim in rows)
    machine = (
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} processors"
    )
    return f"""# How fast who holds what is answered

Made by `python tools/bench_control.py --claims {asked.claims} --places {asked.places} --years {asked.years} --write` on
{machine}; other programs ran beside. {asked.claims:,} made claims: takings, holdings, withdrawals, fights, strikes and
sieges of three sides, told by twenty sources, half of them on a tenth of {asked.places:,} places, over
{asked.years} years. The medians of several runs, on a SQLite file.

| what | takes | aim |
| --- | --- | --- |
{table}

Making the chart begins with the claims in hand; taking them out of the record comes on top
([the record's own speed](performance.md)). A question with `known_by` makes the timelines of what it asks for anew from
the claims known then, and takes as long as making the chart of those claims.
"""


def main() -> None:
    """Measure, and print or write the page."""
    parser = argparse.ArgumentParser(description="time the chart of who holds what")
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--places", type=int, default=8000)
    parser.add_argument("--years", type=int, default=12)
    parser.add_argument("--write", action="store_true", help="write docs/performance-of-control.md")
    asked = parser.parse_args()
    page = page_of(measure(asked.claims, asked.places, asked.years), asked)
    if asked.write:
        PAGE.write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
