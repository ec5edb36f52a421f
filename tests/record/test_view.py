"""What a record answers: everything that stands, as of any instant, met by every filter, and nothing that is hidden."""

from __future__ import annotations

import inspect
import json
import re
import unicodedata
from contextlib import suppress
from datetime import date, timedelta
from urllib.parse import unquote

import pytest

from marsad.errors import UsageError
from marsad.grounding.areas import area_of
from marsad.record.deciding import decide_claim
from marsad.record.incidents import fuse
from marsad.record.linkage import decide_incidents
from marsad.record.sensitive import mark
from marsad.record.sight import Viewer
from marsad.record.view import Filters, View
from newsroom import add, arrival, ids, now_of, said, view
from record.desk import GUIDE

SHELLED = said()
TAKEN = said("سيطرت الفصائل على نصيب عند معبر نصيب في 2018-07-06")
LEFT = said("انسحبت الفصائل من عندان في 2018-07-07")


def stakes(type):
    return type == "takeover"


def decide(record, claim, kind, person="سلمى", reason="غير مذكور في النص", fields=None):
    with record.writing("review") as writing:
        return decide_claim(writing, claim, kind, person, reason, fields, guide=GUIDE)


def claim_of(record, type):
    return next(claim["id"] for claim in view(record).claims() if claim["type"] == type)


@pytest.fixture
def filled(record):
    agency = {"outlet": "وكالة الأنباء"}
    add(
        record,
        arrival(said(killed=3, beside=0), "r1", outlet="مرصد الجنوب", published="2018-07-05", title="قصف داعل"),
        arrival(f"{TAKEN}. {said(by='مصدر طبي', killed=5, beside=1)}", "r2", published="2018-07-06", **agency),
        arrival(LEFT, "r3", **agency),
    )
    return record


# --- reviewed only ---


def test_reviewed_claims_are_those_that_a_person_accepted_or_corrected(filled):
    shelled = claim_of(filled, "shelling")
    decide(filled, shelled, "accept")
    decide(filled, claim_of(filled, "takeover"), "unsure")
    decide(filled, claim_of(filled, "withdrawal"), "reject")
    assert ids(view(filled).claims(Filters(reviewed=True))) == [shelled]


def test_a_reviewed_incident_is_summed_up_from_its_reviewed_claims_alone(filled):
    [whole] = view(filled).incidents(Filters(type=["shelling"]))
    three = next(c["id"] for c in view(filled).claims() if c["numbers"].get("killed") == 3)
    decide(filled, three, "accept")
    [seen] = view(filled).incidents(Filters(reviewed=True))
    assert len(whole["claims"]) == 2 and seen["claims"] == [three] and seen["id"] == whole["id"]
    assert (seen["numbers"]["killed"]["high"], seen["independent_sources"]) == (3, 1)
    assert not list(view(filled).incidents(Filters(reviewed=True, independent=2)))
    assert not list(view(filled).incidents(Filters(reviewed=True, type=["takeover"])))


def test_a_limit_counts_reviewed_incidents(filled):
    for claim in [c["id"] for c in view(filled).claims()]:
        decide(filled, claim, "accept")
    assert len(list(view(filled).incidents(Filters(reviewed=True, limit=2)))) == 2


# --- as known by an instant ---


@pytest.fixture
def twice(record):
    """Give the record and the instants after a first and a second adding."""
    from marsad.intake import Failure

    url = "https://example.org/1"
    page = arrival(f"{said(killed=3, beside=0)}. {TAKEN}", "r1", url=url, address=url, outlet="مرصد", title="أول")
    add(record, page, Failure("a.csv", 1, "it is empty", "give it a report"))
    first = now_of(record)
    changed = arrival(said(killed=7, beside=0), "r1", url=url, address=url, outlet="مرصد", title="ثان")
    add(
        record,
        changed,
        arrival(said(by="ناشط", beside=1), "r2", outlet="وكالة"),
        Failure("b.csv", 2, "it is none", "mend it"),
    )
    return record, first, now_of(record)


def test_reports_are_as_known_by_each_instant(twice):
    record, first, second = twice
    assert [(r["id"], r["version"], r["title"]) for r in view(record, known_by=first).reports()] == [("r1", 1, "أول")]
    for then in (second, None):
        found = {r["id"]: (r["version"], r["title"]) for r in view(record, known_by=then).reports()}
        assert found == {"r1": (2, "ثان"), "r2": (1, None)}


def test_claims_are_as_known_by_each_instant(twice):
    record, first, second = twice
    before, after = (list(view(record, known_by=then).claims()) for then in (first, second))
    assert sorted((c["type"], c["numbers"].get("killed")) for c in before) == [("shelling", 3), ("takeover", None)]
    assert sorted((c["report"], c["numbers"].get("killed")) for c in after) == [("r1", 7), ("r2", None)]
    assert all(c["incident"] for c in (*before, *after))


def test_incidents_are_as_known_by_each_instant(twice):
    record, first, second = twice
    before = {i["type"]: i for i in view(record, known_by=first).incidents()}
    assert set(before) == {"shelling", "takeover"} and before["shelling"]["independent_sources"] == 1
    [after] = view(record, known_by=second).incidents()
    assert (after["type"], after["independent_sources"]) == ("shelling", 2)
    assert after["numbers"]["killed"]["high"] == 7 and before["shelling"]["numbers"]["killed"]["high"] == 3
    assert after["id"] == before["shelling"]["id"]


def test_what_the_record_last_knew_is_as_of_each_instant(twice):
    record, first, second = twice
    known = [view(record, known_by=then).as_known() for then in (first, second, None)]
    assert known[0] < known[1] <= known[2] and view(record, known_by=first).countries() == ["SY"]
    assert view(record, known_by=0).countries() == [] and view(record, known_by=0).as_known().startswith("1970")


def test_search_is_as_known_by_each_instant(twice):
    record, first, second = twice
    assert {hit["kind"] for hit in view(record, known_by=first).search("نصيب")} == {"report", "claim"}
    assert not list(view(record, known_by=second).search("نصيب"))
    assert not list(view(record, known_by=first).search("ناشط"))
    assert [hit["id"] for hit in view(record, known_by=second).search("ناشط", kind="report")] == ["r2"]


def test_history_and_failures_and_intake_are_as_known_by_each_instant(twice):
    record, first, second = twice
    shelled = next(claim["id"] for claim in view(record).claims(Filters(report="r1")))
    assert len(list(view(record, known_by=first).history(shelled))) == 1
    assert [row["address"] for row in view(record, known_by=first).failures()] == ["a.csv"]
    assert [row["address"] for row in view(record, known_by=second).failures()] == ["b.csv", "a.csv"]
    assert [row["reports"] for row in view(record, known_by=first).intake()] == [1]
    assert len(list(view(record, known_by=second).intake())) == 3


def test_before_the_first_adding_nothing_is_known(twice):
    record, *_ = twice
    then = view(record, known_by=1)
    assert not [*then.reports(), *then.claims(), *then.incidents(), *then.search("داعل"), *then.failures()]
    assert not [*then.intake(), *then.queue(stakes), *then.history(claim_of(record, "shelling"))]
    with pytest.raises(UsageError, match="no original"):
        then.original("r1")


def test_an_incident_that_was_merged_later_is_shown_as_it_was(record):
    add(record, arrival(SHELLED, "r1"), arrival(TAKEN, "r2"))
    first, (one, other) = now_of(record), sorted(view(record).incidents(), key=lambda i: i["reports"])
    with record.writing("review") as writing:
        decide_incidents(writing, "same", [one["id"], other["id"]], "سلمى")
    fuse(record, "test")
    merged = view(record).incident(other["id"])
    assert (merged["id"], merged["asked"]) == (one["id"], other["id"]) and len(merged["told"]) == 2
    for asked in (one, other):
        before = view(record, known_by=first).incident(asked["id"])
        assert (before["id"], before["claims"]) == (asked["id"], asked["claims"])


# --- filters and order ---


@pytest.mark.parametrize(
    ("asked", "types"),
    [
        ({}, ["withdrawal", "takeover", "shelling", "shelling"]),
        ({"type": ["takeover", "withdrawal"]}, ["withdrawal", "takeover"]),
        ({"status": ["denied"]}, []),
        ({"places": ["C5999"]}, ["takeover"]),
        ({"places": ["Nasib"]}, ["takeover"]),
        ({"under": "Daraa Governorate"}, ["takeover", "shelling", "shelling"]),
        ({"under": "sy"}, ["withdrawal", "takeover", "shelling", "shelling"]),
        ({"under": "IQ"}, []),
        ({"actors": ["opposition"]}, ["withdrawal", "takeover"]),
        ({"source": "مصدر طبي"}, ["shelling"]),
        ({"source": "مرصد الجنوب"}, ["shelling"]),
        ({"source": "وكالة الأنباء"}, ["withdrawal", "takeover", "shelling"]),
        ({"report": "r2"}, ["takeover", "shelling"]),
        ({"report": "r"}, []),
        ({"first": "2018-07-06"}, ["withdrawal", "takeover"]),
        ({"last": "2018-07-05"}, ["shelling", "shelling"]),
        ({"first": "2018-07-06", "last": "2018-07-06"}, ["takeover"]),
        ({"certainty": 0.8}, ["withdrawal", "takeover", "shelling", "shelling"]),
        ({"certainty": 0.81}, []),
        ({"rejected": True}, []),
        ({"limit": 2}, ["withdrawal", "takeover"]),
        ({"type": ["shelling"], "actors": ["opposition"]}, []),
    ],
    ids=str,
)
def test_claims_are_those_that_meet_every_filter_the_latest_first(filled, asked, types):
    assert [claim["type"] for claim in view(filled).claims(Filters(**asked))] == types


@pytest.mark.parametrize(
    ("asked", "types"),
    [
        ({}, ["withdrawal", "takeover", "shelling"]),
        ({"type": ["shelling"]}, ["shelling"]),
        ({"places": ["C1121"]}, ["withdrawal"]),
        ({"under": "Daraa Governorate"}, ["takeover", "shelling"]),
        ({"actors": ["assad-gov"]}, ["shelling"]),
        ({"source": "مصدر طبي"}, ["shelling"]),
        ({"report": "r2"}, ["takeover", "shelling"]),
        ({"first": "2018-07-07"}, ["withdrawal"]),
        ({"last": "2018-07-05"}, ["shelling"]),
        ({"certainty": 0.9}, ["shelling"]),
        ({"contradicted": True}, ["shelling"]),
        ({"limit": 1}, ["withdrawal"]),
    ],
    ids=str,
)
def test_incidents_are_those_that_meet_every_filter_the_latest_first(filled, asked, types):
    assert [incident["type"] for incident in view(filled).incidents(Filters(**asked))] == types


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["r2", "r1", "r3"]),
        ({"first": "2018-07-06"}, ["r2"]),
        ({"last": "2018-07-05"}, ["r1"]),
        ({"source": "وكالة الأنباء"}, ["r2", "r3"]),
        ({"ids": ["r1", "r3"]}, ["r1", "r3"]),
        ({"ids": ["%"]}, []),
        ({"limit": 1}, ["r2"]),
    ],
    ids=str,
)
def test_reports_are_those_that_meet_every_filter_undated_ones_last(filled, asked, found):
    assert ids(view(filled).reports(Filters(**asked))) == found


@pytest.mark.parametrize("asked", [{"first": "6 July"}, {"last": "2018-13-01"}, {"first": "20180706"}])
def test_a_day_that_is_none_is_refused(asked):
    with pytest.raises(UsageError, match="is no day; write it as 2018-07-06"):
        Filters(**asked)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_list_of_nothing_is_refused(limit):
    with pytest.raises(UsageError, match="at least 1"):
        Filters(limit=limit)


def test_a_count_is_that_of_the_list(filled):
    decide(filled, claim_of(filled, "takeover"), "reject")
    decide(filled, claim_of(filled, "withdrawal"), "accept")
    every = (
        {},
        {"rejected": True},
        {"reviewed": True},
        {"type": ["shelling"]},
        {"source": "مصدر طبي"},
        {"report": "r2"},
    )
    for asked in [Filters(**fields) for fields in every]:
        assert view(filled).count_claims(asked) == len(list(view(filled).claims(asked))), asked


def test_claims_are_found_by_the_start_of_an_id(filled):
    [one, *_] = ids(view(filled).claims())
    assert ids(view(filled).claims(Filters(ids=[one[:12]]))) == [one]


def test_rejected_claims_are_listed_apart_and_counted_nowhere(filled):
    rejected = claim_of(filled, "takeover")
    decide(filled, rejected, "reject")
    fuse(filled, "test")
    assert rejected not in ids(view(filled).claims())
    assert [(c["id"], c["verdict"]) for c in view(filled).claims(Filters(rejected=True))] == [(rejected, "rejected")]
    assert {r["id"]: r["claims"] for r in view(filled).reports()} == {"r1": 1, "r2": 1, "r3": 1}
    assert not list(view(filled).search("سيطرت", kind="claim"))
    assert "takeover" not in [incident["type"] for incident in view(filled).incidents()]


def test_lists_of_more_than_one_part_are_whole_and_in_order(record):
    days = [(date(1990, 1, 1) + timedelta(10 * n)).isoformat() for n in range(600)]
    texts = [said(f"قصفت قوات النظام داعل في {day}") for day in days]
    add(record, *(arrival(text, f"r{n:04}", "a.csv", n + 1, published="2018-07-06") for n, text in enumerate(texts)))
    for rows in (list(view(record).claims()), list(view(record).incidents())):
        assert [row["date"] for row in rows] == days[::-1]
    assert ids(view(record).reports()) == [f"r{n:04}" for n in reversed(range(600))]
    assert len(list(view(record).reports(Filters(limit=501)))) == 501
    assert {row["claims"] for row in view(record).reports()} == {1}


# --- what stands in a row ---


def test_an_incident_says_all_that_is_known_of_it(filled):
    [row] = view(filled).incidents(Filters(type=["shelling"]))
    assert row.keys() >= {"id", "type", "places", "date", "actors", "targets", "numbers", "status", "claims", "reports",
                          "sources", "independent_sources", "contradictions"}  # fmt: skip
    killed = row["numbers"]["killed"]
    assert (killed["low"], killed["high"]) == (3, 5)
    assert {(by["value"], by["source"]) for by in killed["by"]} == {(3, "مرصد الجنوب"), (5, "وكالة الأنباء")}
    assert (row["independent_sources"], row["reports"]) == (2, ["r1", "r2"])
    assert [dispute["kind"] for dispute in row["contradictions"]] == ["count"]


def test_one_incident_is_shown_with_its_claims_and_why_each_is_in_it(filled):
    [row] = view(filled).incidents(Filters(type=["shelling"]))
    for asked in (row["id"], row["claims"][1]):
        page = view(filled).incident(asked)
        assert (page["id"], page["asked"]) == (row["id"], asked)
        assert ids(page["told"]) == row["claims"]
        assert set(page["why"]) == set(row["claims"])
        assert all(why["by"] == "fusion" and why["reasons"] for why in page["why"].values())


def test_an_incident_with_a_claim_rejected_since_the_last_fusion_is_shown_without_it(filled):
    [row] = view(filled).incidents(Filters(type=["shelling"]))
    decide(filled, row["claims"][0], "reject")
    assert ids(view(filled).incident(row["id"])["told"]) == row["claims"][1:]


def test_an_incident_that_is_not_there_is_refused_with_what_to_do(filled):
    with pytest.raises(UsageError, match=r"no incident .*`marsad incidents` lists them"):
        view(filled).incident("i00000000000")


def test_a_report_says_whence_it_came(filled):
    row = next(row for row in view(filled).reports(text=True) if row["id"] == "r1")
    assert row["capture"]["address"] == "wire.jsonl" and row["text"].startswith(SHELLED)
    assert "text" not in next(view(filled).reports())


def test_a_hit_shows_the_words_in_any_spelling_marked(filled):
    hits = list(view(filled).search("بداعل"))
    assert {hit["kind"] for hit in hits} == {"report", "claim"}
    assert all("داعل" in hit["excerpt"] for hit in hits)
    assert len(list(view(filled).search("داعل", limit=1))) == 1
    assert {hit["id"] for hit in view(filled).search("مصدر طبي", kind="report")} == {"r2"}


def test_the_queue_gives_each_claim_with_its_reasons(filled):
    rows = list(view(filled).queue(stakes, limit=2))
    assert len(rows) == 2 and all(row["reasons"] and row["stage"] == "new" and row["evidence"] for row in rows)
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


def test_a_claim_that_somebody_unsure_of_it_left_and_that_is_read_no_more_waits_in_the_queue(filled):
    taken = claim_of(filled, "takeover")
    decide(filled, taken, "unsure", reason="غير واضح")
    add(filled, arrival(said(by="مصدر طبي", killed=5), "r2", outlet="وكالة الأنباء", published="2018-07-06"))
    assert taken not in ids(view(filled).claims())
    assert taken in ids(view(filled).queue(stakes))


# --- what is hidden ---

PERSON, OUTLET = "أبو سعيد الحوراني", "شبكة ضفاف النهر"
NAMES = {"the person": "سعيدالحوراني", "the outlet": "ضفافالنهر", "its address": "nahrexample", "its report": "nahr17"}
PLACE = {
    "the place": "داعل",
    "its standard name": "dael",
    "its point": "327544",
    "its id": "c6030",
    "its gate": "معبرالسد",
}
HELD = {"the held report": "held1", "its words": "المقبره", "its file": "sealed"}
DAY, LATER = "2018-07-10", "2018-08-01"


def letters_of(value):
    """Return the bare letters and digits of a value, in the order they are read, whatever stands between them."""
    written = json.dumps(value, ensure_ascii=False, default=bytes.decode)
    plain = unicodedata.normalize("NFKD", unquote(written).replace("\\n", ""))
    return re.sub(r"[\W_ـ]", "", "".join(c for c in plain if not unicodedata.combining(c))).replace("ة", "ه").lower()


@pytest.fixture
def secret(record, tmp_path, monkeypatch):
    """Give a record in which secrets stand in every field that can hold one, all of them marked."""
    from marsad.intake import Failure

    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    shelled = "قصفت قوات النظام داعل عند معبر السد في 2018-07-05"
    plain = f"{said(shelled, by=PERSON, killed=3, beside=0)}. {said(TAKEN, by='شاهد عيان')}"
    site, page = "https://nahr.example/17", "https://example.org/أبو-سعيد-الحوراني"
    add(
        record,
        arrival(plain, "open-1", outlet="مرصد", title=f"رواية {PERSON} من داعل", url=page, address=page),
        arrival(said(killed=5, beside=1), "nahr-17", outlet=OUTLET, url=site, address=site, published="2018-07-06"),
        arrival(said(killed=5, beside=1) + " كما نقل المراسل", "copy-1", outlet="جريدة"),
        arrival(f"{LEFT} وعثر على المقبرة", "held-1", outlet="وكالة", title="المقبرة", address="sealed.txt"),
        arrival(f"{LEFT} صباحاً", "open-2", outlet=PERSON),
        Failure(page, 1, f"the text of {PERSON} is longer than 200,000 characters", f"ask {PERSON}"),
        Failure("sealed.txt", None, "it is cut", "split it"),
        Failure(site, None, "it is cut", "split it"),
    )
    record.hidden = {claim["id"]: claim for claim in view(record).claims()}
    decide(record, claim_in("open-1", record, "shelling"), "unsure", person=PERSON, reason=f"سألت {PERSON} في داعل")
    decide(record, claim_in("held-1", record), "accept", reason="رأيت المقبرة")
    decide(record, claim_in("copy-1", record), "correct", fields={"sources": [PERSON]}, reason=f"قاله {PERSON}")
    decide(record, claim_in("open-2", record), "reject", reason=f"نفاه {PERSON}")
    shelling = claim_in("open-1", record, "shelling")
    with record.writing("links") as writing:
        for other, reason in (("held-1", "رأيت المقبرة"), ("open-2", f"قاله {PERSON} في داعل")):
            decide_incidents(writing, "not_same", [shelling, claim_in(other, record)], PERSON, reason)
    fuse(record, "test")
    with record.writing("mark") as writing:
        for kind, key, rule, until in (
            ("person", PERSON, "pseudonym", None), ("source", OUTLET, "pseudonym", None),
            ("place", "C6030", "blur", None),
            ("report", "held-1", "embargo", LATER), ("claim", claim_in("open-1", record, "takeover"), "embargo", LATER),
        ):  # fmt: skip
            mark(writing, kind, key, rule, until, "هدى", "طلب المصدر")
    return record


def claim_in(report, record, type=None):
    return next(c["id"] for c in record.hidden.values() if c["report"] == report and type in (None, c["type"]))


FIELDS = [
    {"source": PERSON}, {"source": OUTLET}, {"source": "شاهد عيان"}, {"actors": [PERSON]}, {"places": ["C6030"]},
    {"places": ["Da'el"]}, {"report": "held-1"}, {"report": "nahr-17"},
]  # fmt: skip
WORDS = [
    "داعل",
    "بداعل",
    "سعيد",
    "الحوراني",
    "ضفاف",
    "المقبرة",
    "عيان",
    "قصفت",
    "انسحبت",
    "مدنيين",
    "رواية",
    "dael",
    "معبر",
    "السد",
]


def walk_of(record, looking):
    """Return, for each public function of a view, what it gives to whoever tries everything."""
    claims = list(record.hidden)
    incidents = {claim["incident"] for claim in record.hidden.values()}
    reports = ["open-1", "open-2", "nahr-17", "copy-1", "held-1"]
    asked = [Filters(), Filters(limit=2), Filters(rejected=True), Filters(reviewed=True), Filters(contradicted=True)]
    asked += [Filters(**fields) for fields in FIELDS]

    def tried(ask, values):
        for value in values:
            with suppress(UsageError):
                found = ask(value)
                yield found if isinstance(found, dict | bytes | None) else list(found)

    return {
        "reports": lambda: [list(looking.reports(each, text=True)) for each in asked],
        "claims": lambda: [list(looking.claims(each)) for each in asked],
        "incidents": lambda: [list(looking.incidents(each)) for each in asked],
        "incident": lambda: [{**page, "asked": ""} for page in tried(looking.incident, (*incidents, *claims))],
        "history": lambda: list(tried(looking.history, claims)),
        "search": lambda: [list(looking.search(word)) for word in WORDS],
        "failures": lambda: list(looking.failures()),
        "intake": lambda: list(looking.intake()),
        "original": lambda: list(tried(looking.original, reports)),
        "queue": lambda: [list(looking.queue(stakes, limit=50)), list(looking.queue(stakes, person=PERSON))],
        "originals": looking.originals,
        "links_on": lambda: list(looking.links_on(claims)),
        "copied": lambda: looking.copied(reports),
        "newest_day": looking.newest_day,
        "sees_all": looking.sees_all,
        "told": lambda: looking.told(claims),
        "count_claims": lambda: [looking.count_claims(each) for each in asked],
        "unwatched": lambda: list(looking.unwatched().claims()),
        "seen": lambda: list(looking.seen(list(record.hidden.values()))),
        "as_known": looking.as_known,
        "countries": looking.countries,
    }


# Answers in which no name and no words stand, whoever asks.
WORDLESS = ("count_claims", "newest_day", "sees_all", "as_known", "countries")


EVERY = [name for name, _ in inspect.getmembers(View, inspect.isfunction) if not name.startswith("_")]


def looking_at(record, role):
    return view(record, role, area_of=area_of, today=DAY)


def test_the_walk_knows_every_public_function_of_a_view(record):
    record.hidden = {}
    assert set(EVERY) == set(walk_of(record, view(record))), "a new function of View must be walked by an outsider"


@pytest.mark.parametrize(("role", "secrets"), [("public", {**NAMES, **PLACE, **HELD}), ("analyst", {**NAMES, **PLACE})])
def test_an_outsider_finds_no_secret_anywhere(secret, role, secrets):
    walk = walk_of(secret, looking_at(secret, role))
    for name in EVERY:
        told = letters_of(walk[name]())
        assert [what for what, letters in secrets.items() if letters in told] == [], f"View.{name} tells them"
        assert role == "analyst" or claim_in("open-1", secret, "takeover") not in told, (
            f"View.{name} tells of the claim"
        )


def test_a_reviewer_sees_what_an_outsider_does_not(secret):
    walk = walk_of(secret, looking_at(secret, "reviewer"))
    for name in sorted(set(EVERY) - set(WORDLESS)):
        told = letters_of(walk[name]())
        assert any(letters in told for letters in (*NAMES.values(), *HELD.values())), f"View.{name} has nothing to hide"


def test_every_secret_is_in_the_record_to_be_found(secret):
    told = letters_of([each() for each in walk_of(secret, looking_at(secret, "admin")).values()])
    assert [what for what, letters in {**NAMES, **PLACE, **HELD}.items() if letters not in told] == []


def test_a_question_by_a_secret_finds_nothing(secret):
    looking = looking_at(secret, "public")
    for fields in FIELDS:
        asked = Filters(**fields)
        assert not list(looking.claims(asked)) and not list(looking.incidents(asked)), fields
        assert "source" not in fields or not list(looking.reports(asked)), fields


def test_no_id_can_be_guessed_letter_by_letter(secret):
    for start in ("n", "nahr", "nahr-17", "held"):
        assert list(looking_at(secret, "reviewer").reports(Filters(ids=[start])))
        assert not list(looking_at(secret, "public").reports(Filters(ids=[start]))), start


def test_a_search_for_a_secret_finds_nothing(secret):
    for word in ("داعل", "سعيد", "الحوراني", "السد", "المقبرة"):
        assert list(looking_at(secret, "reviewer").search(word))
        assert not list(looking_at(secret, "public").search(word)), word


def test_what_is_held_back_is_counted_nowhere(secret):
    looking = looking_at(secret, "public")
    counts = {row["id"]: row["claims"] for row in looking.reports()}
    assert sum(counts.values()) == len(list(looking.claims())) == 3
    assert "takeover" not in [row["type"] for row in looking.incidents()]
    assert sum(row["reports"] for row in looking.intake()) == len(counts) == 4


def test_an_incident_is_summed_up_from_what_may_be_seen(record, tmp_path, monkeypatch):
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    add(record, *(arrival(said(killed=n, beside=n % 5), f"r{n}", outlet=f"وكالة {n}") for n in (3, 9)))
    with record.writing("mark") as writing:
        mark(writing, "report", "r9", "embargo", LATER, "هدى", "طلب المصدر")
    [row] = looking_at(record, "public").incidents()
    assert (row["reports"], row["independent_sources"], row["contradictions"]) == (["r3"], 1, [])
    assert (row["numbers"]["killed"]["low"], row["numbers"]["killed"]["high"]) == (3, 3)
    assert not list(looking_at(record, "public").incidents(Filters(contradicted=True)))
    assert list(looking_at(record, "analyst").incidents(Filters(contradicted=True)))
    assert list(view(record, "public", today=LATER).incidents(Filters(contradicted=True))), "the embargo is over"


def test_a_limit_counts_what_is_seen(record, tmp_path, monkeypatch):
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    days = ("2018-01-01", "2018-04-04", "2018-07-08")
    add(record, *(arrival(said(f"قصفت قوات النظام داعل في {day}"), day, address=day, published=day) for day in days))
    with record.writing("mark") as writing:
        mark(writing, "report", days[-1], "embargo", LATER, "هدى", "طلب المصدر")
    looking = looking_at(record, "public")
    for rows in (looking.reports, looking.claims, looking.incidents):
        assert len(list(rows(Filters(limit=1)))) == 1 and len(list(rows(Filters(limit=2)))) == 2


# --- what is a group's ---

APART, VOICE = "شبكة الوادي", "أم خالد"
CLOSED = {"its words": "مستشفىالزيتون", "its outlet": "شبكهالوادي", "its report": "wadi9", "its numbers": "قتل9"}
CLOSED |= {"its address": "wadiexample", "what was said of it": "اتصلتبهم", "its source": "امخالد"}


@pytest.fixture
def grouped(record):
    """Give a record of two open reports, and two of a group: one of its outlet, one in which its source speaks."""
    address = "https://wadi.example/9"
    add(
        record,
        arrival(said(killed=3, beside=0), "open-1", outlet="مرصد", published="2018-07-05"),
        arrival(f"{LEFT} صباحاً", "open-2", outlet="وكالة", published="2018-07-08"),
        arrival(
            f"{said(killed=9, beside=1)} قرب مستشفى الزيتون. {TAKEN}", "wadi-9", outlet=f"{APART} - درعا",
            url=address, address=address, title="الزيتون", published="2018-07-09",
        ),
        arrival(f"{said(killed=9, beside=2)} كما قيل. {said(LEFT, by=VOICE)}", "open-3", outlet="جريدة"),
    )  # fmt: skip
    record.hidden = {claim["id"]: claim for claim in view(record).claims()}
    for report in ("wadi-9", "open-3"):
        decide(record, claim_in(report, record, "shelling"), "unsure", reason="اتصلت بهم")
    fuse(record, "test")
    with record.writing("mark") as writing:
        mark(writing, "source", "شبكة الوَادي", "group:الجنوب", None, "هدى", "لأهلها وحدهم")
        mark(writing, "source", "ام خالد", "group:الجنوب", None, "هدى", "لأهلها وحدهم")
    return record


def as_member(record, role, *groups):
    return View(record, Viewer(role, "", groups), None, area_of, DAY)


def told_by(record, looking):
    walk = walk_of(record, looking)
    return {name: letters_of(walk[name]()) for name in EVERY}


@pytest.mark.parametrize("role", ["public", "analyst", "reviewer"])
@pytest.mark.parametrize("groups", [(), ("الشمال",)], ids=str)
def test_who_is_not_of_the_group_finds_nothing_of_its_sources_anywhere(grouped, role, groups):
    for name, told in told_by(grouped, as_member(grouped, role, *groups)).items():
        assert [what for what, letters in CLOSED.items() if letters in told] == [], f"View.{name} tells it"
        held = [id for id, claim in grouped.hidden.items() if claim["report"] in ("wadi-9", "open-3")]
        assert [id for id in held if id in told] == [], f"View.{name} tells of a claim"


@pytest.mark.parametrize(("role", "groups"), [("public", ("الجنوب",)), ("reviewer", ("ب", "الجنوب")), ("admin", ())])
def test_who_is_of_the_group_and_an_admin_see_all_of_it(grouped, role, groups):
    every = "".join(told_by(grouped, as_member(grouped, role, *groups)).values())
    assert [what for what, letters in CLOSED.items() if letters not in every] == []


def test_what_is_a_groups_is_counted_for_nobody_else(grouped):
    looking = as_member(grouped, "reviewer")
    assert (looking.count_claims(), view(grouped).count_claims()) == (2, len(grouped.hidden))
    assert ids(looking.reports()) == ["open-2", "open-1"] and sum(row["reports"] for row in looking.intake()) == 2
    assert {row["type"]: (row["independent_sources"], len(row["claims"])) for row in looking.incidents()} == {
        "withdrawal": (1, 1), "shelling": (1, 1)
    }  # fmt: skip
    assert looking.newest_day() == "2018-07-08" and not list(looking.incidents(Filters(contradicted=True)))
    for row in looking.queue(stakes):
        assert not [why for why in row["reasons"] if "told" in why or "contradiction" in why]
    assert [why for row in view(grouped).queue(stakes) for why in row["reasons"] if "told" in why]


def test_the_queue_goes_on_behind_what_is_a_groups(grouped):
    [row] = view(grouped).queue(stakes, limit=1)
    assert row["report"] in ("wadi-9", "open-3")
    [row] = as_member(grouped, "reviewer").queue(stakes, limit=1)
    assert row["report"].startswith("open-") and row["report"] != "open-3"


def test_what_comes_in_later_is_the_groups_too(grouped):
    assert len(list(as_member(grouped, "reviewer").reports())) == 2
    add(grouped, arrival(said(beside=3), "new-1", outlet=APART), arrival(said(LEFT, by=VOICE), "new-2", outlet="مرصد"))
    assert ids(as_member(grouped, "reviewer").reports()) == ["open-2", "open-1"]
    assert {"new-1", "new-2"} < set(ids(as_member(grouped, "reviewer", "الجنوب").reports()))


def test_a_group_stands_beside_a_pseudonym_and_open_lifts_both(grouped, tmp_path, monkeypatch):
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    with grouped.writing("mark") as writing:
        mark(writing, "source", APART, "pseudonym", None, "هدى", "طلب المصدر")
    assert "wadi-9" not in ids(as_member(grouped, "reviewer").reports())
    told = letters_of(list(as_member(grouped, "public", "الجنوب").reports(text=True)))
    assert CLOSED["its words"] in told and CLOSED["its outlet"] not in told
    with grouped.writing("mark") as writing:
        mark(writing, "source", APART, "open", None, "هدى", "أذن المصدر")
    assert CLOSED["its outlet"] in letters_of(list(as_member(grouped, "public").reports()))


def test_a_report_of_a_group_can_be_a_copy_of_nothing_that_others_see(record):
    words = f"{said(killed=4, beside=0)} {said(LEFT, beside=1)}"
    add(record, arrival(words, "first", outlet=APART), arrival(words + " انتهى", "second", outlet="جريدة"))
    assert view(record).originals() == {"second": APART}
    with record.writing("mark") as writing:
        mark(writing, "source", APART, "group:الجنوب", None, "هدى", "لأهلها وحدهم")
    assert as_member(record, "reviewer").originals() == {}


# --- what is noted of those who see ---


def noted(record, role, *groups, ask=lambda looking: list(looking.claims())):
    seen = []
    ask(View(record, Viewer(role, "", groups), None, area_of, DAY, lambda kind, id: seen.append((kind, id)) or True))
    return seen


def test_whoever_sees_what_an_outsider_does_not_is_noted(secret):
    sensitive = {claim["id"] for claim in view(secret).claims() if claim["report"] != "open-2"}
    assert set(noted(secret, "reviewer")) >= {("claim", id) for id in sensitive}
    assert noted(secret, "public") == []
    assert set(noted(secret, "analyst")) == {
        ("claim", claim_in("held-1", secret)), ("claim", claim_in("open-1", secret, "takeover"))
    }  # fmt: skip
    assert ("report", "nahr-17") in noted(secret, "reviewer", ask=lambda looking: list(looking.reports(text=True)))
    assert ("original", "nahr-17") in noted(secret, "reviewer", ask=lambda looking: looking.original("nahr-17"))


def test_whoever_sees_what_is_a_groups_is_noted_and_what_is_open_is_not(grouped):
    closed = {("claim", id) for id, claim in grouped.hidden.items() if claim["report"] in ("wadi-9", "open-3")}
    assert set(noted(grouped, "reviewer", "الجنوب")) == closed
    assert noted(grouped, "reviewer") == []


def test_what_the_program_looks_at_for_itself_is_not_noted(secret):
    assert noted(secret, "admin", ask=lambda looking: list(looking.unwatched().claims())) == []


def test_noting_ends_where_enough_is_noted(grouped):
    seen = []
    looking = View(grouped, Viewer("admin"), None, area_of, DAY, lambda kind, id: seen.append(id) or len(seen) < 2)
    assert len(list(looking.claims())) == len(grouped.hidden) and len(seen) == 2


def test_marks_hold_for_what_was_known_before_they_were_set(secret):
    told = letters_of(list(view(secret, "public", 1 << 60, area_of=area_of, today=DAY).claims()))
    assert NAMES["the person"] not in told


def test_without_the_key_nothing_is_shown_either(secret, monkeypatch, tmp_path):
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "none"))
    told = letters_of([each() for each in walk_of(secret, looking_at(secret, "public")).values()])
    assert [what for what, letters in NAMES.items() if letters in told] == []
