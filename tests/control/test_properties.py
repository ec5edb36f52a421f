"""What must hold of any claims whatever: their order, what is unrelated, what is taken away, what comes later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.control import testimony
from marsad.control.atlas import Atlas, end_of
from marsad.control.pooling import UNKNOWN, VACATED, moved, pool_of
from marsad.control.timeline import BESIEGED, CONTESTED, EMPTY, HELD, NEWEST, NOBODY_KNOWS, State
from marsad.control.told import Spot, Told
from marsad.loading.control import EXTENTS, ROLES, control_rules

RULES = control_rules()
AROUND = {"Tafas": ("Daraa",), "Nawa": ("Daraa",), "Ariha": ("Idlib",), "Saraqib": ("Idlib",)}
AREAS = ("Daraa", "Idlib")
EVERYWHERE = (*AROUND, *AREAS)
FIRST = date(2018, 7, 1)
DAYS = tuple((FIRST + timedelta(n)).isoformat() for n in range(20))
AFTERWARDS = (*DAYS, "2018-08-01", "2018-10-15", "2021-01-01")
# Types that say something of who holds, the outright ones more often, and some that say nothing.
TYPES = (*(type for type in RULES.of_type if RULES.of_type[type]), "killing", *("takeover", "control", "clash") * 4)
STATUSES = (*("happened",) * 6, "ongoing", "denied", "planned")
# Three sides, one with an ally, and one actor who can hold nothing; who does it and to whom.
PARTIES = tuple(
    (actors, targets)
    for actors in (("assad-gov",), ("russia",), ("opposition",), ("isis",), ("assad-gov", "russia"), ("isis", "russia"))
    for targets in ((), ("assad-gov",), ("opposition",), ("isis", "civilians"))
)
# How sure it is, and whether a person has reviewed it.
SURE = ((0.2, False), (0.6, False), (0.9, False), (1.0, True))
VOICES = (*((voice, "") for voice in "ABCD"), ("Sana", "assad-gov"), ("Room", "opposition"))
SHARES = (None, None, 0.4, 0.9)
# Fewer examples than usual: each makes and asks whole atlases.
FEW = settings(deadline=None, max_examples=60)
# How many days before its own a claim may speak of.
REACH = max(rule.before for rule in RULES.rules)


def spots(places: tuple[str, ...]) -> st.SearchStrategy[tuple[Spot, ...]]:
    """Draw one or two places of a claim; most are plainly "at" it."""
    plain = [Spot(place, "at", "", "SY", place in AREAS) for place in places]
    turned = [
        Spot(place, role, extent, "SY", place in AREAS, AROUND.get(place, ("",))[0] if extent == "only" else "")
        for place in places
        for role in ROLES
        for extent in EXTENTS
    ]
    one = st.sampled_from(plain) | st.sampled_from(turned)
    return st.tuples(one) | st.tuples(one, one)


@st.composite
def days(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw the days meant, "" where none is told, and that of publication, which is none of those before them."""
    start, lasts, waits = draw(st.integers(0, 19)), draw(st.sampled_from([0, 0, 0, 3])), draw(st.sampled_from([0, 2]))
    until = min(19, start + lasts)
    published = DAYS[min(19, until + waits)]
    return ("", "", published) if draw(st.integers(0, 9)) == 9 else (DAYS[start], DAYS[until], published)


@st.composite
def some_claims(draw: st.DrawFn, places: tuple[str, ...] = EVERYWHERE, least: int = 0, most: int = 16) -> list[Told]:
    """Draw claims, some of which are told to have followed the one before them."""
    count, named, when = draw(st.integers(least, most)), spots(places), days()
    told: list[Told] = []
    for n in range(count):
        (actors, targets), (sure, reviewed) = draw(st.sampled_from(PARTIES)), draw(st.sampled_from(SURE))
        (voice, partisan), after = draw(st.sampled_from(VOICES)), (f"c{n - 1:02}",) if n and draw(st.booleans()) else ()
        told.append(
            Told(
                f"c{n:02}", draw(st.sampled_from(TYPES)), draw(st.sampled_from(STATUSES)), actors, targets, draw(named),
                *draw(when), sure, voice, partisan, draw(st.sampled_from(SHARES)), after, reviewed,
            )
        )  # fmt: skip
    return told


def atlas_of(told: list[Told]) -> Atlas:
    return Atlas.of(told, lambda place: AROUND.get(place, ()))


def timelines(told: list[Told], places: tuple[str, ...] = EVERYWHERE) -> dict[str, list[State]]:
    atlas = atlas_of(told)
    return {place: atlas.timeline(place) for place in places}


def touched(claim: Told) -> set[str]:
    """Return the places of which a claim says anything, and those in the areas among them."""
    own = {t.place for t in testimony.testimonies_of(claim, RULES)}
    return own | {place for place, areas in AROUND.items() if own & set(areas)}


@FEW
@given(st.data(), some_claims())
def test_the_order_of_arrival_never_changes_the_answer(data, told):
    shuffled = data.draw(st.permutations(told))
    assert timelines(shuffled) == timelines(told)
    one, other = atlas_of(told), atlas_of(shuffled)
    day = data.draw(st.sampled_from(AFTERWARDS))
    for place in EVERYWHERE:
        assert one.on(place, day) == other.on(place, day)
        assert one.argument(place, day) == other.argument(place, day)
    assert list(one.turns("", "9999")) == list(other.turns("", "9999"))


@FEW
@given(st.data(), some_claims(least=1))
def test_a_claim_that_is_removed_takes_its_influence_and_nothing_else(data, told):
    gone = data.draw(st.sampled_from(told))
    left = [claim for claim in told if claim is not gone]
    before = timelines(left)
    was = timelines(told)
    assert timelines(left) == before, "what was asked in between leaves nothing behind"
    for place in set(EVERYWHERE) - touched(gone):
        assert was[place] == before[place]
    assert not any(gone.claim in (*s.claims, *s.against, *s.turned) for states in before.values() for s in states)


@FEW
@given(some_claims(("Tafas", "Nawa", "Daraa")), some_claims(("Ariha", "Saraqib", "Idlib")))
def test_what_is_said_elsewhere_changes_nothing(here, elsewhere):
    elsewhere = [claim._replace(claim=f"e{claim.claim}", after=()) for claim in elsewhere]
    alone, both = timelines(here), timelines([*here, *elsewhere])
    assert {place: both[place] for place in ("Tafas", "Nawa", "Daraa")} == {
        place: alone[place] for place in ("Tafas", "Nawa", "Daraa")
    }


def without_ids(states: list[State]) -> list[State]:
    return [state._replace(claims=(), against=(), turned=()) for state in states]


@FEW
@given(some_claims())
def test_a_claim_of_two_places_says_of_each_what_two_claims_of_one_would(told):
    told = [claim._replace(after=()) for claim in told]
    split = [
        claim._replace(claim=f"{claim.claim}{n}", spots=(spot,))
        for claim in told
        for n, spot in enumerate(dict.fromkeys(claim.spots))
    ]
    whole = [claim._replace(spots=tuple(dict.fromkeys(claim.spots))) for claim in told]
    one, other = timelines(whole), timelines(split)
    assert {place: without_ids(one[place]) for place in one} == {place: without_ids(other[place]) for place in other}


@FEW
@given(some_claims())
def test_copies_of_all_that_each_voice_says_change_nothing(told):
    copies = [c._replace(claim=f"x{c.claim}", after=tuple(f"x{id}" for id in c.after)) for c in told]
    one, other = timelines(told), timelines([*told, *copies])
    assert {place: without_ids(one[place]) for place in one} == {place: without_ids(other[place]) for place in other}


@FEW
@given(some_claims(), st.sampled_from(DAYS))
def test_a_day_never_depends_on_claims_that_speak_of_later_days_alone(told, day):
    known = [c for c in told if any(t.day <= day for t in testimony.testimonies_of(c, RULES))]
    one, other = atlas_of(told), atlas_of(known)
    for place in EVERYWHERE:
        whole, then = one.on(place, day), other.on(place, day)
        assert (whole and whole._replace(until="")) == (then and then._replace(until=""))
        assert one.argument(place, day) == other.argument(place, day)


@FEW
@given(some_claims(), st.sampled_from(DAYS))
def test_a_claim_speaks_of_no_day_but_its_own_and_those_just_before(told, day):
    """Whoever lost a place held it until the day before: no rule looks further back than it says."""
    last = (date.fromisoformat(day) + timedelta(REACH)).isoformat()
    known = [claim for claim in told if (claim.start or claim.published) <= last]
    one, other = atlas_of(told), atlas_of(known)
    for place in EVERYWHERE:
        whole, then = one.on(place, day), other.on(place, day)
        assert (whole and whole.state) == (then and then.state)


@FEW
@given(some_claims(), st.integers(1, 400))
def test_no_day_of_the_calendar_is_another_than_the_rest(told, days):
    """All claims moved by so many days give the same states, as many days later; no alliance ends meanwhile."""

    def later(day: str) -> str:
        return (date.fromisoformat(day) + timedelta(days)).isoformat() if day else ""

    moved_on = [
        c._replace(start=later(c.start), until=later(c.until), published=later(c.published)) for c in told
    ]  # fmt: skip
    expected = {
        place: [
            s._replace(start=later(s.start), since=later(s.since), newest=later(s.newest), outright=later(s.outright))
            for s in states
        ]
        for place, states in timelines(told).items()
    }
    assert timelines(moved_on) == expected


@FEW
@given(some_claims())
def test_states_are_what_they_say(told):
    known = {claim.claim for claim in told}
    for states in timelines(told).values():
        starts = [state.start for state in states]
        assert starts == sorted(set(starts)), "each state begins after the one before"
        for state in states:
            assert 0.0 <= state.chance <= 1.0
            assert state.since <= state.start and state.newest <= state.start and state.outright <= state.start
            assert {*state.claims, *state.against, *state.turned} <= known
            assert len(state.claims) <= NEWEST and len(state.against) <= NEWEST
            sides, status = state.sides, state.status
            assert len(set(sides)) == len(sides) and not {UNKNOWN, VACATED} & set(sides)
            if status in (HELD, CONTESTED, BESIEGED):
                assert sides[0] == state.side and state.chance >= RULES.limit["least"]
                assert (len(sides) == 1) == (status == HELD)
            else:
                assert (status, state.side) in ((EMPTY, VACATED), (NOBODY_KNOWS, UNKNOWN)) and sides == ()


@FEW
@given(some_claims())
def test_shares_are_chances_that_sum_to_one(told):
    said: dict[str, dict[str, list[testimony.Testimony]]] = {}
    for claim in told:
        for t in testimony.testimonies_of(claim, RULES):
            said.setdefault(t.place, {}).setdefault(t.day, []).append(t)
    for days in said.values():
        shares, fighters = {UNKNOWN: 1.0}, {}
        for day in sorted(days):
            pool = pool_of(days[day], RULES)
            for chances in (pool.holds, pool.acts, pool.gives, pool.lacks, pool.seems, pool.contests, pool.encircles):
                assert all(0.0 <= chance <= 1.0 for chance in chances.values())
            shares, fighters = moved(shares, pool, fighters), pool.contests
            assert sum(shares.values()) == pytest.approx(1.0)
            assert all(-1e-9 <= share <= 1.0 + 1e-9 for share in shares.values())


@FEW
@given(some_claims(), st.sampled_from(AFTERWARDS))
def test_an_answer_is_that_of_the_state_of_its_day_and_grows_no_surer_with_age(told, day):
    atlas = atlas_of(told)
    for place in EVERYWHERE:
        states, holding = atlas.timeline(place), atlas.on(place, day)
        then = [state for state in states if state.start <= day]
        assert (holding is None) == (not then)
        if holding is None:
            continue
        assert holding.state == then[-1] and 0.0 <= holding.confidence <= round(holding.state.chance, 3)
        assert holding.until == end_of(states, len(then) - 1) and (not holding.until or holding.until > day)
        assert holding.age >= 0 and holding.basis in ("asserted", "carried", "inferred")
        assert (holding.basis == "inferred") == (not holding.state.outright or not holding.state.side)


@FEW
@given(some_claims(), st.sampled_from(DAYS))
def test_the_argument_of_a_day_is_the_evidence_that_its_state_names(told, day):
    atlas = atlas_of(told)
    for place in EVERYWHERE:
        holding = atlas.on(place, day)
        heard, against = atlas.argument(place, day)
        if holding is not None:
            assert {t.claim for t in heard} == set(holding.state.claims)
            assert {t.claim for t in against} == set(holding.state.against)
            assert all(t.day <= day for t in (*heard, *against))


@FEW
@given(some_claims(), st.sampled_from(DAYS))
def test_all_places_of_a_day_are_those_that_are_asked_for_one_by_one(told, day):
    atlas = atlas_of(told)
    found = [atlas.on(place, day) for place in atlas.places]
    assert list(atlas.on_day(day)) == [holding for holding in found if holding is not None]


@FEW
@given(some_claims(), st.sampled_from(DAYS))
def test_changes_of_hands_fall_apart_by_days_and_each_brings_another_side(told, day):
    atlas, next_day = atlas_of(told), (date.fromisoformat(day) + timedelta(1)).isoformat()
    every = list(atlas.turns("", "9999"))
    assert sorted([*atlas.turns("", day), *atlas.turns(next_day, "9999")], key=repr) == sorted(every, key=repr)
    for _, before, state in every:
        assert state.status in (HELD, EMPTY, BESIEGED) and state.side
        assert before is None or before.side != state.side


@FEW
@given(some_claims())
def test_consecutive_changes_of_a_place_differ(told):
    atlas = atlas_of(told)
    for place in EVERYWHERE:
        for before, state in atlas.changes(place):
            assert before is None or (before.status, before.side) != (state.status, state.side)
