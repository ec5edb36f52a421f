"""Letters: what is one letter to a reader though many code points spell it."""

from __future__ import annotations

import re
import unicodedata

# Vowel marks, Quranic marks, the stretcher, and characters that only steer direction or joining.
_DROPPED = (
    *(0x0640, 0x0670, 0x061C, 0xFEFF, 0x00AD),
    *range(0x0610, 0x061B),
    *range(0x064B, 0x0660),
    *range(0x06D6, 0x06EE),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x206A),
)
_SAME = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي",
    "ئ": "ي", "ؤ": "و", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ک": "ك", "ڪ": "ك", "گ": "ك",
    "پ": "ب", "چ": "ج", "ڤ": "ف", "ڨ": "ق", "ۆ": "و", "ۇ": "و",
}  # fmt: skip
_TABLE: dict[int, str | None] = dict.fromkeys(_DROPPED)
_TABLE |= {ord(a): b for a, b in _SAME.items()}
_TABLE |= {0x0660 + d: str(d) for d in range(10)}
_TABLE |= {0x06F0 + d: str(d) for d in range(10)}
_PRESENTATION = re.compile("[\ufb50-\ufefc]")
# Every second word is of letters that stay as they are: a look costs a fifth of a translation.
_PLAIN = re.compile("[ءابتثجحخدذرزسشصضطظعغفقكلمنهوي]*")


def fold(word: str) -> str:
    """Return the word as readers compare it: one alef, one ya, no marks, Western digits."""
    if _PLAIN.fullmatch(word):
        return word
    if _PRESENTATION.search(word):
        word = unicodedata.normalize("NFKC", word)
    return word.translate(_TABLE)


def is_arabic(text: str, share: float = 0.3) -> bool:
    """Tell whether at least `share` of the letters of the text are Arabic script."""
    letters = [c for c in text if c.isalpha()]
    arabic = sum("\u0600" <= c <= "\u06ff" or "\ufb50" <= c <= "\ufefc" for c in letters)
    return bool(letters) and arabic >= share * len(letters)
