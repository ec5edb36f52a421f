"""HXL: the library of the standard's makers reads every row by its hashtags and finds no error."""

from __future__ import annotations

import json
import re

import hxl
import pytest

from marsad.loading.published import published
from marsad.publish.flat import columns_of
from marsad.publish.formats import TABLES
from marsad.publish.formats.hxl import write
from publish.formats.back import in_one, soundly

# The hashtags of the HXL 1.1 dictionary (hxlstandard.org/standard/1-1final/dictionary, released 2018-04-30).
CORE = set(
    "#access #activity #adm1 #adm2 #adm3 #adm4 #adm5 #affected #beneficiary #capacity #cause #channel #contact #country"
    " #crisis #currency #date #description #event #frequency #geo #group #impact #indicator #inneed #item #loc #meta"
    " #modality #need #operations #org #output #population #reached #region #respondee #sector #service #severity"
    " #status #subsector #targeted #value".split()
)
# Attributes of the dictionary that only some hashtags take, of those that the tables use.
ONLY_WITH = {
    "+lat": {"#geo"}, "+lon": {"#geo"}, "+start": {"#date"}, "+end": {"#date"}, "+reported": {"#date"},
    "+occurred": {"#date"}, "+killed": {"#affected"}, "+injured": {"#affected"}, "+id": {"#meta"}, "+source": {"#meta"},
    "+url": {"#meta"}, "+text": {"#indicator"}, "+num": {"#indicator"},
    "+code": {"#country", "#adm1", "#loc", "#event", "#group"},
    "+name": {"#adm1", "#loc", "#event", "#group"}, "+type": {"#loc", "#event"},
}  # fmt: skip
# Where it says something else: of a table's own, not of a date or a number of persons.
OTHERWISE = {"#indicator+killed+text", "#indicator+injured+text", "#meta+basis+start"}


def read(path):
    return hxl.data(str(path), hxl.InputOptions(allow_local=True))


def written(out, table, tmp_path):
    write(out, table, tmp_path / "out.csv")
    return tmp_path / "out.csv"


def tags():
    return [(table, column) for table in published() for column in columns_of(table)]


@pytest.mark.parametrize(("table", "column"), tags(), ids=lambda x: getattr(x, "name", x))
def test_every_hashtag_is_of_the_dictionary_and_every_attribute_stands_where_it_may(table, column):
    parsed = hxl.model.Column.parse(column.hxl, use_exception=True)
    assert parsed.tag in CORE
    for attribute in parsed.attributes:
        if column.hxl not in OTHERWISE:
            assert parsed.tag in ONLY_WITH.get(f"+{attribute}", CORE), f"{column.hxl}: +{attribute} is not for it"


@pytest.mark.parametrize("table", TABLES)
def test_no_two_columns_of_a_table_have_the_same_tag_and_attributes(table):
    parsed = [hxl.model.Column.parse(column.hxl) for column in columns_of(table)]
    assert len({(column.tag, frozenset(column.attributes)) for column in parsed}) == len(parsed)


@pytest.mark.parametrize("table", TABLES)
def test_the_library_reads_the_tags_the_names_and_every_value(outgoing, table, tmp_path):
    got = read(written(outgoing, table, tmp_path))
    columns = columns_of(table)
    assert got.headers == [c.name for c in columns]
    assert [c.display_tag for c in got.columns] == [hxl.model.Column.parse(c.hxl).display_tag for c in columns]
    assert [row.values for row in got] == [[cell(row[c.name]) for c in columns] for row in outgoing.flat(table)]


def cell(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else str(in_one(value))
    return f"'{text}" if isinstance(value, str | list) and text.startswith(("=", "+", "-", "@")) else text


@pytest.mark.parametrize("table", TABLES)
def test_the_schema_of_the_library_finds_no_error(given, table, tmp_path):
    found = []
    hxl.schema(callback=found.append).validate(read(written(given, table, tmp_path)))
    assert not [str(error) for error in found if error.rule.severity == "error"]


def test_the_schema_would_find_a_wrong_tag(outgoing, tmp_path):
    path = written(outgoing, "claims", tmp_path)
    path.write_text(path.read_text("utf-8").replace("#indicator+killed+text", "#affected+killed", 1), "utf-8")
    found = []
    hxl.schema(callback=found.append).validate(read(path))
    assert [error for error in found if error.rule.severity == "error"]


def test_odd_letters_come_back_each_end_of_a_line_as_the_library_has_it(odd, tmp_path):
    got = [row.get("#description+i_ar-trigger") for row in read(written(odd(), "claims", tmp_path))]
    meant = [re.sub("\r\n?", "\n", soundly(row["evidence"])) for row in odd().flat("claims")]
    assert [(text or "").removeprefix("'") for text in got] == meant


def test_the_metadata_say_that_two_rows_are_heading(outgoing, tmp_path):
    path = written(outgoing, "reports", tmp_path)
    told = json.loads(path.with_name("out.csv-metadata.json").read_text("utf-8"))
    assert told["dialect"]["headerRowCount"] == 2 and told["dc:rights"] == outgoing.about.licence
    assert told["tableSchema"]["columns"][0]["titles"] == ["id", "#meta+id"]
