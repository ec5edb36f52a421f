"""Claims: lists by address, and every field by hand, in words of the report and names of registry and gazetteer."""

from __future__ import annotations

import pytest

from desk.filled import form_in
from marsad.record.sensitive import mark
from marsad.record.view import Filters
from newsroom import add, arrival, said, view

LETTER = "\U0001f54a"


@pytest.fixture
def coder(browser):
    return browser("coder")


@pytest.fixture
def fill(coder, claim):
    """Give what sends the form of the claim, untouched but for what is said."""

    def sent(client=coder, id=claim, **other):
        given = form_in(client.get(f"/claims/{id}").text, f"/claims/{id}/correct")
        return client.post(f"/claims/{id}/correct", data=given | {n.replace("__", "."): v for n, v in other.items()})

    return sent


def told(record, id):
    return next(row for row in view(record).claims() if row["id"] == id)


def decisions(record, id):
    return [row for row in view(record).history(id) if row["kind"] == "decision"]


def test_what_was_not_touched_is_no_correction(fill, record, claim):
    answer = fill()
    assert answer.status_code == 422
    assert "لم يتغير شيء" in answer.text
    assert decisions(record, claim) == []


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_only_what_was_touched_is_corrected_and_the_rest_stays_to_the_letter(fill, coder, record, claim, lang):
    coder.cookies.set("marsad_language", lang)
    before = told(record, claim)
    assert fill(first="2018-07-04", last="2018-07-05", reason="في الفقرة الثانية").status_code == 303
    assert told(record, claim)["date"] == "2018-07-04/2018-07-05"
    [made] = decisions(record, claim)
    assert made["body"]["fields"] == {"date": "2018-07-04/2018-07-05"}
    assert made["reason"] == "في الفقرة الثانية"
    assert {k: before[k] for k in ("actors", "places", "span")} == {
        k: told(record, claim)[k] for k in ("actors", "places", "span")
    }


def test_type_status_numbers_and_sources_are_corrected(fill, record, claim):
    answer = fill(
        type="control", status="ongoing", quoted="yes", numbers__key=["killed", "wounded"],
        numbers__value=["27", ">90"], sources__text=["مرصد الجنوب", "مصدر طبي"],
    )  # fmt: skip
    assert answer.status_code == 303
    now = told(record, claim)
    assert (now["type"], now["status"], now["quoted"]) == ("control", "ongoing", True)
    assert now["numbers"] == {"killed": 27, "wounded": ">90"}
    assert now["sources"] == ["مرصد الجنوب", "مصدر طبي"]


@pytest.mark.parametrize("named", ["قوات سوريا الديمقراطية", "قسد", "Syrian Democratic Forces", "sdf"])
def test_an_actor_is_called_by_any_name_of_the_registry(fill, record, claim, named):
    assert fill(actors__named=[named, ""]).status_code == 303
    assert told(record, claim)["actors"][0]["id"] == "sdf"


def test_an_actor_may_be_words_of_the_report_alone(fill, record, claim):
    assert fill(actors__named=["", ""]).status_code == 303
    [actor] = told(record, claim)["actors"]
    assert (actor["id"], actor["text"]) == (None, "الفصائل")


@pytest.mark.parametrize(("named", "says"), [("لا أحد هنا", "ليس في السجل"), ("فصائل", "لأكثر من جهة")])
def test_an_actor_who_is_not_or_is_several_is_asked_for_again_with_the_form_as_it_was(fill, record, claim, named, says):
    answer = fill(actors__named=[named, ""], first="2018-07-03")
    assert answer.status_code == 422
    assert says in answer.text
    again = form_in(answer.text, f"/claims/{claim}/correct")
    assert (again["actors.named"][0], again["first"]) == (named, ["2018-07-03"])
    assert decisions(record, claim) == []


def test_a_party_is_taken_out_by_emptying_its_row_and_added_in_the_empty_one(fill, record, claim):
    answer = fill(
        actors__text=["", ""], actors__named=["", ""], actors__at=["", ""],
        targets__text=["نصيب"], targets__named=["روسيا"], targets__at=[""],
    )  # fmt: skip
    assert answer.status_code == 303
    now = told(record, claim)
    assert now["actors"] == []
    assert [(party["text"], party["id"]) for party in now["targets"]] == [("نصيب", "russia")]


def test_a_place_of_one_name_is_found_by_it(fill, record, claim):
    assert fill(places__named=["معبر نصيب", ""]).status_code == 303
    [place] = told(record, claim)["places"]
    assert (place["name"], place["admin1"], place["text"]) == ("Nasib Crossing", "Daraa Governorate", "نصيب")
    assert place["lat"] is not None


def test_a_name_of_several_places_is_asked_about_with_candidates_and_reasons(fill, coder, record, claim):
    answer = fill(places__named=["الباب", ""])
    assert answer.status_code == 422
    assert "لأكثر من مكان هذا الاسم" in answer.text
    assert 'value="C1202"' in answer.text
    assert "بلد التقرير" in answer.text
    again = form_in(answer.text, f"/claims/{claim}/correct")
    assert again["places.id"][0] == ""
    again["places.id"][0] = "C1202"
    assert coder.post(f"/claims/{claim}/correct", data=again).status_code == 303
    assert told(record, claim)["places"][0]["name"] == "Al-Bab"


def test_role_and_extent_of_a_place_are_corrected_and_where_it_lies_stays(fill, record, claim):
    before = told(record, claim)["places"][0]
    assert fill(places__role=["from", "at"], places__extent=["part", ""]).status_code == 303
    now = told(record, claim)["places"][0]
    assert (now["role"], now["extent"]) == ("from", "part")
    assert {k: now[k] for k in ("id", "name", "lat", "span")} == {k: before[k] for k in ("id", "name", "lat", "span")}


def test_evidence_is_words_of_the_report_and_nothing_else(fill, record, claim):
    assert "ليست هذه الكلمات في التقرير" in fill(evidence="كلمات من عندي").text
    assert fill(evidence="سيطرت  الفصائل\r\nعلى نصيب").status_code == 303
    now = told(record, claim)
    assert now["evidence"] == "سيطرت الفصائل على نصيب"


def test_a_count_that_the_guide_does_not_know_is_refused_in_the_form(fill, claim):
    answer = fill(numbers__key=["killed"], numbers__value=["many"])
    assert answer.status_code == 422
    assert "numbers.killed" in answer.text


def test_a_form_that_was_opened_before_another_corrected_does_not_overwrite(fill, coder, record, claim):
    stale = form_in(coder.get(f"/claims/{claim}").text, f"/claims/{claim}/correct")
    assert fill(first="2018-07-01", last="").status_code == 303
    answer = coder.post(f"/claims/{claim}/correct", data=stale | {"first": "2018-07-02"})
    assert answer.status_code == 422
    assert told(record, claim)["date"] == "2018-07-01"


def test_who_sees_a_pseudonym_corrects_a_claim_without_writing_the_pseudonym_into_it(fill, coder, record):
    id = next(row["id"] for row in view(record).claims(Filters(source="مصدر طبي")))
    with record.writing("mark") as writing:
        mark(writing, "source", "مصدر طبي", "pseudonym", None, "هدى", "طلب المصدر")
    [shown, _] = form_in(coder.get(f"/claims/{id}").text, f"/claims/{id}/correct")["sources.text"]
    assert shown not in ("", "مصدر طبي")
    assert fill(id=id, first="2018-07-03").status_code == 303
    assert decisions(record, id)[-1]["body"]["fields"] == {"date": "2018-07-03"}
    assert fill(id=id, sources__text=[shown, "ناشطون"]).status_code == 303
    assert told(record, id)["sources"] == ["مصدر طبي", "ناشطون"]


def test_words_that_are_kept_from_a_person_are_no_claim_of_theirs_and_cannot_be_tried(fill, coder, record):
    id = next(row["id"] for row in view(record).claims(Filters(source="مصدر طبي")))
    text = next(view(record).reports(Filters(ids=["r2"]), text=True))["text"]
    with record.writing("mark") as writing:
        mark(writing, "source", "مصدر طبي", "pseudonym", None, "هدى", "طلب المصدر")
    report = told(record, id)["report"]
    seen = next(row["id"] for row in view(record, "analyst").reports(Filters(ids=[report])))
    assert "مصدر طبي" in text
    assert "مصدر طبي" not in coder.get(f"/reports/{seen}").text
    at = text.index("مصدر طبي")
    page = coder.get("/new-claim", params={"report": seen, "start": at, "end": at + len("مصدر طبي إن قصفت قوات")})
    answer = coder.post(f"/reports/{seen}/claims", data=form_in(page.text, f"/reports/{seen}/claims"))
    assert answer.status_code == 422
    assert "محجوب" in answer.text
    # Guessing what stands there says nothing: it is not in the report as this person sees it.
    assert "ليست هذه الكلمات في التقرير" in fill(id=id, evidence="قال مصدر طبي إن").text


@pytest.fixture
def tale(record):
    """Add a report with a letter beyond the first plane, and words that stand twice, and return its text."""
    text = f"{LETTER} وصل المدنيون. ثم نزح المدنيون من داعل، وقال ناشطون إن المدنيين بخير."
    add(record, arrival(text, "r9", outlet="وكالة النهر", published="2018-07-08"))
    return text


def new_form(coder, start=0, end=0):
    page = coder.get("/new-claim", params={"report": "r9", "start": start, "end": end})
    return page.text, form_in(page.text, "/reports/r9/claims")


def test_selected_words_fill_trigger_sentence_type_and_place(coder, tale):
    at = tale.index("نزح")
    page, form = new_form(coder, at, at + 3)
    assert form["trigger"] == ["نزح"]
    assert form["evidence"][0].startswith("ثم نزح المدنيون من داعل")
    assert form["type"] == ["displacement"]
    assert form["places.text"][0] == "داعل"
    assert '<mark class="trigger">نزح</mark>' in page


def test_a_claim_is_added_where_the_words_were_selected(coder, record, tale):
    at = tale.index("نزح")
    _, form = new_form(coder, at, at + 3)
    form |= {"targets.text": ["المدنيون"], "targets.named": [""], "first": ["2018-07-08"]}
    answer = coder.post("/reports/r9/claims", data=form)
    assert answer.status_code == 303
    made = next(row for row in view(record).claims() if row["report"] == "r9")
    assert tale[slice(*made["trigger_span"])] == made["trigger"] == "نزح"
    assert (made["type"], made["date"], made["verdict"]) == ("displacement", "2018-07-08", "accepted")
    assert made["places"][0]["id"] == "C6030"
    # Of the words that stand thrice those nearest to the trigger are meant.
    assert made["targets"][0]["span"][0] == tale.index("المدنيون", at)
    assert "أُضيف" in coder.get(answer.headers["location"]).text


def test_without_scripts_the_words_are_found_where_they_stand_for_the_nth_time(coder, record, tale):
    _, form = new_form(coder)
    form |= {"evidence": ["المدنيون"], "evidence_nth": ["2"], "trigger": ["المدنيون"], "type": ["displacement"]}
    assert coder.post("/reports/r9/claims", data=form).status_code == 303
    made = next(row for row in view(record).claims() if row["report"] == "r9")
    assert made["span"][0] == tale.index("المدنيون", tale.index("نزح"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"evidence": ["ليست هناك"]}, "ليست هذه الكلمات في التقرير"),
        ({"trigger": ["وصل"]}, "ليست هذه الكلمات في التقرير"),
        ({"type": [""]}, "اختر نوع القول"),
        ({"evidence": [""]}, "اكتب الشاهد"),
        ({"evidence_nth": ["9"], "evidence_at": [""]}, "ليست هذه الكلمات في التقرير"),
    ],
)
def test_a_claim_that_is_not_in_the_report_is_not_added(coder, record, tale, given, says):
    at = tale.index("ثم نزح")
    _, form = new_form(coder, at, at + len("ثم نزح المدنيون من داعل"))
    answer = coder.post("/reports/r9/claims", data=form | {"type": ["displacement"]} | given)
    assert answer.status_code == 422
    assert says in answer.text
    assert not [row for row in view(record).claims() if row["report"] == "r9"]


def test_offsets_beyond_the_text_are_no_fault_of_the_desk(coder, tale):
    _, form = new_form(coder, 10_000, 20_000)
    assert form["evidence"] == [""]


def test_the_line_ends_of_a_report_reach_the_browser_as_they_are(coder, record):
    add(record, arrival("سيطرت الفصائل\r\nعلى نصيب <b>", "r8", published="2018-07-08"))
    page = coder.get("/reports/r8").text
    assert "سيطرت الفصائل&#13;\nعلى نصيب &lt;b&gt;" in page


@pytest.mark.parametrize("asked", ["صيدا", "Sayda", "sayd"])
def test_places_are_called_in_both_scripts_with_kind_governorate_and_why(coder, asked):
    rows = coder.get("/places", params={"q": asked, "report": "r1"}).json()
    found = next(row for row in rows if row["id"] == "C5995")
    assert (found["kind"], found["country"]) == ("قرية", "SY")
    assert found["area"] == "درعا"
    assert "الوزن" in found["why"]


def test_a_report_says_which_of_two_places_of_one_name_is_likelier(coder):
    alone, within = (coder.get("/places", params=p).json() for p in ({"q": "صيدا"}, {"q": "صيدا", "report": "r1"}))
    assert alone[0]["country"] == "LB"
    assert within[0]["country"] == "SY"


def test_words_are_found_folded_and_stay_in_the_address_with_the_filters(coder, claim):
    page = coder.get("/claims", params={"q": "سَيْطَرَتِ", "first": "2018-07-01"}).text
    assert f"/claims/{claim}" in page
    assert 'value="2018-07-01"' in page
    assert page.count('class="row"') == 1
    assert "لا شيء هنا" in coder.get("/claims", params={"q": "كلمة ليست هناك"}).text


def test_a_long_list_is_turned_page_by_page_with_its_filters(coder, record):
    many = [
        arrival(said(f"قصفت قوات النظام داعل في 2018-05-{d:02}"), f"m{d}", published="2018-06-01") for d in range(1, 31)
    ]
    more = [
        arrival(said(f"قصفت قوات النظام نصيب في 2018-05-{d:02}"), f"n{d}", published="2018-06-01") for d in range(1, 31)
    ]
    add(record, *many, *more)
    page = coder.get("/claims", params={"type": "shelling", "last": "2018-06-01"}).text
    assert page.count('class="row"') == 50
    assert 'rel="prev"' not in page
    onward = "/claims?type=shelling&amp;last=2018-06-01&amp;cursor=50".replace("/claims", "")
    assert f'href="{onward}"' in page
    page = coder.get("/claims" + onward.replace("&amp;", "&")).text
    assert page.count('class="row"') == 10
    assert 'rel="next"' not in page
    assert 'rel="prev"' in page
