"""What a page shows: claims with their words, places with their states, all by number, and only what was asked for."""

from __future__ import annotations

import json
from contextlib import closing
from functools import cache

import pytest

from marsad import exhibit
from marsad.errors import UsageError
from marsad.exhibit import Asked, exhibit_of
from marsad.grounding.areas import area_of
from marsad.grounding.tessellation import cells_of
from marsad.holding import Ledger, atlas_of
from marsad.publish.page import page_of
from marsad.record.sensitive import mark
from marsad.record.store import open_record
from marsad.text.letters import fold
from newsroom import add, arrival, said, view

# The cells of a country take a second: once for all tests.
CELLS = cache(cells_of)
TAKEN = said("سيطرت قوات النظام على نصيب في 2018-07-06", by="أحمد الحوراني")
WEEK = {"first": "2018-07-04", "last": "2018-07-10"}


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    monkeypatch.setattr(exhibit, "cells_of", CELLS)


@pytest.fixture
def record(tmp_path):
    with closing(open_record(str(tmp_path / "observatory.marsad"))) as record:
        add(
            record,
            arrival(said("سيطرت الفصائل على نصيب في 2018-07-04"), "r1", published="2018-07-04", outlet="مرصد الجنوب"),
            arrival(TAKEN, "r2", published="2018-07-07", title="معبر نصيب", outlet="وكالة النهر"),
            arrival(said("انسحبت الفصائل من عندان في 2018-07-09"), "r3", published="2018-07-10"),
        )
        yield record


def claims_of(made, field):
    return made["claims"][field][: made["listed"]]


def test_the_words_of_a_claim_are_in_its_report(record):
    made = exhibit_of(view(record))
    for report, (start, end, *trigger) in zip(made["claims"]["report"], made["claims"]["span"], strict=True):
        text = made["reports"][report][5]
        assert text[start:end] and text[slice(*trigger)] in ("سيطرت", "انسحبت")


def test_spans_count_as_browsers_count(tmp_path):
    with closing(open_record(str(tmp_path / "other.marsad"))) as record:
        add(record, arrival(f"🔴🔴 عاجل. {TAKEN}", "r1", published="2018-07-07"))
        made = exhibit_of(view(record))
    text = made["reports"][0][5].encode("utf-16-le")
    start, end, *_ = made["claims"]["span"][0]
    assert text[2 * start : 2 * end].decode("utf-16-le") == TAKEN


def test_a_place_has_its_states_with_the_claims_for_and_against(record):
    made = exhibit_of(view(record))
    nasib = next(n for n, place in enumerate(made["places"]) if place[0] == "C5999")
    assert made["places"][nasib][1:4] == ["Nasib", "نصيب", "village"]
    states = [(state[0], state[1], [made["actors"][side][0] for side in state[5]]) for state in made["states"][nasib]]
    assert (0, "held", ["opposition"]) in states
    day, _, sides = states[-1]
    assert day >= 2 and "assad-gov" in sides
    evidence = {made["claims"]["id"][n] for state in made["states"][nasib] for n in (*state[10], *state[11])}
    assert len(evidence) == 2


def test_a_place_that_somebody_holds_has_a_cell_and_its_land_has_borders(record):
    made = exhibit_of(view(record))
    nasib = next(n for n, place in enumerate(made["places"]) if place[0] == "C5999")
    assert len(made["cells"][nasib][0][0]) > 6
    assert {("SY12", "درعا", 1), ("SY13", "السويداء", 1)} <= {(b[0], b[2], b[3]) for b in made["borders"]}


def test_a_line_that_is_disputed_is_told_from_the_others(record, monkeypatch, tmp_path):
    square = {"type": "Polygon", "coordinates": [[[36, 32], [37, 32], [37, 33], [36, 33], [36, 32]]]}
    told = [{"id": "SY12"}, {"name": "Zone"}, {"id": "SY13", "disputed": True}]
    features = [{"type": "Feature", "properties": one, "geometry": square} for one in told]
    (tmp_path / "sy.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert any("Natural Earth" in credit for credit in exhibit_of(view(record))["credits"])
    monkeypatch.setenv("MARSAD_BORDERS", str(tmp_path))
    made = exhibit_of(view(record))
    assert [border[3] for border in made["borders"]] == [1, 0, 0]
    assert made["credits"] and not any("Natural Earth" in credit for credit in made["credits"])


def test_days_are_those_of_the_reports_unless_others_are_asked_for(record):
    whole, part = exhibit_of(view(record)), exhibit_of(view(record), Asked(first="2018-07-05", last="2018-07-08"))
    assert (whole["first"], whole["last"], whole["listed"]) == ("2018-07-04", "2018-07-10", 3)
    assert (part["first"], part["last"], part["listed"]) == ("2018-07-05", "2018-07-08", 1)
    # What stands behind a state of these days is not listed, but can be opened.
    assert claims_of(whole, "id")[0] in part["claims"]["id"][part["listed"] :]
    assert exhibit_of(view(record), Asked(on="2018-07-06"))["on"] == 2


def test_only_an_area_and_only_sure_claims(record):
    daraa = exhibit_of(view(record), Asked(under="SY12", **WEEK))
    assert {place[0] for place in daraa["places"]} == {"C5999"} and daraa["listed"] == 2
    assert exhibit_of(view(record), Asked(certainty=0.9, **WEEK))["listed"] == 0
    assert exhibit_of(view(record), Asked(certainty=0.8, **WEEK))["listed"] == 3


@pytest.mark.parametrize(
    "asked", [{"first": "2018-07-09", "last": "2018-07-01"}, {"on": "2017-01-01"}, {"first": "July"}], ids=str
)
def test_days_that_do_not_fit_are_refused(record, asked):
    with pytest.raises(UsageError):
        exhibit_of(view(record), Asked(**asked))


def test_a_record_without_reports_says_so(tmp_path):
    with closing(open_record(str(tmp_path / "empty.marsad"))) as record, pytest.raises(UsageError, match="marsad add"):
        exhibit_of(view(record))


def test_what_the_viewer_may_not_see_is_not_in_the_page(record):
    with record.writing("mark") as writing:
        mark(writing, "source", "أحمد الحوراني", "pseudonym", None, "huda", "he asked for it")
        mark(writing, "place", "C5999", "blur", None, "huda", "a shelter")
    open_to_all = json.dumps(exhibit_of(view(record, "admin", area_of=area_of)), ensure_ascii=False)
    public = json.dumps(exhibit_of(view(record, "public", area_of=area_of)), ensure_ascii=False)
    assert "أحمد الحوراني" in open_to_all and "C5999" in open_to_all
    for hidden in ("أحمد", "الحوراني", "C5999", "نصيب", "Nasib", "32552", "36187"):
        assert hidden not in public, hidden


def test_the_same_record_gives_the_same(record):
    assert json.dumps(exhibit_of(view(record))) == json.dumps(exhibit_of(view(record)))


def test_letters_are_folded_as_the_reader_folds_them(record):
    letters, known = exhibit_of(view(record))["fold"]
    table = {ord(a): None if b == " " else b for a, b in zip(letters, known, strict=True)}
    for words in ("أحمد", "إدلب", "مُؤسَّسة الـهلال", "ضياءٌ ١٢٣", "علیٰ"):
        assert words.translate(table) == fold(words)


class Many:
    """A view of 5,000 claims in 600 reports of 2 KB, each place and day another."""

    known_by = None

    def __init__(self, whole, places):
        [self._claim, *_], [self._report, *_] = list(whole.claims()), list(whole.reports(text=True))
        self._places = places

    def reports(self, text=False):
        for n in range(600):
            words = " ".join(f"{chr(0x628 + (n * k) % 20)}كلمة{n * k % 997}" for k in range(1, 120))
            yield {**self._report, "id": f"r{n}", "text": f"{self._report['text']} {words}", "title": f"خبر {n}"}

    def claims(self):
        for n in range(5000):
            row = self._places[n * 7 % len(self._places)]
            place = {**self._claim["places"][0], "id": row.id, "name": row.name}
            when = f"2018-07-{n % 28 + 1:02}"
            yield {**self._claim, "id": f"{n:016x}", "report": f"r{n % 600}", "date": when, "places": [place]}


def test_five_thousand_claims_stay_under_five_megabytes(record, monkeypatch):
    from marsad.grounding.gazetteer import all_places

    towns = [row for row in all_places().rows.values() if row.country == "SY" and row.kind in ("town", "village")]
    many = Many(view(record), towns[::8])
    monkeypatch.setattr(exhibit, "ledger_of", lambda view: Ledger(atlas_of(view.claims())))
    made = exhibit_of(many, Asked(first="2018-07-01", last="2018-07-28"))
    assert made["listed"] == 5000 and len(made["cells"]) > 500
    assert len(page_of(made).encode("utf-8")) < 5e6
