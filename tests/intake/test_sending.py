"""Sending one message: to the public internet alone, without following, and with a remedy where it fails."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from marsad.intake.addresses import FetchError
from marsad.intake.sending import send


@contextmanager
def server(status, headers=()):
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    running = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{running.server_port}", got
    running.shutdown()
    running.server_close()


def test_the_bytes_and_headers_arrive_as_they_are():
    with server(204) as (origin, got):
        assert send(f"http://{origin}/hook?a=1", "خبر".encode(), {"Marsad-Time": "5"}, allowed_hosts=[origin]) == 204
    [(path, headers, body)] = got
    assert (path, headers["Marsad-Time"], body) == ("/hook?a=1", "5", "خبر".encode())


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]:80/", "http://169.254.169.254/", "http://192.168.0.1/"]
)
def test_a_private_network_is_never_told(url):
    with pytest.raises(FetchError, match="public internet"):
        send(url, b"x", {})


def test_a_name_that_leads_into_a_private_network_is_never_told():
    with pytest.raises(FetchError, match="public internet"):
        send("http://partner.example/", b"x", {}, resolve=lambda host, port: ["10.0.0.7"])


def test_a_redirect_is_not_followed():
    answer = server(307, [("Location", "http://127.0.0.1/secret")])
    with answer as (origin, got), pytest.raises(FetchError, match="answers 307"):
        send(f"http://{origin}/", b"x", {}, allowed_hosts=[origin])
    assert len(got) == 1


@pytest.mark.parametrize(("status", "temporary"), [(500, True), (429, True), (503, True), (404, False), (410, False)])
def test_what_may_pass_is_told_from_what_stays(status, temporary):
    with server(status) as (origin, _), pytest.raises(FetchError) as refused:
        send(f"http://{origin}/", b"x", {}, allowed_hosts=[origin])
    assert refused.value.temporary is temporary


def test_nobody_there_may_pass():
    with server(204) as (origin, _):
        pass
    with pytest.raises(FetchError) as refused:
        send(f"http://{origin}/", b"x", {}, allowed_hosts=[origin])
    assert refused.value.temporary
