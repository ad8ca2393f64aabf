"""Runs the migrations on the connection that ``open_store`` hands in, inside its transaction."""

from __future__ import annotations

from alembic import context

from dafeng.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
