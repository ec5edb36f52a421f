"""The allow-list at the door: every field is decided on, and none leaves that is not listed, however deep."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad import exporting
from marsad.exporting import outgoing_of
from marsad.grounding.areas import area_of
from marsad.loading.published import published
from marsad.pipeline import reader_of
from marsad.publish.leaving import leaving, paths_of
from marsad.record.sensitive import mark
from marsad.record.store import open_record
from newsroom import add, arrival, said, view

TABLES = list(published())
# Fields whose names are no fixed ones: what was counted.
SETS = ("numbers",)
REPORT = (
    "أعلن المرصد السوري لحقوق الإنسان أن قوات النظام سيطرت أمس الجمعة على معبر نصيب في ريف درعا بعد اشتباكات قتل فيها"
    " ستة عناصر وجرح عشرة، وقال ناشطون إن «الطائرات الروسية قصفت مدرسة في بلدة صيدا» ما أدى إلى مقتل ثلاثة مدنيين."
)
COUNTER = "قالت شبكة محلية إن الطائرات الروسية قصفت يوم الجمعة مدرسة في بلدة صيدا بريف درعا، وقتل تسعة مدنيين."


def paths(table):
    given = published()[table]
    return given.leave | set(given.stay)


def is_decided_on(path, table):
    """Tell whether a path is listed, or is one that would go on where there is something (`share`, `copy_of[]`)."""
    return any(listed == path or listed.startswith((f"{path}.", f"{path}[]")) for listed in paths(table))


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """Give a record of read reports with marks: a source and a place, a claim under embargo that is over."""
    folder = tmp_path_factory.mktemp("leaving")
    with pytest.MonkeyPatch.context() as patch, closing(open_record(str(folder / "r.marsad"))) as record:
        patch.setenv("MARSAD_KEY", str(folder / "key"))
        known = {"published": "2018-07-07", "theatre": "sy"}
        reader = reader_of("sy")
        add(record, arrival(REPORT, "r1", outlet="وكالة النهر", url="https://example.org/1", **known), reader=reader)
        add(record, arrival(COUNTER, "r2", outlet="شبكة السهل", title="صيدا", **known), reader=reader)
        # A second address of the same words, so that a report is told to be a copy.
        add(record, arrival(REPORT, "r3", outlet="موقع السفح", **known), reader=reader)
        add(record, arrival(said("قصفت قوات النظام داعل في 2018-07-05"), "r4", published="2018-07-06"))
        yield record


@pytest.fixture(scope="module")
def marked(record):
    with record.writing("mark") as writing:
        mark(writing, "source", "شبكة السهل", "pseudonym", None, "سلمى", "بطلب منها")
        mark(writing, "place", "C6030", "blur", None, "سلمى", "مأوى نازحين")
        mark(writing, "report", "r4", "embargo", "2018-08-01", "سلمى", "حتى النشر")
    return record


def rows_before(monkeypatch, seen, table):
    """Return the rows of a table as they come to the door."""
    monkeypatch.setattr(exporting, "leaving", lambda table, rows: rows)
    return list(outgoing_of(seen).rows(table))


@pytest.mark.parametrize("role", ["public", "admin"])
@pytest.mark.parametrize("table", TABLES)
def test_every_field_of_every_table_is_one_that_leaves_or_stays(marked, table, role, monkeypatch):
    rows = rows_before(monkeypatch, view(marked, role, area_of=area_of), table)
    met = {path for row in rows for path in paths_of(row, sets=SETS)}
    assert rows
    assert not [path for path in sorted(met) if not is_decided_on(path, table)], "say in published.toml what leaves"


@pytest.mark.parametrize("table", TABLES)
def test_the_list_is_met_by_the_rows_so_that_no_entry_outlives_its_field(marked, table, monkeypatch):
    rows = rows_before(monkeypatch, view(marked, area_of=area_of), table)
    met = {path for row in rows for path in paths_of(row, sets=SETS)}
    known = {"text"} if table == "reports" else set()  # given only to who asks for it
    assert not [path for path in sorted(paths(table) - known) if path not in met and not starts_empty(path, rows)]


def starts_empty(path, rows):
    """Tell whether the path lies in a list or object of which no row has one here."""
    first = path.replace("[]", "").split(".")[0]
    return all(not row[first] for row in rows)


def test_a_field_that_is_new_is_found_by_the_walk():
    row = {"id": "1", "places": [{"lat": 1, "phone": "0"}], "numbers": {"killed": 2}}
    found = set(paths_of(row, sets=SETS))
    assert found == {"id", "places[].lat", "places[].phone", "numbers.*"}
    assert [path for path in found if not is_decided_on(path, "claims")] == ["places[].phone"]


# Names that are listed in some table, where they may stand or not, and others.
NAMES = sorted({step for table in TABLES for path in paths(table) for step in path.replace("[]", "").split(".")})
names = st.one_of(st.sampled_from([name for name in NAMES if name != "*"]), st.text(max_size=6))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=4)),
    max_leaves=15,
)


# What is each of a list, in a path that is written as its steps: no name can be taken for it.
EACH = None


def steps_of(path):
    return tuple(EACH if step == "[]" else step for step in path.replace("[]", ".[]").split("."))


def leaves_of(value, at=()):
    """Yield the path of every plain value that is somewhere in a row, as steps, and the value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves_of(inner, (*at, "*" if at and at[-1] in SETS else key))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves_of(inner, (*at, EACH))
    else:
        yield at, value


def allowed_in(table):
    return {steps_of(path) for path in published()[table].leave}


@given(row=st.dictionaries(names, values, max_size=8), table=st.sampled_from(TABLES))
@settings(max_examples=300, deadline=None)
def test_no_value_leaves_whose_path_is_not_listed_at_any_depth(row, table):
    [left] = leaving(table, [row])
    assert not [path for path, value in leaves_of(left) if value is not None and path not in allowed_in(table)]


@given(row=st.dictionaries(names, values, max_size=8), table=st.sampled_from(TABLES))
@settings(max_examples=300, deadline=None)
def test_what_is_listed_leaves_as_it_is(row, table):
    [left] = leaving(table, [row])
    told = list(leaves_of(left))
    for path, value in leaves_of(row):
        if path in allowed_in(table):
            assert (path, value) in told


def test_names_that_hide_a_path_in_themselves_open_nothing():
    row = {"places[].lat": 1, "places": {"[]": {"lat": 2, "phone": 3}}, "numbers": {"*": {"why": 1}}, "*": 4, "[]": 5}
    [left] = leaving("claims", [row])
    assert "phone" not in json.dumps(left) and "why" not in json.dumps(left)
    assert set(left) <= {"places", "numbers"}


def test_an_unlisted_field_does_not_leave_and_a_listed_one_does():
    row = {"id": "1", "why": ["x"], "actors": [{"text": "a", "id": None, "span": [0, 1]}], "phone": "0"}
    assert list(leaving("claims", [row])) == [{"id": "1", "actors": [{"text": "a", "id": None}]}]


def test_a_list_or_object_where_a_plain_value_is_listed_is_emptied():
    row = {"id": ["1", "2"], "type": {"deep": 1}, "places": "Nasib"}
    assert list(leaving("claims", [row])) == [{"id": [], "type": {}, "places": None}]


def test_rows_leave_one_at_a_time_in_their_order():
    def rows():
        yield {"id": "1"}
        yield {"id": "2"}
        raise AssertionError("asked for too early")

    stream = leaving("claims", rows())
    assert [next(stream)["id"], next(stream)["id"]] == ["1", "2"]


def test_a_table_that_is_none_is_told():
    with pytest.raises(KeyError, match="persons"):
        list(leaving("persons", [{}]))
