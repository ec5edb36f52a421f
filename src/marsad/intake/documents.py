"""Word documents and PDF: one file, one report; the day that a file was made is none of publication."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.records import MAX_TEXT, has_arabic
from marsad.intake.sources import Source
from marsad.intake.terms import Found, Terms

# Scanned or illustrated reports of humanitarian bodies have some tens of megabytes.
_MAX_FILE = 100_000_000
# A part of words unpacks to this at most, and all parts, pictures too, to ten times it: no bomb of zeros does.
_MAX_PART = 20_000_000
_MAX_UNPACKED = 200_000_000
# Above this a PDF is a book; its text would be cut in any case.
_MAX_PAGES = 500
# A name that somebody gave in Arabic is a title; "Document1" or "Microsoft Word - ‎.doc" is none.
_MAX_TITLE = 300
_OTHERS = (
    ("xl/", "an Excel workbook", "save the sheet as CSV"),
    ("ppt/", "a presentation", "save its text as .txt"),
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = ("del", "moveFrom", "Fallback")  # deleted, moved elsewhere, or said a second time for old programs
_RUNS = ".//w:r[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::*[local-name()='Fallback'])]"
_STEPS = " | ".join([*(f"{_RUNS}/w:{tag}" for tag in ("t", "tab", "br", "cr", "noBreakHyphen")), f"{_RUNS}//w:p"])
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}p": "\n", f"{_W}noBreakHyphen": "-"}


def read_docx(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield the report that a Word document is: paragraphs and tables in order, a title if it has a real one."""
    data = _loaded(source)
    _refuse_bomb(data)
    title, text = _read_docx(data)
    yield from terms.found({"text": text, "title": title}, "docx", source.name, None, ("python-docx",))


def _loaded(source: Source) -> bytes:
    data = source.read(_MAX_FILE + 1)
    if len(data) > _MAX_FILE:
        raise UnreadableError("the document is larger than 100 MB", "save it without pictures, or as text")
    return data


def _refuse_bomb(data: bytes) -> None:
    """Refuse a zip that is no Word document, or whose table of contents says more than can be one."""
    import zipfile

    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        parts = []
    names = [part.filename for part in parts]
    if not any(name.startswith("word/document") and name.endswith(".xml") for name in names):
        raise _other_zip(names)
    words = max(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if words > _MAX_PART or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        reason = "the Word document unpacks to more than 20 MB of words, or 200 MB in all"
        raise UnreadableError(reason, "save its text as .txt")


def _other_zip(names: list[str]) -> UnreadableError:
    for folder, what, remedy in _OTHERS:
        if any(name.startswith(folder) for name in names):
            return UnreadableError(f"it is {what}, not text", remedy)
    what = "a zip archive or office document"
    return UnreadableError(f"it is {what}, not text", "unpack it, or save it as text or CSV")


def _read_docx(data: bytes) -> tuple[str | None, str]:
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        return _title(document.core_properties.title), "\n".join(_blocks_of(document.element.body))
    except Exception as error:  # a damaged document makes the library raise anything
        raise UnreadableError(f"broken Word document ({_short(error)})", "save it again, or as text") from None


def _short(error: Exception) -> str:
    return str(error).split("\n")[0][:80] or type(error).__name__


def _title(written: object) -> str | None:
    title = str(written or "").strip()
    return title if has_arabic(title) and len(title) <= _MAX_TITLE else None


def _blocks_of(body: Any) -> Iterator[str]:
    """Yield the text of each paragraph and table row in order, also of those in forms and tracked insertions.

    The library's own `iter_inner_content` leaves both out, and a report would lose sentences without a word.
    """
    for block in body:
        if block.tag == f"{_W}p":
            yield _text_of(block)
        elif block.tag == f"{_W}tr":
            cells = block.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc")
            yield "\t".join("\n".join(_blocks_of(cell)) for cell in cells)
        elif isinstance(block.tag, str) and block.tag.rpartition("}")[2] not in _GONE:
            yield from _blocks_of(block)


def _text_of(paragraph: Any) -> str:
    """Return the words of a paragraph, links, boxes and insertions included, what was deleted left out."""
    return "".join(_SIGNS.get(step.tag) or step.text or "" for step in paragraph.xpath(_STEPS))


def read_pdf(source: Source, terms: Terms) -> Iterator[Found | Failure]:
    """Yield the report of a PDF as a lead: letters and digits may be out of order; it says no day of publication."""
    if not terms.leads:
        reason = "it is a PDF document, whose text is a lead only (digits may be reversed)"
        raise UnreadableError(reason, "add it to a record (marsad add), where it is kept with its original")
    title, text = _read_pdf(_loaded(source))
    if not text.strip():
        raise UnreadableError("the PDF has no text: its pages are pictures", "read it with OCR, or write its text out")
    for item in terms.found({"text": text, "title": title}, "pdf", source.name, None, ("pypdf",)):
        yield item if isinstance(item, Failure) else Found(item.report, item.kind, None, True, item.extractors)


def _read_pdf(data: bytes) -> tuple[str | None, str]:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file, its failure says
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("the PDF is locked with a password", "save it without one")
        if len(reader.pages) > _MAX_PAGES:
            reason = f"the PDF has {len(reader.pages)} pages, more than {_MAX_PAGES}"
            raise UnreadableError(reason, "save the pages of the report alone")
        return _title(reader.metadata and reader.metadata.title), _text_of_pages(reader.pages)
    except UnreadableError:
        raise
    except Exception as error:  # a damaged or locked file makes the library raise anything
        raise UnreadableError(f"broken or locked PDF ({_short(error)})", "save it again, or its text") from None


def _text_of_pages(pages: Any) -> str:
    """Return the text page by page, up to the page on which it is longer than can be read."""
    parts: list[str] = []
    for page in pages:
        parts.append(page.extract_text())
        if sum(map(len, parts)) > MAX_TEXT:
            break
    return "\n".join(parts)
