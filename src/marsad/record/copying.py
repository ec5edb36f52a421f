"""A copy of a record while others write to it, and whether a copy is whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from marsad.errors import RecordError, UsageError
from marsad.record import schema
from marsad.record.store import Record, open_record
from marsad.record.verifying import Verified, verify

_COUNTED = (schema.report, schema.claim, schema.incident, schema.decision, schema.mark, schema.account, schema.look)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was verified of a copy, and how many rows its tables hold."""

    verified: Verified
    rows: dict[str, int]


def back_up(record: Record, file: Path) -> int:
    """Copy the record as it stands at one moment into a new file for its owner alone, and return its bytes.

    Others read and write meanwhile. Raise UsageError for a server and where there is a file already, RecordError where
    it cannot be written.
    """
    if not record.is_file:
        raise UsageError("PostgreSQL copies its databases itself: pg_dump --format=custom --file FILE DATABASE")
    if file.exists():
        raise UsageError(f"{file}: there is such a file already; name another, as a copy replaces none")
    unfinished = file.with_name(f"{file.name}.part")
    try:
        _copy(Path(record.address), unfinished)
        # A second copy of that name, made meanwhile, is not replaced either.
        os.link(unfinished, file)
    except FileExistsError:
        raise UsageError(f"{file}: there is such a file already; name another, as a copy replaces none") from None
    except (OSError, sqlite3.Error) as error:
        raise RecordError(
            f"{file}: the copy cannot be written ({error}); check its folder and the room there"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


def _copy(source: Path, target: Path) -> None:
    """Write a copy that is on the disk when this returns."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    address = f"{source.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as held, closing(sqlite3.connect(target)) as copy:
        held.backup(copy)
    with target.open("rb+") as written:
        os.fsync(written.fileno())


def check(file: Path) -> Checked:
    """Return what is whole in a copy and what is not; the copy itself is not touched."""
    _must_be_there(file)
    with tempfile.TemporaryDirectory(prefix=".marsad-check-", dir=file.parent) as folder:
        apart = Path(folder) / "copy.marsad"
        shutil.copyfile(file, apart)
        with closing(open_record(str(apart), create=False)) as record:
            found = verify(record)
            with record.asking() as connection:
                counted = {
                    t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in _COUNTED
                }
    return Checked(found, counted)


def restore(file: Path, address: str) -> None:
    """Make a record of a copy, where there is none; raise UsageError where there is one."""
    _must_be_there(file)
    if "://" in address:
        raise UsageError("PostgreSQL restores its databases itself: pg_restore --dbname DATABASE FILE")
    if Path(address).exists():
        raise UsageError(
            f"{address}: there is a record already; move it away first, as nothing of a record is replaced"
        )
    unfinished = Path(f"{address}.part")
    try:
        _copy(file, unfinished)
        unfinished.replace(address)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise RecordError(f"{address}: cannot be written ({error}); check its folder and the room there") from error


def _must_be_there(file: Path) -> None:
    if not file.is_file():
        raise UsageError(f"{file}: there is no such copy; `marsad backup FILE` makes one")
