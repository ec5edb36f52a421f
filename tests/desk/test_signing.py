"""Who a person is: what is tried, what is refused, and that nothing that proves it is kept or told."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from sqlalchemy import select

from desk.conftest import PASSWORD
from marsad.desk import signing
from marsad.desk.tries import MOST, WINDOW_US, Tries
from marsad.record import schema
from marsad.record.accounts import Credential, credential_of, put_credential
from marsad.record.looks import looks
from marsad.record.permits import digest_of

COOKIE = "marsad_session"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(client, name="reviewer", password=PASSWORD, **more):
    return client.post("/sign-in", data={"name": name, "password": password, **more})


def known(record, name="reviewer"):
    with record.asking() as connection:
        return credential_of(connection, name)


@pytest.fixture
def second(record):
    """Give the reviewer a second factor and one recovery code."""
    with record.restoring() as connection:
        of = credential_of(connection, "reviewer")
        put_credential(connection, Credential("reviewer", of.password, SECRET, 0, (digest_of("a" * 16),)))


def code(steps=0):
    return pyotp.TOTP(SECRET).at(int(time.time()) + 30 * steps)


def test_the_right_password_begins_a_session_in_a_cookie_that_scripts_and_other_sites_do_not_get(browser):
    answer = sign_in(browser())
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303 and "httponly" in cookie and "samesite=strict" in cookie


def test_behind_tls_the_cookie_and_the_browser_go_by_https_alone(record):
    from starlette.testclient import TestClient

    from marsad.desk.app import make_app

    with TestClient(make_app(record), base_url="https://desk.test", follow_redirects=False) as client:
        answer = client.post(
            "/sign-in", data={"name": "reader", "password": PASSWORD}, headers={"sec-fetch-site": "same-origin"}
        )
    assert "secure" in answer.headers["set-cookie"].lower() and "max-age" in answer.headers["strict-transport-security"]


def test_a_cookie_that_was_planted_before_is_worth_nothing_after(browser):
    client = browser()
    client.cookies.set(COOKIE, "planted")
    sign_in(client)
    assert client.cookies.get(COOKIE, domain="desk.test") != "planted"
    other = browser()
    other.cookies.set(COOKIE, "planted")
    assert other.get("/claims").status_code == 303


def test_the_sixth_wrong_try_locks_even_the_right_password_out(browser, record):
    for _ in range(5):
        assert sign_in(browser(), password="wrong wrong wrong").status_code == 401
    assert known(record).failures == 5
    assert sign_in(browser()).status_code == 401


def test_wrong_tries_at_one_time_are_all_counted(browser, record):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sign_in(browser(), password="wrong wrong wrong").status_code, range(4)))
    assert known(record).failures == 4


def test_what_is_said_of_a_name_that_is_not_there_is_what_is_said_of_a_wrong_password(browser):
    pages = [sign_in(browser(), name, "wrong wrong wrong") for name in ("reviewer", "nobody", "a\x00b", "a" * 500)]
    assert len({(page.status_code, page.text) for page in pages}) == 1


def test_a_password_is_reckoned_for_everybody_known_locked_or_not_there(browser, record, monkeypatch):
    reckoned = []
    whole = signing.is_password
    monkeypatch.setattr(
        "marsad.desk.routes.signing.is_password", lambda of, written: reckoned.append(of) or whole(of, written)
    )
    with record.restoring() as connection:
        of = credential_of(connection, "coder")
        put_credential(connection, Credential("coder", of.password, failures=9, locked_until=2**60))
    for name in ("reviewer", "coder", "nobody"):
        sign_in(browser(), name, "wrong wrong wrong")
    assert len(reckoned) == 3 and not whole(None, "x")


def test_an_address_from_which_too_many_are_wrong_is_refused_for_every_name(app, browser, record):
    for n in range(MOST):
        app.state.desk.tries.count("testclient", time.time_ns() // 1000 - n)
    before = len(rows_of(record))
    assert sign_in(browser(), "reader").status_code == 429
    assert len(rows_of(record)) == before, "what is refused is not written: nobody fills the disk by it"


def test_wrong_tries_are_forgotten_after_the_window_and_old_addresses_before_new_ones():
    tries = Tries(most=2, addresses=3)
    for _ in range(2):
        tries.count("10.0.0.1", 0)
    assert tries.is_over("10.0.0.1", 1) and not tries.is_over("10.0.0.2", 1)
    assert not tries.is_over("10.0.0.1", WINDOW_US)
    for n in range(2, 6):
        tries.count(f"10.0.0.{n}", 1)
    assert not tries.is_over("10.0.0.1", 1) and len(tries._since) == 3


def test_the_addresses_of_one_network_are_one():
    tries = Tries(most=2)
    tries.count("2001:db8:1:2::1", 0)
    tries.count("2001:db8:1:2:ffff::9", 0)
    assert tries.is_over("2001:db8:1:2::abcd", 1) and not tries.is_over("2001:db8:1:3::1", 1)
    tries.count("::ffff:10.0.0.1", 0)
    tries.count("10.0.0.1", 0)
    assert tries.is_over("10.0.0.1", 1)


def test_the_password_alone_is_not_enough_where_there_is_a_second_factor(browser, second):
    client = browser()
    assert sign_in(client).headers["location"].startswith("/sign-in/code")
    assert client.get("/claims").status_code == 303
    assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 401
    assert client.post("/sign-in/code", data={"code": code()}).status_code == 303
    assert client.get("/claims").status_code == 200


def test_a_code_is_good_for_once(browser, second):
    one, now = browser(), code()
    sign_in(one)
    assert one.post("/sign-in/code", data={"code": now}).status_code == 303
    other = browser()
    sign_in(other)
    assert other.post("/sign-in/code", data={"code": now}).status_code == 401
    assert other.post("/sign-in/code", data={"code": code(-1)}).status_code == 401, "nor is an older one"


def test_of_two_who_send_one_code_at_one_time_one_comes_in(browser, second):
    clients = [browser() for _ in range(4)]
    for client in clients:
        sign_in(client)
    now = code()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda client: client.post("/sign-in/code", data={"code": now}).status_code, clients))
    assert sorted(found) == [303, 401, 401, 401]


def test_a_recovery_code_is_good_for_once(browser, second, record):
    for status in (303, 401):
        client = browser()
        sign_in(client)
        assert client.post("/sign-in/code", data={"code": "AAAAAAAA-aaaaaaaa"}).status_code == status
    assert known(record).recovery == ()


def test_the_half_session_is_gone_when_the_whole_one_begins(browser, second):
    client = browser()
    sign_in(client)
    half = client.cookies.get(COOKIE, domain="desk.test") or client.cookies[COOKIE]
    client.post("/sign-in/code", data={"code": code()})
    other = browser()
    other.cookies.set(COOKIE, half)
    assert other.post("/sign-in/code", data={"code": code(1)}).headers["location"].startswith("/sign-in?")


def test_a_new_password_ends_every_other_session(browser):
    one, other = browser("coder"), browser("coder")
    answer = one.post("/me/password", data={"old": PASSWORD, "new": "كلمة سر جديدة طويلة"})
    assert answer.status_code == 303
    assert (one.get("/claims").status_code, other.get("/claims").status_code) == (200, 303)
    assert one.post("/me/password", data={"old": PASSWORD, "new": "x" * 20}).status_code == 403


def test_a_password_that_an_administrator_gives_ends_every_session(browser):
    coder = browser("coder")
    browser("admin").post("/people/coder", data={"role": "coder", "password": "كلمة سر جديدة طويلة"})
    assert coder.get("/claims").status_code == 303


def test_signing_out_ends_the_session_and_not_only_the_cookie(browser):
    client = browser()
    sign_in(client)
    secret = client.cookies[COOKIE]
    client.post("/sign-out")
    other = browser()
    other.cookies.set(COOKIE, secret)
    assert other.get("/claims").status_code == 303


def test_a_token_is_shown_once_and_kept_by_its_digest_alone(browser, record, tmp_path):
    client = browser("coder")
    page = client.post("/me/tokens", data={"label": "notebook", "scopes": ["read"]}).text
    [secret] = [word for word in page.replace("<", " ").replace(">", " ").split() if word.startswith("marsad_")]
    assert secret not in client.get("/me/tokens").text
    record.close()
    held = b"".join(part.read_bytes() for part in tmp_path.glob("*.marsad*"))
    assert secret.encode() not in held and digest_of(secret).encode() in held


def rows_of(record):
    with record.asking() as connection:
        return looks(connection, limit=1_000)


def test_no_secret_is_in_the_log_in_what_is_answered_or_in_what_the_program_says(
    browser, record, second, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    client, typed = browser(), "my-other-password-typed-as-a-name"
    answers = [sign_in(client, typed, PASSWORD), sign_in(client), client.post("/sign-in/code", data={"code": code()})]
    answers += [client.post("/me/password", data={"old": "wrong-old-password", "new": "short"})]
    answers += [
        client.post("/me/password", data={"old": PASSWORD, "new": "short"}),
        client.get("/nowhere"),
        client.get("/audit"),
    ]
    secrets = (PASSWORD, typed, SECRET, "wrong-old-password", client.cookies[COOKIE])
    said = [
        *(answer.text for answer in answers),
        caplog.text,
        *capfd.readouterr(),
        *(str(tuple(row)) for row in rows_of(record)),
    ]
    assert [secret for secret in secrets for words in said if secret in words] == []
    with record.asking() as connection:
        kept = str([tuple(row) for row in connection.execute(select(schema.permit))])
    assert client.cookies[COOKIE] not in kept


def test_an_account_that_was_closed_between_the_password_and_the_code_does_not_come_in(browser, record, second):
    from marsad.record.accounts import Account, put_account

    client = browser()
    sign_in(client)
    with record.writing("close") as writing:
        put_account(writing, Account("reviewer", "reviewer", gone=True), "test")
    assert client.post("/sign-in/code", data={"code": code()}).status_code == 403
