"""Brings a record to the schema of this version; refuses one that a newer version, or another program, wrote."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from marsad.errors import RecordError
from marsad.record import schema

# The newest revision in `migrations/versions`; a test holds the two together.
HEAD = "0003"
REVISIONS = "marsad.record:migrations"
_VERSION = "alembic_version"


@dataclass(frozen=True, slots=True)
class Brought:
    """From which revision (None: there was nothing) a record came to which, and the copy made before, if any."""

    before: str | None
    after: str
    backup: Path | None = None


def bring_up(engine: Engine, shown: str) -> Brought:
    """Return how the record was brought to this version's schema, made where there was none; raise RecordError."""
    with engine.connect() as connection:
        found = _revision_of(connection)
    # Alembic is not even imported where there is nothing to do: every command comes by here.
    return Brought(HEAD, HEAD) if found == HEAD else _upgrade(engine, shown)


def _upgrade(engine: Engine, shown: str) -> Brought:
    with engine.connect() as connection:
        connection.execution_options(marsad_writes=True)
        with connection.begin():
            # Asked again: while we waited to write, another process may have done it.
            found = _revision_of(connection)
            if found == HEAD:
                return Brought(HEAD, HEAD)
            _check(connection, found, shown)
            backup = _back_up(engine, shown) if found else None
            run_revisions(connection)
            return Brought(found, HEAD, backup)


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_VERSION}")).scalar()


def _check(connection: Connection, found: str | None, shown: str) -> None:
    """Refuse tables that are not ours and a schema that this version does not know."""
    tables = set(inspect(connection).get_table_names())
    ours = tables & set(schema.metadata.tables)
    if found and ours and _is_known(found):
        return
    if found and ours:
        raise RecordError(
            f"{shown}: it was written by a newer Marsad (schema {found}); "
            "update the program: pip install --upgrade marsad"
        )
    # A server's database may hold what the server's own extensions need, a file holds a record and nothing else.
    if ours or (tables and connection.dialect.name == "sqlite"):
        what = "a SQLite database" if connection.dialect.name == "sqlite" else "the database"
        raise RecordError(f"{shown}: it is {what} of another program; name another one with --record")


def _is_known(revision: str) -> bool:
    return revision.isdigit() and int(revision) <= int(HEAD)


def _back_up(engine: Engine, shown: str) -> Path | None:
    """Copy a file as it is before the revision into one beside it, and return where; None for a server."""
    if engine.dialect.name != "sqlite":
        return None
    file = str(engine.url.database)
    copy, unfinished = Path(f"{file}.before-{HEAD}"), Path(f"{file}.before-{HEAD}.part")
    try:
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
        return unfinished.replace(copy)
    except (sqlite3.Error, OSError) as error:
        unfinished.unlink(missing_ok=True)
        raise RecordError(
            f"{shown}: no copy of it could be made before it is brought to schema {HEAD} ({error}); "
            f"make room beside it for {copy.name} and run the command again"
        ) from error


def make_again(connection: Connection, revision: str) -> None:
    """Make the tables of a record without a row again as a revision had them, to be filled and brought up."""
    for name in ("words", _VERSION):
        connection.execute(text(f"DROP TABLE {name}"))
    schema.metadata.drop_all(connection)
    run_revisions(connection, revision)


def run_revisions(connection: Connection, last: str = "head") -> None:
    """Bring the tables up to the revision, within the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", REVISIONS)
    command.upgrade(config, last)
