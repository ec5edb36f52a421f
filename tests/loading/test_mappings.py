"""Mappings to ACLED, UCDP and PLOVER: each type and actor has its code, each means proves itself, faults are told."""

from __future__ import annotations

import copy

import pytest

from marsad.errors import PackError
from marsad.loading import acled as acled_pack
from marsad.loading import countries as countries_pack
from marsad.loading import means as means_pack
from marsad.loading import plover as plover_pack
from marsad.loading import ucdp as ucdp_pack
from marsad.loading.acled import acled
from marsad.loading.codebook import PACKS, actors, read_toml, types
from marsad.loading.countries import countries, governments
from marsad.loading.means import means, means_in
from marsad.loading.plover import plover
from marsad.loading.theatre import places, theatre_codes
from marsad.loading.ucdp import ucdp

HOUSES = {"acled": (acled_pack, acled), "ucdp": (ucdp_pack, ucdp), "plover": (plover_pack, plover)}
SAYS = [(one.id, type, text) for one in means().values() for type in one.types for text in one.says]
NOT_HERE = [(one.id, type, text) for one in means().values() for type in one.types for text in one.not_here]


@pytest.mark.parametrize("house", HOUSES)
def test_every_type_of_the_codebook_has_rules_each_with_its_reason(house):
    rules = HOUSES[house][1]().rules
    assert rules.keys() == types().keys()
    assert all(rule.why for some in rules.values() for rule in some)


@pytest.mark.parametrize("id", sorted(actors()))
def test_every_actor_of_the_registry_has_its_code(id):
    assert acled().inter_of(id, "SY") in range(1, 9)
    assert plover().party_of(id, "ASSAULT") is not None


def test_every_entry_of_an_actor_says_why():
    for house in ("acled", "plover"):
        rows = read_toml(PACKS / "codebook" / f"{house}.toml")["actor"]
        assert [row["id"] for row in rows if not row["why"]] == []


def test_every_kind_of_acleds_sub_events_is_there_once():
    by_type: dict[str, int] = {}
    for sub in acled().sub_events.values():
        by_type[sub.event_type] = by_type.get(sub.event_type, 0) + 1
    assert by_type == {
        "Battles": 3, "Explosions/Remote violence": 6, "Violence against civilians": 3, "Protests": 3, "Riots": 2,
        "Strategic developments": 8,
    }  # fmt: skip


@pytest.mark.parametrize(("id", "type", "text"), SAYS, ids=[f"{id}/{type}/{n}" for n, (id, type, _) in enumerate(SAYS)])
def test_a_means_is_met_in_its_own_sentences(id, type, text):
    assert id in means_in(type, [text])


@pytest.mark.parametrize(("id", "type", "text"), NOT_HERE, ids=[f"{i}/{t}" for i, t, _ in NOT_HERE])
def test_a_means_is_not_met_in_sentences_of_another_life(id, type, text):
    assert id not in means_in(type, [text])


def test_a_means_is_told_of_its_types_only():
    assert means_in("takeover", ["استهدفت طائرة مسيرة سيارة"]) == frozenset()
    assert means_in("airstrike", ["لا شيء", "غارة بالمسيّرات"]) == {"drone"}


def test_countries_of_the_gazetteer_have_their_codes():
    known = {row.id for row in places("world").values() if row.kind == "country"}
    assert known | {code.upper() for code in theatre_codes() if code != "world"} <= countries().keys()
    numbers = [country.numeric for country in countries().values() if country.numeric is not None]
    assert len(numbers) == len(set(numbers)) == 249
    assert len({country.alpha3 for country in countries().values()}) == len(countries()) == 250


@pytest.mark.parametrize("code", [code.upper() for code in theatre_codes() if code != "world"])
def test_countries_with_a_pack_have_numbers_and_regions(code):
    country = countries()[code]
    assert country.gw and country.ucdp_region and country.acled_region


def test_governments_are_those_that_the_registry_calls_so():
    states = {actor.id for actor in actors().values() if actor.kind in ("government", "state")}
    assert governments().keys() == states


@pytest.fixture
def broken(monkeypatch):
    """Give what loads a mapping from a changed table."""

    def load(pack, load, file, change):
        table = copy.deepcopy(read_toml(PACKS / file))
        change(table)
        monkeypatch.setattr(pack, "read_toml", lambda path: table)
        return load.__wrapped__()

    return load


def rules_of(table, type):
    return next(row for row in table["type"] if row["id"] == type)["rules"]


@pytest.mark.parametrize(
    ("house", "change", "told"),
    [
        ("acled", lambda t: t["type"].pop(), "give each type its rules.*aid"),
        ("acled", lambda t: rules_of(t, "clash")[0].update(event="Fight"), "clash.*'Fight'"),
        ("acled", lambda t: rules_of(t, "clash")[0].update(means=["drone"]), "clash: the last rule"),
        ("acled", lambda t: rules_of(t, "shelling")[0].update(means=["looting"]), "shelling.*'looting'"),
        ("acled", lambda t: rules_of(t, "attack")[-2].update(target="tall"), "attack.*people, armed, state"),
        ("acled", lambda t: rules_of(t, "clash")[0].update(why=""), "clash: a rule has a reason"),
        ("acled", lambda t: rules_of(t, "clash")[0].update(colour="red"), "clash.*colour"),
        ("acled", lambda t: t["actor"].pop(), "give each actor.*un"),
        ("acled", lambda t: t["actor"][0].update(inter=9), "peshmerga: inter is 1 to 8"),
        ("acled", lambda t: t["actor"].append({"id": "russia", "inter": 8, "why": "x"}), "leave out russia"),
        ("acled", lambda t: t["columns"].append(["notes", "text", "x"]), "notes: a column has a name of its own"),
        ("ucdp", lambda t: t["sides"]["civilians"].append("nobody"), "no such actor: nobody"),
        ("ucdp", lambda t: rules_of(t, "clash")[0].update(event="both"), "clash.*'both'"),
        ("ucdp", lambda t: t["columns"].append(["x", "colour", "x"]), "x: a column"),
        ("plover", lambda t: rules_of(t, "airstrike")[0].update(modes=["rain"]), "ASSAULT has no mode rain"),
        ("plover", lambda t: rules_of(t, "clash")[0].update(contexts=["moon"]), "no context moon"),
        ("plover", lambda t: t["actor"][0].update(sector="XYZ"), "no sector XYZ"),
        ("plover", lambda t: t["modes"]["PROTEST"].update(song="demo"), "no means song"),
        ("plover", lambda t: t["actor"].pop(), "give each actor.*medics"),
    ],
)  # fmt: skip
def test_a_mapping_that_breaks_a_rule_is_refused(broken, house, change, told):
    with pytest.raises(PackError, match=told):
        broken(*HOUSES[house], f"codebook/{house}.toml", change)


def test_a_means_of_an_unknown_type_is_refused(broken):
    with pytest.raises(PackError, match="drone: no such type: flood"):
        broken(means_pack, means, "languages/ar/means.toml", lambda t: t["means"][0].update(types=["flood"]))


def test_a_government_that_is_nobodys_or_nowhere_is_refused(broken):
    with pytest.raises(PackError, match="no such actor or country: isis"):
        broken(countries_pack, governments, "codebook/governments.toml", lambda t: t["governs"].update(isis="ZZ"))


@pytest.mark.parametrize(
    ("text", "told"),
    [("a,b\n", "the columns are id"), (f"{countries_pack._HEAD}\nSY,SYR,x,652,,\n", "line 2"),
     (f"{countries_pack._HEAD}\nSY,SYR\n", "line 2")],
)  # fmt: skip
def test_a_broken_table_of_countries_is_refused(monkeypatch, tmp_path, text, told):
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "countries.csv").write_text(text, "utf-8")
    monkeypatch.setattr(countries_pack, "PACKS", tmp_path)
    with pytest.raises(PackError, match=told):
        countries.__wrapped__()
