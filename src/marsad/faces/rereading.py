"""`marsad reread` and `verify`: reading the record again with the reader of today, and seeing that it is whole."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marsad.errors import UsageError
from marsad.faces.deciding import deciding, print_all
from marsad.faces.opening import add_record_options, opened, print_lines, sight_for

if TYPE_CHECKING:
    from marsad.record.sight import Sight
    from marsad.rereading import Reread, Sample

_REREAD = (
    "Read again, with the reader as it is now, every report that another version of it read last, and say what that "
    "changes: claims gained, lost and altered, and which decisions of reviewers lost their ground. Decisions stay."
)
_VERIFY = (
    "Check that nothing of the record was changed after it was written: the chains of decisions and of the "
    "desk's log, the texts of reports, "
    "the originals that are kept, and the file itself. Note the head that it prints: with --head it is found again."
)


def add_commands(commands: Any) -> None:
    """Add `reread` and `verify` to the commands."""
    reread = commands.add_parser("reread", help="read reports again and say what changes", description=_REREAD)
    reread.add_argument("reports", nargs="*", metavar="REPORT", help="only these (ids)")
    reread.add_argument("--all", action="store_true", help="also what this version of the reader has read")
    reread.add_argument("--dry-run", action="store_true", help="only say what would change")
    reread.add_argument("--as", dest="form", choices=("table", "jsonl"), default="table", help="how to show it (table)")
    reread.add_argument(
        "--samples", type=_count, default=3, metavar="N", help="claims shown of each change and type (3)"
    )
    reread.add_argument("--theatre", metavar="CODE", help="the theatre, as sy; told from each report where not given")
    add_record_options(reread)
    reread.set_defaults(run=_reread)
    verify = commands.add_parser("verify", help="check that the record is as it was written", description=_VERIFY)
    verify.add_argument("--head", metavar="HASH", help="a head that was noted earlier; it must still be in the chain")
    add_record_options(verify)
    verify.set_defaults(run=_verify)


def _count(written: str) -> int:
    if not written.isdecimal():
        raise argparse.ArgumentTypeError(f"{written!r} is no count; write a number")
    return int(written)


def _reread(asked: argparse.Namespace) -> int:
    from marsad.faces import cli
    from marsad.faces.progress import Meter
    from marsad.rereading import Rereading

    with deciding(asked) as record:
        reader: Any = cli.make_reader(asked.theatre, None)
        with Meter("reports read again") as meter:
            done = Rereading(record, reader).run(
                asked.reports, all=asked.all, dry_run=asked.dry_run, samples=asked.samples,
                progress=lambda done: meter.show(done.reports, f"{sum(done.claims.values()):,} claims changed"),
            )  # fmt: skip
        with record.asking() as connection:
            samples = list(_seen(done, sight_for(asked, connection)))
    _show(_summary(done, reader.version, asked.dry_run), samples, asked.form)
    if not done.reports and not asked.all:
        print("marsad: this version of the reader has read all of it; --all reads it again", file=sys.stderr)
    return 0


def _show(summary: dict[str, Any], samples: list[dict[str, Any]], form: str) -> None:
    from marsad.publish.diff import diff_lines

    if form == "jsonl":
        print_lines([summary, *samples])
    else:
        print_all(diff_lines(summary, samples))


def _summary(done: Reread, reader: str, dry_run: bool) -> dict[str, Any]:
    """Return the counts under the names of the kinds of change."""
    from marsad.rereading import KINDS

    counts: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
    for (kind, type), count in sorted(done.claims.items()):
        counts[kind][type] = count
    fields: dict[str, dict[str, int]] = {}
    for (type, name), count in sorted(done.fields.items()):
        fields.setdefault(type, {})[name] = count
    decisions = {"stand": done.stand, "moved": done.moved, "unsettled": done.unsettled}
    return {"kind": "summary", "reader": reader, "dry_run": dry_run, "reports": done.reports, **counts,
            "fields": fields, "kept": done.kept, "decisions": decisions}  # fmt: skip


def _seen(done: Reread, sight: Sight) -> Iterator[dict[str, Any]]:
    """Yield the samples as the person may see them, without those that are held back."""
    for sample in done.samples:
        report = sample.report
        told = {"id": report.id, "outlet": report.outlet, "url": report.url, "text": report.text}
        before, now = (body and sight.claim(body, told) for body in (sample.before, sample.now))
        if before or now:
            yield _sample_row(sample, before, now) | {"report": sight.report_id(report.id)}


def _sample_row(sample: Sample, before: dict[str, Any] | None, now: dict[str, Any] | None) -> dict[str, Any]:
    from marsad.rereading import changed_fields

    body = now or before or {}
    places = body["places"]
    fields = [{"field": name, "before": before.get(name), "now": now.get(name)}
              for name in changed_fields(before, now)] if before and now else []  # fmt: skip
    return {"kind": sample.kind, "type": sample.type, "claim": body["id"], "date": body["date"],
            "place": places[0]["name"] if places else None, "evidence": body["evidence"], "fields": fields}  # fmt: skip


def _verify(asked: argparse.Namespace) -> int:
    from dataclasses import asdict

    from marsad.record.verifying import verify

    if asked.known_by:
        raise UsageError("the record is checked as it is now; leave --known-by out")
    with opened(asked) as record:
        found = verify(record, asked.head)
    for fault in found.faults:
        print(f"marsad: {fault}; restore the record from a copy that verifies", file=sys.stderr)
    if found.faults:
        return 1
    print(json.dumps({name: value for name, value in asdict(found).items() if name != "faults"}))
    return 0
