"""The page as a file: everything is in it, nothing is asked of a network, nothing from a report becomes markup."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from contextlib import closing
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from marsad.errors import UsageError
from marsad.exhibit import Asked, exhibit_of
from marsad.loading.codebook import actors
from marsad.publish import page
from marsad.publish.emblems import COLOURS, emblems_of
from marsad.publish.page import Page, page_of
from marsad.record.store import open_record
from newsroom import add, arrival, said, view

EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(2)"><!-- \u2028 ]]>'
LOADS = {"src", "srcset", "href", "data", "poster", "action", "formaction", "background", "cite"}


@pytest.fixture(scope="module")
def exhibit(tmp_path_factory):
    with closing(open_record(str(tmp_path_factory.mktemp("page") / "observatory.marsad"))) as record:
        taken = said("سيطرت قوات النظام على نصيب في 2018-07-06", by="وكالة النهر")
        evil = {"outlet": f"مرصد {EVIL}", "title": EVIL, "url": "https://example.org/a"}
        add(record, arrival(f"{taken}. {EVIL}", "r1", published="2018-07-07", **evil))
        yield exhibit_of(view(record), Asked(title=f"جنوب {EVIL}"))


class Seen(HTMLParser):
    """Notes the elements, what they would load, and what they would run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.policy = self.key = ""
        self.texts: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        named = dict(attrs)
        assert not [name for name in named if name.startswith("on") or name == "style"], tag
        self.loads += [value for name, value in named.items() if name in LOADS and not (value or "").startswith("#")]
        self.ids += [named["id"]] if "id" in named else []
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"]
        self.key = f"{tag} {named.get('type', '')}".strip()

    def handle_endtag(self, tag):
        self.key = ""

    def handle_data(self, data):
        if self.key.startswith(("script", "style")):
            self.texts[self.key] = self.texts.get(self.key, "") + data


@pytest.fixture(scope="module")
def html(exhibit):
    return page_of(exhibit)


@pytest.fixture(scope="module")
def seen(html):
    return Seen(html)


def test_nothing_is_loaded_from_anywhere(seen, html):
    assert seen.loads == []
    assert not {"link", "iframe", "img", "object", "embed", "base", "form"} & set(seen.tags)
    style = seen.texts["style"]
    assert "@import" not in style and set(re.findall(r"url\(\"?([a-z]+):", style)) == {"data"}
    # What the map library could load, the policy forbids.
    assert not re.search(r"\b(fetch\(|XMLHttpRequest|WebSocket|sendBeacon|importScripts)", modules())


def modules():
    """Return our own modules as one text."""
    folder = files("marsad.publish").joinpath("page")
    return "".join(path.read_text("utf-8") for path in folder.iterdir() if path.name.endswith(".js"))


def test_a_browser_may_run_and_load_only_what_is_in_the_page(seen):
    rules = dict(rule.strip().split(" ", 1) for rule in seen.policy.split(";"))
    assert rules["default-src"] == "'none'" and "unsafe" not in seen.policy and "http" not in seen.policy
    for rule, key in (("script-src", "script module"), ("style-src", "style")):
        digest = b64encode(sha256(seen.texts[key].encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_what_a_report_says_ends_no_element(seen, exhibit):
    assert seen.tags.count("script") == 2 and "img" not in seen.tags
    data = seen.texts["script application/json"]
    assert "<" not in data
    told = json.loads(data)
    assert told["reports"] == exhibit["reports"] and EVIL in told["reports"][0][5]


def test_ids_are_single_and_those_that_the_script_asks_for_are_there(seen):
    assert len(seen.ids) == len(set(seen.ids))
    asked = set(re.findall(r"\$\('([a-z-]+)'\)", modules()))
    # `text` is made by the script itself.
    assert asked <= {*seen.ids}, asked - {*seen.ids}


def test_every_word_of_the_interface_is_there_in_both_languages():
    script = modules()
    body = files("marsad.publish").joinpath("page/page.html").read_text("utf-8")
    asked = set(re.findall(r"\bt\('(\w+)'", script)) | set(re.findall(r'data-(?:t|label|hint)="(\w+)"', body))
    words = script.partition("const WORDS = {")[2].partition("\n}\n")[0]
    known = dict(re.findall(r"^  (\w+): \[(.*?)\],$", words, re.M | re.S))
    assert asked <= known.keys(), asked - known.keys()
    for key, pair in known.items():
        arabic, _, english = re.sub(r"\s+", " ", pair).rpartition("', '") if "', '" in pair else pair.rpartition(",")
        assert re.search("[\u0600-\u06ff]", arabic) or key in ("other",), key
        assert not re.search("[\u0600-\u06ff]", english) or key in ("other",), key


def test_the_same_exhibit_gives_the_same_bytes(exhibit, html):
    assert page_of(exhibit) == html


def test_what_is_not_built_says_how_it_gets_built(exhibit, monkeypatch, tmp_path):
    page._built.cache_clear()
    monkeypatch.setattr(page, "files", lambda package: tmp_path)
    with pytest.raises(UsageError, match="make run"):
        page_of(exhibit)
    page._built.cache_clear()


def test_licences_of_what_is_inside_stand_in_the_page(html):
    for name in ("ol ", "@fontsource/ibm-plex-sans-arabic", "@fontsource/noto-naskh-arabic", "rbush", "SIL Open Font"):
        assert name in html
    assert "Redistribution and use in source and binary forms" in html


def test_no_two_sides_have_one_letter_and_ten_have_no_colour_twice():
    everybody = emblems_of(actors())
    for letters in ([e.ar for e in everybody.values()], [e.en for e in everybody.values()]):
        assert len(set(letters)) == len(letters)
    some = emblems_of(list(actors())[:10])
    assert {emblem.colour for emblem in some.values()} == set(COLOURS)
    assert emblems_of(["assad-gov", "opposition"])["assad-gov"] == ("red", "أ", "A")


def test_every_colour_has_its_pattern_and_its_place_in_the_style():
    script, style = modules(), files("marsad.publish").joinpath("page/page.css").read_text("utf-8")
    for colour in COLOURS:
        assert f"  {colour}: (c) =>" in script and f".side-{colour} " in style
        # One for light, one for dark.
        assert style.count(f"--side-{colour}: #") == 2


def test_a_notebook_shows_the_page_in_a_frame_that_reaches_nothing_of_it(exhibit, tmp_path):
    whole = Page(page_of(exhibit), height=500)
    [frame] = [dict(attributes) for tag, attributes in frames_of(whole._repr_html_()) if tag == "iframe"]
    assert frame["srcdoc"] == whole.html and frame["sandbox"] == "allow-scripts" and "height: 500px" in frame["style"]
    whole.write(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == whole.html and len(repr(whole)) < 100


def frames_of(html):
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, attributes))
    parser.feed(html)
    return found
