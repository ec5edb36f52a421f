"""UCDP: its 49 columns hold what the incident says; only deaths between told sides are events; deaths go to a side."""

from __future__ import annotations

import json

import duckdb
import pandas
import pytest

from marsad.loading.codebook import types
from marsad.loading.ucdp import ucdp
from marsad.publish.formats.ucdp import priogrid_of, write
from publish.formats.incidents import ODD, incident, most_at_once, number, odd_incident, out_of, place

COLUMNS = (
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name "
    "dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b "
    "number_of_sources source_article source_office source_date source_headline source_original where_prec "
    "where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id "
    "region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high "
    "low gwnoa gwnob"
).split()
DEATHS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


def written(out, tmp_path):
    """Return the file as pandas reads it, every cell as it stands there, and what was left out."""
    path = tmp_path / "ged.csv"
    write(out, path)
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    return frame, json.loads((tmp_path / "ged.csv-metadata.json").read_text("utf-8"))["left_out"]


@pytest.fixture
def event(tmp_path):
    """Give what writes one incident with deaths and reads its row back."""

    def read(type="clash", actors="assad-gov opposition", targets="", killed=(5,), **fields):
        numbers = {"killed": number(*killed)} if killed else {}
        frame, left_out = written(out_of(incident(type, actors, targets, numbers=numbers, **fields)), tmp_path)
        assert len(frame) + sum(left_out.values()) == 1
        return None if frame.empty else frame.to_dict("records")[0]

    return read


def test_the_columns_are_the_49_of_ged_in_its_order(outgoing, tmp_path):
    frame, _ = written(outgoing, tmp_path)
    assert list(frame) == COLUMNS and len(COLUMNS) == 49 and not frame.empty


def test_every_incident_of_the_sample_is_a_row_or_counted_and_every_row_adds_up(outgoing, tmp_path):
    frame, left_out = written(outgoing, tmp_path)
    assert len(frame) + sum(left_out.values()) == sum(1 for _ in outgoing.rows("told"))
    numbers = frame[[*DEATHS, "best", "high", "low"]].astype(int)
    assert (numbers[list(DEATHS)].sum(axis=1) == numbers["best"]).all()
    assert ((numbers["low"] <= numbers["best"]) & (numbers["best"] <= numbers["high"]) & (numbers["high"] > 0)).all()
    assert frame["id"].is_unique


def test_rows_of_the_sample_say_what_their_incidents_say(outgoing, tmp_path):
    frame, _ = written(outgoing, tmp_path)
    told = {row["id"]: row for row in outgoing.rows("told")}
    for row in frame.to_dict("records"):
        one = told[row["relid"].removeprefix("marsad-")]
        points = [(p["name"], str(p["lat"]), str(p["lon"]), p["admin1"]) for p in one["places"]]
        assert (row["where_coordinates"], row["latitude"], row["longitude"], row["adm_1"]) in points
        assert one["date"] in (row["date_start"], f"{row['date_start']}/{row['date_end']}")
        assert set(row["source_date"].split(";")) == {claim["published"] for claim in one["told"]}
        assert int(row["id"]) == int(one["id"][1:], 16) and int(row["number_of_sources"]) == len(one["reports"])


def test_another_reader_finds_numbers_and_days_where_they_belong(outgoing, tmp_path):
    path = tmp_path / "ged.csv"
    write(outgoing, path)
    kinds = dict(
        duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_csv('{path}'))").fetchall()
    )
    assert {kinds[c] for c in ("id", "year", "type_of_violence", "best", "priogrid_gid", "country_id")} == {"BIGINT"}
    assert {kinds[c] for c in ("latitude", "longitude")} == {"DOUBLE"}
    assert {kinds[c] for c in ("date_start", "date_end")} == {"DATE"}


@pytest.mark.parametrize(
    ("type", "actors", "targets", "expected"),
    [
        ("clash", "assad-gov opposition", "", ("1", "Government of Syria", "Opposition factions", "652", "")),
        ("clash", "opposition assad-gov", "", ("1", "Government of Syria", "Opposition factions", "652", "")),
        ("attack", "isis", "iraq", ("1", "Government of Iraq", "Islamic State", "645", "")),
        ("clash", "turkey assad-gov", "", ("1", "Government of Turkey", "Government of Syria", "640", "652")),
        ("clash", "isis local-factions", "", ("2", "Islamic State", "Local factions", "", "")),
        ("killing", "isis", "civilians", ("3", "Islamic State", "Civilians", "", "")),
        ("airstrike", "russia", "medics", ("3", "Government of Russia", "Civilians", "365", "")),
        ("shelling", "saudi-coalition", "aqap", ("1", "Saudi-led coalition", "Al-Qaida in Yemen", "", "")),
    ],
    ids=str,
)  # fmt: skip
def test_the_type_of_violence_follows_from_the_sides_and_a_government_is_side_a(event, type, actors, targets, expected):
    row = event(type, actors, targets)
    assert tuple(row[c] for c in ("type_of_violence", "side_a", "side_b", "gwnoa", "gwnob")) == expected
    assert row["dyad_name"] == f"{row['side_a']} - {row['side_b']}"
    assert row["conflict_name"] == ("" if row["type_of_violence"] == "1" else row["dyad_name"])


@pytest.mark.parametrize(
    ("type", "actors", "targets"),
    [
        ("clash", "isis", ""), ("killing", "", "civilians"), ("killing", "unknown-gunmen", "civilians"),
        ("attack", "?", "isis"), ("killing", "civilians", "isis"), ("airstrike", "russia", ""),
    ],
    ids=str,
)  # fmt: skip
def test_without_an_organised_side_and_somebody_on_the_other_it_is_no_event(event, type, actors, targets):
    assert event(type, actors, targets) is None


@pytest.mark.parametrize("killed", [(), (0,)])
def test_without_deaths_it_is_no_event(event, killed):
    assert event(killed=killed) is None


@pytest.mark.parametrize("type", sorted(types()))
def test_deaths_told_with_what_is_no_use_of_force_are_no_event(event, type):
    row = event(type, "assad-gov", "opposition")
    assert (row is not None) == bool(ucdp().rules[type][-1].event)


@pytest.mark.parametrize("status", ["planned", "called_for", "denied", "possible"])
def test_only_what_happened_is_an_event(event, status):
    assert event(status=status) is None and event(status="ongoing") is not None


@pytest.mark.parametrize(
    ("type", "actors", "targets", "column"),
    [
        ("clash", "assad-gov opposition", "", "deaths_unknown"),
        ("attack", "assad-gov", "opposition", "deaths_unknown"),
        ("attack", "assad-gov", "civilians", "deaths_civilians"),
        ("airstrike", "assad-gov", "opposition", "deaths_b"),
        ("shelling", "opposition", "assad-gov", "deaths_a"),
        ("shelling", "isis", "hts", "deaths_b"),
        ("shelling", "assad-gov", "civilians", "deaths_civilians"),
        ("airstrike", "russia", "opposition civilians", "deaths_unknown"),
        ("killing", "opposition", "assad-gov", "deaths_a"),
        ("takeover", "assad-gov", "opposition", "deaths_unknown"),
    ],
    ids=str,
)  # fmt: skip
def test_the_dead_are_the_targets_or_nobody_tells_whose(event, type, actors, targets, column):
    row = event(type, actors, targets)
    assert {name: row[name] for name in DEATHS if row[name] != "0"} == {column: "5"} and row["best"] == "5"


def test_of_a_suicide_attack_the_attacker_may_be_among_the_dead(event):
    assert event("bombing", "isis", "civilians", evidence="فجّر انتحاري نفسه")["deaths_unknown"] == "5"
    assert event("bombing", "isis", "civilians", evidence="انفجرت سيارة مفخخة")["deaths_civilians"] == "5"


@pytest.mark.parametrize(
    ("killed", "low", "best", "high"),
    [
        ((5,), 5, 5, 5), ((45, 63), 45, 45, 63), ((45, 63, 63), 45, 63, 63), ((">90",), 90, 90, 90),
        ((221, ">240"), 221, 221, 240), (("20-30",), 20, 20, 30), (("tens",), 20, 20, 20), (("<5", 3), 0, 3, 5),
        (("tens of thousands",), 20000, 20000, 20000), ((0, 4), 0, 0, 4),
    ],
    ids=str,
)  # fmt: skip
def test_low_and_high_are_the_ends_of_what_is_told_and_best_what_most_tell(event, killed, low, best, high):
    row = event(killed=killed)
    assert (row["low"], row["best"], row["high"]) == (str(low), str(best), str(high))


def test_a_killing_that_nobody_counts_has_one_dead(event):
    row = event("killing", "isis", "civilians", killed=())
    assert (row["low"], row["best"], row["high"], row["deaths_civilians"]) == ("1", "1", "1", "1")


@pytest.mark.parametrize(
    ("date", "precision", "clarity"),
    [
        ("2018-07-06", "1", "1"), ("2018-07-06/2018-07-07", "2", "1"), ("2018-07-01/2018-07-06", "2", "1"),
        ("2018-07-01/2018-07-07", "3", "1"), ("2018-07-01/2018-07-08", "4", "2"), ("2018-07-01/2018-07-31", "4", "2"),
        ("2018-01-01/2018-12-31", "5", "2"),
    ],
)  # fmt: skip
def test_precision_of_the_date_and_clarity_follow_from_the_interval(event, date, precision, clarity):
    row = event(date=date)
    assert (row["date_prec"], row["event_clarity"]) == (precision, clarity)
    assert (row["date_start"], row["date_end"]) == (date.split("/")[0], date.split("/")[-1])


def test_what_took_more_than_a_year_is_no_event(event):
    assert event(date="2017-01-01/2018-12-31") is None


@pytest.mark.parametrize(
    ("fields", "precision"),
    [
        ({}, "1"), ({"role": "near"}, "2"), ({"name": "East of Tafas"}, "2"), ({"radius_km": 15}, "2"),
        ({"id": "mine-1", "radius_km": 40}, "5"), ({"radius_km": None}, "2"),
        ({"id": "SY1203", "name": "Izra District"}, "3"), ({"id": "SY12", "name": "Daraa Governorate"}, "4"),
        ({"id": "SY12", "name": "Eastern Daraa Governorate"}, "5"), ({"id": "SY", "name": "Syria"}, "6"),
    ],
)  # fmt: skip
def test_precision_of_the_place_follows_from_its_kind_and_radius(event, fields, precision):
    assert event(places=[place(**fields)])["where_prec"] == precision


def test_several_places_are_one_summary(event):
    assert event(places=[place(), place(id="C1", name="Other")])["event_clarity"] == "2"


@pytest.mark.parametrize(
    ("lat", "lon", "cell"),
    [
        (-89.75, -179.75, 1), (89.75, 179.75, 259200), (90.0, 180.0, 259200), (-89.75, 179.75, 720),
        # As UCDP and ViEWS have them: Erez crossing in GED, and a test of the class Priogrid of views-tools.
        (31.5582, 34.544839, 175390), (10.51, 2.29, 145085),
    ],
)  # fmt: skip
def test_cells_of_the_grid_are_counted_from_the_south_pole_and_the_date_line(lat, lon, cell):
    assert priogrid_of(lat, lon) == cell


def test_place_country_and_region_are_as_told(event):
    row = event()
    assert (row["country"], row["country_id"], row["region"]) == ("Syria", "652", "Middle East")
    assert row["geom_wkt"] == "POINT (36.067300 32.736200)" and row["where_description"] == "بلدة طفس"
    assert event(places=[place(country="FJ")])["country_id"] == ""


def test_sources_are_the_reports_by_day_with_title_or_address(tmp_path):
    row = incident("clash", "assad-gov opposition", numbers={"killed": number(5)})
    second = {
        **row["told"][0],
        "report": "r0",
        "published": "2018-07-06",
        "outlet": 'وكالة; "أولى"',
        "origin": "ناشطون",
    }
    told = [row["told"][0], second, {**second, "id": "c3"}]
    out = out_of({**row, "told": told}, reports=({"id": "r0", "title": "عنوان"},))
    [read] = written(out, tmp_path)[0].to_dict("records")
    assert read["number_of_sources"] == "2" and read["source_office"] == "وكالة, 'أولى';مرصد الجنوب"
    assert read["source_article"] == (
        '"وكالة, \'أولى\',2018-07-06,عنوان";"مرصد الجنوب,2018-07-07,https://example.org/1"'
    )
    assert read["source_date"] == "2018-07-06;2018-07-07" and read["source_headline"] == "عنوان;"
    assert read["source_original"] == "مرصد الجنوب;ناشطون"


def test_numbers_that_are_ucdps_own_stay_empty(outgoing, tmp_path):
    frame, _ = written(outgoing, tmp_path)
    own = [name for name in COLUMNS if name.endswith(("dset_id", "new_id"))] + ["active_year", "adm_2"]
    assert (frame[own] == "").all(axis=None) and (frame["code_status"] == "Check").all()


def test_odd_words_come_back_on_one_line(tmp_path):
    rows = []
    for n, words in enumerate(ODD):
        row = odd_incident(n, words, type="clash", numbers={"killed": number(5)})
        both = incident("clash", "isis hts")["actors"]
        rows.append({**row, "actors": both, "targets": [], "told": [{**row["told"][0], "actors": both}]})
    frame, left_out = written(out_of(*rows), tmp_path)
    assert len(frame) == len(ODD) and not left_out
    assert not frame.map(lambda text: text.startswith(("=", "+", "@")) or "\n" in text or "\u202e" in text).any(
        axis=None
    )
    assert frame["where_coordinates"][0] == "'" + ODD[0] and frame["source_original"][5] == "a, b"


def test_a_record_without_reports_is_a_heading_alone(empty, tmp_path):
    frame, left_out = written(empty, tmp_path)
    assert frame.empty and list(frame) == COLUMNS and left_out == {}


def test_the_same_record_gives_the_same_bytes_and_few_rows_are_held_at_once(outgoing, tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    write(outgoing, first)
    write(outgoing, second)
    assert first.read_bytes() == second.read_bytes()
    assert most_at_once(write, tmp_path / "many.csv") < 4
