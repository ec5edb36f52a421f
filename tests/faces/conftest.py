"""The command line for tests: each module fills a record of its own, and asks it as a person would."""

from __future__ import annotations

import pytest

from marsad.faces.cli import main


@pytest.fixture
def marsad(filled, capsys):
    """Give what runs a command on the record and returns its exit code, its output and its talk."""

    def run(*words, record=filled[0]):
        try:
            code = main(["--record", record, *words])
        except SystemExit as left:
            code = left.code
        return code, *capsys.readouterr()

    return run
