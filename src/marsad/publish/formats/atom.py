"""A feed of incidents for whoever follows a record by a feed reader: Atom (RFC 4287) with places as GeoRSS Simple."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import nlargest
from itertools import count
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from marsad.publish.characters import writable_xml
from marsad.publish.formats.addresses import web_address
from marsad.publish.formats.sentences import place_name, sentence_of, title_of
from marsad.publish.labels import STATUS, of_type
from marsad.publish.outgoing import Outgoing

Row = Mapping[str, Any]
# A reader fetches the whole of a feed each time: 500 incidents of the bundled sample are 420 KB.
NEWEST = 500
TYPE, STATUS_SCHEME = "urn:x-marsad:type", "urn:x-marsad:status"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
_LABEL = {"ar": 0, "en": 1}


def write(out: Outgoing, path: Path) -> None:
    """Write the incidents that were recorded last as entries, the newest first; of one instant the latest day first."""
    ordered = zip(out.rows("told"), count(0, -1), strict=False)
    entries = [row for row, _ in nlargest(NEWEST, ordered, key=lambda one: (one[0]["recorded"], one[1]))]
    updated = entries[0]["recorded"] if entries else out.about.as_known
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{_HEAD}xmlns:georss={quoteattr('http://www.georss.org/georss')} xml:lang={quoteattr(out.lang)}>\n")
        file.writelines(f"  {line}\n" for line in _feed(out, updated))
        for entry in entries:
            file.writelines(f"  {line}\n" for line in _entry(entry, out.lang))
        file.write("</feed>\n")


def _feed(out: Outgoing, updated: str) -> Iterator[str]:
    """Yield the elements of the feed itself; the same question has the same id, however the record grows."""
    about = out.about
    asked = ";".join(f"{name}={value}" for name, value in sorted(about.filters.items()) if name != "on")
    yield _element("id", _urn(f"feed/{out.lang}/{asked}"))
    yield _element("title", about.title)
    filters = "; ".join(f"{name} {value}" for name, value in about.filters.items())
    yield _element("subtitle", f"{about.method} At most the {NEWEST} incidents recorded last. Asked for: {filters}.")
    yield _element("updated", updated)
    yield f"<author>{_element('name', 'Marsad')}</author>"
    yield _element("generator", "Marsad", version=about.version.removeprefix("marsad "))
    yield _element("rights", "\n".join((about.licence, *about.credits)))


def _entry(row: Row, lang: str) -> Iterator[str]:
    yield "<entry>"
    yield "  " + _element("id", _urn(f"incident/{row['id']}"))
    yield "  " + _element("title", title_of(row, lang))
    yield "  " + _element("updated", row["recorded"])
    for scheme, term, label in _categories(row, lang):
        yield "  " + _element("category", term=term, scheme=scheme, label=label)
    for url, outlet in _reports(row).items():
        yield "  " + _element("link", rel="via", href=url, title=outlet)
    yield "  " + _element("summary", sentence_of(row, lang), type="text")
    yield "  " + _element("content", row["evidence"], type="text", **{"xml:lang": "ar"})
    yield from ("  " + line for line in _where(row, lang))
    yield "</entry>"


def _categories(row: Row, lang: str) -> Iterator[tuple[str, str, str]]:
    yield TYPE, row["type"], of_type(row["type"])[_LABEL[lang]]
    yield STATUS_SCHEME, row["status"], STATUS[row["status"]][_LABEL[lang]]


def _reports(row: Row) -> dict[str, str]:
    """Return the addresses of the reports that tell it, each with its outlet."""
    told = ((web_address(claim["url"]), claim["outlet"] or "") for claim in row["told"])
    return {url: outlet for url, outlet in told if url}


def _where(row: Row, lang: str) -> Iterator[str]:
    """Yield the point of the best supported place, how far from it it may lie (metres), and its name."""
    place = next(iter(row["places"]), None)
    if place is not None and place["lat"] is not None and place["lon"] is not None:
        yield _element("georss:point", f"{place['lat']} {place['lon']}")
        yield _element("georss:featurename", place_name(place, lang))
        if place["radius_km"]:
            yield _element("georss:radius", f"{place['radius_km'] * 1000:g}")


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, f"urn:x-marsad:{name}").urn


def _element(tag: str, text: str | None = None, **attributes: str) -> str:
    """Return an element; a carriage return is written as a reference, or a reader would make a line of it."""
    named = "".join(f" {name}={quoteattr(writable_xml(value))}" for name, value in attributes.items())
    if text is None:
        return f"<{tag}{named}/>"
    return f"<{tag}{named}>{escape(writable_xml(text), {chr(13): '&#13;'})}</{tag}>"
