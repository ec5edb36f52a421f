"""`marsad reports`, `claims`, `incidents`, `incident`, `search`: what a record knows, asked in the reader's words."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from marsad.faces import cli
from marsad.record.deciding import decide_claim
from marsad.record.sensitive import mark
from marsad.record.store import open_record
from newsroom import PlainReader, add, arrival, said
from record.desk import GUIDE


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Give the address of a record of three reports, of which one was added later, and the time between."""
    address = str(tmp_path_factory.mktemp("asking") / "observatory.marsad")
    with closing(open_record(address)) as record:
        taken = said("سيطرت الفصائل على نصيب في 2018-07-06")
        shelled = {"outlet": "مرصد الجنوب", "published": "2018-07-05", "title": "قصف داعل"}
        add(record, arrival(said(killed=3, beside=0), "خبر-1", **shelled), arrival(f"{taken} عند الفجر", "خبر-2"))
        with record.writing("pause") as writing:
            between = writing.at
        other = f"{said(killed=7, beside=1)}. {said('انسحبت الفصائل من عندان في 2018-07-07')}"
        add(record, arrival(other, "خبر-3", outlet="وكالة النهر", published="2018-07-08"))
    return address, between


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "make_reader", lambda theatre, outlet: PlainReader())
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    for name in ("MARSAD_RECORD", "MARSAD_ROLE", "MARSAD_PERSON"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def rows(marsad):
    def rows(*words, **said):
        code, out, err = marsad(*words, "--as", "jsonl", **said)
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]

    return rows


def test_incidents_as_lines_have_every_field(rows):
    [row] = rows("incidents", "--type", "shelling")
    assert row.keys() >= {"id", "type", "places", "date", "actors", "targets", "numbers", "status", "claims", "reports",
                          "sources", "independent_sources", "contradictions"}  # fmt: skip
    killed = row["numbers"]["killed"]
    assert (killed["low"], killed["high"]) == (3, 7)
    assert [(by["value"], by["source"]) for by in killed["by"]] == [(3, "مرصد الجنوب"), (7, "وكالة النهر")]
    assert (row["reports"], row["sources"]) == (["خبر-1", "خبر-3"], ["مرصد الجنوب", "وكالة النهر"])
    assert row["independent_sources"] == 2 and row["contradictions"][0]["kind"] == "count"


def test_claims_and_reports_as_lines_have_their_fields(rows):
    claim, report = rows("claims")[0], rows("reports")[0]
    for name in ("id", "type", "evidence", "span", "places", "actors", "date", "numbers", "sources", "certainty"):
        assert name in claim
    assert claim.keys() >= {"report", "incident", "outlet", "verdict", "recorded"}
    assert report.keys() >= {"id", "version", "title", "outlet", "published", "url", "claims", "copy_of", "capture"}
    assert "text" in rows("reports", "--text")[0] and "text" not in rows("reports")[0]


@pytest.mark.parametrize(
    ("words", "types"),
    [
        ([], ["withdrawal", "takeover", "shelling"]),
        (["--type", "shelling", "--type", "takeover"], ["takeover", "shelling"]),
        (["--place", "داعل"], ["shelling"]),
        (["--place", "دَاعـل"], ["shelling"]),
        (["--place", "Da'el"], ["shelling"]),
        (["--place", "dael"], ["shelling"]),
        (["--place", "C6030"], ["shelling"]),
        (["--under", "درعا"], ["takeover", "shelling"]),
        (["--under", "Daraa"], ["takeover", "shelling"]),
        (["--under", "Aleppo Governorate"], ["withdrawal"]),
        (["--under", "حلب"], ["withdrawal"]),
        (["--under", "sy"], ["withdrawal", "takeover", "shelling"]),
        (["--under", "LB"], []),
        (["--actor", "opposition"], ["withdrawal", "takeover"]),
        (["--source", "مرصد الجنوب"], ["shelling"]),
        (["--report", "خبر-3"], ["withdrawal", "shelling"]),
        (["--from", "2018-07-06"], ["withdrawal", "takeover"]),
        (["--to", "2018-07-05"], ["shelling"]),
        (["--from", "2018-07-06", "--to", "2018-07-06"], ["takeover"]),
        (["--certainty", "0.9"], ["shelling"]),
        (["--status", "happened", "--limit", "1"], ["withdrawal"]),
        (["--status", "denied"], []),
        (["--contradicted"], ["shelling"]),
    ],
    ids=" ".join,
)
def test_incidents_meet_every_filter_in_the_words_of_the_reader(rows, words, types):
    assert [row["type"] for row in rows("incidents", *words)] == types


@pytest.mark.parametrize(
    ("words", "types"),
    [
        (["--place", "عندان"], ["withdrawal"]),
        (["--under", "درعا", "--type", "shelling"], ["shelling", "shelling"]),
        (["--actor", "قوات النظام"], ["shelling", "shelling"]),
        (["--source", "وكالة النهر"], ["withdrawal", "shelling"]),
        (["--rejected"], []),
        (["--limit", "2"], ["withdrawal", "takeover"]),
    ],
    ids=" ".join,
)
def test_claims_meet_every_filter(rows, words, types):
    assert [row["type"] for row in rows("claims", *words)] == types


def test_rejected_claims_are_listed_apart(rows, tmp_path):
    address = str(tmp_path / "other.marsad")
    with closing(open_record(address)) as record:
        add(record, arrival(said(), "r1"))
        id = rows("claims", record=address)[0]["id"]
        with record.writing("review") as writing:
            decide_claim(writing, id, "reject", "سلمى", "غير مذكور في النص", None, guide=GUIDE)
    assert rows("claims", record=address) == []
    assert [row["id"] for row in rows("claims", "--rejected", record=address)] == [id]


def test_what_was_known_at_a_time_is_shown(rows, filled):
    from marsad.record.asof import moment_of

    then = moment_of(filled[1]).isoformat()
    assert {row["id"] for row in rows("reports", "--known-by", then)} == {"خبر-1", "خبر-2"}
    assert len(rows("claims", "--known-by", then)) == 2 and len(rows("claims")) == 4
    assert [row["type"] for row in rows("incidents", "--known-by", then)] == ["takeover", "shelling"]
    assert not rows("incidents", "--contradicted", "--known-by", then)
    assert not rows("search", "عندان", "--known-by", then) and rows("search", "عندان")
    assert rows("reports", "--known-by", "2000-01-01") == []


def test_lists_for_people_name_the_rows(marsad):
    for command, words in (("reports", "خبر-3"), ("claims", "Nasib"), ("incidents", "killed 3 to 7")):
        code, out, err = marsad(command)
        assert code == 0 and words in out and not err


def test_one_incident_is_shown_by_its_id_or_a_claim_of_it(marsad, rows):
    [row] = rows("incidents", "--type", "shelling")
    for id in (row["id"], row["claims"][0]):
        code, out, _ = marsad("incident", id, "--why")
        assert code == 0 and "killed: 3 to 7" in out and "in it by fusion" in out and "! how many" in out
        [page] = rows("incident", id)
        assert [claim["id"] for claim in page["told"]] == row["claims"]
    assert "in it by" not in marsad("incident", row["id"])[1]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (["داعل"], {"report", "claim"}),
        (["وبداعل"], set()),
        (["داعل", "--in", "claim"], {"claim"}),
        (["الأربعاء", "الملاجئ"], {"report"}),
        (["الملاجئ", "عندان"], set()),
        (['"انسحبت الفصائل"'], {"report", "claim"}),
        (["انسح*"], {"report", "claim"}),
    ],
    ids=" ".join,
)
def test_a_search_finds_words_in_reports_and_claims(rows, words, kinds):
    found = rows("search", *words)
    assert {row["kind"] for row in found} == kinds
    assert all(row["excerpt"] for row in found)


def test_a_search_shows_at_most_so_many(marsad, rows):
    assert len(rows("search", "داعل", "--limit", "1")) == 1
    code, out, _ = marsad("search", "داعل")
    assert code == 0 and "report" in out and "claim" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["incidents", "--type", "massacre"], "'massacre' is no type of a claim; there are"),
        (["claims", "--status", "hapened"], "'hapened' is no status of a claim; there are happened"),
        (["claims", "--under", "باريس"], "no governorate is called 'باريس'; `marsad gazetteer find باريس`"),
        (["claims", "--under", "Narnia"], "no governorate is called 'Narnia'"),
        (["reports", "--from", "yesterday"], "'yesterday' is no day; write it as 2018-07-06"),
        (["claims", "--limit", "0"], "write a number from 1"),
        (["claims", "--limit", "-1"], "--limit"),
        (["claims", "--role", "boss"], "'boss' is no role; look as public, analyst, reviewer, admin"),
        (["claims", "--known-by", "soon"], "'soon' is no day or time"),
        (["incident", "i00000000000"], "`marsad incidents` lists them"),
        (["search", "…"], ""),
    ],
    ids=" ".join,
)
def test_a_wrong_question_is_exit_code_2_says_what_to_do_and_prints_nothing(marsad, words, says):
    code, out, err = marsad(*words)
    assert (code, out) == (2, "") and says in err and err


def test_a_hidden_source_is_a_pseudonym_to_the_public_and_a_name_to_a_reviewer(rows, marsad, tmp_path):
    address = str(tmp_path / "other.marsad")
    with closing(open_record(address)) as record:
        add(record, arrival(said(by="أبو سعيد الحوراني"), "r1"))
        with record.writing("mark") as writing:
            mark(writing, "person", "أبو سعيد الحوراني", "pseudonym", None, "هدى", "طلب المصدر")
    public = [
        marsad(*words, record=address)[1] for words in (["claims"], ["incidents"], ["search", "قصفت"], ["reports"])
    ]
    assert "سعيد" not in "".join(public) and "person-" in public[0]
    assert rows("claims", "--role", "reviewer", record=address)[0]["sources"] == ["أبو سعيد الحوراني"]
    assert rows("claims", "--source", "أبو سعيد الحوراني", record=address) == []
