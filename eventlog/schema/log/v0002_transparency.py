"""The sealed tree over the events: tiles of hashes, and signed checkpoints."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables; the projector's role seals, for it is the one that follows the log."""
    op.execute(
        """
        CREATE TABLE eventlog.tiles (
            level smallint NOT NULL,
            index bigint NOT NULL,
            hashes bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
            PRIMARY KEY (level, index)
        )
        """
    )
    # Hashes do not compress, so trying to would be lost time.
    op.execute("ALTER TABLE eventlog.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL")
    op.execute(
        """
        CREATE TABLE eventlog.checkpoints (
            size bigint PRIMARY KEY CHECK (size > 0),
            note text NOT NULL,
            made_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON eventlog.tiles, eventlog.checkpoints TO alongside_projector")
    op.execute("GRANT SELECT ON eventlog.tiles, eventlog.checkpoints TO alongside_auditor")


def downgrade() -> None:
    """Remove the tables; the tree can be grown again from the log, but its checkpoints are gone."""
    op.execute("DROP TABLE eventlog.checkpoints, eventlog.tiles")
