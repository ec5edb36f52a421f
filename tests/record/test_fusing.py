import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.loading.fusion import fusion_rules
from marsad.record.blocks import days_of
from marsad.record.fusing import Fuser, Group, incident_id, voices_of
from marsad.record.kin import kin_of
from record.told import DARAA, FAR, TAFAS, no_copies, ordinal, telling, together, town

RULES = fusion_rules()
TOLL = {"killed": 3}
WORDS = (
    "هاجم مسلحون حاجزاً عند مدخل البلدة مساء أمس",
    "قتل ثلاثة عناصر بكمين قرب الجسر الجنوبي",
    "اندلعت اشتباكات متقطعة حول صوامع الحبوب",
    "قصفت المدفعية أطراف المزارع الغربية ليلاً",
)
BORDER = {"SY": town("Jarabulus", 36.82, 38.01, admin1="Aleppo"), "TR": town("Karkamis", 36.83, 38.0, country="TR")}


def fuser(apart=(), copies=no_copies):
    return Fuser(RULES, kin_of, copies, apart)


def nothing_founded(id):
    return False


def numbered(*claims):
    """Return claims told in few words, numbered as they are recorded."""
    return [telling(f"c{n}", n, **fields) for n, fields in enumerate(claims, 1)]


def place(claims, under=None):
    """Place the claims and return which incident each tells in the end."""
    under = under or fuser()
    for claim in claims:
        under.place(claim, nothing_founded)
    return at(under)


def at(under):
    return {claim: group.id for group in under.groups.values() for claim in group.members}


def test_two_reports_of_one_act_tell_one_incident():
    assert together(place(numbered({}, {"text": WORDS[1]}))) == {frozenset({"c1", "c2"})}


@pytest.mark.parametrize(
    "other",
    [
        {"type": "aid"}, {"date": "2018-07-12"}, {"places": [FAR], "text": WORDS[1]},
        {"numbers": {"killed": 90}, "actors": ["isis"], "text": WORDS[1]},
        {"places": [town("Quneitra", 33.1, 35.8)], "text": WORDS[1]},
    ],
)  # fmt: skip
def test_acts_of_another_kind_day_place_or_toll_are_incidents_of_their_own(other):
    claims = numbered({"numbers": TOLL, "actors": ["hts"]}, other)
    assert together(place(claims)) == {frozenset({"c1"}), frozenset({"c2"})}


def test_the_first_to_tell_it_founds_the_incident_and_gives_it_its_id():
    joining = fuser().place(telling("c1"), nothing_founded)
    assert (joining.incident, joining.points, joining.merged) == (incident_id("c1"), 0.0, ())
    assert joining.reasons == ("the first to tell it",)


def test_who_joins_is_told_the_points_and_the_reasons():
    under = fuser()
    place(numbered({"numbers": TOLL}), under)
    joining = under.place(telling("c2", 2, numbers=TOLL), nothing_founded)
    assert joining.incident == incident_id("c1")
    assert joining.points >= RULES.enough
    assert any("killed 3 in both" in reason for reason in joining.reasons)


def test_an_id_that_is_taken_is_not_given_again():
    joining = fuser().place(telling("c1"), {incident_id("c1")}.__contains__)
    assert joining.incident == incident_id("c1", 1) != incident_id("c1")


def test_a_claim_that_founds_anew_founds_its_own_incident_where_that_is_empty():
    assert fuser().place(telling("c1"), nothing_founded, own="i-old").incident == "i-old"
    under = fuser()
    under.hold(Group("i-old"), telling("c9", 9, places=[FAR], text=WORDS[1]))
    assert under.place(telling("c1"), nothing_founded, own="i-old").incident == incident_id("c1")


def test_claims_held_apart_never_meet():
    claims = numbered({}, {}, {})
    placed = place(claims, fuser(apart=[("c1", "c2")]))
    assert placed["c1"] != placed["c2"] and placed["c3"] in (placed["c1"], placed["c2"])


def test_incidents_held_apart_are_not_merged_by_a_claim_that_fits_both():
    under = fuser(apart=[("c1", "c2")])
    claims = numbered({}, {}, {})
    place(claims, under)
    assert len(under.groups) == 2


def test_two_incidents_held_apart_do_not_come_together_through_a_third():
    # c1 is held apart from nobody; c2 and c3 are from each other, and c4 fits all three.
    under = fuser(apart=[("c2", "c3")])
    for n, claim in enumerate(numbered({}, {}, {}), 1):
        under.hold(Group(f"i{n}"), claim)
    under.place(telling("c4", 4), nothing_founded)
    placed = at(under)
    assert placed["c2"] != placed["c3"] and placed["c4"] == placed["c1"] == "i1"


def told_in_two_ways():
    other = "قتل ثلاثة عناصر بكمين قرب الجسر الجنوبي"
    return numbered({}, {"text": other, "places": []}, {"text": other})


def test_a_claim_that_shows_two_incidents_to_be_one_merges_them_into_the_older():
    under = fuser()
    one, other, between = told_in_two_ways()
    place([one, other], under)
    assert len(under.groups) == 2
    joining = under.place(between, nothing_founded)
    assert (joining.incident, joining.merged) == (incident_id("c1"), (incident_id("c2"),))
    assert together(at(under)) == {frozenset({"c1", "c2", "c3"})}


def test_a_claim_without_country_or_place_is_compared_with_all():
    assert len(set(place(numbered({}, {"places": [town(country=None)]}, {"places": []})).values())) == 1


def test_a_claim_without_a_date_is_looked_for_by_the_day_of_its_report():
    undated = telling(date=None, published="2018-07-06")
    assert days_of(undated) == range(ordinal("2018-07-06"), ordinal("2018-07-06") + 1)
    assert len(set(place(numbered({}, {"date": None})).values())) == 1


def test_claims_without_any_day_are_compared_with_each_other():
    claims = numbered({"date": None, "published": None}, {"date": None, "published": None}, {})
    assert together(place(claims)) == {frozenset({"c1", "c2"}), frozenset({"c3"})}


def test_an_interval_is_looked_for_on_each_of_its_days_a_month_on_its_first_only():
    week, month = telling(date="2018-07-01/2018-07-07"), telling(date="2018-07-01/2018-07-30")
    assert (len(days_of(week)), len(days_of(month))) == (7, 1)


def test_a_claim_taken_out_counts_no_more_and_its_incident_goes_with_the_last():
    under = fuser()
    place(numbered({}, {}), under)
    under.take_out("c2", incident_id("c1"))
    assert at(under) == {"c1": incident_id("c1")}
    under.take_out("c1", incident_id("c1"))
    assert under.groups == {}
    assert place(numbered({"date": "2018-07-05"}), under) == {"c1": incident_id("c1")}


@pytest.mark.parametrize("other_words", [False, True])
def test_one_front_does_not_chain_into_one_incident(other_words):
    days = [{"date": f"2018-07-{d:02}", "type": "shelling", "text": WORDS[d % 4 * other_words]} for d in range(1, 25)]
    claims = numbered(*days)
    placed = place(claims)
    for claim in claims:
        first = next(c for c in claims if placed[c.claim] == placed[claim.claim])
        assert claim.start - first.start <= 2 * RULES.slack


def test_what_one_report_tells_on_two_days_stays_two_when_another_repeats_both():
    days = ("2018-07-05", "2018-07-06")
    claims = numbered(*({"report": report, "date": day} for report in ("r1", "r2") for day in days))
    assert together(place(claims)) == {frozenset({"c1", "c3"}), frozenset({"c2", "c4"})}


def test_a_report_counts_once_by_its_closest_claim_however_much_else_it_tells():
    others = [{"report": "r1", "type": type} for type in ("takeover", "withdrawal", "arrest")]
    group = Group("i", {c.claim: c for c in numbered({"report": "r1"}, *others)})
    alone = Group("i", {"c1": group.members["c1"]})
    asked = telling("c9", 9)
    assert fuser().likeness(asked, group).points == fuser().likeness(asked, alone).points


def test_an_incident_of_many_claims_is_compared_by_its_first_and_those_that_say_most():
    group = Group("i", {c.claim: c for c in numbered(*[{} for _ in range(20)], {"numbers": TOLL, "actors": ["hts"]})})
    compared = [claim.claim for claim in voices_of(group)]
    assert len(compared) == 12 and compared[:2] == ["c1", "c21"]


CLAIM = st.fixed_dictionaries({
    "type": st.sampled_from(["attack", "clash", "killing", "shelling", "aid"]), "text": st.sampled_from(WORDS),
    "date": st.sampled_from([None, *(f"2018-07-{day:02}" for day in range(1, 12)), "2018-07-02/2018-07-06"]),
    "places": st.sampled_from([[TAFAS], [DARAA], [BORDER["SY"]], [BORDER["TR"]], [FAR], []]),
    "actors": st.sampled_from([[], ["hts"], ["assad-gov"], ["isis"]]),
    "numbers": st.sampled_from([{}, TOLL, {"killed": 40}]),
    "report": st.sampled_from([f"r{n}" for n in range(6)]),
})  # fmt: skip
CLAIMS = st.lists(CLAIM, max_size=14).map(lambda some: numbered(*some))
APART = st.lists(st.tuples(st.integers(1, 14), st.integers(1, 14)).filter(lambda p: p[0] != p[1]), max_size=4).map(
    lambda pairs: [(f"c{a}", f"c{b}") for a, b in pairs]
)


@given(CLAIMS, APART)
def test_the_same_claims_in_the_same_order_give_the_same_incidents(claims, apart):
    assert place(claims, fuser(apart)) == place(claims, fuser(apart))


@given(CLAIMS, APART)
def test_every_claim_tells_one_incident_and_none_with_those_it_is_held_apart_from(claims, apart):
    under = fuser(apart)
    placed = place(claims, under)
    assert placed.keys() == {claim.claim for claim in claims}
    assert sum(len(group.members) for group in under.groups.values()) == len(claims)
    assert not [pair for pair in apart if placed.get(pair[0], "a") == placed.get(pair[1], "b")]


@given(CLAIMS, st.integers(0, 14))
def test_placing_more_claims_renames_no_incident_that_was_there(claims, cut):
    under = fuser()
    before = place(claims[:cut], under)
    merged: dict[str, str] = {}
    for claim in claims[cut:]:
        joining = under.place(claim, nothing_founded)
        merged |= dict.fromkeys(joining.merged, joining.incident)
    for old in set(before.values()):
        now = old
        while now in merged:
            now = merged[now]
        assert now in under.groups


@given(CLAIMS, st.integers(0, 14))
def test_placing_goes_on_from_what_was_placed_as_if_without_a_break(claims, cut):
    under, after_break = fuser(), fuser()
    for claim, incident in place(claims[:cut], under).items():
        known = after_break.groups.get(incident) or Group(incident)
        after_break.hold(known, next(c for c in claims if c.claim == claim))
    assert place(claims[cut:], after_break) == place(claims[cut:], under)
