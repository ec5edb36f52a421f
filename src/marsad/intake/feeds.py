"""RSS and Atom: the bytes of a feed become its entries; what only looks like a feed says what it is."""

from __future__ import annotations

import email.utils
import io
import re
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from marsad.intake.encoding import decode, encoding_of
from marsad.intake.failures import UnreadableError
from marsad.intake.fetching import Fetched
from marsad.text.letters import fold


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: `url` and `title` are empty where it has none, `id` never is."""

    url: str
    title: str
    published: date | None
    summary_html: str
    id: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's own title and its entries; `flaw` says where its XML breaks, for entries may be missing after that."""

    title: str
    entries: tuple[Entry, ...]
    flaw: str | None = None


# Root elements, whatever stands before them: some sites print a warning of their software first.
_ROOT = re.compile(r"<(?:(rss|feed|rdf:rdf)\b|(!doctype\s+html|html|head|body)\b)", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>", re.I)
_XML_ENCODING = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""", re.I)
_ENTITY = re.compile(r"<!ENTITY\b", re.I)
# Where the head of a feed ends at the latest: licences and style sheets before it had up to four thousand characters.
_HEAD = 20_000

# A thousand entries of a page of text each have some 1 MB, read in two seconds; worse ones take the parser minutes.
MAX_FEED = 5_000_000

# The months as Arabic papers name them, folded: Syriac in the Levant and Iraq, Latin in Egypt and the Gulf, French in
# the Maghreb. Two of the Syriac months are told apart by their second word only.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "كانون الثاني|يناير|جانفي",
            "شباط|فبراير|فيفري",
            "آذار|مارس",
            "نيسان|أبريل|إبريل|أفريل",
            "أيار|مايو|ماي",
            "حزيران|يونيو|يونيه|جوان",
            "تموز|يوليو|يوليه|جويلية|يوليوز",
            "آب|أغسطس|أوت|غشت",
            "أيلول|سبتمبر|شتنبر",
            "تشرين الأول|أكتوبر",
            "تشرين الثاني|نوفمبر|نونبر",
            "كانون الأول|ديسمبر|دجنبر",
        ),
        start=1,
    )
    for name in fold(names).split("|")
}
_MONTH = "|".join(name.replace(" ", r"\s+") for name in sorted(_MONTHS, key=len, reverse=True))
_DAY_MONTH_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})[\s,،/-]+(?:من\s+)?({_MONTH})\b(?:\s*/\s*(?:{_MONTH})\b)?[\s,،/-]+(\d{{4}})(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(rf"\b({_MONTH})\b(?:\s*/\s*(?:{_MONTH})\b)?[\s,،/-]+(\d{{1,2}})[\s,،/-]+(\d{{4}})(?!\d)")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")


def entries_of(feed: Fetched | bytes, address: str | None = None) -> list[Entry]:
    """Return the entries of an RSS or Atom feed in its order; raise if it is none, and say what it is."""
    return list(read_feed(feed, address).entries)


def read_feed(feed: Fetched | bytes, address: str | None = None) -> Feed:
    """Return the feed as an object; raise UnreadableError if it is none, and say what it is and what to do."""
    data, charset = (feed, None) if isinstance(feed, bytes) else (feed.data, feed.header("Content-Type"))
    where = address or (feed.address if isinstance(feed, Fetched) else "")
    if len(data) > MAX_FEED:
        raise UnreadableError(
            f"{where or 'it'} is larger than any feed ({len(data) / 1e6:.1f} MB)",
            "add the pages themselves with marsad add URL",
        )
    text = _text_of(data, charset)
    _refuse_others(text, where)
    parsed = _parse(text, where)
    entries = tuple(_entry_of(entry) for entry in parsed.entries)
    flaw = _flaw_of(parsed)
    if not entries and (flaw or not parsed.version):
        raise UnreadableError(
            f"{where or 'it'} begins like a feed but is none that can be read ({flaw or 'no known version'})",
            "open it in a browser; if it is broken there too, add the pages themselves with marsad add URL",
        )
    return Feed(_plain(parsed.feed.get("title")), entries, flaw)


def is_feed(data: bytes) -> bool:
    """Tell whether the bytes begin as an RSS or Atom feed does."""
    root = _ROOT.search(_COMMENT.sub("", decode(data[: 4 * _HEAD])[:_HEAD]))
    return bool(root and root.group(1))


def _text_of(data: bytes, content_type: str | None) -> str:
    """Return the text: in the encoding that the feed or its server names if the bytes agree, else the likeliest."""
    likely = encoding_of(data)
    if likely.startswith("utf"):
        return decode(data, likely)
    told = re.search(r"charset\s*=\s*[\"']?([\w.-]+)", content_type or "", re.I)
    named = _XML_ENCODING.search(data[:1000])
    for name in (told and told.group(1), named and named.group(1).decode()):
        try:
            if name:
                return data.decode(name)
        except (LookupError, UnicodeError):
            continue
    return decode(data, likely)


def _refuse_others(text: str, where: str) -> None:
    head = _COMMENT.sub("", text[:_HEAD])
    here = where or "it"
    if not head.strip():
        raise UnreadableError(f"{here} is empty, no feed", "open it in a browser and check the address")
    if _ENTITY.search(text):
        # Ten lines of them, one made of the other, unfold to gigabytes. Feeds of news sites have none.
        raise UnreadableError(
            f"{here} declares XML entities, which can be a trap", "add the pages themselves with marsad add URL"
        )
    root = _ROOT.search(head)
    if root and root.group(2):
        raise UnreadableError(f"{here} is a web page, not a feed", _remedy_for_page(text, where))
    if not root:
        what = "XML, but neither RSS nor Atom" if head.lstrip().startswith("<") else "neither RSS nor Atom"
        raise UnreadableError(
            f"{here} is {what}", "give the address of the feed, or add the page itself with marsad add URL"
        )


def _remedy_for_page(text: str, where: str) -> str:
    finder = _AlternateFinder()
    finder.feed(text)
    if finder.found:
        return (
            f"give the address of its feed, {urljoin(where, finder.found)}, or add the page itself with marsad add URL"
        )
    return "give the address of the feed, or add the page itself with marsad add URL"


class _AlternateFinder(HTMLParser):
    """Keeps the first address that a page names as its feed."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        kind = (said.get("type") or "").strip().lower()
        is_alternate = tag == "link" and "alternate" in (said.get("rel") or "").lower().split()
        if is_alternate and kind in ("application/rss+xml", "application/atom+xml") and not self.found:
            self.found = (said.get("href") or "").strip()


def _parse(text: str, where: str) -> Any:
    import feedparser

    # As a stream, for bytes alone are tried as the name of a file first; as UTF-8 without a declaration, so that
    # it sees the very text that was looked through above.
    stream = io.BytesIO(_DECLARATION.sub("", text, count=1).strip().encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": where}
    return feedparser.parse(stream, response_headers=headers, sanitize_html=True, resolve_relative_uris=True)


def _flaw_of(parsed: Any) -> str | None:
    """Return where the XML breaks, None where it is whole; feedparser also complains of lesser things."""
    error = parsed.get("bozo_exception")
    line = getattr(error, "getLineNumber", None)
    return f"broken XML in line {line()}" if line else None


def _entry_of(entry: Any) -> Entry:
    url = str(entry.get("link") or "").strip()
    url = url if url.lower().startswith(("http://", "https://")) else ""
    title = _plain(entry.get("title"))
    bodies = [str(part.get("value") or "") for part in entry.get("content", ())] + [str(entry.get("summary") or "")]
    summary = max(bodies, key=len)
    return Entry(url, title, _published_of(entry), summary, str(entry.get("id") or url or f"{title}\n{summary}"))


def _published_of(entry: Any) -> date | None:
    for field in ("published", "updated", "created"):
        written = entry.get(field)
        if written:
            # What feedparser reads it turns into UTC, where an hour after midnight in Damascus is the day before.
            return day_written(str(written)) or _day_parsed(entry.get(f"{field}_parsed"))
    return None


def _day_parsed(parsed: Any) -> date | None:
    try:
        return date(parsed.tm_year, parsed.tm_mon, parsed.tm_mday) if parsed else None
    except ValueError:
        return None


def day_written(written: str) -> date | None:
    """Return the day that a feed's date names where it was written: ISO 8601, RFC 822, or in Arabic; else None."""
    text = fold(written).strip()
    iso, dmy, mdy = _ISO.match(text), _DAY_MONTH_YEAR.search(text), _MONTH_DAY_YEAR.search(text)
    if iso:
        return _day(iso.group(1), iso.group(2), iso.group(3))
    if dmy:
        return _day(dmy.group(3), _MONTHS[_one_space(dmy.group(2))], dmy.group(1))
    if mdy:
        return _day(mdy.group(3), _MONTHS[_one_space(mdy.group(1))], mdy.group(2))
    try:
        rfc = email.utils.parsedate(text)
    except (ValueError, IndexError, TypeError):
        return None
    return _day(*rfc[:3]) if rfc else None


def _one_space(name: str) -> str:
    return " ".join(name.split())


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _plain(html: object) -> str:
    return " ".join(text_of(str(html or "")).split())


def text_of(html: str) -> str:
    """Return the text of a piece of HTML without its tags, each block a line of its own."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _TextReader(HTMLParser):
    """Collects what a reader sees; a block begins and ends a line."""

    _BLOCKS = frozenset("p div br li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote article section figure".split())
    _UNSEEN = frozenset(("script", "style", "template", "noscript"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in self._UNSEEN
        if tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._UNSEEN and self._unseen:
            self._unseen -= 1
        if tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s", " ", data))
