"""What stands before every route and behind every answer: a bound on what is sent, headers that bind the browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from marsad.desk.access import Who

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# A file that is dropped is the largest thing that comes in.
LARGEST = 25 * 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
_PRIVATE = "no-store"


class TooLargeError(Exception):
    """More is sent than is taken."""


class Guard:
    """Wraps an application."""

    def __init__(self, app: Any, secure: bool) -> None:
        self.app, self.secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, bounded, and its answer back, with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Made here, so that whatever a route comes to know of who asks is known here too.
        state = scope.setdefault("state", {})
        try:
            await self.app(scope, _bounded(scope, receive), _logged(scope, state, self._guarded(send)))
        except TooLargeError:
            await self._refuse(send)

    def _guarded(self, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = {**HEADERS, "cache-control": _PRIVATE}
                if self.secure:
                    more["strict-transport-security"] = "max-age=31536000"
                message["headers"] += [(k.encode(), v.encode()) for k, v in more.items() if k.encode() not in given]
            await send(message)

        return guarded

    async def _refuse(self, send: Send) -> None:
        guarded = self._guarded(send)
        await guarded({"type": "http.response.start", "status": 413, "headers": [(b"content-type", b"text/plain")]})
        await guarded({"type": "http.response.body", "body": b"more than 25 MB; send it in parts"})


def _logged(scope: Scope, state: dict[str, Any], send: Send) -> Send:
    """Let an answer go out when the log says what it shows; what a long one shows later is logged at its end."""

    async def logged(message: Message) -> None:
        who: Who | None = state.get("who")
        is_edge = message["type"] == "http.response.start" or not message.get("more_body", False)
        if who is not None and who.looked.seen and is_edge:
            await run_in_threadpool(scope["app"].state.desk.log_looks, who, scope["path"])
        await send(message)

    return logged


def _bounded(scope: Scope, receive: Receive) -> Receive:
    told = dict(scope["headers"]).get(b"content-length", b"0")
    if told.isdigit() and int(told) > LARGEST:
        raise TooLargeError
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST:
            raise TooLargeError
        return message

    return bounded
