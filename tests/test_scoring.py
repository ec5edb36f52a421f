"""Our figures are those of the gold set's own script, digit for digit."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from marsad import scoring
from marsad.errors import UsageError
from marsad.faces.cli import main

GOLD = Path(__file__).parents[2] / "shared" / "gold"
here = pytest.mark.skipif(not (GOLD / "score.py").exists(), reason="the gold set is not part of the project")
HIRAK = {"text": "الحراك", "lat": 32.7, "lon": 36.3, "country": "SY"}
TEXT = "سيطرت الفصائل على الحراك ثم انسحبت منها"


def coded(**fields: object) -> dict:
    claim = {
        "type": "takeover", "trigger": "سيطرت", "evidence": "سيطرت الفصائل على الحراك", "status": "happened",
        "actors": [{"text": "الفصائل", "id": None}], "targets": [], "places": [], "sites": [], "date": None,
        "numbers": {}, "sources": [], "quoted": False, **fields,
    }  # fmt: skip
    return {"id": "r", "text": TEXT, "claims": [claim]}


def disturbed(record: dict, chance: random.Random) -> dict:
    """Return a worse coding of the report: claims lost, doubled, and with other fields."""
    claims = []
    for claim in json.loads(json.dumps(record["claims"])):
        lot = chance.random()
        if lot < 0.15:
            continue
        if lot < 0.3:
            claims.append({**claim, "evidence": claim["evidence"][: len(claim["evidence"]) // 2 + 1]})
        if lot > 0.7:
            claim["type"] = chance.choice(["attack", "killing", claim["type"]])
        for key in ("actors", "targets", "places", "sources"):
            if chance.random() < 0.3:
                claim[key] = claim[key][1:] + claim["actors"][:1] * (key in ("actors", "targets"))
        for place in claim["places"]:
            if chance.random() < 0.3 and place.get("lat") is not None:
                place["lat"] += chance.choice([0.05, 0.2, 2])
        if chance.random() < 0.3:
            claim["date"], claim["numbers"], claim["status"] = None, {"killed": 1}, "ongoing"
        claims.append(claim)
    return {**record, "claims": claims}


@here
@pytest.mark.parametrize("gold", ["dev", "check", "seed.json"])
@pytest.mark.parametrize("options", [["--by", "type", "--errors", "4"], ["--json"]])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_figures_are_those_of_the_script(gold, options, seed, tmp_path, capsys):
    chance = random.Random(seed)
    records = [disturbed(r, chance) for r in scoring.load_coded(str(GOLD / gold)).values()]
    file = tmp_path / "predicted.jsonl"
    kept = records[: len(records) - seed % 2] or records
    file.write_text("".join(json.dumps(r) + "\n" for r in kept), "utf-8")
    asked = [str(GOLD / gold), str(file), *options]
    script = subprocess.run(
        [sys.executable, str(GOLD / "score.py"), *asked], capture_output=True, text=True, check=True
    )
    assert main(["score", *asked]) == 0
    assert capsys.readouterr().out == script.stdout


def test_a_coding_agrees_with_itself():
    result = scoring.score({"r": coded()}, {"r": coded()})
    assert result.rows()["claims"] == (1, 1, 1) and set(result.rates().values()) == {1}


@pytest.mark.parametrize(
    ("fields", "figure"),
    [
        ({"type": "attack"}, "claims"),
        ({"evidence": "ثم انسحبت منها"}, "claims"),
        ({"actors": [{"text": "قوات النظام", "id": None}]}, "actors"),
        ({"status": "denied"}, "status"),
        ({"date": "2018-07-01"}, "date"),
        ({"sources": ["المرصد"]}, "source"),
        ({"numbers": {"killed": 2}}, "numbers"),
    ],
)
def test_each_difference_costs_its_own_figure(fields, figure):
    result = scoring.score({"r": coded()}, {"r": coded(**fields)})
    value = {**{k: v[2] for k, v in result.rows().items()}, **result.rates()}[figure]
    assert value == 0


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (HIRAK, {"text": "حراك", "lat": 32.75, "lon": 36.3, "country": "SY"}, True),
        (HIRAK, {"text": "نوى", "lat": 32.9, "lon": 36.3, "country": "SY"}, False),
        (HIRAK, {"text": "بالحراك", "lat": 33.2, "lon": 36.3, "country": "SY"}, True),
        (HIRAK, {**HIRAK, "country": "JO"}, False),
        ({"text": "المدينة", "name": "Nawa", "lat": None}, {"text": "نوى", "name": "Nawa", "lat": 1, "lon": 1}, True),
    ],
)
def test_places_are_the_same_by_distance_and_name(a, b, same):
    assert scoring.same_place(a, b) is same


def test_a_source_named_more_fully_is_the_same():
    assert scoring.same_source(scoring.plain("المرصد"), scoring.plain("المرصد السوري لحقوق الإنسان"))
    assert not scoring.same_source("", scoring.plain("المرصد"))


def test_reports_without_a_prediction_are_named():
    assert scoring.score({"r": coded()}, {}).lines()[-1] == "no prediction for 1: r"


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"claims": []}]'])
def test_a_file_that_holds_no_coding_is_a_usage_error(tmp_path, content):
    file = tmp_path / "gold.json"
    file.write_text(content, "utf-8")
    with pytest.raises(UsageError, match="claims"):
        scoring.load_coded(str(file))
