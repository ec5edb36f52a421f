"""Marks are rows with a person and a reason; the key of pseudonyms lies apart from the record and is made once."""

from __future__ import annotations

import shutil
import stat

import pytest
from sqlalchemy import select

from marsad.errors import RecordError, UsageError
from marsad.record import schema
from marsad.record.sensitive import find_key, key_file, mark, marks, pseudonym_of
from marsad.record.store import open_record


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("MARSAD_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def set_mark(record, kind, key, rule, until=None, person="هدى", reason="طلب المصدر"):
    with record.writing("mark") as writing:
        mark(writing, kind, key, rule, until, person, reason)
        return writing.at


def standing(record, known_by=None):
    with record.asking() as connection:
        return [(found.kind, found.key, found.rule) for found in marks(connection, known_by)]


def key_of(record):
    with record.asking() as connection:
        return find_key(connection)


def add_report(record, id="r1"):
    with record.writing("add") as writing:
        capture = writing.add_one(
            schema.capture, address="a", kind="text", sha256="0", size=1, captured_at=1, tool="test"
        )
        writing.add_one(schema.report, id=id, version=1, capture_n=capture, lead=False, text="نص", sha256="0")


def test_the_newest_mark_of_a_name_stands_in_any_spelling_and_is_lifted_by_another_row(record):
    first = set_mark(record, "person", "أبو سعيد", "pseudonym")
    assert standing(record) == [("person", "أبو سعيد", "pseudonym")]
    set_mark(record, "person", "ابي سَعيد", "open")
    assert standing(record) == []
    assert standing(record, first) == [("person", "أبو سعيد", "pseudonym")]
    assert standing(record, first - 1) == []


@pytest.mark.parametrize(
    ("kind", "rule", "until"),
    [
        ("source", "blur", None),
        ("person", "embargo", "2030-01-01"),
        ("place", "pseudonym", None),
        ("report", "blur", None),
        ("claim", "pseudonym", None),
        ("outlet", "pseudonym", None),
        ("key", "open", None),
        ("source", "pseudonym", "2030-01-01"),
        ("report", "embargo", None),
        ("report", "embargo", "soon"),
        ("report", "embargo", "20300101"),
        ("source", "open", None),
    ],
)
def test_a_mark_that_cannot_be_is_refused(record, kind, rule, until):
    add_report(record)
    with pytest.raises(UsageError):
        set_mark(record, kind, "r1", rule, until)
    assert standing(record) == []


@pytest.mark.parametrize("fields", [{"person": " "}, {"reason": ""}, {"key": "؟!"}])
def test_a_mark_names_what_it_is_on_who_set_it_and_why(record, fields):
    with pytest.raises(UsageError):
        set_mark(record, **{"kind": "source", "key": "شبكة", "rule": "pseudonym", **fields})


def test_an_embargo_is_on_something_that_is_there(record):
    add_report(record)
    set_mark(record, "report", "r1", "embargo", "2030-01-01")
    with pytest.raises(UsageError, match="no report 'r2'"):
        set_mark(record, "report", "r2", "embargo", "2030-01-01")
    with pytest.raises(UsageError, match="no claim"):
        set_mark(record, "claim", "r1", "embargo", "2030-01-01")


def test_the_first_pseudonym_makes_a_key_for_its_owner_alone(record, home):
    add_report(record)
    set_mark(record, "report", "r1", "embargo", "2030-01-01")
    assert not home.exists()
    set_mark(record, "source", "شبكة الساحل", "pseudonym")
    (file,) = (home / "marsad").iterdir()
    assert len(file.read_bytes()) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert key_of(record) == file.read_bytes()
    set_mark(record, "person", "أم وليد", "pseudonym")
    assert key_of(record) == file.read_bytes()


def test_the_record_does_not_hold_the_key(tmp_path):
    file = tmp_path / "r.marsad"
    record = open_record(str(file))
    set_mark(record, "source", "شبكة الساحل", "pseudonym")
    key = key_of(record)
    record.close()
    held = b"".join(part.read_bytes() for part in tmp_path.glob("r.marsad*"))
    assert key is not None and key not in held and key.hex().encode() not in held


def test_another_file_can_be_named_for_the_key(record, tmp_path, monkeypatch):
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "safe" / "our.key"))
    set_mark(record, "source", "شبكة الساحل", "pseudonym")
    assert key_of(record) == (tmp_path / "safe" / "our.key").read_bytes()


def test_two_records_have_two_keys_and_a_copy_has_its_originals(tmp_path):
    one, two = (open_record(str(tmp_path / name)) for name in ("one.marsad", "two.marsad"))
    for record in (one, two):
        set_mark(record, "source", "شبكة الساحل", "pseudonym")
    assert key_of(one) != key_of(two)
    one.close()
    shutil.copyfile(tmp_path / "one.marsad", tmp_path / "copy.marsad")
    assert key_of(open_record(str(tmp_path / "copy.marsad"))) == key_of(open_record(str(tmp_path / "one.marsad")))


def test_a_lost_or_wrong_key_is_not_replaced(record, tmp_path, monkeypatch):
    set_mark(record, "source", "شبكة الساحل", "pseudonym")
    with record.asking() as connection:
        file = key_file(connection)
    kept = file.read_bytes()
    file.unlink()
    assert key_of(record) is None
    with pytest.raises(RecordError, match="is not there"):
        set_mark(record, "source", "مركز النهر", "pseudonym")
    file.write_bytes(bytes(32))
    assert key_of(record) is None
    with pytest.raises(RecordError, match="another record's"):
        set_mark(record, "source", "مركز النهر", "pseudonym")
    file.write_bytes(b"short")
    assert key_of(record) is None
    with pytest.raises(RecordError, match="32 bytes"):
        set_mark(record, "source", "مركز النهر", "pseudonym")
    file.write_bytes(kept)
    set_mark(record, "source", "مركز النهر", "pseudonym")
    assert key_of(record) == kept


def test_what_was_rolled_back_leaves_a_key_that_the_next_mark_takes(record):
    with pytest.raises(ZeroDivisionError), record.writing("mark") as writing:
        mark(writing, "source", "شبكة الساحل", "pseudonym", None, "هدى", "سبب")
        raise ZeroDivisionError
    set_mark(record, "source", "شبكة الساحل", "pseudonym")
    assert key_of(record) is not None


def test_a_pseudonym_is_one_for_all_spellings_and_another_for_other_names_kinds_and_keys():
    key = bytes(range(32))
    one = pseudonym_of(key, "source", "أبو سعيد")
    assert one is not None and one.startswith("source-") and len(one) == len("source-") + 8
    for spelling in ("ابو سعيد", "أبي سعيد", "أبا سعيد", "أَبُو سَعِيد", "أبـــو  سعيد", "أبوسعيد", "أبو-سعيد"):
        assert pseudonym_of(key, "source", spelling) == one
    others = {pseudonym_of(key, "source", "أم سعيد"), pseudonym_of(key, "person", "أبو سعيد")}
    assert len(others | {one, pseudonym_of(bytes(32), "source", "أبو سعيد")}) == 4
    assert pseudonym_of(None, "source", "أبو سعيد") is None


def test_marks_are_added_never_changed(record):
    set_mark(record, "source", "شبكة الساحل", "pseudonym")
    set_mark(record, "source", "شبكة الساحل", "open")
    with record.asking() as connection:
        rules = connection.execute(select(schema.mark.c.rule).where(schema.mark.c.kind == "source")).scalars().all()
    assert rules == ["pseudonym", "open"]
