"""What README.md shows is what the program answers: its console blocks and its figures, made again by `make docs`.

A console block is one command after `$ ` (it may go on after a backslash) and its answer. It is run in an empty
folder that holds `src` and a home of its own, so that a user's gazetteer neither helps nor suffers.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n\$ (?P<command>(?:.*\\\n)*.*)\n(?P<answer>(?:.*\n)*?)```$", re.M)
FIGURES = re.compile(r"(?<=<!-- figures -->\n)(?:.*\n)*?(?=<!-- end -->)")
# Rows of docs/quality.md and docs/performance.md that the first page repeats, and how it calls them.
QUALITY = {
    "**claims, F1**": "claims found (F1)",
    "actors": "actors (F1)",
    "places": "places (F1)",
    "status": "status right",
    "source": "source right",
    "date": "date right",
}
SPEED = {
    "900 newspaper articles of the corpus": "newspaper reports of 2 KB a second",
    "93 dense reports": "reports full of claims a second",
    "peak memory after 300 reports": "peak memory",
}


def refreshed(page: str) -> str:
    """Return the page with every answer and figure as they are now."""
    return FIGURES.sub(lambda _: "\n".join(figures()) + "\n", BLOCK.sub(_block, page))


def _block(found: re.Match[str]) -> str:
    return f"```console\n$ {found['command']}\n{answer_of(found['command'])}```"


def with_answers(page: str, record: Path) -> str:
    """Return a page whose blocks ask a record of the bundled sample with every answer as it is now."""
    return BLOCK.sub(lambda found: f"```console\n$ {found['command']}\n{answer_of(found['command'], record)}```", page)


def sampled(folder: str) -> Path:
    """Make a record of the bundled sample in the folder, and return where it is."""
    record = Path(folder) / "observatory.marsad"
    sample = ROOT / "src" / "marsad" / "packs" / "sample" / "reports.jsonl"
    marsad = [str(Path(sys.executable).parent / "marsad"), "--record", str(record), "add", str(sample)]
    subprocess.run(marsad, check=True, capture_output=True)
    return record


def answer_of(command: str, record: Path | None = None) -> str:
    """Return what the command prints, both streams in order; stop where it does not exist.

    A record lies in the folder where the command runs, under the name by which it is found.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "src").symlink_to(ROOT / "src")
        if record is not None:
            shutil.copy(record, Path(folder) / "observatory.marsad")
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        own = {"PATH": path, "HOME": folder, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            ["bash", "-c", command], check=False, cwd=folder, env=own, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        if done.returncode == 127:
            raise SystemExit(f"README.md: {command}: {done.stdout}")
        lines = done.stdout.replace(folder, "~").rstrip().splitlines()
        return "".join(f"{line.rstrip()}\n" for line in lines)


def figures() -> Iterator[str]:
    """Yield the table of what docs/quality.md and docs/performance.md say of unseen reports and of time."""
    quality, speed = ((ROOT / "docs" / name).read_text("utf-8") for name in ("quality.md", "performance.md"))
    head = _cells(quality, "")
    yield from ("| on coded reports that nobody who works on the reader has seen | |", "| --- | --- |")
    for row, called in QUALITY.items():
        yield f"| {called} | {_cells(quality, row)[head.index('check')]} |"
    yield from ("", "| on one core, packs loaded | |", "| --- | --- |")
    for row, called in SPEED.items():
        yield f"| {called} | {_cells(speed, row)[1]} |"


def _cells(page: str, row: str) -> list[str]:
    """Return the cells of the first table row that begins so; stop where there is none."""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and (cells[0].startswith(row) if row else not cells[0]):
            return cells
    raise SystemExit(f"tools/readme.py: no row {row!r} in the page any more: mend QUALITY or SPEED")


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text("utf-8")), "utf-8")
