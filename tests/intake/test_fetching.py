"""What an address gives, and every way in which it must not be asked or not be believed."""

from __future__ import annotations

import gzip
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3.util.connection

from marsad.intake.addresses import FetchError, is_forbidden, is_public, target_of
from marsad.intake.failures import UnreadableError
from marsad.intake.fetching import Fetched, NotModified, fetch

NOW = datetime(2024, 12, 8, 6, 0, tzinfo=UTC)
PAGE = "<html><body><p>أعلنت غرفة العمليات دخول أول رتل إلى المدينة فجر اليوم</p></body></html>".encode()
PUBLIC = "93.184.215.14"


@dataclass
class Server:
    """A web server on the loopback that answers each path with a function, and keeps what it was asked."""

    port: int
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, dict(self.headers)))
            answer = server.answers.get(self.path, lambda h: send(h, 404))
            try:
                answer(self)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    if context:
        http.socket = context.wrap_socket(http.socket, server_side=True)
    server = Server(http.server_port)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    headers.setdefault("Content_Length", str(len(body)))
    for name, value in headers.items():
        if value:
            handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def giving(status: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: send(handler, status, body, **headers)


def no_names(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


def test_what_came_is_given_with_its_headers_its_address_and_its_time(server):
    server.answers["/a"] = giving(200, PAGE, ETag='"7"', Content_Type="text/html")
    got = fetch(f"{server.url}/a#end", allow_private=True, clock=lambda: NOW)
    assert isinstance(got, Fetched)
    assert (got.data, got.status, got.captured_at) == (PAGE, 200, NOW)
    assert (got.asked, got.address) == (f"{server.url}/a#end", f"{server.url}/a")
    assert ("ETag", '"7"') in got.headers
    assert got.header("content-type") == "text/html"


def test_it_says_who_asks_and_sends_nothing_of_the_user(server):
    server.answers["/a"] = giving(200, PAGE)
    fetch(f"{server.url}/a", allow_private=True)
    [(_, headers)] = server.asked
    assert headers["User-Agent"].startswith("marsad/")
    assert headers["Host"] == server.origin
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_arabic_letters_in_an_address_are_encoded_once(server):
    server.answers["/%D8%AE%D8%A8%D8%B1?q=%D8%AD%D9%84%D8%A8"] = giving(200, PAGE)
    raw = fetch(f"{server.url}/خبر?q=حلب", allow_private=True)
    encoded = fetch(f"{server.url}/%D8%AE%D8%A8%D8%B1?q=%D8%AD%D9%84%D8%A8", allow_private=True)
    assert isinstance(raw, Fetched)
    assert isinstance(encoded, Fetched)
    assert raw.address == encoded.address


# --- what is not asked at all ---


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "no address on the web"),
        ("ftp://news.example/a", "no address on the web"),
        ("gopher://news.example/", "no address on the web"),
        ("news.example/a", "no address on the web"),
        ("http://", "no address on the web"),
        ("https://user:word@news.example/", "user name or password"),
        ("https://news.example@127.0.0.1/", "user name or password"),
        ("http://news.example:99999/", "is no address"),
        ("http://news.example/a\r\nX: 1", "control characters"),
        ("http://news.example\\@127.0.0.1/", "backslashes"),
        ("http://[fe80::1%25eth0]/", "unusual form"),
        ("http://news..example/", "no name of a host"),
        ("http://news.example:22/", "port 22"),
        ("http://news.example:6379/", "port 6379"),
    ],
)
def test_what_is_no_public_address_on_the_web_is_refused_before_any_name_is_looked_up(url, reason):
    with pytest.raises(UnreadableError, match=reason) as caught:
        fetch(url, resolve=no_names)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "written", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "１２７.1", "010.0.0.1"]
)
def test_an_ip_address_in_an_unusual_form_is_refused_even_of_ones_own(written):
    with pytest.raises(UnreadableError, match="unusual form"):
        fetch(f"http://{written}/", allow_private=True, resolve=no_names)


@pytest.mark.parametrize(
    "ip",
    """127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200 0.0.0.0 0.1.2.3
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1
    192.88.99.1 168.63.129.16 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 fe80::1 fec0::1
    fc00::1 fd00:ec2::254 ff02::1 2001:db8::1 3fff::1 100::1 2002:7f00:1:: 2002:a9fe:a9fe:: 2002:c0a8:101::
    64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2001:0:7f00:1:: 2001::1 5f00::1 4000::1""".split(),
)
def test_addresses_that_are_not_public_are_known_and_never_asked(ip):
    assert not is_public(ipaddress.ip_address(ip))
    with pytest.raises(FetchError, match="no address of the public internet"):
        fetch("http://news.example/", resolve=lambda host, port: [ip])


@pytest.mark.parametrize(
    "ip",
    """1.1.1.1 93.184.215.14 172.32.0.1 100.128.0.1 2606:4700::1111 ::ffff:1.1.1.1 64:ff9b::101:101
    2002:101:101::1""".split(),
)
def test_addresses_of_the_public_internet_are_known(ip):
    assert is_public(ipaddress.ip_address(ip))
    assert not is_forbidden(ipaddress.ip_address(ip))


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(FetchError, match=r"10\.0\.0\.5"):
        fetch("http://news.example/", resolve=lambda host, port: [PUBLIC, "10.0.0.5"])


@pytest.mark.parametrize(
    "ip", ["169.254.169.254", "::ffff:169.254.169.254", "2001:0:a9fe:a9fe::", "fd00:ec2::254", "0.0.0.0"]
)
def test_the_secrets_of_cloud_machines_are_refused_even_where_private_addresses_are_allowed(ip):
    with pytest.raises(FetchError, match="no report lies there"):
        fetch("http://news.example/", allow_private=True, resolve=lambda host, port: [ip])


def test_an_unknown_name_says_so_and_may_be_asked_again():
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"the name news\.example is not known") as caught:
        fetch("http://news.example/", resolve=unknown)
    assert caught.value.temporary


# --- redirects ---


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "//10.0.0.1/",
        "http://inside.example/",
        "file:///etc/passwd",
        "http://user@news.example/",
        "http://other.example:25/",
    ],
)
def test_a_redirect_is_judged_like_a_first_address(server, where):
    """The first host is trusted, as it must be on the loopback; where it leads to is not."""
    server.answers["/"] = giving(302, Location=where)
    names = {"news.example": ["127.0.0.1"], "inside.example": ["192.168.0.9"], "other.example": [PUBLIC]}
    first = f"news.example:{server.port}"
    with pytest.raises(FetchError):
        fetch(f"http://{first}/", allowed_hosts=[first], resolve=lambda host, port: names[host])
    assert len(server.asked) == 1


def test_five_redirects_are_followed_to_the_address_that_answers(server):
    for n in range(5):
        server.answers[f"/{n}"] = giving((301, 302, 303, 307, 308)[n], Location=f"/{n + 1}")
    server.answers["/5"] = giving(200, PAGE)
    got = fetch(f"{server.url}/0", allow_private=True)
    assert isinstance(got, Fetched)
    assert got.address == f"{server.url}/5"


def test_the_sixth_redirect_is_not_followed(server):
    for n in range(7):
        server.answers[f"/{n}"] = giving(302, Location=f"/{n + 1}")
    server.answers["/7"] = giving(200, PAGE)
    with pytest.raises(FetchError, match="more than 5 times"):
        fetch(f"{server.url}/0", allow_private=True)
    assert len(server.asked) == 6


def test_a_redirect_in_plain_arabic_letters_is_followed(server):
    server.answers["/0"] = giving(302, Location="/خبر".encode().decode("latin-1"))
    server.answers["/%D8%AE%D8%A8%D8%B1"] = giving(200, PAGE)
    got = fetch(f"{server.url}/0", allow_private=True)
    assert isinstance(got, Fetched)


def test_a_redirect_to_nowhere_says_so(server):
    server.answers["/"] = giving(302)
    with pytest.raises(FetchError, match="redirects to nowhere"):
        fetch(f"{server.url}/", allow_private=True)


# --- the very address that was judged ---


@pytest.fixture
def connected(server, monkeypatch) -> list[str]:
    """The addresses that connections were made to; each one leads to the server instead."""
    made: list[str] = []
    really = urllib3.util.connection.create_connection

    def create(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        made.append(address[0])
        return really(("127.0.0.1", server.port), *args, **kwargs)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", create)
    return made


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_judged(server, connected):
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    server.answers["/a"] = giving(200, PAGE)
    got = fetch("http://news.example/a", resolve=lambda host, port: next(answers))
    assert isinstance(got, Fetched)
    assert connected == [PUBLIC]
    assert next(answers) == ["127.0.0.1"]
    assert server.asked[0][1]["Host"] == "news.example"


def test_a_redirect_to_the_same_name_is_judged_anew(server, connected):
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    server.answers["/a"] = giving(302, Location="/b")
    server.answers["/b"] = giving(200, PAGE)
    with pytest.raises(FetchError, match="no address of the public internet"):
        fetch("http://news.example/a", resolve=lambda host, port: next(answers))
    assert connected == [PUBLIC]


def test_proxies_of_the_environment_are_not_asked(server, connected, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.answers["/a"] = giving(200, PAGE)
    fetch("http://news.example/a", resolve=lambda host, port: [PUBLIC])
    assert connected == [PUBLIC]


def test_the_next_address_of_a_name_is_tried_where_the_first_is_dead(server):
    server.answers["/a"] = giving(200, PAGE)
    ips = ["::1", "127.0.0.1"]  # the server listens on the second only
    got = fetch(f"http://news.example:{server.port}/a", allow_private=True, resolve=lambda host, port: ips)
    assert isinstance(got, Fetched)


def test_a_name_in_arabic_is_asked_for_in_ascii(server, connected):
    server.answers["/"] = giving(200, PAGE)
    seen: list[str] = []
    fetch("http://مرصد.example/", resolve=lambda host, port: [seen.append(host) or PUBLIC])
    assert seen == ["xn--ugbdm6d.example"] == [server.asked[0][1]["Host"]]


# --- TLS ---


@pytest.fixture
def certificate(tmp_path):
    """A certificate of news.example that signs itself, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes the certificate, is not installed")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=news.example".split()
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    subprocess.run([*command, "-addext", "subjectAltName=DNS:news.example", *files], check=True, capture_output=True)
    return tmp_path / "cert.pem", tmp_path / "key.pem"


@pytest.fixture
def secure(certificate) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with serving(context) as running:
        running.answers["/"] = giving(200, PAGE)
        yield running


def local(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_a_certificate_of_the_name_that_was_asked_is_accepted(secure, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    got = fetch(f"https://news.example:{secure.port}/", allow_private=True, resolve=local)
    assert isinstance(got, Fetched)
    assert got.data == PAGE


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_of_another_name_is_refused(secure, certificate, monkeypatch, host):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with pytest.raises(FetchError, match=f"no safe connection to {host}"):
        fetch(f"https://{host}:{secure.port}/", allow_private=True, resolve=local)
    assert not secure.asked


def test_a_certificate_that_nobody_vouches_for_is_refused(secure):
    with pytest.raises(FetchError, match=r"no safe connection to news\.example"):
        fetch(f"https://news.example:{secure.port}/", allow_private=True, resolve=local)


# --- size and time ---


def test_a_body_with_a_length_over_the_limit_is_not_read(server):
    server.answers["/"] = giving(200, b"", Content_Length="5000000000")
    with pytest.raises(FetchError, match="larger than 20 MB"):
        fetch(f"{server.url}/", allow_private=True)


def test_a_body_that_does_not_end_is_cut_off_at_the_limit(server):
    def endless(handler: BaseHTTPRequestHandler) -> None:
        send(handler, 200, Content_Length="")
        while True:
            handler.wfile.write(b"x" * 65_536)

    server.answers["/"] = endless
    with pytest.raises(FetchError, match="larger than 1 MB"):
        fetch(f"{server.url}/", allow_private=True, limit=1_000_000)


@pytest.mark.parametrize(("form", "name"), [(31, "gzip"), (15, "deflate")])
def test_a_bomb_is_never_unpacked_beyond_the_limit(server, form, name):
    packer = zlib.compressobj(9, zlib.DEFLATED, form)
    zeros = bytes(1_000_000)
    bomb = b"".join(packer.compress(zeros) for _ in range(40)) + packer.flush()
    assert len(bomb) < 1_000_000
    server.answers["/"] = giving(200, bomb, Content_Encoding=name)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than 2 MB"):
            fetch(f"{server.url}/", allow_private=True, limit=2_000_000)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:])),
        ("GZIP", gzip.compress(PAGE) + bytes(20)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("identity", PAGE),
    ],
)
def test_what_was_packed_on_the_way_is_unpacked(server, encoding, body):
    server.answers["/"] = giving(200, body, Content_Encoding=encoding)
    got = fetch(f"{server.url}/", allow_private=True)
    assert isinstance(got, Fetched)
    assert got.data == PAGE


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", gzip.compress(PAGE)[:-12], "the end is missing"),
        ("gzip", PAGE, "broken"),
        ("deflate", b"\xff\xff\xff", "broken"),
        ("br", PAGE, "not asked for"),
        ("gzip, gzip", PAGE, "not asked for"),
    ],
)
def test_what_cannot_be_unpacked_says_so(server, encoding, body, reason):
    server.answers["/"] = giving(200, body, Content_Encoding=encoding)
    with pytest.raises(FetchError, match=reason):
        fetch(f"{server.url}/", allow_private=True)


def test_a_body_that_breaks_off_is_not_taken_for_the_whole(server):
    server.answers["/"] = giving(200, PAGE, Content_Length=str(len(PAGE) + 5))
    with pytest.raises(FetchError, match="broken"):
        fetch(f"{server.url}/", allow_private=True, timeout=5)


def dripping(start: bytes, drop: bytes, stop: threading.Event) -> Callable[[BaseHTTPRequestHandler], None]:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(start)
        while not stop.wait(0.02):
            handler.wfile.write(drop)

    return drip


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 ", b"1"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "body-with-length", "chunks", "headers", "status", "continue"],
)
def test_a_server_that_drips_is_cut_off_when_the_time_is_over(server, start, drop):
    """Each drop comes well within any limit of a single read."""
    stop = threading.Event()
    server.answers["/"] = dripping(start, drop, stop)
    try:
        with pytest.raises(FetchError, match=r"longer than 0\.3 seconds") as caught:
            fetch(f"{server.url}/", allow_private=True, timeout=0.3)
    finally:
        stop.set()
    assert caught.value.temporary


def test_a_server_that_says_nothing_is_cut_off():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(FetchError, match=r"longer than 0\.2 seconds|not answer in time"):
            fetch(url, allow_private=True, timeout=0.2)


def test_a_resolver_that_hangs_is_not_waited_for():
    stop = threading.Event()

    def hang(host: str, port: int) -> list[str]:
        stop.wait()
        return [PUBLIC]

    try:
        with pytest.raises(FetchError, match="longer than"):
            fetch("http://news.example/", timeout=0.1, resolve=hang)
    finally:
        stop.set()


# --- what servers answer ---


def test_a_port_on_which_nobody_listens_says_so():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FetchError, match=f"127.0.0.1:{port} does not answer") as caught:
        fetch(f"http://127.0.0.1:{port}/", allow_private=True)
    assert caught.value.temporary


def test_what_is_no_http_says_so(server):
    def speak(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"220 mail.example ESMTP\r\n")

    server.answers["/"] = speak
    with pytest.raises(FetchError, match="broken"):
        fetch(f"{server.url}/", allow_private=True)


@pytest.mark.parametrize(
    ("status", "temporary", "remedy"),
    [(401, False, "logged in"), (403, False, "browser"), (404, False, "archive"), (410, False, "archive"),
     (500, True, "later"), (502, True, "later"), (503, True, "later"), (429, True, "seldom")],
)  # fmt: skip
def test_a_refusal_names_its_number_and_what_to_do(server, status, temporary, remedy):
    server.answers["/"] = giving(status, b"no")
    with pytest.raises(FetchError, match=f"answers {status}") as caught:
        fetch(f"{server.url}/", allow_private=True)
    assert caught.value.temporary == temporary
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("status", "written", "expected"),
    [
        (503, "120", NOW + timedelta(seconds=120)),
        (429, "Sun, 08 Dec 2024 07:00:00 GMT", NOW + timedelta(hours=1)),
        (503, "soon", None),
        (503, "99999999999999999999", None),
        (429, "", NOW + timedelta(minutes=1)),
        (500, "120", None),
    ],
)
def test_when_to_ask_again_is_told_as_the_server_told_it(server, status, written, expected):
    server.answers["/"] = giving(status, b"", Retry_After=written)
    with pytest.raises(FetchError) as caught:
        fetch(f"{server.url}/", allow_private=True, clock=lambda: NOW)
    assert caught.value.retry_at == expected


def test_what_did_not_change_is_not_sent_again(server):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers["If-None-Match"] == '"7"'
        send(handler, 304 if same else 200, b"" if same else PAGE, ETag='"7"')

    server.answers["/"] = answer
    assert isinstance(fetch(f"{server.url}/", allow_private=True, etag='"6"'), Fetched)
    got = fetch(f"{server.url}/", allow_private=True, etag='"7"', modified="Sun, 08 Dec 2024 05:00:00 GMT")
    assert isinstance(got, NotModified)
    assert server.asked[1][1]["If-Modified-Since"] == "Sun, 08 Dec 2024 05:00:00 GMT"


def test_a_mark_with_line_breaks_is_not_sent_on(server):
    server.answers["/"] = giving(200, PAGE)
    fetch(f"{server.url}/", allow_private=True, etag='"7"\r\nX-Evil: 1')
    assert not {"If-None-Match", "X-Evil"} & set(server.asked[0][1])


def test_no_change_that_nobody_asked_about_is_an_error(server):
    server.answers["/"] = giving(304)
    with pytest.raises(FetchError, match="answers 304"):
        fetch(f"{server.url}/", allow_private=True)


def test_an_address_has_one_form_however_it_is_written():
    forms = ["http://News.Example", "HTTP://news.example:80/", "http://news.example./#top", " http://news.example/ "]
    assert {target_of(form).address for form in forms} == {"http://news.example/"}
