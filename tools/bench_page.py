"""What `make bench` measured, as the page docs/performance.md; called by tests/bench/conftest.py at its end."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
NEEDED = frozenset({"corpus", "dense", "scan", "load", "peak_read", "stages_corpus", "stages_dense"})
AIM = 1000  # reports of 2 KB a second
AIM_START = 0.5  # seconds
AIM_MEMORY = 300  # MB
BY_HAND = "## Before and after"  # from here on the page is written by hand


def page_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the page; what was not measured is said to be missing."""
    yield from ("# How fast it reads", "")
    yield "Made by `make bench`, which runs `tests/bench` (pytest-benchmark). One process, one core, packs loaded, no"
    yield f"accelerator. Machine: {machine()}."
    yield ""
    yield "A *report* here is 2 KB of UTF-8, about 190 words: the time of all texts divided by their size. Rates and"
    yield "stages are processor time of the one process, starts are time on the clock; other programs may have run"
    yield "beside it: take differences under 15 % as noise."
    yield ""
    yield from _speed(figures)
    yield from _start(figures)
    yield from _stages(figures)


def by_hand(page: str) -> str:
    """Return the part of a page that is written by hand, which a bench leaves as it is."""
    return page[page.index(BY_HAND) :] if BY_HAND in page else ""


def machine() -> str:
    """Return cores, processor family, system and Python, and no name."""
    system = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    return f"{system}, {platform.python_implementation()} {platform.python_version()}"


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    yield from ("| " + " | ".join(row) + " |" for row in rows)
    yield ""


def _speed(figures: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Reports a second", "")
    yield from _table(("what", "reports a second", "of a keyword scan's time"), _speed_rows(figures))
    yield "The keyword scan splits a text at `\\w+`, looks each word up among the pack's words and counts types: the"
    yield "least that any reader does. It was timed in the same run on the same texts. Every text is timed once, after"
    yield f"others have warmed the reader up. The aim is {AIM:,} a second."
    yield ""


def _speed_rows(figures: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    where = "the bundled sample, repeated" if figures.get("corpus_is_sample") else "newspaper articles of the corpus"
    claims = f", {figures['dense_claims']:.1f} claims each" if "dense_claims" in figures else ""
    names = {
        "corpus": f"{figures.get('corpus_reports', 0)} {where}",
        "dense": f"{figures.get('dense_reports', 0)} dense reports{claims}",
        "scan": "keyword scan of the corpus",
    }
    for key, name in names.items():
        ratio = f"{figures['scan'] / figures[key]:.1f} ×" if {"scan", key} <= figures.keys() else ""
        yield name, _number(figures, key, "{:,.0f}"), ratio


def _number(figures: Mapping[str, Any], key: str, form: str) -> str:
    return form.format(figures[key]) if key in figures else "not measured"


def _start(figures: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Start and memory", "")
    rows = (
        ("`marsad --version`, fresh process", _number(figures, "cold_version", "{:.2f} s"), f"{AIM_START} s"),
        ('`python -c "import marsad; marsad.read(…)"`', _number(figures, "cold_read", "{:.2f} s"), f"{AIM_START} s"),
        ("the same, with nothing kept", _number(figures, "cold_first", "{:.2f} s"), ""),
        ("loading the packs within it", _number(figures, "load", "{:.2f} s"), ""),
        ("peak memory, packs loaded", _number(figures, "peak_loaded", "{:.0f} MB"), ""),
        ("peak memory after 300 reports", _number(figures, "peak_read", "{:.0f} MB"), f"{AIM_MEMORY} MB"),
    )
    yield from _table(("what", "measured", "aim"), iter(rows))
    yield "What a start works out from the packs it keeps for the next: in `$MARSAD_CACHE`, else in `marsad` of the"
    yield "cache home. A change in the code or in a pack has it made anew; without a folder to write, every start takes"
    yield "as long as with nothing kept."
    yield ""


def _stages(figures: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Where the time goes", "")
    yield "Microseconds a report, by stage and without what a stage calls of another; the stopwatches themselves cost"
    yield "some of it. *Dense* are the reports full of claims."
    yield ""
    corpus, dense = (figures.get(f"stages_{kind}", {}) for kind in ("corpus", "dense"))
    yield from _table(("stage", "µs, corpus", "share", "µs, dense", "share"), _stage_rows(corpus, dense))


def _stage_rows(corpus: Mapping[str, float], dense: Mapping[str, float]) -> Iterator[Sequence[str]]:
    totals = [sum(spent.values()) for spent in (corpus, dense)]
    for stage in dict.fromkeys((*corpus, *dense)):
        cells: list[str] = []
        for spent, total in zip((corpus, dense), totals, strict=True):
            share = spent.get(stage, 0.0) / total if total else 0.0
            cells += [f"{spent.get(stage, 0.0):.0f}", f"{share:.0%}"]
        yield stage, *cells
    yield "**all**", f"{totals[0]:.0f}", "", f"{totals[1]:.0f}", ""
