"""The desk in Chromium: a reviewer's work in Arabic by keyboard alone, nothing asked of anybody else."""

from __future__ import annotations

import re
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn

from marsad.desk.access import SECOND, now
from marsad.desk.app import make_app
from marsad.record.accounts import Account, put_account
from marsad.record.permits import SESSION, grant
from marsad.record.store import open_record
from marsad.record.view import Filters
from newsroom import add, arrival, said, view
from page.browser import MISSING, Browser, chromium

LETTER = "\U0001f54a"
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
MISSED = f"{LETTER} نزح المدنيون من بلدة داعل مساء الجمعة."
NEWS = (
    (said("سيطرت الفصائل على نصيب في 2018-07-06", beside=0), "مرصد الجنوب"),
    (said("قصفت قوات النظام داعل في 2018-07-05", killed=3, beside=1), "وكالة النهر"),
    (said("انسحبت الفصائل من الطيبة في 2018-07-04", beside=2), "شبكة السهل"),
    (said("سيطرت قوات النظام على الطيبة في 2018-07-04", beside=3), "مرصد الجنوب"),
    (f"{MISSED} {said('سيطرت الفصائل على عندان في 2018-07-01', beside=4)}", "وكالة السهل"),
)


@pytest.fixture(scope="module")
def chrome():
    path = chromium()
    if path is None:
        pytest.skip(MISSING)
    with closing(Browser(path)) as browser:
        yield browser


@pytest.fixture
def record(tmp_path):
    with closing(open_record(str(tmp_path / "observatory.marsad"))) as record:
        add(record, *(arrival(text, f"r{n}", outlet=by, published="2018-07-07") for n, (text, by) in enumerate(NEWS)))
        with record.writing("people") as writing:
            put_account(writing, Account("هدى", "reviewer"), "test")
        yield record


@pytest.fixture
def site(record):
    """Serve the desk on a port of its own, and give its address."""
    server = uvicorn.Server(uvicorn.Config(make_app(record, secure=False), port=0, log_level="error"))
    serving = threading.Thread(target=server.run)
    serving.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = server.force_exit = True
    serving.join(20)


@pytest.fixture
def desk(chrome, site, record):
    """Give the browser of a reviewer who is signed in, and see afterwards that all went well."""
    with record.restoring() as connection:
        secret = grant(connection, "هدى", SESSION, now(), 600 * SECOND)
    for name, value in (("marsad_session", secret), ("marsad_language", "ar")):
        chrome.send("Network.setCookie", name=name, value=value, url=site)
    chrome.screen(1200, 860)
    chrome.asked.clear()
    chrome.complaints.clear()
    yield chrome
    assert chrome.complaints == []
    assert [url for url in chrome.asked if not url.startswith((site, "about:", "data:"))] == []


def go(desk, address):
    desk.send("Page.navigate", url="about:blank")
    desk.until("location.href === 'about:blank'")
    desk.send("Page.navigate", url=address)
    arrived(desk)


def arrived(desk, at="true"):
    desk.until(f"document.readyState === 'complete' && location.href !== 'about:blank' && ({at})")


def press(desk, letter):
    """Press a letter of a keyboard and wait for the page that it leads to."""
    desk.run("window.old = true")
    key(desk, letter)
    arrived(desk, "!window.old")


def key(desk, letter):
    desk.send("Input.dispatchKeyEvent", type="keyDown", key=letter, text=letter)
    desk.send("Input.dispatchKeyEvent", type="keyUp", key=letter)


def enter(desk):
    desk.run("window.old = true")
    desk.send("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    desk.send("Input.dispatchKeyEvent", type="keyUp", key="Enter", code="Enter", windowsVirtualKeyCode=13)
    arrived(desk, "!window.old")


def shown(desk):
    return re.search(r"/claims/(\w+)/", desk.run("document.querySelector('form.decide').action"))[1]


def claims(record):
    rows = [*view(record).claims(), *view(record).claims(Filters(rejected=True))]
    return {row["id"]: row for row in rows}


def test_the_queue_is_worked_off_by_keys_of_both_scripts(desk, site, record):
    go(desk, f"{site}/review")
    accepted = shown(desk)
    press(desk, "ص")
    assert claims(record)[accepted]["verdict"] == "accepted"
    assert "قُبل" in desk.run("document.querySelector('[role=status]').textContent")
    press(desk, "ع")
    assert shown(desk) == accepted
    assert claims(record)[accepted]["verdict"] == ""
    press(desk, "ل")
    other = shown(desk)
    assert other != accepted
    press(desk, "u")
    assert claims(record)[other]["verdict"] == "unsure"


def test_a_key_that_is_pressed_twice_decides_on_one_claim(desk, site, record):
    go(desk, f"{site}/review")
    desk.run("window.old = true")
    for _ in range(3):
        key(desk, "a")
    arrived(desk, "!window.old")
    assert [row["verdict"] for row in claims(record).values()].count("accepted") == 1
    assert desk.run("document.querySelector('[role=alert]')") is None


def test_a_rejection_asks_for_its_reason_first(desk, site, record):
    go(desk, f"{site}/review")
    rejected = shown(desk)
    key(desk, "ر")
    desk.until("document.activeElement.name === 'reason'")
    assert claims(record)[rejected]["verdict"] == ""
    desk.send("Input.insertText", text="ليس في النص")
    enter(desk)
    assert claims(record)[rejected]["verdict"] == "rejected"
    assert list(view(record).history(rejected))[-1]["reason"] == "ليس في النص"
    assert shown(desk) != rejected


def test_a_place_is_corrected_by_its_name(desk, site, record):
    [id] = [row["id"] for row in claims(record).values() if row["places"][0]["text"] == "نصيب"]
    go(desk, f"{site}/review?claim={id}")
    key(desk, "ت")
    desk.until("document.activeElement.name === 'type'")
    desk.write("form.coding [name='places.named']", "معبر نصيب")
    desk.until("document.querySelector('[name=\"places.id\"]').selectedOptions[0].textContent.startsWith('معبر نصيب')")
    assert "درعا" in desk.run("document.querySelector('form.coding output').textContent")
    enter(desk)
    assert claims(record)[id]["places"][0]["name"] == "Nasib Crossing"
    assert claims(record)[id]["verdict"] == "corrected"
    assert "صُحّح" in desk.run("document.querySelector('[role=status]').textContent")


SELECT = """(() => {
  const text = document.querySelector('.text').firstChild, range = document.createRange()
  const at = text.data.indexOf(%r)
  range.setStart(text, at)
  range.setEnd(text, at + %d)
  const selection = getSelection()
  selection.removeAllRanges()
  selection.addRange(range)
})()"""


def test_a_claim_that_the_reader_missed_is_added_by_selecting_its_words(desk, site, record):
    go(desk, f"{site}/reports/r4")
    words = "نزح المدنيون من بلدة داعل"
    desk.run(SELECT % (words, len(words)))
    # In code points: the dove before them is one, and two units of a string in the browser.
    desk.until("!!document.querySelector('[data-add].ready')")
    start = NEWS[4][0].index(words)
    assert desk.run("document.querySelector('[data-add]').href").endswith(f"start={start}&end={start + len(words)}")
    desk.run("window.old = true")
    desk.click("[data-add]")
    arrived(desk, "!window.old")
    desk.run("document.querySelector('.text').normalize()")
    select = SELECT.replace(".firstChild", ".querySelector('mark:not(.trigger)').firstChild")
    desk.run(select % ("المدنيون", 8))
    desk.until("!document.querySelector('.as').hidden")
    desk.click("[data-as=targets]")
    desk.run("window.old = true")
    desk.click("form.coding button.main")
    arrived(desk, "!window.old")
    [made] = [row for row in claims(record).values() if row["by"] == "person"]
    assert (made["type"], made["trigger"], made["evidence"]) == ("displacement", "نزح", words)
    assert (made["span"][0], made["targets"][0]["text"]) == (start, "المدنيون")
    assert made["targets"][0]["span"] == [start + 4, start + 12]
    assert made["places"][0]["id"] == "C6030"


def test_two_incidents_are_merged_and_parted_again(desk, site, record):
    def told():
        return sorted(sorted(row["claims"]) for row in view(record).incidents())

    before = told()
    pair = [row["id"] for row in view(record).incidents() if row["date"] == "2018-07-04"]
    assert len(pair) == 2
    go(desk, f"{site}/incidents?first=2018-07-04&last=2018-07-04")
    for id in pair:
        desk.click(f"input[value={id}]")
    desk.run("window.old = true")
    desk.click("button[value=same]")
    arrived(desk, "!window.old")
    assert len(told()) == len(before) - 1
    assert desk.run("document.querySelectorAll('.sides tbody a[href^=\"/claims/\"]').length") == 2
    press(desk, "z")
    assert told() == before


def pages(record):
    incident = next(view(record).incidents())["id"]
    return (
        "/review",
        "/claims",
        "/incidents",
        f"/incidents/{incident}",
        "/reports/r4",
        "/new-claim?report=r4&start=2&end=5",
    )


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: python tools/frontend.py")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_axe_finds_nothing(desk, site, record, lang, dark):
    desk.send("Network.setCookie", name="marsad_language", value=lang, url=site)
    desk.screen(1200, 860, dark=dark)
    for path in pages(record):
        go(desk, site + path)
        desk.run("document.querySelectorAll('details').forEach(each => { each.open = true })")
        desk.run(AXE.read_text("utf-8"))
        told = "axe.run(document).then(told => told.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html)]))"
        assert desk.run(told) == [], path


def test_nothing_is_wider_than_a_phone(desk, site, record):
    desk.screen(390, 844, phone=True)
    for path in pages(record):
        go(desk, site + path)
        assert desk.run("document.documentElement.scrollWidth") <= 390, path
