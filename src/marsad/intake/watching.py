"""Sources that are asked again and again: a list in TOML, what is remembered of each, one round, and the watch.

A source that fails is asked ever more seldom and never stops the others. Nothing is asked twice for what did not
change, and no host twice within a second.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from marsad.errors import UsageError
from marsad.intake.addresses import FetchError, target_of
from marsad.intake.failures import Failure, UnreadableError
from marsad.intake.feeds import Entry, Feed, is_feed, read_feed, text_of
from marsad.intake.fetching import Fetched, NotModified, fetch, utc_now
from marsad.intake.records import Defaults, id_of, reports_of
from marsad.model import Arrival, Capture

KINDS = ("feed", "page", "telegram-preview")
# How much of a summary is a report rather than a teaser: of the feeds seen, teasers end below 200 characters.
MIN_SUMMARY = 200
_USUAL = timedelta(minutes=15)
_LONGEST = timedelta(hours=24)
_LONG_AGO = datetime.fromtimestamp(0, UTC)
# Sources that fail together, as when the line is down, come back up to a tenth of their waiting time apart.
_SPREAD = 0.1
_EVERY = re.compile(r"(\d{1,6})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
# An article whose server is down is asked for in so many rounds before its summary, or a failure, stands for it.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """A source as its owner wrote it down; `kind` is None where the content is to tell."""

    name: str
    url: str
    kind: str | None = None
    every: timedelta = _USUAL
    outlet: str | None = None
    theatre: str | None = None
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class PollState:
    """What the last round left: the marks of the content, when to ask again, and what went wrong how often."""

    etag: str | None = None
    modified: str | None = None
    due: datetime = _LONG_AGO
    failures: int = 0
    last_error: str | None = None


class PollMemory(Protocol):
    """Keeps, for each source by its name, its state and the keys of what was taken from it."""

    def state(self, name: str) -> PollState:
        """Return what was last remembered, `PollState()` for a source never polled."""

    def remember(self, name: str, state: PollState, /) -> None:
        """Keep the state in place of the one before."""

    def seen(self, name: str, key: str, /) -> bool:
        """Tell whether the key was marked for this source."""

    def mark(self, name: str, key: str, /) -> None:
        """Keep that the key was taken."""


class Fetch(Protocol):
    """What gets an address; see `fetching.fetch`."""

    def __call__(
        self,
        url: str,
        /,
        *,
        etag: str | None = None,
        modified: str | None = None,
        allow_private: bool = False,
        allowed_hosts: Sequence[str] = (),
    ) -> Fetched | NotModified:
        """Return what the address gives, or raise UnreadableError."""


class Arrivals(Protocol):
    """What makes reports of bytes; see `arrivals.arrivals_of`."""

    def __call__(
        self,
        data: bytes,
        address: str,
        /,
        *,
        headers: Sequence[tuple[str, str]] = (),
        captured_at: datetime,
        defaults: Defaults,
        published: date | None = None,
        title: str | None = None,
        outlet: str | None = None,
    ) -> Iterator[Arrival | Failure]:
        """Yield every report and every failure."""


def _arrivals_of(data: bytes, address: str, /, **said: Any) -> Iterator[Arrival | Failure]:
    from marsad.intake.arrivals import arrivals_of

    return arrivals_of(data, address, **said)


class Pace:
    """Waits until the last request to a host is at least so many seconds ago."""

    def __init__(
        self,
        seconds: float = 1.0,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._clock = clock
        self._last: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Return when the host may be asked."""
        if host in self._last:
            left = self._last[host] + self._seconds - self._clock()
            if left > 0:
                self._sleep(min(left, self._seconds))  # the clock may have been set back

    def note(self, host: str) -> None:
        """Keep that the host was asked until just now."""
        self._last[host] = self._clock()


# --- the list ---


def load_sources(path: str | Path) -> list[WatchedSource]:
    """Return the sources of a TOML file in its order; refuse it at the first entry that breaks a rule."""
    tables = _tables_of(Path(path))
    sources = [source_of(table, f"{path}, source {number}") for number, table in enumerate(tables, start=1)]
    for name, count in Counter(source.name for source in sources).items():
        if count > 1:
            raise UsageError(f"{path}: {count} sources are named {name!r}; give each a name of its own")
    return sources


def _tables_of(path: Path) -> list[Any]:
    try:
        read = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such file; check the name") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be opened ({error.strerror}); check its permissions") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: it is no TOML ({error}); mend that line") from None
    for key in read:
        if key != "source":
            raise UsageError(f"{path}: unknown key {key!r}; write each source under [[source]]")
    tables = read.get("source")
    if not isinstance(tables, list) or not tables:
        raise UsageError(f'{path}: it names no source; write one under [[source]], with url = "https://…"')
    return tables


def source_of(table: Any, where: str) -> WatchedSource:
    """Return the source of a table with the keys of `WatchedSource`; refuse it by `where` it stands."""
    if not isinstance(table, dict):
        raise UsageError(f'{where}: it is no table; write [[source]], then url = "https://…"')
    where = f"{where} ({table['name']})" if table.get("name") else where
    _check_keys(table, where)
    url = _url_of(table, where)
    kind = table.get("kind")
    if kind is not None and kind not in KINDS:
        raise UsageError(f"{where}: there is no kind {kind!r}; write one of {', '.join(KINDS)}, or leave it out")
    if kind == "telegram-preview" and "/s/" not in url:
        raise UsageError(f"{where}: {url} is no preview of a channel; write https://t.me/s/NAME")
    every = _every_of(table["every"], where) if "every" in table else _USUAL
    return WatchedSource(**{"name": url, **table, "url": url, "every": every})


def _check_keys(table: dict[str, Any], where: str) -> None:
    known = {field.name: field for field in fields(WatchedSource)}
    for key, value in table.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, 1)
            raise UsageError(f"{where}: unknown key {key!r}; write {close[0] if close else ', '.join(known)}")
        kind, example = (bool, "true or false") if key == "allow_private" else (str, 'text in "quotes"')
        if not isinstance(value, kind) or value == "":
            raise UsageError(f"{where}: {key} is {value!r}; write {example}")


def _url_of(table: dict[str, Any], where: str) -> str:
    if "url" not in table:
        raise UsageError(f'{where}: it has no url; write url = "https://…"')
    try:
        target_of(table["url"])
    except UnreadableError as error:
        raise UsageError(f"{where}: {error}") from None
    return str(table["url"]).strip()


def _every_of(written: str, where: str) -> timedelta:
    found = _EVERY.fullmatch(written.strip())
    every = timedelta(**{_UNITS[found.group(2)]: int(found.group(1))}) if found else timedelta()
    if not timedelta(minutes=1) <= every <= timedelta(days=31):
        raise UsageError(f"{where}: every is {written!r}; write a time from 1m to 31d, as in 15m, 2h or 1d")
    return every


# --- one round ---


def poll(
    source: WatchedSource,
    memory: PollMemory,
    fetch: Fetch = fetch,
    arrivals: Arrivals = _arrivals_of,
    now: Callable[[], datetime] = utc_now,
    pace: Pace | None = None,
) -> Iterator[Arrival | Failure]:
    """Yield what is new at a source; afterwards its memory says what was taken and when to ask again.

    What was yielded is marked when the next is asked for: who stops in between gets it again.
    """
    state = memory.state(source.name)
    round_ = _Round(source, memory, fetch, arrivals, pace or Pace())
    try:
        got = round_.get(source.url, etag=state.etag, modified=state.modified, allow_private=source.allow_private)
        if isinstance(got, NotModified):
            memory.remember(source.name, PollState(state.etag, state.modified, now() + source.every))
            return
        yield from round_.items_of(got)
    except UnreadableError as error:
        yield error.at(source.url)
        note_failure(source, memory, error, now())
        return
    memory.remember(source.name, round_.state_after(got, now()))


def note_failure(source: WatchedSource, memory: PollMemory, error: Exception, now: datetime) -> None:
    """Keep that the source failed once more: the next round waits twice as long, and as long as the server asked."""
    state = memory.state(source.name)
    failures = state.failures + 1
    due = max(now + waiting_time(source, failures), _asked_for(error, now) or now)
    memory.remember(source.name, replace(state, due=due, failures=failures, last_error=str(error)[:500]))


def waiting_time(source: WatchedSource, failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: doubled each time, a day at most, always the same."""
    share = int.from_bytes(hashlib.sha256(source.name.encode("utf-8", "replace")).digest()[:4]) / 2**32
    doubled: timedelta = source.every * (1 << min(failures, 20))
    return max(source.every, min(doubled, _LONGEST / (1 + _SPREAD)) * (1 + _SPREAD * share))


def _asked_for(error: Exception, now: datetime) -> datetime | None:
    """Return when the server wants to be asked again; after a day we ask in any case, for some name no sane time."""
    retry_at = error.retry_at if isinstance(error, FetchError) else None
    return min(retry_at, now + _LONGEST) if retry_at else None


class _Round:
    """One round at one source: what it may ask, what it took, and whom it must leave alone."""

    def __init__(self, source: WatchedSource, memory: PollMemory, fetch: Fetch, arrivals: Arrivals, pace: Pace) -> None:
        self._source = source
        self._memory = memory
        self._fetch = fetch
        self._arrivals = arrivals
        self._pace = pace
        self._defaults = Defaults(outlet=source.outlet, theatre=source.theatre)
        self._busy: dict[str, datetime] = {}
        self._left_over = False

    def get(self, url: str, **said: Any) -> Fetched | NotModified:
        """Return what the address gives, asked for no sooner than is polite."""
        host = target_of(url).host
        self._pace.wait(host)
        try:
            return self._fetch(url, **said)
        finally:
            self._pace.note(host)

    def items_of(self, got: Fetched) -> Iterator[Arrival | Failure]:
        """Yield what is new in a feed or on a page."""
        kind = self._source.kind or ("feed" if is_feed(got.data) else "page")
        if kind == "feed":
            yield from self._entries_of(read_feed(got), got)
        else:
            yield from self._page_of(got)

    def state_after(self, got: Fetched, now: datetime) -> PollState:
        """Return the state after a round that worked; the marks of the content only if nothing was left over."""
        due = max([now + self._source.every, *(min(at, now + _LONGEST) for at in self._busy.values())])
        if self._left_over:
            # With them the server would say "not modified", and the entries left over would never be seen again.
            return PollState(due=due)
        return PollState(got.header("ETag"), got.header("Last-Modified"), due)

    def _seen(self, key: str) -> bool:
        return self._memory.seen(self._source.name, key)

    def _mark(self, key: str) -> None:
        self._memory.mark(self._source.name, key)

    def _page_of(self, got: Fetched) -> Iterator[Arrival | Failure]:
        """Yield the reports of a page that were not on it before, or not with this text."""
        for item in self._read(got, None, None, None):
            if isinstance(item, Failure):
                key = f"{item.row} {item.reason}"
                # A page that gives nothing fails anew each time; a message without text is told of once.
                repeats = item.row is None
            else:
                key, repeats = id_of(item.report.text, item.report.url), False
            if repeats or not self._seen(key):
                yield item
                self._mark(key)

    def _entries_of(self, feed: Feed, got: Fetched) -> Iterator[Arrival | Failure]:
        if feed.flaw and not self._seen(feed.flaw):
            yield Failure(got.address, None, feed.flaw, "tell its publisher; entries after that line may be missing")
            self._mark(feed.flaw)
        shared = Counter(entry.url for entry in feed.entries)
        for entry in feed.entries:
            # An address that many entries have is that of the site: what it shows is none of them.
            own = entry if shared[entry.url] == 1 else replace(entry, url="")
            keys = [key for key in (own.url, entry.id) if key]
            # Some feeds make new ids for the same article, others new addresses.
            if not any(map(self._seen, keys)):
                yield from self._entry_of(own, keys, feed, got)

    def _entry_of(self, entry: Entry, keys: Sequence[str], feed: Feed, got: Fetched) -> Iterator[Arrival | Failure]:
        """Yield what an entry leads to and mark it, or leave it for a later round and say why."""
        try:
            items = self._article_of(entry, feed)
            if items is None:
                return
            if not any(isinstance(item, Arrival) for item in items):
                items = self._summary_of(entry, feed, got) or items
        except UnreadableError as error:
            items = self._summary_of(entry, feed, got) or [error.at(entry.url or got.address)]
            if isinstance(error, FetchError) and isinstance(items[0], Failure) and self._try_again(error, keys):
                yield from items
                return
        yield from items
        for key in keys:
            self._mark(key)

    def _article_of(self, entry: Entry, feed: Feed) -> list[Arrival | Failure] | None:
        """Return the items of the article; None if its host asked to be left alone in this round."""
        if not entry.url:
            raise UnreadableError("the entry has no address of its own", "open the feed's site and give the article")
        host = target_of(entry.url).host
        if host in self._busy:
            self._left_over = True
            return None
        article = self._fetched(entry.url, host)
        outlet = self._source.outlet or feed.title or None
        try:
            return list(self._read(article, entry.published, entry.title or None, outlet))
        except UnreadableError:
            raise
        except Exception as error:
            raise _unexpected(error) from error

    def _fetched(self, url: str, host: str) -> Fetched:
        """Return an article; keep until when its host wants to be left alone."""
        # Who watches a server of their own trusts that one, not what strangers' texts on it link to.
        own = (target_of(self._source.url).origin,) if self._source.allow_private else ()
        try:
            article = self.get(url, allowed_hosts=own)
        except FetchError as error:
            if error.retry_at:
                self._busy[host] = error.retry_at
            raise
        if isinstance(article, NotModified):
            raise UnreadableError("the server says that nothing changed, though it was never asked", "try again later")
        return article

    def _try_again(self, error: FetchError, keys: Sequence[str]) -> bool:
        """Tell whether the article is left for the next round: it may yet come, and has not failed too often."""
        if not error.temporary:
            return False
        for number in range(1, _TRIES):
            if not self._seen(f"{keys[0]} try {number}"):
                self._mark(f"{keys[0]} try {number}")
                self._left_over = True
                return True
        return False

    def _read(
        self, got: Fetched, published: date | None, title: str | None, outlet: str | None
    ) -> Iterator[Arrival | Failure]:
        return self._arrivals(
            got.data, got.address, headers=got.headers, captured_at=got.captured_at, defaults=self._defaults,
            published=published, title=title, outlet=outlet,
        )  # fmt: skip

    def _summary_of(self, entry: Entry, feed: Feed, got: Fetched) -> list[Arrival | Failure]:
        """Return the entry's own text as a report if it is long enough to be one; its capture says what it is."""
        text = text_of(entry.summary_html)
        if len(text) < MIN_SUMMARY:
            return []
        where = entry.url or got.address
        record = {"text": text, "title": entry.title, "published": entry.published, "url": entry.url or None}
        defaults = replace(self._defaults, outlet=self._source.outlet or feed.title or None)
        original = entry.summary_html.encode("utf-8", "replace")
        capture = Capture(
            where, "feed-entry", hashlib.sha256(original).hexdigest(), len(original), got.captured_at, original,
            got.headers, f"marsad {version('marsad')}, feedparser {version('feedparser')}",
        )  # fmt: skip
        # A day more, for east of Greenwich the next one has begun.
        made = list(reports_of(record, where, None, defaults, latest=got.captured_at.date() + timedelta(days=1)))
        reports = [item if isinstance(item, Failure) else Arrival(item, capture) for item in made]
        return reports if any(isinstance(item, Arrival) for item in reports) else []


# --- the watch ---


def watch(
    sources: Sequence[WatchedSource],
    memory: PollMemory,
    once: bool = False,
    *,
    fetch: Fetch = fetch,
    arrivals: Arrivals = _arrivals_of,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[tuple[WatchedSource, Arrival | Failure]]:
    """Yield what is new at each source that is due, in their order; then end (`once`), or wait for the next.

    Whatever goes wrong at one source is a Failure of it. An interrupt from the keyboard ends the watch.
    """
    pace = Pace(sleep=sleep, clock=lambda: now().timestamp())
    try:
        while sources:
            for source in sources:
                if memory.state(source.name).due <= now():
                    for item in poll_safely(source, memory, fetch, arrivals, now, pace):
                        yield source, item
            if once:
                return
            wait = min(memory.state(source.name).due for source in sources) - now()
            sleep(max(0.0, wait.total_seconds()))
    except KeyboardInterrupt:
        return


def poll_safely(
    source: WatchedSource,
    memory: PollMemory,
    fetch: Fetch = fetch,
    arrivals: Arrivals = _arrivals_of,
    now: Callable[[], datetime] = utc_now,
    pace: Pace | None = None,
) -> Iterator[Arrival | Failure]:
    """Yield what `poll` does; whatever else goes wrong is a failure of the source, and noted."""
    try:
        yield from poll(source, memory, fetch, arrivals, now, pace)
    except Exception as error:
        # A mistake of ours at one source; at the others the watch goes on.
        note_failure(source, memory, error, now())
        yield _unexpected(error).at(source.url)


def _unexpected(error: Exception) -> FetchError:
    reason = f"an unexpected error ({type(error).__name__}: {str(error)[:200]})"
    return FetchError(reason, "please report it, with the address", temporary=True)
