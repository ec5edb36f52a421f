"""The command line: data to standard output, talk to standard error, exit codes 0, 1 and 2."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time

import pytest

from make import TEXT, FakeReader, takeover
from marsad.faces import cli
from marsad.faces.cli import main


@pytest.fixture(autouse=True)
def fake_reader(monkeypatch):
    monkeypatch.setattr(cli, "make_reader", FakeReader)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    return str(path)


def test_read_prints_a_table_by_governorate(file, capsys):
    assert main(["read", file, "--published", "2018-07-06"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Daraa  (2 claims)") and "Nassib crossing" in out and not err


def test_read_prints_one_object_a_report_with_every_field(file, capsys):
    assert main(["read", file, "--as", "jsonl", "--published", "2018-07-06", "--outlet", "وكالة"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    record = json.loads(line)
    assert list(record) == ["id", "url", "outlet", "published", "title", "text", "claims"]
    assert (record["outlet"], record["published"], record["text"]) == ("وكالة", "2018-07-06", TEXT)
    assert record["claims"][0] == json.loads(json.dumps(takeover().as_dict()))


def test_read_writes_a_page_to_a_file(file, tmp_path, capsys):
    page = tmp_path / "page.html"
    assert main(["read", file, "--as", "html", "--out", str(page)]) == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>") and not capsys.readouterr().out


def test_read_takes_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert main(["read", "-", "--as", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == TEXT


def test_a_bad_input_is_told_and_the_others_are_read(file, tmp_path, capsys):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": "' + TEXT + '"}\n{"text": \n', "utf-8")
    assert main(["read", str(bad), "nothing-here", file, "--as", "jsonl"]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert f"{bad}, row 2: broken JSON" in err and "nothing-here: there is no such file" in err


@pytest.mark.parametrize(
    "asked",
    [
        ["read", "x", "--published", "yesterday"],
        ["read", "x", "--as", "xml"],
        ["read", "{file}", "--out", "no/such/folder/x"],
        ["explain", "{file}", "--claim", "ffff"],
        ["score", "no-such-gold"],
        ["frobnicate"],
        [],
    ],
)
def test_a_wrong_question_is_exit_code_2_and_says_what_to_do(asked, file, capsys):
    try:
        code = main([a.format(file=file) for a in asked])
    except SystemExit as left:
        code = left.code
    out, err = capsys.readouterr()
    assert code == 2 and err and not out


def test_an_unknown_theatre_is_exit_code_2(file, monkeypatch, capsys):
    def refuse(theatre, outlet):
        raise cli.UsageError(f"no theatre {theatre!r}; there are: sy")

    monkeypatch.setattr(cli, "make_reader", refuse)
    assert main(["read", file, "--theatre", "xx"]) == 2
    assert "there are: sy" in capsys.readouterr().err


def test_explain_says_why_and_what_was_not_read(file, capsys):
    assert main(["explain", file]) == 0
    out = capsys.readouterr().out
    assert takeover().id in out and "trigger takeover/saytara fired" in out


def test_explain_shows_one_claim_by_the_start_of_its_id(file, capsys):
    assert main(["explain", file, "--claim", takeover().id[:6]]) == 0
    out = capsys.readouterr().out
    assert "takeover" in out and "withdrawal, denied" not in out


def test_score_without_a_prediction_reads_the_texts_now(tmp_path, capsys):
    gold = tmp_path / "gold.json"
    claim = {**takeover().as_dict(), "status": "ongoing"}
    gold.write_text(json.dumps({"id": "g", "text": TEXT, "published": "2018-07-06", "claims": [claim]}), "utf-8")
    assert main(["score", str(gold), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["claims"]["r"], figures["claims"]["p"], figures["status"], figures["date"]) == (1, 0.5, 0, 1)


def test_the_start_is_fast():
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "marsad.faces.cli", "--version"], check=True, capture_output=True)
    assert time.perf_counter() - start < 0.5


def test_a_reader_that_leaves_early_is_no_error(file):
    command = f"{sys.executable} -m marsad.faces.cli read --help | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert "usage" in done.stdout and "Traceback" not in done.stderr
