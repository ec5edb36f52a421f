"""What is no record, or one that cannot be used just now, is named with where it is, what is wrong and what to do."""

from __future__ import annotations

import os
import random
import shutil
import socket
import stat
import subprocess
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from marsad.errors import RecordError, UsageError
from marsad.record import schema
from marsad.record.store import open_record

NOBODY = 65534
DAMAGED = ("the file is damaged", "restore it from a copy")
NO_RECORD = ("it is no record", "name another file with --record")


def use(address):
    """Open the record, read every row of it and write one."""
    with closing(open_record(address)) as record:
        with record.asking() as asking:
            for table in schema.metadata.sorted_tables:
                asking.execute(select(table)).all()
        with record.writing("add") as writing:
            writing.add(schema.failure, [{"address": "تقرير.txt", "reason": "فارغ", "remedy": "أعد الحفظ"}])


def assert_refused(address, *words):
    with pytest.raises(RecordError) as refused:
        use(address)
    said = str(refused.value)
    assert said.startswith(f"{address}: "), "the record is named first"
    assert all(word in said for word in words), said


@pytest.fixture
def filled(empty_file, tmp_path, fill):
    """Give a record of one file with forty rows in each table."""
    file = tmp_path / "observatory.marsad"
    shutil.copyfile(empty_file, file)
    with closing(open_record(str(file))) as record:
        fill(record, 40)
    return file


def test_a_whole_record_is_used(filled):
    use(str(filled))


@pytest.mark.parametrize(
    "content",
    [
        random.Random(1).randbytes(9000),
        random.Random(2).randbytes(20),
        "سيطرت الفصائل على التل، بحسب شهود من أهل القرية.\n".encode() * 40,
        b"{}",
        b"\0" * 4096,
    ],
    ids=["noise", "short noise", "a report", "json", "zeros"],
)
def test_a_file_of_something_else_is_no_record_and_stays_as_it_is(tmp_path, content):
    file = tmp_path / "observatory.marsad"
    file.write_bytes(content)
    assert_refused(str(file), *NO_RECORD)
    assert file.read_bytes() == content


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.98])
def test_a_record_that_breaks_off_is_damaged(filled, share):
    os.truncate(filled, int(filled.stat().st_size * share))
    assert_refused(str(filled), *DAMAGED)


def test_a_record_that_is_spoilt_within_is_damaged(filled):
    content = bytearray(filled.read_bytes())
    # The first page tells only where the tables lie.
    content[4096:] = random.Random(3).randbytes(len(content) - 4096)
    filled.write_bytes(content)
    assert_refused(str(filled), *DAMAGED)


def test_a_folder_is_no_record(tmp_path):
    with pytest.raises(UsageError, match=r"is a folder; name a file in it, as .*/observatory.marsad"):
        open_record(str(tmp_path))


def test_the_folder_of_a_record_must_be_there(tmp_path):
    assert_refused(str(tmp_path / "nowhere" / "observatory.marsad"), "it cannot be opened", "check that its folder")
    assert not (tmp_path / "nowhere").exists()


def test_where_none_may_begin_an_absent_record_is_told_and_not_made(tmp_path):
    file = tmp_path / "observatory.marsad"
    with pytest.raises(RecordError, match=r"there is no such record; `marsad --record .* add FILE` begins one"):
        open_record(str(file), create=False)
    assert not file.exists()


def test_an_address_of_another_kind_is_refused():
    with pytest.raises(UsageError, match="mysql: no such kind of record; name a file or a postgresql:// address"):
        open_record("mysql://u:p@h/d")


@contextmanager
def unprivileged():
    """Be somebody whom permissions bind, also where the tests are run by root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder(filled):
    """Give a folder that everybody may enter, with a record in it that everybody may read."""
    folder = Path(tempfile.mkdtemp(prefix="marsad-tests-"))
    shutil.copyfile(filled, folder / "observatory.marsad")
    folder.chmod(0o755)
    (folder / "observatory.marsad").chmod(0o644)
    if os.geteuid() == 0:
        for path in (folder, folder / "observatory.marsad"):
            os.chown(path, NOBODY, -1)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def forbid_writing(path):
    path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def test_a_file_that_may_not_be_written_is_read_and_says_so_when_written(open_folder):
    file = open_folder / "observatory.marsad"
    forbid_writing(file)
    with unprivileged():
        with closing(open_record(str(file))) as record, record.asking() as asking:
            assert asking.execute(select(func.count()).select_from(schema.claim)).scalar() == 40
        assert_refused(str(file), "it cannot be written", "check its permissions and those of its folder")


def test_in_a_folder_that_may_not_be_written_no_record_begins(open_folder):
    forbid_writing(open_folder)
    with unprivileged():
        assert_refused(
            str(open_folder / "new.marsad"), "it cannot be opened", "its folder is there and may be written in"
        )


def test_a_record_in_a_folder_that_may_not_be_written_says_so(open_folder):
    forbid_writing(open_folder)
    with unprivileged():
        assert_refused(str(open_folder / "observatory.marsad"), "its folder", "written")


def test_a_file_that_may_not_be_read_says_so(open_folder):
    file = open_folder / "observatory.marsad"
    file.chmod(0)
    with unprivileged():
        assert_refused(str(file), "it cannot be opened", "may be")


def test_a_server_that_is_not_there_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert_refused_by_server(
        f"postgresql://marsad:sirr@127.0.0.1:{port}/observatory",
        "the server does not answer", "check the address and that PostgreSQL runs",
    )  # fmt: skip


def test_a_socket_that_is_not_there_is_told(tmp_path):
    assert_refused_by_server(
        f"postgresql://marsad:sirr@/observatory?host={tmp_path}",
        "the server does not answer", "check the address and that PostgreSQL runs",
    )  # fmt: skip


def assert_refused_by_server(address, *words):
    with pytest.raises(RecordError) as refused:
        use(address)
    said = str(refused.value)
    assert said.startswith(address.split(":", 1)[0] + "://"), said
    assert "sirr" not in said
    assert "marsad:***@" in said
    assert all(word in said for word in words), said


@pytest.fixture
def guest(server):
    """Make a user with a password and nothing that he may do, and give the address of a database for him."""
    database = server.new_database("template0")
    server.run("CREATE ROLE marsad LOGIN PASSWORD 'sirr-sahih'")
    yield server.address(database, "marsad", "sirr-sahih")
    server.drop(database)
    server.run("DROP ROLE marsad")


@pytest.mark.parametrize("given", [":sirr-khata@", ":@", "@"])
def test_a_wrong_password_is_told(guest, given):
    with pytest.raises(RecordError, match="the server refuses the user; check user and password of the address"):
        open_record(guest.replace(":sirr-sahih@", given))


def test_a_database_that_is_not_there_is_told(server):
    address = server.address("nowhere").replace("postgres:@", "postgres:sirr@")
    with pytest.raises(RecordError, match="there is no such database; make it with `createdb`"):
        open_record(address)


def test_a_user_who_may_not_make_tables_is_told(guest):
    assert_refused_by_server(guest, "the user may not do this", "GRANT")


def test_a_server_that_ends_while_a_record_is_open_is_told_and_the_record_goes_on_after(server):
    database = server.new_database()
    with closing(open_record(server.address(database))) as record:
        with (
            pytest.raises(RecordError, match=r"the server does not answer any more; .*run the command again"),
            record.writing("add") as writing,
        ):
            server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
            writing.add_one(schema.failure, address="أ", reason="ب", remedy="ج")
        with record.writing("add") as writing:
            writing.add_one(schema.failure, address="أ", reason="ب", remedy="ج")
        with record.asking() as asking:
            assert asking.execute(select(func.count()).select_from(schema.act)).scalar() == 1
    server.drop(database)


@pytest.fixture
def small_disk(tmp_path):
    """Give a folder on a disk of its own of three megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "marsad-tests", str(folder)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small disk can be mounted only by root, and not in every container")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def write_much(record):
    row = {"address": "تقرير.txt", "reason": "سطر طويل " * 200, "remedy": "أعد الحفظ"}
    with record.writing("add") as writing:
        writing.add(schema.failure, [row] * 100)


def test_a_full_disk_is_told_nothing_is_lost_and_it_goes_on_once_there_is_room(small_disk, append_only):
    ballast, file = small_disk / "ballast", small_disk / "observatory.marsad"
    ballast.write_bytes(b"\0" * 1_000_000)
    record = open_record(str(file))
    written = 0
    with pytest.raises(RecordError) as refused:
        while written < 100:
            write_much(record)
            written += 1
    assert str(refused.value).startswith(f"{file}: the disk is full; make room and run the command again")
    with record.asking() as asking:
        assert asking.execute(select(func.count()).select_from(schema.failure)).scalar() == 100 * written
    record.close()
    ballast.unlink()
    record = open_record(str(file))
    write_much(record)
    with record.asking() as asking:
        assert asking.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        assert asking.execute(select(func.count()).select_from(schema.failure)).scalar() == 100 * (written + 1)
        assert asking.execute(select(func.count()).select_from(schema.act)).scalar() == written + 1
    record.close()


def test_on_a_full_disk_no_record_begins_and_it_does_once_there_is_room(small_disk):
    ballast, file = small_disk / "ballast", small_disk / "observatory.marsad"
    with pytest.raises(OSError, match="No space left"), ballast.open("wb", buffering=0) as stream:
        while stream.write(b"\0" * 4096):
            pass
    with pytest.raises(RecordError, match="the disk is full; make room and run the command again"):
        open_record(str(file))
    ballast.unlink()
    use(str(file))
