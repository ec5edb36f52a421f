"""Saved previews of public Telegram channels (`https://t.me/s/CHANNEL`): a report a message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marsad.intake.days import iso_day_of
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.terms import Found, Terms

_MARKS = (b"tgme_widget_message", b"data-post=")
_AGAIN = "save the page again, whole"


def _of_class(name: str) -> str:
    return f'contains(concat(" ", normalize-space(@class), " "), " {name} ")'


_MESSAGES = f"//div[{_of_class('tgme_widget_message')} and @data-post]"
# The text of a message that this one answers stands inside it, and media nest a text in a text.
_TEXTS = (
    f".//div[{_of_class('tgme_widget_message_text')} and not(ancestor::*[{_of_class('tgme_widget_message_text')}"
    f" or {_of_class('tgme_widget_message_reply')}])]"
)
_TIME = f"string((.//*[{_of_class('tgme_widget_message_date')}]//time/@datetime)[1])"
_SOURCE = f"string((.//*[{_of_class('tgme_widget_message_forwarded_from_name')}])[1])"
_CHANNELS = (
    f"string((//*[{_of_class('tgme_channel_info_header_title')}])[1])",
    "string((//meta[@property='og:title']/@content)[1])",
    f"string((//*[{_of_class('tgme_widget_message_owner_name')}])[1])",
)


def is_preview(page: bytes) -> bool:
    """Tell whether a page is a preview of a channel."""
    return all(mark in page for mark in _MARKS)


def found_in_preview(page: str, where: str, terms: Terms) -> Iterator[Found | Failure]:
    """Yield the report of each message that has words; outlet is the channel, also of what it forwards."""
    from lxml import html

    tree = html.document_fromstring(page)
    outlet = next((title for path in _CHANNELS if (title := _words(tree.xpath(path)))), None)
    nothing = True
    for row, message in enumerate(tree.xpath(_MESSAGES), 1):
        for item in _found_in_message(message, outlet, where, row, terms):
            nothing = False
            yield item
    if nothing:
        raise UnreadableError("it is a Telegram preview in which no message has a text", _AGAIN)


def _found_in_message(
    message: Any, outlet: str | None, where: str, row: int, terms: Terms
) -> Iterator[Found | Failure]:
    post = message.get("data-post").strip()
    try:
        record = _record_of(message, post)
    except UnreadableError as error:
        yield Failure(where, row, f"message {post}: {error.reason}", error.remedy)
        return
    if record:
        yield from terms.found({**record, "outlet": outlet}, "telegram-page", where, row, ("lxml",))


def _record_of(message: Any, post: str) -> dict[str, Any] | None:
    """Return the fields of a message, None where it is a picture without words or a note of the service."""
    text = "\n".join(map(_text_of, message.xpath(_TEXTS)))
    if not text.strip():
        return None
    day = iso_day_of(message.xpath(_TIME))
    if day is None:
        raise UnreadableError("it has no date", _AGAIN)
    source = _words(message.xpath(_SOURCE))
    return {
        "id": f"telegram/{post}",
        "text": text,
        "title": f"forwarded from {source}" if source else None,
        "published": day,
        "url": f"https://t.me/{post}",
    }


def _words(text: str) -> str:
    return " ".join(text.split())


def _text_of(element: Any) -> str:
    """Return the text as shown, its line breaks as such."""
    return "".join(part if isinstance(part, str) else "\n" for part in element.xpath(".//text() | .//br"))
