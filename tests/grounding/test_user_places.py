"""What a user downloads becomes a set of their own, beside the packs and never above them."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.errors import InputError, UsageError
from marsad.faces.cli import main
from marsad.grounding import imports
from marsad.grounding.gazetteer import all_places, find, user_folder, user_sets

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "gazetteer"
TABLES = sorted(REFERENCE.glob("*.tsv"))
OCHA = "ADM1_PCODE\tADM1_EN\tADM1_AR\tADM4_PCODE\tADM4_EN\tADM4_AR\tLatitude\tLongitude"
WOF = "wof_id\tgeonames_id\tplacetype\tgn_feature_code\tnames_ar\tname_en\tlat\tlon\tpopulation\tregion\tcounty"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MARSAD_GAZETTEER", str(tmp_path / "mine"))
    all_places.cache_clear()
    yield tmp_path / "mine"
    all_places.cache_clear()


@pytest.fixture
def table(tmp_path):
    def write(name: str, *lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join((*lines, "")).encode(encoding))
        return path

    return write


def geonames(number: int, name: str, others: str, lat: str, lon: str, feature: str = "PPL", people: int = 0) -> str:
    kind = "A" if feature.startswith("ADM") else "P" if feature.startswith("PPL") else "S"
    cells = (number, name, name, others, lat, lon, kind, feature, "SY", "", "12", "", "", "", people, "", 500, "", "")
    return "\t".join(map(str, cells))


def ocha(number: int, english: str, arabic: str, lat: str, lon: str) -> str:
    return f"SY12\tDar'a\tدرعا\tC{number}\t{english}\t{arabic}\t{lat}\t{lon}"


def test_ocha_places_are_found_with_their_governorate_and_the_ids_of_their_set(table):
    imported = imports.add(table("sy_new.tsv", OCHA, ocha(9901, "Tell Zaytoun", "تل زيتون الجنوبي", "32.71", "36.21")))
    assert imported.format == "OCHA" and imported.kept == {("SY", "village"): 1} and not imported.refused
    [row] = find("تل زيتون الجنوبي")
    assert (row.id, row.name, row.admin1, row.country, row.source) == (
        "ocha-sy-new:C9901", "Tell Zaytoun", "SY12", "SY", "OCHA",
    )  # fmt: skip


def test_an_ocha_table_of_areas_is_told_by_its_deepest_p_code(table):
    heading = "admin1Name_en,admin1Pcode,admin2Name_en,admin2Name_ar,admin2Pcode,center_lat,center_lon"
    imported = imports.add(table("areas.csv", heading, 'Dar\'a,SY12,"Zeitoun, new",قضاء الزيتون,SY1299,32.7,36.2'))
    assert imported.kept == {("SY", "admin2"): 1}
    assert find("قضاء الزيتون")[0].name == "Zeitoun, new"


def test_a_geonames_dump_needs_no_heading(table):
    imported = imports.add(
        table(
            "SY.txt",
            geonames(1, "Mazraat Ghazlan", "Ghazlan,مزرعة غزلان الشرقية", "32.7", "36.2"),
            geonames(2, "Madinat Ghazlan", "مدينة غزلان", "32.8", "36.3", "PPL", 120_000),
            geonames(3, "Ghazlan School", "مدرسة غزلان", "32.8", "36.3", "SCH"),
        )
    )
    assert imported.format == "GeoNames" and imported.left_out == {"SCH": 1}
    assert imported.kept == {("SY", "village"): 1, ("SY", "city"): 1}
    assert find("مزرعة غزلان الشرقية")[0].id == "geonames-sy:1" and find("مدينة غزلان")[0].weight == 60


def test_alternate_names_bring_arabic_to_a_dump_that_has_none(table):
    imports.add(table("SY.txt", geonames(77, "Kafr Ghazlan", "Ghazlan", "32.7", "36.2")))
    assert [r.id for r in find("kafr ghazlan")] == ["geonames-sy:77"]
    names = ("1\t77\tar\tكفر غزلان\t1\t\t\t\t\t", "2\t77\ten\tKafr\t\t\t\t\t\t", "3\t78\tar\tغيره\t\t\t\t\t\t")
    imported = imports.add(table("alternateNamesV2.txt", *names))
    assert imported.names == 1 and "name of a place that is not here" in imported.left_out
    assert [r.id for r in find("كفر غزلان")] == ["geonames-sy:77"]


def test_alternate_names_alone_say_what_must_come_first(table):
    with pytest.raises(UsageError, match="import the country's dump first"):
        imports.add(table("alternateNamesV2.txt", "1\t77\tar\tكفر غزلان\t1\t\t\t\t\t"))


def test_whos_on_first_takes_its_country_from_the_table_and_its_governorate_from_the_region(table):
    rows = (
        "1\t\tcountry\t\tاليمن\tYemen\t15.3\t45.8\t1\t\t",
        "2\t\tregion\t\tتعز|محافظة تعز\tTa`izz\t13.4\t43.7\t1\tTa`izz\t",
        "3\t\tlocality\t\tكدمة الزيتون\tKadmat\t13.4\t43.7\t0\tTa`izz\t",
        "4\t\tcampus\t\tجامعة\tUniversity\t13.4\t43.7\t0\tTa`izz\t",
    )
    imported = imports.add(table("places.tsv", WOF, *rows))
    assert imported.format == "Who's On First" and imported.known == 2 and imported.left_out == {"campus": 1}
    [row] = find("كدمة الزيتون")
    assert (row.country, row.admin1) == ("YE", "ye-taiz")


def test_open_syria_areas_are_known_and_may_bring_names(table):
    heading = "level\tpcode\tname_ar\tname_en\taliases_ar\taliases_en\tlat\tlon\tadmin1_pcode\tadmin2_pcode\tpopulation"
    row = "1\tSY12\tدرعا\tDaraa\tولاية حوران القديمة\tDara\t32.85\t36.21\t\t\t845000"
    imported = imports.add(table("admin.tsv", heading, row))
    assert (imported.format, imported.known, imported.names) == ("OpenSyria", 1, 1)
    assert [r.id for r in find("ولاية حوران القديمة")] == ["SY12"]


def test_a_packaged_place_of_the_same_name_within_two_kilometres_swallows_the_row(table):
    nawa = next(r for r in find("نوى", "sy") if r.kind == "town")
    near = ocha(88881, "Nawa", "نوى", str(nawa.lat + 0.01), str(nawa.lon))
    far = ocha(88882, "Nawa", "نوى", "32.60", "36.40")
    imported = imports.add(table("sy.tsv", OCHA, near, far))
    assert imported.known == 1 and imported.kept.total() == 1
    assert all_places().rows[nawa.id] == nawa


def test_a_second_import_replaces_its_own_set_only(table, folder):
    file = table("sy_mine.tsv", OCHA, ocha(9901, "Old", "تل زيتون القديم", "32.71", "36.21"))
    other = table("sy_other.tsv", OCHA, ocha(9801, "Other", "تل رمان الجديد", "32.51", "36.31"))
    imports.add(file)
    imports.add(other)
    file.write_text(f"{OCHA}\n{ocha(9902, 'New', 'تل زيتون الجديد', '32.71', '36.21')}\n", "utf-8")
    assert imports.add(file).replaced
    assert not find("تل زيتون القديم") and find("تل زيتون الجديد") and find("تل رمان الجديد")
    assert sorted(p.name for p in folder.iterdir()) == ["ocha-sy-mine", "ocha-sy-other"]


def test_another_file_of_the_same_name_gets_a_set_of_its_own(tmp_path, table, folder):
    (tmp_path / "b").mkdir()
    imports.add(table("p.tsv", OCHA, ocha(9901, "A", "تل زيتون القديم", "32.71", "36.21")))
    imports.add(table("b/p.tsv", OCHA, ocha(9902, "B", "تل زيتون الجديد", "32.51", "36.31")))
    assert sorted(p.name for p in folder.iterdir()) == ["ocha-p", "ocha-p-2"]


def test_two_imports_of_a_file_write_the_same_bytes(table, folder):
    rows = [ocha(9900 + n, f"Place {n}", f"تل زيتون {n}", f"32.{n}1", "36.21") for n in range(5)]
    file = table("p.tsv", OCHA, *rows)
    imports.add(file)
    first = {p.name: p.read_bytes() for p in (folder / "ocha-p").iterdir()}
    imports.add(file)
    assert {p.name: p.read_bytes() for p in (folder / "ocha-p").iterdir()} == first


REFUSED = [
    (ocha(1, "A", "تل أول هنا", "", "36.2"), "no coordinates"),
    (ocha(1, "A", "تل أول هنا", "32,7", "36.2"), "are no numbers"),
    (ocha(1, "A", "تل أول هنا", "132.7", "36.2"), "outside the globe"),
    (ocha(1, "A", "تل أول هنا", "0", "0"), "stands for none"),
    (ocha(1, "A", "تل أول هنا", "36.2", "32.7"), "swap them"),
    (ocha(1, "A", "تل أول هنا", "12.1", "36.2"), "outside Syria"),
    (ocha(1, "A", "ØªÙ„ Ø£ÙˆÙ„", "32.7", "36.2"), "garbled"),
    (ocha(1, "", "", "32.7", "36.2"), "no name"),
    ("SY12\tDar'a\tدرعا", "3 columns where the heading has 8"),
]


@pytest.mark.parametrize(("row", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_a_bad_row_is_refused_with_its_number_and_a_remedy_and_the_others_are_kept(row, why, table):
    good = ocha(9901, "Tell Zaytoun", "تل زيتون الجنوبي", "32.71", "36.21")
    imported = imports.add(table("sy.tsv", OCHA, good, row))
    assert imported.kept.total() == 1
    [refusal] = imported.refused
    assert refusal.row == 3 and why in str(refusal) and refusal.remedy and str(refusal) in str(imported)


def test_a_place_without_an_arabic_name_is_counted_and_known_by_its_latin_one(table):
    imported = imports.add(table("sy.tsv", OCHA, ocha(9901, "Tell Zaytoun", "", "32.71", "36.21")))
    assert imported.latin_only == 1 and "by their Latin name only" in str(imported)
    assert [r.id for r in find("Tell Zaytoun")] == [r.id for r in find("tell-zaytoun")] == ["ocha-sy:C9901"]


def test_many_refusals_are_shown_in_part_and_counted(table):
    imported = imports.add(table("sy.tsv", OCHA, *(ocha(n, "A", "تل أول", "", "") for n in range(50))))
    assert len(imported.refused) == 50 and "and 30 more rows" in str(imported)


BROKEN = [
    (b"", "empty"),
    (b"PK\x03\x04rest", "zip archive or an Excel workbook"),
    (b'{"type": "FeatureCollection"}', "JSON"),
    ("a\tb".encode("utf-16"), "UTF-16"),
    (f"{OCHA}\n{ocha(1, 'A', 'تل', '32.7', '36.2')}".encode("windows-1256"), "not UTF-8"),
    (b"color,size\nred,1\n", "no table that Marsad knows"),
    (b"pcode,name_ar\nSY1,x\n", "no columns of coordinates"),
    (b"\x00\xff\x00\xfe", "not UTF-8"),
]


@pytest.mark.parametrize(("content", "why"), BROKEN, ids=[why for _, why in BROKEN])
def test_a_file_that_is_no_table_is_told_in_one_line_with_what_to_do(content, why, tmp_path, capsys):
    path = tmp_path / "file.tsv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=why):
        imports.add(path)
    assert main(["gazetteer", "add", str(path)]) == 1
    assert str(path) in capsys.readouterr().err and not user_sets()


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="name a file"):
        imports.add(tmp_path / "none.tsv")


def test_the_command_prints_the_counts_and_fails_where_rows_were_refused(table, capsys):
    good = ocha(9901, "Tell Zaytoun", "تل زيتون الجنوبي", "32.71", "36.21")
    file = table("sy.tsv", OCHA, good)
    assert main(["gazetteer", "add", str(file)]) == 0 and "SY: 1 village" in capsys.readouterr().out
    assert main(["gazetteer", "add", str(table("sy.tsv", OCHA, good, ocha(2, "A", "تل", "", "")))]) == 1
    assert "row 3: no coordinates" in capsys.readouterr().out
    assert main(["gazetteer", "find", "تل زيتون الجنوبي"]) == 0
    assert "Tell Zaytoun" in capsys.readouterr().out


def test_without_a_folder_of_ones_own_the_data_home_is_used(monkeypatch):
    monkeypatch.delenv("MARSAD_GAZETTEER")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert user_folder() == Path("/data/marsad/gazetteer")


@pytest.mark.skipif(not TABLES, reason="the reference tables (../shared/reference/gazetteer) are not here")
@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_every_reference_table_is_read_and_only_points_of_another_country_are_refused(path):
    imported = imports.add(path)
    rows = imported.kept.total() + imported.known + imported.left_out.total()
    assert rows >= 300 and imported.known >= 90
    assert len(imported.refused) <= rows / 100
    assert [str(r) for r in imported.refused if "lies outside" not in r.reason] == []
