"""What is hidden appears nowhere outside the record, in no field and no spelling; spans stay true; the rest passes."""

from __future__ import annotations

import copy
import json
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

import make
from marsad.errors import UsageError
from marsad.record import schema
from marsad.record.searching import marked
from marsad.record.sensitive import find_key, mark
from marsad.record.sight import ROLES, SIGN, WITHHELD, Sight, Viewer, sight_of

SECRET = "أبو سعيد الحوراني"
OUTLET = "شبكة ضفاف النهر"
HANDLE = "difaf_alnahr"
DAY = "2024-05-01"
PUBLIC, ANALYST = Viewer("public"), Viewer("analyst")


@dataclass(frozen=True)
class Around:
    """The sub-district of the town in these tests."""

    id: str | None = "sy-sub-1"
    name: str = "Western villages"
    lat: float | None = 32.6
    lon: float | None = 36.1
    radius_km: float | None = 11.0
    hidden: tuple[str, ...] = ("تل الزيتون", "Tell Zaytun")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("MARSAD_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def set_marks(record, *given):
    with record.writing("mark") as writing:
        for kind, key, rule, *until in given:
            mark(writing, kind, key, rule, until[0] if until else None, "هدى", "طلب المصدر")


def sight(record, viewer=PUBLIC, today=DAY, area_of=lambda place_id: Around(), key=True):
    if not record.opened:
        record.opened.append(record.engine.connect())
    (connection,) = record.opened
    connection.rollback()  # what was written since is seen
    return sight_of(connection, viewer, today, find_key(connection) if key else None, area_of)


@pytest.fixture
def secret(record):
    record.opened = []
    set_marks(record, ("person", SECRET, "pseudonym"), ("source", OUTLET, "pseudonym"), ("source", HANDLE, "pseudonym"))
    yield record
    for connection in record.opened:
        connection.close()


@pytest.fixture
def plain(record):
    record.opened = []
    yield record
    for connection in record.opened:
        connection.close()


def add_report(record, id="r1", text=make.TEXT, claims=(), **fields):
    """Keep a report and claims of it, as far as looking needs them."""
    with record.writing("add") as writing:
        where = {"address": id, "kind": "text", "sha256": "0", "size": 1, "captured_at": 1, "tool": "test"}
        given = {"version": 1, "capture_n": writing.add_one(schema.capture, **where), "lead": False, **fields}
        n = writing.add_one(schema.report, id=id, text=text, sha256="0", **given)
        for claim in claims:
            body = claim.as_dict()
            row = {name: body[name] for name in ("id", "type", "status", "certainty")}
            claim_n = writing.add_one(
                schema.claim,
                report_id=id,
                report_n=n,
                by="reader",
                gone=False,
                verdict="",
                body=json.dumps(body),
                **row,
            )
            for ord, place in enumerate(claim.places):
                at = {"role": place.role, "place_id": place.id, "name": place.name, "lat": place.lat, "lon": place.lon}
                writing.add(schema.claim_place, [{"claim_n": claim_n, "ord": ord, **at}])


def strings_in(value):
    if isinstance(value, dict):
        return [s for key, inner in value.items() for s in [str(key), *strings_in(inner)]]
    return [s for inner in value for s in strings_in(inner)] if isinstance(value, list) else [str(value)]


def letters_of(value):
    """Return the bare letters of all strings in a value, in the order they are read, whatever stands between them."""
    plain = unicodedata.normalize("NFKD", unquote("".join(strings_in(value))).replace("\\n", ""))
    return re.sub(r"[\W_ـ]", "", "".join(c for c in plain if not unicodedata.combining(c))).lower()


def leaks(value):
    return [name for name in ("سعيدالحوراني", "ضفافالنهر", "difafalnahr") if name in letters_of(value)]


def paths_of(value, path=()):
    """Yield the way to every string in a body."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from paths_of(inner, (*path, n))
    elif isinstance(value, str):
        yield path


def put(body, path, words):
    changed = copy.deepcopy(body)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = words
    return changed


CLAIM = {
    **make.takeover().as_dict(),
    "sources": ["قائد محلي"],
    "numbers": {"killed": "عشرات"},
    "links": [{"kind": "after", "claim": "c2"}],
    "why": ["said by 'قائد محلي'"],
    "report": {"id": "r1", "outlet": "مرصد", "url": "https://example.org/1", "title": "عنوان"},
    "origin": "مرصد",
    "unheard_of": {"deep": [["نص"]]},
    "packed": json.dumps({"why": ["نص"]}),
}
CLAIM["places"][0]["candidates"] = [{"id": "p1", "name": "Nasib", "score": 1.0, "reason": "near"}]
INCIDENT = {
    "id": "i1",
    "type": "takeover",
    "title": "سيطرة",
    "places": [{"id": "p1", "name": "Nasib", "admin1": "Daraa", "country": "SY", "lat": 32.5, "lon": 36.2}],
    "actors": [{"id": "assad-gov", "text": "قوات النظام"}],
    "targets": ["الفصائل"],
    "sites": [{"text": "معبر", "kind": "crossing"}],
    "numbers": {"killed": {"low": 1, "high": 3, "by": [{"value": 1, "source": "ناشط", "claim": "c1"}]}},
    "sources": ["ناشط"],
    "contradictions": [
        {"kind": "count", "field": "killed", "values": [{"value": "3", "claims": ["c1"], "sources": ["ن"]}]}
    ],
    "claims": ["c1"],
    "reports": ["r1"],
}
ROW = {"id": "r1", "title": "عنوان", "outlet": "مرصد", "url": "https://example.org/1", "text": "نص", "headers": "[]"}


def spellings(name):
    """Return ways to write a name: marks, stretchers, other alefs, clitics, signs between and within its words."""

    def written(draws):
        head, between, stretch, cased = draws
        words = name.replace("أبو", cased).split() if not head or "أ" in name else name.split()
        first = head + words[0]
        return between.join([first, *words[1:]]).replace("ي", "ي" + stretch)

    heads = st.sampled_from(["", "و", "ل", "ب", "ف", "ك", "ول", "وب"])
    between = st.sampled_from([" ", "", "  ", "\n", "_", "-", "\u00a0", " \u202b", "ـ ", "، "])
    return st.tuples(heads, between, st.sampled_from(["", "ـ", "ـــ", "ِ", "\u200d", "\u200f"]),
                     st.sampled_from(["أبو", "ابو", "أبي", "أبا", "إبو", "أَبُو", "ﺃﺑﻮ"])).map(written)  # fmt: skip


EVERY_PATH = [("claim", CLAIM, p) for p in paths_of(CLAIM)] + [("incident", INCIDENT, p) for p in paths_of(INCIDENT)]
EVERY_PATH += [("report", ROW, p) for p in paths_of(ROW)]


def shown(looking, kind, body):
    return looking.claim(body, ROW) if kind == "claim" else getattr(looking, kind)(body)


@pytest.mark.parametrize("viewer", [PUBLIC, ANALYST], ids=lambda v: v.role)
@pytest.mark.parametrize("spelt", [SECRET, f"لأبي{SECRET[3:]}", OUTLET, "t.me/Difaf_AlNahr/8", quote(f"x/{SECRET}")])
def test_a_name_appears_in_no_field(secret, viewer, spelt):
    looking = sight(secret, viewer)
    for kind, body, path in EVERY_PATH:
        for words in (spelt, f"قال {spelt} إن القصف توقف"):
            given = put(body, path, words)
            assert leaks(given) and not leaks(shown(looking, kind, given)), (kind, path, words)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(
    spelt=st.one_of(spellings(SECRET), spellings(OUTLET)),
    way=st.sampled_from(EVERY_PATH),
    around=st.sampled_from(["{}", "قال {} إن القصف توقف", "https://example.org/{}/1", "«{}»"]),
)
def test_no_spelling_of_a_name_appears(secret, spelt, way, around):
    kind, body, path = way
    given = put(body, path, around.format(spelt))
    assert leaks(given) and not leaks(shown(sight(secret), kind, given))


def test_without_the_key_names_are_withheld(secret):
    looking = sight(secret, key=False)
    for kind, body, path in EVERY_PATH:
        assert not leaks(shown(looking, kind, put(body, path, f"قال {SECRET}")))
    seen = looking.claim({**CLAIM, "sources": [SECRET]}, ROW)
    assert seen["sources"] == [WITHHELD]
    assert looking.report({**ROW, "outlet": OUTLET})["id"] == WITHHELD


@pytest.mark.parametrize("viewer", [Viewer("reviewer", "هدى"), Viewer("admin")], ids=lambda v: v.role)
def test_reviewers_see_everything_as_it_is(secret, viewer):
    looking = sight(secret, viewer)
    body = {**CLAIM, "sources": [SECRET]}
    assert looking.claim(body, ROW) is body
    assert looking.incident(INCIDENT) is INCIDENT
    assert looking.report({**ROW, "outlet": OUTLET})["outlet"] == OUTLET
    assert looking.text(SECRET) == SECRET
    assert not looking.hides(SECRET)


def test_where_nothing_is_marked_everything_passes_as_it_is(plain):
    looking = sight(plain)
    assert looking.is_clear
    assert looking.claim(CLAIM, ROW) is CLAIM
    assert looking.incident(INCIDENT) is INCIDENT


def test_what_is_not_marked_passes_under_marks_as_it_is(secret):
    looking = sight(secret)
    assert looking.claim(CLAIM, ROW) == CLAIM
    assert looking.incident(INCIDENT) == INCIDENT
    assert looking.report(ROW) == ROW


def test_roles_are_four():
    assert [Viewer(role).sees_all for role in ROLES] == [False, False, True, True]
    with pytest.raises(UsageError, match="public, analyst"):
        Viewer("boss")


def test_a_source_has_one_pseudonym_in_all_its_mentions(secret):
    looking = sight(secret)
    mentions = [SECRET, "الناشط أبي سعيد الحوراني", "لأبي سعيد الحَوراني", "أبوسعيد الحوراني لوكالة"]
    names = looking.claim({**CLAIM, "sources": mentions}, ROW)["sources"]
    assert len(set(names)) == 1 and re.fullmatch(r"person-[0-9a-f]{8}", names[0])
    by = looking.incident(put(INCIDENT, ("numbers", "killed", "by", 0, "source"), SECRET))["numbers"]["killed"]["by"]
    assert by[0]["source"] == names[0]
    assert sight(secret, ANALYST).claim({**CLAIM, "sources": [SECRET]}, ROW)["sources"] == names[:1]


def test_a_masked_actor_keeps_no_id(secret):
    actors = [
        {"text": "القيادي أبو سعيد الحوراني", "id": "abu-said", "span": [0, 3]},
        {"text": "الجيش", "id": "army", "span": [4, 6]},
    ]
    seen = sight(secret).claim({**CLAIM, "actors": actors}, ROW)["actors"]
    assert seen[0]["id"] is None and seen[0]["text"].startswith("person-")
    assert seen[1] == actors[1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(before=st.text(max_size=20), spelt=spellings(SECRET), after=st.text(max_size=20))
def test_a_masked_text_keeps_its_length_and_what_else_it_says(secret, before, spelt, after):
    written = f"{before} {spelt} {after}"
    seen = sight(secret).text(written)
    assert len(seen) == len(written)
    assert all(a == b or b == SIGN for a, b in zip(written, seen, strict=True))
    assert not leaks(seen)


def test_spans_stay_true(secret):
    text = f"سيطرت قوات النظام على معبر نصيب، ونفى {SECRET} انسحاب الفصائل من بلدة الطيبة."
    evidence = text[text.index("ونفى") : text.index(" من بلدة")]
    claim = make.claim(
        "withdrawal", "انسحاب", evidence, text, actors=(make.party("الفصائل", text=text),),
        sources=(SECRET,), source_spans=(make.span_of(text, SECRET),),
    ).as_dict()  # fmt: skip
    looking = sight(secret)
    report = {**ROW, "text": text}
    seen, masked = looking.claim(claim, report), looking.report(report)["text"]
    for field, span in (("evidence", "span"), ("trigger", "trigger_span")):
        assert seen[field] == masked[slice(*seen[span])]
    assert seen["actors"][0]["text"] == masked[slice(*seen["actors"][0]["span"])] == "الفصائل"
    assert masked[slice(*seen["source_spans"][0])] == SIGN * len(SECRET)
    assert seen["trigger"] == "انسحاب"


def test_half_a_name_at_an_edge_is_masked_too(secret):
    text = f"انسحبت القوات كما قال {SECRET} أمس"
    half = text[: text.index("الحوراني")].rstrip()
    claim = make.claim("withdrawal", "انسحبت", half, text, actors=(make.party("أبو سعيد", text=text),)).as_dict()
    claim |= {"sources": ["سعيد"], "source_spans": [list(make.span_of(text, "سعيد"))]}
    seen = sight(secret).claim(claim, {**ROW, "text": text})
    assert "سعيد" not in json.dumps(seen, ensure_ascii=False)
    assert seen["evidence"].startswith("انسحبت القوات كما قال █")
    assert seen["sources"] == [seen["actors"][0]["text"]] and seen["sources"][0].startswith("person-")


def test_a_report_of_a_hidden_outlet_loses_address_and_id_wherever_it_is_named(secret):
    add_report(secret, "17", outlet=OUTLET, url="https://example.org/p/17")
    add_report(secret, "telegram/difaf_alnahr/8", outlet="قناة")
    add_report(secret, "18", outlet="مرصد", url="https://example.org/p/18")
    looking = sight(secret)
    report = {
        **ROW,
        "id": "17",
        "outlet": OUTLET,
        "url": "https://example.org/p/17",
        "sha256": "ab",
        "address": "f.html",
    }
    seen = looking.report(report)
    assert (seen["url"], seen["sha256"], seen["address"]) == (None, None, None)
    assert re.fullmatch("report-[0-9a-f]{8}", seen["id"]) and seen["outlet"].startswith("source-")
    reports = looking.incident({**INCIDENT, "reports": ["17", "18", "telegram/difaf_alnahr/8"]})["reports"]
    assert reports[:2] == [seen["id"], "18"] and reports[2] not in (seen["id"], "telegram/difaf_alnahr/8")
    claim = {**CLAIM, "report_id": "17", "url": "https://example.org/p/17", "origin": OUTLET, "outlet": OUTLET}
    body = looking.claim(claim, report)
    assert (body["report_id"], body["url"], body["origin"]) == (seen["id"], None, seen["outlet"])
    assert body["id"] == CLAIM["id"]


def test_a_text_with_a_masked_name_keeps_no_digest_to_guess_by(secret):
    seen = sight(secret).report({**ROW, "text": f"قال {SECRET}", "sha256": "ab"})
    assert seen["sha256"] is None and seen["url"] == ROW["url"]
    assert sight(secret).report({**ROW, "sha256": "ab"})["sha256"] == "ab"


def test_the_page_as_it_came_is_not_shown(secret):
    assert sight(secret).report({**ROW, "original": b"<p>"})["original"] is None


def test_an_embargo_holds_back_from_the_public_until_its_day(plain):
    claim = make.takeover()
    add_report(plain, "r1", claims=[claim])
    set_marks(plain, ("claim", claim.id, "embargo", DAY))
    body = claim.as_dict()
    for today, viewer, held in (("2024-04-30", PUBLIC, True), (DAY, PUBLIC, False), ("2024-04-30", ANALYST, False)):
        looking = sight(plain, viewer, today)
        assert (looking.claim(body, ROW) is None) is held
        assert (looking.incident({**INCIDENT, "claims": ["x", claim.id]}) is None) is held
        assert (looking.row({"kind": "accept", "ref": claim.id}) is None) is held
        assert looking.claim({**body, "id": "other"}, ROW) is not None
        links = looking.claim({**body, "id": "o", "links": [{"kind": "after", "claim": claim.id}]}, ROW)["links"]
        assert (links == []) is held


def test_an_embargo_on_a_report_holds_back_its_claims_and_incidents(plain):
    add_report(plain, "r1", claims=[make.takeover()])
    add_report(plain, "r2", claims=[make.claim("withdrawal", "انسحاب", "انسحاب الفصائل", report_id="r2")])
    set_marks(plain, ("report", "r1", "embargo", "2030-01-01"))
    looking = sight(plain)
    assert looking.report(ROW) is None and looking.report({**ROW, "id": "r2"}) is not None
    assert looking.claim(CLAIM, ROW) is None
    assert looking.incident(INCIDENT) is None and looking.incident({**INCIDENT, "reports": ["r2"]}) is not None
    with plain.asking() as connection:
        passed = {t.name: connection.execute(select(t.c.n).where(looking.passes(t))).scalars().all()
                  for t in (schema.report, schema.claim)}  # fmt: skip
    assert passed == {"report": [2], "claim": [2]}


BLUR_TEXT = "قصفت طائرات بلدة تل الزيتون غرب درعا، وأصيب مشفى السلام في تل الزيتون بأضرار قرب بلدة الطيبة."


def blurred_claim(**fields):
    town = {"id": "p9", "lat": 32.71234, "lon": 36.09876, "radius_km": 1.5}
    places = (
        make.place("بلدة تل الزيتون", "Tell Zaytun", BLUR_TEXT, **town),
        make.place("بلدة الطيبة", "Tiba", BLUR_TEXT, id="p2"),
    )
    sites = (make.Site("مشفى السلام", "hospital", make.span_of(BLUR_TEXT, "مشفى السلام")),)
    return make.claim("airstrike", "قصفت", BLUR_TEXT, BLUR_TEXT, places=places, sites=sites, **fields)


SPELT_PLACE = ("الزيتون", "zaytun", "السلام", "32.71234", "36.09876", "p9")


@pytest.mark.parametrize("viewer", [PUBLIC, ANALYST], ids=lambda v: v.role)
def test_a_blurred_place_is_its_area_in_every_field(plain, viewer):
    claim = blurred_claim()
    add_report(plain, "r1", BLUR_TEXT, [claim])
    set_marks(plain, ("place", "p9", "blur"))
    looking = sight(plain, viewer)
    body = claim.as_dict() | {"why": ["place 'بلدة تل الزيتون' (0.70)"], "title": "Airstrike, Tell Zaytun"}
    body["places"][0] |= {"candidates": [{"id": "p9", "name": "Tell Zaytun"}], "population": 900}
    body["places"][1]["candidates"] = [{"id": "p2", "name": "Tiba"}, {"id": "p9", "name": "Tell Zaytun"}]
    report = {**ROW, "text": BLUR_TEXT}
    seen, masked = looking.claim(body, report), looking.report(report)
    for value in (seen, masked):
        assert not [spelt for spelt in SPELT_PLACE if spelt in json.dumps(value, ensure_ascii=False).lower()]
    place, other = seen["places"]
    assert {k: place[k] for k in ("id", "name", "lat", "lon", "radius_km", "admin1")} == {
        "id": "sy-sub-1", "name": "Western villages", "lat": 32.6, "lon": 36.1, "radius_km": 11.0, "admin1": "Daraa",
    }  # fmt: skip
    assert place["text"] == masked["text"][slice(*place["span"])] == SIGN * len("بلدة تل الزيتون")
    assert seen["evidence"] == masked["text"] and "بلدة الطيبة" in masked["text"]
    assert place["candidates"] == [] and "population" not in place
    assert other["name"] == "Tiba" and other["candidates"] == [{"id": "p2", "name": "Tiba"}]


def test_a_blurred_place_is_hidden_in_incidents_and_rows(plain):
    add_report(plain, "r1", BLUR_TEXT, [blurred_claim()])
    set_marks(plain, ("place", "p9", "blur"))
    looking = sight(plain)
    place = {"id": "p9", "name": "Tell Zaytun", "admin1": "Daraa", "country": "SY", "lat": 32.71234, "lon": 36.09876}
    values = [
        {"value": "p9"},
        {"value": "Tell Zaytun"},
        {"value": [32.71234, 36.09876]},
        {"value": "32.71234, 36.09876"},
    ]
    sites = ["مشفى السلام"]
    incident = {**INCIDENT, "places": [place], "sites": sites, "contradictions": [{"field": "place", "values": values}]}
    row = {"id": "c1", "place_id": "p9", "place": "Tell Zaytun", "lat": 32.71234, "lon": 36.09876, "type": "airstrike"}
    decision = {"kind": "correct", "ref": "c1", "body": json.dumps({"places": [place]})}
    for seen in (looking.incident(incident), looking.row(row), looking.row(decision)):
        assert not [spelt for spelt in SPELT_PLACE if spelt in json.dumps(seen, ensure_ascii=False).lower()], seen
    assert looking.row(row) == {**row, "place_id": "sy-sub-1", "place": "Western villages", "lat": 32.6, "lon": 36.1}
    assert not looking.incident({**INCIDENT, "places": [place]})["places"][0].keys() - place.keys()


def test_an_area_named_after_the_place_gives_way_to_the_governorate(plain):
    add_report(plain, "r1", BLUR_TEXT, [blurred_claim()])
    set_marks(plain, ("place", "p9", "blur"))
    body = blurred_claim().as_dict()
    for area in (Around(name="Tell Zaytun sub-district"), None):
        place = sight(plain, area_of=lambda place_id, area=area: area).claim(body, ROW)["places"][0]
        assert place["name"] == "Daraa"
        assert place["lat"] == (area.lat if area else None)


def test_marks_hold_for_what_was_known_before_them_and_end_when_lifted(plain):
    set_marks(plain, ("person", SECRET, "pseudonym"))
    assert not leaks(sight(plain).text(f"قال {SECRET}"))
    set_marks(plain, ("person", SECRET, "open"))
    assert sight(plain).is_clear


@pytest.mark.parametrize(
    "asked",
    [SECRET, f'"{SECRET}"', "سعيد", "الحوراني قصف", "حوران*", "للحور*", "أبوسعيد", "ابوسع*", "ولأبي", "نهر", "difaf"],
)
def test_a_search_for_a_hidden_name_is_known_to_be_one(secret, asked):
    looking = sight(secret)
    assert looking.hides(asked)
    assert not looking.finds(f"قال {SECRET} عن {OUTLET} ({HANDLE}) إن القصف توقف", asked)
    assert not sight(secret, Viewer("admin")).hides(asked)


def test_a_search_for_anything_else_goes_on(secret):
    looking = sight(secret)
    assert not looking.hides("قصف معبر نصيب")
    # Somebody else of that name is still found, by what may be seen.
    assert looking.finds("أصيب سعيد العلي", "سعيد") and not looking.finds(f"أصيب {SECRET}", "سعيد")


def test_an_excerpt_marks_only_what_may_be_seen(secret):
    written = f"قال {SECRET} إن القصف توقف"
    shown = sight(secret).excerpt(written, "القصف سعيد")
    assert shown == marked(sight(secret).text(written), "القصف") and "⟦القصف⟧" in shown and "سعيد" not in shown


def test_a_sight_of_nothing_is_clear():
    assert Sight(PUBLIC).is_clear
