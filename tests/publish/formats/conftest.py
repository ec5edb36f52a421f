"""What the formats are tried on: the bundled sample, rows made from it in any number, odd rows, and none at all."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, redirect_stderr
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from marsad.exporting import outgoing_of
from marsad.faces.cli import main
from marsad.grounding.areas import area_of
from marsad.publish.outgoing import About, Outgoing
from marsad.record.sight import Viewer
from marsad.record.store import open_record
from marsad.record.view import View

SAMPLE = "src/marsad/packs/sample/reports.jsonl"
# What trips those who write files: markup, formulas, quotes, what no XML may hold, half a pair of UTF-16, signs that
# turn the direction, both ends of lines, a letter beyond the first plane.
ODD = (
    "<b>&amp;</b> & \"quoted\" 'so'", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tmit", "http://x.example/",
    "{=SUM(1)}", "]]>", "a; b", "nul \x00 bell \x07 \x0b \x1f \x7f \x85", "half \ud800 pair", "\ufffe\uffff",
    "\u202eمقلوب\u202c \u2067معزول\u2069 \u200f", "سطر\r\nثان\rثالث\n", "دِمَشْق ـــ ۱۲۳", "🔴 عاجل", " ", "",
)  # fmt: skip


@pytest.fixture(scope="session")
def sample_view(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[View]:
    """Give a record of the bundled sample as anyone may see it."""
    address = str(tmp_path_factory.mktemp("sample") / "sample.marsad")
    with redirect_stderr(StringIO()):
        assert main(["--record", address, "add", str(pytestconfig.rootpath / SAMPLE)]) == 0
    with closing(open_record(address, create=False)) as record:
        yield View(record, Viewer("public"), None, area_of)


@pytest.fixture(scope="session")
def outgoing(sample_view: View) -> Outgoing:
    """Give what leaves of the sample."""
    return outgoing_of(sample_view)


@pytest.fixture(scope="session")
def about(outgoing: Outgoing) -> About:
    """Give what an export of the sample states of itself."""
    return outgoing.about


@pytest.fixture(scope="session")
def rows(outgoing: Outgoing) -> dict[str, list[Mapping[str, Any]]]:
    """Give the nested rows of the sample by table."""
    return {table: list(outgoing.rows(table)) for table in outgoing.tables}


@pytest.fixture(scope="session")
def made(rows: Mapping[str, list[Any]], about: About) -> Callable[..., Outgoing]:
    """Give what makes tables of so many rows each: those of the sample over and over, each time under other ids."""

    def make(count: int, lang: str = "en") -> Outgoing:
        tables = {table: _times(found, count) for table, found in rows.items()}
        return Outgoing(about, tables, lang)

    return make


@pytest.fixture(scope="session")
def odd(rows: Mapping[str, list[Any]], about: About) -> Callable[..., Outgoing]:
    """Give what makes tables whose every free text is an odd one, a row for each of ODD, under an odd title."""

    def make(lang: str = "en") -> Outgoing:
        tables = {table: _given(_odd_rows(_told_by_all(found))) for table, found in rows.items()}
        return Outgoing(replace(about, title=ODD[0] + ODD[11], licence=ODD[10]), tables, lang)

    return make


@pytest.fixture(scope="session")
def empty(rows: Mapping[str, list[Any]], about: About) -> Outgoing:
    """Give the tables of a record without a report."""
    return Outgoing(about, {table: _given([]) for table in rows})


def _given(found: list[Any]) -> Callable[[], Iterator[Mapping[str, Any]]]:
    return lambda: iter(found)


def _told_by_all(found: list[Any]) -> Mapping[str, Any]:
    """Return a row that no format leaves out: of an incident or a claim, an airstrike with its dead."""
    strikes = (row for row in found if row.get("type") == "airstrike" and "killed" in row["numbers"])
    return next(strikes, found[0])


def _odd_rows(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [_with({**row, **_other_ids(row, n)}, words) for n, words in enumerate(ODD)]


def _times(found: list[Any], count: int) -> Callable[[], Iterator[Mapping[str, Any]]]:
    """Return a stream that holds one made row at a time."""

    def stream() -> Iterator[Mapping[str, Any]]:
        for n, row in enumerate(itertools.islice(itertools.cycle(found), count)):
            yield row if n < len(found) else {**row, **_other_ids(row, n)}

    return stream


def _other_ids(row: Mapping[str, Any], n: int) -> dict[str, Any]:
    """Return an id that no other row has, and for places of control one of their own."""
    if "id" in row:
        return {"id": f"i{n:011x}" if "voices" in row else f"{n:016x}"}
    return {"place": f"made-{n}"}


def _with(row: Mapping[str, Any], words: str) -> dict[str, Any]:
    """Return the row with other words wherever it holds words of people."""
    changed = copy.deepcopy(dict(row))
    for name in ("evidence", "trigger", "origin", "outlet", "title", "url", "name", "name_ar", "admin1"):
        if name in changed:
            changed[name] = words
    for name in ("sources", "copy_of"):
        if isinstance(changed.get(name), list):
            changed[name] = [words, "مصدر"]
    for party in (*changed.get("actors", ()), *changed.get("targets", ())):
        party |= {"text": words, "id": None}
    for place in changed.get("places", ()):
        place |= {name: words for name in ("text", "name", "admin1") if name in place}
    for voice in changed.get("voices", ()):
        voice["name"] = words
    for end in ("first", "last"):
        if end in changed:
            changed[end]["outlet"] = words
    changed |= {"told": [_with(claim, words) for claim in changed["told"]]} if "told" in changed else {}
    return changed


@pytest.fixture(params=["sample", "odd", "none"])
def given(
    request: pytest.FixtureRequest, outgoing: Outgoing, odd: Callable[..., Outgoing], empty: Outgoing
) -> Outgoing:
    """Give what leaves of the sample, of odd rows and of no rows, in turn."""
    return {"sample": outgoing, "odd": odd(), "none": empty}[request.param]
