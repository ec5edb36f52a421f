"""`marsad export`: what the record knows, in the files that tools of the field load; `marsad import` of a bundle."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.errors import UsageError
from marsad.faces.opening import (
    add_record_options,
    address_of,
    opened,
    print_lines,
    share,
    sight_for,
    viewed,
)
from marsad.publish.formats import FORMATS, TABLES, Format

if TYPE_CHECKING:
    from marsad.exporting import Asked
    from marsad.publish.outgoing import Outgoing
    from marsad.record.view import View

# Not a format of tables: the whole record, as it is.
BUNDLE = "bundle"
_ABOUT = (
    "Write what the record knows for other tools, one page a format under docs/formats. Only the fields of an "
    "allow-list leave (codebook/published.toml), as the role may see them: say --role public (the default) for what is "
    "passed on, and look with --review at the persons, exact points and sources that it holds before you pass it on."
)


def add_commands(commands: Any) -> None:
    """Add the command to the parser."""
    export = commands.add_parser("export", help="write the data for other tools", description=_ABOUT)
    export.add_argument("out", nargs="?", metavar="OUT", help="the file, or the folder where a format has one a table")
    export.add_argument(
        "--as", dest="form", choices=[*FORMATS, BUNDLE], help=f"{', '.join(FORMATS)} or {BUNDLE}", metavar="NAME"
    )
    export.add_argument(
        "--table", action="append", choices=TABLES, metavar="TABLE", help="only this table (again for more); with one, "
        "OUT is a file and - standard output",
    )  # fmt: skip
    export.add_argument("--from", dest="first", metavar="DAY", help="claims and incidents from this day (YYYY-MM-DD)")
    export.add_argument("--to", dest="last", metavar="DAY", help="until this day")
    export.add_argument("--on", metavar="DAY", help="who holds what on this day; the newest report's if not given")
    export.add_argument("--under", metavar="AREA", help="only in this governorate or country (two letters)")
    export.add_argument(
        "--min-certainty", dest="certainty", metavar="SHARE", type=share, help="only this sure (0 to 1)"
    )
    export.add_argument("--reviewed", action="store_true", help="only what a person accepted, corrected or added")
    export.add_argument("--lang", choices=["ar", "en"], default="en", help="language of names and sentences (en)")
    export.add_argument("--title", default="", metavar="WORDS", help="what the export is called in its metadata")
    export.add_argument("--licence", default="", metavar="NAME", help="under which licence you give it, as CC-BY-4.0")
    export.add_argument(
        "--since", metavar="WHEN", help="with --as acled: beside OUT, what is new, corrected and deleted since that day"
    )
    export.add_argument("--review", action="store_true", help="list what is about to leave instead of writing it")
    add_record_options(export)
    export.set_defaults(run=_export)
    _add_import(commands)


def _add_import(commands: Any) -> None:
    about = (
        "Take a bundle that `marsad export --as bundle` wrote into a new or empty record: the same rows, instants and "
        "decisions, so that it answers as the first does. All hashes are checked before anything is written."
    )
    taken = commands.add_parser("import", help="take a bundle into an empty record", description=about)
    taken.add_argument("file", metavar="BUNDLE.zip", help="the bundle")
    taken.add_argument("--check", action="store_true", help="only say whether it is whole, and write nothing")
    add_record_options(taken)
    taken.set_defaults(run=_import)


def _import(asked: argparse.Namespace) -> int:
    from marsad.faces.progress import Meter
    from marsad.record.bundle import verify_bundle
    from marsad.record.unbundling import import_bundle

    with Meter("rows") as meter:
        if asked.check:
            faults = verify_bundle(asked.file, meter.add)
            for fault in faults:
                print(f"marsad: {fault}", file=sys.stderr)
            return 1 if faults else 0
        taken = import_bundle(address_of(asked), asked.file, meter.add)
    rows = sum(taken.rows.values())
    print(f"{address_of(asked)}: {rows:,} rows, {taken.originals:,} originals", file=sys.stderr)
    return 0


def _bundle(asked: argparse.Namespace) -> int:
    """Write the whole record as a bundle, and print the number that stands for it."""
    from marsad.faces.progress import Meter
    from marsad.pipeline import release
    from marsad.record.bundling import write_bundle

    if not asked.out or asked.known_by or asked.table:
        raise UsageError("a bundle is the whole record as it is now: marsad export --as bundle OUT.zip, and no filters")
    with opened(asked) as record, record.asking() as connection, Meter("rows") as meter:
        tool = f"marsad {release()}"
        written = write_bundle(connection, sight_for(asked, connection), asked.out, tool=tool, progress=meter.add)
    print(written.sums)
    return 0


def _export(asked: argparse.Namespace) -> int:
    from marsad.exporting import outgoing_of, review_of

    if asked.form == BUNDLE and not asked.review:
        return _bundle(asked)
    format, tables = _format(asked), tuple(dict.fromkeys(asked.table or ()))
    with viewed(asked) as view:
        outgoing = outgoing_of(view, _question(asked))
        if asked.review:
            print_lines(found.as_dict() for found in review_of(outgoing, tables or (format.tables if format else ())))
            return 0
        assert format is not None  # _format has asked for it
        changes = _Changes(view, asked.since, _question(asked)) if asked.since else None
        _write(asked.out, format, outgoing, tables or format.tables, changes)
    return 0


class _Changes:
    """What became of the events since an instant, to be written beside them."""

    def __init__(self, view: View, since: str, question: Asked) -> None:
        self.view, self.since, self.question = view, since, question

    def write(self, now: Outgoing, path: Path) -> None:
        """Write the list."""
        from marsad.exporting import outgoing_of
        from marsad.grounding.areas import area_of
        from marsad.publish.formats.acled_changes import write_changes
        from marsad.record.asof import instant_of
        from marsad.record.view import View

        then = View(self.view.record, self.view.viewer, instant_of(self.since), area_of)
        write_changes(outgoing_of(then, self.question), now, path, self._moved)

    def _moved(self, incident: str) -> str | None:
        """Return the incident that another one is now, None where it is none."""
        try:
            return str(self.view.incident(incident)["id"])
        except UsageError:
            return None


def _format(asked: argparse.Namespace) -> Format | None:
    """Return the format that was asked for; raise UsageError where the question does not fit it."""
    if asked.review:
        return FORMATS.get(asked.form)
    if not asked.form or not asked.out:
        raise UsageError(f"say what to write and where: marsad export --as NAME OUT; there are {', '.join(FORMATS)}")
    format = FORMATS[asked.form]
    if asked.since and (format.id != "acled" or asked.out == "-"):
        raise UsageError(
            "--since writes a list beside a file of ACLED's columns: marsad export --as acled --since DAY OUT"
        )
    if extra := [table for table in asked.table or () if table not in format.tables]:
        raise UsageError(f"{format.id} holds {', '.join(format.tables)}, no {extra[0]}; leave --table {extra[0]} out")
    return format


def _question(asked: argparse.Namespace) -> Asked:
    from marsad.exporting import Asked
    from marsad.grounding.areas import area_named
    from marsad.questions import governorate

    area = governorate(asked.under) if asked.under else None
    return Asked(
        asked.first, asked.last, asked.on, area, area_named(asked.under), asked.certainty, asked.reviewed, asked.lang,
        asked.title, asked.licence,
    )  # fmt: skip


def _write(
    out: str, format: Format, outgoing: Outgoing, tables: tuple[str, ...], changes: _Changes | None = None
) -> None:  # fmt: skip
    """Write beside the target and move it there when all of it is written."""
    from marsad.publish.formats import write_tables

    is_file = format.whole or len(tables) == 1
    with _beside(out) as folder:
        name = Path(out).name if is_file and out != "-" else "out"
        written = write_tables(format, outgoing, tables, folder, name)
        if changes:
            changes.write(outgoing, folder / f"{name}-changes.csv")
            written = sorted(folder.iterdir())
        if out == "-":
            _to_stdout(format, written, is_file)
            return
        target = Path(out).parent if is_file else Path(out)
        _moved(written, target)
    for file in written:
        print(f"{target / file.name}: {(target / file.name).stat().st_size:,} bytes", file=sys.stderr)


@contextmanager
def _beside(out: str) -> Iterator[Path]:
    """Give a new folder beside the target, which is gone afterwards."""
    where = None if out == "-" else Path(out).absolute().parent
    try:
        made = tempfile.TemporaryDirectory(prefix=".marsad-export-", dir=where)
    except OSError as error:
        raise UsageError(f"{where}: cannot be written to ({error.strerror}); name a folder that is there") from None
    with made as folder:
        yield Path(folder)


def _to_stdout(format: Format, written: list[Path], is_file: bool) -> None:
    if not is_file:
        raise UsageError(f"{format.id} is a file for each table; name one with --table, or a folder")
    sys.stdout.flush()
    with (written[0].parent / "out").open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)


def _moved(written: list[Path], target: Path) -> None:
    try:
        target.mkdir(exist_ok=True)
        for file in written:
            file.replace(target / file.name)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror}); name another place") from None
