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
# Digits of a length; Python refuses to read a number of thousands.
_LONGEST_LENGTH = 20
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
        bound = _Bound(receive)
        if _told(scope) > LARGEST:
            await self._refuse(send)
            return
        answer = _logged(scope, state, self._guarded(send))
        try:
            await self.app(scope, bound.receive, bound.only_if_within(answer))
        except TooLargeError:
            bound.is_over = True
        if bound.is_over and not bound.is_answered:
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


def _told(scope: Scope) -> int:
    """Return how many bytes a request says it has."""
    told = dict(scope["headers"]).get(b"content-length", b"0")
    return int(told) if told.isdigit() and len(told) < _LONGEST_LENGTH else LARGEST + 1


class _Bound:
    """What comes in, up to the bound; whoever reads on is stopped, and what they would answer then is not sent."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._taken = receive, 0
        self.is_over = self.is_answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken > LARGEST:
            self.is_over = True
            raise TooLargeError
        return message

    def only_if_within(self, send: Send) -> Send:
        async def within(message: Message) -> None:
            if not self.is_over or self.is_answered:
                self.is_answered = True
                await send(message)

        return within
