"""The feed is read back by feedparser and lxml, and has what RFC 4287 asks of a feed and of an entry."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import replace
from datetime import datetime

import feedparser
import pytest
from lxml import etree

from marsad.exporting import Asked, outgoing_of
from marsad.publish.characters import writable_xml
from marsad.publish.formats import atom
from marsad.publish.formats.sentences import sentence_of, title_of
from marsad.publish.labels import of_type
from marsad.publish.outgoing import Outgoing

NAMES = {"a": "http://www.w3.org/2005/Atom", "georss": "http://www.georss.org/georss"}
# RFC 3339, as section 3.3 of RFC 4287 asks for it.
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def tree_of(out, tmp_path):
    path = tmp_path / "feed.xml"
    atom.write(out, path)
    return etree.parse(path).getroot()


def feed_of(out, tmp_path):
    path = tmp_path / "feed.xml"
    atom.write(out, path)
    # Its cleaning of markup is for web pages: the feed has text alone.
    found = feedparser.parse(path.read_bytes(), sanitize_html=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


def given(about, rows, lang="en"):
    return Outgoing(about, {"told": lambda: iter(rows)}, lang)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_entry_says_what_its_incident_says(outgoing, rows, tmp_path, lang):
    feed = feed_of(replace(outgoing, lang=lang), tmp_path)
    assert len(feed.entries) == len(rows["told"]) > 100 and feed.feed.language == lang
    for entry, row in zip(feed.entries, rows["told"], strict=True):
        assert entry.title == title_of(row, lang)
        assert entry.summary == sentence_of(row, lang)
        assert entry.content[0].value == row["evidence"] and entry.content[0].language == "ar"
        terms = [(tag.scheme, tag.term) for tag in entry.tags]
        assert terms == [("urn:x-marsad:type", row["type"]), ("urn:x-marsad:status", row["status"])]
        assert entry.tags[0].label == of_type(row["type"])[lang == "en"]
        assert timegm(entry.updated_parsed) == int(datetime.fromisoformat(row["recorded"]).timestamp())


def test_the_point_is_that_of_the_best_supported_place(outgoing, rows, tmp_path):
    placed = 0
    for entry, row in zip(feed_of(outgoing, tmp_path).entries, rows["told"], strict=True):
        place = next(iter(row["places"]), None)
        if place is None or place["lat"] is None:
            assert "where" not in entry
        else:
            placed += 1
            assert entry["where"]["coordinates"] == (place["lon"], place["lat"])
            assert float(entry.georss_radius) == pytest.approx(place["radius_km"] * 1000)
    assert placed > 100


@pytest.mark.parametrize("which", ["sample", "odd", "empty"])
def test_the_feed_and_its_entries_have_what_the_standard_asks_for(which, outgoing, odd, empty, tmp_path):
    root = tree_of({"sample": outgoing, "odd": odd(), "empty": empty}[which], tmp_path)
    assert root.tag == f"{{{NAMES['a']}}}feed" and root.xpath("a:author/a:name/text()", namespaces=NAMES)
    for element in (root, *root.findall("a:entry", NAMES)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", NAMES)) == 1
        assert element.findtext("a:id", namespaces=NAMES).startswith("urn:uuid:")
        assert INSTANT.fullmatch(element.findtext("a:updated", namespaces=NAMES))
    for entry in root.findall("a:entry", NAMES):
        # Without a link of rel alternate an entry must have its content (4.1.2).
        assert len(entry.findall("a:content", NAMES)) == 1 and len(entry.findall("a:summary", NAMES)) == 1
        assert all(category.get("term") for category in entry.findall("a:category", NAMES))
        links = [(link.get("rel"), link.get("href")) for link in entry.findall("a:link", NAMES)]
        assert len(links) == len(set(links)) and all(rel == "via" and href for rel, href in links)
    ids = root.xpath("//a:id/text()", namespaces=NAMES)
    assert len(ids) == len(set(ids))


def test_the_feed_names_its_licence_method_version_and_question(outgoing, tmp_path):
    feed = feed_of(replace(outgoing, about=replace(outgoing.about, licence="CC-BY-4.0")), tmp_path).feed
    assert feed.rights.startswith("CC-BY-4.0") and all(credit in feed.rights for credit in outgoing.about.credits)
    assert outgoing.about.method in feed.subtitle and "role public" in feed.subtitle
    assert f"marsad {feed.generator_detail.version}" == outgoing.about.version
    assert feed.title == outgoing.about.title


def test_only_the_incidents_recorded_last_are_in_it_the_newest_first(about, rows, tmp_path):
    days = [*range(1, 29)] * 25
    many = [
        {**rows["told"][0], "id": f"i{n:011x}", "recorded": f"2026-01-{day:02}T00:00:00+00:00"}
        for n, day in enumerate(days)
    ]
    root = tree_of(given(about, many), tmp_path)
    told = root.xpath("a:entry/a:updated/text()", namespaces=NAMES)
    assert told == sorted((row["recorded"] for row in many), reverse=True)[: atom.NEWEST]
    assert len(told) == atom.NEWEST < len(many)
    assert root.findtext("a:updated", namespaces=NAMES) == told[0]


def test_of_one_instant_the_order_of_the_record_stays(outgoing, rows, tmp_path):
    assert len({row["recorded"] for row in rows["told"]}) == 1
    titles = [entry.title for entry in feed_of(outgoing, tmp_path).entries]
    assert titles == [title_of(row, "en") for row in rows["told"]]


def test_reports_with_an_address_of_the_web_are_linked_and_no_others(about, rows, tmp_path):
    urls = ["https://a.example/1?x=1&y=<2>", "https://a.example/1?x=1&y=2", "javascript:alert(1)", "[withheld]", None]
    claims = [{**rows["told"][0]["told"][0], "url": url, "outlet": 'The "Plain" & <Dale>'} for url in urls]
    entry = feed_of(given(about, [{**rows["told"][0], "told": claims}]), tmp_path).entries[0]
    (link,) = entry.links
    assert (link.rel, link.href, link.title) == ("via", "https://a.example/1?x=1&y=2", 'The "Plain" & <Dale>')


def test_odd_letters_come_back_as_they_were_or_as_the_sign_for_a_lost_one(odd, tmp_path):
    out = odd()
    root = tree_of(out, tmp_path)
    for entry, row in zip(root.findall("a:entry", NAMES), list(out.rows("told")), strict=True):
        assert (entry.findtext("a:content", namespaces=NAMES) or "") == writable_xml(row["evidence"])
        assert entry.findtext("a:summary", namespaces=NAMES) == writable_xml(sentence_of(row, "en"))
        assert entry.findtext("a:title", namespaces=NAMES) == writable_xml(title_of(row, "en"))


def test_a_record_without_a_report_gives_a_feed_without_entries(empty, tmp_path):
    feed = feed_of(empty, tmp_path)
    assert feed.entries == [] and feed.feed.updated == empty.about.as_known


def test_the_same_question_gives_the_same_bytes_and_the_same_id(sample_view, tmp_path):
    a, b = tmp_path / "a.xml", tmp_path / "b.xml"
    atom.write(outgoing_of(sample_view), a)
    atom.write(outgoing_of(sample_view), b)
    assert a.read_bytes() == b.read_bytes()


def test_the_id_of_the_feed_is_that_of_its_question_not_of_its_day(sample_view, tmp_path):
    def id_of(asked):
        return tree_of(outgoing_of(sample_view, asked), tmp_path).findtext("a:id", namespaces=NAMES)

    whole = id_of(Asked())
    assert whole == id_of(Asked(on="2018-07-01"))
    assert len({whole, id_of(Asked(first="2018-07-01")), id_of(Asked(lang="ar"))}) == 3
