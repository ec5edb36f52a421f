"""The workbook: openpyxl reads the same values, nothing in it is run, what does not fit is said to be cut."""

from __future__ import annotations

import builtins
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from marsad.errors import UsageError
from marsad.loading.published import published
from marsad.publish.flat import columns_of
from marsad.publish.formats import xlsx
from marsad.publish.formats.xlsx import write
from marsad.publish.outgoing import Outgoing
from publish.formats.back import in_one, soundly_in_xml

SHEETS = ["incidents", "claims", "control", "changes", "reports"]


def opened(out, tmp_path):
    write(out, tmp_path / "out.xlsx")
    return openpyxl.load_workbook(tmp_path / "out.xlsx")


def rows_of(sheet):
    """Return the rows below the heading by the names in it, days as such."""
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, map(plain, row), strict=True)) for row in rows]


def plain(value):
    # openpyxl leaves what Excel escapes as it is in the file.
    if isinstance(value, str):
        return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), value)
    return value.date() if isinstance(value, datetime) else value


def as_read(row, table):
    """Return a flat row as a sheet has it: empty text, an empty list and null are all an empty cell."""
    made = {}
    for column in columns_of(table):
        value = soundly_in_xml(in_one(row[column.name]))
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").replace("\r", "\n") or None
        made[column.name] = date.fromisoformat(value) if column.kind == "day" and value else value
    return made


def sheet_of(book, table):
    return book[published()[table].en]


def test_openpyxl_reads_every_row_of_every_table(given, tmp_path):
    book = opened(given, tmp_path)
    assert book.sheetnames == ["about", *(published()[table].en for table in SHEETS)]
    for table in SHEETS:
        assert rows_of(sheet_of(book, table)) == [as_read(row, table) for row in given.flat(table)]


def test_no_cell_is_a_formula_or_a_link(odd, tmp_path):
    book = opened(odd(), tmp_path)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    # What begins with = is text for Excel by its type; openpyxl goes by the first letter alone.
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert '=HYPERLINK("http://x")' in texts and not [cell for cell in cells if cell.hyperlink]
    with zipfile.ZipFile(tmp_path / "out.xlsx") as packed:
        sheets = [packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 6 and not [text for text in sheets if b"<f>" in text or b"hyperlink" in text]


def test_days_and_numbers_are_such_and_a_day_before_1900_is_text(rows, about, tmp_path):
    old = {**rows["incidents"][0], "date": "1899-12-31/1900-01-01"}
    out = Outgoing(about, {"incidents": lambda: iter([old])})
    sheet = sheet_of(opened(out, tmp_path), "incidents")
    cells = {cell.value: sheet.cell(2, cell.column) for cell in sheet[1]}
    assert cells["date_start"].value == "1899-12-31"
    assert cells["date_end"].is_date and cells["date_end"].number_format == "yyyy-mm-dd"
    assert cells["lat"].data_type == cells["certainty"].data_type == "n"


def test_a_sheet_is_headed_its_heading_stays_and_can_be_filtered(outgoing, tmp_path):
    for sheet in opened(outgoing, tmp_path).worksheets[1:]:
        assert sheet.freeze_panes == "A2" and sheet.cell(1, 1).font.bold
        assert sheet.auto_filter.ref == sheet.dimensions and sheet.column_dimensions["A"].width > 5


@pytest.mark.parametrize(("lang", "right", "name"), [("ar", True, "حوادث"), ("en", False, "incidents")])
def test_an_arabic_workbook_runs_from_right_to_left_under_arabic_names(made, tmp_path, lang, right, name):
    book = opened(made(3, lang), tmp_path)
    assert {bool(sheet.sheet_view.rightToLeft) for sheet in book.worksheets} == {right}
    assert book.sheetnames[1] == name
    first = [row[0] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert ("الترخيص" in first) == right and ("licence" in first) != right


@pytest.mark.parametrize(("count", "parts"), [(0, 1), (8, 1), (9, 1), (10, 2), (19, 3)])
def test_more_rows_than_a_sheet_holds_go_on_in_the_next(made, tmp_path, monkeypatch, count, parts):
    monkeypatch.setattr(xlsx, "ROWS", 10)  # nine and the heading
    book = opened(made(count), tmp_path)
    names = ["claims", *(f"claims ({part})" for part in range(2, parts + 1))]
    assert [name for name in book.sheetnames if name.startswith("claims")] == names
    got = [row["id"] for name in names for row in rows_of(book[name])]
    assert got == [row["id"] for row in made(count).flat("claims")]


@pytest.mark.parametrize("letter", ["ا", "🔴"])
def test_a_text_too_long_for_a_cell_is_cut_marked_and_counted(rows, about, tmp_path, letter):
    claims = [{**rows["claims"][0], "evidence": letter * length} for length in (16_383, 40_000)]
    book = opened(Outgoing(about, {"claims": lambda: iter(claims)}), tmp_path)
    whole, cut = (row["evidence"] for row in rows_of(book["claims"]))
    assert whole == letter * 16_383
    assert cut.endswith("… [the rest is cut]") and cut.startswith(letter * 16_000)
    assert xlsx.LONGEST - 1 <= len(cut.encode("utf-16-le")) // 2 <= xlsx.LONGEST
    [line] = [row for row in book["about"].iter_rows(values_only=True) if row[0] == "claims" and row[1] == 2]
    assert line[3] == 1


def test_the_first_sheet_says_what_the_export_is_and_what_each_column_means(outgoing, tmp_path):
    lines = list(opened(outgoing, tmp_path)["about"].iter_rows(values_only=True))
    said = {(row[0], row[1]) for row in lines}
    assert ("licence", outgoing.about.licence) in said and ("as known", outgoing.about.as_known) in said
    assert {("credits", credit) for credit in outgoing.about.credits} <= said and ("asked for", "role public") in said
    meanings = {(row[0], row[1]): row[2] for row in lines if row[2]}
    assert all(meanings["claims", column.name] == column.meaning for column in columns_of("claims"))
    assert ("claims", len(list(outgoing.flat("claims")))) in said


def test_the_properties_carry_title_licence_and_the_instant_that_is_known(outgoing, tmp_path):
    told = opened(outgoing, tmp_path).properties
    assert (told.title, told.description) == (outgoing.about.title, outgoing.about.licence)
    assert told.created == datetime.fromisoformat(outgoing.about.as_known).replace(microsecond=0, tzinfo=None)


def test_only_the_tables_that_are_asked_for_have_a_sheet(outgoing, tmp_path):
    some = Outgoing(outgoing.about, {"reports": outgoing.tables["reports"]})
    assert opened(some, tmp_path).sheetnames == ["about", "reports"]
    assert [file.name for file in tmp_path.iterdir()] == ["out.xlsx"]


def test_without_xlsxwriter_the_person_is_told_what_to_install(outgoing, tmp_path, monkeypatch):
    given = builtins.__import__

    def importing(name, *rest):
        if name == "xlsxwriter":
            raise ImportError(name)
        return given(name, *rest)

    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(UsageError, match=re.escape("pip install 'marsad[sheets]'")):
        write(outgoing, tmp_path / "out.xlsx")
