"""Runs migrations on the connection that the store hands over."""

from alembic import context

from convenio.stores.base import Table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
