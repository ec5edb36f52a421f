import itertools
import json
import random

import pytest
from sqlalchemy import delete, insert, select, text, update

from marsad.errors import UsageError
from marsad.record import chain
from marsad.record.schema import decision


def row(ref="c1", kind="accept", **more):
    return {"subject": "claim", "ref": ref, "kind": kind, "person": "سلمى", "reason": "واضح في النص", **more}


@pytest.fixture
def chained(record):
    with record.writing("decide") as writing:
        chain.append(writing, [row(f"c{k}", body={"k": k}) for k in range(4)])
    with record.writing("decide") as writing:
        chain.append(writing, [row(f"d{k}", ground={"type": "takeover"}) for k in range(4)])
    return record


def verdict(record, head=None):
    with record.asking() as connection:
        return chain.verify_chain(connection, head)


def tamper(record, *statements):
    with record.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def rows_of(record):
    with record.asking() as connection:
        return [dict(r) for r in connection.execute(select(decision).order_by(decision.c.n)).mappings()]


def test_an_untouched_chain_is_whole_and_ends_in_its_head(chained):
    found = verdict(chained)
    with chained.asking() as connection:
        assert (found.rows, found.head, found.is_whole) == (8, chain.head_of(connection), True)


def test_an_empty_record_is_whole(record):
    assert verdict(record) == chain.Verdict(0, "")


@pytest.mark.parametrize("column", [c for c in chain.HASHED if c not in ("decided_at", "recorded_at", "prior")])
def test_a_changed_text_is_found_and_its_row_named(chained, column):
    tamper(chained, update(decision).where(decision.c.n == 3).values({column: "غيره"}))
    fault = verdict(chained).fault
    assert fault.n == 3 and "hash does not fit" in fault.what
    assert fault.id == rows_of(chained)[2]["id"]


@pytest.mark.parametrize("column", ["decided_at", "recorded_at"])
def test_a_changed_instant_is_found(chained, column):
    tamper(chained, update(decision).where(decision.c.n == 5).values({column: decision.c[column] + 1}))
    assert verdict(chained).fault.n == 5


def test_words_moved_from_one_column_to_the_next_are_found(chained):
    moved = {"person": "سلمى واضح", "reason": "في النص"}
    tamper(chained, update(decision).where(decision.c.n == 2).values(moved))
    assert verdict(chained).fault.n == 2
    joined = {"person": "سلمى\x1fواضح في النص", "reason": ""}
    tamper(chained, update(decision).where(decision.c.n == 2).values(joined))
    assert verdict(chained).fault.n == 2


def test_what_stands_behind_a_zero_character_is_seen_too(chained):
    if not chained.is_file:
        pytest.skip("PostgreSQL keeps no zero character")
    tamper(chained, text("UPDATE decision SET reason = reason || char(0) || 'x' WHERE n = 4"))
    assert verdict(chained).fault.n == 4


def test_a_row_whose_hash_was_made_anew_breaks_the_next(chained):
    changed = rows_of(chained)[3] | {"reason": "رواية أخرى"}
    values = {"reason": changed["reason"], "hash": chain.hash_of(changed)}
    tamper(chained, update(decision).where(decision.c.n == 4).values(values))
    fault = verdict(chained).fault
    assert fault.n == 5 and "does not follow row 4" in fault.what


def test_a_row_taken_out_of_the_middle_is_named_as_missing(chained):
    tamper(chained, delete(decision).where(decision.c.n == 4))
    fault = verdict(chained).fault
    assert (fault.n, fault.id) == (4, None) and "missing" in fault.what


def test_rows_numbered_anew_over_a_gap_do_not_follow(chained):
    close = [update(decision).where(decision.c.n == n).values(n=n - 1) for n in range(5, 9)]
    tamper(chained, delete(decision).where(decision.c.n == 4), *close)
    fault = verdict(chained).fault
    assert fault.n == 4 and "does not follow" in fault.what


def test_rows_in_another_order_do_not_follow(chained):
    swap = [update(decision).where(decision.c.n == a).values(n=b) for a, b in ((2, 99), (3, 2), (99, 3))]
    tamper(chained, *swap)
    assert verdict(chained).fault.n == 2


def test_a_chain_that_begins_elsewhere_is_found(chained):
    tamper(chained, delete(decision).where(decision.c.n == 1))
    assert verdict(chained).fault.n == 1


def test_a_row_put_in_before_the_first_is_found(chained):
    forged = rows_of(chained)[0] | {"n": -1, "id": "forged", "prior": "x"}
    tamper(chained, insert(decision).values(forged | {"hash": chain.hash_of(forged)}))
    fault = verdict(chained).fault
    assert (fault.n, fault.id) == (-1, "forged")


def test_an_end_cut_off_is_found_by_a_noted_head_only(chained):
    head = verdict(chained).head
    tamper(chained, delete(decision).where(decision.c.n > 6))
    assert verdict(chained).is_whole
    assert head in verdict(chained, head).fault.what


def test_a_head_noted_earlier_is_still_there_after_more_decisions(chained):
    head = verdict(chained).head
    with chained.writing("decide") as writing:
        chain.append(writing, [row("later")])
    assert verdict(chained, head).is_whole


def test_the_page_at_which_rows_are_fetched_is_no_border(chained, monkeypatch):
    monkeypatch.setattr(chain, "_PAGE", 3)
    assert verdict(chained).rows == 8
    tamper(chained, delete(decision).where(decision.c.n == 7))
    assert verdict(chained).fault.n == 7


def test_decisions_of_one_instant_are_dated_one_after_the_other(record):
    with record.writing("decide") as writing:
        first = chain.append(writing, [row(), row("c2")])
        second = chain.append(writing, [row("c3")])
    dates = [r["decided_at"] for r in (*first, *second)]
    assert dates == sorted(set(dates))
    assert len({r["id"] for r in (*first, *second)}) == 3


def test_a_decision_is_dated_after_one_that_came_from_a_clock_ahead(record):
    with record.writing("import") as writing:
        ahead = writing.at + 3_600_000_000
        chain.append(writing, [row(decided_at=ahead)])
    with record.writing("decide") as writing:
        assert chain.append(writing, [row("c2")])[0]["decided_at"] > ahead


def test_the_separator_is_refused_in_a_column(record):
    with pytest.raises(UsageError, match="control character"), record.writing("decide") as writing:
        chain.append(writing, [row(reason="قبل\x1fبعد")])


def test_each_engine_hashes_what_python_hashes_for_any_letters(record):
    rng = random.Random(5)
    letters = "اأبةي\u064b\u200f\U0001f6a9é\"\\'\n\t{}:,|%"
    with record.writing("decide") as writing:
        for size in range(0, 60, 3):
            said = "".join(rng.choices(letters, k=size))
            chain.append(writing, [row(reason=said, body={"x": said})])
    assert verdict(record).is_whole
    for before, after in itertools.pairwise(rows_of(record)):
        assert after["prior"] == before["hash"] == chain.hash_of(before)


def test_body_and_ground_are_kept_as_canonical_json(record):
    with record.writing("decide") as writing:
        kept = chain.append(writing, [row(body={"ب": 1, "ا": [1.5, None]})])[0]
    assert kept["body"] == '{"ا":[1.5,null],"ب":1}'
    assert json.loads(kept["ground"]) == {}
