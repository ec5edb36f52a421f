"""`marsad export`: files and folders, standard output, what leaves, and the wrong questions."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing

import pytest

from marsad.record.sensitive import mark
from marsad.record.store import open_record
from newsroom import add, arrival, said

TAKEN = said("سيطرت الفصائل على نصيب في 2018-07-06")


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    address = str(tmp_path_factory.mktemp("exporting") / "observatory.marsad")
    with closing(open_record(address)) as record:
        add(
            record,
            arrival(TAKEN, "r1", outlet="مرصد الجنوب", published="2018-07-06", url="https://example.org/1"),
            arrival(said(killed=3), "r2", outlet="وكالة النهر", published="2018-07-05"),
        )
    return address, record


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("marked")
    with pytest.MonkeyPatch.context() as patch, closing(open_record(str(folder / "observatory.marsad"))) as record:
        patch.setenv("MARSAD_KEY", str(folder / "key"))
        add(record, arrival(TAKEN, "r1", outlet="مرصد الجنوب", published="2018-07-06"))
        with record.writing("mark") as writing:
            mark(writing, "source", "مرصد الجنوب", "pseudonym", None, "هدى", "طلب المصدر")
    return str(folder / "observatory.marsad")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_a_folder_gets_a_file_for_each_table(marsad, tmp_path):
    code, out, err = marsad("export", "--as", "csv", str(tmp_path / "out"))
    assert (code, out) == (0, "")
    tables = ("claims", "incidents", "control", "changes", "reports")
    assert {f.name for f in (tmp_path / "out").iterdir()} == {
        name for table in tables for name in (f"{table}.csv", f"{table}.csv-metadata.json")
    }
    assert "claims.csv: " in err and not list(tmp_path.glob(".marsad-export-*"))


def test_one_table_is_a_file_of_that_name(marsad, tmp_path):
    marsad("export", "--as", "csv", "--table", "claims", str(tmp_path / "أقوال.csv"))
    assert {f.name for f in tmp_path.iterdir()} == {"أقوال.csv", "أقوال.csv-metadata.json"}
    [claim] = [row for row in rows_of((tmp_path / "أقوال.csv").read_text("utf-8")) if row["type"] == "takeover"]
    assert (claim["place_id"], claim["date_start"], claim["actors"]) == ("C5999", "2018-07-06", "opposition")


def test_one_table_goes_to_standard_output(marsad):
    code, out, err = marsad("export", "--as", "csv", "--table", "reports", "-")
    assert (code, err) == (0, "") and [row["id"] for row in rows_of(out)] == ["r1", "r2"]


def test_filters_hold_for_every_table(marsad):
    def claims(*words):
        return [row["type"] for row in rows_of(marsad("export", "--as", "csv", "--table", "claims", *words, "-")[1])]

    assert sorted(claims()) == ["shelling", "takeover"]
    assert claims("--from", "2018-07-06") == ["takeover"]
    assert claims("--reviewed") == [] and claims("--under", "حلب") == [] and claims("--min-certainty", "1") == []
    assert sorted(claims("--under", "درعا")) == ["shelling", "takeover"]


def test_metadata_say_licence_version_filters_and_method(marsad, tmp_path):
    marsad(
        "export", "--as", "csv", "--licence", "CC-BY-4.0", "--title", "حوران", "--to", "2018-07-06", str(tmp_path / "o")
    )
    told = json.loads((tmp_path / "o" / "claims.csv-metadata.json").read_text("utf-8"))
    assert told["dc:rights"] == "CC-BY-4.0" and told["dc:title"].startswith("حوران")
    assert told["dc:coverage"] == "to 2018-07-06; on 2018-07-06; role public"
    assert told["dc:creator"].startswith("marsad ") and "control.md" in told["dc:provenance"] and told["dc:source"]


def test_review_lists_points_and_sources_about_to_leave(marsad):
    code, out, _ = marsad("export", "--review")
    found = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and {row["kind"] for row in found} >= {"point", "source"}
    [nasib] = [row for row in found if row["name"].startswith("Nasib") and "km" in row["name"]]
    assert nasib["tables"] == ["claims", "incidents"] and nasib["times"] == 2
    assert "مرصد الجنوب" in {row["name"] for row in found if row["kind"] == "source"}


def test_what_is_hidden_does_not_leave(marsad, marked, monkeypatch):
    monkeypatch.setenv("MARSAD_KEY", marked.replace("observatory.marsad", "key"))
    for words in (["--as", "csv", "--table", "claims", "-"], ["--review"]):
        told = marsad("export", *words, record=marked)[1]
        assert "الجنوب" not in told and "source-" in told
        assert "الجنوب" in marsad("export", *words, "--role", "reviewer", record=marked)[1]


def test_what_was_there_is_not_touched_when_writing_fails(marsad, tmp_path):
    (tmp_path / "claims").write_text("kept")
    code, _, err = marsad("export", "--as", "csv", str(tmp_path / "claims"))
    assert code == 2 and "cannot be written" in err and (tmp_path / "claims").read_text() == "kept"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x"], "say what to write and where"),
        (["--as", "csv"], "say what to write and where"),
        (["--as", "csv", "-"], "csv is a file for each table; name one with --table"),
        (["--as", "csv", "absent/folder/out"], "cannot be written to"),
        (["--as", "csv", "--under", "Narnia", "o"], "no governorate is called 'Narnia'"),
        (["--as", "csv", "--from", "yesterday", "o"], "is no day"),
        (
            ["--as", "geojson", "--table", "reports", "o"],
            "geojson holds claims, incidents, control, changes, no reports",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_questions_are_refused_with_a_remedy(marsad, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = marsad("export", *words)
    assert (code, out) == (2, "") and said in err and not list(tmp_path.iterdir())


def test_a_bundle_is_checked_and_imported_into_a_record_that_answers_the_same(marsad, tmp_path):
    bundle, copy = str(tmp_path / "b.zip"), str(tmp_path / "copy.marsad")
    code, sums, _ = marsad("export", "--as", "bundle", bundle)
    assert code == 0 and len(sums.strip()) == 64
    assert marsad("import", "--check", bundle)[0] == 0
    assert marsad("import", bundle, record=copy)[0] == 0
    asked = ("claims", "--as", "jsonl")
    assert marsad(*asked, record=copy)[1] == marsad(*asked)[1] != ""
    assert marsad("export", "--as", "bundle", str(tmp_path / "again.zip"), record=copy)[1] == sums
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_bundle_that_was_changed_is_refused(marsad, tmp_path):
    bundle = tmp_path / "b.zip"
    marsad("export", "--as", "bundle", str(bundle))
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[: len(whole) // 2])
    code, _, err = marsad("import", str(bundle), record=str(tmp_path / "copy.marsad"))
    assert code == 1 and "b.zip" in err and not (tmp_path / "copy.marsad").exists()
    assert marsad("import", "--check", str(bundle))[0] == 1


def test_a_bundle_is_of_all_that_is_known_now(marsad, tmp_path):
    code, _, err = marsad("export", "--as", "bundle", "--known-by", "2018-07-06", str(tmp_path / "b.zip"))
    assert code == 2 and "the whole record as it is now" in err


def test_acled_lists_what_is_new_since_a_day(marsad, tmp_path):
    code, _, err = marsad("export", "--as", "acled", "--since", "2018-07-06", str(tmp_path / "events.csv"))
    assert code == 0 and "events.csv-changes.csv" in err
    events = rows_of((tmp_path / "events.csv").read_text("utf-8"))
    changes = rows_of((tmp_path / "events.csv-changes.csv").read_text("utf-8"))
    assert {row["event_id_cnty"] for row in changes} == {row["event_id_cnty"] for row in events} != set()
    assert {row["what"] for row in changes} == {"new"}


def test_changes_are_of_acled_alone(marsad, tmp_path):
    code, _, err = marsad("export", "--as", "csv", "--since", "2018-07-06", str(tmp_path / "x"))
    assert code == 2 and "--as acled --since DAY OUT" in err
