"""`marsad review`, `history`, `mark`, `marks`, `reread`, `verify`: from the queue to what became of a decision."""

from __future__ import annotations

import io
import json
import sqlite3
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

import make
from marsad.adding import Adding
from marsad.faces import cli
from marsad.faces.cli import main
from marsad.loading.theatre import PlaceRow
from marsad.model import Arrival, Capture
from marsad.reading_result import Reading
from marsad.record.store import open_record

TAKEOVER, WITHDRAWAL = make.takeover().id, make.withdrawal().id
OTHER = make.takeover(report_id="r2").id


# Far enough in days from the takeover to be another incident.
APART = {"date": "2018-06-01", "status": "happened"}


class VersionedReader:
    """Reads a takeover and a withdrawal in every report; the date of the takeover is its own."""

    version, day = "marsad 1", "2018-07-05"

    def __init__(self, theatre=None, outlet=None):
        self.theatre = theatre

    def read(self, report):
        claims = [make.takeover(report_id=report.id, date=self.day), make.withdrawal(report_id=report.id, **APART)]
        return Reading(report, claims, [])


class NewerReader(VersionedReader):
    version, day = "marsad 2", "2018-07-04"


@pytest.fixture(autouse=True)
def desk(monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "make_reader", VersionedReader)
    monkeypatch.setenv("MARSAD_PERSON", "سلمى")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("MARSAD_ROLE", "MARSAD_RECORD", "MARSAD_KEY"):
        monkeypatch.delenv(name, raising=False)


def take_in(file, *ids, outlet="مرصد الجنوب", published=make.DAY):
    record = open_record(str(file))
    capture = Capture("تقارير.txt", "text", "0" * 64, 1, datetime(2018, 7, 7, tzinfo=UTC))
    adding = Adding(record, VersionedReader(), lambda failure: pytest.fail(str(failure)))
    adding.add([Arrival(make.report(id=id, outlet=outlet, published=published), capture) for id in ids])
    adding.fuse()
    record.close()


@pytest.fixture
def file(tmp_path):
    take_in(tmp_path / "observatory.marsad", "r1", "r2")
    return str(tmp_path / "observatory.marsad")


@pytest.fixture
def ask(file, capsys):
    """Give what runs a command on the record and returns exit code, output and talk."""

    def run(*words, record=file):
        code = main([*words, "--record", record])
        return code, *capsys.readouterr()

    return run


def rows_of(out):
    return [json.loads(line) for line in out.splitlines()]


def claim_of(ask, id=TAKEOVER):
    states = [row for row in rows_of(ask("history", id, "--as", "jsonl")[1]) if row["kind"] == "state"]
    return states[-1]


def incident_of(ask, claim):
    return next(row["id"] for row in rows_of(ask("incidents", "--as", "jsonl")[1]) if claim in row["claims"])


def plain(out):
    return out.replace("\u2068", "").replace("\u2069", "")


def test_the_queue_lists_what_waits_with_reasons_and_the_claims_at_stake_first(ask):
    code, out, err = ask("review")
    lines = plain(out).splitlines()
    assert (code, err) == (0, "")
    assert lines[0].split() == ["SCORE", "ID", "STAGE", "TYPE", "DATE", "PLACE"]
    assert len(lines) == 1 + 3 * 4
    assert "سيطرت قوات النظام" in lines[2] or "انسحاب الفصائل" in lines[2]
    assert any("control at stake: takeover" in line for line in lines)


def test_the_queue_as_json_lines_has_score_stage_and_reasons_and_ends_at_the_limit(ask):
    _, out, _ = ask("review", "--as", "jsonl", "--limit", "2")
    first, second = rows_of(out)
    assert first["score"] >= second["score"] and first["stage"] == "new" and first["reasons"]


def test_an_empty_queue_is_said(ask):
    for id in (TAKEOVER, OTHER, WITHDRAWAL, make.withdrawal(report_id="r2").id):
        ask("review", "accept", id)
    assert ask("review") == (0, "", "marsad: no claim waits for a reviewer\n")


def test_a_decision_is_printed_and_what_the_claim_is_by_it(ask):
    code, out, _ = ask("review", "accept", TAKEOVER)
    [row] = rows_of(out)
    assert code == 0
    assert (row["kind"], row["claim"], row["verdict"], row["stage"]) == ("accept", TAKEOVER, "accepted", "reviewed")
    assert claim_of(ask)["verdict"] == "accepted"


def test_the_person_is_the_one_named_before_or_after_the_action(ask):
    ask("review", "--person", "هدى", "unsure", TAKEOVER)
    ask("review", "unsure", TAKEOVER, "--person", "رنا")
    ask("review", "unsure", TAKEOVER)
    told = [row["person"] for row in rows_of(ask("history", TAKEOVER, "--as", "jsonl")[1]) if row["kind"] == "decision"]
    assert told == ["هدى", "رنا", "سلمى"]


def test_a_correction_sets_fields_by_json_where_it_is_some_and_else_by_words(ask):
    actors = '[{"text": "الجيش", "id": "russia"}]'
    code, out, err = ask(
        "review", "correct", TAKEOVER, "--set", "date=2018-07-06", "--set", 'numbers={"killed": 3}',
        "--set", f"actors={actors}", "--set", "status=ongoing", "--reason", "كما في النص",
    )  # fmt: skip
    assert (code, err) == (0, "")
    body = claim_of(ask)
    assert (body["date"], body["numbers"], body["status"]) == ("2018-07-06", {"killed": 3}, "ongoing")
    assert [(party["text"], party["id"]) for party in body["actors"]] == [("الجيش", "russia")]
    assert rows_of(out)[0]["verdict"] == "corrected"


def test_a_correction_to_nothing_is_null(ask):
    assert ask("review", "correct", TAKEOVER, "--set", "date=null")[0] == 0
    assert claim_of(ask)["date"] is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["date"], "sets no field"),
        (["date=2018-07-06", "date=2018-07-07"], "set twice"),
        (["date=gestern"], "write a day or an interval"),
        (["type=war"], "name a type of the codebook"),
        (["trigger=2018"], "must stand in the report"),
        (["colour=red"], "no field that can be corrected"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_nothing_is_written(ask, settings, said):
    code, out, err = ask("review", "correct", TAKEOVER, *(word for setting in settings for word in ("--set", setting)))
    assert (code, out) == (2, "") and said in err
    assert claim_of(ask)["verdict"] == ""


def test_one_bad_claim_does_not_stop_the_others(ask):
    code, out, err = ask("review", "reject", TAKEOVER, "fffffffff", OTHER, "--reason", "لا سيطرة في النص")
    assert code == 1
    assert [row["claim"] for row in rows_of(out)] == [TAKEOVER, OTHER]
    assert "there is no claim 'fffffffff'" in err


def test_the_start_of_an_id_is_enough_unless_it_begins_several(ask, file):
    assert rows_of(ask("review", "accept", TAKEOVER[:6])[1])[0]["claim"] == TAKEOVER
    take_in(file, *(f"r{n}" for n in range(3, 12)))
    with sqlite3.connect(file) as connection:
        ids = sorted(id for (id,) in connection.execute("SELECT DISTINCT id FROM claim"))
    # Twenty-two ids and sixteen digits: two begin alike.
    start = next(a[0] for a, b in pairwise(ids) if a[0] == b[0])
    code, out, err = ask("review", "accept", start)
    assert (code, out) == (2, "") and "write more of the id" in err and err.count("claim ") > 1


def test_a_claim_is_taken_released_and_passed_on(ask):
    assert rows_of(ask("review", "take", TAKEOVER)[1])[0]["stage"] == "in review"
    code, _, err = ask("review", "accept", TAKEOVER, "--person", "هدى")
    assert code == 2 and "is in review by سلمى" in err
    assert "held by سلمى" in plain(ask("review")[1])
    assert rows_of(ask("review", "release", TAKEOVER)[1])[0]["stage"] == "new"
    ask("review", "accept", TAKEOVER)
    assert rows_of(ask("review", "pass", TAKEOVER)[1])[0]["stage"] == "second review"


def test_a_decision_is_undone_by_its_claim_or_by_its_own_id(ask):
    ask("review", "accept", TAKEOVER)
    [row] = rows_of(ask("review", "undo", TAKEOVER)[1])
    assert (row["kind"], row["verdict"]) == ("undo", "")
    [row] = rows_of(ask("review", "undo", row["id"])[1])
    assert row["verdict"] == "accepted", "an undo that is undone lets the decision stand again"


def test_an_earlier_decision_on_a_claim_is_undone_where_it_is_named(ask):
    first = rows_of(ask("review", "correct", TAKEOVER, "--set", "date=2018-07-06")[1])[0]["id"]
    ask("review", "correct", TAKEOVER, "--set", "status=ongoing")
    assert ask("review", "undo", TAKEOVER, "--of", first[:8])[0] == 0
    assert (claim_of(ask)["date"], claim_of(ask)["status"]) == ("2018-07-05", "ongoing")


def test_incidents_follow_what_is_said_of_them(ask, file):
    take_in(file, "r3", outlet="وكالة الشمال", published=date(2018, 7, 9))
    third = make.takeover(report_id="r3").id
    one, other = incident_of(ask, TAKEOVER), incident_of(ask, WITHDRAWAL)
    assert one != other and incident_of(ask, third) == one
    code, out, _ = ask("review", "same", one, other, "--reason", "الحدث نفسه")
    assert code == 0
    [row] = rows_of(out)
    assert set(row["claims"]) >= {TAKEOVER, WITHDRAWAL, third}
    made = row["decision"]
    parted = rows_of(ask("review", "undo", made)[1])
    assert len(parted) == 2 and all(row["decision"] != made for row in parted)
    assert incident_of(ask, TAKEOVER) != incident_of(ask, WITHDRAWAL)


def test_a_claim_that_tells_another_incident_is_taken_out_and_brought_back(ask):
    assert incident_of(ask, TAKEOVER) == incident_of(ask, OTHER)
    rows = rows_of(ask("review", "different", OTHER)[1])
    assert sorted(row["claims"] for row in rows) == sorted([[TAKEOVER], [OTHER]])
    [row] = rows_of(ask("review", "same", TAKEOVER, OTHER)[1])
    assert sorted(row["claims"]) == sorted([TAKEOVER, OTHER])


def test_a_rejected_claim_leaves_its_incident(ask):
    ask("review", "reject", OTHER, "--reason", "لا سيطرة في النص")
    assert all(OTHER not in row["claims"] for row in rows_of(ask("incidents", "--as", "jsonl")[1]))


def missed():
    talks = make.claim("negotiation", "نفى", "ونفى قائد محلي")
    return talks.as_dict()


@pytest.mark.parametrize("whole", [False, True])
def test_what_the_reader_missed_is_added_as_a_claim_or_as_read_writes_it(ask, tmp_path, whole):
    path = tmp_path / "missed.json"
    path.write_text(json.dumps({"id": "r1", "claims": [missed()]} if whole else missed()), "utf-8")
    code, out, err = ask("review", "add", "r1", str(path), "--reason", "فات القارئ")
    assert (code, err) == (0, "")
    [row] = rows_of(out)
    assert (row["claim"], row["verdict"]) == (missed()["id"], "accepted")
    assert incident_of(ask, missed()["id"])


def test_a_claim_is_added_from_standard_input(ask, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(missed())))
    assert ask("review", "add", "r1", "-")[0] == 0


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "holds no claim"),
        ("[1]", "holds no claim"),
        ('{"type": "negotiation"}', "needs trigger"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_claim_is_not_added(ask, tmp_path, written, said):
    path = tmp_path / "missed.json"
    if written is not None:
        path.write_text(written, "utf-8")
    code, out, err = ask("review", "add", "r1", str(path))
    assert (code, out) == (2, "") and said in err


def test_decisions_go_to_another_copy_and_come_back_as_known(ask, file, tmp_path):
    take_in(tmp_path / "there.marsad", "r1", "r2")
    there, lines = str(tmp_path / "there.marsad"), tmp_path / "decisions.jsonl"
    ask("review", "accept", TAKEOVER)
    ask("review", "accept", TAKEOVER, "--person", "هدى", record=there)
    assert ask("review", "export", "--out", str(lines)) == (0, "", "")
    code, out, err = ask("review", "import", str(lines), record=there)
    assert (code, err) == (0, "")
    assert rows_of(out) == [{"file": str(lines), "taken": 1, "known": 0, "conflicts": 0, "waiting": 0, "bad": 0}]
    assert rows_of(ask("review", "import", str(lines), record=there)[1])[0]["known"] == 1
    assert len(ask("review", "export", record=there)[1].splitlines()) == 2


def test_bad_lines_and_conflicts_are_told_with_their_rows_and_the_rest_is_taken(ask, tmp_path):
    take_in(tmp_path / "there.marsad", "r1")
    there, lines = str(tmp_path / "there.marsad"), tmp_path / "decisions.jsonl"
    ask("review", "accept", TAKEOVER)
    ask("review", "reject", TAKEOVER, "--person", "هدى", "--reason", "لا سيطرة في النص", record=there)
    good = ask("review", "export")[1].encode()
    lines.write_bytes(b"{broken\n" + good + b'{"id": "\xff"}\n')
    code, out, err = ask("review", "import", str(lines), str(tmp_path / "nothing"), record=there)
    assert code == 1
    assert [(row["taken"], row["conflicts"], row["bad"]) for row in rows_of(out)] == [(1, 1, 2)]
    assert "row 1: broken JSON" in err and "row 3: broken JSON" in err and "nothing: cannot be read" in err
    assert f"two reviewers in verdict on {TAKEOVER}" in err and "سلمى" in err and "هدى" in err


def test_agreement_gives_share_and_alpha_by_field(ask):
    pytest.importorskip("nltk")
    for person in ("سلمى", "هدى"):
        ask("review", "accept", TAKEOVER, OTHER, "--person", person)
    ask("review", "accept", WITHDRAWAL)
    ask("review", "correct", WITHDRAWAL, "--set", "status=possible", "--person", "هدى")
    [found] = rows_of(ask("review", "agreement", "--json")[1])
    assert (found["claims"], sorted(found["persons"])) == (3, ["سلمى", "هدى"])
    assert (found["fields"]["status"]["pairs"], found["fields"]["date"]["share"]) == (3, 1.0)
    lines = ask("review", "agreement")[1].splitlines()
    assert lines[0] == "3 claims judged by two or more of 2 reviewers on the same ground"
    assert next(line.split() for line in lines if line.startswith("status"))[1:3] == ["3", "0.667"]


def test_history_shows_states_and_decisions(ask):
    ask("review", "correct", TAKEOVER, "--set", "date=2018-07-06", "--reason", "كما في النص")
    lines = plain(ask("history", TAKEOVER[:8])[1]).splitlines()
    assert "read by test" in lines[0]
    assert "        date: 2018-07-05 → 2018-07-06" in lines
    assert any("correct by سلمى" in line and "كما في النص" in line for line in lines)
    assert ask("history", "ffff")[0] == 2


def test_verify_prints_a_head_that_is_found_again_and_counts(ask):
    ask("review", "accept", TAKEOVER)
    [found] = rows_of(ask("verify")[1])
    assert (found["decisions"], found["reports"], found["elsewhere"]) == (1, 2, 1)
    ask("review", "unsure", OTHER)
    assert ask("verify", "--head", found["head"])[0] == 0


def test_verify_names_the_first_row_that_was_changed(ask, file):
    ask("review", "accept", TAKEOVER)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE decision SET person = 'رنا'")
        connection.execute("UPDATE report SET text = 'لم يقع شيء' WHERE id = 'r2'")
    code, out, err = ask("verify")
    assert (code, out) == (1, "")
    assert "decision row 1 (" in err and "report row 2 (r2, version 1): its text was changed" in err
    assert ask("verify", "--head", "0" * 64)[0] == 1


def test_a_marked_source_is_hidden_from_the_public_and_shown_to_a_reviewer(ask):
    code, out, _ = ask("mark", "source", "قائد محلي", "pseudonym", "--reason", "طلب المصدر")
    assert (code, rows_of(out)[0]["key"]) == (0, "قائد محلي")
    assert "قائد محلي" not in ask("review", "--as", "jsonl")[1]
    assert "قائد محلي" in ask("review", "--as", "jsonl", "--role", "reviewer")[1]
    code, out, err = ask("marks")
    assert (code, out) == (2, "") and "--role reviewer" in err
    assert "قائد محلي" in ask("marks", "--role", "reviewer")[1]
    [row] = rows_of(ask("marks", "--role", "admin", "--as", "jsonl")[1])
    assert (row["kind"], row["rule"], row["person"], row["reason"]) == ("source", "pseudonym", "سلمى", "طلب المصدر")
    assert ask("mark", "source", "قائد محلّي", "open", "--reason", "زال السبب")[0] == 0
    assert ask("marks", "--role", "reviewer")[1] == ""


def test_a_source_is_given_to_a_group_and_seen_by_its_members_alone(ask, monkeypatch):
    code, out, _ = ask("mark", "source", "قائد محلي", "--group", "الجنوب", "--reason", "لأهله وحدهم")
    assert (code, rows_of(out)[0]["rule"]) == (0, "group:الجنوب")
    assert "قائد محلي" not in ask("review", "--as", "jsonl", "--role", "reviewer")[1]
    assert "قائد محلي" in ask("review", "--as", "jsonl", "--role", "admin")[1]
    monkeypatch.setenv("MARSAD_GROUPS", "الشمال, الجنوب")
    assert "قائد محلي" in ask("review", "--as", "jsonl", "--role", "reviewer")[1]


@pytest.mark.parametrize(
    "said",
    [
        ("source", "قائد"), ("source", "قائد", "group"), ("source", "قائد", "pseudonym", "--group", "ج"),
        ("person", "قائد", "--group", "ج"), ("source", "قائد", "--group", " "), ("source", "قائد", "--group", "أ،ب"),
    ],
)  # fmt: skip
def test_a_group_that_cannot_be_is_refused(ask, said):
    assert ask("mark", *said, "--reason", "طلب")[:2] == (2, "")
    assert ask("marks", "--role", "reviewer")[1] == ""


def test_decisions_are_not_exported_to_whom_something_is_hidden(ask):
    ask("review", "accept", WITHDRAWAL)
    ask("mark", "source", "قائد محلي", "pseudonym", "--reason", "طلب المصدر")
    code, out, err = ask("review", "export")
    assert (code, out) == (2, "") and "--role reviewer" in err
    assert "قائد محلي" not in err
    assert len(ask("review", "export", "--role", "reviewer")[1].splitlines()) == 1


def test_a_mark_says_why(ask):
    code, out, err = ask("mark", "source", "قائد محلي", "pseudonym")
    assert (code, out) == (2, "") and "give a person and a reason" in err


def test_a_claim_under_embargo_is_named_by_the_start_of_its_id(ask):
    until = ("--until", "2999-01-01", "--reason", "خطر على السكان")
    assert rows_of(ask("mark", "claim", TAKEOVER[:9], "embargo", *until)[1])[0]["key"] == TAKEOVER
    assert ask("history", TAKEOVER)[0] == 2
    assert ask("history", TAKEOVER, "--role", "reviewer")[0] == 0


def place_row(id, name):
    return PlaceRow(id, "village", name, "", "", "", "", 33.0, 36.0, 5, "SY", "test")


@pytest.fixture
def places(monkeypatch):
    """Give a gazetteer of two places of one name and one of another."""
    from marsad.grounding import gazetteer

    rows = {
        row.id: row for row in (place_row("sy-1", "Taybah"), place_row("sy-2", "Taybah"), place_row("sy-3", "Nawa"))
    }
    monkeypatch.setattr(gazetteer, "find", lambda name, code=None: [row for row in rows.values() if row.name == name])
    monkeypatch.setattr(gazetteer, "all_places", lambda: type("Few", (), {"rows": rows}))


def test_a_place_is_marked_by_its_name_where_there_is_one_and_by_its_id_where_there_are_several(ask, places):
    reason = ("--reason", "خطر على السكان")
    assert rows_of(ask("mark", "place", "Nawa", "blur", *reason)[1])[0]["key"] == "sy-3"
    code, out, err = ask("mark", "place", "Taybah", "blur", *reason)
    assert (code, out) == (2, "") and "sy-1 (Taybah" in err and "sy-2 (Taybah" in err
    assert rows_of(ask("mark", "place", "sy-2", "blur", *reason)[1])[0]["key"] == "sy-2"
    code, out, err = ask("mark", "place", "Nowhere", "blur", *reason)
    assert (code, out) == (2, "") and "no place is known by the name 'Nowhere'" in err


def test_a_dry_run_says_what_a_newer_reader_would_change_and_then_it_does(ask, monkeypatch):
    monkeypatch.setattr(cli, "make_reader", NewerReader)
    ask("review", "accept", TAKEOVER)
    code, out, err = ask("reread", "--dry-run", "--as", "jsonl")
    assert (code, err) == (0, "")
    summary, *samples = rows_of(out)
    assert (summary["reports"], summary["altered"], summary["fields"]) == (
        2,
        {"takeover": 2},
        {"takeover": {"date": 2}},
    )
    assert summary["decisions"] == {"stand": 0, "moved": 1, "unsettled": 0}
    assert [sample["claim"] for sample in samples] == [TAKEOVER, OTHER]
    assert samples[0]["fields"] == [{"field": "date", "before": "2018-07-05", "now": "2018-07-04"}]
    assert claim_of(ask)["date"] == "2018-07-05"
    lines = plain(ask("reread", "--samples", "1")[1]).splitlines()
    assert sum("date: 2018-07-05 → 2018-07-04" in line for line in lines) == 1
    assert "2 reports read again by marsad 2; claims: 0 gained, 0 lost, 2 altered" in lines
    assert claim_of(ask)["date"] == "2018-07-04"
    assert "ground moved" in plain(ask("review")[1]).splitlines()[3]


def test_a_record_that_this_reader_has_read_says_so(ask):
    code, out, err = ask("reread")
    assert code == 0 and out.startswith("0 reports") and "--all reads it again" in err
    assert rows_of(ask("reread", "r1", "--all", "--as", "jsonl")[1])[0]["reports"] == 1
    code, _, err = ask("reread", "r9")
    assert code == 2 and "no report 'r9'" in err


def test_samples_of_a_re_reading_hide_what_is_hidden(ask, monkeypatch):
    monkeypatch.setattr(cli, "make_reader", NewerReader)
    ask("mark", "person", "قوات النظام", "pseudonym", "--reason", "طلب المصدر")
    assert "قوات النظام" not in ask("reread", "--dry-run")[1]
    assert "قوات النظام" in ask("reread", "--dry-run", "--role", "reviewer")[1]


@pytest.mark.parametrize(
    "words", [["review", "accept", TAKEOVER], ["reread"], ["verify"], ["review", "undo", TAKEOVER]]
)
def test_what_writes_or_checks_cannot_be_asked_of_an_earlier_day(ask, words):
    code, out, err = ask(*words, "--known-by", "2018-07-06")
    assert (code, out) == (2, "") and "leave --known-by out" in err
