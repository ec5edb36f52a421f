"""Bringing reports in: files that are dropped, texts that are pasted; and what came of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.adding import Adding
from marsad.desk.access import desk_of, who_of
from marsad.desk.pages import shown
from marsad.intake import Defaults, Failure, take_in
from marsad.intake.days import asked_day
from marsad.model import Arrival
from marsad.pipeline import Reader

router = APIRouter(include_in_schema=False)
_SHOWN = 20
_LONGEST_NAME = 100


@router.get("/intake", name="intake")
def intake(request: Request) -> Response:
    """Show where reports are brought in, what came in last, and what could not be read."""
    view = desk_of(request).view(who_of(request))
    rows, failures = list(islice(view.intake(), _SHOWN)), list(islice(view.failures(), _SHOWN))
    return shown(request, "intake.html", rows=rows, failures=failures)


@router.post("/intake", name="take_in")
def take(
    request: Request, files: list[UploadFile] = [], text: Annotated[str, Form()] = "",  # noqa: B006
    outlet: Annotated[str, Form()] = "", published: Annotated[str, Form()] = "", theatre: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Take in the files, or the text, as `marsad add` does; what cannot be read is listed with its reason."""
    desk, who = desk_of(request), who_of(request)
    defaults = Defaults(outlet=outlet or None, published=asked_day(published or None), theatre=theatre or None)
    with tempfile.TemporaryDirectory(prefix="marsad-intake-") as folder:
        inputs = list(_kept(Path(folder), files, text))
        adding = Adding(desk.record, Reader(theatre or None), lambda failure: None)
        adding.add(_named(take_in(inputs, defaults), folder, who.name))
        adding.fuse()
    desk.log(who, "intake", "", {"new": adding.done.new, "failed": adding.done.failed})
    return RedirectResponse("/intake", 303)


def _kept(folder: Path, files: list[UploadFile], text: str) -> Iterator[str]:
    """Write what was sent into a folder, each under a name without any path, and yield where it lies."""
    for n, sent in enumerate(files):
        if sent.filename:
            plain = Path(sent.filename.replace("\\", "/")).name[:_LONGEST_NAME]
            path = folder / f"{n}" / (plain or "file")
            path.parent.mkdir()
            path.write_bytes(sent.file.read())
            yield str(path)
    if text.strip():
        path = folder / "text.txt"
        path.write_text(text, "utf-8")
        yield str(path)


def _named(arrivals: Iterable[Arrival | Failure], folder: str, person: str) -> Iterator[Arrival | Failure]:
    """Yield the arrivals under the name that they were sent by, not that of the folder they lay in for a moment."""
    for item in arrivals:
        if isinstance(item, Failure):
            yield replace(item, where=item.where.replace(folder, f"desk:{person}"))
        else:
            address = item.capture.address.replace(folder, f"desk:{person}")
            yield replace(item, capture=replace(item.capture, address=address))
