import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.loading.fusion import fusion_rules
from marsad.record.kin import kin_of
from marsad.record.likeness import bar_of, gap_of, likeness_of, signs_of, told_apart, word_share
from record.told import DARAA, FAR, TAFAS, party, telling, town

RULES = fusion_rules()
OTHER_WORDS = "دارت مواجهات عنيفة قرب الطريق الدولي وسط قصف متبادل"
LONG_WORDS = (
    "هاجم مسلحون ملثمون حاجزاً مشتركاً للجمارك والدرك عند مدخل البلدة الجنوبي مساء أمس وأحرقوا شاحنتين محملتين بالطحين"
)
NAMING = "هاجم مسلحون حاجزاً قرب Dael مساء أمس"
DAEL = town("Dael", 32.86)
SITE = {"text": "حاجز", "kind": "checkpoint", "span": [0, 1]}
MARKET = {"text": "سوق", "kind": "market", "span": [0, 1]}


def signs(a, b, copies=False):
    return {sign.name for sign in signs_of(a, b, kin_of, copies)}


def like(a, b, copies=False):
    return likeness_of(a, b, RULES, kin_of, copies)


def pair(one=(), other=(), **both):
    """Return two claims of two reports that differ in these fields only."""
    return telling("c1", 1, **{**both, **dict(one)}), telling("c2", 2, **{**both, **dict(other)})


@pytest.mark.parametrize(
    ("one", "other", "sign"),
    [
        ({}, {}, "type-same"), ({}, {"type": "clash"}, "together"),
        ({}, {}, "day-same"), ({}, {"date": "2018-07-04/2018-07-09"}, "day-within"),
        ({}, {"date": "2018-07-06"}, "day-1"),
        ({}, {"date": "2018-07-07"}, "day-2"), ({}, {"date": "2018-07-08"}, "day-2"),
        ({}, {"date": "2018-07-09"}, "day-4"), ({}, {"date": None}, "day-unknown-soon"),
        ({}, {"date": None, "published": "2018-07-09"}, "day-unknown"),
        ({}, {"why": ["day of publication"]}, "day-presumed"),
        ({"why": ["day of publication"]}, {"why": ["day of publication"]}, "day-presumed-both"),
        ({}, {}, "place-same"), ({}, {"places": [town("Tafas as-Sharqi", 32.71)]}, "place-inside"),
        ({}, {"places": [town("Tafas al-Gharbi", 32.74)]}, "place-near"),
        ({"places": [DAEL], "text": NAMING}, {"text": NAMING}, "place-named"),

        ({"places": [DARAA]}, {"places": [DARAA]}, "area-same"), ({}, {"places": [DARAA]}, "place-within"),
        ({}, {"places": [town("Dael", 32.86)]}, "area-near"), ({}, {"places": [FAR]}, "place-far"),
        ({}, {"places": []}, "place-unknown"),
        ({}, {"places": [town("Daraa", lat=None, lon=None)]}, "place-within"),
        ({}, {"places": [town("Homs", lat=None, lon=None, admin1="Homs")]}, "place-far"),
        ({}, {}, "all-same"), ({}, {"date": "2018-07-06"}, "day-stated-other"),
        ({"actors": ["hts"]}, {"actors": ["hts", "sna"]}, "actor-same"),
        ({"actors": ["opposition"]}, {"actors": ["hts"]}, "actor-kin"),
        ({"actors": ["isis"]}, {"actors": ["unknown-gunmen"]}, "actor-kin"),
        ({"actors": [party(None, "كتائب الوادي")]}, {"actors": [party(None, "لواء الجبل")]}, "actor-words"),
        ({"actors": ["isis"]}, {"actors": ["assad-gov"]}, "actor-other"), ({}, {"actors": ["hts"]}, "actor-unknown"),
        ({"targets": ["hts"]}, {"targets": ["hts"]}, "target-same"),
        ({"targets": ["hts"]}, {"targets": ["civilians"]}, "target-kin"),
        ({"targets": [party(None, "قافلة")]}, {"targets": ["hts"]}, "target-words"),
        ({"targets": ["isis"]}, {"targets": ["assad-gov"]}, "target-other"), ({}, {}, "target-unknown"),
        ({"numbers": {"killed": 9}}, {"numbers": {"killed": 9}}, "number-same"),
        ({"numbers": {"killed": 9}}, {"numbers": {"killed": ">=9"}}, "number-same"),
        ({"numbers": {"killed": 9}}, {"numbers": {"killed": 7}}, "number-near"),
        ({"numbers": {"killed": 9}}, {"numbers": {"killed": 3}}, "number-other"),
        ({}, {}, "words"), ({}, {}, "reports"), ({"report": "r"}, {"report": "r"}, "same-report"),
        ({"report": "r"}, {"report": "r", "type": "clash"}, "same-sentence"),
        ({"sites": [SITE]}, {"sites": [SITE, MARKET]}, "site-same"),
        ({"sites": [SITE]}, {"sites": [MARKET]}, "site-other"),
    ],
)  # fmt: skip
def test_what_two_claims_share_or_differ_in_is_a_sign(one, other, sign):
    a, b = pair(one, other)
    assert sign in signs(a, b) and sign in signs(b, a)


def test_copies_are_a_sign_of_their_own():
    assert signs(*pair(), copies=True) - signs(*pair()) == {"copies"}


def test_of_several_places_the_nearest_two_are_compared():
    assert "place-same" in signs(*pair({"places": [FAR, TAFAS]}, {"places": [DARAA, TAFAS]}))


def test_other_counts_of_other_things_are_no_sign():
    found = signs(*pair({"numbers": {"killed": 3}}, {"numbers": {"wounded": 40}}))
    assert not {name for name in found if name.startswith("number")}


def test_a_vague_word_and_a_number_are_no_sign():
    found = signs(*pair({"numbers": {"killed": "tens"}}, {"numbers": {"killed": 3}}))
    assert not {name for name in found if name.startswith("number")}


def test_the_reasons_add_up_to_the_points_the_weightiest_first():
    alike = like(*pair({"numbers": {"killed": 9}}, {"numbers": {"killed": 9}}))
    amounts = [float(reason.split()[0]) for reason in alike.reasons]
    assert sum(amounts) == pytest.approx(alike.points, abs=0.05 * len(amounts))
    assert [abs(a) for a in amounts] == sorted((abs(a) for a in amounts), reverse=True)
    assert any("killed 9 in both" in reason for reason in alike.reasons)


def test_the_same_sentence_of_two_reports_is_enough():
    assert like(*pair()).points >= RULES.enough


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"type": "aid"}, {"type": "attack"}, "aid is no word for attack"),
        ({}, {"date": "2018-07-10"}, "5 days lie between"),
        ({}, {"places": [FAR], "text": OTHER_WORDS}, "the places are too far apart"),
        ({}, {"places": [FAR]}, "the places are too far apart"),  # the same set phrase, 440 km away
        ({"actors": ["assad-gov"], "targets": ["opposition"]}, {"actors": ["opposition"], "targets": ["assad-gov"]},
         "who did it to whom is the other way round"),
    ],
)  # fmt: skip
def test_what_cannot_be_one_is_barred_and_says_why(one, other, told):
    a, b = pair(one, other)
    assert like(a, b).barred == like(b, a).barred.replace("attack is no word for aid", told) == told
    assert like(a, b).points == 0 and like(a, b).reasons == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"date": "2018-07-09"}),
        ({"date": "2018-06-01/2018-07-04"}, {"date": "2018-07-08"}),
        ({}, {"date": None}),
        ({"text": LONG_WORDS}, {"text": LONG_WORDS, "places": [FAR]}),  # the same long sentence: the place is a slip
        ({"text": NAMING}, {"text": NAMING, "places": [town("Dael", 36.2)]}),  # the place is a name of both sentences
        ({}, {"places": [DARAA], "text": OTHER_WORDS}),
        ({}, {"places": [], "text": OTHER_WORDS}),
        ({"actors": ["assad-gov"]}, {"targets": ["assad-gov"]}),
        ({"type": "clash", "actors": ["assad-gov"], "targets": ["isis"]},
         {"actors": ["isis"], "targets": ["assad-gov"]}),
        ({"actors": ["isis"], "targets": ["civilians"]}, {"actors": ["unknown-gunmen"], "targets": ["civilians"]}),
        ({"numbers": {"killed": 3}}, {"numbers": {"killed": 300}}),
        ({"status": "denied"}, {"status": "happened"}),
    ],
)  # fmt: skip
def test_what_may_be_one_is_not_barred(one, other):
    assert bar_of(*pair(one, other), RULES) == ""


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({}, {"date": "2018-07-06"}, "one report tells them on two days"),
        ({}, {"places": [DAEL]}, "one report tells them at two places"),
        ({}, {"date": "2018-07-06", "why": ["day of publication"]}, ""),
        ({}, {"places": [DARAA]}, ""),
        ({}, {"type": "clash", "date": "2018-07-06"}, ""),
    ],
)
def test_one_report_tells_acts_of_one_kind_apart_by_stated_days_and_exact_places(one, other, told):
    a, b = pair(one, other, report="r")
    assert told_apart(a, b) == told_apart(b, a) == told
    assert like(a, b).apart is bool(told)


def test_two_reports_are_not_one_report_that_tells_two():
    assert told_apart(*pair({}, {"date": "2018-07-06"})) == ""


def test_an_unknown_gunman_may_be_anyone_but_the_other_side_speaks_against():
    gunmen, isis = (
        ({"actors": ["assad-gov"]}, {"actors": ["unknown-gunmen"]}),
        ({"actors": ["assad-gov"]}, {"actors": ["isis"]}),
    )
    assert like(*pair(*gunmen)).points > like(*pair(*isis)).points


@pytest.mark.parametrize(
    ("a", "b", "gap"),
    [
        ("2018-07-05", "2018-07-05", 0), ("2018-07-05", "2018-07-07", 2), ("2018-07-01/2018-07-06", "2018-07-03", 0),
        ("2018-07-01/2018-07-02", "2018-07-05/2018-07-09", 3), (None, "2018-07-05", None), (None, None, None),
    ],
)  # fmt: skip
def test_the_days_between_are_counted_both_ways(a, b, gap):
    one, other = pair({"date": a}, {"date": b})
    assert gap_of(one, other) == gap_of(other, one) == gap


def test_all_words_in_common_are_the_whole_share_and_none_are_nothing():
    assert word_share(*pair()) == pytest.approx(1)
    assert word_share(*pair({}, {"text": OTHER_WORDS})) == 0


@pytest.mark.parametrize(
    ("a", "b", "kin"),
    [
        ("hts", "hts", "same"), ("assad-gov", "russia", "kin"), ("assad-gov", "opposition", "enemies"),
        ("rsf", "sudan-army", "enemies"), ("rsf", "hts", "unknown"), ("~اهالي", "hts", "unknown"),
        ("unknown-gunmen", "isis", "unknown"),
    ],
)  # fmt: skip
def test_actors_are_kin_or_enemies_by_the_codebook(a, b, kin):
    assert kin_of(a, b) == kin_of(b, a) == kin


PLACES = [TAFAS, DARAA, FAR, town("Dael", 32.86), town("Homs", None, None, admin1="Homs"), town(country=None)]
ACTORS = ["assad-gov", "opposition", "hts", "isis", "unknown-gunmen", party(None, "كتائب الوادي")]
SENTENCES = ["هاجم مسلحون حاجزاً عند مدخل البلدة", OTHER_WORDS, "قُتل ثلاثة مدنيين بانفجار عبوة عند مدخل السوق", "أمس"]
CLAIMS = st.fixed_dictionaries({
    "type": st.sampled_from(["attack", "clash", "killing", "aid", "takeover"]),
    "date": st.sampled_from([None, "2018-07-05", "2018-07-06", "2018-07-09", "2018-07-20", "2018-07-01/2018-07-09"]),
    "places": st.lists(st.sampled_from(PLACES), max_size=2), "actors": st.lists(st.sampled_from(ACTORS), max_size=2),
    "targets": st.lists(st.sampled_from(ACTORS), max_size=2),
    "sites": st.lists(st.sampled_from([SITE, MARKET]), max_size=1),
    "numbers": st.dictionaries(st.sampled_from(["killed", "wounded"]), st.sampled_from([0, 3, 9, ">=9", "tens"])),
    "text": st.sampled_from(SENTENCES), "report": st.sampled_from(["r1", "r2"]),
    "why": st.sampled_from([[], ["day of publication"]]), "published": st.sampled_from([None, "2018-07-06"]),
})  # fmt: skip


@given(CLAIMS, CLAIMS, st.booleans())
def test_likeness_is_the_same_both_ways(one, other, copies):
    a, b = pair(one, other)
    forth, back = like(a, b, copies), like(b, a, copies)
    assert forth.points == back.points
    assert bool(forth.barred) is bool(back.barred)


@given(CLAIMS, CLAIMS, st.booleans())
def test_whatever_two_claims_say_every_sign_has_points(one, other, copies):
    a, b = pair(one, other)
    for sign in signs_of(a, b, kin_of, copies):
        assert sign.name == "together" or sign.name in RULES.weights
        assert sign.words and 0 <= sign.amount <= 1 + 1e-9


def test_every_sign_of_the_rules_can_be_met():
    shapes = [case for mark in test_what_two_claims_share_or_differ_in_is_a_sign.pytestmark for case in mark.args[1]]
    met = {sign for *_, sign in shapes} | {"copies"}
    assert met == RULES.weights.keys() | {"together"}
