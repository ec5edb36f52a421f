"""What Alembic runs: the revisions of `versions`, within the transaction that `migrating` holds open."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
