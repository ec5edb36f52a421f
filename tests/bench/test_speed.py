"""How fast it reads, how fast it starts, how much memory it takes: run by `make bench`, skipped by `make test`."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from statistics import median
from time import process_time

import pytest

from bench.stages import REST, STAGES, Stopwatches, moved
from marsad.intake import Defaults, reports_of
from marsad.loading.language import language
from marsad.model import Report
from marsad.pipeline import Reader
from marsad.publish.jsonl import line_of

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus" / "newspapers-2015.jsonl.gz"
DENSE = SHARED / "gold" / "dev"
SAMPLE = files("marsad.packs") / "sample" / "reports.jsonl"
NORMAL = 2048  # bytes of UTF-8: the report that figures are given for
PART = 300  # reports of one round
ROUNDS = 3
COLD_ROUNDS = 7
TEXT = "سيطرت الفصائل المحلية على بلدة الحراك يوم أمس"
OPEN_AND_READ = f"import marsad; marsad.read({TEXT!r})"
LOAD = """
from time import perf_counter
start = perf_counter()
from marsad.pipeline import Reader
Reader()
print(perf_counter() - start)
"""
PEAK = """
import json, pathlib, re, resource, sys
from marsad.model import Report
from marsad.pipeline import Reader
status = pathlib.Path("/proc/self/status")
def peak():
    if status.exists():  # ru_maxrss of Linux counts what the process was before it began this program
        return int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1) / 1024
reader = Reader()
loaded = peak()
for line in sys.stdin:
    reader.read(Report("r", json.loads(line)))
print(json.dumps([loaded, peak()]))
"""


def reports_from(records: Sequence[dict[str, object]]) -> list[Report]:
    found = [r for n, record in enumerate(records) for r in reports_of(record, "bench", n, Defaults())]
    return [r for r in found if isinstance(r, Report)]


@pytest.fixture(scope="module")
def corpus() -> list[Report]:
    """Return reports spread over the corpus, or the sample over and over."""
    if not CORPUS.exists():
        records = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
        return (reports_from(records) * PART)[: PART * (ROUNDS + 1)]
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        rows = lines.readlines()
    step = len(rows) // (PART * (ROUNDS + 1))
    return reports_from([json.loads(line) for line in rows[::step]])


@pytest.fixture(scope="module")
def dense() -> list[Report]:
    """Return reports full of claims: the development gold, or the sample."""
    if DENSE.is_dir():
        return reports_from([json.loads(f.read_text("utf-8")) for f in sorted(DENSE.glob("*.json"))])
    return reports_from([json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()])


@pytest.fixture(scope="module")
def reader(corpus) -> Reader:
    """Return a reader that has read the first part of the corpus, none of which is timed."""
    reader = Reader()
    for report in corpus[:PART]:
        reader.read(report)
    return reader


def size_of(reports: Sequence[Report]) -> float:
    """Return how many reports of 2 KB the texts make."""
    return sum(len(r.text.encode()) for r in reports) / NORMAL


def rate(benchmark, parts: Sequence[Sequence[Report]], read: Callable[[Sequence[Report]], object]) -> float:
    """Time each part once, none read before, and return the median of 2 KB reports a second of processor time."""
    waiting, rates = list(parts), []

    def timed(part: Sequence[Report]) -> None:
        start = process_time()
        read(part)
        rates.append(size_of(part) / (process_time() - start))

    benchmark.pedantic(timed, setup=lambda: ((waiting.pop(0),), {}), rounds=len(parts))
    benchmark.extra_info["reports of 2 KB a second"] = round(median(rates), 1)
    return median(rates)


def parts_of(reports: Sequence[Report], size: int) -> list[Sequence[Report]]:
    return [reports[at : at + size] for at in range(0, len(reports) - size + 1, size)][:ROUNDS]


def read_all(reader: Reader) -> Callable[[Sequence[Report]], int]:
    return lambda part: sum(len(reader.read(report).claims) for report in part)


def scan_words() -> Callable[[Sequence[Report]], Counter[str]]:
    """Return the plainest reader there is: split at `\\w+`, look each word up, count the types."""
    kinds = {
        word: t.type
        for t in language().triggers
        for lemma in (*t.verbs, *t.nouns, *t.words)
        for word in lemma.split("/")
    }
    words = re.compile(r"\w+")
    return lambda part: Counter(kinds[w] for report in part for w in words.findall(report.text) if w in kinds)


def test_reads_the_corpus(benchmark, reader, corpus, figures):
    parts = parts_of(corpus[PART:], PART)
    figures["corpus"] = rate(benchmark, parts, read_all(reader))
    figures["corpus_reports"] = sum(map(len, parts))
    figures["corpus_is_sample"] = not CORPUS.exists()


def test_reads_dense_reports(benchmark, reader, dense, figures):
    parts = parts_of(dense, len(dense) // ROUNDS)
    figures["dense"] = rate(benchmark, parts, read_all(reader))
    figures["dense_reports"] = sum(map(len, parts))
    claims = sum(len(reader.read(report).claims) for part in parts for report in part)
    figures["dense_claims"] = claims / sum(map(size_of, parts))


def test_scans_the_corpus_for_keywords(benchmark, corpus, figures):
    figures["scan"] = rate(benchmark, parts_of(corpus[PART:], PART), scan_words())


def test_loads_the_packs(benchmark, figures):
    asked = [sys.executable, "-c", LOAD]
    found: list[float] = []
    benchmark.pedantic(lambda: found.append(float(subprocess.check_output(asked))), rounds=3)
    figures["load"] = median(found)


def seconds_of(benchmark, asked: Sequence[str]) -> float:
    """Return the median time of a fresh process after another; the test is skipped where it fails."""
    first = subprocess.run(asked, capture_output=True, text=True, check=False)
    if first.returncode:
        pytest.skip(f"not measured: {first.stderr.strip().splitlines()[-1]}")
    benchmark.pedantic(lambda: subprocess.run(asked, capture_output=True, check=True), rounds=COLD_ROUNDS)
    return float(benchmark.stats.stats.median)


def test_opens_and_reads_one_report(benchmark, figures):
    figures["cold_read"] = seconds_of(benchmark, [sys.executable, "-c", OPEN_AND_READ])


def test_opens_with_nothing_kept(benchmark, figures, monkeypatch, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder would be")
    monkeypatch.setenv("MARSAD_CACHE", str(tmp_path / "cache"))
    figures["cold_first"] = seconds_of(benchmark, [sys.executable, "-c", OPEN_AND_READ])


def test_tells_its_version(benchmark, figures):
    # What the installed script `marsad --version` does, without need of an installed script.
    run = "import sys; from marsad.faces.cli import main; sys.exit(main(['--version']))"
    figures["cold_version"] = seconds_of(benchmark, [sys.executable, "-c", run])


def test_peak_memory(benchmark, corpus, figures):
    texts = "".join(json.dumps(r.text) + "\n" for r in corpus[:PART])
    found: list[str] = []

    def run() -> None:
        found.append(subprocess.run([sys.executable, "-c", PEAK], input=texts, stdout=-1, text=True, check=True).stdout)

    benchmark.pedantic(run, rounds=1)
    figures["peak_loaded"], figures["peak_read"] = json.loads(found[0])


@pytest.mark.parametrize("kind", ["corpus", "dense"])
def test_where_the_time_goes(benchmark, reader, kind, request, figures):
    reports = request.getfixturevalue(kind)[-PART:]
    watches = Stopwatches()
    with watches.running():
        readings = benchmark.pedantic(lambda: [watches.around(REST, reader.read)(r) for r in reports], rounds=1)
    for reading in readings:
        watches.around("as JSON", line_of)(reading.report, reading.claims)
    order = [*STAGES, REST, "as JSON"]
    figures[f"stages_{kind}"] = {s: watches.spent[s] / 1000 / size_of(reports) for s in order if watches.spent[s]}
    assert not moved(), f"tests/bench/stages.py: mend the addresses of {', '.join(moved())}"
