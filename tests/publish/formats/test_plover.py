"""PLOVER: every line is a record of draft 2.0 with the manual's names; events, modes and roles follow the mapping."""

from __future__ import annotations

import json

import jsonschema
import pandas
import pytest

from marsad.loading.codebook import PACKS, read_toml, types
from marsad.loading.plover import plover
from marsad.publish.formats.plover import write
from publish.formats.incidents import ODD, incident, most_at_once, number, odd_incident, out_of, place

TABLE = read_toml(PACKS / "codebook" / "plover.toml")
TEXT, WHOLE = {"type": "string", "minLength": 1}, {"type": "integer", "minimum": 0}
ALPHA3 = {"type": "string", "pattern": "^[A-Z]{3}$"}


def named(*required, **fields):
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def listed(of):
    return {"type": "array", "items": of}


ENTITY = named(
    "entity_text", code=ALPHA3, sector={"enum": TABLE["sectors"]}, entity_text={"type": "string"}, identifier_text=TEXT
)
LOCATION = named(
    "resolution", extracted_place=TEXT, resolved_place=TEXT, lat={"type": "number", "minimum": -90, "maximum": 90},
    lon={"type": "number", "minimum": -180, "maximum": 180}, province=TEXT, country=TEXT, country_code=ALPHA3,
    resolution={"type": "integer", "minimum": 1, "maximum": 5},
)  # fmt: skip
# The record of the manual (draft 2.0, chapter on the JSON record), with the fields that are filled here.
RECORD = named(
    "id", "date", "actor", "event",
    id=TEXT, has_event={"const": True}, date={"type": "string", "format": "date"},
    enddate={"type": "string", "format": "date"}, actor=listed(ENTITY), recipient=listed(ENTITY),
    event={**listed({"enum": [row[0] for row in TABLE["events"]]}), "minItems": 1, "maxItems": 1},
    mode=listed({"enum": [mode for row in TABLE["events"] for mode in row[3]]}),
    context=listed({"enum": TABLE["contexts"]}), event_loc=LOCATION, event_text=listed({"type": "string"}),
    quad_code={"type": "integer", "minimum": 1, "maximum": 4},
    event_scale={"type": "number", "minimum": -10, "maximum": 10},
    size=named(dead=WHOLE, injured=WHOLE, arrested=WHOLE), link=TEXT,
    text_info=named("start", "end", start=WHOLE, end=WHOLE),
    cite_info=named(
        "codebook", "language", corpus=TEXT, citation=TEXT, url=TEXT, language={"const": "ar"}, publication=TEXT,
        license=TEXT, coder=TEXT, codebook={"const": "plover-draft-2.0"}, version=TEXT,
    ),
    coder=TEXT, coded_date={"type": "string", "format": "date"},
    coded_time={"type": "string", "pattern": r"^\d\d:\d\d:\d\d$"}, comment=TEXT,
)  # fmt: skip
CHECK = jsonschema.Draft202012Validator(RECORD, format_checker=jsonschema.FormatChecker())


def written(out, tmp_path):
    """Return the records, each checked, and what was left out."""
    path = tmp_path / "events.jsonl"
    write(out, path)
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for record in records:
        CHECK.validate(record)
    return records, json.loads((tmp_path / "events.jsonl-metadata.json").read_text("utf-8"))["left_out"]


@pytest.fixture
def event(tmp_path):
    """Give what writes one incident and reads its record back, None where it is no event."""

    def read(*args, **fields):
        records, left_out = written(out_of(incident(*args, **fields)), tmp_path)
        assert len(records) + sum(left_out.values()) == 1
        return records[0] if records else None

    return read


def test_every_record_of_the_sample_is_one_of_draft_2_and_every_incident_is_told_or_counted(outgoing, tmp_path):
    records, left_out = written(outgoing, tmp_path)
    assert len(records) > 100
    assert len(records) + sum(left_out.values()) == sum(1 for _ in outgoing.rows("told"))


def test_records_say_what_their_incidents_say_and_the_offsets_mark_the_words(outgoing, sample_view, tmp_path):
    told = {row["id"]: row for row in outgoing.rows("told")}
    texts = {report["id"]: report["text"] for report in sample_view.reports(text=True)}
    for record in written(outgoing, tmp_path)[0]:
        row, span = told[record["id"]], record["text_info"]
        claim = next(claim for claim in row["told"] if [span["start"], span["end"]] == claim["span"])
        assert texts[claim["report"]][span["start"] : span["end"]] == claim["evidence"]
        assert record["event_text"] == list(dict.fromkeys(claim["evidence"] for claim in row["told"]))
        assert row["date"] == "/".join(filter(None, (record["date"], record.get("enddate"))))
        names = {party["text"] for role in ("actors", "targets") for party in row[role]}
        assert {one["entity_text"] for one in (*record["actor"], *record["recipient"])} <= names
        where = record.get("event_loc", {})
        assert (not row["places"] and not where) or (where["resolved_place"], where.get("lat")) in [
            (p["name"], p["lat"]) for p in row["places"]
        ]


def test_another_reader_takes_a_line_for_a_row(outgoing, tmp_path):
    records, _ = written(outgoing, tmp_path)
    frame = pandas.read_json(tmp_path / "events.jsonl", lines=True, dtype=False)
    assert list(frame["id"]) == [record["id"] for record in records]
    assert list(frame["event"]) == [record["event"] for record in records]


@pytest.mark.parametrize(
    ("type", "actors", "evidence", "kind", "modes"),
    [
        ("clash", "isis hts", "اشتباكات", "ASSAULT", []),
        ("attack", "isis", "أطلقوا الرصاص على الحاجز", "ASSAULT", ["firearms"]),
        ("airstrike", "russia", "غارات على البلدة", "ASSAULT", ["aerial"]),
        ("airstrike", "turkey", "قصفت طائرة مسيّرة سيارة", "ASSAULT", ["drone"]),
        ("airstrike", "assad-gov", "غاز الكلور", "ASSAULT", ["unconventional"]),
        ("shelling", "assad-gov", "قصف مدفعي", "ASSAULT", ["heavy-weapons"]),
        ("bombing", "isis", "فجّر انتحاري نفسه", "ASSAULT", ["suicide-attack"]),
        ("bombing", "", "انفجرت سيارة مفخخة", "ASSAULT", ["explosives"]),
        ("killing", "", "اغتيال ناشط برصاص مجهولين", "ASSAULT", ["targeted", "firearms"]),
        ("abuse", "assad-gov", "تعذيب معتقل", "ASSAULT", ["torture"]),
        ("arrest", "assad-gov", "اعتقلت دورية شاباً", "COERCE", ["arrest"]),
        ("arrest", "hts", "أسر مقاتلو الهيئة خمسة جنود", "ASSAULT", ["abduct"]),
        ("destruction", "assad-gov", "نهب المنازل", "COERCE", ["seize"]),
        ("destruction", "assad-gov", "أحرقوا المنازل", "ASSAULT", ["destroy"]),
        ("takeover", "assad-gov", "سيطرت القوات على البلدة", "ASSAULT", []),
        ("takeover", "assad-gov", "دخلت القوات البلدة دون قتال", "MOBILIZE", ["troops"]),
        ("takeover", "hts", "دخلت الهيئة البلدة دون قتال", "MOBILIZE", ["militia"]),
        ("withdrawal", "opposition", "انسحبت الفصائل", "RETREAT", ["withdraw"]),
        ("deployment", "assad-gov", "انتشرت الشرطة في المدينة", "MOBILIZE", ["police"]),
        ("demand", "assad-gov", "طالبت الحكومة بفتح الطريق", "REQUEST", []),
        ("demand", "assad-gov", "أمهلت الحكومة الفصائل يومين", "THREATEN", []),
        ("protest", "civilians", "تظاهر العشرات", "PROTEST", ["demo"]),
        ("protest", "civilians", "إضراب عن الطعام", "PROTEST", ["hunger"]),
        ("aid", "un", "منعت الحواجز دخول القافلة", "COERCE", ["withhold"]),
    ],
    ids=str,
)  # fmt: skip
def test_event_and_modes_follow_from_type_side_and_means(event, type, actors, evidence, kind, modes):
    record = event(type, actors, "civilians", evidence=evidence)
    assert (record["event"], record["mode"]) == ([kind], modes)
    assert (record["quad_code"], record["event_scale"]) == (plover().events[kind].quad, plover().events[kind].score)


def test_the_context_says_what_it_is_about(event):
    assert event("takeover")["context"] == ["territory", "military"]
    assert event("shelling", evidence="قذائف محملة بغازات سامة")["context"] == ["military", "cbrn"]


def ids(record, role):
    return [one.get("identifier_text", one["entity_text"]) for one in record[role]]


def test_all_sides_of_a_fight_are_actors(event):
    record = event("clash", "assad-gov", "opposition")
    assert len(record["actor"]) == 2 and record["recipient"] == []


def test_people_who_flee_or_are_brought_out_are_those_to_whom_it_is_done(event):
    fled = event("displacement", "civilians", "assad-gov", evidence="نزح السكان")
    assert (fled["event"], fled["mode"]) == (["SANCTION"], ["expel"])
    assert ids(fled, "recipient") == ["Civilians"] and ids(fled, "actor")[0].startswith("Assad government")
    assert ids(event("evacuation", "medics", evidence="إجلاء"), "recipient") == ["Medics"]


def test_an_event_that_needs_a_recipient_is_none_without(event):
    assert event("displacement", "", evidence="نزوح") is None and event("aid", "un") is None


def test_people_who_come_home_are_no_event(event):
    assert event("displacement", "civilians", evidence="عاد النازحون إلى قراهم") is None


@pytest.mark.parametrize(
    ("id", "type", "entity"),
    [
        ("assad-gov", "shelling", ("SYR", "MIL")), ("assad-gov", "negotiation", ("SYR", "GOV")),
        ("turkey", "deployment", ("TUR", "MIL")), ("opposition", "shelling", ("SYR", "REB")),
        ("isis", "shelling", (None, "REB")), ("hezbollah", "shelling", ("LBN", "PRM")), ("un", "aid", (None, None)),
        ("civilians", "protest", ("LBN", "CVL")), ("journalists", "protest", ("LBN", "JRN")),
        ("unknown-gunmen", "attack", ("LBN", "UAF")), ("?", "attack", (None, "UNK")),
    ],
)  # fmt: skip
def test_actors_have_the_sector_and_country_of_the_mapping(event, id, type, entity):
    [actor] = event(type, id, "medics" if type == "aid" else "", places=[place(country="LB")])["actor"]
    assert (actor.get("code"), actor.get("sector")) == entity and actor["entity_text"] == "كلمات"


@pytest.mark.parametrize(
    ("fields", "resolution"),
    [
        ({}, 4), ({"role": "near"}, 3), ({"id": "SY12", "name": "Daraa Governorate"}, 2),
        ({"id": "SY1203", "name": "Izra District"}, 3), ({"id": "SY", "name": "Syria"}, 1),
        ({"id": "sy-nasib-crossing", "name": "Nasib Crossing"}, 5), ({"id": "mine-1", "radius_km": 3}, 4),
        ({"id": "mine-1", "radius_km": 15}, 3), ({"id": "mine-1", "radius_km": None}, 2),
    ],
)  # fmt: skip
def test_the_resolution_says_what_kind_of_place_it_is(event, fields, resolution):
    assert event(places=[place(**fields)])["event_loc"]["resolution"] == resolution


def test_a_place_without_a_point_or_none_at_all_is_told_as_far_as_it_goes(event):
    where = event(places=[place(lat=None, lon=None)])["event_loc"]
    assert where["resolved_place"] == "Tafas" and "lat" not in where and where["country_code"] == "SYR"
    assert "event_loc" not in event(places=[])


def test_numbers_are_the_lowest_told(event):
    numbers = {"killed": number(63, 45), "wounded": number("tens"), "arrested": number("<9")}
    assert event("shelling", numbers=numbers)["size"] == {"dead": 45, "injured": 20, "arrested": 0}
    assert "size" not in event("shelling")


def test_a_record_says_where_its_words_stand_and_who_coded_it(event):
    record = event(date="2018-07-01/2018-07-06")
    assert (record["date"], record["enddate"]) == ("2018-07-01", "2018-07-06")
    assert record["text_info"] == {"start": 3, "end": 23} and record["event_text"] == ["سيطرت القوات على طفس"]
    assert record["cite_info"]["url"] == "https://example.org/1" and record["cite_info"]["license"] == "CC-BY-4.0"
    assert (record["coded_date"], record["coded_time"]) == ("2018-07-08", "00:00:01")
    assert record["comment"] == "told by مرصد الجنوب" and record["event_loc"]["extracted_place"] == "بلدة طفس"


def test_where_sources_differ_the_comment_says_so(event):
    dispute = {"kind": "count", "field": "numbers.killed", "values": []}
    assert event(contradictions=[dispute])["comment"].endswith("sources differ on numbers.killed")


@pytest.mark.parametrize("status", ["planned", "called_for", "denied", "possible"])
def test_only_what_happened_is_an_event(event, status):
    assert event(status=status) is None and event(status="ongoing") is not None


@pytest.mark.parametrize("type", sorted(types()))
def test_an_incident_of_any_type_is_a_record_or_counted(event, type):
    record = event(type, "assad-gov", "civilians", evidence="كلمات")
    assert (record is None) == (plover().rules[type][-1].event == "")


def test_odd_words_come_back_but_for_what_no_file_holds(tmp_path):
    records, _ = written(out_of(*(odd_incident(n, words) for n, words in enumerate(ODD))), tmp_path)
    lost = [words.replace("\0", "\ufffd").replace("\ud800", "\ufffd") for words in ODD]
    assert [record["event_text"][0] for record in records] == lost
    assert [record["actor"][0]["entity_text"] for record in records] == lost


def test_the_same_record_gives_the_same_bytes_and_few_rows_are_held_at_once(outgoing, tmp_path):
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    write(outgoing, first)
    write(outgoing, second)
    assert first.read_bytes() == second.read_bytes()
    assert most_at_once(write, tmp_path / "many.jsonl") < 4


def test_a_record_without_reports_is_an_empty_file(empty, tmp_path):
    assert written(empty, tmp_path) == ([], {})
