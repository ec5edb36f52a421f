"""The page as people use it, in a real browser: the days play, a place and a claim lead to the words, keys suffice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from marsad.text.letters import fold
from newsroom import said
from page.conftest import written

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NASIB = "C5999"


def text(browser, selector):
    return browser.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? null")


def hash_of(browser):
    return browser.run("location.hash")


def cards(browser):
    return browser.run("[...document.querySelectorAll('#claims .card')].map(card => card.innerText)")


def test_it_opens_in_arabic_on_the_day_that_was_asked_for(browser):
    assert browser.run("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert text(browser, "#today") == "الثلاثاء، ١٠ تموز ٢٠١٨"
    assert browser.run("document.getElementById('map').dir") == "ltr"
    assert browser.run("document.querySelectorAll('#map canvas').length") > 0


def test_the_letters_are_those_of_the_page(browser):
    assert browser.run("document.fonts.check('600 13px \"IBM Plex Sans Arabic\"', 'مرصد')")
    loaded = browser.run("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert any("Plex" in family for family in loaded) and any("Naskh" in family for family in loaded)


def test_play_goes_from_day_to_day_and_stops_at_the_end(browser):
    browser.run("marsad.state.set({day: marsad.data.lastDay - 1})")
    browser.click("#play")
    assert browser.run("document.getElementById('play').getAttribute('aria-label')") == "إيقاف"
    browser.until("marsad.state.day === marsad.data.lastDay")
    browser.until("document.getElementById('play').getAttribute('aria-label') === 'تشغيل'")
    browser.click("#play")
    browser.until("marsad.state.day === 1")
    browser.click("#play")


def test_arrows_move_the_day_as_one_reads(browser):
    browser.run("document.getElementById('day').focus()")
    before = browser.run("marsad.state.day")
    # From right to left the days before lie to the right.
    browser.press("ArrowRight", times=2)
    assert browser.run("marsad.state.day") == before - 2
    browser.press("ArrowLeft")
    assert browser.run("marsad.state.day") == before - 1
    assert "٩ تموز" in browser.run("document.getElementById('day').getAttribute('aria-valuetext')")
    assert hash_of(browser) == "#d=2018-07-09"


def test_map_list_and_days_are_in_step(browser):
    browser.run("marsad.state.set({day: 3, span: 'day'})")
    assert [("داعل" in card, "قصف" in card) for card in cards(browser)] == [(True, True)]
    assert text(browser, "#today") == "الخميس، ٥ تموز ٢٠١٨"
    assert browser.run("[...document.querySelectorAll('#legend-rows li bdi')].map(e => e.innerText)") == [
        "فصائل المعارضة"
    ]
    browser.run("marsad.state.set({day: 4})")
    assert "حكومة الأسد" in text(browser, "#legend-rows")
    assert "تغيّر مكان" in text(browser, "#summary")


def test_a_click_on_the_map_opens_the_place(browser):
    browser.until("marsad.map.map.getPixelFromCoordinate(marsad.map.map.getView().getCenter()) !== null")
    browser.run(
        f"(() => {{ const f = marsad.map.dots.getSource().getFeatures().find(f => f.get('place').id === '{NASIB}');"
        " const [x, y] = marsad.map.map.getPixelFromCoordinate(f.getGeometry().getCoordinates());"
        " const b = document.getElementById('map').getBoundingClientRect();"
        " const mark = document.createElement('i'); mark.id = 'here'; document.body.append(mark);"
        " mark.style.cssText = `position:fixed;pointer-events:none;left:${b.left + x}px;top:${b.top + y}px`; })()"
    )
    browser.click("#here")
    browser.until("marsad.state.place !== ''")
    assert text(browser, "#detail-title") == "نصيب"


def test_from_a_place_to_the_words_and_back(browser):
    browser.click("#tab-places")
    browser.click(f'[data-place="{NASIB}"]')
    assert text(browser, "#detail-title") == "نصيب"
    body = text(browser, "#detail-body")
    assert "تحت سيطرة حكومة الأسد" in body and "ما يؤيد ذلك" in body and "تاريخ المكان" in body
    assert browser.run("document.activeElement.id") == "detail-title"
    browser.click("#detail-body .card")
    assert browser.run("[...document.querySelectorAll('mark')].map(m => m.innerText).join('')").startswith("قال أحمد")
    assert text(browser, "mark strong") == "سيطرت"
    assert "أعلنت المصادر صباح الجمعة" in text(browser, "#text")
    assert "الحوراني" in text(browser, "dl") and "قتلى: 4" in text(browser, "dl")
    browser.press("Escape")
    assert text(browser, "#detail-title") == "نصيب"
    browser.press("Escape")
    assert browser.run("document.getElementById('detail').hidden")
    assert browser.run("document.activeElement.dataset.place") == NASIB


def test_the_browsers_way_back_leads_back(browser):
    browser.run(f"marsad.state.set({{place: '{NASIB}'}})")
    browser.run("history.back()")
    browser.until("document.getElementById('detail').hidden")


@pytest.mark.parametrize(("asked", "found"), [("احمد", 1), ("أَحْمَد حوراني", 1), ("إحمد", 1), ("Nasib", 2), ("حمدان", 0)])
def test_search_finds_a_word_in_every_spelling(browser, asked, found):
    browser.run("marsad.state.set({span: 'all'})")
    browser.write("#q", asked)
    assert len(cards(browser)) == found
    assert browser.run("document.getElementById('none').hidden") == (found > 0)


def test_the_page_folds_as_the_reader_folds(browser):
    for words in ("أحمد الهُدى", "مؤسّسة ١٢٣", "Daraa"):
        browser.run(f"marsad.state.set({{q: {json.dumps(words)}}})")
        assert browser.run("marsad.fold(marsad.state.q)") == fold(words).lower()


def test_filters_by_type_actor_source_status_and_certainty(browser):
    browser.run("marsad.state.set({span: 'all'}); document.getElementById('filters').open = true")
    for field, value, count in (
        ("type", "shelling", 1), ("actor", "opposition", 3), ("source", "شبكة السهل", 2), ("status", "happened", 5),
        ("min", "90", 0),
    ):  # fmt: skip
        browser.run(
            f"(() => {{ const e = document.getElementById('f-{field}'); e.value = {json.dumps(value)};"
            " e.dispatchEvent(new Event('change', {bubbles: true})) })()"
        )
        assert len(cards(browser)) == count, field
        browser.click("#clear")
    assert len(cards(browser)) == 5


def test_the_language_is_switched_in_place(browser):
    browser.run(f"marsad.state.set({{day: 5, place: '{NASIB}'}})")
    browser.click("#lang")
    assert browser.run("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    assert text(browser, "#today") == "Saturday, 7 July 2018"
    assert text(browser, "#detail-title") == "Nasib" and "Held by Assad government" in text(browser, "#detail-body")
    assert browser.run("document.getElementById('day').dir") == "ltr"
    left = browser.run(
        "[...document.querySelectorAll('[data-t]')].filter(e => /[ء-ي]/.test(e.innerText)).map(e => e.id)"
    )
    assert left == ["lang"]
    browser.click("#lang")
    assert text(browser, "#detail-title") == "نصيب"


def test_the_address_says_what_is_looked_at(browser, page):
    asked = f"#d=2018-07-06&p={NASIB}&l=en&w=all&q=%D8%A7%D8%AD%D9%85%D8%AF&t=takeover&m=50"
    browser.open(page, asked)
    assert browser.run("[marsad.state.day, marsad.state.type, marsad.state.min]") == [4, "takeover", 50]
    assert text(browser, "#detail-title") == "Nasib" and browser.run("document.getElementById('q').value") == "احمد"
    browser.run("marsad.state.set({day: 5})")
    assert "d=2018-07-07" in hash_of(browser) and f"p={NASIB}" in hash_of(browser)
    browser.open(page, "#d=1999-01-01&p=nowhere&c=none&l=xx&m=-3&w=odd")
    assert text(browser, "#today") == "الثلاثاء، ١٠ تموز ٢٠١٨"
    assert browser.run("document.getElementById('detail').hidden")


def test_keys_alone_reach_everything_and_focus_shows(browser):
    # Of a radio button the frame is around the words beside it.
    at = "(e => e.matches('[type=radio]') ? e.nextElementSibling : e)(document.activeElement)"
    reached = []
    for _ in range(18):
        browser.press("Tab")
        reached.append(browser.run(f"[document.activeElement.id, getComputedStyle({at}).outlineStyle]"))
    names = [name for name, _ in reached]
    wanted = ["lang", "map", "zoom-in", "play", "day", "tab-claims", "q"]
    assert [name for name in names if name in wanted] == wanted
    assert all(outline != "none" for name, outline in reached if name in wanted)


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: python tools/frontend.py")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("hash", ["", "#tab=places&l=en", f"#d=2018-07-07&p={NASIB}", "claim"])
def test_axe_finds_nothing(browser, page, hash, dark):
    if hash == "claim":
        hash = f"#c={browser.run('marsad.data.claims[0].id')}&l=en"
    browser.screen(1280, 860, dark=dark)
    browser.open(page, hash)
    browser.run("document.querySelectorAll('details').forEach(each => { each.open = true })")
    browser.run(AXE.read_text("utf-8"))
    found = browser.run(
        "axe.run(document).then(told => told.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html)]))"
    )
    assert found == []


def test_on_a_phone_nothing_is_wider_than_the_screen(browser, page):
    browser.screen(360, 740, phone=True)
    for hash in ("", "#l=en&tab=places", f"#p={NASIB}", f"#c={browser.run('marsad.data.claims[0].id')}"):
        browser.open(page, hash)
        assert browser.run("document.documentElement.scrollWidth") <= 360, hash


def test_it_prints_map_and_claims_without_the_controls(browser, tmp_path):
    browser.run(f"marsad.state.set({{place: '{NASIB}'}})")
    browser.pdf(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    assert not browser.run("document.documentElement.classList.contains('printing')")
    browser.send("Emulation.setEmulatedMedia", media="print")
    for id, is_shown in (("play", False), ("q", False), ("map", True), ("detail-title", True)):
        assert browser.run(f"document.getElementById('{id}').getClientRects().length > 0") == is_shown, id


def test_where_nobody_is_known_to_hold_anything_the_claims_are_shown(browser, tmp_path):
    shelled = [(said(beside=1), {"published": "2018-07-05"}), ("لا شيء يُقرأ هنا", {"published": "2018-07-06"})]
    browser.open(written(tmp_path, shelled), "#w=all")
    assert len(cards(browser)) == 1
    browser.click("#claims .card")
    browser.click("dl .link")
    assert text(browser, "#detail-title") == "داعل" and "غير معروف" in text(browser, "#detail-body")
    assert browser.run("marsad.data.borders.length") > 10
