"""What is meant by the start of an id: people copy eight characters of it, or type four."""

from __future__ import annotations

import re

from sqlalchemy import Connection, select

from marsad.errors import UsageError
from marsad.record import schema

# Ids that the record gives are hexadecimal, those of incidents after an "i"; so "g" comes after all that goes on.
_OURS = re.compile("i?[0-9a-f]*")
_AFTER = "g"
_SHOWN = 6
_TABLES = {"claim": schema.claim, "incident": schema.incident, "decision": schema.decision}
_LISTS = {"claim": "`marsad claims`", "incident": "`marsad incidents`", "decision": "`marsad history CLAIM`"}


def find_id(connection: Connection, written: str, *kinds: str) -> tuple[str, str]:
    """Return the kind and the id of the one claim, incident or decision that has this id or begins so.

    Raise UsageError where there is none, and where there are several, with their ids.
    """
    for kind in kinds:
        if _ids(connection, kind, written, whole=True):
            return kind, written
    found = [(kind, id) for kind in kinds for id in _ids(connection, kind, written, whole=False)]
    if not found:
        lists = " and ".join(_LISTS[kind] for kind in kinds)
        raise UsageError(f"there is no {' or '.join(kinds)} {written!r}; {lists} list{'s'[len(kinds) > 1 :]} them")
    if len(found) > 1:
        named = ", ".join(f"{kind} {id}" for kind, id in found[:_SHOWN]) + (" …" if len(found) > _SHOWN else "")
        raise UsageError(f"{written!r} may be {named}; write more of the id")
    return found[0]


def _ids(connection: Connection, kind: str, written: str, whole: bool) -> list[str]:
    column = _TABLES[kind].c.id
    if whole:
        return list(connection.execute(select(column).where(column == written).limit(1)).scalars())
    if not written or not _OURS.fullmatch(written):
        return []
    # Between two ids, not LIKE: SQLite uses no index for that.
    asked = select(column).distinct().where(column >= written, column < written + _AFTER).order_by(column)
    return list(connection.execute(asked.limit(_SHOWN + 1)).scalars())


def knows_place(connection: Connection, id: str) -> bool:
    """Tell whether any claim names a place of this id, which the gazetteer of today may not have."""
    place = schema.claim_place
    return connection.execute(select(place.c.claim_n).where(place.c.place_id == id).limit(1)).first() is not None
