"""Whose voice a claim is: the one who is quoted, not the one who quotes; copies of a text are one voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from marsad.loading.voices import voice_words
from marsad.record.names import bare_words, name_key, same_name

UNNAMED = "—"


def origin_of(sources: Sequence[str], outlet: str | None) -> str:
    """Return the voice of a claim: its innermost source that has a name, else the outlet.

    "Reuters, quoting the Observatory, which quotes its sources" is the Observatory's voice; "medical sources told
    Reuters" is that of Reuters.
    """
    for source in reversed(sources):
        if not _is_nobody(source):
            return source
    return outlet or UNNAMED


def _is_nobody(source: str) -> bool:
    words, known = bare_words(source), voice_words()
    if words and words[0] in known.outlet:
        # "The agency" is the outlet itself; "the News Agency of X" has a name, though "news" begins nobody's.
        return len(words) == 1
    words = name_key(source).split()
    return not words or words[0] in known.nobody


@dataclass(slots=True)
class Voice:
    """One independent voice on an incident: its name, and the claims that are in the end its own, in order."""

    name: str
    claims: list[str]


def voices_of(claims: Iterable[tuple[str, str, str]], copies: Callable[[str, str], bool]) -> list[Voice]:
    """Return the independent voices behind (claim, report, origin), the one heard first at the head.

    Two claims are one voice where their origins have one name or their reports repeat each other's words.
    """
    said = [(claim, report, name_key(origin), origin) for claim, report, origin in claims]
    voices: list[list[int]] = []
    for i, (_, report, key, _) in enumerate(said):
        heard = [v for v in voices if any(same_name(key, said[j][2]) or copies(report, said[j][1]) for j in v)]
        # Where there are several, this claim shows that they were one all along.
        voices = [v for v in voices if v not in heard] + [sorted([*(j for v in heard for j in v), i])]
    return [Voice(said[v[0]][3], [said[j][0] for j in v]) for v in sorted(voices)]
