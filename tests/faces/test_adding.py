"""`marsad add`, `watch`, `intake`, `fuse`: what comes in is kept once, what cannot be read is told with its remedy."""

from __future__ import annotations

import gzip
import http.server
import io
import json
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest

from marsad.faces import cli
from marsad.faces.cli import main
from newsroom import PlainReader, said

FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>صحيفة النهر</title>{items}</channel></rss>'
ITEM = "<item><title>خبر {n}</title><link>{base}/article/{n}</link><guid>g{n}</guid></item>"
ARTICLE = "<!DOCTYPE html><html><body><article><h1>خبر {n}</h1><p>{text}</p></article></body></html>"


@pytest.fixture(autouse=True)
def plain_reader(monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "make_reader", lambda theatre, outlet: PlainReader())
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    for name in ("MARSAD_RECORD", "MARSAD_ROLE", "MARSAD_PERSON"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def address(tmp_path):
    return str(tmp_path / "observatory.marsad")


@pytest.fixture
def marsad(address, capsys):
    """Give what runs a command on the record and returns its exit code, its lines (JSON parsed) and its talk."""

    def run(*words, as_jsonl=False):
        try:
            code = main(["--record", address, *map(str, words), *(["--as", "jsonl"] if as_jsonl else [])])
        except SystemExit as left:
            code = left.code
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()] if as_jsonl else out.splitlines(), err

    return run


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def jsonl(*rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) if isinstance(row, dict) else row for row in rows)


def shown(marsad, *words):
    code, rows, err = marsad(*words, as_jsonl=True)
    assert code == 0, err
    return rows


# --- what is taken in ---


def test_what_is_added_is_counted_and_there(marsad, write):
    file = write("a.jsonl", jsonl({"id": "خبر-1", "text": said(killed=3)}, {"id": "خبر-2", "text": said(by="ناشط")}))
    code, out, err = marsad("add", file)
    assert (code, out) == (0, [])
    assert "2 new, 0 changed, 0 known already reports; 2 claims; 0 inputs not read" in err
    assert {row["id"] for row in shown(marsad, "reports")} == {"خبر-1", "خبر-2"}
    assert all(row["incident"] for row in shown(marsad, "claims")), "what is added is fused"


def test_the_same_command_again_adds_nothing(marsad, write):
    file = write("a.jsonl", jsonl({"id": "1", "text": said()}, {"text": said(killed=4)}))
    marsad("add", file)
    before = shown(marsad, "claims")
    code, _, err = marsad("add", file)
    assert code == 0 and "0 new, 0 changed, 2 known already reports; 0 claims" in err
    assert shown(marsad, "claims") == before and len(shown(marsad, "intake")) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", said()),
        ("a.html", f"<!DOCTYPE html><html><body><p>{said()}</p></body></html>"),
        ("a.json", json.dumps({"text": said()})),
        ("a.csv", f"text,id\n{said()},17\n"),
        ("a.jsonl.gz", gzip.compress(jsonl({"text": said()}).encode())),
        ("result.json", json.dumps({"type": "channel", "id": 5, "name": "قناة", "messages": [
            {"id": 8, "type": "message", "date": "2018-07-06T12:00:00", "text": [said()]}]})),
    ],
)  # fmt: skip
def test_each_kind_of_file_is_told_by_its_content(marsad, write, name, content):
    code, _, err = marsad("add", write(name, content))
    assert code == 0 and "1 new" in err and "1 claims" in err
    [taken] = shown(marsad, "intake")
    assert taken["reports"] == 1 and len(taken["sha256"]) == 64


def test_standard_input_is_taken(marsad, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said().encode())))
    assert marsad("add", "-")[0] == 0
    assert [row["address"] for row in shown(marsad, "intake")] == ["standard input"]


def test_what_reports_do_not_say_is_as_the_options_say(marsad, write):
    file = write(
        "a.jsonl", jsonl({"text": said()}, {"text": said(killed=2), "outlet": "وكالة", "published": "2018-07-01"})
    )
    assert marsad("add", file, "--published", "2018-07-06", "--outlet", "مرصد", "--theatre", "sy")[0] == 0
    rows = {(row["outlet"], row["published"], row["theatre"]) for row in shown(marsad, "reports")}
    assert rows == {("مرصد", "2018-07-06", "sy"), ("وكالة", "2018-07-01", "sy")}


def test_columns_that_were_named_are_remembered_for_tables_with_the_same_header(marsad, write):
    one = write("one.csv", f"نص الخبر,يوم\n{said(killed=1)},05/07/2018\n")
    other = write("two.csv", f"نص الخبر,يوم\n{said(killed=2)},06/07/2018\n")
    assert marsad("add", one, "--columns", "text=نص الخبر,published:dmy=يوم")[0] == 0
    assert marsad("add", other)[0] == 0
    assert [row["published"] for row in shown(marsad, "reports")] == ["2018-07-06", "2018-07-05"]


def test_a_prefix_stands_before_every_id(marsad, write):
    assert marsad("add", write("a.csv", f"id,text\n17,{said()}\n"), "--id-prefix", "مرصد-")[0] == 0
    assert [row["id"] for row in shown(marsad, "reports")] == ["مرصد-17"]
    assert [row["report"] for row in shown(marsad, "claims")] == ["مرصد-17"]
    assert [row["reports"] for row in shown(marsad, "incidents")] == [["مرصد-17"]]


def test_the_place_of_the_record_is_that_of_the_option_else_of_the_environment(tmp_path, write, monkeypatch):
    file = write("a.txt", said())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARSAD_RECORD", "named.marsad")
    assert main(["add", file]) == 0 and (tmp_path / "named.marsad").exists()
    assert main(["add", file, "--record", "nearer.marsad"]) == 0 and (tmp_path / "nearer.marsad").exists()
    monkeypatch.delenv("MARSAD_RECORD")
    assert main(["add", file]) == 0 and (tmp_path / "observatory.marsad").exists()


# --- what cannot be read ---


def failed(marsad):
    return [(row["address"], row["row"], row["reason"], row["remedy"]) for row in shown(marsad, "intake", "--failed")]


def test_a_file_that_is_no_record_is_refused_as_one_and_left_as_it_is(marsad, write, address):
    junk = b"this is no record " * 200
    Path(address).write_bytes(junk)
    code, out, err = marsad("add", write("a.txt", said()))
    assert (code, out) == (1, []) and address in err and "it is no record; name another file with --record" in err
    assert Path(address).read_bytes() == junk


def test_a_record_of_a_newer_version_is_refused_with_what_to_do(marsad, write, address):
    marsad("add", write("a.txt", said()))
    with closing(sqlite3.connect(address)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    code, _, err = marsad("add", write("b.txt", said(killed=2)))
    assert code == 1 and address in err and "newer" in err and "install" in err.lower()


def test_a_day_in_the_future_is_a_failure_of_its_row(marsad, write):
    file = write("a.csv", f"id,text,published\n1,{said()},2018-07-06\n2,{said(killed=2)},2999-01-01\n")
    code, _, err = marsad("add", file)
    assert code == 1 and "1 new" in err and f"{file}, row 3: " in err and "2999-01-01" in err
    [(where, row, reason, remedy)] = failed(marsad)
    assert (where, row) == (file, 3) and "future" in reason and remedy


def test_of_an_export_with_broken_messages_the_rest_is_taken(marsad, write):
    def message(n, **fields):
        given = {"id": n, "type": "message", "date": "2018-07-06T12:00:00", "text": said(killed=n)}
        return {**given, **fields}

    broken = [message(3, text=None), "no message", message(5, date="yesterday")]
    messages = [message(1), message(2), *broken, message(6), {"id": 7, "type": "service", "text": ""}]
    file = write("result.json", json.dumps({"type": "channel", "id": 5, "name": "قناة", "messages": messages}))
    code, _, err = marsad("add", file)
    assert code == 1 and "3 new" in err and "3 inputs not read" in err and "`marsad intake --failed`" in err
    assert sorted(row["id"] for row in shown(marsad, "reports")) == [f"telegram/5/{n}" for n in (1, 2, 6)]
    assert sorted(row for _, row, _, _ in failed(marsad)) == [3, 4, 5]
    assert all(where == file and reason and remedy for where, _, reason, remedy in failed(marsad))
    code, lines, _ = marsad("intake", "--failed")
    assert code == 0 and len(lines) == 3 and all(file in line for line in lines)
    assert marsad("add", file)[0] == 1 and len(failed(marsad)) == 3, "the same failure is kept once"


@pytest.mark.parametrize(
    ("name", "content", "reason", "remedy"),
    [
        ("empty.txt", "", "it is empty", "give it a report"),
        ("latin.txt", "No Arabic here", "no Arabic letter", "give the Arabic original"),
        ("lines.jsonl", '{"text": "' + said() + '"}\n{"text": \n', "broken JSON", "mend the line"),
        ("table.csv", "id,words\n1,2\n", "it has no field 'text'", "name it as a column"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "it is a picture", "write its text out first"),
        ("old.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 50, "an old office document", "save it as text"),
        ("theatre.jsonl", jsonl({"text": said(), "theatre": "xx"}), "there is no theatre 'xx'", "name one of"),
    ],
)
def test_a_bad_input_is_named_with_its_remedy_and_the_others_are_taken(marsad, write, name, content, reason, remedy):
    file, good = write(name, content), write("good.txt", said(killed=9))
    code, _, err = marsad("add", file, good)
    assert code == 1 and f"{file}" in err and reason in err and remedy in err
    [(where, _, kept, mend)] = failed(marsad)
    assert where == file and reason in kept and remedy in mend
    assert 9 in [row["numbers"].get("killed") for row in shown(marsad, "claims")]


def test_an_empty_folder_and_a_missing_file_are_named(marsad, tmp_path, write):
    (tmp_path / "empty").mkdir()
    code, _, err = marsad("add", tmp_path / "empty", "no-such-file", write("a.txt", said()))
    assert code == 1 and "1 new" in err
    assert f"{tmp_path / 'empty'}: the folder holds no file; name one that does" in err
    assert "no-such-file: there is no such file or folder; check the name" in err


def test_an_id_of_two_reports_is_a_failure_and_a_prefix_mends_it(marsad, write):
    marsad("add", write("one.csv", f"id,text,outlet\n17,{said()},مرصد\n"))
    other = write("two.csv", f"id,text,outlet\n17,{said('انسحبت الفصائل من عندان في 2018-07-07')},وكالة\n")
    code, _, err = marsad("add", other)
    assert code == 1 and f"{other}, row 2: its id is that of another report already" in err and "--id-prefix" in err
    assert marsad("add", other, "--id-prefix", "b-")[0] == 0
    assert {row["id"] for row in shown(marsad, "reports")} == {"17", "b-17"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--published", "yesterday"], "yesterday"),
        (["--columns", "words=نص"], "a report has no field 'words'"),
        (["--columns", "nonsense"], "names no column"),
    ],
)
def test_a_wrong_question_is_exit_code_2_and_begins_no_record(marsad, write, tmp_path, words, reason):
    code, out, err = marsad("add", write("a.txt", said()), *words)
    assert (code, out) == (2, []) and reason in err
    assert not (tmp_path / "observatory.marsad").exists()


def test_an_unknown_theatre_is_exit_code_2_and_begins_no_record(marsad, write, tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("MARSAD_KEY", str(tmp_path / "key"))
    code, out, err = marsad("add", write("a.txt", said()), "--theatre", "xx")
    assert (code, out) == (2, []) and "'xx'" in err and "sy" in err
    assert not (tmp_path / "observatory.marsad").exists()


def test_a_record_that_is_not_there_is_not_begun_by_asking(marsad, address, tmp_path):
    for command in (["intake"], ["fuse"], ["reports"]):
        code, out, err = marsad(*command)
        assert (code, out) == (1, []) and f"{address}: there is no such record; `marsad --record" in err
    assert not (tmp_path / "observatory.marsad").exists()


# --- from the network ---


@pytest.fixture
def site():
    """Give a site on this machine: its pages by path, and its address."""

    class Site(http.server.BaseHTTPRequestHandler):
        pages: ClassVar[dict[str, tuple[str, str]]] = {}

        def do_GET(self):
            kind, body = self.pages.get(self.path, ("", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Site.pages.clear()
    yield Site.pages, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def feed(site, monkeypatch):
    """Give a feed of two articles, asked without pauses; what adds a third."""
    pages, base = site
    monkeypatch.setattr("marsad.intake.watching.Pace.wait", lambda *_: None)

    def publish(count):
        items = "".join(ITEM.format(n=n, base=base) for n in range(1, count + 1))
        pages["/rss"] = ("application/rss+xml", FEED.format(items=items))
        for n in range(1, count + 1):
            text = f"{said('قصفت قوات النظام داعل', killed=n, beside=n)}. {said('انسحبت الفصائل من عندان')}"
            pages[f"/article/{n}"] = ("text/html; charset=utf-8", ARTICLE.format(n=n, text=text))

    publish(2)
    return base, publish


def test_the_articles_behind_a_feed_are_taken(marsad, feed):
    base, _ = feed
    code, _, err = marsad("add", f"{base}/rss", "--allow-private", "--published", "2018-07-06")
    assert code == 0 and "2 new" in err
    rows = shown(marsad, "reports")
    assert {row["url"] for row in rows} == {f"{base}/article/{n}" for n in (1, 2)}
    assert {(row["outlet"], row["published"]) for row in rows} == {("صحيفة النهر", "2018-07-06")}
    assert all(row["kept"] for row in shown(marsad, "intake"))


def test_an_address_of_this_machine_is_refused_unless_allowed(marsad, feed):
    base, _ = feed
    code, _, err = marsad("add", f"{base}/rss")
    assert code == 1 and f"{base}/rss" in err and "private" in err
    assert len(failed(marsad)) == 1 and not shown(marsad, "reports")


def test_a_feed_that_answers_with_a_page_without_a_report_is_a_failure(marsad, site):
    pages, base = site
    pages["/rss"] = ("text/html", "<!DOCTYPE html><html><body><p>Please log in</p></body></html>")
    code, _, err = marsad("add", f"{base}/rss", "--allow-private")
    assert code == 1 and f"{base}/rss" in err and "0 new" in err
    [(where, _, reason, remedy)] = failed(marsad)
    assert where == f"{base}/rss" and reason and remedy


def sources(write, *tables):
    lines = ["[[source]]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in t.items()) for t in tables]
    return write("sources.toml", "\n\n".join(lines))


def make_due(address):
    """Make every source due, as if its time had passed."""
    with closing(sqlite3.connect(address)) as connection:
        for n, state in connection.execute("SELECT n, state FROM poll").fetchall():
            due = json.dumps({**json.loads(state), "due": "1970-01-01T00:00:00+00:00"})
            connection.execute("UPDATE poll SET state = ? WHERE n = ?", (due, n))
        connection.commit()


def test_a_watch_takes_what_is_new_and_only_that(marsad, feed, write, address):
    base, publish = feed
    list = sources(write, {"name": "النهر", "url": f"{base}/rss", "allow_private": True})
    code, _, err = marsad("watch", list, "--once")
    assert code == 0 and "2 new" in err
    code, _, err = marsad("watch", list, "--once")
    assert code == 0 and "0 new, 0 changed, 0 known already" in err, "it is not due yet"
    make_due(address)
    code, _, err = marsad("watch", list, "--once")
    assert code == 0 and "0 new, 0 changed, 0 known already" in err
    publish(3)
    make_due(address)
    code, _, err = marsad("watch", list, "--once")
    assert code == 0 and "1 new" in err
    assert len(shown(marsad, "reports")) == 3 and all(row["incident"] for row in shown(marsad, "claims"))


def test_a_bad_source_does_not_stop_a_good_one(marsad, feed, write):
    base, _ = feed
    bad = {"name": "معطل", "url": f"{base}/gone", "kind": "feed", "allow_private": True}
    good = {"name": "النهر", "url": f"{base}/rss", "allow_private": True}
    code, _, err = marsad("watch", sources(write, bad, good), "--once")
    assert code == 1 and "2 new" in err and f"{base}/gone" in err
    assert [where for where, *_ in failed(marsad)] == [f"{base}/gone"]


def test_a_watch_without_end_fuses_what_each_round_brings(marsad, feed, write, address, monkeypatch):
    base, _ = feed
    list = sources(write, {"name": "النهر", "url": f"{base}/rss", "allow_private": True})
    seen = []

    def sleep(_):
        with closing(sqlite3.connect(address)) as connection:
            seen.append(connection.execute("SELECT count(*) FROM membership").fetchone()[0])
        raise KeyboardInterrupt

    monkeypatch.setattr("marsad.intake.watching.watch.__kwdefaults__", {**_defaults_of_watch(), "sleep": sleep})
    assert marsad("watch", list)[0] == 0
    assert seen[0] >= 4


def _defaults_of_watch():
    from marsad.intake.watching import watch

    return watch.__kwdefaults__


def test_a_list_of_sources_that_is_wrong_is_exit_code_2_and_begins_no_record(marsad, write, tmp_path):
    code, _, err = marsad("watch", write("sources.toml", "[[source]]\nname = 'x'\n"), "--once")
    assert code == 2 and "it has no url" in err and not (tmp_path / "observatory.marsad").exists()


# --- intake and fuse ---


def test_intake_lists_what_came_in_the_latest_first(marsad, write):
    one, other = write("one.txt", said()), write("two.csv", f"text\n{said(killed=2)}\n")
    marsad("add", one)
    marsad("add", other)
    code, lines, _ = marsad("intake")
    assert code == 0 and other in lines[0] and "reference" in lines[0] and one in lines[1] and "kept" in lines[1]


def test_intake_hides_from_the_public_what_is_marked(marsad, write, address):
    marsad("add", write("one.jsonl", jsonl({"id": "1", "text": said(), "outlet": "شبكة ضفاف النهر"})))
    from marsad.record.sensitive import mark
    from marsad.record.store import open_record

    with closing(open_record(address)) as record, record.writing("mark") as writing:
        mark(writing, "source", "شبكة ضفاف النهر", "pseudonym", None, "هدى", "طلب المصدر")
    code, [line], _ = marsad("intake")
    assert code == 0 and line.endswith("[withheld]") and "one.jsonl" not in line
    assert "one.jsonl" in marsad("intake", "--role", "admin")[1][0]
    assert "one.jsonl" not in "".join(marsad("reports")[1]) and "ضفاف" not in "".join(marsad("reports")[1])


def test_fuse_brings_what_was_not_fused_into_incidents_and_then_has_nothing_to_do(marsad, write, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("marsad.adding.Adding.fuse", lambda *_: None)
        marsad("add", write("a.txt", said()))
    assert [row["incident"] for row in shown(marsad, "claims")] == [None]
    code, [line], _ = marsad("fuse")
    assert code == 0 and json.loads(line) == {"placed": 1, "founded": 1, "merged": 0, "changed": 1}
    assert json.loads(marsad("fuse")[1][0])["placed"] == 0
