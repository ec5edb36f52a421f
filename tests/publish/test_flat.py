"""Flat tables: a value a column, by the paths of the allow-list; what is absent is None, what is many a list."""

from __future__ import annotations

import json
import re

import pytest

from marsad.loading.published import Column, published
from marsad.publish.flat import WORKED_OUT, columns_of, first_day, flat_rows, last_day

CLAIM = {
    "id": "c1", "incident": None, "type": "takeover", "status": "happened", "date": "2018-07-06", "quoted": False,
    "actors": [{"text": "قوات النظام", "id": "assad-gov"}, {"text": "لجان", "id": None}], "targets": [],
    "places": [
        {"id": "C5999", "name": "Nasib", "text": "نصيب", "admin1": "Daraa", "country": "SY", "lat": 32.5, "lon": 36.1,
         "radius_km": 3, "role": "at", "extent": ""},
        {"id": None, "name": None, "text": "x", "lat": None},
    ],
    "sites": [{"text": "معبر", "kind": "crossing"}], "numbers": {"killed": ">90", "wounded": 7}, "sources": ["ناشطون"],
    "links": [{"kind": "after", "claim": "c0"}], "span": [3, 9], "certainty": 0.9, "lead": False,
}  # fmt: skip


def flat(**changed):
    [row] = flat_rows("claims", [CLAIM | changed])
    return row


@pytest.mark.parametrize("table", list(published()))
def test_every_column_stands_on_a_field_that_may_leave_or_is_worked_out(table):
    for column in columns_of(table):
        if column.source.startswith("@"):
            assert column.source[1:] in WORKED_OUT
        else:
            path = re.sub(r"\[\d+\]", "[]", column.source)
            starred = re.sub(r"^numbers\.\w+", "numbers.*", path)
            assert {path, starred} & published()[table].leave, f"{table}.{column.name} stands on {column.source}"


def test_everything_that_is_worked_out_is_a_column_somewhere():
    used = {column.source[1:] for table in published() for column in columns_of(table) if column.source[0] == "@"}
    assert used == set(WORKED_OUT)


def test_a_row_has_every_column_in_order():
    assert list(flat()) == [column.name for column in columns_of("claims")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "c1"), ("incident", None), ("type_en", "Takeover"), ("type_ar", "سيطرة جديدة"),
        ("actors", ["assad-gov", "لجان"]), ("targets", []), ("place", "Nasib"), ("place_words", "نصيب"),
        ("lat", 32.5), ("radius_km", 3), ("places", ["Nasib"]), ("sites", ["crossing"]), ("killed", ">90"),
        ("wounded", "7"), ("sources", ["ناشطون"]), ("quoted", False), ("span_start", 3), ("span_end", 9),
        ("links", ["after:c0"]), ("outlet", None), ("certainty", 0.9), ("place_extent", ""),
    ],
)  # fmt: skip
def test_a_column_is_what_its_path_leads_to(column, value):
    assert flat()[column] == value


def test_actors_by_name_are_those_of_the_registry_else_the_words():
    assert flat()["actors_en"] == ["Assad government and its forces (to 2024-12-08)", "لجان"]


def test_without_a_place_all_of_it_is_none():
    row = flat(places=[])
    assert {row[name] for name in ("place_id", "place", "lat", "lon", "radius_km", "country")} == {None}
    assert row["places"] == []


def test_everything_that_is_counted_is_json_and_nothing_none():
    assert json.loads(flat()["numbers"]) == CLAIM["numbers"] and flat(numbers={})["numbers"] is None


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2018-07-06", "2018-07-06", "2018-07-06"),
        ("2018-07-01/2018-07-06", "2018-07-01", "2018-07-06"),
        ("../2018-07-06", "2018-07-06", "2018-07-06"),
        ("2018-07-01/", "2018-07-01", "2018-07-01"),
        ("2018-07", None, None),
        ("2018-02-30", None, None),
        (None, None, None),
        ("", None, None),
    ],
)
def test_the_first_and_the_last_day_are_whole_days_or_none(date, first, last):
    assert (first_day({"date": date}), last_day({"date": date})) == (first, last)


def test_where_sources_differ_each_value_stands_with_who_tells_it():
    values = [{"value": 45, "claims": ["c1"], "sources": ["أ"]}, {"value": 63, "claims": ["c2"], "sources": ["ب"]}]
    row = {"contradictions": [{"kind": "number", "field": "numbers.killed", "values": values}]}
    assert WORKED_OUT["contradictions"](row) == ["numbers.killed: 45 (أ), 63 (ب)"]


def test_a_number_that_is_no_text_column_stays_a_number_and_a_text_column_is_text():
    kinds = {column.name: column.kind for column in columns_of("claims")}
    for name, value in flat().items():
        if value is not None:
            wanted = {"text": str, "texts": list, "number": (int, float), "whole": int, "flag": bool, "day": str}
            assert isinstance(value, wanted.get(kinds[name], str)), name


def test_a_path_that_leads_nowhere_is_none():
    assert columns_of("claims")[0] == Column("id", "text", "id", "#meta+id+claim", "the claim's id")
    [row] = flat_rows("control", [{"place": "C1", "share": None, "holders": None}])
    assert row["share_claimed"] is None and row["holders"] == [] and row["lat"] is None
