"""Columns named by hand, and the key under which a table's header is remembered."""

from __future__ import annotations

import pytest

from marsad.errors import UsageError
from marsad.intake import Columns, header_key


def test_columns_are_parsed_as_a_person_writes_them():
    columns = Columns.parse("text=نص الخبر, published=تاريخ النشر")
    assert columns == Columns({"text": "نص الخبر", "published": "تاريخ النشر"})


def test_an_order_of_days_stands_behind_the_field():
    assert Columns.parse("published:mdy=day").day_order == "mdy"


@pytest.mark.parametrize("written", ["text=a=b", 'text=x,"title=ألف, باء"', "published:dmy=يوم,outlet=ناشر"])
def test_what_columns_write_of_themselves_is_parsed_to_the_same(written):
    columns = Columns.parse(written)
    assert str(columns) == written.replace(" ,", ",")
    assert Columns.parse(str(columns)) == columns


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("texts=a", "no field 'texts'"),
        ("text", "names no column"),
        ("text=", "given no column"),
        ("text=a,text=b", "named twice"),
        ("text:dmy=a", "only the field 'published'"),
        ("published:ymd=a", "no order of dates 'ymd'"),
        ("", "no column is named"),
    ],
)
def test_a_wrong_mapping_is_a_usage_error(written, said):
    with pytest.raises(UsageError, match=said):
        Columns.parse(written)


def test_a_header_has_one_key_in_any_order_and_spelling_of_case():
    assert header_key(["Text", " id"]) == header_key(["id", "text"])
    assert header_key(["id", "text"]) != header_key(["id", "text", "url"])
    assert header_key(["ab", "c"]) != header_key(["a", "bc"])
