"""Incidents: side by side by source, what disputes in words, who copied whom; merged, split, and undone."""

from __future__ import annotations

import re

import pytest

from marsad.record.sensitive import mark
from newsroom import add, arrival, ids, said, view


@pytest.fixture
def reviewer(browser):
    return browser("reviewer")


@pytest.fixture
def two(record):
    """Return the incidents of a shelling, which two sources tell, and of a takeover the day after."""
    what = "قصفت قوات النظام الطيبة في 2018-03-01"
    add(
        record,
        arrival(said(what, killed=3, beside=1), "t1", outlet="وكالة السهل", published="2018-03-01"),
        arrival(said(what, by="مصدر طبي", killed=5, beside=2), "t2", outlet="وكالة النهر", published="2018-03-01"),
        arrival(said("سيطرت الفصائل على الطيبة في 2018-03-02", beside=3), "t3", published="2018-03-02"),
    )
    rows = {row["type"]: row["id"] for row in view(record).incidents() if row["date"] < "2018-04"}
    return rows["shelling"], rows["takeover"]


def link(client, kind, *refs, **more):
    return client.post("/incidents/link", data={"kind": kind, "refs": list(refs), **more})


def told(record):
    return {row["id"]: sorted(row["claims"]) for row in view(record).incidents() if row["date"] < "2018-04"}


def test_claims_stand_side_by_side_under_their_sources(reviewer, two):
    page = reviewer.get(f"/incidents/{two[0]}").text
    heads = re.findall(r'<th scope="colgroup" colspan="1"><bdi>([^<]+)</bdi>', page)
    assert sorted(heads) == ["وكالة السهل", "وكالة النهر"]
    assert "3 قتلى" in page
    assert "5 قتلى" in page


@pytest.mark.parametrize(
    ("lang", "words"), [("ar", ("كم", "3 قتلى", "5 قتلى")), ("en", ("How many", "3 people killed", "5 people killed"))]
)
def test_a_contradiction_is_told_in_words_of_the_language(reviewer, two, lang, words):
    reviewer.cookies.set("marsad_language", lang)
    page = reviewer.get(f"/incidents/{two[0]}").text
    told_in = re.search(r'<ul class="plain disputes">.*?</ul>', page, re.DOTALL)[0]
    assert all(word in told_in for word in words)
    assert "numbers." not in page


def test_who_copied_whom_is_said(reviewer, record):
    text = said(beside=1)
    add(record, arrival(text, "c1", outlet="وكالة أولى", published="2018-07-06"))
    add(record, arrival(text + " انتهى.", "c2", outlet="صحيفة ثانية", published="2018-07-06", url="http://two.test/a"))
    [row] = [row for row in view(record).incidents() if "c2" in row["reports"]]
    page = reviewer.get(f"/incidents/{row['id']}").text
    assert re.search(r'ينقل كلمات <a href="/reports/c1"><bdi>وكالة أولى', page)


def test_chosen_incidents_become_one_and_the_merging_is_undone(reviewer, record, two):
    before = told(record)
    answer = link(reviewer, "same", *two, reason="الحادثة نفسها")
    assert answer.status_code == 303
    [merged] = told(record).values()
    assert merged == sorted(before[two[0]] + before[two[1]])
    page = reviewer.get(answer.headers["location"]).text
    assert "الحادثة نفسها" in page
    of = re.search(r'name="of" value="(\w+)"', page)[1]
    answer = reviewer.post("/incidents/unlink", data={"incident": two[0], "of": of})
    assert answer.status_code == 303
    assert sorted(told(record).values()) == sorted(before.values())
    assert "تُراجع عنه" in reviewer.get(answer.headers["location"]).text


def test_chosen_claims_are_taken_out_of_an_incident(reviewer, record, two):
    add(record, arrival(said("قصفت قوات النظام الطيبة في 2018-03-01", killed=9, beside=4), "t4", outlet="شبكة السهل"))
    shelling = view(record).incident(two[0])
    assert len(shelling["claims"]) == 3
    stays, *out = shelling["claims"]
    answer = link(reviewer, "different", *out, incident=shelling["id"], reason="قصف آخر")
    assert answer.status_code == 303
    parts = sorted(map(sorted, (c for c in told(record).values() if set(c) & set(shelling["claims"]))))
    assert parts == sorted([[stays], sorted(out)])
    assert reviewer.get(answer.headers["location"]).status_code == 200


def test_one_cannot_take_out_all_claims_nor_claims_of_two_incidents(reviewer, record, two):
    before = told(record)
    assert link(reviewer, "different", *before[two[0]]).status_code == 400
    assert link(reviewer, "different", before[two[0]][0], before[two[1]][0]).status_code == 400
    assert told(record) == before


def test_to_merge_takes_two(reviewer, two):
    answer = link(reviewer, "same", two[0], "")
    assert answer.status_code == 400
    assert "اختر حادثتين" in answer.text


def test_what_was_decided_on_another_incident_is_not_undone_here(reviewer, record, two):
    add(record, arrival(said("سيطرت الفصائل على عندان في 2018-03-20", beside=0), "t5", published="2018-03-20"))
    far = next(row["id"] for row in view(record).incidents() if row["date"] == "2018-03-20")
    answer = link(reviewer, "not_same", *two)
    of = answer.headers["location"].partition("done=")[2]
    assert reviewer.post("/incidents/unlink", data={"incident": far, "of": of}).status_code == 404


def test_incidents_near_in_time_and_place_are_offered(reviewer, record, two):
    page = reviewer.get(f"/incidents/{two[0]}").text
    assert f'name="refs" value="{two[1]}"' in page


def test_incidents_are_found_by_words_of_their_claims(reviewer, two):
    page = reviewer.get("/incidents", params={"q": "سيطرت"}).text
    assert f"/incidents/{two[1]}" in page
    assert f"/incidents/{two[0]}" not in page


def test_who_may_not_merge_is_shown_no_choice(browser, two):
    coder = browser("coder")
    assert "/incidents/link" not in coder.get(f"/incidents/{two[0]}").text
    assert 'name="refs"' not in coder.get("/incidents").text


def test_the_rejected_claims_are_listed_on_demand(reviewer, record, claim):
    reviewer.post(f"/claims/{claim}/decide", data={"kind": "reject", "reason": "خطأ"})
    assert f"/claims/{claim}" not in reviewer.get("/claims").text
    assert f"/claims/{claim}" in reviewer.get("/claims?rejected=true").text
    assert claim not in ids(view(record).claims())


def test_a_decision_about_what_is_under_embargo_is_held_back_as_that_is(reviewer, record, two):
    link(reviewer, "not_same", *two, reason="قصف قبل يوم")
    claims = view(record).incident(two[0])["claims"]

    def reasons(role):
        return [row["reason"] for row in view(record, role).links_on(claims)]

    assert reasons("public") == ["قصف قبل يوم"]
    with record.writing("mark") as writing:
        mark(writing, "report", "t2", "embargo", "2099-01-01", "هدى", "طلب المصدر")
    assert (reasons("public"), reasons("analyst")) == ([], ["قصف قبل يوم"])


def test_of_many_claims_some_stand_side_by_side_and_the_list_has_all(reviewer, record, two, monkeypatch):
    monkeypatch.setattr("marsad.desk.routes.looking._SIDES", 1)
    page = reviewer.get(f"/incidents/{two[0]}").text
    assert page.count('scope="colgroup"') == 1
    assert f'href="/claims?incident={two[0]}"' in page
    assert reviewer.get(f"/claims?incident={two[0]}").text.count('class="row"') == 2


def test_every_reason_of_fusion_has_words_in_arabic(record, two):
    from marsad.desk.telling import told_with_it

    incident = view(record).incident(two[0])
    reasons = [reason for why in incident["why"].values() for reason in why["reasons"]]
    assert len(reasons) > 4
    assert [reason for reason in reasons if told_with_it(reason, "ar") == reason] == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("+2.1 both takeover", "+2.1 كلاهما سيطرة جديدة"),
        ("-0.3 the same actor: isis, local-factions", "-0.3 الفاعل نفسه: تنظيم داعش، فصائل محلية"),
        ("+1.0 Maariya and Yarmouk Basin, 4 km apart", "+1.0 Maariya و Yarmouk Basin وبينهما 4 كم"),
        ("a sentence that nobody has translated", "a sentence that nobody has translated"),
    ],
)
def test_a_reason_is_told_with_its_points_and_an_unknown_one_as_it_is(reason, words):
    from marsad.desk.telling import told_with_it

    assert told_with_it(reason, "ar") == words.replace("و Yarmouk", "وYarmouk")
