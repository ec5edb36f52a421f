"""The progress line: only on a terminal, only for many, and gone at the end."""

from __future__ import annotations

import io
import sys

import pytest

from marsad.faces import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("screen", "count", "told"), [(Terminal, 200, True), (Terminal, 20, False), (io.StringIO, 200, False)]
)
def test_it_tells_only_those_who_wait(monkeypatch, screen, count, told):
    monkeypatch.setattr(progress, "_EVERY", 0)
    monkeypatch.setattr(sys, "stderr", screen())
    assert list(progress.shown(range(count))) == list(range(count))
    written = sys.stderr.getvalue()
    assert ("reports read" in written) is told
    assert not told or written.endswith(" \r")
