"""codebook/published.toml: what it says, and what of it is refused."""

from __future__ import annotations

import pytest

from marsad.errors import PackError
from marsad.loading import published as loading
from marsad.loading.published import KINDS, published

TABLE = """
[claims]
en = "claims"
ar = "ادعاءات"
meaning = "one row a claim"
leave = ["id", "text"]
columns = [["id", "text", "id", "#meta+id", "the claim's id"], ["words", "text", "text", "#description", "its words"]]

[claims.stay]
"why[]" = "for its keepers"
"""


def read(monkeypatch, tmp_path, text):
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "published.toml").write_text(text, "utf-8")
    monkeypatch.setattr(loading, "PACKS", tmp_path)
    return published.__wrapped__()


def test_a_table_has_its_names_its_paths_and_its_columns_in_order(monkeypatch, tmp_path):
    table = read(monkeypatch, tmp_path, TABLE)["claims"]
    assert (table.en, table.ar, table.leave) == ("claims", "ادعاءات", {"id", "text"})
    assert table.stay == {"why[]": "for its keepers"}
    assert [(c.name, c.kind, c.source, c.hxl) for c in table.columns] == [
        ("id", "text", "id", "#meta+id"), ("words", "text", "text", "#description"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["words", "text"', '["words", "blob"', "claims.words"),
        ('["words", "text"', '["id", "text"', "claims.id"),
        ('"why[]"', '"id"', "cannot both leave and stay"),
    ],
)
def test_what_breaks_the_rules_is_refused_with_where_it_stands(monkeypatch, tmp_path, old, new, told):
    with pytest.raises(PackError, match=f"published.toml, claims.*{told.removeprefix('claims')}"):
        read(monkeypatch, tmp_path, TABLE.replace(old, new))


@pytest.mark.parametrize("table", list(published()))
def test_every_table_says_what_it_is_and_why_each_field_stays(table):
    given = published()[table]
    assert given.id == table and given.en.isascii() and given.meaning
    assert any("\u0600" <= letter <= "\u06ff" for letter in given.ar)
    assert all(reason for reason in given.stay.values())


@pytest.mark.parametrize("table", list(published()))
def test_every_column_has_a_kind_a_hashtag_and_a_meaning_of_its_own(table):
    columns = published()[table].columns
    for column in columns:
        assert column.kind in KINDS and column.hxl.startswith("#") and column.meaning
        assert column.name.isidentifier() and column.name == column.name.lower()
    assert len({column.name for column in columns}) == len({column.hxl for column in columns}) == len(columns)
