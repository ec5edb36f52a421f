"""Bytes to text: marks at the start, UTF-8, UTF-16 by its zero bytes, else the likeliest Arabic code page."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Windows-1256 is by far the commonest; the others are old Unix, Macintosh and DOS.
_CODE_PAGES = ("cp1256", "iso8859_6", "mac_arabic", "cp720")
NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32",
    "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1256": "Windows-1256",
    "iso8859_6": "ISO 8859-6", "mac_arabic": "Mac Arabic", "cp720": "DOS 720",
}  # fmt: skip
# Words that any Arabic report of a few lines has; a wrong code page hardly ever makes one of them.
_PLAIN = frozenset(
    (
        "من في على إلى الى عن أن ان إن التي الذي هذا هذه ما لا لم كما بعد قبل بين مع كان كانت قد وقد وفي ومن حيث أو او"
        " ثم كل غير عند حتى منذ خلال اليوم أمس قال وقال وأضاف مدينة بلدة محافظة قوات الجيش"
    ).split()
)
_WORD = re.compile(r"[\u0621-\u064a]+")
_JUNK = re.compile(r"[\u0080-\u009f\ufffd\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u02ff\u2500-\u259f]|[a-zA-Z][\u0621-\u064a]")
# A wrong code page shows within a few lines; more than this only costs time.
_SAMPLE = 65_536


def _is_utf8(data: bytes) -> bool:
    """Tell whether the bytes are UTF-8, but for a letter cut off at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_of(data: bytes) -> str | None:
    """Return the byte order if every second byte is that of Latin, spaces or Arabic letters."""
    sample = data[:4096]
    if len(sample) < 4:
        return None
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        # Of Arabic UTF-16 all high bytes are 0, 6 or 0x20, and 0 occurs (spaces); no code page has zeros.
        if 0 in high and sum(b in (0x00, 0x06, 0x20, 0xFE) for b in high) >= 0.95 * len(high):
            return name
    return None


def _plausibility(text: str) -> float:
    """Return how much the text looks like written Arabic: whole words count most, junk against it."""
    words = _WORD.findall(text)
    known = sum(w in _PLAIN for w in words)
    return 20 * known + sum(map(len, words)) - 10 * len(_JUNK.findall(text))


def _code_page_of(data: bytes) -> str:
    first = next((i for i, b in enumerate(data) if b > 0x7F), 0)
    sample = data[max(0, first - 1024) : first + _SAMPLE]
    scores = {name: _plausibility(sample.decode(name, "replace")) for name in ("utf-8", *_CODE_PAGES)}
    return max(scores, key=lambda name: scores[name])


def encoding_of(data: bytes) -> str:
    """Return the name of the likeliest encoding of the bytes; `utf-8` where nothing speaks against it."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    wide = _utf16_of(data)
    if wide:
        return wide
    return "utf-8" if _is_utf8(data) else _code_page_of(data)


def decode(data: bytes, encoding: str | None = None) -> str:
    """Return the text of the bytes; a letter cut off at the end is left out, a broken one becomes U+FFFD."""
    name = encoding or encoding_of(data)
    text = codecs.getincrementaldecoder(name)("replace").decode(data, final=False)
    return text.removeprefix("\ufeff")


def is_wide(encoding: str) -> bool:
    """Tell whether a line break in this encoding is more than one byte."""
    return encoding.startswith(("utf-16", "utf-32"))
