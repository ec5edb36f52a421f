"""The work behind the desk: what is sent is taken in, decisions reach the incidents, and a failure says why."""

from __future__ import annotations

import json
import threading
import time

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from marsad.desk import duties
from marsad.desk.access import SECOND
from marsad.desk.app import make_app
from marsad.desk.duties import work_off
from marsad.desk.working import Doing, Duty, NotOursError, Worker, soon
from marsad.errors import RecordError, UsageError
from marsad.intake.addresses import FetchError
from marsad.record import jobs
from marsad.record.schema import job
from newsroom import PlainReader, said, view


@pytest.fixture(autouse=True)
def plain_reader(monkeypatch):
    reader = PlainReader()
    monkeypatch.setattr(duties, "_reader", lambda theatre: reader)
    return reader


def rows(record, what=None):
    asked = select(job).order_by(job.c.n)
    with record.asking() as connection:
        found = connection.execute(asked.where(job.c.what == what) if what else asked).mappings()
        return [{**row, "told": json.loads(row["told"])} for row in found]


def worker(record, run, **given):
    return Worker(record, {"work": Duty(run, "one", kept=True)}, **given)


def put(record, what="work", **said):
    with record.restoring() as connection:
        return jobs.put(connection, what, said, 0)


def test_files_and_a_text_are_jobs_until_they_are_taken_in(browser, record):
    files = [
        ("files", ("../../خبر.txt", said("قصفت الفصائل عندان في 2018-07-07").encode(), "text/plain")),
        ("files", ("b.jsonl", json.dumps({"id": "b", "text": said(killed=2)}).encode(), "application/json")),
    ]
    coder = browser("coder")
    answer = coder.post(
        "/intake", files=files, data={"text": said(killed=9), "outlet": "مرصد الشمال", "published": "2018-07-07"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/intake")
    assert [row["told"]["title"] for row in rows(record)] == ["خبر.txt", "b.jsonl", "text.txt"]
    assert len(list(view(record).reports())) == 2
    assert "خبر.txt" in coder.get("/intake").text
    work_off(record)
    assert len(list(view(record).reports())) == 5
    assert [(row["state"], row["told"]["new"], row["body"]) for row in rows(record)] == [("done", 1, "{}")] * 3
    kept = next(row for row in view(record).reports() if row["outlet"] == "مرصد الشمال")
    assert kept["capture"]["address"].startswith("desk:coder/")


def test_what_was_taken_in_is_brought_into_incidents(browser, record):
    browser("coder").post("/intake", data={"text": said("قصفت الفصائل عندان في 2018-07-07"), "published": "2018-07-07"})
    work_off(record)
    assert any(row["places"][0]["name"] == "Andan" for row in view(record).incidents())


def test_a_decision_waits_as_one_job_however_many_there_are(record):
    for _ in range(3):
        soon(record)
    assert [row["what"] for row in rows(record)] == ["fuse"]
    assert work_off(record) == 1
    assert rows(record) == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest", "http://10.0.0.8/"]
)
def test_an_address_of_a_private_network_is_never_asked(browser, record, url):
    browser("coder").post("/intake", data={"url": url})
    work_off(record)
    [row] = rows(record)
    assert row["state"] == "failed"
    assert "public" in row["told"]["reason"]
    assert row["tries"] == 1
    assert row["told"]["reason"].split(" (")[0] in browser("coder").get("/intake").text.replace("&#39;", "'")


def test_what_is_no_address_is_refused_before_it_is_a_job(browser, record):
    assert browser("coder").post("/intake", data={"url": "file:///etc/passwd"}).status_code == 400
    assert rows(record) == []


def test_nothing_is_refused(browser):
    assert browser("coder").post("/intake", data={"text": " "}).status_code == 400


def test_an_address_gives_its_reports(browser, record, monkeypatch):
    from datetime import UTC, datetime

    from marsad.intake.fetching import Fetched

    told = said("قصفت الفصائل عندان في 2018-07-07")
    page = f"<html><body><article><h1>خبر</h1><p>{told}. {'كلمة ' * 60}</p></article></body></html>"
    got = Fetched(
        page.encode(),
        "https://news.example/1",
        "https://news.example/1",
        200,
        (("Content-Type", "text/html; charset=utf-8"),),
        datetime(2018, 7, 8, tzinfo=UTC),
    )
    monkeypatch.setattr(duties, "fetch", lambda url, **said: got)
    browser("coder").post("/intake", data={"url": "https://news.example/1", "published": "2018-07-07"})
    work_off(record)
    assert [(row["state"], row["told"]["new"]) for row in rows(record)] == [("done", 1)]


def test_only_whose_it_is_or_an_editor_cancels_and_tries_again(browser, record):
    browser("coder").post("/intake", data={"text": said(killed=4)})
    [row] = rows(record)
    assert browser("reviewer").post(f"/intake/jobs/{row['n']}/cancel").status_code == 403
    assert browser("coder").post(f"/intake/jobs/{row['n']}/cancel").status_code == 303
    assert work_off(record) == 0
    assert rows(record)[0]["state"] == "cancelled"
    assert browser("editor").post(f"/intake/jobs/{row['n']}/retry").status_code == 303
    work_off(record)
    assert rows(record)[0]["state"] == "done"
    assert browser("editor").post("/intake/jobs/99/retry").status_code == 404


def test_a_failure_that_may_pass_is_tried_again_and_one_that_stays_is_not(record):
    def run(doing):
        raise {"down": FetchError("down", "later", temporary=True), "no": UsageError("no such day"),
               "busy": RecordError("held"), "bug": KeyError("x")}[doing.job.body["way"]]  # fmt: skip

    for way in ("down", "no", "busy", "bug"):
        put(record, way=way)
    worked = worker(record, run)
    while worked.step():
        pass
    found = {json.loads(row["body"])["way"]: row for row in rows(record)}
    assert {way: row["state"] for way, row in found.items()} == {
        "down": "waiting", "no": "failed", "busy": "waiting", "bug": "waiting",
    }  # fmt: skip
    assert (found["down"]["told"]["reason"], found["down"]["told"]["remedy"]) == ("down", "later")
    assert "KeyError" in found["bug"]["told"]["reason"]


def test_who_works_for_longer_than_a_lease_keeps_the_job(record):
    n = put(record)
    others = []

    def run(doing):
        time.sleep(1.0)
        others.append(worker(record, run, lease=SECOND // 4).step())
        return {"new": 1}

    assert worker(record, run, lease=SECOND // 4).step()
    assert (others, rows(record)[0]["n"], rows(record)[0]["state"]) == ([False], n, "done")


def test_who_is_at_a_cancelled_job_stops_at_its_next_step(record):
    n, steps = put(record), []

    def run(doing):
        with record.restoring() as connection:
            jobs.cancel(connection, n)
        doing.hold()
        steps.append("before")
        doing.tell(new=1)
        steps.append("after")

    worker(record, run).step()
    assert (steps, rows(record)[0]["state"]) == (["before"], "cancelled")


def test_a_step_tells_how_far_it_is(record):
    put(record)
    held = jobs.take(record, "me", ["work"], 1, 10**15)
    Doing(record, held).tell(new=7)
    assert rows(record)[0]["told"]["new"] == 7


def test_who_ends_gives_back_what_is_under_way(record):
    put(record)
    began, worked = threading.Event(), []

    def run(doing):
        began.set()
        while True:
            doing.tell(new=1)
            time.sleep(0.01)

    first = worker(record, run)
    first.begin()
    assert began.wait(10)
    first.end()
    assert (rows(record)[0]["state"], rows(record)[0]["lease_until"], rows(record)[0]["tries"]) == ("waiting", 0, 0)
    worker(record, lambda doing: worked.append(doing.job.n)).step()
    assert worked == [rows(record)[0]["n"]]


def test_an_error_of_what_puts_the_jobs_ends_no_work(record):
    def prepare(record):
        raise ValueError("a source of nonsense")

    done = threading.Event()
    put(record)
    working = worker(record, lambda doing: done.set(), prepare=prepare)
    working.begin()
    assert done.wait(10)
    working.end()


def test_the_desk_works_while_it_serves_unless_told_not_to(record):
    for works in (False, True):
        soon(record)
        with TestClient(make_app(record, secure=False, works=works), base_url="http://desk.test"):
            end = time.monotonic() + 15
            while rows(record) and works and time.monotonic() < end:
                time.sleep(0.05)
            assert bool(rows(record)) is not works


def test_lost_is_told_at_the_next_step(record):
    put(record)
    held = jobs.take(record, "me", ["work"], 1, 1)
    jobs.take(record, "other", ["work"], 2, 10**15)
    doing = Doing(record, held)
    doing.hold()
    with pytest.raises(NotOursError):
        doing.tell(new=1)
