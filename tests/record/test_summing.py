import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.record.summing import summary_of
from record.told import DARAA, FAR, TAFAS, TEXT, member, no_copies, party, town

REDEPLOYED = "أعلن الجيش إعادة انتشار وحداته جنوب البلدة"
FLED = "فرّ عناصر الحاجز باتجاه المدينة"
PRESUMED = ["day of publication: no word gives another"]


def members(*claims):
    return [member(f"c{n}", n, **fields) for n, fields in enumerate(claims, 1)]


def summed(*claims, copies=no_copies):
    return summary_of("i1", members(*claims), copies)


def disputes(*claims, **more):
    return {row["kind"]: row for row in summed(*claims, **more)["contradictions"]}


def test_what_most_voices_say_is_the_best_statement_and_names_its_claims():
    found = summed({"actors": ["hts"]}, {"actors": ["isis"]}, {"actors": ["isis"]})
    assert [(a["id"], a["claims"]) for a in found["actors"]] == [("isis", ["c2", "c3"]), ("hts", ["c1"])]


def test_ten_copies_are_one_voice_and_outvote_nobody():
    copied = [{"outlet": f"جريدة {n}", "type": "clash"} for n in range(5)]
    assert summed({}, {}, *copied, copies=lambda a, b: True)["independent_sources"] == 1
    assert (
        summed({}, {}, *copied, copies=lambda a, b: {a, b}.isdisjoint({"report of c1", "report of c2"}))["type"]
        == "attack"
    )


def test_who_quotes_a_source_is_that_source():
    found = summed(
        {"sources": ["المرصد السوري"]}, {"sources": ["رويترز", "المرصد السوري"]}, {"outlet": "المرصد السوري"}
    )
    assert (found["independent_sources"], found["sources"]) == (1, ["المرصد السوري"])
    assert found["voices"] == [{"name": "المرصد السوري", "claims": ["c1", "c2", "c3"]}]


def test_of_equally_supported_values_the_surest_counts_then_the_first():
    assert summed({"certainty": 0.4}, {"type": "clash", "certainty": 0.9})["type"] == "clash"
    assert summed({}, {"type": "clash"})["type"] == "attack"


def test_the_place_most_name_comes_first_and_the_finer_of_two_alike():
    found = summed({"places": [DARAA, TAFAS]}, {"places": [FAR]}, {"places": [TAFAS]})
    assert [p["name"] for p in found["places"]] == ["Tafas", "Raqqa", "Daraa"]
    assert found["places"][0]["claims"] == ["c1", "c3"]


def test_a_stated_day_counts_before_one_that_is_only_that_of_publication():
    presumed = {"date": "2018-07-06", "why": PRESUMED}
    assert summed(presumed, presumed, {})["date"] == "2018-07-05"
    assert summed(presumed)["date"] == "2018-07-06"
    assert summed({"date": None})["date"] is None


def test_a_firm_word_counts_before_any_number_of_plans():
    assert summed({"status": "planned"}, {"status": "possible"}, {"status": "happened"})["status"] == "happened"
    assert summed({"status": "planned"}, {"status": "planned"}, {"status": "possible"})["status"] == "planned"


def test_each_count_has_its_range_by_source_each_source_with_the_last_it_said():
    found = summed(
        {"numbers": {"killed": 3}, "outlet": "الفرات", "published": "2018-07-06"},
        {"numbers": {"killed": 5}, "outlet": "الفرات", "published": "2018-07-07"},
        {"numbers": {"killed": ">=7", "wounded": 2}, "outlet": "دجلة"},
    )["numbers"]
    assert (found["killed"]["low"], found["killed"]["high"]) == (5, None)
    assert [(by["source"], by["value"], by["claim"]) for by in found["killed"]["by"]] == [
        ("الفرات", 5, "c2"), ("دجلة", ">=7", "c3"),
    ]  # fmt: skip
    assert found["wounded"] == {"low": 2, "high": 2, "by": [{"value": 2, "source": "دجلة", "claim": "c3"}]}


def test_two_reports_that_nobody_signs_both_keep_their_count():
    found = summed({"numbers": {"killed": 3}, "outlet": None}, {"numbers": {"killed": 9}, "outlet": None})
    assert (found["independent_sources"], found["numbers"]["killed"]["low"], found["numbers"]["killed"]["high"]) == (
        2,
        3,
        9,
    )
    assert [row["kind"] for row in found["contradictions"]] == ["count"]


def test_certainty_grows_with_voices_not_with_repetitions():
    one = summed({"certainty": 0.5, "outlet": "الفرات"}, {"certainty": 0.4, "outlet": "الفرات"})
    assert (one["certainty"], summed({"certainty": 0.5}, {"certainty": 0.4})["certainty"]) == (0.5, 0.7)


def test_first_and_last_report_go_by_the_day_of_publication():
    found = summed({"published": "2018-07-09"}, {"published": "2018-07-06"}, {"published": "2018-07-07"})
    assert (found["first"]["published"], found["last"]["published"]) == ("2018-07-06", "2018-07-09")
    assert (found["first"]["report"], found["last"]["outlet"]) == ("report of c2", "صحيفة c1")


def test_the_evidence_is_that_of_the_surest_claim_of_the_incidents_type():
    found = summed(
        {"certainty": 0.5}, {"text": FLED, "certainty": 0.6}, {"type": "clash", "text": REDEPLOYED, "certainty": 0.9}
    )
    assert (found["type"], found["evidence"]) == ("attack", FLED)


def test_claims_and_reports_stand_in_the_order_in_which_they_were_recorded():
    told = members({"report": "r1"}, {"report": "r2"}, {"report": "r1"})
    found = summary_of("i1", reversed(told), no_copies)
    assert (found["claims"], found["reports"]) == (["c1", "c2", "c3"], ["r1", "r2"])


def test_who_denies_and_who_affirms_is_a_row():
    row = disputes({"outlet": "الفرات"}, {"outlet": "دجلة", "status": "denied"})["denied"]
    assert row["values"] == [
        {"value": "affirmed", "claims": ["c1"], "sources": ["الفرات"]},
        {"value": "denied", "claims": ["c2"], "sources": ["دجلة"]},
    ]


def test_who_counts_otherwise_is_a_row():
    row = disputes({"numbers": {"killed": 3}}, {"numbers": {"killed": 9}}, {"numbers": {"killed": 9}})["count"]
    assert (row["field"], [(v["value"], v["claims"]) for v in row["values"]]) == (
        "numbers.killed", [(3, ["c1"]), (9, ["c2", "c3"])],
    )  # fmt: skip


def test_counts_that_can_both_be_true_are_no_contradiction():
    assert disputes({"numbers": {"killed": 9}}, {"numbers": {"killed": ">=5"}}, {"numbers": {"wounded": 2}}) == {}


def test_redeployed_against_fled_is_a_row():
    told = ({"type": "withdrawal", "text": REDEPLOYED, "outlet": "الجيش"}, {"type": "withdrawal", "text": FLED})
    assert [v["value"] for v in disputes(*told)["how"]["values"]] == ["redeployed", "fled"]


def test_manners_of_two_kinds_of_act_can_both_be_true():
    by_agreement = {"type": "withdrawal", "text": "انسحبت الفصائل من المعبر بموجب اتفاق مع الجيش"}
    without_a_fight = {"type": "takeover", "text": "دخلت القوات البلدة دون قتال"}
    assert "how" not in disputes(by_agreement, without_a_fight)


def test_two_sides_named_as_doers_are_a_row_kin_and_gunmen_are_none():
    assert [v["value"] for v in disputes({"actors": ["isis"]}, {"actors": ["assad-gov"]})["who"]["values"]] == [
        "isis",
        "assad-gov",
    ]
    for other in (["russia"], ["unknown-gunmen"], [party(None, "كتائب الوادي")], []):
        assert disputes({"actors": ["assad-gov"]}, {"actors": other}) == {}


def test_days_that_do_not_overlap_are_a_row_unless_one_is_only_presumed():
    assert disputes({}, {"date": "2018-07-07"})["when"]["field"] == "date"
    assert disputes({}, {"date": "2018-07-04/2018-07-07"}) == {}
    assert disputes({}, {"date": "2018-07-07", "why": PRESUMED}) == {}


@pytest.mark.parametrize(
    ("one", "other"), [("arrest", "abduction"), ("airstrike", "bombing"), ("takeover", "handover")]
)
def test_one_act_called_by_two_names_is_a_row(one, other):
    assert [v["value"] for v in disputes({"type": one}, {"type": other})["what"]["values"]] == [one, other]


@pytest.mark.parametrize(
    "other",
    [
        {"status": "denied"}, {"numbers": {"killed": 90}}, {"actors": ["assad-gov"]}, {"date": "2018-07-08"},
    ],
)  # fmt: skip
def test_who_changes_their_own_mind_contradicts_nobody(other):
    first = {"numbers": {"killed": 3}, "actors": ["isis"], "outlet": "الفرات"}
    assert disputes(first, {**first, **other}) == {}


def test_a_source_and_the_one_who_quotes_it_do_not_contradict_each_other():
    assert disputes({"sources": ["المرصد السوري"]}, {"sources": ["رويترز", "المرصد السوري"], "status": "denied"}) == {}


NOWHERE, WORDY = town("Homs", None, None, country=None), (party(None, "—"), party(None, "أهالي"))
COUNTS = [0, 3, 0.5, ">=9", "tens", "5-9", "?"]
CLAIM = st.fixed_dictionaries({
    "type": st.sampled_from(["attack", "withdrawal", "takeover", "arrest", "abduction"]),
    "status": st.sampled_from(["happened", "denied", "planned", "possible", "called_for", "ongoing"]),
    "text": st.sampled_from([TEXT, REDEPLOYED, FLED]), "certainty": st.floats(0, 1),
    "date": st.sampled_from([None, "2018-07-05", "2018-07-04/2018-07-09", "2018-07-20"]),
    "why": st.sampled_from([[], PRESUMED]),
    "places": st.lists(st.sampled_from([TAFAS, DARAA, FAR, NOWHERE]), max_size=2),
    "actors": st.lists(st.sampled_from(["hts", "isis", "assad-gov", *WORDY]), max_size=2),
    "sites": st.lists(st.just({"text": "سجن", "kind": "prison", "span": [0, 1]}), max_size=1),
    "numbers": st.dictionaries(st.sampled_from(["killed", "share"]), st.sampled_from(COUNTS)),
    "sources": st.lists(st.sampled_from(["المرصد السوري", "رويترز", "شهود", "—"]), max_size=2),
    "outlet": st.sampled_from([None, "الفرات", "المرصد"]), "report": st.sampled_from(["r1", "r2", "r3"]),
    "published": st.sampled_from([None, "2018-07-06", "2018-07-07"]),
})  # fmt: skip


@given(st.lists(CLAIM, min_size=1, max_size=7), st.frozensets(st.sampled_from(["r1", "r2", "r3"])))
def test_any_claims_can_be_summed_up_and_nothing_of_them_is_lost(claims, alike):
    found = summed(*claims, copies=lambda a, b: {a, b} <= alike)
    told = json.loads(json.dumps(found, allow_nan=False))
    assert told["claims"] == [f"c{n}" for n in range(1, len(claims) + 1)]
    assert sorted(c for v in told["voices"] for c in v["claims"]) == sorted(told["claims"])
    assert 1 <= told["independent_sources"] == len(told["sources"]) <= len(claims)
    assert 0 <= told["certainty"] <= 1
    for count in told["numbers"].values():
        assert count["high"] is None or count["low"] <= count["high"]
    for row in told["contradictions"]:
        assert len(row["values"]) >= 2 and all(set(v["claims"]) <= set(told["claims"]) for v in row["values"])


@given(st.lists(CLAIM, min_size=1, max_size=6), st.randoms())
def test_a_summary_does_not_hang_on_the_order_in_which_claims_are_handed_over(claims, random):
    told = members(*claims)
    assert summary_of("i1", random.sample(told, len(told)), no_copies) == summary_of("i1", told, no_copies)
