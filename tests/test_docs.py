"""The pages: made ones are up to date, nothing a user meets is untold, and every link leads somewhere."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from make import takeover
from marsad.faces import cli
from marsad.frame import COLUMNS
from marsad.loading.codebook import actors, types
from marsad.loading.theatre import theatre_codes

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
MADE = ("codebook.md", "actors.md", "commands.md", "fields.md", "theatres.md", "coverage.md", "thresholds.md")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)
_SHELL = re.compile(r"```(?:sh|console|bash)\n(.*?)```", re.S)
_PROGRAMS = ("read", "explain", "score", "gazetteer")


def told(page: str) -> str:
    return (REFERENCE / page).read_text("utf-8")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    out = tmp_path_factory.mktemp("reference")
    subprocess.run([sys.executable, str(ROOT / "tools" / "docs.py"), "--out", str(out)], check=True)
    return out


@pytest.mark.parametrize("page", MADE)
def test_made_pages_are_what_the_code_and_the_packs_say_now(remade, page):
    assert told(page) == (remade / page).read_text("utf-8"), f"{page} is out of date: run `make docs`"


def test_the_tool_makes_no_other_page(remade):
    assert sorted(p.name for p in remade.iterdir()) == sorted(MADE)


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from commands(below)


@pytest.mark.parametrize("command", list(commands(cli._parser())), ids=lambda c: c.prog)
def test_every_command_and_every_flag_is_told(command):
    _, _, section = told("commands.md").partition(f"## `{command.prog}`\n")
    assert section, f"{command.prog} has no section"
    section = section.partition("\n## ")[0]
    # --help, the same everywhere, is told once.
    for action in (a for a in command._actions if a.dest != "help" or command.prog == "marsad"):
        for flag in action.option_strings:
            assert re.search(rf"`{re.escape(flag)}[ `]", section), f"{command.prog} {flag} is not told"


def test_every_field_of_a_claim_and_column_of_a_frame_is_told():
    coded = takeover().as_dict()
    names = {*coded, *coded["actors"][0], *coded["places"][0], *coded["sites"][0], *COLUMNS}
    assert not [name for name in sorted(names) if f"`{name}`" not in told("fields.md")]


@pytest.mark.parametrize(
    ("page", "ids"), [("codebook.md", types()), ("coverage.md", types()), ("actors.md", actors())], ids=str
)
def test_every_type_and_every_actor_has_its_row(page, ids):
    assert not [id for id in ids if f"\n| `{id}` |" not in told(page)]


def test_every_theatre_has_its_row():
    assert not [code for code in theatre_codes() if f"| `{code}` |" not in told("theatres.md")]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_is_under_500_lines(page):
    # One section a command: nobody reads the page of commands from top to bottom.
    assert len(page.read_text("utf-8").splitlines()) < (700 if page.name == "commands.md" else 500)


def links_of(page: Path) -> Iterator[str]:
    for target in _LINK.findall(_CODE.sub("", page.read_text("utf-8"))):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors_of(page: Path) -> set[str]:
    """Return the addresses of the headings as code hosts make them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_to_a_file_and_its_heading(page):
    for target in links_of(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{named(page)}: {target} leads nowhere"
        assert not anchor or anchor in anchors_of(there), f"{named(page)}: {target} names no heading"


def asked_lines(page: Path) -> Iterator[str]:
    for block in _SHELL.findall(page.read_text("utf-8")):
        lines = (line.removeprefix("$ ").strip() for line in block.replace("\\\n", " ").splitlines())
        yield from (line for line in lines if line.startswith("marsad "))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_line_on_a_page_is_one_that_marsad_takes(page):
    for line in asked_lines(page):
        words = shlex.split(line, comments=True)[1:]
        words = words[: next((n for n, word in enumerate(words) if word in ("|", ">", "2>")), len(words))]
        if words[0] in _PROGRAMS:
            cli._parser().parse_args(words)


def test_every_page_of_the_docs_is_in_the_index():
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / t.partition("#")[0]).resolve() for t in links_of(index)}
    apart = {index, ROOT / "docs" / "quality-by-hand.md"}  # the latter is shown within quality.md
    lost = [named(p) for p in PAGES if p.is_relative_to(ROOT / "docs") and p not in linked | apart]
    assert not lost, f"docs/README.md does not lead to {', '.join(lost)}"
