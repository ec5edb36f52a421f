"""Word documents in their order, and PDF as leads; what is neither, locked, pictures or a bomb is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from importlib.metadata import version

import docx
import pypdf
import pytest
from docx.oxml import parse_xml

from marsad.intake import Defaults, Failure, documents, read_inputs, take_in
from marsad.intake.records import MAX_TEXT
from marsad.model import Arrival

TEXT = "قصفت المدفعية قرية الزيارة في سهل الغاب"
NOW = datetime(2024, 12, 8, tzinfo=UTC)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def taken(write):
    return lambda data, **said: list(take_in([write("document", data)], Defaults(**said), now=lambda: NOW))


def only(items: list[Arrival | Failure]) -> Arrival:
    [item] = items
    assert isinstance(item, Arrival), item
    return item


def saved(document: object) -> bytes:
    sink = io.BytesIO()
    document.save(sink)  # type: ignore[attr-defined]
    return sink.getvalue()


def document_of(*paragraphs: str):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return document


def test_paragraphs_and_tables_of_a_word_document_are_read_in_order(taken):
    document = document_of(TEXT)
    table = document.add_table(2, 2)
    for cell, word in zip(table._cells, ("القرية", "القتلى", "الزيارة", "٣"), strict=True):
        cell.text = word
    document.add_paragraph("نهاية التقرير")
    assert only(taken(saved(document))).report.text == f"{TEXT}\nالقرية\tالقتلى\nالزيارة\t٣\nنهاية التقرير"


def test_merged_cells_and_tables_in_tables_are_read_once(taken):
    document = document_of()
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = TEXT
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "داخل"
    text = only(taken(saved(document))).report.text
    assert (text.count(TEXT), text.count("داخل")) == (1, 1)


def test_what_is_inserted_linked_or_in_a_form_is_read_and_what_is_deleted_or_set_as_tab_stop_is_not(taken):
    document = document_of()
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    paragraph = (
        f"<w:p {W}><w:pPr><w:tabs><w:tab w:val='left' w:pos='9'/></w:tabs></w:pPr>{run.format('قال ')}"
        f"<w:ins>{run.format('ناشط ')}</w:ins><w:del><w:r><w:tab/><w:delText>مصدر</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run.format('أمس')}</w:moveFrom><w:hyperlink>{run.format('محلي')}</w:hyperlink></w:p>"
    )
    form = f"<w:sdt {W}><w:sdtContent><w:p>{run.format(TEXT)}</w:p></w:sdtContent></w:sdt>"
    for element in (paragraph, form):
        document.element.body.insert_element_before(parse_xml(element), "w:sectPr")
    assert only(taken(saved(document))).report.text == f"قال ناشط محلي\n{TEXT}"


def test_a_word_document_is_kept_with_its_arabic_title_but_the_day_it_was_made_is_no_publication(taken):
    document = document_of(TEXT)
    document.core_properties.title = "تقرير الغاب"
    document.core_properties.created = datetime(2024, 1, 1)
    data = saved(document)
    got = only(taken(data))
    assert (got.report.title, got.report.published, got.lead) == ("تقرير الغاب", None, False)
    assert (got.capture.kind, got.capture.original) == ("docx", data)
    assert got.capture.tool.endswith(f", python-docx {version('python-docx')}")
    document.core_properties.title = "Microsoft Word - Document1"
    assert only(taken(saved(document), published=date(2024, 12, 7))).report.published == date(2024, 12, 7)
    assert only(taken(saved(document))).report.title is None


def test_a_word_document_can_be_read_without_a_record(write):
    assert [r.text for r in read_inputs([write("a.docx", saved(document_of(TEXT)))])] == [TEXT]


def zip_of(**parts: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/") + ".xml", data)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("data", "reason", "remedy"),
    [
        (zip_of(a=b"x"), "zip archive or office", "unpack it"),
        (zip_of(xl__workbook=b"x"), "Excel workbook", "CSV"),
        (zip_of(ppt__presentation=b"x"), "presentation", ".txt"),
        (zip_of(word__document=b"<no xml"), "broken Word document", "save it again"),
        (saved(document_of(TEXT))[:-900], "zip archive or office", "unpack it"),
        (zip_of(word__document=b" " * 20_000_001), "unpacks to more than 20 MB", "save its text"),
        (zip_of(word__document=b"x", **{f"a{n}": b" " * 20_000_000 for n in range(10)}), "or 200 MB", "save its text"),
        (saved(document_of("no Arabic")), "no Arabic letter", "Arabic original"),
        (saved(document_of()), "text is empty", "give it a text"),
    ],
)
def test_a_zip_that_is_no_good_word_document_is_refused_with_what_to_do(taken, data, reason, remedy):
    [item] = taken(data)
    assert isinstance(item, Failure)
    assert reason in item.reason and remedy in item.remedy


def pdf_of(text: str) -> bytes:
    """Return a page whose font says by a ToUnicode map which letter each of its signs is."""
    letters = sorted(set(text))
    shown = "".join(f"{letters.index(letter) + 1:02X}" for letter in text)
    pairs = "\n".join(f"<{n:02X}> <{ord(letter):04X}>" for n, letter in enumerate(letters, 1))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(letters)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap end end"
    )
    content = f"BT /F1 12 Tf 50 700 Td <{shown}> Tj ET" if text else "0 0 m"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
        "<< /CreationDate (D:20240101000000Z) /Title (Document1) >>",
    ]
    return assembled(objects)


def assembled(objects: list[str]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, object in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{object}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R /Info 7 0 R >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


def rewritten(data: bytes, change) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(data))
    change(writer)
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def test_the_text_of_a_pdf_is_a_lead_with_its_original_and_no_day(taken):
    data = pdf_of("الزيارة")
    got = only(taken(data))
    assert sorted(got.report.text.strip()) == sorted("الزيارة")  # their order is not to be trusted
    assert (got.lead, got.report.published, got.report.title) == (True, None, None)
    assert (got.capture.kind, got.capture.original) == ("pdf", data)
    assert got.capture.tool.endswith(f", pypdf {version('pypdf')}")
    assert only(taken(data, published=date(2024, 12, 7))).report.published == date(2024, 12, 7)


def test_reading_without_a_record_refuses_a_pdf_and_says_where_it_is_taken(write):
    [item] = read_inputs([write("a.pdf", pdf_of("الزيارة"))])
    assert isinstance(item, Failure)
    assert "PDF" in item.reason and "marsad add" in item.remedy


def test_a_pdf_that_only_its_owner_may_change_is_read(taken):
    locked = rewritten(pdf_of("الزيارة"), lambda w: w.encrypt("", "owner", algorithm="RC4-128"))
    assert only(taken(locked)).lead


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf_of(""), "has no text: its pages are pictures"),
        (pdf_of("abc"), "no Arabic letter"),
        (rewritten(pdf_of("الزيارة"), lambda w: w.encrypt("secret", algorithm="RC4-128")), "locked with a password"),
        (b"%PDF-1.7\n and nothing more", "broken or locked PDF"),
    ],
)
def test_a_pdf_without_text_to_read_is_refused_with_what_to_do(taken, data, reason):
    [item] = taken(data)
    assert isinstance(item, Failure)
    assert reason in item.reason and item.remedy


def test_a_pdf_of_too_many_pages_is_refused_with_their_number(taken, monkeypatch):
    monkeypatch.setattr(documents, "_MAX_PAGES", 2)
    many = rewritten(pdf_of("الزيارة"), lambda w: [w.add_blank_page(10, 10) for _ in range(2)])
    [item] = taken(many)
    assert "has 3 pages, more than 2" in item.reason


def test_a_pdf_longer_than_a_report_can_be_is_cut_and_says_so(taken):
    long = pdf_of("الزيارة " * (MAX_TEXT // 8 + 1))
    many = rewritten(long, lambda w: w.append(io.BytesIO(long)))
    item, told = taken(many)
    assert 0 < len(item.report.text) <= MAX_TEXT
    assert "only the first" in told.reason
