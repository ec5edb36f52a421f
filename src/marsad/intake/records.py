"""One record with named fields becomes one report, or says which field is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marsad.intake.columns import KNOWN, Columns, folded
from marsad.intake.days import day_of, refuse_future
from marsad.intake.failures import Failure, UnreadableError
from marsad.model import Report

# The longest reports of the corpora seen have some 20,000 characters. Ten times that is several reports in one
# file, whatever it is called, and is read in the time that a person waits without a word.
MAX_TEXT = 200_000
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for a report that does not say it itself."""

    published: date | None = None
    outlet: str | None = None
    theatre: str | None = None
    known: tuple[str, ...] = ()  # the theatres that there are; empty where nobody said
    title: str | None = None  # this and the address only for what is one report, not for rows
    url: str | None = None


def id_of(text: str, url: str | None) -> str:
    """Return the same 16 hexadecimal digits for the same text from the same address, always."""
    return hashlib.sha256(f"{url or ''}\x1f{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def reports_of(
    record: object,
    where: str,
    row: int | None,
    defaults: Defaults,
    columns: Columns = KNOWN,
    latest: date | None = None,
) -> Iterator[Report | Failure]:
    """Yield the report of a record, and a failure for what of it could not be read or lies after `latest`."""
    try:
        report, cut = _report_of(record, defaults, columns)
        refuse_future(report.published, latest)
    except UnreadableError as error:
        yield error.at(where, row)
        return
    yield report
    if cut:
        reason = f"the text is longer than {MAX_TEXT:,} characters and only the first {len(report.text):,} were read"
        yield Failure(where, row, reason, "split it where one report ends and the next begins")


def _report_of(record: object, defaults: Defaults, columns: Columns) -> tuple[Report, bool]:
    if not isinstance(record, Mapping):
        raise UnreadableError("it is not an object with fields", 'write it as {"text": "…", "published": "YYYY-MM-DD"}')
    fields = {folded(k): v for k, v in record.items()}
    whole = _text_of(fields, columns)
    text = cut_text(whole)
    url = _word_of(fields, columns, "url") or defaults.url
    report = Report(
        id=_word_of(fields, columns, "id") or id_of(whole, url),
        text=text,
        title=_word_of(fields, columns, "title") or defaults.title,
        outlet=_word_of(fields, columns, "outlet") or defaults.outlet,
        published=day_of(_value_of(fields, columns, "published"), columns.day_order) or defaults.published,
        url=url,
        theatre=_theatre_of(fields, columns, defaults),
    )
    return report, len(text) < len(whole)


def _theatre_of(fields: Mapping[str, Any], columns: Columns, defaults: Defaults) -> str | None:
    theatre = _word_of(fields, columns, "theatre") or defaults.theatre
    if theatre and defaults.known and theatre not in defaults.known:
        raise UnreadableError(f"there is no theatre {theatre!r}", f"name one of {', '.join(defaults.known)}")
    return theatre


def no_text_field(names: Iterable[str], columns: Columns = KNOWN) -> UnreadableError:
    """Return the refusal of a record or table in which no field is known to hold the report."""
    there = ", ".join(name for name in names if name)[:120] or "none"
    wanted = columns.names.get("text", "text")
    remedy = "rename the one that holds the report to 'text', or name it as a column (text=COLUMN)"
    return UnreadableError(f"it has no field {wanted!r} (it has: {there})", remedy)


def _text_of(fields: Mapping[str, Any], columns: Columns) -> str:
    text = _value_of(fields, columns, "text")
    if text is None:
        raise no_text_field(fields, columns)
    if not isinstance(text, str):
        raise UnreadableError(f"its text is {type(text).__name__}, not a string", "write the report as one string")
    if not text.strip():
        raise UnreadableError("its text is empty", "give it a text or leave it out")
    if not has_arabic(text):
        raise UnreadableError(
            "its text has no Arabic letter", "give the Arabic original; Marsad reads no other language yet"
        )
    return _whole_characters(text)


def has_arabic(text: str) -> bool:
    """Tell whether the text has a letter of the Arabic script."""
    return bool(_ARABIC.search(text))


def _whole_characters(text: str) -> str:
    """Return the text with "?" for halves of character pairs, which could not be written out again."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _value_of(fields: Mapping[str, Any], columns: Columns, field: str) -> Any:
    names = columns.sought[field]
    for name in names:
        value = fields.get(name)
        if value is not None and value != "":
            return value
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _word_of(fields: Mapping[str, Any], columns: Columns, field: str) -> str | None:
    value = _value_of(fields, columns, field)
    if value is None or isinstance(value, (Mapping, list)):
        return None
    return _whole_characters(str(value).strip()) or None


def cut_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return the text, or its start up to the last line end, stop or space before the limit."""
    if len(text) <= limit:
        return text
    for sign in ("\n", ". ", " "):
        at = text.rfind(sign, limit // 2, limit)
        if at > 0:
            return text[: at + 1]
    return text[:limit]
