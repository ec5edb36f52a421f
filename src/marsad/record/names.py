"""Names of people, sources and groups as they are compared: folded, without article and joined letters."""

from __future__ import annotations

from functools import lru_cache

from marsad.loading.voices import voice_words
from marsad.text.tokens import tokenise


@lru_cache(maxsize=100_000)
def name_key(name: str) -> str:
    """Return the name folded, its words without article and title, so that spellings of one name meet."""
    words = bare_words(name)
    kept = [word for word in words if word not in voice_words().titles]
    return " ".join(kept or words)


def bare_words(name: str) -> list[str]:
    """Return the folded words of a name without article, titles among them."""
    return [bare_word(token.fold) for token in tokenise(name) if token.fold.isalnum()]


def bare_word(word: str) -> str:
    """Return a folded word without its article."""
    for article in ("وال", "بال", "لل", "ال"):
        if word.startswith(article) and len(word) - len(article) >= 3:
            return word[len(article) :]
    return word


def same_name(a: str, b: str) -> bool:
    """Tell whether two keys name one: equal, or all words of the shorter begin the longer ("Observatory")."""
    short, long = sorted((a.split(), b.split()), key=len)
    return bool(short) and long[: len(short)] == short
