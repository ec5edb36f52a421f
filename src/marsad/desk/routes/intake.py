"""Bringing reports in: files that are dropped, texts that are pasted, addresses; the queue, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.desk.access import Who, desk_of, now, who_of
from marsad.desk.duties import SENT, packed, put_sent
from marsad.desk.pages import shown
from marsad.errors import UsageError
from marsad.intake.addresses import target_of
from marsad.intake.days import asked_day
from marsad.intake.failures import UnreadableError
from marsad.record import jobs, looks
from marsad.record.asof import moment_of

router = APIRouter(include_in_schema=False)
_SHOWN = 20
_LONGEST_NAME = 100
# Who may try again or cancel what another sent.
_OVER_ALL = ("editor", "admin")
_BLANK = dict.fromkeys(("title", "reason", "remedy", "new", "known", "changed", "failed"), "")
# What is to be done at the desk by itself is of interest where it failed.
_BY_ITSELF = ("fuse", "poll", "announce", "deliver")


@router.get("/intake", name="intake")
def intake(request: Request) -> Response:
    """Show where reports are brought in, the queue, what came in last, and what could not be read."""
    desk, who = desk_of(request), who_of(request)
    view = desk.view(who)
    rows, failures = list(islice(view.intake(), _SHOWN)), list(islice(view.failures(), _SHOWN))
    queue = list(_queue(request, who))
    return shown(request, "intake.html", rows=rows, failures=failures, queue=queue)


@router.post("/intake", name="take_in")
def take(
    request: Request, files: list[UploadFile] = [], text: Annotated[str, Form()] = "",  # noqa: B006
    url: Annotated[str, Form(max_length=2_000)] = "", outlet: Annotated[str, Form(max_length=200)] = "",
    published: Annotated[str, Form()] = "", theatre: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Put files, a text or an address into the queue; what cannot be read is listed with its reason."""
    desk, who = desk_of(request), who_of(request)
    asked_day(published or None)  # refused where it is no day
    said = {"outlet": outlet.strip(), "published": published, "theatre": theatre}
    sent = [{**said, "name": name, "data": packed(data)} for name, data in _sent(files, text)]
    asked = [{**said, "url": _checked(url)}] if url.strip() else []
    count = put_sent(desk.record, "take_in", sent, who.name) + put_sent(desk.record, "fetch", asked, who.name)
    if not count:
        raise UsageError("nothing was sent: choose a file, paste a text or give an address")
    desk.log(who, "intake", "", {"sent": count})
    return RedirectResponse("/intake", 303)


@router.post("/intake/jobs/{n}/retry", name="retry_job")
def retry(request: Request, n: int) -> Response:
    """Let a job that failed be tried again."""
    return _changed(request, n, "job tried again")


@router.post("/intake/jobs/{n}/cancel", name="cancel_job")
def cancel(request: Request, n: int) -> Response:
    """Take a job out of the queue; what it took in by then stays."""
    return _changed(request, n, "job cancelled")


def _changed(request: Request, n: int, what: str) -> Response:
    """Change a job of one's own, or of anybody where the role may, and go back to the queue."""
    desk, who = desk_of(request), who_of(request)
    with desk.writing(who, what) as writing:
        person = jobs.person_of(writing.connection, n)
        if person is None:
            raise HTTPException(404, "there is no such job")
        if person != who.name and who.role not in _OVER_ALL:
            raise HTTPException(403, "this is another person's; an editor may change it")
        if what == "job cancelled":
            jobs.cancel(writing.connection, n)
        else:
            jobs.again(writing.connection, n, now())
        looks.log(writing, who.name, what, str(n))
    return RedirectResponse("/intake", 303)


def _queue(request: Request, who: Who) -> Iterator[dict[str, Any]]:
    """Yield the jobs that a person may see: their own, and those of all, where nothing is kept from them."""
    desk = desk_of(request)
    sees_all = desk.view(who).sees_all()
    with desk.record.asking() as connection:
        sent = jobs.jobs(connection, SENT, now(), _SHOWN)
        others = [row for row in jobs.jobs(connection, _BY_ITSELF, now(), _SHOWN) if row["state"] == jobs.FAILED]
    for row in [*others, *sent]:
        if sees_all or row["person"] == who.name:
            may = row["person"] == who.name or who.role in _OVER_ALL
            told = {**_BLANK, **row["told"]}
            yield {**row, "told": told, "may": may, "due": moment_of(row["due_at"]).isoformat(timespec="seconds")}


def _sent(files: list[UploadFile], text: str) -> Iterator[tuple[str, bytes]]:
    """Yield what was sent, each under a name without any path."""
    for sent in files:
        if sent.filename:
            name = PurePath(sent.filename.replace("\\", "/").replace("\0", "")).name[-_LONGEST_NAME:]
            yield name.strip(". ") or "file", sent.file.read()
    if text.strip():
        yield "text.txt", text.encode("utf-8", "replace")


def _checked(url: str) -> str:
    """Return an address on the web; where it leads is judged when it is asked for."""
    try:
        return target_of(url).address
    except UnreadableError as error:
        raise UsageError(str(error)) from None
