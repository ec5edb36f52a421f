"""Addresses on the web: their parts, and whether what they lead to is open to the public."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from marsad.intake.failures import UnreadableError

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

# Where public web servers listen. Other ports are mail, databases and the like, to which no link should lead us.
PORTS = (80, 443, 8080, 8443)
# What `ipaddress` of some Python version calls global, or does not know, and yet is nobody's web server.
_NEVER_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        "0.0.0.0/8 100.64.0.0/10 192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 240.0.0.0/4 "
        "2001:db8::/32 3fff::/20 "
        "168.63.129.16/32".split(),  # a public number under which one cloud tells its machines their secrets
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_IPV4_COMPATIBLE = ipaddress.ip_network("::/96")
# Even who allows private addresses gets none of these: no report lies there, but secrets of cloud machines do.
_FORBIDDEN = tuple(
    map(
        ipaddress.ip_network,
        "0.0.0.0/8 169.254.0.0/16 224.0.0.0/3 168.63.129.16/32 ff00::/8 fe80::/10 ::/128 fd00:ec2::254/128".split(),
    )
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")


class FetchError(UnreadableError):
    """Nothing came; `temporary` where asking again may help, `retry_at` where the server said when."""

    def __init__(self, reason: str, remedy: str, *, temporary: bool = False, retry_at: datetime | None = None) -> None:
        super().__init__(reason, remedy)
        self.temporary = temporary
        self.retry_at = retry_at


class Target(NamedTuple):
    """An address in its parts: `host` in ASCII, `path` with its query and without a fragment."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """The host, and the port where it is not the usual one, as a Host header names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.scheme == "https" else 80)
        return host if usual else f"{host}:{self.port}"

    @property
    def address(self) -> str:
        """The whole, the same for every way of writing it."""
        return f"{self.scheme}://{self.origin}{self.path}"


def target_of(url: str) -> Target:
    """Return the address in its parts, percent-encoded and in ASCII; refuse what is not plainly one on the web."""
    if _CONTROL.search(url.strip()):
        raise FetchError("the address holds control characters or backslashes", "check the address")
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchError(f"{url[:200]!r} is no address ({error})", "check the address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError(f"{url[:200]!r} is no address on the web", "give one that begins with http:// or https://")
    if "@" in parts.netloc:
        raise FetchError("the address holds a user name or password", "leave out what stands before the @")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?[]") if parts.query else ""
    number = (443 if parts.scheme == "https" else 80) if port is None else port
    return Target(parts.scheme, _host_of(host), number, path + query)


def _host_of(host: str) -> str:
    """Return the host in ASCII: a name, or an IP address as it is usually written."""
    if ":" in host:
        return str(_ip_of(host))
    try:
        # This also turns full-width digits and stops into plain ones, before they are judged.
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        name = ""
    if not _HOST.fullmatch(name):
        raise FetchError(f"{host[:100]!r} is no name of a host", "check the address")
    # A system's resolver takes 2130706433, 0x7f.1 and 0177.0.0.1 for 127.0.0.1.
    return str(_ip_of(name)) if _NUMBER.fullmatch(name.rsplit(".", 1)[-1]) else name


def _ip_of(written: str) -> IP:
    try:
        ip = ipaddress.ip_address(written)
    except ValueError:
        ip = None
    if ip is None or "%" in written:
        raise FetchError(
            f"the IP address {written[:60]!r} is written in an unusual form", "write it as four decimal numbers"
        )
    return ip


def is_public(ip: IP) -> bool:
    """Tell whether the address, and any IPv4 address that it carries inside, is one of the public internet."""
    if any(ip in network for network in _NEVER_PUBLIC if network.version == ip.version):
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    inner = _carried_by(ip)
    if ip.scope_id or not all(map(is_public, inner)):
        return False
    if ip.ipv4_mapped or ip in _NAT64:
        return True
    # 6to4 is not global to newer Pythons; what it carries was judged above.
    return ip in _GLOBAL_UNICAST and (ip.is_global or bool(ip.sixtofour))


def _carried_by(ip: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """Return the IPv4 addresses to which a gateway would send what is sent to this one."""
    low = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    found += [low] if ip in _NAT64 or ip in _IPV4_COMPATIBLE else []
    return [inner for inner in found if inner is not None]


def is_forbidden(ip: IP) -> bool:
    """Tell whether the address, or one that it carries inside, is refused to everybody."""
    inner = _carried_by(ip) if isinstance(ip, ipaddress.IPv6Address) and ip != ipaddress.IPv6Address("::1") else []
    return any(one in network for one in (ip, *inner) for network in _FORBIDDEN if network.version == one.version)
