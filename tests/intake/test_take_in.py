"""Every report comes with the capture that it came in: the bytes or their hash, the time and the tool."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.metadata import version

import pytest

from marsad.intake import Columns, Defaults, Failure, captures, header_key, read_inputs, take_in
from marsad.model import Arrival

TEXT = "سيطرت الفصائل على بلدة الحراك في ريف درعا يوم أمس، وقال ناشط إن القصف مستمر من جهة الشرق."
NOW = datetime(2024, 12, 8, 1, 30, tzinfo=timezone(timedelta(hours=3)))
PAGE = f"""<!DOCTYPE html><html lang="ar"><head><title>الفصائل في الحراك</title></head><body><article>
<h1>الفصائل في الحراك</h1><p>{TEXT}</p><p>{TEXT} وأضاف أن المعارك لم تتوقف منذ يومين.</p></article></body></html>"""
ARABIC_TABLE = f"الرقم,نص الخبر,تاريخ النشر\n7,{TEXT.replace(',', '')},2024-12-07\n"
COLUMNS = Columns({"text": "نص الخبر", "published": "تاريخ النشر"})


def arrivals_of_files(*inputs: str, **terms: object) -> list[Arrival | Failure]:
    return list(take_in(inputs, **{"now": lambda: NOW, **terms}))


def only(*inputs: str, **terms: object) -> Arrival:
    [item] = arrivals_of_files(*inputs, **terms)
    assert isinstance(item, Arrival), item
    return item


def test_a_text_is_kept_as_it_came_with_hash_size_time_and_tool(write):
    data = TEXT.encode("cp1256")
    file = write("a.txt", data)
    got = only(file)
    assert got.report.text == TEXT
    assert (got.row, got.lead) == (None, False)
    capture = got.capture
    assert (capture.address, capture.kind, capture.original, capture.headers) == (file, "text", data, ())
    assert (capture.sha256, capture.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert capture.captured_at == NOW and capture.captured_at.tzinfo is UTC
    assert capture.tool == f"marsad {version('marsad')}"


def test_a_page_names_what_took_its_text_out(write):
    capture = only(write("p", PAGE)).capture
    assert (capture.kind, capture.original) == ("page", PAGE.encode())
    assert capture.tool == f"marsad {version('marsad')}, trafilatura {version('trafilatura')}"


def test_what_is_hashed_are_the_bytes_before_they_are_unpacked(write):
    packed = gzip.compress(TEXT.encode())
    capture = only(write("a.gz", packed)).capture
    assert (capture.sha256, capture.original) == (hashlib.sha256(packed).hexdigest(), packed)


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv", "parquet"])
def test_a_file_of_many_reports_is_referred_to_by_one_capture_and_rows(write, kind):
    records = [{"id": str(n), "text": TEXT, "published": "2024-12-07"} for n in range(3)]
    items = arrivals_of_files(write("many", packed_as(kind, records)))
    assert [item.report.id for item in items] == ["0", "1", "2"]
    assert [item.row for item in items] == ([2, 3, 4] if kind == "csv" else [1, 2, 3])
    assert items[0].capture is items[2].capture
    assert (items[0].capture.kind, items[0].capture.original) == (kind, None)


def packed_as(kind: str, records: list[dict[str, str]]) -> bytes:
    lines = "".join(json.dumps(record) + "\n" for record in records)
    if kind == "csv":
        return "".join(",".join(row) + "\n" for row in (records[0], *(r.values() for r in records))).encode()
    if kind == "parquet":
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(records), sink)
        return sink.getvalue()
    return lines.encode() if kind == "jsonl" else json.dumps(records).encode()


@pytest.mark.parametrize("piped", [False, True])
def test_what_is_too_large_to_keep_is_hashed_whole_and_read_from_its_start(write, monkeypatch, piped):
    monkeypatch.setattr(captures, "KEPT", 100)
    data = (TEXT + "\n").encode() * 3
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    got = only("-" if piped else write("long", data))
    assert got.report.text.encode() == data
    assert (got.capture.original, got.capture.size) == (None, len(data))
    assert got.capture.sha256 == hashlib.sha256(data).hexdigest()
    assert piped == (got.capture.address == "standard input")


def test_parquet_that_is_too_large_to_keep_is_read_where_it_lies(write, monkeypatch):
    monkeypatch.setattr(captures, "KEPT", 100)
    data = packed_as("parquet", [{"id": "1", "text": TEXT}])
    got = only(write("a.parquet", data))
    assert (got.report.text, got.capture.sha256) == (TEXT, hashlib.sha256(data).hexdigest())


def test_a_long_table_is_hashed_and_read_without_being_loaded(write, monkeypatch):
    import tracemalloc

    monkeypatch.setattr(captures, "KEPT", 100_000)
    line = json.dumps({"id": "1", "text": TEXT, "published": "2024-12-07"}, ensure_ascii=False) + "\n"
    stream = take_in([write("a.jsonl", line * 50_000)], now=lambda: NOW)
    tracemalloc.start()
    assert sum(1 for _ in stream) == 50_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_taking_in_and_reading_give_the_same_reports_and_failures(write, tmp_path):
    write("a.jsonl", json.dumps({"text": TEXT}) + '\n{"text": ""}\n')
    write("b.html", PAGE)
    write("c.csv", "id,words\n1,x\n")
    taken = arrivals_of_files(str(tmp_path))
    assert [i if isinstance(i, Failure) else i.report for i in taken] == list(read_inputs([str(tmp_path)]))


@pytest.mark.parametrize(("day", "is_future"), [("2024-12-09", False), ("2024-12-10", True), ("2031-01-01", True)])
def test_a_day_more_than_two_days_ahead_in_utc_is_refused_only_when_taken_in(write, day, is_future):
    file = write("a.json", json.dumps({"text": TEXT, "published": day}))
    [item] = arrivals_of_files(file)
    assert isinstance(item, Failure) == is_future
    if is_future:
        assert item.reason == f"the date of publication {day} lies in the future" and item.remedy
    assert [r.published for r in read_inputs([file])] == [date.fromisoformat(day)]


def test_given_columns_read_a_table_whose_names_are_not_known(write):
    got = only(write("table", ARABIC_TABLE), columns=COLUMNS)
    assert (got.capture.kind, got.report.text, got.report.published) == ("csv", TEXT, date(2024, 12, 7))


def test_given_columns_win_over_known_names_and_take_them_away(write):
    file = write("a.csv", f"source,text,body\nعنوان,translated,{TEXT}\n")
    report = only(file, columns=Columns({"text": "body", "title": "source"})).report
    assert (report.text, report.title, report.outlet) == (TEXT, "عنوان", None)


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv", "parquet"])
def test_columns_that_served_are_told_once_and_read_the_next_table_when_remembered(write, kind):
    records = [{"نص الخبر": TEXT, "تاريخ النشر": "2024-12-07"}] * 2
    file = write("t.csv" if kind == "csv" else "t", packed_as(kind, records))
    told: list[tuple[str, Columns]] = []
    first = arrivals_of_files(file, columns=COLUMNS, on_columns=lambda *pair: told.append(pair))
    assert told == [(header_key(["تاريخ النشر", "نص الخبر"]), COLUMNS)]
    assert arrivals_of_files(file, remembered=dict(told)) == first
    assert arrivals_of_files(file, remembered=dict(told).get) == first
    assert all(isinstance(item, Failure) for item in arrivals_of_files(file))


def test_a_table_without_a_csv_name_is_known_by_a_remembered_header(write):
    header = ["الرقم", "نص الخبر", "تاريخ النشر"]
    got = only(write("table", ARABIC_TABLE), remembered={header_key(header): COLUMNS})
    assert (got.capture.kind, got.report.text) == ("csv", TEXT)


def test_a_column_that_a_table_does_not_have_is_refused_with_those_that_it_has(write):
    told: list[object] = []
    columns = Columns({"text": "نص الخبر", "published": "تاريخ"})
    file = write("t.csv", ARABIC_TABLE)
    [item] = arrivals_of_files(file, columns=columns, on_columns=lambda *pair: told.append(pair))
    assert item.reason == "it has no column 'تاريخ' (it has: الرقم, نص الخبر, تاريخ النشر)"
    assert not told


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_a_named_field_that_no_record_has_is_told_and_not_remembered(write, kind):
    told: list[object] = []
    file = write("t", packed_as(kind, [{"text": TEXT}] * 2))
    items = arrivals_of_files(file, columns=Columns({"published": "تاريخ"}), on_columns=lambda *pair: told.append(pair))
    assert [type(item) for item in items] == [Arrival, Arrival, Failure]
    assert items[2].reason == "no row has the field 'تاريخ'"
    assert not told


def test_the_order_of_days_is_that_of_the_column(write):
    rows = f"text,day\n{TEXT.replace(',', '')},03/04/2024\n"
    days = [
        only(write("t.csv", rows), columns=Columns({"published": "day"}, order)).report.published
        for order in ("dmy", "mdy")
    ]
    assert days == [date(2024, 4, 3), date(2024, 3, 4)]


def test_what_the_person_said_fills_what_the_report_does_not_say(write):
    got = only(write("a.txt", TEXT), defaults=Defaults(published=date(2024, 12, 7), outlet="قناة"))
    assert (got.report.published, got.report.outlet) == (date(2024, 12, 7), "قناة")
