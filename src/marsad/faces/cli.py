"""The command line: reading (`read`, `explain`, `score`, `gazetteer`) and the record (`add`, `incidents`, `review`, …).

Data goes to standard output, talk to standard error. Exit code 2 for a wrong question, 1 where some inputs
could not be read (the others still are), 0 otherwise. Each command imports what it needs when it runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from marsad.errors import InputError, MarsadError, RecordError, UsageError
from marsad.faces import (
    adding,
    asking,
    digesting,
    exhibiting,
    exporting,
    holding,
    marking,
    rereading,
    reviewing,
    safekeeping,
    serving,
)
from marsad.faces.opening import add_record_options, written_to

if TYPE_CHECKING:
    from marsad.intake import Defaults
    from marsad.loading.theatre import PlaceRow
    from marsad.model import Report
    from marsad.reading_result import Reading

FORMATS = ("table", "jsonl", "html")
_INPUTS = (
    "Text, web pages, JSON, JSON Lines, CSV, Parquet, Word documents, web archives and Telegram exports are told by "
    "their content, packed with gzip or not; of a folder, every file is read."
)
_SETS = (
    "Store the places of a table as a set of your own beside the packs: in $MARSAD_GAZETTEER, else in "
    "marsad/gazetteer of the XDG data home. A place that is known already is not stored twice; a second import of "
    "a file replaces the first."
)


class Reads(Protocol):
    """Anything that turns a report into a reading."""

    def read(self, report: Report) -> Reading:
        """Return the claims of the report."""
        ...


def make_reader(theatre: str | None, outlet: str | None) -> Reads:
    """Return a reader for the theatre, its packs loaded."""
    from marsad.pipeline import Reader

    return Reader(theatre, outlet)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    asked = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code: int = asked.run(asked)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader of our output left (`| head`); what Python would flush at exit goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MarsadError as error:
        print(f"marsad: {error}", file=sys.stderr)
        return 1 if isinstance(error, (InputError, RecordError)) else 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="marsad",
        description="Arabic field reports of conflicts: read them into claims, keep a record of incidents.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    add_record_options(parser, top=True)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    readers = (_add_read, _add_explain, _add_score, _add_gazetteer)
    rooms = (
        adding, asking, holding, digesting, exhibiting, exporting, reviewing, marking, rereading, safekeeping, serving,
    )  # fmt: skip
    for add in (*readers, *(room.add_commands for room in rooms)):
        add(commands)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when asked: the look-up costs as much as the rest of the start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"marsad {version('marsad')}")
        parser.exit()


def _add_read(commands: Any) -> None:
    about = f"Read reports into claims. {_INPUTS}"
    read = commands.add_parser("read", help="read reports into claims", description=about)
    read.add_argument("inputs", nargs="*", default=["-"], metavar="FILE", help="file, folder, or - for standard input")
    _add_context(read)
    read.add_argument("--as", dest="form", choices=FORMATS, default="table", help="how to show the claims (table)")
    read.add_argument("--out", metavar="FILE", help="write there instead of standard output")
    read.set_defaults(run=_read)


def _add_explain(commands: Any) -> None:
    about = "Say why each claim was made, which places were refused, and what was seen but not read."
    explain = commands.add_parser("explain", help="say why each claim was made", description=about)
    explain.add_argument("inputs", nargs="+", metavar="FILE", help="file, folder, or - for standard input")
    _add_context(explain)
    explain.add_argument("--claim", metavar="ID", help="only this claim (the start of its id is enough)")
    explain.set_defaults(run=_explain)


def _add_context(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--published", metavar="DATE", help="day of publication (YYYY-MM-DD) of reports that do not say"
    )
    command.add_argument("--outlet", metavar="NAME", help="outlet of reports that do not name theirs")
    command.add_argument("--theatre", metavar="CODE", help="the theatre, as sy; told from each report where not given")


def _add_score(commands: Any) -> None:
    about = "Measure claims against a gold coding; without PREDICTED, the gold's texts are read now."
    score = commands.add_parser("score", help="measure claims against a gold coding", description=about)
    score.add_argument("gold", metavar="GOLD", help="a gold file, a folder of them, or JSON Lines")
    score.add_argument(
        "predicted", metavar="PREDICTED", nargs="?", help="coded reports, as `marsad read --as jsonl` writes"
    )
    score.add_argument("--by", choices=["type"], help="also one line a type")
    score.add_argument("--errors", type=int, default=0, metavar="N", help="also the first N missed and extra claims")
    score.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    score.add_argument("--theatre", metavar="CODE", help="for reading, where PREDICTED is absent")
    score.set_defaults(run=_score)


def _add_gazetteer(commands: Any) -> None:
    about = "Look places up, or add your own."
    gazetteer = commands.add_parser("gazetteer", help="look places up, or add your own", description=about)
    actions = gazetteer.add_subparsers(metavar="ACTION", required=True)
    find = actions.add_parser("find", help="print the places that a name can mean")
    find.add_argument("name", metavar="NAME", help="an Arabic name, else a Latin one or an id")
    find.add_argument("--theatre", metavar="CODE", help="only places of this theatre, as sy")
    find.set_defaults(run=_find_place)
    add = actions.add_parser(
        "add", help="import an OCHA table, a GeoNames dump or a Who's On First TSV", description=_SETS
    )
    add.add_argument("file", metavar="FILE", help="a csv or tsv, or GeoNames's SY.txt or alternateNamesV2.txt")
    add.set_defaults(run=_add_places)


def _read(asked: argparse.Namespace) -> int:
    inbox = _Inbox(asked.inputs, _defaults_of(asked))
    reader = make_reader(asked.theatre, asked.outlet)
    from marsad.faces.progress import shown

    readings = shown(reader.read(report) for report in inbox)
    with written_to(asked.out) as out:
        for chunk in _published(readings, asked.form):
            out.write(chunk)
    return inbox.exit_code


def _explain(asked: argparse.Namespace) -> int:
    from marsad.publish.explain import explanation_of

    inbox = _Inbox(asked.inputs, _defaults_of(asked))
    reader = make_reader(asked.theatre, asked.outlet)
    found = False
    for reading in map(reader.read, inbox):
        claims = [c for c in reading.claims if c.id.startswith(asked.claim or "")]
        if asked.claim and not claims:
            continue
        found = True
        for line in explanation_of(reading.report, claims, [] if asked.claim else reading.unread):
            print(line)
    if asked.claim and not found and not inbox.exit_code:
        raise UsageError(f"no claim has the id {asked.claim}; `marsad explain FILE` lists them")
    return inbox.exit_code


def _score(asked: argparse.Namespace) -> int:
    from marsad import scoring

    gold = scoring.load_coded(asked.gold)
    if not gold:
        raise UsageError(f'{asked.gold}: no record has "claims"; name a gold file or a folder of them')
    predicted = scoring.load_coded(asked.predicted) if asked.predicted else _predict(gold.values(), asked)
    result = scoring.score(gold, predicted)
    if asked.json:
        import json

        print(json.dumps(result.as_dict()))
        return 0
    print("\n".join(result.lines(asked.by == "type", asked.errors)))
    return 0


def _predict(records: Iterable[dict[str, Any]], asked: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Read the texts of a gold coding and return our own, by the ids of the gold."""
    from marsad.intake import Defaults, Failure, reports_of
    from marsad.publish.jsonl import record_of

    reader = make_reader(asked.theatre, None)
    coded: dict[str, dict[str, Any]] = {}
    for record in records:
        for report in reports_of(record, asked.gold, None, Defaults()):
            if isinstance(report, Failure):
                print(f"marsad: {report}", file=sys.stderr)
                continue
            coded[record["id"]] = record_of(report, reader.read(report).claims)
    return coded


def _find_place(asked: argparse.Namespace) -> int:
    from marsad.grounding import gazetteer
    from marsad.loading.theatre import theatre

    if asked.theatre:
        theatre(asked.theatre)
    places = gazetteer.find(asked.name, asked.theatre)
    for line in _place_lines(places):
        print(line)
    if not places:
        reason = f"no place is known by the name {asked.name!r}" + (f" in {asked.theatre}" if asked.theatre else "")
        print(f"marsad: {reason}; `marsad gazetteer add FILE` brings more", file=sys.stderr)
    return 0 if places else 1


def _place_lines(places: Sequence[PlaceRow]) -> Iterator[str]:
    """Yield the places as a table whose columns are as wide as they must be."""
    from marsad.grounding.gazetteer import all_places
    from marsad.publish.cells import cell, width_of

    rows = all_places().rows
    table = [("NAME", "ARABIC", "KIND", "ADMIN1", "COUNTRY", "LAT", "LON", "WEIGHT", "SOURCE", "ID")]
    for place in places:
        area = rows.get(place.admin1)
        point = ("" if d is None else f"{d:.4f}" for d in (place.lat, place.lon))
        names = (place.name, place.name_ar, place.kind, area.name if area else place.admin1, place.country)
        table.append((*names, *point, str(place.weight), place.source, place.id))  # type: ignore[arg-type]
    widths = [min(36, max(map(width_of, column))) for column in zip(*table, strict=True)]
    for line in table if places else ():
        yield "  ".join(map(cell, line, widths)).rstrip()


def _add_places(asked: argparse.Namespace) -> int:
    from marsad.grounding import imports

    imported = imports.add(asked.file)
    print(imported)
    return 1 if imported.refused else 0


def _defaults_of(asked: argparse.Namespace) -> Defaults:
    from marsad.intake import Defaults, asked_day
    from marsad.pipeline import theatres

    return Defaults(asked_day(asked.published), asked.outlet, known=tuple(theatres()))


class _Inbox:
    """The reports of the inputs; failures are told on standard error and remembered for the exit code."""

    def __init__(self, inputs: Sequence[str], defaults: Defaults) -> None:
        self._inputs = inputs
        self._defaults = defaults
        self.exit_code = 0

    def __iter__(self) -> Iterator[Report]:
        from marsad.intake import Failure, read_inputs

        if "-" in self._inputs and sys.stdin.isatty():
            print("marsad: reading standard input; end with Ctrl-D", file=sys.stderr)
        for item in read_inputs(self._inputs, self._defaults):
            if isinstance(item, Failure):
                self.exit_code = 1
                print(f"marsad: {item}", file=sys.stderr)
            else:
                yield item


def _published(readings: Iterable[Reading], form: str) -> Iterator[str]:
    coded = ((reading.report, reading.claims) for reading in readings)
    if form == "jsonl":
        from marsad.publish.jsonl import line_of

        return (line_of(report, claims) for report, claims in coded)
    if form == "html":
        from marsad.publish.html import page_of

        return page_of(coded)
    from marsad.publish.table import table_of

    return (line + "\n" for line in table_of(coded))


if __name__ == "__main__":
    sys.exit(main())
