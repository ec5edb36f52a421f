import pytest

import make
from marsad.errors import UsageError
from marsad.record.coding import check_fields, located
from record.desk import GUIDE, bodies

PLACE = {"text": "نصيب", "name": "Nassib", "role": "at"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "shelling"), ("status", "denied"), ("date", None), ("date", "2018-07-05"),
        ("date", "2018-07-05/2018-07-06"), ("quoted", True), ("sources", []), ("sources", ["ناشط محلي"]),
        ("numbers", {"killed": 3, "share": 0.5, "wounded": ">=27", "displaced": "tens of thousands"}),
        ("numbers", {"killed": "20-30", "strikes": "24+", "shells": ">1.5"}), ("numbers", {}),
        ("actors", []), ("actors", [{"text": "الفصائل", "id": "opposition"}]), ("targets", [{"text": "رعاة"}]),
        ("places", [PLACE]), ("places", [PLACE | {"lat": 32.5, "lon": 36, "country": "SY"}]),
        ("sites", [{"text": "المعبر", "kind": "crossing"}]), ("evidence", "سيطرت قوات النظام"),
    ],
)  # fmt: skip
def test_what_the_coding_guide_allows_is_taken(field, value):
    kept = check_fields({field: value}, GUIDE)[field]
    assert kept == value or all(kept[0][key] == told for key, told in value[0].items())


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("type", "raid", "type of the codebook"), ("type", 3, "type of the codebook"), ("status", "maybe", "happened"),
        ("date", "6/7/2018", "2024-12-06"), ("date", "2018-02-30", "2024-12-06"), ("date", 20180706, "2024-12-06"),
        ("date", "2018-07-06/2018-07-05", "earlier day first"), ("date", "20180706", "2024-12-06"),
        ("quoted", "yes", "true or false"), ("quoted", 1, "true or false"), ("sources", "المرصد", "list of names"),
        ("sources", [""], "in words"), ("numbers", {"dead": 3}, "killed"), ("numbers", {"killed": -1}, ">90"),
        ("numbers", {"killed": "many"}, ">90"), ("numbers", {"killed": True}, ">90"),
        ("numbers", {"killed": float("nan")}, ">90"), ("numbers", [3], "what is counted"),
        ("actors", [{"id": "opposition"}], "in words"), ("actors", [{"text": "هم", "id": "nobody"}], "registry"),
        ("actors", [{"text": "هم", "name": "x"}], "its keys are text, id"), ("actors", {"text": "هم"}, "a list"),
        ("places", [PLACE | {"role": "in"}], "near"), ("places", [{"text": "نصيب"}], "in words"),
        ("places", [PLACE | {"lat": 32.5}], "both lat and lon"),
        ("places", [PLACE | {"lat": 95, "lon": 36}], "between"),
        ("places", [PLACE | {"country": "Syria"}], "ISO 3166"), ("places", [PLACE | {"lat": "32", "lon": 3}], "number"),
        ("sites", [{"text": "المعبر"}], "in words"), ("certainty", 0.5, "there are type"),
        ("evidence", " ", "in words"), ("evidence", "نص\0", "control character"),
        ("sources", ["\ud800"], "half a character"),
    ],
)  # fmt: skip
def test_what_it_does_not_allow_is_refused_with_field_and_remedy(field, value, told):
    with pytest.raises(UsageError) as error:
        check_fields({field: value}, GUIDE)
    assert field in str(error.value) and told in str(error.value)


def test_a_correction_without_fields_says_which_there_are():
    with pytest.raises(UsageError, match=r"type, trigger, evidence"):
        check_fields({}, GUIDE)


def place_in(fields, text=make.TEXT):
    body = next(iter(bodies().values()))
    return located(check_fields(fields, GUIDE), text, body)


def test_a_corrected_name_points_to_its_nearest_place_in_the_text():
    text = "الفصائل خرجت. " + make.TEXT
    body = next(iter(bodies().values())) | {"trigger_span": [70, 76]}
    fields, _ = located(check_fields({"actors": [{"text": "الفصائل"}]}, GUIDE), text, body)
    start, end = fields["actors"][0]["span"]
    assert start > 14 and text[start:end] == "الفصائل"


def test_a_name_that_the_text_does_not_have_points_to_the_evidence():
    fields, _ = place_in({"places": [PLACE | {"text": "بوابة الأردن"}]})
    assert fields["places"][0]["span"] == next(iter(bodies().values()))["span"]


def test_spans_of_sources_follow_the_sources():
    _, spans = place_in({"sources": ["قائد محلي", "مجهول"]})
    start, end = spans["source_spans"][0]
    assert make.TEXT[start:end] == "قائد محلي" and len(spans["source_spans"]) == 2


def test_evidence_moves_the_span_and_must_stand_in_the_report():
    fields, spans = place_in({"evidence": "سيطرت قوات النظام"})
    assert make.TEXT[slice(*spans["span"])] == fields["evidence"]
    with pytest.raises(UsageError, match="letter by letter"):
        place_in({"evidence": "سيطرت قوات أخرى"})
