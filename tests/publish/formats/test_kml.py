"""KML: GDAL and lxml read the same rows, elements stand in the order of the standard, and nothing in it is run."""

from __future__ import annotations

import re
import warnings

import pyogrio
import pytest
from lxml import etree

from marsad.loading.published import published
from marsad.publish import labels
from marsad.publish.formats import kml
from marsad.publish.formats.kml import FOLDERS, NAMESPACE, write
from marsad.publish.outgoing import Outgoing
from publish.formats.back import in_one, soundly_in_xml

# The sequences of the types in OGC KML 2.2 (07-147r2) and its schema ogckml22.xsd: of a feature, then of what it is.
FEATURE = (
    "name visibility open author link address AddressDetails phoneNumber Snippet description LookAt Camera TimeStamp"
    " TimeSpan styleUrl Style StyleMap Region ExtendedData"
).split()
ORDER = {
    "Document": [*FEATURE, "Schema", "Folder", "Placemark"],
    "Folder": [*FEATURE, "Folder", "Placemark"],
    "Placemark": [*FEATURE, "Point"],
    "Style": ["IconStyle", "LabelStyle", "LineStyle", "PolyStyle", "BalloonStyle", "ListStyle"],
    "IconStyle": ["color", "colorMode", "scale", "heading", "Icon", "hotSpot"],
    "LabelStyle": ["color", "colorMode", "scale"],
    "TimeSpan": ["begin", "end"],
    "TimeStamp": ["when"],
    "ExtendedData": ["Data", "SchemaData"],
    "Data": ["displayName", "value"],
    "Point": ["extrude", "altitudeMode", "coordinates"],
    "kml": ["Document"],
}
MANY = {"Style", "Folder", "Placemark", "Data", "Schema"}
LEAVES = {"name", "description", "styleUrl", "color", "begin", "end", "when", "value", "coordinates"}


def written(out, tmp_path):
    write(out, tmp_path / "out.kml")
    return tmp_path / "out.kml"


def read(path):
    return etree.parse(str(path)).getroot()


def tag(element):
    name = etree.QName(element)
    assert name.namespace == NAMESPACE
    return name.localname


def found(element, path):
    return element.findall("/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/")))


def one(element, path):
    return next((inner.text or "" for inner in found(element, path)), None)


def folder(root, table, lang="en"):
    [only] = [f for f in found(root, "Document/Folder") if one(f, "name") == getattr(published()[table], lang)]
    return only


def data_of(mark):
    return {data.get("name"): one(data, "value") for data in found(mark, "ExtendedData/Data")}


def as_read(row):
    """Return a flat row as its placemark has it: as text, what is empty left out, what begins a tag made harmless."""
    made = {}
    for name, value in row.items():
        text = ("true" if value else "false") if isinstance(value, bool) else in_one(value)
        if text is not None and text != "":
            made[name] = re.sub("<(?=[A-Za-z/!?])", "‹", soundly_in_xml(str(text)))
    return made


def test_lxml_reads_every_column_of_every_row(given, tmp_path):
    root = read(written(given, tmp_path))
    for table in FOLDERS:
        marks = found(folder(root, table), "Placemark")
        assert [data_of(mark) for mark in marks] == [as_read(row) for row in given.flat(table)]


@pytest.mark.parametrize("table", FOLDERS)
def test_gdal_reads_the_points_the_names_and_the_columns(outgoing, tmp_path, table):
    path = written(outgoing, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = pyogrio.read_dataframe(path, layer=published()[table].en)
    rows = list(outgoing.flat(table))
    points = [None if point is None else (point.x, point.y) for point in frame.geometry]
    assert points == [None if row["lat"] is None else (row["lon"], row["lat"]) for row in rows]
    for name in ("evidence", "place", "status"):
        if name in rows[0]:
            assert frame[name].fillna("").tolist() == [as_read(row).get(name, "") for row in rows]
    assert frame["Name"].tolist() == [one(m, "name") for m in found(folder(read(path), table), "Placemark")]


def test_every_element_stands_where_the_standard_has_it(given, tmp_path):
    for element in read(written(given, tmp_path)).iter():
        name, inner = tag(element), [tag(child) for child in element]
        if name in LEAVES:
            assert inner == []
            continue
        places = [ORDER[name].index(child) for child in inner]
        assert places == sorted(places), f"{name}: {inner}"
        assert not [child for child in inner if inner.count(child) > 1 and child not in MANY]


def test_every_placemark_has_a_style_that_is_there(given, tmp_path):
    root = read(written(given, tmp_path))
    styles = {style.get("id") for style in found(root, "Document/Style")}
    used = {one(mark, "styleUrl") for mark in root.iter(f"{{{NAMESPACE}}}Placemark")}
    assert used <= {f"#{style}" for style in styles}
    assert set(labels.STATUS) < styles and all(
        re.fullmatch("ff[0-9a-f]{6}", one(style, "IconStyle/color")) for style in found(root, "Document/Style")
    )


def test_the_status_stands_in_the_name_and_is_not_told_by_colour_alone(outgoing, tmp_path):
    root = read(written(outgoing, tmp_path))
    for table in ("incidents", "claims", "control"):
        for mark in found(folder(root, table), "Placemark"):
            assert kml._CALLED[data_of(mark)["status"]][1] in one(mark, "name")


def test_names_are_of_the_language(outgoing, tmp_path):
    arabic = Outgoing(outgoing.about, outgoing.tables, "ar")
    root = read(written(arabic, tmp_path))
    first = next(row for row in outgoing.flat("claims") if row["place_words"])
    names = [one(mark, "name") for mark in found(folder(root, "claims", "ar"), "Placemark")]
    assert f"{first['type_ar']} · {first['place_words']} · {labels.STATUS[first['status']][0]}" in names
    changed = [one(mark, "name") for mark in found(folder(root, "changes", "ar"), "Placemark")]
    assert any(re.fullmatch("معبر نصيب · .+ ← .+", name) for name in changed)
    english = read(written(outgoing, tmp_path))
    told = [one(mark, "name") for mark in found(folder(english, "changes"), "Placemark")]
    assert any(re.fullmatch("Nasib Crossing · .+ → Assad government.+", name) for name in told)


def test_a_day_is_a_stamp_and_days_are_a_span_open_where_it_goes_on(outgoing, tmp_path):
    root = read(written(outgoing, tmp_path))
    for table, start, end in (("incidents", "date_start", "date_end"), ("control", "since", "until")):
        for mark, row in zip(found(folder(root, table), "Placemark"), outgoing.flat(table), strict=True):
            told = (one(mark, "TimeStamp/when"), one(mark, "TimeSpan/begin"), one(mark, "TimeSpan/end"))
            same = row[start] is not None and row[start] == row[end]
            assert told == ((row[start], None, None) if same else (None, row[start], row[end]))
    changed = [one(mark, "TimeStamp/when") for mark in found(folder(root, "changes"), "Placemark")]
    assert changed == [row["day"] for row in outgoing.flat("changes")]


def test_what_google_earth_would_run_is_none_in_names_or_values(odd, tmp_path):
    root = read(written(odd(), tmp_path))
    texts = [text for text in root.itertext() if "b>" in text]
    assert texts and not [text for text in texts if re.search("<[A-Za-z/!?]", text)]


def test_the_document_says_what_the_export_is(given, tmp_path):
    [document] = found(read(written(given, tmp_path)), "Document")
    told = data_of(document)
    assert told["as_known"] == given.about.as_known and told["credits"] == "; ".join(given.about.credits)
    assert "role public" in told["filters"] and given.about.method in one(document, "description")
