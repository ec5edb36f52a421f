import itertools

import pytest

from marsad.record.decisions import Decision, live
from marsad.record.grounds import changes, coding_of, digests_of, ground_of, stands
from marsad.record.verdicts import difference, effective
from record.desk import TAKEOVER, WITHDRAWAL, bodies

BODY = bodies()[TAKEOVER]


def made(at, kind="accept", person="سلمى", base=BODY, **body):
    ground = ground_of("r1", 1, base)
    return Decision(at, f"d{at}", "claim", TAKEOVER, kind, person, "", body, ground, at, at)


def correct(at, person="سلمى", over=None, **fields):
    body = {"fields": fields} | ({"over": over} if over else {})
    return made(at, "correct", person, **body)


def undo(at, of):
    return made(at, "undo", of=f"d{of}")


def test_without_decisions_a_claim_is_what_was_read():
    assert effective(BODY, []) == (BODY, "")


@pytest.mark.parametrize(
    ("kind", "verdict"), [("accept", "accepted"), ("reject", "rejected"), ("unsure", "unsure")]
)  # fmt: skip
def test_a_judgement_gives_its_verdict_and_leaves_the_fields(kind, verdict):
    assert effective(BODY, [made(1, kind)]) == (BODY, verdict)


def test_of_one_field_the_last_correction_counts_and_others_stay():
    body, verdict = effective(BODY, [correct(1, date="2018-07-04", quoted=True), correct(2, date="2018-07-03")])
    assert (body["date"], body["quoted"], verdict) == ("2018-07-03", True, "corrected")


def test_the_order_of_the_rows_does_not_matter():
    made_here = [correct(1, date="2018-07-04"), made(2, "reject"), correct(3, date="2018-07-02"), undo(4, 3)]
    ends = {repr(effective(BODY, order)) for order in itertools.permutations(made_here)}
    assert len(ends) == 1


def test_an_undone_correction_is_taken_out_and_comes_back_when_the_undo_is_undone():
    decisions = [correct(1, date="2018-07-04"), undo(2, 1)]
    assert effective(BODY, decisions) == (BODY, "")
    assert effective(BODY, [*decisions, undo(3, 2)])[0]["date"] == "2018-07-04"
    assert effective(BODY, [*decisions, undo(3, 2), undo(4, 3)]) == (BODY, "")


def test_an_undo_of_the_last_verdict_gives_the_one_before():
    assert effective(BODY, [made(1), made(2, "reject"), undo(3, 2)])[1] == "accepted"


def test_an_acceptance_does_not_count_for_what_the_person_did_not_see():
    seen = made(2, person="نور")
    assert effective(BODY, [correct(1, date="2018-07-04"), seen])[1] == "corrected"
    saw = made(2, person="نور", over={"date": "2018-07-04"})
    assert effective(BODY, [correct(1, date="2018-07-04"), saw])[1] == "accepted"
    assert effective(BODY, [correct(1, date="2018-07-04"), saw, undo(3, 1)]) == (BODY, "")


def test_an_acceptance_of_another_reading_does_not_count():
    assert effective(BODY | {"date": "2018-07-01"}, [made(1)])[1] == ""


def test_the_given_claim_is_not_changed():
    before = dict(BODY)
    effective(BODY, [correct(1, date="2018-07-04")])
    assert before == BODY


def test_steps_are_no_verdicts():
    assert effective(BODY, [made(1, "take"), made(2, "pass", to="reviewed")])[1] == ""


def test_a_row_that_rests_on_an_undone_decision_does_not_stand():
    rows = [made(1), made(2, "reject", "نور"), made(3, "pass", to="second review", because=["d1", "d2"]), undo(4, 2)]
    assert [each.id for each in live(rows)] == ["d1"]


def test_undos_in_a_ring_do_not_hang():
    assert live([undo(1, 2), undo(2, 1)]) == []


@pytest.mark.parametrize(
    "changed", [{"certainty": 0.1}, {"reader": "x"}, {"links": [{"kind": "after", "claim": "c"}]}, {"id": "y"}]
)
def test_what_no_reviewer_decides_on_is_not_part_of_the_ground(changed):
    assert stands(made(1).ground, BODY | changed)


@pytest.mark.parametrize(
    "changed",
    [{"type": "advance"}, {"evidence": "سيطرت"}, {"trigger_span": [1, 2]}, {"date": None}, {"actors": []},
     {"numbers": {"killed": 1}}, {"status": "denied"}],
)  # fmt: skip
def test_a_ground_falls_with_any_field_of_the_guide(changed):
    assert not stands(made(1).ground, BODY | changed)


def test_a_party_is_compared_by_its_id_and_a_place_by_its_point():
    party = BODY["actors"][0] | {"text": "جيش النظام", "span": [0, 1]}
    place = BODY["places"][0] | {"span": [0, 1], "radius_km": 9}
    assert digests_of(BODY | {"actors": [party], "places": [place]}) == digests_of(BODY)
    assert digests_of(BODY | {"places": [place | {"lat": 33.0}]}) != digests_of(BODY)


@pytest.mark.parametrize(
    ("decision", "now", "lost"),
    [
        (made(1), {"status": "planned", "date": None}, ("status", "date")),
        (made(1, "reject"), {"date": None}, ()),
        (made(1, "reject"), {"evidence": "سيطرت"}, ("evidence",)),
        (correct(1, date="2018-07-04"), {"status": "planned"}, ()),
        (correct(1, date="2018-07-04"), {"date": "2018-07-01"}, ("date",)),
        (correct(1, date="2018-07-04"), {"date": "2018-07-04"}, ()),
        (correct(1, date="2018-07-04"), {"trigger_span": [4, 9]}, ("claim",)),
    ],
)
def test_a_decision_loses_its_ground_only_in_what_it_was_about(decision, now, lost):
    assert changes(decision, BODY | now) == lost


def test_a_claim_that_is_read_no_more_takes_the_ground_away():
    assert changes(made(1), None) == ("claim",)
    gone = Decision(2, "d2", "claim", TAKEOVER, "accept", "نور", "", {}, ground_of("r1", 1, BODY, gone=True), 2, 2)
    assert changes(gone, None) == ()


def test_a_coding_holds_what_was_read_seen_and_corrected():
    coding = coding_of(correct(1, over={"quoted": True}, date="2018-07-04"))
    assert coding == digests_of(BODY | {"quoted": True, "date": "2018-07-04"})


@pytest.mark.parametrize(
    ("a", "b", "fields"),
    [
        (made(1), made(2, person="نور"), ()),
        (made(1), made(2, "reject", "نور"), ("verdict",)),
        (made(1, "reject"), made(2, "reject", "نور"), ()),
        (made(1, "unsure"), made(2, "reject", "نور"), ()),
        (made(1), correct(2, "نور", date=None), ("date",)),
        (correct(1, date=None), correct(2, "نور", date=None), ()),
        (correct(1, date=None), made(2, person="نور", over={"date": None}), ()),
        (correct(1, date=None), made(2, person="نور"), ("date",)),
        (made(1), made(2, person="نور", base=BODY | {"date": None}), ()),
    ],
)
def test_two_persons_differ_where_one_says_other_than_the_other_saw(a, b, fields):
    assert difference(a, b) == fields


def test_claims_of_one_report_have_grounds_of_their_own():
    assert not stands(made(1).ground, bodies()[WITHDRAWAL])
