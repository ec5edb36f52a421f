"""ACLED: its 31 columns hold what the incident says, codes follow the mapping, ids stay, changes are told."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import duckdb
import pandas
import pytest

from marsad.exporting import outgoing_of
from marsad.loading.acled import acled
from marsad.loading.codebook import types
from marsad.publish.cells import one_line
from marsad.publish.formats.acled import events_of, write
from marsad.publish.formats.acled_changes import write_changes
from marsad.record.store import open_record
from newsroom import add, arrival, now_of, said, view
from publish.formats.incidents import (
    ABOUT,
    ODD,
    incident,
    most_at_once,
    number,
    odd_incident,
    out_of,
    parties,
    party,
    place,
)

COLUMNS = (
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 "
    "actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location "
    "latitude longitude geo_precision source source_scale notes fatalities tags timestamp"
).split()


def events(*rows):
    return [row for _, row in events_of(out_of(*rows))]


def event(*args, **fields):
    [found] = events(incident(*args, **fields))
    return found


def written(out, tmp_path):
    """Return the file as pandas reads it, every cell as it stands there, and its metadata."""
    path = tmp_path / "acled.csv"
    write(out, path)
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    return frame, json.loads((tmp_path / "acled.csv-metadata.json").read_text("utf-8"))


def cell(value):
    """Return a value as its cell: nothing is empty, what would be a formula has an apostrophe, a lost sign its own."""
    text = "" if value is None else str(value)
    text = "".join("\ufffd" if letter == "\0" or "\ud800" <= letter < "\ue000" else letter for letter in text)
    return f"'{text}" if isinstance(value, str) and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def test_the_columns_are_the_31_of_acled_in_its_order(outgoing, tmp_path):
    frame, metadata = written(outgoing, tmp_path)
    assert list(frame) == COLUMNS and len(COLUMNS) == 31
    assert [column["name"] for column in metadata["tableSchema"]["columns"]] == COLUMNS


def test_every_cell_of_the_sample_comes_back_and_every_incident_is_a_row_or_counted(outgoing, tmp_path):
    frame, metadata = written(outgoing, tmp_path)
    expected = [row for _, row in events_of(outgoing)]
    assert frame.to_dict("records") == [{name: cell(value) for name, value in row.items()} for row in expected]
    assert len(frame) > 100
    assert len(frame) + sum(metadata["left_out"].values()) == sum(1 for _ in outgoing.rows("told"))


def test_another_reader_finds_numbers_and_days_where_they_belong(outgoing, tmp_path):
    path = tmp_path / "acled.csv"
    write(outgoing, path)
    found = duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_csv('{path}'))").fetchall()
    kinds = dict(found)
    assert kinds["event_date"] == "DATE"
    assert {kinds[c] for c in ("year", "time_precision", "inter1", "iso", "fatalities", "timestamp")} == {"BIGINT"}
    assert {kinds[c] for c in ("latitude", "longitude")} == {"DOUBLE"}


def test_no_mark_stands_before_the_first_column_since_acleds_tools_know_none(tmp_path):
    write(out_of(), tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == ",".join(COLUMNS).encode() + b"\r\n"


def test_every_code_is_one_of_acleds(outgoing):
    rows = [row for _, row in events_of(outgoing)]
    assert {row["sub_event_type"] for row in rows} <= acled().sub_events.keys()
    assert {row["time_precision"] for row in rows} | {row["geo_precision"] for row in rows} <= {1, 2, 3}
    assert {row["inter1"] for row in rows} | {row["inter2"] for row in rows} <= set(range(9))
    assert all(row["interaction"] is None or 10 <= row["interaction"] <= 88 for row in rows)
    assert all(row["actor1"] or not row["actor2"] for row in rows)


@pytest.mark.parametrize(
    ("type", "actors", "targets", "evidence", "sub"),
    [
        ("takeover", "assad-gov", "", "سيطرت القوات على البلدة", "Government regains territory"),
        ("takeover", "russia", "", "سيطرت القوات على البلدة", "Government regains territory"),
        ("takeover", "opposition", "assad-gov", "سيطرت الفصائل على البلدة", "Non-state actor overtakes territory"),
        ("takeover", "turkey", "", "سيطرت القوات على البلدة", "Non-state actor overtakes territory"),
        ("takeover", "assad-gov", "", "دخلت القوات البلدة دون قتال", "Non-violent transfer of territory"),
        ("takeover", "assad-gov", "", "تسلمت القوات البلدة بموجب الاتفاق", "Non-violent transfer of territory"),
        ("takeover", "", "", "تمت السيطرة على البلدة", "Other"),
        ("withdrawal", "opposition", "", "انسحبت الفصائل", "Non-violent transfer of territory"),
        ("airstrike", "russia", "", "غارات على البلدة", "Air/drone strike"),
        ("airstrike", "assad-gov", "", "برميل يحوي غاز الكلور", "Chemical weapon"),
        ("shelling", "assad-gov", "", "قصف مدفعي", "Shelling/artillery/missile attack"),
        ("shelling", "assad-gov", "", "قصفت طائرة مسيّرة الموقع", "Air/drone strike"),
        ("bombing", "", "civilians", "انفجرت سيارة مفخخة", "Remote explosive/landmine/IED"),
        ("bombing", "isis", "", "فجّر انتحاري نفسه", "Suicide bomb"),
        ("bombing", "", "", "ألقى مجهولون قنبلة يدوية", "Grenade"),
        ("attack", "opposition", "assad-gov", "هاجمت الفصائل الحاجز", "Armed clash"),
        ("attack", "assad-gov", "civilians", "أطلقوا النار على المارة", "Attack"),
        ("attack", "", "assad-gov", "استهدف مجهولون رتلاً بعبوة ناسفة", "Remote explosive/landmine/IED"),
        ("killing", "isis", "civilians", "قتل التنظيم مدنياً", "Attack"),
        ("killing", "opposition", "assad-gov", "قتل عنصران", "Armed clash"),
        ("killing", "isis", "assad-gov", "أعدم التنظيم أسرى", "Attack"),
        ("abduction", "isis", "civilians", "خطف التنظيم شاباً", "Abduction/forced disappearance"),
        ("arrest", "assad-gov", "civilians", "اعتقلت القوات شاباً", "Arrests"),
        ("arrest", "hts", "civilians", "اعتقلت الهيئة شاباً", "Abduction/forced disappearance"),
        ("abuse", "assad-gov", "civilians", "تعرضت للاغتصاب", "Sexual violence"),
        ("handover", "opposition", "assad-gov", "سلّم الفصيل سلاحه الثقيل", "Disrupted weapons use"),
        ("handover", "opposition", "assad-gov", "سلّم الفصيل البلدة", "Non-violent transfer of territory"),
        ("deployment", "turkey", "", "إقامة نقطة مراقبة على التل", "Headquarters or base established"),
        ("protest", "civilians", "", "تظاهر العشرات", "Peaceful protest"),
        ("protest", "civilians", "", "فرقت الشرطة المتظاهرين", "Protest with intervention"),
        ("protest", "civilians", "", "رشق المحتجون الدورية بالحجارة", "Violent demonstration"),
    ],
    ids=str,
)  # fmt: skip
def test_the_sub_event_follows_from_type_sides_and_means(type, actors, targets, evidence, sub):
    found = event(type, actors, targets, evidence=evidence)
    assert found["sub_event_type"] == sub
    assert (found["event_type"], found["disorder_type"]) == (
        acled().sub_events[sub].event_type, acled().sub_events[sub].disorder,
    )  # fmt: skip


def test_harm_makes_more_of_a_protest_and_of_an_abduction():
    hurt = {"wounded": number(2)}
    assert event("protest", "civilians", numbers=hurt)["disorder_type"] == "Political violence; Demonstrations"
    assert event("abduction", "isis", "civilians", numbers=hurt)["sub_event_type"] == "Attack"


@pytest.mark.parametrize("type", ["control", "demand", "aid"])
def test_what_acled_does_not_code_is_counted_with_the_reason(type, tmp_path):
    frame, metadata = written(out_of(incident(type)), tmp_path)
    [(reason, count)] = metadata["left_out"].items()
    assert frame.empty and count == 1 and reason == f"{type}: {acled().rules[type][0].why}"


@pytest.mark.parametrize("status", ["planned", "called_for", "denied", "possible"])
def test_only_what_happened_is_an_event(status):
    assert events(incident(status=status)) == []
    assert len(events(incident(status="ongoing"))) == 1


@pytest.mark.parametrize(
    "fields",
    [{"date": None}, {"places": []}, {"places": [place(lat=None, lon=None)]}, {"places": [place(country=None)]},
     {"date": "2018-06-01/2018-07-02"}],
    ids=["no day", "no place", "no point", "no country", "32 days"],
)  # fmt: skip
def test_what_has_no_day_no_point_or_more_than_a_month_is_left_out(fields):
    assert events(incident(**fields)) == []


@pytest.mark.parametrize(
    ("date", "first", "precision"),
    [
        ("2018-07-06", "2018-07-06", 1), ("2018-07-01/2018-07-07", "2018-07-01", 2),
        ("2018-07-01/2018-07-08", "2018-07-01", 3), ("2018-07-01/2018-07-31", "2018-07-01", 3),
    ],
)  # fmt: skip
def test_the_day_is_the_first_and_its_precision_that_of_the_interval(date, first, precision):
    found = event(date=date)
    assert (found["event_date"], found["year"], found["time_precision"]) == (first, 2018, precision)


@pytest.mark.parametrize(
    ("fields", "precision"),
    [
        ({}, 1), ({"radius_km": 6}, 1), ({"radius_km": 7}, 2), ({"radius_km": 25}, 3), ({"radius_km": None}, 2),
        ({"role": "near"}, 2), ({"name": "East of Tafas"}, 2),
        ({"id": "SY12", "name": "Daraa Governorate", "radius_km": 50}, 3),
    ],
)  # fmt: skip
def test_the_precision_of_the_place_follows_from_its_kind_and_radius(fields, precision):
    assert event(places=[place(**fields)])["geo_precision"] == precision


def test_of_several_places_the_one_where_it_happened_counts():
    at, to, source = place(), place(id="C1", name="There", role="to"), place(id="C2", name="From", role="from")
    assert event("advance", places=[source, to])["location"] == "There"
    assert event("withdrawal", places=[to, source])["location"] == "From"
    assert event("withdrawal", places=[to, source, at])["location"] == "Tafas"


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ([5], 5), ([63, 45], 45), ([">90"], 90), (["20-30"], 20), (["tens"], 12), (["hundreds"], 100),
        (["thousands"], 2000), (["tens of thousands"], 20000), (["<5"], 0), ([], 0), ([0], 0),
    ],
)  # fmt: skip
def test_fatalities_are_the_lowest_number_told_with_acleds_numbers_for_vague_words(said, dead):
    numbers = {"killed": number(*said)} if said else {}
    assert event("attack", targets="isis", numbers=numbers)["fatalities"] == dead


def test_a_killing_that_nobody_counts_has_one_dead():
    assert event("killing", "isis", "civilians")["fatalities"] == 1


@pytest.mark.parametrize(
    ("id", "country", "inter"),
    [
        ("assad-gov", "SY", 1), ("assad-gov", "LB", 8), ("turkey", "SY", 8), ("turkey", "TR", 1), ("isis", "IQ", 2),
        ("hezbollah", "LB", 3), ("bedouin-tribes", "SY", 4), ("un", "SY", 8), ("lna", "LY", 1),
        ("unknown-gunmen", "SY", 3),
    ],
)  # fmt: skip
def test_the_kind_of_an_actor_follows_from_what_it_is_and_where(id, country, inter):
    assert event("airstrike", id, places=[place(country=country)])["inter1"] == inter


def test_actors_carry_the_names_of_the_registry_and_generic_ones_acleds_with_the_country():
    found = event("shelling", "assad-gov russia", "journalists")
    assert found["actor1"] == "Assad government and its forces (to 2024-12-08)" and found["assoc_actor_1"] == "Russia"
    assert (found["actor2"], found["assoc_actor_2"]) == ("Civilians (Syria)", "Journalists (Syria)")
    assert (found["inter2"], found["interaction"], found["civilian_targeting"]) == (7, 17, "Civilian targeting")


def test_a_side_that_nobody_names_is_unidentified_where_acled_needs_one_and_empty_elsewhere():
    assert event("clash", "isis")["actor2"] == "Unidentified Armed Group (Syria)"
    assert event("killing", "", "civilians")["actor1"] == "Unidentified Armed Group (Syria)"
    assert event("killing", "isis", "")["actor2"] == "Civilians (Syria)"
    alone = event("withdrawal", "opposition")
    assert (alone["actor2"], alone["inter2"], alone["interaction"]) == ("", 0, 20)
    nobody = event("agreement", "")
    assert (nobody["actor1"], nobody["inter1"], nobody["interaction"]) == ("", 0, None)
    assert event("siege", "", "opposition")["actor1"] == "Opposition factions"


def test_sides_of_a_clash_are_told_apart_by_their_camps():
    found = event("clash", "assad-gov opposition russia hts")
    assert found["assoc_actor_1"] == "Russia" and found["actor2"] == "Opposition factions"
    assert found["assoc_actor_2"] == "Hay'at Tahrir al-Sham (formerly al-Nusra)" and found["interaction"] == 12


def test_unarmed_people_are_no_party_to_a_battle_and_beside_an_armed_target_of_a_strike():
    assert event("clash", "assad-gov opposition civilians")["assoc_actor_2"] == ""
    struck = event("airstrike", "russia", "civilians hts")
    assert struck["actor2"].startswith("Hay'at") and struck["assoc_actor_2"] == "Civilians (Syria)"
    assert struck["civilian_targeting"] == ""


def test_of_doers_on_whom_sources_disagree_the_best_supported_stands():
    values = [
        {"value": "isis", "claims": ["c1"], "sources": ["a"]},
        {"value": "opposition", "claims": ["c2"], "sources": ["b"]},
    ]
    dispute = [{"kind": "who", "field": "actors", "values": values}]
    found = event("shelling", "isis opposition", "civilians", contradictions=dispute)
    assert (found["actor1"], found["assoc_actor_1"]) == ("Islamic State", "")


def test_whom_the_registry_does_not_know_stands_by_the_reports_words():
    found = event("killing", "?", "?")
    assert (found["actor1"], found["inter1"], found["inter2"]) == ("كلمات", 3, 7)


def test_protesters_are_acleds_with_who_they_are_beside():
    found = event("protest", "civilians druze-factions", "assad-gov", evidence="تظاهر العشرات")
    assert (found["actor1"], found["inter1"], found["assoc_actor_1"]) == ("Protesters (Syria)", 6, "Druze factions")
    assert (found["actor2"], found["interaction"], found["tags"]) == ("", 60, "crowd size=no report")


def test_country_region_sources_and_time_are_as_told():
    found = event(sources=["سانا", "مرصد; آخر", "سانا"])
    assert (found["iso"], found["country"], found["region"], found["admin1"]) == (
        760, "Syria", "Middle East", "Daraa Governorate",
    )  # fmt: skip
    assert found["source"] == "سانا; مرصد, آخر" and found["source_scale"] == "Other-National"
    assert event(sources=["سانا"])["source_scale"] == "National" and found["timestamp"] == 1531008001


def test_the_note_is_one_english_sentence_with_day_numbers_and_sources():
    found = event("shelling", "assad-gov", "civilians", numbers={"killed": number(5)})["notes"]
    assert found.endswith(".") and "6 July 2018" in found and "5 people killed" in found and "مرصد الجنوب" in found


def test_an_id_is_the_incidents_alone_and_differs_for_each(outgoing):
    ids = [row["event_id_cnty"] for _, row in events_of(outgoing)]
    assert len(set(ids)) == len(ids)
    assert {id for id, _ in events_of(outgoing)} == {f"i{int(id[3:]):011x}" for id in ids}
    assert event()["event_id_cnty"] == event("clash", "isis hts", date="2018-07-09")["event_id_cnty"] == "SYR10"
    assert event(places=[place(country="JO")])["event_id_cnty"] == "JOR10"


def test_an_id_of_another_form_gives_a_number_too():
    first, second = (event(id=id)["event_id_cnty"] for id in ("made-1", "made-2"))
    assert first != second and first[3:].isdigit() and second[3:].isdigit()


def test_odd_words_come_back_on_one_line_and_run_nothing(tmp_path):
    out = out_of(*(odd_incident(n, words) for n, words in enumerate(ODD)))
    frame, _ = written(out, tmp_path)
    expected = [row for _, row in events_of(out)]
    assert frame.to_dict("records") == [{name: cell(value) for name, value in row.items()} for row in expected]
    assert list(frame["location"]) == [cell(one_line(words)) for words in ODD]
    assert not frame.map(lambda text: text.startswith(("=", "+", "@")) or "\n" in text or "\u202e" in text).any(
        axis=None
    )


def test_the_file_states_what_the_export_is(outgoing, tmp_path):
    _, metadata = written(outgoing, tmp_path)
    about = outgoing.about
    assert (metadata["dc:rights"], metadata["dc:creator"], metadata["dc:modified"]) == (
        about.licence, about.version, about.as_known,
    )  # fmt: skip
    assert metadata["dc:source"] == list(about.credits) and metadata["url"] == "acled.csv"


def test_the_same_record_gives_the_same_bytes(outgoing, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(outgoing, tmp_path / name / "x.csv")
    for file in ("x.csv", "x.csv-metadata.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_no_more_than_a_few_rows_are_held_at_once(tmp_path):
    assert most_at_once(write, tmp_path / "many.csv") < 4
    assert most_at_once(lambda out, path: write_changes(out_of(), out, path), tmp_path / "changes.csv") < 4


def changes(before, now, tmp_path, **fields):
    path = tmp_path / "changes.csv"
    write_changes(before, now, path, **fields)
    return pandas.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")


LATER = replace(ABOUT, as_known="2018-08-02T00:00:00+00:00")


def test_what_is_new_is_told_with_when_it_was_recorded(tmp_path):
    [row] = changes(out_of(), out_of(incident(), about=LATER), tmp_path)
    assert (row["event_id_cnty"], row["what"], row["timestamp"]) == ("SYR10", "new", "1531008001")


def test_what_is_corrected_is_told_column_by_column(tmp_path):
    before = incident("shelling", numbers={"killed": number(3)})
    now = incident("shelling", numbers={"killed": number(5)}, recorded="2018-08-01T12:00:00+00:00")
    rows = changes(out_of(before), out_of(now, about=LATER), tmp_path)
    assert {row["what"] for row in rows} == {"corrected"} and {row["timestamp"] for row in rows} == {"1533124800"}
    by_column = {row["column"]: (row["before"], row["now"]) for row in rows}
    assert by_column.keys() == {"fatalities", "notes"} and by_column["fatalities"] == ("3", "5")


def test_what_is_only_recorded_anew_is_no_change(tmp_path):
    now = incident(recorded="2018-08-01T12:00:00+00:00")
    assert changes(out_of(incident()), out_of(now, about=LATER), tmp_path) == []


def test_what_is_gone_or_denied_now_is_deleted_by_when_the_record_knew(tmp_path):
    for now in (out_of(about=LATER), out_of(incident(status="denied"), about=LATER)):
        [row] = changes(out_of(incident()), now, tmp_path)
        assert (row["event_id_cnty"], row["what"], row["timestamp"], row["merged_into"]) == (
            "SYR10", "deleted", "1533168000", "",
        )  # fmt: skip


def test_a_merged_event_names_the_one_that_it_went_into(tmp_path):
    one, other = incident(), incident(id="i0000000000b")
    [row] = changes(out_of(one, other), out_of(one, about=LATER), tmp_path, moved={other["id"]: one["id"]}.get)
    assert (row["event_id_cnty"], row["what"], row["merged_into"]) == ("SYR11", "deleted", "SYR10")


def test_an_event_that_turns_out_to_lie_in_another_country_gets_its_id(tmp_path):
    now = incident(places=[place(country="JO")])
    new, gone = changes(out_of(incident()), out_of(now, about=LATER), tmp_path)
    assert (new["event_id_cnty"], new["what"]) == ("JOR10", "new")
    assert (gone["event_id_cnty"], gone["what"], gone["merged_into"]) == ("SYR10", "deleted", "JOR10")


def test_a_list_of_changes_says_since_when_and_an_unchanged_record_has_none(outgoing, tmp_path):
    assert changes(outgoing, outgoing, tmp_path) == []
    metadata = json.loads((tmp_path / "changes.csv-metadata.json").read_text("utf-8"))
    assert outgoing.about.as_known in metadata["dc:conformsTo"] and metadata["dc:modified"] == outgoing.about.as_known


def test_two_days_of_knowledge_of_one_record_differ_by_what_came_between(tmp_path):
    with closing(open_record(str(tmp_path / "r.marsad"))) as record:
        add(record, arrival(said(killed=3, beside=0), outlet="أ", published="2018-07-06"))
        then = now_of(record)
        add(
            record, arrival(said(killed=2, beside=1), outlet="ب", published="2018-07-06"),
            arrival(said("انسحبت الفصائل من نصيب في 2018-07-06", beside=2), outlet="ب", published="2018-07-07"),
        )  # fmt: skip
        rows = changes(outgoing_of(view(record, known_by=then)), outgoing_of(view(record)), tmp_path)
    corrected = {row["column"]: (row["before"], row["now"]) for row in rows if row["what"] == "corrected"}
    assert [row["what"] for row in rows if row["what"] != "corrected"] == ["new"]
    assert corrected.keys() == {"fatalities", "source", "notes"} and corrected["fatalities"] == ("3", "2")
    assert corrected["source"] == ("أ", "أ; ب")


@pytest.mark.parametrize("type", sorted(types()))
def test_an_incident_of_any_type_is_a_row_or_counted(type, tmp_path):
    frame, metadata = written(out_of(incident(type, "assad-gov", "civilians")), tmp_path)
    assert len(frame) + sum(metadata["left_out"].values()) == 1


def test_a_party_on_both_sides_stands_on_one():
    row = incident("takeover", "assad-gov isis", "isis")
    [found] = events(row)
    assert found["assoc_actor_1"] == "" and found["actor2"] == "Islamic State"
    [alike] = events(
        {**row, "type": "clash", "actors": parties("isis"), "targets": [party("isis"), party("assad-gov")]}
    )
    assert (alike["actor1"], alike["assoc_actor_1"]) == ("Islamic State", "") and alike["interaction"] == 12
