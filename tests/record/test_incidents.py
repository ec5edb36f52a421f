import shutil
from contextlib import closing, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from marsad.errors import UsageError
from marsad.record import incidents, schema
from marsad.record.fusing import incident_id
from marsad.record.incidents import Fusion, fused_to
from marsad.record.linkage import claims_behind
from marsad.record.store import open_record
from record.told import (
    DARAA,
    FAR,
    TAFAS,
    decide,
    forwards,
    fuse_now,
    fused,
    incident,
    leads_to,
    party,
    put,
    review,
    standing_incidents,
    together,
    told,
    town,
    where,
    why,
)  # fmt: skip

WORDS = (
    "هاجم مسلحون حاجزاً عند مدخل البلدة مساء أمس",
    "قتل ثلاثة عناصر بكمين قرب الجسر الجنوبي",
    "اندلعت اشتباكات متقطعة حول صوامع الحبوب",
    "قصفت المدفعية أطراف المزارع الغربية ليلاً",
)
A, B = told("a"), told("b", text=WORDS[1])
# Another act of the same town and day: other doers, another toll, other words.
TOLL = {"numbers": {"killed": 3}, "actors": ["hts"]}
OTHER = {"numbers": {"killed": 90}, "actors": ["isis"]}
X, Y = told("x", text=WORDS[2], **TOLL), told("y", text=WORDS[3], **OTHER)
ELSEWHERE = told("z", text=WORDS[3], places=[FAR])
BORDER = {"SY": town("Jarabulus", 36.82, 38.01, admin1="Aleppo"), "TR": town("Karkamis", 36.83, 38.0, country="TR")}
# Two that are not enough alike, since one names no place, and one with the words of this and the place of that.
ON_TWO_SIDES = (told("s"), told("t", text=WORDS[1], places=[]))
BETWEEN = told("u", text=WORDS[1])


def rows(record, table):
    with record.asking() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def history(record, claim):
    table = schema.membership
    with record.asking() as connection:
        asked = select(table.c.incident_id).where(table.c.claim_id == claim).order_by(table.c.n)
        return list(connection.execute(asked).scalars())


def test_claims_of_one_act_tell_one_incident_named_after_the_first(record):
    assert fused(record, A, B, ELSEWHERE) == {
        "a": incident_id("a"), "b": incident_id("a"), "z": incident_id("z"),
    }  # fmt: skip


def test_an_incident_is_summed_up_and_kept_with_columns_to_ask_by(record):
    at = fused(record, A, B)
    found = incident(record, at["a"])
    assert (found["claims"], found["independent_sources"], found["date"]) == (["a", "b"], 2, "2018-07-05")
    with record.asking() as connection:
        row = connection.execute(select(schema.incident)).one()
    assert (row.id, row.type, row.start, row.until, row.place, row.country) == (
        at["a"], "attack", "2018-07-05", "2018-07-05", "Tafas", "SY",
    )  # fmt: skip
    assert (row.claims, row.independent, row.contradictions, row.gone) == (2, 2, 0, False)


def test_each_claim_keeps_why_it_is_where_it_is(record):
    fused(record, A, B)
    assert why(record, "a") == ("fusion", ["the first to tell it"])
    by, reasons = why(record, "b")
    assert by == "fusion" and any("both at Tafas" in reason for reason in reasons)


def test_fusing_again_without_anything_new_writes_nothing(record, append_only):
    fused(record, A, B)
    before = [rows(record, table) for table in schema.metadata.sorted_tables]
    assert fuse_now(record).placed == 0
    assert [rows(record, table) for table in schema.metadata.sorted_tables] == before


def test_what_fusion_did_is_counted(record):
    put(record, A, B, ELSEWHERE)
    done = fuse_now(record)
    assert (done.placed, done.founded, done.merged, done.changed) == (3, 2, 0, 2)


def test_progress_is_told_by_batches(record, monkeypatch):
    monkeypatch.setattr(incidents, "_BATCH", 2)
    put(record, A, B, ELSEWHERE)
    counts = []
    incidents.fuse(record, "test", counts.append)
    assert counts == [2, 1]


def test_fusion_knows_how_far_it_has_come(record):
    fused(record, A, B)
    with record.asking() as connection:
        assert fused_to(connection) == 2


def test_copies_count_as_one_source(record):
    at = fused(record, A, told("b"), told("c"))
    assert (len(incident(record, at["a"])["claims"]), incident(record, at["a"])["independent_sources"]) == (3, 1)


def test_new_reports_join_an_old_incident_and_rename_nothing(record):
    before = fused(record, A, ELSEWHERE)
    after = fused(record, B)
    assert after == {**before, "b": before["a"]}
    assert forwards(record) == []


def test_an_incident_that_is_merged_leaves_an_address_under_which_it_is_found(record):
    before = fused(record, *ON_TWO_SIDES)
    assert before["s"] != before["t"]
    after = fused(record, BETWEEN)
    assert set(after.values()) == {before["s"]}
    assert forwards(record) == [(before["t"], before["s"], "merge")]
    assert incident(record, before["t"])["gone"] and standing_incidents(record) == {before["s"]}
    with record.asking() as connection:
        assert sorted(claims_behind(connection, before["t"])) == ["s", "t", "u"]


def test_what_merges_twice_in_one_go_takes_its_claims_along(record):
    # Two and three name no place and share no words; "twice" has the words of both, "all" those and one's place.
    sides = [told("one"), told("two", text=WORDS[1], places=[]), told("three", text=WORDS[2], places=[])]
    twice, all = " ".join(WORDS[1:3]), " ".join(WORDS[:3])
    at = fused(record, *sides, told("twice", text=twice, places=[]), told("all", text=all))
    assert set(at.values()) == {incident_id("one")}
    assert standing_incidents(record) == {incident_id("one")}
    assert {(old, new) for old, new, _ in forwards(record)} == {
        (incident_id("three"), incident_id("two")), (incident_id("two"), incident_id("one")),
    }  # fmt: skip


def test_a_claim_that_is_corrected_to_another_place_follows_it(record):
    before = fused(record, A, B, ELSEWHERE)
    review(record, B, "corrected", places=[FAR])
    fuse_now(record)
    assert where(record) == {**before, "b": before["z"]}
    assert incident(record, before["a"])["claims"] == ["a"] and set(incident(record, before["z"])["claims"]) == {
        "b",
        "z",
    }
    assert forwards(record) == []


def test_a_claim_that_is_corrected_to_a_type_of_its_own_founds_an_incident(record):
    before = fused(record, A, B)
    review(record, B, "corrected", type="aid")
    fuse_now(record)
    assert where(record) == {"a": before["a"], "b": incident_id("b")}


def test_the_first_claim_leaves_the_incident_to_the_others(record):
    before = fused(record, A, B)
    review(record, A, "corrected", type="aid")
    fuse_now(record)
    after = where(record)
    assert after["b"] == before["b"] and after["a"] == incident_id("a", 1)


def test_an_incident_keeps_its_id_when_its_only_claim_is_corrected(record):
    before = fused(record, A)
    review(record, A, "corrected", type="aid")
    fuse_now(record)
    assert where(record) == before and incident(record, before["a"])["type"] == "aid"
    assert forwards(record) == []


def test_an_incident_keeps_its_id_when_only_a_later_claim_is_left_and_that_is_corrected(record):
    before = fused(record, A, B)
    review(record, A, "rejected")
    fuse_now(record)
    review(record, B, "corrected", type="aid")
    fuse_now(record)
    assert where(record) == {"b": before["a"]} and forwards(record) == []


def test_an_incident_that_its_last_claim_leaves_for_another_leaves_an_address(record):
    before = fused(record, A, ELSEWHERE)
    review(record, A, "corrected", places=[FAR])
    fuse_now(record)
    assert where(record) == {"a": before["z"], "z": before["z"]}
    assert forwards(record) == [(before["a"], before["z"], "merge")]


def test_an_incident_that_all_its_claims_leave_at_once_leaves_an_address(record):
    before = fused(record, A, B, ELSEWHERE)
    review(record, A, "corrected", places=[FAR])
    review(record, B, "corrected", places=[FAR])
    fuse_now(record)
    assert set(where(record).values()) == {before["z"]}
    assert forwards(record) == [(before["a"], before["z"], "merge")]


def test_claims_that_move_together_found_one_incident(record):
    before = fused(record, A, B, told("c", text=WORDS[2]))
    review(record, A, "corrected", places=[FAR])
    review(record, B, "corrected", places=[FAR])
    fuse_now(record)
    after = where(record)
    assert after["c"] == before["c"] and after["a"] == after["b"] != after["c"]


@pytest.mark.parametrize("verdict", ["accepted", "unsure"])
def test_a_nod_moves_no_claim_but_what_it_counts_is_summed_up_again(record, verdict):
    before = fused(record, A, B, X, Y)
    review(record, X, verdict, certainty=1.0)
    fuse_now(record)
    assert where(record) == before and len(history(record, "x")) == 1
    assert incident(record, before["x"])["certainty"] == 1.0


@pytest.mark.parametrize("how", [{"verdict": "rejected"}, {"gone": True}])
def test_a_claim_that_is_claimed_no_more_leaves_and_comes_back_when_it_is_claimed_again(record, how):
    before = fused(record, A, B, X)
    for claim in (A, B):
        review(record, claim, **how)
        fuse_now(record)
        assert claim.id not in where(record)
        review(record, claim)
        fuse_now(record)
        assert where(record) == before


def test_an_incident_goes_with_its_last_claim_and_comes_back_under_its_id(record):
    before = fused(record, A, ELSEWHERE)
    review(record, A, "rejected")
    fuse_now(record)
    assert standing_incidents(record) == {before["z"]} and incident(record, before["a"])["gone"]
    review(record, A)
    fuse_now(record)
    assert where(record) == before and not incident(record, before["a"])["gone"]


def test_a_claim_whose_incident_has_merged_meanwhile_comes_back_to_what_it_became(record):
    one, other = ON_TWO_SIDES
    twin = told("v", text=WORDS[1], places=[])
    before = fused(record, one, other, twin)
    review(record, other, "rejected")
    fuse_now(record)
    fused(record, BETWEEN)
    review(record, other)
    fuse_now(record)
    assert set(where(record).values()) == {before["s"]}


def test_a_new_version_of_a_report_is_placed_by_its_new_words(record):
    before = fused(record, X, Y)
    review(record, X, "corrected", numbers={"killed": 90}, actors=[party("isis")])
    fuse_now(record)
    assert set(where(record).values()) == {before["y"]}


def test_a_rejected_claim_is_never_placed(record):
    put(record, A)
    review(record, A, "rejected")
    fuse_now(record)
    assert where(record) == {} and standing_incidents(record) == set()


def test_claims_without_any_day_meet_also_in_a_later_run(record):
    undated = {"date": None, "published": None}
    fused(record, told("a", **undated))
    assert len(set(fused(record, told("b", **undated)).values())) == 1


def test_days_at_the_ends_of_the_calendar_are_no_hindrance(record):
    at = fused(
        record, told("a", date="0001-01-01"), told("b", date="9999-12-31"), told("c", date="0001-01-02/9999-12-30")
    )
    assert len(at) == 3


def test_an_incident_is_weighed_by_all_its_claims_also_those_of_days_long_before(record):
    """One that goes on day by day does not look shorter to a run that begins in its middle."""
    days = [told(f"d{d:02}", date=f"2018-07-{d:02}", type="shelling", text=WORDS[3]) for d in range(1, 13)]
    at_once = fused(record, *days)
    with record.asking() as connection:
        assert connection.execute(select(schema.act.c.what)).first()
    assert {at_once[d.id] for d in days[:9]} == {at_once["d01"]} != {at_once["d10"]}


def test_two_runs_at_once_place_each_claim_once(record):
    """Another process fuses, and merges, between the batches of this one."""
    put(record, *ON_TWO_SIDES)
    first = Fusion(record, "test")
    first.run()
    put(record, BETWEEN)
    fuse_now(record)
    put(record, told("w", text=WORDS[1], places=[]))
    first.run()
    assert set(where(record).values()) == {incident_id("s")}
    assert standing_incidents(record) == {incident_id("s")}


def test_nothing_that_fusion_wrote_is_ever_changed(record, append_only):
    fused(record, *ON_TWO_SIDES, A, B)
    fused(record, BETWEEN)
    review(record, A, "rejected")
    decide(record, "undo", of=decide(record, "same", "b", "s"))
    assert rows(record, schema.membership) >= len(ON_TWO_SIDES) + 4


# What reviewers say of incidents.


def test_two_incidents_that_a_reviewer_calls_one_merge_into_the_older(record):
    before = fused(record, A, ELSEWHERE, told("z2", places=[FAR]))
    made = decide(record, "same", before["z"], before["a"])
    assert set(where(record).values()) == {before["a"]}
    assert forwards(record) == [(before["z"], before["a"], "merge")]
    assert why(record, "z") == (made, [f"the incident {before['z']} is this one"])
    assert set(incident(record, before["a"])["claims"]) == {"a", "z", "z2"} and incident(record, before["z"])["gone"]
    with record.asking() as connection:
        assert set(claims_behind(connection, before["z"])) == {"a", "z", "z2"}


def test_undoing_that_two_are_one_brings_back_both_under_their_ids(record):
    before = fused(record, A, ELSEWHERE, told("z2", places=[FAR]))
    made = decide(record, "same", before["z"], before["a"])
    undo = decide(record, "undo", of=made)
    assert where(record) == before
    assert standing_incidents(record) == set(before.values())
    assert forwards(record)[-1] == (before["a"], before["z"], "split")
    decide(record, "undo", of=undo)
    assert set(where(record).values()) == {before["a"]}


def test_reports_that_come_later_join_what_a_reviewer_merged(record):
    before = fused(record, A, ELSEWHERE)
    decide(record, "same", before["z"], before["a"])
    assert set(fused(record, told("z3", text=WORDS[3], places=[FAR])).values()) == {before["a"]}


def test_a_claim_that_a_reviewer_tied_to_another_stays_with_it_when_it_is_corrected(record):
    before = fused(record, A, ELSEWHERE)
    decide(record, "same", "z", "a")
    review(record, ELSEWHERE, "corrected", type="aid")
    fuse_now(record)
    assert set(where(record).values()) == {before["a"]}


def test_a_tied_claim_that_is_rejected_leaves_and_comes_back(record):
    before = fused(record, A, ELSEWHERE)
    decide(record, "same", "z", "a")
    review(record, ELSEWHERE, "rejected")
    fuse_now(record)
    assert where(record) == {"a": before["a"]}
    review(record, ELSEWHERE)
    fuse_now(record)
    assert set(where(record).values()) == {before["a"]}


def test_two_incidents_held_apart_stay_two_when_reports_come_that_fit_both(record):
    before = fused(record, *ON_TWO_SIDES)
    decide(record, "not_same", before["s"], before["t"])
    after = fused(record, BETWEEN, told("u2", places=[]))
    assert after["s"] == before["s"] and after["t"] == before["t"]
    assert forwards(record) == []


def test_undoing_that_two_are_two_lets_the_next_report_merge_them(record):
    before = fused(record, *ON_TWO_SIDES)
    made = decide(record, "not_same", before["s"], before["t"])
    decide(record, "undo", of=made)
    assert where(record) == before
    assert set(fused(record, BETWEEN).values()) == {before["s"]}


def test_claims_that_are_said_to_be_two_part_also_where_fusion_had_put_them_together(record):
    before = fused(record, A, B)
    made = decide(record, "not_same", "a", "b")
    assert where(record) == {"a": before["a"], "b": incident_id("b")}
    assert forwards(record) == [(before["a"], incident_id("b"), "split")]
    decide(record, "undo", of=made)
    assert where(record) == before
    assert forwards(record)[-1] == (incident_id("b"), before["a"], "merge")


@pytest.mark.parametrize("claim", ["a", "b", "c"])
def test_a_claim_that_tells_something_else_is_taken_out_and_stays_out(record, claim):
    before = fused(record, A, B, told("c", text=WORDS[2]))
    made = decide(record, "different", claim)
    parted = where(record)
    assert together(parted) == {frozenset({claim}), frozenset("abc") - {claim}}
    others = set("abc") - {claim}
    assert {parted[c] for c in others} == {before["a"]}
    assert why(record, claim)[0] == made
    review(record, {"a": A, "b": B, "c": told("c", text=WORDS[2])}[claim], "accepted")
    fuse_now(record)
    fused(record, told("d", text=WORDS[3]))
    assert {c: i for c, i in where(record).items() if c != "d"} == parted


def test_several_claims_that_tell_something_else_are_parted_from_the_rest_by_one_decision(record):
    fused(record, A, B, told("c", text=WORDS[2]))
    made = decide(record, "different", "a", "c")
    assert frozenset("b") in together(where(record))
    decide(record, "undo", of=made)
    assert together(where(record)) == {frozenset("abc")}


def test_of_two_claims_the_one_that_a_reviewer_named_leaves(record):
    for first, second, named in (("a", "b", "b"), ("m", "k", "m")):
        place = [town(f"بلدة {first}", 33.0 if first == "a" else 34.5)]
        before = fused(record, told(first, places=place), told(second, places=place))
        decide(record, "different", named)
        after = where(record)
        (left,) = {first, second} - {named}
        assert after[left] == before[left] and after[named] != before[named]


def test_undoing_that_a_claim_tells_something_else_brings_it_back(record):
    before = fused(record, A, B, told("c", text=WORDS[2]))
    made = decide(record, "different", "b")
    parted = where(record)
    review(record, B, "accepted")
    fuse_now(record)
    undo = decide(record, "undo", of=made)
    assert where(record) == before and standing_incidents(record) == set(before.values())
    decide(record, "undo", of=undo)
    assert where(record) == parted


def test_a_claim_brought_back_by_an_undo_is_free_to_follow_a_correction(record):
    before = fused(record, A, B, ELSEWHERE)
    decide(record, "undo", of=decide(record, "different", "b"))
    review(record, B, "corrected", places=[FAR])
    fuse_now(record)
    assert where(record) == {**before, "b": before["z"]}


def test_undoing_the_first_of_two_decisions_goes_back_before_both(record):
    before = fused(record, A, ELSEWHERE, told("q", text=WORDS[1], date="2018-09-01"))
    one = decide(record, "same", "z", "a")
    two = decide(record, "same", "q", "z")
    assert len(set(where(record).values())) == 1
    decide(record, "undo", of=one)
    after = where(record)
    assert after["a"] == before["a"] and after["q"] == after["z"] != after["a"]
    decide(record, "undo", of=two)
    assert where(record) == before


def test_what_was_merged_by_fusion_while_a_claim_was_out_is_where_it_comes_back_to(record):
    one, other = ON_TWO_SIDES
    twin = told("v", text=WORDS[1], places=[])
    before = fused(record, one, other, twin)
    made = decide(record, "different", "v")
    fused(record, BETWEEN)
    decide(record, "undo", of=made)
    assert where(record)["v"] == before["s"]


def test_decisions_that_contradict_each_other_by_way_of_a_third_come_to_an_end_the_last_word_counts(record):
    before = fused(record, A, ELSEWHERE, told("q", text=WORDS[1], date="2018-09-01"))
    decide(record, "same", "a", "z")
    decide(record, "same", "z", "q")
    made = decide(record, "not_same", "a", "q")
    assert together(where(record)) == {frozenset({"a"}), frozenset({"z", "q"})}
    decide(record, "undo", of=made)
    assert set(where(record).values()) == {before["a"]}


def test_two_held_apart_and_then_called_one_by_way_of_a_third_are_one(record):
    before = fused(record, A, ELSEWHERE, told("q", text=WORDS[1], date="2018-09-01"))
    decide(record, "not_same", "a", "q")
    decide(record, "same", "a", "z")
    decide(record, "same", "z", "q")
    assert set(where(record).values()) == {before["a"]}


def test_a_claim_tied_to_one_incident_leaves_another_from_which_it_is_held_apart(record):
    before = fused(record, A, ELSEWHERE, told("z2", places=[FAR], text=WORDS[3]))
    decide(record, "not_same", "a", "z2")
    decide(record, "same", "a", "z")
    after = where(record)
    assert after["a"] == after["z"] == before["a"] and after["z2"] != after["a"]


def test_a_decision_on_what_is_not_there_is_refused_and_nothing_moves(record):
    before = fused(record, A)
    with pytest.raises(UsageError, match="no incident or claim"):
        decide(record, "same", before["a"], "i-nowhere")
    assert where(record) == before


# Properties; on one engine, since each example needs a record of its own.
PLACES = [[TAFAS], [TAFAS], [DARAA], [BORDER["SY"]], [BORDER["TR"]], [FAR], []]
DATES = [None, *(f"2018-07-{day:02}" for day in range(1, 10)), "2018-07-02/2018-07-06", "2018-06-20/2018-07-25"]
CLAIM = st.fixed_dictionaries({
    "type": st.sampled_from(["attack", "clash", "killing", "shelling", "aid"]), "text": st.sampled_from(WORDS),
    "date": st.sampled_from(DATES), "places": st.sampled_from(PLACES),
    "actors": st.sampled_from([[], ["hts"], ["isis"]]), "numbers": st.sampled_from([{}, {"killed": 3}, {"killed": 40}]),
    "published": st.sampled_from([None, "2018-07-04", "2018-07-08"]),
})  # fmt: skip
CLAIMS = st.lists(CLAIM, min_size=1, max_size=14).map(
    lambda some: [told(f"c{n}", **fields) for n, fields in enumerate(some, 1)]
)
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def fresh(empty_file, tmp_path):
    """Give what opens an empty record."""
    number = iter(range(1_000_000))

    def opened():
        file = tmp_path / f"{next(number)}.marsad"
        shutil.copyfile(empty_file, file)
        return closing(open_record(str(file)))

    return opened


@SLOW
@given(CLAIMS)
def test_the_same_claims_in_the_same_order_give_the_same_incidents(fresh, claims):
    with fresh() as one, fresh() as other:
        assert fused(one, *claims) == fused(other, *claims)


@SLOW
@given(CLAIMS, st.integers(0, 14), st.integers(1, 5))
def test_two_batches_with_a_restart_between_give_what_one_batch_gives(fresh, monkeypatch, claims, cut, batch):
    with fresh() as one, fresh() as other:
        at_once = fused(one, *claims)
        monkeypatch.setattr(incidents, "_BATCH", batch)
        fused(other, *claims[:cut])
        assert fused(other, *claims[cut:]) == at_once
        assert standing_incidents(one) == standing_incidents(other) == set(at_once.values())
        assert all(incident(one, id) == incident(other, id) for id in at_once.values())


KINDS = ["", "accepted", "rejected", "gone", "place", "type", "same", "not_same", "different", "undo"]
CHANGES = st.lists(st.tuples(st.integers(0, 13), st.sampled_from(KINDS), st.integers(0, 13)), max_size=6)


@SLOW
@given(CLAIMS, CHANGES)
def test_whatever_comes_later_every_old_incident_is_there_or_leads_to_one(fresh, claims, changes):
    with fresh() as record:
        seen = set(fused(record, *claims[: len(claims) // 2]).values())
        seen |= set(fused(record, *claims[len(claims) // 2 :]).values())
        rejected = set()
        for index, change, second in changes:
            claim, other = claims[index % len(claims)], claims[second % len(claims)]
            _apply(record, claim, change, other, rejected)
            at = where(record)
            assert set(at) == {c.id for c in claims} - rejected
            assert standing_incidents(record) == set(at.values())
            seen |= set(at.values())
        if not rejected:  # else an incident may have lost its last claim
            ways, standing = forwards(record), standing_incidents(record)
            assert all(leads_to(ways, old) & standing for old in seen)


def _apply(record, claim, change, other, rejected):
    if change in ("same", "not_same", "different", "undo"):
        refs = (claim.id, other.id) if change.endswith("same") else (claim.id,)
        with suppress(UsageError):
            decide(record, change, *refs)
        return
    given = {"place": {"places": [FAR]}, "type": {"type": "aid"}, "gone": {"gone": True}}.get(
        change, {"verdict": change}
    )
    review(record, claim, **given)
    fuse_now(record)
    (rejected.add if change in ("rejected", "gone") else rejected.discard)(claim.id)
