"""The words of the desk's pages, in Arabic and English, as words.toml lists them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from marsad.errors import PackError
from marsad.loading.codebook import read_toml

LANGUAGES = ("ar", "en")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return by language what each key says; raise PackError where a key lacks a language."""
    table = read_toml(files("marsad.desk") / "words.toml")
    for key, said in table.items():
        if set(said) != set(LANGUAGES):
            raise PackError(f"desk/words.toml, {key}: it is said in {', '.join(said)}; say it in Arabic and English")
    return {lang: {key: said[lang] for key, said in table.items()} for lang in LANGUAGES}
