"""The chart of who holds what, kept beside the claims: brought up to them when somebody asks, where they changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from marsad.control.atlas import Atlas, Holding, end_of, hands_of, holding_of
from marsad.control.testimony import Testimony, testimonies_of
from marsad.control.timeline import State, timeline_of
from marsad.errors import RecordError
from marsad.grounding.surroundings import around
from marsad.holding import Ledger, atlas_of, told_of
from marsad.loading.control import control_rules
from marsad.loading.kept import packs_hash
from marsad.pipeline import release
from marsad.record import charting
from marsad.record.charting import StateRow
from marsad.record.decisions import in_parts
from marsad.record.store import Record, Writing
from marsad.record.view import Filters, View

# Claims told at a time while the chart is made: a part is in memory, the rest in the record.
_PART = 2000
# The fields of a state before its claims, which are kept apart from them.
_BARE = State._fields.index("claims")
_NONE = ((), (), ())


def ledger_of(view: View, level: str = "group", reviewed: bool = False) -> Ledger:
    """Return the ledger of what a viewer may see, as known then: from the chart where it says the same, else anew.

    With `reviewed` it rests on nothing but claims that a person accepted, corrected or added.
    """
    if view.known_by is None and view.sees_all() and not reviewed:
        try:
            bring_up(view.unwatched())
            return Ledger(ChartedAtlas(view.record), level)
        except RecordError:
            pass  # A record that cannot be written to is asked as it is, which takes longer.
    return Ledger(atlas_of(view.claims(Filters(reviewed=reviewed)), view.originals()), level)


def bring_up(view: View) -> int:
    """Bring the chart to the claims as they stand, and return how many places were looked at anew."""
    rules = f"{release()} {packs_hash()}"
    with view.record.asking() as connection:
        made, now = charting.mark_of(connection), charting.newest(connection, rules)
        if made == now:
            return 0
        changed = None if made is None or made.rules != rules else charting.changed_claims(connection, made)
    with view.record.writing("chart", rules) as writing:
        if changed is None:
            charting.clear(writing)
        touched = _tell(writing, view, changed)
        places = _with_those_inside(writing, touched)
        _chart(writing, places)
        charting.put_mark(writing, now)
    return len(places)


def _tell(writing: Writing, view: View, changed: Sequence[str] | None) -> set[str]:
    """Put the testimonies of the changed claims (None: of all) in place, and return the places that they touch."""
    originals, touched = view.originals(), set[str]()
    parts = (view.told(some).values() for some in in_parts(changed or ()))
    stream = view.claims() if changed is None else chain.from_iterable(parts)
    gone = set(changed or ())
    while part := list(islice(stream, _PART)):
        told = {claim["id"]: _said(claim, originals) for claim in part}
        touched |= charting.replace_testimonies(writing, told, told)
        gone -= told.keys()
    return touched | charting.replace_testimonies(writing, gone, {})


def _said(claim: Mapping[str, Any], originals: Mapping[str, str]) -> list[Testimony]:
    return list(testimonies_of(told_of(claim, originals), control_rules()))


def _with_those_inside(writing: Writing, touched: Iterable[str]) -> list[str]:
    """Return the places, and those in the areas among them: they inherit what is said of the area."""
    areas = set(touched)
    inside = (p for p in charting.told_places(writing.connection) if not areas.isdisjoint(around(p)))
    return sorted(areas | set(inside))


def _chart(writing: Writing, places: Sequence[str]) -> None:
    """Make the timelines of the places anew and keep them."""
    for at in range(0, len(places), _PART):
        some = places[at : at + _PART]
        wanted = {*some, *(area for place in some for area in around(place))}
        found = charting.testimonies_at(writing.connection, wanted)
        atlas = Atlas({place: [_testimony(fields) for fields in rows] for place, rows in found.items()}, around)
        # What only inherits is not kept: nobody would look at it again when the area around it changes.
        told = [place for place in some if place in found]
        charting.put_states(writing, some, [row for place in told for row in _rows_of(place, atlas)])


def _testimony(fields: Sequence[Any]) -> Testimony:
    known: Any = [tuple(field) if isinstance(field, list) else field for field in fields]
    return Testimony(*known)


def _rows_of(place: str, atlas: Atlas) -> Iterator[StateRow]:
    """Yield the states of a place as they are kept; one with which it changed hands has the one before with it."""
    states = timeline_of(atlas.testimonies(place), atlas.rules)
    turned = {state.start: before for before, state in hands_of(states)}
    for at, state in enumerate(states):
        is_turn = state.start in turned
        fields = [*state[:_BARE], turned.get(state.start)]
        yield StateRow(place, state.start, end_of(states, at), state.since, is_turn, fields, state[_BARE:])


def _state(row: StateRow) -> State:
    return _whole([*row.fields[:_BARE], *row.claims])


def _whole(fields: Sequence[Any]) -> State:
    known: Any = [tuple(field) if isinstance(field, list) else field for field in fields]
    return State(*known)


class ChartedAtlas(Atlas):
    """An atlas that looks its answers up in the chart of a record."""

    def __init__(self, record: Record) -> None:
        self._record = record
        super().__init__(_Said(record), around)

    @property
    def places(self) -> list[str]:
        """Return every place of which something is said, sorted."""
        with self._record.asking() as connection:
            return charting.told_places(connection)

    def timeline(self, place: str) -> list[State]:
        """Return the states of a place in order, none where nothing is said of it."""
        if place not in self._timelines:
            with self._record.asking() as connection:
                rows = charting.states_of(connection, place)
            # A place of which nothing is said itself is not in the chart, but inherits what is said around it.
            self._timelines[place] = [_state(row) for row in rows] if rows else super().timeline(place)
        return self._timelines[place]

    def on_day(self, day: str, claims: bool = True) -> Iterator[Holding]:
        """Yield how each place stands at the end of an ISO day; `claims` says whether what speaks for it is wanted."""
        with self._record.asking() as connection:
            for place, ends, body, said in charting.states_on(connection, day, claims):
                # Thousands are asked for at once: the lists within are left as they are.
                evidence = json.loads(said) if said else _NONE
                yield holding_of(place, State._make([*json.loads(body)[:_BARE], *evidence]), ends, day, self.rules)

    def turns(self, first: str, last: str) -> Iterator[tuple[str, State | None, State]]:
        """Yield each place that changed hands from one ISO day to another, with how it stood before and after."""
        with self._record.asking() as connection:
            rows = charting.turns_between(connection, first, last)
        for row in rows:
            before = row.fields[-1]
            yield row.place, _whole(before) if before else None, _state(row)


class _Said(Mapping[str, Sequence[Testimony]]):
    """What is said of each place, looked up in the record when it is asked for."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def __getitem__(self, place: str) -> Sequence[Testimony]:
        with self._record.asking() as connection:
            rows = charting.testimonies_at(connection, [place]).get(place)
        if rows is None:
            raise KeyError(place)
        return [_testimony(fields) for fields in rows]

    def __iter__(self) -> Iterator[str]:
        with self._record.asking() as connection:
            return iter(charting.told_places(connection))

    def __len__(self) -> int:
        return sum(1 for _ in self)
