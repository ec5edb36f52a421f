"""One message to one address on the web, under the same guard as what is fetched: never into a private network.

Redirects are not followed: what was meant for one address is no other's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version

from marsad.intake.addresses import FetchError, target_of
from marsad.intake.fetching import Resolve, _Asking, _connect, _Deadline, _failure_of, _ips_of, resolve_host, utc_now

# Whoever is told of news says at once that they have it.
TIMEOUT = 10.0
_BUSY = (408, 425, 429)


def send(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed_hosts: Sequence[str] = (),
    timeout: float = TIMEOUT,
    resolve: Resolve = resolve_host,
) -> int:
    """Post the bytes and return the status (2xx); raise FetchError, `temporary` where trying again may help."""
    import http.client

    import urllib3.exceptions

    target = target_of(url)
    asking = _Asking({}, _Deadline(timeout), False, tuple(map(str.lower, allowed_hosts)), 0, resolve, utc_now)
    try:
        connection = _connect(target, _ips_of(target, asking), asking.deadline)
        try:
            with asking.deadline.cutting(connection.sock):
                told = {"Host": target.origin, "User-Agent": f"marsad/{version('marsad')}", "Connection": "close"}
                connection.request("POST", target.path, body, headers={**told, **headers}, preload_content=False)
                status = connection.getresponse().status
        finally:
            connection.close()
    except FetchError:
        asking.deadline.check()
        raise
    except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
        asking.deadline.check()
        raise _failure_of(error, target) from None
    if 200 <= status < 300:
        return status
    temporary = status in _BUSY or status >= 500
    raise FetchError(f"{target.origin} answers {status}", "check the address with its owner", temporary=temporary)
