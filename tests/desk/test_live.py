"""What is new is told as it comes, to each what they may see; hooks are told once, signed, of what the public sees."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marsad.desk import hooking
from marsad.desk.access import SECOND, Desk, Who, now
from marsad.desk.duties import work_off
from marsad.desk.routes.live import _newest, mark_of, news_of, stream
from marsad.intake.addresses import FetchError
from marsad.judging import guide
from marsad.record.accounts import Account, account_of, put_account
from marsad.record.deciding import decide_claim
from marsad.record.permits import SESSION, grant, permit_of
from marsad.record.schema import job
from marsad.record.watches import HOOK, watches
from newsroom import add, arrival, said, view

NEWS = "https://partner.example/hook"


@pytest.fixture
def desk(record):
    return Desk(record, secure=False)


@pytest.fixture
def who(record):
    def of(role):
        with record.restoring() as connection:
            secret = grant(connection, role, SESSION, now(), 600 * SECOND)
        with record.asking() as connection:
            return Who(account_of(connection, role), permit_of(connection, secret, now()))

    return of


def new_report(record, text=None, id="r9", **more):
    add(
        record,
        arrival(
            text or said("انسحبت قوات النظام من الطيبة في 2018-07-06"),
            id,
            outlet="وكالة السهل",
            published="2018-07-06",
            **more,
        ),
    )


def events_of(desk, person, mark, between=None, lasts=0.2):
    async def listen():
        found = []
        async for event in stream(desk, person, mark, lasts, tick=0.1):
            found.append(event)
            if between and len(found) == 1:
                await asyncio.to_thread(between)
        return found

    return asyncio.run(listen())


def data_of(events):
    return [
        json.loads(line[6:])
        for event in events
        if "event: news" in event
        for line in event.splitlines()
        if line.startswith("data: ")
    ]


def test_a_stream_begins_with_a_mark_and_tells_what_comes_after_it(desk, record, who):
    events = events_of(desk, who("reader"), _newest(desk), lambda: new_report(record))
    [told] = data_of(events)
    assert "event: mark" in events[0]
    assert (told["claims"]["count"], told["decisions"]["count"]) == (1, 0)
    [id] = told["claims"]["ids"]
    assert next(view(record).claims())["id"] and id in {row["id"] for row in view(record).claims()}
    assert mark_of(told["after"])


def test_a_decision_is_told_by_the_claim_it_is_on(desk, record, who, claim):
    def decide():
        with record.writing("decide") as writing:
            decide_claim(writing, claim, "reject", "سلمى", "خطأ", guide=guide())

    [told] = data_of(events_of(desk, who("reader"), _newest(desk), decide))
    assert told["decisions"] == {"count": 1, "ids": [claim]}
    assert told["claims"]["count"] == 0


def test_jobs_are_told_to_whom_the_intake_is_open(desk, record, who):
    from marsad.record import jobs

    with record.restoring() as connection:
        jobs.put(connection, "take_in", {}, now())
    mark = _newest(desk)
    assert data_of(events_of(desk, who("coder"), mark))[0]["jobs"] == {"waiting": 1, "failed": 0}
    assert data_of(events_of(desk, who("reader"), mark)) == []


def test_of_what_is_under_embargo_no_count_and_no_id_is_told(desk, record):
    from marsad.desk.issuing import public_view
    from marsad.record.sensitive import mark as put_mark

    at = _newest(desk)
    new_report(record)
    new_report(record, said("قصفت الفصائل عندان في 2018-07-06"), "r8")
    with record.writing("mark") as writing:
        put_mark(
            writing,
            "report",
            "r9",
            "embargo",
            until=(date.today() + timedelta(9)).isoformat(),
            person="admin",
            reason="طلب المصدر",
        )
    assert news_of(record, public_view(desk), at)["claims"]["count"] == 1
    assert news_of(record, view(record), at)["claims"]["count"] == 2


def test_a_stream_ends_for_who_may_no_more(desk, record, who):
    def close():
        with record.writing("close") as writing:
            put_account(writing, Account("reader", "reader", gone=True), "test")
        new_report(record)

    assert data_of(events_of(desk, who("reader"), _newest(desk), close, lasts=5)) == []


def test_a_stream_goes_on_where_the_last_one_ended(browser, desk, record):
    at = _newest(desk)
    new_report(record)
    answer = browser("reader").get("/events", headers={"last-event-id": f"{at.claim}-{at.decision}"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert f"id: {at.claim}-{at.decision}\n" in answer.text


def test_the_list_of_what_is_new_has_that_and_nothing_else(browser, desk, record):
    at = _newest(desk)
    new_report(record)
    page = browser("reader").get(f"/arrived?after={at.claim}-{at.decision}").text
    assert "الطيبة" in page
    assert "نصيب" not in page
    assert "لا شيء هنا" in browser("reader").get("/arrived?after=nonsense").text


@pytest.mark.parametrize("written", ["", "1", "a-b", "1-2-3", "-1-2", "9" * 30 + "-1"])
def test_what_is_no_mark_is_none(written):
    assert mark_of(written) is None


class Partner:
    """Takes what hooks are told, or refuses it."""

    def __init__(self):
        self.told, self.error = [], None

    def __call__(self, url, body, headers, **_):
        if self.error:
            raise self.error
        self.told.append((url, body, headers))
        return 204


@pytest.fixture
def partner(monkeypatch):
    found = Partner()
    monkeypatch.setattr(hooking, "send", found)
    return found


def hook(browser, sees="public", events=("incident", "change"), url=NEWS):
    return browser("admin").post("/hooks", data={"url": url, "events": list(events), "sees": sees})


def secret_in(answer):
    return answer.text.partition('id="secret">')[2].partition("<")[0]


def told_by(partner):
    return [json.loads(body) for _, body, _ in partner.told]


def announce(record):
    hooking.announce(record)
    work_off(record)


def test_a_hook_is_told_of_what_is_new_since_it_was_made_and_once(browser, record, partner):
    hook(browser)
    announce(record)
    assert partner.told == []
    new_report(record)
    announce(record)
    announce(record)
    assert [row["event"] for row in told_by(partner)].count("incident") == 1
    assert next(row for row in told_by(partner) if row["event"] == "incident")["type"] == "withdrawal"


def test_a_change_of_control_is_told(browser, record, partner):
    hook(browser, events=["change"])
    new_report(record, said("سيطرت الفصائل على الطيبة في 2018-07-06"))
    announce(record)
    assert [(row["event"], row["holder"]) for row in told_by(partner)] == [("change", "opposition")]


def test_what_is_told_is_signed_with_the_secret_that_was_shown_once(browser, record, partner):
    answer = hook(browser)
    secret = secret_in(answer)
    assert len(secret) > 30
    assert secret not in browser("admin").get("/hooks").text
    new_report(record)
    announce(record)
    _, body, headers = partner.told[0]
    made = hmac.new(secret.encode(), f"{headers['Marsad-Time']}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Marsad-Signature"] == f"sha256={made}"


def test_a_hook_is_told_what_the_public_sees(browser, record, partner):
    from marsad.record.sensitive import mark as put_mark

    with record.writing("mark") as writing:
        put_mark(writing, "source", "وكالة السهل", "pseudonym", None, person="admin", reason="في خطر")
    hook(browser)
    hook(browser, sees="reviewer", url="https://trusted.example/")
    new_report(record)
    announce(record)
    named = {url: "وكالة السهل" in body.decode() for url, body, _ in partner.told}
    assert named == {NEWS: False, "https://trusted.example/": True}


def test_a_hook_that_does_not_answer_is_told_later_and_one_that_refuses_is_shown(browser, record, partner):
    hook(browser, events=["incident"])
    new_report(record)
    partner.error = FetchError("partner.example answers 503", "later", temporary=True)
    announce(record)
    with record.restoring() as connection:
        [row] = connection.execute(select(job).where(job.c.what == "deliver")).all()
        assert (row.state, row.tries) == ("waiting", 1)
        connection.execute(job.update().values(due_at=0))
    partner.error = None
    work_off(record)
    assert len(partner.told) == 1
    new_report(record, said("قصفت الفصائل عندان في 2018-07-06"), "r10")
    partner.error = FetchError("partner.example answers 404", "check the address with its owner")
    announce(record)
    assert "answers 404" in browser("editor").get("/intake").text


def test_a_hook_that_is_struck_off_is_told_nothing_and_its_secret_is_gone(browser, record, partner):
    hook(browser)
    with record.asking() as connection:
        [found] = watches(connection, HOOK)
    new_report(record)
    hooking.announce(record)
    assert browser("admin").post(f"/hooks/{found.id}").status_code == 303
    work_off(record)
    assert partner.told == []
    assert not hooking.is_asked(record)


def test_the_work_itself_tells_hooks_after_fusing(browser, record, partner):
    from marsad.desk.working import soon

    hook(browser)
    new_report(record)
    soon(record)
    work_off(record)
    assert partner.told


@pytest.mark.parametrize("bad", [{"url": "ftp://x.example/"}, {"events": ["weather"]}, {"sees": "admin"}])
def test_a_hook_that_cannot_be_is_refused(browser, record, bad):
    data = {"url": NEWS, "events": ["incident"], "sees": "public", **bad}
    assert browser("admin").post("/hooks", data=data).status_code == 400
    assert not hooking.is_asked(record)
