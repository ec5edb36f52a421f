"""A claim as a form: what stands in its fields, and what a person who filled it says by it.

Only what a person changed is said again: what they left alone stays as the record has it, to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from marsad.desk.naming import Candidate, actors_called, name_in, place_of, place_with, places_called
from marsad.errors import UsageError
from marsad.publish import labels
from marsad.record.sight import SIGN

Row = dict[str, str]
# The inputs of each row of a list; those of one row are sent in this order, also when they are empty.
COLUMNS: dict[str, tuple[str, ...]] = {
    "actors": ("text", "named", "at"),
    "targets": ("text", "named", "at"),
    "places": ("text", "named", "was", "id", "role", "extent", "at"),
    "sites": ("text", "kind", "at"),
    "numbers": ("key", "value"),
    "sources": ("text",),
}
_ALONE = ("type", "status", "first", "last", "quoted", "trigger", "trigger_at", "trigger_nth", "evidence",
          "evidence_at", "evidence_nth", "seen")  # fmt: skip
# By what a row is known to be the same as before; where its words stand follows from them.
_TELLING = {"actors": ("text", "named"), "targets": ("text", "named"), "sites": ("text", "kind"),
            "places": ("text", "named", "id", "role", "extent"), "numbers": ("key", "value"),
            "sources": ("text",)}  # fmt: skip
_AT = re.compile(r"(\d{1,9})-(\d{1,9})")


class UnclearError(Exception):
    """What a person wrote does not say what is meant: `key` is what is wrong, `words` what they wrote."""

    def __init__(self, key: str, words: str = "") -> None:
        super().__init__(key)
        self.key, self.words = key, words


@dataclass
class Form:
    """What stands in the fields; `options` are by row of `places` the places that its name can mean.

    `unclear` are the rows of places of which it is to be said which place of that name is meant.
    """

    alone: Row
    rows: dict[str, list[Row]]
    options: dict[int, list[Candidate]] = field(default_factory=dict)
    unclear: set[int] = field(default_factory=set)

    def lines(self, name: str) -> list[Row]:
        """Return the rows of a list as they are shown: an empty one comes last."""
        empty = dict.fromkeys(COLUMNS[name], "")
        shown = self.rows[name]
        return shown if shown and not _says_something(name, shown[-1]) else [*shown, empty]


def blank() -> Form:
    """Return a form with nothing in it."""
    return Form(dict.fromkeys(_ALONE, "") | {"status": "happened"}, {name: [] for name in COLUMNS})


def form_of(claim: Mapping[str, Any], lang: str) -> Form:
    """Return the form in which a claim stands as it is."""
    first, _, last = (claim["date"] or "").partition("/")
    alone = {
        "type": claim["type"], "status": claim["status"], "first": first, "last": last,
        "quoted": "yes" if claim["quoted"] else "", "trigger": claim["trigger"], "evidence": claim["evidence"],
        "seen": claim.get("recorded", ""),
    }  # fmt: skip
    rows = {
        "actors": [_party_row(party, lang) for party in claim["actors"]],
        "targets": [_party_row(party, lang) for party in claim["targets"]],
        "places": [_place_row(place, lang) for place in claim["places"]],
        "sites": [{"text": site["text"], "kind": site["kind"], "at": _at(site)} for site in claim["sites"]],
        "numbers": [{"key": key, "value": str(value)} for key, value in claim["numbers"].items()],
        "sources": [{"text": name} for name in claim["sources"]],
    }
    return Form(blank().alone | alone, rows)


def with_options(form: Form, report: Mapping[str, Any] | None) -> Form:
    """Return the form with the places that each of its rows of places can mean."""
    for at, row in enumerate(form.rows["places"]):
        names = (row["named"], row["text"]) if at in form.unclear else (row["text"], row["named"])
        found = (places_called(name, report) for name in names if name.strip())
        form.options[at] = next((places for places in found if places), [])
    return form


def form_sent(sent: FormData) -> Form:
    """Return the form as a person filled it; raise UsageError where rows lack fields."""
    alone = {name: str(sent.get(name, "")) for name in _ALONE}
    return Form(alone, {name: _rows_sent(sent, name) for name in COLUMNS})


def _rows_sent(sent: FormData, name: str) -> list[Row]:
    columns = [[str(value) for value in sent.getlist(f"{name}.{key}")] for key in COLUMNS[name]]
    if len({len(column) for column in columns}) != 1:
        raise UsageError("the form came incomplete; open the page again")
    return [dict(zip(COLUMNS[name], row, strict=True)) for row in zip(*columns, strict=True)]


def _at(item: Mapping[str, Any]) -> str:
    return "-".join(map(str, item.get("span") or ()))


def _party_row(party: Mapping[str, Any], lang: str) -> Row:
    named = labels.of_actor(party["id"])[lang != "ar"] if party["id"] else ""
    return {"text": party["text"] or "", "named": named, "at": _at(party)}


def _place_row(place: Mapping[str, Any], lang: str) -> Row:
    named = name_in(place, lang) if place.get("id") or place.get("lat") is not None else ""
    return {
        "text": place["text"] or "", "named": named, "was": named, "id": place.get("id") or "",
        "role": place["role"], "extent": place.get("extent") or "", "at": _at(place),
    }  # fmt: skip


def changed(form: Form, claim: Mapping[str, Any], kept: Mapping[str, Any], text: str, lang: str) -> dict[str, Any]:
    """Return the fields that the form says otherwise than the claim, as the record takes a correction.

    `claim` is the claim as the person saw it, `kept` as the record has it. Raise UnclearError where it is not clear
    what is meant.
    """
    before = form_of(claim, lang)
    fields = {name: form.alone[name] for name in ("type", "status") if form.alone[name] != before.alone[name]}
    for name in ("trigger", "evidence"):
        if _squeezed(form.alone[name]) != _squeezed(before.alone[name]):
            start, end = standing(text, form.alone[name])
            fields[name] = text[start:end]
    given: dict[str, Any] = fields
    if bool(form.alone["quoted"]) is not bool(before.alone["quoted"]):
        given["quoted"] = bool(form.alone["quoted"])
    if (day := _day(form.alone)) != (claim["date"] or None):
        given["date"] = day
    return given | lists_of(form, before, kept, text)


def lists_of(form: Form, before: Form, kept: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return the lists of the form that are not as before; rows that are as before stay as the record has them."""
    found: dict[str, Any] = {}
    for name in COLUMNS:
        rows = [(at, row) for at, row in enumerate(form.rows[name]) if _says_something(name, row)]
        if [_telling(name, row) for _, row in rows] != [_telling(name, row) for row in before.rows[name]]:
            found[name] = _items(name, rows, before.rows[name], kept.get(name) or [], form, text)
    return found


def _items(
    name: str, rows: Sequence[tuple[int, Row]], before: Sequence[Row], kept: Any, form: Form, text: str
) -> Any:  # fmt: skip
    if name == "numbers":
        return {row["key"]: _count(row["value"]) for _, row in rows}
    old = list(kept) if len(kept) == len(before) else []
    items = []
    for at, row in rows:
        if at < len(old) and _telling(name, row) == _telling(name, before[at]):
            items.append(old[at])
        else:
            said = before[at] if at < len(old) else None
            items.append(_made(name, row, said, old[at] if said else None, form, at, text))
    return items


def _made(name: str, row: Row, said: Row | None, old: Any, form: Form, at: int, text: str) -> Any:
    try:
        return _MADE[name](row, said, old, text)
    except UnclearError as error:
        if error.key == "which_place":
            form.unclear.add(at)
        raise


def _telling(name: str, row: Row) -> tuple[str, ...]:
    return tuple(_squeezed(row[key]) for key in _TELLING[name])


def _says_something(name: str, row: Row) -> bool:
    if name == "numbers":
        return bool(row["key"] and row["value"].strip())
    return bool(row["text"].strip() or row.get("named", "").strip())


def _party(row: Row, said: Row | None, old: Any, text: str) -> dict[str, Any]:
    is_as_before = said is not None and _squeezed(row["named"]) == _squeezed(said["named"])
    id = old["id"] if is_as_before else _actor(row["named"])
    words = row["text"].strip() or row["named"].strip()
    return {"text": words, "id": id, **_span(row, text, words)}


def _actor(named: str) -> str | None:
    if not named.strip():
        return None
    found = actors_called(named.strip())
    if len(found) != 1:
        raise UnclearError("which_actor" if found else "no_actor", named.strip())
    return found[0]


def _place(row: Row, said: Row | None, old: Any, text: str) -> dict[str, Any]:
    named, role, extent = row["named"].strip(), row["role"], row["extent"]
    words = row["text"].strip() or named
    is_as_before = said is not None and (row["id"], named) == (said["id"], said["named"].strip())
    if is_as_before:
        return {**old, "text": words, "role": role, "extent": extent, "span": None, **_span(row, text, words)}
    if not named and not row["id"]:
        return {"text": words, "name": words, "role": role, "extent": extent, **_span(row, text, words)}
    chosen = _chosen(row, named)
    return {**place_of(chosen, words, role, extent), **_span(row, text, words)}


def _chosen(row: Row, named: str) -> Any:
    """Return the place that is meant: the chosen one, or the only one of that name; raise UnclearError otherwise."""
    found = places_called(named) if named else []
    is_fresh = named == row["was"].strip() or any(each.row.id == row["id"] for each in found)
    if row["id"] and is_fresh and (chosen := place_with(row["id"])):
        return chosen
    # The next time the choice is among those that are shown.
    row["was"], row["id"] = named, ""
    if len(found) != 1:
        raise UnclearError("which_place" if found else "no_place", named)
    return found[0].row


def _site(row: Row, said: Row | None, old: Any, text: str) -> dict[str, Any]:
    words = row["text"].strip()
    if not words or not row["kind"].strip():
        raise UnclearError("site_lacks", words or row["kind"])
    return {"text": words, "kind": row["kind"].strip(), **_span(row, text, words)}


def _source(row: Row, said: Row | None, old: Any, text: str) -> str:
    return row["text"].strip()


_MADE: dict[str, Callable[..., Any]] = {
    "actors": _party, "targets": _party, "places": _place, "sites": _site, "sources": _source,
}  # fmt: skip


def _span(row: Row, text: str, words: str) -> dict[str, Any]:
    """Return where the words stand if the form knows it and they stand there; else it is looked for afterwards."""
    at = _pair(row["at"])
    return {"span": list(at)} if at and text[at[0] : at[1]] == words else {}


def _pair(written: str) -> tuple[int, int] | None:
    match = _AT.fullmatch(written)
    return (int(match[1]), int(match[2])) if match else None


def _count(written: str) -> int | float | str:
    """Return a count as the coding guide has it: a number, or the words of one."""
    written = written.strip()
    if written.isdecimal():
        return int(written)
    return float(written) if re.fullmatch(r"[0-9]+\.[0-9]+", written) else written


def _day(alone: Row) -> str | None:
    first, last = alone["first"] or alone["last"], alone["last"]
    return f"{first}/{last}" if last and last != first else first or None


def _squeezed(words: str) -> str:
    """Return the words with one blank between them: a browser sends line ends otherwise than they were."""
    return " ".join(words.split())


def added(form: Form, text: str) -> dict[str, Any]:
    """Return the claim that a form says of a report's text, as the record takes one that is added by hand."""
    alone = form.alone
    if not alone["type"]:
        raise UnclearError("type_lacks")
    span = _where(alone, "evidence", text)
    trigger = _pair(alone["trigger_at"])
    if trigger is None or text[trigger[0] : trigger[1]] != alone["trigger"]:
        start, end = standing(text[span[0] : span[1]], alone["trigger"], _nth(alone["trigger_nth"]))
        trigger = (span[0] + start, span[0] + end)
    body: dict[str, Any] = {"type": alone["type"], "status": alone["status"], "quoted": bool(alone["quoted"]),
            "date": _day(alone), "evidence": text[slice(*span)], "span": list(span), "trigger": text[slice(*trigger)],
            "trigger_span": list(trigger)}  # fmt: skip
    if SIGN in body["evidence"] or SIGN in body["trigger"]:
        raise UnclearError("hidden_words")
    return body | lists_of(form, blank(), {}, text)


def _where(alone: Row, name: str, text: str) -> tuple[int, int]:
    at = _pair(alone[f"{name}_at"])
    if at and _squeezed(text[at[0] : at[1]]) == _squeezed(alone[name]) != "":
        return at
    return standing(text, alone[name], _nth(alone[f"{name}_nth"]))


def _nth(written: str) -> int:
    return int(written) if written.isdecimal() and 0 < int(written) < 10_000 else 1


def standing(text: str, said: str, nth: int = 1) -> tuple[int, int]:
    """Return where words stand in a text for the n-th time, whatever blanks are between them; raise UnclearError."""
    words = said.split()
    if not words:
        raise UnclearError("words_lack")
    found = list(re.finditer(r"\s+".join(map(re.escape, words)), text))
    if len(found) < nth:
        raise UnclearError("not_in_text", " ".join(words))
    return found[nth - 1].span()
