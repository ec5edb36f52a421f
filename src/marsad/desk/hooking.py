"""Hooks: addresses that are told of new incidents and of places that changed hands, each thing once.

A hook is told what its role sees, the public if nothing else was said. The body is signed: who knows the secret of the
hook can tell that it came from here, and when.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from marsad.charting import ledger_of
from marsad.desk.access import SECOND, now
from marsad.desk.working import Doing
from marsad.errors import UsageError
from marsad.grounding.areas import area_of
from marsad.intake.addresses import target_of
from marsad.intake.failures import UnreadableError
from marsad.intake.sending import send
from marsad.record import jobs
from marsad.record.sight import Viewer
from marsad.record.store import Record, Writing
from marsad.record.view import Filters, View
from marsad.record.watches import HOOK, Watch, announced_to, put_announced, put_watch, watch_of, watches

EVENTS = ("incident", "change")
SEES = ("public", "analyst", "reviewer")
# What is older than a month when it is first told is history, no news.
_NEWS_DAYS = 30
_INCIDENT = ("id", "type", "status", "date", "places", "actors", "targets", "numbers", "sources", "certainty",
             "independent_sources", "claims")  # fmt: skip


def put_hook(
    writing: Writing, url: str, events: Sequence[str], sees: str, person: str, told: Mapping[str, Sequence[str]]
) -> str:
    """Write a hook and return its secret; `told` are by role the keys of what it need not be told, being known."""
    try:
        target_of(url)
    except UnreadableError as error:
        raise UsageError(str(error)) from None
    if not events or set(events) - set(EVENTS):
        raise UsageError(f"a hook is told of {' or '.join(EVENTS)}; name at least one")
    if sees not in SEES:
        raise UsageError(f"{sees!r} is nobody who is told; there are {', '.join(SEES)}")
    secret = secrets.token_urlsafe(32)
    body = {"name": url, "url": url, "events": sorted(set(events)), "sees": sees, "secret": secret}
    id = put_watch(writing, HOOK, body, person)
    put_announced(writing, id, told[sees])
    return secret


def is_asked(record: Record) -> bool:
    """Tell whether there is any hook."""
    with record.asking() as connection:
        return bool(watches(connection, HOOK))


def known_to(record: Record, sees: str) -> list[str]:
    """Return the keys of the news that there is for a role."""
    return list(_news(View(record, Viewer(sees), None, area_of), EVENTS))


def announce(record: Record) -> None:
    """Let every hook be told of what it was not told yet."""
    with record.asking() as connection:
        found = watches(connection, HOOK)
    for hook in found:
        news = _news(View(record, Viewer(hook.body["sees"]), None, area_of), hook.body["events"])
        with record.asking() as connection:
            known = announced_to(connection, hook.id, news)
        if news.keys() - known:
            _put_deliveries(record, hook, news)


def _put_deliveries(record: Record, hook: Watch, news: Mapping[str, Mapping[str, Any]]) -> None:
    """Write what is new for a hook and the jobs that tell it in one step: what is marked as told is on its way."""
    with record.writing("announce") as writing:
        known = announced_to(writing.connection, hook.id, news)
        fresh = [key for key in news if key not in known]
        put_announced(writing, hook.id, fresh)
        for key in fresh:
            body = {"hook": hook.id, "key": key, "news": news[key]}
            jobs.put(writing.connection, "deliver", body, writing.at, title=f"{hook.body['url']} {key}")


def _news(view: View, events: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the incidents and changes of hands of the last weeks by their keys."""
    day = view.newest_day()
    if day is None:
        return {}
    first = (date.fromisoformat(day) - timedelta(_NEWS_DAYS)).isoformat()
    found = _incidents(view, first, day) if "incident" in events else iter(())
    changes = _changes(view, first, day) if "change" in events else iter(())
    return dict([*found, *changes])


def _incidents(view: View, first: str, last: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in view.incidents(Filters(first=first, last=last)):
        yield f"incident {row['id']}", {"event": "incident", **{name: row[name] for name in _INCIDENT}}


def _changes(view: View, first: str, last: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in ledger_of(view).changes(first, last):
        yield f"change {row['place']} {row['day']} {row['holder']}", {"event": "change", **row}


def deliver(doing: Doing) -> dict[str, Any]:
    """Send a hook one piece of news, signed; it may come twice (`id` is then the same), never not at all."""
    body = doing.job.body
    with doing.record.asking() as connection:
        hook = watch_of(connection, str(body["hook"]))
    if hook is None:
        return {"dropped": True}
    told = {"id": hashlib.sha256(f"{hook.id} {body['key']}".encode()).hexdigest()[:16], **body["news"]}
    written = json.dumps(told, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return {"status": send(hook.body["url"], written, headers_of(hook.body["secret"], written, now() // SECOND))}


def headers_of(secret: str, written: bytes, at: int) -> dict[str, str]:
    """Return the headers of a delivery: its signature is that of the second, a full stop and the body."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + written, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "Marsad-Time": str(at), "Marsad-Signature": f"sha256={made}"}
