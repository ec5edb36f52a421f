"""A progress line on standard error, for people who wait."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TypeVar

Item = TypeVar("Item")
# Below this the work is over before the line could be read.
_PATIENCE = 50
_EVERY = 0.2  # seconds between two writings
_WIDTH = 78


class Meter:
    """Shows on a terminal how many there are and how many a second; writes nothing elsewhere."""

    def __init__(self, what: str) -> None:
        self._what, self._count, self._last = what, 0, 0.0
        self._start = time.monotonic()
        self._is_seen = sys.stderr.isatty()

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._last:
            sys.stderr.write("\r" + " " * _WIDTH + "\r")

    def add(self, count: int) -> None:
        """Count so many more."""
        self.show(self._count + count)

    def show(self, count: int, besides: str = "") -> None:
        """Show the count, the rate and what there is besides, if it is time to."""
        self._count, now = count, time.monotonic()
        if self._is_seen and count > _PATIENCE and now - self._last > _EVERY:
            self._last = now
            line = f"{count:,} {self._what}, {count / (now - self._start):,.0f} a second"
            sys.stderr.write(f"\r{line + (f', {besides}' if besides else ''):<{_WIDTH}}"[: _WIDTH + 1])
            sys.stderr.flush()


def shown(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items unchanged, with their count and rate on a terminal once they are many."""
    with Meter("reports read") as meter:
        for item in items:
            yield item
            meter.add(1)
