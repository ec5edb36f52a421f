"""A progress line on standard error, for people who wait."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
# Below this a reading is over before the line could be read.
_PATIENCE = 50
_EVERY = 0.2  # seconds between two writings


def shown(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items unchanged, with their count and rate on a terminal once they are many."""
    if not sys.stderr.isatty():
        yield from items
        return
    start = last = time.monotonic()
    count = 0
    for count, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if count > _PATIENCE and now - last > _EVERY:
            last = now
            sys.stderr.write(f"\r{count:,} reports read, {count / (now - start):,.0f} a second ")
            sys.stderr.flush()
    if count > _PATIENCE:
        sys.stderr.write("\r" + " " * 60 + "\r")
