"""The work behind the desk: threads of the process that take jobs, one at a time each, and do them.

Any number of processes may work at one record: each job is one's at a time (`record/jobs.py`). `soon` is how anything
of the desk says that there is something to do.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from marsad.desk.access import SECOND, now
from marsad.errors import MarsadError, RecordError
from marsad.record import jobs
from marsad.record.jobs import Job
from marsad.record.store import Record

# A process that died is noticed after so long; who is alive holds its job anew three times as often.
LEASE = 30 * SECOND
# Telling how far a job is takes at most one part in so many of its time.
_SHARE = 20
_LOOK_S = 0.5
_PREPARE_S = 5.0
_KEPT = 30 * 24 * 60 * 60 * SECOND
_log = logging.getLogger("marsad.desk")


class NotOursError(Exception):
    """The job was cancelled, or another took it: whoever is at it stops."""


class EndingError(Exception):
    """The program ends: the job is given back."""


class Doing:
    """A job under way: what it is, and how one tells how far it is."""

    def __init__(self, record: Record, job: Job, lease: int = LEASE, ending: threading.Event | None = None) -> None:
        self.record, self.job, self._lease = record, job, lease
        self._ending, self._lost = ending or threading.Event(), threading.Event()
        self._told, self._next = dict[str, Any](), 0

    def tell(self, **told: Any) -> None:
        """Keep how far it is; raise where the job is ours no more, or the program ends."""
        self._told |= told
        if self._lost.is_set():
            raise NotOursError
        if self._ending.is_set():
            raise EndingError
        if now() >= self._next:
            began = now()
            self.hold()
            # A file writes a row anew with all that it carries, and that may be many megabytes.
            self._next = now() + max(SECOND, _SHARE * (now() - began))

    def hold(self) -> None:
        """Hold the job for another while; it is known from then on where it is ours no more."""
        if not jobs.prolong(self.record, self.job, now(), self._lease, self._told):
            self._lost.set()


@dataclass(frozen=True, slots=True)
class Duty:
    """What is done for a kind of job: `run` returns what came of it; `kept` jobs are listed when they are done.

    Jobs of a lane are done one after the other: what waits for the network holds up nothing else.
    """

    run: Callable[[Doing], Mapping[str, Any] | None]
    lane: str
    kept: bool = False


@dataclass
class Worker:
    """Does the jobs of a record; `prepare` is called now and then, to put those that are due by the clock."""

    record: Record
    duties: Mapping[str, Duty]
    prepare: Callable[[Record], object] = lambda record: None
    lease: int = LEASE
    _ending: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def begin(self) -> None:
        """Begin to work, until `end`."""
        for lane in sorted({duty.lane for duty in self.duties.values()}):
            self._thread(self._work, lane)
        self._thread(self._prepare)

    def end(self, wait_s: float = 10.0) -> None:
        """Stop: what is under way is given back where it next tells how far it is."""
        self._ending.set()
        for thread in self._threads:
            thread.join(wait_s)

    def step(self, lane: str | None = None) -> bool:
        """Do the next job that is due, of a lane or of all; return False where there was none."""
        kinds = [what for what, duty in self.duties.items() if lane in (None, duty.lane)]
        job = jobs.take(self.record, f"{self.name}:{lane or ''}", kinds, now(), self.lease)
        if job is not None:
            self._do(job, Doing(self.record, job, self.lease, self._ending))
        return job is not None

    def _thread(self, run: Callable[..., None], *given: str) -> None:
        thread = threading.Thread(target=run, args=given, daemon=True, name=f"marsad-{given[0] if given else 'clock'}")
        thread.start()
        self._threads.append(thread)

    def _work(self, lane: str) -> None:
        while not self._ending.is_set():
            if not _safely(lambda: self.step(lane)):
                self._ending.wait(_LOOK_S)

    def _prepare(self) -> None:
        while not self._ending.is_set():
            _safely(lambda: self.prepare(self.record))
            _safely(self._sweep)
            self._ending.wait(_PREPARE_S)

    def _sweep(self) -> None:
        with self.record.asking() as connection:
            old = jobs.is_old(connection, now() - _KEPT)
        if old:
            with self.record.restoring() as connection:
                jobs.sweep(connection, now() - _KEPT)

    def _do(self, job: Job, doing: Doing) -> None:
        duty = self.duties[job.what]
        try:
            with _held(doing, self.lease):
                told = duty.run(doing)
        except EndingError:
            jobs.give_back(self.record, job)
        except NotOursError:
            _log.warning("job %d (%s) was cancelled, or another took it", job.n, job.what)
        except Exception as error:
            self._failed(job, error)
        else:
            jobs.end(self.record, job, {**(told or {}), "reason": "", "remedy": ""}, duty.kept)

    def _failed(self, job: Job, error: Exception) -> None:
        """Say why a job failed; what asking again does not mend fails for good."""
        known = isinstance(error, MarsadError)
        if not known:
            _log.exception("job %d (%s) failed", job.n, job.what, exc_info=error)
        reason = getattr(error, "reason", None) or (
            str(error) if known else f"an error of the program ({error!r:.200})"
        )
        remedy = getattr(error, "remedy", None) or ("" if known else "try again; if it stays, please report it")
        is_final = known and not isinstance(error, RecordError) and not getattr(error, "temporary", False)
        jobs.fail(self.record, job, reason, remedy, now(), is_final)


class _held:  # noqa: N801
    """Holds a job again and again while it is worked at, however long a step of it takes."""

    def __init__(self, doing: Doing, lease: int) -> None:
        self._doing, self._every, self._over = doing, lease / SECOND / 3, threading.Event()
        self._thread = threading.Thread(target=self._hold, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _hold(self) -> None:
        while not self._over.wait(self._every):
            with suppress(RecordError):  # the lease outlasts a failed try
                self._doing.hold()


def soon(record: Record, what: str = "fuse") -> None:
    """Let a job of the kind be done soon, by whichever process works at the record; many that ask get one job."""
    with record.asking() as connection:
        if jobs.is_waiting(connection, what, {}, now()):
            return
    with record.restoring() as connection:
        jobs.put_once(connection, what, {}, now())


def _safely(run: Callable[[], object]) -> object:
    """Return what a step returns; whatever goes wrong in it does not end the work."""
    try:
        return run()
    except Exception as error:
        _log.warning("the work behind the desk: %s", error)
        return None
