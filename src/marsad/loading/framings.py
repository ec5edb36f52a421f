"""Words for one act that disagree about its nature, as the language pack lists them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, build, read_toml, types
from marsad.text.tokens import tokenise

# Letters that may be joined to the front of a form's first word.
_JOINED = "وفبلك"


@dataclass(frozen=True, slots=True)
class Framing:
    """One manner in which a type of act can be told: its words, folded, and sentences that show them."""

    type: str
    manner: str
    ar: str
    en: str
    forms: tuple[str, ...]
    says: tuple[str, ...]

    def is_met(self, words: list[str]) -> bool:
        """Tell whether one of the forms stands in the folded words."""
        return any(_stands(form.split(), words) for form in self.forms)


@cache
def framings() -> dict[str, tuple[Framing, ...]]:
    """Return the manners of each type; raise PackError for an unknown type or a form that no sentence shows."""
    where, found = "languages/ar/framings.toml", dict[str, tuple[Framing, ...]]()
    for row in read_toml(PACKS / "languages" / "ar" / "framings.toml")["framing"]:
        lists = {key: tuple(row[key]) for key in ("forms", "says")}
        framing: Framing = build(Framing, {**row, **lists}, where)
        if framing.type not in types():
            raise PackError(f"{where}: no such type: {framing.type}")
        if any(not framing.is_met(folded(text)) for text in framing.says):
            raise PackError(f"{where}, {framing.type} {framing.manner}: a sentence of `says` holds none of the forms")
        found[framing.type] = (*found.get(framing.type, ()), framing)
    return found


def manners_of(type: str, text: str) -> Iterator[Framing]:
    """Yield the manners in which a text tells an act of the type."""
    known = framings().get(type, ())
    words = folded(text) if known else []
    yield from (framing for framing in known if framing.is_met(words))


def folded(text: str) -> list[str]:
    """Return the folded words of a text."""
    return [token.fold for token in tokenise(text)]


def _stands(form: list[str], words: list[str]) -> bool:
    for at in range(len(words) - len(form) + 1):
        first = words[at]
        begins = first == form[0] or (first[:1] in _JOINED and first[1:] == form[0])
        if begins and words[at + 1 : at + len(form)] == form[1:]:
            return True
    return False
