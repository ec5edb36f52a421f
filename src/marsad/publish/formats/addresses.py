"""Addresses that a file may hand on as links: those of the web and no others, since its readers may follow them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# No address holds these (RFC 3986), and readers stumble over them.
_APART = re.compile(r"""[\s\x00-\x20\x7f\ud800-\udfff\ufffe\uffff<>"{}|\\^`]""")


def web_address(url: str | None) -> str | None:
    """Return an address if it is one of the web (http or https, with a host), else None."""
    if not url or _APART.search(url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:  # an address of IPv6 that is none
        return None
