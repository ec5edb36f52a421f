"""The desk as a process of its own that is killed at work: what it said was kept is kept, and the chain is whole."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing

import httpx2
import pytest
from sqlalchemy import select

from marsad.desk.access import SECOND, now
from marsad.record import schema
from marsad.record.permits import TOKEN, grant
from marsad.record.store import open_record
from marsad.record.verifying import verify

PERSONS = 4


@pytest.fixture
def port():
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def served(address, port):
    command = [sys.executable, "-m", "marsad.faces.cli", "--record", address, "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/health").status_code == 200:
                return process
        except httpx2.TransportError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError("the desk did not begin to answer")


def decide_on(port, secret, claim, kept):
    """Accept and undo over and over, and note each decision that the desk said it keeps, until it answers no more."""
    headers = {"authorization": f"Bearer {secret}"}
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
        while True:
            for kind in ("accept", "undo"):
                try:
                    answer = client.post(f"/api/claims/{claim}/decisions", json={"kind": kind})
                except httpx2.TransportError:
                    return
                if answer.status_code == 201:
                    kept.append(answer.json()["id"])


def test_no_decision_that_was_acknowledged_is_lost_when_the_desk_is_killed(record, claim, port):
    with record.restoring() as connection:
        secrets = [grant(connection, "reviewer", TOKEN, now(), 600 * SECOND, "t", ["review"]) for _ in range(PERSONS)]
    address = record.address
    record.close()
    process, kept = served(address, port), []
    threads = [threading.Thread(target=decide_on, args=(port, secret, claim, kept)) for secret in secrets]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 60
    while len(kept) < 12 and time.monotonic() < end:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for thread in threads:
        thread.join()
    with closing(open_record(address)) as again, again.asking() as connection:
        there = set(connection.execute(select(schema.decision.c.id)).scalars())
        assert len(kept) >= 12 and set(kept) <= there
        assert not [fault for fault in verify(again).faults if not fault.startswith("capture")]
