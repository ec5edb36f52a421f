"""Every kind of input, told by its content; every bad one, a failure that names the place and the remedy."""

from __future__ import annotations

import gzip
import io
import json
import sys
from datetime import date

import pytest

from marsad.errors import UsageError
from marsad.intake import Defaults, Failure, asked_day, read_inputs
from marsad.intake.records import MAX_TEXT
from marsad.model import Report

TEXT = "سيطرت الفصائل على بلدة الحراك في ريف درعا يوم أمس، وقال ناشط إن القصف مستمر من جهة الشرق."
RECORD = {
    "id": "a1",
    "text": TEXT,
    "published": "2018-07-06",
    "outlet": "وكالة",
    "title": "عنوان",
    "url": "https://e.org/1",
}
PAGE = f"""<!DOCTYPE html><html lang="ar"><head><title>الفصائل في الحراك</title>
<meta property="article:published_time" content="2018-06-29T10:00:00+03:00">
<meta property="og:site_name" content="صحيفة الجنوب">
</head><body><nav><a href="/">الرئيسية</a></nav><article><h1>الفصائل في الحراك</h1><p>{TEXT}</p>
<p>{TEXT} وأضاف أن المعارك
لم تتوقف منذ يومين.</p></article><footer>حقوق النشر</footer></body></html>"""


def items_of(*inputs: str, **defaults: object) -> list[Report | Failure]:
    return list(read_inputs(inputs, Defaults(**defaults)))


def only(*inputs: str, **defaults: object) -> Report:
    [item] = items_of(*inputs, **defaults)
    assert isinstance(item, Report), item
    return item


def failure(*inputs: str) -> Failure:
    [item] = items_of(*inputs)
    assert isinstance(item, Failure), item
    assert item.remedy
    return item


def test_a_text_file_is_one_report_with_its_text_untouched(write):
    assert only(write("a", TEXT + "\r\n")).text == TEXT + "\r\n"


def test_a_report_that_says_nothing_of_itself_takes_what_the_person_said(write):
    got = only(write("a.txt", TEXT), published=date(2018, 7, 1), outlet="قناة")
    assert (got.published, got.outlet) == (date(2018, 7, 1), "قناة")


def test_what_the_report_says_of_itself_stands(write):
    got = only(write("a.json", json.dumps(RECORD)), published=date(2018, 7, 1), outlet="قناة")
    assert (got.published, got.outlet) == (date(2018, 7, 6), "وكالة")


@pytest.mark.parametrize("name", ["page.html", "page.txt", "page"])
def test_a_page_gives_main_text_title_date_and_outlet_whatever_its_name(write, name):
    got = only(write(name, PAGE))
    assert TEXT in got.text
    assert "حقوق النشر" not in got.text
    assert (got.title, got.outlet, got.published) == ("الفصائل في الحراك", "صحيفة الجنوب", date(2018, 6, 29))


def test_a_page_in_windows_1256_is_read_by_what_it_declares(write):
    page = PAGE.replace("<head>", '<head><meta charset="windows-1256">')
    assert TEXT in only(write("p.html", page.encode("cp1256"))).text


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORD),
        json.dumps(RECORD, indent=1),
        json.dumps([RECORD]),
        json.dumps({**RECORD, "claims": [{"type": "takeover"}]}, indent=1),
        "\n" + json.dumps(RECORD) + "\n\n",
    ],
)
def test_json_in_all_its_shapes_gives_the_same_report(write, content):
    got = only(write("in.txt", content))
    assert got == Report("a1", TEXT, "عنوان", "وكالة", date(2018, 7, 6), "https://e.org/1")


def test_json_lines_are_read_packed_or_not(write):
    lines = "".join(json.dumps({**RECORD, "id": i}, ensure_ascii=False) + "\n" for i in range(3))
    plain, packed = write("a.jsonl", lines), write("a.jsonl.gz", gzip.compress(lines.encode()))
    assert items_of(plain) == items_of(packed)
    assert [r.id for r in items_of(plain)] == ["0", "1", "2"]


def test_a_broken_line_is_named_by_its_row_and_the_others_are_read(write):
    good = json.dumps(RECORD)
    items = items_of(write("a.jsonl", f"{good}\n{good[:-9]}\n\n{good}\n[1]\n"))
    assert [type(i) for i in items] == [Report, Failure, Report, Failure]
    assert (items[1].row, items[3].row) == (2, 5)
    assert "broken JSON" in items[1].reason


def test_a_first_line_that_is_broken_does_not_hide_the_rest(write):
    items = items_of(write("a.jsonl", '{"id": 1, "text": "x\n' + json.dumps(RECORD) + "\n"))
    assert [type(i) for i in items] == [Failure, Report]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_is_told_by_its_header_and_keeps_line_breaks_in_cells(write, sign):
    rows = sign.join(["id", "date", "text"]) + "\n" + sign.join(["7", "2018-07-06", f'"{TEXT}\nوسطر ثان"']) + "\n"
    got = only(write("data", rows))
    assert (got.id, got.published, got.text) == ("7", date(2018, 7, 6), f"{TEXT}\nوسطر ثان")


def test_a_row_of_a_table_is_named_by_the_line_it_begins_on(write):
    rows = f'id,text\n1,"{TEXT}\n{TEXT}"\n2,\n3,{TEXT},x\n4,{TEXT}\n'
    items = items_of(write("a.csv", rows))
    assert [(type(i), getattr(i, "row", None)) for i in items] == [
        (Report, None),
        (Failure, 4),
        (Failure, 5),
        (Report, None),
    ]


def test_a_table_without_a_column_of_texts_says_which_it_has(write):
    assert "it has: id, words" in failure(write("a.csv", "id,words\n1,x\n")).reason


def test_parquet_is_read_from_file_packed_and_from_standard_input(write, monkeypatch):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(
        pa.table({"id": [1, 2], "text": [TEXT, None], "published": [date(2018, 7, 6)] * 2, "n": [1, 2]}), sink
    )
    plain = items_of(write("a.bin", sink.getvalue()))
    assert plain[0] == Report("1", TEXT, published=date(2018, 7, 6))
    assert isinstance(plain[1], Failure) and plain[1].row == 2
    assert items_of(write("a.gz", gzip.compress(sink.getvalue())))[0] == plain[0]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sink.getvalue())))
    assert items_of("-")[0] == plain[0]


def test_broken_parquet_is_a_failure(write):
    pytest.importorskip("pyarrow")
    assert "broken Parquet" in failure(write("a.parquet", b"PAR1 and nothing more")).reason


def test_a_folder_is_read_whole_in_order_and_hidden_files_are_not(write, tmp_path):
    for name in ("b/2.txt", "a.txt", "b/1.txt", ".git/x", "b/.hidden"):
        write(name, f"{TEXT} {name}")
    assert [r.text.split()[-1] for r in items_of(str(tmp_path))] == ["a.txt", "b/1.txt", "b/2.txt"]


def test_an_empty_folder_is_a_failure(tmp_path):
    assert "no file" in failure(str(tmp_path)).reason


def test_standard_input_is_named_so(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert failure("-").where == "standard input"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256", "iso8859_6", "mac_arabic", "cp720"],
)
def test_every_encoding_of_arabic_is_told_from_the_bytes(write, encoding):
    text = TEXT.replace("،", "") if encoding == "cp720" else TEXT  # DOS had no Arabic comma
    assert only(write("a.txt", text.encode(encoding))).text == text


def test_json_lines_and_tables_in_other_encodings_are_read(write):
    line = json.dumps(RECORD, ensure_ascii=False) + "\n"
    for encoding in ("cp1256", "utf-16", "utf-8-sig"):
        assert only(write("a.jsonl", line.encode(encoding))).text == TEXT
        assert only(write("a.csv", f"id,text\n1,{TEXT.replace(',', '')}\n".encode(encoding))).text == TEXT


def test_a_line_in_windows_1256_among_utf_8_lines_is_read(write):
    line = json.dumps(RECORD, ensure_ascii=False) + "\n"
    assert [r.text for r in items_of(write("a.jsonl", line.encode() + line.encode("cp1256")))] == [TEXT, TEXT]


def test_one_damaged_byte_does_not_turn_utf_8_into_another_code_page(write):
    data = (TEXT * 20).encode()
    got = only(write("a.txt", data[:101] + b"\xff" + data[101:]))
    assert got.text.count("سيطرت") >= 19


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\x00\x00\x00", "no text"),
        (bytes(range(256)) * 40, "binary"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04" + bytes(60), "zip archive or office"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "picture"),
        (b"\x1f\x8b" + b"\x08" + bytes(40), "breaks off"),
        (gzip.compress(TEXT.encode())[:-12], "breaks off"),
        (b"No Arabic here at all.", "no Arabic letter"),
        (b"<html><body></body></html>", "no main text"),
        ('{"id": 1,\n "text": "' + TEXT, "broken JSON"),
        ("[]", "list is empty"),
        ("[" * 100_000, "no Arabic letter"),
        ('{"a":' * 100_000, "nested too deep"),
        ('{"id": 1}', "no field 'text'"),
        ('{"text": 5}', "not a string"),
        ('{"text": "  "}', "text is empty"),
        (json.dumps({**RECORD, "published": "06/07/2018"}), "'06/07/2018' is no date"),
        (json.dumps({**RECORD, "published": "2018-02-30"}), "'2018-02-30' is no date"),
        (json.dumps({**RECORD, "published": 20180706}), "'20180706' is no date"),
    ],
)
def test_a_bad_input_is_a_failure_with_reason_and_remedy_and_the_next_is_read(write, content, reason):
    bad, good = write("bad", content), write("good", TEXT)
    first, second = items_of(bad, good)
    assert isinstance(first, Failure) and isinstance(second, Report)
    assert reason in first.reason and first.where == bad and first.remedy


def test_an_unknown_theatre_of_a_record_is_a_failure_that_names_the_known(write):
    file = write("a.jsonl", "".join(json.dumps({**RECORD, "theatre": t}) + "\n" for t in ("sy", "xx")))
    good, bad = items_of(file, known=("sy", "ye"))
    assert good.theatre == "sy"
    assert (bad.row, bad.reason, bad.remedy) == (2, "there is no theatre 'xx'", "name one of sy, ye")


def test_a_file_that_is_not_there_is_a_failure():
    assert failure("no/such/file").reason == "there is no such file or folder"


@pytest.mark.parametrize("day", ["2018-07-06", "2018-07-06T10:00:00Z", "2018-07-06 23:59:59+03:00", " 2018-07-06 "])
def test_iso_dates_with_or_without_a_time_are_days(day):
    assert asked_day(day) == date(2018, 7, 6)


@pytest.mark.parametrize("day", ["6 July 2018", "2018-7-6", "2018-07", "20180706", "أمس", "2018-07-06T99:00"])
def test_any_other_date_is_a_usage_error(day):
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        asked_day(day)


def test_an_id_is_kept_and_a_missing_one_is_the_same_every_time(write):
    first, second = only(write("a", TEXT)), only(write("b", TEXT))
    assert first.id == second.id and len(first.id) == 16
    assert only(write("c", TEXT + ".")).id != first.id


@pytest.mark.parametrize("record", [False, True])
def test_an_over_long_text_is_cut_at_a_sentence_and_says_so(write, record):
    whole = (TEXT + "\n") * (25_000_000 // len(TEXT))
    item, told = items_of(
        write("long", json.dumps({"text": whole}, ensure_ascii=False)[:-1] + "}" if record else whole)
    )
    assert whole.startswith(item.text) and item.text.endswith("\n")
    assert 0.9 * MAX_TEXT < len(item.text) <= MAX_TEXT
    assert "only the first" in told.reason


def test_half_a_character_pair_does_not_survive_to_break_the_output(write):
    got = only(write("a", '{"title": "\\ud83d", "text": "' + TEXT + ' \\ude00"}'))
    assert json.dumps([got.text, got.title], ensure_ascii=False).encode()


def test_a_long_table_is_not_loaded_whole(write):
    line = json.dumps(RECORD, ensure_ascii=False) + "\n"
    stream = read_inputs([write("a.jsonl", line * 50_000)])
    import tracemalloc

    tracemalloc.start()
    assert sum(1 for _ in stream) == 50_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
