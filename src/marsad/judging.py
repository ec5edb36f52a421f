"""What a person may say of a claim, and what follows from it in the incidents."""

from __future__ import annotations

from collections.abc import Callable

from marsad.loading.codebook import actors, types
from marsad.pipeline import release
from marsad.record.coding import Guide
from marsad.record.incidents import fuse
from marsad.record.store import Record


def guide() -> Guide:
    """Return what the codebook allows in a claim."""
    return Guide(lambda type: type in types(), lambda id: id in actors())


def is_at_stake(type: str) -> bool:
    """Tell whether a claim of this type changes or contests who holds a place."""
    known = types().get(type)
    return known is not None and known.control != "nothing"


def bring_into_incidents(record: Record, progress: Callable[[int], None] = lambda count: None) -> None:
    """Fuse what was added or decided since the last time."""
    fuse(record, f"marsad {release()}", progress)
