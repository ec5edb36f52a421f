"""The first page keeps its promises: each command on it gives the answer that stands under it."""

from __future__ import annotations

import doctest
import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

import marsad
from marsad import scoring

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "src" / "marsad" / "packs" / "sample"


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme_tool", ROOT / "tools" / "readme.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = _tool()
PAGE = tool.PAGE.read_text("utf-8")
BLOCKS = [(found["command"], found["answer"]) for found in tool.BLOCK.finditer(PAGE)]


def test_one_command_with_its_answer_stands_on_the_first_screen():
    assert PAGE[: PAGE.index(f"$ {BLOCKS[0][0]}")].count("\n") < 15
    assert BLOCKS[0][0].startswith("marsad read src/marsad/packs/sample/first.txt")


@pytest.mark.parametrize(("command", "answer"), BLOCKS, ids=[command[:60] for command, _ in BLOCKS])
def test_the_answer_on_the_page_is_the_one_that_the_command_gives(command, answer):
    assert tool.answer_of(command) == answer, "the first page is out of date: look at what changed, then `make docs`"


def test_every_console_block_is_one_of_these():
    assert PAGE.count("```console\n") == len(BLOCKS)


ASKING = [ROOT / "docs" / "guides" / "who-holds-what.md", *sorted((ROOT / "docs" / "formats").glob("*.md"))]


@pytest.fixture(scope="module")
def sampled(tmp_path_factory):
    return tool.sampled(str(tmp_path_factory.mktemp("sampled")))


@pytest.mark.parametrize("page", ASKING, ids=lambda page: page.stem)
def test_a_page_that_asks_the_sample_shows_what_it_answers(sampled, page):
    text = page.read_text("utf-8")
    assert text.count("```console\n") == len(tool.BLOCK.findall(text)) > 0
    assert tool.with_answers(text, sampled) == text, f"{page.name} is out of date: see what changed, then `make docs`"


def test_every_format_has_a_page():
    from marsad.publish.formats import FORMATS

    assert set(FORMATS) <= {page.stem for page in ASKING}


def test_the_figures_are_those_of_the_pages_on_quality_and_speed():
    assert tool.FIGURES.search(PAGE).group() == "\n".join(tool.figures()) + "\n", "run `make docs`"


def test_what_is_typed_into_python_gives_what_stands_there(monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = PAGE.split("```pycon\n")[1:]
    assert blocks
    found = doctest.DocTestParser().get_doctest("".join(b.split("```")[0] for b in blocks), {}, "README.md", None, 0)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(found)
    assert not runner.failures


def test_the_first_report_is_read_as_it_was_coded_by_hand():
    gold = json.loads((SAMPLE / "first.json").read_text("utf-8"))
    text = (SAMPLE / "first.txt").read_text("utf-8")
    assert gold["text"] == text.rstrip("\n")
    reading = marsad.read(text, published="2018-07-07")
    read = replace(reading, report=replace(reading.report, id=gold["id"])).as_dict()
    score = scoring.score({gold["id"]: gold}, {gold["id"]: read}).as_dict()
    numbers = [v for v in _leaves(score) if isinstance(v, float)]
    assert numbers and set(numbers) == {1.0}, score


def _leaves(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    else:
        yield value
