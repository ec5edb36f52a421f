import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from marsad.record.decisions import Decision
from marsad.record.linkage import decide_incidents
from marsad.record.schema import claim as claim_table
from marsad.record.schema import forward, membership
from marsad.record.settling import Bonds, Move, moves_of
from marsad.record.store import open_record
from record.told import put, told


def decision(n, kind, *pairs, ref="", of=None):
    body = {"of": of} if of else {"claims": [sorted(pair) for pair in pairs]}
    return Decision(n, f"d{n}", "incident", ref, kind, "سلمى", "", body, {}, n, n)


def said(*words):
    """Return decisions of pairs of letters: `same ab` ties a and b, `not_same ac` holds a and c apart."""
    return [decision(n, *word.split()) for n, word in enumerate(words, 1)]


def apart(bonds):
    return {frozenset(pair) for pair in bonds.apart()}


def test_what_is_tied_to_one_is_tied_to_all_that_it_is_tied_to():
    bonds = Bonds(said("same ab", "same cd", "same bc"))
    assert sorted(bonds.tied("a")) == ["a", "b", "c", "d"]
    assert len({bonds.leader(claim) for claim in "abcd"}) == 1
    assert bonds.tied("x") == ["x"]


def test_what_is_held_apart_from_one_is_so_from_all_that_it_is_tied_to():
    bonds = Bonds(said("same ab", "not_same bc", "same cd"))
    assert apart(bonds) == {frozenset(pair) for pair in ("ac", "ad", "bc", "bd")}


def test_of_words_that_cannot_all_hold_the_latest_do():
    bonds = Bonds(said("same ab", "same bc", "not_same ac"))
    assert bonds.held == {"d2", "d3"}
    assert sorted(bonds.tied("b")) == ["b", "c"]
    assert apart(bonds) == {frozenset("ac"), frozenset("ab")}


def test_a_late_tie_ends_what_was_held_apart():
    bonds = Bonds(said("not_same ac", "same ab", "same bc"))
    assert (bonds.held, apart(bonds)) == ({"d2", "d3"}, set())


def test_a_decision_of_which_some_still_holds_is_held():
    bonds = Bonds([decision(1, "same", "ab", "ac"), decision(2, "not_same", "ab")])
    assert bonds.held == {"d1", "d2"} and sorted(bonds.tied("a")) == ["a", "c"]


def test_an_undone_decision_says_nothing():
    bonds = Bonds([*said("same ab"), decision(2, "undo", of="d1")])
    assert (bonds.claims, bonds.held) == ([], set())


def test_a_claim_is_out_while_the_word_that_it_tells_something_else_holds():
    words = [decision(1, "different", "ab", "ac", ref="a")]
    assert Bonds(words).is_out("a") and not Bonds(words).is_out("b")
    assert not Bonds([*words, decision(2, "same", "ab", "ac")]).is_out("a")
    assert not Bonds([*words, decision(2, "undo", of="d1")]).is_out("a")


WORDS = st.lists(
    st.tuples(st.sampled_from(["same", "not_same"]), st.sampled_from("abcde"), st.sampled_from("abcde")).filter(
        lambda word: word[1] != word[2]
    ),
    max_size=9,
).map(lambda some: [f"{kind} {a}{b}" for kind, a, b in some])


@given(WORDS)
def test_no_two_claims_are_tied_and_held_apart_and_the_last_word_always_holds(words):
    bonds = Bonds(said(*words))
    assert not [pair for pair in bonds.apart() if bonds.leader(pair[0]) == bonds.leader(pair[1])]
    if words:
        kind, (a, b) = words[-1].split()
        assert (bonds.leader(a) == bonds.leader(b)) is (kind == "same")
        assert (frozenset((a, b)) in apart(bonds)) is (kind == "not_same")


def tell(record, by="fusion", gone=False, **incidents):
    rows = [
        {"claim_id": claim, "incident_id": id, "gone": gone, "by": by, "why": "[]"}
        for id, claims in incidents.items()
        for claim in claims
    ]
    with record.writing("fuse") as writing:
        writing.add(membership, rows)


def lead(record, old, new, kind="merge", by="fusion"):
    with record.writing("fuse") as writing:
        writing.add(forward, [{"from_id": old, "to_id": new, "kind": kind, "by": by}])


def decide(record, kind, *refs, **more):
    """Write a decision; claims, which have one letter, are kept first where they are not yet."""
    with record.asking() as connection:
        kept = set(connection.execute(select(claim_table.c.id)).scalars())
    put(record, *(told(ref) for ref in refs if len(ref) == 1 and ref not in kept))
    with record.writing("review") as writing:
        return decide_incidents(writing, kind, refs, "سلمى", **more)["id"]


def moves(record):
    with record.asking() as connection:
        return moves_of(connection)


def test_where_nobody_said_anything_nothing_moves(record):
    tell(record, i1="ab", i2="c")
    assert moves(record) == []


def test_the_younger_of_two_that_are_one_merges_into_the_older(record):
    tell(record, i9="b", i1="a")
    made = decide(record, "same", "i1", "i9")
    assert moves(record) == [Move("merge", "i1", "i9", (), made)]


def test_what_is_one_already_or_has_no_claim_there_stays(record):
    tell(record, i1="ab", i2="c")
    decide(record, "same", "i1", "i2")
    tell(record, gone=True, i2="c")
    assert moves(record) == []
    tell(record, i1="c")
    assert moves(record) == []


def test_claims_held_apart_part_first_the_one_that_most_are_held_apart_from(record):
    tell(record, i1="abc")
    made = decide(record, "different", "c")
    assert moves(record) == [Move("part", "i1", "", ("c",), made)]
    tell(record, by=made, i2="c")
    assert moves(record) == []


def test_what_is_tied_together_parts_together(record):
    tell(record, i1="a", i2="bc")
    decide(record, "same", "b", "c")
    made = decide(record, "not_same", "i1", "i2")
    tell(record, i1="bc")
    ((kind, old, claims, by),) = [(m.kind, m.old, m.claims, m.by) for m in moves(record)]
    assert (kind, old, by) == ("part", "i1", made) and claims in (("a",), ("b", "c"))


def test_partings_come_before_merges(record):
    tell(record, i1="a", i2="bc")
    decide(record, "same", "a", "b")
    decide(record, "different", "c")
    assert [(m.kind, m.claims) for m in moves(record)] == [("part", ("c",))]


def test_what_was_undone_goes_back_first(record):
    tell(record, i1="a", i2="bc")
    made = decide(record, "same", "i1", "i2")
    tell(record, by=made, i1="bc")
    assert moves(record) == []
    decide(record, "undo", of=made)
    assert moves(record) == [Move("return", "i1", "i2", ("b", "c"), "undo")]
    tell(record, by="undo", i2="bc")
    assert moves(record) == []


def test_it_goes_back_before_all_that_does_not_stand_any_more(record):
    tell(record, i1="a", i2="b", i3="c")
    first, second = decide(record, "same", "i1", "i2"), decide(record, "same", "i2", "i3")
    tell(record, by=first, i1="b")
    tell(record, by=second, i3="ab")
    decide(record, "undo", of=first)
    decide(record, "undo", of=second)
    assert {(m.old, m.new, m.claims) for m in moves(record)} == {("i3", "i1", ("a",)), ("i3", "i2", ("b",))}


def test_it_goes_back_to_what_its_incident_has_become_by_fusion(record):
    tell(record, i1="ab", i2="c")
    made = decide(record, "different", "b")
    tell(record, by=made, i3="b")
    tell(record, i2="a")
    lead(record, "i1", "i2")
    decide(record, "undo", of=made)
    assert moves(record) == [Move("return", "i3", "i2", ("b",), "undo")]


def test_it_goes_back_to_its_own_incident_where_only_what_is_undone_had_emptied_that(record):
    tell(record, i1="a", i2="b")
    made = decide(record, "same", "i1", "i2")
    tell(record, by=made, i1="b")
    lead(record, "i2", "i1", by=made)
    decide(record, "undo", of=made)
    assert moves(record) == [Move("return", "i1", "i2", ("b",), "undo")]


def test_addresses_in_a_ring_are_followed_once(record):
    tell(record, i1="ab", i2="c")
    made = decide(record, "different", "b")
    tell(record, by=made, i3="b")
    tell(record, gone=True, i1="a")
    lead(record, "i1", "i4")
    lead(record, "i4", "i1")
    decide(record, "undo", of=made)
    assert [m.kind for m in moves(record)] == ["return"]


def test_a_claim_brought_to_another_that_went_back_goes_back_too(record):
    tell(record, i1="a", i2="b", i3="c")
    first, second = decide(record, "same", "i1", "i2"), decide(record, "same", "b", "c")
    tell(record, by=first, i1="b")
    tell(record, by=second, i1="c")
    assert moves(record) == []
    decide(record, "undo", of=first)
    tell(record, by="undo", i2="b")
    assert moves(record) == [Move("return", "i1", "i3", ("c",), "undo")]


def test_a_claim_stays_where_it_was_brought_while_the_other_is_away(record):
    tell(record, i1="a", i2="b")
    made = decide(record, "same", "i1", "i2")
    tell(record, by=made, i1="b")
    tell(record, gone=True, i1="a")
    assert moves(record) == []


def carry_out(at, move, number):
    """Return where the claims are after a move; those that part found an incident of their own."""
    if move.kind == "merge":
        return {c: move.new if i == move.old else i for c, i in at.items()}
    return at | dict.fromkeys(move.claims, move.new or f"new{number}")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    words=WORDS, first=st.lists(st.sampled_from(["i1", "i2", "i3"]), min_size=5, max_size=5), undone=st.integers(0, 8)
)
def test_whatever_is_said_and_undone_settling_comes_to_an_end(words, first, undone, tmp_path_factory):
    record = open_record(str(tmp_path_factory.mktemp("settling") / "r.marsad"))
    at = dict(zip("abcde", first, strict=True))
    tell(record, **{i: [c for c in at if at[c] == i] for i in sorted(set(at.values()))})
    made = []
    for word in [*words, "end"]:
        if word != "end":
            kind, (a, b) = word.split()
            made.append(decide(record, kind, a, b))
        elif undone < len(made):
            decide(record, "undo", of=made[undone])
        at = _settle(record, at)
    record.close()


def _settle(record, at):
    for number in range(40):
        todo = moves(record)
        if not todo:
            return at
        for move in todo:
            before, at = at, carry_out(at, move, f"{number}{move.old}")
            for claim in at:
                if at[claim] != before[claim]:
                    tell(record, by=move.by, **{at[claim]: [claim]})
    pytest.fail("it does not come to an end")
