"""Which places a name can mean, and how one looks them up."""

from __future__ import annotations

import pytest

from marsad.errors import PackError
from marsad.faces.cli import main
from marsad.grounding.gazetteer import Gazetteer, all_places, fill, find, latin_key
from marsad.loading.theatre import PLACE_COLUMNS, PlaceRow, PlaceTable, theatre_codes
from marsad.publish.cells import width_of
from marsad.text.phrases import PhraseIndex


def row(id: str = "x-1", name: str = "قرية الزيتون", **fields: object) -> PlaceRow:
    given = {"kind": "village", "admin1": "", "admin2": "", "admin3": "", "lat": 33.0, "lon": 36.0, **fields}
    return PlaceRow(
        **{"id": id, "name": "Zeitoun", "name_ar": name, "weight": 40, "country": "SY", "source": "own", **given}
    )


def test_a_row_added_by_hand_is_met_under_each_of_its_names():
    gazetteer = Gazetteer()
    gazetteer.add(row(), [("قرية الزيتون", True), ("الزيتونة", False)])
    assert gazetteer.rows["x-1"] == row() and list(gazetteer.rows) == ["x-1"] and len(gazetteer.rows) == 1
    [match] = gazetteer.match(["في", "قريه", "الزيتون", "امس"], 1)
    assert (match.length, match.value[0].row.id, match.value[0].strong) == (2, "x-1", True)
    assert not gazetteer.index.get("الزيتونة")[0].strong and "y" not in gazetteer.rows


def test_a_row_added_by_hand_stands_above_a_packaged_one():
    gazetteer = fill(["lb"])
    gazetteer.add(row("LB", "لبنان"), [])
    assert gazetteer.rows["LB"].kind == "village" and gazetteer.rows["lb-beirut"].kind == "admin1"


def test_an_alias_that_is_the_own_name_says_whether_it_is_strong():
    hits = {h.row.id: h.strong for h in all_places().index.get("الباب")}
    assert hits["C1202"] is False and all_places().index.get("تدمر")[0].strong


def test_every_row_of_every_pack_can_be_read_and_every_alias_names_one():
    gazetteer = all_places()
    rows = list(gazetteer.rows.values())
    assert len(rows) == len(gazetteer.rows) > 38_000
    assert {r.country.lower() for r in rows} >= set(theatre_codes())


@pytest.mark.parametrize(
    ("name", "code", "id"),
    [
        ("دير الزور", "sy", "C5086"),
        ("طرابلس", None, "ly-tripoli-city"),
        ("طرابلس", "lb", "lb-tripoli-city"),
        ("مدينة صنعاء", "ye", "ye-sanaa-amanat"),
        ("aleppo", "sy", "C1007"),
        ("Deir ez-Zor", "sy", "C5086"),
        ("C1007", None, "C1007"),
    ],
)
def test_find_gives_the_weightiest_first(name, code, id):
    assert find(name, code)[0].id == id


def test_find_says_so_where_nothing_is_called_so(capsys):
    assert find("لا مكان كهذا") == [] and find("", "sy") == []
    assert main(["gazetteer", "find", "لا مكان كهذا", "--theatre", "sy"]) == 1
    out, err = capsys.readouterr()
    assert not out and "in sy" in err and "gazetteer add" in err


def test_find_of_an_unknown_theatre_lists_the_known(capsys):
    assert main(["gazetteer", "find", "حلب", "--theatre", "xx"]) == 2
    assert "known: iq, lb" in capsys.readouterr().err


def test_the_table_of_find_has_a_heading_and_straight_columns(capsys):
    assert main(["gazetteer", "find", "الباب", "--theatre", "sy"]) == 0
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split() == "NAME ARABIC KIND ADMIN1 COUNTRY LAT LON WEIGHT SOURCE ID".split()
    assert "Aleppo Governorate" in lines[0] and lines[0].endswith("C1202")
    at = width_of(heading[: heading.index("KIND")])
    assert all(
        width_of(line[: line.index(kind)]) == at
        for line in lines
        for kind in ("city", "admin2", "admin3", "village")
        if f"  {kind}" in line
    )


def test_latin_names_agree_without_marks_hyphens_and_case():
    assert latin_key("Deïr ez-Zôr") == latin_key("deir ezzor") and latin_key("دمشق") == ""


@pytest.fixture
def lines(tmp_path):
    def write(*rows: str) -> PlaceTable:
        path = tmp_path / "places.csv"
        path.write_text("\n".join((PLACE_COLUMNS, *rows, "")), "utf-8")
        return PlaceTable(path, "SY")

    return write


def test_a_cell_with_a_comma_stands_between_quotation_marks(lines):
    table = lines('x-1,town,"Zeitoun, upper",الزيتون,,,,33,36,40,,own')
    assert table["x-1"].name == "Zeitoun, upper" and table.names == ["الزيتون"]


@pytest.mark.parametrize(
    "bad", ["x-1,town,Z,ز,,,,north,36,40,,own", "x-1,town,Z,ز,,,,33,36,40,own", "x-1,town,Z,ز,,,,33,36,much,,own"]
)
def test_a_broken_row_is_told_with_file_and_id(bad, lines):
    with pytest.raises(PackError, match=r"places\.csv, row 'x-1'.*mend the row"):
        lines(bad)["x-1"]


def test_another_heading_is_refused(tmp_path):
    (tmp_path / "places.csv").write_text("id,name\n", "utf-8")
    with pytest.raises(PackError, match="the heading is 'id,name'; it must be id,kind"):
        PlaceTable(tmp_path / "places.csv", "SY")


def test_phrases_added_together_are_those_added_one_by_one():
    names = ["تلّ أَعْوَر", "دير-الزور", "دير\u00a0حافر", "", "ﺣﻠﺐ", "دير", "Aleppo City", "a\nb"]
    together: PhraseIndex[int] = PhraseIndex()
    together.add_all(names, lambda n: n)
    one_by_one = PhraseIndex(zip(names, range(len(names)), strict=True))
    asked = [*names, "تل اعور", "دير الزور", "دير حافر", "حلب", "aleppo city", "a b"]
    assert [together.get(n) for n in asked] == [one_by_one.get(n) for n in asked]
    words = "بدير الزور دير حافر حلب".split()
    assert [together.match(words, n) for n in range(5)] == [one_by_one.match(words, n) for n in range(5)]


def test_the_value_of_a_phrase_is_asked_for_only_when_its_first_word_is():
    asked: list[int] = []
    index: PhraseIndex[int] = PhraseIndex()
    index.add_all(["دير الزور", "حلب"], lambda n: asked.append(n) or n)
    assert not asked and index.get("حلب") == [1] and asked == [1]
    index.add("حلب", 7)
    assert index.get("حلب") == [1, 7] and asked == [1]
