"""What a place is blurred to, and which governorate a name means."""

from __future__ import annotations

import pytest

from marsad.grounding.areas import area_of, governorate_named
from marsad.grounding.gazetteer import all_places


def test_a_village_is_blurred_to_its_sub_district_with_every_name_that_it_goes_by():
    area = area_of("C6030")
    row = all_places().rows["C6030"]
    assert (area.id, area.radius_km) == (row.admin3, 12.0)
    assert area.name != row.name and (area.lat, area.lon) != (row.lat, row.lon)
    assert row.name in area.hidden and row.name_ar in area.hidden
    assert len(set(area.hidden)) == len(area.hidden)


@pytest.mark.parametrize("level", ["admin3", "admin2"])
def test_an_area_is_blurred_to_the_next_greater_one(level):
    id = getattr(all_places().rows["C6030"], level)
    row, area = all_places().rows[id], area_of(id)
    assert area.id in (row.admin2, row.admin1) and area.id != id
    assert area.radius_km in (30.0, 70.0)


def test_a_place_that_no_gazetteer_knows_has_no_area():
    assert area_of("nowhere") is None


def test_a_governorate_has_no_area_around_it():
    assert area_of("SY12") is None


@pytest.mark.parametrize(
    ("named", "area"),
    [
        ("درعا", "Daraa Governorate"),
        ("دَرعا", "Daraa Governorate"),
        ("Daraa", "Daraa Governorate"),
        ("daraa governorate", "Daraa Governorate"),
        ("SY12", "Daraa Governorate"),
        ("الحسكه", "Al-Hasakah Governorate"),
        ("al hasakah", "Al-Hasakah Governorate"),
        ("ريف دمشق", "Rif Dimashq Governorate"),
        ("بغداد", "Baghdad Governorate"),
        ("داعل", None),
        ("Da", None),
        ("باريس", None),
        ("…", None),
        ("", None),
    ],
)
def test_a_governorate_is_found_by_its_name_in_any_spelling(named, area):
    assert governorate_named(named) == area
