import json

import pytest
from sqlalchemy import func, select

from marsad.errors import UsageError
from marsad.record.linkage import claims_behind, decide_incidents, links, lost_links
from marsad.record.schema import act, forward, membership
from record.desk import TAKEOVER, WITHDRAWAL, bodies, read_again, take_in


@pytest.fixture
def fused(record):
    """Give a record with incident i1 of claims a1 and a2, i2 of b1 and b2, i3 of c1."""
    take_in(record)
    with record.writing("fuse") as writing:
        tell(writing, i1=("a1", "a2"), i2=("b1", "b2"), i3=("c1",))
    return record


def tell(writing, **incidents):
    for incident, claims in incidents.items():
        writing.add(
            membership,
            [{"claim_id": c, "incident_id": incident, "gone": False, "by": "fusion", "why": "[]"} for c in claims],
        )


def decide(record, kind, *refs, person="سلمى", **more):
    with record.writing("review") as writing:
        return decide_incidents(writing, kind, refs, person, **more)


def said(record, known_by=None):
    with record.asking() as connection:
        found = links(connection, known_by)
    return {(a, b) for a, b, _ in found.same}, {(a, b) for a, b, _ in found.apart}


def test_two_incidents_that_are_one_are_tied_by_their_claims(fused):
    row = decide(fused, "same", "i1", "i2", reason="الحادثة نفسها")
    pairs = {("a1", "b1"), ("a1", "b2"), ("a2", "b1")}
    assert said(fused) == (pairs, set())
    assert {tuple(pair) for pair in json.loads(row["body"])["claims"]} == pairs
    assert json.loads(row["ground"]) == {"incidents": {"i1": ["a1", "a2"], "i2": ["b1", "b2"]}}


def test_two_incidents_that_are_two_are_held_apart(fused):
    decide(fused, "not_same", "i1", "i3")
    assert said(fused) == (set(), {("a1", "c1"), ("a2", "c1")})


def test_two_claims_can_be_named_instead(fused):
    decide(fused, "same", TAKEOVER, WITHDRAWAL)
    assert said(fused)[0] == {tuple(sorted((TAKEOVER, WITHDRAWAL)))}


def test_a_claim_that_tells_something_else_is_held_apart_from_its_incident(fused):
    decide(fused, "different", "a2")
    assert said(fused) == (set(), {("a1", "a2")})


def test_on_one_pair_the_last_word_counts(fused):
    decide(fused, "same", "i1", "i3")
    decide(fused, "not_same", "i1", "i3", person="نور")
    assert said(fused)[0] == set()
    decide(fused, "same", "i1", "i3")
    assert said(fused)[1] == set()


def test_an_undone_decision_ties_nothing_and_an_earlier_one_holds_again(fused):
    decide(fused, "same", "i1", "i3")
    row = decide(fused, "not_same", "i1", "i3")
    undo = decide(fused, "undo", of=row["id"])
    assert said(fused) == ({("a1", "c1"), ("a2", "c1")}, set())
    decide(fused, "undo", of=undo["id"])
    assert said(fused) == (set(), {("a1", "c1"), ("a2", "c1")})


def test_without_an_id_the_last_decision_on_the_incident_is_undone(fused):
    decide(fused, "same", "i1", "i2")
    decide(fused, "undo", "i1")
    assert said(fused) == (set(), set())


def test_each_link_names_its_decision(fused):
    row = decide(fused, "same", "i1", "i3")
    with fused.asking() as connection:
        assert {id for _, _, id in links(connection).same} == {row["id"]}


def test_links_are_told_as_known_by_an_instant(fused):
    decide(fused, "same", "i1", "i3")
    with fused.asking() as connection:
        then = connection.execute(select(func.max(act.c.recorded_at))).scalar()
    decide(fused, "not_same", "i1", "i3")
    assert (said(fused, then)[1], said(fused)[0]) == (set(), set())


def test_what_was_decided_holds_whatever_the_incidents_are_called_later(fused):
    decide(fused, "same", "i1", "i3")
    before = said(fused)
    with fused.writing("fuse") as writing:
        tell(writing, i9=("a1", "a2", "c1"))
    assert said(fused) == before


def test_an_incident_is_found_under_an_earlier_id(fused):
    with fused.writing("fuse") as writing:
        tell(writing, i2=("a1", "a2"))
        writing.add(forward, [{"from_id": "i1", "to_id": "i2", "kind": "merge", "by": "fusion"}])
        writing.add(forward, [{"from_id": "i2", "to_id": "i1", "kind": "merge", "by": "fusion"}])
    with fused.asking() as connection:
        assert set(claims_behind(connection, "i1")) == {"a1", "a2", "b1", "b2"}


def test_a_ring_of_forwards_ends(record):
    with record.writing("fuse") as writing:
        for a, b in (("x", "y"), ("y", "x")):
            writing.add(forward, [{"from_id": a, "to_id": b, "kind": "merge", "by": "fusion"}])
    with record.asking() as connection, pytest.raises(UsageError, match="no incident or claim 'x'"):
        claims_behind(connection, "x")


@pytest.mark.parametrize(
    ("kind", "refs", "told"),
    [
        ("merge", ("i1", "i2"), "no decision on incidents"), ("same", ("i1",), "name both"),
        ("same", ("i1", "i1"), "name both"), ("same", ("i1", "i8"), "no incident or claim 'i8'"),
        ("different", ("c1",), "alone"), ("different", ("z9",), "no incident"),
        ("different", ("a1", "b1"), "not of one incident"),
        ("different", (), "name one"), ("different", ("a1", "a2"), "all the claims"),
        ("undo", ("i1",), "nothing to undo"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(fused, kind, refs, told):
    with pytest.raises(UsageError, match=told):
        decide(fused, kind, *refs)


def test_a_decision_whose_claim_is_read_no_more_is_listed_and_kept(record):
    take_in(record)
    row = decide(record, "same", TAKEOVER, WITHDRAWAL)
    before = said(record)
    with record.asking() as connection:
        assert lost_links(connection) == []
    read_again(record, {TAKEOVER: bodies()[TAKEOVER]})
    with record.asking() as connection:
        assert [(made.id, gone) for made, gone in lost_links(connection)] == [(row["id"], (WITHDRAWAL,))]
        assert lost_links(connection, known_by=row["recorded_at"]) == []
    assert said(record) == before
    decide(record, "undo", of=row["id"])
    with record.asking() as connection:
        assert lost_links(connection) == []
