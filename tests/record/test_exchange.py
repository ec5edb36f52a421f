import json
import shutil
from contextlib import closing

import pytest
from sqlalchemy import func, select

import make
from marsad.record import chain
from marsad.record.bases import shown_of
from marsad.record.deciding import add_claim
from marsad.record.decisions import decisions_of
from marsad.record.exchange import export_decisions, import_decisions
from marsad.record.linkage import decide_incidents, links
from marsad.record.schema import act, decision
from marsad.record.stages import pass_on, state_of, take
from marsad.record.store import open_record
from record.desk import GUIDE, TAKEOVER, WITHDRAWAL, bodies, decide, read_again, take_in


@pytest.fixture
def here(record):
    take_in(record)
    return record


@pytest.fixture
def there(tmp_path, empty_file):
    """Give another copy of the record; that of the server's engine exchanges with a file too."""
    with closing(open_copy(tmp_path, empty_file, "there")) as opened:
        take_in(opened)
        yield opened


def open_copy(tmp_path, empty_file, name):
    shutil.copyfile(empty_file, tmp_path / f"{name}.marsad")
    return open_record(str(tmp_path / f"{name}.marsad"))


def lines_of(record, known_by=None):
    with record.asking() as connection:
        return list(export_decisions(connection, known_by))


def bring(lines, to):
    with to.writing("import") as writing:
        return import_decisions(writing, lines, guide=GUIDE)


def shown(record, id=TAKEOVER):
    with record.asking() as connection:
        return shown_of(connection, [id]).get(id)


def state(record):
    with record.asking() as connection:
        return state_of(connection, TAKEOVER)


def rows(record):
    with record.asking() as connection:
        return [dict(r) for r in connection.execute(select(decision).order_by(decision.c.n)).mappings()]


def whole(record):
    with record.asking() as connection:
        return chain.verify_chain(connection).is_whole


def add(record, report_id="r1"):
    body = {"type": "negotiation", "trigger": "نفى", "evidence": "ونفى قائد محلي",
            "trigger_span": list(make.span_of(make.TEXT, "نفى")),
            "span": list(make.span_of(make.TEXT, "ونفى قائد محلي"))}  # fmt: skip
    with record.writing("add") as writing:
        return add_claim(writing, report_id, body, "سلمى", guide=GUIDE)


def test_decisions_of_every_kind_go_over_with_person_instant_and_id(here, there):
    decide(here, "correct", fields={"date": "2018-07-04"}, reason="في النص: أمس الأول")
    decide(here, "reject", WITHDRAWAL)
    decide(here, "undo", WITHDRAWAL)
    add(here)
    with here.writing("review") as writing:
        decide_incidents(writing, "same", [TAKEOVER, WITHDRAWAL], "سلمى")
        pass_on(writing, TAKEOVER, "سلمى")
    found = bring(lines_of(here), there)
    assert (len(found.taken), found.known, found.conflicts, found.waiting, found.bad) == (6, 0, [], [], [])
    told = ("id", "subject", "ref", "kind", "person", "reason", "decided_at", "ground")
    assert [[row[n] for n in told] for row in rows(there)] == [[row[n] for n in told] for row in rows(here)]
    assert (shown(there), state(there).name) == (shown(here), "second review")
    with there.asking() as connection:
        assert len(links(connection).same) == 1
    assert whole(there)


def test_where_a_decision_came_from_is_kept_with_its_first_hash(here, there):
    decide(here, "accept")
    bring(lines_of(here), there)
    first = rows(here)[0]
    assert json.loads(rows(there)[0]["body"])["_from"] == {"hash": first["hash"], "recorded_at": first["recorded_at"]}


def test_there_and_back_again_brings_nothing_new(here, there):
    decide(here, "accept")
    decide(there, "reject", WITHDRAWAL, "نور")
    bring(lines_of(here), there)
    found = bring(lines_of(there), here)
    assert (len(found.taken), found.known) == (1, 1)
    before = len(rows(here)), len(rows(there))
    for a, b in ((here, there), (there, here)):
        found = bring(lines_of(a), b)
        assert (found.taken, found.known, found.conflicts, found.bad) == ([], 2, [], [])
    assert (len(rows(here)), len(rows(there))) == before


def test_two_persons_who_differ_are_listed_both_stay_and_the_claim_goes_to_second_review(here, there):
    decide(here, "accept")
    decide(there, "correct", person="نور", fields={"date": "2018-07-04"})
    found = bring(lines_of(there), here)
    conflict = found.conflicts[0]
    assert (conflict.what, conflict.ref, conflict.persons) == ("two reviewers", TAKEOVER, ("سلمى", "نور"))
    assert conflict.fields == ("date",)
    assert state(here).name == "second review"
    with here.asking() as connection:
        assert [d.kind for d in decisions_of(connection, "claim", [TAKEOVER])[TAKEOVER]] == [
            "accept",
            "correct",
            "pass",
        ]


def test_both_copies_come_to_the_same_end_whoever_imports_first(here, there):
    decide(here, "accept")
    decide(there, "correct", person="نور", fields={"date": "2018-07-04"})
    mine, theirs = lines_of(here), lines_of(there)
    bring(theirs, here)
    bring(mine, there)
    assert shown(here) == shown(there)
    assert {row["id"] for row in rows(here)} == {row["id"] for row in rows(there)}
    assert (bring(lines_of(here), there).taken, bring(lines_of(there), here).taken) == ([], [])


def test_two_who_agree_are_no_conflict(here, there):
    decide(here, "reject")
    decide(there, "reject", person="نور")
    assert bring(lines_of(there), here).conflicts == []


def forge(record, **changed):
    """Return the lines of a copy in which another hand wrote the same ids: whole in itself, of other content."""
    row = rows(record)[0] | changed
    row["hash"] = chain.hash_of(row)
    told = {name: value for name, value in row.items() if name != "n"}
    told |= {name: json.loads(row[name]) for name in ("body", "ground")}
    return [json.dumps(told, ensure_ascii=False)]


def test_another_content_under_a_known_id_is_kept_aside_and_listed(here):
    decide(here, "accept")
    found = bring(forge(here, reason="سبب آخر"), here)
    assert [(c.what, c.ref) for c in found.conflicts] == [("same id", TAKEOVER)]
    kept = rows(here)[1]
    assert (kept["kind"], kept["reason"], kept["id"]) == ("import-conflict", "سبب آخر", found.taken[0])
    assert json.loads(kept["body"])["kind"] == "accept"
    assert shown(here).verdict == "accepted" and whole(here)


def test_what_was_kept_aside_is_known_when_it_comes_again(here, there):
    decide(here, "accept")
    lines = forge(here, reason="سبب آخر")
    bring(lines, here)
    assert (bring(lines, here).known, len(rows(here))) == (1, 2)
    bring(lines, there)
    bring(lines_of(here), there)
    found = bring(lines_of(there), here)
    assert (found.taken, found.bad) == ([], [])


def test_what_is_kept_aside_has_no_force(here):
    decide(here, "accept")
    bring(forge(here, kind="reject", reason="مرفوض"), here)
    assert shown(here).verdict == "accepted"
    assert state(here).dispute is None


def test_a_line_that_was_changed_after_its_export_is_named(here, there):
    decide(here, "accept", reason="واضح")
    decide(here, "accept", WITHDRAWAL, reason="واضح")
    lines = [line.replace("واضح", "غامض") if n == 0 else line for n, line in enumerate(lines_of(here))]
    found = bring(lines, there)
    assert [(bad.row, bad.reason) for bad in found.bad] == [(1, "it was changed after it was exported")]
    assert len(found.taken) == 1


def test_a_line_without_a_hash_is_taken(here, there):
    decide(here, "accept")
    told = json.loads(lines_of(here)[0])
    line = json.dumps({name: told[name] for name in told if name not in ("hash", "prior", "recorded_at")})
    assert len(bring([line], there).taken) == 1


def test_decisions_on_a_claim_that_is_not_here_wait_and_hold_when_it_comes(here, tmp_path, empty_file):
    decide(here, "correct", fields={"date": "2018-07-04"})
    with closing(open_copy(tmp_path, empty_file, "later")) as later:
        found = bring(lines_of(here), later)
        assert found.waiting == found.taken and len(found.taken) == 1
        take_in(later)
        assert shown(later) == shown(here)


def test_an_added_claim_waits_for_its_report(here, tmp_path, empty_file):
    id = add(here)["ref"]
    with closing(open_copy(tmp_path, empty_file, "later")) as later:
        assert len(bring(lines_of(here), later).waiting) == 1
        take_in(later)
        assert shown(later, id) == shown(here, id)
        assert (shown(later, id).verdict, shown(later, id).gone) == ("accepted", False)


def test_an_added_claim_waits_where_the_report_has_other_words(here, tmp_path, empty_file):
    id = add(here)["ref"]
    with closing(open_copy(tmp_path, empty_file, "other")) as other:
        take_in(other, text="نص آخر تماماً لا صلة له بالأول", claims={})
        assert len(bring(lines_of(here), other).waiting) == 1
        assert shown(other, id) is None


def test_links_between_claims_that_are_not_here_wait(here, tmp_path, empty_file):
    with here.writing("review") as writing:
        row = decide_incidents(writing, "same", [TAKEOVER, WITHDRAWAL], "سلمى")
    with closing(open_copy(tmp_path, empty_file, "later")) as later:
        assert bring(lines_of(here), later).waiting == [row["id"]]


def test_a_lock_of_another_copy_locks_nothing_here(here, there):
    with here.writing("review") as writing:
        take(writing, TAKEOVER, "سلمى")
    bring(lines_of(here), there)
    assert state(there).name == "new"
    decide(there, "accept", person="نور")


def test_what_another_copys_reader_reopened_stays_reviewed_here(here, there):
    decide(here, "accept")
    read_again(here, bodies(date="2018-07-01"))
    bring(lines_of(here), there)
    assert (state(here).name, state(there).name) == ("new", "reviewed")


def good(record):
    decide(record, "correct", fields={"date": "2018-07-04"})
    told = json.loads(lines_of(record)[0])
    return {name: told[name] for name in told if name not in ("hash", "prior", "recorded_at")} | {"id": "other"}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"kind": "approve"}, "is no decision"), ({"subject": "place"}, "is no decision"), ({"person": ""}, "person"),
        ({"person": 3}, "person"), ({"body": []}, "no object"), ({"ground": {}}, "ground"),
        ({"reason": None}, "reason"),
        ({"decided_at": "heute"}, "no instant"), ({"decided_at": 9_999_999_999_999_999}, "days to come"),
        ({"body": {"fields": {"status": "maybe"}}}, "status"), ({"body": {}}, "corrects no field"),
        ({"body": {"fields": {"date": None}, "spans": {"span": [1]}}}, "spans"), ({"kind": "pass"}, "which stage"),
        ({"kind": "undo"}, "what it undoes"), ({"kind": "same"}, "no pairs"), ({"kind": "add"}, "does not hold"),
        ({"reason": "قبل\x1fبعد"}, "control character"), ({"reason": "\ud800"}, "broken JSON"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_decision_is_named_and_the_rest_goes_on(here, there, changed, reason):
    line = good(here)
    found = bring([json.dumps(line | changed), "\n", json.dumps(line)], there)
    assert [bad.row for bad in found.bad] == [1] and reason in found.bad[0].reason + found.bad[0].remedy
    assert found.bad[0].remedy
    assert found.taken == ["other"] and whole(there)


@pytest.mark.parametrize("line", ["{", "[1]", '"نص"', "null", "[" * 100_000, '{"id": NaN}'])
def test_what_is_no_object_of_json_is_named(there, line):
    found = bring([line], there)
    assert [bad.row for bad in found.bad] == [1] and str(found.bad[0]).startswith("row 1: ")


def test_the_same_line_twice_in_one_file_is_taken_once(here, there):
    decide(here, "accept")
    found = bring(lines_of(here) * 2, there)
    assert (len(found.taken), found.known) == (1, 1)


def test_more_lines_than_are_read_at_a_time_keep_their_order_and_their_numbers(here, there, monkeypatch):
    monkeypatch.setattr("marsad.record.exchange._LINES", 2)
    for date in ("2018-07-01", "2018-07-02", "2018-07-03", "2018-07-04"):
        decide(here, "correct", fields={"date": date})
    lines = lines_of(here)
    assert len(lines) == 4
    found = bring([*lines[:3], "{", lines[3]], there)
    assert (len(found.taken), found.bad[0].row, shown(there).body["date"]) == (4, 4, "2018-07-04")


def test_decisions_are_exported_as_known_by_an_instant(here):
    decide(here, "accept")
    with here.asking() as connection:
        then = connection.execute(select(func.max(act.c.recorded_at))).scalar()
    decide(here, "undo")
    assert (len(lines_of(here, then)), len(lines_of(here))) == (1, 2)
