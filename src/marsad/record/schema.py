"""The tables of a record: one schema for SQLite and PostgreSQL, every row with the instant it was recorded.

No row is changed or deleted. What changes is written again under the same `id`: the newest row of an id that was
recorded by an instant is what was known then, and a row with `gone` says that from then on there is nothing.
Instants are microseconds since 1970 in UTC; days are ISO text, so that they sort alike on both engines.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite numbers rows by itself only under the exact type INTEGER.
Long = BigInteger().with_variant(Integer, "sqlite")


def _number() -> Column[int]:
    return Column("n", Long, primary_key=True, autoincrement=True)


def _recorded() -> Column[int]:
    return Column("recorded_at", Long, nullable=False)


# What came in, as it came: `original` is the bytes packed with zlib, NULL where they stay at `address`.
capture = Table(
    "capture", metadata, _number(),
    Column("address", Text, nullable=False), Column("kind", Text, nullable=False),
    Column("sha256", Text, nullable=False), Column("size", Long, nullable=False),
    Column("captured_at", Long, nullable=False), Column("original", LargeBinary), Column("headers", Text),
    Column("tool", Text, nullable=False), _recorded(),
    UniqueConstraint("address", "sha256"), Index(None, "sha256"),
)  # fmt: skip

# One row a version of a report; `row` is its place in the capture, `lead` a text not to be trusted to the letter.
report = Table(
    "report", metadata, _number(),
    Column("id", Text, nullable=False), Column("version", Integer, nullable=False),
    Column("capture_n", Long, ForeignKey("capture.n"), nullable=False), Column("row", Long),
    Column("lead", Boolean, nullable=False), Column("title", Text), Column("outlet", Text),
    Column("published", Text), Column("url", Text), Column("theatre", Text), Column("text", Text, nullable=False),
    Column("sha256", Text, nullable=False), _recorded(),
    UniqueConstraint("id", "version"), Index(None, "url"), Index(None, "sha256"), Index(None, "published"),
)  # fmt: skip

# One row each time a reader of one version read one version of a report, also where it found nothing new.
reading = Table(
    "reading", metadata, _number(),
    Column("report_n", Long, ForeignKey("report.n"), nullable=False), Column("reader", Text, nullable=False),
    Column("claims", Integer, nullable=False), Column("unread", Integer, nullable=False), _recorded(),
    Index(None, "report_n", "n"),
)  # fmt: skip

# One row a state of a claim. `by` is "reader", "review" (decisions applied) or "person" (added by hand); `verdict` is
# the standing decision ("", accepted, corrected, rejected, unsure). `start` and `until` bound the days meant;
# `origin` is whose voice it is: the innermost named source, else the outlet; `body` is Claim.as_dict() as JSON.
claim = Table(
    "claim", metadata, _number(),
    Column("id", Text, nullable=False), Column("report_id", Text, nullable=False),
    Column("report_n", Long, ForeignKey("report.n"), nullable=False),
    Column("reading_n", Long, ForeignKey("reading.n")),
    Column("by", Text, nullable=False), Column("gone", Boolean, nullable=False),
    Column("verdict", Text, nullable=False), Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("start", Text), Column("until", Text), Column("certainty", Float, nullable=False),
    Column("place_id", Text), Column("place", Text), Column("admin1", Text), Column("country", Text),
    Column("lat", Float), Column("lon", Float), Column("origin", Text), Column("body", Text, nullable=False),
    _recorded(),
    Index(None, "id", "n"), Index(None, "report_id", "n"), Index(None, "start", "n"), Index(None, "type", "start", "n"),
    Index(None, "admin1", "start", "n"), Index(None, "country", "start", "n"), Index(None, "recorded_at"),
    Index(None, "verdict", "type", "certainty"),
)  # fmt: skip

# Who is named in a state of a claim: `actor` is the registry's id, else the folded words.
claim_party = Table(
    "claim_party", metadata,
    Column("claim_n", Long, ForeignKey("claim.n"), primary_key=True), Column("ord", Integer, primary_key=True),
    Column("role", Text, nullable=False), Column("actor", Text, nullable=False), Index(None, "actor", "claim_n"),
)  # fmt: skip

claim_place = Table(
    "claim_place", metadata,
    Column("claim_n", Long, ForeignKey("claim.n"), primary_key=True), Column("ord", Integer, primary_key=True),
    Column("role", Text, nullable=False), Column("place_id", Text), Column("name", Text, nullable=False),
    Column("admin1", Text), Column("country", Text), Column("lat", Float), Column("lon", Float),
    Column("radius_km", Float), Index(None, "place_id", "claim_n"), Index(None, "name", "claim_n"),
)  # fmt: skip

# Short marks of a report's wording, to find its copies by.
sketch = Table(
    "sketch", metadata,
    Column("mark", Long, primary_key=True), Column("report_n", Long, ForeignKey("report.n"), primary_key=True),
)  # fmt: skip

# `report_id` repeats the words of `of_id`, which was recorded earlier; `share` (0 to 1) of its wording is the same.
kinship = Table(
    "kinship", metadata, _number(),
    Column("report_id", Text, nullable=False), Column("of_id", Text, nullable=False),
    Column("share", Float, nullable=False), _recorded(), UniqueConstraint("report_id", "of_id"), Index(None, "of_id"),
)  # fmt: skip

# Which incident a claim tells, as of each change; `by` is "fusion" or the id of a decision, `why` its reasons as JSON.
membership = Table(
    "membership", metadata, _number(),
    Column("claim_id", Text, nullable=False), Column("incident_id", Text, nullable=False),
    Column("gone", Boolean, nullable=False), Column("by", Text, nullable=False), Column("why", Text, nullable=False),
    _recorded(), Index(None, "claim_id", "n"), Index(None, "incident_id", "claim_id", "n"),
)  # fmt: skip

# An incident's forwarding address: after a merge its claims are found under `to_id`, after a split also there.
forward = Table(
    "forward", metadata, _number(),
    Column("from_id", Text, nullable=False), Column("to_id", Text, nullable=False),
    Column("kind", Text, nullable=False), Column("by", Text, nullable=False), _recorded(), Index(None, "from_id"),
    Index(None, "to_id"),
)  # fmt: skip

# One row a state of an incident, summed up from its claims; `body` holds all fields as JSON, the columns serve asking.
incident = Table(
    "incident", metadata, _number(),
    Column("id", Text, nullable=False), Column("gone", Boolean, nullable=False),
    Column("type", Text, nullable=False), Column("status", Text, nullable=False),
    Column("start", Text), Column("until", Text), Column("certainty", Float, nullable=False),
    Column("place_id", Text), Column("place", Text), Column("admin1", Text), Column("country", Text),
    Column("lat", Float), Column("lon", Float),
    Column("claims", Integer, nullable=False), Column("independent", Integer, nullable=False),
    Column("contradictions", Integer, nullable=False), Column("body", Text, nullable=False), _recorded(),
    Index(None, "id", "n"), Index(None, "start", "n"), Index(None, "type", "start", "n"),
    Index(None, "admin1", "start", "n"), Index(None, "country", "start", "n"), Index(None, "place_id", "start", "n"),
    Index(None, "contradictions", "claims"),
)  # fmt: skip

# Every decision of a person, chained: `hash` covers the row and the `prior` hash. `subject` is "claim" or "incident",
# `ground` (JSON) what the decision was made on: report, span, type and the digest of the claim as it was then.
decision = Table(
    "decision", metadata, _number(),
    Column("id", Text, nullable=False), Column("subject", Text, nullable=False), Column("ref", Text, nullable=False),
    Column("kind", Text, nullable=False), Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False), Column("body", Text, nullable=False),
    Column("ground", Text, nullable=False), Column("decided_at", Long, nullable=False),
    Column("prior", Text, nullable=False), Column("hash", Text, nullable=False), _recorded(),
    UniqueConstraint("id"), UniqueConstraint("prior"), Index(None, "subject", "ref", "n"),
    Index(None, "kind", "n"), Index(None, "decided_at"),
)  # fmt: skip

# What could not be read: `row` is NULL where the whole input could not.
failure = Table(
    "failure", metadata, _number(),
    Column("address", Text, nullable=False), Column("row", Long), Column("reason", Text, nullable=False),
    Column("remedy", Text, nullable=False), _recorded(), Index(None, "address", "row"),
)  # fmt: skip

# The columns that a person named for tables with this header.
columns = Table(
    "columns", metadata, _number(),
    Column("header", Text, nullable=False), Column("mapping", Text, nullable=False), _recorded(),
    Index(None, "header"),
)  # fmt: skip

# What is sensitive: `kind` is source, person, place, report or claim, `rule` pseudonym, blur, embargo, open (no more).
mark = Table(
    "mark", metadata, _number(),
    Column("kind", Text, nullable=False), Column("key", Text, nullable=False), Column("rule", Text, nullable=False),
    Column("until", Text), Column("person", Text, nullable=False), Column("reason", Text, nullable=False),
    _recorded(),
    Index(None, "kind", "key", "n"),
)  # fmt: skip

# How polling a source stands, as of each poll, and which of its entries have been taken.
poll = Table(
    "poll", metadata, _number(),
    Column("source", Text, nullable=False), Column("state", Text, nullable=False), _recorded(),
    Index(None, "source", "n"),
)  # fmt: skip
polled = Table(
    "polled", metadata,
    Column("source", Text, primary_key=True), Column("key", Text, primary_key=True), _recorded(),
)  # fmt: skip

# What can be searched: `kind` is report or claim, `row_n` the row of that table; the words lie in the engine's index.
document = Table(
    "document", metadata, _number(),
    Column("kind", Text, nullable=False), Column("row_n", Long, nullable=False), UniqueConstraint("kind", "row_n"),
)  # fmt: skip

# The chart of who holds what: derived from claims alone, thrown away and made again wherever they or the rules change.
# `testimony` is what a claim says of one place (`body` its fields as JSON), `holding` a state of a place from the day
# `start` on; `ends` is when it becomes another one, `turned` whether the place changed hands with it, `claims` (JSON)
# what speaks for it, against it, and for the change. `chart` says up to which row of `claim` and of `kinship`, and by
# which rules, all of it was made.
testimony = Table(
    "testimony", metadata, _number(),
    Column("claim_id", Text, nullable=False), Column("place", Text, nullable=False),
    Column("body", Text, nullable=False), Index(None, "claim_id"), Index(None, "place"),
)  # fmt: skip
held_place = Table("held_place", metadata, Column("place", Text, primary_key=True))
holding = Table(
    "holding", metadata,
    Column("place", Text, primary_key=True), Column("start", Text, primary_key=True),
    Column("ends", Text, nullable=False), Column("since", Text, nullable=False),
    Column("turned", Boolean, nullable=False), Column("body", Text, nullable=False),
    Column("claims", Text, nullable=False), Index(None, "turned", "since"),
)  # fmt: skip
chart = Table(
    "chart", metadata, _number(),
    Column("claim_n", Long, nullable=False), Column("kin_n", Long, nullable=False),
    Column("rules", Text, nullable=False), _recorded(),
)  # fmt: skip

# Every run that wrote: what was asked, with which version, when. Its newest instant is the record's clock.
act = Table(
    "act", metadata, _number(),
    Column("what", Text, nullable=False), Column("tool", Text, nullable=False), _recorded(),
    Index(None, "recorded_at"),
)  # fmt: skip

# The desk: who works at it and what they did there. None of it leaves with a bundle but what was published. The rows of
# `credential`, `permit` and `job` are the only ones of a record that are changed and deleted: an old password is worth
# nothing but harm.
_DESK = {"desk": True}
account = Table(
    "account", metadata, _number(),
    Column("name", Text, nullable=False), Column("role", Text, nullable=False), Column("groups", Text, nullable=False),
    Column("gone", Boolean, nullable=False), Column("by", Text, nullable=False), _recorded(),
    Index(None, "name", "n"), info=_DESK,
)  # fmt: skip
# `totp` is the shared secret, `totp_step` the last time step whose code was taken, `recovery` the digests of the codes
# that are left (JSON).
credential = Table(
    "credential", metadata,
    Column("name", Text, primary_key=True), Column("password", Text, nullable=False), Column("totp", Text),
    Column("totp_step", Long, nullable=False), Column("recovery", Text, nullable=False),
    Column("failures", Integer, nullable=False), Column("locked_until", Long, nullable=False), info=_DESK,
)  # fmt: skip
# A session or a token, by the digest of what its holder keeps; `scopes` as JSON.
permit = Table(
    "permit", metadata,
    Column("digest", Text, primary_key=True), Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False), Column("label", Text, nullable=False),
    Column("scopes", Text, nullable=False), Column("made_at", Long, nullable=False),
    Column("ends_at", Long, nullable=False), Index(None, "name"), info=_DESK,
)  # fmt: skip
# Who looked at what is sensitive, exported, signed in or changed an account, chained as decisions are.
look = Table(
    "look", metadata, _number(),
    Column("person", Text, nullable=False), Column("what", Text, nullable=False), Column("ref", Text, nullable=False),
    Column("body", Text, nullable=False), Column("prior", Text, nullable=False), Column("hash", Text, nullable=False),
    _recorded(), UniqueConstraint("prior"), Index(None, "person", "n"), Index(None, "what", "n"), info=_DESK,
)  # fmt: skip
# A digest as it was published: `body` what it said, kept for ever; a correction is an issue of its own, `of` the first.
issue = Table(
    "issue", metadata, _number(),
    Column("id", Text, nullable=False), Column("of", Text), Column("first", Text, nullable=False),
    Column("last", Text, nullable=False), Column("under", Text), Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False), Column("body", Text, nullable=False), _recorded(),
    UniqueConstraint("id"), Index(None, "first", "n"),
)  # fmt: skip
# Work that waits: `state` is waiting, done, failed or cancelled; who holds a row until `lease_until` is at it. `body`
# says what is to be done, `told` (JSON) what the job is called, how far it is, what came of it or why it failed.
job = Table(
    "job", metadata, _number(),
    Column("what", Text, nullable=False), Column("body", Text, nullable=False), Column("person", Text, nullable=False),
    Column("state", Text, nullable=False), Column("due_at", Long, nullable=False),
    Column("holder", Text), Column("lease_until", Long, nullable=False), Column("tries", Integer, nullable=False),
    Column("told", Text, nullable=False), _recorded(), Index(None, "state", "due_at"), info=_DESK,
)  # fmt: skip
# What the desk asks or tells by itself: `kind` is source (asked for news) or hook (told of news), `body` its fields as
# JSON. `announced` says of each hook what it was told, or had no need to be told.
watch = Table(
    "watch", metadata, _number(),
    Column("id", Text, nullable=False), Column("kind", Text, nullable=False), Column("body", Text, nullable=False),
    Column("gone", Boolean, nullable=False), Column("person", Text, nullable=False), _recorded(),
    Index(None, "id", "n"), info=_DESK,
)  # fmt: skip
announced = Table(
    "announced", metadata,
    Column("hook", Text, primary_key=True), Column("key", Text, primary_key=True), _recorded(), info=_DESK,
)  # fmt: skip
