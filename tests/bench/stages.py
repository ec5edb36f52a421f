"""Where the time of a reading goes: stopwatches put around the functions of each stage for one run."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import process_time_ns
from typing import Any

# Stage → where its function is looked up when a report is read, in the order of the pipeline.
STAGES: dict[str, tuple[str, ...]] = {
    "tokenise": ("marsad.pipeline:cut",),
    "lay out words": ("marsad.pipeline:lay_out",),
    "places": ("marsad.reading.places:PlaceReader.find",),
    "which place is meant": ("marsad.pipeline:pick_theatre", "marsad.pipeline:context_of", "marsad.pipeline:settle"),
    "parties": ("marsad.reading.parties:PartyReader.find",),
    "clauses": ("marsad.pipeline:find_clauses",),
    "sites": ("marsad.pipeline:find_sites",),
    "times": ("marsad.reading.claims:find_times",),
    "numbers": ("marsad.reading.claims:find_numbers",),
    "voices": ("marsad.reading.attribution:AttributionReader.read",),
    "events": ("marsad.reading.events:EventFinder.find",),
    "belief": ("marsad.reading.claims:ClaimReader.believed",),
    "casting": ("marsad.reading.claims:ClaimReader.cast",),
    "whereabouts": ("marsad.reading.claims:ClaimReader.locate",),
    "dating": ("marsad.reading.claims:ClaimReader.date",),
    "status and speaker": ("marsad.reading.claims:ClaimReader._status", "marsad.reading.claims:ClaimReader._voice"),
    "tally of people": ("marsad.reading.tally:TallyReader.share_out",),
    "composing": ("marsad.pipeline:claims_of",),
}
REST = "the rest"


def owner_of(address: str) -> tuple[Any, str]:
    """Return the module or class that holds a function, and its name there; AttributeError where it has gone."""
    module, _, path = address.partition(":")
    *outer, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for part in outer:
        owner = getattr(owner, part)
    getattr(owner, name)
    return owner, name


def moved() -> list[str]:
    """Return the addresses that hold no function any more: their time would be counted as the rest."""
    return [address for addresses in STAGES.values() for address in addresses if not is_there(address)]


def is_there(address: str) -> bool:
    """Tell whether an address still holds a function."""
    try:
        owner_of(address)
    except (AttributeError, ModuleNotFoundError):
        return False
    return True


class Stopwatches:
    """Nanoseconds of processor time of each stage by itself: what a stage calls of another is counted there."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._inner: list[int] = []

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with the stage's stopwatch around it."""

        @wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            self._inner.append(0)
            start = process_time_ns()
            try:
                return function(*args, **named)
            finally:
                whole = process_time_ns() - start
                self.spent[stage] += whole - self._inner.pop()
                if self._inner:
                    self._inner[-1] += whole

        return timed

    @contextmanager
    def running(self) -> Iterator[None]:
        """Put the stopwatches around every stage for a while."""
        known = [(stage, address) for stage, addresses in STAGES.items() for address in addresses if is_there(address)]
        given = [(stage, *owner_of(address)) for stage, address in known]
        kept = [(owner, name, getattr(owner, name)) for _, owner, name in given]
        try:
            for stage, owner, name in given:
                setattr(owner, name, self.around(stage, getattr(owner, name)))
            yield
        finally:
            for owner, name, function in kept:
                setattr(owner, name, function)
