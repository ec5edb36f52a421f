"""Whose voice a claim is: the one who is quoted, not the one who quotes; copies of a text are one voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from marsad.loading.voices import VoiceWords, voice_words
from marsad.record.names import bare_word, name_key, same_name
from marsad.text.tokens import tokenise

UNNAMED = "—"


def origin_of(sources: Sequence[str], outlet: str | None) -> str:
    """Return the voice of a claim: its innermost source that has a name, else the outlet.

    "Reuters, quoting the Observatory, which quotes its sources" is the Observatory's voice; "medical sources told
    Reuters" is that of Reuters; "a spokesman of the factions" is the factions'.
    """
    for source in reversed(sources):
        named = _named_in(source)
        if named:
            own = outlet and same_name(name_key(named), name_key(outlet))
            return outlet if own and outlet else named
    return outlet or UNNAMED


def _named_in(source: str) -> str:
    """Return the name in the words of a source: all of it, or whom its office speaks for; "" where it is nobody."""
    tokens = [token for token in tokenise(source) if token.fold.isalnum()]
    words, known = [bare_word(token.fold) for token in tokens], voice_words()
    if not words or _is_nobody(words, known):
        return ""
    if words[0] not in known.office:
        return source
    rest = [token for token, word in zip(tokens[1:], words[1:], strict=True) if word not in known.between]
    # "A local commander" has an adjective behind the office; whom one speaks for is a name, with its article.
    is_named = bool(rest) and (rest[0].fold.startswith("ال") or len(rest) > 1)
    return source[rest[0].start :] if is_named else ""


def _is_nobody(words: Sequence[str], known: VoiceWords) -> bool:
    if words[0] in known.outlet:
        # "The agency" is the outlet itself; "the News Agency of X" has a name, though "news" begins nobody's.
        return len(words) == 1
    return words[0] in known.nobody


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
