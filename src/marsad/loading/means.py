"""Words that tell by what means, or in what manner, an act was done, as the language pack lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, build, read_toml, types
from marsad.text.phrases import PhraseIndex
from marsad.text.tokens import tokenise

_WHERE = "languages/ar/means.toml"
_ARTICLE = "ال"


@dataclass(frozen=True, slots=True)
class Means:
    """One means by which acts of `types` are done: its words, sentences that tell it and some that do not."""

    id: str
    types: tuple[str, ...]
    forms: tuple[str, ...]
    says: tuple[str, ...]
    not_here: tuple[str, ...]


@cache
def means() -> dict[str, Means]:
    """Return the means by id; raise PackError for an unknown type or an entry that its sentences do not prove."""
    found: dict[str, Means] = {}
    for row in read_toml(PACKS / "languages" / "ar" / "means.toml")["means"]:
        one: Means = build(Means, {key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}, _WHERE)
        if unknown := set(one.types) - types().keys():
            raise PackError(f"{_WHERE}, {one.id}: no such type: {', '.join(sorted(unknown))}")
        found[one.id] = one
    return found


def means_in(type: str, texts: Iterable[str]) -> frozenset[str]:
    """Return the ids of the means that the texts tell of an act of the type."""
    index, found = _index(), set[str]()
    for text in texts:
        words = [token.fold for token in tokenise(text)]
        for at in index.opening(words):
            found.update(id for match in index.match(words, at) for id in match.value)
    return frozenset(id for id in found if type in means()[id].types)


@cache
def _index() -> PhraseIndex[str]:
    return PhraseIndex((written, one.id) for one in means().values() for form in one.forms for written in _ways(form))


def _ways(form: str) -> Iterator[str]:
    """Yield a form with the article on none, some or all of its words."""
    for words in product(*(_with_article(word) for word in form.split())):
        yield " ".join(words)


def _with_article(word: str) -> tuple[str, ...]:
    return (word,) if word.startswith(_ARTICLE) or len(word) < 3 else (word, _ARTICLE + word)
