"""What is sensitive: marks that persons set, and the key that pseudonyms are made with.

A mark is a row; who lifts it writes `open`. The key is a file apart from the record, so that whoever is handed the
record alone cannot tell which pseudonym is whose; the record knows only the key's fingerprint.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from marsad.errors import RecordError, UsageError
from marsad.record import schema
from marsad.record.asof import by_then
from marsad.record.searching import forms_of
from marsad.record.store import Writing

# What can be done with what; `open` lifts any of it.
RULES = {"source": "pseudonym", "person": "pseudonym", "place": "blur", "report": "embargo", "claim": "embargo"}
OPEN = "open"
# A source may besides be a group's alone: the rule is this with the name of the group, and stands beside a pseudonym.
GROUP = "group:"
_LONGEST_GROUP = 80
# A row of this kind in the same table holds the fingerprint of the key that the record's pseudonyms are made with.
_KEY = "key"
_KEY_BYTES = 32
# Of a thousand names, two share eight hexadecimal digits once in ten thousand records.
_DIGITS = 8
# The father in "father of" is written by its case: أبو سعيد said, with أبي سعيد, we saw أبا سعيد.
FATHERS = {"ابي": "ابو", "ابا": "ابو"}


class Mark(NamedTuple):
    """That something is sensitive, from whom and why; `until` is the first day on which an embargo is over."""

    kind: str
    key: str
    rule: str
    until: str | None
    person: str
    reason: str
    recorded_at: int

    @property
    def group(self) -> str | None:
        """Return the group that alone may see what the source tells, None where the mark is of another kind."""
        return self.rule[len(GROUP) :] if self.rule.startswith(GROUP) else None


def mark(writing: Writing, kind: str, key: str, rule: str, until: str | None, person: str, reason: str) -> None:
    """Write that the thing is sensitive, or with rule `open` that it no longer is.

    The first pseudonym or blur makes the record's key. Raise UsageError where the mark cannot be, RecordError where the
    key of earlier pseudonyms is not here.
    """
    _check(writing.connection, kind, key, rule, until)
    if not person.strip() or not reason.strip():
        raise UsageError("a mark says who set it and why; give a person and a reason")
    if rule in ("pseudonym", "blur"):  # a blurred place may stand in the id of a report, which then needs another
        _ready_key(writing, person)
    writing.add_one(schema.mark, kind=kind, key=key, rule=rule, until=until, person=person, reason=reason)


def marks(connection: Connection, known_by: int | None = None) -> list[Mark]:
    """Return the marks that stood at the instant (None: that stand), in the order they were set.

    Of one name there is one mark, and for a source one more that gives it to a group.
    """
    table = schema.mark.c
    columns = (table.kind, table.key, table.rule, table.until, table.person, table.reason, table.recorded_at)
    asked = select(*columns).where(by_then(schema.mark, known_by), table.kind != _KEY).order_by(table.n)
    newest: dict[tuple[str, str, bool], Mark] = {}
    for row in connection.execute(asked):
        found, key = Mark(*row), _key_of(row.kind, row.key)
        if found.rule == OPEN:
            newest.pop((found.kind, key, True), None)
            newest.pop((found.kind, key, False), None)
        else:
            newest[found.kind, key, found.group is not None] = found
    return list(newest.values())


def squashed(name: str) -> str:
    """Return a name as all its spellings have it: folded, without blanks and signs, "father" in one case."""
    return "".join(FATHERS.get(form.word, form.word) for form in forms_of(name))


def pseudonym_of(key: bytes | None, kind: str, name: str) -> str | None:
    """Return the name that stands for this one, the same for all its spellings and days; None without the key."""
    if key is None:
        return None
    digest = hmac.new(key, f"{kind}\x1f{_key_of(kind, name)}".encode(), hashlib.sha256).hexdigest()
    return f"{kind}-{digest[:_DIGITS]}"


def find_key(connection: Connection) -> bytes | None:
    """Return the key that the record's pseudonyms are made with; None where it is not here or is another record's."""
    fingerprint = _fingerprint_in(connection)
    if fingerprint is None:
        return None
    try:
        key = _read_key(key_file(connection))
    except RecordError:  # somebody else's file: the names are withheld, the rest can be looked at
        return None
    return key if key is not None and fingerprint_of(key) == fingerprint else None


def key_file(connection: Connection) -> Path:
    """Return where the key is kept: $MARSAD_KEY, else a file of the record's own in the person's configuration."""
    if named := os.environ.get("MARSAD_KEY"):
        return Path(named)
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "marsad" / f"{record_id(connection)}.key"


def fingerprint_of(key: bytes) -> str:
    """Return what tells this key from others and nothing else about it."""
    return hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()[:32]


def _check(connection: Connection, kind: str, key: str, rule: str, until: str | None) -> None:
    if kind not in RULES:
        raise UsageError(f"{kind!r} cannot be marked; mark one of {', '.join(RULES)}")
    if kind == "source" and rule.startswith(GROUP):
        _check_group(rule[len(GROUP) :])
    elif rule not in (RULES[kind], OPEN):
        raise UsageError(f"a {kind} cannot be put under {rule!r}; write {RULES[kind]}, or {OPEN} to lift it")
    if not key.strip() or not _key_of(kind, key):
        raise UsageError(f"{key!r} names no {kind}; write at least one letter or digit of it")
    _check_day(rule, until)
    if rule == OPEN and not any(
        (m.kind, _key_of(kind, m.key)) == (kind, _key_of(kind, key)) for m in marks(connection)
    ):
        raise UsageError(f"the {kind} {key!r} is not marked: there is nothing to lift")
    # A name may be marked before it comes up; an embargo on a mistyped id would keep nothing back.
    table = {"report": schema.report, "claim": schema.claim}.get(kind)
    if table is not None and connection.execute(select(table.c.n).where(table.c.id == key).limit(1)).first() is None:
        raise UsageError(f"the record holds no {kind} {key!r}; check its id")


def _check_group(name: str) -> None:
    if not name.strip() or name != name.strip() or len(name) > _LONGEST_GROUP or not name.isprintable():
        raise UsageError(f"{name[:_LONGEST_GROUP]!r} is no group; write 1 to {_LONGEST_GROUP} letters")
    if "," in name or "،" in name:
        raise UsageError(f"{name!r} holds a comma, which stands between the groups of a person; leave it out")


def _check_day(rule: str, until: str | None) -> None:
    if rule != "embargo":
        if until is not None:
            raise UsageError(f"only an embargo ends on a day; leave {until!r} out")
        return
    try:
        whole = until is not None and date.fromisoformat(until).isoformat() == until
    except ValueError:
        whole = False
    if not whole:
        raise UsageError(f"an embargo ends on a day, not on {until!r}; write it as 2018-07-06")


def _key_of(kind: str, key: str) -> str:
    """Return what two marks of the same thing share: a name in any spelling, an id as it is."""
    return squashed(key) if RULES.get(kind) == "pseudonym" else key


def _ready_key(writing: Writing, person: str) -> None:
    """Make sure that the key is here, and that it is the one that earlier pseudonyms were made with."""
    file = key_file(writing.connection)
    known = _fingerprint_in(writing.connection)
    key = _read_key(file)
    if key is None and known is None:
        key = _make_key(file)
    if key is None or known not in (None, fingerprint_of(key)):
        wrong = "is not there" if key is None else "is another record's"
        raise RecordError(
            f"{file}: the key of this record's pseudonyms {wrong}; bring it there, or name its file in MARSAD_KEY:"
            " a new one would give every source a second pseudonym"
        )
    if known is None:
        reason = "the key that pseudonyms are made with has this fingerprint"
        row = {"kind": _KEY, "key": fingerprint_of(key), "rule": OPEN, "until": None}
        writing.add(schema.mark, [{**row, "person": person, "reason": reason}])


def _read_key(file: Path) -> bytes | None:
    try:
        key = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordError(f"{file}: the key cannot be read ({error.strerror}); check its permissions") from error
    if len(key) != _KEY_BYTES:
        raise RecordError(f"{file}: a key has {_KEY_BYTES} bytes, this file {len(key)}; bring the right one there")
    return key


def _make_key(file: Path) -> bytes:
    """Write a new key for its owner alone, and return it."""
    key = secrets.token_bytes(_KEY_BYTES)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(key)
    except OSError as error:
        raise RecordError(f"{file}: the key cannot be written ({error.strerror}); name a file in MARSAD_KEY") from error
    return key


def _fingerprint_in(connection: Connection) -> str | None:
    table = schema.mark.c
    found: str | None = connection.execute(select(table.key).where(table.kind == _KEY).order_by(table.n)).scalar()
    return found


def record_id(connection: Connection) -> str:
    """Return what tells this record from others: its first act, which its copies share."""
    table = schema.act.c
    first: Sequence[object] | None = connection.execute(
        select(table.what, table.tool, table.recorded_at).order_by(table.n).limit(1)
    ).first()
    return hashlib.sha256("\x1f".join(map(str, first or ())).encode()).hexdigest()[:16]
