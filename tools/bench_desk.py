"""How fast the desk answers a team: `python tools/bench_desk.py [--claims N] [--people N] [--seconds N] [--write]`.

A made archive (tools/bench_record.py) is served on loopback by one process, and so many reviewers at once look and
decide, each with a session of their own, with a pause between two requests as a person makes.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import httpx2

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.bench_record import fill, fuse_all

from marsad.desk.access import SECOND, now
from marsad.record.accounts import Account, put_account
from marsad.record.permits import SESSION, grant
from marsad.record.sight import Viewer
from marsad.record.store import Record, open_record
from marsad.record.view import Filters, View

PAGE = Path(__file__).parents[1] / "docs" / "performance-of-the-desk.md"
PAUSE_S = (1.0, 3.0)
# What a reviewer does of a hundred things.
SHARES = {"review": 30, "decide": 25, "claim": 20, "claims": 8, "incidents": 6, "incident": 6, "search": 3, "front": 2}
Told = dict[str, list[float]]


def people_of(record: Record, count: int) -> list[str]:
    """Make so many reviewers and return the secrets of their sessions."""
    names = [f"reviewer {n}" for n in range(count)]
    with record.writing("bench") as writing:
        for name in names:
            put_account(writing, Account(name, "reviewer"), "bench")
    with record.restoring() as connection:
        return [grant(connection, name, SESSION, now(), 12 * 3600 * SECOND) for name in names]


def served(address: str, port: int) -> subprocess.Popen[bytes]:
    """Serve the record and return the process when it answers."""
    command = [sys.executable, "-m", "marsad.faces.cli", "--record", address, "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            httpx2.get(f"http://127.0.0.1:{port}/health")
            return process
        except httpx2.TransportError:
            time.sleep(0.1)
    raise SystemExit("the desk did not begin to answer")


def work(
    port: int, secret: str, claims: list[dict[str, str]], end: float, told: Told, wrong: list[str], seed: int
) -> None:
    """Do what a reviewer does until the end, and note the seconds of each answer."""
    draw, origin = random.Random(seed), f"http://127.0.0.1:{port}"
    with httpx2.Client(
        base_url=origin, headers={"origin": origin, "cookie": f"marsad_session={secret}"}, timeout=60
    ) as client:
        while time.monotonic() < end:
            what, claim = draw.choices(list(SHARES), list(SHARES.values()))[0], draw.choice(claims)
            start = time.perf_counter()
            answer = _asked(client, what, claim)
            told[what].append(time.perf_counter() - start)
            if answer.status_code not in (200, 303):
                wrong.append(f"{what}: {answer.status_code}")
            time.sleep(draw.uniform(*PAUSE_S))


def _asked(client: httpx2.Client, what: str, claim: dict[str, str]) -> httpx2.Response:
    if what == "decide":
        return client.post(f"/claims/{claim['id']}/decide", data={"kind": "accept"})
    paths = {
        "review": "/review", "claim": f"/claims/{claim['id']}", "claims": "/claims?type=shelling", "front": "/",
        "incidents": "/incidents?contradicted=true", "incident": f"/incidents/{claim['incident']}",
        "search": "/search?q=قصف",
    }  # fmt: skip
    return client.get(paths[what])


def measured(record: Record, people: int, seconds: float) -> tuple[Told, list[str]]:
    """Let so many people work for so long, and return the seconds of their answers and what went wrong."""
    asked = View(record, Viewer("admin")).claims(Filters(limit=3_000))
    claims = [{"id": row["id"], "incident": row["incident"]} for row in asked if row["incident"]]
    secrets = people_of(record, people)
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process, told, wrong = served(record.address, port), defaultdict[str, list[float]](list), list[str]()
    try:
        httpx2.get(f"http://127.0.0.1:{port}/", headers={"cookie": f"marsad_session={secrets[0]}"}, timeout=600)
        end = time.monotonic() + seconds
        threads = [
            threading.Thread(target=work, args=(port, secret, claims, end, told, wrong, n))
            for n, secret in enumerate(secrets)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        process.terminate()
        process.wait()
    return told, wrong


def table_of(told: Told) -> str:
    """Return the table of medians and 99 % of each kind of answer and of all, in milliseconds."""
    rows = [("all", [second for each in told.values() for second in each]), *sorted(told.items())]
    lines = ["| what | answers | median, ms | 99 %, ms |", "|-|-:|-:|-:|"]
    for what, seconds in rows:
        most = sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * 0.99))]
        lines.append(f"| {what} | {len(seconds)} | {statistics.median(seconds) * 1000:.0f} | {most * 1000:.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Fill, fuse, serve, measure, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--record", help="a record that was filled before; kept")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_record(asked.record or f"{folder}/bench.marsad")) as record,
    ):
        if View(record, Viewer("admin")).newest_day() is None:
            fill(record, asked.claims)
            fuse_all(record)
        told, wrong = measured(record, asked.people, asked.seconds)
    found = table_of(told)
    print(found, *sorted(set(wrong)), sep="\n")
    if asked.write:
        pause = f"{PAUSE_S[0]:.0f} to {PAUSE_S[1]:.0f} s between two requests"
        load = f"{asked.people} reviewers for {asked.seconds:.0f} s, {pause}"
        where = (
            f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite; the reviewers run on the same cores"
        )
        said = f"{asked.claims:,} made claims, {load}; {where}; load average {os.getloadavg()[0]:.1f}."
        PAGE.write_text(
            f"# Performance of the desk\n\n`python tools/bench_desk.py --write`: {said}\n\n{found}\n", "utf-8"
        )


if __name__ == "__main__":
    main()
