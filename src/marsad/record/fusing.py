"""Claims become incidents: each claim joins the incident whose claims it is most like, or founds one.

Nothing here knows a database or has a memory of its own: the same claims in the same order give the same incidents.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from marsad.loading.fusion import FusionRules
from marsad.record.blocks import Blocks
from marsad.record.likeness import Kin, Likeness, likeness_of
from marsad.record.telling import Telling

Copies = Callable[[str, str], bool]  # whether one of two reports repeats the other's words
# An incident that many tell is compared by so many of its claims: the first, and those that name most.
_VOICES = 12
# A claim that cannot be one with a member counts against the incident as much as this, in points.
_BARRED = -2.0
# One whose report itself tells both as two counts more, but a slip of the reader in one claim must not keep out
# all. Of -2, -4, -6 and -12 this did best on both development sets.
_APART = -12.0


@dataclass(slots=True)
class Group:
    """An incident under way: its id and the claims that tell it, the first one first."""

    id: str
    members: dict[str, Telling] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """Return the number of the earliest recorded member: incidents are as old as their first claim."""
        return min(t.n for t in self.members.values())


@dataclass(frozen=True, slots=True)
class Joining:
    """A claim's place in an incident, with the points and reasons; `merged` are incidents that came together by it."""

    claim: str
    incident: str
    points: float
    reasons: tuple[str, ...]
    merged: tuple[str, ...] = ()


def incident_id(claim: str, times: int = 0) -> str:
    """Return the id of the incident that a claim founds; `times` tells its second founding from the first."""
    return "i" + hashlib.sha256(f"{claim}\x1f{times}".encode()).hexdigest()[:11]


class Fuser:
    """Places claims one by one; `apart` are pairs that a reviewer has said to be two."""

    def __init__(self, rules: FusionRules, kin: Kin, copies: Copies, apart: Iterable[tuple[str, str]] = ()) -> None:
        self.rules, self.kin, self.copies = rules, kin, copies
        self.groups: dict[str, Group] = {}
        self._blocks = Blocks()
        self._apart: dict[str, set[str]] = defaultdict(set)
        self.hold_apart(apart)

    def hold_apart(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Never bring these pairs of claims into one incident."""
        for a, b in pairs:
            self._apart[a].add(b)
            self._apart[b].add(a)

    def hold(self, group: Group, telling: Telling) -> None:
        """Count a claim to an incident without asking: it was placed before."""
        self.groups.setdefault(group.id, group).members[telling.claim] = telling
        self._blocks.put(telling, group.id)

    def place(self, telling: Telling, founded: Callable[[str], bool], own: str | None = None) -> Joining:
        """Return where the claim belongs and count it there; `founded` tells which ids of incidents are taken.

        A claim that founds an incident founds `own` again where that has no claims any more.
        """
        likely = sorted(self._candidates(telling), key=lambda pair: (-pair[1].points, pair[0].first))
        if not likely:
            is_free = own is not None and own not in self.groups
            group = Group(own if own is not None and is_free else self._new_id(telling.claim, founded))
            self.hold(group, telling)
            return Joining(telling.claim, group.id, 0.0, ("the first to tell it",))
        (best, alike), rest = likely[0], likely[1:]
        merged = self._one_with(telling, best, [group for group, _ in rest])
        oldest = min([best, *merged], key=lambda group: group.first)
        gone = tuple(group.id for group in [best, *merged] if group is not oldest)
        for id in gone:
            self.merge(id, oldest.id)
        self.hold(oldest, telling)
        return Joining(telling.claim, oldest.id, alike.points, alike.reasons, gone)

    def merge(self, id: str, into: str) -> None:
        """Count the claims of one incident to another."""
        for member in self.groups.pop(id).members.values():
            self.hold(self.groups[into], member)

    def take_out(self, claim: str, incident: str) -> None:
        """Count a claim no longer to its incident."""
        group = self.groups[incident]
        del group.members[claim]
        if not group.members:
            del self.groups[incident]

    def _new_id(self, claim: str, founded: Callable[[str], bool]) -> str:
        ids = (incident_id(claim, times) for times in range(1_000_000))
        return next(id for id in ids if id not in self.groups and not founded(id))

    def _candidates(self, telling: Telling) -> Iterator[tuple[Group, Likeness]]:
        for group in self._near(telling):
            if self.may_join(telling.claim, group):
                alike = self.likeness(telling, group)
                if alike.points >= self.rules.enough:
                    yield group, alike

    def may_join(self, claim: str, group: Group) -> bool:
        """Tell whether no reviewer holds the claim apart from one of the incident's."""
        return self._apart[claim].isdisjoint(group.members)

    def _near(self, telling: Telling) -> Iterator[Group]:
        """Yield each incident once that has a claim within the days of slack and near in place or words."""
        near = self._blocks.near(telling, self.rules.slack)
        yield from (self.groups[id] for id in near if id in self.groups)

    def likeness(self, telling: Telling, group: Group) -> Likeness:
        """Return how alike a claim is to an incident: halfway between its closest claim and the mean over all.

        The closest alone would chain incidents of one front together; the mean alone would lose the report that takes
        up one of many accounts (both were tried on the development pairs).
        """
        by_report: dict[str, Likeness] = {}
        for member in voices_of(group):
            if member.claim != telling.claim:
                alike = self._pair(telling, member)
                by_report[member.report] = max(by_report.get(member.report, alike), alike, key=_say_of)
        pairs = list(by_report.values())
        barred = [alike.barred for alike in pairs if alike.barred]
        # Most exclude it: a sentence that a paper prints of one front every day would chain a month together.
        if len(barred) * 2 > len(pairs) or not pairs:
            return Likeness(_BARRED, (), barred[0] if barred else "it has no claim")
        best = max(pairs, key=lambda alike: (not alike.barred, alike.points))
        mean = sum(_APART if alike.apart else _BARRED if alike.barred else alike.points for alike in pairs) / len(pairs)
        return Likeness(round((best.points + mean) / 2, 3), best.reasons)

    def _pair(self, a: Telling, b: Telling) -> Likeness:
        return likeness_of(a, b, self.rules, self.kin, self.copies(a.report, b.report))

    def _one_with(self, telling: Telling, best: Group, others: Sequence[Group]) -> list[Group]:
        """Return those of the incidents that this claim shows to be one with the best, no two of them held apart."""
        merged: list[Group] = []
        for group in others:
            held_apart = any(self.are_apart(group, known) for known in [best, *merged])
            if not held_apart and self._are_one(telling, best, group):
                merged.append(group)
        return merged

    def are_apart(self, a: Group, b: Group) -> bool:
        """Tell whether a reviewer holds a claim of one incident apart from a claim of the other."""
        return any(not self._apart[claim].isdisjoint(b.members) for claim in a.members)

    def _are_one(self, telling: Telling, a: Group, b: Group) -> bool:
        """Tell whether two incidents are one, now that a claim fits both: those of one, and it, are like the other."""
        points = [self.likeness(member, b).points for member in (*voices_of(a), telling)]
        return sum(points) / len(points) >= self.rules.enough


def _say_of(alike: Likeness) -> tuple[bool, bool, float]:
    """Return what decides which of a report's claims speaks for it: one told apart first, then the closest."""
    return alike.apart, not alike.barred, alike.points


def voices_of(group: Group) -> list[Telling]:
    """Return the claims that an incident is compared by, the first recorded first."""
    members = sorted(group.members.values(), key=lambda t: t.n)
    if len(members) <= _VOICES:
        return members
    rest = sorted(members[1:], key=lambda t: (-_told(t), t.n))
    return [members[0], *islice(rest, _VOICES - 1)]


def _told(telling: Telling) -> int:
    return len(telling.spots) + len(telling.actors) + len(telling.targets) + len(telling.numbers)
