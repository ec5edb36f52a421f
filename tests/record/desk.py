"""A reviewer's desk for tests: a report taken in and read by hand, read again, decided on."""

from __future__ import annotations

import json
from typing import Any

import make
from marsad.loading.codebook import actors, types
from marsad.record import schema
from marsad.record.coding import Guide
from marsad.record.deciding import decide_claim
from marsad.record.keeping import put_claims
from marsad.record.regrounding import reground

GUIDE = Guide(lambda type: type in types(), lambda id: id in actors())
TAKEOVER, WITHDRAWAL = make.takeover().id, make.withdrawal().id


def bodies(**changed: Any) -> dict[str, dict[str, Any]]:
    """Return the claims of the report by id; `changed` goes into the takeover."""
    found = {c.id: json.loads(json.dumps(c.as_dict())) for c in (make.takeover(), make.withdrawal())}
    found[TAKEOVER] |= changed
    return found


def take_in(record, report_id="r1", text=make.TEXT, claims=None):
    """Write the report, and its claims as a first reader found them."""
    with record.writing("take in") as writing:
        capture = writing.add_one(
            schema.capture, address=f"{report_id}.txt", kind="text", sha256=report_id, size=1, captured_at=0, tool="t"
        )
        n = writing.add_one(
            schema.report, id=report_id, version=1, capture_n=capture, lead=False, text=text, sha256=report_id
        )
        found = bodies() if claims is None else claims
        put_claims(writing, [reader_state(report_id, n, id, body) for id, body in found.items()])
        put_claims(writing, reground(writing, {report_id: found}))


def reader_state(report_id, report_n, id, body, gone=False):
    return {"id": id, "report_id": report_id, "report_n": report_n, "reading_n": None, "by": "reader", "gone": gone,
            "verdict": "", "body": body}  # fmt: skip


def read_again(record, found, report_id="r1"):
    """Write the claims as another reader finds them, those gone that it does not find, and what the decisions say."""
    known = bodies()
    with record.writing("reread") as writing:
        states = [reader_state(report_id, 1, id, body) for id, body in found.items()]
        lost = known.keys() - found.keys()
        put_claims(writing, states + [reader_state(report_id, 1, id, known[id], gone=True) for id in lost])
        put_claims(writing, reground(writing, {report_id: found}))


def decide(record, kind, claim_id=TAKEOVER, person="سلمى", reason="", fields=None, **more):
    with record.writing("review") as writing:
        given = reason or ("غير مذكور في النص" if kind == "reject" else "")
        return decide_claim(writing, claim_id, kind, person, given, fields, guide=GUIDE, **more)
