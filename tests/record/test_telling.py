import pytest

from marsad.record.telling import AREA_KM, TOWN_KM, days_of, distance_km, party_key, telling_of, wording_of
from record.told import TAFAS, body_of, ordinal, party, telling, town


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2018-07-05", ("2018-07-05", "2018-07-05")), ("2018-07-05/2018-07-07", ("2018-07-05", "2018-07-07")),
        ("2018-07-07/2018-07-05", ("2018-07-05", "2018-07-07")),
    ],
)  # fmt: skip
def test_a_day_or_an_interval_has_a_first_and_a_last_day(written, days):
    assert days_of(written) == tuple(map(ordinal, days))


@pytest.mark.parametrize("written", [None, ""])
def test_without_a_date_there_is_neither(written):
    assert days_of(written) == (None, None)


def test_a_party_of_the_registry_is_known_by_its_id():
    assert party_key(party("hts", "الهيئة")) == "hts"


def test_other_parties_are_known_by_their_words_so_that_spellings_meet():
    assert party_key(party(None, "أهالي البلدةِ")) == party_key(party(None, "اهالي بلده"))
    assert party_key(party(None, "أهالي الحيّ")).startswith("~")


def test_places_with_an_id_meet_by_it_and_others_by_country_and_name():
    keyed = [telling(places=[p]).spots[0].key for p in (town(id="42"), TAFAS, town(country=None))]
    assert keyed == ["42", "SY/Tafas", "None/Tafas"]


def test_a_place_without_a_radius_is_taken_as_a_town_and_one_without_a_point_as_an_area():
    spots = [telling(places=[p]).spots[0] for p in (TAFAS, town(radius_km=AREA_KM), town(lat=None, lon=None))]
    assert [spot.radius_km for spot in spots] == [TOWN_KM, AREA_KM, TOWN_KM]
    assert [spot.is_area for spot in spots] == [False, True, True]


def test_a_day_that_is_only_that_of_publication_is_marked():
    assert telling(why=["day of publication: no word gives another"]).presumed
    assert not telling(why=["day yesterday"]).presumed


def test_words_near_a_claim_are_those_of_its_evidence_and_around_it():
    far = (
        "وفي سياق آخر أعلنت البلدية مواعيد توزيع الخبز على الأحياء الشرقية والغربية من المدينة خلال الأسبوع المقبل " * 3
    )
    text = f"هاجم مسلحون مستودعاً للذخيرة. وأصيب حارس. {far}ورُصفت الطرقات"
    told = telling_of(body_of(text=text, evidence="هاجم مسلحون مستودعاً للذخيرة"), 3, wording_of("r", text, None))
    assert "مستودعا" in told.evidence and "حارس" not in told.evidence
    assert "حارس" in told.near and "طرقات" not in told.near
    assert "طرقات" in told.all and told.evidence <= told.near <= told.all
    assert (told.n, told.report, told.published) == (3, "r", None)


def test_distance_is_over_ground_and_the_same_both_ways():
    daraa, damascus = (
        telling(places=[town(n, *at)]).spots[0] for n, at in (("a", (32.62, 36.1)), ("b", (33.51, 36.29)))
    )
    assert distance_km(daraa, damascus) == pytest.approx(100.5, abs=1)
    assert distance_km(daraa, damascus) == pytest.approx(distance_km(damascus, daraa))


def test_distance_is_unknown_where_a_place_has_no_point():
    here, nowhere = telling().spots[0], telling(places=[town(lat=None, lon=None)]).spots[0]
    assert distance_km(here, nowhere) is None


def test_sites_are_compared_by_their_kind_and_parties_by_role():
    told = telling(sites=[{"text": "سجن البلدة", "kind": "prison", "span": [0, 1]}], actors=["hts"], targets=["isis"])
    assert (told.sites, told.actors, told.targets) == ({"prison"}, {"hts"}, {"isis"})
