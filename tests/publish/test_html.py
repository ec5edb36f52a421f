"""The page and the fragment: every character of the text, every field of a claim, nothing unescaped."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from make import TEXT, place, reading, report, takeover, withdrawal
from marsad.loading.codebook import types
from marsad.model import Claim, Link, Span
from marsad.publish.html import _HUES, fragment_of, page_of
from marsad.publish.marks import pieces_of

VOID = {"meta", "br", "wbr"}


class Checker(HTMLParser):
    """Follows the tags: all closed in order, all ids single, all links inside the page have their goal."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.goals: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        named = dict(attrs)
        self.ids += [named["id"]] if "id" in named else []
        self.goals += [named["href"][1:]] if named.get("href", "").startswith("#") else []
        assert not any(name.startswith("on") for name in named)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def checked(html: str) -> Checker:
    checker = Checker(html)
    assert not checker.open and len(set(checker.ids)) == len(checker.ids)
    assert set(checker.goals) <= set(checker.ids)
    return checker


def text_of(html: str) -> str:
    """Return the characters of the report that the page shows, without the tags' own."""
    inner = re.search(r'<div class="m-text">(.*?)</div>', html, re.S).group(1)
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r'<a class="m-tag.*?</a>', "", inner)))


def test_the_page_is_arabic_right_to_left_self_contained_and_without_script():
    page = "".join(page_of([(report(), [takeover(), withdrawal()]), (report(id="r2"), [takeover()])]))
    assert '<html lang="ar" dir="rtl">' in page
    assert not {"script", "link", "img", "iframe"} & checked(page).tags
    assert not re.findall(r'(?:src|href)="(?!#)', page) and "@import" not in page and "url(" not in page


def test_the_text_is_shown_whole_with_evidence_marked_and_trigger_bold():
    html = fragment_of(report(), [takeover(), withdrawal()])
    assert text_of(html) == TEXT
    assert "<strong>سيطرت</strong>" in html and html.count('class="m-tag') == 2


def test_a_card_holds_every_field():
    second = withdrawal(links=(Link("after", takeover().id),), numbers={"positions": ">3"}, quoted=True)
    html = fragment_of(report(), [takeover(), second])
    parties, places = ("قوات النظام", "assad-gov"), ("Nassib crossing", "Daraa", "crossing", "32.500, 36.200")
    rest = ("2018-07-05", "80 %", "منفي", "denied", "قائد محلي", "&gt;3", "quoted", "بعد", "saytara fired", "test")
    for part in (*parties, *places, *rest):
        assert part in html, part


def test_overlapping_and_nested_evidence_keeps_every_character_once():
    nested = [
        takeover(),
        replace(takeover(), span=Span(6, 20), trigger_span=Span(6, 11)),
        replace(takeover(), span=Span(15, 60), trigger_span=Span(15, 20)),
        replace(takeover(), span=Span(0, len(TEXT))),
    ]
    html = fragment_of(report(), nested)
    checked(html)
    assert text_of(html) == TEXT and "m-more" in html


def test_whatever_a_report_holds_is_escaped():
    evil = '<script>alert("x")</script> & \' سيطرت'
    one = Claim(evil, evil, Span(0, 8), evil, Span(0, len(evil)), status=evil, sources=(evil,), id=evil, why=(evil,),
                numbers={evil: evil}, date=evil, reader=evil, links=(Link(evil, evil),))  # fmt: skip
    bad = report(evil, title=evil, outlet=evil, url='javascript:alert("x")', id=evil)
    page = "".join(page_of([(bad, [one])]))
    assert "script" not in checked(page).tags and 'href="javascript' not in page
    assert text_of(page) == evil


def test_colour_is_never_alone_and_every_type_has_one():
    assert set(types()) == set(_HUES) and len(set(_HUES.values())) == len(_HUES)
    for id, type in types().items():
        html = fragment_of(report(), [replace(takeover(), type=id)])
        assert type.ar in html and type.en in html


def test_a_notebook_shows_the_reading_with_its_style_kept_to_itself():
    html = reading()._repr_html_()
    checked(html)
    style = re.sub(r"/\*.*?\*/", "", "".join(re.findall(r"<style>(.*?)</style>", html, re.S)), flags=re.S)
    rules = re.findall(r"(?:^|[}{])\s*([^@{}]+)\{", style)
    assert rules and all(
        ".marsad" in part or part.strip().startswith("#r") for rule in rules for part in rule.split(",\n")
    )
    assert "<html" not in html


def test_reasons_keep_arabic_words_from_moving_their_neighbours():
    html = fragment_of(report(), [takeover(why=("place 'بصرى الشام' (0.51)",))])
    assert '<li>place &#x27;<bdi lang="ar">بصرى الشام</bdi>&#x27; (0.51)</li>' in html


def test_two_words_for_one_place_share_its_line():
    where = {"id": "C1", "role": "at"}
    places = (place("معبر نصيب", "Nassib", **where), place("بلدة الطيبة", "Nassib", **where))
    html = fragment_of(report(), [takeover(places=places)])
    assert "معبر نصيب، بلدة الطيبة" in html and html.count("Nassib, Daraa, SY") == 1


def test_a_report_without_claims_says_so():
    assert "nothing was read" in fragment_of(report(), [])


@given(st.integers(0, 30), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_pieces_cover_the_text_without_gap_or_overlap(length, spans):
    claims = [Claim("clash", "", Span(min(a, b), min(a, b) + 1), "", Span(min(a, b), max(a, b))) for a, b, _ in spans]
    pieces = pieces_of(length, claims)
    assert [p.start for p in pieces] == [0, *[p.end for p in pieces]][: len(pieces)]
    assert "".join("x" * (p.end - p.start) for p in pieces) == "x" * length
    for piece in pieces:
        for i in piece.claims:
            assert claims[i].span.start <= piece.start and piece.end <= claims[i].span.end


@pytest.mark.parametrize("text", ["", "سطر\nثان\tوثالث  ", "a<b>&amp;"])
def test_the_text_is_shown_as_it_is(text):
    assert text_of(fragment_of(report(text), [])) == text
