"""What Telegram's desktop client exports (`result.json`): one chat or a whole account, a report a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from marsad.intake.columns import FIELDS
from marsad.intake.days import iso_day_of
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.terms import Found, Terms

_AGAIN = "export the chat again as machine-readable JSON"
# The lists of chats that a whole account's export has.
_LISTS = ("chats", "left_chats")


def is_export(found: object) -> bool:
    """Tell whether a JSON document is an export: of a chat with messages, or of an account with chats."""
    if not isinstance(found, Mapping) or any(name in found for name in FIELDS["text"]):
        return False
    if isinstance(found.get("messages"), list):
        return "type" in found or "id" in found
    return any(isinstance(_chats_in(found, name), list) for name in _LISTS)


def _chats_in(account: Mapping[str, Any], name: str) -> Any:
    chats = account.get(name)
    return chats.get("list") if isinstance(chats, Mapping) else None


def found_in_export(export: Mapping[str, Any], where: str, terms: Terms) -> Iterator[Found | Failure]:
    """Yield the report of each message, numbered through the file; service messages and bare media hold none.

    The outlet is the chat, also of what it forwards; whom it forwards is kept as the title, "forwarded from X",
    which the reader of claims does not read. An export does not say a channel's public name, so there is no address.
    """
    nothing = True
    for row, (chat, message) in enumerate(_messages_of(export), 1):
        for item in _found_in_message(chat, message, where, row, terms):
            nothing = False
            yield item
    if nothing:
        raise UnreadableError("it is a Telegram export in which no message has a text", "export a chat that has some")


def _messages_of(export: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Any]]:
    chats = [export] if "messages" in export else [c for name in _LISTS for c in _chats_in(export, name) or ()]
    for chat in chats:
        messages = chat.get("messages") if isinstance(chat, Mapping) else None
        if not isinstance(messages, list):
            yield {}, None  # refused as what it is: no message
            continue
        for message in messages:
            yield chat, message


def _found_in_message(
    chat: Mapping[str, Any], message: Any, where: str, row: int, terms: Terms
) -> Iterator[Found | Failure]:
    try:
        record = _record_of(chat, message)
    except UnreadableError as error:
        yield _named(error.at(where, row), message)
        return
    if record is None:
        return
    for item in terms.found(record, "telegram", where, row):
        yield _named(item, message) if isinstance(item, Failure) else item


def _named(failure: Failure, message: object) -> Failure:
    """Return the failure with the message's own number, by which Telegram's user finds it."""
    number = message.get("id") if isinstance(message, Mapping) else None
    return failure if number is None else replace(failure, reason=f"message {number}: {failure.reason}")


def _record_of(chat: Mapping[str, Any], message: Any) -> dict[str, Any] | None:
    """Return the fields of a message, None where it is none of words; refuse one that is broken."""
    if not isinstance(message, Mapping):
        raise UnreadableError("it is not a message but something else", _AGAIN)
    if message.get("type") == "service":
        return None
    text = _text_of(message)
    if not text.strip():
        return None
    source = message.get("forwarded_from")
    return {
        "id": _id_of(chat.get("id"), message.get("id")),
        "text": text,
        "title": f"forwarded from {source}" if source else None,
        "outlet": chat.get("name"),
        "published": _day_of(message),
    }


def _id_of(chat: object, message: object) -> str | None:
    return None if chat is None or message is None else f"telegram/{chat}/{message}"


def _text_of(message: Mapping[str, Any]) -> str:
    """Return the text as shown: a string, or the strings of its plain and marked-up parts."""
    text = message.get("text")
    parts = [text] if isinstance(text, str) else text
    if not isinstance(parts, list):
        what = "no text" if text is None else f"a text that is {type(text).__name__}, neither string nor list"
        raise UnreadableError(f"it has {what}", _AGAIN)
    return "".join(map(_part_of, parts))


def _part_of(part: object) -> str:
    words = part.get("text") if isinstance(part, Mapping) else part
    if not isinstance(words, str):
        raise UnreadableError("a part of its text is no string", _AGAIN)
    return words


def _day_of(message: Mapping[str, Any]) -> date:
    """Return the day in UTC where the export has the seconds, else the day of the exporting machine's zone."""
    seconds = message.get("date_unixtime")
    if seconds is None:
        day = iso_day_of(message.get("date"))
        if day is None:
            raise UnreadableError("it has no date", _AGAIN)
        return day
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date()
    except (TypeError, ValueError, OverflowError, OSError):
        raise UnreadableError(f"its date {str(seconds)[:40]!r} is none", _AGAIN) from None
