"""What an input is, told from its first bytes; the file's name decides nothing but ties."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable

from marsad.intake.columns import names_text
from marsad.intake.encoding import decode
from marsad.intake.failures import UnreadableError

# A zip is a Word document until its table of contents says otherwise, which only its reader can look at.
_PACKED = ((b"PAR1", "parquet"), (b"%PDF", "pdf"), (b"PK\x03\x04", "docx"), (b"WARC/", "warc"))
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old office document", "save it as text or CSV"),
    (b"{\\rtf", "a rich-text document", "save it as plain text"),
    (b"\x89PNG", "a picture", "write its text out first"),
    (b"\xff\xd8\xff", "a picture", "write its text out first"),
    (b"GIF8", "a picture", "write its text out first"),
    (b"SQLite format 3", "a database", "export the table as CSV or JSON Lines"),
)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p)\b", re.I | re.S
)
_OBJECT = re.compile(r"\s*\{\s*(?:\"|\}|$)")
_OBJECT_AT_MARGIN = re.compile(r"\{\s*\"")
_LIST = re.compile(r"\s*\[\s*(?:\{|\]|$)")
# Bytes that no text has: everything below space except tab, line feeds, form feed and escape.
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b") + b"\x7f"


def kind_of(head: bytes, name: str = "", is_header: Callable[[list[str]], bool] = names_text) -> str:
    """Return the kind whose reader the bytes are for; refuse what is empty or no text.

    `is_header` tells whether the cells of a first line are columns of a table. Telegram's exports and pages are
    told from other JSON and pages by their readers.
    """
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise UnreadableError("it holds no text" if head.strip() else "it is empty", "give it a report")
    for magic, kind in _PACKED:
        if head.startswith(magic):
            return kind
    _refuse_foreign(head)
    text = decode(head)
    _refuse_binary(text)
    if _PAGE.match(text):
        return "page"
    if _LIST.match(text):
        return "json"
    if _OBJECT.match(text):
        return "jsonl" if _in_lines(text) else "json"
    return "csv" if delimiter_of(text, is_header) or name.lower().endswith((".csv", ".tsv")) else "text"


def _refuse_foreign(head: bytes) -> None:
    for magic, what, remedy in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableError(f"it is {what}, not text", remedy)


def _refuse_binary(text: str) -> None:
    broken = sum(text.count(chr(b)) for b in _CONTROLS) + text.count("\ufffd")
    # A damaged text has a few such characters; compressed or compiled bytes have one in eight or more.
    if text.count("\x00") or broken > 0.02 * len(text):
        raise UnreadableError("it is binary, not text", "save it as UTF-8 text, HTML, JSON, JSON Lines, CSV or Parquet")


def _in_lines(text: str) -> bool:
    """Tell a file of one object a line from one object written over many lines."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) == 1 or _parses(lines[0]):
        return True
    # The first line is broken or longer than the head; a second object at the margin still tells.
    return bool(_OBJECT_AT_MARGIN.match(lines[1]))


def _parses(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def delimiter_of(text: str, is_header: Callable[[list[str]], bool] = names_text) -> str | None:
    """Return the sign between the columns if the first line is a header with a column of texts."""
    first = re.split(r"[\r\n]", text.lstrip("\ufeff"), maxsplit=1)[0]
    for sign in (",", ";", "\t"):
        cells = [cell.strip() for cell in next(csv.reader([first], delimiter=sign), [])]
        if cells and is_header(cells):
            return sign
    return None
