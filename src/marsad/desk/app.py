"""The desk as an application: its routes, what stands before them, and what is said when something is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from urllib.parse import quote

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from marsad.desk.access import Desk, allowed
from marsad.desk.duties import worker_of
from marsad.desk.guard import Guard
from marsad.desk.pages import shown
from marsad.desk.routes import (
    coding,
    control,
    deciding,
    digests,
    front,
    intake,
    live,
    looking,
    people,
    programs,
    quality,
    signing,
    sources,
)
from marsad.errors import MarsadError, RecordError
from marsad.pipeline import release
from marsad.record.store import Record

ROOMS = (
    signing, front, looking, control, deciding, coding, digests, intake, sources, live, quality, people, programs,
)  # fmt: skip
_FRONT_END = files("marsad.desk").joinpath("front/built")
_KINDS = {
    "js": "text/javascript",
    "css": "text/css",
    "woff2": "font/woff2",
    "txt": "text/plain",
    "svg": "image/svg+xml",
}


def make_app(record: Record, secure: bool = True, works: bool = True) -> FastAPI:
    """Return the desk of a record; `secure` sends cookies by https alone, `works` does what waits while it serves."""
    app = FastAPI(
        title="Marsad", version=release(), docs_url=None, redoc_url=None, openapi_url=None,
        dependencies=[Depends(allowed)], lifespan=_working if works else None,
    )  # fmt: skip
    app.state.desk = Desk(record, secure)
    app.add_middleware(Guard, secure=secure)
    for room in ROOMS:
        app.include_router(room.router)
    app.add_api_route("/static/{name}", _static, name="static", include_in_schema=False)
    app.add_api_route("/health", _health, name="health", include_in_schema=False)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misunderstood)
    app.add_exception_handler(MarsadError, _wrong)
    return app


@asynccontextmanager
async def _working(app: FastAPI) -> AsyncIterator[None]:
    """Do the work behind the desk as long as it serves."""
    worker = worker_of(app.state.desk.record)
    worker.begin()
    try:
        yield
    finally:
        worker.end()


def _static(name: str) -> Response:
    """Return a file of the front-end."""
    kind = _KINDS.get(name.rpartition(".")[2])
    path = _FRONT_END.joinpath(name)
    if kind is None or "/" in name or "\\" in name or not path.is_file():
        raise HTTPException(404, "there is no such file")
    return Response(path.read_bytes(), media_type=kind, headers={"cache-control": "max-age=3600"})


def _health() -> Response:
    """Say that the desk answers, and nothing else: anybody may ask."""
    return Response("ok", media_type="text/plain")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if _is_program(request):
        return JSONResponse({"error": error.detail}, error.status_code)
    if error.status_code == 401 and request.method == "GET":
        return RedirectResponse(f"/sign-in?next={quote(_here(request), safe='')}", 303)
    return shown(request, "refused.html", error.status_code, code=error.status_code, reason=str(error.detail))


def _misunderstood(request: Request, error: Exception) -> Response:
    """Name the first thing in a request that is not as it should be."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    return _refused(request, HTTPException(422, f"{where}: {first['msg']}"))


def _wrong(request: Request, error: Exception) -> Response:
    return _refused(request, HTTPException(503 if isinstance(error, RecordError) else 400, str(error)))


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
