"""A digest in words: sentences of each part in both languages, what changed in it, and its forms."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from marsad.errors import UsageError
from marsad.loading.codebook import types
from marsad.loading.prose import LANGUAGES, prose
from marsad.publish.digest import changes_of, claims_of, paper_of, sentences_of, tongue_of
from marsad.publish.paper import docx_of, html_of, markdown_of, text_of
from marsad.publish.statements import Teller

DAY = "2018-07-06"


def place(id, name, name_ar, role="at", claims=("c1", "c2"), **fields):
    given = {"id": id, "name": name, "name_ar": name_ar, "admin1": "Daraa Governorate", "country": "SY", "role": role}
    return {**given, "claims": list(claims), **fields}


def party(id, text, *claims):
    return {"id": id, "text": text, "claims": list(claims or ("c1", "c2"))}


def voice(name, *claims, manner="told"):
    return {"name": name, "manner": manner, "claims": list(claims or ("c1",))}


def number(*said):
    return {"low": 0, "high": None, "by": [{"value": v, "source": s, "claim": "c1"} for v, s in said]}


NAWA = place("C6124", "Nawa", "نوى")
FORCES, IS, CIVILIANS = party("assad-gov", "الجيش"), party("isis", "التنظيم"), party("civilians", "مدنيين")
ONE, TWO = [voice("مرصد كذا", "c1", "c2")], [voice("شبكة كذا", "c1"), voice("مرصد كذا", "c2")]


def incident(type="shelling", **fields):
    given = {
        "id": "i4", "type": type, "status": "happened", "date": DAY, "places": [NAWA], "sites": [], "actors": [FORCES],
        "targets": [], "numbers": {}, "claims": ["c1", "c2"], "reports": ["r1"], "independent_sources": 1,
        "contradictions": [], "certainty": 0.9, "evidence": "", "voices": ONE,
    }  # fmt: skip
    return {**given, **fields}


def turn(**fields):
    given = {
        "day": DAY, "place": "C6124", "name": "Nawa", "name_ar": "نوى", "kind": "town", "admin1": "Daraa Governorate",
        "country": "SY", "status": "held", "holder": "assad-gov", "holders": ["assad-gov"], "status_before": "held",
        "holder_before": "opposition", "confidence": 0.9, "sources": 1, "claims": ["c1"], "voices": ONE,
        "claims_before": [], "is_told": True,
    }  # fmt: skip
    return {**given, **fields}


def digest(last=DAY, first=DAY, **parts):
    area = {"admin1": "Daraa Governorate", "admin1_ar": "درعا", "country": "SY", "weight": 1.0, "turns": [],
    "fighting": [],
            "people": [], "talks": [], "disputes": [], "standing": {}}  # fmt: skip
    return {"first": first, "last": last, "areas": [{**area, **parts}]}


def said(row, lang="ar", first=DAY, last=DAY):
    return Teller(tongue_of(lang), first, last).incident(row).text


def turned(*rows, lang="ar", first=DAY):
    return [s.text for s in Teller(tongue_of(lang), first, DAY).turns(rows)]


def stated(standing, lang="ar"):
    return [s.text for s in Teller(tongue_of(lang), DAY, DAY).standing(standing)]


def disputed(row, lang="ar"):
    return [s.text for s in Teller(tongue_of(lang), DAY, DAY).disputes(row)]


def dispute(kind, field, *values):
    rows = [{"value": v, "claims": list(c), "sources": list(s)} for v, c, s in values]
    return {"kind": kind, "field": field, "values": rows}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("type", list(types()))
@pytest.mark.parametrize("status", ["happened", "ongoing", "planned", "called_for", "possible", "denied"])
def test_every_type_in_every_status_and_with_whatever_is_there_is_a_sentence(lang, type, status):
    for actors in ([], [FORCES], [FORCES, IS], [party(None, "المسلحون", "c1")]):
        for targets in ([], [CIVILIANS]):
            for places in (
                [],
                [NAWA],
                [NAWA, place("C6030", "Da'el", "داعل", "from"), place("C3871", "Idlib", "إدلب", "to")],
            ):
                row = incident(type, status=status, actors=actors, targets=targets, places=places)
                is_sound(said(row, lang))


def is_sound(text):
    assert text.endswith(".") and "{" not in text and "[" not in text and "  " not in text, text
    assert not re.search(
        r"[،,؛;:] ?[،,؛;:.]|\bفي في\b|\bمن من\b|وو(?!حد|كال|زي|زا|سط|سا|صو|رد|اد|لا|ال|ف|ض|ع)| \.|\( | \)", text
    ), text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("type", list(types()))
def test_every_kind_of_an_act_is_a_sentence(lang, type):
    for variant in prose("ar").types[type].variants:
        for row in (incident(type), incident(type, actors=[], targets=[CIVILIANS]), incident(type, status="planned")):
            is_sound(said({**row, "evidence": variant.words[0] + " "}, lang))


@pytest.mark.parametrize(
    ("row", "ar", "en"),
    [
        (incident(numbers={"killed": number((3, "مرصد كذا")), "wounded": number((11, "مرصد كذا"))}),
         "قصفت قوات النظام بلدة نوى، ما أوقع 3 قتلى و11 جريحاً، بحسب مرصد كذا.",
         "Syrian government forces shelled Nawa, leaving 3 people killed and 11 people wounded, "
         "according to مرصد كذا."),
        (incident("clash", targets=[IS]), "دارت اشتباكات بين قوات النظام وتنظيم الدولة في بلدة نوى، بحسب مرصد كذا.",
         "There was fighting between Syrian government forces and Islamic State in Nawa, according to مرصد كذا."),
        (incident("killing", actors=[], numbers={"killed": number(("tens",
        "مرصد كذا"))}, targets=[FORCES], status="denied"),
         "نفى مرصد كذا ما قيل عن مقتل عشرات العناصر من قوات النظام في بلدة نوى.",
         "مرصد كذا denied what was said of the killing of tens of members of Syrian government forces in Nawa."),
        (incident("displacement", actors=[party("civilians", "النازحين")], status="planned", evidence="وعودة النازحين"),
         "تُنتظر عودة نازحين إلى بلدة نوى، بحسب مرصد كذا.",
         "The return of displaced people to Nawa was expected, according to مرصد كذا."),
        (incident("negotiation", actors=[FORCES], status="ongoing"),
         "تستمر محادثات بمشاركة الحكومة السورية في بلدة نوى، بحسب مرصد كذا.",
         "Talks involving the Syrian government in Nawa were still going on, according to مرصد كذا."),
        (incident("airstrike", actors=[], numbers={"strikes": number((">230", "مرصد كذا"))}),
         "نُفّذ أكثر من 230 غارة على بلدة نوى، بحسب مرصد كذا.",
         "There were more than 230 strikes on Nawa, according to مرصد كذا."),
        (incident("surrender", actors=[party(None, "الإرهابيون",
        "c1")], numbers={"surrendered": number((2, "مرصد كذا"))}),
         "استسلم شخصان من «الإرهابيين» في بلدة نوى، بحسب مرصد كذا.", None),
        (incident("control", status="denied"), "بلدة نوى خارج سيطرة قوات النظام، بحسب مرصد كذا.",
         "Nawa was not held by Syrian government forces, according to مرصد كذا."),
        (incident("takeover", status="possible"),
         "تحدث مرصد كذا، في معلومات لم تتأكد، عن سيطرة قوات النظام على بلدة نوى.",
         "مرصد كذا spoke, in reports that are not confirmed, of the taking of Nawa by Syrian government forces."),
        (incident("siege", actors=[], status="called_for"), "صدرت دعوة إلى حصار على بلدة نوى، بحسب مرصد كذا.", None),
    ],
)  # fmt: skip
def test_an_incident_is_told_as_a_monitor_tells_it(row, ar, en):
    assert said(row) == ar and said(row, "en") == (en or said(row, "en"))


def test_a_source_is_named_before_or_behind_always_alike():
    ways = {said(incident(id=f"i{n}")) for n in range(40)}
    assert ways == {
        "قصفت قوات النظام بلدة نوى، بحسب مرصد كذا.", "قصفت قوات النظام بلدة نوى، وفق مرصد كذا.",
        "ذكر مرصد كذا أنّ قوات النظام قصفت بلدة نوى.", "أفاد مرصد كذا بأنّ قوات النظام قصفت بلدة نوى.",
        "أورد مرصد كذا أنّ قوات النظام قصفت بلدة نوى.",
    }  # fmt: skip
    assert said(incident(id="i7")) == said(incident(id="i7"))


def test_behind_that_a_plural_of_persons_has_its_verb_in_the_plural():
    ways = {said(incident(id=f"i{n}", actors=[party("houthis", "الحوثيين")])) for n in range(40)}
    assert "ذكر مرصد كذا أنّ الحوثيين قصفوا بلدة نوى." in ways and "قصف الحوثيون بلدة نوى، بحسب مرصد كذا." in ways


@pytest.mark.parametrize(
    ("voices", "tail"),
    [
        ([voice("الفصائل", "c1", "c2", manner="party")], "، بحسب ما أعلنته الفصائل."),
        ([voice("الجيش", "c1", "c2", manner="party")], "، بحسب ما أعلنه الجيش."),
        ([voice("قوات النظام", "c1", "c2", manner="party")], "، بحسب ما أعلنت."),
        ([voice("مرصد كذا", "c1", "c2"), voice("الفصائل", "c1", "c2", manner="party")],
        "، بحسب مرصد كذا وما أعلنته الفصائل."),
        ([voice("أ", "c1", "c2"), voice("ب", "c1", "c2"), voice("ج", "c1", "c2", manner="party")],
         "، بحسب 3 مصادر مستقلة (أ وب وج)، ومنها طرف في الحدث."),
        ([], "قصفت قوات النظام بلدة نوى."),
        ([voice("بذلك اللجاة", "c1", "c2", manner="party")], "، بحسب ما أعلنه مصدر لم يُسمَّ."),
    ],
)  # fmt: skip
def test_a_party_announces_what_others_report(voices, tail):
    assert said(incident(voices=voices)).endswith(tail)


def test_what_only_some_say_carries_their_name():
    row = incident("attack", voices=TWO, actors=[party("isis", "التنظيم")], targets=[party("civilians", "عائلات",
    "c1")],
                   places=[NAWA, place("C6030", "Da'el", "داعل", claims=["c2"])])  # fmt: skip
    text = said(row)
    assert "هجوماً على عائلات (شبكة كذا) في بلدة نوى وفي بلدة داعل (مرصد كذا)" in text
    assert "(شبكة كذا)" not in said({**row, "voices": [{k: v for k, v in x.items() if k != "claims"} for x in TWO]})


def test_counts_are_ranges_by_source_and_the_sources_are_not_named_twice():
    row = incident(voices=TWO, numbers={"killed": number((63, "مرصد كذا"), (45, "شبكة كذا"))})
    assert said(row) == "قصفت قوات النظام بلدة نوى، ما أوقع بين 45 (شبكة كذا) و63 قتيلاً (مرصد كذا)، بحسب المصدرين."
    assert said(row, "en").endswith(
        "leaving between 45 (شبكة كذا) and 63 people killed (مرصد كذا), according to the two."
    )
    same = incident(voices=TWO, numbers={"killed": number((63, "مرصد كذا"), (63, "شبكة كذا"))})
    assert "63 قتيلاً" in said(same) and "(" not in said(same)
    half = incident(voices=TWO, numbers={"killed": number((63, "مرصد كذا"))})
    assert "63 قتيلاً (مرصد كذا)" in said(half)


def test_dead_are_only_the_doing_of_an_act_that_kills_and_happened():
    count = {"killed": number((1, "مرصد كذا"))}
    assert "ما أوقع قتيلاً واحداً" in said(incident(numbers=count))
    assert "مع ذكر قتيل واحد" in said(incident("destruction", numbers=count))
    assert "مع ذكر قتيل واحد" in said(incident(numbers=count, status="planned"))
    assert "قتيل" not in said(incident(numbers=count, status="denied"))
    share = incident("control", numbers={"share": number((">0.9", "مرصد كذا"))})
    assert "مع ذكر أكثر من 90 بالمئة" in said(share)


def test_a_source_without_a_name_is_quoted_by_its_outlet_and_never_stands_for_it():
    row = incident(unnamed={"c1": "مصادر محلية", "c2": "مصادر محلية"})
    assert said(row) == "قصفت قوات النظام بلدة نوى، بحسب مرصد كذا نقلاً عن مصادر محلية."
    assert said(row, "en").endswith(", according to مرصد كذا (quoting local sources).")
    assert "نقلاً" not in said({**row, "unnamed": {"c1": "مصادر محلية"}})  # the outlet itself says c2
    for words in ("حصيلة قالها ناشط", "مراسل", "المراسل في البلدة"):
        assert "نقلاً" not in said({**row, "unnamed": dict.fromkeys(["c1", "c2"], words)})


def test_of_more_than_two_who_say_a_part_it_is_told_how_many_they_are():
    voices = [voice(name, f"c{n}") for n, name in enumerate("أبجدهـ")]
    isis = party("isis", "التنظيم", "c0", "c1", "c2")
    row = incident("attack", voices=voices, claims=[f"c{n}" for n in range(6)], actors=[isis])
    assert said(row).startswith("شنّ تنظيم الدولة (3 مصادر) هجوماً على بلدة نوى") and "6 مصادر مستقلة (أ وب" in said(row)


def test_a_number_that_a_copy_gives_is_told_by_its_own_source():
    row = incident(numbers={"killed": number((25, "مرصد كذا"))}, origins={"c1": "صحيفة كذا"})
    assert "ما أوقع 25 قتيلاً (صحيفة كذا)" in said(row)


def test_who_acts_by_most_claims_is_not_told_as_whom_it_was_done_to():
    forces = party("assad-gov", "الجيش", "c1", "c2")
    row = incident("attack", actors=[forces], targets=[party("assad-gov", "الجيش", "c2"), IS])
    assert said(row).startswith("شنّت قوات النظام هجوماً على تنظيم الدولة في بلدة نوى")


def test_people_and_forces_together_are_told_apart():
    row = incident("killing", actors=[], targets=[CIVILIANS, IS], numbers={"killed": number((31, "مرصد كذا"))})
    assert said(row).startswith("قُتل 31 شخصاً بينهم مدنيون وعناصر من تنظيم الدولة في بلدة نوى")
    assert said(row, "en").startswith("31 people (among them civilians and members of Islamic State) were killed in")
    assert said({**row, "numbers": {}}).startswith("قُتل مدنيون وعناصر من تنظيم الدولة في")
    people = {**row, "targets": [party("civilians", "شخص"), IS]}
    assert "31 شخصاً بينهم عناصر من تنظيم الدولة" in said(people)


def test_those_hurt_in_a_killing_stand_beside_the_dead():
    numbers = {"killed": number((18, "مرصد كذا")), "wounded": number((">70", "مرصد كذا"))}
    row = incident("killing", actors=[], targets=[CIVILIANS], numbers=numbers)
    assert "قُتل 18 مدنياً في بلدة نوى، إضافة إلى أكثر من 70 جريحاً، بحسب" in said(row)
    assert "killed in Nawa, with more than 70 people wounded" in said(row, "en")


def test_a_count_and_who_it_is_of_name_their_source_once():
    isis = party("isis", "التنظيم", "c1")
    row = incident("surrender", voices=TWO, actors=[isis], numbers={"surrendered": number((80, "شبكة كذا"))})
    assert said(row).startswith("استسلم 80 عنصراً من تنظيم الدولة (شبكة كذا) في بلدة نوى")


def test_members_as_an_object_take_no_ending():
    assert "قتلت قوات النظام عناصر من تنظيم الدولة" in said(incident("killing", targets=[IS]))


def test_what_is_destroyed_is_what_the_reports_name():
    carts = {"kind": "vehicle", "text": "عربات عسكرية", "claims": ["c1", "c2"]}
    row = incident("destruction", evidence="تدمير", sites=[carts])
    assert said(row).startswith("دمّرت قوات النظام عربات عسكرية في بلدة نوى")
    counted = {**row, "sites": [], "numbers": {"vehicles": number((5, "مرصد كذا"))}}
    assert said(counted).startswith("دمّرت قوات النظام 5 آليات في بلدة نوى") and "مع ذكر" not in said(counted)
    assert "property (vehicle)" in said(row, "en") and "destroyed property in" in said({**row, "sites": []}, "en")


def test_a_site_that_some_tell_has_their_name_and_one_of_another_act_is_not_told():
    market = {"kind": "market", "text": "سوق", "claims": ["c1"]}
    row = incident("bombing", actors=[], voices=TWO, sites=[market])
    assert "وتحديداً في سوق (شبكة كذا)، " in said(row) and "(market according to شبكة كذا)" in said(row, "en")
    isis = party("isis", "التنظيم", "c2")
    assert "سوق" not in said(incident("bombing", actors=[isis], sites=[market]))


def test_what_lies_near_the_north_of_a_place_is_north_of_it():
    row = incident("clash", places=[place("C6124", "North of Nawa", None, role="near")], targets=[IS])
    assert "تنظيم الدولة شمال نوى، " in said(row) and "Islamic State north of Nawa" in said(row, "en")


def test_people_are_told_by_what_they_were_before_the_act():
    three = {"arrested": number((3, "مرصد كذا"))}
    held = incident("arrest", targets=[party("detainees", "المعتقلين")], numbers=three)
    assert "اعتقلت قوات النظام 3 أشخاص" in said(held) and "اعتقلت قوات النظام أشخاصاً" in said({**held, "numbers": {}})
    freed = incident(
        "release", targets=[party("detainees", "المعتقلين")], numbers={"released": number((3, "مرصد كذا"))}
    )
    assert "عن 3 معتقلين" in said(freed)
    assert "قتلت قوات النظام 3 أشخاص في" in said(
        incident("killing", targets=[party(None, "أفراد", "c1")], numbers={"killed": number((3, "مرصد كذا"))})
    )
    assert "قتلت قوات النظام عنصرين من تنظيم الدولة" in said(
        incident("killing", targets=[IS], numbers={"killed": number((2, "مرصد كذا"))})
    )


def test_sites_are_told_where_they_say_more_than_the_place():
    market = {"kind": "market", "text": "وسوق", "claims": ["c1"]}
    vehicle = {"kind": "vehicle", "text": "الآليات", "claims": ["c1"]}
    town = {"kind": "town", "text": "البلدة", "claims": ["c1"]}
    row = incident("bombing", actors=[], sites=[market, vehicle, town])
    assert "في بلدة نوى، وتحديداً في سوق، بحسب" in said(row)
    assert "Nawa (market)" in said(row, "en")
    assert "على سوق في بلدة نوى" in said({**row, "type": "takeover"})
    assert "قصفت قوات النظام بلدة نوى، وتحديداً سوقاً، بحسب" in said(incident(sites=[market]))
    assert "في سوق" in said({**row, "places": []})
    nasib = place("sy-nasib-crossing", "Nasib Crossing", "معبر نصيب")
    at_it = {"kind": "checkpoint", "text": "المعبر الحدودي", "claims": ["c1"]}
    bases = [{"kind": "military base", "text": text, "claims": ["c1"]} for text in ("قاعدة", "القاعدة العسكرية")]
    assert "وتحديداً" not in said({**row, "places": [nasib], "sites": [at_it]})
    assert "وتحديداً في القاعدة العسكرية، بحسب" in said({**row, "sites": bases})


def test_a_country_or_governorate_is_left_out_beside_a_place_in_it():
    wide = [place("JO", "Jordan", "الأردن", admin1=None, country="JO"), place("SY12", "Daraa Governorate", "درعا")]
    text = said(incident(places=[NAWA, *wide]))
    assert "نوى" in text and "الأردن" not in text and "محافظة" not in text
    assert "محافظة درعا" in said(incident(places=wide[1:]))


def test_days_are_told_where_the_title_does_not_tell_them():
    assert "تموز" not in said(incident())
    assert "في 2 تموز/يوليو" in said(incident(date="2018-07-02"))
    assert "بين 17 و29 حزيران/يونيو" in said(incident(date="2018-06-17/2018-06-29"))
    assert "في 6 تموز/يوليو" in said(incident(), first="2018-07-01")
    assert "في 31 كانون الأول/ديسمبر 2017" in said(incident(date="2017-12-31"))
    then = incident("clash", status="ongoing", date="2018-07-02", targets=[IS])
    assert said(then).startswith("كانت اشتباكات بين قوات النظام وتنظيم الدولة في بلدة نوى مستمرة في 2 تموز/يوليو")
    assert said(then, "en").startswith("On 2 July fighting between")
    assert said({**then, "date": "2018-07-02/2018-07-08"}).startswith("استمرت اشتباكات")


def test_open_talks_say_for_how_long():
    row = incident("demand", date="2018-06-29", open_days=7, voices=[voice("شبكة كذا", "c1", "c2")])
    assert said(row).endswith("؛ وقد مضى على ذلك 7 أيام من دون ذكر اتفاق.")
    assert said({**row, "open_days": 1}).endswith("وقد مضى على ذلك يوم واحد من دون ذكر اتفاق.")
    assert said({**row, "open_days": 2}).endswith("وقد مضى على ذلك يومان من دون ذكر اتفاق.")
    assert said(row, "en").endswith("; 7 days later no agreement has been reported.")


def test_a_denial_of_ones_own_act_names_its_maker_once():
    row = incident(status="denied", voices=[voice("قوات النظام", "c1", "c2")])
    assert said(row) == "نفت قوات النظام ما قيل عن قصف على بلدة نوى."


def test_who_is_disputed_is_not_told_as_sure():
    who = dispute("who", "actors", ("assad-gov", ["c1"], ["شبكة كذا"]), ("isis", ["c2"], ["مرصد كذا"]))
    row = incident("attack", voices=TWO, actors=[FORCES, IS], contradictions=[who])
    assert "النظام" not in said(row)
    assert disputed(row) == [
        "اختلفت المصادر في الجهة الفاعلة في هجوم على بلدة نوى: قوات النظام بحسب شبكة كذا، وتنظيم الدولة بحسب مرصد كذا."
    ]
    assert disputed(row, "en") == [
        "Sources differ on who was behind an attack on Nawa: Syrian government forces according to شبكة كذا and "
        "Islamic State according to مرصد كذا."
    ]


@pytest.mark.parametrize(
    ("contradiction", "sentence"),
    [
        (dispute("count", "numbers.killed", (">240", ["c1"], ["أ"]), (221, ["c2"], ["ب"])),
         "اختلفت المصادر في عدد القتلى في قصف من قوات النظام على بلدة نوى: 221 قتيلاً بحسب ب، "
         "وأكثر من 240 قتيلاً بحسب أ."),
        (dispute("when", "date", ("2018-07-06", ["c1"], ["أ"]), ("2018-07-07", ["c2"], ["ب"])),
         "اختلفت المصادر في تاريخ قصف من قوات النظام على بلدة نوى: 6 تموز/يوليو بحسب أ، و7 تموز/يوليو بحسب ب."),
        (dispute("what", "type", ("shelling", ["c1"], ["أ"]), ("bombing", ["c2"], ["ب"])),
         "اختلفت المصادر في وصف قصف من قوات النظام على بلدة نوى: قصف بحسب أ، وتفجير بحسب ب."),
        (dispute("denied", "status", ("affirmed", ["c1"], ["شبكة كذا"]), ("denied", ["c2"], ["مرصد كذا"])),
         "اختلفت المصادر في قصف من قوات النظام على بلدة نوى: أوردته شبكة كذا، ونفاه مرصد كذا."),
    ],
)  # fmt: skip
def test_each_dispute_has_its_sentence(contradiction, sentence):
    assert disputed(incident(contradictions=[contradiction], voices=[voice("أ", "c1"), voice("ب", "c2")])) == [sentence]


def test_what_is_disputed_of_an_incident_in_several_ways_is_one_sentence():
    row = incident("bombing", actors=[], voices=TWO, contradictions=[
        dispute("count", "numbers.killed", (">240", ["c1"], ["شبكة كذا"]), (221, ["c2"], ["مرصد كذا"])),
        dispute("who", "actors", ("isis", ["c1"], ["شبكة كذا"]), ("assad-gov", ["c2"], ["مرصد كذا"])),
    ])  # fmt: skip
    assert disputed(row) == [
        "اختلفت المصادر في تفجير في بلدة نوى: في عدد القتلى، 221 قتيلاً بحسب مرصد كذا، وأكثر من 240 قتيلاً بحسب "
        "شبكة كذا؛ وفي الجهة الفاعلة، تنظيم الدولة بحسب شبكة كذا، وقوات النظام بحسب مرصد كذا."
    ]
    [english] = disputed(row, "en")
    assert "on the number of dead, 221 people" in english and "; on who was behind it, Islamic State" in english


def test_the_same_voice_that_says_two_things_disputes_nothing():
    who = dispute("who", "actors", ("assad-gov", ["c1", "c2"], ["أ", "ب"]), ("isis", ["c3"], ["ب"]))
    row = incident(claims=["c1", "c2", "c3"], voices=[voice("أ", "c1"), voice("ب", "c2", "c3")], contradictions=[who])
    assert disputed(row) == []
    quoted = {**row, "unnamed": {"c3": "قيادي محلي"}}
    assert "وتنظيم الدولة بحسب ب نقلاً عن قيادي محلي" in disputed(quoted)[0]


def test_what_is_disputed_is_named_by_what_most_say_of_it_and_without_names():
    count = dispute("count", "numbers.killed", (3, ["c1"], ["شبكة كذا"]), (9, ["c2"], ["مرصد كذا"]))
    places = [NAWA, place("C6030", "Da'el", "داعل", claims=["c2"])]
    row = incident("clash", voices=TWO, targets=[party("isis", "التنظيم", "c2")], places=places,
                   sites=[{"kind": "market", "text": "السوق", "claims": ["c1"]}], contradictions=[count])  # fmt: skip
    assert disputed(row)[0].startswith("اختلفت المصادر في عدد القتلى في اشتباكات بمشاركة قوات النظام في بلدة نوى: ")


def test_days_on_which_voices_differ_are_told_as_days():
    when = dispute("when", "date", ("2018-07-02/2018-07-03", ["c1"], ["أ"]), ("2018-07-06", ["c2"], ["ب"]))
    row = incident(contradictions=[when], voices=[voice("أ", "c1"), voice("ب", "c2")])
    assert "بين 2 و3 تموز/يوليو بحسب أ، و6 تموز/يوليو بحسب ب." in disputed(row)[0]
    assert "between 2 and 3 July according to أ" in disputed(row, "en")[0]


def test_who_denies_in_an_outlet_without_a_name_is_quoted():
    denial = dispute("denied", "status", ("affirmed", ["c1"], ["الفصائل"]), ("denied", ["c2"], ["صحيفة كذا"]))
    row = incident("withdrawal", voices=[voice("الفصائل", "c1"), voice("صحيفة كذا", "c2")], contradictions=[denial],
                   unnamed={"c2": "مصدر عسكري"})  # fmt: skip
    assert disputed(row)[0].endswith("ونفته صحيفة كذا نقلاً عن مصدر عسكري.") or "ونفاه صحيفة" in disputed(row)[0]
    assert disputed(row, "en")[0].endswith("صحيفة كذا (quoting a military source) denied it.")


def test_manners_are_told_in_their_words():
    how = dispute("how", "evidence", ("fled", ["c1"], ["أ"]), ("redeployed", ["c2"], ["ب"]))
    row = incident("withdrawal", contradictions=[how], voices=[voice("أ", "c1"), voice("ب", "c2")])
    assert disputed(row) == [
        "اختلفت المصادر في كيفية انسحاب قوات النظام من بلدة نوى: «فرّت» بحسب أ، و«أعادت انتشارها» بحسب ب."
    ]
    assert "“fled” according to أ and “redeployed” according to ب" in disputed(row, "en")[0]


def test_a_denied_dispute_is_about_what_was_affirmed():
    denial = dispute("denied", "status", ("affirmed", ["c1"], ["شبكة كذا"]), ("denied", ["c2"], ["مرصد كذا"]))
    row = incident("deployment", voices=TWO, contradictions=[denial],
                   actors=[party("russia", "الشرطة الروسية", "c1"), party("assad-gov", "الجيش", "c2")])  # fmt: skip
    assert disputed(row) == [
        "اختلفت المصادر في انتشار الشرطة العسكرية الروسية في بلدة نوى: أوردته شبكة كذا، ونفاه مرصد كذا."
    ]


@pytest.mark.parametrize(
    ("row", "ar"),
    [
        (turn(), "سيطرت قوات النظام على بلدة نوى؛ وكانت قبل ذلك بيد فصائل المعارضة"),
        (turn(place="sy-nasib-crossing", name="Nasib Crossing", name_ar="معبر نصيب", kind="crossing"),
         "سيطرت قوات النظام على معبر نصيب؛ وكان قبل ذلك بيد فصائل المعارضة"),
        (turn(began="first heard of"), "صارت بلدة نوى بيد قوات النظام؛ وكانت قبل ذلك بيد فصائل المعارضة"),
        (turn(status_before="unknown", holder_before=None),
         "ذكر مرصد كذا أنّ بلدة نوى بيد قوات النظام، ولم يُعرف قبل ذلك من يسيطر عليها"),
        (turn(status_before="unknown", holder_before=None, voices=[]),
         "بلدة نوى بيد قوات النظام، ولم يُعرف قبل ذلك من يسيطر عليها"),
        (turn(status_before="contested"), "سيطرت قوات النظام على بلدة نوى؛ وكانت قبل ذلك موضع قتال"),
        (turn(status_before="vacated"), "سيطرت قوات النظام على بلدة نوى؛ وكانت قبل ذلك بلا قوة معروفة"),
        (turn(status_before="besieged"), "سيطرت قوات النظام على بلدة نوى؛ وكانت قبل ذلك محاصرة وبيد فصائل المعارضة"),
        (turn(status_before="besieged", holder_before="assad-gov"), "انتهى حصار بلدة نوى، وهي بيد قوات النظام"),
        (turn(status="contested", holder="assad-gov", holders=["assad-gov", "isis"]),
         "صارت بلدة نوى موضع قتال بين قوات النظام وتنظيم الدولة؛ وكانت قبل ذلك بيد فصائل المعارضة"),
        (turn(status="contested", holder="hts", holders=["hts", "opposition"]),
         "صارت بلدة نوى موضع قتال؛ وكانت قبل ذلك بيد فصائل المعارضة"),
        (turn(status="besieged", holder="opposition", holders=["opposition", "assad-gov"]),
         "صارت بلدة نوى محاصرة من قوات النظام، وهي بيد فصائل المعارضة؛ وكانت قبل ذلك بيد فصائل المعارضة"),
        (turn(status="vacated", holder=None, holders=[]),
        "أُخليت بلدة نوى، ولم يُذكر من دخلها؛ وكانت قبل ذلك بيد فصائل المعارضة"),
        (turn(status="unknown", holder=None, holders=[]),
         "لم يعد معروفاً من يسيطر على بلدة نوى؛ وكانت قبل ذلك بيد فصائل المعارضة"),
        (turn(is_told=False), "يُستدل من أقوال مرصد كذا أنّ بلدة نوى بيد قوات النظام، ولم يقل ذلك أحد صراحة؛ "
         "وكانت قبل ذلك بيد فصائل المعارضة"),
        (turn(is_told=False, status_before="unknown", holder_before=None),
         "يُستدل من أقوال مرصد كذا أنّ بلدة نوى بيد قوات النظام، ولم يقل ذلك أحد صراحة؛ "
         "ولم يُعرف قبل ذلك من يسيطر عليها"),
    ],
)  # fmt: skip
def test_what_changed_hands_says_from_whom_to_whom(row, ar):
    [text] = turned(row)
    act, _, before = ar.partition("؛")
    assert text.endswith(f"؛{before}." if before else ".")
    told = text.partition("؛")[0].removesuffix(".")
    behind = told.partition(" أنّ ")[2]
    assert told in (act, f"{act}، بحسب مرصد كذا", f"{act}، وفق مرصد كذا") or set(behind.split()) == set(act.split())
    is_sound(text)
    is_sound(turned(row, lang="en")[0])


def test_who_tells_that_a_place_changed_hands_is_not_said_to_tell_how_it_stood_before():
    [text] = turned(turn(place="C6124"), lang="en")
    said, before = text.split("; ")
    assert "مرصد كذا" in said and before == "it had been held by opposition factions."
    [sentence] = Teller(tongue_of("ar"), DAY, DAY).turns([turn(claims_before=["b1"])])
    assert sentence.claims == ("c1", "b1") and claims_of(digest(turns=[turn(claims_before=["b1"])])) == ["c1", "b1"]


def test_who_says_of_itself_that_it_holds_a_place_announces_it():
    row = turn(status_before="unknown", holder_before=None, voices=[voice("الفصائل", manner="party")])
    assert turned(row) == ["أعلنت الفصائل أنّ بلدة نوى بيدها، ولم يُعرف قبل ذلك من يسيطر عليها."]
    assert turned(row, lang="en") == [
        "The factions announced that Nawa was in their hands; its holder before was not known."
    ]


def test_places_that_changed_hands_alike_are_one_sentence():
    others = [turn(place=id, name=name, claims=[f"k{id}"]) for id, name in (("C6013", "Hit"), ("C6030", "Da'el"))]
    [sentence] = Teller(tongue_of("ar"), DAY, DAY).turns([turn(), *others])
    assert "بلدتي نوى وداعل وقرية حيط" in sentence.text and sentence.claims == ("c1", "kC6013", "kC6030")
    assert len(turned(turn(), turn(place="C6030", name="Da'el", name_ar="داعل", holder_before="isis"))) == 2
    two = turned(turn(), turn(place="C6030", name="Da'el", name_ar="داعل"))
    assert len(two) == 1 and "وكانتا قبل ذلك بيد" in two[0]


def test_a_short_name_of_a_source_is_not_another_source():
    [text] = turned(turn(voices=[voice("المرصد"), voice("مرصد كذا"), voice("شبكة كذا")]))
    assert "3 مصادر" not in text and "المرصد" not in text


@pytest.mark.parametrize(
    ("standing", "ar"),
    [
        ({"end": {"assad-gov": 3}, "before": {"assad-gov": 3}},
         "في نهاية اليوم كانت 3 أماكن بيد قوات النظام، من دون تغير عن اليوم السابق."),
        ({"end": {"assad-gov": 4, "isis": 1}, "before": {"assad-gov": 2, "isis": 1}},
         "في نهاية اليوم كانت 4 أماكن بيد قوات النظام (بزيادة مكانين على اليوم السابق)، "
         "ومكان واحد بيد تنظيم الدولة، من أصل 5 أماكن وردت عنها أدلة؛ وما سوى ذلك كما في اليوم السابق."),
        ({"end": {"assad-gov": 18}, "before": {"assad-gov": 17, "opposition": 1}},
         "في نهاية اليوم كان 18 مكاناً بيد قوات النظام (بزيادة مكان واحد على اليوم السابق)، "
         "ولا مكان بيد فصائل المعارضة (بنقص مكان واحد عن اليوم السابق)."),
        ({"end": {"contested": 2, "vacated": 1}, "new": {"contested": 2, "vacated": 1}},
         "في نهاية اليوم كان مكانان موضع نزاع (عُرف ذلك لأول مرة)، "
         "ومكان واحد بلا قوة معروفة (عُرف ذلك لأول مرة)، من أصل 3 أماكن وردت عنها أدلة."),
        ({"end": {"assad-gov": 12}, "before": {"assad-gov": 7}, "new": {"assad-gov": 3}},
         "في نهاية اليوم كان 12 مكاناً بيد قوات النظام (بزيادة مكانين على اليوم السابق، "
         "وعُرفت السيطرة على 3 أماكن منها لأول مرة)."),
    ],
)  # fmt: skip
def test_who_holds_how_much_has_the_change(standing, ar):
    assert stated(standing) == [ar]
    is_sound(stated(standing, "en")[0])


def test_nothing_is_said_of_who_holds_fewer_than_three_places():
    assert stated({}) == [] and stated({"end": {"assad-gov": 2}, "before": {"assad-gov": 1, "isis": 1}}) == []


def test_places_of_which_nothing_was_known_are_no_gain():
    [text] = stated({"end": {"assad-gov": 12}, "before": {"assad-gov": 7}, "new": {"assad-gov": 5}}, "en")
    assert "(5 of them newly known)" in text and "more than" not in text


WHOLE = digest(
    turns=[turn()], fighting=[incident(id="i1"), incident("clash", id="i2", claims=["c3"])],
    people=[incident("arrest", id="i3")],
    talks=[incident("demand", id="i4", open_days=None)],
    standing={"end": {"assad-gov": 4}, "before": {"assad-gov": 3}},
)  # fmt: skip
TOLD = {"c1": {"evidence": "قُصفت <نوى> & ما حولها", "sources": ["ناشط"], "outlet": "مرصد كذا", "report": "r1",
               "published": DAY}}  # fmt: skip


def test_a_digest_has_its_parts_in_order_and_each_sentence_its_claims():
    [section] = sentences_of(WHOLE, "ar")
    assert section.heading == "محافظة درعا" and section.key == "SY/Daraa Governorate"
    assert [part.heading for part in section.parts] == [
        "ما تبدلت السيطرة عليه", "القتال والقصف", "أحوال الناس", "محادثات واتفاقات ومطالب",
        "من يسيطر على ماذا في النهاية",
    ]  # fmt: skip
    sentences = [sentence for part in section.parts for sentence in part.sentences]
    assert all(s.claims for s in sentences[:-1]) and sentences[1].incident == "i1"


def test_what_is_denied_is_told_among_the_disputes_only():
    denial = dispute("denied", "status", ("affirmed", ["c1"], ["شبكة كذا"]), ("denied", ["c2"], ["مرصد كذا"]))
    row = incident(contradictions=[denial], voices=TWO)
    [section] = sentences_of(digest(fighting=[row], disputes=[row]), "ar")
    assert [part.heading for part in section.parts] == ["ما اختلفت فيه المصادر"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_says_the_same_is_said_once_on_the_claims_of_both_however_its_source_is_named(lang):
    other = next(id for id in map("i{}".format, range(40)) if said(incident(id=id), lang) != said(incident(), lang))
    twice = digest(fighting=[incident(), incident(id=other, claims=["c3"])])
    [sentence] = sentences_of(twice, lang)[0].parts[0].sentences
    assert sentence.claims == ("c1", "c2", "c3")


def test_a_paper_has_its_day_and_what_it_is_made_from():
    paper = paper_of(WHOLE, "ar", told={"c1": {"report": "r9"}})
    assert paper.title == "نشرة يوم الجمعة 6 تموز/يوليو 2018"
    assert paper.foot == "أُعدّت هذه النشرة من 3 أقوال في تقريرين، رُوجعت أم لم تُراجع."
    assert paper_of(WHOLE, "en").foot == "Made from 3 claims of 1 report, whether reviewed or not."
    assert (
        paper_of(WHOLE, "en", reviewed=True).foot == "Made from 3 claims of 1 report, all of them accepted by a person."
    )
    left = {**WHOLE, "left_out": 2}
    assert paper_of(left, "ar").foot.endswith("؛ ولم تُذكر فيها حادثتان لا يقول عنها السجل ما يكفي.")
    assert paper_of(left, "en").foot.endswith("; 2 incidents were left out, of which the record says too little.")
    week = paper_of({**WHOLE, "first": "2018-06-30"}, "en")
    assert week.title == "Digest of 30 June to 6 July 2018"
    assert paper_of({**WHOLE, "first": "2018-07-01"}, "ar").title == "نشرة الأيام من 1 إلى 6 تموز/يوليو 2018"


def test_an_empty_digest_says_so():
    assert "لا شيء في السجل عن هذا الوقت." in text_of([paper_of(digest(), "ar")])
    assert "The record has nothing of this time." in text_of([paper_of(digest(), "en")])
    assert "nothing of this time that a person accepted." in text_of([paper_of(digest(), "en", reviewed=True)])
    assert "شيء راجعه إنسان وقبله." in text_of([paper_of(digest(), "ar", reviewed=True)])


def test_the_claims_of_a_digest_are_all_that_it_stands_on():
    assert claims_of(WHOLE) == ["c1", "c2", "c3"]


def test_another_language_is_refused():
    with pytest.raises(UsageError, match="take ar or en"):
        sentences_of(WHOLE, "fr")


def changes(before, now, lang="ar", reason=lambda claim: None):
    paper = changes_of(before, now, lang, "2018-07-07", reason)
    return {section.heading: [s.text for part in section.parts for s in part.sentences] for section in paper.sections}


def test_what_is_new_corrected_and_withdrawn_is_told_with_the_reason():
    before = digest(fighting=[incident(id="i1"), incident(id="i2", claims=["c5"], targets=[CIVILIANS])])
    now = digest(fighting=[incident(id="i1", numbers={"killed": number((3, "مرصد كذا"))}),
                           incident("clash", id="i3", claims=["c9"])])  # fmt: skip
    reasons = {"c5": ("reject", "صورة قديمة"), "c1": ("correct", "")}
    found = changes(before, now, reason=reasons.get)
    assert list(found) == ["الجديد منذ ذلك الوقت", "ما صُحح منذ ذلك الوقت", "ما لم يعد يقال"]
    assert "اشتباكات" in found["الجديد منذ ذلك الوقت"][0]
    [corrected] = found["ما صُحح منذ ذلك الوقت"]
    assert (
        corrected.startswith("كان يقال: «") and "؛ ويقال الآن: «" in corrected and corrected.endswith(" (صححه مراجع).")
    )
    [gone] = found["ما لم يعد يقال"]
    assert gone.endswith("» (رفضه مراجع: صورة قديمة).")
    assert list(changes(before, now, "en")) == ["New since then", "Corrected since then", "No longer said"]


def test_where_nothing_changed_it_says_so():
    assert changes(WHOLE, WHOLE) == {"": ["لم يتغير شيء في النشرة منذ ذلك الوقت."]}
    title = changes_of(WHOLE, WHOLE, "en", "2018-07-07", lambda claim: None).title
    assert title == "What changed in the Digest of Friday 6 July 2018 since the end of 7 July 2018"


PAPERS = [paper_of(WHOLE, lang) for lang in LANGUAGES]


def test_text_keeps_each_line_in_its_direction():
    lines = text_of(PAPERS).splitlines()
    assert lines[0] == "\u2068نشرة يوم الجمعة 6 تموز/يوليو 2018\u2069"
    arabic = lines[: lines.index("Digest of Friday 6 July 2018")]
    assert all(line.count("\u2068") == line.count("\u2069") == 1 for line in arabic if line.strip())
    assert any("according to \u2068مرصد كذا\u2069" in line for line in lines)


def test_markdown_has_a_note_for_each_sentence_whose_words_are_told():
    text = markdown_of(PAPERS, TOLD)
    assert text.startswith('<div dir="rtl" lang="ar">\n\n# نشرة يوم') and "[^1-1]" in text and "[^2-1]: " in text
    assert "قُصفت \\<نوى\\> & ما حولها" in text and "ناشط \\< مرصد كذا، r1، 2018-07-06" in text
    assert "[^" not in markdown_of(PAPERS)


def test_a_page_opens_each_sentence_to_the_words_and_runs_nothing():
    page = html_of(PAPERS, TOLD)
    assert page.startswith('<!DOCTYPE html>\n<html lang="ar" dir="rtl">')
    assert '<article lang="en" dir="ltr">' in page and page.count("<article") == 2
    assert '<details data-claims="c1 c2" data-incident="i1">' in page
    assert "«قُصفت &lt;نوى&gt; &amp; ما حولها»" in page and "<نوى>" not in page
    assert '<bdi lang="ar">مرصد كذا</bdi>' in page and '<p class="plain">' in page
    assert "<script" not in page and "http" not in page


def test_a_word_document_runs_right_to_left_and_has_no_clock():
    from docx import Document

    packed = docx_of(PAPERS)
    assert packed == docx_of(PAPERS)
    paragraphs = Document(io.BytesIO(packed)).paragraphs
    assert paragraphs[0].text == "نشرة يوم الجمعة 6 تموز/يوليو 2018"
    arabic = [p for p in paragraphs if p.text and "{http" in str(p._p.pPr.xpath("./w:bidi"))]
    assert arabic and all(run._r.xpath("./w:rPr/w:rtl") for p in arabic for run in p.runs)
    english = next(p for p in paragraphs if "according to" in p.text or "reported" in p.text or "said" in p.text)
    assert not english._p.xpath("./w:pPr/w:bidi") and any(run._r.xpath("./w:rPr/w:rtl") for run in english.runs)
    with zipfile.ZipFile(io.BytesIO(packed)) as there:
        assert {info.date_time for info in there.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("form", [text_of, markdown_of, html_of, docx_of])
def test_the_same_digest_gives_the_same_bytes(form):
    assert form([paper_of(WHOLE, lang) for lang in LANGUAGES]) == form([paper_of(WHOLE, lang) for lang in LANGUAGES])


def test_marks_that_a_name_brings_do_not_leave_their_form():
    row = incident(voices=[voice("<b>مرصد*</b> كذا", "c1", "c2")])
    papers = [paper_of(digest(fighting=[row]), "ar")]
    assert "<b>" not in html_of(papers) and "<b>" not in markdown_of(papers).replace("\\<", "")
