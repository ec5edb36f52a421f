"""The desk in a browser: hostile reports run nothing, nothing is asked of others, and axe finds no serious fault."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn

from desk.test_hostile import TRICKS
from marsad.desk.access import SECOND, now
from marsad.desk.app import make_app
from marsad.record.permits import SESSION, grant
from newsroom import add, arrival, said, view
from page.browser import MISSING, Browser, chromium

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
BUILT = Path(__file__).parents[2] / "src" / "marsad" / "desk" / "front" / "built"
PAGES = ("/", "/claims", "/incidents", "/reports", "/review", "/intake", "/digest", "/audit", "/people", "/me",
         "/me/tokens", "/search?q=داعل", "/nowhere")  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    if (path := chromium()) is None:
        pytest.skip(MISSING)
    if not BUILT.is_dir():
        pytest.skip("the front-end is not built: python tools/frontend.py")
    with closing(Browser(path)) as opened:
        yield opened


@pytest.fixture
def site(record):
    """Serve the record on loopback and give its address."""
    server = uvicorn.Server(uvicorn.Config(make_app(record, secure=False), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = server.force_exit = True
    thread.join()


@pytest.fixture
def visit(browser, site, record):
    """Give what opens a page in a language as an administrator."""
    with record.restoring() as connection:
        secret = grant(connection, "admin", SESSION, now(), 3600 * SECOND)
    browser.send("Network.setCookie", name="marsad_session", value=secret, url=site)
    browser.asked.clear()
    browser.complaints.clear()

    def opened(path, lang="ar"):
        browser.send("Network.setCookie", name="marsad_language", value=lang, url=site)
        browser.send("Page.navigate", url="about:blank")
        browser.until("location.href === 'about:blank'")
        browser.send("Page.navigate", url=site + path)
        browser.until("location.href !== 'about:blank' && document.readyState === 'complete'", 60)

    return opened


def test_hostile_reports_run_nothing_and_ask_for_nothing(browser, site, visit, record):
    for n, trick in enumerate(TRICKS.values()):
        text = f"{said(f'قصفت قوات النظام داعل في 2018-07-{10 + n}')}. {trick}"
        fields = {"title": trick[:2_000], "outlet": trick[:200], "url": f"javascript:window.ran={n}"}
        add(record, arrival(text, f"h{n}", published=f"2018-07-{10 + n}", **fields))
    claims = [row["id"] for row in view(record).claims()]
    for path in ("/", "/claims", "/reports", "/incidents", "/map", "/intake", *(f"/claims/{id}" for id in claims)):
        visit(path)
        browser.run("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert browser.run("window.ran === undefined"), path
    assert [url for url in browser.asked if not url.startswith((site, "about:", "blob:", "data:"))] == []
    assert browser.complaints == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: python tools/frontend.py")
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_axe_finds_no_serious_fault_on_any_page(browser, visit, record, claim, lang):
    [incident, *_] = [row["incident"] for row in view(record).claims()]
    found = {}
    for path in (*PAGES, f"/claims/{claim}", f"/incidents/{incident}", "/reports/r1"):
        visit(path, lang)
        browser.run("document.querySelectorAll('details').forEach(each => { each.open = true })")
        browser.run(AXE.read_text("utf-8"))
        told = browser.run(
            "axe.run(document).then(told => told.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
            ".map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))]))"
        )
        found |= {path: told} if told else {}
    assert found == {}


@pytest.mark.parametrize("path", ["/", "/claims", "/review"])
def test_a_page_with_all_that_it_brings_weighs_less_than_500_kb(browser, visit, path):
    browser.send("Network.clearBrowserCache")
    visit(path)
    weight = browser.run(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".reduce((sum, each) => sum + each.transferSize, 0)"
    )
    assert 0 < weight < 500_000
