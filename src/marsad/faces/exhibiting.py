"""`marsad page`: one file that shows a record to anyone: map, days and claims, each back to its words."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from marsad.faces.opening import add_record_options, share, viewed, written_to

_ABOUT = (
    "Write one page that anyone can open, without network, server or other files: a map of who holds what that plays "
    "over the days, the claims with their reports and their words marked, search, filters, Arabic and English. It "
    "holds only what the role may see: say --role public (the default) for what is passed on."
)


def add_commands(commands: Any) -> None:
    """Add the command to the parser."""
    page = commands.add_parser("page", help="one file with map, days and claims for any browser", description=_ABOUT)
    page.add_argument("out", metavar="OUT.html", help="the file to write, - for standard output")
    page.add_argument("--on", metavar="DAY", help="the day that is shown first (YYYY-MM-DD); the last if not given")
    page.add_argument(
        "--from", dest="first", metavar="DAY", help="the first day; if not given, the first that is told of"
    )
    page.add_argument("--to", dest="last", metavar="DAY", help="the last day; that of the newest report if not given")
    page.add_argument("--under", metavar="AREA", help="only in this governorate or country (two letters)")
    page.add_argument(
        "--min", dest="certainty", metavar="CERTAINTY", type=share, help="list only claims this sure (0 to 1); what "
        "stands behind the map stays to be opened",
    )  # fmt: skip
    page.add_argument("--title", metavar="WORDS", help="the title of the page")
    add_record_options(page)
    page.set_defaults(run=_page)


def _page(asked: argparse.Namespace) -> int:
    from marsad.exhibit import Asked, exhibit_of
    from marsad.grounding.areas import area_named
    from marsad.publish.page import page_of

    question = Asked(asked.first, asked.last, asked.on, area_named(asked.under), asked.certainty, asked.title)
    with viewed(asked) as view:
        exhibit = exhibit_of(view, question)
    page = page_of(exhibit)
    with written_to(asked.out) as stream:
        stream.write(page)
    counts = f"{exhibit['listed']} claims, {len(exhibit['states'])} places, {exhibit['first']} to {exhibit['last']}"
    where = "" if asked.out == "-" else f"{asked.out}: "
    print(f"{where}{counts}, {len(page.encode('utf-8')) / 1e6:.1f} MB", file=sys.stderr)
    return 0
