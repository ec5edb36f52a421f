"""The rules of control: each gives its reason and names what there is; a rule that does not is refused."""

from __future__ import annotations

from copy import deepcopy

import pytest

from marsad.errors import PackError
from marsad.loading.codebook import PACKS, actors, read_toml, sides, types
from marsad.loading.control import DOES, EXTENTS, ROLES, control_rules, rules_in
from marsad.loading.language import language
from marsad.loading.theatre import theatre_codes
from marsad.publish.labels import STATUS

TABLE = read_toml(PACKS / "codebook" / "control.toml")
RULES = control_rules()
# What the codebook says that a type does to control, and what a rule of such a type may say first.
CONTROLS = {
    "takes": {"takes", "holds"},
    "gives": {"gives", "seems"},
    "contests": {"contests"},
    "encircles": {"encircles"},
}


def altered(kind: str, **fields: object) -> dict[str, object]:
    """Return the packaged table with the first entry of a kind altered; a field that is None is left out."""
    table = deepcopy(TABLE)
    row = table[kind][0] | fields
    table[kind][0] = {key: value for key, value in row.items() if value is not None}
    return table


def added(kind: str, **fields: object) -> dict[str, object]:
    """Return the packaged table with a copy of the first entry of a kind that has other fields."""
    table = deepcopy(TABLE)
    table[kind].append(table[kind][0] | fields)
    return table


def test_the_packaged_rules_are_taken():
    assert rules_in(deepcopy(TABLE)) == RULES and RULES.rules and RULES.turns and RULES.sites


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("rule", {"types": ["takover"]}, "'takover' is none of"),
        ("rule", {"types": ["takeover", "conquest"]}, "'conquest' is none of"),
        ("rule", {"roles": ["in"]}, "'in' is none of at, from, to, near"),
        ("rule", {"party": "actor"}, "'actor' is none of actors, targets"),
        ("rule", {"does": "keeps"}, "'keeps' is none of takes, holds"),
        ("rule", {"why": ""}, "say why it weighs so"),
        ("rule", {"why": None}, "why"),
        ("rule", {"weight": 0}, "a weight is a chance between 0 and 1, not 0"),
        ("rule", {"weight": 1}, "a weight is a chance between 0 and 1, not 1"),
        ("rule", {"weight": 1.2}, "not 1.2"),
        ("rule", {"weight": -0.1}, "not -0.1"),
        ("rule", {"wieght": 0.5}, "wieght"),
        ("rule", {"weight": None}, "weight"),
        ("turn", {"does": "keeps"}, "'keeps' is none of"),
        ("turn", {"becomes": "keeps"}, "'keeps' is none of"),
        ("turn", {"extent": "half", "status": ""}, "'half' is none of all, most"),
        ("turn", {"extent": "part"}, "a status or an extent, one of them"),
        ("turn", {"status": ""}, "a status or an extent, one of them"),
        ("turn", {"why": ""}, "say why it weighs so"),
        ("turn", {"factor": None}, "factor"),
        ("factor", {"why": ""}, "say why it weighs so"),
        ("factor", {"why": None}, "say why it weighs so"),
        ("limit", {"why": ""}, "say why it weighs so"),
    ],
    ids=str,
)
def test_an_entry_that_names_what_there_is_not_or_gives_no_reason_is_refused(kind, fields, told):
    with pytest.raises(PackError, match=told) as refused:
        rules_in(altered(kind, **fields))
    assert "codebook/control.toml" in str(refused.value)


def test_a_refusal_names_the_rule():
    with pytest.raises(PackError, match=TABLE["rule"][0]["name"]):
        rules_in(altered("rule", does="keeps"))


def test_two_rules_of_one_name_are_refused():
    with pytest.raises(PackError, match="a rule's name stands twice"):
        rules_in(added("rule"))


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(altered("turn", status="ongoin"), id="a status that there is not"),
        pytest.param(added("turn", factor=0.1), id="a second turn of one status and one doing"),
        pytest.param(added("factor", value=0.9), id="a second factor of one name"),
        pytest.param(added("limit", value=0.9), id="a second limit of one name"),
        pytest.param(altered("factor", value=-2), id="a factor below nothing"),
    ],
)
def test_an_entry_that_would_never_count_or_counts_silently_is_refused(table):
    with pytest.raises(PackError):
        rules_in(table)


@pytest.mark.parametrize("type", sorted(types()))
def test_every_type_says_what_it_does_to_control_and_why(type):
    assert types()[type].control_why


@pytest.mark.parametrize("type", sorted(t.id for t in types().values() if t.control in CONTROLS))
def test_a_type_that_changes_control_has_a_rule_that_does_so(type):
    assert CONTROLS[types()[type].control] & {rule.does for rule in RULES.of_type[type]}


@pytest.mark.parametrize("type", sorted(t.id for t in types().values() if t.control == "nothing"))
def test_a_type_that_does_nothing_to_control_gives_weak_signs_at_most(type):
    assert {rule.does for rule in RULES.of_type[type]} <= {"seems", "lacks"}


def test_rules_are_found_by_type_in_their_order():
    for type, rules in RULES.of_type.items():
        assert rules == tuple(rule for rule in RULES.rules if type in rule.types)


def test_every_turn_is_of_a_status_or_an_extent_that_there_is():
    for word, does in RULES.turns:
        assert word in STATUS or (word in EXTENTS and does in DOES)


@pytest.mark.parametrize("name", sorted(RULES.factor) + sorted(RULES.limit))
def test_every_number_has_its_reason(name):
    assert len(RULES.why[name]) > 10


def test_every_role_of_a_place_is_known_to_the_rules():
    assert {role for rule in RULES.rules for role in rule.roles} <= set(ROLES)


@pytest.mark.parametrize("theatre", sorted(sides()))
def test_sides_name_actors_and_theatres_that_there_are_and_give_their_reason(theatre):
    assert theatre in theatre_codes()
    for side in sides()[theatre]:
        assert {side.lead, *side.members} <= set(actors()) and side.why and side.lead not in side.members
        assert side.since is None or side.until is None or side.since < side.until


@pytest.mark.parametrize("theatre", sorted(sides()))
def test_nobody_fights_for_two_sides_of_a_theatre_on_one_day(theatre):
    rows = [(member, side) for side in sides()[theatre] for member in (side.lead, *side.members)]
    for member, side in rows:
        for other in (o for m, o in rows if m == member and o is not side):
            ends = (side.until and other.since and side.until <= other.since) or (
                other.until and side.since and other.until <= side.since
            )
            assert ends or side.lead == other.lead, f"{member} fights for {side.lead} and for {other.lead}"


def test_every_site_that_can_be_held_is_a_kind_of_the_language():
    kinds = {row["kind"] for row in language().sites}
    assert control_rules().sites <= kinds, sorted(control_rules().sites - kinds)
