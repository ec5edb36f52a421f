"""Words that a person selected in a report, as the beginning of a claim: what they tell, and where it is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marsad.desk.form import Form, blank
from marsad.desk.naming import name_in, scene_of
from marsad.reading.scene import Scene

# So few words are what tells the act; more are its evidence.
_FEW = 2


def form_of_words(report: Mapping[str, Any], start: int, end: int, lang: str) -> Form:
    """Return a form with the evidence, the trigger, its type and the places that the selected words give."""
    form, text = blank(), report["text"]
    start, end = _trimmed(text, start, end)
    if start >= end:
        return form
    scene = scene_of(report)
    if len(text[start:end].split()) <= _FEW:
        _put(form, "trigger", text, start, end)
        start, end = _sentence_around(scene, start, end)
    _put(form, "evidence", text, start, end)
    _tell(form, scene, text, start, end)
    named = [each for each in scene.places if _is_within(scene, each, start, end)]
    form.rows["places"] = [_place_row(each, scene, lang) for each in named]
    return form


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    start, end = min(start, len(text)), min(end, len(text))
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())


def _put(form: Form, name: str, text: str, start: int, end: int) -> None:
    form.alone |= {name: text[start:end], f"{name}_at": f"{start}-{end}"}


def _sentence_around(scene: Scene, start: int, end: int) -> tuple[int, int]:
    """Return the sentence in which the words stand; they themselves where the text has no words."""
    at = next((i for i in range(len(scene.words)) if scene.words.ends[i] > start), None)
    if at is None:
        return start, end
    first, last = scene.sentences[scene.words.sentence(at)]
    around = scene.words.span(first, last)
    return min(start, around[0]), max(end, around[1])


def _tell(form: Form, scene: Scene, text: str, start: int, end: int) -> None:
    """Fill in the first word that tells of an act, and its type: within the trigger where there is one already."""
    low, high = map(int, form.alone["trigger_at"].split("-")) if form.alone["trigger_at"] else (start, end)
    for event in scene.events:
        first, last = scene.words.span(event.at, event.at)
        if low <= first and last <= high:
            form.alone["type"] = event.trigger.type
            if not form.alone["trigger_at"]:
                _put(form, "trigger", text, first, last)
            return


def _is_within(scene: Scene, mention: Any, start: int, end: int) -> bool:
    """Tell whether a place is named there: what "the city" is, or of which country one speaks, is for the person."""
    first, last = scene.words.span(mention.first, mention.last)
    is_named = bool(mention.hits) and not mention.again and mention.row is not None and mention.row.kind != "country"
    return is_named and start <= first and last <= end


def _place_row(mention: Any, scene: Scene, lang: str) -> dict[str, str]:
    first, last = scene.words.span(mention.first, mention.last)
    name = name_in({"id": mention.row.id, "name": mention.row.name}, lang)
    return {
        "text": scene.words.text[first:last], "named": name, "was": name, "id": mention.row.id,
        "role": mention.role, "extent": "", "at": f"{first}-{last}",
    }  # fmt: skip
