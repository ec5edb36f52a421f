"""Pages from templates: everything is escaped, in the language of who asks, with what they may do in the menu."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from marsad.desk.naming import area_in, name_in
from marsad.desk.rights import RIGHTS
from marsad.desk.telling import counted, told_day
from marsad.desk.words import LANGUAGES, words
from marsad.loading.theatre import PlaceRow
from marsad.publish import labels

LANGUAGE = "marsad_language"
# The menu: what stands in it, for whoever may.
MENU = (
    "front", "review", "claims", "incidents", "map", "control", "digest", "intake", "reports", "quality", "people",
    "audit",
)  # fmt: skip


def language_of(request: Request) -> str:
    """Return the language of the pages: the one chosen, else the first that the browser asks for, else Arabic."""
    chosen = request.cookies.get(LANGUAGE)
    asked = request.headers.get("accept-language", "")[:2].lower()
    return next((code for code in (chosen, asked) if code in LANGUAGES), "ar")


def shown(request: Request, template: str, status: int = 200, **given: Any) -> Response:
    """Return a page; `given` are its values."""
    lang = language_of(request)
    who = getattr(request.state, "who", None)
    menu = [name for name in MENU if who and RIGHTS[name].allows(who.role)]
    told = words()[lang]
    values: Mapping[str, Any] = {
        "lang": lang, "dir": "rtl" if lang == "ar" else "ltr", "t": told, "who": who, "menu": menu,
        "labels": _Labels(lang), "at": request.url.path, "other": "en" if lang == "ar" else "ar", **given,
    }  # fmt: skip
    return HTMLResponse(_environment().get_template(template).render(values), status)


class _Labels:
    """What things are called in one language."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._n = 0 if lang == "ar" else 1
        self.comma, self.semicolon = ("، ", "؛ ") if lang == "ar" else (", ", "; ")

    def type(self, id: str) -> str:
        return labels.of_type(id)[self._n]

    def actor(self, id: str) -> str:
        return labels.of_actor(id)[self._n]

    def status(self, id: str) -> str:
        return labels.STATUS.get(id, (id, id))[self._n]

    def number(self, id: str) -> str:
        return labels.NUMBERS.get(id, (id, id))[self._n]

    def field(self, id: str) -> str:
        return labels.FIELDS.get(id, (id, id))[self._n]

    def role(self, id: str) -> str:
        return labels.ROLES.get(id, (id, id))[self._n]

    def place(self, place: Mapping[str, Any]) -> str:
        return name_in(place, self._lang)

    def area(self, place: Mapping[str, Any]) -> str:
        return area_in(place, self._lang)

    def counted(self, key: str, value: Any) -> str:
        return counted(key, value, self._lang)

    def row(self, row: PlaceRow) -> str:
        return row.name_ar if self._n == 0 and row.name_ar else row.name


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("marsad.desk"), autoescape=select_autoescape(default=True), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters |= {"days": told_day, "exact": exact}
    return found


def exact(text: str) -> Markup:
    """Return a report's text so that a browser keeps every character of it: offsets are counted in what it shows."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))
