"""What can go wrong, as a tree.

MarsadError
├── UsageError       the person asked for something that is not there (exit 2)
├── InputError       one input could not be read; the rest of the batch goes on (exit 1)
├── RecordError      the record cannot be opened, read or written; names the file and the remedy (exit 1)
└── PackError        a data pack breaks its own rules; names file and entry
"""

from __future__ import annotations


class MarsadError(Exception):
    """Base of all errors that we raise on purpose."""


class UsageError(MarsadError):
    """The question itself is wrong: an unknown theatre, a date that is none."""


class InputError(MarsadError):
    """One input could not be read; the message names the file, the row and the remedy."""


class RecordError(MarsadError):
    """The record cannot be opened, read or written; the message names it and the remedy."""


class PackError(MarsadError):
    """A pack breaks a rule of the loader; the message names the file and the entry."""
