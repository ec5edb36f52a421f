"""The words of digests: both languages have every type, actor and frame, and a wrong file says what is wrong."""

from __future__ import annotations

import copy
import re

import pytest

from marsad.errors import UsageError
from marsad.loading.codebook import PACKS, actors, read_toml, types
from marsad.loading.prose import LANGUAGES, faults_of, named_party, outlet_named, prose, prose_of, site_words
from marsad.record.counts import bounds_of
from marsad.text.letters import fold

TABLES = {lang: read_toml(PACKS / "languages" / lang / "prose.toml") for lang in LANGUAGES}


@pytest.fixture(params=LANGUAGES)
def words(request):
    return prose(request.param)


def test_every_type_and_actor_has_its_words(words):
    assert words.types.keys() == types().keys()
    assert {p.id for p in words.parties if not p.words} >= actors().keys()
    assert len(words.months) == 12 and len(words.weekdays) == 7


def test_both_languages_have_the_same_frames_and_nouns():
    ar, en = (prose(lang) for lang in ("ar", "en"))
    assert ar.frames.keys() == en.frames.keys() and ar.counts.keys() == en.counts.keys()
    assert {v.name for t in ar.types.values() for v in t.variants} == {
        v.name for t in en.types.values() for v in t.variants
    }
    assert {(p.id, p.name) for p in ar.parties} == {(p.id, p.name) for p in en.parties}


def test_numbers_of_the_coding_guide_have_nouns(words):
    keys = "killed wounded casualties arrested abducted released displaced evacuated surrendered defected positions "
    assert {*(keys + "vehicles weapons strikes shells troops share").split()} == words.counts.keys()
    assert words.counts.keys() <= words.nouns.keys() and bounds_of("tens").least == 20


def test_words_by_which_reports_are_known_are_folded():
    stems = [w for p in prose("ar").parties for w in p.words]
    stems += [w for t in prose("ar").types.values() for v in t.variants for w in v.words]
    assert [stem for stem in stems if " ".join(map(fold, stem.split(" "))) != stem] == []


def test_english_has_the_words_and_roles_of_arabic():
    assert prose("en").types["clash"].slots == prose("ar").types["clash"].slots
    families = next(p for p in prose("en").parties if p.name == "families")
    assert "عايل" in families.words


@pytest.mark.parametrize(
    ("id", "text", "called"),
    [
        ("civilians", "النازحين", "نازحون"), ("civilians", "مدنيين", "مدنيون"), ("civilians", "عائلات", "عائلات"),
        ("civilians", "الأهالي القتلى", "الأهالي"), ("civilians", "ناس", "مدنيون"), ("russia", "الشرطة العسكرية",
        "الشرطة العسكرية الروسية"),
        ("russia", "الروس", "روسيا"), (None, "مقاتل", "مقاتلون"), ("isis", "لجيش خالد", "تنظيم الدولة"),
    ],
)  # fmt: skip
def test_a_party_is_called_by_its_id_and_the_words_of_the_report(id, text, called):
    assert prose("ar").party(id, text).nom == called


def test_nobody_is_called_what_nothing_tells():
    assert prose("ar").party(None, "وحدات") is None and prose("ar").party("no-such", "x") is None


def test_a_state_has_another_name_in_the_field():
    known = prose("ar").party("assad-gov", "")
    assert (known.nom, known.in_field().nom, known.in_field().fem) == ("الحكومة السورية", "قوات النظام", True)
    assert prose("ar").party("isis", "").in_field() == prose("ar").party("isis", "")


@pytest.mark.parametrize(
    ("type", "evidence", "variant"),
    [
        ("displacement", "وعودة النازحين إلى بلداتهم", "return"), ("displacement", "نزح الآلاف", ""), ("attack",
        "نصبوا كميناً", "ambush"),
        ("attack", "أحبطت الوحدات هجوماً", "repelled"), ("siege", "قطع الطريق الدولي", "roads"), ("siege",
        "حاصر البلدة", ""),
        ("handover", "تسليم السلاح الثقيل", "weapons"), ("handover", "سُلّمت الجثامين", "bodies"), ("aid",
        "منع دخول القافلة", "blocked"),
        ("killing", "أعدم أربعة أشخاص", "execution"), ("bombing", "انفجار لغم أرضي", "mine"), ("demand",
        "ودعت الأطراف إلى", "appeal"),
        ("arrest", "أسرت اثنين منهم", "capture"), ("arrest", "أسرة المعتقل", ""),
    ],
)  # fmt: skip
def test_a_kind_of_the_act_is_known_by_words_of_the_evidence(type, evidence, variant):
    assert prose("ar").types[type].told_by(evidence).name == variant


def test_a_variant_has_the_patterns_of_its_type_where_it_has_none():
    displaced = prose("ar").types["displacement"]
    returned = displaced.told_by("عودة الأهالي")
    assert returned.slots == {"at": "to", "near": "to"} and returned.count == displaced.count
    assert prose("en").types["displacement"].told_by("عودة الأهالي").slots == returned.slots


def test_a_frame_has_several_ways():
    assert len({prose("ar").frame("lead", n) for n in range(6)}) == 3
    assert prose("ar").frame("lead", 3) == prose("ar").frame("lead", 0)


def broken(change):
    table = copy.deepcopy(TABLES["ar"])
    change(table)
    return list(faults_of(prose_of("ar", table, None)))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda t: t["type"].pop(0), "type clash has no patterns"),
        (lambda t: t["type"].append({"id": "feast", "noun": ["x"], "happen": ["x"]}), "the codebook has no type feast"),
        (lambda t: t["party"].__delitem__(slice(0, 1)), "nothing says how assad-gov is called"),
        (lambda t: t["party"].append({"id": "martians", "nom": "x"}), "the registry has no actor martians"),
        (lambda t: t["party"].append({"id": "isis", "nom": "x", "noun": "ghost"}), "x: there is no noun ghost"),
        (lambda t: t["frames"].update(at="في {wher}"), "'في {wher}': there is no slot {wher}"),
        (lambda t: t["frames"].update(at="في [{x}"), "a bracket is open"),
        (lambda t: t["frames"].update(at="في {x.q}"), "a slot is not written as"),
        (lambda t: t["counts"].pop("killed"), "no number is called killed"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(change, fault):
    assert any(re.search(re.escape(fault), found) for found in broken(change))


def test_the_packaged_files_have_no_faults(words):
    assert list(faults_of(words)) == []


def test_another_language_is_refused():
    with pytest.raises(UsageError, match="'fr' is no language of digests; take ar or en"):
        prose("fr")


def test_sources_that_the_packs_know_have_names():
    assert (
        named_party("قوات النظام", "sy") == "assad-gov"
        and named_party("الفصائل", "sy") is None
        and named_party("شبكة كذا", "sy") is None
    )
    assert (
        named_party("الفصائل", "xx") is None and outlet_named("سانا", "sy") == "SANA" and outlet_named("x", "") is None
    )
    assert {"معبر", "احياء"} <= site_words()
