"""A record comes to this version's schema from nothing and from every released version, or is refused with a remedy."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, func, inspect, select, text

from marsad.errors import RecordError
from marsad.record import migrating, schema, searching
from marsad.record.migrating import HEAD, Brought, bring_up
from marsad.record.store import open_record, shown

RELEASED = Path(__file__).parent / "released"
REVISIONS = Path(migrating.__file__).parent / "migrations"
REMEDY = (
    "schema and revisions differ: write it into migrations/versions, as a revision of its own once HEAD is released"
)


def revisions():
    config = Config()
    config.set_main_option("script_location", "marsad.record:migrations")
    return ScriptDirectory.from_config(config)


def differences(connection):
    def ours(_, name, type_, *__):
        # The index of words is not in the schema's tables: each engine has its own, compared below.
        return not (type_ == "table" and (name == "words" or name.startswith("words_")))

    return compare_metadata(MigrationContext.configure(connection, opts={"include_object": ours}), schema.metadata)


def counts_of(connection):
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar()
        for name, table in schema.metadata.tables.items()
    }


def words_of(connection):
    """Return the index of words as the engine knows it."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT name, sql FROM sqlite_master WHERE name LIKE 'words%' ORDER BY name"
        # Only the statement's own "IF NOT EXISTS" may differ, which SQLite does not keep.
        return [tuple(row) for row in connection.execute(text(asked))]
    columns = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'words' ORDER BY 1"
    indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'words' ORDER BY 1"
    keys = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'words'::regclass ORDER BY 1"
    return [tuple(row) for asked in (columns, indexes, keys) for row in connection.execute(text(asked))]


def engine_of(server, database):
    return create_engine(
        f"postgresql+pg8000://postgres@/{database}", connect_args={"unix_sock": f"{server.socket}/.s.PGSQL.5432"}
    )


def test_the_program_and_its_revisions_name_the_same_newest_one():
    assert revisions().get_heads() == [HEAD]
    assert [r.revision for r in revisions().walk_revisions()] == [f"{n:04}" for n in range(int(HEAD), 0, -1)]


def test_the_revisions_make_the_tables_of_the_schema(record):
    with record.asking() as asking:
        assert not differences(asking), f"{REMEDY}\n" + "\n".join(map(str, differences(asking)))
        assert asking.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]


def test_a_difference_is_seen(record):
    with record.writing("spoil") as writing:
        writing.connection.execute(text("DROP INDEX ix_claim_recorded_at"))
        writing.connection.execute(text("ALTER TABLE mark ADD COLUMN colour TEXT"))
    with record.asking() as asking:
        assert sorted(difference[0] for difference in differences(asking)) == ["add_index", "remove_column"]


def test_the_revisions_make_the_index_of_words_as_the_search_does(record):
    with record.asking() as asking:
        made_by_revisions = words_of(asking)
    with record.writing("make anew") as writing:
        writing.connection.execute(text("DROP TABLE words"))
        searching.make_index(writing.connection)
    with record.asking() as asking:
        assert words_of(asking) == made_by_revisions
    assert made_by_revisions


def test_a_record_at_the_newest_revision_costs_no_alembic(empty_file, tmp_path):
    shutil.copyfile(empty_file, tmp_path / "r.marsad")
    code = (
        "import sys; from marsad.record.store import open_record, shown; open_record(sys.argv[1]); print(*sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "r.marsad")], capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split())
    assert "marsad.record.migrating" in loaded
    assert not loaded & {"alembic", "mako"}


def test_a_record_at_the_newest_revision_is_left_as_it_is(record):
    assert bring_up(record.engine, record.address) == Brought(HEAD, HEAD)


def test_a_record_that_begins_says_that_there_was_none(tmp_path):
    for name in ("absent.marsad", "empty.marsad"):
        file = tmp_path / name
        if name == "empty.marsad":
            file.touch()
        engine = create_engine(f"sqlite:///{file}")
        assert bring_up(engine, name) == Brought(None, HEAD)
        assert bring_up(engine, name) == Brought(HEAD, HEAD)
        engine.dispose()


_OPENING = """
import sys
from marsad.record import schema
from marsad.record.store import open_record, shown
import alembic.command
print("ready", flush=True)
sys.stdin.readline()
record = open_record(sys.argv[1])
with record.writing("add") as writing:
    writing.add(schema.failure, [{"address": sys.argv[2], "reason": "", "remedy": ""}])
record.close()
"""


def open_at_once(address, count):
    """Let so many processes open the address at one instant, and return what each said on stderr and its exit."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _OPENING, address, str(number)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(count)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [(process.communicate(timeout=60)[1], process.returncode) for process in processes]


def assert_all_wrote(address, count):
    assert open_at_once(address, count) == [("", 0)] * count
    with closing(open_record(address)) as record, record.asking() as asking:
        assert sorted(asking.execute(select(schema.failure.c.address)).scalars()) == [str(n) for n in range(count)]


@pytest.mark.parametrize("attempt", range(2))
def test_processes_that_begin_one_file_at_once_all_succeed(tmp_path, attempt):
    assert_all_wrote(str(tmp_path / "observatory.marsad"), 3)


def test_processes_that_begin_one_database_at_once_all_succeed(server):
    database = server.new_database("template0")
    assert_all_wrote(server.address(database), 3)
    server.drop(database)


def stamp(record, revision):
    with record.writing("stamp") as writing:
        writing.connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


@pytest.mark.parametrize("revision", [f"{int(HEAD) + 1:04}", "9999", "1975ea83b712"])
def test_a_newer_record_is_refused_and_left_as_it_is(record, revision):
    stamp(record, revision)
    with pytest.raises(RecordError) as refused:
        open_record(record.address)
    said = str(refused.value)
    assert (
        f"was written by a newer Marsad (schema {revision}); update the program: pip install --upgrade marsad" in said
    )
    assert said.startswith(shown(record.address))
    with record.asking() as asking:
        assert asking.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [revision]


@pytest.mark.parametrize("tables", [("birds",), ("alembic_version", "birds"), ("claim",), ("alembic_version",)])
def test_a_file_of_another_program_is_refused_and_left_as_it_is(tmp_path, tables):
    file = tmp_path / "birds.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        for table in tables:
            connection.execute(f"CREATE TABLE {table} (version_num TEXT)")
            connection.execute(f"INSERT INTO {table} VALUES ('4ab1')")
        connection.commit()
    with pytest.raises(RecordError, match="it is a SQLite database of another program; name another"):
        open_record(str(file))
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert sorted(name for (name,) in found) == sorted(tables)


def test_a_database_whose_tables_bear_our_names_is_refused(server):
    database = server.new_database("template0")
    with engine_of(server, database).begin() as connection:
        connection.execute(text("CREATE TABLE report (title text)"))
    with pytest.raises(RecordError, match="it is the database of another program"):
        open_record(server.address(database))
    server.drop(database)


def test_a_database_may_hold_what_extensions_of_the_server_need(server):
    database = server.new_database("template0")
    with engine_of(server, database).begin() as connection:
        connection.execute(text("CREATE TABLE spatial_ref_sys (srid integer)"))
    open_record(server.address(database)).close()
    server.drop(database)


LATER = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    op.add_column("mark", sa.Column("colour", sa.Text()))
    op.create_index("ix_mark_colour", "mark", ["colour"])
    {last}
"""


@pytest.fixture
def next_version(tmp_path, monkeypatch):
    """Give what makes the program one revision newer, the revision ending in the statement given."""

    def make(last="pass"):
        revision = f"{int(HEAD) + 1:04}"
        shutil.copytree(REVISIONS, tmp_path / "migrations", dirs_exist_ok=True)
        later = LATER.format(revision=revision, before=HEAD, last=last)
        (tmp_path / "migrations" / "versions" / f"schema_{revision}.py").write_text(later, "utf-8")
        monkeypatch.setattr(migrating, "HEAD", revision)
        monkeypatch.setattr(migrating, "REVISIONS", str(tmp_path / "migrations"))
        return revision

    return make


def test_an_older_record_is_brought_up_with_all_its_rows(record, fill, next_version):
    fill(record, 3)
    with record.asking() as asking:
        before = counts_of(asking)
    revision = next_version()
    brought = bring_up(record.engine, record.address)
    assert (brought.before, brought.after) == (HEAD, revision)
    with record.asking() as asking:
        assert counts_of(asking) == before
        assert "colour" in {column["name"] for column in inspect(asking).get_columns("mark")}


def test_a_file_is_copied_before_it_is_brought_up(empty_file, tmp_path, fill, next_version):
    file = tmp_path / "observatory.marsad"
    shutil.copyfile(empty_file, file)
    record = open_record(str(file))
    fill(record, 3)
    revision = next_version()
    copy = bring_up(record.engine, str(file)).backup
    record.close()
    assert copy == tmp_path / f"observatory.marsad.before-{revision}"
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == [file.name, copy.name]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("SELECT count(*) FROM claim_place").fetchall() == [(3,)]


def test_a_revision_that_fails_leaves_the_record_as_it_was(record, fill, next_version):
    fill(record, 3)
    next_version('op.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(RecordError):
        open_record(record.address)
    with record.asking() as asking:
        assert not differences(asking)
        assert asking.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
        assert counts_of(asking)["claim"] == 3


def test_where_no_copy_can_be_made_nothing_is_changed(empty_file, tmp_path, next_version):
    shutil.copyfile(empty_file, tmp_path / "observatory.marsad")
    record = open_record(str(tmp_path / "observatory.marsad"))
    revision = next_version()
    Path(f"{record.address}.before-{revision}").mkdir()
    with pytest.raises(RecordError, match=r"no copy of it could be made .* make room beside it"):
        open_record(record.address)
    with record.asking() as asking:
        assert asking.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
    record.close()


def keep_release(server, file, fill, database):
    """Write the two files of this schema, every table with three rows, the index of words with two."""
    for address in (str(file), server.address(database)):
        with closing(open_record(address)) as record:
            fill(record, 3)
            with record.writing("index") as writing:
                index_words(writing.connection)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    dump = [str(server.programs / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", "-h", str(server.socket)]
    written = subprocess.run([*dump, "-U", "postgres", database], check=True, capture_output=True).stdout.decode()
    # What only the newest server or `psql` knows is left out.
    left_out = ("SET ", "SELECT pg_catalog.set_config", "--", "\\")
    kept = [line for line in written.splitlines() if line and not line.startswith(left_out)]
    for suffix, content in (("sqlite", file.read_bytes()), ("postgresql.sql", "\n".join(kept).encode())):
        (RELEASED / f"{HEAD}.{suffix}.gz").write_bytes(gzip.compress(content, mtime=0))


def index_words(connection):
    words = "(:n, 'قصف', 'قصف', 'قصف')" if connection.dialect.name == "sqlite" else "(:n, to_tsvector('simple', 'قصف'))"
    names = "(rowid, word, light, core)" if connection.dialect.name == "sqlite" else "(document_n, body)"
    connection.execute(text(f"INSERT INTO words {names} VALUES {words}"), [{"n": 1}, {"n": 2}])


def test_every_released_schema_is_kept(tmp_path, fill, request):
    if os.environ.get("MARSAD_KEEP_RELEASE"):
        server = request.getfixturevalue("server")
        database = server.new_database()
        keep_release(server, tmp_path / "kept.sqlite", fill, database)
        server.drop(database)
    expected = {f"{n:04}.{kind}.gz" for n in range(1, int(HEAD) + 1) for kind in ("sqlite", "postgresql.sql")}
    missing = expected - {file.name for file in RELEASED.iterdir()}
    assert not missing, f"missing: {sorted(missing)}; see {RELEASED.name}/README.md how to write them"


def rows_of(engine):
    """Return the number of rows of every table but the engine's own."""
    with engine.connect() as connection:
        names = [n for n in inspect(connection).get_table_names() if not n.startswith(("words_", "alembic_"))]
        return {n: connection.execute(text(f'SELECT count(*) FROM "{n}"')).scalar() for n in names}


@pytest.mark.parametrize("kept", sorted(RELEASED.glob("*.sqlite.gz")), ids=lambda p: p.name)
def test_every_released_file_comes_up_with_all_its_rows(kept, tmp_path):
    file = tmp_path / "observatory.marsad"
    file.write_bytes(gzip.decompress(kept.read_bytes()))
    before = rows_of(create_engine(f"sqlite:///{file}"))
    assert_all_there(str(file), before)


@pytest.mark.parametrize("kept", sorted(RELEASED.glob("*.postgresql.sql.gz")), ids=lambda p: p.name)
def test_every_released_database_comes_up_with_all_its_rows(kept, server):
    database = server.new_database("template0")
    engine = engine_of(server, database)
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute(gzip.decompress(kept.read_bytes()).decode())
        connection.commit()
    before = rows_of(engine)
    engine.dispose()
    assert_all_there(server.address(database), before)
    server.drop(database)


def assert_all_there(address, before):
    with closing(open_record(address)) as record, record.asking() as asking:
        after = rows_of(record.engine)
        assert set(before.values()) - {0} and {name: after.get(name) for name in before} == before
        assert not differences(asking), f"{REMEDY}\n{differences(asking)}"
        if record.is_file:
            assert asking.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert not asking.execute(text("PRAGMA foreign_key_check")).all()


def test_the_revisions_are_in_the_package():
    from importlib.resources import files

    folder = files("marsad.record") / "migrations"
    assert (folder / "env.py").is_file()
    assert {p.name for p in (folder / "versions").iterdir()} >= {f"schema_{n:04}.py" for n in range(1, int(HEAD) + 1)}
