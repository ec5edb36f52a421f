"""A record in one file: anyone can check it, and taken into an empty record it is the same record again."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import signal
import stat
import subprocess
import sys
import zlib
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from sqlalchemy import inspect, select, text, update

from marsad.errors import RecordError, UsageError
from marsad.intake import Failure
from marsad.record import bundle, bundling, migrating, schema, unbundling
from marsad.record.asof import standing
from marsad.record.bundle import verify_bundle
from marsad.record.bundling import write_bundle
from marsad.record.deciding import decide_claim
from marsad.record.linkage import decide_incidents
from marsad.record.manifest import MANIFEST, SUMS, carried
from marsad.record.remembering import mark_polled, poll_state, remember_columns
from marsad.record.sensitive import find_key, key_file, mark
from marsad.record.sight import Viewer, sight_of
from marsad.record.stages import take
from marsad.record.store import open_record, shown
from marsad.record.unbundling import import_bundle
from marsad.record.verifying import verify
from marsad.rereading import Rereading
from newsroom import PlainReader, add, arrival, now_of, said, view
from record.desk import GUIDE

ACTS = ("قصفت قوات النظام", "سيطرت الفصائل على", "انسحبت قوات النظام من", "ما قصفت الفصائل")
TOWNS = ("داعل", "نصيب", "عندان", "الطيبة")
PEOPLE = ("سلمى", "هدى")
SECRET = "أبو سعيد الحوراني"


@pytest.fixture(scope="module")
def lived(tmp_path_factory, empty_file):
    """Return a folder with a record that has something in every table, its bundle, and the key of its pseudonyms."""
    folder = tmp_path_factory.mktemp("lived")
    shutil.copyfile(empty_file, folder / "kept.marsad")
    with pytest.MonkeyPatch.context() as patch, closing(open_record(str(folder / "kept.marsad"))) as record:
        patch.setenv("MARSAD_KEY", str(folder / "key"))
        live_in(record, random.Random(7), 3)
        bundled(record, folder / "made.zip")
    return folder


@pytest.fixture(autouse=True)
def key(lived, tmp_path, monkeypatch):
    shutil.copyfile(lived / "key", tmp_path / "key")
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))


@pytest.fixture
def kept(lived, tmp_path):
    """Give a copy of that record, open."""
    shutil.copyfile(lived / "kept.marsad", tmp_path / "kept.marsad")
    with closing(open_record(str(tmp_path / "kept.marsad"))) as record:
        yield record


@pytest.fixture
def made(lived):
    """Give the bundle of that record."""
    return lived / "made.zip"


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request, tmp_path):
    """Give the address of a record that is not there yet, on each engine in turn."""
    if request.param == "sqlite":
        yield str(tmp_path / "other.marsad")
        return
    server = request.getfixturevalue("server")
    database = server.new_database("template0")
    yield server.address(database)
    server.drop(database)


def page(text, **said):
    """Return a report as it arrives, with the hash of the very bytes that it came in."""
    came = arrival(text, **said)
    data = came.capture.original
    if data is None:
        return came
    return replace(came, capture=replace(came.capture, sha256=hashlib.sha256(data).hexdigest(), size=len(data)))


def report(draw, number):
    words = f"{draw.choice(ACTS)} {draw.choice(TOWNS)} في 2018-07-0{draw.randint(1, 9)}"
    told = said(words, by=draw.choice(["", "ناشطون", SECRET]), killed=draw.choice([None, 3, 5]), beside=number % 5)
    url = draw.choice([None, f"https://example.org/{number}", "https://example.org/changing"])
    row = draw.choice([None, None, number])
    return page(told, address=f"in-{number}.txt" if row is None else "wire.jsonl", row=row, url=url, outlet="مرصد")


def ids_in(record, table):
    with record.asking() as connection:
        asked = select(table.c.id).where(standing(table, ("id",), None), ~table.c.gone).order_by(table.c.n)
        return list(connection.execute(asked).scalars())


def decide_something(record, draw):
    """Write a decision on a claim or on incidents, where the coding guide allows what was drawn."""
    claims, incidents = ids_in(record, schema.claim), ids_in(record, schema.incident)
    person, kind = draw.choice(PEOPLE), draw.choice(["accept", "reject", "unsure", "correct", "undo", "take", "same"])
    with suppress(UsageError), record.writing("review") as writing:
        if kind == "same":
            decide_incidents(writing, draw.choice(["same", "not_same"]), draw.sample(incidents, 2), person)
        elif kind == "take":
            take(writing, draw.choice(claims), person)
        else:
            fields = {"date": "2018-07-03"} if kind == "correct" else None
            decide_claim(writing, draw.choice(claims), kind, person, "كما في النص", fields, guide=GUIDE)


def live_in(record, draw, rounds):
    """Let so many rounds of work go over a record: reports, copies, failures, decisions, marks, polls, readings."""
    for step in range(rounds):
        fresh = [report(draw, 10 * step + number) for number in range(6)]
        copy = page(fresh[0].report.text + " كما نقل المراسل", outlet="جريدة", address=f"copy-{step}.txt")
        add(record, *fresh, copy, Failure(f"scan-{step}.pdf", draw.choice([None, 4]), "it is cut", "split it"))
        for _ in range(5):
            decide_something(record, draw)
        with record.writing("mark") as writing:
            mark(writing, "source", SECRET, "pseudonym", None, "هدى", "طلب المصدر")
        with record.writing("poll") as writing:
            writing.add(schema.poll, [{"source": "قناة", "state": json.dumps({"failures": step})}])
        for entry in ("ب", "a", "Z", "é"):
            mark_polled(record, "قناة", f"{entry}{step}")
        remember_columns(record, "نص,تاريخ", f"text=نص {step}")
        Rereading(record, PlainReader(f"plain {step + 2}", drops=draw.choice([(), ("shelling",)]))).run()


def bundled(record, target, viewer="admin", **said):
    with record.asking() as connection:
        sight = sight_of(connection, Viewer(viewer), "2018-08-01", find_key(connection))
        return write_bundle(connection, sight, target, **said)


def rows_in(record, tables=()):
    """Return every row of the tables that a bundle carries, originals unpacked, and of the marks of wording."""
    found = {}
    with record.asking() as connection:
        for table in tables or [*carried(), schema.sketch]:
            rows = [tuple(_unpacked(cell) for cell in row) for row in connection.execute(select(table))]
            found[table.name] = sorted(rows, key=repr)
    return found


def _unpacked(cell):
    return zlib.decompress(cell) if isinstance(cell, bytes) else cell


def answers_of(record, then):
    """Return what the record answers now and as known at an instant, to an outsider and to a reviewer."""
    asked = [view(record, role, known_by) for role in ("public", "admin") for known_by in (None, then)]
    rows = [[list(v.incidents()), list(v.claims()), list(v.failures()), list(v.reports(text=True))] for v in asked]
    found = [[(hit["id"], hit["excerpt"]) for hit in v.search("داعل", limit=500)] for v in asked]
    return rows, found


def is_empty(address):
    with closing(open_record(address)) as record, record.asking() as connection:
        return not any(connection.execute(select(table)).first() for table in schema.metadata.tables.values())


def rewritten(source, target, sums=True, **changed):
    """Copy a bundle with entries changed (a function of the bytes; None: left out), its hashes made to fit or not."""
    named = {MANIFEST if name == "manifest" else name: change for name, change in changed.items()}
    entries: dict[str, bytes] = {}
    with ZipFile(source) as archive:
        for name in archive.namelist():
            change = named.get(name, bytes)
            if change is not None:
                entries[name] = change(archive.read(name))
    if sums:
        hashed = [(name, hashlib.sha256(data).hexdigest()) for name, data in entries.items() if name != SUMS]
        entries[SUMS] = "".join(f"{digest}  {name}\n" for name, digest in hashed).encode()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return target


def forged(source, target, table, change):
    """Copy a bundle with the rows of a table changed, manifest and hashes made to fit as a forger would."""
    entry = f"record/{table}.jsonl"

    def lines(data):
        rows = [json.loads(line) for line in data.decode().splitlines()]
        changed = change(rows)
        rows = rows if changed is None else changed
        return b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" if isinstance(r, dict) else r for r in rows)

    with ZipFile(source) as archive:
        data = lines(archive.read(entry))

    def manifest(written):
        told = json.loads(written)
        told["tables"][table] |= {"rows": data.count(b"\n"), "bytes": len(data)}
        return json.dumps(told).encode()

    return rewritten(source, target, **{entry: lambda _: data, "manifest": manifest})


def says(**changes):
    """Return what changes fields of a manifest."""
    return lambda written: json.dumps({**json.loads(written), **changes}).encode()


# There and back


@pytest.mark.parametrize("seed", [1, 2])
def test_taken_into_an_empty_record_it_is_the_same_record_on_either_engine(record, other, tmp_path, seed):
    live_in(record, random.Random(seed), 2)
    then = now_of(record) - 1
    live_in(record, random.Random(seed + 10), 1)
    went = bundled(record, tmp_path / "one.zip")
    came = import_bundle(other, tmp_path / "one.zip")
    assert came == went
    with closing(open_record(other)) as again:
        assert rows_in(again) == rows_in(record)
        assert verify(again, went.head) == verify(record)
        assert not verify(again).faults
        assert bundled(again, tmp_path / "two.zip") == went
        (rows, found), (as_before, found_before) = answers_of(again, then), answers_of(record, then)
        assert rows == as_before
        assert all(found) and list(map(set, found)) == list(map(set, found_before))
        if again.is_file == record.is_file:  # each engine ranks hits in its own way
            assert found == found_before
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_every_table_had_a_row_in_it(kept):
    assert not [name for name, rows in rows_in(kept).items() if not rows and name not in ("forward", "issue")]


def test_the_record_goes_on_where_it_was(kept, made, other):
    import_bundle(other, made)
    with closing(open_record(other)) as again:
        assert poll_state(again, "قناة") == {"failures": 2}
        assert now_of(again) == now_of(kept)
        before = len(rows_in(again, [schema.kinship])["kinship"])
        first = rows_in(kept, [schema.report])["report"][0]
        words = next(cell for cell in first if isinstance(cell, str) and len(cell) > 60)
        done = add(again, page(f"{words} بحسب المراسل", outlet="وكالة", address="later.txt"))
        assert done.new == 1 and len(rows_in(again, [schema.kinship])["kinship"]) > before, "its copies are found"
        assert now_of(again) > now_of(kept)
        assert not verify(again).faults


def test_an_empty_record_comes_back_empty(record, other, tmp_path):
    bundled(record, tmp_path / "empty.zip")
    assert import_bundle(other, tmp_path / "empty.zip").rows["report"] == 0
    assert is_empty(other)


def test_in_small_pieces_it_is_the_same(kept, made, tmp_path, monkeypatch):
    for module, name, size in (
        (bundling, "_PART", 2), (bundling, "_CHUNK", 7), (bundle, "_CHUNK", 5), (unbundling, "_ROWS", 2),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, size)
    bundled(kept, tmp_path / "again.zip")
    with ZipFile(made) as one, ZipFile(tmp_path / "again.zip") as two:
        assert [one.read(name) for name in one.namelist()] == [two.read(name) for name in two.namelist()]
    import_bundle(str(tmp_path / "other.marsad"), tmp_path / "again.zip")
    with closing(open_record(str(tmp_path / "other.marsad"))) as again:
        assert rows_in(again) == rows_in(kept)


def test_it_can_be_written_into_a_pipe(kept, made, tmp_path):
    class Pipe(io.RawIOBase):
        written = b""

        def writable(self):
            return True

        def write(self, data):
            Pipe.written += bytes(data)
            return len(data)

    bundled(kept, Pipe())
    (tmp_path / "piped.zip").write_bytes(Pipe.written)
    assert not verify_bundle(tmp_path / "piped.zip")
    with ZipFile(made) as one, ZipFile(tmp_path / "piped.zip") as two:
        assert one.read(SUMS) == two.read(SUMS)


def test_who_waits_is_told_of_every_row(kept, tmp_path):
    written, taken = [], []
    went = bundled(kept, tmp_path / "told.zip", progress=written.append)
    import_bundle(str(tmp_path / "other.marsad"), tmp_path / "told.zip", taken.append)
    assert sum(written) == sum(went.rows.values()) + went.rows["decision"] + went.originals
    assert sum(taken) >= 2 * sum(went.rows.values())


# What anyone can do with it


def test_anyone_can_check_it_with_the_tools_of_the_system(made, tmp_path):
    with ZipFile(made) as archive:
        archive.extractall(tmp_path / "d")
    checked = subprocess.run(["sha256sum", "-c", SUMS], cwd=tmp_path / "d", capture_output=True, text=True, check=False)
    files = [p for p in (tmp_path / "d").rglob("*") if p.is_file()]
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count(": OK\n") == len(files) - 1
    claims = tmp_path / "d" / "record" / "claim.jsonl"
    claims.write_bytes(claims.read_bytes().replace(b"2018-07-0", b"2019-07-0"))
    checked = subprocess.run(["sha256sum", "-c", SUMS], cwd=tmp_path / "d", capture_output=True, text=True, check=False)
    assert checked.returncode == 1 and "record/claim.jsonl: FAILED" in checked.stdout


def test_unpacked_and_packed_again_by_another_program_it_can_be_taken_in(made, kept, tmp_path):
    with ZipFile(made) as archive:
        archive.extractall(tmp_path / "d")
    shutil.make_archive(str(tmp_path / "again"), "zip", tmp_path / "d")
    with ZipFile(tmp_path / "again.zip") as archive:
        plain = [info for info in archive.infolist() if not info.is_dir()]
        with ZipFile(tmp_path / "plain.zip", "w", ZIP_DEFLATED) as target:
            for info in plain:
                target.writestr(info.filename, archive.read(info))
    for again in ("again.zip", "plain.zip"):
        import_bundle(str(tmp_path / f"{again}.marsad"), tmp_path / again)
        with closing(open_record(str(tmp_path / f"{again}.marsad"))) as record:
            assert rows_in(record) == rows_in(kept)


def test_the_chain_of_decisions_can_be_followed_as_the_guide_says(made):
    names = "prior id subject ref kind person reason body ground decided_at recorded_at".split()
    with ZipFile(made) as archive:
        lines = [json.loads(line) for line in archive.read("decisions.jsonl").decode().splitlines()]
    before = ""
    for line in lines:
        for name in ("body", "ground"):
            line[name] = json.dumps(line[name], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert line["prior"] == before
        before = hashlib.sha256("\x1f".join(str(line[name]) for name in names).encode()).hexdigest()
        assert line["hash"] == before
    assert len(lines) > 5


def test_its_manifest_says_what_it_holds(kept, made):
    with ZipFile(made) as archive:
        told = json.loads(archive.read(MANIFEST))
        decisions = archive.read("decisions.jsonl").decode().splitlines()
        originals = {name: archive.read(name) for name in archive.namelist() if name.startswith("originals/")}
        times = {info.date_time for info in archive.infolist()}
        readme = archive.read("README.txt").decode()
    rows = rows_in(kept)
    assert (told["format"], told["schema"], told["known_by"]) == (1, migrating.HEAD, None)
    assert {name: table["rows"] for name, table in told["tables"].items()} == {
        t.name: len(rows[t.name]) for t in carried()
    }
    assert told["head"] == verify(kept).head == json.loads(decisions[-1])["hash"]
    assert told["originals"] == {"rows": len(originals), "bytes": sum(map(len, originals.values()))}
    assert all(hashlib.sha256(data).hexdigest() == name.split("/")[1] for name, data in originals.items())
    assert told["licence"] and "sha256sum -c SHA256SUMS" in readme
    assert times == {(1980, 1, 1, 0, 0, 0)}


def test_bytes_that_came_twice_are_there_once_and_what_lies_elsewhere_is_not_there(record, other, tmp_path):
    twin = page(said(), address="a.txt"), page(said(), address="b.txt")
    add(record, page(said("سيطرت الفصائل على نصيب"), row=3), *twin)
    data = zlib.compress(b"one page")
    with record.engine.begin() as connection:
        kept = schema.capture.c.original.is_not(None)
        same = {"original": data, "size": 8, "sha256": hashlib.sha256(b"one page").hexdigest()}
        connection.execute(update(schema.capture).where(kept).values(**same))
        row = {name: f"{name} 9" for name in ("address", "kind", "tool")}
        connection.execute(
            schema.capture.insert(), {**row, **same, "n": 9, "original": None, "captured_at": 1, "recorded_at": 1}
        )
    assert bundled(record, tmp_path / "one.zip").originals == 1
    import_bundle(other, tmp_path / "one.zip")
    with closing(open_record(other)) as again:
        assert rows_in(again)["capture"] == rows_in(record)["capture"]


# Who may have it


@pytest.mark.parametrize("role", ["public", "analyst"])
def test_who_does_not_see_everything_does_not_get_it(kept, tmp_path, role):
    with pytest.raises(UsageError, match=r"whole record.*--role reviewer"):
        bundled(kept, tmp_path / "one.zip", role)
    assert not (tmp_path / "one.zip").exists()
    assert bundled(kept, tmp_path / "one.zip", "reviewer").originals


def test_the_key_of_the_pseudonyms_is_not_in_it_and_is_found_again_beside_the_new_record(kept, made, tmp_path):
    with kept.asking() as connection:
        key, file = find_key(connection), key_file(connection)
    assert key and file.read_bytes() == key
    with ZipFile(made) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert key not in whole and key.hex().encode() not in whole
    import_bundle(str(tmp_path / "other.marsad"), made)
    with closing(open_record(str(tmp_path / "other.marsad"))) as again, again.asking() as connection:
        assert find_key(connection) == key


def test_only_its_owner_may_read_the_file(made):
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_nothing_is_written_over(kept, tmp_path):
    (tmp_path / "one.zip").write_text("ours")
    with pytest.raises(UsageError, match=r"one\.zip: is there already"):
        bundled(kept, tmp_path / "one.zip")
    assert (tmp_path / "one.zip").read_text() == "ours"


def test_what_ends_halfway_leaves_no_file(kept, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundling, "export_decisions", full)
    with pytest.raises(RecordError, match=r"one\.zip: cannot be written \(No space left on device\); make room"):
        bundled(kept, tmp_path / "out" / "one.zip")
    assert not list((tmp_path / "out").iterdir())


def test_a_folder_that_is_not_there_is_named(kept, tmp_path):
    with pytest.raises(UsageError, match=r"nowhere/one\.zip: cannot be written"):
        bundled(kept, tmp_path / "nowhere" / "one.zip")


def test_a_record_that_was_tampered_with_is_not_vouched_for(kept, tmp_path):
    with kept.engine.begin() as connection:
        connection.execute(update(schema.decision).where(schema.decision.c.n == 1).values(reason="لم يقل أحد هذا"))
    with pytest.raises(RecordError, match="not as it was written: decision row 1"):
        bundled(kept, tmp_path / "one.zip")
    assert not (tmp_path / "one.zip").exists()


def test_a_row_longer_than_can_be_taken_in_is_not_written(kept, tmp_path, monkeypatch):
    monkeypatch.setattr("marsad.record.manifest.LONGEST", 500)
    with pytest.raises(RecordError, match=r"row \d+: is longer than the 500 bytes"):
        bundled(kept, tmp_path / "one.zip")


# Bad ones


def changed_first(old, new):
    return lambda data: data.replace(old, new, 1)


BROKEN = {
    "a changed byte": (
        {"record/claim.jsonl": changed_first(b"2018", b"2019"), "sums": False},
        "record/claim.jsonl: was changed",
    ),
    "a changed original": ({"originals": lambda data: data[:-1] + b"?", "sums": False}, "originals/.*: was changed"),
    "an original of another name": (
        {"originals": lambda data: data[:-1] + b"?"},
        "originals/.*: was changed: .* its name",
    ),
    "a missing table": ({"record/claim.jsonl": None}, "record/claim.jsonl: is missing"),
    "a missing original": ({"originals": None}, "originals: is not as large as the manifest says"),
    "no manifest": ({"manifest": None}, "manifest.json: is missing"),
    "no hashes": ({SUMS: None, "sums": False}, "SHA256SUMS: is missing"),
    "hashes without one": (
        {SUMS: lambda data: data.split(b"\n", 1)[1], "sums": False},
        "README.txt: is not named in SHA256SUMS",
    ),
    "hashes with one too many": (
        {SUMS: lambda data: data + b"0" * 64 + b"  ../etc/x\n", "sums": False},
        "SHA256SUMS: names what is not there",
    ),
    "hashes that are none": (
        {SUMS: lambda data: b"\xff\n" + data, "sums": False},
        "SHA256SUMS: names what is not there",
    ),
    "hashes cut off": ({SUMS: lambda data: data[:-1], "sums": False}, "SHA256SUMS: ends within a line"),
    "a newer schema": (
        {"manifest": says(schema="9999")},
        "manifest.json: it was written by a newer Marsad .schema 9999.; update the program",
    ),
    "a newer form": ({"manifest": says(format=2)}, "manifest.json: it is of a newer form .2.; update the program"),
    "no schema": ({"manifest": says(schema="٠٠٠٢")}, "manifest.json: it cannot be read; export"),
    "a schema before the first": ({"manifest": says(schema="0000")}, "manifest.json: it cannot be read; export"),
    "no form": ({"manifest": says(format=0)}, "manifest.json: it cannot be read; export"),
    "no head": ({"manifest": says(head="")}, "the record in it: its chain of decisions does not end as the manifest"),
    "a manifest that is none": ({"manifest": lambda _: b"[" * 100_000}, "manifest.json: it cannot be read; export"),
    "a manifest without tables": ({"manifest": says(tables=[])}, "manifest.json: it cannot be read; export"),
    "a manifest that fills the memory": (
        {"manifest": lambda data: data + b" " * 1_000_000},
        "manifest.json: has .* bytes, and should have no more",
    ),
    "a table larger than told": (
        {"record/act.jsonl": lambda data: data + b"\0" * 9_000_000},
        "record/act.jsonl: is not as large as the manifest says",
    ),
    "fewer rows than told": (
        {"record/act.jsonl": changed_first(b"\n", b" ")},
        "record/act.jsonl: has .* rows, and the manifest says",
    ),
    "other decisions": (
        {"decisions.jsonl": changed_first("هدى".encode(), "ندى".encode())},
        "the record in it: its decisions are not those of decisions.jsonl",
    ),
    "another head": (
        {"manifest": says(head="0" * 64)},
        "the record in it: the chain of decisions: no row has the noted hash",
    ),
    "another record's id": ({"manifest": says(record="0" * 16)}, "the record in it: its first act is not that"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_bundle_is_refused_by_entry_and_remedy_and_nothing_is_kept(made, tmp_path, name):
    changes, what = BROKEN[name]
    changes = dict(changes)
    sums = changes.pop("sums", True)
    if "originals" in changes:
        with ZipFile(made) as archive:
            entry = next(name for name in archive.namelist() if name.startswith("originals/"))
        changes[entry] = changes.pop("originals")
    bad = rewritten(made, tmp_path / "bad.zip", sums=sums, **changes)
    with pytest.raises(RecordError, match=f"^{tmp_path}/bad.zip: {what}") as refused:
        import_bundle(str(tmp_path / "other.marsad"), bad)
    assert "; " in str(refused.value)
    if "the record in it" in what:
        assert is_empty(str(tmp_path / "other.marsad"))
    else:
        assert not (tmp_path / "other.marsad").exists(), "a record is begun only once the bundle was seen to be whole"
        assert str(refused.value).split(" (and")[0] in verify_bundle(bad)


FORGED = {
    "claim": [
        (lambda rows: rows.reverse() or rows[0].update(report_n=99_999), "rows 1 to .* are none of a record"),
        (lambda rows: rows[2].update(certainty="high"), "row 3 is none of a record"),
        (lambda rows: rows[2].update(certainty=1), "row 3 is none of a record"),
        (lambda rows: rows[2].update(certainty=float("inf")), "row 3 is none of a record"),
        (lambda rows: rows[2].update(certainty=float("nan")), "row 3 is none of a record"),
        (lambda rows: [json.dumps(rows[0]).replace(": 0.8", ": 1e999").encode() + b"\n"], "row 1 is none of a record"),
        (lambda rows: rows[2].update(gone=0), "row 3 is none of a record"),
        (lambda rows: rows[2].update(id=None), "row 3 is none of a record"),
        (lambda rows: rows[2].pop("origin"), "row 3 is none of a record"),
        (lambda rows: rows[2].update(colour="red"), "row 3 is none of a record"),
        (lambda rows: rows[2].update(n=rows[1]["n"]), "rows 1 to .* are none of a record"),
        (lambda rows: rows[2].update(report_n=2**70), "rows 1 to .* are none of a record"),
        (lambda rows: [*rows[:2], b"[1]\n"], "row 3 is none of a record"),
        (lambda rows: [*rows[:2], b'{"n": \n'], "row 3 is none of a record"),
        (lambda rows: [*rows[:2], b"[" * 100_000 + b"\n"], "row 3 is none of a record"),
        (
            lambda rows: [json.dumps(rows[0]).replace('"id"', '"place": "\\ud800", "id"').encode() + b"\n"],
            "are none of a record",
        ),
    ],
    "capture": [
        (
            lambda rows: [r.update(original="originals/" + "0" * 64) for r in rows],
            "row 1 names an original that is not there",
        ),
        (
            lambda rows: [r.update(original="../../etc/passwd") for r in rows],
            "row 1 names an original that is not there",
        ),
        (lambda rows: [r.update(original=None) for r in rows[1:]], "an original is of no capture"),
        (lambda rows: [r.update(size=1) for r in rows if r["original"]], "its original was changed"),
    ],
    "report": [(lambda rows: rows[1].update(text="لم يقله أحد"), "report row 2 .* its text was changed")],
    "decision": [
        (lambda rows: rows[0].update(reason="لم يقله أحد"), "decision row 1 .* its hash does not fit"),
        (lambda rows: rows.pop(), "the chain of decisions: no row has the noted hash"),
    ],
    "document": [
        (lambda rows: rows[1].update(row_n=99_999), "document 2 is no report and no claim"),
        (lambda rows: rows[1].update(kind="mark"), "document 2 is no report and no claim"),
    ],
    "act": [(lambda rows: rows[0].update(what="other"), "its first act is not that of the record")],
}


@pytest.mark.parametrize(("table", "change", "what"), [(t, *case) for t, cases in FORGED.items() for case in cases])
def test_rows_that_no_record_has_are_refused_however_well_the_hashes_fit(made, tmp_path, table, change, what):
    def changed(rows):
        found = change(rows)
        return found if isinstance(found, list) and found and all(isinstance(r, dict | bytes) for r in found) else None

    bad, address = forged(made, tmp_path / "bad.zip", table, changed), str(tmp_path / "other.marsad")
    assert not verify_bundle(bad)
    with pytest.raises(RecordError, match=rf"bad\.zip: .*{what}.*; it was not written by `marsad export`"):
        import_bundle(address, bad)
    assert is_empty(address)


@pytest.mark.parametrize("cells", [{"report_n": 99_999}, {"n": 1}, {"report_n": 2**70}])
def test_rows_that_a_server_does_not_take_are_named_as_well(made, server, tmp_path, cells):
    bad = forged(made, tmp_path / "bad.zip", "claim", lambda rows: rows[1].update(cells))
    address = server.address(server.new_database())
    with pytest.raises(RecordError, match=r"record/claim\.jsonl: rows 1 to \d+ are none of a record \(.*; it was not"):
        import_bundle(address, bad)
    assert is_empty(address)


def with_entry(source, target, name, data=b"x", **fields):
    shutil.copyfile(source, target)
    with ZipFile(target, "a") as archive:
        info = ZipInfo(name)
        for field, value in fields.items():
            setattr(info, field, value)
        archive.writestr(info, data)
    return target


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/passwd", "record/../../x.jsonl", "originals/short", "record/Claim.jsonl", "extra.txt",
             "originals/" + "A" * 64, "record/", "C:\\x", "اسم.txt"],
)  # fmt: skip
def test_a_name_that_no_bundle_has_is_refused(made, tmp_path, name):
    bad = with_entry(made, tmp_path / "bad.zip", name)
    [fault] = verify_bundle(bad)
    assert "has no place in a bundle" in fault and fault.isascii()
    with pytest.raises(RecordError, match="has no place in a bundle"):
        import_bundle(str(tmp_path / "other.marsad"), bad)
    assert sorted(p.name for p in tmp_path.iterdir() if "evil" in p.name or "other" in p.name) == []


def test_a_table_that_the_manifest_does_not_name_is_refused(made, tmp_path):
    bad = with_entry(made, tmp_path / "bad.zip", "record/birds.jsonl")
    assert "record/birds.jsonl: is not named in" in verify_bundle(rewritten(bad, tmp_path / "worse.zip"))[0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused(made, tmp_path):
    bad = with_entry(made, tmp_path / "bad.zip", "record/act.jsonl")
    assert "record/act.jsonl: is there more than once" in verify_bundle(bad)[0]


def test_another_way_of_packing_is_refused(made, tmp_path):
    bad = with_entry(made, tmp_path / "bad.zip", "record/birds.jsonl", compress_type=ZIP_BZIP2)
    assert "has no place in a bundle" in verify_bundle(bad)[0]


def test_a_line_that_fills_the_memory_is_refused(made, tmp_path, monkeypatch):
    monkeypatch.setattr("marsad.record.manifest.LONGEST", 1_000)
    monkeypatch.setattr(bundle, "_CHUNK", 100)
    with pytest.raises(RecordError, match=r"record/\w+\.jsonl: has a line of more than 1,000 bytes"):
        import_bundle(str(tmp_path / "other.marsad"), made)
    assert is_empty(str(tmp_path / "other.marsad"))


def test_every_fault_is_listed(made, tmp_path):
    changes = {f"record/{name}.jsonl": changed_first(b"2018", b"2019") for name in ("claim", "report", "incident")}
    bad = rewritten(made, tmp_path / "bad.zip", sums=False, **changes)
    assert [fault.split(": ")[1] for fault in verify_bundle(bad)] == [
        "record/incident.jsonl", "record/report.jsonl", "record/claim.jsonl",
    ]  # fmt: skip
    with pytest.raises(RecordError, match=r"incident\.jsonl: was changed.*\(and 2 faults more\)"):
        import_bundle(str(tmp_path / "other.marsad"), bad)


@pytest.mark.parametrize("cut", [0, 1, 3, 40, 5_000])
def test_a_bundle_whose_end_is_cut_off_is_refused(made, tmp_path, cut):
    data = made.read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: -cut or 0])
    with pytest.raises(RecordError, match=r"cut\.zip: is no bundle, or its end is cut off; get the bundle again"):
        import_bundle(str(tmp_path / "other.marsad"), tmp_path / "cut.zip")


def test_what_is_not_there_or_no_bundle_is_named(tmp_path):
    for name in ("absent.zip", ""):
        [fault] = verify_bundle(tmp_path / name)
        assert "cannot be read" in fault and "marsad export --as bundle" in fault
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("photo.jpg", b"x")
    assert "has no place in a bundle" in verify_bundle(tmp_path / "other.zip")[0]


def test_no_changed_byte_goes_unseen_or_breaks_the_program(made, tmp_path):
    draw, data, bad = random.Random(5), made.read_bytes(), tmp_path / "bad.zip"
    with ZipFile(made) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    seen = 0
    for _ in range(400):
        at = draw.randrange(len(data)) if draw.random() < 0.5 else len(data) - 1 - draw.randrange(3_000)
        bad.write_bytes(data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :])
        if verify_bundle(bad):
            seen += 1
            continue
        # A ZIP has bytes that say nothing of its entries: times, comments, versions.
        with ZipFile(bad) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == whole
    assert seen > 200


def test_a_record_that_holds_something_is_left_as_it_is(record, made):
    with record.writing("add"):
        pass
    before = rows_in(record)
    with pytest.raises(RecordError, match=r"holds something already \(act\).*name a new one with --record") as refused:
        import_bundle(record.address, made)
    assert str(refused.value).startswith(shown(record.address))
    assert rows_in(record) == before


def test_a_character_that_only_a_file_keeps_is_refused_by_a_server(kept, server, tmp_path):
    with kept.engine.begin() as connection:
        connection.execute(update(schema.failure).where(schema.failure.c.n == 1).values(address="a\0b"))
    bundled(kept, tmp_path / "one.zip")
    address = server.address(server.new_database())
    with pytest.raises(RecordError, match=r"failure\.jsonl: row 1 holds .*U\+0000.*; import the bundle into a file"):
        import_bundle(address, tmp_path / "one.zip")
    assert is_empty(address)
    import_bundle(str(tmp_path / "other.marsad"), tmp_path / "one.zip")


_KILLED = """
import os, signal, sys
from marsad.record import unbundling
left = int(sys.argv[3])
def count(rows):
    global left
    left -= rows
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
unbundling._ROWS = 5
unbundling.import_bundle(sys.argv[1], sys.argv[2], count)
"""


def test_killed_at_any_instant_it_leaves_an_empty_record_and_can_be_taken_in_again(kept, made, other, tmp_path):
    told: list[int] = []
    import_bundle(str(tmp_path / "whole.marsad"), made, told.append)
    for share in (0.6, 0.8, 0.99):  # in the first two fifths rows are checked, in the last they are made findable
        command = [sys.executable, "-c", _KILLED, other, str(made), str(int(share * sum(told)))]
        assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
        assert is_empty(other)
    import_bundle(other, made)
    with closing(open_record(other)) as again:
        assert rows_in(again) == rows_in(kept)


# Of another schema

LATER = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    op.add_column("mark", sa.Column("colour", sa.Text()))
    op.execute("UPDATE mark SET colour = 'red'")
"""


def test_one_of_an_older_schema_is_brought_to_todays_as_a_record_is(made, kept, other, tmp_path, monkeypatch):
    revisions = Path(migrating.__file__).parent / "migrations"
    revision = f"{int(migrating.HEAD) + 1:04}"
    shutil.copytree(revisions, tmp_path / "migrations")
    later = LATER.format(revision=revision, before=migrating.HEAD)
    (tmp_path / "migrations" / "versions" / f"schema_{revision}.py").write_text(later, "utf-8")
    monkeypatch.setattr(migrating, "HEAD", revision)
    monkeypatch.setattr("marsad.record.manifest.HEAD", revision)
    monkeypatch.setattr(migrating, "REVISIONS", str(tmp_path / "migrations"))
    import_bundle(other, made)
    with closing(open_record(other)) as again, again.asking() as connection:
        assert rows_in(again) == rows_in(kept)
        assert {column["name"] for column in inspect(connection).get_columns("mark")} >= {"colour"}
        assert set(connection.execute(text("SELECT colour FROM mark")).scalars()) == {"red"}
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [revision]
        assert not verify(again).faults


# Tables that the first schema had not.
NOT_YET = {"record/issue.jsonl": None}


def of_the_first(written):
    told = json.loads(written)
    del told["tables"]["issue"]
    return json.dumps({**told, "schema": "0001"}).encode()


def test_one_of_the_first_schema_is_taken_in(made, kept, other, tmp_path):
    import_bundle(other, rewritten(made, tmp_path / "old.zip", manifest=of_the_first, **NOT_YET))
    with closing(open_record(other)) as again:
        assert rows_in(again) == rows_in(kept)
        assert list(view(again).search("داعل"))


def test_one_of_an_older_schema_with_other_tables_is_refused(made, other, tmp_path):
    def without_marks(written):
        told = json.loads(of_the_first(written))
        told["tables"]["mark"]["columns"].remove("until")
        return json.dumps(told).encode()

    with pytest.raises(RecordError, match=r"manifest\.json: its table mark is not one of schema 0001; export"):
        import_bundle(other, rewritten(made, tmp_path / "old.zip", manifest=without_marks, **NOT_YET))
    assert is_empty(other)
    with closing(open_record(other)) as record:
        assert record.brought.after == migrating.HEAD


def test_nobody_who_works_at_a_desk_leaves_with_a_bundle(record, tmp_path):
    from marsad.record.accounts import Account, Credential, put_account, put_credential

    add(record, arrival(said(), "r1"))
    with record.writing("people") as writing:
        put_account(writing, Account("سلمى", "admin"), "test")
        put_credential(writing.connection, Credential("سلمى", "digest-of-a-password"))
    bundled(record, tmp_path / "b.zip")
    with ZipFile(tmp_path / "b.zip") as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        assert not {"account", "credential", "permit", "look", "job"} & {n[7:-6] for n in archive.namelist()}
    assert "سلمى".encode() not in whole and b"digest-of-a-password" not in whole
