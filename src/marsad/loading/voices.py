"""Words in the names of sources that name nobody, as the language pack lists them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from marsad.loading.codebook import PACKS, build, read_toml


@dataclass(frozen=True, slots=True)
class VoiceWords:
    """Words that begin a source who is nobody or speaks for another, that are the outlet, that stand before a name."""

    nobody: frozenset[str]
    office: frozenset[str]
    between: frozenset[str]
    outlet: frozenset[str]
    titles: frozenset[str]


@cache
def voice_words() -> VoiceWords:
    """Return the words of languages/ar/voices.toml."""
    table: dict[str, Any] = read_toml(PACKS / "languages" / "ar" / "voices.toml")
    words: VoiceWords = build(VoiceWords, {k: frozenset(v) for k, v in table.items()}, "languages/ar/voices.toml")
    return words
