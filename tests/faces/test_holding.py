"""`marsad control`: who holds which place on a day, what changed, and why, in every form; and the starting state."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing

import pytest

from marsad.faces import cli
from marsad.faces.holding import CHANGE_COLUMNS, COLUMNS
from marsad.record.asof import moment_of
from marsad.record.sensitive import mark
from marsad.record.store import open_record
from newsroom import PlainReader, add, arrival, said, view

DAEL, NASIB, ANDAN = "C6030", "C5999", "C1121"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Give the address of a record in which a village was held, left and taken, and a time before the last report."""
    address = str(tmp_path_factory.mktemp("holding") / "observatory.marsad")
    taken = "سيطرت {by} على {place} في {day}"
    south = {"outlet": "مرصد الجنوب", "published": "2018-07-07"}
    with closing(open_record(address)) as record:
        first = [taken.format(by="الفصائل", place="داعل", day="2018-06-20"), "انسحبت الفصائل من داعل في 2018-07-01",
                 taken.format(by="قوات النظام", place="داعل", day="2018-07-04")]  # fmt: skip
        add(record, arrival(". ".join([said(first[0], beside=0), *first[1:]]), "خبر-1", **south))
        add(record, arrival(said(first[2], beside=1), "خبر-2", outlet="وكالة النهر", published="2018-07-07"))
        nasib = taken.format(by="قوات النظام", place="نصيب", day="2018-07-06")
        add(record, arrival(said(nasib, by="قائد محلي", beside=2), "خبر-3", **south))
        with record.writing("pause") as writing:
            between = writing.at
        late = {"outlet": "شبكة الوادي", "published": "2018-07-10"}
        andan = [taken.format(by="الفصائل", place="عندان", day="2018-07-09"), "قصفت قوات النظام نصيب في 2018-07-09"]
        add(record, arrival(". ".join([said(andan[0], beside=3), andan[1]]), "خبر-4", **late))
    return address, between


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "make_reader", lambda theatre, outlet: PlainReader())
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    monkeypatch.setenv("MARSAD_PERSON", "سلمى")
    for name in ("MARSAD_RECORD", "MARSAD_ROLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def rows(marsad):
    def rows(*words, **said):
        code, out, err = marsad("control", *words, "--as", "jsonl", **said)
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]

    return rows


def test_rows_as_lines_have_every_field_by_governorate_and_name(rows):
    found = rows()
    assert [(r["admin1"], r["name"], r["holder"]) for r in found] == [
        ("Aleppo Governorate", "Andan", "opposition"), ("Daraa Governorate", "Da'el", "assad-gov"),
        ("Daraa Governorate", "Nasib", "assad-gov"),
    ]  # fmt: skip
    for row in found:
        assert row.keys() == {*COLUMNS, "share"} and row["status"] == "held" and row["evidence"]
    assert (found[1]["since"], found[1]["sources"], found[1]["began"]) == ("2018-07-04", 2, "told")


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ([], {ANDAN, DAEL, NASIB}),
        (["--on", "2018-07-10"], {ANDAN, DAEL, NASIB}),
        (["--on", "2018-07-08"], {DAEL, NASIB}),
        (["--on", "2018-06-20"], {DAEL}),
        (["--on", "2018-06-19"], set()),
        (["--under", "درعا"], {DAEL, NASIB}),
        (["--under", "Daraa"], {DAEL, NASIB}),
        (["--under", "SY12"], {DAEL, NASIB}),
        (["--under", "حلب"], {ANDAN}),
        (["--under", "sy"], {ANDAN, DAEL, NASIB}),
        (["--under", "LB"], set()),
        ([DAEL], {DAEL}),
        (["داعل"], {DAEL}),
        (["دَاعـل"], {DAEL}),
        (["Da'el"], {DAEL}),
        (["نصيب", "عندان"], {NASIB, ANDAN}),
        (["نصيب", NASIB], {NASIB}),
        (["طفس"], set()),
        (["الطيبة"], set()),
    ],
    ids=" ".join,
)
def test_places_areas_and_days_are_asked_for_in_the_words_of_the_reader(rows, words, places):
    found = rows(*words)
    assert {row["place"] for row in found} == places and len(found) == len(places)


def test_places_that_do_not_lie_in_the_area_are_left_out(rows):
    assert rows(DAEL, "--under", "حلب") == []


def test_a_place_stands_as_on_the_day_that_is_asked_for(rows):
    def daels(day):
        [row] = rows("داعل", "--on", day)
        return row["status"], row["holder"], row["until"]

    assert daels("2018-06-20") == ("held", "opposition", "2018-07-03")
    assert daels("2018-07-04") == ("held", "assad-gov", None)


def test_what_was_known_at_a_time_is_shown(rows, filled):
    then = moment_of(filled[1]).isoformat()
    assert {row["place"] for row in rows("--known-by", then)} == {DAEL, NASIB}
    assert rows("--known-by", then, "--on", "2018-07-08") == rows("--on", "2018-07-08")
    assert rows("--known-by", then, "--on", "2018-07-10") != rows("--on", "2018-07-10", "--under", "درعا")


def test_a_record_of_which_nothing_was_known_yet_has_no_day(marsad):
    code, out, err = marsad("control", "--known-by", "2000-01-01")
    assert (code, out) == (2, "") and "`marsad add FILE`" in err


@pytest.mark.parametrize("by", ["group", "coalition", "side"])
def test_holders_are_named_at_the_level_that_is_asked_for(rows, by, tmp_path, marsad):
    address, table = str(tmp_path / "other.marsad"), tmp_path / "start.csv"
    table.write_text(f"place,holder,on\n{DAEL},hezbollah,2018-07-01\n", "utf-8")
    assert marsad("start", str(table), "--source", "خريطة", record=address)[0] == 0
    [row] = rows("--by", by, record=address)
    assert row["holder"] == {"group": "hezbollah", "coalition": "iran", "side": "assad-gov"}[by]


def test_the_table_stands_under_governorates_and_reads_without_colour(marsad):
    code, out, err = marsad("control")
    lines = out.splitlines()
    assert code == 0 and not err and "\x1b" not in out
    assert lines[0].split() == ["PLACE", "STATUS", "HOLDER", "SINCE", "SURE", "BASIS"]
    assert lines.index("Aleppo Governorate") < lines.index("Daraa Governorate")
    assert any("Andan" in line and "held" in line and "opposition" in line for line in lines)


def test_csv_is_the_rows_with_its_columns_for_a_spreadsheet(marsad, rows):
    code, out, err = marsad("control", "--as", "csv")
    assert code == 0 and not err and out.startswith("\ufeff")
    found = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert tuple(found[0]) == COLUMNS
    assert [row["place"] for row in found] == [row["place"] for row in rows()]
    assert found[0]["holders"] == "opposition" and found[0]["name_ar"] == "عندان" and found[0]["until"] == ""


def test_geojson_has_a_point_a_place(marsad):
    code, out, _ = marsad("control", "--as", "geojson")
    got = json.loads(out)
    assert code == 0 and got["type"] == "FeatureCollection"
    assert [f["properties"]["place"] for f in got["features"]] == [ANDAN, DAEL, NASIB]
    assert {f["geometry"]["type"] for f in got["features"]} == {"Point"}


def test_geojson_with_cells_marks_them_as_drawn(marsad):
    pytest.importorskip("shapely")
    code, out, _ = marsad("control", "داعل", "--as", "geojson", "--cells")
    [feature] = json.loads(out)["features"]
    assert code == 0 and feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert feature["properties"]["drawing_aid"] is True and "no surveyed boundary" in feature["properties"]["note"]


@pytest.mark.parametrize("form", ["table", "jsonl", "csv", "geojson"])
@pytest.mark.parametrize(
    "words", [[], ["--changes"], ["طفس", "--history"]], ids=lambda words: " ".join(words) or "rows"
)
def test_where_nothing_is_known_every_form_is_whole(marsad, form, words):
    code, out, err = marsad("control", *words, "--on", "2000-01-01", "--as", form)
    assert code == 0 and not err
    if form == "geojson":
        assert json.loads(out)["features"] == []
    assert DAEL not in out


def test_the_history_of_a_place_is_its_states_with_what_made_each(marsad, rows):
    found = rows("داعل", "--history")
    assert [(r["day"], r["status"], r["holder"]) for r in found if r["status"] == "held"] == [
        ("2018-06-20", "held", "opposition"), ("2018-07-04", "held", "assad-gov"),
    ]  # fmt: skip
    for row, before in zip(found[1:], found, strict=False):
        assert row.keys() == set(CHANGE_COLUMNS)
        assert (row["status_before"], row["holder_before"]) == (before["status"], before["holder"])
    code, out, _ = marsad("control", "داعل", "--history")
    assert code == 0 and out.startswith("2018-06-20  held") and "«سيطرت الفصائل على داعل" in out
    assert [r["day"] for r in rows("داعل", "--history", "--on", "2018-06-30")] == ["2018-06-20"]


def test_the_history_of_several_places_is_one_after_the_other(rows):
    assert list(dict.fromkeys(r["place"] for r in rows("عندان", "داعل", "--history"))) == [ANDAN, DAEL]


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        (["--from", "2018-07-04", "--to", "2018-07-06"], [DAEL, NASIB]),
        (["--from", "2018-07-09"], [ANDAN]),
        (["--to", "2018-06-30"], [DAEL]),
        (["--from", "2018-07-04", "--under", "درعا"], [DAEL, NASIB]),
        (["نصيب"], [NASIB]),
        (["--from", "2018-07-11"], []),
        (["--on", "2018-06-30"], [DAEL]),
    ],
    ids=" ".join,
)
def test_changes_are_those_of_the_days_the_area_and_the_places(rows, words, changes):
    assert [row["place"] for row in rows(*words, "--changes")] == changes


def test_changes_for_people_name_the_passage_and_the_words(marsad):
    code, out, _ = marsad("control", "--changes", "--from", "2018-07-04")
    lines = out.splitlines()
    assert code == 0 and [line for line in lines if line[:1].isdigit()] == ["2018-07-04", "2018-07-06", "2018-07-09"]
    assert any("→ assad-gov" in line for line in lines) and "قوات النظام" in out and "قائد محلي" in out


@pytest.mark.parametrize("words", [["--changes"], ["داعل", "--history"]], ids=" ".join)
def test_changes_and_history_have_their_columns_in_csv_and_points_in_geojson(marsad, words):
    code, out, _ = marsad("control", *words, "--as", "csv")
    assert code == 0 and tuple(next(csv.reader(io.StringIO(out.removeprefix("\ufeff"))))) == CHANGE_COLUMNS
    code, out, _ = marsad("control", *words, "--as", "geojson")
    assert code == 0 and all(f["geometry"]["type"] == "Point" for f in json.loads(out)["features"])


@pytest.mark.parametrize(
    ("lang", "verdict", "parts"),
    [
        ("en", "Nasib: held by Assad government and its forces", ["What speaks for it:", "Nasib taken by", "weight"]),
        ("ar", "نصيب: تحت سيطرة حكومة الأسد وقواتها", ["ما يؤيد ذلك:", "استيلاء", "الوزن"]),
    ],
)
def test_the_argument_is_told_in_both_languages_each_sentence_with_its_claim(marsad, rows, lang, verdict, parts):
    code, out, err = marsad("control", "نصيب", "--why", "--lang", lang)
    assert code == 0 and not err and verdict in out
    for part in (*parts, "«قال قائد محلي إن سيطرت قوات النظام على نصيب", "— قائد محلي", rows("نصيب")[0]["evidence"][0]):
        assert part in out


def test_the_argument_of_several_places_has_a_blank_line_between(marsad):
    code, out, _ = marsad("control", "نصيب", "عندان", "--why")
    assert code == 0 and "\n\nAndan: " in out.replace("\u2068", "").replace("\u2069", "")


def test_the_argument_as_lines_is_the_row_with_its_testimonies_and_their_claims(rows):
    [row] = rows("داعل", "--why", "--on", "2018-07-08")
    assert (row["place"], row["holder"], row["sides"]) == (DAEL, "assad-gov", ["assad-gov"])
    for testimony in row["argument"]:
        assert testimony["told"]["id"] == testimony["claim"] and testimony["speaks"] in ("for", "against")
    assert {t["claim"] for t in row["argument"] if t["speaks"] == "for"} == set(row["evidence"])


def test_the_argument_of_what_is_not_known_says_so(marsad):
    code, out, _ = marsad("control", "طفس", "--why")
    assert code == 0 and "not known who holds it" in out and "Nothing in the record." in out


def test_the_argument_in_arabic_names_the_wider_area_in_arabic(marsad, tmp_path):
    address, table = str(tmp_path / "other.marsad"), tmp_path / "start.csv"
    table.write_text("place,holder,on\nSY12,assad-gov,2018-07-01\n", "utf-8")
    marsad("start", str(table), "--source", "خريطة", record=address)
    out = marsad("control", "طفس", "--why", "--lang", "ar", record=address)[1]
    assert "قيل عن" in out and "Governorate" not in out


def test_who_may_not_see_a_claim_sees_nothing_of_what_it_says(marsad, rows, tmp_path):
    address = str(tmp_path / "other.marsad")
    with closing(open_record(address)) as record:
        add(record, arrival(said("سيطرت الفصائل على نصيب في 2018-07-06"), "r1", published="2018-07-07"))
        [claim] = view(record).claims()
        with record.writing("mark") as writing:
            mark(writing, "claim", claim["id"], "embargo", "2999-01-01", "هدى", "طلب المصدر")
    assert rows("--on", "2018-07-08", record=address) == []
    for words in (["--changes"], ["نصيب", "--history"], ["نصيب", "--why"]):
        code, out, _ = marsad("control", *words, "--on", "2018-07-08", record=address)
        assert code == 0 and claim["id"] not in out and "opposition" not in out and "الفصائل" not in out
    [row] = rows("--on", "2018-07-08", "--role", "reviewer", record=address)
    assert row["evidence"] == [claim["id"]]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--history"], "say of which place: marsad control PLACE --history"),
        (["--why"], "say of which place: marsad control PLACE --why"),
        (["--on", "yesterday"], "'yesterday' is no day; write it as 2018-07-06"),
        (["--changes", "--from", "2018-7-1"], "'2018-7-1' is no day"),
        (["--changes", "--to", "soon"], "'soon' is no day"),
        (["--from", "2018-07-01"], "--from and --to belong to --changes; for one day say --on"),
        (["داعل", "--history", "--to", "2018-07-01"], "--from and --to belong to --changes"),
        (["باريس-الجديدة"], "no place is called 'باريس-الجديدة'; `marsad gazetteer find باريس-الجديدة`"),
        (["داعل", "Narnia", "--why"], "no place is called 'Narnia'"),
        (["--under", "Narnia"], "no governorate is called 'Narnia'; `marsad gazetteer find Narnia`"),
        (["--changes", "--under", "Narnia"], "no governorate is called 'Narnia'"),
        (["--by", "tribe"], "--by"),
        (["--as", "xml"], "--as"),
        (["--why", "--changes", "داعل"], "not allowed with"),
        (["--lang", "fr"], "--lang"),
        (["--role", "boss"], "'boss' is no role; look as public"),
        (["--known-by", "soon"], "'soon' is no day or time"),
    ],
    ids=" ".join,
)
def test_a_wrong_question_is_exit_code_2_says_what_to_do_and_prints_nothing(marsad, words, says):
    code, out, err = marsad("control", *words)
    assert (code, out) == (2, "") and says in err and "Traceback" not in err


def test_a_record_that_is_not_there_is_told(marsad, tmp_path):
    code, out, err = marsad("control", record=str(tmp_path / "none.marsad"))
    assert code != 0 and out == "" and "none.marsad" in err


def test_a_record_without_a_report_says_what_brings_one(marsad, tmp_path):
    address = str(tmp_path / "empty.marsad")
    open_record(address).close()
    code, out, err = marsad("control", record=address)
    assert (code, out) == (2, "") and "`marsad add FILE` brings some" in err


def test_a_starting_state_is_evidence_like_any_other(marsad, rows, tmp_path):
    address, table = str(tmp_path / "other.marsad"), tmp_path / "start.csv"
    table.write_text(f"place,holder\nداعل,opposition\n{NASIB},فصائل المعارضة\nنرنيا,opposition\n", "utf-8")
    code, out, err = marsad("start", str(table), "--source", "خريطة", "--on", "2018-06-01", record=address)
    assert (code, out) == (1, "") and "2 places taken, 1 rows not read" in err and "نرنيا" in err
    assert [(r["place"], r["holder"], r["since"], r["began"]) for r in rows("--on", "2018-06-05", record=address)] == [
        (DAEL, "opposition", "2018-06-01", "first heard of"), (NASIB, "opposition", "2018-06-01", "first heard of"),
    ]  # fmt: skip
    assert "خريطة" in marsad("control", "داعل", "--why", record=address)[1]
    code, _, err = marsad("start", str(table), "--source", "خريطة", "--on", "2018-06-01", record=address)
    assert "the table was there already" in err and len(rows("--on", "2018-06-05", record=address)) == 2
