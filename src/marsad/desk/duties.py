"""What is done for each kind of job at the desk: taking in, fetching, fusing, polling, telling others."""

from __future__ import annotations

import base64
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from marsad.adding import Added, Adding
from marsad.desk import hooking, sources
from marsad.desk.access import now
from marsad.desk.working import Doing, Duty, Worker, soon
from marsad.intake import Defaults, Failure, take_in
from marsad.intake.days import asked_day
from marsad.intake.failures import UnreadableError
from marsad.intake.fetching import fetch
from marsad.intake.watching import Pace, WatchedSource, poll, poll_safely
from marsad.judging import bring_into_incidents
from marsad.model import Arrival
from marsad.pipeline import Reader
from marsad.polling import Nothing, Polls
from marsad.record import jobs
from marsad.record.store import Record
from marsad.record.watches import watch_of

# The kinds that people put, and see in the queue of the intake.
SENT = ("take_in", "fetch")
# Once the host of one source was asked, that of the next is in the same breath: the pace is that of the process.
_PACE = Pace()


def worker_of(record: Record) -> Worker:
    """Return what does the desk's work at a record."""
    return Worker(record, DUTIES, sources.put_due)


def work_off(record: Record) -> int:
    """Do all that is due, here and now, and return how many jobs that were."""
    worker, done = worker_of(record), 0
    while worker.step():
        done += 1
    return done


def packed(data: bytes) -> str:
    """Return bytes in the form in which a job carries them."""
    return base64.b64encode(zlib.compress(data)).decode("ascii")


def _take_in(doing: Doing) -> Mapping[str, Any]:
    """Take in one file or text, as `marsad add` does."""
    body, person = doing.job.body, doing.job.person
    with tempfile.TemporaryDirectory(prefix="marsad-intake-") as folder:
        path = Path(folder) / str(body["name"])
        path.write_bytes(zlib.decompress(base64.b64decode(body["data"])))
        arrivals = take_in([str(path)], _defaults_of(body))
        return _added(doing, _named(arrivals, folder, person), body.get("theatre"))


def _fetch(doing: Doing) -> Mapping[str, Any]:
    """Take in what an address gives; where nothing comes, raise why."""
    body, refused = doing.job.body, list[UnreadableError]()

    def asked(url: str, **said: Any) -> Any:
        try:
            return fetch(url, **said)
        except UnreadableError as error:
            refused.append(error)
            raise

    defaults = _defaults_of(body)
    source = WatchedSource(body["url"], body["url"], outlet=defaults.outlet, theatre=defaults.theatre)
    arrivals = (_dated(item, defaults) for item in poll(source, Nothing(), asked))
    told = _added(doing, arrivals, defaults.theatre)
    if refused and not any(told[name] for name in ("new", "known", "changed")):
        raise refused[-1]
    return told


def _dated(item: Arrival | Failure, defaults: Defaults) -> Arrival | Failure:
    if isinstance(item, Failure) or item.report.published:
        return item
    return replace(item, report=replace(item.report, published=defaults.published))


def _defaults_of(body: Mapping[str, Any]) -> Defaults:
    return Defaults(asked_day(body.get("published") or None), body.get("outlet") or None, body.get("theatre") or None)


def _named(arrivals: Iterable[Arrival | Failure], folder: str, person: str) -> Iterator[Arrival | Failure]:
    """Yield the arrivals under the name that they were sent by, not that of the folder they lay in for a moment."""
    for item in arrivals:
        if isinstance(item, Failure):
            yield replace(item, where=item.where.replace(folder, f"desk:{person}"))
        else:
            address = item.capture.address.replace(folder, f"desk:{person}")
            yield replace(item, capture=replace(item.capture, address=address))


def _added(doing: Doing, arrivals: Iterable[Arrival | Failure], theatre: str | None) -> dict[str, Any]:
    """Add what arrives, and let it be brought into incidents; return the counts."""
    adding = Adding(doing.record, _reader(theatre or None), lambda failure: None)
    done = adding.add(arrivals, lambda added: doing.tell(**_counts(added)))
    if done.new or done.changed:
        soon(doing.record)
    return _counts(done)


def _counts(done: Added) -> dict[str, int]:
    return asdict(done)


@lru_cache(8)
def _reader(theatre: str | None) -> Reader:
    """Return a reader that stays: making one takes longer than reading a report."""
    return Reader(theatre)


def _fuse(doing: Doing) -> None:
    """Bring what was added or decided into incidents, and let those be told of it who asked."""
    bring_into_incidents(doing.record, lambda count: doing.tell(claims=count))
    if hooking.is_asked(doing.record):
        soon(doing.record, "announce")


def _poll(doing: Doing) -> None:
    """Ask a source for news, where it is time; what it brings is in the record before it is marked as taken."""
    with doing.record.asking() as connection:
        found = watch_of(connection, str(doing.job.body["watch"]))
    source, memory = sources.source_of(found) if found else None, Polls(doing.record)
    if source is None or not sources.is_due(memory.state(source.name)):
        return
    adding = Adding(doing.record, _reader(source.theatre), lambda failure: None)
    for item in poll_safely(source, memory, fetch, pace=_PACE):
        adding.add([item])
        doing.tell(**_counts(adding.done))
    if adding.done.new or adding.done.changed:
        soon(doing.record)


DUTIES: Mapping[str, Duty] = {
    "take_in": Duty(_take_in, "reading", kept=True),
    "fetch": Duty(_fetch, "asking", kept=True),
    "fuse": Duty(_fuse, "reading"),
    "poll": Duty(_poll, "asking"),
    "announce": Duty(lambda doing: hooking.announce(doing.record), "telling"),
    "deliver": Duty(hooking.deliver, "telling", kept=True),
}


def put_sent(record: Record, what: str, bodies: Iterable[Mapping[str, Any]], person: str) -> int:
    """Let what a person sent be taken in, each file or address by itself; return how many there are."""
    with record.restoring() as connection:
        put = [
            jobs.put(connection, what, body, now(), person=person, title=str(body.get("name") or body.get("url")))
            for body in bodies
        ]
    return len(put)
