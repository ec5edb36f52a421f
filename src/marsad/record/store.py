"""Opening a record, and the two ways to hold it: asking, and writing under one instant.

A record is one SQLite file, or a PostgreSQL database named by its address.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from marsad.errors import RecordError, UsageError
from marsad.record import schema
from marsad.record.migrating import Brought, bring_up

# A reviewer waits at most this long for a batch of another process to be written.
_BUSY_MS = 30_000
# Any number that no other program is likely to lock by: "marsad" on the keys of a telephone.
_WRITERS = 627723
_POSTGRESQL = ("postgresql", "postgres")
_TROUBLES = (
    ("file is not a database", "it is no record", "name another file with --record, or restore it from a copy"),
    ("malformed", "the file is damaged", "restore it from a copy; `sqlite3 FILE .recover` saves what can be read"),
    ("disk is full", "the disk is full", "make room and run the command again: what was not written yet is not lost"),
    ("disk i/o error", "the disk cannot be read or written", "check the disk, then run the command again"),
    ("readonly", "it cannot be written", "check its permissions and those of its folder"),
    ("unable to open", "it cannot be opened", "check that its folder is there and may be written in"),
    ("locked", "another program holds it", "wait for the other `marsad` to end, then run the command again"),
    # What a server says may be in any language; its five signs are not.
    ("55p03", "another program holds it", "wait for the other `marsad` to end, then run the command again"),
    ("53100", "the server's disk is full", "make room there and run the command again"),
    ("3d000", "there is no such database", "make it with `createdb`, or name another with --record"),
    ("42501", "the user may not do this", "let its owner GRANT ALL ON SCHEMA public to the user"),
    ("28p01", "the server refuses the user", "check user and password of the address"),
    ("28000", "the server refuses the user", "check user and password of the address and the server's pg_hba.conf"),
    ("53300", "the server has no place left for a connection", "wait, then run the command again"),
    ("57p", "the server does not answer any more", "check that PostgreSQL runs, then run the command again"),
    ("communication error", "the server does not answer", "check the address and that PostgreSQL runs"),
    ("network error", "the server does not answer any more", "check that PostgreSQL runs, then run the command again"),
    ("can't create a connection", "the server does not answer", "check the address and that PostgreSQL runs"),
)


@dataclass(frozen=True, slots=True)
class Writing:
    """A transaction under way: everything written in it is recorded at the instant `at`."""

    connection: Connection
    at: int
    _next: dict[str, int] = field(default_factory=dict)

    def add(self, table: Any, rows: list[dict[str, Any]]) -> list[int]:
        """Write the rows, each recorded at this instant; return their numbers where the table has some."""
        if not rows:
            return []
        given: dict[str, Any] = {"recorded_at": self.at} if "recorded_at" in table.c else {}
        numbers = self._numbers(table, len(rows)) if "n" in table.c else []
        named = zip(rows, numbers, strict=True) if numbers else ((row, None) for row in rows)
        full = [{"n": n, **row, **given} if n else {**row, **given} for row, n in named]
        self.connection.execute(insertion(self.connection, table), full)
        return numbers

    def add_one(self, table: Any, **row: Any) -> int:
        """Write one row, recorded at this instant, and return its number."""
        return self.add(table, [row])[0]

    def _numbers(self, table: Any, count: int) -> list[int]:
        """Return the next numbers of a table: there is one writer at a time, so that they can be counted here."""
        first = self._next.get(table.name)
        if first is None:
            first = (self.connection.execute(select(func.max(table.c.n))).scalar() or 0) + 1
        self._next[table.name] = first + count
        return list(range(first, first + count))


def insertion(connection: Connection, table: Table) -> Any:
    """Return the statement with which many rows of a table are written at once."""
    # PostgreSQL's driver sends row by row, unless something is to be returned: then many at once, twice as fast.
    key = next(iter(table.primary_key))
    return table.insert() if connection.dialect.name == "sqlite" else table.insert().returning(key)


class Record:
    """An open record; many processes may hold one at a time, and one writes."""

    def __init__(self, address: str, engine: Engine) -> None:
        self.address, self.engine = address, engine
        self.brought: Brought | None = None

    @property
    def is_file(self) -> bool:
        """Tell whether the record is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Hold the record for reading: everything asked within sees one state."""
        with self._troubles_named(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, what: str, tool: str = "") -> Iterator[Writing]:
        """Hold the record for writing: all of it is kept under one instant at the end, or nothing of it."""
        with self.restoring() as connection:
            writing = Writing(connection, _instant(connection))
            writing.add(schema.act, [{"what": what, "tool": tool}])
            yield writing

    @contextmanager
    def restoring(self) -> Iterator[Connection]:
        """Hold the record for writing rows that bring their instants with them: all are kept at the end, or none."""
        with self._troubles_named(), self.engine.connect() as connection:
            # Taken at once: a transaction that reads first and writes later would fail where another wrote between.
            connection.execution_options(marsad_writes=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()

    @contextmanager
    def _troubles_named(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise named(self.address, error) from error


def named(address: str, error: BaseException) -> RecordError:
    """Return the error of an engine as one that names the record, what is wrong and the remedy."""
    code, words = _words_of(error)
    for sign, reason, remedy in _TROUBLES:
        if code.startswith(sign) if code else sign in words.lower():
            return RecordError(f"{shown(address)}: {reason}; {remedy}")
    return RecordError(f"{shown(address)}: {words.splitlines()[0][:200]}; check the record with `marsad verify`")


def _words_of(error: BaseException) -> tuple[str, str]:
    """Return a server's code in small letters, "" for a file, and what the engine said."""
    first: BaseException = getattr(error, "orig", None) or error
    cause: BaseException | None = first
    # Where a server hangs up after its answer, our driver raises the hanging up and keeps the answer behind it.
    while cause is not None:
        said = cause.args[0] if cause.args else None
        if isinstance(said, dict) and "M" in said:
            return str(said.get("C", "")).lower(), str(said["M"])
        cause = cause.__cause__ or cause.__context__
    return "", str(first)


def shown(address: str) -> str:
    """Return the address without its password."""
    if "://" not in address:
        return address
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return address.split("://", 1)[0] + "://…"
    return url.difference_update_query(["password"]).render_as_string(hide_password=True)


def _instant(connection: Connection) -> int:
    """Return now in microseconds, or just after the newest instant of the record where the clock went back."""
    last = connection.execute(select(func.max(schema.act.c.recorded_at))).scalar() or 0
    return max(time.time_ns() // 1000, last + 1)


def open_record(address: str, create: bool = True) -> Record:
    """Return the record at the address, made or brought to this version's schema where needed.

    Raise RecordError where it cannot be used, and where it is not there and `create` is false.
    """
    record = Record(address, _engine_of(address))
    fresh = record.is_file and not _has_bytes(Path(address))
    if fresh and not create:
        raise RecordError(f"{address}: there is no such record; `marsad --record {address} add FILE` begins one")
    try:
        record.brought = bring_up(record.engine, shown(address))
    except DBAPIError as error:
        raise named(address, error) from error
    return record


def _has_bytes(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _is_server(address: str) -> bool:
    return address.split("://", 1)[0].split("+", 1)[0] in _POSTGRESQL and "://" in address


def _engine_of(address: str) -> Engine:
    if _is_server(address):
        url = _server_url(address)
        # Without a password our driver breaks where the server asks for one; with an empty one it is refused by name.
        given = {"password": url.password or "", "startup_params": {"lock_timeout": str(_BUSY_MS)}}
        engine = create_engine(url, pool_pre_ping=True, connect_args=given)
        event.listen(engine, "begin", _begin_on_server)
        return engine
    if "://" in address:
        kind = address.split("://", 1)[0]
        raise UsageError(f"{kind}: no such kind of record; name a file or a postgresql:// address")
    if Path(address).is_dir():
        raise UsageError(f"{address}: is a folder; name a file in it, as {address.rstrip('/')}/observatory.marsad")
    engine = create_engine(URL.create("sqlite", database=address), connect_args={"timeout": _BUSY_MS / 1000})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _server_url(address: str) -> URL:
    """Return the address for our driver; `?host=/folder` names a socket, as PostgreSQL's own tools do."""
    try:
        url = make_url(address).set(drivername="postgresql+pg8000")
    except (ArgumentError, ValueError) as error:
        raise UsageError("the address of the record is none; write postgresql://USER:PASSWORD@HOST/DATABASE") from error
    for option in set(url.query) - {"host"}:
        raise UsageError(
            f"{option!r} is no option of a record's address; write postgresql://USER:PASSWORD@HOST/DATABASE"
        )
    if not url.username:
        raise UsageError("the address of the record names no user; write postgresql://USER:PASSWORD@HOST/DATABASE")
    folder = url.query.get("host")
    if isinstance(folder, str) and folder.startswith("/"):
        url = url.difference_update_query(["host"])
        url = url.update_query_dict({"unix_sock": f"{folder}/.s.PGSQL.{url.port or 5432}"})
    return url


def _set_up(connection: Any, _: Any) -> None:
    # The driver's own handling of transactions begins them too late; SQLAlchemy's BEGIN below replaces it.
    connection.isolation_level = None
    # FULL: what a person was told is kept is on the disk, also where the power fails at once after.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("marsad_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_on_server(connection: Connection) -> None:
    if connection.get_execution_options().get("marsad_writes"):
        # One writes at a time, as in a file: instants follow the order in which others learn of what was written.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
