"""The tables that version 0.2 released; never changed again, a later schema is a revision of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# SQLite numbers rows by itself only under the exact type INTEGER.
Long = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make every table, its indexes and the index of words."""
    _act()
    _capture()
    _columns()
    _decision()
    _document()
    _failure()
    _forward()
    _incident()
    _kinship()
    _mark()
    _membership()
    _poll()
    _polled()
    _report()
    _reading()
    _sketch()
    _claim()
    _claim_party()
    _claim_place()
    _words()


def _act() -> None:
    op.create_table(
        "act",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_act"),
    )
    op.create_index("ix_act_recorded_at", "act", ["recorded_at"])


def _capture() -> None:
    op.create_table(
        "capture",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", Long, nullable=False),
        sa.Column("captured_at", Long, nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_capture"),
        sa.UniqueConstraint("address", "sha256", name="uq_capture_address_sha256"),
    )
    op.create_index("ix_capture_sha256", "capture", ["sha256"])


def _columns() -> None:
    op.create_table(
        "columns",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_columns"),
    )
    op.create_index("ix_columns_header", "columns", ["header"])


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("decided_at", Long, nullable=False),
        sa.Column("prior", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_decision"),
        sa.UniqueConstraint("id", name="uq_decision_id"),
        sa.UniqueConstraint("prior", name="uq_decision_prior"),
    )
    op.create_index("ix_decision_decided_at", "decision", ["decided_at"])
    op.create_index("ix_decision_kind_n", "decision", ["kind", "n"])
    op.create_index("ix_decision_subject_ref_n", "decision", ["subject", "ref", "n"])


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_n", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_document"),
        sa.UniqueConstraint("kind", "row_n", name="uq_document_kind_row_n"),
    )


def _failure() -> None:
    op.create_table(
        "failure",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("row", Long, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_failure"),
    )
    op.create_index("ix_failure_address_row", "failure", ["address", "row"])


def _forward() -> None:
    op.create_table(
        "forward",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("from_id", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_forward"),
    )
    op.create_index("ix_forward_from_id", "forward", ["from_id"])
    op.create_index("ix_forward_to_id", "forward", ["to_id"])


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("certainty", sa.Float(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("independent", sa.Integer(), nullable=False),
        sa.Column("contradictions", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_incident"),
    )
    op.create_index("ix_incident_admin1_start_n", "incident", ["admin1", "start", "n"])
    op.create_index("ix_incident_contradictions_claims", "incident", ["contradictions", "claims"])
    op.create_index("ix_incident_country_start_n", "incident", ["country", "start", "n"])
    op.create_index("ix_incident_id_n", "incident", ["id", "n"])
    op.create_index("ix_incident_place_id_start_n", "incident", ["place_id", "start", "n"])
    op.create_index("ix_incident_start_n", "incident", ["start", "n"])
    op.create_index("ix_incident_type_start_n", "incident", ["type", "start", "n"])


def _kinship() -> None:
    op.create_table(
        "kinship",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("of_id", sa.Text(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_kinship"),
        sa.UniqueConstraint("report_id", "of_id", name="uq_kinship_report_id_of_id"),
    )
    op.create_index("ix_kinship_of_id", "kinship", ["of_id"])


def _mark() -> None:
    op.create_table(
        "mark",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_mark"),
    )
    op.create_index("ix_mark_kind_key_n", "mark", ["kind", "key", "n"])


def _membership() -> None:
    op.create_table(
        "membership",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_membership"),
    )
    op.create_index("ix_membership_claim_id_n", "membership", ["claim_id", "n"])
    op.create_index("ix_membership_incident_id_claim_id_n", "membership", ["incident_id", "claim_id", "n"])


def _poll() -> None:
    op.create_table(
        "poll",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_poll"),
    )
    op.create_index("ix_poll_source_n", "poll", ["source", "n"])


def _polled() -> None:
    op.create_table(
        "polled",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name="pk_polled"),
    )


def _report() -> None:
    op.create_table(
        "report",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("capture_n", Long, nullable=False),
        sa.Column("row", Long, nullable=True),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("theatre", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.ForeignKeyConstraint(["capture_n"], ["capture.n"], name="fk_report_capture_n"),
        sa.PrimaryKeyConstraint("n", name="pk_report"),
        sa.UniqueConstraint("id", "version", name="uq_report_id_version"),
    )
    op.create_index("ix_report_published", "report", ["published"])
    op.create_index("ix_report_sha256", "report", ["sha256"])
    op.create_index("ix_report_url", "report", ["url"])


def _reading() -> None:
    op.create_table(
        "reading",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("report_n", Long, nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.ForeignKeyConstraint(["report_n"], ["report.n"], name="fk_reading_report_n"),
        sa.PrimaryKeyConstraint("n", name="pk_reading"),
    )
    op.create_index("ix_reading_report_n_n", "reading", ["report_n", "n"])


def _sketch() -> None:
    op.create_table(
        "sketch",
        sa.Column("mark", Long, nullable=False),
        sa.Column("report_n", Long, nullable=False),
        sa.ForeignKeyConstraint(["report_n"], ["report.n"], name="fk_sketch_report_n"),
        sa.PrimaryKeyConstraint("mark", "report_n", name="pk_sketch"),
    )


def _claim() -> None:
    op.create_table(
        "claim",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("report_n", Long, nullable=False),
        sa.Column("reading_n", Long, nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("certainty", sa.Float(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.ForeignKeyConstraint(["reading_n"], ["reading.n"], name="fk_claim_reading_n"),
        sa.ForeignKeyConstraint(["report_n"], ["report.n"], name="fk_claim_report_n"),
        sa.PrimaryKeyConstraint("n", name="pk_claim"),
    )
    op.create_index("ix_claim_admin1_start_n", "claim", ["admin1", "start", "n"])
    op.create_index("ix_claim_country_start_n", "claim", ["country", "start", "n"])
    op.create_index("ix_claim_id_n", "claim", ["id", "n"])
    op.create_index("ix_claim_recorded_at", "claim", ["recorded_at"])
    op.create_index("ix_claim_report_id_n", "claim", ["report_id", "n"])
    op.create_index("ix_claim_start_n", "claim", ["start", "n"])
    op.create_index("ix_claim_type_start_n", "claim", ["type", "start", "n"])
    op.create_index("ix_claim_verdict_type_certainty", "claim", ["verdict", "type", "certainty"])


def _claim_party() -> None:
    op.create_table(
        "claim_party",
        sa.Column("claim_n", Long, nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_n"], ["claim.n"], name="fk_claim_party_claim_n"),
        sa.PrimaryKeyConstraint("claim_n", "ord", name="pk_claim_party"),
    )
    op.create_index("ix_claim_party_actor_claim_n", "claim_party", ["actor", "claim_n"])


def _claim_place() -> None:
    op.create_table(
        "claim_place",
        sa.Column("claim_n", Long, nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("radius_km", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["claim_n"], ["claim.n"], name="fk_claim_place_claim_n"),
        sa.PrimaryKeyConstraint("claim_n", "ord", name="pk_claim_place"),
    )
    op.create_index("ix_claim_place_name_claim_n", "claim_place", ["name", "claim_n"])
    op.create_index("ix_claim_place_place_id_claim_n", "claim_place", ["place_id", "claim_n"])


def _words() -> None:
    # The words come cut and folded, see `searching`: `ascii` splits at blanks and takes every other letter as it is.
    if op.get_context().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE words USING fts5(word, light, core, content='', tokenize='ascii')")
        return
    op.execute("CREATE TABLE words (document_n bigint PRIMARY KEY REFERENCES document (n), body tsvector NOT NULL)")
    op.execute("CREATE INDEX ix_words_body ON words USING gin (body)")
