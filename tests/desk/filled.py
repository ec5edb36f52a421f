"""What a browser would send of a form on a page that nobody has touched."""

from __future__ import annotations

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._chosen: tuple[str, list[tuple[str, bool]]] | None = None
        self._writes: str | None = None
        self._words = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.forms.append((given.get("action", ""), []))
        elif tag == "input" and given.get("name") and (given.get("type") != "checkbox" or "checked" in given):
            self._put(given["name"], given.get("value", ""))
        elif tag == "select":
            self._chosen = (given["name"], [])
        elif tag == "option" and self._chosen:
            self._chosen[1].append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._writes, self._words = given["name"], ""

    def handle_data(self, data):
        self._words += data

    def handle_endtag(self, tag):
        if tag == "select" and self._chosen:
            name, options = self._chosen
            self._put(name, next((value for value, is_chosen in options if is_chosen), options[0][0]))
            self._chosen = None
        elif tag == "textarea" and self._writes:
            self._put(self._writes, self._words)
            self._writes = None

    def _put(self, name, value):
        if self.forms:
            self.forms[-1][1].append((name, value))


def form_in(page: str, action: str) -> dict[str, list[str]]:
    """Return by name what the form with that action would send."""
    parser = _Forms()
    parser.feed(page)
    rows = next(rows for to, rows in parser.forms if to == action)
    found: dict[str, list[str]] = {}
    for name, value in rows:
        found.setdefault(name, []).append(value)
    return found
