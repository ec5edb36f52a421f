"""One address on the web becomes bytes, or a reason why not; never an address that its owner did not mean to show.

What is fetched is named by strangers: feeds, pages, redirects. So every name is resolved once, every address that
it has is judged, and the connection goes to the very address that was judged: a second look at the name could give
another. Proxies of the environment are not asked, for they would resolve the name again.
"""

from __future__ import annotations

import email.utils
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from marsad.intake.addresses import IP, PORTS, FetchError, Target, is_forbidden, is_public, target_of

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection
    from urllib3.response import HTTPResponse

Resolve = Callable[[str, int], Sequence[str]]

# The largest pages of news sites, pictures inlined, have some ten megabytes; a PDF with photographs twice that.
LIMIT = 20_000_000
TIMEOUT = 30.0
MAX_REDIRECTS = 5
_CHUNK = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)
_REMEDIES = {
    401: "save the page with a browser that is logged in, and give the file",
    403: "the site refuses programs: save the page with a browser, and give the file",
    404: "check the address; an archive of the web may still have the page",
    410: "it was taken away: look for it in an archive of the web",
    429: "ask more seldom",
    451: "it was taken away by law: look for it in an archive of the web",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: `data` unpacked, `headers` as sent, `address` the one that gave it after redirects."""

    data: bytes
    address: str
    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    captured_at: datetime

    def header(self, name: str) -> str | None:
        """Return the first header of that name, None where none was sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The address gives what it gave before."""

    address: str
    asked: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class _Asking:
    """What does not change from one redirect to the next."""

    headers: Mapping[str, str]
    deadline: _Deadline
    allow_private: bool
    allowed_hosts: tuple[str, ...]
    limit: int
    resolve: Resolve
    clock: Callable[[], datetime]

    def is_trusted(self, target: Target) -> bool:
        return self.allow_private or target.host in self.allowed_hosts or target.origin in self.allowed_hosts


class _Deadline:
    """A moment after which nothing is waited for, however slowly it drips."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return self._end - time.monotonic()

    def check(self) -> None:
        if self.left <= 0:
            raise self.error()

    def error(self) -> FetchError:
        return FetchError(
            f"it took longer than {self._seconds:g} seconds", "try again later, or give more time", temporary=True
        )

    @contextmanager
    def cutting(self, sock: socket.socket) -> Iterator[None]:
        """Shut the socket when the time is over: a limit of each read alone would let a server drip for hours."""
        timer = threading.Timer(max(0.0, self.left), _shut, [sock])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        # Not the shutdown of a TLS socket, which would take its state from under the thread that reads.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def resolve_host(host: str, port: int) -> list[str]:
    """Return every address that the system knows for a name, in the order in which they are to be tried."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def fetch(
    url: str,
    *,
    etag: str | None = None,
    modified: str | None = None,
    allow_private: bool = False,
    allowed_hosts: Sequence[str] = (),
    timeout: float = TIMEOUT,
    limit: int = LIMIT,
    clock: Callable[[], datetime] = utc_now,
    resolve: Resolve = resolve_host,
) -> Fetched | NotModified:
    """Return what the address gives, or that it is as it was; raise FetchError with the remedy for all else.

    `allow_private` lets the address and its redirects lie in private networks and at any port; `allowed_hosts`
    (a host, or host:port) lets only these, whatever else is linked to.
    """
    headers = _headers_of(etag, modified)
    hosts = tuple(host.lower() for host in allowed_hosts)
    asking = _Asking(headers, _Deadline(timeout), allow_private, hosts, limit, resolve, clock)
    target = target_of(url)
    for _ in range(MAX_REDIRECTS + 1):
        result = _ask(target, url, asking)
        if not isinstance(result, Target):
            return result
        target = result
    raise FetchError(
        f"it redirects more than {MAX_REDIRECTS} times, last to {target.address}", "give the address of the page itself"
    )


def _headers_of(etag: str | None, modified: str | None) -> dict[str, str]:
    headers = {
        "User-Agent": f"marsad/{version('marsad')} (+conflict observatory; polite)",
        "Accept": "text/html, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
        "Accept-Language": "ar, *;q=0.5",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    asked = {"If-None-Match": etag, "If-Modified-Since": modified}
    # What a server once sent must not be able to add lines to what we send.
    return headers | {name: value for name, value in asked.items() if value and value.isprintable()}


def _ips_of(target: Target, asking: _Asking) -> list[IP]:
    """Return the addresses of the host; raise if there is a single one that may not be asked."""
    trusted = asking.is_trusted(target)
    if target.port not in PORTS and not trusted:
        raise FetchError(
            f"port {target.port} is none on which pages are published ({', '.join(map(str, PORTS))})",
            "if it is your own server, allow private addresses for it",
        )
    ips = _resolved(target, asking)
    for ip in ips:
        if is_forbidden(ip) or not (trusted or is_public(ip)):
            remedy = "no report lies there" if is_forbidden(ip) else "if it is yours, allow private addresses for it"
            raise FetchError(f"{target.host} is at {ip}, which is no address of the public internet", remedy)
    return ips


def _resolved(target: Target, asking: _Asking) -> list[IP]:
    try:
        return [ipaddress.ip_address(target.host)]
    except ValueError:
        pass
    answers: list[str] = []
    failed: list[OSError] = []

    def look_up() -> None:
        try:
            answers.extend(asking.resolve(target.host, target.port))
        except (OSError, UnicodeError) as error:
            failed.append(OSError(str(error)))

    # The system's resolver has no time limit of its own; a thread that hangs in it is left behind.
    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(max(0.0, asking.deadline.left))
    if thread.is_alive():
        raise asking.deadline.error()
    if failed or not answers:
        reason = f" ({failed[0]})" if failed else ""
        raise FetchError(
            f"the name {target.host} is not known{reason}", "check the address and the connection", temporary=True
        )
    return [ipaddress.ip_address(answer) for answer in answers]


def _ask(target: Target, asked: str, asking: _Asking) -> Fetched | NotModified | Target:
    """Return what one request gives: bytes, no change, or where to go on."""
    import http.client

    import urllib3.exceptions

    ips = _ips_of(target, asking)
    try:
        connection = _connect(target, ips, asking.deadline)
        try:
            with asking.deadline.cutting(connection.sock):
                return _answer_of(connection, target, asked, asking)
        finally:
            connection.close()
    except FetchError:
        asking.deadline.check()  # what we cut off ourselves looks broken
        raise
    except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
        asking.deadline.check()
        raise _failure_of(error, target) from None


def _connect(target: Target, ips: Sequence[IP], deadline: _Deadline) -> HTTPConnection:
    """Return a connection to the first of the addresses that answers; its name is only said, not looked up."""
    import urllib3.exceptions

    last: Exception = OSError("no address")
    for ip in ips:
        deadline.check()
        connection = _connection_to(str(ip), target, deadline.left)
        try:
            connection.connect()
        except (TimeoutError, urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as error:
            connection.close()
            last = error
        except BaseException:
            connection.close()
            raise
        else:
            connection.timeout = deadline.left
            return connection
    raise last


def _connection_to(ip: str, target: Target, seconds: float) -> HTTPConnection:
    from urllib3.connection import HTTPConnection, HTTPSConnection

    # Connecting and the handshake of TLS each take at most this: half of what is left.
    half = seconds / 2
    if target.scheme == "http":
        return HTTPConnection(ip, target.port, timeout=half)
    return HTTPSConnection(ip, target.port, timeout=half, server_hostname=target.host, ssl_context=_trust())


def _trust() -> ssl.SSLContext:
    """Return a context that trusts what the system trusts, and Mozilla's list where the system has none."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath or context.cert_store_stats()["x509_ca"]):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _answer_of(
    connection: HTTPConnection, target: Target, asked: str, asking: _Asking
) -> Fetched | NotModified | Target:
    headers = {"Host": target.origin, **asking.headers}
    connection.request("GET", target.path, headers=headers, preload_content=False, decode_content=False)
    response = connection.getresponse()
    asking.deadline.check()
    if response.status in _REDIRECTS:
        return _next_of(response, target)
    if response.status == 304 and ("If-None-Match" in headers or "If-Modified-Since" in headers):
        return NotModified(target.address, asked, asking.clock())
    if not 200 <= response.status < 300:
        raise _refusal_of(response, asking.clock())
    data = _body_of(response, asking.limit)
    # A body without a length ends where the connection does, and it may have been we who ended it.
    asking.deadline.check()
    return Fetched(data, target.address, asked, response.status, tuple(response.headers.items()), asking.clock())


def _next_of(response: HTTPResponse, target: Target) -> Target:
    where = response.headers.get("Location")
    if not where:
        raise FetchError("it redirects to nowhere", "open it in a browser, and give the address that this shows")
    # Sites in Arabic often send the letters themselves, which HTTP reads as Latin-1.
    with suppress(UnicodeError):
        where = where.encode("latin-1").decode()
    try:
        return target_of(urljoin(target.address, where))
    except (FetchError, ValueError) as error:
        raise FetchError(f"it redirects to {where[:200]!r}: {error}", "give the address of the page itself") from None


def _refusal_of(response: HTTPResponse, now: datetime) -> FetchError:
    import http.client

    status = response.status
    temporary = status in (408, 425, 429) or status >= 500
    remedy = _REMEDIES.get(status, "try again later" if temporary else "open it in a browser and check the address")
    retry_at = _retry_at(response.headers.get("Retry-After"), now) if status in (429, 503) else None
    if status == 429 and not retry_at:
        retry_at = now + timedelta(minutes=1)  # it named no time; such limits are mostly counted by the minute
    # The words for it are ours: what the server says might steer the terminal.
    words = f" ({http.client.responses[status]})" if status in http.client.responses else ""
    return FetchError(f"the server answers {status}{words}", remedy, temporary=temporary, retry_at=retry_at)


def _retry_at(written: str | None, now: datetime) -> datetime | None:
    """Return the moment that a Retry-After header names, in seconds or as a date; None where it names none."""
    if not written:
        return None
    try:
        if written.strip().isdecimal():
            return now + timedelta(seconds=int(written))
        at = email.utils.parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _body_of(response: HTTPResponse, limit: int) -> bytes:
    """Return the body, unpacked; stop reading where it, packed or unpacked, passes the limit."""
    unpack = _unpacking(response.headers.get("Content-Encoding", ""))
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > limit:
        raise _too_large(limit)
    sent, body = 0, bytearray()
    while chunk := response.read(_CHUNK, decode_content=False):
        sent += len(chunk)
        body += unpack(chunk, limit + 1 - len(body))
        if max(sent, len(body)) > limit:
            raise _too_large(limit)
    unpack(b"", 1)
    return bytes(body)


def _too_large(limit: int) -> FetchError:
    return FetchError(
        f"it is larger than {limit / 1e6:g} MB", "download it with a browser, and give the part that is the report"
    )


def _unpacking(encoding: str) -> Callable[[bytes, int], bytes]:
    """Return what unpacks the next bytes into at most so many; called with none, it raises if the end is missing."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return lambda chunk, room: chunk
    if name in ("gzip", "x-gzip"):
        return _Inflating(zlib.MAX_WBITS | 16).unpack
    if name == "deflate":
        return _Inflating(zlib.MAX_WBITS).unpack
    raise FetchError(f"it is packed as {encoding[:40]!r}, which was not asked for", "save it with a browser")


class _Inflating:
    """Unpacks bytes as they come, never more at a time than there is room for: small bytes may hold a whole disk."""

    def __init__(self, form: int) -> None:
        self._form = form
        self._begun = False
        self._inflate: Any = zlib.decompressobj(form)

    def unpack(self, chunk: bytes, room: int) -> bytes:
        """Return what the bytes hold, at most `room`; without bytes, raise if the end has not come."""
        if not chunk:
            return self._end()
        out = b""
        while chunk and len(out) < room:
            if self._inflate.eof:
                if not chunk.startswith(b"\x1f\x8b"):  # one gzip after the other is one file, all else is padding
                    break
                self._inflate = zlib.decompressobj(self._form)
            out += self._next(chunk, room - len(out))
            chunk = self._inflate.unused_data
        return out

    def _next(self, chunk: bytes, room: int) -> bytes:
        try:
            out: bytes = self._inflate.decompress(chunk, room)
        except zlib.error as error:
            if self._begun or self._form != zlib.MAX_WBITS:
                raise _broken(str(error)) from None
            # Some servers mean by "deflate" the bare stream without its header.
            self._form = -zlib.MAX_WBITS
            self._inflate = zlib.decompressobj(self._form)
            return self._next(chunk, room)
        self._begun = True
        return out

    def _end(self) -> bytes:
        if self._begun and not self._inflate.eof:
            raise _broken("the end is missing")
        return b""


def _broken(what: str) -> FetchError:
    return FetchError(f"what the server sent is broken ({what})", "try again", temporary=True)


def _failure_of(error: Exception, target: Target) -> FetchError:
    """Return what went wrong on the way, in the words of who asked."""
    import urllib3.exceptions

    if isinstance(error, ssl.SSLError):
        why = getattr(error, "verify_message", "") or error.reason or str(error)
        return FetchError(
            f"no safe connection to {target.host} ({why})",
            "check the address and this machine's clock; if the certificate is bad, save the page with a browser",
            temporary=True,
        )
    if isinstance(error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return FetchError(
            f"{target.origin} does not answer ({_cause_of(error)})",
            "check the address, try again later",
            temporary=True,
        )
    if isinstance(error, TimeoutError):
        return FetchError(f"{target.origin} does not answer in time", "try again later", temporary=True)
    return _broken(_cause_of(error))


def _cause_of(error: BaseException) -> str:
    cause = error.__cause__
    if isinstance(cause, OSError):
        return (cause.strerror or str(cause)).lower()
    return (str(error) or type(error).__name__)[:120]
