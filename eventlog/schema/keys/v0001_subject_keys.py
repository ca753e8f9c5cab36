"""One key a person, wrapped by a master key; an erased person has a row and no key. Master keys retire by name."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table; whoever keeps the keys cannot remove a row, for it also says who was erased."""
    op.execute(
        """
        CREATE TABLE keys.subject_keys (
            subject_id uuid PRIMARY KEY,
            master text,
            wrapped bytea,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            erased_at timestamptz,
            CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL)),
            CHECK ((wrapped IS NULL) = (master IS NULL))
        )
        """
    )
    op.execute(
        """
        CREATE TABLE keys.retired_masters (
            name text PRIMARY KEY,
            retired_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """
    )
    op.execute("GRANT USAGE ON SCHEMA keys TO alongside_keykeeper")
    op.execute("GRANT SELECT ON keys.alembic_version TO alongside_keykeeper")
    op.execute("GRANT SELECT, INSERT ON keys.subject_keys, keys.retired_masters TO alongside_keykeeper")
    op.execute("GRANT UPDATE (master, wrapped, erased_at) ON keys.subject_keys TO alongside_keykeeper")


def downgrade() -> None:
    """Remove the table, and with it every key."""
    op.execute("DROP TABLE keys.retired_masters, keys.subject_keys")
