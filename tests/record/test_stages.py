import pytest
from sqlalchemy import select

from marsad.errors import UsageError
from marsad.record.schema import act, decision
from marsad.record.stages import pass_on, release, state_of, take
from record.desk import TAKEOVER, decide, read_again, take_in
from record.desk import bodies as read_bodies


@pytest.fixture
def read(record):
    take_in(record)
    return record


def step(record, what, person="سلمى", **more):
    with record.writing("review") as writing:
        return what(writing, TAKEOVER, person, **more).name


def state(record, known_by=None, **more):
    with record.asking() as connection:
        return state_of(connection, TAKEOVER, known_by, **more)


def test_a_claim_goes_from_new_over_two_desks_to_final(read):
    names = [state(read).name, step(read, take)]
    decide(read, "accept")
    names += [state(read).name, step(read, pass_on), step(read, pass_on), step(read, take, "نور")]
    decide(read, "accept", person="نور")
    names += [step(read, pass_on, "نور"), state(read).name]
    assert names == ["new", "in review", "in review", "reviewed", "second review", "in review", "final", "final"]


def test_a_lock_names_its_owner_and_since_when(read):
    step(read, take)
    assert (state(read).owner, state(read).under) == ("سلمى", "new")
    for what in (take, release, pass_on):
        with pytest.raises(UsageError, match=r"in review by سلمى since \d{4}-\d\d-\d\d \d\d:\d\d UTC"):
            step(read, what, "نور")
    with pytest.raises(UsageError, match="in review by سلمى"):
        decide(read, "accept", person="نور")


def test_a_released_claim_can_be_taken_by_another(read):
    step(read, take)
    assert step(read, release) == "new"
    assert step(read, take, "نور") == "in review"


def test_a_released_claim_that_was_decided_on_is_reviewed(read):
    step(read, take)
    decide(read, "accept")
    assert step(read, release) == "reviewed"


def test_what_nobody_holds_cannot_be_released(read):
    with pytest.raises(UsageError, match="held by nobody"):
        step(read, release)


def test_taking_again_what_one_holds_writes_nothing(read):
    step(read, take)
    since = state(read).since
    step(read, take)
    assert state(read).since == since


def test_an_old_lock_is_forgotten(read):
    step(read, take)
    assert state(read, lock=0).name == "new"
    assert step(read, take, "نور", lock=0) == "new"  # forgotten at once, under a lock of no length
    assert state(read).owner == "نور"


def test_a_lock_is_in_force_as_known_by_an_instant_and_forgotten_a_day_later(read):
    step(read, take)
    since = state(read).since
    assert state(read, known_by=since + 3_600_000_000).name == "in review"
    assert state(read, known_by=since + 25 * 3_600_000_000).name == "new"
    assert state(read, known_by=since - 1).name == "new"


def test_a_decision_without_a_lock_reviews_the_claim(read):
    decide(read, "accept")
    assert state(read).name == "reviewed"
    decide(read, "undo")
    assert state(read).name == "new"


def test_two_who_differ_send_the_claim_to_second_review(read):
    decide(read, "accept")
    decide(read, "reject", person="نور")
    found = state(read)
    assert (found.name, found.dispute[2]) == ("second review", ("verdict",))
    decide(read, "undo")
    assert state(read).name == "reviewed"


def test_two_who_agree_do_not(read):
    decide(read, "correct", fields={"date": "2018-07-04"})
    decide(read, "accept", person="نور")
    assert (state(read).name, state(read).dispute) == ("reviewed", None)


def test_who_differs_while_holding_it_passes_it_to_second_review(read):
    decide(read, "accept")
    step(read, take, "نور")
    decide(read, "reject", person="نور")
    assert state(read).name == "in review"
    assert step(read, pass_on, "نور") == "second review"


def test_a_lock_left_after_a_difference_leaves_it_in_second_review(read):
    decide(read, "accept")
    step(read, take, "نور")
    decide(read, "reject", person="نور")
    assert state(read, lock=0).name == "second review"
    assert step(read, release, "نور") == "second review"


def test_who_holds_and_confirms_what_another_reviewed_makes_it_final(read):
    decide(read, "accept")
    step(read, take, "نور")
    decide(read, "accept", person="نور")
    assert step(read, pass_on, "نور") == "final"


def test_the_second_review_is_for_another_person(read):
    decide(read, "accept")
    step(read, pass_on)
    for what in (take, pass_on):
        with pytest.raises(UsageError, match="is for another person"):
            step(read, what)
    with pytest.raises(UsageError, match="نور has not decided"):
        step(read, pass_on, "نور")


def test_nothing_is_passed_on_before_it_was_decided(read):
    with pytest.raises(UsageError, match="سلمى has not decided"):
        step(read, pass_on)
    step(read, take)
    with pytest.raises(UsageError, match="سلمى has not decided"):
        step(read, pass_on)


def test_a_final_claim_is_opened_by_undoing_its_last_pass(read):
    decide(read, "accept")
    step(read, pass_on)
    decide(read, "accept", person="نور")
    step(read, pass_on, "نور")
    for refused in (lambda: decide(read, "reject"), lambda: step(read, take), lambda: step(read, pass_on)):
        with pytest.raises(UsageError, match="is final"):
            refused()
    decide(read, "undo", person="نور")
    assert state(read).name == "second review"


def test_a_claim_that_lost_its_ground_is_new_again_and_may_be_reviewed_by_the_same_person(read):
    decide(read, "accept")
    read_again(read, read_bodies(date="2018-07-01"))
    assert (state(read).name, state(read).reopened) == ("new", ("date",))
    decide(read, "accept")
    assert (state(read).name, state(read).reopened) == ("reviewed", ())


def test_earlier_states_can_be_asked_for(read):
    decide(read, "accept")
    with read.asking() as connection:
        before = connection.execute(act.select().order_by(act.c.n.desc())).first().recorded_at - 1
    assert (state(read, known_by=before).name, state(read).name) == ("new", "reviewed")


def test_a_claim_that_is_not_there_cannot_be_taken(record):
    with pytest.raises(UsageError, match="no claim"):
        step(record, take)


def test_a_reason_for_a_step_is_kept(read):
    step(read, take, reason="  أعرف المنطقة ")
    with read.asking() as connection:
        assert connection.execute(select(decision.c.reason)).scalar() == "أعرف المنطقة"
