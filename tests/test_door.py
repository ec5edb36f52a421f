"""The public door is `marsad.__all__`: every name in it is there, documented, and opens without weight."""

from __future__ import annotations

import subprocess
import sys

import marsad

HEAVY = {"trafilatura", "lxml", "pyarrow", "pandas", "hijridate"}


def test_every_public_name_is_there_and_says_what_it_is():
    assert {"read", "Reader", "Reading", "read_frame"} <= set(marsad.__all__)
    for name in marsad.__all__:
        thing = getattr(marsad, name)
        assert not callable(thing) or thing.__doc__, f"marsad.{name} has no docstring"


def test_the_door_shows_nothing_that_is_not_public():
    assert sorted(marsad.__all__) == sorted(set(marsad.__all__))
    assert set(marsad.__all__) <= set(dir(marsad))


def test_opening_the_door_or_the_command_line_loads_nothing_heavy():
    code = "import sys, marsad, marsad.faces.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)
