"""What is kept between two starts is only a short cut: never another's, never of other packs, never needed."""

from __future__ import annotations

import pytest

from marsad.loading import kept as keeping
from marsad.loading.kept import cache_folder, kept, packs_hash


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MARSAD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def never():
    raise AssertionError("made anew")


def the_file(folder):
    [path] = folder.iterdir()
    return path


def test_what_was_made_once_is_read_the_next_time(folder):
    made = {"سيطر": [(1, ("past", 3, True, None)), 2.5], "set": {"a"}}
    assert kept("words", lambda: made) == made and kept("words", never) == made
    assert the_file(folder).stat().st_mode & 0o077 == 0 and folder.stat().st_mode & 0o077 == 0


def test_other_packs_or_other_code_have_it_made_anew(folder, monkeypatch):
    kept("words", lambda: "old")
    monkeypatch.setattr(keeping, "packs_hash", lambda: "00000000")
    assert kept("words", lambda: "new") == "new" and kept("words", never) == "new"
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_not_trusted(folder, mode):
    kept("words", lambda: "ours")
    the_file(folder).chmod(mode)
    assert kept("words", lambda: "anew") == "anew" and kept("words", never) == "anew"


def test_a_folder_that_others_may_write_is_not_trusted(folder):
    kept("words", lambda: "ours")
    folder.chmod(0o777)
    assert kept("words", lambda: "anew") == "anew" and kept("words", lambda: "again") == "again"


@pytest.mark.parametrize("broken", [b"", b"no line", packs_hash().encode() + b"\n", packs_hash().encode() + b"\n{\x00"])
def test_a_broken_file_is_made_anew(folder, broken):
    kept("words", lambda: "whole")
    the_file(folder).write_bytes(broken)
    assert kept("words", lambda: "mended") == "mended" and kept("words", never) == "mended"


def test_where_nothing_can_be_kept_all_is_made_each_time(folder):
    folder.write_text("a file stands in the way")
    assert kept("words", lambda: 1) == 1 and kept("words", lambda: 2) == 2


def test_without_a_home_all_is_made_each_time(monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(keeping, "cache_folder", homeless)
    assert kept("words", lambda: 1) == 1 and kept("words", lambda: 2) == 2


def test_the_folder_is_the_one_named_else_in_the_cache_home(monkeypatch):
    monkeypatch.delenv("MARSAD_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/data/cache")
    assert str(cache_folder()) == "/data/cache/marsad"
