"""The notebooks of docs/: they run from top to bottom, and answer what stands in them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("nbclient", reason="notebooks run in what `make test` sets up")
import nbformat

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("notebooks_tool", ROOT / "tools" / "notebooks.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)


@pytest.mark.parametrize("path", sorted(tool.FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_and_answers_what_stands_in_it(path):
    told = nbformat.writes(tool.run(path)) + "\n"
    assert told == path.read_text("utf-8"), f"{path.name} is out of date: look at what changed, then `make docs`"


def test_there_are_two():
    assert {path.stem for path in tool.FOLDER.glob("*.ipynb")} == {"reports-to-map", "measure-the-reader"}
