"""A browser and a page for the tests that drive it."""

from __future__ import annotations

from contextlib import closing

import pytest

from marsad.exhibit import Asked, exhibit_of
from marsad.publish.page import page_of
from marsad.record.store import open_record
from newsroom import add, arrival, said, view
from page.browser import MISSING, Browser, chromium

HELD = said("سيطرت الفصائل على نصيب في 2018-07-02", by="مرصد الجنوب")
TAKEN = said("سيطرت قوات النظام على نصيب في 2018-07-06", by="أحمد الحوراني", killed=4)
NEWS = (
    (HELD, {"published": "2018-07-02", "outlet": "مرصد الجنوب"}),
    (f"أعلنت المصادر صباح الجمعة ما يلي. {TAKEN}",
     {"published": "2018-07-07", "outlet": "وكالة النهر", "title": "معبر نصيب"}),
    (said("قصفت قوات النظام داعل في 2018-07-05", beside=1), {"published": "2018-07-05", "outlet": "شبكة السهل"}),
    (said("سيطرت الفصائل على داعل في 2018-07-03", by="إحدى اللجان", beside=2), {"published": "2018-07-03"}),
    (said("انسحبت الفصائل من الطيبة في 2018-07-09", beside=3), {"published": "2018-07-10", "outlet": "شبكة السهل"}),
)  # fmt: skip


def written(folder, news, **asked):
    """Write the page of a record of these reports and return its file."""
    with closing(open_record(str(folder / "observatory.marsad"))) as record:
        add(record, *(arrival(text, f"r{n}", **about) for n, (text, about) in enumerate(news)))
        exhibit = exhibit_of(view(record), Asked(**asked))
    (folder / "page.html").write_text(page_of(exhibit), "utf-8")
    return folder / "page.html"


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    return written(tmp_path_factory.mktemp("page"), NEWS, on="2018-07-10")


@pytest.fixture(scope="session")
def chrome():
    path = chromium()
    if path is None:
        pytest.skip(MISSING)
    browser = Browser(path)
    yield browser
    browser.close()


@pytest.fixture
def browser(chrome, page):
    """Give the browser with the page open, and afterwards see that nothing went wrong and nothing was asked for."""
    chrome.screen(1280, 860)
    chrome.asked.clear()
    chrome.complaints.clear()
    chrome.open(page)
    yield chrome
    assert chrome.complaints == []
    assert [url for url in chrome.asked if not url.startswith(("file:", "about:", "data:", "blob:"))] == []
