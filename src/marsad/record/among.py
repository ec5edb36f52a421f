"""A condition on many ids at once: engines take some ten thousand values in a question, and more in one list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSON


def among(connection: Connection, of: Any, ids: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of the ids, however many they are."""
    listed = literal(json.dumps(sorted(ids)), Text)
    if connection.dialect.name == "sqlite":
        rows = func.json_each(listed).table_valued(column("value", Text))
    else:
        rows = func.json_array_elements_text(cast(listed, JSON)).table_valued(column("value", Text))
    found: ColumnElement[bool] = of.in_(select(rows.c.value))
    return found
