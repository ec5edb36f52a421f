"""The record as one viewer may see it, as known on one instant: every question that is asked of a record passes here.

The view can only look. What the viewer may not see is pseudonymous, blurred or left out in every answer alike.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, false, func, or_, select

from marsad.errors import UsageError
from marsad.record import schema
from marsad.record.asof import by_then, moment_of, standing
from marsad.record.decisions import LINKS, Decision, decisions_of, decisions_on, in_parts, live
from marsad.record.gathering import copies_among
from marsad.record.keeping import words_of
from marsad.record.linkage import claims_behind, incidents_of, members_of
from marsad.record.names import name_key
from marsad.record.reviewing import Held, QueueRow, queue
from marsad.record.searching import search
from marsad.record.sensitive import find_key
from marsad.record.sight import Area, Sight, Viewer, sight_of
from marsad.record.store import Record
from marsad.record.summing import Member, summary_of

_CLAIM, _REPORT, _INCIDENT, _MEMBER = schema.claim, schema.report, schema.incident, schema.membership
Row = dict[str, Any]
# A list is read from the record in parts of this size, so that a long one starts at once and takes little memory.
_PART = 500
OPEN, REJECTED = "open", "rejected"
REVIEWED = ("accepted", "corrected")
# Letters and digits of a whole id.
_CLAIM_ID, _INCIDENT_ID = 16, 12


def _nowhere(_: str) -> Area | None:
    return None


def check_day(written: str | None) -> None:
    """Raise UsageError for what is no ISO day."""
    try:
        # Days before and after are reckoned from it: the first and last that a calendar has would break that.
        whole = written is None or (date.fromisoformat(written).isoformat() == written and "1000" < written < "9000")
    except ValueError:
        whole = False
    if not whole:
        raise UsageError(f"{written!r} is no day; write it as 2018-07-06")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; None and empty leave a field open.

    Days are ISO; `actors` are ids of the registry or words, `places` ids or standard names, of which one must stand in
    a claim; `under` is a governorate's standard name or a country's two letters. `reviewed` asks for claims that a
    person accepted, corrected or added, and for incidents as these alone tell them.
    """

    type: Sequence[str] = ()
    status: Sequence[str] = ()
    first: str | None = None
    last: str | None = None
    places: Sequence[str] = ()
    under: str | None = None
    actors: Sequence[str] = ()
    source: str | None = None
    report: str | None = None
    incident: str | None = None
    certainty: float | None = None
    contradicted: bool = False
    independent: int | None = None
    rejected: bool = False
    reviewed: bool = False
    ids: Sequence[str] = ()
    limit: int | None = None

    def __post_init__(self) -> None:
        for day in (self.first, self.last):
            check_day(day)
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"a list of {self.limit} is none; ask for at least 1")


class View:
    """What a viewer can ask of a record; `known_by` None means as known now."""

    def __init__(
        self,
        record: Record,
        viewer: Viewer,
        known_by: int | None = None,
        area_of: Callable[[str], Area | None] = _nowhere,
        today: str | None = None,
        note: Callable[[str, str], bool] | None = None,
    ) -> None:
        self.record, self.viewer, self.known_by, self._area_of = record, viewer, known_by, area_of
        self._note = note
        self._today = today or datetime.now(UTC).date().isoformat()

    @contextmanager
    def _looking(self) -> Iterator[tuple[Connection, Sight]]:
        with self.record.asking() as connection:
            key = find_key(connection)
            yield connection, sight_of(connection, self.viewer, self._today, key, self._area_of, self._note)

    def unwatched(self) -> View:
        """Return the same view for work of the program's own: of what it looks at nothing is noted."""
        return View(self.record, self.viewer, self.known_by, self._area_of, self._today)

    def reports(self, filters: Filters = Filters(), text: bool = False) -> Iterator[Row]:
        """Yield the newest version of each report with its capture and its copies, the latest published first."""
        yield from islice(self._reports(filters, text), filters.limit)

    def _reports(self, filters: Filters, text: bool) -> Iterator[Row]:
        with self._looking() as (connection, sight):
            asked = select(_REPORT, *_CAPTURE).join(schema.capture, schema.capture.c.n == _REPORT.c.capture_n)
            asked = asked.where(standing(_REPORT, ("id",), self.known_by), sight.passes(_REPORT))
            asked = asked.where(*_report_conditions(filters, sight))
            ordered = asked.order_by(_REPORT.c.published.desc().nulls_last(), _REPORT.c.n.desc())
            for rows in _parts(connection, ordered, filters, sight):
                for seen in self._report_rows(connection, sight, rows, text):
                    # Who tries ids is not told that one is that of a hidden source's report.
                    if not filters.ids or str(seen["id"]).startswith(tuple(filters.ids)):
                        yield seen

    def _report_rows(self, connection: Connection, sight: Sight, rows: Sequence[Any], text: bool) -> Iterator[Row]:
        ids = [row.id for row in rows]
        copies, counts = self._copies_of(connection, sight, ids), self._counts_of(connection, sight, ids)
        for row in rows:
            body = _report_row(row) | {"copy_of": copies.get(row.id, []), "claims": counts.get(row.id, 0)}
            seen = sight.report(body | {"text": row.text})
            if seen is not None:
                yield seen if text else {key: value for key, value in seen.items() if key != "text"}

    def _copies_of(self, connection: Connection, sight: Sight, ids: Sequence[str]) -> dict[str, list[str]]:
        table, found = schema.kinship, dict[str, list[str]]()
        for some in in_parts(ids):
            asked = select(table.c.report_id, table.c.of_id).where(table.c.report_id.in_(some))
            for row in connection.execute(asked.where(by_then(table, self.known_by)).order_by(table.c.n)):
                if row.of_id not in sight.held_reports:
                    found.setdefault(row.report_id, []).append(sight.report_id(row.of_id))
        return found

    def _counts_of(self, connection: Connection, sight: Sight, ids: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for some in in_parts(ids):
            asked = select(_CLAIM.c.report_id, func.count()).where(_CLAIM.c.report_id.in_(some), ~_CLAIM.c.gone)
            asked = asked.where(_CLAIM.c.verdict != REJECTED, standing(_CLAIM, ("id",), self.known_by))
            asked = asked.where(sight.passes(_CLAIM)).group_by(_CLAIM.c.report_id)
            found.update((row[0], row[1]) for row in connection.execute(asked))
        return found

    def sees_all(self) -> bool:
        """Tell whether nothing of the record is kept from the viewer."""
        with self._looking() as (_, sight):
            return sight.is_clear

    def seen(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield rows of the desk (an issue, a source) as the viewer may see them; those held back are left out."""
        with self._looking() as (_, sight):
            found = [sight.row(dict(row)) for row in rows]
        yield from (row for row in found if row is not None)

    def as_known(self) -> str:
        """Return the instant (ISO, UTC) of the newest that the record knew when it is asked as of."""
        table = schema.act
        with self._looking() as (connection, _):
            # What is made again from the claims, as the chart is, is nothing that became known.
            asked = select(func.max(table.c.recorded_at)).where(by_then(table, self.known_by), table.c.what != "chart")
            newest = connection.execute(asked)
            return _time(newest.scalar() or 0)

    def countries(self) -> list[str]:
        """Return the countries (two letters) of the claims that the viewer may see."""
        with self._looking() as (connection, sight):
            asked = select(_CLAIM.c.country).where(standing(_CLAIM, ("id",), self.known_by), ~_CLAIM.c.gone)
            asked = asked.where(sight.passes(_CLAIM), _CLAIM.c.country.is_not(None)).distinct()
            return sorted(connection.execute(asked).scalars())

    def newest_day(self) -> str | None:
        """Return the day of publication of the newest report that the viewer may see, None where none has one."""
        with self._looking() as (connection, sight):
            asked = select(func.max(_REPORT.c.published)).where(by_then(_REPORT, self.known_by), sight.passes(_REPORT))
            day: str | None = connection.execute(asked).scalar()
            return day

    def originals(self) -> dict[str, str]:
        """Return for each report that repeats another's words the outlet of the first of those that it repeats."""
        table, later = schema.kinship, _REPORT.alias()
        with self._looking() as (connection, sight):
            asked = select(table.c.report_id, table.c.of_id, later.c.outlet).join(later, later.c.id == table.c.of_id)
            asked = asked.where(by_then(table, self.known_by), later.c.version == 1).order_by(table.c.n.desc())
            held = sight.held_reports
            rows = [r for r in connection.execute(asked) if r.outlet and held.isdisjoint((r.report_id, r.of_id))]
            return {sight.report_id(row.report_id): sight.text(row.outlet) for row in rows}

    def claims(self, filters: Filters = Filters()) -> Iterator[Row]:
        """Yield the claims that stand, each with its report, its incident and its verdict, the latest first."""
        verdict = _CLAIM.c.verdict == REJECTED if filters.rejected else _CLAIM.c.verdict != REJECTED
        yield from islice(self._claims(filters, ~_CLAIM.c.gone, verdict), filters.limit)

    def told(self, ids: Iterable[str]) -> dict[str, Row]:
        """Return by id the claims of these whole ids that stand."""
        wanted = list(dict.fromkeys(ids))
        return {claim["id"]: claim for some in in_parts(wanted) for claim in self.claims(Filters(ids=some))}

    def count_claims(self, filters: Filters = Filters()) -> int:
        """Return how many claims would be listed, without making their rows."""
        verdict = _CLAIM.c.verdict == REJECTED if filters.rejected else _CLAIM.c.verdict != REJECTED
        with self._looking() as (connection, sight):
            asked = select(func.count()).select_from(_CLAIM).where(~_CLAIM.c.gone, verdict, sight.passes(_CLAIM))
            asked = asked.where(standing(_CLAIM, ("id",), self.known_by), *_conditions(_CLAIM, filters))
            return int(connection.execute(asked.where(*self._claim_conditions(filters, sight))).scalar_one())

    def _claims(self, filters: Filters, *which: ColumnElement[bool]) -> Iterator[Row]:
        columns = (_REPORT.c.outlet, _REPORT.c.published, _REPORT.c.url, _REPORT.c.text, _REPORT.c.lead)
        with self._looking() as (connection, sight):
            asked = select(_CLAIM, *columns).join(_REPORT, _REPORT.c.n == _CLAIM.c.report_n).where(*which)
            asked = asked.where(standing(_CLAIM, ("id",), self.known_by), sight.passes(_CLAIM))
            asked = asked.where(*_conditions(_CLAIM, filters), *self._claim_conditions(filters, sight))
            for rows in _parts(connection, asked.order_by(*_latest(_CLAIM)), filters, sight):
                yield from self._claim_rows(connection, sight, rows)

    def _claim_conditions(self, filters: Filters, sight: Sight) -> Iterator[ColumnElement[bool]]:
        if filters.reviewed:
            yield _is_reviewed()
        if filters.ids:
            yield _called(_CLAIM.c.id, filters.ids, _CLAIM_ID)
        if filters.report:
            # Who guesses the id of a hidden source's report is not told that they are right.
            is_shown = sight.report_id(filters.report) == filters.report
            yield _CLAIM.c.report_id == filters.report if is_shown else false()
        if filters.actors:
            yield _party_condition(filters.actors, sight, ("actor", "target"))
        if filters.source:
            yield _source_condition(filters.source, sight)
        if filters.places:
            yield _place_condition(filters.places, sight)
        if filters.incident:
            yield exists().where(
                _MEMBER.c.claim_id == _CLAIM.c.id, _MEMBER.c.incident_id == filters.incident, ~_MEMBER.c.gone,
                standing(_MEMBER, ("claim_id",), self.known_by),
            )  # fmt: skip

    def _claim_rows(self, connection: Connection, sight: Sight, rows: Sequence[Any]) -> Iterator[Row]:
        at = incidents_of(connection, [row.id for row in rows], self.known_by)
        for row in rows:
            seen = sight.claim(_claim_body(row, at.get(row.id)), {**row._mapping, "id": row.report_id})
            if seen is not None:
                yield seen | {"report": sight.report_id(row.report_id)}

    def incidents(self, filters: Filters = Filters()) -> Iterator[Row]:
        """Yield the incidents that stand, each summed up from the claims that the viewer may see, latest first."""
        yield from islice(self._incidents(filters), filters.limit)

    def _incidents(self, filters: Filters) -> Iterator[Row]:
        with self._looking() as (connection, sight):
            asked = select(_INCIDENT).where(~_INCIDENT.c.gone, standing(_INCIDENT, ("id",), self.known_by))
            asked = asked.where(*self._incident_conditions(filters, sight))
            for rows in _parts(connection, asked.order_by(*_latest(_INCIDENT)), filters, sight):
                for row in rows:
                    whole = json.loads(row.body)
                    seen = self._seen(connection, sight, whole, filters.reviewed)
                    # What was summed up again may not meet the question that the whole met.
                    is_whole = seen is not None and seen["claims"] == whole["claims"] and not filters.reviewed
                    if seen is not None and (is_whole or _meets(seen, filters)):
                        yield {**seen, "recorded": _time(row.recorded_at)}

    def _incident_conditions(self, filters: Filters, sight: Sight) -> Iterator[ColumnElement[bool]]:
        if filters.ids:
            yield _called(_INCIDENT.c.id, filters.ids, _INCIDENT_ID)
        of_body = [
            *_conditions(_INCIDENT, filters),
            *([_INCIDENT.c.contradictions > 0] if filters.contradicted else []),
            *([_INCIDENT.c.independent >= filters.independent] if filters.independent else []),
        ]
        # What is summed up again from fewer claims may meet what the whole does not: that is asked of it afterwards.
        if of_body and not filters.reviewed:
            yield or_(and_(*of_body), _INCIDENT.c.id.in_(self._with_held(sight))) if _holds(sight) else and_(*of_body)
        of_claims = list(self._claim_conditions(Filters(**_of_claims(filters)), sight))
        if of_claims:
            # The claims that meet the question come first: there are few of them, and each tells one incident.
            members = select(_MEMBER.c.incident_id).join(_CLAIM, _CLAIM.c.id == _MEMBER.c.claim_id)
            members = members.where(~_CLAIM.c.gone, standing(_CLAIM, ("id",), self.known_by), *of_claims)
            members = members.where(~_MEMBER.c.gone, standing(_MEMBER, ("claim_id",), self.known_by))
            yield _INCIDENT.c.id.in_(members.where(sight.passes(_CLAIM)))

    def _with_held(self, sight: Sight) -> Select[Any]:
        """Return the ids of the incidents that anything held back tells, which are another thing to the viewer."""
        asked = select(_MEMBER.c.incident_id).join(_CLAIM, _CLAIM.c.id == _MEMBER.c.claim_id)
        return asked.where(sight.holds(_CLAIM))

    def _seen(self, connection: Connection, sight: Sight, body: Row, reviewed: bool) -> Row | None:
        """Return an incident as the viewer may see it: without what is held back, summed up again from the rest."""
        hidden = sight.held_claims | sight.held_reports
        if reviewed:
            hidden |= set(body["claims"]) - self._reviewed(connection, body["claims"])
        if hidden.isdisjoint(body["claims"]) and hidden.isdisjoint(body["reports"]):
            return sight.incident(body)
        members = [m for m in self._members(connection, body["claims"]) if {m.id, m.report}.isdisjoint(hidden)]
        if not members:
            return None
        again = summary_of(body["id"], members, copies_among(connection, [m.report for m in members]))
        return sight.incident(again)

    def _reviewed(self, connection: Connection, claims: Sequence[str]) -> set[str]:
        """Return which of the claims a person has accepted, corrected or added."""
        asked = select(_CLAIM.c.id).where(_CLAIM.c.id.in_(claims), standing(_CLAIM, ("id",), self.known_by))
        return set(connection.execute(asked.where(_is_reviewed())).scalars())

    def _members(self, connection: Connection, claims: Sequence[str]) -> list[Member]:
        found = []
        for some in in_parts(claims):
            columns = (_CLAIM.c.n, _CLAIM.c.body, _REPORT.c.id, _REPORT.c.outlet, _REPORT.c.published, _REPORT.c.title)
            asked = select(*columns).join(_REPORT, _REPORT.c.n == _CLAIM.c.report_n).where(_CLAIM.c.id.in_(some))
            rows = connection.execute(asked.where(standing(_CLAIM, ("id",), self.known_by)))
            found += [Member(r.n, json.loads(r.body), r.id, r.outlet, r.published, r.title) for r in rows]
        return sorted(found, key=lambda m: m.n)

    def incident(self, id: str) -> Row:
        """Return one incident, also under an earlier id, with its claims and why each is in it; raise UsageError."""
        now = self._incident_of(id)
        found = [body for body in self.incidents(Filters(ids=[now])) if body["id"] == now] if now else []
        if not found:
            raise UsageError(f"there is no incident {id!r} that may be shown; `marsad incidents` lists them")
        body = found[0]
        # What a reviewer rejected since the last fusion is in the incident still, and is shown no more.
        told = [claim for claim in self.claims(Filters(incident=now)) if claim["id"] in body["claims"]]
        told.sort(key=lambda claim: body["claims"].index(claim["id"]))
        return {**body, "asked": id, "told": told, "why": self._why(body)}

    def _incident_of(self, id: str) -> str | None:
        """Return the incident that an id means on the day of knowledge: it, the one it went into, or a claim's."""
        with self.record.asking() as connection:
            if connection.execute(select(_CLAIM.c.id).where(_CLAIM.c.id == id).limit(1)).first():
                return next((claim["incident"] for claim in self.claims(Filters(ids=[id])) if claim["id"] == id), None)
            if members_of(connection, id, self.known_by):
                return id
            claims = claims_behind(connection, id)
            at = incidents_of(connection, claims, self.known_by)
            return next((at[claim] for claim in claims if claim in at), None)

    def _why(self, body: Row) -> dict[str, Row]:
        with self._looking() as (connection, sight):
            asked = select(_MEMBER).where(_MEMBER.c.claim_id.in_(body["claims"]))
            rows = connection.execute(asked.where(standing(_MEMBER, ("claim_id",), self.known_by))).all()
            whys = {r.claim_id: {"by": r.by, "reasons": json.loads(r.why)} for r in rows}
            return {id: seen for id, why in whys.items() if (seen := sight.row(why)) is not None}

    def history(self, claim_id: str) -> Iterator[Row]:
        """Yield every state that a claim has had, the first one first, then every decision on it."""
        with self._looking() as (connection, sight):
            columns = (_CLAIM, _REPORT.c.outlet, _REPORT.c.url, _REPORT.c.text, _REPORT.c.published, _REPORT.c.lead)
            asked = select(*columns).join(_REPORT, _REPORT.c.n == _CLAIM.c.report_n).where(_CLAIM.c.id == claim_id)
            asked = asked.where(by_then(_CLAIM, self.known_by), sight.passes(_CLAIM)).order_by(_CLAIM.c.n)
            is_seen = False
            for row in connection.execute(asked):
                seen = sight.claim(_claim_body(row, None), {**row._mapping, "id": row.report_id})
                if seen is not None:
                    is_seen = True
                    yield {"kind": "state", "gone": bool(row.gone), **seen, "report": sight.report_id(row.report_id)}
            made_on_it = decisions_of(connection, "claim", [claim_id], self.known_by) if is_seen else {}
            for made in made_on_it.get(claim_id, []):
                body = {"kind": "decision", "id": made.id, "said": made.kind, "person": made.person, "ref": made.ref,
                        "reason": made.reason, "body": made.body, "at": _time(made.decided_at)}  # fmt: skip
                if (seen := sight.row(body)) is not None:
                    yield seen

    def links_on(self, claims: Sequence[str]) -> Iterator[Row]:
        """Yield what persons said of these claims' incidents, the first first; `stands` is whether nobody undid it."""
        wanted = set(claims)
        with self._looking() as (connection, sight):
            made = decisions_on(connection, "incident", self.known_by)
            standing = {each.id for each in live(made)}
            for each in made:
                named = {id for pair in each.body.get("claims", ()) for id in pair}
                if each.kind in LINKS and not wanted.isdisjoint(named):
                    row = _link_row(each, named, each.id in standing)
                    # What tells of a claim under embargo, or of a report that is, is held back as that is.
                    seen = sight.row(row | {"reports": self._reports_of(connection, sorted(named))})
                    if seen is not None:
                        yield {name: seen[name] for name in row}

    def _reports_of(self, connection: Connection, claims: Sequence[str]) -> list[str]:
        found: list[str] = []
        for some in in_parts(claims):
            found += connection.execute(select(_CLAIM.c.report_id).where(_CLAIM.c.id.in_(some)).distinct()).scalars()
        return found

    def copied(self, reports: Sequence[str]) -> dict[str, list[Row]]:
        """Return for each of these reports that repeats the words of others the id and outlet of these."""
        with self._looking() as (connection, sight):
            # Who guesses the id of a hidden source's report is not told that they are right.
            shown = [id for id in reports if id not in sight.held_reports and sight.report_id(id) == id]
            found = self._copies_of(connection, sight, shown)
            rows = {id: row for some in in_parts(id for ids in found.values() for id in ids)
                    for id, row in self._outlets(connection, sight, some)}  # fmt: skip
            return {id: [rows[of] for of in ids if of in rows] for id, ids in found.items()}

    def _outlets(self, connection: Connection, sight: Sight, ids: Sequence[str]) -> Iterator[tuple[str, Row]]:
        asked = select(_REPORT.c.id, _REPORT.c.outlet).where(_REPORT.c.id.in_(ids), sight.passes(_REPORT))
        for row in connection.execute(asked.where(standing(_REPORT, ("id",), self.known_by))):
            if (seen := sight.row({"id": row.id, "outlet": row.outlet})) is not None:
                yield row.id, seen

    def search(self, asked: str, kind: str | None = None, limit: int = 20, width: int = 160) -> Iterator[Row]:
        """Yield what meets the words (reports and claims), best first, with an excerpt in which they are marked."""
        with self._looking() as (connection, sight):
            for hit in search(connection, asked, kind=kind, limit=limit, only=self._searchable(sight)):
                row = self._hit_of(connection, sight, hit.kind, hit.row_n)
                # A hit by what is hidden would say that it is there.
                if row is None or not (sight.is_clear or sight.finds(row["words"], asked)):
                    continue
                text = row.pop("text")
                shown = {key: value for key, value in row.items() if key != "words"}
                score, excerpt = round(hit.score, 4), sight.excerpt(text, asked, width)
                yield {"kind": hit.kind, "score": score, **shown, "excerpt": excerpt}

    def _searchable(self, sight: Sight) -> ColumnElement[bool]:
        document = schema.document
        report = exists().where(_REPORT.c.n == document.c.row_n, standing(_REPORT, ("id",), self.known_by))
        claim = exists().where(_CLAIM.c.n == document.c.row_n, ~_CLAIM.c.gone, _CLAIM.c.verdict != REJECTED)
        claim = claim.where(standing(_CLAIM, ("id",), self.known_by), sight.passes(_CLAIM))
        report = report.where(sight.passes(_REPORT))
        return or_(and_(document.c.kind == "report", report), and_(document.c.kind == "claim", claim))

    def _hit_of(self, connection: Connection, sight: Sight, kind: str, n: int) -> Row | None:
        if kind == "report":
            row = connection.execute(select(_REPORT).where(_REPORT.c.n == n)).one()
            seen = sight.report(
                {key: row._mapping[key] for key in ("id", "title", "outlet", "published", "url", "text")}
            )
            words = f"{seen['title'] or ''}\n{seen['text']}".strip() if seen else ""
            return seen and {**seen, "text": words, "words": words}
        id = connection.execute(select(_CLAIM.c.id).where(_CLAIM.c.n == n)).scalar_one()
        told = [claim for claim in self.claims(Filters(ids=[id])) if claim["id"] == id]
        keys = ("id", "report", "incident", "type", "status", "date", "outlet", "published")
        return (
            {**{k: told[0][k] for k in keys}, "text": told[0]["evidence"], "words": words_of(told[0])} if told else None
        )

    def failures(self) -> Iterator[Row]:
        """Yield what could not be read, the latest first."""
        table = schema.failure
        with self._looking() as (connection, sight):
            veiled = {address for _, address in self._tallies(connection, sight).veiled}
            asked = select(table).where(by_then(table, self.known_by)).order_by(table.c.n.desc())
            for row in connection.execute(asked):
                address = None if row.address in veiled else row.address
                body = {"address": address, "row": row.row, "reason": row.reason, "remedy": row.remedy}
                seen = sight.row({**body, "recorded": _time(row.recorded_at)})
                if seen is not None:
                    yield seen

    def intake(self) -> Iterator[Row]:
        """Yield what was taken in, as it came, the latest first, with the number of reports in it."""
        table = schema.capture
        with self._looking() as (connection, sight):
            tallies = self._tallies(connection, sight)
            veiled = {n for n, _ in tallies.veiled}
            asked = select(table).where(by_then(table, self.known_by)).order_by(table.c.n.desc())
            for row in connection.execute(asked):
                count = tallies.counts.get(row.n, 0)
                body = _capture_row(row) | {"reports": count, "recorded": _time(row.recorded_at)}
                if row.n in veiled:
                    body |= {"address": None, "sha256": None, "headers": {}}
                if not sight.is_clear and count <= 1:
                    body["sha256"] = None  # of one text, who guesses a name in it could make sure by the digest
                seen = sight.row(body) if row.n not in tallies.held else None
                if seen is not None:
                    yield seen

    def _tallies(self, connection: Connection, sight: Sight) -> _Tallies:
        """Return how many reports each capture has, and which captures may not be told of, or not whence they came."""
        of_capture = _REPORT.c.capture_n
        if sight.is_clear:
            counted = select(of_capture, func.count()).where(by_then(_REPORT, self.known_by)).group_by(of_capture)
            return _Tallies({row[0]: row[1] for row in connection.execute(counted)})
        asked = select(of_capture, _REPORT.c.id, _REPORT.c.outlet, _REPORT.c.url, schema.capture.c.address)
        asked = asked.join(schema.capture, schema.capture.c.n == of_capture).where(by_then(_REPORT, self.known_by))
        tallies, held = _Tallies(), set[int]()
        for row in connection.execute(asked):
            is_held = row.id in sight.held_reports
            tallies.counts[row.capture_n] = tallies.counts.get(row.capture_n, 0) + (not is_held)
            held |= {row.capture_n} if is_held else set()
            if is_held or any(sight.names.inside(told) for told in (row.id, row.outlet, row.url) if told):
                tallies.veiled.add((row.capture_n, row.address))
        tallies.held = {n for n in held if not tallies.counts[n]}
        return tallies

    def original(self, report_id: str) -> bytes | None:
        """Return the bytes of the capture in which a report came, None where they were left where they lay."""
        with self._looking() as (connection, sight):
            asked = select(schema.capture.c.original, _REPORT.c.text, _REPORT.c.outlet, _REPORT.c.url, _REPORT.c.id)
            asked = asked.join(_REPORT, _REPORT.c.capture_n == schema.capture.c.n).where(_REPORT.c.id == report_id)
            row = connection.execute(asked.where(standing(_REPORT, ("id",), self.known_by))).first()
            if row is None or not sight.is_clear:
                raise UsageError(f"there is no original of {report_id!r} that may be shown")
            sight.row({"kind": "original", "id": row.id, "text": row.text, "outlet": row.outlet, "url": row.url})
            return zlib.decompress(row.original) if row.original else None

    def queue(self, stakes: Callable[[str], bool], limit: int = 20, person: str | None = None) -> Iterator[Row]:
        """Yield the claims that wait for a reviewer, what matters most first, each with its reasons."""
        with self._looking() as (connection, sight):
            # What an incident of which something is held back adds would tell of it: such incidents count for nothing.
            held = None if sight.is_clear else Held(sight.passes(_CLAIM), self._with_held(sight))
            rows = queue(connection, limit=limit, person=person, stakes=stakes, known_by=self.known_by, held=held)
            for row in rows:
                yield from self._queued(sight, row)

    def _queued(self, sight: Sight, row: QueueRow) -> Iterator[Row]:
        """Yield a claim that waits, also one that is read no more or was rejected: somebody decided on it."""
        for claim in self._claims(Filters(ids=[row.claim_id])):
            why = sight.row({"score": row.score, "stage": row.stage, "reasons": list(row.reasons)})
            if why is not None and claim["id"] == row.claim_id:
                yield {**why, **claim}


@dataclass(slots=True)
class _Tallies:
    """How many reports each capture has; those of which all is held back, and (with address) those that give away."""

    counts: dict[int, int] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    veiled: set[tuple[int, str]] = field(default_factory=set)


_CAPTURE = tuple(
    schema.capture.c[name].label(f"capture_{name}")
    for name in ("address", "kind", "sha256", "size", "captured_at", "tool")
)


def _report_row(row: Any) -> Row:
    fields = ("id", "version", "title", "outlet", "published", "url", "theatre")
    captured = {name: getattr(row, f"capture_{name}") for name in ("address", "kind", "sha256", "size", "tool")}
    return {
        **{name: getattr(row, name) for name in fields}, "lead": bool(row.lead), "sha256": row.sha256,
        "capture": {**captured, "row": row.row, "captured": _time(row.capture_captured_at)},
        "recorded": _time(row.recorded_at),
    }  # fmt: skip


def _capture_row(row: Any) -> Row:
    kept = {name: getattr(row, name) for name in ("address", "kind", "sha256", "size", "tool")}
    headers = dict(json.loads(row.headers)) if row.headers else {}
    return {**kept, "captured": _time(row.captured_at), "headers": headers, "kept": row.original is not None}


def _link_row(made: Decision, claims: Iterable[str], stands: bool) -> Row:
    told = {"id": made.id, "said": made.kind, "person": made.person, "ref": made.ref, "reason": made.reason}
    return {**told, "at": _time(made.decided_at), "stands": stands, "claims": sorted(claims)}


def _claim_body(row: Any, incident: str | None) -> Row:
    return {
        **json.loads(row.body), "report": row.report_id, "outlet": row.outlet, "published": row.published,
        "url": row.url, "lead": bool(row.lead), "origin": row.origin, "incident": incident, "by": row.by,
        "verdict": row.verdict, "recorded": _time(row.recorded_at),
    }  # fmt: skip


def _time(instant: int) -> str:
    return moment_of(instant).isoformat()


def _parts(connection: Connection, asked: Select[Any], filters: Filters, sight: Sight) -> Iterator[Sequence[Any]]:
    """Yield the rows in parts; where some may be held back the limit counts only what is seen."""
    is_each_shown = sight.is_clear and not filters.reviewed
    asked = asked.limit(filters.limit) if filters.limit is not None and is_each_shown else asked
    yield from connection.execute(asked, execution_options={"yield_per": _PART}).partitions()


def _latest(table: Any) -> tuple[Any, ...]:
    return table.c.start.desc().nulls_last(), table.c.n.desc()


def _conditions(table: Any, filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that claims and incidents have in common."""
    if filters.type:
        yield table.c.type.in_(filters.type)
    if filters.status:
        yield table.c.status.in_(filters.status)
    if filters.first:
        yield table.c.until >= filters.first
    if filters.last:
        yield table.c.start <= filters.last
    if filters.under:
        yield or_(table.c.admin1 == filters.under, table.c.country == filters.under.upper())
    if filters.certainty is not None:
        yield table.c.certainty >= filters.certainty


def _report_conditions(filters: Filters, sight: Sight) -> Iterator[ColumnElement[bool]]:
    if filters.ids:
        yield or_(*(_REPORT.c.id.startswith(id, autoescape=True) for id in filters.ids))
    if filters.first:
        yield _REPORT.c.published >= filters.first
    if filters.last:
        yield _REPORT.c.published <= filters.last
    if filters.source:
        yield false() if sight.hides(filters.source) else _REPORT.c.outlet == filters.source


def _called(column: Any, ids: Sequence[str], whole: int) -> ColumnElement[bool]:
    """Return the condition that an id is one of these, or begins with one of those that are shorter than a whole one.

    Whole ids are found by the index; the start of one is looked for in all rows.
    """
    starts = [column.startswith(id, autoescape=True) for id in ids if len(id) < whole]
    return or_(column.in_([id for id in ids if len(id) >= whole]), *starts)


def _is_reviewed() -> ColumnElement[bool]:
    return or_(_CLAIM.c.verdict.in_(REVIEWED), _CLAIM.c.by == "person")


def _holds(sight: Sight) -> bool:
    return bool(sight.held_claims or sight.held_reports)


def _meets(body: Row, filters: Filters) -> bool:
    """Tell whether an incident that was summed up again meets the question, as `_conditions` asks it of rows."""
    start, _, until = (body["date"] or "").partition("/")
    places = body["places"][:1]
    return (
        (not filters.type or body["type"] in filters.type)
        and (not filters.status or body["status"] in filters.status)
        and (not filters.first or (until or start) >= filters.first)
        and (not filters.last or "" < start <= filters.last)
        and (
            not filters.under
            or any(filters.under == p["admin1"] or filters.under.upper() == p["country"] for p in places)
        )
        and (filters.certainty is None or body["certainty"] >= filters.certainty)
        and (not filters.contradicted or bool(body["contradictions"]))
        and (not filters.independent or body["independent_sources"] >= filters.independent)
    )


def _source_condition(named: str, sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a claim is told by a source, by whatever name of it, or in a report of an outlet."""
    if sight.hides(named):
        return false()
    of_outlet = exists().where(_REPORT.c.n == _CLAIM.c.report_n, _REPORT.c.outlet == named).correlate(_CLAIM)
    return or_(_party_condition([named], sight, ("source",)), _CLAIM.c.origin == named, of_outlet)


def _of_claims(filters: Filters) -> Mapping[str, Any]:
    return {name: getattr(filters, name) for name in ("report", "actors", "source", "places", "reviewed")}


def _party_condition(named: Sequence[str], sight: Sight, roles: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition that a claim names one of the parties by the registry's id or by words."""
    party = schema.claim_party
    if any(sight.hides(name) for name in named):
        return false()
    keys = {key for name in named for key in (name, name_key(name), f"~{name_key(name)}")}
    return exists().where(party.c.claim_n == _CLAIM.c.n, party.c.role.in_(roles), party.c.actor.in_(sorted(keys)))


def _place_condition(named: Sequence[str], sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a claim names one of the places by its id or its standard name."""
    place = schema.claim_place
    if any(sight.hides(name) or name in sight.areas for name in named):
        return false()
    return exists().where(place.c.claim_n == _CLAIM.c.n, or_(place.c.place_id.in_(named), place.c.name.in_(named)))
