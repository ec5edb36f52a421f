"""Which places a sentence names, which row each means, and which of them stand in one list."""

from __future__ import annotations

import pytest

from marsad.model import Report
from marsad.pipeline import Reader
from marsad.reading.whereabouts import _list_of


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def named(reader: Reader, text: str, theatre: str) -> list[str]:
    scene = reader.scene(Report("r", text, theatre=theatre))
    return [scene.words.slice(p.first, p.last) for p in scene.places if p.row is not None]


def rows(reader: Reader, text: str, theatre: str) -> list[str]:
    places = reader.scene(Report("r", text, theatre=theatre)).places
    return [p.row.name for p in places if p.row is not None]


def list_of_first(reader: Reader, text: str, theatre: str) -> list[str]:
    scene = reader.scene(Report("r", text, theatre=theatre))
    listed = _list_of(scene.places[0], scene.places)
    return [scene.words.slice(p.first, p.last) for p in scene.places if id(p) in listed]


@pytest.mark.parametrize(
    ("text", "theatre", "listed"),
    [
        ("دخل الجيش عدن، أكبر مدن الساحل، ولحج", "ye", ["عدن", "ولحج"]),
        ("دخل الجيش زنجبار عاصمة أبين، إضافة إلى مدينة شقرة", "ye", ["زنجبار", "مدينة شقرة"]),
        ("نفذ الطيران ضربتين قرب الموصل وأربعا قرب سنجار", "iq", ["الموصل", "سنجار"]),
        ("انسحب من بلدة داعل، ونقاط أخرى في طفس", "sy", ["بلدة داعل", "طفس"]),
    ],
)
def test_a_list_goes_on_after_a_description_of_its_place(reader, text, theatre, listed):
    assert list_of_first(reader, text, theatre) == listed


@pytest.mark.parametrize(
    ("text", "theatre"),
    [
        ("قصف الطيران داعل، وقتل مدنيان في طفس", "sy"),
        ("دخل الجيش داعل، وقال الناطق في طفس", "sy"),
        ("دخل الجيش داعل ثم توجه قرب طفس", "sy"),
    ],
)
def test_what_tells_of_something_else_ends_a_list(reader, text, theatre):
    assert list_of_first(reader, text, theatre) == ["داعل"]


def test_villages_such_as_names_the_villages(reader):
    assert rows(reader, "سيطر الجيش على قرى مثل داعل وطفس", "sy") == ["Da'el", "Tafas"]


def test_northern_countryside_is_one_mention_with_its_town(reader):
    assert named(reader, "دارت معارك في الريف الشمالي للرقة", "sy") == ["الريف الشمالي للرقة"]


def test_an_adjective_of_the_governorate_is_no_part_of_it(reader):
    scene = reader.scene(Report("r", "طرد الجيش المسلحين من محافظة أبين الجنوبية", theatre="ye"))
    assert [(p.row.name, p.direction) for p in scene.places] == [("Abyan Governorate", None)]


def test_an_adverb_is_no_town(reader):
    assert named(reader, "تشهد درعا قصفاً جوياً", "lb") == ["درعا"]


def test_the_middle_of_the_country_is_no_quarter_called_so(reader):
    assert "وسط البلاد" not in named(reader, "وقع كمين في وسط البلاد قرب بنغازي", "ly")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("هجوم على قرية المنصورة في محافظة الرقة", "Mansura"),
        ("هجوم على قرية المنصورة في محافظة حماة", "Al-Mansurah"),
        ("انفجار في بلدة سروج بجنوب تركيا", "Suruc"),
    ],
)
def test_a_name_is_of_the_area_that_the_text_puts_it_in(reader, text, row):
    assert rows(reader, text, "sy")[0] == row


def test_the_name_of_a_country_is_no_hamlet(reader):
    assert rows(reader, "غادر الجرحى نحو تركيا", "sy") == ["Turkey"]
