"""`marsad digest`: of a day or a period, in both languages and each form, and what changed in it since."""

from __future__ import annotations

import argparse
from contextlib import closing

import pytest

from marsad.digesting import Period, digest_of
from marsad.errors import UsageError
from marsad.faces import digesting
from marsad.faces.opening import add_record_options
from marsad.judging import guide
from marsad.record.asof import moment_of
from marsad.record.deciding import decide_claim
from marsad.record.store import open_record
from marsad.record.summing import Member, summary_of
from newsroom import add, arrival, now_of, said, view


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Give the address of a record of two days, and a time after which a claim was rejected and a report came in."""
    address = str(tmp_path_factory.mktemp("digest") / "observatory.marsad")
    with closing(open_record(address)) as record:
        taken = "سيطرت قوات النظام على داعل في 2018-07-05"
        add(record, arrival(said(taken, beside=0), "خبر-1", outlet="مرصد الجنوب", published="2018-07-06"))
        shelled = said("قصفت قوات النظام نصيب في 2018-07-06", killed=3, beside=1)
        add(record, arrival(shelled, "خبر-2", outlet="وكالة النهر", published="2018-07-06"))
        wrong = said("قصفت الفصائل الطيبة في 2018-07-06", beside=2)
        add(record, arrival(wrong, "خبر-3", outlet="شبكة الوادي", published="2018-07-06"))
        then = now_of(record)
        [claim] = [claim for claim in view(record).claims() if claim["report"] == "خبر-3"]
        with record.writing("review", "test") as writing:
            decide_claim(writing, claim["id"], "reject", "سلمى", "صورة قديمة", None, guide=guide())
        late = said("سيطرت الفصائل على عندان في 2018-07-06", beside=3)
        add(record, arrival(late, "خبر-4", outlet="مرصد الجنوب", published="2018-07-06"))
    return address, moment_of(then).isoformat()


@pytest.fixture
def digest(filled, capsys, monkeypatch):
    """Give what runs the command on the record and returns what it printed."""
    monkeypatch.setenv("MARSAD_ROLE", "reviewer")
    monkeypatch.setenv("MARSAD_PERSON", "سلمى")
    parser = argparse.ArgumentParser()
    add_record_options(parser, top=True)
    digesting.add_commands(parser.add_subparsers(required=True))

    def run(*words):
        asked = parser.parse_args(["--record", filled[0], "digest", *words])
        assert asked.run(asked) == 0
        return capsys.readouterr().out.replace("\u2068", "").replace("\u2069", "")

    return run


def test_the_newest_day_is_told_in_arabic(digest):
    text = digest()
    assert text.startswith("نشرة يوم الجمعة 6 تموز/يوليو 2018\n")
    assert "محافظة درعا" in text and "3 قتلى" in text and "وكالة النهر" in text
    assert "الطيبة" not in text


def test_a_day_and_a_period_are_asked_for(digest):
    assert "قوات النظام" in digest("--on", "2018-07-05") and "داعل" in digest("--on", "2018-07-05")
    week = digest("--from", "2018-07-01", "--to", "2018-07-06", "--lang", "en")
    assert week.startswith("Digest of 1 to 6 July 2018") and "Da'el" in week and "on 6 July" in week


def test_both_languages_stand_one_after_the_other(digest):
    text = digest("--lang", "both")
    assert text.index("نشرة يوم") < text.index("Digest of Friday 6 July 2018")


def test_only_an_area_or_what_is_sure_or_reviewed_is_told(digest):
    assert "عندان" not in digest("--under", "درعا") and "عندان" in digest("--under", "حلب")
    assert "قصف" not in digest("--min", "0.99") and "قصف" not in digest("--reviewed")


@pytest.mark.parametrize(
    "words",
    [
        ["--on", "2018-07-06", "--from", "2018-07-01", "--to", "2018-07-02"], ["--from", "2018-07-01"],
        ["--from", "2018-07-02", "--to", "2018-07-01"], ["--as", "docx"], ["--on", "yesterday"],
        ["--under", "لا مكان"], ["--diff", "yesterday"], ["--as", "docx", "--out", "/no/such/folder/x.docx"],
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(digest, words):
    with pytest.raises(UsageError):
        digest(*words)


def test_each_form_is_written(digest, tmp_path):
    page, paper = tmp_path / "d.html", tmp_path / "d.docx"
    digest("--as", "html", "--out", str(page))
    assert "<details" in page.read_text("utf-8") and "وقتل 3 مدنيين" in page.read_text("utf-8")
    digest("--as", "docx", "--out", str(paper))
    first = paper.read_bytes()
    digest("--as", "docx", "--out", str(paper))
    assert first[:2] == b"PK" and paper.read_bytes() == first
    assert "[^1-1]" in digest("--as", "md")


def test_what_changed_since_is_told_with_the_reason(digest, filled):
    text = digest("--diff", filled[1])
    assert text.startswith("ما تغير في نشرة يوم الجمعة 6 تموز/يوليو 2018 منذ نهاية")
    new, gone = text.split("ما لم يعد يقال")
    assert "عندان" in new and "الطيبة" in gone and "(رفضه مراجع: صورة قديمة)" in gone
    assert "a reviewer rejected it: صورة قديمة" in digest("--diff", filled[1], "--lang", "en")


def test_what_changed_hands_rests_on_reviewed_claims_alone_where_only_these_are_asked_for(filled, digest):
    assert "عندان" in digest() and "عندان" not in digest("--reviewed")
    with closing(open_record(filled[0])) as record:
        [claim] = [claim for claim in view(record).claims() if claim["report"] == "خبر-4"]
        with record.writing("review", "test") as writing:
            decide_claim(writing, claim["id"], "accept", "سلمى", "", None, guide=guide())
    told = digest("--reviewed")
    assert "عندان" in told and "نصيب" not in told and told.rstrip().endswith("راجعها إنسان وقبلها كلها.")


PLACES = {
    "Da'el": ("C6030", "Daraa Governorate", 32.7544, 36.1311, 3.0), "Andan": ("C1121", "Aleppo Governorate", 36.2922,
    37.0443, 3.0), "Daraa Governorate": ("SY12", "Daraa Governorate", 32.6, 36.1, 50.0), "Syria": ("SY", None, 35.0,
    38.0, 300.0),
}  # fmt: skip


def told(id, place="Da'el", type="attack", actor="isis", role="at", **fields):
    """Give a claim as a view yields it."""
    places = []
    if place:
        key, admin1, lat, lon, radius = PLACES[place]
        places = [{"id": key, "name": place, "admin1": admin1, "country": "SY", "lat": lat, "lon": lon, "text": place,
                   "radius_km": radius, "role": role, "extent": ""}]  # fmt: skip
    given = {
        "id": id, "type": type, "status": "happened", "actors": [{"id": actor, "text": actor}] if actor else [],
        "targets": [], "places": places, "sites": [], "date": "2018-07-06", "numbers": {}, "sources": [],
        "certainty": 0.9, "evidence": "نص", "why": [], "links": [], "report": f"r{id}", "outlet": f"صحيفة {id}",
        "origin": f"صحيفة {id}", "published": "2018-07-06", "verdict": "", "by": "reader",
    }  # fmt: skip
    return {**given, **fields}


class Desk:
    """A view of these claims, all of one incident; `by` brought them together."""

    known_by = 1

    def __init__(self, *claims, by="fusion"):
        self._claims, self._by = claims, by

    def claims(self, filters=None):
        return [c for c in self._claims if not filters or not filters.ids or c["id"] in filters.ids]

    def told(self, ids):
        wanted = set(ids)
        return {c["id"]: c for c in self._claims if c["id"] in wanted}

    def incidents(self, filters):
        members = [Member(n, c, c["report"], c["outlet"], c["published"], None) for n, c in enumerate(self._claims)]
        summed = summary_of("i1", members, lambda a, b: False)
        return [summed] if not filters.type or summed["type"] in filters.type else []

    def incident(self, id):
        return {"why": {claim["id"]: {"by": self._by} for claim in self._claims}}

    def originals(self):
        return {}

    def sees_all(self):
        return True


def digested(*claims, by="fusion", **said):
    """Give what is told of these claims, by governorate, and how many incidents were left out."""
    found = digest_of(Desk(*claims, by=by), Period("2018-07-06", "2018-07-06"), **said)
    kinds = ("turns", "fighting", "people", "talks")
    return {area["admin1"]: [row for kind in kinds for row in area[kind]] for area in found["areas"]}, found["left_out"]


def test_what_is_told_of_two_places_is_told_apart_unless_a_person_brought_it_together():
    claims = told("a"), told("b"), told("c", "Andan", numbers={"killed": 9})
    areas, _ = digested(*claims)
    assert [row["claims"] for row in areas["Daraa Governorate"]] == [["a", "b"]]
    [north] = areas["Aleppo Governorate"]
    assert north["claims"] == ["c"] and north["numbers"]["killed"]["by"][0]["value"] == 9 and len(north["voices"]) == 1
    [together] = digested(*claims, by="person")[0].values()
    assert together[0]["claims"] == ["a", "b", "c"]


def test_what_is_told_apart_is_as_sure_as_is_asked_for():
    areas, left_out = digested(told("a"), told("c", "Andan", certainty=0.5), certainty=0.8)
    assert list(areas) == ["Daraa Governorate"] and left_out == 0


def test_what_names_an_area_is_told_with_a_place_in_it_and_what_names_a_country_with_its_own_report():
    [[row]] = digested(told("a"), told("b", "Daraa Governorate"), told("c", "Syria", report="ra"))[0].values()
    assert row["claims"] == ["a", "b", "c"]
    areas, _ = digested(told("a"), told("b", "Syria"))
    assert {name: [row["claims"] for row in rows] for name, rows in areas.items()} == {
        "Daraa Governorate": [["a"]], "": [["b"]],
    }  # fmt: skip


def test_acts_of_two_kinds_with_doers_are_told_apart_and_a_killing_that_repeats_the_dead_is_not():
    fight = told("a", type="clash", numbers={"killed": 9}), told("b", type="clash")
    executed = told("c", type="killing", numbers={"killed": "tens"})
    [rows] = digested(*fight, executed)[0].values()
    assert [(row["type"], row["claims"]) for row in rows] == [("clash", ["a", "b"]), ("killing", ["c"])]
    again = told("c", type="killing", numbers={"killed": 9}), told("d", type="killing", actor=None)
    [[row]] = digested(*fight, *again)[0].values()
    assert row["claims"] == ["a", "b", "c", "d"]


def test_who_denies_it_of_somebody_else_denies_another_act():
    denied = {"status": "denied"}
    [rows] = digested(told("a"), told("b", actor="assad-gov", **denied))[0].values()
    assert [(row["status"], row["contradictions"]) for row in rows] == [("happened", []), ("denied", [])]
    [[row]] = digested(told("a"), told("b", **denied))[0].values()
    assert [dispute["kind"] for dispute in row["contradictions"]] == ["denied"]


def test_a_plan_is_not_told_as_what_happened():
    civilians = [{"id": "civilians", "text": "مدنيين"}]
    [[row]] = digested(told("a"), told("b", status="planned", targets=civilians))[0].values()
    assert (row["status"], row["claims"], row["targets"]) == ("happened", ["a"], [])
    [[plan]] = digested(told("a", status="planned"), told("b", status="planned"))[0].values()
    assert (plan["status"], plan["claims"]) == ("planned", ["a", "b"])


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({"date": "2018-07-01/2018-07-07"}, True), ({"date": "2018-06-01/2018-07-07"}, False),
        ({"date": "2018-06-10/2018-07-07", "status": "ongoing"}, True),
        ({"date": "2013-01-01/2018-07-07", "status": "ongoing"}, False),
        ({"place": None}, False), ({"place": "Syria"}, True), ({"place": "Syria", "actor": None}, False),
        ({"place": None, "targets": [{"id": "civilians", "text": "مدنيين"}]}, True),
        ({"status": "planned", "actor": None}, False), ({"type": "negotiation", "actor": None}, False),
        ({"type": "negotiation", "place": None}, True), ({"type": "demand"}, False),
        ({"type": "demand", "role": "to"}, True),
    ],
)  # fmt: skip
def test_what_says_too_little_is_left_out_and_counted(fields, is_told):
    areas, left_out = digested(told("a", **fields))
    assert (bool(areas), left_out) == (is_told, int(not is_told))


def test_what_a_report_tells_of_days_after_it_came_out_is_not_told():
    late = {"published": "2018-07-01"}
    assert digested(told("a", **late)) == ({}, 0)
    [[row]] = digested(told("a", **late), told("b"))[0].values()
    assert row["claims"] == ["b"]
    assert digested(told("a", **late, status="planned"))[0]


def test_fights_that_others_tell_as_attacks_of_either_side_are_fights():
    army = {"actor": "assad-gov", "targets": [{"id": "isis", "text": "التنظيم"}]}
    claims = told("a", **army), told("b"), told("c", type="clash")
    [[row]] = digested(*claims)[0].values()
    assert row["type"] == "clash" and row["contradictions"] == []
    [[attack]] = digested(*claims[:2])[0].values()
    assert attack["type"] == "attack" and [d["kind"] for d in attack["contradictions"]] == ["who"]


def test_a_place_and_a_party_go_by_what_most_claims_call_them():
    near = told("a", role="near", actors=[{"id": "isis", "text": "جيش خالد"}])
    [[row]] = digested(near, told("b"), told("c"))[0].values()
    assert row["places"][0]["role"] == "at" and row["actors"][0]["text"] == "isis"
    assert row["actors"][0]["texts"]["a"] == "جيش خالد"


def test_a_source_without_a_name_is_known_beside_the_outlet_that_quotes_it():
    named = told("b", sources=["المرصد"], origin="المرصد")
    own = told("d", sources=["مراسل الصحيفة"])
    [[row]] = digested(told("a", sources=["المصادر"]), named, told("c", sources=["مصدر أمني"]), own)[0].values()
    assert row["unnamed"] == {"a": "مصادر", "c": "مصدر أمني"}


def test_only_who_says_who_took_a_place_is_named_for_it():
    rows, _ = digested(told("a", type="takeover", actor="assad-gov"), told("b", actor="assad-gov"))
    [turn] = [row for row in rows["Daraa Governorate"] if "holder" in row]
    assert turn["is_told"] and turn["claims"] == ["a"] and [v["name"] for v in turn["voices"]] == ["صحيفة a"]


def test_who_hands_over_bodies_in_a_town_has_not_left_it():
    handed = {"type": "handover", "date": "2018-07-06"}
    bodies, _ = digested(told("a", **handed, evidence="سلّم التنظيم جثث القتلى"))
    assert bodies == {}
    town, _ = digested(told("a", **handed, evidence="سلّم التنظيم البلدة"))
    assert [row["status"] for row in town["Daraa Governorate"]] == ["vacated"]


def test_only_those_differ_on_who_did_it_who_tell_of_the_same_act():
    by_others = told("b", type="shelling", actor="opposition"), told("c", actor="opposition", status="denied")
    [[row]] = digested(told("a", actor="assad-gov"), told("d", actor="assad-gov"), *by_others)[0].values()
    assert [dispute["kind"] for dispute in row["contradictions"]] == ["denied"]
    [[row]] = digested(told("a", actor="assad-gov"), told("e"), *by_others)[0].values()
    [who] = [dispute for dispute in row["contradictions"] if dispute["kind"] == "who"]
    assert [(value["value"], value["sources"]) for value in who["values"]] == [
        ("assad-gov", ["صحيفة a"]), ("isis", ["صحيفة e"]),
    ]  # fmt: skip


def test_a_place_that_is_first_heard_of_weighs_less_than_one_that_changed_hands_and_is_newly_known():
    found = digest_of(Desk(told("a", type="takeover", actor="assad-gov")), Period("2018-07-06", "2018-07-06"))
    [area] = found["areas"]
    assert area["weight"] == 2.0 and area["standing"] == {"end": {"assad-gov": 1}, "new": {"assad-gov": 1}}
