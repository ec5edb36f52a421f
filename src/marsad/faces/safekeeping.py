"""`marsad backup`, `marsad restore`: a copy of a record, also while a team works at it, and whether a copy is whole."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from marsad.faces.opening import add_record_options, address_of, opened

_BACKUP = (
    "Copy the record into a new file, as it stands at one moment; the desk may be in use meanwhile. The key of "
    "pseudonyms is not part of a record: keep a copy of it elsewhere. Of a PostgreSQL database pg_dump makes copies."
)
_RESTORE = (
    "Check a copy (the engine's file, the chains of decisions and of the log, texts and originals) and make a record "
    "of it where there is none. With --check it is only checked."
)


def add_commands(commands: Any) -> None:
    """Add `backup` and `restore` to the commands."""
    backup = commands.add_parser("backup", help="copy the record, also while the desk is in use", description=_BACKUP)
    backup.add_argument("file", metavar="FILE", help="the file to make; it must not be there yet")
    add_record_options(backup)
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="check a copy, and make a record of it", description=_RESTORE)
    restore.add_argument("file", metavar="FILE", help="a copy that `marsad backup` made")
    restore.add_argument("--check", action="store_true", help="only say whether it is whole and what it holds")
    add_record_options(restore)
    restore.set_defaults(run=_restore)


def _backup(asked: argparse.Namespace) -> int:
    from marsad.record.copying import back_up

    with opened(asked) as record:
        size = back_up(record, Path(asked.file))
    print(json.dumps({"file": asked.file, "bytes": size}, ensure_ascii=False))
    return 0


def _restore(asked: argparse.Namespace) -> int:
    from marsad.record.copying import check, restore

    found = check(Path(asked.file))
    for fault in found.verified.faults:
        print(f"marsad: {asked.file}: {fault}; take an older copy", file=sys.stderr)
    if found.verified.faults:
        return 1
    if not asked.check:
        restore(Path(asked.file), address_of(asked))
    print(json.dumps({"head": found.verified.head, "log": found.verified.looks, "rows": found.rows}))
    return 0
