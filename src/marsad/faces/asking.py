"""`marsad reports`, `claims`, `incidents`, `incident`, `search`: what a record knows."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from marsad.faces.deciding import whole_number
from marsad.faces.opening import add_record_options, print_lines, viewed

if TYPE_CHECKING:
    from marsad.record.view import Filters


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
    reports = _list(commands, "reports", "list the reports, the latest published first")
    reports.add_argument("--text", action="store_true", help="with their texts (JSON Lines)")
    reports.set_defaults(run=_reports)
    claims = _list(commands, "claims", "list the claims, the latest first")
    claims.add_argument("--rejected", action="store_true", help="those that a reviewer rejected instead")
    claims.set_defaults(run=_claims)
    incidents = _list(commands, "incidents", "list the incidents, the latest first")
    incidents.add_argument("--contradicted", action="store_true", help="only those on which sources disagree")
    incidents.add_argument("--independent", type=int, metavar="N", help="only those that N or more sources tell")
    incidents.set_defaults(run=_incidents)
    _add_incident(commands)
    _add_search(commands)


def _list(commands: Any, name: str, about: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=about)
    command.add_argument("ids", nargs="*", metavar="ID", help="only these (the start of an id is enough)")
    command.add_argument("--from", dest="first", metavar="DAY", help="from this day (YYYY-MM-DD)")
    command.add_argument("--to", dest="last", metavar="DAY", help="until this day")
    command.add_argument("--source", metavar="NAME", help="told by this source or outlet")
    if name != "reports":
        _add_filters(command)
    command.add_argument("--limit", type=whole_number, metavar="N", help="at most so many")
    command.add_argument(
        "--as", dest="form", choices=["table", "jsonl"], default="table", help="how to show them (table)"
    )
    add_record_options(command)
    return command


def _add_filters(command: argparse.ArgumentParser) -> None:
    command.add_argument("--type", action="append", default=[], metavar="TYPE", help="of this type (several: repeat)")
    command.add_argument(
        "--status", action="append", default=[], metavar="STATUS", help="of this status (several: repeat)"
    )
    command.add_argument("--place", metavar="NAME", help="at this place: its name in any spelling, or its id")
    command.add_argument("--under", metavar="AREA", help="in this governorate, or country (two letters)")
    command.add_argument("--actor", metavar="WHO", help="by or against this actor: the registry's id, or words")
    command.add_argument("--report", metavar="ID", help="told by this report")
    command.add_argument("--certainty", type=float, metavar="P", help="read with at least this certainty (0 to 1)")


def _add_incident(commands: Any) -> None:
    incident = commands.add_parser("incident", help="show one incident: its claims by source, what they disagree on")
    incident.add_argument("id", metavar="ID", help="an incident, also under an earlier id, or a claim of it")
    incident.add_argument("--why", action="store_true", help="say why each claim is in it")
    incident.add_argument(
        "--as", dest="form", choices=["table", "jsonl"], default="table", help="how to show it (table)"
    )
    add_record_options(incident)
    incident.set_defaults(run=_incident)


def _add_search(commands: Any) -> None:
    about = (
        "Find words however they are spelled: احمد finds أحمد, حلب finds وحلب and بحلب. All words are needed; a phrase "
        'stands between quotation marks, "…"; a star ends the start of a word.'
    )
    search = commands.add_parser("search", help="find words in reports and claims", description=about)
    search.add_argument("words", nargs="+", metavar="WORD")
    search.add_argument("--in", dest="kind", choices=["report", "claim"], help="only in reports, or only in claims")
    search.add_argument("--limit", type=whole_number, default=20, metavar="N", help="at most so many (20)")
    search.add_argument(
        "--as", dest="form", choices=["table", "jsonl"], default="table", help="how to show them (table)"
    )
    add_record_options(search)
    search.set_defaults(run=_search)


def _filters_of(asked: argparse.Namespace) -> Filters:
    """Return the filters that were asked for."""
    from marsad.questions import filters_of

    return filters_of(vars(asked))


def _reports(asked: argparse.Namespace) -> int:
    from marsad.publish.lists import report_lines

    with viewed(asked) as view:
        rows = view.reports(_filters_of(asked), asked.text)
        return _shown(rows, asked.form, report_lines)


def _claims(asked: argparse.Namespace) -> int:
    from marsad.publish.lists import claim_lines

    with viewed(asked) as view:
        return _shown(view.claims(_filters_of(asked)), asked.form, claim_lines)


def _incidents(asked: argparse.Namespace) -> int:
    from marsad.publish.lists import incident_lines

    with viewed(asked) as view:
        return _shown(view.incidents(_filters_of(asked)), asked.form, incident_lines)


def _shown(rows: Any, form: str, lines: Any) -> int:
    if form == "jsonl":
        print_lines(rows)
        return 0
    for line in lines(rows):
        print(line)
    return 0


def _incident(asked: argparse.Namespace) -> int:
    from marsad.publish.lists import incident_page

    with viewed(asked) as view:
        body = view.incident(asked.id)
    if asked.form == "jsonl":
        print_lines([body])
        return 0
    for line in incident_page(body, asked.why):
        print(line)
    return 0


def _search(asked: argparse.Namespace) -> int:
    from marsad.publish.lists import hit_lines

    with viewed(asked) as view:
        return _shown(view.search(" ".join(asked.words), asked.kind, asked.limit), asked.form, hit_lines)
