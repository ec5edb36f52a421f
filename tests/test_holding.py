"""Between a record and the atlas: a claim as control is told it, and answers as rows with names, points and shares."""

from __future__ import annotations

from dataclasses import replace

import pytest

import marsad.holding
from control.told import block_of
from marsad.control.atlas import Atlas
from marsad.control.told import Told
from marsad.grounding.surroundings import around
from marsad.holding import Ledger, atlas_of, is_under, place_fields, told_of
from marsad.loading.control import control_rules
from marsad.publish.labels import of_actor

TAFAS, NASIB, DARAA, SUWAYDA = "C6034", "C5999", "SY12", "SY13"
# Settlements of the governorate of Daraa, and one of Aleppo.
SETTLEMENTS = ("C6034", "C5999", "C6030", "C6124", "C6058", "C6111", "C5992")
ANDAN = "C1121"


def place(id: str | None = TAFAS, **fields: object) -> dict[str, object]:
    name = place_fields(id)["name"] if id else "حرش"
    return {"text": name, "name": name, "role": "at", "id": id, "country": "SY", "extent": "", **fields}


def claim(**fields: object) -> dict[str, object]:
    """Return a claim as a view yields it."""
    given = {
        "id": "c1", "report": "r1", "type": "takeover", "status": "happened", "date": "2018-07-06",
        "published": "2018-07-07", "actors": [{"text": "قوات النظام", "id": "assad-gov"}], "targets": [],
        "places": [place()], "sites": [], "numbers": {}, "links": [], "certainty": 0.8, "verdict": "",
        "by": "reader", "origin": None, "outlet": "شبكة الوادي الإخبارية",
    }  # fmt: skip
    return given | fields


def told(**fields: object) -> Told:
    return told_of(claim(**fields), {})


def test_a_claim_is_told_with_its_day_its_parties_and_its_places():
    got = told(targets=[{"text": "الفصائل", "id": "opposition"}])
    assert (got.claim, got.type, got.status) == ("c1", "takeover", "happened")
    assert (got.actors, got.targets) == (("assad-gov",), ("opposition",))
    assert (got.start, got.until, got.published) == ("2018-07-06", "2018-07-06", "2018-07-07")
    [spot] = got.spots
    assert (spot.place, spot.role, spot.country, spot.is_area) == (TAFAS, "at", "SY", False)


@pytest.mark.parametrize(
    ("date", "days"), [("2018-07-01/2018-07-05", ("2018-07-01", "2018-07-05")), (None, ("", "")), ("", ("", ""))]
)
def test_days_are_the_first_and_the_last_and_none_where_none_is_told(date, days):
    got = told(date=date)
    assert (got.start, got.until) == days


def test_what_nobody_dated_or_published_is_told_without_a_day():
    got = told(date=None, published=None, outlet=None)
    assert (got.start, got.published, got.voice, got.partisan) == ("", "", "", "")


def test_parties_without_an_id_are_left_out_and_one_of_two_names_is_told_once():
    got = told(actors=[{"text": "مسلحون", "id": None}, {"id": "hts"}, {"id": "hts"}, {"id": "sna"}])
    assert got.actors == ("hts", "sna")


def test_places_without_an_id_are_left_out():
    assert told(places=[place(None), place(NASIB)]).spots == (told(places=[place(NASIB)]).spots)


@pytest.mark.parametrize(
    ("share", "number"),
    [
        (0.9, 0.9), (1, 1.0), ("0.9", 0.9), (">0.9", 0.9), (">=0.75", 0.75), ("<0.1", 0.1), ("~0.5", 0.5),
        ("half", None), ("", None), (None, None), (0, None), (1.5, None), (-0.2, None), ("90%", None), ([0.5], None),
    ],
    ids=str,
)  # fmt: skip
def test_a_share_is_a_number_whatever_sign_stands_before_it_and_none_where_it_is_none(share, number):
    assert told(numbers={"share": share}).share == number


def test_without_a_share_none_is_told():
    assert told(numbers={"killed": 3}).share is None


@pytest.mark.parametrize("kind", sorted(control_rules().sites & {"prison", "checkpoint", "air base", "hospital"}))
def test_a_site_in_a_town_is_a_place_of_its_own_beside_it(kind):
    got = told(places=[place(extent="site")], sites=[{"text": "حاجز", "kind": kind}])
    assert [(s.place, s.role, s.extent) for s in got.spots] == [
        (TAFAS, "at", "site"), (f"{TAFAS}/{kind}", "at", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "sites"),
    [
        ({"extent": ""}, [{"text": "سجن", "kind": "prison"}]),
        ({"extent": "site"}, [{"text": "شارع", "kind": "street"}]),
        ({"extent": "site"}, []),
        ({"extent": "site", "id": DARAA, "name": "Daraa Governorate"}, [{"text": "سجن", "kind": "prison"}]),
    ],
    ids=["the town itself", "a kind that nobody holds", "no site", "somewhere in a governorate"],
)
def test_no_other_site_is_a_place_of_its_own(fields, sites):
    assert [s.place for s in told(places=[place(**fields)], sites=sites).spots] == [fields.get("id", TAFAS)]


def test_the_governorate_is_told_of_a_place_that_alone_is_held():
    [only], [plain] = told(places=[place(extent="only")]).spots, told(places=[place()]).spots
    assert (only.within, plain.within) == (DARAA, "")


@pytest.mark.parametrize(("id", "area"), [(DARAA, True), ("SY1200", True), (TAFAS, False), ("SY", True)])
def test_areas_are_told_apart_from_towns(id, area):
    assert [spot.is_area for spot in told(places=[place(id)]).spots] == [area]


@pytest.mark.parametrize(
    ("name", "role"),
    [("Tafas", "at"), ("Tafas town", "at"), ("south of Tafas", "near"), ("countryside of Tafas", "near")],
)
def test_what_lies_beside_a_place_is_near_it(name, role):
    assert [spot.role for spot in told(places=[place(name=name)]).spots] == [role]


def test_a_place_that_the_gazetteer_does_not_know_is_what_its_words_say():
    [spot] = told(places=[{**place(), "id": "mine-1", "name": "خربة الوادي"}]).spots
    assert (spot.place, spot.role, spot.is_area) == ("mine-1", "at", False)


@pytest.mark.parametrize("verdict", ["accepted", "corrected"])
def test_what_a_reviewer_found_right_is_sure(verdict):
    got = told(verdict=verdict, certainty=0.3)
    assert (got.sure, got.reviewed) == (1.0, True)


def test_what_a_person_wrote_is_sure():
    got = told(by="person", certainty=0.3)
    assert (got.sure, got.reviewed) == (1.0, True)


def test_what_a_reviewer_was_unsure_of_counts_less_and_is_not_reviewed():
    got = told(verdict="unsure")
    assert got.sure < told().sure == 0.8 and not got.reviewed


def test_how_much_less_it_counts_stands_in_the_codebook(monkeypatch):
    rules = replace(control_rules(), factor={**control_rules().factor, "unsure": 0.1})
    monkeypatch.setattr(marsad.holding, "control_rules", lambda: rules)
    assert told(verdict="unsure").sure == pytest.approx(0.08)


def test_the_voice_is_the_outlet_or_the_source_that_it_names():
    plain, named = told(), told(origin="مرصد الجنوب")
    assert plain.voice and named.voice and plain.voice != named.voice
    assert told(outlet="مرصد الجنوب").voice == named.voice


def test_a_voice_is_one_in_all_its_spellings():
    assert told(outlet="المرصد السوري").voice == told(outlet="الـمَرصد السوري").voice


def test_a_copied_text_is_the_voice_of_the_original_unless_it_names_another():
    copied = told_of(claim(), {"r1": "وكالة النهر"})
    assert copied.voice == told(outlet="وكالة النهر").voice
    assert told_of(claim(origin="مرصد الجنوب"), {"r1": "وكالة النهر"}).voice == told(origin="مرصد الجنوب").voice
    assert told_of(claim(), {"r2": "وكالة النهر"}).voice == told().voice


@pytest.mark.parametrize(
    ("day", "side"), [("2018-07-06", "assad-gov"), ("2024-12-07", "assad-gov"), ("2025-01-10", "syria-transitional")]
)
def test_an_outlet_of_a_side_is_partisan_on_the_day_that_is_told(day, side):
    assert told(outlet="سانا", date=day, published=day).partisan == side


def test_a_spokesman_is_partisan_and_a_monitor_is_not():
    assert told(origin="ناطق باسم قوات النظام").partisan == "assad-gov"
    assert told(outlet="المرصد السوري لحقوق الإنسان").partisan == ""


def test_what_came_before_in_the_same_report_is_told():
    links = [{"kind": "after", "claim": "c0"}, {"kind": "because", "claim": "c9"}]
    assert told(links=links).after == ("c0",)


def test_the_atlas_of_claims_is_that_of_what_they_tell():
    claims = [claim(), claim(id="c2", outlet="وكالة النهر"), claim(id="c3", report="r2", places=[place(NASIB)])]
    atlas = atlas_of(claims)
    assert atlas.places == [NASIB, TAFAS]
    holding = atlas.on(TAFAS, "2018-07-06")
    assert holding and (holding.state.status, holding.state.side, holding.state.voices) == ("held", "assad-gov", 2)
    copies = atlas_of(claims, {"r1": "وكالة النهر"}).on(TAFAS, "2018-07-06")
    assert copies and copies.state.voices == 1


def ledger(*lines: str, level: str = "group") -> Ledger:
    return Ledger(Atlas.of(block_of(lines).told, around), level)


def twice(day: str, words: str, more: str = "") -> tuple[str, ...]:
    return tuple(f"{day} {words} says {voice} {more}".strip() for voice in "AB")


TAKEN = twice("2018-07-06", f"takeover at {TAFAS} by assad-gov")
HELD = twice("2018-06-01", f"control at {TAFAS} by opposition")


def test_a_row_has_the_place_who_holds_it_since_when_and_by_which_claims():
    [row] = ledger(*HELD, *TAKEN).on("2018-07-10")
    assert (row["place"], row["name"], row["name_ar"], row["admin1"]) == (TAFAS, "Tafas", "طفس", "Daraa Governorate")
    assert (row["kind"], row["country"]) == ("town", "SY") and 32 < row["lat"] < 33 < 36 <= row["lon"] < 37
    assert (row["status"], row["holder"], row["holders"]) == ("held", "assad-gov", ["assad-gov"])
    assert (row["since"], row["began"], row["until"]) == ("2018-07-06", "told", None)
    assert (row["evidence"], row["against"], row["sources"]) == (["c2", "c3"], [], 2)
    assert (row["age_days"], row["basis"], row["share"]) == (4, "asserted", None)
    assert 0 < row["confidence"] < 1


def test_until_is_the_last_day_of_the_state_and_a_first_hearing_is_no_beginning():
    [row] = ledger(*HELD, *TAKEN).on("2018-06-10")
    assert (row["holder"], row["until"], row["began"]) == ("opposition", "2018-07-05", "first heard of")


def test_rows_come_by_governorate_and_name():
    lines = [line for id in (*SETTLEMENTS, ANDAN) for line in twice("2018-07-06", f"control at {id} by hts")]
    rows = list(ledger(*lines).on("2018-07-10"))
    assert [row["admin1"] for row in rows] == ["Aleppo Governorate"] + ["Daraa Governorate"] * len(SETTLEMENTS)
    assert [row["name"] for row in rows[1:]] == sorted(row["name"] for row in rows[1:])


@pytest.mark.parametrize(
    ("under", "places"),
    [
        (None, {TAFAS, ANDAN}), (DARAA, {TAFAS}), ("SY02", {ANDAN}), ("SY", {TAFAS, ANDAN}), ("YE", set()),
        (TAFAS, {TAFAS}), ("SY1200", {TAFAS}),
    ],
)  # fmt: skip
def test_only_what_lies_in_an_area_or_country_is_shown(under, places):
    asked = ledger(*TAKEN, *twice("2018-07-06", f"takeover at {ANDAN} by hts"))
    assert {row["place"] for row in asked.on("2018-07-10", under=under)} == places
    assert {row["place"] for row in asked.changes("", "9999", under)} == places


def test_only_the_places_that_are_asked_for_are_shown_and_of_the_unheard_of_none():
    asked = ledger(*TAKEN, *twice("2018-07-06", f"takeover at {ANDAN} by hts"))
    assert [row["place"] for row in asked.on("2018-07-10", [ANDAN, NASIB])] == [ANDAN]


@pytest.mark.parametrize(
    ("level", "holders"),
    [("group", ["hezbollah", "iran", "assad-gov"]), ("coalition", ["iran", "assad-gov"]), ("side", ["assad-gov"])],
)
def test_holders_begin_at_the_level_that_is_asked_for(level, holders):
    [row] = ledger(*twice("2018-07-06", f"takeover at {TAFAS} by hezbollah"), level=level).on("2018-07-10")
    assert (row["holder"], row["holders"]) == (holders[0], holders)


def test_of_a_contested_place_the_others_stand_behind_the_leader():
    lines = [f"2018-07-06 takeover at {TAFAS} by isis says A", f"2018-07-06 takeover at {TAFAS} by russia says B"]
    [row] = ledger(*lines).on("2018-07-06")
    assert (row["status"], row["holder"], row["holders"]) == ("contested", "russia", ["russia", "assad-gov", "isis"])


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (twice("2018-07-06", f"withdrawal from {TAFAS} by opposition"), "vacated"),
        ((f"2018-07-06 arrest at {TAFAS} by isis sure 0.1",), "unknown"),
    ],
)
def test_where_nobody_holds_nobody_is_named(lines, status):
    [row] = ledger(*lines).on("2018-07-06")
    assert (row["status"], row["holder"], row["holders"]) == (status, None, [])


def test_a_site_has_the_point_of_its_place_and_its_kind_in_its_name():
    [row] = ledger(*twice("2018-07-06", f"takeover at {TAFAS}/prison by hts")).on("2018-07-06")
    assert (row["name"], row["kind"], row["admin1"]) == ("prison in Tafas", "prison", "Daraa Governorate")
    assert row["lat"] == place_fields(TAFAS)["lat"]


def test_a_place_that_no_gazetteer_knows_keeps_its_id_and_has_no_point():
    [row] = ledger(*twice("2018-07-06", "takeover at mine-1 by hts")).on("2018-07-06")
    assert (row["place"], row["name"], row["lat"], row["admin1"]) == ("mine-1", "mine-1", None, None)
    assert not is_under("mine-1", DARAA) and is_under("mine-1", None)


def shares(*places_of: str, told: str = "0.9") -> dict[str, object]:
    """Return the share of Daraa's row where `places_of` names who holds each settlement, in order."""
    lines = [f"2018-07-06 control at {DARAA}* by opposition share {told} says {voice}" for voice in "AB"]
    for id, side in zip(SETTLEMENTS, places_of, strict=False):
        lines += twice("2018-07-06", f"takeover at {id} by {side}")
    [row] = ledger(*lines).on("2018-07-06", [DARAA])
    return row["share"]


def test_the_share_that_is_told_stands_beside_that_of_the_places_with_evidence():
    got = shares("opposition", "opposition", "opposition", "opposition", "assad-gov")
    assert (got["claimed"], got["counted"], got["places"], got["differ"]) == (0.9, 0.8, 5, False)
    assert got["claim"] in ("c0", "c1")


def test_where_the_two_shares_are_far_apart_the_row_says_that_they_differ():
    got = shares("opposition", "assad-gov", "assad-gov", "assad-gov", "opposition", "opposition")
    assert (got["counted"], got["differ"]) == (0.5, True)


def test_of_too_few_places_no_share_is_counted():
    got = shares("opposition", "assad-gov")
    assert (got["claimed"], got["counted"], got["places"], got["differ"]) == (0.9, None, 2, False)


def test_a_town_has_no_share_and_neither_has_an_area_of_which_none_is_told_and_few_places_are_known():
    rows = list(ledger(*TAKEN, *twice("2018-07-06", f"control at {DARAA}*:all by assad-gov")).on("2018-07-06"))
    assert {row["place"]: row["share"] for row in rows} == {DARAA: None, TAFAS: None}


def test_the_history_of_a_place_has_each_change_with_the_claims_that_made_it():
    first, second = ledger(*HELD, *TAKEN).history(TAFAS)
    assert (first["day"], first["status_before"], first["holder_before"], first["holder"]) == (
        "2018-06-01", "unknown", None, "opposition",
    )  # fmt: skip
    assert (second["day"], second["holder_before"], second["holder"]) == ("2018-07-06", "opposition", "assad-gov")
    assert (first["evidence"], second["evidence"]) == (["c0", "c1"], ["c2", "c3"])
    assert [row["day"] for row in ledger(*HELD, *TAKEN).history(TAFAS, "2018-07-05")] == ["2018-06-01"]
    assert list(ledger(*HELD).history(NASIB)) == []


def test_changes_come_by_day_then_by_governorate_and_name():
    lines = [line for id in (NASIB, TAFAS, ANDAN) for line in twice("2018-07-06", f"takeover at {id} by hts")]
    rows = list(ledger(*lines, *twice("2018-07-04", f"takeover at {SETTLEMENTS[2]} by hts")).changes("", "9999"))
    assert [(row["day"], row["name"]) for row in rows] == [
        ("2018-07-04", "Da'el"), ("2018-07-06", "Andan"), ("2018-07-06", "Nasib"), ("2018-07-06", "Tafas"),
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "last", "count"), [("2018-07-06", "2018-07-06", 1), ("2018-07-07", "9999", 0)])
def test_changes_are_those_of_the_days_that_are_asked_for(first, last, count):
    assert len(list(ledger(*HELD, *TAKEN).changes(first, last))) == count


def test_the_argument_names_each_testimony_for_and_against_the_newest_first():
    asked = ledger(*HELD, *TAKEN, f"2018-07-08 control at {TAFAS} by opposition says C sure 0.3")
    row, said = asked.argument(TAFAS, "2018-07-08")
    assert (row["holder"], row["sides"]) == ("assad-gov", ["assad-gov"])
    assert (said[0]["speaks"], said[0]["claim"]) == ("against", "c4")
    assert {t["claim"] for t in said if t["speaks"] == "for"} == {"c2", "c3"}
    for t in said:
        assert (t["place"], t["place_ar"], t["area"]) == ("Tafas", "طفس", None)
        assert 0 < t["weight"] < 1 and t["rule"] in control_rules().why and of_actor(t["actor"])


def test_the_argument_names_the_area_of_which_it_was_said():
    [row, said] = ledger(*twice("2018-07-06", f"control at {DARAA}*:all by assad-gov")).argument(TAFAS, "2018-07-06")
    assert row["basis"] == "inferred" and {t["area"] for t in said} == {"Daraa Governorate"}


def test_the_argument_of_what_is_not_known_is_empty():
    row, said = ledger(*TAKEN).argument(NASIB, "2018-07-08")
    assert (row["status"], row["holder"], row["since"], row["confidence"], said) == ("unknown", None, None, 0.0, [])
    assert ledger(*TAKEN).argument(TAFAS, "2018-06-01")[0]["status"] == "unknown"
