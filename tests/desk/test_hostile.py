"""What is hostile in a report, a file, a header or an address: nothing of it runs, leads away, or breaks the desk."""

from __future__ import annotations

import gzip
import io
import zipfile
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from marsad.desk.guard import LARGEST, POLICY
from newsroom import add, arrival, said, view

SCRIPT = "<script>window.ran=1</script><img src=x onerror=window.ran=2><svg onload=window.ran=3>"
TRICKS = {
    "scripts": SCRIPT,
    "the end of a script": "</script></title></textarea></style><script>window.ran=4</script>",
    "an attribute": "\"><b autofocus onfocus=window.ran=5>' onmouseover='window.ran=6",
    "a template": "{{ 7*7 }}{% raw %}${7*7}",
    "bidi": "\u202e\u202d\u2066\u2067قصف\u2069\u2069\u202c" * 20,
    "zero width": "\u200b\u200c\u200d\ufeff" * 10_000,
    "one line": "داعل " * 30_000,
    "signs of control": "\x01\x02\x1f\x7f\x85\u2028\u2029",
    "marks on marks": "ا" + "\u0651\u064b" * 5_000,
    "an address": "javascript:window.ran=7 data:text/html,<script>window.ran=8</script>",
}
NAMES = [
    "../../etc/passwd.txt", "..\\..\\windows\\win.txt", "/etc/passwd.txt", "a\x00b.txt", "a\nb: c.txt",
    "." * 300 + ".txt",
    "<script>window.ran=9</script>.txt", "\u202etxt.exe", "", " ", "con.txt", "a" * 400,
]  # fmt: skip


class Seen(HTMLParser):
    """What of a page would run or load, by a parser's reading of it."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in ("script", "svg", "iframe", "object", "embed", "base", "style") and not given.get(
            "src", ""
        ).startswith("/static/"):
            self.found.append((tag, given))
        for name, value in given.items():
            if (
                name.startswith("on")
                or name == "style"
                or ((value or "").strip().lower().startswith(("javascript:", "data:")) and value != "data:,")
            ):
                self.found.append((tag, name, value))
            # The empty icon keeps browsers from asking for one.
            if name in ("src", "href", "action") and not (value or "").startswith(("/", "#")) and value != "data:,":
                self.found.append((tag, name, value))

    def handle_data(self, data):
        self.text.append(data)


def checked(answer):
    assert answer.status_code < 500, answer.url
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.headers.get("content-type", "").startswith("text/html") and "/map" not in str(answer.url):
        assert answer.headers["content-security-policy"] == POLICY
        assert Seen(answer.text).found == [], answer.url
    return answer


@pytest.fixture
def hostile(record):
    """Put a report with a trick in every field into the record, for each of the tricks."""
    for n, (_, trick) in enumerate(TRICKS.items()):
        fields = {"title": trick[:5000], "outlet": trick[:300], "url": f"javascript:window.ran={n}//{trick[:50]}"}
        day = f"2018-07-{10 + n}"
        text = f"{said(f'قصفت قوات النظام داعل في {day}', by='مصدر')}. {trick}"
        add(record, arrival(text, f"h{n}", published=day, address=f"<script>{n}", **fields))
    return record


def pages_of(record):
    claims = list(view(record).claims())
    yield from ("/", "/claims", "/incidents", "/reports", "/review", "/intake", "/digest", "/map", "/audit", "/people")
    yield from (f"/claims/{claim['id']}" for claim in claims)
    yield from (f"/incidents/{claim['incident']}" for claim in claims)
    yield from (f"/reports/h{n}" for n in range(len(TRICKS)))
    yield from (f"/search?q={quote(word)}" for word in ("داعل", "script", SCRIPT, "\u202e", "a" * 3_000, "\x00"))


def test_nothing_that_a_report_says_becomes_part_of_a_page(browser, hostile):
    admin = browser("admin")
    for n, path in enumerate(pages_of(hostile)):
        checked(admin.get(path, headers={"accept-language": ("ar", "en")[n % 2]}))


def test_every_word_of_a_hostile_report_can_be_read(browser, hostile):
    page = Seen(browser("reader").get("/reports/h0").text)
    assert SCRIPT in "".join(page.text)


def test_nothing_that_a_report_says_becomes_part_of_an_answer_to_a_program(program, hostile):
    for path in ("/api/claims", "/api/reports", "/api/incidents", "/api/search?q=script"):
        answer = checked(program("admin").get(path))
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("named", NAMES, ids=ascii)
def test_a_file_of_any_name_is_taken_in_and_leaves_nothing_behind(browser, record, tmp_path, monkeypatch, named):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sent = {"files": (named, "قصفت قوات النظام داعل".encode(), "text/plain")}
    answer = checked(browser("coder").post("/intake", files=sent, data={"published": "2018-07-08"}))
    assert answer.status_code in (303, 400, 422)
    assert [path for path in tmp_path.rglob("*") if path.is_file() and "observatory" not in path.name] == []
    told = checked(browser("admin").get("/intake")).text
    assert str(tmp_path) not in told


def packed(size):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.txt", "قصفت قوات النظام داعل")
        archive.writestr("big.txt", b"\0" * size)
    return held.getvalue()


@pytest.mark.parametrize(
    ("named", "sent"),
    [
        ("bomb.zip", lambda: packed(300 << 20)), ("bomb.jsonl.gz", lambda: gzip.compress(b" " * (300 << 20), 1)),
        ("bomb.txt.gz", lambda: gzip.compress(b"a" * (300 << 20), 1)), ("cut.zip", packed(10)[:-30]),
        ("lone.jsonl", b'{"id": "x", "text": "\\ud800 \\udfff"}'),
        ("nul.jsonl", b'{"id": "\\u0000", "text": "a\\u0000b"}'),
        ("deep.jsonl", b"[" * 100_000), ("latin.txt", "é".encode("latin-1") * 100), ("nothing.txt", b""),
        ("page.html", SCRIPT.encode()), ("line.txt", "داعل ".encode() * 300_000),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_hostile_file_is_taken_in_or_refused_and_the_desk_goes_on(browser, record, named, sent):
    sent = sent() if callable(sent) else sent
    assert len(sent) < LARGEST
    coder = browser("coder")
    answer = checked(coder.post("/intake", files={"files": (named, sent)}))
    assert answer.status_code in (303, 400, 413)
    for path in ("/", "/intake", "/reports", "/claims"):
        assert checked(coder.get(path)).status_code == 200
    assert not [row for row in view(record).reports() if "evil" in row["id"]] or named == "bomb.zip"


def test_a_text_that_is_pasted_with_what_no_text_has_is_taken_or_refused(browser, record):
    coder = browser("coder")
    for text in ("\x00" * 50, "a\x00b", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", TRICKS["zero width"]):
        answer = checked(coder.post("/intake", data={"text": text, "published": "2018-07-08"}))
        assert answer.status_code in (303, 400, 422)
    assert checked(coder.get("/intake")).status_code == 200


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in parts"])
def test_thirty_megabytes_are_refused(browser, record, told):
    body = b"x" * (30 << 20)
    parts = (body[at : at + (1 << 20)] for at in range(0, len(body), 1 << 20))
    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = browser("coder").post("/intake", content=body if told else parts, headers=headers)
    assert answer.status_code == 413 and answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.test"}, {"host": "evil.test/<script>"}, {"x-forwarded-host": "evil.test"},
        {"x-forwarded-for": "1.2.3.4, 5.6.7.8" * 100}, {"x-forwarded-proto": "javascript"},
        {"forwarded": "host=evil.test"},
        {"x-original-url": "/people"}, {"x-rewrite-url": "/people"}, {"x-http-method-override": "POST"},
        {"accept-language": "\x7f<script>"}, {"if-none-match": "*" * 5_000},
        {"cookie": "marsad_session=%00; marsad_language=../x"},
        {"authorization": "Bearer \xff\xfe"}, {"authorization": "Bearer " + "a" * 50_000},
        {"range": "bytes=0-1,2-3,4-"},
    ],
    ids=str,
)  # fmt: skip
def test_no_header_is_believed_that_should_not_be(browser, record, headers):
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    for path in ("/", "/sign-in", "/claims", "/api/claims"):
        answer = checked(browser("reader").get(path, headers=sent))
        assert "evil" not in answer.text and "evil" not in answer.headers.get("location", "")
    assert checked(browser("reader").get("/people", headers=sent)).status_code in (303, 403)


@pytest.mark.parametrize(
    "next",
    [
        "https://evil.test", "//evil.test", "/\\evil.test", "\\\\evil.test", "/\t/evil.test", "/\n/evil.test",
        " //evil.test",
        "javascript:alert(1)", "data:text/html,x", "///evil.test", "/%5cevil.test", "http:evil.test", "", "/\x00",
        "/\u2028//evil.test",
        "/claims\r\nset-cookie: a=b", "https:/evil.test", "/./\\evil.test", "@evil.test", ".evil.test",
    ],
    ids=ascii,
)  # fmt: skip
def test_no_address_leads_away_from_the_desk(browser, record, next):
    from desk.conftest import PASSWORD

    for path, data in (
        ("/sign-in", {"name": "reader", "password": PASSWORD, "next": next}),
        ("/speak", {"lang": "en", "next": next}),
    ):
        answer = browser().post(path, data=data)
        where = answer.headers.get("location", "/")
        assert answer.status_code in (303, 422) and where.startswith("/") and not where.startswith(("//", "/\\")), where
        assert "set-cookie: a" not in str(answer.headers) and "\n" not in where
    page = checked(browser().get("/sign-in", params={"next": next}))
    assert "evil.test" not in page.text or 'value="/%5cevil.test"' in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../access.py", "/static/..%2faccess.py", "/static/%2e%2e/app.py", "/static/..\\app.py",
        "/static/desk.css%00.js",
        "/claims/../people", "/claims/%00", "/claims/" + "a" * 5_000, "/incidents/%ff",
        "/reports/..%2f..%2fetc%2fpasswd",
        "/reports/%F0%9F", "/claims?first=2018-02-30", "/claims?known_by=9999-99-99", "/digest?on=0000-00-00",
        "/digest?on=9999-12-31", "/digest?on=0001-01-01", "/claims?known_by=0001-01-01",
        "/claims?known_by=9999-12-31T23:59:59",
        "/map?first=9999-12-31", "/map?first=2018-02-30", "/claims?first=٢٠١٨-٠٧-٠٦", "/claims/x?known_by=yesterday",
        "/incidents/x?known_by=1", "/search?q=%00", "/search?q=" + quote('"*" OR NEAR('), "/search?q=%F0%9F",
        "/search?known_by=x&q=a",
        "/claims?under=%00", "/claims?actor=" + quote("'; drop table claim; --"), "/reports?source=%00",
        "/audit?person=%00",
        "/claims?certainty=nan", "/claims?certainty=1e999", "/claims?independent=99999999999999999999",
        "/claims?unknown=1",
        "/claims?type=shelling&type=takeover",
    ],
    ids=lambda path: path[:60],
)  # fmt: skip
def test_no_address_breaks_the_desk(browser, record, path):
    answer = checked(browser("admin").get(path))
    assert answer.status_code in (200, 303, 400, 404, 422)
    assert "Traceback" not in answer.text and "/src/" not in answer.text and "sqlite" not in answer.text.lower()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("decide", {"kind": "accept", "reason": "\x1f\x00"}), ("decide", {"kind": "reject",
        "reason": "\ud800".encode("utf-8", "surrogatepass")}),
        ("decide", {"kind": "x" * 10_000}), ("correct", {"fields": "[" * 50_000}), ("correct",
        {"fields": '{"date": "2018-02-30"}'}),
        ("correct", {"fields": '{"numbers": {"killed": 1e999}}'}), ("correct", {"fields": '{"date": "\\ud800"}'}),
        ("correct", {"fields": "null"}), ("correct", {"fields": '{"places": [null]}'}), ("correct",
        {"fields": '{"numbers": {"killed": NaN}}'}),
        ("undo", {"of": "\x00"}), ("correct", {"fields": '{"numbers": {"killed": ' + "9" * 5_000 + "}}"}),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_no_form_breaks_the_desk(browser, record, claim, path, data):
    answer = checked(browser("coder").post(f"/claims/{claim}/{path}", data=data))
    assert answer.status_code in (303, 400, 422), answer.text
    assert checked(browser("coder").get(f"/claims/{claim}")).status_code == 200
