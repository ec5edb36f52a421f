"""No byte string makes intake raise."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.intake import Failure, read_inputs
from marsad.model import Report

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
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STARTS), st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: t.encode())))
def test_any_bytes_give_reports_or_failures(tmp_path_factory, start, rest):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(start + rest)
    for item in read_inputs([str(path)]):
        assert isinstance(item, Report | Failure)
        assert not isinstance(item, Report) or item.text.encode()
