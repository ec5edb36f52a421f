"""Make the reference pages from code and packs: `python tools/docs.py [--out FOLDER]`.

Without a folder, the answers in the README, in the guide of control and in the pages of formats too.
Nothing here is written twice: a page
holds what the codebook, the packs, the command line and the model say of themselves. Only the meaning of a field of the
output stands here, and a field without one stops the making.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import readme  # tools/readme.py, beside this file

from marsad.faces import cli
from marsad.frame import COLUMNS
from marsad.grounding.gazetteer import RADIUS
from marsad.loading.codebook import Actor, ClaimType, Side, actors, sides, types
from marsad.loading.control import DOES, ControlRules, Rule, Turn, control_rules
from marsad.loading.language import Language, Trigger, language
from marsad.loading.theatre import Theatre, theatre, theatre_codes
from marsad.model import Claim, Link, Party, PlaceRef, Report, Site, Span, claim_id
from marsad.publish.jsonl import record_of

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
MADE = "Made by `make docs` from {source}: change it there, not here."

REPORT_FIELDS = {
    "id": "the report's own id, or one hashed from its text and address where it has none",
    "url": "where it was published",
    "outlet": "who published it; else what `--outlet` says",
    "published": "day of publication, ISO 8601; else what `--published` says",
    "title": "its title",
    "text": "its text as published; every span counts characters of it",
    "claims": "what it claims, in the order of the text",
}
CLAIM_FIELDS = {
    "id": "16 hexadecimal digits, the same for the same report, trigger span and type",
    "type": "one of the [types](codebook.md)",
    "trigger": "the word that tells of it, as in the text",
    "evidence": "the shortest run of characters that carries the claim, as in the text",
    "status": "`happened`, `ongoing`, `planned`, `denied` or `possible`; a gold file may also say `called_for`",
    "actors": "who does it: objects with the fields of a party",
    "targets": "to whom it is done: objects with the fields of a party",
    "places": "where: objects with the fields of a place",
    "sites": "named or typed objects inside places: objects with the fields of a site",
    "date": "the day or interval (`first/last`) meant, ISO 8601; null where neither text nor report tells",
    "numbers": "what is counted → number, or text such as `>90`, `>=27`, `tens`",
    "sources": "who says so, outermost first, as the text names them; empty for the outlet's own voice",
    "quoted": "true where the trigger stands inside quotation marks as somebody's words",
    "certainty": "0 to 1: how likely it is [a claim of this type](../concepts/certainty.md)",
    "span": "first and last offset of the evidence, half-open",
    "trigger_span": "the same of the trigger",
    "source_spans": "the same of each source",
    "links": "how it stands to other claims of the report: objects with `kind` and the other `claim`'s id",
    "reader": "version of the code and hash of the packs that read it",
}
PARTY_FIELDS = {
    "text": "the words as in the text",
    "id": "id in the [registry](actors.md); null where the words are in no list",
    "span": "first and last offset, half-open",
}
PLACE_FIELDS = {
    "text": "the words as in the text, with kind word and direction",
    "name": "standard English name",
    "admin1": "governorate or state",
    "country": "ISO 3166, two letters",
    "lat": "degrees north, WGS 84; null where the words are too vague or the place is unknown",
    "lon": "degrees east",
    "role": "`at`, `from`, `to` or `near`",
    "id": "id of the gazetteer's row; null where no row is meant",
    "radius_km": "how far the place may lie from the point",
    "extent": 'how much of it is meant: "" (it), `all`, `most` or `part` of it, `around` (its countryside), `site` '
    "(something in it), `except` (all around but it), `only` (nothing around but it)",
    "span": "first and last offset, half-open",
}
SITE_FIELDS = {
    "text": "the words as in the text",
    "kind": "what it is, in one word: `prison`, `checkpoint`, `hill`, …",
    "span": "first and last offset, half-open",
}
# What a rule of control, or a turn, may say that a party does to a place.
SAYS = {
    "takes": "begins to hold the place on that day",
    "holds": "holds it, as a state",
    "gives": "leaves it on that day",
    "lacks": "does not hold it",
    "seems": "weak sign that it holds it: it fills what is unknown or vacated and turns nobody out",
    "contests": "fights in it",
    "encircles": "besieges it",
    "relieves": "besieges it no more",
}
# Where each threshold of the reader stands, and what is taken from it on.
THRESHOLDS = (
    ("marsad.reading.claims", "KEEP", "a candidate is a claim"),
    ("marsad.reading.claims", "LEAST", "a party is the first actor, or the first target, of a claim"),
    ("marsad.reading.claims", "CAST", "a party is a further one of that role"),
    ("marsad.reading.whereabouts", "FIRST", "the likeliest place is the claim's"),
    ("marsad.reading.whereabouts", "LISTED", "a place that stands in one list with it is the claim's too"),
    ("marsad.reading.whereabouts", "ALSO", "another place of the same sentence is the claim's too"),
    ("marsad.reading.places", "_ALONE", "a bare name is read as a place (weight in the gazetteer, 0 to 100)"),
    ("marsad.reading.places", "_AFTER_KIND", "a name after its kind word is read as a place (the same weight)"),
)
SETTLED = ("city", "town", "village", "settlement", "camp", "neighbourhood")
COUNTED = ("verbs", "nouns", "words", "says", "not_here", "todo")
AREAS = ("country", "admin1", "admin2", "admin3", "region")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a Markdown table and an empty one after it."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(_cell(value) for value in row) + " |"
    yield ""


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def _head(title: str, source: str) -> Iterator[str]:
    yield from (f"# {title}", "", MADE.format(source=source), "")


def _many(words: Iterable[str]) -> str:
    return ", ".join(f"`{w}`" for w in words)


def codebook_page(
    book: dict[str, ClaimType], pack: Language, rules: ControlRules, grouped: dict[str, tuple[Side, ...]]
) -> Iterator[str]:
    """Yield the page of the types of claim, what they do to who holds a place, and the sides."""
    yield from _head("Types of claim", "`codebook/` (`types`, `control` and `sides.toml`) and `languages/ar/events/`")
    yield f"{len(book)} types. What each does to who holds its place: [control](#control)."
    yield ""
    counts = Counter(t.type for t in pack.triggers)
    head = ("type", "Arabic", "English", "code it when the text says that", "not when", "triggers")
    yield from table(head, (_type_row(t, counts[t.id]) for t in book.values()))
    yield from ("## Who is actor, who is target", "")
    yield "By default; an entry of a language pack may say otherwise. *Sided*: the actors are all sides alike."
    yield ""
    yield from table(("type", "actor", "target", "place", "sided"), (_role_row(t) for t in book.values()))
    yield from _control_lines(book, rules)
    yield from _number_lines(rules)
    yield from _side_lines(grouped)


def _type_row(kind: ClaimType, triggers: int) -> tuple[object, ...]:
    return f"`{kind.id}`", kind.ar, kind.en, kind.meaning, kind.not_when, triggers


def _role_row(kind: ClaimType) -> tuple[object, ...]:
    slots = {role: [s for s, r in kind.roles.items() if r == role] for role in ("actor", "target", "place")}
    return (f"`{kind.id}`", *(_many(slots[r]) for r in slots), "yes" if kind.sided else "")


def _control_lines(book: dict[str, ClaimType], rules: ControlRules) -> Iterator[str]:
    """Yield what each type does to who holds its place, and the rules by which a claim says so."""
    if set(SAYS) != set(DOES):
        raise SystemExit("tools/docs.py: control.toml may say other things than SAYS tells of: write their meaning")
    yield from ("## Control", "")
    yield "What a claim of the type does to who holds its place, and the rules by which it says so. How the answer"
    yield "is made of them, with examples that are run: [who holds what](../concepts/control.md)."
    yield ""
    yield from table(("type", "control", "because", "rules"), (_control_row(t, rules) for t in book.values()))
    yield from ("### Rules", "")
    yield "A claim of these types whose place stands in one of these roles says this of its actors, or of its targets."
    yield "The weight is the chance (0 to 1) that it is right, were it the only one and its claim sure."
    yield ""
    head = ("rule", "types", "place", "of", "does", "weight", "because")
    yield from table(head, (_rule_row(rule) for rule in rules.rules))
    yield from table(("does", "says that the party"), ((f"`{does}`", SAYS[does]) for does in DOES))
    yield "Sites of these kinds are held apart from the place that they are in:"
    yield f"{_many(sorted(rules.sites))}."
    yield ""


def _control_row(kind: ClaimType, rules: ControlRules) -> tuple[object, ...]:
    return f"`{kind.id}`", kind.control, kind.control_why, _many(rule.name for rule in rules.of_type[kind.id])


def _rule_row(rule: Rule) -> tuple[object, ...]:
    days = f", {rule.before} day{'s' * (rule.before > 1)} before" if rule.before else ""
    does = f"`{rule.does}`{days}"
    return f"`{rule.name}`", _many(rule.types), _many(rule.roles), rule.party, does, f"{rule.weight:g}", rule.why


def _number_lines(rules: ControlRules) -> Iterator[str]:
    """Yield what turns a rule, what a weight is multiplied by, and where the answer turns."""
    yield from ("### Turns", "")
    yield "What the claim's status, or how much of the place it means ([extent](fields.md#a-place)), makes of what a"
    yield "rule says. What is `planned`, `called_for` or of a day after publication says nothing, and of what is"
    yield "`denied`, `except` or `around` only the rows here are left. Else, where there is no row, it stays as it is."
    yield ""
    head = ("status or extent", "does", "becomes", "times", "because")
    yield from table(head, (_turn_row(word, turn) for (word, _), turn in rules.turns.items()))
    yield from ("### Factors", "", "What else a weight is multiplied by.", "")
    yield from table(("factor", "value", "because"), _named_numbers(rules.factor, rules))
    yield from ("### Limits", "", "Days and shares at which the answer turns.", "")
    yield from table(("limit", "value", "because"), _named_numbers(rules.limit, rules))


def _turn_row(word: str, turn: Turn) -> tuple[object, ...]:
    return f"`{word}`", f"`{turn.does}`", f"`{turn.becomes}`", f"{turn.factor:g}", turn.why


def _named_numbers(numbers: Mapping[str, float], rules: ControlRules) -> Iterator[tuple[object, ...]]:
    for name, value in numbers.items():
        yield f"`{name}`", f"{value:g}", rules.why[name]


def _side_lines(grouped: dict[str, tuple[Side, ...]]) -> Iterator[str]:
    """Yield for whom a force holds a place, by theatre."""
    yield from ("## Sides", "")
    yield "For whom a force holds a place, from a day on and before another. Who stands in no row holds for the side of"
    yield "its parents in the [registry](actors.md), else for the last of them, else for itself. Between members of one"
    yield "side a place does not change hands."
    yield ""
    head = ("theatre", "lead", "members", "from", "until", "because")
    yield from table(head, (_side_row(side) for theatre in sorted(grouped) for side in grouped[theatre]))


def _side_row(side: Side) -> tuple[object, ...]:
    return f"`{side.theatre}`", f"`{side.lead}`", _many(side.members), side.since, side.until, side.why


def actors_page(registry: dict[str, Actor], packs: Sequence[Theatre], pack: Language) -> Iterator[str]:
    """Yield the page of the registry of actors."""
    yield from _head("Actors", "`codebook/actors.toml`, `languages/ar/actors.toml` and `theatres/*/actors.toml`")
    yield f"{len(registry)} ids. *Names* counts the surface forms that mean the actor in some theatre at some date;"
    yield "adjectives of a country (السورية, التركي) are not among them."
    yield ""
    names = _name_counts([*pack.actors.get("name", ()), *(row for t in packs for row in t.actors)])
    head = ("id", "Arabic", "English", "kind", "side", "from", "until", "names")
    yield from table(head, (_actor_row(a, names[a.id]) for a in registry.values()))


def _name_counts(rows: Iterable[dict[str, Any]]) -> Counter[str]:
    seen = {(row["id"], word) for row in rows for word in row.get("words", ())}
    return Counter(id for id, _ in seen)


def _actor_row(actor: Actor, names: int) -> tuple[object, ...]:
    return f"`{actor.id}`", actor.ar, actor.en, actor.kind, actor.parent, actor.since, actor.until, names


def commands_page(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the page of the command line."""
    yield from _head("Commands", "the command line itself (`marsad --help`)")
    yield f"{parser.description} Data goes to standard output, talk to standard error. Exit code 0: all read; 1: some"
    yield "inputs could not be read, the others were; 2: the question is wrong (the message says what there is)."
    yield ""
    for name, about, command in commands_of(parser):
        yield from _command_lines(name, about, command)


def commands_of(parser: argparse.ArgumentParser, about: str = "") -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Yield name, one line of help and parser of the program and of each command below it."""
    yield parser.prog, about, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, below in action.choices.items():
                yield from commands_of(below, helps.get(name, ""))


_SHARED = ("help", "record", "role", "known_by")


def _command_lines(name: str, about: str, command: argparse.ArgumentParser) -> Iterator[str]:
    yield from (f"## `{name}`", "")
    said = command.description if command.prog != "marsad" else None
    if said or about:
        yield from (_sentence(said or about), "")
    shown = [a for a in command._actions if _is_shown(a)]
    is_alone = command.prog == "marsad" or not any(a.dest == "record" for a in shown)
    shared = [] if is_alone else [a for a in shown if a.dest in _SHARED]
    # -h is told once, under `marsad`.
    rows = [_argument_row(a) for a in shown if a not in shared and (a.dest != "help" or command.prog == "marsad")]
    if shared:  # told once, under `marsad`
        rows.append((", ".join(_argument_row(a)[0] for a in shared), "help; which record, for whom, as known when", ""))
    yield from table(("argument", "meaning", "default"), rows)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _is_shown(action: argparse.Action) -> bool:
    return not isinstance(action, argparse._SubParsersAction)


def _argument_row(action: argparse.Action) -> tuple[str, str, str]:
    value = "|".join(map(str, action.choices)) if action.choices else action.metavar or ""
    names = ", ".join(f"`{f'{o} {value}'.strip()}`" for o in action.option_strings) or f"`{value}`"
    default = action.default
    told = default not in (None, False, argparse.SUPPRESS) and default != 0
    return names, action.help or "", f"`{' '.join(default) if isinstance(default, list) else default}`" if told else ""


def sample() -> tuple[Report, Claim]:
    """Return a report and a claim with every field filled, built by hand."""
    text = "قال المرصد إن قوات النظام سيطرت على معبر نصيب أمس بعد مفاوضات وقتل 3 مدنيين."
    span = {words: _span_of(text, words) for words in ("سيطرت", "قوات النظام", "معبر نصيب", "مدنيين", "المرصد")}
    place = PlaceRef(
        "معبر نصيب", "Nasib Crossing", "Daraa", "SY", 32.526, 36.181, "at", span["معبر نصيب"], "sy-nasib-crossing", 2.0
    )
    claim = Claim(
        "takeover", "سيطرت", span["سيطرت"], "قوات النظام سيطرت على معبر نصيب أمس",
        _span_of(text, "قوات النظام سيطرت على معبر نصيب أمس"),
        actors=(Party("قوات النظام", "assad-gov", span["قوات النظام"]),),
        targets=(Party("مدنيين", "civilians", span["مدنيين"]),),
        places=(place,), sites=(Site("معبر نصيب", "crossing", span["معبر نصيب"]),), date="2018-07-06",
        numbers={"killed": 3}, sources=("المرصد",), source_spans=(span["المرصد"],), certainty=0.93,
        links=(Link("after", "0000000000000000"),), id=claim_id("r1", span["سيطرت"], "takeover"), reader="…",
    )  # fmt: skip
    return Report("r1", text, "عنوان", "وكالة", date(2018, 7, 7), "https://example.org/r1"), claim


def _span_of(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def fields_page() -> Iterator[str]:
    """Yield the page of the fields of a report and a claim."""
    report, claim = sample()
    record, coded = record_of(report, [claim]), claim.as_dict()
    yield from _head("Fields", "`model.Claim.as_dict` and `publish.jsonl`, with the meanings in `tools/docs.py`")
    yield "`marsad read --as jsonl` prints one object a report; `Reading.as_dict()` returns the same."
    yield ""
    yield from _field_table("A report", record, REPORT_FIELDS)
    yield from _field_table("A claim", coded, CLAIM_FIELDS)
    yield from _field_table("A party (actor or target)", coded["actors"][0], PARTY_FIELDS)
    yield from _field_table("A place", coded["places"][0], PLACE_FIELDS)
    yield from _field_table("A site", coded["sites"][0], SITE_FIELDS)
    yield from ("## An example, every field filled", "", "The text is made up for this page.", "", "```json")
    yield json.dumps(record, ensure_ascii=False, indent=1)
    yield from ("```", "", "## The columns of `read_frame`", "")
    yield "One row a claim; the first of each role has a column of its own, and lists are JSON."
    yield from ("", _many(COLUMNS), "")


def _field_table(title: str, given: dict[str, Any], meanings: dict[str, str]) -> Iterator[str]:
    if set(given) != set(meanings):
        odd = ", ".join(sorted(set(given) ^ set(meanings)))
        raise SystemExit(f"tools/docs.py: {title} has other fields than the page tells of ({odd}): write their meaning")
    yield from (f"## {title}", "")
    yield from table(("field", "holds"), ((f"`{name}`", meanings[name]) for name in given))


def theatres_page(packs: Sequence[Theatre], notice: str) -> Iterator[str]:
    """Yield the page of the theatres, what each holds and whom to credit."""
    yield from _head("Theatres", "`packs/theatres/` and `NOTICE`")
    yield "A theatre is a country at war as its reports see it; `world` is the rest, and no theatre. *Settlements* are"
    yield "cities, towns, villages, quarters and camps; *others* are bases, crossings, hills, dams and the like."
    yield ""
    head = ("code", "areas", "settlements", "others", "without a point", "names", "of them weak", "actor names")
    yield from table(head, (_theatre_row(t) for t in packs))
    yield from ("## Where the rows come from", "")
    sources = sorted({p.source for t in packs for p in t.places})
    yield from table(("code", *(s or "?" for s in sources)), (_source_row(t, sources) for t in packs if t.places))
    yield from ("*own* rows were written for Marsad from public knowledge.", "", "## Credits", "")
    found = re.search(r"Contains data.*?(?=\n\n)", notice, re.S)
    yield from (found.group().replace("\n", " ") if found else "", "")


def _theatre_row(pack: Theatre) -> tuple[object, ...]:
    kinds = Counter(p.kind for p in pack.places)
    areas, settled = sum(kinds[k] for k in AREAS), sum(kinds[k] for k in SETTLED)
    others, vague = len(pack.places) - areas - settled, sum(p.lat is None for p in pack.places)
    weak = sum(not strong for _, _, strong in pack.aliases)
    names = len(pack.aliases) + sum(bool(p.name_ar) for p in pack.places)
    spoken = sum(len(row.get("words", ())) for row in pack.actors)
    return f"`{pack.code}`", areas, settled, others, vague, names, weak, spoken


def _source_row(pack: Theatre, sources: Sequence[str]) -> tuple[object, ...]:
    counts = Counter(p.source for p in pack.places)
    return (f"`{pack.code}`", *(counts[s] or "" for s in sources))


def coverage_page(book: dict[str, ClaimType], pack: Language) -> Iterator[str]:
    """Yield the page of what a language pack covers, type by type."""
    yield from _head("Coverage of the Arabic pack", "`languages/ar/events/`")
    yield "How many entries and words each type has, and how many sentences prove them: *says* must be read, *not here*"
    yield "must not, *todo* is a known miss. The form of an entry: [language packs](language-pack.md)."
    yield ""
    rows = [(f"`{kind}`", *_coverage(t for t in pack.triggers if t.type == kind)) for kind in book]
    total = ("**all**", *(sum(column) for column in zip(*(row[1:] for row in rows), strict=True)))
    yield from table(("type", "triggers", "verbs", "nouns", "words", "says", "not here", "todo"), [*rows, total])
    yield from ("## Cues", "")
    yield "Words that turn or hedge what is said, by the file and section that holds them."
    yield ""
    parts = {"attribution": pack.attribution, "status": pack.status, "clauses": pack.clauses, "places": pack.places}
    rows = [(f"`{file}.toml`", _many(part), _words_in(part)) for file, part in parts.items()]
    yield from table(("file", "sections", "words"), rows)


def _coverage(entries: Iterable[Trigger]) -> tuple[int, ...]:
    rows = list(entries)
    return (len(rows), *(sum(len(getattr(t, key)) for t in rows) for key in COUNTED))


def _words_in(part: Any) -> int:
    """Return how many strings with an Arabic letter a section holds, at any depth."""
    if isinstance(part, str):
        return int(any("\u0600" <= c <= "\u06ff" for c in part))
    values = part.values() if isinstance(part, dict) else part if isinstance(part, (list, tuple)) else ()
    return sum(map(_words_in, values))


def thresholds_page() -> Iterator[str]:
    """Yield the page of the thresholds; a constant that has moved stops the making."""
    yield from _head("Thresholds", "the constants named in it")
    yield "A chance this high is enough. How they are chosen: [certainty](../concepts/certainty.md#thresholds)."
    yield ""
    yield from table(("constant", "value", "from here on"), (_threshold_row(*row) for row in THRESHOLDS))
    yield from ("## Radius of a place", "", "Kilometres, by kind, where nothing better is known; other kinds 2.", "")
    widest = sorted(RADIUS, key=lambda kind: (-RADIUS[kind], kind))
    yield from table(("kind", "radius"), ((kind, RADIUS[kind]) for kind in widest))


def _threshold_row(module: str, name: str, meaning: str) -> tuple[object, ...]:
    value = getattr(importlib.import_module(module), name, None)
    if value is None:
        raise SystemExit(f"tools/docs.py: {module} has no {name} any more: mend THRESHOLDS")
    return f"`{module}.{name}`", value, meaning


def pages() -> dict[str, str]:
    """Return every made page by its file name."""
    pack, book = language(), types()
    packs = [theatre(code) for code in [*theatre_codes(), "world"]]
    made = {
        "codebook.md": codebook_page(book, pack, control_rules(), sides()),
        "actors.md": actors_page(actors(), packs, pack),
        "commands.md": commands_page(cli._parser()),
        "fields.md": fields_page(),
        "theatres.md": theatres_page(packs, (ROOT / "NOTICE").read_text("utf-8") + "\n\n"),
        "coverage.md": coverage_page(book, pack),
        "thresholds.md": thresholds_page(),
    }
    return {name: "\n".join(lines).rstrip("\n") + "\n" for name, lines in made.items()}


def asking_pages() -> list[Path]:
    """Return the pages whose console blocks ask a record of the bundled sample."""
    return [ROOT / "docs" / "guides" / "who-holds-what.md", *sorted((ROOT / "docs" / "formats").glob("*.md"))]


def main() -> None:
    """Write the pages."""
    ask = argparse.ArgumentParser(description="Make the reference pages from code and packs.")
    ask.add_argument("--out", type=Path, default=REFERENCE, metavar="FOLDER")
    out = ask.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (out / name).write_text(text, "utf-8")
    if out == REFERENCE:
        with tempfile.TemporaryDirectory() as folder:
            record = readme.sampled(folder)
            for page in asking_pages():
                page.write_text(readme.with_answers(page.read_text("utf-8"), record), "utf-8")
        readme.PAGE.write_text(readme.refreshed(readme.PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
