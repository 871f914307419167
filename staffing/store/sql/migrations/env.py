"""Runs migrations on the connection that it is handed."""

from alembic import context

from staffing.store.sql.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
