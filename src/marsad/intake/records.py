"""One record with named fields becomes one report, or says which field is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marsad.errors import UsageError
from marsad.intake.failures import Failure, UnreadableError
from marsad.model import Report

# The names under which a field is looked for, the best first; compared in small letters.
FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "النص", "نص"),
    "id": ("id",),
    "title": ("title", "headline", "العنوان"),
    "outlet": ("outlet", "source", "publisher", "المصدر"),
    "published": ("published", "published_at", "date", "التاريخ"),
    "url": ("url", "link"),
    "theatre": ("theatre",),
}
# The longest reports of the corpora seen have some 20,000 characters. Ten times that is several reports in one
# file, whatever it is called, and is read in the time that a person waits without a word.
MAX_TEXT = 200_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for a report that does not say it itself."""

    published: date | None = None
    outlet: str | None = None
    theatre: str | None = None
    known: tuple[str, ...] = ()  # the theatres that there are; empty where nobody said


def day_of(value: object) -> date | None:
    """Return the day that an ISO 8601 date or time names, None for nothing; refuse anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = "" if value is None else str(value).strip()
    if not written:
        return None
    try:
        if _DAY.fullmatch(written):
            return datetime.fromisoformat(written).date()
    except ValueError:
        pass
    raise UnreadableError(
        f"the date of publication {written[:40]!r} is no date", "write it as YYYY-MM-DD, as in 2018-07-06"
    )


def asked_day(written: str | None) -> date | None:
    """Return the day that a person asked for; refuse it as a mistake of the question."""
    try:
        return day_of(written)
    except UnreadableError as error:
        raise UsageError(f"{error.reason}; {error.remedy}") from None


def id_of(text: str, url: str | None) -> str:
    """Return the same 16 hexadecimal digits for the same text from the same address, always."""
    return hashlib.sha256(f"{url or ''}\x1f{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def reports_of(record: object, where: str, row: int | None, defaults: Defaults) -> Iterator[Report | Failure]:
    """Yield the report of a record, and a failure for what of it could not be read."""
    try:
        report, cut = _report_of(record, defaults)
    except UnreadableError as error:
        yield error.at(where, row)
        return
    yield report
    if cut:
        reason = f"the text is longer than {MAX_TEXT:,} characters and only the first {len(report.text):,} were read"
        yield Failure(where, row, reason, "split it where one report ends and the next begins")


def _report_of(record: object, defaults: Defaults) -> tuple[Report, bool]:
    if not isinstance(record, Mapping):
        raise UnreadableError("it is not an object with fields", 'write it as {"text": "…", "published": "YYYY-MM-DD"}')
    fields = {str(k).strip().lower(): v for k, v in record.items()}
    whole = _text_of(fields)
    text = cut_text(whole)
    url = _word_of(fields, "url")
    report = Report(
        id=_word_of(fields, "id") or id_of(whole, url),
        text=text,
        title=_word_of(fields, "title"),
        outlet=_word_of(fields, "outlet") or defaults.outlet,
        published=day_of(_value_of(fields, "published")) or defaults.published,
        url=url,
        theatre=_theatre_of(fields, defaults),
    )
    return report, len(text) < len(whole)


def _theatre_of(fields: Mapping[str, Any], defaults: Defaults) -> str | None:
    theatre = _word_of(fields, "theatre") or defaults.theatre
    if theatre and defaults.known and theatre not in defaults.known:
        raise UnreadableError(f"there is no theatre {theatre!r}", f"name one of {', '.join(defaults.known)}")
    return theatre


def no_text_field(names: Iterable[str]) -> UnreadableError:
    """Return the refusal of a record or table in which no field is known to hold the report."""
    known = ", ".join(name for name in names if name)[:120] or "none"
    return UnreadableError(
        f"it has no field 'text' (it has: {known})", "rename the one that holds the report to 'text'"
    )


def _text_of(fields: Mapping[str, Any]) -> str:
    text = _value_of(fields, "text")
    if text is None:
        raise no_text_field(fields)
    if not isinstance(text, str):
        raise UnreadableError(f"its text is {type(text).__name__}, not a string", "write the report as one string")
    if not text.strip():
        raise UnreadableError("its text is empty", "give it a text or leave it out")
    if not _ARABIC.search(text):
        raise UnreadableError(
            "its text has no Arabic letter", "give the Arabic original; Marsad reads no other language yet"
        )
    return _whole_characters(text)


def _whole_characters(text: str) -> str:
    """Return the text with "?" for halves of character pairs, which could not be written out again."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _value_of(fields: Mapping[str, Any], field: str) -> Any:
    for name in FIELDS[field]:
        value = fields.get(name)
        if value is not None and value != "":
            return value
    return next((fields[name] for name in FIELDS[field] if fields.get(name) is not None), None)


def _word_of(fields: Mapping[str, Any], field: str) -> str | None:
    value = _value_of(fields, field)
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
