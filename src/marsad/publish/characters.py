"""Characters that a file cannot hold: each becomes U+FFFD, so that all around it stays as it is."""

from __future__ import annotations

import re
from typing import Any

_LOST = "\ufffd"
# Half of a UTF-16 pair is no character of UTF-8; after a NUL many readers see no more.
_NEVER = re.compile("[\x00\ud800-\udfff]")
# What XML 1.0 has no way to write.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """Return the text with U+FFFD for what no file of text can hold: NUL and halves of UTF-16 pairs."""
    return _NEVER.sub(_LOST, text)


def writable_xml(text: str) -> str:
    """Return the text with U+FFFD for what XML 1.0 cannot hold, control characters above all."""
    return _NOT_XML.sub(_LOST, text)


def all_writable(value: Any) -> Any:
    """Return a value, a list or an object with `writable` applied to every text in it."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, list | tuple):
        return [all_writable(item) for item in value]
    return {key: all_writable(item) for key, item in value.items()} if isinstance(value, dict) else value
