"""Answers that are kept: words repeat so much that most questions about them were asked before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V]):
    """What a function answered, by its argument; begins anew when it has grown to `most` answers.

    `map(memo.__getitem__, words)` asks for a whole report without a step of Python for a word known before.
    """

    __slots__ = ("_answer", "_most")

    def __init__(self, answer: Callable[[K], V], most: int = 100_000) -> None:
        super().__init__()
        self._answer, self._most = answer, most

    def __missing__(self, key: K) -> V:
        if len(self) >= self._most:
            self.clear()
        found = self[key] = self._answer(key)
        return found
