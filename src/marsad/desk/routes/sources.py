"""The sources that the desk asks by itself, for editors; and the hooks that it tells, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from marsad.desk.access import desk_of, who_of
from marsad.desk.hooking import EVENTS, SEES, known_to, put_hook
from marsad.desk.pages import shown
from marsad.desk.sources import body_of, told_of
from marsad.errors import UsageError
from marsad.intake.watching import KINDS
from marsad.record import looks
from marsad.record.store import Writing
from marsad.record.watches import HOOK, SOURCE, Watch, put_watch, watch_of, watches

router = APIRouter(include_in_schema=False)


@router.get("/sources", name="sources")
def sources(request: Request) -> Response:
    """List the sources with how asking them stands."""
    desk = desk_of(request)
    rows = list(desk.view(who_of(request)).seen(told_of(desk.record)))
    return shown(request, "sources.html", rows=rows, kinds=KINDS)


@router.post("/sources", name="add_source")
def add(
    request: Request, name: Annotated[str, Form(max_length=200)], url: Annotated[str, Form(max_length=2_000)],
    kind: Annotated[str, Form()] = "", every: Annotated[str, Form(max_length=10)] = "",
    outlet: Annotated[str, Form(max_length=200)] = "", theatre: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Add a source, which is asked at once and from then on."""
    desk, who = desk_of(request), who_of(request)
    asked = {"name": name, "url": url, "kind": kind, "every": every, "outlet": outlet, "theatre": theatre}
    with desk.writing(who, "add source") as writing:
        body = body_of(asked, watches(writing.connection, SOURCE))
        put_watch(writing, SOURCE, body, who.name)
        looks.log(writing, who.name, "source added", body["name"])
    return RedirectResponse("/sources", 303)


@router.post("/sources/{id}", name="change_source")
def change(request: Request, id: str, to: Annotated[str, Form(pattern="^(paused|asked|gone)$")]) -> Response:
    """Pause a source, go on with it, or strike it off; what came from it stays."""
    desk, who = desk_of(request), who_of(request)
    with desk.writing(who, "change source") as writing:
        found = _found(writing, id, SOURCE)
        put_watch(writing, SOURCE, {**found.body, "paused": to == "paused"}, who.name, id, to == "gone")
        looks.log(writing, who.name, f"source {to}", found.body["name"])
    return RedirectResponse("/sources", 303)


@router.get("/hooks", name="hooks")
def hooks(request: Request) -> Response:
    """List the hooks."""
    return _hooks(request, None)


@router.post("/hooks", name="add_hook")
def add_hook(
    request: Request, url: Annotated[str, Form(max_length=2_000)], events: Annotated[list[str], Form()],
    sees: Annotated[str, Form()] = "public",
) -> Response:  # fmt: skip
    """Add a hook, and show its secret once."""
    desk, who = desk_of(request), who_of(request)
    if sees not in SEES:
        raise UsageError(f"{sees!r} is nobody who is told; there are {', '.join(SEES)}")
    known = {sees: known_to(desk.record, sees)}
    with desk.writing(who, "add hook") as writing:
        secret = put_hook(writing, url, events, sees, who.name, known)
        looks.log(writing, who.name, "hook added", url, {"events": sorted(events), "sees": sees})
    return _hooks(request, secret)


@router.post("/hooks/{id}", name="remove_hook")
def remove_hook(request: Request, id: str) -> Response:
    """Tell a hook nothing any more."""
    desk, who = desk_of(request), who_of(request)
    with desk.writing(who, "remove hook") as writing:
        found = _found(writing, id, HOOK)
        put_watch(writing, HOOK, {**found.body, "secret": ""}, who.name, id, gone=True)
        looks.log(writing, who.name, "hook removed", found.body["url"])
    return RedirectResponse("/hooks", 303)


def _hooks(request: Request, secret: str | None) -> Response:
    with desk_of(request).record.asking() as connection:
        rows = watches(connection, HOOK)
    return shown(request, "hooks.html", rows=rows, secret=secret, events=EVENTS, roles=SEES)


def _found(writing: Writing, id: str, kind: str) -> Watch:
    found = watch_of(writing.connection, id)
    if found is None or found.kind != kind:
        raise HTTPException(404, "there is no such one")
    return found
