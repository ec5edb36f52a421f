"""Campaigns with their truth: how often control says rightly who held a place, and how well it dates a change of hands.

A campaign is a folder of tests/control/campaigns with truth.csv and reports.jsonl; south-2018 is measured on the
bundled sample, newspapers-2015 on the articles of its months in ../shared/corpus.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from marsad.control.atlas import Atlas, Holding, days_between
from marsad.control.sides import holders_of, side_of
from marsad.model import Report
from marsad.pipeline import Reader
from marsad.record.voices import origin_of

ROOT = Path(__file__).parents[1]
CAMPAIGNS = ROOT / "tests" / "control" / "campaigns"
SAMPLE = ROOT / "src" / "marsad" / "packs" / "sample" / "reports.jsonl"
CORPUS = ROOT.parent / "shared" / "corpus" / "newspapers-2015.jsonl.gz"
# Those on which rules and numbers are tried; the others only measure.
DEV = ("newspapers-2015", "south-2018", "syria-2024", "libya-2019", "yemen-2018")
# Days on which every place is looked at: each seventh of the campaign, and the last.
STEP = 7


class Period(NamedTuple):
    """How a place stood, by the table, from `since` ("" from before) to `until` ("" to the end)."""

    place: str
    name: str
    country: str
    since: str
    until: str
    status: str
    holder: str


@dataclass(slots=True)
class Campaign:
    """The truth of a campaign by place, and the days that it spans."""

    name: str
    truth: dict[str, list[Period]]
    reports: list[Report]

    @property
    def days(self) -> list[str]:
        """Return the days on which every place is looked at."""
        days = sorted(r.published for r in self.reports if r.published)
        first, last = days[0], days[-1]
        if self.name == "newspapers-2015":
            return ["2015-08-11"]
        count = (last - first).days // STEP
        days = {(first + timedelta(STEP * k)).isoformat() for k in range(1, count + 1)}
        return sorted({*days, last.isoformat()})


@dataclass(slots=True)
class Score:
    """Place-days with evidence and those of them right; changes found, and how many days they are off."""

    places: int = 0
    seen: int = 0
    last_right: int = 0
    last_status: int = 0
    days: int = 0
    days_seen: int = 0
    days_right: int = 0
    changes: int = 0
    errors: list[int] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)


def load(name: str) -> Campaign:
    """Return a campaign by the name of its folder."""
    with (CAMPAIGNS / name / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = [Period(*(row[key] for key in Period._fields)) for row in csv.DictReader(file)]
    truth = {place: list(group) for place, group in groupby(sorted(rows, key=lambda r: r.place), lambda r: r.place)}
    for periods in truth.values():
        periods.sort(key=lambda period: period.since)
    return Campaign(name, truth, list(_reports(name)))


def _reports(name: str) -> Iterator[Report]:
    if name == "newspapers-2015":
        with gzip.open(CORPUS, "rt", encoding="utf-8") as file:
            rows = [row for row in map(json.loads, file) if row["published"] and row["published"] <= "2015-08-12"]
    else:
        path = SAMPLE if name == "south-2018" else CAMPAIGNS / name / "reports.jsonl"
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        day = date.fromisoformat(row["published"])
        yield Report(row["id"], row["text"], row.get("title"), row.get("outlet"), day)


def rows_of(reports: Sequence[Report]) -> Iterator[dict[str, Any]]:
    """Yield the claims of the reports as a record would, without fusing."""
    reader = Reader(None, None)
    for report in reports:
        for claim in reader.read(report).claims:
            body = claim.as_dict()
            yield {
                **body, "origin": origin_of(body["sources"], report.outlet), "outlet": report.outlet, "by": "reader",
                "published": report.published.isoformat() if report.published else None, "verdict": "",
            }  # fmt: skip


def measure(campaign: Campaign, atlas: Atlas) -> Score:
    """Return how far the atlas agrees with the truth."""
    score = Score()
    days = campaign.days
    for place, periods in campaign.truth.items():
        score.places += 1
        for day in days:
            _look(score, atlas, place, periods, day, day == days[-1])
        for period in periods:
            if period.since and days[0] > "" and period.holder:
                _date_change(score, atlas, period)
    return score


def _look(score: Score, atlas: Atlas, place: str, periods: Sequence[Period], day: str, is_last: bool) -> None:
    period = [p for p in periods if p.since <= day][-1:]
    if not period:
        return
    holding, truth = atlas.on(place, day), period[0]
    seen = holding is not None and holding.state.status != "unknown"
    right = seen and holding is not None and is_right(holding, truth, day)
    score.days += 1
    score.days_seen += seen
    score.days_right += right
    if is_last:
        score.seen += seen
        score.last_right += right
        score.last_status += right and holding is not None and holding.state.status == truth.status
        if seen and not right and holding is not None:
            score.misses.append(_miss(atlas, holding, truth, day))


def is_right(holding: Holding, truth: Period, day: str) -> bool:
    """Tell whether the side that leads is that of the truth; a vacated place is right where the table says so."""
    if truth.status == "vacated" or holding.state.status == "vacated":
        return truth.status == holding.state.status
    theatre = truth.country.lower()
    return side_of(truth.holder, theatre, day) == holding.state.side or truth.holder in holders_of(
        holding.state.actor, theatre, day
    )


def _date_change(score: Score, atlas: Atlas, period: Period) -> None:
    """Count a change of hands, and how many days off the atlas dates it where the place is spoken of itself."""
    side = side_of(period.holder, period.country.lower(), period.since)
    score.changes += 1
    near = [
        abs(days_between(state.since, period.since))
        for _, state in atlas.changes(period.place)
        if state.side == side and state.outright and (not period.until or state.start <= period.until)
    ]
    if near:
        score.errors.append(min(near))
        if min(near) > 1:
            score.misses.append(f"  {period.place} {period.name}: changed {period.since}, {min(near)} days off")


def _miss(atlas: Atlas, holding: Holding, truth: Period, day: str) -> str:
    path = " → ".join(f"{s.start} {s.status} {s.side}" for _, s in atlas.changes(truth.place))
    state = holding.state
    return (f"  {truth.place} {truth.name} on {day}: {state.status} {state.actor} ({holding.confidence}), "
            f"truth {truth.status} {truth.holder} since {truth.since}\n      {path}\n      for {state.claims[-4:]} "
            f"against {state.against[-4:]}")  # fmt: skip


def claims_of(campaign: Campaign, again: bool = False) -> list[dict[str, Any]]:
    """Return the claims of a campaign's reports; with `again`, those of the last reading where it is kept."""
    kept = ROOT / "build" / f"{campaign.name}.claims.jsonl"
    if again and kept.is_file():
        return [json.loads(line) for line in kept.open(encoding="utf-8")]
    rows = list(rows_of(campaign.reports))
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return rows
