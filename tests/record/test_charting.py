"""The chart's tables: testimonies by claim, states by place, up to where both were made; on both engines."""

from __future__ import annotations

import json

from marsad.record import charting, schema
from marsad.record.charting import Mark, StateRow
from record.desk import TAKEOVER, WITHDRAWAL, bodies, decide, read_again, take_in

# More than one question can name.
MANY = [f"c{n:05}" for n in range(1200)]


def said(place, n=0):
    return [place, f"2018-07-{n + 1:02}", "takes", "side", ["عربي", n]]


def state(place, start, ends="", since=None, turned=False, fields=("held",), claims=((), (), ())):
    return StateRow(place, start, ends, since or start, turned, list(fields), [list(some) for some in claims])


def put(record, places, *states):
    with record.writing("chart") as writing:
        charting.put_states(writing, places, states)


def replace(record, claims, told):
    with record.writing("chart") as writing:
        return charting.replace_testimonies(writing, claims, told)


def asked(record, what, *given):
    with record.asking() as connection:
        found = what(connection, *given)
        return found if isinstance(found, dict | Mark | None) else list(found)


def test_testimonies_come_back_by_place_as_they_were(record):
    assert replace(record, ["c1", "c2"], {"c1": [said("طفس"), said("نوى", 1)], "c2": [said("طفس", 2)]}) == {
        "طفس",
        "نوى",
    }
    found = asked(record, charting.testimonies_at, ["طفس", "داعل"])
    assert sorted(found) == ["طفس"] and sorted(found["طفس"]) == [said("طفس"), said("طفس", 2)]
    assert asked(record, charting.told_places) == sorted(["طفس", "نوى"])


def test_what_a_claim_says_now_takes_the_place_of_what_it_said_and_of_nothing_else(record):
    replace(record, ["c1", "c2"], {"c1": [said("a")], "c2": [said("a", 1)]})
    assert replace(record, ["c1"], {"c1": [said("b")]}) == {"a", "b"}
    assert asked(record, charting.testimonies_at, ["a", "b"]) == {"a": [said("a", 1)], "b": [said("b")]}


def test_a_claim_that_says_nothing_any_more_leaves_its_places(record):
    replace(record, ["c1"], {"c1": [said("a"), said("b")]})
    assert replace(record, ["c1"], {}) == {"a", "b"}
    assert asked(record, charting.told_places) == [] and replace(record, ["c1", "c9"], {}) == set()


def test_very_many_claims_and_places_are_taken_in_parts(record):
    assert len(replace(record, MANY, {id: [said(id)] for id in MANY})) == len(MANY)
    assert len(asked(record, charting.testimonies_at, MANY)) == len(MANY)
    put(record, MANY, *(state(id, "2018-07-01") for id in MANY))
    assert len(asked(record, charting.states_on, "2018-07-01")) == len(MANY)
    assert len(replace(record, MANY, {})) == len(MANY)
    put(record, MANY)
    assert asked(record, charting.states_on, "2018-07-01") == []


def test_states_of_a_place_come_back_in_order_as_they_were(record):
    first = state("طفس", "2018-07-01", "2018-07-06", fields=["held", "المعارضة", 0.5, None])
    last = state("طفس", "2018-07-06", turned=True, fields=["held", ["a", "b"], [1]], claims=[["c1"], [], ["c1"]])
    put(record, ["طفس", "نوى"], last, first, state("نوى", "2018-07-02"))
    assert asked(record, charting.states_of, "طفس") == [first, last]
    assert asked(record, charting.states_of, "داعل") == []


def test_the_states_of_a_place_take_the_place_of_those_that_it_had(record):
    put(record, ["a", "b"], state("a", "2018-07-01"), state("a", "2018-07-03"), state("b", "2018-07-01"))
    put(record, ["a"], state("a", "2018-07-05"))
    assert [s.start for s in asked(record, charting.states_of, "a")] == ["2018-07-05"]
    assert [s.start for s in asked(record, charting.states_of, "b")] == ["2018-07-01"]
    put(record, ["a"])
    assert asked(record, charting.states_of, "a") == []


# The ends of the states that are told on a day, by place.
ON = {
    "2018-06-30": {},
    "2018-07-01": {"a": "2018-07-06"},
    "2018-07-05": {"a": "2018-07-06", "b": ""},
    "2018-07-06": {"a": "", "b": ""},
    "2030-01-01": {"a": "", "b": ""},
}


def test_the_state_of_each_place_on_a_day_is_the_last_that_began_by_then(record):
    a = [state("a", "2018-07-01", "2018-07-06"), state("a", "2018-07-06")]
    put(record, ["a", "b"], *a, state("b", "2018-07-05"))
    found = {day: {row[0]: row[1] for row in asked(record, charting.states_on, day)} for day in ON}
    assert found == ON


def test_of_a_day_the_claims_are_given_only_where_they_are_wanted(record):
    put(record, ["a"], state("a", "2018-07-01", fields=["held"], claims=[["c1"], [], []]))
    [(_, _, body, claims)] = asked(record, charting.states_on, "2018-07-01")
    assert (json.loads(body), json.loads(claims)) == (["held"], [["c1"], [], []])
    assert [row[3] for row in asked(record, charting.states_on, "2018-07-01", False)] == [""]


# The places that changed hands from one day to another, in order.
BETWEEN = {
    ("", "9999"): ["b", "a", "c"],
    ("2018-07-02", "2018-07-02"): ["a", "c"],
    ("2018-07-01", "2018-07-01"): ["b"],
    ("2018-07-03", "9999"): [],
}


def test_changes_of_hands_come_by_the_day_since_which_they_are_and_by_place(record):
    second = [state("c", "2018-07-02", turned=True), state("a", "2018-07-09", since="2018-07-02", turned=True)]
    put(record, "abcd", *second, state("b", "2018-07-01", turned=True), state("d", "2018-07-02"))
    found = {days: [row.place for row in asked(record, charting.turns_between, *days)] for days in BETWEEN}
    assert found == BETWEEN


def test_a_record_has_no_chart_at_first_and_then_the_last_that_was_made(record):
    assert asked(record, charting.mark_of) is None
    for mark in (Mark(1, 0, "rules 1"), Mark(7, 2, "rules 2")):
        with record.writing("chart") as writing:
            charting.put_mark(writing, mark)
        assert asked(record, charting.mark_of) == mark


def test_a_chart_that_is_thrown_away_leaves_nothing_but_how_far_it_had_been_made(record):
    replace(record, ["c1"], {"c1": [said("a")]})
    put(record, ["a"], state("a", "2018-07-01"))
    with record.writing("chart") as writing:
        charting.put_mark(writing, Mark(1, 0, "rules 1"))
        charting.clear(writing)
    assert asked(record, charting.told_places) == [] == asked(record, charting.states_on, "9999")
    assert asked(record, charting.states_of, "a") == [] and asked(record, charting.mark_of) == Mark(1, 0, "rules 1")


def test_of_an_empty_record_a_chart_would_be_made_up_to_nothing(record):
    assert asked(record, charting.newest, "rules") == Mark(0, 0, "rules")
    assert asked(record, charting.changed_claims, Mark(0, 0, "rules")) == []


def changed_by(record, act):
    """Return the claims that changed by what is done, and the mark before it."""
    before = asked(record, charting.newest, "rules")
    act()
    return set(asked(record, charting.changed_claims, before))


def test_claims_that_are_new_decided_on_or_read_otherwise_have_changed(record):
    assert changed_by(record, lambda: take_in(record)) == {TAKEOVER, WITHDRAWAL}
    assert changed_by(record, lambda: None) == set()
    assert changed_by(record, lambda: decide(record, "reject")) == {TAKEOVER}
    assert changed_by(record, lambda: decide(record, "undo")) == {TAKEOVER}
    assert TAKEOVER in changed_by(record, lambda: read_again(record, bodies(date="2018-07-04")))


def test_claims_of_a_report_that_was_found_to_repeat_another_have_changed(record):
    take_in(record)

    def found():
        with record.writing("fuse") as writing:
            writing.add_one(schema.kinship, report_id="r1", of_id="r0", share=1.0)

    assert changed_by(record, found) == {TAKEOVER, WITHDRAWAL}
