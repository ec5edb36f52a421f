"""The digest at the desk: its draft, what is held back and moved, issues that stay, what is known otherwise since."""

from __future__ import annotations

import html
import re

import pytest

from marsad.desk.access import Desk
from marsad.desk.issuing import Asked, corrections, draft_of, papers_of
from marsad.judging import bring_into_incidents, guide
from marsad.publish.digest import Paper, Part, Section
from marsad.publish.issue import body_of, edited, keys_of, papers_in, place_of
from marsad.publish.statements import Sentence
from marsad.record.deciding import decide_claim
from marsad.record.issues import issue_of, issues
from newsroom import add, arrival, said, view

DAY = "2018-07-06"


@pytest.fixture
def day(record):
    """Give a record with two things told of one day, in two governorates."""
    add(record, arrival(said("قصفت الفصائل عندان في 2018-07-06"), "d1", outlet="وكالة الشمال", published=DAY))
    return record


def told(paper):
    return [s.text for section in paper.sections for part in section.parts for s in part.sentences]


def fields(page):
    """Return what the form of a draft would send, in its order."""
    form = page.partition('<form method="post" action="/digest/issues"')[2].partition("</form>")[0]
    found = []
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given.get("type") != "checkbox" or " checked" in tag:
            found.append((given["name"], html.unescape(given.get("value", ""))))
    return found


def sent(client, pairs):
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return client.post("/digest/issues", data=data)


def keys_by_text(record, lang="ar"):
    draft = draft_of(Desk(record), Asked(DAY, DAY))
    paper = next(paper for paper in draft.papers if paper.lang == lang)
    return {s.text: key for section in paper.sections for part in keys_of(section) for key, s in part}


def key_of(record, word):
    return next(key for text, key in keys_by_text(record).items() if word in text)


def publish(browser, record, hold=(), **more):
    pairs = fields(browser("editor").get(f"/digest/draft?on={DAY}").text)
    pairs = [(name, more.get(name, value)) for name, value in pairs]
    answer = sent(browser("editor"), [*pairs, *(("hold", key) for key in hold)])
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def test_a_sentence_of_the_digest_shows_the_words_it_is_made_from(browser, day):
    page = browser("reader").get(f"/digest?on={DAY}").text
    assert '<q dir="auto">قصفت الفصائل عندان في 2018-07-06</q>' in page
    assert "وكالة الشمال" in page


def test_only_an_editor_publishes(browser, day):
    pairs = fields(browser("editor").get(f"/digest/draft?on={DAY}").text)
    assert sent(browser("reviewer"), pairs).status_code == 403
    assert browser("reviewer").get(f"/digest/draft?on={DAY}").status_code == 403
    assert 'href="/digest/draft' not in browser("reviewer").get(f"/digest?on={DAY}").text


def test_an_issue_says_in_both_languages_what_its_draft_said(browser, day):
    draft = draft_of(Desk(day), Asked(DAY, DAY))
    id = publish(browser, day)
    with day.asking() as connection:
        kept = issue_of(connection, id)
    assert [told(paper) for paper in papers_of(kept)] == [told(paper) for paper in draft.papers]
    assert (kept["person"], kept["first"], kept["of"]) == ("editor", DAY, None)
    for lang, paper in zip(("ar", "en"), draft.papers, strict=True):
        page = html.unescape(browser("reader").get(f"/issues/{id}", headers={"accept-language": lang}).text)
        assert all(text in page for text in told(paper))


def test_what_is_held_back_is_in_no_language_of_the_issue(browser, day):
    id = publish(browser, day, hold=[key_of(day, "عندان")])
    with day.asking() as connection:
        kept = issue_of(connection, id)
    said_now = " ".join(text for paper in papers_of(kept) for text in told(paper))
    assert "عندان" not in said_now
    assert "Andan" not in said_now
    assert "نصيب" in said_now
    assert "عندان" not in kept["body"]["html"] + kept["body"]["text"]
    assert all("عندان" not in claim["evidence"] for claim in kept["body"]["claims"].values())


def test_the_foot_counts_what_is_left(browser, day):
    def foot(hold):
        with day.asking() as connection:
            return papers_of(issue_of(connection, publish(browser, day, hold)))[1].foot

    whole, part = foot([]), foot([key_of(day, "عندان")])
    numbers = [[int(n) for n in re.findall(r"\d+", told)] for told in (whole, part)]
    assert numbers[1][0] == numbers[0][0] - 1


def test_nothing_left_is_no_issue(browser, day):
    pairs = fields(browser("editor").get(f"/digest/draft?on={DAY}").text)
    held = [("hold", key) for key in keys_by_text(day).values()] + [
        ("hold", key) for key in keys_by_text(day, "en").values()
    ]
    assert sent(browser("editor"), [*pairs, *held]).status_code == 400


def test_a_preview_shows_what_is_held_and_writes_nothing(browser, day):
    page = browser("editor").get(f"/digest/draft?on={DAY}&hold={key_of(day, 'عندان')}").text
    assert page.count('class="drafted held"') == 1
    with day.asking() as connection:
        assert issues(connection) == []


def test_an_issue_says_what_was_seen_and_not_what_came_meanwhile(browser, day):
    pairs = fields(browser("editor").get(f"/digest/draft?on={DAY}").text)
    add(day, arrival(said("سيطرت قوات النظام على عندان في 2018-07-06"), "late", outlet="وكالة الشمال", published=DAY))
    id = sent(browser("editor"), pairs).headers["location"].rpartition("/")[2]
    with day.asking() as connection:
        assert not any("late" in claim["report"] for claim in issue_of(connection, id)["body"]["claims"].values())
    page = html.unescape(browser("reader").get(f"/issues/{id}").text)
    assert "ما تغيّر بعد النشر" in page


def test_an_issue_stays_and_what_is_withdrawn_since_stands_beside_it(browser, day):
    id = publish(browser, day)
    before = browser("reader").get(f"/issues/{id}/text").text
    assert "ما تغيّر بعد النشر" not in browser("reader").get(f"/issues/{id}").text
    claim = next(row for row in view(day).claims() if row["places"][0]["name"] == "Andan")
    with day.writing("reject") as writing:
        decide_claim(writing, claim["id"], "reject", "سلمى", "المكان خطأ", guide=guide())
    bring_into_incidents(day)
    page = html.unescape(browser("reader").get(f"/issues/{id}").text)
    main, _, later = page.partition("ما تغيّر بعد النشر")
    assert "عندان" in main
    assert "عندان" in later
    assert "المكان خطأ" in later
    assert browser("reader").get(f"/issues/{id}/text").text == before


def test_a_correction_is_an_issue_of_its_own_that_names_the_first_and_why(browser, day):
    first = publish(browser, day)
    second = publish(browser, day, hold=[key_of(day, "عندان")], of=first, reason="المكان خطأ")
    third = publish(browser, day, of=second, reason="عاد المصدر وأكد")
    with day.asking() as connection:
        assert [issue_of(connection, id)["of"] for id in (first, second, third)] == [None, first, first]
    page = html.unescape(browser("reader").get(f"/issues/{first}").text)
    assert "المكان خطأ" in page
    assert f"/issues/{second}" in page
    assert f"/issues/{first}" in browser("reader").get(f"/issues/{second}").text
    assert browser("reader").get("/issues").text.index(third) < browser("reader").get("/issues").text.index(second)


@pytest.mark.parametrize("more", [{"of": "2018-07-06-nosuch", "reason": "خطأ"}, {"seen": ""}, {"seen": "yesterday"}])
def test_a_correction_of_nothing_and_an_issue_of_no_instant_are_refused(browser, day, more):
    pairs = [
        (name, more.get(name, value)) for name, value in fields(browser("editor").get(f"/digest/draft?on={DAY}").text)
    ]
    assert sent(browser("editor"), pairs).status_code in (400, 422)


def test_a_correction_without_a_reason_is_refused(browser, day):
    first = publish(browser, day)
    pairs = [(n, first if n == "of" else v) for n, v in fields(browser("editor").get(f"/digest/draft?on={DAY}").text)]
    assert sent(browser("editor"), pairs).status_code == 400


def test_nothing_that_the_public_may_not_see_is_in_an_issue(browser, day):
    from marsad.record.sensitive import mark

    with day.writing("mark") as writing:
        mark(writing, "source", "وكالة الشمال", "pseudonym", None, person="admin", reason="في خطر")
    id = publish(browser, day)
    with day.asking() as connection:
        assert "وكالة الشمال" not in str(issue_of(connection, id)["body"])
    assert "وكالة الشمال" not in browser("editor").get(f"/digest/draft?on={DAY}").text


def test_a_name_that_is_hidden_after_an_issue_is_hidden_in_it_too(browser, day):
    from marsad.record.sensitive import mark

    id = publish(browser, day)
    assert "وكالة الشمال" in browser("reader").get(f"/issues/{id}").text
    with day.writing("mark") as writing:
        mark(writing, "source", "وكالة الشمال", "pseudonym", None, person="admin", reason="في خطر")
    for path in (f"/issues/{id}", f"/issues/{id}/html", f"/issues/{id}/text"):
        assert "وكالة الشمال" not in browser("reader").get(path).text


def test_a_printed_issue_is_a_file_that_runs_nothing(browser, day):
    id = publish(browser, day)
    answer = browser("reader").get(f"/issues/{id}/html")
    assert answer.headers["content-disposition"] == f'attachment; filename="{id}.html"'
    assert answer.headers["content-security-policy"] == "sandbox"
    assert "<details" in answer.text
    assert browser("reader").get(f"/issues/{id}/pdf").status_code == 404
    assert browser("reader").get("/issues/none/html").status_code == 404


def test_publishing_is_in_the_log(browser, day):
    from marsad.record.looks import looks

    id = publish(browser, day)
    with day.asking() as connection:
        assert [(row.person, row.ref) for row in looks(connection, what="published")] == [("editor", id)]


def paper_with(*texts, lang="ar", key="SY/x", claims=None):
    sentences = tuple(Sentence(text, (claims or {}).get(text, (text,)), text) for text in texts)
    return Paper(lang, "t", (Section("h", (Part("p", sentences),), key),), "f")


def keys(paper):
    return {s.text: key for section in paper.sections for part in keys_of(section) for key, s in part}


@pytest.mark.parametrize(
    ("moves", "order"),
    [({}, "abcd"), ({"c": 1}, "cabd"), ({"a": 3}, "bcad"), ({"d": 2, "a": 4}, "dbca"), ({"a": 99}, "bcda")],
)
def test_a_sentence_moves_to_its_place(moves, order):
    paper = paper_with(*"abcd")
    known = keys(paper)
    places = {known[text]: place_of(moves.get(text, n), n) for n, text in enumerate("abcd", 1)}
    [found] = edited([paper], (), places)
    assert told(found) == list(order)


def test_a_preview_of_a_preview_moves_from_where_it_shows():
    paper = paper_with(*"abc")
    known = keys(paper)
    # Shown as c a b; now a is to be the first.
    places = {known["c"]: place_of(1, 1), known["a"]: place_of(1, 2), known["b"]: place_of(3, 3)}
    assert told(edited([paper], (), places)[0]) == ["a", "c", "b"]


def test_what_is_told_otherwise_in_the_other_language_is_held_back_by_its_claims():
    arabic = paper_with("one", "two", claims={"one": ("c1",), "two": ("c2",)})
    english = paper_with("both", lang="en", claims={"both": ("c1", "c2")})
    found = edited([arabic, english], {keys(arabic)["one"]}, {})
    assert [told(paper) for paper in found] == [["two"], []]
    assert found[1].sections == ()


def test_two_sentences_on_the_same_claims_are_held_back_apart():
    paper = paper_with("a", "b", claims={"a": ("c",), "b": ("c",)})
    paper = Paper(
        "ar", "t", (Section("h", (Part("p", (Sentence("a", ("c",), "i"), Sentence("b", ("c",), "i"))),), "k"),), ""
    )
    english = Paper("en", "t", paper.sections, "")
    found = edited([paper, english], {keys(paper)["b"]}, {})
    assert [told(one) for one in found] == [["a"], ["a"]]


def test_papers_come_back_as_they_were_kept():
    papers = [paper_with("a", "b"), paper_with("c", lang="en")]
    assert papers_in(body_of(papers)) == papers


def test_corrections_are_none_where_nothing_changed(day, browser):
    id = publish(browser, day)
    with day.asking() as connection:
        found = issue_of(connection, id)
    assert corrections(Desk(day), found, "en") is None


def test_a_name_that_is_hidden_since_is_no_correction(browser, day):
    from marsad.record.sensitive import mark

    id = publish(browser, day)
    with day.writing("mark") as writing:
        mark(writing, "source", "وكالة الشمال", "pseudonym", None, person="admin", reason="في خطر")
    for role in ("reader", "editor"):
        assert "ما تغيّر بعد النشر" not in browser(role).get(f"/issues/{id}").text


def test_what_is_held_back_is_on_no_page_of_the_issue(browser, day):
    id = publish(browser, day, hold=[key_of(day, "عندان")])
    for path in (f"/issues/{id}", f"/issues/{id}/html", f"/issues/{id}/text", "/issues"):
        assert "عندان" not in browser("editor").get(path).text
