"""The index by which a ledger is read without what was told, which is most of it and decides nothing."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Build the index while others append."""
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS eventlog.events_deciding")
        op.execute(
            "CREATE INDEX CONCURRENTLY events_deciding ON eventlog.events (originator_id, originator_version)"
            " WHERE topic <> 'consent.disclosed'"
        )


def downgrade() -> None:
    """Drop the index; what it found is found without it, in more time."""
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS eventlog.events_deciding")
