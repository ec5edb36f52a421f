"""The digest before it goes out, as it went out, and what became of it since.

An issue is made of what the public may see: whoever prepares it may see more, and nothing of that may be in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from marsad.desk.access import Desk
from marsad.digesting import Period, Reasons, digest_of
from marsad.errors import UsageError
from marsad.grounding.areas import area_named, area_of
from marsad.publish import paper as printed
from marsad.publish.digest import Paper, Section, changes_of, claims_of, foot_of, paper_of
from marsad.publish.issue import Place, body_of, edited, papers_in
from marsad.record.asof import instant_of
from marsad.record.issues import put_issue
from marsad.record.news import is_unchanged_since, marks_of, state_of
from marsad.record.sight import Viewer
from marsad.record.store import Writing
from marsad.record.view import View, check_day

Row = Mapping[str, Any]
LANGUAGES = ("ar", "en")
# Of a claim, what stands in an issue beside a sentence.
_TOLD = ("id", "evidence", "sources", "outlet", "published", "report")
_MOST_KEPT = 64
_KEPT: dict[tuple[Any, ...], Paper | None] = {}


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which digest one speaks: its days, its governorate, whether of reviewed claims alone, as known when (ISO)."""

    first: str
    last: str
    under: str = ""
    reviewed: bool = False
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A digest as data and in both languages, the claims that it stands on, and what was known of it when.

    `seen` is an instant (ISO), `marks` by which marks of the sensitive it was made.
    """

    digest: Row
    papers: list[Paper]
    told: Mapping[str, Row]
    seen: str
    marks: int


def draft_of(desk: Desk, asked: Asked) -> Draft:
    """Return a digest as the public may see it, as known at the instant that is asked for, or now."""
    then = instant_of(asked.seen) if asked.seen else None
    with desk.record.asking() as connection:
        # What is known now is answered from the chart, in a hundredth of the time.
        since = None if then is None or is_unchanged_since(connection, then) else then
        marks = marks_of(connection)
    view = public_view(desk, since)
    seen = asked.seen or view.as_known()
    digest = digest_at(view, asked)
    told = view.told(claims_of(digest))
    papers = [paper_of(digest, lang, asked.reviewed, told) for lang in LANGUAGES]
    return Draft(digest, papers, told, seen, marks)


def public_view(desk: Desk, known_by: int | None = None) -> View:
    """Return the record as the public may see it."""
    return View(desk.record, Viewer("public"), known_by, area_of)


def digest_at(view: View, asked: Asked) -> dict[str, Any]:
    """Return what a view has to tell of the days."""
    for day in (asked.first, asked.last):
        check_day(day)
    if asked.first > asked.last:
        raise UsageError(f"the period ends ({asked.last}) before it begins ({asked.first})")
    return digest_of(view, Period(asked.first, asked.last), area_named(asked.under or None), reviewed=asked.reviewed)


def publish(
    writing: Writing, draft: Draft, asked: Asked, held: Collection[str], places: Mapping[str, Place], person: str,
    of: str | None = None, reason: str = "",
) -> str:  # fmt: skip
    """Write a draft as an issue, without what is held back, and return its id; raise UsageError where nothing is left.

    Beside its sentences it keeps the words of their claims and the printed page and text: they are what went out,
    whatever becomes of the claims and of this program.
    """
    papers = [_with_foot(paper, draft, asked) for paper in edited(draft.papers, held, places)]
    if not any(paper.sections for paper in papers):
        raise UsageError("every sentence is held back: there is nothing to publish")
    claims = {id for paper in papers for section in paper.sections for id in _claims_of(section)}
    told = {id: {name: draft.told[id][name] for name in _TOLD} for id in sorted(claims & draft.told.keys())}
    body = {
        "papers": body_of(papers), "claims": told, "seen": draft.seen, "reviewed": asked.reviewed,
        "held": sorted(held), "digest": draft.digest, "marks": draft.marks,
        "html": printed.html_of(papers, told), "text": printed.text_of(papers),
    }  # fmt: skip
    return put_issue(writing, asked.first, asked.last, asked.under or None, body, person, of, reason)


def _claims_of(section: Section) -> Iterator[str]:
    yield from (id for part in section.parts for sentence in part.sentences for id in sentence.claims)


def _with_foot(paper: Paper, draft: Draft, asked: Asked) -> Paper:
    return replace(paper, foot=foot_of(paper.sections, paper.lang, draft.told, asked.reviewed)) if paper.foot else paper


def papers_of(issue: Row) -> list[Paper]:
    """Return what an issue says, in both languages."""
    return papers_in(issue["body"]["papers"])


def corrections(desk: Desk, issue: Row, lang: str) -> Paper | None:
    """Return what the digest of an issue says now that it did not say then, None where it says the same.

    Two digests of all that is known take seconds in a large record: one answer is kept until anything changes.
    """
    with desk.record.asking() as connection:
        state = (desk.record.address, issue["id"], lang, date.today(), state_of(connection))
    if state not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[state] = _corrections(desk, issue, lang)
    return _KEPT[state]


def _corrections(desk: Desk, issue: Row, lang: str) -> Paper | None:
    body = issue["body"]
    asked = Asked(issue["first"], issue["last"], issue["under"] or "", body["reviewed"])
    since, now = instant_of(body["seen"]), public_view(desk)
    with desk.record.asking() as connection:
        is_kept = marks_of(connection) == body["marks"]
    # What was marked since is hidden in what was said then as in what is said now: then both are told anew.
    before = body["digest"] if is_kept else digest_at(public_view(desk, since), asked)
    after = digest_at(now, asked)
    found = changes_of(before, after, lang, issue["published"][:10], Reasons(now, since))
    # Where nothing changed, a sentence without a heading says so.
    return found if any(section.heading for section in found.sections) else None
