"""What a value is after it was written and read back: what a file cannot hold is U+FFFD, lists may be joined."""

from __future__ import annotations

import re
from typing import Any

_NEVER = re.compile("[\x00\ud800-\udfff]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def soundly(value: Any) -> Any:
    """Return a value with U+FFFD for NUL and for halves of UTF-16 pairs, within lists too."""
    if isinstance(value, list):
        return [soundly(part) for part in value]
    return _NEVER.sub("\ufffd", value) if isinstance(value, str) else value


def soundly_in_xml(value: Any) -> Any:
    """Return a value with U+FFFD for what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value


def in_one(value: Any) -> Any:
    """Return a list as one text; what keeps its parts apart is a comma within them."""
    return "; ".join(part.replace("; ", ", ") for part in value) if isinstance(value, list) else value
