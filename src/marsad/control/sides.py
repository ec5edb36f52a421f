"""For whom an actor holds: its chain of parents, and the side that it fights for in a theatre on a day."""

from __future__ import annotations

from functools import lru_cache

from marsad.loading.codebook import actors, sides

_HOLDERS = frozenset(("government", "state", "group", "side", "coalition"))
LEVELS = ("group", "coalition", "side")


def can_hold(actor: str) -> bool:
    """Tell whether an actor of the registry is one who can hold a place: no civilians, no unknown gunmen."""
    known = actors().get(actor)
    return known is not None and known.kind in _HOLDERS


@lru_cache(maxsize=65536)
def side_of(actor: str, theatre: str, day: str) -> str:
    """Return the lead of the side for which an actor holds a place of the theatre on the ISO day."""
    for id in chain_of(actor):
        lead = _lead_of(id, theatre, day)
        if lead:
            return lead
    return chain_of(actor)[-1]


def _lead_of(actor: str, theatre: str, day: str) -> str:
    for side in sides().get(theatre, ()):
        begun = side.since is None or day >= side.since.isoformat()
        if begun and (side.until is None or day < side.until.isoformat()) and actor in (side.lead, *side.members):
            return side.lead
    return ""


@lru_cache(maxsize=4096)
def chain_of(actor: str) -> tuple[str, ...]:
    """Return an actor, its parent, the parent's parent and so on."""
    found, at = [actor], actors().get(actor)
    while at is not None and at.parent and at.parent not in found:
        found.append(at.parent)
        at = actors().get(at.parent)
    return tuple(found)


def holders_of(actor: str, theatre: str, day: str) -> tuple[str, ...]:
    """Return who holds where an actor does, the most exact first: it, its parents, the lead of its side."""
    chain, lead = chain_of(actor), side_of(actor, theatre, day)
    return chain if lead in chain else (*chain, lead)


def at_level(actor: str, level: str, theatre: str, day: str) -> str:
    """Return the actor itself ("group"), the last of its parents ("coalition") or the lead of its side ("side")."""
    if level == "side":
        return side_of(actor, theatre, day)
    return chain_of(actor)[-1] if level == "coalition" else actor
