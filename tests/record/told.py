"""What fusion is tested with: claims told in few words, in comparable form or kept in a record and fused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from marsad.record import schema
from marsad.record.asof import standing
from marsad.record.copies import keep_sketch
from marsad.record.incidents import Fused, fuse
from marsad.record.keeping import put_claims
from marsad.record.linkage import decide_incidents
from marsad.record.store import Record
from marsad.record.summing import Member
from marsad.record.telling import Telling, telling_of, wording_of

TEXT = "هاجم مسلحون حاجزاً عند مدخل البلدة مساء أمس"


def town(name: str = "Tafas", lat: float = 32.7, lon: float = 36.1, **fields: Any) -> dict[str, Any]:
    given = {"admin1": "Daraa", "country": "SY", "id": None, "radius_km": None, "role": "at", **fields}
    return {"text": name, "name": name, "lat": lat, "lon": lon, "span": [0, 4], **given}


TAFAS = town()
FAR = town("Raqqa", 35.95, 39.0, admin1="Raqqa")
DARAA = town("Daraa", 32.75, 36.1, radius_km=60.0)


def party(id: str | None, text: str = "جماعة") -> dict[str, Any]:
    return {"text": text, "id": id, "span": [0, 4]}


def body_of(id: str = "c1", text: str = TEXT, evidence: str | None = None, **fields: Any) -> dict[str, Any]:
    """Return the body of a claim; actors and targets are ids of the registry, or parties."""
    said = evidence or text
    at = text.index(said)
    parties = {
        role: [each if isinstance(each, dict) else party(each) for each in fields.pop(role, ())]
        for role in ("actors", "targets")
    }
    given = {
        "type": "attack", "status": "happened", "places": [TAFAS], "sites": [], "date": "2018-07-05", "numbers": {},
        "sources": [], "certainty": 0.8, "why": [], **fields,
    }  # fmt: skip
    return {
        "id": id, "trigger": said.split()[0], "evidence": said, "quoted": False, "span": [at, at + len(said)],
        "trigger_span": [at, at + len(said.split()[0])], "source_spans": [], "links": [], "reader": "test",
        **given, **parties,
    }  # fmt: skip


@dataclass
class Told:
    """A claim and the report that tells it."""

    body: dict[str, Any]
    report: str
    text: str
    published: str | None
    outlet: str | None

    @property
    def id(self) -> str:
        return str(self.body["id"])


def told(
    id: str = "c1", report: str | None = None, text: str = TEXT, published: str | None = "2018-07-06",
    outlet: str | None = "", **fields: Any,
) -> Told:  # fmt: skip
    """Return a claim that a report of its own tells, which an outlet of its own published."""
    report = report or f"report of {id}"
    return Told(body_of(id, text, **fields), report, text, published, f"صحيفة {id}" if outlet == "" else outlet)


def telling(id: str = "c1", n: int = 1, **fields: Any) -> Telling:
    each = told(id, **fields)
    return telling_of(each.body, n, wording_of(each.report, each.text, each.published))


def member(id: str = "c1", n: int = 1, **fields: Any) -> Member:
    each = told(id, **fields)
    return Member(n, each.body, each.report, each.outlet, each.published, None)


def no_copies(a: str, b: str) -> bool:
    return False


def put(record: Record, *claims: Told) -> None:
    """Keep the claims, each in its report, in this order."""
    with record.writing("take in") as writing:
        for claim in claims:
            n = writing.connection.execute(
                select(schema.report.c.n).where(schema.report.c.id == claim.report)
            ).scalar() or _keep_report(writing, claim)
            put_claims(writing, [_state(claim, n, "reader")])


def _keep_report(writing: Any, claim: Told) -> int:
    capture = writing.add_one(
        schema.capture, address=f"{claim.report}.txt", kind="text", sha256=claim.report, size=1, captured_at=0, tool="t"
    )
    n = writing.add_one(
        schema.report, id=claim.report, version=1, capture_n=capture, lead=False, text=claim.text,
        sha256=claim.report, outlet=claim.outlet, published=claim.published,
    )  # fmt: skip
    keep_sketch(writing, claim.report, n, claim.text)
    return int(n)


def _state(claim: Told, report_n: int, by: str, verdict: str = "", gone: bool = False) -> dict[str, Any]:
    return {"id": claim.id, "report_id": claim.report, "report_n": report_n, "reading_n": None, "by": by,
            "gone": gone, "verdict": verdict, "body": claim.body}  # fmt: skip


def review(record: Record, claim: Told, verdict: str = "", gone: bool = False, **fields: Any) -> Told:
    """Keep the claim with other fields, a verdict, or as gone, as a review writes it; return it so."""
    changed = Told({**claim.body, **fields}, claim.report, claim.text, claim.published, claim.outlet)
    with record.writing("review") as writing:
        asked = select(schema.report.c.n).where(schema.report.c.id == claim.report)
        n = writing.connection.execute(asked).scalar_one()
        put_claims(writing, [_state(changed, n, "review", verdict, gone)])
    return changed


def decide(record: Record, kind: str, *refs: str, person: str = "سلمى", **more: Any) -> str:
    """Write a decision on incidents, fuse, and return the decision's id."""
    with record.writing("review") as writing:
        made = decide_incidents(writing, kind, refs, person, **more)
    fuse_now(record)
    return str(made["id"])


def fuse_now(record: Record) -> Fused:
    return fuse(record, "test")


def fused(record: Record, *claims: Told) -> dict[str, str]:
    """Keep the claims, fuse, and return which incident each claim of the record tells."""
    put(record, *claims)
    fuse_now(record)
    return where(record)


def where(record: Record) -> dict[str, str]:
    """Return which incident each claim tells."""
    table = schema.membership
    asked = select(table.c.claim_id, table.c.incident_id).where(~table.c.gone, standing(table, ("claim_id",), None))
    with record.asking() as connection:
        return {row.claim_id: row.incident_id for row in connection.execute(asked)}


def together(at: Mapping[str, str]) -> set[frozenset[str]]:
    """Return which claims are together, whatever their incidents are called."""
    return {frozenset(c for c, i in at.items() if i == incident) for incident in at.values()}


def incident(record: Record, id: str) -> dict[str, Any]:
    """Return the newest state of an incident."""
    table = schema.incident
    with record.asking() as connection:
        row = connection.execute(select(table).where(table.c.id == id).order_by(table.c.n.desc()).limit(1)).one()
    return {**json.loads(row.body), "gone": bool(row.gone)}


def standing_incidents(record: Record) -> set[str]:
    """Return the incidents that are not gone."""
    table = schema.incident
    asked = select(table.c.id).where(~table.c.gone, standing(table, ("id",), None))
    with record.asking() as connection:
        return set(connection.execute(asked).scalars())


def forwards(record: Record) -> list[tuple[str, str, str]]:
    """Return every forwarding address (from, to, kind) in the order in which they were left."""
    table = schema.forward
    with record.asking() as connection:
        rows = connection.execute(select(table).order_by(table.c.n)).all()
    return [(row.from_id, row.to_id, row.kind) for row in rows]


def why(record: Record, claim: str) -> tuple[str, list[str]]:
    """Return who placed the claim where it is, and the reasons."""
    table = schema.membership
    asked = select(table.c.by, table.c.why).where(table.c.claim_id == claim).order_by(table.c.n.desc()).limit(1)
    with record.asking() as connection:
        row = connection.execute(asked).one()
    return row.by, json.loads(row.why)


def leads_to(ways: Iterable[tuple[str, str, str]], old: str) -> set[str]:
    """Return every incident that the addresses lead to from an old one, itself among them."""
    reached, waiting, ways = {old}, [old], list(ways)
    while waiting:
        at = waiting.pop()
        onward = {to for start, to, _ in ways if start == at} - reached
        reached |= onward
        waiting += onward
    return reached


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
