"""The page of a record: one HTML file with map, days and lists, that needs no network, no server and no other file.

Its style and script come built with the package; a browser is told to run nothing else and to load nothing. Whatever
comes from a report is data, which the script sets as text.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from marsad.errors import UsageError
from marsad.publish.emblems import emblems_of

_NEEDED = ("page.js", "page.css", "licences.txt")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a notebook shows it; `height` is that of its frame in pixels."""

    html: str
    height: int = 640

    def write(self, path: str | Path) -> None:
        """Write it to a file that any browser opens."""
        Path(path).write_text(self.html, "utf-8")

    def __repr__(self) -> str:
        """Return its size: all of it is too long for a terminal."""
        return f"<Page of {len(self.html.encode('utf-8')) / 1e6:.1f} MB; .write(FILE) keeps it>"

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, whose scripts reach nothing of the notebook."""
        frame = f'sandbox="allow-scripts" style="width: 100%; height: {self.height}px; border: 0"'
        return f'<iframe {frame} srcdoc="{escape(self.html)}"></iframe>'


def page_of(exhibit: Mapping[str, Any]) -> str:
    """Return the page of an exhibit; the same exhibit and build give the same bytes."""
    script, style = _built("page.js"), _built("page.css")
    title = exhibit["title"] or "مرصد · Marsad"
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; font-src data:; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    return (
        '<!DOCTYPE html>\n<html lang="ar" dir="rtl">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<title>{escape(title)}</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n{_body()}"
        f'<script type="application/json" id="exhibit">{_data(exhibit)}</script>\n'
        f'<script type="module">{script}</script>\n</body>\n</html>\n'
    )


def _data(exhibit: Mapping[str, Any]) -> str:
    """Return the exhibit with its emblems as JSON that ends no element, whatever a report says."""
    emblems = {id: list(emblem) for id, emblem in emblems_of(_sides(exhibit)).items()}
    whole = json.dumps({**exhibit, "emblems": emblems}, ensure_ascii=False, separators=(",", ":"))
    # Line separators end a line for some readers of JSON.
    for letter, written in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        whole = whole.replace(letter, written)
    # A lone half of a letter cannot be written as UTF-8.
    return whole.encode("utf-8", "replace").decode("utf-8")


def _sides(exhibit: Mapping[str, Any]) -> Iterator[str]:
    """Yield every side that ever holds a place, the one with most states first, so that it has its usual sign."""
    counts: dict[int, int] = {}
    for states in exhibit["states"].values():
        for state in states:
            for side in state[5]:
                counts[side] = counts.get(side, 0) + 1
    for side in sorted(counts, key=lambda side: (-counts[side], side)):
        yield exhibit["actors"][side][0]


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _body() -> str:
    shown = files("marsad.publish").joinpath("page/page.html").read_text("utf-8")
    return shown.replace("@@LICENCES@@", escape(_built("licences.txt")))


@cache
def _built(name: str) -> str:
    """Return a built file; raise UsageError that says how one gets it."""
    try:
        text = files("marsad.publish").joinpath(f"page/built/{name}").read_text("utf-8")
    except OSError:
        remedy = "in a checkout, `make run` builds it; an installed package brings it"
        raise UsageError(f"the page's {name} has not been built; {remedy}") from None
    if name != "licences.txt" and "</s" in text.lower():
        # "</script" or "</style" would end the element in the middle.
        raise UsageError(f"the page's {name} cannot stand in a page; build it anew: python tools/frontend.py --force")
    return text
