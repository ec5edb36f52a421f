"""The tables of the desk; never changed again once they are released."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# SQLite numbers rows by itself only under the exact type INTEGER.
Long = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables: nobody has an account yet."""
    _accounts()
    _work()


def _number(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column("n", Long, autoincrement=True, nullable=False), sa.PrimaryKeyConstraint("n", name=f"pk_{table}")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _longs(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, Long, nullable=False) for name in names]


def _accounts() -> None:
    op.create_table(
        "account", *_number("account"), *_texts("name", "role", "groups"),
        sa.Column("gone", sa.Boolean(), nullable=False), *_texts("by"), *_longs("recorded_at"),
    )  # fmt: skip
    op.create_index("ix_account_name_n", "account", ["name", "n"])
    op.create_table(
        "credential", *_texts("name", "password"), sa.Column("totp", sa.Text()), *_longs("totp_step"),
        *_texts("recovery"), sa.Column("failures", sa.Integer(), nullable=False), *_longs("locked_until"),
        sa.PrimaryKeyConstraint("name", name="pk_credential"),
    )  # fmt: skip
    op.create_table(
        "permit", *_texts("digest", "name", "kind", "label", "scopes"), *_longs("made_at", "ends_at"),
        sa.PrimaryKeyConstraint("digest", name="pk_permit"),
    )  # fmt: skip
    op.create_index("ix_permit_name", "permit", ["name"])


def _work() -> None:
    op.create_table(
        "look", *_number("look"), *_texts("person", "what", "ref", "body", "prior", "hash"), *_longs("recorded_at"),
        sa.UniqueConstraint("prior", name="uq_look_prior"),
    )  # fmt: skip
    op.create_index("ix_look_person_n", "look", ["person", "n"])
    op.create_index("ix_look_what_n", "look", ["what", "n"])
    op.create_table(
        "issue", *_number("issue"), *_texts("id"), sa.Column("of", sa.Text()), *_texts("first", "last"),
        sa.Column("under", sa.Text()), *_texts("person", "reason", "body"), *_longs("recorded_at"),
        sa.UniqueConstraint("id", name="uq_issue_id"),
    )  # fmt: skip
    op.create_index("ix_issue_first_n", "issue", ["first", "n"])
    op.create_table(
        "job", *_number("job"), *_texts("what", "body", "person", "state"), *_longs("due_at"),
        sa.Column("holder", sa.Text()), *_longs("lease_until"), sa.Column("tries", sa.Integer(), nullable=False),
        *_texts("told"), *_longs("recorded_at"),
    )  # fmt: skip
    op.create_index("ix_job_state_due_at", "job", ["state", "due_at"])
    op.create_table(
        "watch", *_number("watch"), *_texts("id", "kind", "body"), sa.Column("gone", sa.Boolean(), nullable=False),
        *_texts("person"), *_longs("recorded_at"),
    )  # fmt: skip
    op.create_index("ix_watch_id_n", "watch", ["id", "n"])
    op.create_table(
        "announced", *_texts("hook", "key"), *_longs("recorded_at"),
        sa.PrimaryKeyConstraint("hook", "key", name="pk_announced"),
    )  # fmt: skip
