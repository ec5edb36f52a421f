"""Lists for people: every row told in lines of a terminal, right-to-left safe, whatever is missing in it."""

from __future__ import annotations

import unicodedata

import pytest

from marsad.publish.cells import width_of
from marsad.publish.lists import claim_lines, hit_lines, incident_lines, incident_page, report_lines
from marsad.publish.table import WIDTH

PLACE = {"id": "p1", "name": "Da'el", "admin1": "Daraa Governorate", "country": "SY"}
REPORT = {"id": "r1", "version": 1, "title": "قصف داعل", "outlet": "مرصد الجنوب", "published": "2018-07-05",
          "claims": 2, "copy_of": [], "lead": False}  # fmt: skip
CLAIM = {"id": "0123456789abcdef", "type": "shelling", "status": "happened", "date": "2018-07-05", "places": [PLACE],
         "actors": [{"text": "قوات النظام"}], "targets": [{"text": "مدنيين"}], "sources": ["ناشط"], "outlet": "مرصد",
         "evidence": "قصفت قوات النظام داعل", "verdict": "", "report": "r1", "published": "2018-07-05"}  # fmt: skip
INCIDENT = {
    "id": "i0123456789a", "type": "shelling", "status": "happened", "date": "2018-07-05", "places": [PLACE],
    "actors": [{"text": "قوات النظام"}], "targets": [], "certainty": 0.9, "claims": ["c1", "c2"],
    "numbers": {"killed": {"low": 3, "high": 5, "by": [{"value": 3, "source": "مرصد"},
                                                       {"value": 5, "source": "وكالة"}]}},
    "reports": ["r1", "r2"],
    "independent_sources": 2, "sources": ["مرصد", "وكالة"],
    "contradictions": [{"kind": "count", "field": "numbers.killed",
                        "values": [{"value": 3, "sources": ["مرصد"]}, {"value": 5, "sources": ["وكالة"]}]}],
}  # fmt: skip
PAGE = {
    **INCIDENT, "voices": [{"name": "مرصد", "claims": ["c1"]}, {"name": "وكالة", "claims": ["c2"]}],
    "told": [{**CLAIM, "id": "c1"}, {**CLAIM, "id": "c2", "report": "r2", "published": None}],
    "why": {"c1": {"by": "fusion", "reasons": ["the first to tell it"]},
            "c2": {"by": "fusion", "reasons": ["same day"]}},
}  # fmt: skip


def line_with(lines, words):
    return next(line for line in lines if words in line)


def test_a_report_is_one_line():
    head, rule, line = report_lines([REPORT])
    assert head.split() == ["ID", "PUBLISHED", "CLAIMS", "OUTLET", "TITLE"] and set(rule) == {"─"}
    assert all(words in line for words in ("r1", "2018-07-05", "2", "مرصد الجنوب", "قصف داعل"))


def test_a_report_says_that_it_is_a_copy_a_lead_and_how_many_versions_it_has():
    line = list(report_lines([{**REPORT, "copy_of": ["r0"], "lead": True, "version": 3}]))[-1]
    assert line.endswith("(copy) (lead) (version 3)")


def test_a_report_without_day_outlet_or_title_is_told():
    assert "no date" in list(report_lines([{**REPORT, "published": None, "outlet": None, "title": None}]))[-1]


def test_a_claim_is_two_lines_what_and_who_says_so():
    *_, what, words = claim_lines([CLAIM])
    assert all(part in what for part in ("0123456789abcdef", "shelling", "Da'el", "قوات النظام → مدنيين"))
    assert "«قصفت قوات النظام داعل»" in words and "— ناشط" in words


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"status": "called_for"}, "shelling (called for)"),
        ({"places": []}, "no place"),
        ({"sources": []}, "— مرصد"),
        ({"sources": ["مرصد", "ناشط"]}, "— مرصد < ناشط"),
        ({"verdict": "accepted"}, "[accepted]"),
        ({"date": None}, "no date"),
    ],
)
def test_a_claim_says_what_is_particular_of_it(fields, shown):
    assert shown in "\n".join(claim_lines([{**CLAIM, **fields}]))


def test_an_incident_says_its_range_its_voices_and_what_they_disagree_on():
    lines = list(incident_lines([INCIDENT]))
    assert "killed 3 to 5" in line_with(lines, "2 claims, 2 independent: مرصد، وكالة")
    dispute = line_with(lines, "!")
    assert "how many: 3" in dispute and "/ 5" in dispute and "— وكالة" in dispute


@pytest.mark.parametrize(
    ("low", "high", "shown"), [(3, 3, "killed 3"), (3, 5, "killed 3 to 5"), (3, None, "killed 3 or more")]
)
def test_a_count_is_shown_as_the_range_that_it_is(low, high, shown):
    counted = {**INCIDENT, "numbers": {"killed": {"low": low, "high": high, "by": []}}}
    assert line_with(incident_lines([counted]), "independent").endswith(shown)


def test_an_incident_whole_gives_each_voice_its_claims():
    lines = list(incident_page(PAGE))
    assert "certainty 0.90; 2 reports, 2 independent sources" in lines
    assert "killed: 3 to 5" in line_with(lines, "killed:")
    first, second = (next(n for n, line in enumerate(lines) if f"  {id}  " in line) for id in ("c1", "c2"))
    assert "مرصد" in lines[first - 1] and "وكالة" in lines[second - 1]
    assert "in r1 (published 2018-07-05)" in lines[first] and "in r2 (no date)" in lines[second]
    assert not any("in it by" in line for line in lines)


def test_an_incident_says_why_each_claim_is_in_it_when_asked():
    lines = list(incident_page(PAGE, why=True))
    assert [line.strip() for line in lines if "in it by" in line] == [
        "in it by fusion: the first to tell it", "in it by fusion: same day"
    ]  # fmt: skip


def test_a_claim_of_an_incident_that_is_claimed_no_more_is_named():
    lines = list(incident_page({**PAGE, "told": PAGE["told"][:1]}, why=True))
    assert "c2  is claimed no more" in line_with(lines, "c2")


def test_a_hit_shows_what_it_is_and_its_excerpt():
    report = {"kind": "report", "id": "r1", "title": "قصف داعل", "published": None, "excerpt": "قصفت [داعل]"}
    claim = {
        "kind": "claim",
        "id": "c1",
        "type": "shelling",
        "date": "2018-07-05",
        "published": None,
        "excerpt": "[داعل]",
    }
    lines = list(hit_lines([report, claim]))
    assert "no date" in lines[0] and "قصف داعل" in lines[0] and "قصفت [داعل]" in lines[1]
    assert "2018-07-05" in lines[2] and "shelling" in lines[2]


@pytest.mark.parametrize("lines_of", [report_lines, claim_lines, incident_lines])
def test_an_empty_list_is_its_head(lines_of):
    assert len(list(lines_of([]))) == 2


@pytest.mark.parametrize(
    ("lines_of", "row"),
    [(report_lines, REPORT), (claim_lines, CLAIM), (incident_lines, INCIDENT), (incident_page, PAGE)],
)
def test_no_text_moves_its_neighbours_or_the_cursor(lines_of, row):
    wild = "\u202e سطر\nثان \x1b[31m \u2066"
    said = {key: wild for key in ("title", "outlet", "evidence") if key in row}
    said |= {"sources": [wild]} if "sources" in row else {}
    said |= {"voices": [{"name": wild, "claims": ["c1"]}]} if "voices" in row else {}
    given = {**row, **said}
    for line in lines_of(given if lines_of is incident_page else [given]):
        assert not set(line) & set("\n\u202e\u2066\x1b")
        assert line.count("\u2068") == line.count("\u2069")


def test_the_columns_of_a_list_stand_below_each_other():
    rows = [REPORT, {**REPORT, "outlet": "a very long name of an outlet that has to be cut somewhere", "claims": 12}]
    *_, one, other = report_lines(rows)
    plain = ["".join(c for c in line if unicodedata.category(c) != "Cf") for line in (one, other)]
    assert plain[0].index("قصف") == plain[1].index("قصف")
    assert all(width_of(line) <= WIDTH + 20 for line in plain)
