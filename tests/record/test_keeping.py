"""What is taken in is kept once, in every version, with its claims; nothing is lost and nothing is doubled."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from marsad.record import schema
from marsad.record.deciding import decide_claim
from marsad.record.keeping import differs, keep_failure, main_place, words_of
from marsad.record.view import Filters
from newsroom import PlainReader, add, arrival, ids, made_id, now_of, said, view
from record.desk import GUIDE

DAEL = said()
TAKEN = said("سيطرت الفصائل على نصيب في 2018-07-06")


def count(record, table):
    with record.asking() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def versions(record, id):
    table = schema.report.c
    with record.asking() as connection:
        asked = select(table.version, table.text, table.title, table.published, table.outlet).where(table.id == id)
        return [tuple(row) for row in connection.execute(asked.order_by(table.n))]


def test_the_same_report_twice_is_one(record, append_only):
    done = add(record, arrival(DAEL, "r1"))
    assert (done.new, done.known, done.claims) == (1, 0, 1)
    tables = [schema.report, schema.claim, schema.reading, schema.capture, schema.document, schema.incident]
    before = [count(record, table) for table in tables]
    reader = PlainReader()
    done = add(record, arrival(DAEL, "r1"), reader=reader)
    assert (done.new, done.changed, done.known) == (0, 0, 1)
    assert [count(record, table) for table in tables] == before
    assert not reader.read_ids, "what is known is not read again"


def test_the_same_text_from_another_file_is_known_by_its_id(record):
    add(record, arrival(DAEL, address="one.txt"))
    assert add(record, arrival(DAEL, address="two.txt")).known == 1
    assert count(record, schema.report) == 1


def test_a_report_twice_in_one_batch_is_one(record):
    done = add(record, arrival(DAEL, "r1", row=1), arrival(DAEL, "r1", row=2))
    assert (done.new, done.known, done.reports) == (1, 1, 2)


@pytest.mark.parametrize("more", [{"title": "عنوان"}, {"published": "2018-07-06"}, {"outlet": "مرصد"},
                                  {"url": "https://example.org/1"}, {"theatre": "sy"}])  # fmt: skip
def test_the_same_text_that_says_more_of_itself_is_a_new_version_once(record, more):
    add(record, arrival(DAEL, "r1"))
    assert add(record, arrival(DAEL, "r1", **more)).changed == 1
    assert add(record, arrival(DAEL, "r1", **more)).known == 1
    assert add(record, arrival(DAEL, "r1")).known == 1, "who says less says nothing new"
    assert [row[0] for row in versions(record, "r1")] == [1, 2]


def test_a_version_keeps_what_the_one_before_said_and_it_does_not(record):
    add(record, arrival(DAEL, "r1", title="عنوان", outlet="مرصد"))
    add(record, arrival(DAEL, "r1", published="2018-07-06"))
    assert versions(record, "r1")[-1] == (2, DAEL, "عنوان", "2018-07-06", "مرصد")
    [row] = view(record).reports()
    assert (row["version"], row["title"], row["outlet"], row["published"]) == (2, "عنوان", "مرصد", "2018-07-06")


def test_what_is_read_of_a_version_knows_what_the_one_before_said(record):
    undated = said("قصفت قوات النظام داعل")
    add(record, arrival(undated, "r1", published="2018-07-06"))
    add(record, arrival(undated + " وانتهى الخبر", "r1"))
    [claim] = view(record).claims()
    assert (claim["date"], claim["published"]) == ("2018-07-06", "2018-07-06")


def test_claims_that_read_alike_show_the_day_and_outlet_of_the_new_version(record):
    add(record, arrival(DAEL, "r1"))
    first = now_of(record)
    add(record, arrival(DAEL, "r1", published="2018-07-06", outlet="مرصد الجنوب", url="https://example.org/1"))
    [claim] = view(record).claims()
    assert (claim["published"], claim["outlet"], claim["origin"]) == ("2018-07-06", "مرصد الجنوب", "مرصد الجنوب")
    [incident] = view(record).incidents()
    assert incident["sources"] == ["مرصد الجنوب"] and incident["first"]["published"] == "2018-07-06"
    [before] = view(record, known_by=first).claims()
    assert (before["published"], before["outlet"]) == (None, None)


def test_a_changed_page_is_a_new_version_and_both_are_kept(record):
    url = "https://example.org/1"
    add(record, arrival(f"{DAEL}. {TAKEN}", url=url, address=url))
    first = now_of(record)
    done = add(record, arrival(DAEL, url=url, address=url))
    assert (done.new, done.changed) == (0, 1)
    [report] = view(record).reports(text=True)
    assert report["id"] == made_id(f"{DAEL}. {TAKEN}", url), "the id stays"
    assert (report["version"], report["text"]) == (2, DAEL)
    [before] = view(record, known_by=first).reports(text=True)
    assert (before["version"], before["text"]) == (1, f"{DAEL}. {TAKEN}")


def test_a_claim_that_a_changed_page_lacks_is_gone_but_known_as_of_before(record):
    url = "https://example.org/1"
    add(record, arrival(f"{DAEL}. {TAKEN}", url=url))
    first = now_of(record)
    lost = next(claim["id"] for claim in view(record).claims() if claim["type"] == "takeover")
    add(record, arrival(DAEL, url=url))
    assert lost not in ids(view(record).claims())
    assert lost in ids(view(record, known_by=first).claims())
    assert [(row["kind"], row["gone"]) for row in view(record).history(lost)] == [("state", False), ("state", True)]
    assert len(list(view(record).incidents())) == 1 and len(list(view(record, known_by=first).incidents())) == 2


def test_a_claim_that_stays_where_it_was_gets_no_second_state(record):
    url = "https://example.org/1"
    add(record, arrival(DAEL, url=url))
    add(record, arrival(f"{DAEL}. {TAKEN}", url=url))
    rows = [claim for claim in view(record).claims() if claim["type"] == "shelling"]
    assert len(list(view(record).history(rows[0]["id"]))) == 1


def test_a_verdict_survives_that_the_report_comes_again_with_its_day(record):
    add(record, arrival(DAEL, "r1"))
    [claim] = view(record).claims()
    with record.writing("review") as writing:
        decide_claim(writing, claim["id"], "accept", "سلمى", "", None, guide=GUIDE)
    add(record, arrival(DAEL, "r1", published="2018-07-06"))
    [claim] = view(record).claims()
    assert (claim["verdict"], claim["published"]) == ("accepted", "2018-07-06")


def test_two_versions_in_one_batch_are_both_kept_in_their_order(record):
    done = add(record, arrival(DAEL, "r1", row=1), arrival(f"{DAEL}. تصحيح", "r1", row=2))
    assert (done.new, done.changed) == (1, 1)
    assert [row[1] for row in versions(record, "r1")] == [DAEL, f"{DAEL}. تصحيح"]


def test_two_versions_of_a_page_in_one_batch_are_one_report(record):
    url = "https://example.org/1"
    done = add(record, arrival(DAEL, url=url), arrival(f"{DAEL}. تصحيح", url=url))
    assert (done.new, done.changed) == (1, 1)


def test_a_file_with_two_versions_of_a_report_added_again_adds_nothing(record):
    both = [arrival(DAEL, "r1", row=1), arrival(f"{DAEL}. تصحيح", "r1", row=2)]
    add(record, *both)
    for _ in range(2):
        done = add(record, *both)
        assert (done.new, done.changed, done.known) == (0, 0, 2)
    assert len(versions(record, "r1")) == 2


def test_more_versions_in_one_batch_than_fit_are_all_kept(record):
    texts = [f"{DAEL}. تصحيح رقم {n}" for n in range(60)]
    done = add(record, *(arrival(text, "r1", row=n) for n, text in enumerate(texts, 1)))
    assert (done.new, done.changed) == (1, 59)
    assert [row[1] for row in versions(record, "r1")] == texts


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"url": "https://a.example/1"}, {"url": "https://b.example/1"}, "at another address"),
        ({"outlet": "مرصد"}, {"outlet": "وكالة"}, "of another outlet"),
        ({}, {}, "with other words"),
        ({"outlet": "مرصد"}, {"outlet": "مرصد"}, "with other words"),
    ],
)
def test_an_id_of_two_different_reports_is_a_failure_with_a_remedy_and_the_first_stays(record, one, other, why):
    told = []
    add(record, arrival(DAEL, "17", "one.csv", 1, **one))
    strange = arrival(TAKEN, "17", "two.csv", 3, **other)
    done = add(record, strange, told=told)
    assert (done.new, done.changed, done.failed) == (0, 0, 1)
    remedy = "give the ids of its table another beginning (--id-prefix NAME), then add it again"
    assert str(told[0]) == f"two.csv, row 3: its id is that of another report already, {why}; {remedy}"
    [failure] = view(record).failures()
    assert (failure["address"], failure["row"]) == ("two.csv", 3) and "--id-prefix" in failure["remedy"]
    assert [row[1] for row in versions(record, "17")] == [DAEL]
    assert add(record, replace(strange, report=replace(strange.report, id="two-17"))).new == 1


def test_an_id_of_two_different_reports_in_one_batch_is_a_failure(record):
    told = []
    done = add(record, arrival(DAEL, "17", row=1), arrival(TAKEN, "17", row=2), told=told)
    assert (done.new, done.failed) == (1, 1) and told[0].row == 2


def test_a_page_that_was_rewritten_is_no_clash(record):
    url = "https://example.org/1"
    add(record, arrival(DAEL, "r1", url=url))
    assert add(record, arrival(TAKEN, "r1", url=url)).changed == 1


def test_a_corrected_text_under_its_id_is_no_clash(record):
    add(record, arrival(said(killed=3), "r1"))
    assert add(record, arrival(said(killed=5), "r1")).changed == 1


def test_ids_that_a_table_brings_are_those_of_reports_claims_and_incidents(record):
    add(record, arrival(DAEL, "خبر-17", "a.csv", 1), arrival(said(by="ناشط"), "telegram/5/8", "b.csv", 1))
    assert sorted(ids(view(record).reports())) == ["telegram/5/8", "خبر-17"]
    assert {claim["report"] for claim in view(record).claims()} == {"خبر-17", "telegram/5/8"}
    [incident] = view(record).incidents()
    assert incident["reports"] == ["خبر-17", "telegram/5/8"]


def test_rows_of_a_table_that_share_the_address_of_their_site_are_reports_of_their_own(record):
    site = "https://example.org/"
    rows = [arrival(said(killed=n), None, "a.csv", n, url=site) for n in range(1, 5)]
    assert add(record, *rows).new == 4
    later = [*rows, arrival(said(killed=9), None, "a.csv", 5, url=site)]
    done = add(record, *later)
    assert (done.new, done.known, done.changed) == (1, 4, 0)


def test_reports_with_ids_of_their_own_are_not_versions_of_each_other_for_one_address(record):
    url = "https://example.org/live"
    add(record, arrival(DAEL, "r1", "a.csv", 1, url=url))
    assert add(record, arrival(TAKEN, "r2", "b.csv", 1, url=url)).new == 1
    assert add(record, arrival(DAEL, "r3", "c.csv", 1, url=url)).known == 1, "the same words from the same address"


def test_what_came_in_one_capture_has_one_capture(record):
    add(record, *(arrival(said(killed=n), f"r{n}", "a.csv", n) for n in range(1, 61)))
    assert count(record, schema.capture) == 1
    [taken] = view(record).intake()
    assert (taken["reports"], taken["kept"], taken["address"]) == (60, False, "a.csv")


def test_the_original_of_a_page_is_kept_byte_for_byte(record):
    add(record, arrival(DAEL, "r1"), arrival(TAKEN, "r2", "a.csv", 1))
    assert view(record).original("r1") == DAEL.encode()
    assert view(record).original("r2") is None


def test_a_report_without_claims_is_kept_and_read_once(record):
    add(record, arrival("اجتمع الوجهاء في المضافة", "r1"))
    [report] = view(record).reports()
    assert report["claims"] == 0
    with record.asking() as connection:
        assert connection.execute(select(schema.reading.c.claims, schema.reading.c.unread)).one() == (0, 1)


def test_a_failure_is_kept_once_and_again_when_it_is_another(record):
    for reason in ("empty", "empty", "broken", "empty"):
        with record.writing("add") as writing:
            keep_failure(writing, "a.csv", 3, reason, "mend it")
            keep_failure(writing, "a.csv", None, reason, "mend it")
    rows = [(row["row"], row["reason"]) for row in view(record).failures()]
    assert rows == [(n, reason) for reason in ("empty", "broken", "empty") for n in (None, 3)]


def test_all_of_a_batch_is_kept_at_one_instant_or_nothing(record, monkeypatch):
    def break_off(*_):
        raise RuntimeError("power")

    monkeypatch.setattr("marsad.adding.keep_failure", break_off)
    from marsad.intake import Failure

    with pytest.raises(RuntimeError):
        add(record, arrival(DAEL, "r1"), Failure("x", None, "a", "b"))
    assert not list(view(record).reports()) and not list(view(record).intake())


def test_a_reading_differs_in_what_it_says_and_not_in_how_sure_it_is():
    [claim] = PlainReader().read(arrival(DAEL, "r1").report).claims
    body = json.loads(json.dumps(claim.as_dict()))
    assert not differs(body, claim.as_dict())
    assert not differs(body, {**body, "certainty": 0.1, "reader": "another"})
    assert differs(body, {**body, "status": "denied"}) and differs(body, {**body, "numbers": {"killed": 1}})


@pytest.mark.parametrize(
    ("roles", "main"), [(["from", "at"], "at"), (["near", "to"], "to"), (["from"], "from"), (["via", "from"], "from")]
)
def test_a_claim_is_kept_under_where_it_happened(roles, main):
    assert main_place([{"role": role} for role in roles]) == {"role": main}
    assert main_place([]) == {}


def test_a_claim_is_searched_by_its_words_and_by_the_standard_names(record):
    add(record, arrival(said(by="مصدر طبي"), "r1"))
    [claim] = view(record).claims()
    words = words_of(claim)
    assert all(word in words for word in ("قصفت", "مصدر طبي", "قوات النظام", "Da'el", "Daraa Governorate"))


def test_claims_are_listed_under_the_day_and_place_that_they_say(record):
    add(record, arrival(f"{DAEL}. {said('انسحبت الفصائل من عندان في 2018-07-09')}", "r1", published="2018-07-10"))
    assert [c["type"] for c in view(record).claims(Filters(under="Aleppo Governorate"))] == ["withdrawal"]
    assert [c["type"] for c in view(record).claims(Filters(first="2018-07-06"))] == ["withdrawal"]
    assert [c["type"] for c in view(record).claims(Filters(last="2018-07-06"))] == ["shelling"]
