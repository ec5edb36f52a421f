"""Whom a pronoun can mean: gender and number as the first word of a naming shows them."""

from __future__ import annotations

from marsad.reading.words import Words

# Under each pronoun the shapes that it agrees with; "broken" plurals and "open" names agree with any.
MEANT = {
    "ها": frozenset({"f", "broken", "open"}),
    "ه": frozenset({"m", "broken", "open"}),
    "هم": frozenset({"mp", "construct", "broken", "open", "m"}),
}


def may_mean(pronoun: str, shape: str) -> bool:
    """Tell whether a pronoun can stand for a party of that gender and number; of other pronouns nothing is known."""
    return pronoun not in MEANT or shape in MEANT[pronoun]


def shape_of(words: Words, first: int, sort: str) -> str:
    """Return the gender and number of a party from its first word: f, m, mp, construct, broken or open."""
    word, sense = words.folds[first], words.senses[first]
    if len(word) > 4 and word.endswith(("ون", "ين")):
        return "mp"
    if word.endswith(("ه", "ات")):
        return "f"
    if len(word) > 4 and word.endswith(("و", "ي")) and (sense.head or sense.people):
        return "construct"
    if sort == "state" or not (sense.head or sense.people or sense.article or word.startswith("ال")):
        return "open"  # قسد and تركيا are she, and daesh is either
    core = word.removeprefix(sense.clitic).removeprefix("ال")
    return "broken" if len(core) == 5 and core[2] == "ا" else "m"
