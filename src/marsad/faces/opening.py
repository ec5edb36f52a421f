"""Which record is asked, by whom and as known when: the options that all commands on a record share."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from marsad.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from marsad.record.sight import Sight, Viewer
    from marsad.record.store import Record
    from marsad.record.view import View

DEFAULT = "observatory.marsad"


def add_record_options(parser: argparse.ArgumentParser, top: bool = False) -> None:
    """Add --record, --role and --known-by; before the command (`top`) or after it, the nearer one counts."""
    default: Any = None if top else argparse.SUPPRESS
    where = f"the record: a file or a postgresql:// address ($MARSAD_RECORD, else {DEFAULT})"
    parser.add_argument("--record", metavar="FILE", default=default, help=where)
    parser.add_argument("--role", default=default, help="look as public (default), analyst, reviewer or admin")
    when = "as was known at the end of that day (YYYY-MM-DD) or at that time"
    parser.add_argument("--known-by", metavar="WHEN", default=default, help=when)


def address_of(asked: argparse.Namespace) -> str:
    """Return the address of the record that is meant."""
    return str(asked.record or os.environ.get("MARSAD_RECORD") or DEFAULT)


@contextmanager
def opened(asked: argparse.Namespace, create: bool = False) -> Iterator[Record]:
    """Open the record that is meant and close it afterwards; say so where it was brought to a newer schema."""
    from marsad.record.store import open_record

    record = open_record(address_of(asked), create)
    if record.brought and record.brought.backup:
        kept = f"it is kept as it was in {record.brought.backup}"
        print(f"marsad: the record was brought to this version; {kept}", file=sys.stderr)
    try:
        yield record
    finally:
        record.close()


@contextmanager
def viewed(asked: argparse.Namespace) -> Iterator[View]:
    """Open the record as the person may see it, as known by the instant that they ask for."""
    from marsad.grounding.areas import area_of
    from marsad.record.view import View

    viewer, known_by = viewer_of(asked), known_by_of(asked)
    with opened(asked) as record:
        yield View(record, viewer, known_by, area_of)


def viewer_of(asked: argparse.Namespace) -> Viewer:
    """Return who looks: --role, else $MARSAD_ROLE, else public; in the groups of $MARSAD_GROUPS, between commas."""
    from marsad.record.sight import Viewer

    groups = tuple(name.strip() for name in os.environ.get("MARSAD_GROUPS", "").split(",") if name.strip())
    return Viewer(asked.role or os.environ.get("MARSAD_ROLE") or "public", person_of(asked, ""), groups)


def known_by_of(asked: argparse.Namespace) -> int | None:
    """Return the instant of --known-by, None for now."""
    from marsad.record.asof import instant_of

    return instant_of(asked.known_by) if asked.known_by else None


def sight_for(asked: argparse.Namespace, connection: Connection) -> Sight:
    """Return what the person may see of what is not asked through a view."""
    from datetime import UTC, datetime

    from marsad.grounding.areas import area_of
    from marsad.record.sensitive import find_key
    from marsad.record.sight import sight_of

    today = datetime.now(UTC).date().isoformat()
    return sight_of(connection, viewer_of(asked), today, find_key(connection), area_of)


@contextmanager
def written_to(file: str | None) -> Iterator[TextIO]:
    """Open the file to write to, or standard output; the folder must be there."""
    if file is None or file == "-":
        yield sys.stdout
        return
    with _created(file) as stream:
        yield stream


def _created(file: str) -> TextIO:
    try:
        return Path(file).open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        reason = f"{file}: cannot be written ({error.strerror})"
        raise UsageError(f"{reason}; name a file in a folder that is there") from None


def person_of(asked: argparse.Namespace, default: str | None = None) -> str:
    """Return who decides: --person, else $MARSAD_PERSON, else the name of the login."""
    named = getattr(asked, "person", None) or os.environ.get("MARSAD_PERSON") or default
    if named is not None:
        return str(named)
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise UsageError("nobody knows who you are; say so: --person NAME") from None


def share(written: str) -> float:
    """Return a number from 0 to 1 that a person wrote."""
    try:
        found = float(written)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise argparse.ArgumentTypeError(f"{written!r} is no certainty; write a number from 0 to 1, as 0.5")
    return found


def print_lines(rows: Iterable[dict[str, Any]]) -> int:
    """Print each row as one line of JSON and return how many there were."""
    count = 0
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
        count += 1
    return count
