"""OGC KML 2.2 for Google Earth: a folder a table, a placemark a row, with its time, its status and its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from marsad.loading.published import published
from marsad.publish import labels
from marsad.publish.characters import writable_xml
from marsad.publish.csv_rows import joined
from marsad.publish.flat import columns_of
from marsad.publish.outgoing import Outgoing

Flat = Mapping[str, Any]
NAMESPACE = "http://www.opengis.net/kml/2.2"
FOLDERS = ("incidents", "claims", "control", "changes")
# The status in Arabic and English, which stands in the name, and its colour, which nobody needs: opaque, as KML has it
# (blue, green, red), of the palette of Okabe and Ito, which is told apart by the colour-blind.
_STATUS = {
    "happened": "ff005ed5", "ongoing": "ff009fe6", "planned": "ffe9b456", "called_for": "ffa779cc",
    "denied": "ff999999", "possible": "ff42e4f0", "held": "ffb27200", "contested": "ff005ed5",
    "besieged": "ffa779cc", "vacated": "ff999999", "unknown": "ffffffff",
}  # fmt: skip
_CALLED = labels.STATUS | {
    "held": ("تحت السيطرة", "held"),
    "contested": ("متنازع عليه", "contested"),
    "besieged": ("محاصر", "besieged"),
    "vacated": ("أُخلي", "vacated"),
    "unknown": ("غير معروف", "unknown"),
}
_NOWHERE = ("مكان غير معروف", "place unknown")
# Google Earth shows names and values as web pages: what begins a tag there would be run.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def write(out: Outgoing, path: Path) -> None:
    """Write the tables that have places; a row without a point is a placemark without one, lists are joined."""
    with etree.xmlfile(str(path), encoding="utf-8") as file:
        file.write_declaration()
        with file.element("kml", nsmap={None: NAMESPACE}), file.element("Document"):
            for part in _head(out):
                _put(file, part)
            for table in FOLDERS:
                if table in out.tables:
                    _write_folder(file, out, table)


def _put(file: Any, part: Any) -> None:
    # Without a name space of its own a part is in that of the document.
    file.write(part)
    file.write("\n")


def _head(out: Outgoing) -> Iterator[Any]:
    """Yield the beginning of the document in the standard's order: what it is, how it is drawn."""
    yield _element("name", out.about.title)
    yield _element("description", "\n".join(out.about.lines()))
    for status, colour in _STATUS.items():
        style = etree.Element("Style", id=status)
        etree.SubElement(etree.SubElement(style, "IconStyle"), "color").text = colour
        etree.SubElement(etree.SubElement(style, "LabelStyle"), "color").text = colour
        yield style
    yield _data((name, _plain(value)) for name, value in out.about.as_dict().items())


def _write_folder(file: Any, out: Outgoing, table: str) -> None:
    given = published()[table]
    names = [column.name for column in columns_of(table)]
    with file.element("Folder"):
        file.write("\n")
        _put(file, _element("name", given.ar if out.lang == "ar" else given.en))
        _put(file, _element("description", given.meaning))
        for row in out.flat(table):
            _put(file, _placemark(table, row, names, int(out.lang != "ar")))


def _placemark(table: str, row: Flat, names: list[str], way: int) -> Any:
    mark = etree.Element("Placemark")
    mark.append(_element("name", _NAMES[table](row, way)))
    mark.extend(_time(table, row))
    mark.append(_element("styleUrl", f"#{row['status']}"))
    mark.append(_data((name, joined(row[name])) for name in names))
    if row["lon"] is not None and row["lat"] is not None:
        etree.SubElement(etree.SubElement(mark, "Point"), "coordinates").text = f"{row['lon']},{row['lat']}"
    return mark


def _time(table: str, row: Flat) -> Iterator[Any]:
    """Yield when it was so, nothing where no day is told; of a state that goes on, its beginning alone."""
    if table == "changes":
        first, last = row["day"], row["day"]
    else:
        first, last = (row["since"], row["until"]) if table == "control" else (row["date_start"], row["date_end"])
    if first is not None and first == last:
        stamp = etree.Element("TimeStamp")
        etree.SubElement(stamp, "when").text = first
        yield stamp
    elif first is not None or last is not None:
        span = etree.Element("TimeSpan")
        for name, day in (("begin", first), ("end", last)):
            if day is not None:
                etree.SubElement(span, name).text = day
        yield span


def _data(values: Any) -> Any:
    """Return the values by name, what is null or empty left out."""
    extended = etree.Element("ExtendedData")
    for name, value in values:
        if value is not None and value != "":
            etree.SubElement(extended, "Data", name=name).append(_element("value", _plain(value)))
    return extended


def _element(name: str, text: str) -> Any:
    made = etree.Element(name)
    made.text = _TAG.sub("‹", writable_xml(text))
    return made


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        value = [f"{key} {part}" for key, part in value.items()]
    return str(joined(value))


def _event_name(row: Flat, way: int) -> str:
    """Return what happened, where, and the status in words."""
    place = (row.get("place_words") if way == 0 else None) or row["place"] or _NOWHERE[way]
    return f"{labels.of_type(row['type'])[way]} · {place} · {_CALLED[row['status']][way]}"


def _state_name(row: Flat, way: int) -> str:
    """Return a place, its status in words, and who holds it or who fights for it."""
    who = row["sides"] if row["status"] == "contested" else [row["holder"]] if row["holder"] else []
    named = " / ".join(labels.of_actor(id)[way] for id in who)
    return " · ".join(filter(None, (_place_name(row, way), _CALLED[row["status"]][way], named)))


def _change_name(row: Flat, way: int) -> str:
    """Return a place and from whom it came to whom; where nobody holds it, its status in words."""
    sides = [(row["holder_before"], row["status_before"]), (row["holder"], row["status"])]
    before, after = (labels.of_actor(id)[way] if id else _CALLED[status][way] for id, status in sides)
    return f"{_place_name(row, way)} · {before} {'←' if way == 0 else '→'} {after}"


def _place_name(row: Flat, way: int) -> str:
    return str((row["place_ar"] if way == 0 else None) or row["place"])


_NAMES: Mapping[str, Callable[[Flat, int], str]] = {
    "incidents": _event_name, "claims": _event_name, "control": _state_name, "changes": _change_name,
}  # fmt: skip
