"""Keeping what was taken in and read: captures, versions of reports, readings, states of claims, failures."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from marsad.model import Arrival, Capture, Report
from marsad.record import schema
from marsad.record.asof import micros_of, standing
from marsad.record.copies import is_reworded, keep_sketch
from marsad.record.decisions import in_parts
from marsad.record.names import name_key
from marsad.record.regrounding import reground
from marsad.record.searching import index_documents
from marsad.record.store import Writing
from marsad.record.telling import party_key
from marsad.record.voices import origin_of

Body = dict[str, Any]
# Where it happened says more of where a claim belongs than where it led to or came from.
_ROLES = ("at", "to", "near", "from")
# What of a claim is not read from the text: another reader may give other figures without a change of meaning.
_ASIDE = frozenset({"reader", "certainty", "why", "links"})
# What a report says of itself beside its text and its day.
_ABOUT = ("title", "outlet", "url", "theatre")
# The form of the ids that intake makes of text and address where nobody gave one.
_MADE = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which report an arrival is: the report as it is to be kept, its next version, the row it repeats (None: new).

    A `clash` says that its id is that of another report already: then it is neither.
    """

    report: Report
    version: int
    known: int | None
    clash: str = ""

    @property
    def id(self) -> str:
        """Return the id under which the report is kept."""
        return self.report.id


@dataclass(frozen=True, slots=True)
class Read:
    """A report that was read: its claims as bodies (Claim.as_dict and `why`), and how many sentences gave none."""

    arrival: Arrival
    claims: Sequence[Body]
    unread: int
    reader: str


def identify(connection: Connection, arrival: Arrival) -> Identity:
    """Return which report of the record this is: the one of its id, else the one of its address, else a new one.

    What it does not say (title, outlet, day, address, theatre) is as the version before it said.
    """
    report = arrival.report
    row = _newest(connection, report.id) or _at_address(connection, arrival)
    if row is None:
        return Identity(report, 1, None)
    if clash := _clash(row, report):
        return Identity(report, row.version + 1, None, clash)
    known = row if _repeats(row, report) else _kept_before(connection, row.id, arrival)
    return Identity(_filled(report, row), row.version + 1, known.n if known else None)


def _newest(connection: Connection, id: str) -> Any:
    table = schema.report
    return connection.execute(select(table).where(table.c.id == id).order_by(table.c.n.desc()).limit(1)).first()


def _at_address(connection: Connection, arrival: Arrival) -> Any:
    """Return the newest row of the one report at the address, None where there is none.

    An address that several reports have is that of their site, not of one of them. A report with an id that was given
    to it is another one unless it says the same.
    """
    report, table = arrival.report, schema.report
    there = select(table.c.id).where(table.c.url == report.url)
    same = there.where(table.c.sha256 == sha256_of(report.text)).order_by(table.c.n).limit(1)
    if report.url is None:
        return None
    if (id := connection.execute(same).scalar()) is not None:
        return _newest(connection, id)
    ids = connection.execute(there.distinct().limit(2)).scalars().all()
    row = _newest(connection, ids[0]) if len(ids) == 1 and _MADE.fullmatch(report.id) else None
    return None if row is None or _is_beside(connection, row, arrival) else row


def _is_beside(connection: Connection, row: Any, arrival: Arrival) -> bool:
    """Tell whether the arrival came in the same capture as the row, in another place of it."""
    capture = schema.capture.c
    same = (capture.n == row.capture_n, capture.address == arrival.capture.address)
    asked = select(capture.n).where(*same, capture.sha256 == arrival.capture.sha256)
    return row.row != arrival.row and connection.execute(asked).first() is not None


def _clash(row: Any, report: Report) -> str:
    """Return why a report of this id cannot be a version of the row, "" where it can.

    Neither id nor address is told: the list of failures is for everybody, and they may be those of a hidden source.
    """
    if row.sha256 == sha256_of(report.text) or (row.url and row.url == report.url):
        return ""
    other = [field for field in ("url", "outlet") if _differ(getattr(row, field), getattr(report, field))]
    if other or not is_reworded(row.text, report.text):
        what = {"url": "at another address", "outlet": "of another outlet"}.get((other or [""])[0], "with other words")
        return f"its id is that of another report already, {what}"
    return ""


def _differ(kept: str | None, given: str | None) -> bool:
    return bool(kept and given and kept != given)


def _repeats(row: Any, report: Report) -> bool:
    """Tell whether the report says nothing that the row does not say: the same text, no other title or day."""
    given = {name: getattr(report, name) for name in _ABOUT} | {"published": _day(report)}
    same = all(value is None or value == getattr(row, name) for name, value in given.items())
    return same and row.sha256 == sha256_of(report.text)


def _kept_before(connection: Connection, id: str, arrival: Arrival) -> Any:
    """Return the older version that is this very arrival: who adds a file again does not bring its words back."""
    report, capture = schema.report, schema.capture.c
    same = (capture.address == arrival.capture.address, capture.sha256 == arrival.capture.sha256)
    asked = select(report).join(schema.capture, capture.n == report.c.capture_n).where(report.c.id == id, *same)
    rows = [row for row in connection.execute(asked) if row.row == arrival.row and _repeats(row, arrival.report)]
    return rows[0] if rows else None


def _filled(report: Report, row: Any) -> Report:
    before = {name: getattr(row, name) for name in _ABOUT}
    before["published"] = date.fromisoformat(row.published) if row.published else None
    missing = {name: value for name, value in before.items() if getattr(report, name) is None}
    return replace(report, id=row.id, **missing)


def _day(report: Report) -> str | None:
    return report.published.isoformat() if report.published else None


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def keep(writing: Writing, parcel: Sequence[tuple[Read, Identity]]) -> list[int]:
    """Keep new reports, each with its capture, its reading and its claims; return the numbers of their rows."""
    captures = _keep_captures(writing, [read.arrival.capture for read, _ in parcel])
    rows = [_report_row(read, identity.version, n) for (read, identity), n in zip(parcel, captures, strict=True)]
    numbers = writing.add(schema.report, rows)
    for row, number in zip(rows, numbers, strict=True):
        keep_sketch(writing, row["id"], number, row["text"])
    _index(writing, "report", numbers, [words_of_report(row["title"], row["text"]) for row in rows])
    keep_readings(writing, [(identity.id, n, read) for (read, identity), n in zip(parcel, numbers, strict=True)])
    return numbers


def _keep_captures(writing: Writing, captures: Sequence[Capture]) -> list[int]:
    """Return the number of each capture; what came in as before has one already."""
    table, known = schema.capture, dict[tuple[str, str], int]()
    for capture in captures:
        key = (capture.address, capture.sha256)
        if key not in known:
            same = select(table.c.n).where(table.c.address == capture.address, table.c.sha256 == capture.sha256)
            known[key] = writing.connection.execute(same).scalar() or writing.add_one(table, **_capture_row(capture))
    return [known[capture.address, capture.sha256] for capture in captures]


def _capture_row(capture: Capture) -> dict[str, Any]:
    return {
        "address": capture.address, "kind": capture.kind, "sha256": capture.sha256, "size": capture.size,
        "captured_at": micros_of(capture.captured_at), "tool": capture.tool,
        "original": None if capture.original is None else zlib.compress(capture.original),
        "headers": json.dumps(capture.headers, ensure_ascii=False) if capture.headers else None,
    }  # fmt: skip


def _report_row(read: Read, version: int, capture_n: int) -> dict[str, Any]:
    arrival, report = read.arrival, read.arrival.report
    return {
        "id": report.id, "version": version, "capture_n": capture_n, "row": arrival.row,
        "lead": arrival.lead, "title": report.title, "outlet": report.outlet, "published": _day(report),
        "url": report.url, "theatre": report.theatre, "text": report.text, "sha256": sha256_of(report.text),
    }  # fmt: skip


@dataclass(slots=True)
class Changes:
    """What readings changed against the readings before them: pairs of the claim before and now, None for neither."""

    gained: list[Body] = field(default_factory=list)
    lost: list[Body] = field(default_factory=list)
    altered: list[tuple[Body, Body]] = field(default_factory=list)


def keep_readings(writing: Writing, readings: Sequence[tuple[str, int, Read]]) -> Changes:
    """Keep what a reader made of reports, each given by its id and the number of its row; return what changed by it.

    A claim that it reads as before gets no new row, unless its report is of another day, outlet or address now.
    Decisions of reviewers are applied to what it reads now.
    """
    rows = [{"report_n": n, "reader": r.reader, "claims": len(r.claims), "unread": r.unread} for _, n, r in readings]
    numbers = writing.add(schema.reading, rows)
    before = _bases(writing.connection, [id for id, _, _ in readings])
    restated = _restated(writing.connection, readings, before)
    changes, states = Changes(), []
    for (id, report_n, read), reading_n in zip(readings, numbers, strict=True):
        common = {"report_id": id, "report_n": report_n, "reading_n": reading_n, "by": "reader", "verdict": ""}
        outlet = read.arrival.report.outlet
        told = _compare({base: body for base, (_, body) in before[id].items()}, read.claims, restated, changes)
        states += [{**common, **state, "outlet": outlet} for state in told]
    put_claims(writing, states)
    put_claims(writing, reground(writing, {id: {b["id"]: b for b in read.claims} for id, _, read in readings}))
    return changes


def _compare(
    before: Mapping[str, Body], now: Sequence[Body], restated: Collection[str], changes: Changes
) -> list[dict[str, Any]]:
    """Return the states of claims that a reading writes, and note each change of them."""
    states = []
    for body in now:
        old = before.get(body["id"])
        if old is None:
            changes.gained.append(body)
        elif differs(old, body):
            changes.altered.append((old, body))
        elif body["id"] not in restated:
            continue
        states.append({"id": body["id"], "gone": False, "body": body})
    read = {body["id"] for body in now}
    lost = [body for id, body in before.items() if id not in read]
    changes.lost += lost
    return states + [{"id": body["id"], "gone": True, "body": body} for body in lost]


def _bases(connection: Connection, report_ids: Sequence[str]) -> dict[str, dict[str, tuple[int, Body]]]:
    """Return for each report the claims that its last reading holds, by id, each with the row of its report."""
    table, found = schema.claim, {id: dict[str, tuple[int, Body]]() for id in report_ids}
    for some in in_parts(report_ids):
        columns = select(table.c.id, table.c.report_id, table.c.report_n, table.c.gone, table.c.body)
        for row in connection.execute(
            columns.where(table.c.report_id.in_(some), table.c.by == "reader").order_by(table.c.n)
        ):
            if row.gone:
                found[row.report_id].pop(row.id, None)
            else:
                found[row.report_id][row.id] = (row.report_n, json.loads(row.body))
    return found


def _restated(
    connection: Connection, readings: Sequence[tuple[str, int, Read]], before: Mapping[str, Mapping[str, Any]]
) -> set[str]:
    """Return the claims that were kept with a version of their report that is of another day, outlet or address."""
    moved = {
        claim: (kept_with, report_n)
        for id, report_n, _ in readings
        for claim, (kept_with, _) in before[id].items()
        if kept_with != report_n
    }
    about, table = dict[int, tuple[Any, ...]](), schema.report.c
    for some in in_parts({n for pair in moved.values() for n in pair}):
        asked = select(table.n, table.outlet, table.published, table.title, table.url, table.lead)
        about.update((n, tuple(rest)) for n, *rest in connection.execute(asked.where(table.n.in_(some))))
    return {claim for claim, (then, now) in moved.items() if about[then] != about[now]}


def differs(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Tell whether two readings of a claim differ in what they say, certainty and version aside."""
    plain = json.loads(json.dumps(now))
    return any(before.get(key) != plain.get(key) for key in before.keys() | plain.keys() if key not in _ASIDE)


def put_claims(writing: Writing, rows: Sequence[dict[str, Any]]) -> None:
    """Write states of claims with the columns that are asked for, their parties and places, and their words.

    A row has id, report_id, report_n, reading_n, by, gone, verdict and body, and the outlet of its report if at hand.
    """
    outlets = _outlets(writing.connection, [row["report_n"] for row in rows if "outlet" not in row])
    full = [_claim_row(row, row["outlet"] if "outlet" in row else outlets[row["report_n"]]) for row in rows]
    numbers = writing.add(schema.claim, full)
    numbered = [(n, row["body"]) for n, row in zip(numbers, rows, strict=True)]
    writing.add(schema.claim_party, [party for n, body in numbered for party in _party_rows(n, body)])
    writing.add(schema.claim_place, [place for n, body in numbered for place in _place_rows(n, body)])
    _index(writing, "claim", numbers, [words_of(row["body"]) for row in rows])


def _outlets(connection: Connection, numbers: Iterable[int]) -> dict[int, str | None]:
    table = schema.report
    found: dict[int, str | None] = {}
    for some in in_parts(numbers):
        asked = select(table.c.n, table.c.outlet).where(table.c.n.in_(some))
        found.update((row.n, row.outlet) for row in connection.execute(asked))
    return found


def _claim_row(row: Mapping[str, Any], outlet: str | None) -> dict[str, Any]:
    body = row["body"]
    start, _, until = (body["date"] or "").partition("/")
    place = main_place(body["places"])
    kept = ("id", "report_id", "report_n", "reading_n", "by", "gone", "verdict")
    return {
        **{key: row[key] for key in kept}, "type": body["type"], "status": body["status"],
        "start": start or None, "until": until or start or None, "certainty": body["certainty"],
        "place_id": place.get("id"), "place": place.get("name"), "admin1": place.get("admin1"),
        "country": place.get("country"), "lat": place.get("lat"), "lon": place.get("lon"),
        "origin": origin_of(body["sources"], outlet), "body": json.dumps(body, ensure_ascii=False),
    }  # fmt: skip


def main_place(places: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the place that a claim is kept under: where it happened, else where it led; {} where it has none."""
    return min(places, key=lambda p: _ROLES.index(p["role"]) if p["role"] in _ROLES else 9, default={})


def _party_rows(number: int, body: Body) -> list[dict[str, Any]]:
    named = [(role, party_key(p)) for role in ("actor", "target") for p in body[f"{role}s"]]
    named += [("source", name_key(source)) for source in body["sources"]]
    return [{"claim_n": number, "ord": i, "role": role, "actor": key} for i, (role, key) in enumerate(named)]


def _place_rows(number: int, body: Body) -> list[dict[str, Any]]:
    columns = ("role", "name", "admin1", "country", "lat", "lon", "radius_km")
    return [
        {"claim_n": number, "ord": i, "place_id": p.get("id"), **{column: p.get(column) for column in columns}}
        for i, p in enumerate(body["places"])
    ]


def words_of(body: Mapping[str, Any]) -> str:
    """Return what a claim can be searched by: its evidence, and the names of its parties, places, sites and sources."""
    parts = [body["evidence"], *body["sources"]]
    parts += [p["text"] for key in ("actors", "targets", "places", "sites") for p in body[key]]
    parts += [name for p in body["places"] for name in (p["name"], p["admin1"]) if name]
    return "\n".join(parts)


def words_of_report(title: str | None, text: str) -> str:
    """Return what a report can be searched by."""
    return f"{title or ''}\n{text}"


def _index(writing: Writing, kind: str, numbers: Sequence[int], texts: Sequence[str]) -> None:
    documents = writing.add(schema.document, [{"kind": kind, "row_n": n} for n in numbers])
    index_documents(writing.connection, list(zip(documents, texts, strict=True)))


def keep_failure(writing: Writing, address: str, row: int | None, reason: str, remedy: str) -> None:
    """Keep that an input, or a row of it, could not be read; the same failure again is not kept twice."""
    table = schema.failure
    same = (table.c.address == address, table.c.row == row if row is not None else table.c.row.is_(None))
    last = select(table.c.reason).where(*same, standing(table, ("address", "row"), None)).order_by(table.c.n.desc())
    if writing.connection.execute(last.limit(1)).scalar() != reason:
        writing.add(table, [{"address": address, "row": row, "reason": reason, "remedy": remedy}])
