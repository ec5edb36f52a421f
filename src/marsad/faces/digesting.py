"""`marsad digest`: what happened on a day or in a period, in Arabic and English prose; and what changed in it since."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.errors import UsageError
from marsad.faces.opening import add_record_options, viewed, written_to

if TYPE_CHECKING:
    from marsad.digesting import Period
    from marsad.publish.digest import Paper
    from marsad.record.view import View

FORMS = ("text", "md", "html", "docx")
_ABOUT = (
    "What the record knows of a day or a period, by governorate, as a monitor writes it: what changed hands, fighting, "
    "people, talks, disputes, who holds what at the end. Each sentence is made from claims alone, and in HTML opens to "
    "the words of the sources."
)


def add_commands(commands: Any) -> None:
    """Add the command to the parser."""
    digest = commands.add_parser("digest", help="what happened, in Arabic and English prose", description=_ABOUT)
    digest.add_argument("--on", metavar="DAY", help="of this day (YYYY-MM-DD); the newest report's if not given")
    digest.add_argument("--from", dest="first", metavar="DAY", help="of the period from this day")
    digest.add_argument("--to", dest="last", metavar="DAY", help="to this day")
    digest.add_argument("--under", metavar="AREA", help="only of this governorate or country (two letters)")
    digest.add_argument("--lang", choices=["ar", "en", "both"], default="ar", help="in Arabic (ar), English or both")
    digest.add_argument("--as", dest="form", choices=FORMS, default="text", help="how to write it (text)")
    digest.add_argument(
        "--min", dest="certainty", type=float, metavar="CERTAINTY", help="only incidents as sure (0 to 1)"
    )
    digest.add_argument("--reviewed", action="store_true", help="only what rests on claims that a person accepted")
    digest.add_argument("--diff", metavar="DAY", help="what is new or corrected since the end of this day")
    digest.add_argument("--out", metavar="FILE", help="write there instead of standard output; docx needs it")
    add_record_options(digest)
    digest.set_defaults(run=_digest)


def _digest(asked: argparse.Namespace) -> int:
    _check(asked)
    with viewed(asked) as view:
        period = _period(asked, view)
        papers, told = _changes(asked, view, period) if asked.diff else _papers(asked, view, period)
        _write(asked, papers, told)
    return 0


def _check(asked: argparse.Namespace) -> None:
    from marsad.record.view import check_day

    for day in (asked.on, asked.first, asked.last):
        check_day(day)
    if asked.on and (asked.first or asked.last):
        raise UsageError("say --on for one day, or --from and --to for a period")
    if bool(asked.first) != bool(asked.last):
        raise UsageError("a period has two ends: say both --from and --to")
    if asked.first and asked.first > asked.last:
        raise UsageError(f"the period ends ({asked.last}) before it begins ({asked.first})")
    if asked.form == "docx" and not asked.out:
        raise UsageError("a Word document goes to a file: --out NAME.docx")


def _period(asked: argparse.Namespace, view: View) -> Period:
    from marsad.digesting import Period

    if asked.first:
        return Period(asked.first, asked.last)
    day = asked.on or view.newest_day()
    if day is None:
        raise UsageError("the record has no report with a day yet; `marsad add FILE` brings some")
    return Period(day, day)


def _languages(asked: argparse.Namespace) -> Sequence[str]:
    return ("ar", "en") if asked.lang == "both" else (asked.lang,)


def _made(asked: argparse.Namespace, view: View, period: Period) -> dict[str, Any]:
    from marsad.digesting import digest_of
    from marsad.grounding.areas import area_named

    return digest_of(view, period, area_named(asked.under), asked.certainty, asked.reviewed)


def _papers(asked: argparse.Namespace, view: View, period: Period) -> tuple[list[Paper], Mapping[str, Any]]:
    from marsad.publish.digest import claims_of, paper_of

    digest = _made(asked, view, period)
    told = view.told(claims_of(digest))
    return [paper_of(digest, lang, asked.reviewed, told) for lang in _languages(asked)], told


def _changes(asked: argparse.Namespace, view: View, period: Period) -> tuple[list[Paper], Mapping[str, Any]]:
    """Return what the digest says now that it did not say as known at the end of the day of --diff."""
    from marsad.digesting import Reasons
    from marsad.grounding.areas import area_of
    from marsad.publish.digest import changes_of, claims_of
    from marsad.record.asof import instant_of
    from marsad.record.view import View

    then = View(view.record, view.viewer, instant_of(asked.diff), area_of)
    before, now = _made(asked, then, period), _made(asked, view, period)
    told = {**then.told(claims_of(before)), **view.told(claims_of(now))}
    since = instant_of(asked.diff)
    reason = Reasons(view, since)
    return [changes_of(before, now, lang, asked.diff[:10], reason) for lang in _languages(asked)], told


def _write(asked: argparse.Namespace, papers: Sequence[Paper], told: Mapping[str, Any]) -> None:
    from marsad.publish import paper

    if asked.form == "docx":
        _write_bytes(asked.out, paper.docx_of(papers))
        return
    written = {
        "text": lambda: paper.text_of(papers),
        "md": lambda: paper.markdown_of(papers, told),
        "html": lambda: paper.html_of(papers, told),
    }
    with written_to(asked.out) as out:
        out.write(written[asked.form]())


def _write_bytes(file: str, content: bytes) -> None:
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        reason = f"{file}: cannot be written ({error.strerror})"
        raise UsageError(f"{reason}; name a file in a folder that is there") from None
