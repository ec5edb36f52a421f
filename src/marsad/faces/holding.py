"""`marsad control`: who holds which place on any day, what says so and what speaks against it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from marsad.errors import UsageError
from marsad.faces.deciding import add_person, fuse_after
from marsad.faces.opening import add_record_options, opened, person_of, print_lines, viewed

if TYPE_CHECKING:
    from marsad.holding import Ledger
    from marsad.record.view import View

FORMS = ("table", "jsonl", "csv", "geojson")
COLUMNS = (
    "place", "name", "name_ar", "kind", "admin1", "country", "pcode", "lat", "lon", "status", "holder", "holders",
    "sides", "since", "began", "until", "confidence", "basis", "sources", "evidence", "against", "age_days",
)  # fmt: skip
CHANGE_COLUMNS = (
    "day", "place", "name", "name_ar", "kind", "admin1", "country", "pcode", "lat", "lon", "status_before",
    "holder_before", "status", "holder", "holders", "sides", "began", "confidence", "sources", "evidence", "against",
)  # fmt: skip
_ABOUT = (
    "Who holds each place on a day, derived from the claims of the record by docs/concepts/control.md, with the claims "
    "for it and against it, and how old they are. Nothing is drawn by hand."
)


def add_commands(commands: Any) -> None:
    """Add the command to the parser."""
    control = commands.add_parser("control", help="who holds which place on any day, and why", description=_ABOUT)
    control.add_argument("places", nargs="*", metavar="PLACE", help="only these places: names, or ids of the gazetteer")
    control.add_argument(
        "--on", metavar="DAY", help="at the end of this day (YYYY-MM-DD); the newest report's if not given"
    )
    control.add_argument("--under", metavar="AREA", help="only in this governorate or country (two letters)")
    control.add_argument(
        "--by", choices=["group", "coalition", "side"], default="group", help="name holders as groups (default), by "
        "their coalition, or by the side for which they hold",
    )  # fmt: skip
    asked = control.add_mutually_exclusive_group()
    asked.add_argument("--history", action="store_true", help="the timeline of the places, with what made each change")
    asked.add_argument("--changes", action="store_true", help="what changed hands, by day")
    asked.add_argument("--why", action="store_true", help="the argument for and against, each sentence with its claim")
    control.add_argument("--from", dest="first", metavar="DAY", help="changes from this day")
    control.add_argument("--to", dest="last", metavar="DAY", help="changes until this day")
    control.add_argument("--lang", choices=["ar", "en"], default="en", help="language of the argument (en)")
    control.add_argument("--cells", action="store_true", help="in GeoJSON, cells around places instead of points")
    control.add_argument("--as", dest="form", choices=FORMS, default="table", help="how to show it (table)")
    add_record_options(control)
    control.set_defaults(run=_control)
    _add_start(commands)


def _add_start(commands: Any) -> None:
    about = (
        "Take in who held what before the first report, from a CSV table: columns place (a name, or an id of the "
        "gazetteer) and holder (an id of the registry, or its words), and where wanted on, admin1, country. Each row "
        "becomes a claim of the source, weighed as any other."
    )
    start = commands.add_parser("start", help="take in who held what before, from a table", description=about)
    start.add_argument("file", metavar="FILE", help="the CSV table")
    start.add_argument("--source", metavar="NAME", required=True, help="who says so")
    start.add_argument("--on", metavar="DAY", help="the day on which it was so (YYYY-MM-DD), for rows without one")
    add_person(start)
    add_record_options(start)
    start.set_defaults(run=_start)


def _start(asked: argparse.Namespace) -> int:
    from marsad.judging import guide
    from marsad.starting import take_starting_state

    with opened(asked, create=True) as record:
        done = take_starting_state(record, asked.file, asked.source, asked.on, person_of(asked), guide())
        for failure in done.failures:
            print(f"marsad: {failure}", file=sys.stderr)
        if done.taken:
            fuse_after(record)
    known = "; the table was there already" if done.known else ""
    print(f"{done.taken} places taken, {len(done.failures)} rows not read{known}", file=sys.stderr)
    return 1 if done.failures else 0


def _control(asked: argparse.Namespace) -> int:
    from marsad.charting import ledger_of
    from marsad.grounding.areas import area_named

    _check(asked)
    with viewed(asked) as view:
        day = asked.on or view.newest_day()
        if day is None:
            raise UsageError("the record has no report with a day yet; `marsad add FILE` brings some")
        ledger = ledger_of(view, asked.by)
        places = _places(asked, ledger)
        if asked.why:
            return _why(asked, view, ledger, places, day)
        if asked.history:
            states = [row for place in places for row in ledger.history(place, asked.on)]
            return _shown(asked, view, states, CHANGE_COLUMNS)
        if asked.changes:
            first, last = asked.first or "", asked.last or day
            rows = ledger.changes(first, last, area_named(asked.under))
            return _shown(asked, view, [r for r in rows if not places or r["place"] in places], CHANGE_COLUMNS)
        return _shown(asked, view, ledger.on(day, places, area_named(asked.under)), COLUMNS)


def _check(asked: argparse.Namespace) -> None:
    from marsad.record.view import check_day

    for day in (asked.on, asked.first, asked.last):
        check_day(day)
    if (asked.why or asked.history) and not asked.places:
        raise UsageError("say of which place: marsad control PLACE " + ("--why" if asked.why else "--history"))
    if asked.cells and asked.form != "geojson":
        raise UsageError("cells are drawn in GeoJSON only; say --as geojson too")
    if asked.why and asked.form not in ("table", "jsonl"):
        raise UsageError(f"an argument is no table; leave --as {asked.form} out, or say --as jsonl")
    if (asked.first or asked.last) and not asked.changes:
        raise UsageError("--from and --to belong to --changes; for one day say --on")


def _places(asked: argparse.Namespace, ledger: Ledger) -> list[str]:
    """Return the ids that the names mean; raise UsageError for a name that no place has."""
    found: list[str] = []
    for name in asked.places:
        meant = ledger.named(name)
        if not meant:
            raise UsageError(f"no place is called {name!r}; `marsad gazetteer find {name}` shows what is near it")
        found += meant
    return list(dict.fromkeys(found))


def _why(asked: argparse.Namespace, view: View, ledger: Ledger, places: Iterable[str], day: str) -> int:
    from marsad.publish.argument import argument_lines

    for n, place in enumerate(places):
        row, testimonies = ledger.argument(place, day)
        told = view.told(t["claim"] for t in testimonies)
        testimonies = [{**t, "told": told.get(t["claim"])} for t in testimonies]
        if asked.form == "jsonl":
            print_lines([{**row, "argument": testimonies}])
            continue
        if n:
            print()
        for line in argument_lines(row, testimonies, asked.lang):
            print(line)
    return 0


def _shown(asked: argparse.Namespace, view: View, rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> int:
    if asked.form == "jsonl":
        print_lines(rows)
        return 0
    for line in _lines(asked, view, rows, columns):
        print(line, end="" if asked.form == "csv" else "\n")
    return 0


def _lines(
    asked: argparse.Namespace, view: View, rows: Iterable[dict[str, Any]], columns: tuple[str, ...]
) -> Iterator[str]:
    from marsad.publish import csv_rows, geojson, holdings

    if asked.form == "csv":
        yield from csv_rows.csv_of(rows, columns)
    elif asked.form == "geojson":
        listed = list(rows)
        yield from geojson.collection_of(listed, _cells(asked, listed))
    elif asked.changes or asked.history:
        listed = list(rows)
        told = view.told(id for row in listed for id in row["evidence"])
        lines = holdings.change_lines if asked.changes else holdings.history_lines
        yield from lines(listed, told)
    else:
        yield from holdings.holding_lines(rows)


def _cells(asked: argparse.Namespace, rows: list[dict[str, Any]]) -> Mapping[str, Any] | None:
    """Return the cells of the places where they were asked for."""
    from marsad.grounding.tessellation import cells_of
    from marsad.loading.theatre import theatre_codes

    if not asked.cells:
        return None
    codes = {(row["country"] or "").lower() for row in rows} & set(theatre_codes())
    return {place: cell for code in sorted(codes) for place, cell in cells_of(code).items()}
