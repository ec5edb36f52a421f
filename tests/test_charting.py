"""The chart says what the claims say, whatever has become of them, and is brought up only where they changed."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace

import pytest

from marsad import charting
from marsad.charting import ChartedAtlas, bring_up, ledger_of
from marsad.errors import RecordError, UsageError
from marsad.holding import Ledger, atlas_of
from marsad.record.deciding import decide_claim
from marsad.record.sensitive import mark
from marsad.rereading import Rereading
from newsroom import PlainReader, add, arrival, now_of, said, view
from record import conftest as engines
from record.desk import GUIDE

# The empty record on each engine is that of the tests of the record.
server, empty_file, address, record = engines.server, engines.empty_file, engines.address, engines.record
append_only = engines.append_only

DAEL, NASIB, ANDAN, DARAA = "C6030", "C5999", "C1121", "SY12"
PLACES = (DAEL, NASIB, ANDAN, DARAA)
DAYS = ("2018-06-30", "2018-07-03", "2018-07-06", "2018-07-12", "2019-01-01")


class WideReader(PlainReader):
    """Reads a village by name as all of the governorate in which it lies, so that what is said of areas is tested."""

    def _claim(self, report, match):
        claim = super()._claim(report, match)
        if match["place"] != "الطيبة":
            return claim
        wide = replace(claim.places[0], name="Daraa Governorate", id=DARAA, extent="all")
        return replace(claim, places=(wide,))


@pytest.fixture(autouse=True)
def key(monkeypatch, tmp_path):
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))


def take(record, *sentences, outlet="مرصد الجنوب", published="2018-07-13", id=None, beside=0, reader=None):
    """Take a report of some sentences into the record."""
    text = ". ".join(said(sentence, beside=beside if n == 0 else None) for n, sentence in enumerate(sentences))
    add(record, arrival(text, id, outlet=outlet, published=published), reader=reader or WideReader())


def taken(place="داعل", day="2018-07-06", by="قوات النظام"):
    return f"سيطرت {by} على {place} في {day}"


def decide(record, kind, id, reason="", fields=None):
    with record.writing("review") as writing:
        given = reason or ("غير مذكور في النص" if kind == "reject" else "")
        return decide_claim(writing, id, kind, "سلمى", given, fields, guide=GUIDE)


def claim_of(record, **wanted):
    """Return the one claim with these fields, with the place by its id."""
    [found] = [
        c
        for c in view(record).claims()
        if all(({**c, "place": c["places"][0]["id"]})[name] == value for name, value in wanted.items())
    ]
    return found["id"]


def answers(ledger):
    """Return what a ledger says of every day and place."""
    return {
        "places": ledger.atlas.places,
        "days": {day: list(ledger.on(day)) for day in DAYS},
        "asked": {day: list(ledger.on(day, PLACES)) for day in DAYS},
        "history": {place: list(ledger.history(place)) for place in PLACES},
        "changes": list(ledger.changes("", "9999")),
        "arguments": {place: ledger.argument(place, "2018-07-12") for place in PLACES},
    }


def anew(record, **seen):
    asked = view(record, **seen)
    return answers(Ledger(atlas_of(asked.claims(), asked.originals())))


def charted(record):
    ledger = ledger_of(view(record))
    assert isinstance(ledger.atlas, ChartedAtlas)
    return answers(ledger)


def holder(record, place, day="2018-07-12", **seen):
    return next((row["holder"] for row in ledger_of(view(record, **seen)).on(day, [place])), None)


def test_an_empty_record_has_an_empty_chart(record):
    assert bring_up(view(record)) == 0
    assert charted(record) == anew(record) and charted(record)["places"] == []


def test_the_chart_says_what_the_claims_say(record):
    take(record, taken(), taken("نصيب", "2018-07-03", "الفصائل"))
    take(record, taken("الطيبة", "2018-07-12"), outlet="وكالة النهر", beside=1)
    take(record, "انسحبت الفصائل من عندان في 2018-07-05", outlet="شبكة الوادي", beside=2)
    assert charted(record) == anew(record)
    assert (holder(record, DAEL), holder(record, DAEL, "2018-06-30")) == ("assad-gov", None)


def test_what_is_asked_again_is_not_made_again(record):
    take(record, taken())
    assert bring_up(view(record)) > 0
    before = now_of(record)
    assert bring_up(view(record)) == 0
    charted(record)
    assert now_of(record) == before, "who only asks writes nothing"


def test_only_the_places_that_a_new_claim_touches_are_looked_at_anew(record):
    take(record, taken(), taken("نصيب"), taken("عندان"))
    bring_up(view(record))
    take(record, taken("نصيب", "2018-07-12", "الفصائل"), outlet="وكالة النهر", beside=1)
    assert bring_up(view(record)) == 1
    assert charted(record) == anew(record)


def test_what_is_said_of_an_area_touches_the_places_in_it_and_no_others(record):
    take(record, taken(), taken("نصيب"), taken("عندان"))
    bring_up(view(record))
    take(record, taken("الطيبة", "2018-07-12"), outlet="وكالة النهر", beside=1)
    assert bring_up(view(record)) == 3
    assert charted(record) == anew(record)


def test_a_correction_touches_the_place_before_and_the_place_after(record):
    take(record, taken(), taken("عندان"))
    bring_up(view(record))
    nasib = {"text": "داعل", "name": "Nasib", "admin1": "Daraa Governorate", "country": "SY", "lat": 32.5525,
             "lon": 36.1867, "role": "at", "id": NASIB}  # fmt: skip
    decide(record, "correct", claim_of(record, place=DAEL), fields={"places": [nasib]})
    assert bring_up(view(record)) == 2
    assert charted(record) == anew(record)
    assert (holder(record, DAEL), holder(record, NASIB)) == (None, "assad-gov")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("accept", None), ("unsure", None), ("reject", None), ("correct", {"date": "2018-07-03"}),
        ("correct", {"status": "denied"}), ("correct", {"type": "control"}),
    ],
    ids=["accept", "unsure", "reject", "another day", "another status", "another type"],
)  # fmt: skip
def test_a_decision_and_its_undoing_change_the_chart_as_they_change_the_claims(record, kind, fields):
    take(record, taken(), taken("عندان"))
    take(record, taken("داعل", "2018-07-03", "الفصائل"), outlet="وكالة النهر", beside=1)
    before = charted(record)
    id = claim_of(record, place=DAEL, date="2018-07-06")
    decide(record, kind, id, fields=fields)
    then = charted(record)
    assert then == anew(record) and then != before
    decide(record, "undo", id)
    after = charted(record)
    assert after == anew(record)
    assert after == before, "a claim takes exactly its influence with it"


def test_a_place_whose_last_claim_is_gone_is_not_among_the_places_of_a_day_for_what_it_inherits(record):
    take(record, taken(), taken("عندان"))
    take(record, taken("الطيبة", "2018-07-12"), outlet="وكالة النهر", beside=1)
    bring_up(view(record))
    decide(record, "reject", claim_of(record, place=DAEL))
    got, expected = charted(record), anew(record)
    assert (got["days"], got["changes"]) == (expected["days"], expected["changes"])


def test_a_place_whose_last_claim_is_gone_follows_what_is_said_of_its_area(record):
    take(record, taken())
    take(record, taken("الطيبة", "2018-07-12"), outlet="وكالة النهر", beside=1)
    take(record, taken("الطيبة", "2018-07-12"), outlet="شبكة الوادي", beside=2)
    bring_up(view(record))
    decide(record, "reject", claim_of(record, place=DAEL))
    assert holder(record, DAEL) == "assad-gov", "it inherits"
    for claim in list(view(record).claims()):
        decide(record, "reject", claim["id"])
    assert anew(record)["asked"]["2018-07-12"] == []
    assert holder(record, DAEL) is None


def test_a_place_of_which_nothing_is_said_inherits_where_it_is_asked_for(record):
    take(record, taken("الطيبة", "2018-07-12"))
    take(record, taken("الطيبة", "2018-07-12"), outlet="وكالة النهر", beside=1)
    assert holder(record, NASIB) == "assad-gov"
    assert [row["place"] for row in ledger_of(view(record)).on("2018-07-12")] == [DARAA]


@pytest.mark.parametrize(
    "reader",
    [WideReader("plain 2", drops=["takeover"]), WideReader("plain 2", 0.3), WideReader("plain 2", drops=["shelling"])],
    ids=["what is lost", "what is less sure", "what says nothing"],
)
def test_reading_again_changes_the_chart_as_it_changes_the_claims(record, reader):
    take(record, taken(), "قصفت قوات النظام نصيب في 2018-07-03", "انسحبت الفصائل من عندان في 2018-07-05")
    charted(record)
    Rereading(record, reader).run()
    assert charted(record) == anew(record)


def test_a_new_version_of_a_report_takes_the_old_ones_place(record):
    take(record, taken(), taken("عندان"), id="خبر-1")
    charted(record)
    take(record, taken("داعل", "2018-07-03", "الفصائل"), taken("عندان"), id="خبر-1")
    assert charted(record) == anew(record)
    assert holder(record, DAEL) == "opposition"


def test_a_report_that_turns_out_to_be_a_copy_is_no_voice_of_its_own(record):
    take(record, taken(), id="خبر-1")
    take(record, taken("نصيب", "2018-07-05"), outlet="وكالة النهر", beside=1)
    charted(record)
    take(record, taken(), outlet="وكالة النهر", published="2018-07-14", id="خبر-2")
    got = charted(record)
    assert got == anew(record)
    [row] = [row for row in got["days"]["2018-07-12"] if row["place"] == DAEL]
    assert row["sources"] == 1 and len(row["evidence"]) == 2


def test_other_rules_make_the_whole_chart_anew(record, monkeypatch):
    take(record, taken(), taken("نصيب"), taken("عندان"))
    assert bring_up(view(record)) == 3 and bring_up(view(record)) == 0
    monkeypatch.setattr(charting, "packs_hash", lambda: "other")
    assert bring_up(view(record)) == 3 and bring_up(view(record)) == 0
    assert charted(record) == anew(record)


def test_what_was_known_before_is_what_was_answered_then(record):
    take(record, taken(), taken("الطيبة", "2018-07-03", "الفصائل"))
    first, then = charted(record), now_of(record)
    take(record, taken("داعل", "2018-07-05", "الفصائل"), outlet="وكالة النهر", beside=1)
    second, later = charted(record), now_of(record)
    decide(record, "reject", claim_of(record, place=DAEL, date="2018-07-06"))
    take(record, taken(), outlet="شبكة الوادي", published="2018-07-14")
    Rereading(record, WideReader("plain 2", 0.4)).run()
    assert charted(record) == anew(record) != second
    assert anew(record, known_by=later) == second != first
    assert anew(record, known_by=then) == first
    assert answers(ledger_of(view(record, known_by=then))) == first
    assert anew(record, known_by=0)["places"] == []


def test_a_viewer_from_whom_something_is_kept_sees_nothing_of_it_and_another_sees_all(record):
    take(record, taken(), taken("نصيب"))
    id = claim_of(record, place=DAEL)
    charted(record)
    with record.writing("mark") as writing:
        mark(writing, "claim", id, "embargo", "2999-01-01", "هدى", "طلب المصدر")
    public = ledger_of(view(record, "public"))
    assert not isinstance(public.atlas, ChartedAtlas)
    seen = answers(public)
    assert [row["place"] for row in seen["days"]["2018-07-12"]] == [NASIB] and id not in repr(seen)
    assert holder(record, DAEL, role="reviewer") == "assad-gov" and holder(record, DAEL, role="public") is None
    charted(record)
    assert holder(record, DAEL, role="public") is None, "also when another has asked in between"


def test_the_chart_that_a_viewer_brings_up_holds_what_is_kept_from_another(record):
    take(record, taken(), taken("نصيب"))
    with record.writing("mark") as writing:
        mark(writing, "claim", claim_of(record, place=DAEL), "embargo", "2999-01-01", "هدى", "طلب المصدر")
    assert holder(record, DAEL, role="public") is None
    assert holder(record, DAEL, role="admin") == "assad-gov"
    assert holder(record, DAEL, role="public", today="3000-01-01") == "assad-gov", "once the embargo is over"
    assert charted(record) == anew(record)


def test_a_source_under_a_pseudonym_counts_as_before_and_is_not_named(record):
    take(record, f"قال أبو سعيد إن {taken()}", taken("نصيب"))
    before = [(r["place"], r["holder"], r["confidence"]) for r in charted(record)["days"]["2018-07-12"]]
    with record.writing("mark") as writing:
        mark(writing, "person", "أبو سعيد", "pseudonym", None, "هدى", "طلب المصدر")
    rows = list(ledger_of(view(record, "public")).on("2018-07-12"))
    assert [(r["place"], r["holder"], r["confidence"]) for r in rows] == before


def test_a_record_that_cannot_be_written_to_is_answered_all_the_same(record, monkeypatch):
    take(record, taken())
    expected = anew(record)

    def refuse(*_, **__):
        raise RecordError("the record cannot be written to; open it with the rights to")

    monkeypatch.setattr(type(record), "writing", refuse)
    ledger = ledger_of(view(record))
    assert not isinstance(ledger.atlas, ChartedAtlas) and answers(ledger) == expected


def test_nothing_but_the_chart_is_ever_changed(record, append_only):
    take(record, taken(), taken("عندان"))
    charted(record)
    decide(record, "reject", claim_of(record, place=DAEL))
    charted(record)


OUTLETS = ("مرصد الجنوب", "وكالة النهر", "شبكة الوادي", "سانا")
SENTENCES = tuple(
    sentence
    for place in ("داعل", "نصيب", "عندان", "الطيبة")
    for day in ("2018-07-01", "2018-07-05", "2018-07-09")
    for sentence in (
        *(taken(place, day, by) for by in ("قوات النظام", "الفصائل")), f"انسحبت الفصائل من {place} في {day}",
        f"قصفت قوات النظام {place} في {day}", f"ما سيطرت قوات النظام على {place} في {day}",
    )
)  # fmt: skip


def of_told_places(answered):
    """Return the answers on places of which something is said; on others the chart may be stale (see the xfails)."""
    told = set(answered["places"])

    def kept(rows):
        return [row for row in rows if row["place"] in told]

    return {
        "places": answered["places"], "changes": kept(answered["changes"]),
        **{name: {day: kept(rows) for day, rows in answered[name].items()} for name in ("days", "asked")},
        **{name: {place: answered[name][place] for place in told} for name in ("history", "arguments")},
    }  # fmt: skip


def one_thing(record, chance, n):
    """Do something to a record, chosen by chance."""
    claims = sorted(claim["id"] for claim in view(record).claims())
    what = chance.choice(["add", "add", "copy", "reword", "accept", "reject", "unsure", "correct", "undo", "reread"])
    if what in ("add", "copy", "reword") or not claims:
        some, outlet = chance.sample(SENTENCES, chance.choice([1, 2, 4])), chance.choice(OUTLETS)
        if what == "copy" and claims:
            [text] = [r["text"] for r in view(record).reports(text=True)][:1]
            add(record, arrival(text, f"r{n}", outlet=outlet, published="2018-07-14"), reader=WideReader())
        else:
            id = "r0" if what == "reword" else f"r{n}"
            outlet = OUTLETS[0] if what == "reword" else outlet
            take(record, *some, outlet=outlet, id=id, beside=n % 5)
    elif what == "reread":
        reader = WideReader(f"plain {n}", chance.choice([0.4, 0.8]), chance.choice([[], ["withdrawal"], ["takeover"]]))
        Rereading(record, reader).run()
    else:
        fields = {"date": f"2018-07-0{chance.randint(1, 9)}"} if what == "correct" else None
        with suppress(UsageError):  # it says that already, or there is nothing to undo
            decide(record, what, chance.choice(claims), fields=fields)
    return what


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_to_a_record_the_chart_and_what_was_known_before_stay_true(record, seed):
    chance, then, done = random.Random(seed), [], []
    take(record, *SENTENCES[:3], id="r0", outlet=OUTLETS[0])
    for n in range(1, 10):
        done.append(one_thing(record, chance, n))
        got, expected = charted(record), anew(record)
        assert of_told_places(got) == of_told_places(expected), done
        then.append((now_of(record), expected))
    for instant, answered in then:
        assert anew(record, known_by=instant) == answered, done
