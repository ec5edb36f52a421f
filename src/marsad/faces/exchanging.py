"""`marsad review export`, `import` and `agreement`: the decisions of several copies of a record and several persons."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.errors import UsageError
from marsad.faces.deciding import add_action, deciding, fuse_after, print_all, writing_on
from marsad.faces.opening import known_by_of, opened, print_lines, sight_for, written_to

if TYPE_CHECKING:
    from marsad.record.agreement import Agreement, Rate
    from marsad.record.exchange import Imported
    from marsad.record.store import Record


def add_actions(actions: Any) -> None:
    """Add the actions to those of `marsad review`."""
    export = add_action(
        actions, "export", _export, "write every decision as JSON Lines, for another copy", reason=False
    )
    export.add_argument("--out", metavar="FILE", help="write there instead of standard output")
    brought = add_action(actions, "import", _import, "take in the decisions of another copy", reason=False)
    brought.add_argument("files", nargs="+", metavar="FILE", help="what `marsad review export` wrote; - for stdin")
    agree = add_action(actions, "agreement", _agreement, "say how far reviewers of the same claims agree", reason=False)
    agree.add_argument("--json", action="store_true", help="one JSON object instead of the table")


def _export(asked: argparse.Namespace) -> int:
    from marsad.record.exchange import export_decisions

    known_by = known_by_of(asked)
    with opened(asked) as record, record.asking() as connection:
        if not sight_for(asked, connection).is_clear:
            raise UsageError("decisions hold words that are marked as sensitive; export them with --role reviewer")
        with written_to(asked.out) as out:
            for line in export_decisions(connection, known_by):
                out.write(line)
    return 0


def _import(asked: argparse.Namespace) -> int:
    bad = 0
    with deciding(asked) as record:
        for file in asked.files:
            bad += _import_one(record, file)
        fuse_after(record)
    return 1 if bad else 0


def _import_one(record: Record, file: str) -> int:
    """Take in the decisions of a file, print what came of them and return how many lines were bad."""
    from marsad.judging import guide
    from marsad.record.exchange import import_decisions

    try:
        with _lines_of(file) as lines, writing_on(record, "review import") as writing:
            found = import_decisions(writing, lines, guide=guide())
    except OSError as error:
        print(f"marsad: {file}: cannot be read ({error.strerror}); name a file of decisions", file=sys.stderr)
        return 1
    _tell_troubles(file, found)
    counts = {"taken": len(found.taken), "known": found.known, "conflicts": len(found.conflicts),
              "waiting": len(found.waiting), "bad": len(found.bad)}  # fmt: skip
    print_lines([{"file": file, **counts}])
    return len(found.bad)


@contextmanager
def _lines_of(file: str) -> Iterator[Iterable[str]]:
    """Open the lines of a file; of a pipe, all are there before the record is held for them."""
    if file == "-":
        yield sys.stdin.read().splitlines()
        return
    # A byte that is no UTF-8 makes its line a bad one, not the file.
    with Path(file).open(encoding="utf-8", errors="surrogateescape") as lines:
        yield lines


def _tell_troubles(file: str, found: Imported) -> None:
    for conflict in found.conflicts:
        fields = f" in {', '.join(conflict.fields)}" if conflict.fields else ""
        both = " and ".join(f"{id} by {person}" for id, person in zip(conflict.ids, conflict.persons, strict=True))
        print(f"marsad: {file}: {conflict.what}{fields} on {conflict.ref}: {both}; both are kept", file=sys.stderr)
    for bad in found.bad:
        print(f"marsad: {file}, {bad}", file=sys.stderr)


def _agreement(asked: argparse.Namespace) -> int:
    from dataclasses import asdict

    from marsad.record.agreement import agreement

    with opened(asked) as record, record.asking() as connection:
        found = agreement(connection, known_by_of(asked))
    if asked.json:
        print_lines([asdict(found)])
    else:
        print_all(_agreement_lines(found))
    return 0


def _agreement_lines(found: Agreement) -> Iterator[str]:
    yield f"{found.claims:,} claims judged by two or more of {len(found.persons)} reviewers on the same ground"
    yield f"{'FIELD':<10}{'PAIRS':>9}{'EQUAL':>9}{'ALPHA':>9}"
    for name, rate in {"verdict": found.verdict, **found.fields}.items():
        yield f"{name:<10}{rate.pairs:>9,}{_share(rate, 'share'):>9}{_share(rate, 'alpha'):>9}"


def _share(rate: Rate, name: str) -> str:
    value = getattr(rate, name)
    return "–" if value is None else f"{value:.3f}"
