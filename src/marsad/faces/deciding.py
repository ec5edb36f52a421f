"""Holding the record to decide on it: who decides, one decision of many that cannot be made, and what follows."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from marsad.errors import UsageError
from marsad.faces.opening import add_record_options, opened

if TYPE_CHECKING:
    from marsad.record.store import Record, Writing


def whole_number(written: str) -> int:
    """Return a count from 1 on; raise what argparse turns into a usage message."""
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"{written!r} is no count; write a number from 1")
    return int(written)


def add_person(parser: argparse.ArgumentParser) -> None:
    """Add --person to the options."""
    who = "who decides ($MARSAD_PERSON, else your login)"
    # Not None: what stands before the action would be forgotten.
    parser.add_argument("--person", metavar="NAME", default=argparse.SUPPRESS, help=who)


def add_action(actions: Any, name: str, run: Any, help: str, reason: bool = True) -> argparse.ArgumentParser:
    """Add an action with the options that all share, and return its parser."""
    leaf: argparse.ArgumentParser = actions.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    if reason:
        add_person(leaf)
        leaf.add_argument("--reason", default="", metavar="WORDS", help="why; kept with the decision")
    add_record_options(leaf)
    leaf.set_defaults(run=run, action=name)
    return leaf


@contextmanager
def deciding(asked: argparse.Namespace) -> Iterator[Record]:
    """Open the record to decide on it; raise UsageError where a day of knowledge is asked for."""
    if asked.known_by:
        raise UsageError("what is written now is known from now on; leave --known-by out")
    with opened(asked) as record:
        yield record


@contextmanager
def writing_on(record: Record, what: str) -> Iterator[Writing]:
    """Hold the record for writing in the name of this program."""
    from marsad.pipeline import release

    with record.writing(what, f"marsad {release()}") as writing:
        yield writing


def fuse_after(record: Record) -> None:
    """Bring into the incidents what was decided."""
    from marsad.faces.progress import Meter
    from marsad.judging import bring_into_incidents

    with Meter("claims fused") as meter:
        bring_into_incidents(record, meter.add)


def do_each(refs: Iterable[Any], act: Callable[[Any], Any]) -> int:
    """Do it with each; what cannot be done is told, and the others are done. Return how many were."""
    done = 0
    for ref in refs:
        try:
            act(ref)
            done += 1
        except UsageError as error:
            print(f"marsad: {error}", file=sys.stderr)
    return done


def exit_code(done: int, of: int) -> int:
    """Return 0 where all was done, 1 where something was, 2 where the whole question was wrong."""
    return 0 if done == of else 1 if done else 2


def print_all(lines: Iterable[str]) -> None:
    """Print the lines."""
    for line in lines:
        print(line)
