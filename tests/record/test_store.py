"""A record as it is held: one instant a writing, all or nothing, one state a question, no password in any message."""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from marsad.errors import RecordError, UsageError
from marsad.record import schema
from marsad.record.asof import by_then, instant_of, micros_of, moment_of, standing
from marsad.record.store import named, open_record, shown


def count_of(connection, table=schema.failure):
    return connection.execute(select(func.count()).select_from(table)).scalar()


def failure(reason="لا نص فيه"):
    return {"address": "تقرير.txt", "reason": reason, "remedy": "أعد الحفظ"}


def test_each_writing_has_one_instant_for_all_of_its_rows(record):
    with record.writing("add") as writing:
        writing.add(schema.failure, [failure("أ"), failure("ب")])
        writing.add_one(schema.failure, **failure("ج"))
    with record.asking() as asking:
        instants = set(asking.execute(select(schema.failure.c.recorded_at)).scalars())
        acts = asking.execute(select(schema.act.c.what, schema.act.c.recorded_at)).all()
    assert instants == {writing.at}
    assert acts == [("add", writing.at)]


def test_instants_strictly_increase_when_the_clock_goes_back(record, monkeypatch):
    days = itertools.cycle([2_000_000_000, 1_000_000_000, 1_000_000_000, 0])
    monkeypatch.setattr(time, "time_ns", lambda: next(days) * 1_000_000_000)
    instants = []
    for _ in range(6):
        with record.writing("add") as writing:
            instants.append(writing.at)
    assert instants == sorted(set(instants)), "two acts may not share an instant nor go back"
    assert instants[:3] == [2_000_000_000_000_000, 2_000_000_000_000_001, 2_000_000_000_000_002]


def test_instants_follow_the_order_in_which_writers_ended(address):
    """A writing of which others learn later may not bear an earlier instant: yesterday's answers would change."""
    opened = [open_record(address) for _ in range(4)]

    def write(record):
        for _ in range(5):
            with record.writing("add") as writing:
                writing.add(schema.failure, [failure()])

    threads = [threading.Thread(target=write, args=(record,)) for record in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened[0].asking() as asking:
        instants = asking.execute(select(schema.act.c.recorded_at).order_by(schema.act.c.n)).scalars().all()
    for record in opened:
        record.close()
    assert len(instants) == 20
    assert instants == sorted(set(instants))


def test_a_writing_that_fails_leaves_nothing(record):
    with pytest.raises(ZeroDivisionError), record.writing("add") as writing:
        writing.add(schema.failure, [failure()])
        writing.add_one(schema.capture, address="a", kind="text", sha256="0", size=1, captured_at=1, tool="t")
        raise ZeroDivisionError
    with record.asking() as asking:
        assert [count_of(asking, table) for table in (schema.act, schema.failure, schema.capture)] == [0, 0, 0]


def test_a_broken_rule_of_the_tables_takes_the_whole_writing_back_and_is_told(record):
    with pytest.raises(RecordError), record.writing("add") as writing:
        writing.add(schema.failure, [failure()])
        writing.add(schema.reading, [{"report_n": 7, "reader": "1", "claims": 0, "unread": 0}])
    with record.asking() as asking:
        assert count_of(asking) == 0


def test_nothing_written_is_a_writing_all_the_same(record):
    with record.writing("add") as writing:
        writing.add(schema.failure, [])
    with record.asking() as asking:
        assert (count_of(asking, schema.act), count_of(asking)) == (1, 0)


def test_add_one_returns_the_number_under_which_the_row_lies(record):
    with record.writing("add") as writing:
        numbers = [writing.add_one(schema.failure, **failure(reason)) for reason in ("أ", "ب", "ج")]
    with record.asking() as asking:
        found = asking.execute(select(schema.failure.c.n, schema.failure.c.reason)).all()
    assert sorted(found) == list(zip(numbers, ("أ", "ب", "ج"), strict=True))


def test_what_is_written_comes_back_as_it_was(record, fill):
    fill(record, 3)
    with record.asking() as asking:
        row = asking.execute(select(schema.claim).where(schema.claim.c.n == 2)).one()._mapping
        original = asking.execute(select(schema.capture.c.original).where(schema.capture.c.n == 3)).scalar()
    assert (row["place"], row["gone"], row["lat"], row["report_n"]) == ("place رقم 2", True, 0.5, 2)
    assert original == b"\x00\x03\xff"


def test_one_reads_while_another_writes(address):
    reader, writer = open_record(address), open_record(address)
    with writer.writing("add") as writing:
        writing.add(schema.failure, [failure()])
        with reader.asking() as asking:
            assert count_of(asking) == 0, "what is not yet kept is not seen"
    with reader.asking() as asking:
        assert count_of(asking) == 1
    reader.close()
    writer.close()


def test_everything_asked_at_once_sees_one_state(address):
    reader, writer = open_record(address), open_record(address)
    with reader.asking() as asking:
        before = count_of(asking)
        with writer.writing("add") as writing:
            writing.add(schema.failure, [failure()])
        assert (before, count_of(asking)) == (0, 0)
    with reader.asking() as asking:
        assert count_of(asking) == 1
    reader.close()
    writer.close()


def test_whoever_asks_cannot_write(record):
    with record.asking() as asking:
        asking.execute(schema.act.insert().values(what="add", tool="", recorded_at=1))
    with record.asking() as asking:
        assert count_of(asking, schema.act) == 0, "only a writing is kept"


def test_a_writer_waits_for_the_one_before(address):
    first, second = open_record(address), open_record(address)
    held, begun, order = threading.Event(), threading.Event(), []

    def write_later():
        held.wait()
        begun.set()
        with second.writing("second"):
            order.append("second")

    thread = threading.Thread(target=write_later)
    thread.start()
    with first.writing("first"):
        held.set()
        begun.wait()
        time.sleep(0.05)  # enough for the second to come in if nothing kept it out
        order.append("first")
    thread.join()
    first.close()
    second.close()
    assert order == ["first", "second"]


def state(id, place, gone=False):
    given = {"by": "reader", "verdict": "", "type": "shelling", "status": "happened", "certainty": 0.5, "body": "{}"}
    return {"id": id, "report_id": "r1", "report_n": 1, "gone": gone, "place": place, **given}


@pytest.fixture
def history(record, fill, append_only):
    """Write claim `a` in درعا, then (second instant) in نوى with `b` beside it, then (third) `b` as gone."""
    fill(record, 1)
    instants = []
    for states in ([state("a", "درعا")], [state("a", "نوى"), state("b", "جاسم")], [state("b", "جاسم", gone=True)]):
        with record.writing("add") as writing:
            writing.add(schema.claim, states)
        instants.append(writing.at)
    return record, instants


def stood(record, known_by):
    claim = schema.claim
    with record.asking() as asking:
        asked = select(claim.c.id, claim.c.place, claim.c.gone).where(
            claim.c.id.in_(["a", "b"]), standing(claim, ("id",), known_by)
        )
        return sorted(map(tuple, asking.execute(asked)))


def test_the_newest_row_of_an_id_stands_as_of_each_instant(history):
    record, (first, second, third) = history
    assert stood(record, first - 1) == []
    assert stood(record, first) == stood(record, second - 1) == [("a", "درعا", False)]
    assert stood(record, second) == stood(record, third - 1) == [("a", "نوى", False), ("b", "جاسم", False)]
    assert stood(record, third) == stood(record, None) == [("a", "نوى", False), ("b", "جاسم", True)]


def test_of_two_rows_of_one_instant_the_later_written_stands(record, fill):
    fill(record, 1)
    with record.writing("add") as writing:
        writing.add(schema.claim, [state("a", "درعا"), state("a", "بصرى")])
    assert stood(record, writing.at) == stood(record, None) == [("a", "بصرى", False)]


def test_standing_by_two_keys_keeps_each_pair(record, append_only):
    def membership(claim, incident, gone=False):
        return {"claim_id": claim, "incident_id": incident, "gone": gone, "by": "fusion", "why": "[]"}

    with record.writing("fuse") as before:
        before.add(schema.membership, [membership("a", "i1"), membership("a", "i2"), membership("b", "i1")])
    with record.writing("fuse") as after:
        after.add(schema.membership, [membership("a", "i1", gone=True)])

    def pairs(known_by):
        table = schema.membership
        stands = standing(table, ("claim_id", "incident_id"), known_by)
        with record.asking() as asking:
            asked = select(table.c.claim_id, table.c.incident_id).where(stands, table.c.gone.is_(False))
            return sorted(map(tuple, asking.execute(asked)))

    assert pairs(before.at) == [("a", "i1"), ("a", "i2"), ("b", "i1")]
    assert pairs(None) == [("a", "i2"), ("b", "i1")]


def test_by_then_leaves_out_what_came_later(history):
    record, (first, second, third) = history
    with record.asking() as asking:
        counts = [
            asking.execute(select(func.count()).select_from(schema.act).where(by_then(schema.act, at))).scalar()
            for at in (first - 1, first, second, third, None)
        ]
    assert [count - counts[0] for count in counts] == [0, 1, 2, 3, 3]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2018-07-06", datetime(2018, 7, 6, 23, 59, 59, 999_999, UTC)),
        ("2018-07-06T18:00", datetime(2018, 7, 6, 18, tzinfo=UTC)),
        ("2018-07-06T18:00+03:00", datetime(2018, 7, 6, 15, tzinfo=UTC)),
        ("2018-07-06T18:00:00.000001Z", datetime(2018, 7, 6, 18, 0, 0, 1, UTC)),
        ("1969-12-31T23:59:59.999999", datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)),
    ],
)
def test_a_day_is_known_by_its_end_and_a_time_by_itself(written, moment):
    assert moment_of(instant_of(written)) == moment
    assert instant_of(written) == micros_of(moment)


@pytest.mark.parametrize("written", ["2018-07-32", "أمس", "", "2018-7-6", "9999-12-31"])
def test_what_is_no_day_is_refused_with_an_example(written):
    with pytest.raises(UsageError, match="2018-07-06"):
        instant_of(written)


def test_a_password_is_never_shown(server):
    address = f"postgresql://nobody:khubz-sirri@/postgres?host={server.socket}"
    assert "khubz-sirri" not in shown(address)
    with pytest.raises(RecordError) as refused:
        open_record(address)
    assert "khubz-sirri" not in str(refused.value)
    assert "nobody" in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://marsad:khubz-sirri@127.0.0.1:1/observatory",
        "postgres://marsad:khubz-sirri@[127.0.0.1/observatory",
        "postgresql://marsad:khubz-sirri@127.0.0.1:port/observatory",
        "mysql://marsad:khubz-sirri@127.0.0.1/observatory",
        "postgresql:///observatory?password=khubz-sirri&host=/nowhere",
        "postgresql+psycopg://marsad:khubz-sirri@127.0.0.1:1/observatory",
    ],
)
def test_no_address_gives_its_password_away_however_wrong_it_is(address):
    with pytest.raises((RecordError, UsageError)) as refused:
        open_record(address)
    assert "khubz-sirri" not in str(refused.value)
    assert "khubz-sirri" not in shown(address)


def test_a_trouble_without_a_name_is_told_in_the_words_of_the_engine():
    trouble = named("observatory.marsad", OSError("flux capacitor missing\nline two"))
    assert str(trouble).startswith("observatory.marsad: flux capacitor missing; ")
    assert "line two" not in str(trouble)


def test_append_only_sees_what_changes_rows_and_lets_other_tables_be(record, tables_changed_by):
    for statement in (
        "UPDATE claim SET gone = 1", 'DELETE FROM "report" WHERE n = 1', "REPLACE INTO poll VALUES (1)",
        "INSERT OR REPLACE INTO poll VALUES (1)", "TRUNCATE incident", "DROP TABLE mark",
        "INSERT INTO polled VALUES (1) ON CONFLICT (source) DO UPDATE SET key = 2",
        "WITH gone AS (DELETE FROM claim RETURNING n) SELECT n FROM gone",
    ):  # fmt: skip
        assert tables_changed_by(statement), statement
    for statement in (
        "INSERT INTO claim VALUES (1)", "SELECT n FROM claim FOR UPDATE", "UPDATE alembic_version SET version_num = 1",
        "INSERT INTO polled VALUES (1) ON CONFLICT DO NOTHING", "DELETE FROM words",
    ):  # fmt: skip
        assert not tables_changed_by(statement), statement


def test_a_record_can_be_copied_as_one_file_once_it_is_closed(empty_file, tmp_path):
    file, copy = tmp_path / "observatory.marsad", tmp_path / "copy.marsad"
    shutil.copyfile(empty_file, file)
    record = open_record(str(file))
    with record.writing("add") as writing:
        writing.add(schema.failure, [failure()])
    record.close()
    shutil.copyfile(file, copy)
    copied = open_record(str(copy))
    with copied.asking() as asking:
        assert count_of(asking) == 1
        assert asking.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    copied.close()
