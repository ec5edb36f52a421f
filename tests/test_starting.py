"""A starting state: a table becomes claims of its source, tied to its rows, and is weighed as any other evidence."""

from __future__ import annotations

from contextlib import closing

import pytest

from marsad.charting import ledger_of
from marsad.errors import InputError
from marsad.grounding.areas import area_of
from marsad.loading.codebook import actors, types
from marsad.record.coding import Guide
from marsad.record.sight import Viewer
from marsad.record.store import open_record
from marsad.record.view import View
from marsad.starting import take_starting_state
from newsroom import add, arrival, said

GUIDE = Guide(lambda type: type in types(), lambda id: id in actors())
TABLE = "place,holder,admin1\nعندان,الفصائل,Aleppo Governorate\nC6101,assad-gov,\n"


@pytest.fixture
def record(tmp_path):
    with closing(open_record(str(tmp_path / "observatory.marsad"))) as opened:
        yield opened


@pytest.fixture
def table(tmp_path):
    def table(text=TABLE, name="start.csv", encoding="utf-8"):
        file = tmp_path / name
        file.write_bytes(text.encode(encoding))
        return str(file)

    return table


def view_of(record):
    return View(record, Viewer("reviewer", ""), None, area_of)


def start(record, file, on="2018-06-15"):
    return take_starting_state(record, file, "مرصد الجنوب", on, "سلمى", GUIDE)


def test_each_row_is_a_claim_of_the_source_tied_to_its_words(record, table):
    assert start(record, table()).taken == 2
    claims = {claim["places"][0]["id"]: claim for claim in view_of(record).claims()}
    assert claims.keys() == {"C1121", "C6101"}
    andan = claims["C1121"]
    assert (andan["type"], andan["date"], andan["outlet"], andan["by"]) == (
        "control",
        "2018-06-15",
        "مرصد الجنوب",
        "person",
    )
    assert andan["actors"][0]["id"] == "opposition" and andan["evidence"].startswith("عندان — الفصائل")


def test_it_holds_until_a_report_says_otherwise(record, table):
    start(record, table())
    ledger = ledger_of(view_of(record))
    assert [row["holder"] for row in ledger.on("2018-06-20", ["C1121", "C6101"])] == ["opposition", "assad-gov"]
    for n in range(3):
        taken = said("سيطرت قوات النظام على عندان في 2018-07-19", beside=n)
        add(record, arrival(taken, f"r{n}", outlet=f"وكالة {n}", published="2018-07-20"))
    (after,) = ledger_of(view_of(record)).on("2018-07-21", ["C1121"])
    (before,) = ledger_of(view_of(record)).on("2018-06-20", ["C1121"])
    assert (after["holder"], after["since"], before["holder"]) == ("assad-gov", "2018-07-19", "opposition")


def test_a_table_is_taken_once(record, table):
    file = table()
    assert start(record, file).taken == 2
    again = start(record, file)
    assert again.taken == 0 and again.known


def test_a_spreadsheets_mark_and_arabic_heads_are_understood(record, table):
    text = "المكان,المسيطر,التاريخ\nC6101,assad-gov,2018-06-01\n"
    assert start(record, table(text, encoding="utf-8-sig"), on=None).taken == 1


@pytest.mark.parametrize(
    ("row", "said_of_it"),
    [
        ("مكان لا يعرفه أحد,assad-gov,", "no place is called"),
        ("نوى,جماعة لا يعرفها أحد,Daraa Governorate", "nobody who can hold a place"),
        ("نوى,civilians,Daraa Governorate", "nobody who can hold a place"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_remedy_and_the_rest_is_taken(record, table, row, said_of_it):
    done = start(record, table(f"place,holder,admin1\n{row}\nC6101,assad-gov,\n"))
    assert done.taken == 1
    assert [failure.row for failure in done.failures] == [2]
    assert said_of_it in str(done.failures[0]) and ";" in str(done.failures[0])
    (kept,) = view_of(record).failures()
    assert kept["row"] == 2 and said_of_it in kept["reason"]


def test_a_row_without_a_day_is_refused_where_none_is_given(record, table):
    done = start(record, table(), on=None)
    assert done.taken == 0 and len(done.failures) == 2 and "is no day" in str(done.failures[0])


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "place\nنوى\n"])
def test_what_is_no_such_table_is_refused(record, table, text):
    with pytest.raises(InputError, match="no column `place` or no column `holder`"):
        start(record, table(text))


def test_a_file_that_is_not_there_is_refused(record, tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        start(record, str(tmp_path / "absent.csv"))
