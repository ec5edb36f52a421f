"""No byte string makes intake raise."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.intake import Failure, read_inputs, take_in
from marsad.model import Arrival, Report

STARTS = [
    b"",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\x1f\x8b\x08",
    b"PAR1",
    b"<html>",
    b"[{",
    b'{"text": "',
    b"id,text\n",
    b'{"type": "x", "messages": [',
    b'<div class="tgme_widget_message" data-post="a/1">',
    b"PK\x03\x04",
    b"%PDF-1.4\n",
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://e.org/\r\nContent-Length: 90\r\n\r\n"
    b"HTTP/1.1 200 OK\r\n",
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STARTS), st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: t.encode())))
def test_any_bytes_give_reports_or_failures(tmp_path_factory, start, rest):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(start + rest)
    for item in read_inputs([str(path)]):
        assert isinstance(item, Report | Failure)
        assert not isinstance(item, Report) or item.text.encode()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(STARTS), st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: t.encode())))
def test_any_bytes_are_vouched_for_or_refused(tmp_path_factory, start, rest):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(start + rest)
    for item in take_in([str(path)]):
        assert isinstance(item, Arrival | Failure)
        assert isinstance(item, Failure) or item.capture.size in (len(start + rest), len(item.capture.original or b""))
