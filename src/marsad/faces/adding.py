"""`marsad add`, `watch`, `intake`, `fuse`: what comes into a record."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from marsad.faces.opening import add_record_options, opened, print_lines, viewed

if TYPE_CHECKING:
    from marsad.adding import Added, Adding, Versioned
    from marsad.intake import Columns, Defaults, Failure
    from marsad.model import Arrival
    from marsad.record.store import Record

# What stands where the person who looks may not know an address or a digest.
_WITHHELD = "[withheld]"
_ADD = (
    "Take reports into a record: texts, web pages, JSON, JSON Lines, CSV, Parquet, Word documents, web archives "
    "(WARC), Telegram exports (result.json) and saved t.me/s/ pages, told by their content; PDF as a lead only; "
    "http(s) addresses of pages and feeds. What is known already is not taken twice."
)


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
    _add_add(commands)
    _add_watch(commands)
    intake = commands.add_parser("intake", help="list what was taken in, or what could not be read")
    intake.add_argument("--failed", action="store_true", help="what could not be read, with the reason and the remedy")
    intake.add_argument("--as", dest="form", choices=["table", "jsonl"], default="table", help="how to show it (table)")
    add_record_options(intake)
    intake.set_defaults(run=_intake)
    fuse = commands.add_parser("fuse", help="bring claims that were not fused yet into incidents")
    add_record_options(fuse)
    fuse.set_defaults(run=_fuse)


def _add_add(commands: Any) -> None:
    add = commands.add_parser("add", help="take reports into a record", description=_ADD)
    add.add_argument(
        "inputs", nargs="*", default=["-"], metavar="FILE", help="file, folder, address, or - for standard input"
    )
    add.add_argument("--published", metavar="DATE", help="day of publication (YYYY-MM-DD) of reports that do not say")
    add.add_argument("--outlet", metavar="NAME", help="outlet of reports that do not name theirs")
    add.add_argument("--theatre", metavar="CODE", help="the theatre, as sy; told from each report where not given")
    add.add_argument(
        "--columns", metavar="MAP", help="a table's columns, as text=النص,published:dmy=التاريخ; remembered"
    )
    add.add_argument("--id-prefix", metavar="NAME", default="", help="put before every id that a table brings")
    add.add_argument("--allow-private", action="store_true", help="let addresses lead to this machine or its network")
    add_record_options(add)
    add.set_defaults(run=_add)


def _add_watch(commands: Any) -> None:
    about = "Poll the sources of a list (TOML) politely and take in what is new; one bad source never stops the others."
    watch = commands.add_parser("watch", help="poll feeds, pages and channels", description=about)
    watch.add_argument(
        "sources", metavar="SOURCES.toml", help="[[source]] name, url, and what docs/reference says besides"
    )
    watch.add_argument("--once", action="store_true", help="poll those that are due, then end (for cron)")
    add_record_options(watch)
    watch.set_defaults(run=_watch)


def _add(asked: argparse.Namespace) -> int:
    # What is wrong with the question is said before a record is begun.
    defaults, columns, reader = _defaults_of(asked), _columns_asked(asked), _reader(asked.theatre)
    with opened(asked, create=True) as record:
        adding = _adding(record, reader)
        _progress_of(adding, _prefixed(_arrivals(asked, record, defaults, columns), asked.id_prefix))
    return _closing(adding.done)


def _reader(theatre: str | None) -> Versioned:
    from marsad.faces import cli

    return cli.make_reader(theatre, None)  # type: ignore[return-value]


def _adding(record: Record, reader: Versioned) -> Adding:
    from marsad.adding import Adding

    return Adding(record, reader, _tell)


def _tell(failure: Failure) -> None:
    print(f"marsad: {failure}", file=sys.stderr)


def _progress_of(adding: Adding, arrivals: Iterable[Arrival | Failure]) -> None:
    """Add and fuse with a line of counts and rate on a terminal."""
    from marsad.faces.progress import Meter

    with Meter("reports added") as meter:
        adding.add(arrivals, lambda done: meter.show(done.reports, f"{done.claims:,} claims, {done.failed:,} failed"))
    with Meter("claims fused") as meter:
        adding.fuse(meter.add)


def _closing(done: Added) -> int:
    counts = [f"{done.new:,} new", f"{done.changed:,} changed", f"{done.known:,} known already"]
    print(f"{', '.join(counts)} reports; {done.claims:,} claims; {done.failed:,} inputs not read", file=sys.stderr)
    if done.failed:
        print("marsad: `marsad intake --failed` lists what could not be read", file=sys.stderr)
    return 1 if done.failed else 0


def _defaults_of(asked: argparse.Namespace) -> Defaults:
    from marsad.intake import Defaults, asked_day
    from marsad.pipeline import theatres

    return Defaults(asked_day(asked.published), asked.outlet, asked.theatre, known=tuple(theatres()))


def _columns_asked(asked: argparse.Namespace) -> Columns | None:
    from marsad.intake import Columns

    return Columns.parse(asked.columns) if asked.columns else None


def _arrivals(
    asked: argparse.Namespace, record: Record, defaults: Defaults, columns: Columns | None
) -> Iterator[Arrival | Failure]:
    """Yield what the inputs hold, files and addresses in the order given."""
    from marsad.intake import take_in

    if "-" in asked.inputs and sys.stdin.isatty():
        print("marsad: reading standard input; end with Ctrl-D", file=sys.stderr)
    for where in asked.inputs:
        if where.startswith(("http://", "https://")):
            yield from _fetched(where, defaults, asked.allow_private)
        else:
            remembered, remember = _columns_of(record)
            yield from take_in([where], defaults, columns=columns, remembered=remembered, on_columns=remember)


def _fetched(url: str, defaults: Defaults, private: bool) -> Iterator[Arrival | Failure]:
    """Yield the reports of a page, or of the articles behind a feed."""
    from dataclasses import replace

    from marsad.intake import Failure
    from marsad.intake.watching import WatchedSource, poll
    from marsad.polling import Nothing

    source = WatchedSource(name=url, url=url, outlet=defaults.outlet, theatre=defaults.theatre, allow_private=private)
    for item in poll(source, Nothing()):
        if isinstance(item, Failure) or item.report.published:
            yield item
        else:
            yield replace(item, report=replace(item.report, published=defaults.published))


def _columns_of(record: Record) -> tuple[Callable[[str], Columns | None], Callable[[str, Columns], None]]:
    """Return how to look up which columns a person named for a header, and how to remember them."""
    from marsad.intake import Columns
    from marsad.record.remembering import columns_for, remember_columns

    def remembered(header: str) -> Columns | None:
        written = columns_for(record, header)
        return Columns.parse(written) if written else None

    return remembered, lambda header, columns: remember_columns(record, header, str(columns))


def _prefixed(arrivals: Iterable[Arrival | Failure], prefix: str) -> Iterator[Arrival | Failure]:
    from dataclasses import replace

    from marsad.model import Arrival

    for item in arrivals:
        if prefix and isinstance(item, Arrival):
            yield replace(item, report=replace(item.report, id=prefix + item.report.id))
        else:
            yield item


def _watch(asked: argparse.Namespace) -> int:
    from marsad.intake.watching import load_sources, watch
    from marsad.polling import Polls

    sources, reader = load_sources(asked.sources), _reader(None)
    with opened(asked, create=True) as record:
        adding = _adding(record, reader)
        for source, item in watch(sources, Polls(record), once=asked.once):
            # One at a time: what a poll brought is in the record before it is marked as taken.
            adding.add([item])
            if not asked.once:  # there is no end at which it could be done
                adding.fuse()
            print(f"{source.name}: {adding.done.new:,} new, {adding.done.claims:,} claims", file=sys.stderr)
        adding.fuse()
    return _closing(adding.done)


def _intake(asked: argparse.Namespace) -> int:
    with viewed(asked) as view:
        rows = view.failures() if asked.failed else view.intake()
        if asked.form == "jsonl":
            print_lines(rows)
            return 0
        for row in rows:
            print(_failure_line(row) if asked.failed else _capture_line(row))
    return 0


def _failure_line(row: Mapping[str, Any]) -> str:
    address = row["address"] or _WITHHELD
    where = f"{address}, row {row['row']}" if row["row"] is not None else address
    return f"{row['recorded'][:19]}  {where}: {row['reason']}; {row['remedy']}"


def _capture_line(row: Mapping[str, Any]) -> str:
    kept = "kept" if row["kept"] else "reference"
    counts = f"{row['reports']:>6} reports  {row['size']:>12,} bytes  {kept:9}"
    digest, address = row["sha256"] or _WITHHELD, row["address"] or _WITHHELD
    return f"{row['captured'][:19]}  {row['kind']:13} {counts}  {digest[:12]:12}  {address}"


def _fuse(asked: argparse.Namespace) -> int:
    from marsad.faces.progress import Meter
    from marsad.pipeline import release
    from marsad.record.incidents import fuse

    with opened(asked) as record, Meter("claims fused") as meter:
        done = fuse(record, f"marsad {release()}", meter.add)
    print(json.dumps({"placed": done.placed, "founded": done.founded, "merged": done.merged, "changed": done.changed}))
    return 0
