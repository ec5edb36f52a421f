"""The reader answers for any text at all, and every offset it gives is true of the text."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.loading.language import language
from marsad.model import Claim, Report, Span
from marsad.pipeline import Reader

WORDS = sorted({w for t in language().triggers for e in t.says for w in e.text.split()})
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(["،", ".", "\n", '"', "«", "»", "(", ")", ":", "100%", "٢٠", "و", "ل", "2015/8/6", "\u200f", "ـ"]),
    st.text(max_size=6),
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=60).map(" ".join), st.lists(PIECES, max_size=40).map("".join)
)


@cache
def reader() -> Reader:
    return Reader()


def spans(claim: Claim) -> list[tuple[Span, str]]:
    parts = [(p.span, p.text) for p in (*claim.actors, *claim.targets, *claim.places, *claim.sites)]
    named = list(zip(claim.source_spans, claim.sources, strict=True))
    return [(claim.span, claim.evidence), (claim.trigger_span, claim.trigger), *parts, *named]


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from([None, date(2015, 8, 6), date(2024, 12, 7)]))
def test_offsets_are_true_of_any_text(text: str, published: date | None) -> None:
    reading = reader().read(Report("any", text, published=published))
    for claim in reading.claims:
        for span, words in spans(claim):
            assert text[span.start : span.end] == words
            assert 0 <= span.start < span.end <= len(text)
        assert claim.span.start <= claim.trigger_span.start < claim.trigger_span.end <= claim.span.end
        assert 0.0 <= claim.certainty <= 1.0
    for sentence in reading.unread:
        assert 0 <= sentence.span.start <= sentence.span.end <= len(text)


def test_the_same_report_gives_the_same_claims() -> None:
    report = Report("twice", " ".join(WORDS[:400]), published=date(2024, 12, 7))
    assert [c.as_dict() for c in reader().read(report).claims] == [c.as_dict() for c in Reader().read(report).claims]
