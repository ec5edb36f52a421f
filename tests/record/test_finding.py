"""The start of an id is enough where it says which one is meant."""

from __future__ import annotations

import pytest

from marsad.errors import UsageError
from marsad.record.bases import bases_of
from marsad.record.finding import find_id, knows_place
from marsad.record.keeping import put_claims
from record.desk import TAKEOVER, WITHDRAWAL, bodies, decide, reader_state, take_in


@pytest.fixture
def read(record):
    take_in(record)
    with record.writing("more") as writing:
        body = bodies()[TAKEOVER]
        for id in ("abc0000000000001", "abc0000000000002", "abcf000000000003", "abd0000000000004"):
            put_claims(writing, [reader_state("r1", 1, id, {**body, "id": id})])
    return record


def find(record, written, *kinds):
    with record.asking() as connection:
        return find_id(connection, written, *(kinds or ("claim",)))


@pytest.mark.parametrize("length", [4, 8, 16])
def test_the_start_of_an_id_finds_it(read, length):
    assert find(read, TAKEOVER[:length]) == ("claim", TAKEOVER)
    assert find(read, WITHDRAWAL[:length]) == ("claim", WITHDRAWAL)


def test_several_that_begin_so_are_listed_and_none_is_taken(read):
    with pytest.raises(UsageError) as refused:
        find(read, "abc")
    assert str(refused.value) == (
        "'abc' may be claim abc0000000000001, claim abc0000000000002, claim abcf000000000003; write more of the id"
    )
    assert find(read, "abcf") == ("claim", "abcf000000000003")


@pytest.mark.parametrize("written", ["ffffffff", "", "%", "abc%", "ABD", "عبد", "abd0000000000004x"])
def test_what_begins_no_id_is_refused(read, written):
    with pytest.raises(UsageError, match="there is no claim"):
        find(read, written)


def test_a_decision_is_told_from_a_claim(read):
    made = decide(read, "accept")
    assert find(read, made["id"][:10], "claim", "decision") == ("decision", made["id"])
    with pytest.raises(UsageError, match="there is no claim or decision 'ffff'"):
        find(read, "ffff", "claim", "decision")


def test_a_place_that_a_claim_names_is_known(read):
    body = bodies()[TAKEOVER]
    body["places"][0]["id"] = "own-1"
    with read.writing("more") as writing:
        base = bases_of(writing.connection, [TAKEOVER])[TAKEOVER]
        put_claims(writing, [reader_state("r1", base.report_n, TAKEOVER, body)])
    with read.asking() as connection:
        assert knows_place(connection, "own-1") and not knows_place(connection, "own-2")
