"""Every entry proves itself: its says fire it with the fields they name, its not_here stay silent.

`misses.txt` is the shelf of known misses. A miss that is not on it fails; one on it that works fails too, so
that it is taken off the day it is mended.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from marsad.composing import claims_of
from marsad.loading.language import Example, Trigger, language, shown_lemmas
from marsad.model import Claim, Report
from marsad.pipeline import Reader
from marsad.reading import dating
from marsad.reading.claims import Draft

DAY = date(2024, 12, 7)
SHELF = Path(__file__).parent / "misses.txt"
TRIGGERS = language().triggers


@cache
def reader() -> Reader:
    return Reader()


def candidates(example: Example) -> tuple[object, list[Draft]]:
    scene = reader().scene(Report("example", example.text, published=DAY, theatre=example.theatre))
    claims = reader().claims
    claims.survey(scene)
    return scene, [Draft(event, slots) for event, slots, _ in claims.considered(scene)]


def claim_by(trigger: Trigger, example: Example) -> Claim | None:
    """The claim that the entry makes of its example, whatever its certainty."""
    scene, drafts = candidates(example)
    claims = reader().claims
    for draft in drafts:
        if draft.event.trigger is trigger:
            claims.cast(scene, draft, {})
            claims.locate(scene, draft, [])
            claims.date(scene, draft, None, dating.main_day(scene))
            draft.status, draft.voice = claims._status(scene, draft.event), claims._voice(scene, draft.event)
            claims.tally.share_out(scene, [draft])
            return claims_of(scene, [draft], reader().gazetteer, "test")[0]
    return None


def wanted_date(text: str) -> str:
    return (DAY + timedelta(days=int(text[:-1]))).isoformat() if text.endswith("d") else text


def differs(claim: Claim, example: Example) -> list[str]:
    said = claim.as_dict()
    wrong = []
    for key in ("actors", "targets", "places", "sites"):
        want = getattr(example, key)
        if want is not None and {p["text"] for p in said[key]} != set(want):
            wrong.append(key)
    for key in ("status", "quoted", "numbers", "sources"):
        want = getattr(example, key)
        if want is not None and said[key] != want:
            wrong.append(key)
    if example.date is not None and said["date"] != wanted_date(example.date):
        wrong.append("date")
    return wrong


def shelf() -> set[str]:
    return {line for line in SHELF.read_text("utf-8").splitlines() if line and not line.startswith("#")}


SAYS = [(t, e, f"ar/{t.key}/says{n}") for t in TRIGGERS for n, e in enumerate(t.says, 1)]
NOT_HERE = [(t, e, f"ar/{t.key}/not_here{n}") for t in TRIGGERS for n, e in enumerate(t.not_here, 1)]


@pytest.mark.parametrize(("trigger", "example", "name"), SAYS, ids=[s[2] for s in SAYS])
def test_an_entry_fires_on_its_example(trigger: Trigger, example: Example, name: str) -> None:
    claim = claim_by(trigger, example)
    misses = [f"{name} fires"] if claim is None else [f"{name} {field}" for field in differs(claim, example)]
    known = {m for m in shelf() if m.split(" ")[0] == name}
    assert set(misses) <= known, (
        f"{example.text}: {sorted(set(misses) - known)}; the reader says {claim and claim.as_dict()}"
    )
    assert known <= set(misses), f"mended, take off the shelf: {sorted(known - set(misses))}"


@pytest.mark.parametrize(("trigger", "example", "name"), NOT_HERE, ids=[s[2] for s in NOT_HERE])
def test_an_entry_stays_silent_elsewhere(trigger: Trigger, example: Example, name: str) -> None:
    _, drafts = candidates(example)
    fired = any(d.event.trigger is trigger for d in drafts)
    assert fired == (f"{name} silent" in shelf()), f"{example.text}: {example.why}"


@pytest.mark.parametrize("trigger", TRIGGERS, ids=[t.key for t in TRIGGERS])
def test_every_lemma_stands_in_an_example(trigger: Trigger) -> None:
    assert [lemma for lemma, shown in shown_lemmas(trigger).items() if not shown] == []


def test_a_form_of_two_types_has_its_counter_examples() -> None:
    types: dict[str, set[str]] = {}
    for trigger in TRIGGERS:
        for lemma in (*trigger.verbs, *trigger.nouns, *trigger.words):
            types.setdefault(lemma, set()).add(trigger.type)
    bare = [
        t.key
        for t in TRIGGERS
        if not t.weak and not t.not_here and any(len(types[lemma]) > 1 for lemma in (*t.verbs, *t.nouns, *t.words))
    ]
    assert bare == [], "a form shared by two types needs a not_here in each entry"


def main() -> None:
    """Write the shelf anew: `python -m tests.packs.test_examples`."""
    lines = []
    for trigger, example, name in SAYS:
        claim = claim_by(trigger, example)
        lines += [f"{name} fires"] if claim is None else [f"{name} {f}" for f in differs(claim, example)]
    for trigger, example, name in NOT_HERE:
        if any(d.event.trigger is trigger for d in candidates(example)[1]):
            lines.append(f"{name} silent")
    SHELF.write_text("# Known misses; see test_examples.py\n" + "\n".join(sorted(lines)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
