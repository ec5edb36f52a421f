"""The explanation: entry, roles, refused places, and what was seen but not read."""

from __future__ import annotations

from make import place, reading, takeover, withdrawal
from marsad.model import Candidate, Link
from marsad.publish.explain import explanation_of


def test_it_says_which_candidates_for_a_place_were_refused_and_why():
    kept, refused = Candidate("C1", "Nassib", 0.9, "in Daraa"), Candidate("C2", "Nasib", 0.2, "230 km from the others")
    where = place("معبر نصيب", "Nassib", id="C1", radius_km=2, candidates=(kept, refused))
    got = "\n".join(explanation_of(reading().report, [takeover(places=(where,))], []))
    assert "refused  C2 Nasib (0.20): 230 km from the others" in got and "refused  C1" not in got
    assert "chosen   C1 Nassib (0.90): in Daraa" in got
    assert "32.5000, 36.2000 ± 2 km" in got


def test_it_lists_what_was_seen_but_not_read_with_the_reason():
    got = list(explanation_of(reading().report, reading().claims, reading().unread))
    assert got[-3:] == ["  0-5        \u2068«سيطرت»\u2069", "             no trigger", ""]
    assert sum("because" in line for line in got) == 1


def test_a_link_names_the_other_claim_and_candidates_are_told_once():
    kept, refused = Candidate("C1", "Nassib", 0.9, "in Daraa"), Candidate("C2", "Nasib", 0.2, "far")
    where = place("معبر نصيب", "Nassib", id="C1", candidates=(kept, refused))
    first = takeover(places=(where, where))
    second = withdrawal(places=(where,), links=(Link("because", first.id),))
    got = "\n".join(explanation_of(reading().report, [first, second], []))
    assert got.count("refused  C2") == 1 and got.count("  place ") == 2
    assert f"  linked   because of takeover \u2068«سيطرت»\u2069 {first.id}" in got
