"""What Alembic runs for every migration: on the connection that it is given, all of them or none."""

from alembic import context

_given = context.config.attributes
context.configure(connection=_given["connection"], version_table_schema=_given["schema"])
with context.begin_transaction():
    context.run_migrations()
