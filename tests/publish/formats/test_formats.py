"""What holds of every format: what is hidden is not in its bytes, the same gives the same, a row at a time."""

from __future__ import annotations

import io
import json
import pickle
import struct
import subprocess
import sys
import textwrap
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from marsad.exporting import outgoing_of
from marsad.grounding.areas import area_of
from marsad.model import Party, Span
from marsad.publish.formats import FORMATS, TABLES, write_tables
from marsad.publish.outgoing import Outgoing
from marsad.record.sensitive import mark
from marsad.record.store import open_record
from newsroom import PlainReader, add, arrival, said, view

NAMES = ("رامي الحوراني", "سلام الجبلي", "مرصد الضفة")
PLACE = ("Nasib", "نصيب", "C5999")
POINT = (32.5525, 36.1867)
HELD = "انسحبت الفصائل من عندان في 2018-07-08"
NEWS = (
    (said("سيطرت قوات النظام على نصيب في 2018-07-06", by=NAMES[0], killed=4), {"outlet": "وكالة النهر"}),
    (said("قصفت قوات النظام داعل في 2018-07-05", by=NAMES[1], beside=1), {"outlet": "شبكة السهل"}),
    (
        said("سيطرت الفصائل على نصيب في 2018-07-03", beside=2),
        {"outlet": NAMES[2], "url": f"https://example.org/{quote(NAMES[2])}/7", "title": f"{NAMES[2]} من نصيب"},
    ),
    (said(HELD, beside=3), {"outlet": "وكالة النهر"}),
    (said("قصفت قوات النظام نصيب في 2018-07-08", by=NAMES[0], killed=9, beside=4), {"outlet": NAMES[2]}),
)
FORMAT_IDS = list(FORMATS)


class WhoIsKilled(PlainReader):
    """Reads civilians that are killed as those to whom it was done: some formats hold nothing else."""

    def _claim(self, report, match):
        claim = super()._claim(report, match)
        if not match["killed"]:
            return claim
        start = match.end() - len("مدنيين")
        return replace(claim, targets=(Party("مدنيين", "civilians", Span(start, match.end())),))


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Give a record in which a source, a person, an outlet, a place and a report are marked as sensitive."""
    folder = tmp_path_factory.mktemp("marked")
    with pytest.MonkeyPatch.context() as patch, closing(open_record(str(folder / "r.marsad"))) as record:
        patch.setenv("MARSAD_KEY", str(folder / "key"))
        for n, (text, about) in enumerate(NEWS):
            add(record, arrival(text, f"r{n}", published="2018-07-09", **about), reader=WhoIsKilled())
        with record.writing("mark") as writing:
            mark(writing, "source", NAMES[0], "pseudonym", None, "سلمى", "بطلب منه")
            mark(writing, "person", NAMES[1], "pseudonym", None, "سلمى", "بطلب منه")
            mark(writing, "source", NAMES[2], "pseudonym", None, "سلمى", "بطلب منه")
            mark(writing, "place", PLACE[2], "blur", None, "سلمى", "مأوى نازحين")
            mark(writing, "report", "r3", "embargo", "2999-01-01", "سلمى", "قبل النشر")
        yield record


def of_record(record, role, lang="en"):
    out = outgoing_of(view(record, role, area_of=area_of))
    return Outgoing(out.about, out.tables, lang)


def files_of(id, out, folder):
    folder.mkdir()
    return write_tables(FORMATS[id], out, FORMATS[id].tables, folder, f"out{FORMATS[id].suffix}")


def bytes_of(files):
    """Return all that the files hold, what is packed in them unpacked."""
    found = []
    for file in files:
        data = file.read_bytes()
        found.append(data)
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                found += [packed.read(name) for name in packed.namelist()]
        if file.suffix == ".parquet":
            import pyarrow.parquet

            rows = pyarrow.parquet.read_table(file).to_pylist()
            found.append(json.dumps(rows, ensure_ascii=False, default=str).encode())
    return b"\n".join(found)


def spellings(words):
    """Return the words as files of different kinds have them."""
    told = json.dumps(words)[1:-1]
    entities = "".join(f"&#{ord(letter)};" for letter in words)
    return {words.encode(), words.encode("utf-16-le"), quote(words).encode(), told.encode(), entities.encode()}


def numerals(number):
    return {str(number).encode(), struct.pack("<d", number), struct.pack(">d", number)}


def hidden_in(data):
    """Return what of all that is marked the bytes give away."""
    words = {word: spellings(word) for word in (*NAMES, *PLACE, HELD)}
    points = {str(number): numerals(number) for number in POINT}
    return {name for name, forms in (words | points).items() if any(form in data for form in forms)}


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("id", FORMAT_IDS)
def test_nothing_that_is_marked_is_in_what_leaves_for_the_public(marked, id, lang, tmp_path):
    assert hidden_in(bytes_of(files_of(id, of_record(marked, "public", lang), tmp_path / "out"))) == set()


@pytest.mark.parametrize("id", FORMAT_IDS)
def test_who_may_see_all_finds_it_there(marked, id, tmp_path):
    seen = hidden_in(bytes_of(files_of(id, of_record(marked, "admin"), tmp_path / "out")))
    assert len(seen) >= 3, f"{id} shows an admin only {seen}: what it hides from others says nothing"


@pytest.mark.parametrize("id", FORMAT_IDS)
def test_the_same_record_and_question_give_the_same_bytes(outgoing, id, tmp_path):
    first, second = (files_of(id, outgoing, tmp_path / name) for name in "ab")
    assert [file.name for file in first] == [file.name for file in second]
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_what_an_export_states_is_the_same_before_and_after_the_chart_is_made(tmp_path):
    with closing(open_record(str(tmp_path / "r.marsad"))) as record:
        add(record, arrival(NEWS[0][0], "r0", published="2018-07-09"))
        before = of_record(record, "public").about
        assert list(of_record(record, "public").rows("control"))
        assert of_record(record, "public").about == before


@pytest.mark.parametrize("id", FORMAT_IDS)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_odd_letters_and_no_rows_at_all_are_written(odd, empty, id, lang, tmp_path):
    assert all(file.stat().st_size for file in files_of(id, odd(lang), tmp_path / "odd"))
    assert files_of(id, Outgoing(empty.about, empty.tables, lang), tmp_path / "none")


def test_every_file_of_the_folder_begins_with_the_name_that_was_asked_for(outgoing, tmp_path):
    for id, format in FORMATS.items():
        files = files_of(id, outgoing, tmp_path / id)
        asked = ["out"] if format.whole else list(format.tables)
        assert {file.name.partition(".")[0] for file in files} == set(asked), id


# Peaks are those of a process of its own: the libraries' memory counts too. Each row has words of its own, 4 KiB.
MEASURED = textwrap.dedent("""
    import pathlib, pickle, re, sys
    from itertools import cycle, islice
    from marsad.publish.formats import FORMATS, write_tables
    from marsad.publish.outgoing import Outgoing
    kept, id, folder, count = sys.argv[1:]
    about, rows = pickle.loads(pathlib.Path(kept).read_bytes())
    if id == "parquet":  # what is in memory at once is a part: both counts have some of them
        from marsad.publish.formats import parquet
        parquet._PART = 100
    def stream(found):
        def made():
            for n, row in enumerate(islice(cycle(found), int(count))):
                own = {"id": f"{n:012x}"} if "id" in row else {"place": f"made-{n}"}
                yield {**row, **own, "evidence": f"{n:04096}"} if "evidence" in row else {**row, **own}
        return made
    table = FORMATS[id].tables[0]
    out = Outgoing(about, {name: stream(rows[name]) for name in (table, "told")})
    write_tables(FORMATS[id], out, (table,), pathlib.Path(folder), "out")
    print(re.search(r"VmHWM:\\s*(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
""")


@pytest.fixture(scope="module")
def kept(about, rows, tmp_path_factory):
    file = tmp_path_factory.mktemp("kept") / "rows.pickle"
    file.write_bytes(pickle.dumps((about, {table: found[:40] for table, found in rows.items()})))
    return file


def peak_of(id, kept, folder, count):
    """Return the most memory (KiB) that writing so many rows took."""
    folder.mkdir()
    command = [sys.executable, "-c", MEASURED, str(kept), id, str(folder), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell a process its peak")
@pytest.mark.parametrize("id", FORMAT_IDS)
def test_memory_does_not_grow_with_the_rows(kept, id, tmp_path):
    few, many = (peak_of(id, kept, tmp_path / str(count), count) for count in (300, 3_000))
    # Kept, the 2,700 rows more would take 11 MiB for the words alone.
    assert many - few < 5 * 1024, f"{id}: {few} KiB for 300 rows, {many} KiB for 3,000"


def test_the_tables_of_the_formats_are_those_of_the_allow_list():
    from marsad.loading.published import published

    assert set(TABLES) == set(published())
    assert all(set(format.tables) <= set(TABLES) for format in FORMATS.values())
    assert all(Path(f"x{format.suffix}").suffix == format.suffix for format in FORMATS.values())
