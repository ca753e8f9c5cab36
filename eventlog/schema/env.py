"""What Alembic runs for every migration: on the connection that it is given, each in a transaction of its own."""

from alembic import context

_given = context.config.attributes
context.configure(
    connection=_given["connection"], version_table_schema=_given["schema"], transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()
