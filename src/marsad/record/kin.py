"""How two actors stand to each other, by the codebook: one, kin, enemies, or nobody knows."""

from __future__ import annotations

from functools import cache

from marsad.loading.codebook import actors, camps


@cache
def kin_of(a: str, b: str) -> str:
    """Return "same", "kin" (a group and its coalition, two of one coalition or camp), "enemies" or "unknown"."""
    if a == b:
        return "same"
    parents = [known.parent for known in (actors().get(a), actors().get(b)) if known]
    if a in parents or b in parents or (len(parents) == 2 and parents[0] and parents[0] == parents[1]):
        return "kin"
    sides = {camp[a] == camp[b] for camp in camps().values() if a in camp and b in camp}
    return "unknown" if not sides else "kin" if True in sides else "enemies"
