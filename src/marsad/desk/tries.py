"""How many wrong tries to sign in came from one address lately: in memory, and never of more than so many addresses.

Accounts are locked one by one (desk/signing.py); this bounds whoever tries a few passwords on each of many names.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict

# Wrong tries of one address within the window: an office of thirty that shares one address can be as wrong as that.
MOST, WINDOW_US = 30, 10 * 60 * 1_000_000
_ADDRESSES = 10_000
# Whoever has one IPv6 address has at least so many of its bits for themselves.
_OWN_BITS = 64


class Tries:
    """Wrong tries by address."""

    def __init__(self, most: int = MOST, addresses: int = _ADDRESSES) -> None:
        self._most, self._addresses = most, addresses
        self._since: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def is_over(self, address: str, at: int) -> bool:
        """Tell whether nobody at this address may try at this instant."""
        with self._lock:
            return self._count(_block_of(address), at)[1] >= self._most

    def count(self, address: str, at: int) -> None:
        """Count a wrong try."""
        with self._lock:
            block = _block_of(address)
            began, tries = self._count(block, at)
            self._since[block] = (began, tries + 1)
            self._since.move_to_end(block)
            while len(self._since) > self._addresses:
                self._since.popitem(last=False)

    def _count(self, block: str, at: int) -> tuple[int, int]:
        began, tries = self._since.get(block, (at, 0))
        return (began, tries) if at - began < WINDOW_US else (at, 0)


def _block_of(address: str) -> str:
    """Return an IPv4 address as it is, and the network of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:_OWN_BITS]
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.ip_network((found, _OWN_BITS), strict=False))
