"""Marsad (مرصد): Arabic field reports in, sourced claims out.

>>> import marsad
>>> reading = marsad.read("انسحبت قوات النظام من بلدة نوى", published="2018-07-20", theatre="sy")
>>> reading.claims[0].type
'withdrawal'
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad.frame import read_frame
    from marsad.model import Claim, Report
    from marsad.observatory import Observatory, geo
    from marsad.pipeline import Reader
    from marsad.reading_result import Reading

__all__ = ["Claim", "Observatory", "Reader", "Reading", "Report", "geo", "open", "read", "read_frame"]

_HOMES = {
    "Claim": "marsad.model", "Report": "marsad.model", "Reader": "marsad.pipeline",
    "Reading": "marsad.reading_result", "read_frame": "marsad.frame", "Observatory": "marsad.observatory",
    "geo": "marsad.observatory",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Bring a name of the door from its room when it is first asked for, so that the start is quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'marsad' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the names of the door and of the module."""
    return sorted({*globals(), *__all__})


def open(address: str, *, role: str = "public") -> Observatory:
    """Return the record at a file or a postgresql:// address, to be asked in Python; raise RecordError for none."""
    from marsad.observatory import Observatory

    return Observatory(address, role=role)


def read(
    text: str,
    *,
    published: date | str | None = None,
    outlet: str | None = None,
    theatre: str | None = None,
) -> Reading:
    """Return the reading of one report; raise UsageError for a date that is none or an unknown theatre."""
    import hashlib

    from marsad.errors import UsageError
    from marsad.model import Report
    from marsad.pipeline import reader_of

    day = published
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError as error:
            raise UsageError(f"published={published!r} is no date; write it as 2024-12-07") from error
    id = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return reader_of(theatre).read(Report(id, text, outlet=outlet, published=day, theatre=theatre))
