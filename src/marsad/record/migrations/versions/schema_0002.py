"""The chart of who holds what, which is derived from the claims; never changed again once it is released."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# SQLite numbers rows by itself only under the exact type INTEGER.
Long = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables of the chart; it is made itself when somebody asks who holds what."""
    op.create_table(
        "chart",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("claim_n", Long, nullable=False),
        sa.Column("kin_n", Long, nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("recorded_at", Long, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_chart"),
    )
    op.create_table(
        "testimony",
        sa.Column("n", Long, autoincrement=True, nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_testimony"),
    )
    op.create_index("ix_testimony_claim_id", "testimony", ["claim_id"])
    op.create_index("ix_testimony_place", "testimony", ["place"])
    op.create_table(
        "held_place",
        sa.Column("place", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_held_place"),
    )
    op.create_table(
        "holding",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("turned", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", "start", name="pk_holding"),
    )
    op.create_index("ix_holding_turned_since", "holding", ["turned", "since"])
