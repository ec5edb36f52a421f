"""`marsad add` killed at any instant: each report is kept whole or not at all, and the same command again completes it.

Twenty kills, ten on each engine, each upon the same command on what the last kill left, then one run that ends by
itself. The instants are drawn with a fixed seed and spread from the start to the last writing.
48 reports, written a few at a time, keep it short: most of the time is the program's start. MARSAD_KILL_REPORTS=5000
sets another number and lets the command write as many at a time as it does.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import NullPool, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from marsad.record import schema
from marsad.record.asof import standing
from marsad.record.store import _server_url, open_record

REPORTS = int(os.environ.get("MARSAD_KILL_REPORTS", "48"))
KILLS = 10
# So few reports would be one writing, and there would be nothing to kill between.
_A_FEW_AT_A_TIME = """
import sys
import marsad.adding, marsad.record.incidents
from marsad.faces.cli import main
marsad.adding.BATCH, marsad.record.incidents._BATCH = 6, 30
sys.exit(main())
"""
_FORCES = ("قوات النظام", "الفصائل", "الجيش", "تنظيم الدولة")
_PLACES = ("درعا", "نوى", "جاسم", "بصرى الشام", "طفس", "الحراك", "إنخل", "الصنمين")
_EVENTS = (
    "سيطرت {force} على {place} يوم أمس بعد اشتباكات",
    "قصفت {force} بالمدفعية بلدة {place} صباح اليوم، ما أدى إلى مقتل {number} مدنيين",
    "انسحبت {force} من مدينة {place} فجر اليوم",
    "قال ناشطون إن {force} اعتقلت {number} أشخاص في {place} يوم الجمعة",
    "شن الطيران الحربي غارات على {place} أمس، بحسب مصدر محلي",
)


def report_text(number, draw):
    words = {"force": draw.choice(_FORCES), "place": draw.choice(_PLACES), "number": draw.randint(3, 9)}
    sentences = [event.format(**words) for event in draw.sample(_EVENTS, 2)]
    return f"{'، و'.join(sentences)}. وكان هذا الخبر رقم {number} من مراسلنا."


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Write so many reports of ten days into a file, one a line."""
    draw = random.Random(2018)
    file = tmp_path_factory.mktemp("kill") / "reports.jsonl"
    rows = (
        {
            "id": f"خبر-{number}",
            "text": report_text(number, draw),
            "published": f"2018-07-{1 + number % 10:02}",
            "outlet": f"مرصد {draw.choice(_PLACES)}",
            "theatre": "sy",
        }
        for number in range(REPORTS)
    )
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return file


def begin(address, file):
    program = ["-m", "marsad.faces.cli"] if "MARSAD_KILL_REPORTS" in os.environ else ["-c", _A_FEW_AT_A_TIME]
    command = [sys.executable, *program, "--record", address, "add", str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def finish(address, file):
    """Run the command to its end and return the seconds it took."""
    started = time.monotonic()
    process = begin(address, file)
    _, said = process.communicate(timeout=900)
    assert process.returncode == 0, said.decode()
    return time.monotonic() - started


def acts_in(address):
    """Return how many writings are kept, 0 where there is no record yet, without making one."""
    if "://" not in address and not Path(address).exists():
        return 0
    url = f"sqlite:///file:{address}?mode=ro&uri=true" if "://" not in address else _server_url(address)
    engine = create_engine(url, poolclass=NullPool)
    with suppress(DBAPIError), engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(schema.act)).scalar()
    return 0


def kill_after(address, file, acts, seconds):
    """Kill the command and all that it started so long after it kept so many writings; tell whether it was at work."""
    # By what it has kept, not by the clock alone: beside other programs the same work takes twice the time.
    before = acts_in(address)
    process = begin(address, file)
    while acts and process.poll() is None and acts_in(address) < before + acts:
        time.sleep(0.01)
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


class State(NamedTuple):
    """What a record says, without the numbers, instants and versions that tell one run from another."""

    texts: dict[str, str]
    claims: dict[str, tuple]
    incidents: set[frozenset[str]]
    captures: int
    documents: int


def state_of(address):
    claim, member = schema.claim, schema.membership
    with closing(open_record(address)) as record, record.asking() as asking:
        texts = asking.execute(select(schema.report.c.id, schema.report.c.text)).all()
        claims = asking.execute(
            select(claim.c.id, claim.c.type, claim.c.status, claim.c.place, claim.c.start, claim.c.body).where(
                standing(claim, ("id",), None), claim.c.gone.is_(False)
            )
        ).all()
        members = asking.execute(
            select(member.c.incident_id, member.c.claim_id).where(
                standing(member, ("claim_id",), None), member.c.gone.is_(False)
            )
        ).all()
        counts = [
            asking.execute(select(func.count()).select_from(t)).scalar() for t in (schema.capture, schema.document)
        ]
    incidents: dict[str, set[str]] = {}
    for incident, of in members:
        incidents.setdefault(incident, set()).add(of)
    return State(
        dict(map(tuple, texts)),
        {row[0]: (*row[1:-1], json.loads(row[-1]) | {"reader": ""}) for row in claims},
        set(map(frozenset, incidents.values())),
        *counts,
    )


def assert_whole(address):
    """Assert that every report of the record has all that belongs to it, once, and return how many there are."""
    report, reading, claim, document = schema.report, schema.reading, schema.claim, schema.document
    with closing(open_record(address)) as record, record.asking() as asking:
        if record.is_file:
            assert asking.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert not asking.execute(text("PRAGMA foreign_key_check")).all()
        kept = asking.execute(select(report.c.n, report.c.id, report.c.version)).all()
        read = dict(map(tuple, asking.execute(select(reading.c.report_n, reading.c.claims))))
        claims = asking.execute(select(claim.c.n, claim.c.report_n, claim.c.by)).all()
        documents = Counter(map(tuple, asking.execute(select(document.c.kind, document.c.row_n))))
        captured = set(asking.execute(select(schema.capture.c.n)).scalars())
        used = set(asking.execute(select(report.c.capture_n)).scalars())
        words = asking.execute(text("SELECT count(*) FROM words")).scalar()
    assert len({row.id for row in kept}) == len(kept), "a report is there once"
    assert {row.n for row in kept} == set(read), "a report is there with its reading"
    of_each = Counter(row.report_n for row in claims if row.by == "reader")
    assert {n: of_each.get(n, 0) for n in read} == read, "a report is there with all of its claims"
    expected = [("report", row.n) for row in kept] + [("claim", row.n) for row in claims]
    assert documents == Counter(expected), "what is kept is found by its words, once"
    assert words == len(expected)
    assert used == captured, "what was taken in is there with what was read of it"
    return len(kept)


class Run(NamedTuple):
    """What an undisturbed run leaves, how often it wrote, its seconds, and those of a run that finds nothing to do."""

    state: State
    acts: int
    whole: float
    nothing: float


@pytest.fixture(scope="module")
def undisturbed(reports, tmp_path_factory):
    address = str(tmp_path_factory.mktemp("undisturbed") / "observatory.marsad")
    whole = finish(address, reports)
    state, acts = state_of(address), acts_in(address)
    nothing = finish(address, reports)
    assert state_of(address) == state, "the same command again adds nothing"
    assert assert_whole(address) == len(state.texts) == REPORTS
    assert state.claims
    return Run(state, acts, whole, nothing)


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_address(request, tmp_path):
    """Give an address where no record is yet, on each engine in turn."""
    if request.param == "sqlite":
        yield str(tmp_path / "observatory.marsad")
        return
    server = request.getfixturevalue("server")
    database = server.new_database("template0")
    yield server.address(database)
    server.drop(database)


def instants(run, draw):
    """Yield after how many writings and seconds to kill: first before the first one, then on the way to the last."""
    a_writing = max(run.whole - run.nothing, 0.0) / run.acts
    yield 0, draw.uniform(0, run.nothing)
    for kill in range(1, KILLS):
        # Together they come to all of the writings, so that the last kill falls into the end of the work.
        acts = round(run.acts * kill / (KILLS - 1)) - round(run.acts * (kill - 1) / (KILLS - 1))
        acts = draw.randint(0, acts)
        yield acts, draw.uniform(0, a_writing) + (0 if acts else run.nothing)


def test_killed_at_any_instant_it_is_completed_by_the_same_command(fresh_address, reports, undisturbed):
    kept = killed = 0
    for acts, seconds in instants(undisturbed, random.Random(1)):
        killed += kill_after(fresh_address, reports, acts, seconds)
        now = assert_whole(fresh_address)
        assert now >= kept, "what was kept stays"
        kept = now
    assert killed, "not one run was caught at work: the instants are drawn wrong"
    finish(fresh_address, reports)
    assert assert_whole(fresh_address) == REPORTS
    assert state_of(fresh_address) == undisturbed.state
