"""The data are what TimeMap's own schemata (Joi, src/reducers/validate/) let in, and say what the incidents say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import jsonschema
import pytest

from marsad.loading.codebook import types
from marsad.loading.timemap import timemap_words
from marsad.publish.characters import writable
from marsad.publish.flat import first_day
from marsad.publish.formats import timemap
from marsad.publish.formats.sentences import sentence_of
from marsad.publish.outgoing import Outgoing

TEXT, TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}


def schema_of(required, **fields):
    """Return a schema as Joi.object().keys() has it: a field that it does not know is refused."""
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


# eventSchema.js: description and associations are required; of latitude and longitude both or neither. validators.js
# calls replace() of both, and a day that DATE_FMT (MM/DD/YYYY) cannot read drops the event.
EVENT = {
    **schema_of(
        ["description", "associations", "latitude", "longitude", "date"],
        id=TEXT, description=TEXT, date={"type": "string", "pattern": r"^\d\d/\d\d/\d{4}$"}, time=TEXT,
        time_precision=TEXT, location=TEXT, latitude=TEXT, longitude=TEXT, type=TEXT, category=TEXT, category_full=TEXT,
        associations=TEXTS, sources=TEXTS, comments=TEXT, time_display=TEXT, shape=TEXT, colour=TEXT,
    ),
    "dependentRequired": {"latitude": ["longitude"], "longitude": ["latitude"]},
}  # fmt: skip
# associationsSchema.js; constants.js has the modes, and utilities.js reads filter_paths of categories and filters.
ASSOCIATION = schema_of(
    ["id", "title", "mode", "filter_paths"],
    id=TEXT, title=TEXT, desc=TEXT, mode={"enum": ["CATEGORY", "NARRATIVE", "FILTER", "SPOTLIGHT"]}, colour=TEXT,
    type=TEXT, display=TEXT, filter_paths={**TEXTS, "minItems": 1},
)  # fmt: skip
# sourceSchema.js: an id that is not empty, and a list of paths.
SOURCE = schema_of(
    ["id", "paths"],
    id={"type": "string", "minLength": 1}, title=TEXT, thumbnail=TEXT, paths={"type": "array"}, type=TEXT,
    affil_s={"type": "array"}, url=TEXT, description=TEXT, parent=TEXT, author=TEXT, date=TEXT, notes=TEXT,
)  # fmt: skip
STANDING = ("happened", "ongoing")


def loaded(out, tmp_path):
    """Return what TimeMap fetches (events, associations, sources), each checked, and what the export says of itself."""
    path = tmp_path / "events.json"
    timemap.write(out, path)
    parts = ("associations", "sources", "metadata")
    read = [json.loads((tmp_path / f"events.json-{part}.json").read_text("utf-8")) for part in parts]
    events, (associations, sources, metadata) = json.loads(path.read_text("utf-8")), read
    for schema, values in ((EVENT, events), (ASSOCIATION, associations), (SOURCE, sources.values())):
        jsonschema.validate(list(values), {"type": "array", "items": schema})
    return events, associations, sources, metadata


def standing(rows):
    return [row for row in rows if row["status"] in STANDING and first_day(row)]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_event_says_what_its_incident_says(outgoing, rows, tmp_path, lang):
    events, _, sources, _ = loaded(replace(outgoing, lang=lang), tmp_path)
    told = standing(rows["told"])
    assert len(events) == len(told) > 100
    for event, row in zip(events, told, strict=True):
        place = row["places"][0] if row["places"] else {"name": "", "lat": None}
        assert event["id"] == row["id"] and event["description"] == sentence_of(row, lang)
        assert datetime.strptime(event["date"], "%m/%d/%Y").date().isoformat() == first_day(row)
        point = (event["latitude"], event["longitude"])
        assert point == (("", "") if place["lat"] is None else (str(place["lat"]), str(place["lon"])))
        assert event["sources"] == row["reports"] and all(id in sources for id in event["sources"])
        assert lang == "ar" or event["location"] == place["name"]


def test_an_event_has_one_category_and_all_its_associations_are_there(outgoing, rows, tmp_path):
    events, associations, _, _ = loaded(outgoing, tmp_path)
    known = {association["id"]: association for association in associations}
    assert len(known) == len(associations)
    for event, row in zip(events, standing(rows["told"]), strict=True):
        modes = [known[id]["mode"] for id in event["associations"]]
        assert modes.count("CATEGORY") == 1 and set(modes) == {"CATEGORY", "FILTER"}
        named = {p["id"] for p in (*row["actors"], *row["targets"]) if p["id"]}
        assert {id.removeprefix("party:") for id in event["associations"] if id.startswith("party:")} == named
        assert f"type:{row['type']}" in event["associations"]
        assert known[event["associations"][0]]["title"] == event["category"]


def test_filters_end_in_their_title_and_no_step_holds_the_stroke_that_parts_steps(outgoing, tmp_path):
    _, associations, _, _ = loaded(outgoing, tmp_path)
    filters = [association for association in associations if association["mode"] == "FILTER"]
    assert all(association["filter_paths"][-1] == association["title"] for association in filters)
    assert not any("/" in step for association in associations for step in association["filter_paths"])
    assert ["Where", "Syria", "Daraa Governorate"] in [association["filter_paths"] for association in filters]


def test_sources_are_the_reports_each_once(outgoing, rows, tmp_path):
    _, _, sources, _ = loaded(outgoing, tmp_path)
    claims = {claim["report"]: claim for row in standing(rows["told"]) for claim in row["told"]}
    assert set(sources) == set(claims)
    for id, source in sources.items():
        assert (source["id"], source["author"], source["date"]) == (id, claims[id]["outlet"], claims[id]["published"])


def test_what_is_planned_denied_or_undated_is_left_out_and_counted(outgoing, rows, tmp_path):
    events, _, _, metadata = loaded(outgoing, tmp_path)
    left = metadata["left_out"]
    assert left["undated"] == sum(first_day(row) is None for row in rows["told"])
    assert left["denied"] == sum(row["status"] == "denied" and bool(first_day(row)) for row in rows["told"]) > 0
    assert len(events) + sum(left.values()) == len(rows["told"])


def test_the_comments_tell_what_an_event_has_no_field_for(about, rows, tmp_path):
    row = next(row for row in standing(rows["told"]) if row["contradictions"] and row["places"][0]["radius_km"])
    row = {**row, "date": "2018-07-05/2018-07-07"}
    (event,), *_ = loaded(Outgoing(about, {"told": lambda: iter([row])}), tmp_path)
    days, exact, sources, certainty, *differ = event["comments"].split("\n")
    assert days == "2018-07-05 to 2018-07-07"
    assert exact == f"within {row['places'][0]['radius_km']:g} km of the point"
    assert sources == f"independent sources: {row['independent_sources']}"
    assert certainty == f"certainty: {row['certainty']}"
    assert len(differ) == len(row["contradictions"]) and differ[0].startswith("sources differ: ")


def test_an_incident_without_a_place_is_an_event_without_a_point(about, rows, tmp_path):
    row = {**standing(rows["told"])[0], "places": []}
    (event,), *_ = loaded(Outgoing(about, {"told": lambda: iter([row])}), tmp_path)
    assert (event["location"], event["latitude"], event["longitude"]) == ("", "", "")


def test_addresses_that_are_none_of_the_web_are_not_handed_on(about, rows, tmp_path):
    first = standing(rows["told"])[0]
    urls = {"a": "https://a.example/?x=<1>", "b": "javascript:alert(1)", "c": None, "d": "http://a.example/&\u0623"}
    claims = [{**first["told"][0], "report": report, "url": url} for report, url in urls.items()]
    out = Outgoing(about, {"told": lambda: iter([{**first, "told": claims}])})
    _, _, sources, _ = loaded(out, tmp_path)
    assert {id: source["url"] for id, source in sources.items()} == {"a": "", "b": "", "c": "", "d": urls["d"]}


def test_odd_letters_come_back_as_they_were_or_as_the_sign_for_a_lost_one(odd, tmp_path):
    out = odd()
    events, associations, _, _ = loaded(out, tmp_path)
    told = standing(list(out.rows("told")))
    assert len(events) == len(told) > 5
    for event, row in zip(events, told, strict=True):
        assert event["location"] == writable(row["places"][0]["name"])
        assert event["description"] == writable(sentence_of(row, "en"))
    known = {association["id"] for association in associations}
    assert all(id in known for event in events for id in event["associations"])


def test_a_record_without_a_report_gives_no_events(empty, tmp_path):
    events, associations, sources, metadata = loaded(empty, tmp_path)
    assert (events, sources, metadata["left_out"]) == ([], {}, {})
    assert {association["id"] for association in associations if association["mode"] == "CATEGORY"}


def test_what_the_export_states_of_itself_lies_beside_it(outgoing, tmp_path):
    *_, metadata = loaded(outgoing, tmp_path)
    assert {name: metadata[name] for name in outgoing.about.as_dict()} == outgoing.about.as_dict()


def test_the_same_record_gives_the_same_bytes(outgoing, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        timemap.write(outgoing, tmp_path / name / "events.json")
    written = [{file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("a", "b")]
    assert written[0] == written[1] and len(written[0]) == 4


def test_every_type_of_the_codebook_stands_in_one_category():
    placed = [type for category in timemap_words().categories for type in category.types]
    assert sorted(placed) == sorted(types())
