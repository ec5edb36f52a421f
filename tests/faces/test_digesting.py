"""`marsad digest`: of a day or a period, in both languages and each form, and what changed in it since."""

from __future__ import annotations

import argparse
from contextlib import closing

import pytest

from marsad.errors import UsageError
from marsad.faces import digesting
from marsad.faces.deciding import guide
from marsad.faces.opening import add_record_options
from marsad.record.asof import moment_of
from marsad.record.deciding import decide_claim
from marsad.record.store import open_record
from newsroom import add, arrival, now_of, said, view


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Give the address of a record of two days, and a time after which a claim was rejected and a report came in."""
    address = str(tmp_path_factory.mktemp("digest") / "observatory.marsad")
    with closing(open_record(address)) as record:
        taken = "سيطرت قوات النظام على داعل في 2018-07-05"
        add(record, arrival(said(taken, beside=0), "خبر-1", outlet="مرصد الجنوب", published="2018-07-06"))
        shelled = said("قصفت قوات النظام نصيب في 2018-07-06", killed=3, beside=1)
        add(record, arrival(shelled, "خبر-2", outlet="وكالة النهر", published="2018-07-06"))
        wrong = said("قصفت الفصائل الطيبة في 2018-07-06", beside=2)
        add(record, arrival(wrong, "خبر-3", outlet="شبكة الوادي", published="2018-07-06"))
        then = now_of(record)
        [claim] = [claim for claim in view(record).claims() if claim["report"] == "خبر-3"]
        with record.writing("review", "test") as writing:
            decide_claim(writing, claim["id"], "reject", "سلمى", "صورة قديمة", None, guide=guide())
        late = said("سيطرت الفصائل على عندان في 2018-07-06", beside=3)
        add(record, arrival(late, "خبر-4", outlet="مرصد الجنوب", published="2018-07-06"))
    return address, moment_of(then).isoformat()


@pytest.fixture
def digest(filled, capsys, monkeypatch):
    """Give what runs the command on the record and returns what it printed."""
    monkeypatch.setenv("MARSAD_ROLE", "reviewer")
    monkeypatch.setenv("MARSAD_PERSON", "سلمى")
    parser = argparse.ArgumentParser()
    add_record_options(parser, top=True)
    digesting.add_commands(parser.add_subparsers(required=True))

    def run(*words):
        asked = parser.parse_args(["--record", filled[0], "digest", *words])
        assert asked.run(asked) == 0
        return capsys.readouterr().out.replace("\u2068", "").replace("\u2069", "")

    return run


def test_the_newest_day_is_told_in_arabic(digest):
    text = digest()
    assert text.startswith("نشرة يوم الجمعة 6 تموز/يوليو 2018\n")
    assert "محافظة درعا" in text and "3 قتلى" in text and "وكالة النهر" in text
    assert "الطيبة" not in text


def test_a_day_and_a_period_are_asked_for(digest):
    assert "قوات النظام" in digest("--on", "2018-07-05") and "داعل" in digest("--on", "2018-07-05")
    week = digest("--from", "2018-07-01", "--to", "2018-07-06", "--lang", "en")
    assert week.startswith("Digest of 1 to 6 July 2018") and "Da'el" in week and "on 6 July" in week


def test_both_languages_stand_one_after_the_other(digest):
    text = digest("--lang", "both")
    assert text.index("نشرة يوم") < text.index("Digest of Friday 6 July 2018")


def test_only_an_area_or_what_is_sure_or_reviewed_is_told(digest):
    assert "عندان" not in digest("--under", "درعا") and "عندان" in digest("--under", "حلب")
    assert "قصف" not in digest("--min", "0.99") and "قصف" not in digest("--reviewed")


@pytest.mark.parametrize(
    "words",
    [
        ["--on", "2018-07-06", "--from", "2018-07-01", "--to", "2018-07-02"], ["--from", "2018-07-01"],
        ["--from", "2018-07-02", "--to", "2018-07-01"], ["--as", "docx"], ["--on", "yesterday"],
        ["--under", "لا مكان"], ["--diff", "yesterday"], ["--as", "docx", "--out", "/no/such/folder/x.docx"],
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(digest, words):
    with pytest.raises(UsageError):
        digest(*words)


def test_each_form_is_written(digest, tmp_path):
    page, paper = tmp_path / "d.html", tmp_path / "d.docx"
    digest("--as", "html", "--out", str(page))
    assert "<details" in page.read_text("utf-8") and "وقتل 3 مدنيين" in page.read_text("utf-8")
    digest("--as", "docx", "--out", str(paper))
    first = paper.read_bytes()
    digest("--as", "docx", "--out", str(paper))
    assert first[:2] == b"PK" and paper.read_bytes() == first
    assert "[^1-1]" in digest("--as", "md")


def test_what_changed_since_is_told_with_the_reason(digest, filled):
    text = digest("--diff", filled[1])
    assert text.startswith("ما تغير في نشرة يوم الجمعة 6 تموز/يوليو 2018 منذ نهاية")
    new, gone = text.split("ما لم يعد يقال")
    assert "عندان" in new and "الطيبة" in gone and "(رفضه مراجع: صورة قديمة)" in gone
    assert "a reviewer rejected it: صورة قديمة" in digest("--diff", filled[1], "--lang", "en")
