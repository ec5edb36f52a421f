import sys

import pytest
from sqlalchemy import func, select

from marsad.errors import UsageError
from marsad.record.agreement import COMPARED, _rate, _task, agreement
from marsad.record.schema import act
from record.desk import TAKEOVER, WITHDRAWAL, bodies, decide, read_again, take_in


@pytest.fixture
def read(record):
    take_in(record)
    return record


def measured(record, known_by=None):
    with record.asking() as connection:
        return agreement(connection, known_by)


def test_alpha_is_krippendorffs_own_for_a_published_example():
    # Meg and Owen on ten units, from Krippendorff, "Computing Krippendorff's Alpha-Reliability": 4 of 20 values
    # differ, 14 are 0 and 6 are 1, so alpha is 1 - 19 * 4 / (14 * 6).
    meg, owen = "0100000000", "1110010010"
    labels = [(who, f"u{n}", value) for who, said in (("Meg", meg), ("Owen", owen)) for n, value in enumerate(said)]
    rate = _rate(labels, _task())
    assert (rate.pairs, rate.share, round(rate.alpha, 3)) == (10, 0.6, 0.095)


def test_what_only_one_person_judged_is_not_compared(read):
    decide(read, "accept")
    found = measured(read)
    assert (found.claims, found.persons, found.verdict.share, found.fields["date"].alpha) == (0, (), None, None)


def test_agreement_is_measured_per_field_over_claims_that_two_judged(read):
    for id in (TAKEOVER, WITHDRAWAL):
        decide(read, "accept", id)
    decide(read, "accept", person="نور")
    decide(read, "correct", WITHDRAWAL, "نور", fields={"status": "happened", "quoted": True})
    found = measured(read)
    assert (found.claims, found.persons) == (2, ("سلمى", "نور"))
    shares = {name: rate.share for name, rate in found.fields.items()}
    assert shares == {name: 0.5 if name in ("status", "quoted") else 1.0 for name in COMPARED}
    # Codes: happened, happened; denied, happened. One pair in two differs, of all pairs half would: 1 - 0.5 / 0.5.
    assert found.fields["status"].alpha == pytest.approx(0.0)
    assert found.fields["type"].alpha == pytest.approx(1.0)
    assert found.verdict.share == 0.5


def test_a_rejected_claim_has_a_verdict_and_no_fields(read):
    decide(read, "accept")
    decide(read, "reject", person="نور")
    found = measured(read)
    assert (found.verdict.share, found.fields["type"].pairs) == (0.0, 0)


def test_three_persons_are_compared_pair_by_pair(read):
    for person, kind in (("سلمى", "accept"), ("نور", "accept"), ("هدى", "reject")):
        decide(read, kind, person=person)
    assert (measured(read).verdict.pairs, measured(read).verdict.share) == (3, pytest.approx(1 / 3))


def test_the_last_judgement_of_a_person_counts_and_an_undone_one_does_not(read):
    decide(read, "reject")
    decide(read, "accept")
    decide(read, "accept", person="نور")
    assert measured(read).verdict.share == 1.0
    decide(read, "undo", person="نور")
    assert measured(read).claims == 0


def test_judgements_of_different_readings_are_not_compared(read):
    decide(read, "accept")
    read_again(read, bodies(date="2018-07-01"))
    decide(read, "accept", person="نور")
    assert measured(read).claims == 0


def test_agreement_is_told_as_known_by_an_instant(read):
    decide(read, "accept")
    decide(read, "accept", person="نور")
    with read.asking() as connection:
        then = connection.execute(select(func.max(act.c.recorded_at))).scalar()
    decide(read, "reject", person="نور")
    assert (measured(read, then).verdict.share, measured(read).verdict.share) == (1.0, 0.0)


def test_without_the_library_the_remedy_is_named(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "nltk.metrics.agreement", None)
    with pytest.raises(UsageError, match=r"pip install 'marsad\[review\]'"):
        measured(read)
