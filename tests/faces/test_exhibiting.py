"""`marsad page`: one file, what is told of it, and the wrong questions."""

from __future__ import annotations

import argparse
from contextlib import closing

import pytest

from marsad.errors import UsageError
from marsad.faces import exhibiting
from marsad.faces.opening import add_record_options
from marsad.record.store import open_record
from newsroom import add, arrival, said


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    address = str(tmp_path_factory.mktemp("exhibiting") / "observatory.marsad")
    with closing(open_record(address)) as record:
        add(record, arrival(said("سيطرت الفصائل على نصيب في 2018-07-06"), "r1", published="2018-07-07"))
    return address


@pytest.fixture
def page(record, monkeypatch):
    """Give what runs the command on the record."""
    monkeypatch.delenv("MARSAD_ROLE", raising=False)

    def run(*words):
        parser = argparse.ArgumentParser()
        add_record_options(parser, top=True)
        exhibiting.add_commands(parser.add_subparsers())
        asked = parser.parse_args(["--record", record, "page", *map(str, words)])
        return asked.run(asked)

    return run


def test_one_file_and_one_line_of_talk(page, tmp_path, capsys):
    assert page(tmp_path / "out.html", "--title", "حوران") == 0
    shown = capsys.readouterr()
    assert shown.out == "" and "1 claims, 1 places, 2018-07-06 to 2018-07-07" in shown.err
    assert "<title>حوران</title>" in (tmp_path / "out.html").read_text("utf-8")


def test_the_same_question_writes_the_same_bytes(page, tmp_path):
    for name in ("a", "b"):
        page(tmp_path / name, "--under", "درعا", "--min", "0.5")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_standard_output(page, capsys):
    page("-", "--from", "2018-07-01", "--to", "2018-07-09", "--on", "2018-07-06")
    assert capsys.readouterr().out.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    "words", [("--under", "أتلانتس"), ("--on", "yesterday"), ("--from", "2019-01-01", "--to", "2018-01-01")], ids=str
)
def test_a_wrong_question_leaves_no_file(page, tmp_path, words):
    with pytest.raises(UsageError):
        page(tmp_path / "out.html", *words)
    assert not (tmp_path / "out.html").exists()


@pytest.mark.parametrize("share", ["2", "-0.1", "much", "nan"])
def test_a_certainty_is_a_share(page, tmp_path, share):
    with pytest.raises(SystemExit):
        page(tmp_path / "out.html", f"--min={share}")
