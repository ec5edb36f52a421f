"""Sources asked for news by the desk: their list, how asking stands, one bad one among good, two processes."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marsad.desk import duties, sources
from marsad.desk.duties import work_off, worker_of
from marsad.intake.addresses import FetchError
from marsad.intake.fetching import Fetched
from marsad.intake.watching import PollState
from marsad.polling import Polls
from marsad.record.schema import job, watch
from newsroom import PlainReader, said, view

TOLD = said("قصفت الفصائل عندان في 2018-07-07")
BAD, GOOD = "https://bad.example/", "https://good.example/"


class Web:
    """A web of two pages: one is down, one has a report."""

    def __init__(self):
        self.asked, self.down = [], {BAD}

    def __call__(self, url, **_):
        self.asked.append(url)
        if url in self.down:
            raise FetchError("the server answers 503", "try again later", temporary=True)
        text = f"<html><body><article><p>{TOLD}. {'كلمة ' * 60}</p></article></body></html>"
        return Fetched(
            text.encode(),
            url,
            url,
            200,
            (("Content-Type", "text/html; charset=utf-8"),),
            datetime(2018, 7, 8, tzinfo=UTC),
        )


@pytest.fixture
def web(monkeypatch):
    found = Web()
    reader = PlainReader()
    monkeypatch.setattr(duties, "_reader", lambda theatre: reader)
    monkeypatch.setattr(duties, "fetch", found)
    return found


def add(editor, name, url, **more):
    return editor.post("/sources", data={"name": name, "url": url, **more})


def polls_waiting(record):
    with record.asking() as connection:
        return connection.execute(select(job).where(job.c.what == "poll")).mappings().all()


def poll_all(record):
    sources.put_due(record)
    return work_off(record)


def make_due(record, *names):
    for name in names:
        state = Polls(record).state(name)
        Polls(record).remember(
            name,
            PollState(state.etag, state.modified, datetime(2020, 1, 1, tzinfo=UTC), state.failures, state.last_error),
        )


def test_a_source_that_is_added_is_asked_at_once_and_its_reports_are_taken_in(browser, record, web):
    assert add(browser("editor"), "مرصد الشمال", GOOD, outlet="مرصد الشمال").status_code == 303
    poll_all(record)
    assert web.asked == [GOOD]
    assert "مرصد الشمال" in [row["outlet"] for row in view(record).reports()]
    page = browser("coder").get("/sources").text
    assert GOOD in page
    assert datetime.now(UTC).date().isoformat() in page


def test_one_bad_source_never_stops_the_others(browser, record, web):
    add(browser("editor"), "أ سيئ", BAD)
    add(browser("editor"), "ب جيد", GOOD)
    poll_all(record)
    assert web.asked == [BAD, GOOD]
    told = {row["name"]: row for row in sources.told_of(record)}
    assert (told["أ سيئ"]["error"], told["أ سيئ"]["succeeded"], told["أ سيئ"]["failing"]) == (
        "the server answers 503; try again later",
        None,
        1,
    )
    assert told["ب جيد"]["error"] is None
    assert told["ب جيد"]["succeeded"]
    assert "503" in browser("coder").get("/sources").text


def test_what_failed_once_and_then_gave_something_tells_both(browser, record, web):
    add(browser("editor"), "س", BAD)
    poll_all(record)
    web.down.clear()
    make_due(record, "س")
    with record.restoring() as connection:
        connection.execute(job.delete())
    poll_all(record)
    [told] = sources.told_of(record)
    assert (told["error"], told["failing"]) == ("the server answers 503; try again later", 0)
    assert told["succeeded"] >= told["failed"]


def test_a_source_is_asked_again_when_it_is_due_and_not_before(browser, record, web):
    add(browser("editor"), "س", GOOD, every="2h")
    poll_all(record)
    assert poll_all(record) == 0
    [waiting] = polls_waiting(record)
    assert waiting["due_at"] / 1e6 - datetime.now(UTC).timestamp() == pytest.approx(
        timedelta(hours=2).total_seconds(), abs=60
    )
    assert web.asked == [GOOD]


def test_a_source_has_one_job_whoever_looks(browser, record, web):
    add(browser("editor"), "س", GOOD)
    for _ in range(3):
        sources.put_due(record)
    assert len(polls_waiting(record)) == 1


def test_two_that_work_at_one_record_never_ask_twice(browser, record, web):
    for n in range(6):
        add(browser("editor"), f"س{n}", f"{GOOD}{n}")
    workers = [worker_of(record), worker_of(record)]
    gate = threading.Barrier(2)

    def work(one):
        gate.wait()
        sources.put_due(record)
        while one.step("asking"):
            pass

    threads = [threading.Thread(target=work, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(web.asked) == sorted(f"{GOOD}{n}" for n in range(6))


def test_a_paused_source_is_not_asked_until_it_goes_on(browser, record, web):
    editor = browser("editor")
    add(editor, "س", GOOD)
    [told] = sources.told_of(record)
    editor.post(f"/sources/{told['id']}", data={"to": "paused"})
    assert poll_all(record) == 0
    assert "موقوف" in editor.get("/sources").text
    editor.post(f"/sources/{told['id']}", data={"to": "asked"})
    poll_all(record)
    assert web.asked == [GOOD]


def test_a_source_that_was_paused_after_its_job_was_put_is_not_asked(browser, record, web):
    editor = browser("editor")
    add(editor, "س", GOOD)
    sources.put_due(record)
    [told] = sources.told_of(record)
    editor.post(f"/sources/{told['id']}", data={"to": "paused"})
    work_off(record)
    assert web.asked == []


def test_a_source_that_is_struck_off_is_gone_and_its_rows_stay(browser, record, web):
    editor = browser("editor")
    add(editor, "س", GOOD)
    [told] = sources.told_of(record)
    editor.post(f"/sources/{told['id']}", data={"to": "gone"})
    assert list(sources.told_of(record)) == []
    assert editor.post(f"/sources/{told['id']}", data={"to": "asked"}).status_code == 404
    with record.asking() as connection:
        assert len(connection.execute(select(watch)).all()) == 2
    assert poll_all(record) == 0


@pytest.mark.parametrize(
    ("name", "url", "more"),
    [
        ("س", "file:///etc/passwd", {}),
        ("س", "https://news.example/", {"every": "5s"}),
        ("س", "https://news.example/", {"kind": "gopher"}),
        ("س", "https://t.me/name", {"kind": "telegram-preview"}),
    ],
)
def test_a_source_that_breaks_a_rule_of_the_list_is_refused(browser, record, name, url, more):
    assert add(browser("editor"), name, url, **more).status_code == 400
    assert list(sources.told_of(record)) == []


def test_two_sources_of_one_name_are_refused(browser, record):
    assert [add(browser("editor"), "س", url).status_code for url in (GOOD, BAD)] == [303, 400]


def test_a_source_in_a_private_network_gives_its_reason_and_nothing_else(browser, record):
    add(browser("editor"), "داخل", "http://127.0.0.1/feed")
    poll_all(record)
    [told] = sources.told_of(record)
    assert "public" in told["error"]
    assert json.dumps(list(view(record).intake())).count("127.0.0.1") == 0


def test_the_name_of_a_hidden_source_is_kept_from_who_may_not_know_it(browser, record):
    from marsad.record.sensitive import mark

    add(browser("editor"), "مرصد الظل", GOOD)
    with record.writing("mark") as writing:
        mark(writing, "source", "مرصد الظل", "pseudonym", None, person="admin", reason="في خطر")
    assert "مرصد الظل" in browser("editor").get("/sources").text
    assert "مرصد الظل" not in browser("coder").get("/sources").text
