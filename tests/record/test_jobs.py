"""Jobs: one process at a time holds one, whoever dies loses it, and what fails is tried again ever more seldom."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from itertools import pairwise

import pytest
from sqlalchemy import select

from marsad.record import jobs
from marsad.record.jobs import CANCELLED, DONE, FAILED, MOST_TRIES, SECOND, WAITING
from marsad.record.schema import job
from marsad.record.store import open_record

LEASE = 30 * SECOND


def put(record, what="work", at=0, **said):
    with record.restoring() as connection:
        return jobs.put(connection, what, said.pop("body", {}), at, **said)


def row(record, n):
    with record.asking() as connection:
        found = connection.execute(select(job).where(job.c.n == n)).one()
    return {**found._mapping, "told": json.loads(found.told)}


def take(record, at=0, holder="one", kinds=("work",)):
    return jobs.take(record, holder, kinds, at, LEASE)


def test_a_job_is_held_by_who_takes_it_and_by_nobody_else(record):
    n = put(record, body={"file": "خبر.txt"}, person="سلمى")
    held = take(record)
    assert (held.n, held.body, held.person, held.tries) == (n, {"file": "خبر.txt"}, "سلمى", 1)
    assert take(record, holder="two") is None


def test_the_first_that_is_due_is_taken_first_and_what_is_not_due_waits(record):
    late, first = put(record, due_at=50), put(record, due_at=10)
    assert [take(record, at=60).n, take(record, at=60).n] == [first, late]
    put(record, due_at=99)
    assert take(record, at=98) is None


def test_a_job_of_another_kind_is_left_alone(record):
    put(record, "poll")
    assert take(record) is None


def test_what_its_holder_no_longer_holds_for_is_taken_by_another(record):
    put(record)
    first, second = take(record), take(record, at=LEASE, holder="two")
    assert (second.n, second.tries) == (first.n, 2)


def test_who_holds_on_keeps_the_job(record):
    put(record)
    held = take(record)
    assert jobs.prolong(record, held, LEASE - 1, LEASE, {"new": 3})
    assert take(record, at=LEASE, holder="two") is None
    assert row(record, held.n)["told"] == {"title": "", "new": 3}


@pytest.mark.parametrize("way", ["end", "fail", "prolong", "give_back", "take_away"])
def test_who_lost_a_job_changes_nothing_of_it(record, way):
    n = put(record)
    lost, held = take(record), take(record, at=LEASE, holder="two")
    before = row(record, n)
    ways = {
        "end": lambda: jobs.end(record, lost, {}), "fail": lambda: jobs.fail(record, lost, "", "", LEASE),
        "prolong": lambda: jobs.prolong(record, lost, LEASE, LEASE), "give_back": lambda: jobs.give_back(record, lost),
        "take_away": lambda: jobs.end(record, lost, {}, keep=False),
    }  # fmt: skip
    assert ways[way]() is False
    assert row(record, n) == before
    assert jobs.end(record, held, {"new": 1})


def test_a_job_that_is_done_says_what_came_of_it_and_no_longer_what_it_was_to_do(record):
    n = put(record, body={"data": "x" * 1000}, title="خبر.txt")
    assert jobs.end(record, take(record), {"new": 2})
    found = row(record, n)
    assert (found["state"], found["body"], found["told"]) == (DONE, "{}", {"title": "خبر.txt", "new": 2})


def test_what_fails_is_tried_again_after_twice_as_long_each_time_and_then_left_to_a_person(record):
    n, at, waited = put(record), 0, []
    for _ in range(MOST_TRIES):
        held = take(record, at=at)
        assert jobs.fail(record, held, "the server is down", "try later", at)
        waited.append(row(record, n)["due_at"] - at)
        at = row(record, n)["due_at"]
    assert [b / a for a, b in pairwise(waited[:-1])] == [2.0] * (MOST_TRIES - 2)
    found = row(record, n)
    assert (found["state"], found["told"]["reason"], found["told"]["remedy"]) == (
        FAILED,
        "the server is down",
        "try later",
    )
    assert take(record, at=at * 10) is None


def test_what_trying_again_does_not_mend_fails_at_once(record):
    n = put(record)
    jobs.fail(record, take(record), "no address", "check it", 0, for_good=True)
    assert row(record, n)["state"] == FAILED


def test_a_job_that_takes_down_whoever_takes_it_fails_in_the_end(record):
    n = put(record)
    for turn in range(MOST_TRIES):
        assert take(record, at=turn * LEASE).n == n
    assert take(record, at=MOST_TRIES * LEASE) is None
    found = row(record, n)
    assert found["state"] == FAILED
    assert found["told"]["reason"] and found["told"]["remedy"]


def test_many_that_ask_for_the_same_get_one_job_unless_it_has_begun(record):
    def ask(at=0):
        with record.restoring() as connection:
            return jobs.put_once(connection, "work", {}, at)

    first = ask()
    assert (first is not None, ask(), ask()) == (True, None, None)
    held = take(record)
    after = ask()  # what was decided meanwhile may have been missed by the one under way
    assert after not in (None, first)
    assert ask() is None
    jobs.end(record, held, {}, keep=False)
    assert take(record).n == after


def test_a_cancelled_job_is_lost_to_who_is_at_it_and_can_be_tried_again(record):
    n = put(record)
    held = take(record)
    with record.restoring() as connection:
        assert jobs.cancel(connection, n)
        assert not jobs.cancel(connection, n)
    assert not jobs.prolong(record, held, 1, LEASE)
    assert row(record, n)["state"] == CANCELLED
    with record.restoring() as connection:
        assert jobs.again(connection, n, 5)
        assert not jobs.again(connection, n, 5)
    assert take(record, at=5).tries == 1


def test_a_program_that_ends_gives_its_job_back_untried(record):
    n = put(record)
    assert jobs.give_back(record, take(record))
    assert (row(record, n)["tries"], take(record, holder="two").n) == (0, n)


def test_the_list_has_what_is_open_first_and_counts_say_how_many(record):
    done, failed, waiting = put(record), put(record), put(record)
    jobs.end(record, take(record), {})
    jobs.fail(record, take(record), "", "", 0, for_good=True)
    put(record, "poll")
    with record.asking() as connection:
        assert [r["n"] for r in jobs.jobs(connection, ["work"], 0)] == [waiting, failed, done]
        assert jobs.counts(connection, ["work"]) == {WAITING: 1, FAILED: 1, DONE: 1}
        assert "body" not in jobs.jobs(connection, ["work"], 0)[0]


def test_what_was_done_long_ago_is_swept_and_nothing_else(record):
    kept = [put(record, at=10), put(record, at=99)]
    old = put(record, at=10, due_at=0)
    jobs.end(record, take(record, at=10), {})
    with record.restoring() as connection:
        assert jobs.is_old(connection, 50)
        assert jobs.sweep(connection, 50) == 1
        assert not jobs.is_old(connection, 50)
        assert sorted(connection.execute(select(job.c.n)).scalars()) == kept
        assert old not in kept


def test_threads_that_take_at_once_never_take_the_same(record):
    numbers = {put(record) for _ in range(24)}
    taken, gate = [], threading.Barrier(4)

    def work(name):
        gate.wait()
        while (held := take(record, at=1, holder=name)) is not None:
            taken.append(held.n)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == sorted(numbers)


# A process that does all that waits, and says each number before and after; the one that is to be killed hangs. Its
# clock is so many seconds ahead of ours, as after waiting so long.
_WORKER = """
import sys, time
from marsad.record import jobs
from marsad.record.store import open_record
address, name, ahead = sys.argv[1], sys.argv[2], int(sys.argv[3])
record = open_record(address)
print("ready", flush=True)
sys.stdin.readline()
while (held := jobs.take(record, name, ["work"], time.time_ns() // 1000 + ahead * 10**6, 60 * 10**6)) is not None:
    print("took", held.n, flush=True)
    if held.body.get("hang") == name:
        time.sleep(600)
    if jobs.end(record, held, {"by": name}):
        print("done", held.n, flush=True)
"""


def begin(address, name, ahead=0):
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER, address, name, str(ahead)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ},
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n", process.stderr.read()
    return process


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def test_two_processes_do_each_job_once_and_what_a_killed_one_held_is_done_by_the_other(address):
    with closing(open_record(address)) as record:
        hung = put(record, body={"hang": "killed"})
        others = {put(record) for _ in range(12)}
    first = begin(address, "killed")
    go(first)
    assert first.stdout.readline() == f"took {hung}\n"
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    two = [begin(address, name) for name in ("a", "b")]
    for process in two:
        go(process)
    said = [process.communicate(timeout=60)[0].splitlines() for process in two]
    done = [line for lines in said for line in lines if line.startswith("done")]
    assert sorted(done) == sorted(f"done {n}" for n in others)  # the lease of the dead one holds yet
    last = begin(address, "c", ahead=61)
    go(last)
    assert last.communicate(timeout=60)[0].splitlines() == [f"took {hung}", f"done {hung}"]
    with closing(open_record(address)) as record:
        found = row(record, hung)
        assert (found["state"], found["tries"], found["told"]["by"]) == (DONE, 2, "c")
